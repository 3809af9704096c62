#!/usr/bin/env bash
# clang.sh BUILD-FOLDER: the second compiler takes all of it too, with the same flags as errors.
build=${1:?the build folder}
. "$(dirname "$0")/common.sh"
tidy_top=$(cd "$tidy_here/../.." && pwd -P)
command -v clang >/dev/null || tidy_skip "no clang"

folder=$build/clang
# -O0 and no sanitizer: this is about what the compiler says, not about what runs.
cmake -S "$tidy_top" -B "$folder" -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_FLAGS_DEBUG=-O0 >"$build/clang.log" 2>&1 || { cat "$build/clang.log"; exit 1; }
ninja -C "$folder" -j 2 -k 0 >"$build/clang.log" 2>&1 ||
    { grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking)' "$build/clang.log"; exit 1; }
tail -n 1 "$build/clang.log"
