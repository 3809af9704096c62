#!/usr/bin/env bash
# The disk of the broker, then that of an agent, gets full and has room again, under a load of orders
# and answers. New orders are refused with what to do, answers and recalls go on in what was kept
# free; when that is used up too, what is there can still be read and nothing is promised. With room
# again it goes on by itself, with all that was accepted.
. "$(dirname "$0")/../support/disk.sh"
. "$(dirname "$0")/../support/county.sh"
. "$(dirname "$0")/../support/accepted.sh"
county_begin "$@"
roster_step_ms=3600000
accepted_orgs=(taby solna)
disk_make central tmpfs 12M
disk_make local tmpfs 12M
county_found lst-ab "${accepted_orgs[@]}"
county_enrol "${accepted_orgs[@]}"
broker_down TERM
agent_down taby TERM
state_move broker central
state_move taby local
broker_up
agent_up taby
users_start 7

disk_fill() { # DISK
    head -c 100M /dev/zero >"$county/$1/filler" 2>/dev/null
    [ -s "$county/$1/filler" ] || fail "the disk $1 was full before"
}
disk_free() { # DISK
    rm "$county/$1/filler"
}
answers_are() { # MORE-THAN
    [ "$(answers_accepted | wc -l)" -gt "$1" ]
}
until_true "the load runs" answers_are 5

say "the broker's disk is full"
disk_fill central
until_true "it is logged" logged broker store-room left=none "df -h"
expect 1 "an order" inform "Too late" taby/tib
said "the store's disk is full: no new orders are taken, only answers and recalls" "df -h"
expect 1 "på svenska" "$county_bin/samband" --profile "$county/tib" inform "Too late" --to taby/tib \
    --text x --yes SKARPT
said "lagringens disk är full: inga nya uppdrag tas emot" "gör plats"
expect 0 "the board can be read" tib status
said "no new orders are taken"
expect 1 "check says it" tib check
said "room in the store" "df -h"
last=$(accepted_events information | tail -n 1) first=$(accepted_events information | head -n 1)
expect 0 "an answer is taken" at solna note "An answer"
expect 0 "a recall is taken" tib recall "$first" --json --yes SKARPT
order_by_hand "$(made recall)" recall "$first" "$(orders_accepted | awk -v id="$first" '$2 == id { print $5 }')"

say "what was kept free is used up too"
"$county_bin/sb_users" notes "$county/solna/run/control" "$county/stop" 120 16000 >>"$county/notes.log"
until_true "the broker says so" logged broker store-full "stores nothing"
county_runs "${county_pid[broker]}" || fail "the broker ended"
expect 0 "the board can be read" tib status
said "nothing can be stored, all that was stored is there"
expect 1 "a recall" tib recall "$last" --yes SKARPT
said "nothing can be stored"

say "room again: it goes on by itself"
disk_free central
until_true "it is logged" logged broker store-full-no-more
expect 0 "an order" inform "In time" taby/tib
order_by_hand "$(made information)" information - taby
until_true "the load goes on" answers_are $(($(answers_accepted | wc -l) + 2))

say "an agent's disk is full"
disk_fill local
until_true "it is logged" logged taby store-room left=none "df -h"
expect 1 "a note" at taby note "Too late"
said "the store's disk is full" "df -h"
expect 0 "an alarm still comes" inform "Alarm" taby/tib
alarm=$(made information)
order_by_hand "$alarm" information - taby
until_true "and rings" rang taby "$alarm"

say "what was kept free is used up too"
"$county_bin/sb_users" fill "$county/tib" "$county/stop" 120 16000 taby >>"$county/orders-full.log"
until_true "the agent says so" logged taby store-full "stores nothing"
county_runs "${county_pid[taby]}" || fail "the agent ended"
expect 0 "its inbox can be read" at taby inbox
unstored=$(tail -n 1 "$county/orders-full.log" | cut -d' ' -f2)
equal "the centre is not told that it is stored" "" "$(board_of taby stored_at "$unstored")"

say "room again: it goes on by itself"
disk_free local
until_true "it is logged" logged taby store-full-no-more
until_true "all is stored" board_knows taby stored_at "$unstored"
users_stop
accepted_judge 5
