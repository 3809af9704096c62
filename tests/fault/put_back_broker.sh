#!/usr/bin/env bash
# The broker's folder is put back as it was some time ago, without `samband-broker restore`: a plain
# copy, as a snapshot or rsync makes one while the broker stands. It does not know that it was put
# back, but its agents have had later sessions: they say so, what it forgot is handed back, and nobody
# is rung twice.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna
county_enrol taby solna

send() { # TITLE: rings at both, and the centre knows; sets $event
    local org
    expect 0 "inform" inform "$1" taby/tib,solna/tib
    event=$(made information)
    for org in taby solna; do
        until_true "$1 rang at $org" rang $org "$event"
        until_true "the centre knows that $1 rang at $org" board_knows $org notified_at "$event"
    done
}
send "Event 1"
events=("$event")

say "a copy of the folder, while the broker stands"
broker_down TERM
cp -a "$county/broker" "$county/snapshot"
broker_up
for org in taby solna; do
    until_true "a later session of $org" logged broker agent-up agent=$org-1 session=2
done

say "what comes after it"
send "Event 2"
events+=("$event")
expect 0 "ack" at taby ack "$event" --as tib
until_true "the answer counts" board_knows taby acked_at "$event"
send "Event 3"
events+=("$event")
expect 0 "recall" tib recall "$event" --reason "Fel" --json --yes SKARPT
recall=$(made recall)
for org in taby solna; do
    until_true "the recall rang at $org" rang $org "$recall"
done
shown "${events[@]}" >"$county/before"
rungs() { cat "$county"/*/rung | wc -l; }
rung_before=$(rungs)

say "the broker's folder is put back"
broker_down KILL
rm -rf "$county/broker"
cp -a "$county/snapshot" "$county/broker"
broker_up
for org in taby solna; do
    until_true "$org hands back" logged $org link-handed-back "the broker was restored"
done
until_true "all is recovered" counter_is_at_least tib broker/recovered 3
as_before() { shown "${events[@]}" >"$county/after" && cmp -s "$county/before" "$county/after"; }
until_true "board and timeline as before" as_before
expect 0 "the broker says so" tib check
said "put back to an older state" "3 events got back" "no agent has handed back"$'\t'0 "not heard since then"$'\t'0
equal "and to a program" 3 "$(tib counters --json | jq '.rows[] | select(.counter == "put-back") | .number')"
expect 0 "the agent says so" at taby check
said "handed back"
logged broker event-recovered || fail "the broker's log does not tell"

say "and it goes on"
send "Event 4"
equal "times that anybody rang" $((rung_before + 2)) "$(rungs)"
for event in "${events[@]}"; do
    for org in taby solna; do
        equal "times that $event rang at $org" 1 "$(rung $org "$event")"
    done
done
for name in taby solna broker; do
    county_end $name TERM
    equal "end of $name" 0 "$ended"
done
sound broker taby solna
