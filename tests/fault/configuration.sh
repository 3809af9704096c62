#!/usr/bin/env bash
# A wrong configuration: refused with FILE:LINE:COLUMN, what is wrong and what to write, by
# --check-config and by the daemon itself; nothing is made before it is right.
. "$(dirname "$0")/../support/county.sh"
county_begin "$@"
top=$county_top/deploy/config
at=$county/config
mkdir "$at"

# wrong PROGRAM FILE SED WORDS…: the example with one change is refused with FILE:LINE:COL and words.
wrong() {
    local program=$1 file=$2 change=$3 place=$4
    shift 4
    say "$file: $change"
    good_files
    sed -i -e "$change" "$at/$file"
    cmp -s "$at/$file" "$at/$file.good" && fail "the change changes nothing"
    expect 1 "$file" "$county_bin/$program" --config "$at/$(main_file "$program")" --check-config
    said "$program: $at/$file:$place" "$@"
    both_languages "$program" "$at/$file:$place"
    expect 1 "$file, not only checked" "$county_bin/$program" --config "$at/$(main_file "$program")"
    said "$at/$file:$place"
    equal "folders made" "" "$(find "$at" -mindepth 1 -type d)"
}

# both_languages PROGRAM PLACE: one line of Swedish after the program's name, one of English, each with
# the place; and they are not the same.
both_languages() {
    equal "lines of the complaint" 2 "$(wc -l <<<"$err")"
    local swedish english
    { read -r swedish && read -r english; } <<<"$err"
    [[ $swedish == "$1: $2"* && $english == "$2"* && $swedish != *"$english" ]] ||
        fail "not both languages, each with its place: $err"
}

main_file() {
    case $1 in
    samband-broker) echo broker.yaml ;;
    samband-agent) echo agent.yaml ;;
    samband-channel) echo channel.yaml ;;
    esac
}

# The examples that people start from, with the folders of this run.
good_files() {
    sed "s|^state: .*|state: $at/broker|" "$top/broker.yaml" >"$at/broker.yaml"
    sed -e "s|^state: .*|state: $at/agent|" -e "s|^runtime: .*|runtime: $at/run|" \
        -e "s|^roster: .*|roster: $at/roster.yaml|" "$top/agent.yaml" >"$at/agent.yaml"
    cp "$top/roster.yaml" "$at/roster.yaml"
    sed -e "s|^control: .*|control: $at/run/control|" -e 's|^command: .*|command: [/bin/true]|' \
        "$top/channel.yaml" >"$at/channel.yaml"
    local file
    for file in broker agent roster channel; do
        cp "$at/$file.yaml" "$at/$file.yaml.good"
    done
}

line_of() { # FILE PATTERN
    grep -n -m 1 -- "$2" "$at/$1" | cut -d: -f1
}

say "the examples are good"
good_files
for program in samband-broker samband-agent samband-channel; do
    expect 0 "$program" "$county_bin/$program" --config "$at/$(main_file $program)" --check-config
    said "$(main_file $program)"
done

say "a word that no program reads"
for program in samband-broker samband-agent samband-channel; do
    expect 2 "$program" "$county_bin/$program" --config "$at/$(main_file $program)" --check-config more
    said "--check-config"
done

dark=$(line_of broker.yaml '^dark-after-seconds:')
wrong samband-broker broker.yaml 's/^dark-after-seconds:/dark-after-second:/' "$dark:1:" \
    "dark-after-second" "dark-after-seconds"
wrong samband-broker broker.yaml 's/^dark-after-seconds: .*/dark-after-seconds: soon/' "$dark:21:" \
    "whole number" "soon"
wrong samband-broker broker.yaml 's/^link:/lnik:/' "$(line_of broker.yaml '^link:'):1:" lnik link \
    "det finns ingen nyckel" "there is no key"
wrong samband-broker broker.yaml '/^state:/d' "" "state"

wrong samband-agent agent.yaml 's/^roster:/rooster:/' "$(line_of agent.yaml '^roster:'):1:" rooster roster
wrong samband-agent agent.yaml 's/^runtime: .*/runtime:\t[/' "$(line_of agent.yaml '^runtime:'):" ""

wrong samband-agent roster.yaml 's/^    name: Anna/    nmae: Anna/' \
    "$(line_of roster.yaml '^    name: Anna'):5:" nmae name
