#!/usr/bin/env bash
# Stores that are not what they seem: another organisation's, put under an agent's own keys; an agent's
# of last week; two brokers on copies of one store. Each is refused with what to do, and whoever
# belongs there goes on with everything.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna
county_enrol taby solna
send() { # TITLE
    expect 0 "inform" inform "$1" taby/tib,solna/tib
    until_true "$1 at taby" inbox_has taby "$1"
    until_true "$1 at solna" inbox_has solna "$1"
}
send "Event 1"
first=$(made information)
until_true "Event 1 rang at taby" rang taby "$first"
until_true "the centre knows that it rang" board_knows taby notified_at "$first"
agent_down taby TERM
cp -r "$county/taby/state/store" "$county/last-week"
agent_up taby
send "Event 2"
second=$(made information)
send "Event 3"
third=$(made information)
for event in "$second" "$third"; do
    until_true "$event rang at taby" rang taby "$event"
    until_true "the centre knows that it rang" board_knows taby notified_at "$event"
done

say "another organisation's store under taby's keys"
agent_down taby TERM
agent_down solna TERM
mv "$county/taby/state/store" "$county/own"
cp -r "$county/solna/state/store" "$county/taby/state/store"
agent_again() {
    timeout $((county_wait_s * county_slow)) "$county_bin/samband-agent" --config "$county/taby/agent.yaml"
}
expect 1 "solna's store at taby" agent_again
said "of solna" "not of taby" "own store back from a backup" "lägg tillbaka agentens egen lagring"
agent_up solna

say "the agent's own store of last week"
rm -r "$county/taby/state/store"
cp -r "$county/last-week" "$county/taby/state/store"
agent_up taby
until_true "the centre refuses it" logged broker hello-refused agent=taby-1 reason=stale "org replace taby-1"
until_true "the board says so" misdeed_is_told taby-1 stale
equal "what the board says of solna-1" 0 "$(misdeeds_number solna-1)"
expect 1 "who asks it is told" at taby check
said "is a copy or an old backup" "samband org replace taby-1"
send_later=$(inbox_count taby "Event 3")
equal "what came after the backup is not there" 0 "$send_later"
expect 0 "org replace" tib org replace taby-1 --yes SKARPT
for number in 1 2 3; do
    until_true "Event $number at taby" inbox_has taby "Event $number"
    equal "times that Event $number is at taby" 1 "$(inbox_count taby "Event $number")"
done
send "Event 4"
fourth=$(made information)
# What was put back has forgotten that it rang; the centre gives that back as well.
until_true "Event 4 rang at taby" rang taby "$fourth"
for event in "$first" "$second" "$third" "$fourth"; do
    equal "times that $event rang at taby" 1 "$(rung taby "$event")"
done

say "two brokers, each on a copy of one store: the second finds the ports taken"
cp -r "$county/broker" "$county/second"
sed "s|^state: .*|state: $county/second|" "$county/broker/broker.yaml" >"$county/second.yaml"
broker_again() {
    timeout $((county_wait_s * county_slow)) "$county_bin/samband-broker" --config "$1"
}
expect 1 "a broker on a copy" broker_again "$county/second.yaml"
said "is in use by another process"
expect 1 "a second broker on the store itself" broker_again "$county/broker/broker.yaml"
said "is used by process ${county_pid[broker]}"
send "Event 5"

agent_down taby TERM
agent_down solna TERM
broker_down TERM
sound broker taby solna
