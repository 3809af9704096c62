#!/usr/bin/env bash
# samband-broker init that is cut off, at every file that it writes and by SIGKILL at any time: the
# same command again completes it, with the same root. What is somebody's already it does not touch.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
port=$((10000 + RANDOM % 20000))
state=$county/broker

init() { # [PROFILE]
    "$county_bin/samband-broker" init --state "$state" --operator tib-1 --profile "${1:-$county/tib}" \
        --link "tcp://127.0.0.1:$port" --control "tcp://127.0.0.1:$((port + 1))"
}

paper() {
    sed -n 's/^Root key fingerprint: //p' <<<"$out"
}

# The broker runs, knows its administrator and nobody else, and takes orders.
works() {
    broker_up
    until_true "the broker answers" broker_answers
    expect 0 "operator list" tib operator list --json
    equal "administrators" '["tib-1"]' "$(jq -c '[.rows[].subject]' <<<"$out")"
    expect 0 "a note" tib note "It works" --yes SKARPT
    broker_down TERM
}

say "the profile's folder cannot be made: what to do, and the corrected command completes it"
expect 1 "no such folder" init "$county/no/such/folder"
said "$county/no/such/folder"
expect 1 "what was begun does not start" "$county_bin/samband-broker" --config "$state/broker.yaml"
expect 0 "init again" init
root=$(paper)
equal "length of the fingerprint" 39 ${#root}
works

say "a whole one is told again, with what is to be known of it, and not touched"
sums() { # FOLDER…
    find "$@" -type f ! -name 'lock*' -exec sha256sum {} + | sort
}
before=$(sums "$state" "$county/tib")
expect 1 "init again" init
said "holds a broker already" "$root" "--config $state/broker.yaml"
equal "files" "$before" "$(sums "$state" "$county/tib")"

say "a store in use whose keys were lost is not taken for one cut off"
mv "$state/keys/cert" "$county/cert"
before=$(sums "$state" "$county/tib")
expect 1 "init again" init
said "$state/store" "keys/cert is missing" "backup"
equal "files" "$before" "$(sums "$state" "$county/tib")"
mv "$county/cert" "$state/keys/cert"
works

# In the order in which they are written: a founding was cut off before the first of them and after
# those that stand before it.
files=(root/root-secret keys/live keys/exercise keys/test keys/enrolment keys/curve keys/root
    keys/enrolment-cert store/data.mdb tib/curve tib/sign tib/server tib/root tib/endpoint tib/realm
    tib/cert broker.yaml keys/cert)
path_of() { # FILE
    case $1 in
    tib/*) echo "$county/$1" ;;
    *) echo "$state/$1" ;;
    esac
}
say "cut off before each of ${#files[@]} files"
for ((first = 0; first < ${#files[@]}; first++)); do
    rm -rf "$state" "$county/tib"
    expect 0 "init" init
    root=$(paper)
    for file in "${files[@]:first}"; do
        rm "$(path_of "$file")" || fail "init wrote no $file"
    done
    equal "no broker without its last file: status" 1 \
        "$("$county_bin/samband-broker" --config "$state/broker.yaml" >/dev/null 2>&1; echo $?)"
    expect 0 "init again, cut off before ${files[first]}" init
    [ "$first" = 0 ] || equal "root, cut off before ${files[first]}" "$root" "$(paper)"
    expect 1 "and once more" init
    said "holds a broker already"
done
works

say "killed, again and again, at any time"
kills=0
for ((round = 0; round < 8; round++)); do
    rm -rf "$state" "$county/tib"
    for ((try = 0; try < 20; try++)); do
        county_start init "$county_bin/samband-broker" init --state "$state" --operator tib-1 \
            --profile "$county/tib" --link "tcp://127.0.0.1:$port" \
            --control "tcp://127.0.0.1:$((port + 1))"
        sleep "0.0$((RANDOM % 3))$((RANDOM % 10))" # some time within it, another each time
        county_gone init
        [ -e "$state/keys/cert" ] && break
        kills=$((kills + 1))
    done
    run init
    [ "$status" = 0 ] || said "holds a broker already"
    works
done
say "killed $kills times before it was whole"

say "what is somebody's is not written over, and nothing is begun"
other=$county/other
old=$state state=$other
expect 1 "a profile of another broker" init
said "$county/tib" "holds a profile already" "--profile"
[ ! -e "$other/keys" ] || fail "keys were made"
mkdir -p "$other"
echo "# mine" >"$other/broker.yaml"
expect 1 "settings of somebody" init "$county/new"
said "$other/broker.yaml" "move it away"
[ ! -e "$other/keys" ] || fail "keys were made"
equal "the settings" "# mine" "$(<"$other/broker.yaml")"
state=$old
works