wrong samband-agent roster.yaml 's/step-ms: 120000/step-ms: 2min/' \
    "$(line_of roster.yaml 'step-ms: 120000'):" "2min" "whole number"

wrong samband-channel channel.yaml 's/^command:/comand:/' "$(line_of channel.yaml '^command:'):1:" \
    comand command "det finns ingen nyckel"
wrong samband-channel channel.yaml 's/^attempts-at-once: .*/attempts-at-once: eight/' \
    "$(line_of channel.yaml '^attempts-at-once:'):" "eight"

# What no form can tell: the sentence names the file and the entry.
meaning() {
    local program=$1 file=$2 change=$3
    shift 3
    say "$file: $change"
    good_files
    sed -i -e "$change" "$at/$file"
    expect 1 "$file" "$county_bin/$program" --config "$at/$(main_file "$program")" --check-config
    said "$at/$file" "$@"
    both_languages "$program" "$at/$file"
}
meaning samband-agent roster.yaml 's/people: \[p7, p8\]/people: [p7, p88]/' p88 tib "not among people"
meaning samband-agent roster.yaml 's/level: samordnande .*/level: samordnad/' samordnad samordnande
meaning samband-agent roster.yaml 's/id: p8$/id: p7/' p7 twice
meaning samband-broker broker.yaml 's/^dark-after-seconds: .*/dark-after-seconds: 5/' dark-after-seconds 6
meaning samband-broker broker.yaml 's|^link: .*|link: localhost|' localhost tcp://
meaning samband-channel channel.yaml 's|^command: .*|command: [no/such]|' "no/such" "whole path" "hela sökväg"
meaning samband-channel channel.yaml 's|^command: .*|command: [/no/such]|' "/no/such" "cannot be run"

say "no such file, no option, options that are not there"
for program in samband-broker samband-agent samband-channel; do
    expect 1 "$program without a file" "$county_bin/$program" --config "$at/nothing.yaml"
    said "$at/nothing.yaml kan inte öppnas" "cannot open $at/nothing.yaml" "No such file"
    expect 2 "$program without options" "$county_bin/$program"
    expect 2 "$program with a wrong option" "$county_bin/$program" --confg x
    expect 0 "$program --help" "$county_bin/$program" --help
    said "--check-config"
    expect 0 "$program --version" "$county_bin/$program" --version
    said "$program "
done
expect 0 "init --help" "$county_bin/samband-broker" init --help
expect 2 "init without a profile" "$county_bin/samband-broker" init --state "$at/no" --operator a
expect 2 "init with a word too many" "$county_bin/samband-broker" init a --state "$at/no" \
    --operator a --profile "$at/no"
expect 0 "join --help" "$county_bin/samband-agent" join --help
for program in samband-broker samband-agent; do
    expect 2 "$program backup without a folder" "$county_bin/$program" backup --config x
    said "mappen som säkerhetskopian ska göras i saknas" "the folder to make the backup in is missing" "$program backup --help"
    expect 2 "$program backup without settings" "$county_bin/$program" backup "$at/no"
    said "--config saknas" "--config is missing"
    expect 2 "$program backup with a word too many" "$county_bin/$program" backup "$at/no" "$at/more" --config x
    said "$at/more: ett ord för mycket" "$at/more: a word too many"
    expect 2 "$program restore without a backup" "$county_bin/$program" restore --state x
    said "säkerhetskopians mapp saknas" "the folder of the backup is missing"
    expect 2 "$program restore without a state" "$county_bin/$program" restore "$at/no"
    said "--state saknas" "--state is missing"
    expect 2 "$program restore with a wrong option" "$county_bin/$program" restore "$at/no" --stat-e x
    said "--stat-e: en sådan växel finns inte" "--stat-e: there is no such option"
    for verb in backup restore; do
        expect 0 "$program $verb --help" "$county_bin/$program" "$verb" --help
        said "$program $verb " 0700 0600 "exit status: 0" "2 fel i anropet" "sudo -u" /var/lib/samband/
    done
done
expect 2 "join without an invitation" "$county_bin/samband-agent" join --state "$at/no"
equal "nothing was made" "" "$(find "$at/no" 2>/dev/null)"
