# disk.sh: file systems of a test's own, for what happens to disks: mounted in a mount namespace that
# ends with the test, so that nothing is left behind however it ends. Sourced before county.sh, with
# the script's arguments: it starts the script again inside that namespace, and skips the test by name
# (exit status 77) where the machine does not let it.

skip() {
    echo "SKIPPED: $*"
    exit 77
}

if [ -z "${SAMBAND_TEST_INSIDE:-}" ]; then
    why=$(unshare --mount --propagation private true 2>&1) ||
        skip "no mount namespace can be made here (root only): $why"
    SAMBAND_TEST_INSIDE=yes exec unshare --mount --propagation private bash "$0" "$@"
fi

# disk_make NAME TYPE SIZE: a file system of its own in $county/NAME: ext4 or xfs on a loop device,
# or tmpfs.
disk_make() {
    local at=$county/$1
    mkdir -p "$at"
    if [ "$2" = tmpfs ]; then
        mount -t tmpfs -o "size=$3,mode=0700" samband-test "$at" || skip "no tmpfs can be mounted here"
        return
    fi
    command -v "mkfs.$2" >/dev/null || skip "there is no mkfs.$2"
    truncate -s "$3" "$at.image"
    "mkfs.$2" -q "$at.image" || fail "no file system $2 in a file of $3"
    disk_mount "$1"
}

disk_mount() { # NAME
    mount -o loop "$county/$1.image" "$county/$1" 2>"$county/mount.err" ||
        skip "no loop device can be mounted here: $(<"$county/mount.err")"
}

disks_unmount() {
    local at
    for at in $(awk -v at="$county/" 'index($2, at) == 1 { print $2 }' /proc/self/mounts); do
        umount -l "$at"
    done
}
county_undo() {
    disks_unmount
}

# The power goes, and comes back. Who has files open there must have ended.
disk_cut() { # NAME
    "$county_bin/sb_cut" "$county/$1" || fail "the file system $1 cannot be cut off"
}
disk_back() { # NAME
    umount "$county/$1" || fail "somebody still uses $1"
    mount -o loop "$county/$1.image" "$county/$1" || fail "$1 cannot be mounted again"
}

# state_move WHO DISK: the state of "broker" or an organisation lies there from now on. Stopped only.
state_move() {
    local from=$county/$1
    [ "$1" = broker ] || from=$county/$1/state
    cp -a "$from" "$county/$2/$1" && rm -rf "$from" && ln -s "$county/$2/$1" "$from" ||
        fail "the state of $1 cannot be moved to $2"
    sync -f "$county/$2"
}
