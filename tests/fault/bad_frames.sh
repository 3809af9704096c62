#!/usr/bin/env bash
# What an enrolled agent may send that no agent should: each is refused with a reason and counted,
# or dropped where it has no form at all; another agent goes on receiving, and the broker lives.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna
county_enrol taby
agent_join solna # its keys are the rogue's

number=0
taby_goes_on() {
    number=$((number + 1))
    expect 0 "inform" inform "Event $number" taby/tib
    until_true "Event $number at taby" inbox_has taby "Event $number"
}

# bad THING COUNTER REASON WORDS…: refused with the reason and these words, and counted once.
bad() {
    local thing=$1 counter=$2 reason=$3 before
    shift 3
    say "$thing"
    before=$(counter tib "$counter")
    case $thing in
    other-org) expect 0 "$thing" "$county_bin/sb_rogue" "$county/solna/state" other-org taby ;;
    *) expect 0 "$thing" "$county_bin/sb_rogue" "$county/solna/state" "$thing" ;;
    esac
    said "refused $reason" "$@"
    equal "$counter after $thing" $((before + 1)) "$(counter tib "$counter")"
    taby_goes_on
}

bad other-org broker/not-served not-allowed "solna-1" "does not serve taby" "invite" \
    "tjänar inte taby; be Länsstyrelsen om en inbjudan"
logged broker frame-refused user=a:solna-1 reason=not-allowed || fail "the log does not tell"
bad no-org broker/malformed malformed "no organisation"
bad strange broker/malformed malformed
bad empty broker/malformed malformed
bad truncated broker/malformed malformed
bad trailing broker/malformed malformed
bad deep broker/malformed malformed
bad promising broker/malformed malformed
bad newer broker/malformed version "protokollversion 2" "protocol version 2"
bad oversized broker/too-large too-large "262145 bytes, at most 262144" "fewer entries"
logged broker frame-refused user=a:solna-1 reason=too-large || fail "the log does not tell"
bad no-session broker/session session "greet again"
equal "sessions of the rogue" 0 "$(log_lines broker "agent-up agent=solna-1")"

say "two frames in one message: dropped, counted, logged"
expect 0 "two-frames" "$county_bin/sb_rogue" "$county/solna/state" two-frames
said silence
equal "dropped messages" 1 "$(counter tib broker/dropped)"
taby_goes_on
until_true "the broker logs what it dropped" logged broker messages-dropped

say "huge: the transport cuts the connection before anything is taken in"
expect 0 "huge" "$county_bin/sb_rogue" "$county/solna/state" huge
said silence
taby_goes_on

say "the same keys, used honestly, are let in"
agent_up solna
until_true "solna is connected" logged broker agent-up agent=solna-1
expect 0 "inform" inform "To both" taby/tib,solna/tib
until_true "at solna" inbox_has solna "To both"

county_runs "${county_pid[broker]}" || fail "the broker ended"
broker_down TERM
equal "the broker's exit status" 0 "$ended"
agent_down taby TERM
agent_down solna TERM
sound broker taby solna
