#!/usr/bin/env bash
# comments.sh [TREE]: every source opens with a comment that says what it is for, beginning with its
# own name, and every folder of sources has a README.
. "$(dirname "$0")/common.sh"

count=0
while read -r file; do
    count=$((count + 1))
    IFS= read -r first <"$tidy_top/$file"
    [[ $first == "/* ${file##*/}: "* ]] ||
        tidy_bad "$file:1: open with \"/* ${file##*/}: what it is for, and what it does not do\""
done < <(tidy_files .c .h)
tidy_end "$count files say what they are for"
