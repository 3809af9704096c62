#!/usr/bin/env bash
# Ports and stores that cannot be had: a port in use, two brokers or agents on one store, a store of
# a newer version, a folder that is no store, keys that others can read. Each is refused with the
# remedy, at once, and what is there stays as it was.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby
county_enrol taby

broker_again() { # CONFIG
    timeout $((county_wait_s * county_slow)) "$county_bin/samband-broker" --config "$1"
}
agent_again() {
    timeout $((county_wait_s * county_slow)) "$county_bin/samband-agent" --config "$county/taby/agent.yaml"
}

say "two brokers on one store"
expect 1 "a second broker" broker_again "$county/broker/broker.yaml"
said "samband-broker:" "$county/broker/store" "is used by process ${county_pid[broker]}" "stop that one" \
    "används av process ${county_pid[broker]}" "stoppa den först"

say "a port in use"
mkdir "$county/other"
expect 0 "another broker is founded" "$county_bin/samband-broker" init --state "$county/other/broker" \
    --operator tib-9 --profile "$county/other/tib" --link "tcp://127.0.0.1:$county_link" \
    --control "tcp://127.0.0.1:$county_control"
expect 1 "a broker on the same ports" broker_again "$county/other/broker/broker.yaml"
said "127.0.0.1:" "is in use by another process" "ss -ltnp" "configure another port" \
    "ställ in en annan port"

say "a broker is founded once only"
expect 1 "init again" "$county_bin/samband-broker" init --state "$county/broker" --operator tib-1 \
    --profile "$county/tib"
said "holds a broker already"

say "two agents on one state"
expect 1 "a second agent" agent_again
said "samband-agent:" "is used by process ${county_pid[taby]}"

say "both go on"
expect 0 "inform" inform "Event 1" taby/tib
until_true "at taby" inbox_has taby "Event 1"
agent_down taby TERM
broker_down TERM

say "a control socket that a dead agent left is replaced, one that is no socket is not"
rm -f "$county/taby/run/control"
echo "somebody's text" >"$county/taby/run/control"
expect 1 "no socket" agent_again
said "$county/taby/run/control" "is not a socket"
equal "the text" "somebody's text" "$(cat "$county/taby/run/control")"
rm "$county/taby/run/control"

say "keys that others can read"
for mode in 640 604 660; do
    chmod $mode "$county/taby/state/keys/machine"
    expect 1 "mode $mode" agent_again
    said "$county/taby/state/keys/machine" "chmod"
    chmod 600 "$county/taby/state/keys/machine"
    chmod $mode "$county/broker/keys/enrolment"
    expect 1 "mode $mode" broker_again "$county/broker/broker.yaml"
    said "$county/broker/keys/enrolment" "chmod"
    chmod 600 "$county/broker/keys/enrolment"
done
chmod 640 "$county/tib/sign"
expect 1 "a person's profile" tib org list
said "$county/tib/sign" "chmod"
chmod 600 "$county/tib/sign"

say "a store of a newer version"
cp -r "$county/broker" "$county/newer-broker"
sed -i "s|^state: .*|state: $county/newer-broker|" "$county/newer-broker/broker.yaml"
expect 0 "a newer store" "$county_bin/sb_newer" "$county/newer-broker/store"
before=$(sha256sum <"$county/newer-broker/store/data.mdb")
expect 1 "a newer store" broker_again "$county/newer-broker/broker.yaml"
said "schema 2" "knows up to 1" "nothing was changed"
expect 1 "verify of a newer store" samband verify "$county/newer-broker/store"
said "schema 2"
equal "the newer store's bytes" "$before" "$(sha256sum <"$county/newer-broker/store/data.mdb")"

say "a store that is no store"
cp -r "$county/taby/state" "$county/rotten"
sed "s|^state: .*|state: $county/rotten|" "$county/taby/agent.yaml" >"$county/rotten.yaml"
head -c 65536 /dev/urandom >"$county/rotten/store/data.mdb"
expect 3 "rubbish" "$county_bin/samband-agent" --config "$county/rotten.yaml"
said "$county/rotten/store" "restore it from a backup" "återställ den från en säkerhetskopia"
rm -r "$county/rotten/store"
echo "a file" >"$county/rotten/store"
expect 1 "a file" "$county_bin/samband-agent" --config "$county/rotten.yaml"
said "$county/rotten/store" "not a folder"
expect 1 "verify of nothing" samband verify "$county/nowhere" --root "$(cat "$county/broker/keys/root")"
said "there is no store in $county/nowhere"

say "a state of another kind of program"
sed "s|^state: .*|state: $county/taby/state|" "$county/broker/broker.yaml" >"$county/confused.yaml"
expect 1 "a broker with an agent's state" broker_again "$county/confused.yaml"
sed "s|^state: .*|state: $county/broker|" "$county/taby/agent.yaml" >"$county/confused.yaml"
expect 1 "an agent with the broker's state" "$county_bin/samband-agent" --config "$county/confused.yaml"

if [ "$(id -u)" != 0 ]; then
    say "a store that belongs to others"
    rm -f "$county/rotten/store"
    chmod 500 "$county/rotten"
    expect 1 "no right" "$county_bin/samband-agent" --config "$county/rotten.yaml"
    said "right"
    chmod 700 "$county/rotten"
else
    say "(a store that belongs to others: not tried, root may open everything)"
fi

say "after all that the true ones start again, with everything"
broker_up
agent_up taby
until_true "taby is connected" logged broker agent-up agent=taby-1 session=2
equal "Event 1" 1 "$(inbox_count taby "Event 1")"
agent_down taby TERM
broker_down TERM
sound broker taby
