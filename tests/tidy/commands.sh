#!/usr/bin/env bash
# commands.sh [TREE]: the commands of tests/ read all their words before they install or build anything:
# one that they do not know is refused at once, with status 2 and where the remedy stands; --help works.
. "$(dirname "$0")/common.sh"
seconds=20 # on a machine that does much else; what builds takes longer

# asks STATUS COMMAND WORD…: sets `said`; false where the status is another.
asks() {
    local status=$1
    shift
    said=$(timeout "$seconds" "$tidy_top/$1" "${@:2}" 2>&1 </dev/null)
    [ $? = "$status" ]
}

count=0
for command in tests/run tests/sim/swarm tests/mutants/run tests/fuzz/run tests/check/{coverage,analyzer,clang-tidy,cppcheck,tsan,valgrind}; do
    [ -f "$tidy_top/$command" ] || continue
    count=$((count + 1))
    asks 0 "$command" --help && [ -n "$said" ] || tidy_bad "$command: --help does not print a text at once"
    for word in --bogus bogus; do
        asks 2 "$command" $word || tidy_bad "$command: does not refuse '$word' at once with status 2"
        grep -q -e 'see .*--' <<<"$said" || tidy_bad "$command: does not say what to do about '$word'"
    done
done
tidy_end "$count commands read their words first"
