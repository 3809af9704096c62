# figures.sh: what the demo measures and promises at its end, from what the programs report
# (samband … --json), never from what the demo believes that it did. Sourced by deploy/demo.
#
# Uses: $demo, $orgs, tib, at (all of deploy/demo). Needs jq.

# Unix time in ms of the ISO times in the programs' JSON.
figures_jq='def ms: if . == null then null else
    (capture("^(?<day>[^.]*)(\\.(?<part>[0-9]+))?Z$") |
     (.day + "Z" | fromdateiso8601) * 1000 + ((.part // "0") | tonumber)) end;'

# Numbers on stdin, one a line → "n p50 p95 max", in seconds.
figures_spread() {
    sort -n | awk '{ at[NR] = $1 }
        function pick(part,  i) { i = int(NR * part + 0.999999); return at[i < 1 ? 1 : i] / 1000 }
        END { if (NR) printf "%3d   %6.2f %6.2f %6.2f", NR, pick(0.5), pick(0.95), at[NR] / 1000
              else printf "  0        -      -      -" }'
}

# Of one event's seats, the ms from the call until the answer that gave a rung was durable at the
# broker: the board tells which seats have the rung, the timeline when the first such answer came.
figures_answered() { # BOARD TIMELINE CONDITION-ON-SEAT CONDITION-ON-ANSWER
    jq -r --slurpfile timeline "$2" "$figures_jq"'
        (.head.issued | ms) as $from | .head.id as $id | .seats[] | select('"$3"') | .seat as $seat |
        [$timeline[0].rows[] | select(.ref == $id and .seat == $seat and ('"$4"')) | .accepted_at | ms] |
        min | select(. != null) | . - $from' "$1"
}

# Time from the call to each rung of its called seats. $1, $2: files with the board's and the
# timeline's JSON.
figures_rungs() {
    local rung key
    printf '  %-22s   n      p50    p95    max  (seconds from the call)\n' rung
    while read -r rung key; do
        printf '  %-22s %s\n' "$rung" "$(jq -r "$figures_jq"'(.head.issued | ms) as $from |
            .seats[] | .'"$key"' | ms | select(. != null) | . - $from' "$1" | figures_spread)"
    done <<'EOT'
stored stored_at
proven proven_at
notified notified_at
opened opened_at
acknowledged acked_at
EOT
    printf '  %-22s %s\n' "with mandate" "$(figures_answered "$1" "$2" '.mandate == "valid"' \
        '.holds_mandate == true' | figures_spread)"
    printf '  %-22s %s\n' "attending" "$(figures_answered "$1" "$2" '.answer | IN("yes", "at")' \
        '.answer | IN("yes", "at")' | figures_spread)"
}

# For every live event that the broker addressed: is it at each organisation that it was addressed to,
# and once? Prints "events deliveries lost doubled". Mandates are declared in every realm, and an
# operator sees the own realm only, so the other realms' events are left out here; `samband verify`
# covers them.
figures_deliveries() {
    local id org events deliveries=0 lost=0 doubled=0 count
    mkdir -p "$demo/figures"
    for org in $orgs; do
        at "$org" events --json | jq -r '.rows[] | select(.realm == "live") | .id' | sort \
            >"$demo/figures/$org"
        count=$(uniq -d "$demo/figures/$org" | wc -l)
        doubled=$((doubled + count))
    done
    tib events --json >"$demo/figures/events"
    jq -r '.rows[].id' "$demo/figures/events" | sort >"$demo/figures/broker"
    events=$(wc -l <"$demo/figures/broker")
    count=$(uniq -d "$demo/figures/broker" | wc -l)
    doubled=$((doubled + count))
    while read -r id; do
        while read -r org; do
            deliveries=$((deliveries + 1))
            grep -qx "$id" "$demo/figures/$org" || { lost=$((lost + 1)); echo "$id $org" >>"$demo/figures/lost"; }
        done < <(tib show "$id" --json | jq -r '.rows[].audience // [] | .[]')
    done < <(jq -r '.rows[] | select((.audience_count // 0) > 0) | .id' "$demo/figures/events")
    echo "$events $deliveries $lost $doubled"
}

# Events that an agent made and the broker does not have. Prints their number.
figures_lost_up() {
    local org lost=0
    for org in $orgs; do
        lost=$((lost + $(comm -23 "$demo/figures/$org" "$demo/figures/broker" | wc -l)))
    done
    echo "$lost"
}

# The same attempt told to a person more than once without being marked as repeated.
figures_doubled_alarms() {
    awk '$5 == "first" { count[$7]++ } END { for (key in count) if (count[key] > 1) n++; print n + 0 }' \
        "$demo/duty.log"
}

figures_repeated() {
    awk '$5 == "repeat"' "$demo/duty.log" | wc -l
}

# Of the functions that were called, over all that rang: "receipted of called".
figures_receipts() {
    local id
    while read -r id; do
        tib status "$id" --json | jq -r '.seats[] | if .stored_at then "yes" else "no" end'
    done < <(jq -r '.rows[] | select(.kind | IN("convening", "information", "activation", "picture")) |
        .id' "$demo/figures/events") | awk '/yes/ { n++ } END { print n + 0 " of " NR }'
}
