#!/usr/bin/env bash
# format.sh [TREE]: every source has the form of .clang-format. To mend: clang-format -i FILE.
. "$(dirname "$0")/common.sh"
command -v clang-format >/dev/null || tidy_skip "no clang-format"

count=$(tidy_files .c .h | wc -l)
while read -r places file; do
    tidy_bad "$file: $places places; mend: clang-format -i $file"
done < <(cd "$tidy_top" && tidy_files .c .h |
    xargs -r -d '\n' -n 16 -P "$(nproc)" clang-format --dry-run -Werror 2>&1 |
    awk -F: '/: error: / { print $1 }' | sort | uniq -c)
tidy_end "$count files in form"
