#!/usr/bin/env bash
# length.sh [TREE]: a file has at most 600 lines, a function at most 70. Relies on the form that
# format.sh checks: a function's body begins with { and ends with } at the left edge.
. "$(dirname "$0")/common.sh"

while read -r finding; do
    tidy_bad "$finding"
done < <(cd "$tidy_top" && tidy_files .c .h | xargs -r -d '\n' awk -v file_max=600 -v function_max=70 '
    function file_end() {
        if (lines > file_max) print name ": " lines " lines; part it by subject (at most " file_max ")"
    }
    FNR == 1 { file_end(); name = FILENAME; begun = 0; head = "" }
    { lines = FNR }
    /^[a-zA-Z_].*\(/ { head = $0; head_line = FNR }
    /^{/ { begun = FNR }
    /^}/ {
        if (begun && FNR - begun + 1 > function_max)
            print name ":" head_line ": " FNR - begun + 1 " lines in " head "; at most " function_max
        begun = 0
    }
    END { file_end() }')
tidy_end "no file over 600 lines, no function over 70"
