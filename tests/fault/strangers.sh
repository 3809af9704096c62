#!/usr/bin/env bash
# Strangers on the wire, by raw sockets: bytes that are no ZeroMQ, older and newer versions of it,
# other mechanisms, half handshakes, one byte at a time, and 5,000 connections that never speak, at the
# broker's two ports and at an agent's local socket. Agents go on being alarmed, and new ones are let
# in, all the while; strangers are put out, cost a bounded memory and never get a word in. The broker
# counts each of them by how it ended, as many as were put out of each kind, and says so in its log and
# in `status`.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1:thread_local_quarantine_size_kb=64"
crowd=${STRANGERS:-5000}
hard=$(ulimit -Hn)
[ "$hard" = unlimited ] || [ "$hard" -ge $((crowd + 500)) ] || {
    echo "SKIP: a process may open $hard files here, fewer than the $crowd that this needs"
    exit 77
}
# As a broker by hand would have it, not as the unit: it must see to its own limit.
ulimit -Sn 1024
county_found lst-ab taby solna
county_enrol taby solna
link=tcp://127.0.0.1:$county_link control=tcp://127.0.0.1:$county_control
local_socket=ipc://$county/taby/run/control

rss_mb() {
    awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/${county_pid[broker]}/status"
}

descriptors() {
    find "/proc/${county_pid[broker]}/fd" -mindepth 1 -maxdepth 1 | wc -l
}

events=0
goes_on() { # alarmed, both of them, and how long it took
    local from=$EPOCHREALTIME org
    events=$((events + 1))
    expect 0 "inform" inform "Event $events" taby/tib,solna/tib
    for org in taby solna; do
        until_true "Event $events at $org" inbox_has "$org" "Event $events"
    done
    goes_on_ms=$(county_ms_since "$from")
    # Three commands, under sanitizers on a busy machine, in seconds; that a handshake's ten seconds
    # for strangers are waited for by honest ones must not pass.
    [ "$goes_on_ms" -le 8000 ] || fail "Event $events took $goes_on_ms ms to both screens"
}

back_again() { # ORG: a new connection is let in, in spite of all
    local before
    before=$(log_lines broker "agent-up agent=$1-1")
    agent_down "$1" TERM
    agent_up "$1"
    until_true "$1 is connected again" connected_since "$1" "$before"
}
connected_since() {
    [ "$(log_lines broker "agent-up agent=$1-1")" -gt "$2" ]
}

said_at_end() { # of a crowd: it has told its numbers
    grep -q '^most' "$county/$1.log"
}
closed_of() {
    sed -n 's/.* closed \([0-9]*\) .*/\1/p' "$county/$1.log"
}
# In the log, because to ask the broker is a connection too, and those that are let in hide strangers.
strangers_told() { # HOW they ended: so many, as the log adds up
    sed -n "s/.*strangers .*\b$1=\([0-9]*\) .*/\1/p" "$county/broker.log" | awk '{ sum += $1 } END { print sum + 0 }'
}
strangers_are_told() { # HOW LEAST
    [ "$(strangers_told "$1")" -ge "$2" ]
}

goes_on
say "without strangers an event takes $goes_on_ms ms to both screens"
before_mb=$(rss_mb)

# Sixty of each kind at once, at each endpoint.
declare -A ends_of
kinds=(garbage http greeting version-9 version-1 version-2 null plain half-hello false-hello promise slow)
for kind in "${kinds[@]}"; do
    for endpoint in link control local_socket; do
        county_start "$kind-$endpoint" "$county_bin/sb_strangers" "${!endpoint}" "$kind" 20 6
    done
