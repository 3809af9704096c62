#!/usr/bin/env bash
# banned.sh [TREE]: calls that we do not make, sleeps where time is an argument, words of unfinished
# work.
. "$(dirname "$0")/common.sh"

# The words stand apart here, so that the script does not find itself.
words='\b(TO''DO|FIX''ME|X''XX|HA''CK|not (yet )?imple''mented|place''holder|for n''ow|st''ub(bed)?s?)\b'
calls='\b(strcpy|strcat|sprintf|vsprintf|strncpy|strncat|strtok|atoi|atol|atof|gets|system|popen|alloca|tmpnam|mktemp)[[:space:]]*\('
sleeps='\b(sleep|usleep|nanosleep|clock_nanosleep|zclock_sleep)[[:space:]]*\('
values='[a-z]=\\"%[-0-9.*]*s'

# PATTERN WHY FILE…
search() {
    local pattern=$1 why=$2 hit
    shift 2
    [ $# -gt 0 ] || return 0
    while read -r hit; do
        tidy_bad "$hit  <- $why"
    done < <(cd "$tidy_top" && grep -nHIE "$pattern" "$@" | cut -c1-160)
}

mapfile -t code < <(tidy_files .c .h)
mapfile -t timeless < <(tidy_files .c .h | grep -E '^tests/(unit|scenario|sim|support)/')
# The self-test holds bad samples on purpose.
mapfile -t all < <(tidy_files .c .h .sh .md .yaml .scn CMakeLists.txt run demo | grep -v 'tidy/selftest\.sh$')

search "$calls" 'banned call: snprintf, memcpy, strtoull; posix_spawn for programs' "${code[@]}"
search "$values" 'a text in a log line is quoted by sb_quoted(), which escapes what it quotes' "${code[@]}"
search "$sleeps" 'a test does not sleep: give it the time, or poll with a deadline' "${timeless[@]}"
search "$words" 'finish it, or write it into an issue' "${all[@]}"
tidy_end "no banned call, sleep or word of unfinished work"
