# prepare.sh: makes a machine able to build Samband, and builds it. Sourced by deploy/demo and
# tests/run, so that both do it in one way. It installs only what deploy/packages names and only
# what is missing; it changes nothing else on the machine. Needs bash.
#
#   prepare_packages GROUP…                  installs what is missing of those groups of deploy/packages
#   prepare_build FOLDER TARGETS ARGUMENT…   configures FOLDER below the checkout, builds the targets
#
# Both say what they do on stderr and return non-zero, with the remedy, where they cannot.

prepare_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

prepare_say() {
    printf '== %s\n' "$*" >&2
}

# Names of the packages of the given groups, one a line.
prepare_wanted() {
    awk -v groups=" $* " '/^[a-z]/ && index(groups, " " $1 " ") { print $2 }' \
        "$prepare_top/deploy/packages"
}

# Those of the names on stdin that are not installed.
prepare_missing() {
    local name
    while read -r name; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] ||
            printf '%s\n' "$name"
    done
}

# apt-get as root, or through sudo.
prepare_apt() {
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >&2
}

# May this user install at all? Asked before, in the form that will be used: what apt-get says later
# is then about packages. This is where sudo asks for the password, on a terminal.
prepare_may_install() {
    [ "$(id -u)" != 0 ] || return 0
    if ! command -v sudo >/dev/null; then
        prepare_say "you are not root and there is no sudo. Ask an administrator for:" \
            "apt-get install --no-install-recommends" "$@"
        return 1
    fi
    sudo env DEBIAN_FRONTEND=noninteractive apt-get --version >/dev/null && return 0
    prepare_say "sudo does not let $(id -un) install packages (above). Run this as a user who may, or" \
        "ask an administrator for: apt-get install --no-install-recommends" "$@"
    return 1
}

prepare_packages() {
    local missing
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        prepare_say "no apt-get here, so nothing is installed; Samband needs (Debian's names):" \
            $(prepare_wanted "$@")
        return 0
    fi
    missing=$(prepare_wanted "$@" | prepare_missing)
    [ -n "$missing" ] || return 0
    prepare_say "missing packages:" $missing
    prepare_may_install $missing || return 1
    # The machine's own lists may do; new ones are fetched where a trial without effect fails, or
    # where what the lists name is no longer to be had.
    if apt-get -qq -s install --no-install-recommends $missing >/dev/null 2>&1; then
        prepare_apt install -y --no-install-recommends $missing && return 0
    fi
    prepare_say "fetching the package lists anew"
    prepare_apt update && prepare_apt install -y --no-install-recommends $missing && return 0
    prepare_say "apt-get could not install them (see above): is this machine online, and is" \
        "/etc/apt/sources.list for Debian 12 or newer?"
    return 1
}

# A cache that was made for another folder (a checkout that was moved or copied) stops CMake.
prepare_forget_moved() {
    local cache=$1/CMakeCache.txt
    [ -f "$cache" ] || return 0
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$prepare_top" "$cache" && return 0
    prepare_say "$1 was made for another folder: it is made anew"
    rm -rf "$cache" "$1/CMakeFiles" "$1/build.ninja" "$1/.configured"
}

prepare_build() {
    local folder=$prepare_top/$1 targets=$2
    shift 2
    if ! mkdir -p "$folder" 2>/dev/null; then
        prepare_say "cannot make $folder: $prepare_top belongs to $(stat -c %U "$prepare_top")." \
            "Run as that user, or in a checkout of your own."
        return 1
    fi
    if ! [ -w "$folder" ]; then
        prepare_say "cannot write in $folder: it belongs to $(stat -c %U "$folder")." \
            "Run as that user, or remove it."
        return 1
    fi
    (
        # Two runs at once take turns; the lock goes with the subshell, however it ends.
        exec 9>"$folder/.building"
        if ! flock -n 9; then
            prepare_say "another run is building $folder: waiting for it"
            flock 9
        fi
        prepare_forget_moved "$folder"
        # Ninja itself configures again where a CMakeLists.txt has changed.
        if ! [ -f "$folder/build.ninja" ] || [ "$(cat "$folder/.configured" 2>/dev/null)" != "$*" ]; then
            prepare_say "configuring $folder"
            cmake -S "$prepare_top" -B "$folder" -G Ninja "$@" >"$folder/configure.log" 2>&1 || {
                cat "$folder/configure.log" >&2
                prepare_say "CMake refused (above)"
                exit 1
            }
            printf '%s' "$*" >"$folder/.configured"
        fi
        prepare_say "building $folder"
        # The lock is the shell's own: a compiler that outlived us would keep it.
        ninja -C "$folder" $targets 9>&- >&2 || exit 1
    )
}
