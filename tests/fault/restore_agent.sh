#!/usr/bin/env bash
# A backup of an agent is made beside it, more is called and answered, then it is restored elsewhere.
# It is refused until an administrator lets it in; then the centre gives it back what it was sent and
# what was said there, and nobody is rung again.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby
county_enrol taby

send() { # TITLE: rings, and the centre knows
    expect 0 "inform" inform "$1" taby/tib
    event=$(made information)
    until_true "$1 rang" rang taby "$event"
    until_true "the centre knows that $1 rang" board_knows taby notified_at "$event"
}
send "Event 1"
expect 0 "backup" "$county_bin/samband-agent" backup "$county/saved" --config "$county/taby/agent.yaml"
said "whole and checked"
agent_down taby TERM
agent_up taby
until_true "a later session" logged broker agent-up agent=taby-1 session=2
send "Event 2"
second=$event
expect 0 "ack" at taby ack "$second" --as tib
until_true "the answer counts" board_knows taby acked_at "$second"
send "Event 3"
third=$event

say "it is gone, and restored elsewhere"
agent_down taby KILL
county_end taby-channel KILL
expect 0 "inform" inform "Event 4" taby/tib
fourth=$(made information)
rm -rf "$county/taby/state"
expect 0 "restore" "$county_bin/samband-agent" restore "$county/saved" --state "$county/taby/state"
said "org replace AGENT" "Nobody is woken"
: >"$county/taby/rung"
agent_up taby
channel_start taby
until_true "the centre refuses it" logged taby session=refused error=stale
expect 1 "check says what to do" at taby check
said "org replace taby-1" "put back"
equal "nobody was rung meanwhile" 0 "$(wc -l <"$county/taby/rung")"
expect 0 "org replace" tib org replace taby-1 --yes SKARPT
agent_down taby KILL # that it was put back it knows after a crash as well
agent_up taby

say "what it forgot comes back"
until_true "it has caught up" logged taby store=caught-up
for number in 1 2 3 4; do
    until_true "Event $number" inbox_has taby "Event $number"
    equal "times that Event $number is there" 1 "$(inbox_count taby "Event $number")"
done
until_true "Event 4, which nobody had heard of, rings" rang taby "$fourth"
equal "Event 2, answered, rings" 0 "$(rung taby "$second")"
equal "Event 3, of which somebody was notified, rings" 0 "$(rung taby "$third")"
equal "Event 4 rings" 1 "$(rung taby "$fourth")"
expect 0 "Event 3 can be answered" at taby ack "$third" --as tib --person taby-p1
until_true "and that counts" board_knows taby acked_at "$third"
until_true "the answer to Event 2 counts as before" board_knows taby acked_at "$second"
expect 0 "all is well" at taby check
for name in taby broker; do
    county_end $name TERM
done
sound broker taby
