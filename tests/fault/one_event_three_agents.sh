#!/usr/bin/env bash
# One event to three real agents over kill -9 of the broker and of an agent: each store has every
# event once, the board says so, and nobody's phone rings twice for one event.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna nacka
orgs=(taby solna nacka)
county_enrol "${orgs[@]}"

say "one event, the broker killed right after it was issued"
expect 0 "inform" inform "Event 1" taby/tib,solna/tib,nacka/tib
first=$(made information)
broker_down KILL
broker_up
for org in "${orgs[@]}"; do
    until_true "Event 1 at $org" inbox_has "$org" "Event 1"
    until_true "Event 1 stored on the board: $org" board_knows "$org" stored_at "$first"
    until_true "Event 1 rang at $org" rang "$org" "$first"
done

say "an agent killed; it learns of what came meanwhile when it is back"
agent_down solna KILL
expect 0 "inform while solna is down" inform "Event 2" taby/tib,solna/tib,nacka/tib
second=$(made information)
until_true "Event 2 at taby" inbox_has taby "Event 2"
equal "solna's rung in the board's answer" "" "$(board_of solna stored_at "$second")"
agent_up solna
until_true "Event 2 at solna" inbox_has solna "Event 2"

say "the broker killed again and again while events are issued"
# A command that was cut off is asked again until it is done: that must not make a second event.
issue() { # TITLE
    local from=$SECONDS
    until inform "$1" taby/tib,solna/tib,nacka/tib >/dev/null 2>"$county/issue.err"; do
        ((SECONDS - from <= 2 * county_wait_s * county_slow)) || return 1
    done
}
issue_all() {
    local number
    for ((number = 3; number < last_number; number++)); do
        issue "Event $number" || { echo "Event $number could not be issued"; return 1; }
    done
}
last_number=30
county_start issuing issue_all
kills=0
while county_runs "${county_pid[issuing]}"; do
    # Some time within an issue, another each time; not a wait for anything.
    within_ms=$((RANDOM % 400 * county_slow))
    sleep "$((within_ms / 1000)).$(printf %03d $((within_ms % 1000)))"
    broker_down KILL
    broker_up
    kills=$((kills + 1))
done
county_end issuing TERM
equal "end of issuing (see issuing.log)" 0 "$ended"
say "killed $kills times"

say "an agent killed while events arrive"
expect 0 "inform" inform "Event $last_number" taby/tib,solna/tib,nacka/tib
last=$(made information)
agent_down nacka KILL
agent_up nacka

titles() { # ORG
    inbox "$1" | jq -r '.[].title' | sort -V
}
holds_all() { # ORG
    [ "$(titles "$1" | wc -l)" -ge $last_number ]
}
wanted=$(for ((number = 1; number <= last_number; number++)); do echo "Event $number"; done)
for org in "${orgs[@]}"; do
    until_true "all events at $org" holds_all "$org"
    equal "events at $org, each once" "$wanted" "$(titles "$org")"
    equal "different ids at $org" $last_number "$(inbox "$org" | jq '[.[].id] | unique | length')"
    until_true "the last one stored on the board: $org" board_knows "$org" stored_at "$last"
    until_true "the last one rang at $org" rang "$org" "$last"
done
equal "events that the broker issued" $last_number \
    "$(tib events --json | jq '[.rows[] | select(.kind == "information")] | length')"

say "nobody rung twice"
for org in "${orgs[@]}"; do
    equal "attempts at $org beyond the first for an event" "" \
        "$(jq -r 'select(.repeat | not) | .attempt' "$county/$org/rung" | sort | uniq -d)"
done

for org in "${orgs[@]}"; do
    agent_down "$org" TERM
done
broker_down TERM
sound broker "${orgs[@]}"
