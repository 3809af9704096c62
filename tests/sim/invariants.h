/* invariants.h: what must hold in the simulated county, by name. The sentences stand in
 * PROTOCOL.md, "Invariants that the simulator checks"; sim.invariants holds the two lists against
 * each other. */
#ifndef SAMBAND_TESTS_INVARIANTS_H
#define SAMBAND_TESTS_INVARIANTS_H

/* X(NAME, its name, the file that checks it) */
#define WORLD_INVARIANTS(X)                            \
    X(DURABLE, "durable-before-sent", "sent.c")        \
    X(LANES, "lanes-in-order", "sent.c")               \
    X(SECRET_KEPT, "people-stay-home", "sent.c")       \
    X(GAPLESS, "streams-gapless", "holds.c")           \
    X(RECEIPTS, "receipts-true", "holds.c")            \
    X(ONCE, "stored-once", "holds.c")                  \
    X(SOUND, "stores-sound", "holds.c")                \
    X(ACCEPTED, "accepted-is-somewhere", "promises.c") \
    X(DRAINS, "queues-drain", "holds.c")               \
    X(REFUSED, "refused-blocks-nothing", "rings.c")    \
    X(SCREEN, "shown-once", "screens.c")               \
    X(CALLED, "called-is-alerted", "rings.c")          \
    X(KEYS, "one-key-an-attempt", "over.c")            \
    X(OVER, "over-rings-nobody", "over.c")             \
    X(BEFORE_DRAINED, "not-before-drained", "over.c")  \
    X(RECOVERED, "recovered-is-quiet", "over.c")       \
    X(TIMERS, "alerts-have-timers", "rings.c")         \
    X(REALMS, "realms-apart", "rings.c")               \
    X(BOARDS, "boards-agree", "boards.c")              \
    X(RECALLS, "recall-reaches-holders", "recalls.c")  \
    X(REPLAY, "state-is-replay", "replay.c")           \
    X(FENCED, "sessions-fence", "sent.c")              \
    X(PROGRESS, "time-moves-on", "world.c")

enum world_invariant {
#define X(name, text, file) WORLD_##name,
    WORLD_INVARIANTS(X)
#undef X
    WORLD_INVARIANT_COUNT
};

#endif
