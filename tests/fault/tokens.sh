#!/usr/bin/env bash
# Invitations that are used, forged, mistyped or of another broker, for agents and for persons: each
# is refused with a sentence that says what to do, and enrols nobody.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
county_found lst-ab taby solna

agents_joined() {
    log_lines broker "role=agent"
}
agent_settings() { # FOLDER
    roster_write taby >"$county/roster.yaml"
    printf 'state: %s\nruntime: %s\nroster: %s\n' "$county/$1" "$county/run" "$county/roster.yaml"
}
join() { # TOKEN FOLDER
    "$county_bin/samband-agent" join "$1" --state "$county/$2"
}
flip() { # TOKEN POSITION: another character there
    local old=${1:$2:1} new=A
    [ "$old" = A ] && new=B
    printf '%s%s%s' "${1:0:$2}" "$new" "${1:$(($2 + 1))}"
}

token=$(token_of taby)
[ ${#token} -gt 100 ] || fail "no token: $token"

say "mistyped, cut off, of nothing"
expect 1 "one character wrong" join "$(flip "$token" 60)" a1
said "copy" "whole"
expect 1 "the last character lost" join "${token%?}" a2
said "copy"
expect 1 "not a token" join "hello" a3
expect 1 "empty" join "" a4
expect 2 "no state" "$county_bin/samband-agent" join "$token"
equal "agents" 0 "$(agents_joined)"

say "forged: well formed, with a one-time key that the broker never made"
forged=$("$county_bin/sb_forge" "$token" once)
before=$(counter tib broker/handshake/not-found)
expect 1 "a forged one-time key" join "$forged" a5
said "no answer from tcp://127.0.0.1:$county_control" "invitation"
until_true "the broker counts it" counter_is_at_least tib broker/handshake/not-found $((before + 1))

say "forged: the true one-time key, but a root key of the forger's: nothing is trusted"
second=$(token_of solna)
expect 1 "a forged root" join "$("$county_bin/sb_forge" "$second" root)" a6
[ ! -e "$county/a6/keys/cert" ] || fail "a certificate was kept"
[ ! -e "$county/a6/keys/root" ] || fail "the forged root was kept"
expect 1 "the agent does not start" "$county_bin/samband-agent" --config <(agent_settings a6)
said "no enrolled agent" "samband-agent join TOKEN"

say "good: and with the same keys again it is the same"
equal "length of the fingerprint on paper" 39 ${#county_paper}
expect 0 "join" join "$token" b1
said "taby-1: inskriven" "Rotens fingeravtryck (jämför med papperet): $county_paper" \
    "taby-1: enrolled" "Root's fingerprint (compare with the paper): $county_paper"
equal "agents, with that of the forged root" 2 "$(agents_joined)"
expect 1 "again, into the same folder" join "$token" b1
said "holds an enrolled agent already"
rm "$county/b1/keys/cert"
expect 0 "again with the same keys, as after a lost answer" join "$token" b1
equal "agents, with that of the forged root" 2 "$(agents_joined)"

say "used: not with other keys"
expect 1 "used" join "$token" b2
said "used already" "ask for a new one"
[ ! -e "$county/b2/keys/cert" ] || fail "a certificate was kept"

say "a person's invitation: the same rules"
person=$(tib operator invite tib-2 --role operator --realm live --json --yes SKARPT | jq -r '.rows[0].token')
as() { # FOLDER ARGUMENT…
    local folder=$1
    shift
    samband --profile "$county/$folder" "$@"
}
expect 1 "mistyped" as c1 join "$(flip "$person" 60)"
said "copy the whole line"
expect 1 "expired" as c2 join "$("$county_bin/sb_forge" "$person" expired)"
said "expired" "new invitation"
expect 3 "forged" as c3 join "$("$county_bin/sb_forge" "$person" once)"
said "invitation"
expect 1 "an agent's invitation" as c4 join "$(token_of taby --agent taby-9)"
expect 0 "good" as c5 join "$person"
said "tib-2" "compare with the paper): $county_paper"
expect 0 "and it works" as c5 org list
expect 1 "used" as c6 join "$person"
said "used already"
expect 1 "a profile that is somebody's" as c5 join "$person"
expect 1 "an agent with a person's invitation" join \
    "$(tib operator invite tib-3 --role viewer --realm live --json --yes SKARPT | jq -r '.rows[0].token')" b3
said "a person's, not an agent's" "samband join"
[ ! -e "$county/b3/keys/cert" ] || fail "a certificate was kept"

say "an organisation that is not there"
expect 1 "org invite" tib org invite atlantis --yes SKARPT
said "atlantis"
