# power_cut.sh: what power_cut_ext4 and power_cut_xfs have in common. $cut_type and $cut_size: the file
# system. Broker and agents lie on it; the power goes at random instants under a load of orders and
# answers, and the outside checker must find everything that anybody was promised.
county_begin "$@"
seed=${SAMBAND_TEST_SEED:-$((EPOCHSECONDS % 30000))}
cuts_wanted=${SAMBAND_TEST_CUTS:-5}
roster_step_ms=3600000
accepted_orgs=(taby solna)
disk_make disk "$cut_type" "$cut_size"
county_found lst-ab "${accepted_orgs[@]}"
county_enrol "${accepted_orgs[@]}"
for who in broker "${accepted_orgs[@]}"; do
    county_end "$who" TERM
    state_move "$who" disk
done

all_start() {
    broker_start
    for org in "${accepted_orgs[@]}"; do
        agent_start "$org"
    done
}
all_start
say "seed $seed (SAMBAND_TEST_SEED=$seed), $cuts_wanted cuts"
RANDOM=$seed
users_start "$seed"
for ((cut = 1; cut <= cuts_wanted; cut++)); do
    before=$(wc -l <"$county/orders.log")
    orders_go_on() {
        [ "$(wc -l <"$county/orders.log")" -gt $((before + 3)) ]
    }
    until_true "orders are accepted before cut $cut" orders_go_on
    # Some time of the load, another each time; not a wait for anything.
    sleep "0.$((RANDOM % 10))$((RANDOM % 10))"
    disk_cut disk
    # Some notice by themselves and end; whatever they do, the power is gone.
    sleep "0.$((RANDOM % 3))"
    for who in broker "${accepted_orgs[@]}"; do
        county_gone "$who"
    done
    disk_back disk
    all_start
done
until_true "the broker answers" broker_answers
for org in "${accepted_orgs[@]}"; do
    until_true "$org answers" agent_answers "$org"
done
until_true "the load has run" users_have $((cuts_wanted * 3))
users_stop
accepted_judge $((cuts_wanted * 3))

say "the power goes right after a founding and after an enrolment: both are whole"
disk_cut disk
disk_back disk
expect 0 "init" "$county_bin/samband-broker" init --state "$county/disk/new" --operator tib-9 \
    --profile "$county/disk/new-tib" --link "tcp://127.0.0.1:$county_link" \
    --control "tcp://127.0.0.1:$county_control"
disk_cut disk
disk_back disk
ln -s "$county/disk/new" "$county/new"
county_start new "$county_bin/samband-broker" --config "$county/disk/new/broker.yaml"
until_true "it starts" logged new broker-started
new_answers() {
    samband --profile "$county/disk/new-tib" counters --plain >/dev/null 2>&1
}
until_true "its administrator may ask" new_answers
county_end new TERM
broker_up
agent_prepare nacka
mkdir "$county/disk/nacka"
ln -s "$county/disk/nacka" "$county/nacka/state"
expect 0 "the register has another" tib org load "$county_top/deploy/register/register.csv" --yes SKARPT
token=$(token_of nacka)
expect 0 "join" "$county_bin/samband-agent" join "$token" --state "$county/nacka/state"
broker_down KILL
disk_cut disk
disk_back disk
broker_up
agent_up nacka
until_true "nacka is connected" logged broker agent-up agent=nacka-1
agent_down nacka TERM
broker_down TERM
