#!/usr/bin/env bash
# A time-out after the commit: the order was taken, its answer was lost. The command line says that
# the outcome is unknown (4), and the same command again gives the one event that was made.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby
county_enrol taby

wire_port=$((county_control + 1))
wire_start() { # how many of the broker's messages pass
    : >"$county/wire.log"
    county_start wire "$county_bin/sb_proxy" $wire_port $county_control "$1"
    until_true "the wire listens or refuses" wire_spoke
}
wire_spoke() {
    logged wire ready || ! county_runs "${county_pid[wire]}"
}
# The port that it gets is kept: the order is known again by the address too.
until wire_start all && logged wire ready; do
    wire_port=$((10000 + RANDOM % 20000))
done
county_end wire KILL
over_wire() {
    tib --connect "tcp://127.0.0.1:$wire_port" note "The bridge is closed" --json --yes SKARPT
}
notes() {
    tib events --json | jq '[.rows[] | select(.kind == "note")] | length'
}

say "the first answer passes (is anybody there?), that to the order does not"
wire_start 1
expect 4 "an order whose answer is lost" over_wire
said "unknown"
equal "notes in the log" 1 "$(notes)"

say "still no answer: asked again, still unknown, still one event"
expect 4 "asked again over the same wire" over_wire
equal "notes in the log" 1 "$(notes)"
until_true "the broker knows the order again" counter_is_at_least tib broker/asked-again 1

say "the wire is whole again: the same command tells the event that was made"
county_end wire KILL
wire_start all
expect 0 "asked again" over_wire
equal "the note" "$(tib events --json | jq -r 'first(.rows[] | select(.kind == "note") | .id)')" \
    "$(made note)"
equal "notes in the log" 1 "$(notes)"

say "the same words later are a new order"
expect 0 "a second note" over_wire
equal "notes in the log" 2 "$(notes)"

say "over a broker that is restarted in between"
county_end wire KILL
wire_start 1
expect 4 "an order whose answer is lost" over_wire
broker_down KILL
broker_up
county_end wire KILL
wire_start all
expect 0 "asked again" over_wire
equal "notes in the log" 3 "$(notes)"

say "no broker at all: nothing was sent, and that is another answer"
broker_down KILL
expect 3 "no contact" over_wire
said "nothing was sent"
broker_up
equal "notes in the log" 3 "$(notes)"
