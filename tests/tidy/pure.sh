#!/usr/bin/env bash
# pure.sh BUILD-FOLDER: what the archives of the pure libraries ask of the outside, by nm. A call to
# time(), getenv(), printf() or a socket shows here, however it was included.
set -- "${1:?the build folder}"
build=$1
. "$(dirname "$0")/common.sh"
command -v nm >/dev/null || tidy_skip "no nm (binutils)"

ours='sb_[a-z0-9_]*'
memory='mem(cpy|move|set|cmp|chr)|str(len|nlen|cmp|ncmp|chr|rchr|str|spn|cspn)|strtou?ll?'
heap='calloc|realloc|free'
text='v?snprintf'
sort='qsort|bsearch'
# The compiler's and the sanitizers' own, and glibc's checked forms of the above.
runtime='_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__(asan|ubsan|tsan|lsan|sanitizer|odr_asan)_.*'
checked='__(mem(cpy|move|set)|v?snprintf)_chk|__isoc23_strtou?ll?'
allowed="^($ours|$memory|$heap|$text|$sort|$runtime|$checked)\$"

check() {
    local archive=$build/lib$1.a extra=$2 symbol object
    if ! [ -f "$archive" ]; then
        tidy_bad "$archive is not there: build first"
        return
    fi
    while read -r object symbol; do
        [[ $symbol =~ $allowed ]] && continue
        [ -n "$extra" ] && [[ $symbol =~ $extra ]] && continue
        tidy_bad "lib$1.a ($object): calls $symbol: a core takes time, randomness and bytes as arguments"
    done < <(nm -u -A "$archive" | awk '{ n = split($1, part, ":"); print part[n - 1], $NF }' | sort -u)
}

# MessagePack's own, and the byte order that its headers ask the C library for.
check samband_wire '^(msgpack_.*|[hn]to[hn][sl])$'
check samband_reach ''
check samband_link ''
check samband_broker_core ''
check samband_agent_core ''
tidy_end "five archives ask nothing of the outside"
