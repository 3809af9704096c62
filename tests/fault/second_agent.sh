#!/usr/bin/env bash
# One organisation with two agents, each with its own store, people and channel: each gets every
# event once and calls its own people, what is answered at either is on the board, and the
# organisation is dark when both are, not before.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna
broker_down TERM
echo "dark-after-seconds: 6" >>"$county/broker/broker.yaml"
broker_up
county_enrol taby solna
second_enrol taby
both=(taby taby_2)

org_agents() {
    tib org list --json | jq -c --arg org taby '[.rows[] | select(.org == $org) | .agent]'
}
equal "agents of taby in the register" '["taby-1","taby-2"]' "$(org_agents)"
expect 0 "a mandate is declared at the first" at taby mandate declare tib samordnande \
    --basis "order 7" --until 2099-12-31
mandates_are() { # NUMBER
    [ "$(tib mandate list --json | jq '[.rows[] | select(.org == "taby")] | length')" = "$1" ]
}
until_true "the centre knows the one mandate" mandates_are 1

say "a call rings at both, each event once"
expect 0 "call" tib call rsf "Storm" --at +2h --answer-by +30m --json --yes SKARPT
convening=$(made convening)
for agent in "${both[@]}"; do
    until_true "the call at $agent" inbox_has "$agent" "Storm"
    until_true "it rings at $agent" rang "$agent" "$convening"
done
equal "the convening's rows on the board" 1 \
    "$(board "$convening" | jq '[.[] | select(.seat == "taby/tib")] | length')"

say "an answer at the second one is seen on the board, with the mandate that was declared at the first"
expect 0 "yes at the second" at taby_2 answer "$convening" yes --as tib
until_true "it counts" board_is taby answer yes "$convening"
equal "colour" green "$(board_of taby colour "$convening")"
equal "person" taby_2-p1 "$(board_of taby person "$convening")"

say "the first one knows: it rings nobody more, not even after a nej of its own person"
answered_at() { # AGENT ANSWER
    at "$1" inbox --json | jq -e --arg id "$convening" --arg answer "$2" \
        '.rows[] | select(.id == $id) | .answer == $answer' >/dev/null
}
until_true "the first one knows the answer" answered_at taby yes
expect 0 "no at the first" at taby answer "$convening" no --as tib --person taby-p1
until_true "the second one knows of the nej" logged taby_2 answered=elsewhere person=taby-p1
equal "the board's answer" yes "$(board_of taby answer "$convening")"
equal "attempts at the first" 1 "$(rung taby "$convening")"

say "a kvittens at the first one counts as well"
expect 0 "inform" inform "Information" taby/tib,solna/tib
information=$(made information)
for agent in "${both[@]}" solna; do
    until_true "the information at $agent" inbox_has "$agent" "Information"
done
expect 0 "kvittens at the first" at taby ack "$information" --as tib
until_true "it counts" board_is taby person taby-p1 "$information"

say "one killed: the organisation is not dark, and hears what comes"
agent_down taby_2 KILL
county_end taby_2-channel KILL
until_true "the centre misses it" logged broker agent-dark agent=taby-2
equal "dark" "" "$(board_of taby dark_since "$information")"
expect 0 "inform" inform "To the first" taby/tib
first=$(made information)
until_true "it rings at the first" rang taby "$first"
until_true "stored on the board" board_knows taby stored_at "$first"
equal "colour" amber "$(board_of taby colour "$first")"

say "both killed: dark since the later one, with the number to ring"
agent_down taby KILL
county_end taby-channel KILL
until_true "dark on the board" board_knows taby dark_since "$information"
expect 0 "inform while both are away" inform "To nobody" taby/tib
nobody=$(made information)
equal "colour" red "$(board_of taby colour "$nobody")"
equal "has a number to ring" true "$(board "$nobody" | jq '.[0].ring != null')"

say "one back: no longer dark, rings what came meanwhile, once"
agent_up taby_2
channel_start taby_2
until_true "not dark" board_is taby dark_since "" "$nobody"
for event in "$first" "$nobody"; do
    until_true "it rings at the second" rang taby_2 "$event"
done

say "the other back: the same, and each has every event once"
agent_up taby
channel_start taby
until_true "it rings at the first" rang taby "$nobody"
for agent in "${both[@]}"; do
    for event in "$convening" "$information" "$first" "$nobody"; do
        equal "times of an event at $agent" 1 \
            "$(inbox "$agent" | jq --arg id "$event" '[.[] | select(.id == $id)] | length')"
        equal "rings at $agent" 1 "$(jq -r --arg id "$event" \
            'select(.event == $id and (.repeat | not)) | .attempt' "$county/$agent/rung" | wc -l)"
    done
done

say "one revoked: the other is the organisation"
expect 0 "org revoke" tib org revoke taby-2 --yes SKARPT
agent_down taby_2 TERM
expect 0 "inform" inform "The last" taby/tib
last=$(made information)
until_true "it rings at the first" rang taby "$last"
equal "dark" "" "$(board_of taby dark_since "$last")"
agent_down taby TERM
agent_down solna TERM
broker_down TERM
sound broker taby taby_2 solna
