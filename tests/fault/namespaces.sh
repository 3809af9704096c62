#!/usr/bin/env bash
# A broker and its agents each in a network namespace of their own, and the network between them
# gone wrong under a load of orders and answers: connections reset, packets lost, late, twice and
# overtaken, partitions of both kinds, another address, a peer that vanishes without a word. After
# each, what was accepted before it ended is everywhere within a bound (printed); at the end the
# outside checker (tests/support/accepted.sh) finds everything once.
#
#   broker ══ wire (sb_wire: TUN) ══ router (nftables) ── taby, solna, nacka (veth)
#
# NET_ROUNDS: how often all of it. It makes namespaces, so it needs root, ip, nft and /dev/net/tun.
top=$2
here=$(dirname "${BASH_SOURCE[0]}")
orgs=(taby solna nacka)
name=sbnet$$ # of the namespaces: NAME-broker, NAME-router, NAME-taby …

skip() {
    echo "SKIP: $*"
    exit 77
}

# --- outside: makes the namespaces, runs the test in the broker's, takes them away whatever comes ---

in_ns() { # WHO COMMAND…
    local who=$1
    shift
    ip netns exec "$name-$who" "$@"
}

ends=()
inside=''
net_remove() {
    local who
    trap - EXIT
    if [ -n "$inside" ]; then
        kill -TERM "$inside" 2>/dev/null # ends its own processes, by their numbers
        wait "$inside" 2>/dev/null
    fi
    for who in "${ends[@]}"; do
        ip netns del "$name-$who"
    done
}

