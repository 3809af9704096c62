#!/usr/bin/env bash
# prefix.sh BUILD-FOLDER: every name that an archive exports begins with sb_, so that ours never
# meet a library's.
build=${1:?the build folder}
. "$(dirname "$0")/common.sh"
command -v nm >/dev/null || tidy_skip "no nm (binutils)"

count=0
for archive in "$build"/libsamband_*.a; do
    [ -f "$archive" ] || { tidy_bad "no archives in $build: build first"; break; }
    count=$((count + 1))
    while read -r symbol; do
        tidy_bad "${archive##*/}: exports $symbol: make it static, or begin it with sb_"
    done < <(nm -g --defined-only "$archive" 2>/dev/null | awk 'NF == 3 { print $3 }' |
        grep -vE '^(sb_|__odr_asan|__asan_|__emutls)' | sort -u)
done
tidy_end "$count archives export sb_ only"
