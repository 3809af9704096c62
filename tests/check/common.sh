# common.sh: what the checks share. Sourced. A check builds in a folder of its own (build-NAME/ of the
# checkout), writes what it found below it, and ends with one line that says PASSED or FAILED.
set -u
export LC_ALL=C.UTF-8
check_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$check_here/../../deploy/lib/prepare.sh"
check_top=$prepare_top
check_name=$(basename "$0")
check_folder=$check_top/build-$check_name
check_cores=$(nproc)

# check_help "$@": prints the text on stdin where --help is asked for; refuses options that it does not name.
check_help() {
    local text word
    text=$(cat)
    for word in "$@"; do
        case $word in
        --help | -h) printf '%s\n' "$text"; exit 0 ;;
        -*)
            grep -q -- "^  $word " <<<"$text" && continue
            echo "tests/check/$check_name: unknown option $word; see --help" >&2
            exit 2
            ;;
        esac
    done
}

# check_build TARGETS ARGUMENT…: installs what is missing, configures and builds in the check's folder.
check_build() {
    prepare_packages build test check && prepare_build "build-$check_name" "$@"
}

# check_sources: every source that a compiler sees, relative, one a line.
check_sources() {
    (cd "$check_top" && find proto broker agent deploy tests -name '*.c' | sort)
}

# check_end FAILED SENTENCE: the verdict, and the status that goes with it.
check_end() {
    if [ "$1" = 0 ]; then
        printf '%s: PASSED: %s\n' "$check_name" "$2"
        exit 0
    fi
    printf '%s: FAILED: %s\n' "$check_name" "$2" >&2
    exit 1
}
