/* tally.h: what can go wrong in a day, by name, so that it can be counted where it truly happened:
 * a rollback where a backup was, an overtaking where there was somebody to overtake. What so many
 * days never had, they prove nothing of. The swarm's options and tests/sim/same-trace read the
 * names. */
#ifndef SAMBAND_TESTS_TALLY_H
#define SAMBAND_TESTS_TALLY_H

#define WORLD_TALLIES(X)                  \
    X(LOST, "frames-lost")                \
    X(TWICE, "frames-twice")              \
    X(OVERTOOK, "frames-overtaking")      \
    X(LATE, "frames-late")                \
    X(WINDOW, "small-windows")            \
    X(CUT, "cuts")                        \
    X(DROPPED, "drops")                   \
    X(DEAF, "frames-to-the-deaf")         \
    X(MUTE, "frames-of-the-mute")         \
    X(STOPPED, "stops")                   \
    X(STALLED, "stalls")                  \
    X(KILLED, "kills-between-turns")      \
    X(NEVER, "kills-before-a-commit")     \
    X(AFTER, "kills-after-a-commit")      \
    X(FULL, "turns-without-room")         \
    X(RESTORED_BROKER, "broker-restored") \
    X(RESTORED_AGENT, "agent-restored")   \
    X(ROLLED_BACK, "broker-rolled-back")  \
    X(CLONED, "agent-cloned")             \
    X(REPLACED, "agent-replaced")         \
    X(CHANNEL, "channel-restarts")        \
    X(ROGUE_UP, "rogue-entries-up")       \
    X(ROGUE_DOWN, "rogue-entries-down")   \
    X(TROUBLE, "attempts-not-accepted")   \
    X(SILENT, "attempts-unanswered")      \
    X(NO, "answers-no")                   \
    X(REPEATED, "attempts-repeated")      \
    X(REACHED, "reached-otherwise")

enum world_tally {
#define X(name, text) WORLD_TALLY_##name,
    WORLD_TALLIES(X)
#undef X
    WORLD_TALLY_COUNT
};

#endif
