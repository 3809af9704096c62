#!/usr/bin/env bash
# A backup of the broker is made while events flow; more events, answers, a correction, a recall come
# after it. Then the broker is gone, and the backup is restored elsewhere: agents say so, hand back
# what it forgot, and all is as it was: board, timeline, stores. Nobody is rung twice, and the old
# broker, started again, is refused.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna
county_enrol taby solna

expect 0 "inform" inform "Event 1" taby/tib,solna/tib
first=$(made information)
until_true "Event 1 rang at taby" rang taby "$first"

say "the backup, while events flow"
for number in 2 3 4 5 6; do
    inform "Event $number" taby/tib,solna/tib >/dev/null 2>&1 || : >"$county/failed"
done &
flow=$!
expect 0 "backup" "$county_bin/samband-broker" backup "$county/saved" --config "$county/broker/broker.yaml"
said "$county/saved" "whole and checked" "privata nycklar"
wait $flow
[ ! -e "$county/failed" ] || fail "an event was refused while the backup was made"
equal "modes of the backup" "700 600" "$(stat -c %a "$county/saved" "$county/saved/store/data.mdb" | xargs)"
expect 0 "verify of the backup" samband verify "$county/saved/store"
expect 1 "a second backup there" "$county_bin/samband-broker" backup "$county/saved" --config "$county/broker/broker.yaml"
said "is there already and is not overwritten"
equal "what is left beside it" "" "$(ls -d "$county"/saved.partial 2>/dev/null)"

say "what comes after it"
expect 0 "inform" inform "Event 7" taby/tib,solna/tib
seventh=$(made information)
until_true "Event 7 rang at taby" rang taby "$seventh"
until_true "Event 7 rang at solna" rang solna "$seventh"
expect 0 "ack" at taby ack "$seventh" --as tib
expect 0 "correct" tib correct "$seventh" --text "Inte då" --json --yes SKARPT
correction=$(made correction)
expect 0 "reached" tib reached "$seventh" solna/tib --via rakel --yes SKARPT
expect 0 "inform" inform "Event 8" taby/tib,solna/tib
eighth=$(made information)
until_true "Event 8 rang at taby" rang taby "$eighth"
until_true "Event 8 rang at solna" rang solna "$eighth"
expect 0 "recall" tib recall "$eighth" --reason "Fel" --json --yes SKARPT
recall=$(made recall)
until_true "the answer counts" board_knows taby acked_at "$seventh"

# An agent reports once more of an alert when it rang, and then at its next step, a minute later;
# a correction and a recall are told, and reported no more.
for org in taby solna; do
    for event in "$first" "$seventh" "$eighth"; do
        until_true "$org notified of $event" board_knows $org notified_at "$event"
    done
    until_true "the correction rang at $org" rang $org "$correction"
    until_true "the recall rang at $org" rang $org "$recall"
done
shown "$first" "$seventh" "$eighth" >"$county/before"
rungs() { cat "$county"/*/rung | wc -l; }
rung_before=$(rungs)

say "the broker is gone; it is restored elsewhere"
broker_down KILL
mv "$county/broker" "$county/old"
expect 1 "restore over something" "$county_bin/samband-broker" restore "$county/saved" --state "$county/old"
said "holds something already" "move that folder away"
mkdir "$county/empty" # "." cannot be removed, whoever asks
expect 1 "restore over a folder that stays" "$county_bin/samband-broker" restore "$county/saved" --state "$county/empty/."
said "the empty folder $county/empty/. cannot be replaced" "run as root"
expect 1 "an agent's restore" "$county_bin/samband-agent" restore "$county/saved" --state "$county/x"
said "backup of samband-broker"
cp -r "$county/saved" "$county/half" && rm "$county/half/backup"
expect 1 "half a backup" "$county_bin/samband-broker" restore "$county/half" --state "$county/x"
said "is no whole backup"
cp -r "$county/saved" "$county/rotten"
at=$(grep -abo "Event 1" "$county/rotten/store/data.mdb" | head -1 | cut -d: -f1)
printf 'X' | dd of="$county/rotten/store/data.mdb" bs=1 seek="$at" conv=notrunc status=none
expect 3 "a damaged backup" "$county_bin/samband-broker" restore "$county/rotten" --state "$county/broker"
said "the store is damaged" "take an older backup"
[ ! -e "$county/broker" ] && [ ! -e "$county/broker.partial" ] || fail "something was made of a damaged backup"
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
    expect 1 "a folder that cannot be read through" env ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" \
        strace -f -o /dev/null -P "$county/saved" -e trace=getdents64 -e inject=getdents64:error=EIO \
        "$county_bin/samband-broker" restore "$county/saved" --state "$county/broker"
    said "$county/saved cannot be read" "Input/output error"
    [ ! -e "$county/broker" ] || fail "something was made of a backup that could not be read"
    rm -rf "$county/broker.partial"
else
    say "SKIPPED: a folder that cannot be read through (strace may not trace here)"
fi
expect 0 "restore" "$county_bin/samband-broker" restore "$county/saved" --state "$county/broker"
said "restored to the state of" "org list" "samband counters"
agent_down solna TERM
broker_up
unheard_is() { [ "$(counter tib put-back/unheard)" = "$1" ]; }
until_true "taby is heard" unheard_is 1
expect 1 "who may hold more" tib check
said "agents not heard since then"$'\t'1 "They may hold more"
agent_up solna

say "everything forgotten is back"
for agent in taby solna; do
    until_true "$agent hands back" logged $agent link-handed-back "the broker was restored"
done
until_true "all is recovered" counter_is_at_least tib broker/recovered 5
as_before() { shown "$first" "$seventh" "$eighth" >"$county/after" && cmp -s "$county/before" "$county/after"; }
until_true "board and timeline as before" as_before
equal "times that anybody rang" "$rung_before" "$(rungs)"
expect 0 "the broker says so" tib check
said "the store there was put back to an older state" "$(counter tib broker/recovered) events got back" "agents not heard since then"$'\t'0
expect 0 "på svenska" env -u LC_ALL LANG=sv_SE.UTF-8 "$county_bin/samband" --profile "$county/tib" check
said "hämtade från agenterna" "väntar på något som ingen agent har lämnat"$'\t'0
expect 0 "the agent says so" at taby check
said "handed back"
expect 0 "på svenska också" "$county_bin/samband" --connect "ipc://$county/taby/run/control" check
said "lämnades tillbaka"

say "and it goes on"
expect 0 "inform" inform "Event 9" taby/tib,solna/tib
until_true "Event 9 at taby" inbox_has taby "Event 9"
until_true "Event 9 at solna" inbox_has solna "Event 9"
broker_down TERM

say "the old one, started again, is refused"
mv "$county/broker" "$county/restored" && mv "$county/old" "$county/broker"
broker_up
until_true "taby refuses it" logged taby link-epoch
expect 1 "and says so" at taby check
said "another broker took over"
broker_down TERM
rm -rf "$county/broker" && mv "$county/restored" "$county/broker"
for name in taby solna; do
    county_end "$name" TERM
done
sound broker taby solna
