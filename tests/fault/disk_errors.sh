#!/usr/bin/env bash
# The disk answers EIO, once or from then on, to the n-th write or the n-th sync of a broker's or an
# agent's store (strace), under a load of orders and answers. It must end with a sentence or go on,
# never having promised what is not durable; started again it goes on with everything.
. "$(dirname "$0")/../support/county.sh"
. "$(dirname "$0")/../support/accepted.sh"
command -v strace >/dev/null || { echo "SKIPPED: there is no strace"; exit 77; }
strace -o /dev/null true 2>/dev/null || { echo "SKIPPED: strace may not trace here"; exit 77; }
county_begin "$@"
seed=${SAMBAND_TEST_SEED:-$((EPOCHSECONDS % 30000))}
rounds=${SAMBAND_TEST_ROUNDS:-2}
roster_step_ms=3600000
accepted_orgs=(taby solna)
county_found lst-ab "${accepted_orgs[@]}"
county_enrol "${accepted_orgs[@]}"
say "seed $seed (SAMBAND_TEST_SEED=$seed)"
RANDOM=$seed

# start_with_error WHO CALL WHEN: -D keeps the process itself ours, not strace; leaks cannot be
# looked for in a traced process.
start_with_error() {
    local program=samband-agent config=$county/$1/agent.yaml
    [ "$1" != broker ] || program=samband-broker config=$county/broker/broker.yaml
    rm -f "$county/$1.strace" # or the one before would be taken for this one
    county_start "$1" env ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" \
        strace -D -f -o "$county/$1.strace" -e "trace=$2" -e "inject=$2:error=EIO:when=$3" \
        "$county_bin/$program" --config "$config"
}
plain_start() { # WHO
    case $1 in
    broker) broker_start ;;
    *) agent_start "$1" ;;
    esac
}

injected() { # WHO
    grep -qs INJECTED "$county/$1.strace"
}
ended_by_itself() { # WHO
    ! county_runs "${county_pid[$1]}"
}

ended_or_answers() { # WHO
    ended_by_itself "$1" || case $1 in
    broker) broker_answers ;;
    *) agent_answers "$1" ;;
    esac
}

users_start "$seed"
stopped=0
for ((round = 0; round < rounds; round++)); do
    for who in broker taby; do
        for call in fdatasync pwrite64; do
            # Two or three of either a commit, and some for a start: it hits now a start, now a commit.
            number=$((1 + RANDOM % (round % 2 == 0 ? 12 : 60)))
            when=$number$( ((RANDOM % 2)) && echo +)
            county_end "$who" TERM
            from=$(wc -l <"$county/$who.log")
            start_with_error "$who" "$call" "$when"
            until_true "the disk of $who answers EIO to $call number $when" injected "$who"
            until_true "$who ends or goes on" ended_or_answers "$who"
            if ended_by_itself "$who" || [[ $when == *+ ]]; then
                until_true "$who ends" ended_by_itself "$who"
                wait "${county_pid[$who]}"
                equal "exit status of $who" 1 $?
                unset "county_pid[$who]"
                tail -n "+$((from + 1))" "$county/$who.log" | grep -q "look for disk errors" ||
                    fail "$who ended without saying what to do"
                stopped=$((stopped + 1))
                plain_start "$who"
            fi
            until_true "the broker answers" broker_answers
            until_true "taby answers" agent_answers taby
        done
    done
done
say "$((rounds * 4)) disk errors, $stopped of them ended the process"
[ $stopped -gt 0 ] || fail "no disk error ended a process: none was met"
for who in broker taby; do # without strace, so that leaks are looked for
    county_end "$who" TERM
    plain_start "$who"
done
until_true "the load has run" users_have 5
users_stop
accepted_judge 5
