#!/usr/bin/env bash
# SIGTERM ends each daemon within 2 s with exit 0; SIGHUP takes a new roster into force, and with a
# wrong one the last good one stays.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
roster_step_ms=1000
county_found lst-ab taby
county_enrol taby

who() { # prints the people of TiB in order
    at taby roster who tib --json | jq -r '[.rows[].person] | join(" ")'
}
who_is() {
    [ "$(who)" = "$1" ]
}
equal "who has TiB" "taby-p1 taby-p2 taby-p3" "$(who)"

say "SIGHUP: the new roster is in force"
cp "$county/taby/roster.yaml" "$county/roster.good"
sed -i '/function: tib/s/people: \[taby-p1, taby-p2\]/people: [taby-p2, taby-p1]/' "$county/taby/roster.yaml"
county_signal taby HUP
until_true "the new order" who_is "taby-p2 taby-p1 taby-p3"

say "SIGHUP with a wrong roster: the last good one stays, and the log says where the fault is"
sed -i 's/^functions:/fnctions:/' "$county/taby/roster.yaml"
county_signal taby HUP
until_true "the fault is logged" logged taby roster-refused "roster.yaml:5:1" fnctions functions
equal "who has TiB" "taby-p2 taby-p1 taby-p3" "$(who)"
expect 0 "inform" inform "Event 1" taby/tib
event=$(made information)
until_true "it rings by the last good roster" rang taby "$event"
equal "who was rung first" taby-p2 "$(head -n 1 "$county/taby/rung" | jq -r .person)"
cp "$county/roster.good" "$county/taby/roster.yaml"
county_signal taby HUP
until_true "the right one again" who_is "taby-p1 taby-p2 taby-p3"

say "SIGHUP does a broker and a channel no harm"
county_signal broker HUP
county_signal taby-channel HUP
expect 0 "inform" inform "Event 2" taby/tib
until_true "Event 2" inbox_has taby "Event 2"
until_true "Event 2 rings" rang taby "$(made information)"

say "SIGTERM: within 2 s, exit 0; SIGINT the same"
for name in taby-channel taby broker; do
    county_end $name TERM 2
    equal "$name's exit status" 0 "$ended"
done
broker_up
agent_up taby
channel_start taby
started_twice() {
    [ "$(log_lines taby-channel channel-started)" = 2 ]
}
until_true "the channel is there" started_twice
for name in broker taby taby-channel; do
    county_end $name INT 2
    equal "$name's exit status" 0 "$ended"
done
[ ! -S "$county/taby/run/control" ] || say "(the control socket stays, and is replaced at the next start)"
sound broker taby

say "SIGTERM with the broker gone and work to do: the agent still ends at once"
agent_up taby
# Whose it is, is said: on a slow machine everybody has been tried by now.
expect 0 "an answer that cannot go up" at taby ack "$event" --as tib --person taby-p1
county_end taby TERM 2
equal "its exit status" 0 "$ended"
broker_up
agent_up taby
until_true "the answer comes up after all" board_knows taby acked_at "$event"
