#!/usr/bin/env bash
# An enrolled agent gone rogue, with every kind of flood that a frame can be: honest agents are
# alarmed about as soon as without it (measured in turns, in the same minute), the broker's memory and
# store stay bounded, and the board names who it is, what it does, how often and since when.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
# What was freed is not to be kept, or the sanitizer's memory would be measured.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1:thread_local_quarantine_size_kb=64"
honest=(taby nacka sodertalje)
county_found lst-ab "${honest[@]}" solna
county_enrol "${honest[@]}"
agent_join solna # its keys are the rogue's
to=$(printf '%s/tib,' "${honest[@]}")
blocks=${ROGUE_BLOCKS:-1}
events=${ROGUE_EVENTS:-8}
rss_more_max_mb=${ROGUE_RSS_MB:-120} # under the sanitizers (37 there was seen); without them 15

rss_mb() {
    awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/${county_pid[broker]}/status"
}

store_mb() {
    du -m "$county/broker/store" | awk '{ print $1 }'
}

# rank PERCENT: of the numbers on stdin
rank() {
    sort -n | awk -v p="$1" '{ v[NR] = $1 } END { i = int((NR * p + 99) / 100); print v[i < 1 ? 1 : i] }'
}

expect 0 "inform" inform "Before" "${to%,}"
rss_before=$(rss_mb)
rss_most=$rss_before
: >"$county/times"

# flood KIND MISDEED: the rogue is as if on a machine of its own: once it floods, each of its threads
# yields this one's processors.
flood() {
    local kind=$1 misdeed=$2 quiet loaded
    county_start rogue "$county_bin/sb_rogue" "$county/solna/state" flood "$kind" 600
    until_true "the rogue floods with $kind" grep -q flooding "$county/rogue.log"
    find "/proc/${county_pid[rogue]}/task" -mindepth 1 -maxdepth 1 -printf '%f\n' |
        xargs renice -n 19 -p >/dev/null
    expect 0 "honest agents beside $kind" "$county_bin/sb_honest" --profile "$county/tib" \
        --store "$county/broker/store" --rogue-agent solna-1 --rogue "${county_pid[rogue]}" \
        --blocks "$blocks" --events "$events" taby/tib nacka/tib sodertalje/tib
    printf '%s\n' "$out" >"$county/times.$kind"
    cat "$county/times.$kind" >>"$county/times"
    quiet=$(awk '$1 == "quiet" { print $2 }' "$county/times.$kind" | rank 50)
    loaded=$(awk '$1 == "loaded" { print $2 }' "$county/times.$kind" | rank 50)
    until_true "$kind is named on the board" misdeed_is_told solna-1 "$misdeed"
    [ "$(rss_mb)" -le "$rss_most" ] || rss_most=$(rss_mb)
    say "$kind: $(grep -o 'sent .*' "$county/rogue.log" | tail -1); p50 without $quiet µs, with" \
        "$loaded µs; resident $(rss_mb) MB, store $(store_mb) MB; board: $misdeed" \
        "$(misdeeds_of solna-1 "$misdeed" number) times"
    county_end rogue KILL
    : >"$county/rogue.log"
    [ "$(misdeeds_of solna-1 "$misdeed" since)" != 0 ] || fail "the board does not say since when"
}

flood pings flood
flood receipts false-receipt
flood hellos not-held
flood oversized unreadable
flood refused not-allowed
flood big flood
flood connections flood

say "what the operator reads"
expect 0 "status" "$county_bin/samband" --profile "$county/tib" status
said "! agenten solna-1 sänder mer än den får" "! agenten solna-1 kvitterar det den inte har fått" \
    "! agenten solna-1 sänder poster som nekas"
grep '^! ' <<<"$out"
[[ $out$err != *"! agenten taby"* ]] || fail "an honest agent is accused"
for org in "${honest[@]}"; do
    equal "misdeeds of $org-1" 0 "$(misdeeds_number "$org-1")"
done

p99_quiet=$(awk '$1 == "quiet" { print $2 }' "$county/times" | rank 99)
p99_loaded=$(awk '$1 == "loaded" { print $2 }' "$county/times" | rank 99)
p50_quiet=$(awk '$1 == "quiet" { print $2 }' "$county/times" | rank 50)
p50_loaded=$(awk '$1 == "loaded" { print $2 }' "$county/times" | rank 50)
say "of all: p50 $p50_quiet and $p50_loaded µs ($((100 * p50_loaded / p50_quiet)) %)," \
    "p99 $p99_quiet and $p99_loaded µs ($((100 * p99_loaded / p99_quiet)) %), of" \
    "$(grep -c quiet "$county/times") and $(grep -c loaded "$county/times") events"
# A p99 needs some hundreds of events: of few it is the worst of them.
if [ "$(grep -c loaded "$county/times")" -ge 300 ]; then
    [ "$p99_loaded" -lt $((2 * p99_quiet)) ] || fail "honest agents' p99 beside the rogue is not below twice what it is without"
    county_checks=$((county_checks + 1))
fi
# Generous, since here the rogue, the agents, the sanitizers and other tests share two processors.
[ "$p50_loaded" -le $((4 * p50_quiet + 50000)) ] || fail "honest agents are kept waiting"

say "memory and store are bounded: resident $rss_before, at most $rss_most MB; store $(store_mb) MB"
[ "$rss_most" -le $((rss_before + rss_more_max_mb)) ] || fail "the broker's memory grows"
[ "$(store_mb)" -le 160 ] || fail "the rogue fills the store"
[ "$(counter tib broker/over/work)" -ge 1000 ] || fail "what was dropped was not counted"
lines=$(grep -vc "event-issued" "$county/broker.log") # those are the test's own events
[ "$lines" -le 400 ] || fail "the rogue fills the log: $lines lines"

say "the rogue's keys, used honestly after an administrator has looked: it is let in, and its name is clear"
expect 0 "org replace" tib org replace solna-1 --yes SKARPT
equal "what is held against it" 0 "$(tib status --json | jq '.misdeeds | length')"
agent_up solna
until_true "solna is connected" logged broker agent-up agent=solna-1
expect 0 "inform" inform "To all" "${to%,},solna/tib"
for org in "${honest[@]}" solna; do
    until_true "it is at $org" inbox_has "$org" "To all"
done
broker_down TERM
for org in "${honest[@]}" solna; do
    agent_down "$org" TERM
done
sound broker "${honest[@]}" solna
