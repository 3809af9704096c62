#!/usr/bin/env bash
# Events that an enrolled agent may not send: stored, receipted, refused with a verdict that goes
# back, and never acted on; the good ones behind them get through. A broken chain is dropped and
# asked for again.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna nacka
county_enrol taby
for org in solna nacka; do
    agent_join $org # their keys are the rogue's
done
expect 0 "call" tib call rsf "Storm" --at +2h --answer-by +30m --json --yes SKARPT
convening=$(made convening)
until_true "the call at taby" inbox_has taby "Storm"

say "five bad events and a good one behind each"
expect 0 "the rogue's session" "$county_bin/sb_rogue" "$county/solna/state" session \
    forged exercise-key other-origin brokers-kind \
    "bad-ack" "bad-ack=$convening:solna/nobody" "bad-ack=$convening:taby/tib" \
    note "ack=$convening:solna/tib"
said "up" "receipted 9" \
    "verdict forged signature" "verdict exercise-key signature" \
    "verdict other-origin not-allowed: posten är från lst-ab men kom i strömmen från solna" \
    "an event of lst-ab in the stream of solna" \
    "verdict brokers-kind not-allowed" \
    "verdict bad-ack not-found" \
    "solna/nobody is not called by that event" "solna cannot answer for taby" \
    "solna/nobody är inte kallad av den posten" "solna kan inte svara för taby"
equal "verdicts" 7 "$(grep -c ^verdict <<<"$out")"

say "each refusal is counted and logged, and changed nothing"
equal "bad signatures" 2 "$(counter tib broker/entry/signature)"
equal "not allowed" 4 "$(counter tib broker/entry/not-allowed)"
equal "not found" 1 "$(counter tib broker/entry/not-found)"
logged broker entry-refused agent=solna-1 reason=signature || fail "the log does not tell"
mandates() { # ORG
    tib mandate list --json | jq --arg org "$1" '[.rows[] | select(.org == $org)] | length'
}
mandate_known() {
    [ "$(mandates "$1")" = 1 ]
}
expect 0 "taby declares a mandate" at taby mandate declare tib samordnande --basis "order 7" \
    --until 2099-12-31 --json
until_true "taby's mandate is known" mandate_known taby
equal "mandates of solna" 0 "$(mandates solna)"
equal "taby's rung" "" "$(board_of taby acked_at "$convening")"
equal "the good note behind them" 1 \
    "$(tib events --json | jq '[.rows[] | select(.kind == "note" and .origin == "solna" and (.verdict // "ok") == "ok")] | length')"
until_true "the good kvittens behind them counts" board_knows solna acked_at "$convening"

say "a broken chain is dropped and asked for again: what was sent arrives whole, once"
expect 0 "the rogue's session" "$county_bin/sb_rogue" "$county/nacka/state" session chain \
    note "ack=$convening:nacka/tib"
said "up" "spoiled the chain" "receipted 2"
equal "broken chains" 1 "$(counter tib link/chain)"
until_true "its kvittens counts" board_knows nacka acked_at "$convening"
equal "notes of nacka" 1 \
    "$(tib events --json | jq '[.rows[] | select(.kind == "note" and .origin == "nacka")] | length')"

say "the county goes on"
expect 0 "inform" inform "Afterwards" taby/tib
until_true "at taby" inbox_has taby "Afterwards"
expect 0 "taby acknowledges" at taby ack "$convening" --as tib --person taby-p1
until_true "taby's kvittens counts" board_knows taby acked_at "$convening"
agent_down taby TERM
broker_down TERM
sound broker taby
equal "refused rows in the broker's log" 7 "$(samband verify "$county/broker/store" --json | jq .refused)"
