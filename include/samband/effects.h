/* effects.h: what a core wants done once its turn is durable. A list in order; the shell carries it
 * out after the commit, the simulator may crash between any two. Bytes are copied in; the list owns
 * them. */
#ifndef SAMBAND_EFFECTS_H
#define SAMBAND_EFFECTS_H

#include "samband/bytes.h"
#include "samband/err.h"

enum sb_effect_kind {
    SB_EFFECT_SEND,  /* a link frame to the peer `to` (broker: routing token; agent: 0, the broker)
                      */
    SB_EFFECT_REPLY, /* a control reply to the client `to` */
    SB_EFFECT_ATTEMPT, /* agent: a control request "attempt" to samband-channel */
    SB_EFFECT_REBUILD, /* agent: the centre is silent: destroy the socket and connect anew */
    SB_EFFECT_DROP,    /* broker: forget the peer `to` */
    SB_EFFECT_LOG,     /* one log line, key=value, without time and level */
    SB_EFFECT_TRACE /* one line of the golden trace (tests/scenario), never logged in production */
};

enum sb_level {
    SB_LEVEL_ERROR = 3,
    SB_LEVEL_WARNING = 4,
    SB_LEVEL_NOTICE = 5,
    SB_LEVEL_INFO = 6
};

struct sb_effect {
    enum sb_effect_kind kind;
    enum sb_level level; /* of LOG */
    uint64_t to;
    struct sb_bytes bytes; /* owned by the list; for LOG and TRACE text without terminator */
};

struct sb_effects {
    struct sb_effect *at;
    size_t count;
    size_t room;
    bool untraced; /* nobody reads golden traces: none are made. A daemon's shell sets it */
};

void sb_effects_init(struct sb_effects *effects);
void sb_effects_finish(struct sb_effects *effects);
void sb_effects_clear(struct sb_effects *effects);
void sb_effects_add(struct sb_effects *effects, enum sb_effect_kind kind, uint64_t to,
                    struct sb_bytes bytes);
void sb_effects_log(struct sb_effects *effects, enum sb_level level, const char *format, ...)
    SB_PRINTF(3, 4);
/* A text as the value of a key in a log line: in quotation marks, with a backslash before those in
 * it and before backslashes (logfmt), spaces for control characters, "…" where it was cut. Whatever
 * it quotes, the value ends where the line says. For a %s: sb_quoted(why.text).text. */
#define SB_QUOTED_SIZE 1024
struct sb_quoted {
    char text[SB_QUOTED_SIZE];
};
struct sb_quoted sb_quoted(const char *text);
void sb_effects_trace(struct sb_effects *effects, const char *format, ...) SB_PRINTF(2, 3);

#endif
