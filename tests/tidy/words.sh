#!/usr/bin/env bash
# words.sh [TREE]: a refusal is said in Swedish and in English (sb_why_say). English alone
# (sb_why_set) is for sentences that no person is shown: each file that has some stands here, with
# how many and who reads them.
. "$(dirname "$0")/common.sh"

english='
proto/base/err.c            2  the function itself, and a sentence that came in English only
proto/link/greet.c          2  frames of a session that is over: the log
proto/link/link.c           2  frames out of their session: the log
proto/link/on_data.c        3  a gap or a broken chain, asked for again by itself: the log
proto/link/on_receipt.c     1  a receipt that was never sent like that: the log
proto/link/proof.c          1  a proof that its key did not sign: the log
proto/loop/zap.c            1  a bug of ours
proto/store/memory.c        1  the store of tests
broker/core/cmd_org.c       1  REFUSE session, which the agent answers by itself
broker/core/on_frame.c      1  REFUSE session, which the agent answers by itself
broker/core/on_verdict.c    2  a verdict that is refused is not told: the log
agent/channel/channel.c     1  what the agent sent: the log
agent/channel/child.c       1  what a run came to: the log
agent/channel/job.c         1  what the agent sent: the log
agent/channel/said.c        3  lines of a site'"'"'s program: the log
'

allowed() { # FILE
    awk -v file="$1" '$1 == file { print $2 }' <<<"$english"
}

count=0
while IFS=: read -r file found; do
    count=$((count + 1))
    may=$(allowed "$file")
    [ "$found" -le "${may:-0}" ] ||
        tidy_bad "$file: $found sentences in English alone, ${may:-0} known: sb_why_say, or name the reader in words.sh"
done < <(cd "$tidy_top" && tidy_files .c | grep -E '^(proto|broker|agent)/' |
    xargs -r -d '\n' grep -cH '\bsb_why_set(')
tidy_end "$count files say their refusals in both languages"
