# stage.sh: the demo's processes and what it waits for. Sourced by deploy/demo. Every process is
# started in a session of its own (Ctrl-C reaches the demo only), remembered by name, and ended by
# its own number.
#
# Uses: $demo (folder of this run), $bin (folder of the programs).

declare -A stage_pid=()

# stage_start NAME COMMAND…: its output goes to $demo/log/NAME.
stage_start() {
    local name=$1
    shift
    setsid "$@" >>"$demo/log/$name" 2>&1 </dev/null &
    stage_pid[$name]=$!
    disown # the shell need not say how it ended: stage_check does
}

# stage_end NAME SIGNAL: sends it and waits until the process is gone (SIGKILL after 5 s).
stage_end() {
    local name=$1 signal=$2 pid=${stage_pid[$1]:-} tenths
    [ -n "$pid" ] || return 0
    kill "-$signal" "$pid" 2>/dev/null
    for ((tenths = 0; tenths < 50; tenths++)); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null
    unset "stage_pid[$name]"
}

# All of them at once, then one after the other until each is gone.
stage_clear() {
    local name
    for name in "${!stage_pid[@]}"; do
        kill -TERM "${stage_pid[$name]}" 2>/dev/null
    done
    for name in "${!stage_pid[@]}"; do
        stage_end "$name" TERM
    done
}

# A process that ended by itself ends the demo: its last lines say why.
stage_check() {
    local name
    for name in "${!stage_pid[@]}"; do
        kill -0 "${stage_pid[$name]}" 2>/dev/null && continue
        unset "stage_pid[$name]"
        fail "$name ended by itself. Its last lines:" "$(tail -n 5 "$demo/log/$name")"
    done
}

# stage_wait SECONDS WHAT COMMAND…: until the command succeeds; it may set $progress, which is shown
# every other second and at the end.
stage_wait() {
    local seconds=$1 what=$2 shown='' from=$SECONDS next=$SECONDS
    shift 2
    progress=''
    while ! "$@"; do
        stage_check
        if ((SECONDS - from >= seconds)); then
            fail "not within $seconds s: $what${progress:+ ($progress)}"
        fi
        if [ "$progress" != "$shown" ] && ((SECONDS >= next)); then
            shown=$progress
            next=$((SECONDS + 2))
            tell "        $progress"
        fi
        sleep 0.2
    done
    [ -z "$progress" ] || [ "$progress" = "$shown" ] || tell "        $progress"
}

# A port of 127.0.0.1 that nobody answers on.
stage_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}
