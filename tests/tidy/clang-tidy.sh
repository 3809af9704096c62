#!/usr/bin/env bash
# clang-tidy.sh [FILE…]: static analysis by .clang-tidy over the given sources, or over all of them
# (some minutes on two cores, so it is not among the tests). Uses the build of tests/run: build-test/.
here=$(cd "$(dirname "$0")" && pwd -P)
top=$(cd "$here/../.." && pwd -P)
command -v clang-tidy >/dev/null || { echo "no clang-tidy: see deploy/packages" >&2; exit 1; }
build=${BUILD:-$top/build-test}
folder=$build/clang
# clang's own list of commands: gcc's has flags that clang does not know.
cmake -S "$top" -B "$folder" -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_FLAGS_DEBUG=-O0 >/dev/null || exit 1
cd "$top" || exit 1
if [ $# = 0 ]; then
    mapfile -t files < <(find proto broker agent deploy tests -name '*.c' | sort)
    set -- "${files[@]}"
fi
# Each file in a run of its own: clang-tidy 14 mixes up files that it reads together.
printf '%s\n' "$@" | xargs -d '\n' -n 1 -P "$(nproc)" \
    clang-tidy -p "$folder" --quiet 2>&1 | grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed '
status=${PIPESTATUS[1]}
[ "$status" = 0 ] && echo "$# files without a finding"
exit "$status"
