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
            check_refuse "unknown option $word"
            ;;
        esac
    done
}

# check_nothing "$@": refuses words beside options, where a check takes none.
check_nothing() {
    local word
    for word in "$@"; do
        [[ $word == -* ]] || check_refuse "it takes no '$word'"
    done
}

# check_refuse SENTENCE: before anything is installed or built.
check_refuse() {
    echo "tests/check/$check_name: $1; see --help" >&2
    exit 2
}

# check_files FILE…: refuses what is no source.
check_files() {
    local file
    for file in "$@"; do
        check_sources | grep -qxF "${file#"$check_top"/}" ||
            check_refuse "'$file' is no source of ours: give its path from the checkout, proto/link/send.c say"
    done
}

# check_tests: the tests that are known before anything is built, as ctest names them, one a line.
check_tests() {
    (cd "$check_top/tests" && ls unit/test_*.c scenario/*.scn fault/*.sh |
        sed -E 's|^unit/test_(.*)\.c$|unit.\1|; s|^scenario/(.*)\.scn$|scenario.\1|; s|^fault/(.*)\.sh$|fault.\1|')
}

# check_names GROUPS NAME…: refuses what fits no test of these groups (unit|scenario).
check_names() {
    local groups=$1 name
    shift
    for name in "$@"; do
        check_tests | grep -E "^($groups)\\." | grep -qE "^[^ ]*($name)" 2>/dev/null ||
            check_refuse "no test is called '$name': names are as ctest has them, ${groups%%|*}.link say"
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
