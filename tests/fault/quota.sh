#!/usr/bin/env bash
# A store has a quota of its own. What nears it is told early, in the log, on the board and by check;
# a full one refuses with what to do, loses nothing, and goes on when it may use more: broker and agent.
. "$(dirname "$0")/../support/county.sh"
. "$(dirname "$0")/../support/accepted.sh"
county_begin "$@"
roster_step_ms=3600000
accepted_orgs=(taby solna)

say "a quota out of its limits is a mistake in the settings"
county_found lst-ab "${accepted_orgs[@]}"
county_enrol "${accepted_orgs[@]}"
for wrong in 3 8193; do
    sed "\$aquota-mebibytes: $wrong" "$county/broker/broker.yaml" >"$county/wrong.yaml"
    expect 1 "$wrong MiB" "$county_bin/samband-broker" --config "$county/wrong.yaml" --check-config
    said "wrong.yaml:" "quota-mebibytes" "is $wrong" "4 to 8192"
    sed "\$aquota-mebibytes: $wrong" "$county/taby/agent.yaml" >"$county/wrong.yaml"
    expect 1 "$wrong MiB" "$county_bin/samband-agent" --config "$county/wrong.yaml" --check-config
    said "wrong.yaml:" "quota-mebibytes" "4 to 8192"
done

broker_down TERM
agent_down taby TERM
echo "quota-mebibytes: 6" >>"$county/broker/broker.yaml"
echo "quota-mebibytes: 4" >>"$county/taby/agent.yaml"
broker_up
agent_up taby
users_start 7

say "orders until the broker takes no more"
"$county_bin/sb_users" fill "$county/tib" "$county/stop" 2000 16000 solna >>"$county/orders-full.log"
equal "the last one was refused" "refused full" "$(tail -n 1 "$county/orders-full.log" | cut -d' ' -f1,2)"
for left in low scarce none; do
    until_true "told: $left" logged broker store-room "left=$left" "of the 6 MiB it may have" "quota-mebibytes"
done
expect 1 "an order" inform "Too late" solna/tib
said "raise quota-mebibytes in the settings and start it again"
expect 1 "på svenska" "$county_bin/samband" --profile "$county/tib" inform "Too late" --to taby/tib \
    --text x --yes SKARPT
said "höj quota-mebibytes i inställningarna och starta om"
expect 0 "the board says so" tib status
said "of the 6 MiB it may have"
expect 1 "check says so" tib check
said "room in the store"
answers=$(answers_accepted | wc -l)
answers_go_on() {
    [ "$(answers_accepted | wc -l)" -gt "$answers" ]
}
until_true "answers go on" answers_go_on

say "what was kept free is used up too: it stays, can be read, and stores nothing"
"$county_bin/sb_users" notes "$county/taby/run/control" "$county/stop" 40 16000 >>"$county/notes.log"
until_true "the broker says so" logged broker store-full "of the 6291456 it may have"
expect 0 "the board can be read" tib status
said "nothing can be stored"

say "it may use more: it goes on with everything"
broker_down TERM
sed -i 's/quota-mebibytes: 6/quota-mebibytes: 64/' "$county/broker/broker.yaml"
broker_up
expect 0 "an order" inform "In time" solna/tib
order_by_hand "$(made information)" information - solna
expect 0 "the board" tib status
[[ $out != *"may have"* ]] || fail "the board still warns"

# By and by: of what comes in one frame, which after a pause is much, none is stored where not all has
# room, and a level that lies between may never be reached.
say "an agent's quota"
taby_holds_all() {
    [ "$(grep -c '^accepted' "$county/orders-full.log")" -le "$(($(facts taby | grep -c '^got') + held_else))" ] ||
        logged taby store-full
}
fill_taby() { # COUNT
    local from
    from=$(grep -c '^accepted' "$county/orders-full.log")
    held_else=$((from - $(facts taby | grep -c '^got')))
    "$county_bin/sb_users" fill "$county/tib" "$county/stop" "$1" 16000 taby >>"$county/orders-full.log"
    until_true "taby holds $1 more, or is full" taby_holds_all
}
for ((filled = 0; filled < 150; filled++)); do
    if logged taby store-full; then
        break
    elif logged taby store-room left=low; then
        fill_taby 2
    else
        fill_taby 10
    fi
done
for left in low scarce none; do
    until_true "told: $left" logged taby store-room "left=$left" "of the 4 MiB it may have"
done
until_true "the agent is full" logged taby store-full "of the 4194304 it may have"
expect 0 "its inbox can be read" at taby inbox
expect 1 "check says so" at taby check
said "room in the store" "quota-mebibytes"
expect 1 "an answer is not taken" at taby note "Too late"
said "nothing can be stored, all that was stored is there"

say "it has room for some of what came while it slept: that is stored, if not all at once"
agent_down taby TERM
sed -i 's/quota-mebibytes: 4/quota-mebibytes: 5/' "$county/taby/agent.yaml"
agent_up taby
expect 0 "its inbox can be read" at taby inbox
county_signal taby STOP
slept_at=$(facts taby | grep -c '^got')
"$county_bin/sb_users" fill "$county/tib" "$county/stop" 60 16000 taby >>"$county/orders-full.log"
county_signal taby CONT
took_ten() {
    [ "$(facts taby | grep -c '^got')" -ge $((slept_at + 10)) ]
}
until_true "it takes what it has room for" took_ten
agent_down taby TERM
sed -i 's/quota-mebibytes: 5/quota-mebibytes: 64/' "$county/taby/agent.yaml"
agent_up taby
users_stop
accepted_judge 5