done
goes_on
say "among $((${#kinds[@]} * 60)) who speak wrongly it takes $goes_on_ms ms"
back_again solna
goes_on
for kind in "${kinds[@]}"; do
    for endpoint in link control local_socket; do
        until_true "the $kind at $endpoint are done" said_at_end "$kind-$endpoint"
        unset "county_pid[$kind-$endpoint]"
        # Whoever breaks the rules is put out at once; a kind that was taken for something good stays open.
        [ "$endpoint" = local_socket ] || ends_of[$kind]=$((${ends_of[$kind]:-0} + $(closed_of "$kind-$endpoint")))
        case $kind in
        garbage | http | version-1 | null | plain | false-hello | promise)
            [ "$endpoint" = local_socket ] || [ "$(closed_of "$kind-$endpoint")" -ge 20 ] ||
                fail "$kind at $endpoint was not put out: $(tail -n 1 "$county/$kind-$endpoint.log")"
            ;;
        esac
    done
done
declare -A how=([garbage]=foreign [http]=foreign [version-1]=foreign [version-2]=foreign [promise]=foreign
    [null]=false-handshake [plain]=false-handshake [false-hello]=false-handshake
    [greeting]=unfinished [version-9]=unfinished [half-hello]=unfinished [slow]=unfinished)
declare -A least
for kind in "${kinds[@]}"; do
    # Who is slow was still there when the time was over.
    [ "${how[$kind]}" != unfinished ] || ends_of[$kind]=40
    least[${how[$kind]}]=$((${least[${how[$kind]}]:-0} + ${ends_of[$kind]}))
done
equal "frames that came from strangers" 0 "$(counter tib broker/not-admitted)"
equal "requests that came from strangers" 0 "$(counter tib broker/refused/malformed)"

for end in unfinished false-handshake; do
    until_true "${least[$end]} strangers are counted as $end" strangers_are_told "$end" "${least[$end]}"
done
say "the board says: $(tib status | grep 'without a key')"
before_crowd=$(strangers_told unfinished)

say "$crowd connections that never speak"
county_start silent "$county_bin/sb_strangers" "$link" silent "$crowd" 25
until_true "$crowd are connected at once" grep -q "^connected $crowd" "$county/silent.log"
many_descriptors() {
    [ "$(descriptors)" -ge $((crowd / 2)) ]
}
until_true "the broker has accepted most of them" many_descriptors
crowd_mb=$(rss_mb)
goes_on
say "among them an event takes $goes_on_ms ms; the broker holds $(descriptors) descriptors and $crowd_mb MB (before: $before_mb)"
back_again taby
back_again solna
goes_on
[ "$crowd_mb" -le $((before_mb + 200)) ] || fail "$crowd_mb MB"
until_true "the crowd is done" said_at_end silent
unset "county_pid[silent]"
[ "$(closed_of silent)" -ge $((crowd / 2)) ] || fail "who never speaks is not put out: $(tail -n 1 "$county/silent.log")"
few_descriptors() {
    [ "$(descriptors)" -lt 200 ]
}
until_true "their descriptors are free again" few_descriptors
until_true "the crowd is counted" strangers_are_told unfinished $((before_crowd + crowd))
until_true "${least[foreign]} strangers are counted as foreign" strangers_are_told foreign "${least[foreign]}"
all_told=0
for end in unfinished false-handshake foreign; do
    told=$(strangers_told "$end")
    say "$told counted as $end"
    all_told=$((all_told + told))
    [ "$(counter tib "broker/stranger/$end")" -ge "$told" ] || fail "the counter of $end is less than the log's $told"
done
grep -q 'strangers .* busiest-address="127.0.0.1" ' "$county/broker.log" || fail "the log does not say where they came from"
board=$(tib status --json)
[ "$(jq '.strangers.strangers' <<<"$board")" -ge $((all_told / 2)) ] || fail "the board does not tell of strangers: $board"
tib status | grep -q '^! [0-9]* connections without a key since' || fail "no line of strangers: $(tib status)"

say "still the same processes, and nothing of it in the stores"
for who in broker taby solna; do
    county_runs "${county_pid[$who]}" || fail "$who ended"
done
goes_on
broker_down TERM
equal "the broker's exit status" 0 "$ended"
agent_down taby TERM
agent_down solna TERM
sound broker taby solna
