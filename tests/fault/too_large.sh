#!/usr/bin/env bash
# A frame or request over its limit, in each direction and on each socket: refused with the reason,
# counted under its name, logged, and the connection goes on; only what is far too large is cut.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna
county_enrol taby
agent_join solna # its keys are the rogue's

rogue() {
    "$county_bin/sb_rogue" "$county/solna/state" "$@"
}

say "on the link: refused, and the same connection greets well after it"
expect 0 "oversized" rogue oversized hello
said "refused too-large: ett meddelande på 262145 byte" "a frame of 262145 bytes, at most 262144" "answered WELCOME"
equal "counted" 1 "$(counter tib broker/too-large)"
logged broker frame-refused user=a:solna-1 reason=too-large || fail "the log does not tell"

say "on the broker's control endpoint"
expect 0 "big request" rogue big-request "tcp://127.0.0.1:$county_control"
said "refused too-large: en begäran på 262145 byte, högst 32768" "at most 32768 are allowed"
equal "counted" 1 "$(counter tib broker/refused/too-large)"
logged broker request-unreadable user=a:solna-1 reason=too-large || fail "the log does not tell"

say "on an agent's local socket"
expect 0 "big request" rogue big-request "ipc://$county/taby/run/control"
said "refused too-large: en begäran på 262145 byte, högst 32768" "at most 32768 are allowed"
equal "counted" 1 "$(counter taby control/refused/too-large)"
logged taby request=unreadable error=too-large || fail "the log does not tell"

say "far too large: cut by the transport, and nobody else notices"
expect 0 "huge" rogue huge
said silence
expect 0 "huge request" rogue huge-request "tcp://127.0.0.1:$county_control"
said silence
expect 0 "huge local request" rogue huge-request "ipc://$county/taby/run/control"
said silence
expect 0 "inform" inform "Goes on" taby/tib
until_true "at taby" inbox_has taby "Goes on"

say "a text that no request can hold is refused before it is sent"
expect 0 "a long text is written" bash -c "head -c 40000 /dev/zero | tr '\\0' x >'$county/long.txt'"
expect 2 "inform with it" tib inform "Long" --to taby/tib --file "$county/long.txt" --yes SKARPT
said "16384"

say "a centre that sends too much: told so, and what it sends after that arrives"
agent_down taby TERM
broker_down TERM
agent_up taby
expect 0 "the false broker's session" "$county_bin/sb_false_broker" "$county/broker" \
    "tcp://127.0.0.1:$county_link" taby-1 taby oversized
said "refused too-large: ett meddelande på 262145 byte" "a frame of 262145 bytes" "receipted 4"
equal "times that the agent greeted" 2 "$(grep -c '^up$' <<<"$out")"
equal "counted at the agent" 1 "$(counter taby link/too-large)"
logged taby frame=refused error=too-large || fail "the agent's log does not tell"
agent_down taby TERM
sound taby
