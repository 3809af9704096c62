#!/usr/bin/env bash
# The wall clock of the broker and of the agents jumps an hour ahead and an hour back, together and
# apart, under a load of orders and answers and while people are being rung: nobody is rung early, late
# or twice, no order and no answer is lost, the last answer stands, and the log and `samband check` say
# what happened.
. "$(dirname "$0")/../support/county.sh"
. "$(dirname "$0")/../support/accepted.sh"
county_begin "$@"
roster_step_ms=3600000
accepted_orgs=(taby solna)

# Only the daemons live by the clock that jumps.
eval "plain_$(declare -f county_start)"
county_start() {
    local name=$1
    shift
    case $name in
    broker | taby | solna | nacka)
        plain_county_start "$name" env SB_CLOCK_FILE="$county/clock-$name" \
            LD_PRELOAD="$county_bin/libsb_clock.so" \
            ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" "$@"
        ;;
    *) plain_county_start "$name" "$@" ;;
    esac
}
jump() { # SECONDS WHO…
    local beside=$1 who
    shift
    for who in "$@"; do
        echo "$beside" >"$county/clock-$who.new" && mv "$county/clock-$who.new" "$county/clock-$who"
    done
}

county_found lst-ab "${accepted_orgs[@]}" nacka
county_enrol "${accepted_orgs[@]}"
roster_step_ms=5000
county_enrol nacka
users_start 11

rung_in_all() { # EVENT
    [ "$(rung nacka "$1")" -ge "$2" ]
}
# step_during JUMP WHO…: somebody at nacka is rung; the clock jumps; the next is rung when the step of
# 5 s is over, neither at once nor an hour later. Seen from outside, so half a second early is in time.
step_during() {
    local event from
    expect 0 "inform" inform "Clock $*" nacka/tib
    event=$(made information)
    order_by_hand "$event" information - nacka
    until_true "the first is rung" rung_in_all "$event" 1
    from=$EPOCHREALTIME
    jump "$@"
    until_true "the next is rung" rung_in_all "$event" 2
    from=$(county_ms_since "$from")
    say "clock $*: the next was rung after $from ms"
    [ "$from" -ge 3500 ] || fail "the next was rung after $from ms, not 5000"
    [ "$from" -le $((15000 * county_slow)) ] || fail "the next was rung after $from ms, not 5000"
    expect 0 "the answer of who was rung" at nacka answer "$event" yes --as tib --person nacka-p2 --json
    answer_by_hand nacka "$event" yes
    until_true "it is on the board" board_is nacka answer yes "$event"
    expect 0 "another word" at nacka answer "$event" no --as tib --person nacka-p2 --json
    answer_by_hand nacka "$event" no
    until_true "the last word stands" board_is nacka answer no "$event"
}
step_during 3600 broker taby solna nacka
step_during 0 broker taby solna nacka
step_during -3600 nacka
expect 1 "check says it" at nacka check
step_during 3600 broker nacka
step_during -3600 broker nacka

say "a word that was given before the clock was put back does not stand over a later one"
expect 0 "inform" inform "Said twice" nacka/tib
event=$(made information)
order_by_hand "$event" information - nacka
until_true "it rings" rung_in_all "$event" 1
jump 3600 broker nacka
expect 0 "yes" at nacka answer "$event" yes --as tib --person nacka-p1 --json
answer_by_hand nacka "$event" yes
until_true "yes" board_is nacka answer yes "$event"
jump 0 broker nacka
expect 0 "no" at nacka answer "$event" no --as tib --person nacka-p1 --json
answer_by_hand nacka "$event" no
until_true "no stands at the centre" board_is nacka answer no "$event"
equal "and at home" no "$(inbox nacka | jq -r --arg id "$event" '.[] | select(.id == $id) | .answer')"
for who in broker nacka; do
    until_true "the log of $who tells of the jumps" logged "$who" clock-jumped "by_s=3600"
    until_true "and back" logged "$who" clock-jumped "by_s=-3600"
done

say "nobody was rung twice, and everything is where it was promised"
equal "attempts at nacka made twice" "" \
    "$(jq -r 'select(.repeat | not) | .attempt' "$county/nacka/rung" | sort | uniq -d)"
agent_down nacka TERM
county_end nacka-channel TERM
users_stop
jump 0 broker taby solna
accepted_judge 5
sound nacka