net_make() {
    local who number=0 stale said
    for stale in $(ip netns list | awk '/^sbnet[0-9]+-/ { print $1 }'); do # of one that was killed
        who=${stale#sbnet}
        kill -0 "${who%%-*}" 2>/dev/null || ip netns del "$stale"
    done
    for who in broker router "${orgs[@]}"; do
        ip netns add "$name-$who" || skip "this machine makes no network namespaces"
        ends+=("$who")
        # Where / is no mount of its own (a bare chroot) ip can enter none.
        said=$(ip -n "$name-$who" link set lo up 2>&1) || skip "ip enters no network namespace here: $said"
    done
    in_ns router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward' || exit 1
    in_ns router nft 'add table ip fault; add chain ip fault forward { type filter hook forward priority 0; }' ||
        skip "nft makes no rules here"
    for who in "${orgs[@]}"; do
        number=$((number + 1))
        ip -n "$name-router" link add "to-$who" type veth peer name eth0 netns "$name-$who" || skip "no veth here"
        # Two networks on each: an agent may get another address.
        ip -n "$name-router" addr add "10.77.$number.1/24" dev "to-$who"
        ip -n "$name-router" addr add "10.77.1$number.1/24" dev "to-$who"
        ip -n "$name-router" link set "to-$who" up
        ip -n "$name-$who" addr add "10.77.$number.2/24" dev eth0
        ip -n "$name-$who" link set eth0 up
        ip -n "$name-$who" route add default via "10.77.$number.1" || exit 1
    done
}

if [ "${3:-}" != inside ]; then
    [ "$(id -u)" = 0 ] || skip "only root makes network namespaces"
    command -v ip >/dev/null || skip "there is no ip (iproute2)"
    command -v nft >/dev/null || skip "there is no nft (nftables)"
    [ -c /dev/net/tun ] || skip "there is no /dev/net/tun"
    trap net_remove EXIT
    trap 'exit 129' HUP INT TERM
    net_make
    # Not by in_ns: its process must be the test's, which is told when to end.
    ip netns exec "$name-broker" bash "${BASH_SOURCE[0]}" "$1" "$2" inside "$name" &
    inside=$!
    wait "$inside"
    result=$?
    inside=''
    exit "$result"
fi

# --- inside: the shell, the broker and whoever asks it are in the broker's namespace ---

name=$4
. "$here/../support/county.sh"
. "$here/../support/accepted.sh"
county_begin "$1" "$top"
bound_s=15 # a silence was noticed meanwhile, and the next try to connect comes within 7 s; without the agent's rebuilding its socket it takes longer

mkfifo "$county/orders-to-wire"
exec {wire}<>"$county/orders-to-wire"
# Not by county_start, which gives no stdin.
"$county_bin/sb_wire" "$name-broker" "$name-router" <"$county/orders-to-wire" >>"$county/wire.log" 2>&1 &
county_pid[wire]=$!
wire_is_up() {
    grep -q '^up' "$county/wire.log" || ! county_runs "${county_pid[wire]}"
}
until_true "the wire is up, or not" wire_is_up
county_runs "${county_pid[wire]}" || { cat "$county/wire.log"; county_checks=1; skip "no TUN devices here"; }
ip addr add 10.77.0.2/24 dev wire && ip link set wire up && ip route add default via 10.77.0.1 || fail "the wire's end"
ip -n "$name-router" addr add 10.77.0.1/24 dev wire && ip -n "$name-router" link set wire up || fail "its other end"

# An agent runs where its organisation is.
agent_start() {
    county_start "$1" ip netns exec "$name-$1" "$county_bin/samband-agent" --config "$county/$1/agent.yaml"
}

wire() { # LOSS DELAY-FROM DELAY-TO TWICE
    local said
    said=$(grep -c '^loss' "$county/wire.log")
    echo "$*" >&"$wire"
    until_true "the wire obeys" wire_said "$said"
}
wire_has() { # lost|late|doubled|overtaken: packets up to the last order
    tail -n 1 "$county/wire.log" | grep -o "$1 [0-9]*" | cut -d' ' -f2
}
wire_said() {
    [ "$(grep -c '^loss' "$county/wire.log")" -gt "$1" ]
}
rule() { # MATCH VERDICT for what passes between the broker and agents
    ip netns exec "$name-router" nft "add rule ip fault forward $1 counter $2" || fail "nft: $*"
}
# rules_gone NUMBER: so many rules there were, and each has met packets.
rules_gone() {
    local met
    met=$(ip netns exec "$name-router" nft list chain ip fault forward | grep -o 'packets [0-9]*' | cut -d' ' -f2)
    equal "rules that have met packets ($met)" "$1" "$(grep -c '[1-9]' <<<"$met")"
    ip netns exec "$name-router" nft flush chain ip fault forward || fail "nft flush"
}
number_of() { # ORG
    local i
    for i in "${!orgs[@]}"; do
        [ "${orgs[i]}" != "$1" ] || echo $((i + 1))
    done
}
# move ORG FROM TO: networks; what it is connected by now leads nowhere.
move() {
    ip -n "$name-$1" addr add "10.77.$3.2/24" dev eth0 &&
        ip -n "$name-$1" route replace default via "10.77.$3.1" &&
        ip -n "$name-$1" addr del "10.77.$2.2/24" dev eth0 || fail "$1 gets another address"
}

# What was accepted up to now: orders from the journal, answers and all else from the agents' stores.
snapshot() {
    local org
    grep '^accepted' "$county/orders.log" >"$county/then-orders"
    for org in "${orgs[@]}"; do
        facts "$org" | awk '$1 == "made" { print $2 }' | sort >"$county/then-made-$org"
    done
}
snapshot_arrived() {
    local org
    facts broker | awk '$1 == "got" { print $2 }' | sort >"$county/now-broker"
    for org in "${orgs[@]}"; do
        facts "$org" | awk '$1 == "got" { print $2 }' | sort >"$county/now-$org"
        awk -v org="$org" 'index("," $5 ",", "," org ",") { print $2 }' "$county/then-orders" | sort >"$county/then-$org"
        [ -z "$(comm -23 "$county/then-$org" "$county/now-$org")" ] || return 1
        [ -z "$(comm -23 "$county/then-made-$org" "$county/now-broker")" ] || return 1
    done
}

# recovered WHAT: from the end of the fault, which is now, until all that was accepted before is everywhere.
recovered() {
    local from=$EPOCHREALTIME ms
    snapshot
    until_true "$1: what was accepted before it ended is everywhere" snapshot_arrived
    ms=$(county_ms_since "$from")
    say "$1: all there $ms ms after it ended ($(wc -l <"$county/then-orders") orders by then)"
    [ "$ms" -le $((1000 * bound_s * county_slow)) ] || fail "$1: more than $bound_s s"
}

# The load goes on meanwhile; looked at, so that a load that stopped does not pass for a fault survived.
for_seconds() {
    local before
    before=$(wc -l <"$county/orders.log")
    county_start pause sleep "$1"
    wait "${county_pid[pause]}" # so that a signal is heard meanwhile
    unset "county_pid[pause]"
    [ "$(wc -l <"$county/orders.log")" -gt "$before" ] || fail "nothing was ordered during the fault"
}

# --- whether a fault had any effect: what was heard of and at those whom it cuts off ---

held_by() { # ORG
    facts "$1" | grep -c '^got'
}
heard_of() { # ORG
    facts broker | awk -v org="$1" '$1 == "got" && $4 == org' | wc -l
}
ordered_to() { # ORG
    orders_accepted | awk -v org="$1" 'index("," $5 ",", "," org ",")' | wc -l
}
# times WHAT ORG: how often the broker has said so of its agent: agent-up (a session), agent-dark.
times() {
    grep -c "$1 agent=$2-1" "$county/broker.log"
}
happened() { # WHAT ORG BEFORE
    [ "$(times "$1" "$2")" -gt "$3" ]
}

accepted_orgs=("${orgs[@]}")
county_link_host=10.77.0.2
county_found lst-ab "${orgs[@]}"
broker_down TERM
echo "dark-after-seconds: 6" >>"$county/broker/broker.yaml"
broker_up
county_enrol "${orgs[@]}"
users_start "${NET_SEED:-$$}"

here_are=() # an organisation's network by now
for org in "${orgs[@]}"; do
    here_are+=("$(number_of "$org")")
done

round_reset() {
    local org
    local -A sessions
    say "connections are reset, whatever they carry"
    for org in "${orgs[@]}"; do
        sessions[$org]=$(times agent-up "$org")
    done
    rule "meta l4proto tcp" "reject with tcp reset"
    for_seconds 3
    rules_gone 1
    recovered "reset"
    for org in "${orgs[@]}"; do
        until_true "$org has made a new session" happened agent-up "$org" "${sessions[$org]}"
    done
}

round_bad_wire() {
    local what
    local -A before
    say "a fifth of all packets lost, the others 50 to 300 ms late, some twice, many overtaken"
    wire 20 50 300 5
    for what in lost late doubled overtaken; do
        before[$what]=$(wire_has $what)
    done
    for_seconds 8
    snapshot
    wire 0 0 0 0
    for what in lost late doubled overtaken; do
        say "$what: $(($(wire_has $what) - before[$what])) packets"
        [ "$(wire_has $what)" -gt "${before[$what]}" ] || fail "no packet was $what"
    done
    recovered "loss, delay, reordering"
}

round_partition() {
    local nacka=${here_are[2]} other taby solna ordered org
    local -A dark sessions
    other=$(((nacka + 10) % 20)) # 3 and 13
    say "taby hears and is heard of nobody, solna is not heard, nacka gets another address"
    for org in "${orgs[@]}"; do
        dark[$org]=$(times agent-dark "$org")
        sessions[$org]=$(times agent-up "$org")
    done
    rule "ip saddr 10.77.1.0/24" drop
    rule "ip daddr 10.77.1.0/24" drop
    rule "ip saddr 10.77.2.0/24" drop
    move nacka "$nacka" "$other"
    here_are[2]=$other
    for_seconds 3 # what was let through before is taken
    taby=$(held_by taby) solna=$(heard_of solna) ordered=$(ordered_to taby)
    for_seconds 15 # with the others longer than a silence that is noticed
    equal "what taby holds, cut off" "$taby" "$(held_by taby)"
    equal "what the broker has of solna, cut off" "$solna" "$(heard_of solna)"
    [ "$(ordered_to taby)" -gt "$ordered" ] || fail "taby was not called while it was cut off"
    for org in taby solna; do
        until_true "$org is dark" happened agent-dark "$org" "${dark[$org]}"
    done
    rules_gone 3
    recovered "partition, one-way partition, another address"
    for org in "${orgs[@]}"; do
        until_true "$org has made a new session" happened agent-up "$org" "${sessions[$org]}"
    done
}

round_vanished() {
    local there=${here_are[2]} other sessions
    other=$(((there + 10) % 20))
    say "nacka vanishes without a word, its connection stays open at the broker, and it is back from elsewhere"
    sessions=$(times agent-up nacka)
    rule "ip saddr 10.77.$there.0/24" drop
    rule "ip daddr 10.77.$there.0/24" drop
    agent_down nacka KILL
    move nacka "$there" "$other"
    here_are[2]=$other
    for_seconds 2
    agent_start nacka
    until_true "nacka answers" agent_answers nacka
    recovered "half-open connection"
    until_true "nacka has made a new session" happened agent-up nacka "$sessions"
    rules_gone 2
}

for ((turn = 0; turn < ${NET_ROUNDS:-1}; turn++)); do
    round_reset
    round_bad_wire
    round_partition
    round_vanished
done

users_stop
for org in "${orgs[@]}"; do
    equal "misdeeds of $org-1: an honest agent on a bad wire" 0 \
        "$(misdeeds_number "$org-1")"
done
accepted_judge 20
