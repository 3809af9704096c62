#!/usr/bin/env bash
# layers.sh [TREE]: arrows between folders point one way. Reads include lines only: who may include
# which library's header, which of our own headers, and that broker and agent never meet.
. "$(dirname "$0")/common.sh"

# A library's header, the files that may include it (both regular expressions), why.
libraries='
^c?zmq         ^(proto/loop|tests)/                           sockets belong to the loop
^lmdb          ^(proto/store|tests)/                          only the store knows LMDB
^msgpack       ^(proto/wire|tests)/                           only the wire codec encodes
^sodium        ^(proto/base/hash\.c$|proto/keys/)             only the hash and the keys touch cryptography
^cyaml         ^(include/samband/config\.h$|(proto/config|broker|agent|agent/channel)/[^/]*$) only settings are YAML
^jansson       ^(broker/cli|agent/channel|deploy|tests)/      JSON is for the command line and the channel
^libsmartcols  ^broker/cli/                                   tables are for the command line
^cmocka        ^tests/                                        cmocka is for tests
'

# Pure folders: of the C library only what knows no file, clock, environment, process or thread;
# of others nothing but the codec's MessagePack.
pure='^(broker/core|agent/core|proto/link|proto/reach|proto/wire)/'
pure_headers='^(assert|errno|inttypes|limits|stdarg|stdbool|stddef|stdint|stdio|stdlib|string)\.h$|^msgpack'

# A folder and our own headers that lie above it: samband/NAME.h.
above='
^proto/base/    record|fields|event|kinds|words|frame|keys|keyfiles|control|log|link|reach|store|loop|daemon|config|turns
^proto/wire/    keyfiles|log|link|reach|store|loop|daemon|config|turns
^proto/keys/    log|link|reach|store|loop|daemon|config|turns
^proto/reach/   keys|keyfiles|control|event|log|link|store|loop|daemon|config|turns
^proto/store/   record|event|keys|keyfiles|control|log|link|reach|loop|daemon|config|turns
^proto/backup/  reach|config|turns
^proto/config/  record|event|keys|keyfiles|control|log|link|reach|store|loop|daemon|turns
^proto/link/    keyfiles|reach|store|loop|daemon|config|turns
^proto/shell/   keyfiles|event|log|link|reach|daemon|config
^proto/loop/    keyfiles|log|link|reach|store|config|turns
^broker/core/   keyfiles|store|loop|daemon|config|turns
^agent/core/    keyfiles|store|loop|daemon|config|turns
^agent/channel/ keyfiles|event|log|link|reach|store|turns
^broker/cli/    config|turns
'

# Where more than POSIX is asked of the C library.
gnu='^(broker|agent|agent/channel|broker/cli|proto/(backup|store|loop)|tests/.*|deploy/.*)/[^/]*\.[ch]$'

# FILE:LINE KIND NAME for every include, KIND one of < and ".
includes() {
    tidy_files .c .h | (cd "$tidy_top" && xargs -r -d '\n' awk '
        /^[ \t]*#[ \t]*include/ {
            if (match($0, /<[^>]*>/) || match($0, /"[^"]*"/))
                print FILENAME ":" FNR, substr($0, RSTART, 1), substr($0, RSTART + 1, RLENGTH - 2)
        }')
}

check_library() {
    local pattern allowed why
    while read -r pattern allowed why; do
        [ -n "$pattern" ] && [[ $name =~ $pattern ]] || continue
        [[ $file =~ $allowed ]] || tidy_bad "$where: <$name> is not for here: $why"
    done <<<"$libraries"
    if [[ $file =~ $pure && ! $name =~ $pure_headers ]]; then
        tidy_bad "$where: <$name> in a pure folder: no files, clocks, environment or libraries there"
    fi
}

check_above() {
    local folder headers
    while read -r folder headers; do
        [ -n "$folder" ] && [[ $file =~ $folder ]] || continue
        [[ ! $name =~ ^samband/($headers)\.h$ ]] ||
            tidy_bad "$where: \"$name\" lies above ${file%/*}/: arrows point downwards"
    done <<<"$above"
}

# The part of the tree that a file belongs to: a library, a program, or a daemon's shell.
part_of() {
    case $1 in
    broker/cli/* | broker/core/* | agent/core/* | agent/channel/* | proto/*/* | deploy/*/*)
        cut -d/ -f1,2 <<<"$1"
        ;;
    *) echo "${1%%/*}" ;;
    esac
}

# A header that is not samband/… lies in the file's own part, or is the core's, included by its
# shell: so broker and agent, and the libraries of proto, cannot include each other's.
check_own() {
    local part
    [[ $name != samband/* && $file =~ ^(proto|broker|agent|deploy)/ ]] || return 0
    part=$(part_of "$file")
    case $name in
    ../* | */../*) ;;
    */*) [[ $part = */* && -f $tidy_top/$part/$name ]] && return 0 ;;
    *) [[ -f $tidy_top/${file%/*}/$name || -f $tidy_top/$part/$name ]] && return 0
       [[ $part != */* && -f $tidy_top/$part/core/$name ]] && return 0 ;;
    esac
    tidy_bad "$where: \"$name\" is another part's: what parts share stands in include/samband/"
}

count=0
while read -r where kind name; do
    file=${where%:*}
    count=$((count + 1))
    if [ "$kind" = '<' ]; then
        check_library
    else
        check_above
        check_own
    fi
done < <(includes)

while IFS=: read -r file line _; do
    [[ $file =~ $gnu ]] || tidy_bad "$file:$line: _GNU_SOURCE is for shells and stores"
done < <(cd "$tidy_top" && tidy_files .c .h | xargs -r -d '\n' grep -nH '^ *# *define *_GNU_SOURCE')

tidy_end "$count include lines, each points downwards"
