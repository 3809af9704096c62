#!/usr/bin/env bash
# Entries from the centre that an agent must refuse, with an alarm behind them: the alarm rings, the
# others ring nobody; each is kept, receipted, and told back with a verdict.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby
agent_join taby
broker_down TERM

agent_up taby
channel_start taby
expect 0 "the false broker's session" "$county_bin/sb_false_broker" "$county/broker" \
    "tcp://127.0.0.1:$county_link" taby-1 taby
said up "receipted 4" "verdict forged signature" "verdict exercise-key signature" "verdict other-origin not-allowed"
equal "verdicts" 3 "$(grep -c ^verdict <<<"$out")"

say "the good one rings, and only it"
good=$(inbox taby | jq -r '.[] | select(.title == "good") | .id')
until_true "the good one rings" rang taby "$good"
equal "events that rang" "$good" "$(jq -r .event "$county/taby/rung" | sort -u)"
equal "alarms of the agent" 1 "$(log_lines taby "alert=ringing")"
equal "bad signatures" 2 "$(counter taby refused/signature)"
equal "not allowed" 1 "$(counter taby refused/not-allowed)"
logged taby event=refused error=signature || fail "the log does not tell"

say "what was refused is not shown as if it were true"
equal "refused ones in the inbox without their verdict" 0 \
    "$(inbox taby | jq '[.[] | select(.title != "good" and .verdict == null)] | length')"
expect 0 "the inbox, as people see it" at taby inbox
for title in forged exercise-key other-origin; do
    shown=$(grep -F "$title" <<<"$out")
    [ -z "$shown" ] || [[ $shown == *"bad signature"* || $shown == *"not allowed"* ]] ||
        fail "a refused event stands in the inbox like a true one: $shown"
done
verdict=$(at taby events --json --kind verdict | jq -r 'first(.rows[] | select(.reason_code == "signature") | .id)')
expect 0 "the reason, to an English reader" at taby show "$verdict"
said "the event is not signed by the key"
[[ $out != *undertecknad* ]] || fail "both languages at once: $out"
expect 0 "the reason, to a Swedish reader" "$county_bin/samband" --connect "ipc://$county/taby/run/control" \
    show "$verdict"
said "posten är inte undertecknad med den nyckel"

expect 1 "nobody acknowledges a refused one" at taby ack \
    "$(at taby events --json | jq -r 'first(.rows[] | select(.title == "forged") | .id)')" --as tib

agent_down taby TERM
sound taby
equal "refused rows in the agent's log" 3 "$(samband verify "$county/taby/state/store" --json | jq .refused)"
