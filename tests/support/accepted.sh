# accepted.sh: the outside checker: what people were promised (the journals of sb_users) against what
# lies in every store, read from outside (sb_facts), what each channel rang and what the board says.
# Sourced after county.sh. It knows no rule of the product but what a promise means:
#
#   accepted is at the broker once and at every called organisation once, and nothing else is there;
#   what an agent issued, answers and all, is at the broker once, and nothing else from it;
#   who was called was rung, each person under one key, and nobody who was not called;
#   what was ordered stands on every called organisation's screen once;
#   the board shows the last answer that was accepted.
#
# The journals: $county/orders*.log of operators, $county/answers-ORG.log of each organisation.

accepted_orgs=() # organisations of this run

# users_start SEED: an operator who orders and a duty officer at every organisation.
users_start() {
    local org number=0
    : >"$county/orders.log"
    county_start orders "$county_bin/sb_users" order "$county/tib" "$county/stop" "$1" "${accepted_orgs[@]}"
    for org in "${accepted_orgs[@]}"; do
        number=$((number + 1))
        : >"$county/answers-$org.log"
        county_start "answers-$org" "$county_bin/sb_users" answer "$county/$org/run/control" \
            "$county/stop" "$(($1 + number))" "$org" "$county/$org/rung"
    done
}

# Each asks to the end what it has begun, so broker and agents must be running.
users_stop() {
    local org
    : >"$county/stop"
    for org in "${accepted_orgs[@]}"; do
        user_ends "answers-$org"
    done
    user_ends orders
    rm "$county/stop"
}

user_ends() { # NAME
    until_true "$1 has an answer to everything" user_ended "$1"
    wait "${county_pid[$1]}"
    equal "end of $1" 0 $?
    unset "county_pid[$1]"
}
user_ended() {
    ! county_runs "${county_pid[$1]}"
}

orders_accepted() { # lines "accepted …" of all
    cat "$county"/orders*.log | grep '^accepted'
}
answers_accepted() {
    cat "$county"/answers-*.log | grep '^answered'
}

accepted_events() { # KIND…: their ids
    orders_accepted | awk -v kinds=" $* " 'index(kinds, " " $3 " ") { print $2 }'
}

# order_by_hand WORD…: what the last run of the command line was promised: "ID KIND REF-OR-- ORG,…".
order_by_hand() {
    echo "accepted $*" >>"$county/orders-by-hand.log"
}

facts() { # WHO
    local store=$county/$1/state/store
    [ "$1" = broker ] && store=$county/broker/store
    "$county_bin/sb_facts" "$store"
}

answer_by_hand() { # ORG EVENT ANSWER
    echo "answered $1 $2 $3 $(made attendance)" >>"$county/answers-by-hand.log"
}

# differ WHAT WANTED FOUND: two lists, each sorted, that must be the same, line for line: what is
# there twice differs from what is there once.
differ() {
    [ "$2" = "$3" ] && return 0
    echo "$1:"
    diff <(echo "$2") <(echo "$3") | sed -n 's/^</  missing:/p; s/^>/  too many:/p' | head -n 5
    return 1
}

accepted_at_broker() {
    local org
    facts broker >"$county/facts-broker" || return 1
    differ "events that the broker issued" \
        "$(orders_accepted | awk '{ print $2, $3 }' | sort)" \
        "$(awk '$1 == "made" { print $2, $3 }' "$county/facts-broker" | sort)" || return 1
    differ "answers at the broker" \
        "$(answers_accepted | awk '{ print $2, $5 }' | sort)" \
        "$(awk '$1 == "got" && $3 == "attendance" { print $4, $2 }' "$county/facts-broker" | sort)"
}

issued_at() { # FACTS
    awk '$1 == "made" { print $2, $3, "ok" }' "$1" | sort
}

# Agents go on escalating, and report it: what they had issued before the broker's store was read must
# lie there, and nothing that they had not after that.
accepted_at_agent() { # ORG
    local came
    facts "$1" >"$county/facts-$1" || return 1
    differ "events at $1" \
        "$(orders_accepted |
            awk -v org="$1" 'index("," $5 ",", "," org ",") { print $2, $3, "ok" }' | sort)" \
        "$(awk '$1 == "got" { print $2, $3, $5 }' "$county/facts-$1" | sort)" || return 1
    came=$(awk -v org="$1" '$1 == "got" && $4 == org { print $2, $3, $5 }' "$county/facts-broker" | sort)
    differ "at the broker, of what $1 issued" "$(issued_at "$county/facts-before-$1")" \
        "$(comm -12 <(issued_at "$county/facts-before-$1") <(echo "$came"))" || return 1
    differ "at the broker and not issued at $1" "" "$(comm -13 <(issued_at "$county/facts-$1") <(echo "$came"))"
}

