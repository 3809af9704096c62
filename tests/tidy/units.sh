#!/usr/bin/env bash
# units.sh [TREE]: systemd takes the units without a remark, and they stay as tight as they are:
# exposure (systemd-analyze security) at most 1.5 of 10.
. "$(dirname "$0")/common.sh"
command -v systemd-analyze >/dev/null || tidy_skip "no systemd-analyze"

exposure_max=15 # tenths
folder=$(mktemp -d "${TMPDIR:-/tmp}/samband-units.XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT

for unit in "$tidy_top"/deploy/systemd/*.service; do
    # Programs and configuration are not installed here.
    sed 's|/usr/bin/samband-[a-z]*|/bin/true|' "$unit" >"$folder/${unit##*/}"
done
count=0
for unit in "$folder"/*.service; do
    count=$((count + 1))
    # verify exits 0 on an unknown key: what it says is what counts. It also says what it thinks of
    # the machine's other units; ours are named in its lines.
    said=$(systemd-analyze verify --man=no "$unit" 2>&1 | grep -F "$folder")
    [ -z "$said" ] || tidy_bad "$said"
    said=$(systemd-analyze security --no-pager --offline=true --threshold=$exposure_max "$unit" 2>&1) ||
        tidy_bad "${unit##*/}: $(tail -n 1 <<<"$said") (more than $exposure_max tenths)"
    for key in Type=notify WatchdogSec= Restart=always LimitNOFILE=65536 MemoryMax=; do
        grep -q "^$key" "$unit" || tidy_bad "${unit##*/}: lacks $key"
    done
done
tidy_end "$count units taken, exposure at most $exposure_max tenths"
