#!/usr/bin/env bash
# The tests beside this can fail: of tests/support/county.sh, which all of them have in common. Small
# counties of one process, without a broker, each with one thing wrong that must fail them: what a
# program writes that is broken, by an assert of ours, of libc or libzmq, or by a sanitizer; one that
# ended by itself; one that does not end; a deadline; nothing judged. And sound ones, which must pass.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$here/../support/county.sh"
county_begin "$@"

# Each prints its line and goes on, so that it is the line that fails the test.
says() {
    county_start program sh -c "'$county_broken' $1 || :; exec sleep 60"
    until_true "it says so" grep -qE "$county_defect" "$county/program.log"
}
has_ended() {
    ! county_runs "${county_pid[program]}"
}
ends() { # COMMAND: as the program
    county_start program sh -c "$1"
    until_true "it has ended" has_ended
}
declare -A cases=(
    [sound]='county_start program sleep 60; expect 0 "a command" true; county_end program TERM'
    [ended-well]='ends "exit 0"'
    [expected]='ends "exit 3"; county_gone program; equal "its status" 3 "$ended"'
    [nothing-judged]='county_start program sleep 60'
    [assert]='says assert'
    [libc]='says libc'
    [address]='says address'
    [undefined]='says undefined'
    [leak]='says leak'
    [libzmq]='says libzmq'
    [command]='run "$county_broken" undefined'
    [ended]='ends "exit 3"'
    [ended-by-signal]='ends "kill -SEGV \$\$"'
    [ended-before]='ends "exit 3"; county_end program TERM'
    [stays]='county_start program sh -c "trap : TERM; echo deaf; while :; do sleep 1; done"
        until_true "it is deaf" logged program deaf; county_end program TERM 1'
    [deadline]='county_wait_s=1; until_true "never" false'
    [status]='expect 1 "a command" true'
    [words]='run echo yes; said no'
    [values]='equal "a number" 1 2'
)
if [ -n "${COUNTY_CASE:-}" ]; then
    eval "${cases[$COUNTY_CASE]}"
    exit 0
fi

command -v cc >/dev/null || { echo "SKIP: no compiler here to make a broken program"; exit 77; }
export county_broken=$county/broken
cat >"$county_broken.c" <<'C'
#include "samband/err.h"
#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv)
{
    const char *what = argv[argc - 1];
    volatile int number = INT_MAX;
    char *volatile bytes = malloc(8);
    bytes[0] = 0;
    if (strcmp(what, "leak") == 0) {
        bytes = NULL;
        return 0;
    }
    assert(strcmp(what, "libc") != 0);
    SB_ASSERT(strcmp(what, "assert") != 0);
    if (strcmp(what, "undefined") == 0) {
        number += argc;
    } else if (strcmp(what, "address") == 0) {
        free(bytes);
        number = bytes[0];
    } else if (strcmp(what, "libzmq") == 0) { /* as its zmq_assert prints it */
        (void)fputs("Assertion failed: check () (src/msg.cpp:414)\n", stderr);
    }
    free(what[0] == 'a' ? NULL : bytes);
    return 0;
}
C
cc -std=c17 -g -fsanitize=address,undefined -I "$county_top/include" -o "$county_broken" "$county_broken.c" \
    "$county_top"/proto/base/{err,bytes}.c 2>"$county/cc.err" ||
    { cat "$county/cc.err"; fail "the broken program cannot be built"; }
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=1"

judge() { # STATUS SENTENCE CASE…
    local wanted=$1 sentence=$2 name
    shift 2
    for name in "$@"; do
        COUNTY_CASE=$name bash "$here/county.sh" "$county_bin" "$county_top" >"$county/case" 2>&1 </dev/null
        status=$?
        equal "exit status of the case $name ($(tail -n 3 "$county/case"))" "$wanted" $status
        [ -z "$sentence" ] || grep -qF -- "$sentence" "$county/case" ||
            fail "the case $name fails otherwise: $(cat "$county/case")"
        unset "cases[$name]"
    done
}
judge 0 '' sound ended-well expected
judge 1 'FAIL: nothing was judged' nothing-judged
judge 1 'FAIL: a process says that it is broken' assert libc address undefined leak libzmq
judge 1 'says that it is broken: ' command
judge 1 'FAIL: program had ended by itself: exit status 3' ended ended-before
judge 1 'FAIL: program had ended by itself: exit status 139' ended-by-signal
judge 1 'FAIL: program did not end within ' stays
judge 1 'FAIL: not within ' deadline
judge 1 'FAIL: a command: exit status 0, expected 1' status
judge 1 'FAIL: it does not say "no"' words
judge 1 'FAIL: a number: 2, expected 1' values
equal "cases that nobody judged" "" "${!cases[*]}"
