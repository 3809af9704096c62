#!/usr/bin/env bash
# Keys that are not, or no longer, enrolled: refused at the handshake and counted, told once an
# interval; an agent that is revoked while it is connected is refused at its next message.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna nacka
county_enrol taby solna

handshakes_refused() {
    grep -o 'handshakes-refused count=[0-9]*' "$county/broker.log" | awk -F= '{ n += $2 } END { print n + 0 }'
}
refused_more_than() {
    [ "$(handshakes_refused)" -gt "$1" ]
}

say "a key that nobody enrolled"
agent_join nacka
head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$county/nacka/state/keys/curve"
equal "refused so far" 0 "$(handshakes_refused)"
expect 0 "a stranger greets" "$county_bin/sb_rogue" "$county/nacka/state" knock
said "cannot send" silence
until_true "the handshake is counted and logged" refused_more_than 0
logged broker handshakes-refused 'reason="key not enrolled"' || fail "the log gives no reason"
until_true "and counted in the store" counter_is_at_least tib broker/handshake/not-found 1
logged broker agent-up agent=nacka-1 && fail "the stranger has a session"

say "a stranger that comes again and again is logged once an interval, not each time"
before=$(log_lines broker handshakes-refused)
from=$EPOCHREALTIME
for _ in 1 2 3 4 5 6; do
    "$county_bin/sb_rogue" "$county/nacka/state" knock >/dev/null 2>&1
done
passed_ms=$(county_ms_since "$from")
more=$(($(log_lines broker handshakes-refused) - before))
[ "$more" -le $((1 + passed_ms / 10000)) ] || fail "$more lines in $passed_ms ms"
county_checks=$((county_checks + 1))

say "others go on meanwhile"
expect 0 "inform" inform "Event 1" taby/tib,solna/tib
until_true "Event 1 at taby" inbox_has taby "Event 1"
until_true "Event 1 at solna" inbox_has solna "Event 1"

say "revoked while connected: refused at the next message"
expect 0 "org revoke" tib org revoke solna-1 --yes SKARPT
until_true "the broker tells the agent" logged broker frame-refused user=a:solna-1 reason=revoked
until_true "it is counted" counter_is_at_least tib broker/not-admitted 1
until_true "the agent's own log tells why" logged solna link-refused error=revoked \
    "ask for a new invitation"
expect 1 "and who asks it" at solna check
said "the centre refuses" "revoked" "ask for a new invitation"
expect 1 "på svenska" "$county_bin/samband" --connect "ipc://$county/solna/run/control" check
said "centralen nekar" "agenten solna-1" "är spärrad" "be Länsstyrelsen om en ny inbjudan"
expect 0 "inform" inform "Event 2" taby/tib,solna/tib
until_true "Event 2 at taby" inbox_has taby "Event 2"
equal "times that Event 2 is at the revoked agent" 0 "$(inbox_count solna "Event 2")"
equal "solna's rung" queued "$(board_of solna rung)"
said_of_solna=$(board_of solna notice)
[ -n "$said_of_solna" ] || fail "the board does not say that solna cannot be reached"

say "revoked, and back after a restart: refused at the handshake"
before=$(handshakes_refused)
agent_down solna TERM
agent_up solna
until_true "the handshake is refused" refused_more_than "$before"
until_true "and counted" counter_is_at_least tib broker/handshake/revoked 1
equal "times that Event 2 is at the revoked agent" 0 "$(inbox_count solna "Event 2")"

say "a new invitation makes it whole: nothing is lost"
agent_down solna TERM
mv "$county/solna/state/keys" "$county/solna/old-keys"
token=$(token_of solna --agent solna-2)
expect 0 "join again" "$county_bin/samband-agent" join "$token" --state "$county/solna/state"
agent_up solna
until_true "Event 2 at solna" inbox_has solna "Event 2"
equal "times that Event 1 is at solna" 1 "$(inbox_count solna "Event 1")"
