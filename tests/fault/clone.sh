#!/usr/bin/env bash
# A copy of an agent's state that is started beside or after the original is refused, with what to
# do; after `samband org replace` it takes over: nothing is lost, and nobody is rung twice.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna
county_enrol taby solna

send() { # TITLE
    expect 0 "inform" inform "$1" taby/tib,solna/tib
    until_true "$1 at solna" inbox_has solna "$1"
}
send "Event 1"
until_true "Event 1 at taby" inbox_has taby "Event 1"
first=$(made information)
until_true "Event 1 rang at taby" rang taby "$first"

say "a copy is taken, the original goes on"
agent_down taby TERM
mkdir "$county/copy"
cp -r "$county/taby/state" "$county/copy/state"
cp "$county/taby/roster.yaml" "$county/copy/roster.yaml"
sed "s|$county/taby|$county/copy|" "$county/taby/agent.yaml" >"$county/copy/agent.yaml"
sed "s|$county/taby|$county/copy|g" "$county/taby/channel.yaml" >"$county/copy/channel.yaml"
: >"$county/copy/rung"
agent_up taby
send "Event 2"
until_true "Event 2 at taby" inbox_has taby "Event 2"
second=$(made information)
until_true "Event 2 rang at taby" rang taby "$second"
until_true "the centre knows that Event 2 rang" board_knows taby notified_at "$second"

say "the copy beside the original: refused, told on both sides, and the original goes on"
agent_up copy
until_true "the broker refuses it" logged broker hello-refused agent=taby-1 reason=stale "org replace taby-1"
until_true "the copy says what to do" logged copy session=refused error=stale "samband org replace taby-1"
expect 1 "who asks the copy is told" at copy check
said "the centre refuses" "is a copy or an old backup" "samband org replace taby-1"
expect 1 "på svenska också" "$county_bin/samband" --connect "ipc://$county/copy/run/control" check
said "centralen nekar" "är en kopia eller en gammal säkerhetskopia" "be Länsstyrelsen köra"
expect 0 "the original has no such word" at taby check
until_true "it is counted" counter_is_at_least tib link/stale 1
send "Event 3"
until_true "Event 3 at the original" inbox_has taby "Event 3"
third=$(made information)
until_true "Event 3 rang at taby" rang taby "$third"
until_true "the centre knows that Event 3 rang" board_knows taby notified_at "$third"
equal "Event 3 at the copy" 0 "$(inbox_count copy "Event 3")"

say "the original is gone for good: the copy is still refused, until an administrator says so"
agent_down taby KILL
county_end taby-channel KILL
send "Event 4"
fourth=$(made information)
equal "Event 4 at the copy" 0 "$(inbox_count copy "Event 4")"
channel_start copy
expect 0 "org replace" tib org replace taby-1 --yes SKARPT
for number in 1 2 3 4; do
    until_true "Event $number at the copy" inbox_has copy "Event $number"
    equal "times that Event $number is at the copy" 1 "$(inbox_count copy "Event $number")"
done
until_true "Event 4 stored on the board" board_knows taby stored_at "$fourth"
until_true "Event 4 rings" rang copy "$fourth"
expect 0 "an answer from the copy" at copy ack "$fourth" --as tib
until_true "the answer counts" board_knows taby acked_at "$fourth"

# What the original did after the copy was taken, the centre gives back to the copy.
say "the copy rings nobody for what the original rang, and nobody twice"
equal "Event 1 at the copy's channel" 0 "$(rung copy "$first")"
equal "Event 2 at the copy's channel" 0 "$(rung copy "$second")"
equal "Event 3 at the copy's channel" 0 "$(rung copy "$third")"
equal "Event 4 at the copy's channel" 1 "$(rung copy "$fourth")"
equal "attempts of the copy that were made twice" "" \
    "$(jq -r 'select(.repeat | not) | .attempt' "$county/copy/rung" | sort | uniq -d)"

say "the old original is now the copy, and refused"
agent_up taby
until_true "the original says so" logged taby session=refused error=stale
agent_down taby TERM

for name in copy solna broker; do
    county_end $name TERM
done
sound broker solna copy
