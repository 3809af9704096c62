#!/usr/bin/env bash
# selftest.sh: the tidy scripts can fail. Each is shown a small good tree, which it must pass, and
# then the same tree with one bad line, which it must refuse with the sentence of that rule.
here=$(cd "$(dirname "$0")" && pwd -P)
folder=$(mktemp -d "${TMPDIR:-/tmp}/samband-tidy.XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
failed=0
count=0

# A tree with one good file of each kind.
good() {
    rm -rf "$folder/tree"
    mkdir -p "$folder"/tree/{include/samband,broker/core,agent/core,proto/{base,wire,link,loop,store},tests/unit}
    cp "$here/../../.clang-format" "$folder/tree/"
    put broker/core/good.c '/* good.c: adds, and does nothing else. */' '#include "samband/bytes.h"' '' \
        '#include <string.h>' '' 'int sb_good(int a);' 'int sb_good(int a)' '{' '    return a + 1;' '}'
    put proto/loop/loop.c '/* loop.c: sockets. */' '#include "samband/loop.h"' '' '#include <czmq.h>'
    put agent/core/core.h '/* core.h: the core. */'
    put agent/shell.c '/* shell.c: includes its core. */' '#define _GNU_SOURCE' '#include "core.h"'
}

# put FILE LINE…: writes it. add FILE LINE…: adds to it.
put() {
    local file=$folder/tree/$1
    shift
    mkdir -p "$(dirname "$file")"
    printf '%s\n' "$@" >"$file"
}
add() {
    local file=$folder/tree/$1
    shift
    mkdir -p "$(dirname "$file")"
    printf '%s\n' "$@" >>"$file"
}

# passes SCRIPT ARGUMENT…
passes() {
    count=$((count + 1))
    "$here/$1.sh" "${@:2}" >"$folder/said" 2>&1 && return
    [ $? = 77 ] && return # the tool is not here; the rule's own test says so
    echo "$1.sh refuses what is good:"
    cat "$folder/said"
    failed=1
}

# refuses SCRIPT SENTENCE ARGUMENT…: the sentence is part of what it must say.
refuses() {
    count=$((count + 1))
    "$here/$1.sh" "${@:3}" >"$folder/said" 2>&1
    local status=$?
    [ $status = 77 ] && return
    [ $status != 0 ] && grep -qF -e "$2" "$folder/said" && return
    echo "$1.sh does not refuse: $2 (status $status). It said:"
    cat "$folder/said"
    failed=1
}

tree=$folder/tree
good
for rule in layers banned length comments format words commands manual; do
    passes $rule "$tree"
done

# A command that begins to work at once, and one that refuses, but not where the remedy is said.
put tests/sim/swarm '#!/bin/sh' 'echo builds'
chmod +x "$tree/tests/sim/swarm"
refuses commands "does not refuse 'bogus' at once" "$tree"
put tests/sim/swarm '#!/bin/sh' '[ "$1" != --help ] || { echo help; exit 0; }' 'echo no; exit 2'
refuses commands "does not say what to do about '--bogus'" "$tree"
put tests/sim/swarm '#!/bin/sh' '[ "$1" != --help ] || { echo help; exit 0; }' 'echo no, see --help; exit 2'
passes commands "$tree"

layer() { # SENTENCE FILE INCLUDE
    good
    put "$2" "/* ${2##*/}: bad. */" "#include $3"
    refuses layers "$1" "$tree"
}
layer 'sockets belong to the loop' broker/shell.c '<czmq.h>'
layer 'sockets belong to the loop' proto/link/link.c '<zmq.h>'
layer 'only the store knows LMDB' broker/shell.c '<lmdb.h>'
layer 'only the wire codec encodes' proto/link/link.c '<msgpack.h>'
layer 'only the hash and the keys' proto/base/bytes.c '<sodium.h>'
layer 'JSON is for the command line' agent/shell.c '<jansson.h>'
layer 'in a pure folder' broker/core/bad.c '<time.h>'
layer 'in a pure folder' agent/core/bad.c '<unistd.h>'
layer 'lies above proto/base/' proto/base/bad.c '"samband/record.h"'
layer 'lies above broker/core/' broker/core/bad.c '"samband/store.h"'
layer 'another part' broker/shell.c '"../agent/core/core.h"'
layer 'another part' broker/shell.c '"agent/core/core.h"'
layer 'another part' broker/bad.c '"core.h"'
good
put broker/core/bad.c '/* bad.c: bad. */' '#define _GNU_SOURCE'
refuses layers '_GNU_SOURCE is for shells' "$tree"

banned() { # SENTENCE FILE LINE
    good
    add "$2" "$3"
    refuses banned "$1" "$tree"
}
for call in strcpy strcat sprintf strncpy strtok atoi gets system popen; do
    banned 'banned call' broker/core/good.c "$call(a, b);"
done
banned 'a text in a log line' broker/core/good.c 'f("event why=\"%s\"", a);'
banned 'a text in a log line' broker/core/good.c 'f("event why=\"%.*s\"", b, a);'
banned 'a test does not sleep' tests/unit/test_bad.c 'sleep(1);'
banned 'a test does not sleep' tests/unit/test_bad.c 'zclock_sleep (10);'
banned 'finish it' broker/core/good.c '/* TODO: the rest */'
banned 'finish it' broker/README.md 'This is a placeholder.'
banned 'finish it' tests/run 'echo not implemented'

good
for _ in $(seq 601); do echo '/* a line */'; done >>"$tree/proto/loop/loop.c"
refuses length 'loop.c: ' "$tree"
good
{ echo 'void sb_long(void)'; echo '{'; seq -f '    f(%g);' 69; echo '}'; } >>"$tree/broker/core/good.c"
refuses length '71 lines in void sb_long(void)' "$tree"
good
{ echo 'void sb_fits(void)'; echo '{'; seq -f '    f(%g);' 68; echo '}'; } >>"$tree/broker/core/good.c"
passes length "$tree"

good
put broker/core/bad.c '#include <string.h>'
refuses comments 'broker/core/bad.c:1: open with' "$tree"
good
add broker/core/good.c 'int  sb_x( void );'
refuses format 'good.c:' "$tree"

good
add broker/core/good.c 'return sb_why_set(why, SB_ERR_VALUE, "only English");'
refuses words 'broker/core/good.c: 1 sentences in English alone' "$tree"
good
put proto/link/proof.c '/* proof.c: two where one is known. */' 'a = sb_why_set(w, e, "one");' 'b = sb_why_set(w, e, "two");'
refuses words 'proto/link/proof.c: 2 sentences in English alone, 1 known' "$tree"

# A program with its page, example and unit; then one thing less, or more, or another number.
manual() {
    good
    put agent/channel/main.c '/* main.c: a program. */'
    put proto/loop/daemon.c '/* daemon.c: options. */' '{"config", required_argument, NULL},'
    put agent/channel/settings.c '/* settings.c: settings. */' '#define AT_ONCE_DEFAULT 8' '#define AT_ONCE_MAX     64' \
        '#define TIME_LIMIT_MAX_S 300' '#define ANSWER_WINDOW_DEFAULT_S 600' '#define ANSWER_WINDOW_MAX_S 86400' \
        'CYAML_FIELD_UINT("attempts-at-once", 0),'
    put agent/channel/settings.h '/* settings.h: settings. */' '#define SB_COMMAND_WORDS_MAX 32'
    put include/samband/limits.h '/* limits.h: limits. */' '#define SB_ATTEMPT_SIZE_MAX        144 /* a key */'
    put deploy/config/channel.yaml 'attempts-at-once: 8'
    put deploy/systemd/samband-channel.service 'Documentation=man:samband-channel(8)'
    put deploy/man/samband-channel.8.scd 'samband-channel(8)' '' '# NAME' '' 'samband-channel - a program' '' \
        '*--config* _FILE_' '' '*command*: 32 words' '' '*attempt*: 144 bytes' '' \
        '*attempts-at-once*: to 64, 8' '' '*time-limit-seconds*: 300' '' '*answer-window-seconds*: 600, 86400'
}
unmanual() { # SENTENCE FILE SED
    manual
    sed -i "$3" "$tree/$2"
    refuses manual "$1" "$tree"
}
page=deploy/man/samband-channel.8.scd
manual
passes manual "$tree"
rm "$tree/$page"
refuses manual 'samband-channel has no manual page' "$tree"
unmanual 'says nothing of --config' $page 's/--config/--configure/'
unmanual 'says nothing of --new' proto/loop/daemon.c '$a {"new", no_argument, NULL},'
unmanual '--old is no option of any program' $page '$a *--old*'
unmanual 'says nothing of new-key' agent/channel/settings.c '$a CYAML_FIELD_UINT("new-key", 0),'
unmanual 'deploy/config/channel.yaml: says nothing of attempts-at-once' deploy/config/channel.yaml 's/at-once/at/'
unmanual 'AT_ONCE_MAX is 32, which does not stand' agent/channel/settings.c 's/64/32/'
unmanual 'no number AT_ONCE_MAX any more' agent/channel/settings.c 's/AT_ONCE_MAX/MAX/'
unmanual 'points to samband-feed(8), of which there is no page' $page '$a *samband-feed*(8)'
unmanual 'points to samband-pipe(8), of which' deploy/systemd/samband-channel.service 's/channel(8)/pipe(8)/'
manual
rm "$tree/agent/channel/settings.c"
refuses manual 'agent/channel/settings.c: is not there any more' "$tree"
manual
put broker/cli/commands.c '/* commands.c: verbs. */'
put broker/cli/cmd_call.c '/* cmd_call.c: a verb. */' '{"at", SB_TAKES_NEXT},' '    .name = "call",' '    .alias = {"kalla"},'
put deploy/man/samband.1.scd 'samband(1)' '' '# NAME' '' 'samband - calls' '' '*call* --at'
refuses manual 'samband.1.scd: says nothing of kalla' "$tree"
add deploy/man/samband.1.scd '(kalla)'
passes manual "$tree"

# Archives: a pure one, one that asks the clock, one that exports a name of its own.
archive() { # NAME LINE…
    printf '%s\n' "${@:2}" >"$folder/source.c"
    cc -c "$folder/source.c" -o "$folder/source.o" && ar rcs "$folder/lib$1.a" "$folder/source.o"
}
if command -v nm >/dev/null; then
    for name in samband_wire samband_reach samband_link samband_broker_core samband_agent_core; do
        archive $name '#include <string.h>' 'unsigned long sb_f(const char *a);' \
            'unsigned long sb_f(const char *a) { return strlen(a); }'
    done
    passes pure "$folder"
    passes prefix "$folder"
    for call in 'time(0)' 'getenv("A")' 'puts("a")' 'rand()' 'mp_x()'; do
        archive samband_agent_core "int ${call%%(*}();" 'int sb_f(void);' \
            "int sb_f(void) { return (int)$call; }"
        refuses pure "calls ${call%%(*}" "$folder"
    done
    archive samband_agent_core 'int helper(void);' 'int helper(void) { return 1; }'
    refuses prefix 'exports helper' "$folder"
    archive samband_agent_core 'int sb_f(void);' 'int sb_f(void) { return 1; }'
    refuses unused 'build first' "$folder"
    mkdir -p "$folder/CMakeFiles/samband-agent.dir"
    caller() { # NAME: a program that calls it
        printf '%s\n' "int $1(void);" "int main(void) { return $1(); }" >"$folder/main.c"
        cc -c "$folder/main.c" -o "$folder/CMakeFiles/samband-agent.dir/main.c.o"
    }
    rm "$folder"/libsamband_{wire,reach,link,broker_core}.a
    caller sb_f
    passes unused "$folder"
    caller sb_another
    refuses unused 'sb_f: no other file of ours uses it' "$folder"
fi

[ $failed = 0 ] || exit 1
echo "$count samples judged as they should be"
