#!/usr/bin/env bash
# unused.sh BUILD-FOLDER: what a file hands out, another file of ours uses: else it is static, or gone.
# By nm over the archives and the programs' own objects; tests do not count as use.
set -- "${1:?the build folder}"
build=$1
. "$(dirname "$0")/common.sh"
command -v nm >/dev/null || tidy_skip "no nm (binutils)"

# What only tests reach from outside its file, and why it is handed out all the same.
declare -A tested=(
    [sb_store_open_memory]="the simulator's store" [sb_store_copy_memory]="its crash"
    [sb_store_open_lmdb_limited]="a small quota" [sb_loop_endpoint]="the port that \"*\" became"
    [sb_clock_bridge]="a reboot" [sb_clock_mark_read]="a reboot" [sb_clock_mark_write]="a reboot"
    [sb_options_is_event]="any word" [sb_story_sentence]="any row" [sb_said_stands]="any pair"
)
objects=("$build"/libsamband_*.a)
while IFS= read -r object; do
    objects+=("$object")
done < <(find "$build"/CMakeFiles/samband{,-broker,-agent,-channel}.dir -name '*.o' 2>/dev/null | sort)
[ -f "${objects[-1]}" ] && [[ ${objects[-1]} == *.o ]] || tidy_bad "the programs are not in $build: build first"

symbols=$(nm -A -g "${objects[@]}" 2>/dev/null | awk 'NF >= 3 && $NF ~ /^sb_/ { print $(NF - 1), $NF, $1 }')
used=" $(awk '$1 == "U" { print $2 }' <<<"$symbols" | sort -u | tr '\n' ' ')"
count=0
while read -r symbol where; do
    count=$((count + 1))
    if [[ $used == *" $symbol "* ]]; then
        [ -z "${tested[$symbol]+x}" ] || tidy_bad "$symbol is used: take it off the list in unused.sh"
    elif [ -z "${tested[$symbol]+x}" ]; then
        tidy_bad "${where##*/} $symbol: no other file of ours uses it: make it static, or delete it"
    fi
done < <(awk '$1 ~ /^[TDRB]$/ { print $2, $3 }' <<<"$symbols" | sort -u)
tidy_end "$count names are handed out, and used"
