# county.sh: a small county of real processes for the tests that break things: found a broker, enrol
# agents, start and end each process by its own number, ask, and judge what came back. Sourced by
# the scripts of tests/fault. It sleeps only between two looks at something that has a deadline.
#
# A test begins with: county_begin "$@", its arguments being the folder of the programs and the
# checkout. SAMBAND_TEST_SLOW multiplies every deadline (default 1), SAMBAND_TEST_KEEP=yes leaves
# the folder behind. Sets $county (folder of this run), $county_bin, $county_top.
set -u

declare -A county_pid=() # process by name
county_slow=${SAMBAND_TEST_SLOW:-1}
county_wait_s=40   # how long anything may take that should come soon, sanitizers and neighbours included
county_checks=0    # so that a test that judged nothing cannot pass
# What a defect of the program itself writes: SB_ASSERT, libzmq's and libc's asserts, the sanitizers.
county_defect='[a-z_]+\.[ch]:[0-9]+: cannot be: |Assertion|Sanitizer|runtime error:'
out='' err='' status=0 # of the last `run`

county_begin() {
    [ $# -ge 2 ] || { echo "usage: $0 FOLDER-OF-PROGRAMS CHECKOUT" >&2; exit 2; }
    county_bin=$(cd "$1" && pwd -P) && county_top=$(cd "$2" && pwd -P) || exit 2
    county=$(mktemp -d "${TMPDIR:-/tmp}/sb.XXXXXX") || exit 2
    trap county_finish EXIT
    trap 'exit 129' HUP INT TERM
    export LC_ALL=C.UTF-8 TZ=Europe/Stockholm
    unset SAMBAND_CONNECT SAMBAND_PROFILE XDG_CONFIG_HOME XDG_RUNTIME_DIR COLUMNS
    export HOME=$county # nothing of the caller's may be read or written
}

county_finish() {
    local result=$? name early
    trap - EXIT
    for name in "${!county_pid[@]}"; do
        county_runs "${county_pid[$name]}" && early=no || early=yes
        county_gone "$name"
        # Who skips may do so for what ended.
        if [ $early = yes ] && [ "$ended" != 0 ] && [ "$result" != 77 ]; then
            echo "FAIL: $name had ended by itself: exit status $ended"
            result=1
        fi
    done
    if [ "$result" = 0 ] && [ "$county_checks" = 0 ]; then
        echo "FAIL: nothing was judged"
        result=1
    fi
    if [ "$result" = 0 ] && grep -sE "$county_defect" /dev/null "$county"/*.log; then
        echo "FAIL: a process says that it is broken"
        result=1
    fi
    [ "$result" = 0 ] || county_tails
    if [ "${SAMBAND_TEST_KEEP:-}" = yes ]; then
        echo "kept: $county"
    else
        ! declare -F county_undo >/dev/null || county_undo # what a test made beside files
        rm -rf "$county"
    fi
    exit "$result"
}

county_tails() {
    local log
    for log in "$county"/*.log; do
        [ -s "$log" ] || continue
        printf '\n--- %s\n' "${log##*/}"
        tail -n 25 "$log"
    done
}

say() {
    printf '== %s\n' "$*"
}

fail() {
    printf 'FAIL: %s\n' "$*"
    exit 1
}

# --- processes ---

# county_start NAME COMMAND…: its output goes to $county/NAME.log.
county_start() {
    local name=$1
    shift
    "$@" >>"$county/$name.log" 2>&1 </dev/null &
    county_pid[$name]=$!
}

county_signal() { # NAME SIGNAL
    kill "-$2" "${county_pid[$1]}" 2>/dev/null
}

county_lives() {
    kill -0 "${county_pid[$1]:-none}" 2>/dev/null
}

# county_end NAME SIGNAL [SECONDS]: sends it and takes the exit status into $ended. One that stays
# is ended and is a fault, and so is one that had ended by itself, but with status 0.
county_end() {
    local early=no
    [ -z "${county_pid[$1]:-}" ] || county_runs "${county_pid[$1]}" || early=yes
    county_take "$@"
    [ $early = no ] || [ "$ended" = 0 ] || fail "$1 had ended by itself: exit status $ended"
}

# county_gone NAME: ends one that may have ended by itself, or was to.
county_gone() {
    county_take "$1" KILL
}

