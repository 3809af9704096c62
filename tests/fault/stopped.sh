#!/usr/bin/env bash
# An agent, then the broker, is stopped (SIGSTOP) for longer than the other end waits, under a load of
# orders and answers, and goes on (SIGCONT) as if nothing had been: it comes back by itself, what was
# sent meanwhile arrives once, and nobody is rung twice. SAMBAND_TEST_STOP_S: for how long.
. "$(dirname "$0")/../support/county.sh"
. "$(dirname "$0")/../support/accepted.sh"
county_begin "$@"
stop_s=${SAMBAND_TEST_STOP_S:-60} # four times SB_SILENT_AFTER_MS
county_wait_s=$((county_wait_s + stop_s))
roster_step_ms=3600000
accepted_orgs=(taby solna)
county_found lst-ab "${accepted_orgs[@]}"
broker_down TERM
echo "dark-after-seconds: 6" >>"$county/broker/broker.yaml"
broker_up
county_enrol "${accepted_orgs[@]}"
users_start 5

stopped_for() { # WHO SECONDS: since it was stopped
    [ "$(county_ms_since "$stopped_from")" -ge $(($2 * 1000)) ]
}
stop() { # WHO
    county_signal "$1" STOP
    stopped_from=$EPOCHREALTIME
}

say "an agent is stopped for $stop_s s: dark, and back"
stop taby
expect 0 "an order meanwhile" inform "While it stood" taby/tib
event=$(made information)
order_by_hand "$event" information - taby
until_true "the centre sees it dark" logged broker agent-dark agent=taby-1
equal "the order is not shown as stored" "" "$(board_of taby stored_at "$event")"
until_true "$stop_s s pass" stopped_for taby "$stop_s"
county_signal taby CONT
until_true "the order is stored" board_knows taby stored_at "$event"
until_true "and rings" rang taby "$event"

say "the broker is stopped for $stop_s s: orders wait, nothing else happens"
stop broker
until_true "$stop_s s pass" stopped_for broker "$stop_s"
county_signal broker CONT
expect 0 "an order" inform "After it stood" taby/tib,solna/tib
event=$(made information)
order_by_hand "$event" information - taby,solna
for org in "${accepted_orgs[@]}"; do
    until_true "$org has it" board_knows "$org" stored_at "$event"
done
users_stop
accepted_judge 5
