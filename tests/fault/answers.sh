#!/usr/bin/env bash
# Orders for forums, organisations and functions that are not there are refused with what to do;
# late answers are taken and marked; answers to what was recalled are taken, and that is told.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna
county_enrol taby solna

say "nothing is going on yet"
expect 0 "status of nothing" tib status
said "Nothing is going on" "AGENTS 2/3 (1 dark)" "none enrolled"
[[ $out != *"Solna stad"* ]] || fail "an agent that is heard is shown as dark: $out"
equal "its board, for a program" "null 0 2" \
    "$(tib status --json | jq -r '"\(.head) \(.seats | length) \([.orgs[] | select(.enrolled)] | length)"')"
expect 0 "at an agent" at taby status
equal "all that it says" "Nothing is going on." "$out"

declare_mandate() { # ORG
    expect 0 "$1 declares" at "$1" mandate declare tib samordnande --basis "order 7" --until 2099-12-31
}
declare_mandate taby
declare_mandate solna

say "unknown forum, organisation, function"
expect 1 "call to no forum" tib call nosuch "Storm" --at +2h --yes SKARPT
said "there is no forum nosuch" "forum list"
expect 1 "inform to no organisation" tib inform "X" --text x --to atlantis/tib --yes SKARPT
said "atlantis/tib" "org list"
expect 1 "inform to nothing" tib inform "X" --text x --to "/tib" --yes SKARPT
expect 1 "recall of no event" tib recall ffffffff --yes SKARPT
expect 1 "status of no event" tib status ffffffff
said "not found"
equal "events made by all that" 0 "$(tib events --json | jq '[.rows[] | select(.kind != "mandate")] | length')"

say "an acknowledgement for a seat that is not called, or by somebody who is not there"
expect 0 "call" tib call rsf "Storm" --at +2h --answer-by +30m --json --yes SKARPT
storm=$(made convening)
until_true "the call at taby" inbox_has taby "Storm"
until_true "the call at solna" inbox_has solna "Storm"
expect 1 "ack of no seat" at taby ack "$storm" --seat taby/nobody
said "calls no such seat"
expect 1 "ack by nobody" at taby ack "$storm" --person p99
said "p99 is not in the roster"
expect 1 "ack for another organisation" at taby ack "$storm" --for solna
said "solna"
expect 1 "ack of no event" at taby ack ffffffff
equal "taby's kvittens" "" "$(board_of taby acked_at "$storm")"

say "a late answer counts and is marked"
expect 0 "inform with a short time" inform "Ice" taby/tib,solna/tib --answer-by +4s
ice=$(made information)
until_true "at taby" inbox_has taby "Ice"
expect 0 "solna in time, or late as well" at solna ack "$ice" --as tib --person solna-p1
answer_by=$(tib status "$ice" --json | jq -r .head.answer_by)
passed() {
    [[ "$(date -u +%FT%T.%3NZ)" > "$answer_by" ]]
}
until_true "the time to answer has passed" passed
expect 0 "taby, late" at taby ack "$ice" --as tib --person taby-p1
said "after the deadline"
until_true "taby's kvittens counts" board_knows taby acked_at "$ice"
equal "marked late" true "$(board_of taby late "$ice")"
equal "its mandate" not-needed "$(board_of taby mandate "$ice")"

say "a later answer supersedes, both are kept"
expect 0 "taby: nej" at taby answer "$storm" no --as tib --person taby-p1
until_true "nej" board_is taby answer no "$storm"
expect 0 "taby: ja" at taby answer "$storm" yes --as tib --person taby-p1
until_true "ja" board_is taby answer yes "$storm"
equal "with mandate" valid "$(board_of taby mandate "$storm")"
equal "not late" "" "$(board_of taby late "$storm" | grep -v false)"
equal "answers in the log" 2 \
    "$(tib events --json | jq '[.rows[] | select(.kind == "attendance" and .origin == "taby")] | length')"

say "an answer to what was recalled"
expect 0 "recall" tib recall "$storm" --reason "wrong forum" --json --yes SKARPT
recalled() { # ORG
    inbox "$1" | jq -e --arg id "$storm" 'any(.[]; .id == $id and .recalled)' >/dev/null
}
until_true "solna knows of the recall" recalled solna
expect 1 "nobody is being tried for it" at solna answer "$storm" yes --as tib
said "nobody is being tried right now" "--person" "solna/tib: solna-p1, solna-p2, solna-p3"
expect 0 "solna answers all the same" at solna answer "$storm" yes --as tib --person solna-p1
said "recalled"
until_true "the centre takes it" board_is solna answer yes "$storm"
equal "the board says recalled" true "$(tib status "$storm" --json | jq .head.recalled)"

agent_down taby TERM
agent_down solna TERM
broker_down TERM
sound broker taby solna