county_take() {
    local name=$1 pid=${county_pid[$1]:-} limit=${3:-$county_wait_s} from
    ended=none
    [ -n "$pid" ] || return 0
    { # the shell tells of each process that a signal ended; here that is wanted
        county_signal "$name" "$2"
        unset "county_pid[$name]"
        from=$EPOCHREALTIME
        while county_runs "$pid"; do
            if [ "$(county_ms_since "$from")" -gt $((1000 * limit * county_slow)) ]; then
                kill -KILL "$pid"
                wait "$pid"
                fail "$name did not end within $((limit * county_slow)) s of SIG$2"
            fi
            sleep 0.02
        done
        wait "$pid"
        ended=$?
    } 2>/dev/null
}

county_ms_since() { # EPOCHREALTIME
    echo $(((${EPOCHREALTIME/./} - ${1/./}) / 1000))
}

# False also for one that has ended and is not waited for yet.
county_runs() {
    local state
    state=$(sed 's/.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null) || return 1
    [ -n "$state" ] && [ "$state" != Z ]
}

# until_true WHAT COMMAND…: looks again until the command succeeds, or the deadline passes.
until_true() {
    local what=$1 from=$SECONDS
    shift
    until "$@"; do
        if ((SECONDS - from > county_wait_s * county_slow)); then
            fail "not within $((county_wait_s * county_slow)) s: $what"
        fi
        sleep 0.1
    done
    county_checks=$((county_checks + 1))
}

# --- judging ---

# run COMMAND…: keeps what it wrote and its exit status in $out, $err and $status. A program that
# should have refused and runs instead ends with 124.
run() {
    [ "$(type -t "$1")" != file ] || set -- timeout $((county_wait_s * county_slow)) "$@"
    "$@" >"$county/out" 2>"$county/err" </dev/null
    status=$?
    out=$(<"$county/out") err=$(<"$county/err")
    [[ ! $err =~ $county_defect ]] || fail "$1 says that it is broken: $err"
}

# expect STATUS WHAT COMMAND…
expect() {
    local wanted=$1 what=$2
    shift 2
    run "$@"
    county_checks=$((county_checks + 1))
    [ "$status" = "$wanted" ] && return 0
    printf -- '--- out\n%s\n--- err\n%s\n' "$out" "$err"
    fail "$what: exit status $status, expected $wanted"
}

# Of the last run: what it said, on either stream, has each of these.
said() {
    local word
    for word in "$@"; do
        county_checks=$((county_checks + 1))
        [[ $out$'\n'$err == *"$word"* ]] && continue
        printf -- '--- out\n%s\n--- err\n%s\n' "$out" "$err"
        fail "it does not say \"$word\""
    done
}

equal() { # WHAT WANTED FOUND
    county_checks=$((county_checks + 1))
    [ "$2" = "$3" ] || fail "$1: $3, expected $2"
}

# logged NAME WORDS…: one line of the process's log has all of them.
logged() {
    local name=$1 word lines
    shift
    lines=$(cat "$county/$name.log" 2>/dev/null)
    for word in "$@"; do
        lines=$(grep -F -- "$word" <<<"$lines") || return 1
    done
}

log_lines() { # NAME WORDS: how many lines have them
    grep -cF -- "$2" "$county/$1.log"
}

# --- the broker ---

# The command line, in English, whatever the machine speaks.
samband() {
    env -u LC_ALL LANG=en_US.UTF-8 "$county_bin/samband" "$@"
}

tib() {
    samband --profile "$county/tib" "$@"
}

# county_found ORG…: ($county_link_host: the address of its link) a broker with these organisations of the county's register and its forums.
county_found() {
    local tries port only
    for ((tries = 0; ; tries++)); do
        port=$((10000 + RANDOM % 20000))
        rm -rf "$county/broker" "$county/tib"
        expect 0 "samband-broker init" "$county_bin/samband-broker" init --state "$county/broker" \
            --operator tib-1 --profile "$county/tib" \
            --link "tcp://${county_link_host:-127.0.0.1}:$port" --control "tcp://127.0.0.1:$((port + 1))"
        county_paper=$(sed -n 's/^Root key fingerprint: //p' <<<"$out")
        county_link=$port county_control=$((port + 1))
        broker_start
        until_true "the broker starts or refuses" broker_spoke
        broker_answers && break
        [ $tries -lt 20 ] || fail "no free port"
        county_gone broker
    done
    only=" $* "
    awk -F, -v OFS=, -v only="$only" \
        'NR == 1 { print; next } index(only, " " $1 " ") { $5 = ""; $10 = ""; print }' \
        "$county_top/deploy/register/register.csv" >"$county/register.csv"
    expect 0 "org load" tib org load "$county/register.csv" --yes SKARPT
    expect 0 "forum load" tib forum load "$county_top/deploy/register/forums.csv" --yes SKARPT
}

broker_start() {
    : >>"$county/broker.log"
    broker_log_from=$(wc -l <"$county/broker.log")
    county_start broker "$county_bin/samband-broker" --config "$county/broker/broker.yaml"
}

broker_new_lines() {
    tail -n "+$((broker_log_from + 1))" "$county/broker.log"
}

broker_spoke() {
    broker_new_lines | grep -q broker-started || ! county_runs "${county_pid[broker]}"
}

broker_answers() {
    tib counters --plain >/dev/null 2>&1
}

broker_up() {
    broker_start
    until_true "the broker starts" broker_spoke
    county_runs "${county_pid[broker]}" || fail "the broker ended at its start"
}

broker_down() { # SIGNAL
    county_end broker "$1"
}

# --- agents, each by its organisation's id; a second one of it by ORG_2 ---

org_of() { # AGENT
    echo "${1%_[0-9]}"
}

# agent_prepare ORG: folder, settings, a roster of two people and a deputy for TiB and some others.
# $roster_step_ms: one person's time.
roster_step_ms=${roster_step_ms:-60000}
agent_prepare() {
    local org=$1 at=$county/$1
    mkdir -p "$at"
    printf 'state: %s\nruntime: %s\nroster: %s\n' "$at/state" "$at/run" "$at/roster.yaml" \
        >"$at/agent.yaml"
    roster_write "$org" >"$at/roster.yaml"
    printf 'control: %s\ncommand: [/bin/sh, %s, %s]\n' "$at/run/control" \
        "$county_top/tests/support/rung.sh" "$at/rung" >"$at/channel.yaml"
    : >"$at/rung"
}

roster_write() {
    local org=$1 number
    echo 'people:'
    for number in 1 2 3; do
        printf '  - {id: %s-p%s, name: Person %s, channels: [{kind: sms, contact: "070-174060%s"}],' \
            "$org" "$number" "$number" "$number"
        echo ' mandates: [{level: samordnande}, {level: inriktande}]}'
    done
    echo 'functions:'
    for number in tib rcb vb; do
        printf '  - {function: %s, step-ms: %s, people: [%s-p1, %s-p2], deputies: [%s-p3]}\n' \
            "$number" "$roster_step_ms" "$org" "$org" "$org"
    done
}

# Prints an invitation.
token_of() { # ORG [OPTION…]
    local org=$1
    shift
    tib org invite "$org" "$@" --json --yes SKARPT | jq -r '.rows[0].token'
}

agent_join() { # ORG [OPTION of org invite…]
    local org=$1 token
    shift
    agent_prepare "$org"
    token=$(token_of "$(org_of "$org")" "$@")
    [ -n "$token" ] || fail "no invitation for $org"
    expect 0 "join of $org" "$county_bin/samband-agent" join "$token" --state "$county/$org/state"
}

agent_start() { # ORG
    county_start "$1" "$county_bin/samband-agent" --config "$county/$1/agent.yaml"
}

channel_start() { # ORG
    county_start "$1-channel" "$county_bin/samband-channel" --config "$county/$1/channel.yaml"
}

# The command line of a duty officer.
at() { # ORG ARGUMENT…
    local org=$1
    shift
    samband --connect "ipc://$county/$org/run/control" --profile "$county/$org/cli" "$@"
}

agent_answers() {
    at "$1" counters --plain >/dev/null 2>&1
}

agent_up() { # ORG…
    local org
    for org in "$@"; do
        agent_start "$org"
    done
    for org in "$@"; do
        until_true "$org answers" agent_answers "$org"
    done
}

agent_down() { # ORG SIGNAL
    county_end "$1" "$2"
}

# second_enrol ORG: a second agent of the organisation, with its own store, people and channel.
second_enrol() {
    agent_join "$1_2" --agent "$1-2"
    agent_up "$1_2"
    channel_start "$1_2"
    until_true "the second agent of $1 is connected" logged broker agent-up "agent=$1-2"
}

# county_enrol ORG…: invited, joined, running with a channel, and connected.
county_enrol() {
    local org
    for org in "$@"; do
        agent_join "$org"
    done
    agent_up "$@"
    for org in "$@"; do
        channel_start "$org"
        until_true "$org is connected" logged broker agent-up "agent=$org-1"
    done
}

# --- facts ---

# counter NAME-OF-WHO COUNTER: "tib" is the broker; 0 where it was never counted.
counter() {
    local who=$1 name=$2 rows
    if [ "$who" = tib ]; then
        rows=$(tib counters --json) || return 1
    else
        rows=$(at "$who" counters --json) || return 1
    fi
    jq --arg name "$name" 'first(.rows[] | select(.counter == $name) | .number) // 0' <<<"$rows"
}

counter_is_at_least() { # WHO COUNTER NUMBER
    [ "$(counter "$1" "$2")" -ge "$3" ]
}

# Rows of an agent's inbox as a JSON array.
inbox() { # ORG
    at "$1" inbox --json | jq .rows
}

inbox_count() { # ORG TITLE
    inbox "$1" | jq --arg title "$2" '[.[] | select(.title == $title)] | length'
}

inbox_has() { # ORG TITLE
    [ "$(inbox_count "$1" "$2")" -ge 1 ]
}

# The board: one row per called seat. An event may be named.
board() { # [EVENT]
    tib status "$@" --json | jq .seats
}

board_of() { # ORG KEY [EVENT]: the value of one key in its first row, "" where it has none
    local org=$1 key=$2
    shift 2
    board "$@" | jq -r --arg org "$org" --arg key "$key" \
        'first(.[] | select(.org == $org) | .[$key]) // "" | tostring'
}

board_is() { # ORG KEY VALUE [EVENT]
    local org=$1 key=$2 value=$3
    shift 3
    [ "$(board_of "$org" "$key" "$@")" = "$value" ]
}

# shown EVENT…: all that the centre's people see of them, but for what differs by itself: when receipts came
shown() {
    local event
    for event in "$@"; do
        tib status "$event" --json | jq -S 'del(.as_of)
            | .seats |= (map(del(.stored_at, .proven_at, .dark_since, .ring)) | sort_by(.seat))
            | {seats, event: (.event // {} | del(.index))}'
        tib timeline "$event" --json | jq -S '[.rows[] | {id, kind, issued, title, text, recalled}] | sort_by(.id)'
    done
}

board_knows() { # ORG KEY [EVENT]
    [ -n "$(board_of "$@")" ]
}

# What the board holds against an agent: misdeeds_of AGENT MISDEED number|since|…, 0 where nothing
misdeeds_of() {
    tib status --json | jq -r --arg agent "$1" --arg what "$2" --arg key "$3" \
        'first(.misdeeds[] | select(.agent == $agent and .misdeed == $what) | .[$key]) // 0'
}

misdeed_is_told() { # AGENT MISDEED
    [ "$(misdeeds_of "$1" "$2" number)" -ge 1 ]
}

misdeeds_number() { # AGENT: how many kinds
    tib status --json | jq --arg agent "$1" '[.misdeeds[] | select(.agent == $agent)] | length'
}

# Id of the event of that kind that the last run made.
made() { # KIND
    jq -r --arg kind "$1" 'first(.rows[] | select(.kind == $kind) | .id)' <<<"$out"
}

inform() { # TITLE TO [OPTION…]: prints nothing, sets $out
    local title=$1 to=$2
    shift 2
    tib inform "$title" --to "$to" --text "Text: $title" --json --yes SKARPT "$@"
}

# How often a person's phone rang for an event: lines of rung that are not marked as a repeat.
rung() { # ORG EVENT
    grep -c "\"event\":\"$2\"" "$county/$1/rung"
}

rang() { # ORG EVENT
    [ "$(rung "$1" "$2")" -ge 1 ]
}

# sound WHO…: the store of each verifies: "broker" or an organisation.
sound() {
    local who store
    for who in "$@"; do
        store=$county/$who/state/store
        [ "$who" = broker ] && store=$county/broker/store
        expect 0 "verify of $who" samband verify "$store" --json
        equal "faults in the store of $who" 0 "$(jq .faults <<<"$out")"
    done
}