# Nobody answers what did not ring, so every event must have rung that was not recalled.
accepted_rung() { # ORG
    local called must rung keys
    called=$(orders_accepted | awk -v org="$1" 'index("," $5 ",", "," org ",") { print $2 }' | sort)
    must=$(orders_accepted | awk -v org="$1" '
        $3 == "recall" { recalled[$4] }
        $3 == "information" && index("," $5 ",", "," org ",") { called[$2] }
        END { for (id in called) if (!(id in recalled)) print id }' | sort)
    rung=$(jq -r .event "$county/$1/rung" | sort -u)
    differ "called at $1 and rung" "$must" "$(comm -12 <(echo "$must") <(echo "$rung"))" || return 1
    differ "rung at $1 and not called" "" "$(comm -13 <(echo "$called") <(echo "$rung"))" || return 1
    keys=$(jq -r '"\(.event) \(.person) \(.attempt)"' "$county/$1/rung" | sort -u)
    differ "persons of $1 rung under several keys for one event" "" \
        "$(cut -d' ' -f1,2 <<<"$keys" | uniq -d)" || return 1
    differ "attempts of $1 made twice and not marked so" "" \
        "$(jq -r 'select(.repeat | not) | .attempt' "$county/$1/rung" | sort | uniq -d)"
}

# What the board shows for each called seat, against the last answer that was accepted there.
accepted_on_board() {
    local wanted
    wanted=$({ answers_accepted; orders_accepted; } | awk '
        $1 == "answered" { said[$3 " " $2] = $4 }
        $1 == "accepted" && $3 == "information" {
            count = split($5, org, ",")
            for (i = 1; i <= count; i++) seats[$2 " " org[i]]
        }
        END {
            for (seat in seats) {
                split(seat, part, " ")
                print "seat", part[1], part[2] "/tib", (seat in said) ? said[seat] : "-"
            }
        }' | sort)
    accepted_events information >"$county/events"
    differ "the board" "$wanted" \
        "$("$county_bin/sb_users" board "$county/tib" <"$county/events" | sort)"
}

# Shown once on the screen of whoever is on duty.
accepted_shown() { # ORG
    differ "in the inbox of $1" \
        "$(orders_accepted |
            awk -v org="$1" 'index("," $5 ",", "," org ",") { print $2, $3 }' | sort)" \
        "$(inbox "$1" | jq -r '.[] | "\(.id) \(.kind)"' | sort)"
}

accepted_all_there() {
    local org
    for org in "${accepted_orgs[@]}"; do
        facts "$org" >"$county/facts-before-$org" || return 1
    done
    accepted_at_broker || return 1
    for org in "${accepted_orgs[@]}"; do
        accepted_at_agent "$org" && accepted_rung "$org" || return 1
    done
}

accepted_is_there() {
    accepted_all_there >"$county/differs.log"
}

# users_have LEAST: so many orders and so many answers were accepted by now.
users_have() {
    [ "$(accepted_events information recall | wc -l)" -ge "$1" ] &&
        [ "$(answers_accepted | wc -l)" -ge "$1" ]
}

# accepted_judge LEAST: waits until all has come, stops everybody, and judges what lies there then.
# At least LEAST orders and as many answers must have been accepted: a load that never ran proves nothing.
accepted_judge() {
    local org answers
    until_true "all that was accepted is everywhere (see differs.log)" accepted_is_there
    accepted_on_board || fail "the board differs"
    for org in "${accepted_orgs[@]}"; do
        accepted_shown "$org" || fail "the screen at $org differs"
    done
    for org in "${accepted_orgs[@]}"; do
        county_end "$org-channel" TERM
        agent_down "$org" TERM
        equal "end of the agent of $org" 0 "$ended"
    done
    broker_down TERM
    equal "end of the broker" 0 "$ended"
    accepted_all_there || fail "what lies in the stores is not what was accepted"
    sound broker "${accepted_orgs[@]}"
    answers=$(answers_accepted | wc -l)
    say "$(accepted_events information recall | wc -l) orders and $answers answers accepted, all there once"
    [ "$(accepted_events information recall | wc -l)" -ge "$1" ] && [ "$answers" -ge "$1" ] ||
        fail "fewer than $1 of them: the load did not run"
}
