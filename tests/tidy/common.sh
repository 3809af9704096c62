# common.sh: what the tidy scripts share. Sourced. A script takes the tree to look at as its first
# argument (the checkout by default), so that selftest.sh can show it a bad one.
set -u
export LC_ALL=C.UTF-8

tidy_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
tidy_top=${1:-$(cd "$tidy_here/../.." && pwd -P)}
tidy_failed=0

# One finding: where, and what the rule is.
tidy_bad() {
    printf '%s\n' "$*" >&2
    tidy_failed=1
}

# Every file of the tree with one of these suffixes, relative, builds and hidden folders left out.
tidy_files() {
    local names=() suffix
    for suffix in "$@"; do
        names+=(-o -name "*$suffix")
    done
    (cd "$tidy_top" && find . \( -name 'build*' -o -name '.git' \) -prune -o \
        -type f \( "${names[@]:1}" \) -print) | sed 's|^\./||' | sort
}

# Ends the script: says that it passed, and over how much, or fails.
tidy_end() {
    [ "$tidy_failed" = 0 ] || exit 1
    printf '%s\n' "$*"
    exit 0
}

# Ends the script as skipped (ctest's SKIP_RETURN_CODE) and names what the machine lacks.
tidy_skip() {
    printf 'skipped: %s\n' "$*"
    exit 77
}
