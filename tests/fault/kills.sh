#!/usr/bin/env bash
# Broker and agents killed (-9) again and again, at random instants and also while they start, under a
# load of orders and answers. Afterwards the outside checker (tests/support/accepted.sh) compares what
# was promised with what lies in every store, what rang and what the board says.
# SAMBAND_TEST_SEED repeats a run's choices (not its timing), SAMBAND_TEST_KILLS sets how many.
. "$(dirname "$0")/../support/county.sh"
. "$(dirname "$0")/../support/accepted.sh"
county_begin "$@"
seed=${SAMBAND_TEST_SEED:-$((EPOCHSECONDS % 30000))}
kills_wanted=${SAMBAND_TEST_KILLS:-200}
roster_step_ms=3600000 # one person is rung; whom the search would try next is not the subject here
accepted_orgs=(taby solna nacka lidingo danderyd vaxholm)
county_found lst-ab "${accepted_orgs[@]}"
county_enrol "${accepted_orgs[@]}"

say "seed $seed (SAMBAND_TEST_SEED=$seed), $kills_wanted kills"
RANDOM=$seed
users_start "$seed"

victims=(broker broker "${accepted_orgs[@]}") # the broker twice: everything goes through it
killed_of() {
    local name
    for name in "${victims[@]:1}"; do
        printf '%s %s  ' "$name" "${killed[$name]:-0}"
    done
}

# Without looking whether it is up: a process that is starting is killed like any other. One that had
# ended by itself is not killed, but a fault.
kill_one() { # NAME
    local sent died
    {
        kill -KILL "${county_pid[$1]}"
        sent=$?
        wait "${county_pid[$1]}"
        died=$?
    } 2>/dev/null
    [ "$sent $died" = "0 137" ] || fail "$1 had ended by itself: exit status $died after $kills kills"
    killed[$1]=$((${killed[$1]:-0} + 1))
    kills=$((kills + 1))
}

declare -A killed=()
kills=0
while [ $kills -lt "$kills_wanted" ]; do
    victim=${victims[RANDOM % ${#victims[@]}]}
    other=${victims[RANDOM % ${#victims[@]}]}
    kill_one "$victim"
    # One time in four somebody else dies in the same moment, before the first is back.
    [ $((RANDOM % 4)) != 0 ] || [ "$other" = "$victim" ] || kill_one "$other"
    for name in "$victim" "$other"; do
        county_runs "${county_pid[$name]}" && continue
        case $name in
        broker) broker_start ;;
        *) agent_start "$name" ;;
        esac
    done
    # Some time of the load, another each time; not a wait for anything.
    sleep "0.$((RANDOM % 3))$((RANDOM % 10))"
    county_runs "${county_pid[orders]}" || fail "the operator gave up"
done
say "killed: $(killed_of)"

until_true "the broker answers" broker_answers
for org in "${accepted_orgs[@]}"; do
    until_true "$org answers" agent_answers "$org"
done
until_true "the load has run" users_have $((kills_wanted / 5))
users_stop
accepted_judge $((kills_wanted / 5))
