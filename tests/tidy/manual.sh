#!/usr/bin/env bash
# manual.sh [TREE]: the manual is true and whole. Every program has a page; a page names every verb, option and
# setting that the program's tables hold, the settings with their defaults and limits, and no option that
# they do not hold; the pages that units and pages point to are there. (That --help says what the tables hold is
# the programs' own doing: it is made of them, or tests/fault/configuration.sh asks it.)
. "$(dirname "$0")/common.sh"

man=deploy/man
count=0

# The text of those files of the tree that are there; every one must be.
sources() {
    local file
    for file in "$@"; do
        cat "$tidy_top/$file" || tidy_bad "$file: is not there any more; tell manual.sh where its table went"
    done
}

# Options: rows of getopt's tables, and of samband's.
options_in() {
    grep -oE '"[a-z-]+", *(required_argument|no_argument|SB_TAKES_)' | sed -E 's/^"([a-z-]+)".*/--\1/' | sort -u
}
settings_in() {
    grep -oE 'CYAML_FIELD_[A-Z_]+\("[a-z-]+"' | sed -E 's/.*"([a-z-]+)"/\1/' | sort -u
}
verbs_in() {
    grep -oE '^ *\.(name|alias) = .*' | grep -oE '"[^"]+"' | tr -d '"' | sort -u
}

# names PAGE WHAT PATTERN: some line of the page has it.
names() {
    count=$((count + 1))
    grep -qE -e "$3" "$tidy_top/$1" || tidy_bad "$1: says nothing of $2"
}

# page PROGRAM SECTION FILE…: the files hold its tables of options.
page() {
    local program=$1 page=$man/$1.$2.scd option known
    shift 2
    if ! [ -f "$tidy_top/$page" ]; then
        tidy_bad "$page: is not there; $program has no manual page"
        return 1
    fi
    known=$(sources "$@" | options_in)
    for option in $known; do
        names "$page" "$option" "$option([^a-z-]|\$)"
    done
    # Those of the other programs may stand in an example.
    while read -r option; do
        grep -qxF -e "$option" <<<"$all_options" || tidy_bad "$page: $option is no option of any program here"
    done < <(grep -oE -e '--[a-z][a-z-]*' "$tidy_top/$page" | sort -u)
}

# settings PROGRAM EXAMPLE FILE: each stands in the page and in the example.
settings() {
    local page=$man/$1.8.scd setting
    for setting in $(sources "$3" | settings_in); do
        names "$page" "$setting" "\*$setting\*"
        names "deploy/config/$2" "$setting" "(^|[ {-])$setting:"
    done
}

# value PAGE SETTING FILE MACRO…: the number stands in the paragraph about the setting.
value() {
    local page=$1 setting=$2 file=$3 macro number
    shift 3
    for macro in "$@"; do
        count=$((count + 1))
        number=$(sed -nE "s/^#define $macro +([0-9]+)( .*)?\$/\1/p" "$tidy_top/$file")
        if [ -z "$number" ]; then
            tidy_bad "$file: no number $macro any more; tell manual.sh which it is now"
        elif ! awk -v RS= -v key="*$setting*" -v number="$number" \
            'index($0, key) && $0 ~ "(^|[^0-9])" number "([^0-9]|$)" { found = 1 } END { exit !found }' \
            "$tidy_top/$page"; then
            tidy_bad "$page: $setting: $macro is $number, which does not stand in its paragraph"
        fi
    done
}

has() {
    [ -e "$tidy_top/$1" ]
}

cli=()
has broker/cli && mapfile -t cli < <(cd "$tidy_top" && find broker/cli -maxdepth 1 -name '*.[ch]' | sort)
broker=(broker/main.c proto/backup/backup.c proto/loop/daemon.c)
agent=(agent/main.c proto/backup/backup.c proto/loop/daemon.c)
channel=(agent/channel/main.c proto/loop/daemon.c)
all_options=$(cat $(for file in "${cli[@]}" "${broker[@]}" "${agent[@]}"; do
    has "$file" && echo "$tidy_top/$file"
done) /dev/null | options_in)

if has broker/cli/commands.c && page samband 1 "${cli[@]}"; then
    while read -r verb; do
        names $man/samband.1.scd "$verb" "(^|[^a-zåäö])$verb([^a-zåäö]|\$)"
    done < <(sources "${cli[@]}" | verbs_in)
fi
if has broker/main.c && page samband-broker 8 "${broker[@]}"; then
    settings samband-broker broker.yaml broker/settings.c
    value $man/samband-broker.8.scd dark-after-seconds broker/settings.c DARK_AFTER_{DEFAULT,MIN,MAX}_S
    value $man/samband-broker.8.scd quota-mebibytes include/samband/limits.h \
        SB_STORE_QUOTA_MIB{,_MIN,_MAX} SB_ROOM_{LOW,SCARCE,NONE}_PERCENT
fi
if has agent/main.c && page samband-agent 8 "${agent[@]}"; then
    settings samband-agent agent.yaml agent/settings.c
    settings samband-agent roster.yaml agent/roster_file.c
    value $man/samband-agent.8.scd quota-mebibytes include/samband/limits.h \
        SB_STORE_QUOTA_MIB{,_MIN,_MAX} SB_ROOM_{LOW,SCARCE,NONE}_PERCENT
    value $man/samband-agent.8.scd step-ms agent/roster_file.c STEP_MAX_MS
    value $man/samband-agent.8.scd step-ms include/samband/limits.h SB_STEP_{DEFAULT,MIN}_MS SB_PER_FUNCTION_MAX
    value $man/samband-agent.8.scd people include/samband/limits.h SB_CHANNELS_PER_PERSON_MAX SB_MANDATES_PER_PERSON_MAX
fi
if has agent/channel/main.c && page samband-channel 8 "${channel[@]}"; then
    settings samband-channel channel.yaml agent/channel/settings.c
    value $man/samband-channel.8.scd attempts-at-once agent/channel/settings.c AT_ONCE_{DEFAULT,MAX}
    value $man/samband-channel.8.scd time-limit-seconds agent/channel/settings.c TIME_LIMIT_MAX_S
    value $man/samband-channel.8.scd answer-window-seconds agent/channel/settings.c ANSWER_WINDOW_{DEFAULT,MAX}_S
    value $man/samband-channel.8.scd command agent/channel/settings.h SB_COMMAND_WORDS_MAX
    value $man/samband-channel.8.scd attempt include/samband/limits.h SB_ATTEMPT_SIZE_MAX
fi

# What is pointed to.
if has $man; then
    while IFS=: read -r from to; do
        count=$((count + 1))
        has "$man/${to/(/.}.scd" || tidy_bad "$from: points to $to), of which there is no page"
    done < <(cd "$tidy_top" && grep -oE -H '(man:|\*)samband[a-z-]*\*?\([0-9]' deploy/systemd/*.service $man/*.scd 2>/dev/null |
        sed -E 's/:(man:|\*)(samband[a-z-]*)\*?\(/:\2(/' | sort -u)
fi
tidy_end "$count verbs, options, settings, limits and references stand in the manual"
