#!/usr/bin/env bash
# What an enrolled agent may send that no agent should: each is refused with a reason and counted,
# or dropped where it has no form at all; another agent goes on receiving, and the broker lives.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna nacka
county_enrol taby
agent_join solna # its keys are the rogue's
agent_join nacka # and another's, who does so much that its share of the work is spent

number=0
taby_goes_on() {
    number=$((number + 1))
    expect 0 "inform" inform "Event $number" taby/tib
    until_true "Event $number at taby" inbox_has taby "Event $number"
}

taby_goes_on # so that there is an event, or there is no board

# bad THING COUNTER MISDEED REASON WORDS…: refused with the reason and these words, and counted once,
# also on the board, which names solna's agent and that misdeed ("-": none).
bad() {
    local thing=$1 counter=$2 misdeed=$3 reason=$4 before told
    shift 4
    say "$thing"
    before=$(counter tib "$counter")
    told=$(misdeeds_of solna-1 "$misdeed" number)
    case $thing in
    other-org) expect 0 "$thing" "$county_bin/sb_rogue" "$county/solna/state" other-org taby ;;
    *) expect 0 "$thing" "$county_bin/sb_rogue" "$county/solna/state" "$thing" ;;
    esac
    said "refused $reason" "$@"
    equal "$counter after $thing" $((before + 1)) "$(counter tib "$counter")"
    [ "$misdeed" = - ] || told=$((told + 1))
    equal "times that the board says $misdeed of solna-1" "$told" "$(misdeeds_of solna-1 "$misdeed" number)"
    taby_goes_on
}

bad other-org broker/not-served not-served not-allowed "solna-1" "does not serve taby" "invite" \
    "tjänar inte taby; be Länsstyrelsen om en inbjudan"
logged broker frame-refused user=a:solna-1 reason=not-allowed || fail "the log does not tell"
bad no-org broker/malformed unreadable malformed "no organisation"
bad strange broker/malformed unreadable malformed
bad empty broker/malformed unreadable malformed
bad truncated broker/malformed unreadable malformed
bad trailing broker/malformed unreadable malformed
bad deep broker/malformed unreadable malformed
bad promising broker/malformed unreadable malformed
bad newer broker/malformed unreadable version "protokollversion 2" "protocol version 2"
bad oversized broker/too-large unreadable too-large "262145 bytes, at most 262144" "fewer entries"
logged broker frame-refused user=a:solna-1 reason=too-large || fail "the log does not tell"
bad no-session broker/session - session "greet again"
equal "sessions of the rogue" 0 "$(log_lines broker "agent-up agent=solna-1")"

say "two frames in one message: dropped, counted, logged"
expect 0 "two-frames" "$county_bin/sb_rogue" "$county/solna/state" two-frames
said silence
taby_goes_on
until_true "the broker logs what it dropped" logged broker messages-dropped
equal "dropped messages" 1 "$(counter tib broker/dropped)"

say "huge: the transport cuts the connection before anything is taken in"
expect 0 "huge" "$county_bin/sb_rogue" "$county/solna/state" huge
said silence
taby_goes_on

say "proofs by a wrong signature"
expect 0 "proofs" "$county_bin/sb_rogue" "$county/nacka/state" flood proofs 1
until_true "the board says so" misdeed_is_told nacka-1 false-proof
[ "$(misdeeds_of nacka-1 false-proof since)" != 0 ] || fail "the board does not say since when"
taby_goes_on

say "more to keep than its share of the store"
county_start hoarder "$county_bin/sb_rogue" "$county/nacka/state" flood big 600
until_true "the board says so" misdeed_is_told nacka-1 hoard
county_end hoarder KILL
taby_goes_on

say "the board says of each what it did, and of nobody else"
equal "kinds of misdeeds of solna-1: not-served, unreadable" 2 "$(misdeeds_number solna-1)"
equal "kinds of misdeeds of taby-1" 0 "$(misdeeds_number taby-1)"

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
