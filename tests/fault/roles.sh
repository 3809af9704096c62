#!/usr/bin/env bash
# Who may do what, and the realms apart: a viewer reads only, an exercise operator works in the
# exercise only, and an exercise is seen by nobody who works live, nor rings as if it were.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby
county_enrol taby

enrol() { # NAME ROLE REALM
    local token
    token=$(tib operator invite "$1" --role "$2" --realm "$3" --json --yes SKARPT | jq -r '.rows[0].token')
    expect 0 "$1 enrols" samband --profile "$county/$1" join "$token"
}
as() { # NAME ARGUMENT…
    local name=$1
    shift
    samband --profile "$county/$name" "$@"
}
enrol viewer viewer live
enrol trainer exercise-operator exercise
enrol leader operator live
enrol tester operator test

say "a viewer reads, and changes nothing"
expect 0 "reads the register" as viewer org list
expect 0 "reads counters" as viewer counters
expect 1 "call" as viewer call rsf "Storm" --at +1h --yes SKARPT
said "needs the role operator" "you are viewer in LIVE" "ask somebody who has the role"
expect 1 "note" as viewer note "x" --yes SKARPT
said "needs the role operator"
expect 1 "invite" as viewer org invite taby --yes SKARPT
said "needs the role admin"

say "an operator is no administrator"
expect 1 "invite" as leader operator invite eve --role admin --realm live --yes SKARPT
said "needs the role administrator" "you are operator in LIVE"
expect 1 "org load" as leader org load "$county/register.csv" --yes SKARPT
expect 1 "org revoke" as leader org revoke taby-1 --yes SKARPT
equal "operators" 5 "$(tib operator list --json | jq '.rows | length')"

say "an exercise operator is told so, by its own name and in the reader's language"
expect 1 "forum load" as trainer forum load "$county_top/deploy/register/forums.csv" --yes ÖVNING
said "you are exercise operator in EXERCISE" "done in LIVE only"
expect 1 "forum load, på svenska" "$county_bin/samband" --profile "$county/trainer" \
    forum load "$county_top/deploy/register/forums.csv" --yes ÖVNING
said "du är övningsledare i ÖVNING" "det görs bara i SKARPT; be en administratör"

say "the word must fit the realm one works in"
expect 1 "SKARPT in the exercise" as trainer call rsf "Storm" --at +1h --yes SKARPT
said "EXERCISE"
expect 1 "ÖVNING in live" as leader call rsf "Storm" --at +1h --yes ÖVNING
expect 2 "no word" as leader call rsf "Storm" --at +1h
said "LIVE"
equal "events so far" 0 "$(tib events --json | jq '.rows | length')"

say "a live event, then an exercise"
expect 0 "live" as leader call rsf "Live storm" --at +2h --json --yes SKARPT
live=$(made convening)
expect 0 "exercise" as trainer call rsf "Exercise storm" --at +1h --json --yes ÖVNING
exercise=$(made convening)
until_true "live at taby" inbox_has taby "Live storm"
until_true "exercise at taby" inbox_has taby "Exercise storm"
realm_of() { # EVENT
    inbox taby | jq -r --arg id "$1" '.[] | select(.id == $id) | .realm'
}
equal "realm of the live one at the agent" live "$(realm_of "$live")"
equal "realm of the exercise at the agent" exercise "$(realm_of "$exercise")"
expect 0 "inbox, as people see it" at taby inbox
said "EXERCISE" "LIVE" "Exercise storm" "Live storm"
until_true "the exercise rings" rang taby "$exercise"
until_true "live rings" rang taby "$live"
equal "realm in the exercise's attempt" exercise "$(jq -r --arg id "$exercise" 'select(.event == $id) | .realm' "$county/taby/rung")"
equal "realm in the live attempt" live "$(jq -r --arg id "$live" 'select(.event == $id) | .realm' "$county/taby/rung")"

say "each sees its own realm only"
equal "newest on the live board" "$live" "$(as leader status --json | jq -r .head.id)"
equal "newest on the exercise's board" "$exercise" "$(as trainer status --json | jq -r .head.id)"
expect 1 "live looks at the exercise" as leader status "$exercise"
said "is in the realm EXERCISE and you work in LIVE"
expect 1 "the exercise looks at live" as trainer status "$live"
said "is in the realm LIVE and you work in EXERCISE"
equal "the live group for live" "activation convening incident" \
    "$(as leader events --json | jq -r '[.rows[] | select(.origin == "lst-ab") | .kind] | sort | join(" ")')"
equal "exercise events for live" 0 "$(as leader events --json | jq '[.rows[] | select(.realm != "live")] | length')"
equal "live events for the exercise" 0 "$(as trainer events --json | jq '[.rows[] | select(.realm != "exercise")] | length')"
expect 0 "nothing in the test realm" as tester status
said "TEST · TEST ·" "Nothing is going on"
equal "its board, for a program" "null 0" "$(as tester status --json | jq -r '"\(.head) \(.seats | length)"')"
expect 1 "recall over the border" as trainer recall "$live" --yes ÖVNING
expect 1 "recall over the border" as leader recall "$exercise" --yes SKARPT
expect 1 "reached over the border" as leader reached "$exercise" taby/tib --via phone --yes SKARPT

say "an exercise's answer stays in the exercise, and looks like it"
band=" EXERCISE · EXERCISE ·"
expect 0 "taby answers the exercise" at taby answer "$exercise" yes --as tib --person taby-p1
said "$band"
expect 0 "taby acknowledges, read by a script" at taby ack "$exercise" --as tib --person taby-p1 --plain
said $'realm\tEXERCISE'
expect 0 "taby acknowledges, read by a program" at taby ack "$exercise" --as tib --person taby-p1 --json
equal "realm of the answer" exercise "$(jq -r '.rows[0].realm' <<<"$out")"
expect 0 "taby looks at the exercise" at taby show "$exercise"
said "$band"
expect 0 "taby notes about the exercise" at taby note "Noted" --event "$exercise"
said "$band"
expect 0 "taby acknowledges live" at taby ack "$live" --as tib
[[ $out != *EXERCISE* ]] || fail "a live answer looks like an exercise: $out"
expect 0 "taby's inbox has both" at taby inbox
[[ $out != *"$band"* ]] || fail "a live event stands under an exercise's band: $out"
exercise_answer() {
    [ "$(as trainer status "$exercise" --json | jq -r 'first(.seats[] | select(.org == "taby") | .answer)')" = yes ]
}
until_true "on the exercise's board" exercise_answer
equal "on the live board" null "$(as leader status "$live" --json | jq -r 'first(.seats[] | select(.org == "taby") | .answer)')"

say "revoked: at once"
expect 0 "revoke" tib operator revoke leader --yes SKARPT
expect 3 "no handshake with a revoked key" as leader org list
# Who never gets in is counted once an interval.
until_true "handshakes with a revoked key are counted" counter_is_at_least tib broker/handshake/revoked 1
equal "who typed a wrong word came as a stranger" 0 "$(counter tib broker/stranger/unfinished)"
expect 0 "the viewer is not" as viewer org list

agent_down taby TERM
broker_down TERM
sound broker taby
