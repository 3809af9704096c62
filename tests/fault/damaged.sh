#!/usr/bin/env bash
# A rotten bit in the broker's store. Who asks for the event that it struck is told, with the remedy;
# what is behind that event reaches every agent, and from a backup so does the event. Where nothing
# can be decided without the record, the broker ends with status 3 and a sentence that says which.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna
county_enrol taby solna
store=$county/broker/store

# rot PATTERN: turns bits in every place that it fits, line ends among them (perl). Nobody may have
# the store open.
rot() {
    local at places
    places=$(LC_ALL=C perl -0777 -ne 'BEGIN { $what = shift } print "$-[0]\n" while /$what/gs' "$1" "$store/data.mdb")
    [ -n "$places" ] || fail "$1 is not in the store"
    for at in $places; do
        printf '~' | dd of="$store/data.mdb" bs=1 seek="$at" conv=notrunc status=none
    done
}
broker_ended() {
    ! county_runs "${county_pid[broker]}"
}

expect 0 "inform" inform "Event 1" taby/tib
struck=$(made information)
expect 0 "inform" inform "Event 2" taby/tib
whole=$(made information)
until_true "taby has receipted them" board_knows taby stored_at "$whole"
broker_down TERM
rot "Text: Event 1"
broker_up
for org in taby solna; do
    until_true "$org is back" logged broker agent-up "agent=$org-1" session=2
done

say "who asks for it is told, and what to do"
for verb in show status timeline; do
    expect 1 "$verb" tib $verb "$struck"
    said "store is damaged" "in table log is damaged" "samband verify" "restore" "from a backup"
done
expect 1 "recall" tib recall "$struck" --yes SKARPT
said "store is damaged"
logged broker request-refused verb=show reason=corrupt || fail "it is not in the log"
counter_is_at_least tib broker/refused/corrupt 4 || fail "they are not counted"

say "a list tells the others, and which one it cannot"
expect 0 "events" tib events --json
equal "in its place" 1 "$(jq '[.rows[] | select(.verdict == "corrupt" and .id == null)] | length' <<<"$out")"
equal "the other" 1 "$(jq '[.rows[] | select(.title == "Event 2")] | length' <<<"$out")"
expect 0 "events for people" tib events
said "cannot be read, the store is damaged" "Event 2"

say "all else goes on, in the same process"
expect 0 "inform" inform "Event 3" taby/tib,solna/tib
until_true "at taby" inbox_has taby "Event 3"
until_true "at solna" inbox_has solna "Event 3"
county_lives broker || fail "the broker has ended"
expect 1 "verify" samband verify "$store" --json
equal "sound" false "$(jq .sound <<<"$out")"

say "an agent has yet to get one: it gets what is behind it, and the log says so"
agent_down taby TERM
expect 0 "inform" inform "Event 4" taby/tib
expect 0 "inform" inform "Event 5" taby/tib
broker_down TERM
equal "a stop as asked" 0 "$ended"
cp -r "$store" "$county/backup"
rot "Text: Event 4"
broker_up
agent_up taby
until_true "at taby" inbox_has taby "Event 5"
equal "at taby" 0 "$(inbox_count taby "Event 4")"
logged broker entry-lost agent=taby-1 "in table log is damaged" || fail "it is not in the log"
counter_is_at_least tib link/lost 1 || fail "it is not counted"

say "from the backup it gets that too"
broker_down TERM
rm -r "$store"
mv "$county/backup" "$store"
broker_up
until_true "at taby" inbox_has taby "Event 4"
equal "at taby" 1 "$(inbox_count taby "Event 5")"

say "a record without which nothing can be decided: who solna's agent is"
broker_down TERM
cp -r "$store" "$county/backup"
rot "$(head -c 176 "$county/solna/state/keys/cert" | tail -c 48 | sed 's/../\\x&/g')"
broker_start
until_true "the broker ends" broker_ended
county_gone broker
equal "its status" 3 "$ended"
logged broker "samband-broker: lagringen $store:" "i tabellen agent är skadad" \
    "fortsätt inte med den: återställ den från en säkerhetskopia" || fail "it does not say why"
logged broker "the store $store:" "in table agent is damaged" \
    "do not go on with it: restore it from a backup" || fail "it does not say why in English"
! grep -q "cannot be:" "$county/broker.log" || fail "an assertion failed"

say "from the backup all goes on"
rm -r "$store"
mv "$county/backup" "$store"
broker_up
expect 0 "inform" inform "Event 6" taby/tib,solna/tib
until_true "at taby" inbox_has taby "Event 6"
until_true "at solna" inbox_has solna "Event 6"
agent_down taby TERM
agent_down solna TERM
broker_down TERM
sound taby solna
