/* kinds.c: the table of event kinds with the fields that each needs and may have, and the lanes.
 * What every event's header has (REALM, KIND, ISSUED, ORIGIN, …) is event.c's. */
#include "samband/kinds.h"

#include "samband/err.h"
#include "samband/words.h"

#include <stddef.h>

#define F(name) SB_FIELD_##name

/* A kind's fields: what is called needs seats; what answers needs to say whom and about what. */
#define NEEDS_INFORMATION F(SEATS), F(TITLE), F(TEXT)
#define NEEDS_INCIDENT    F(TITLE)
#define NEEDS_ACTIVATION  F(FORUM), F(MODE), F(LEVEL), F(INCIDENT)
#define NEEDS_CONVENING   F(FORUM), F(LEVEL), F(SEATS), F(TITLE), F(INCIDENT), F(ANSWER_BY)
#define NEEDS_REPORT      F(REVISION), F(VALID_AT)
#define NEEDS_PICTURE     F(REVISION), F(INCIDENT)
#define NEEDS_CORRECTION  F(REF), F(TEXT)
#define NEEDS_RECALL      F(REF)
#define NEEDS_END         F(REF)
#define NEEDS_REACH       F(REF), F(SEAT), F(RUNG)
#define NEEDS_ACK         F(REF), F(SEAT), F(FUNCTION), F(PERSON), F(HOLDS_MANDATE), F(ANSWERED_AT)
#define NEEDS_ATTENDANCE \
    F(REF), F(SEAT), F(ANSWER), F(FUNCTION), F(PERSON), F(HOLDS_MANDATE), F(ANSWERED_AT)
#define NEEDS_REACHED F(REF), F(SEAT), F(VIA)
#define NEEDS_MANDATE F(FUNCTION), F(LEVEL), F(BASIS), F(VALID_FROM), F(VALID_TO)
#define NEEDS_NOTE    F(TEXT)
#define NEEDS_VERDICT F(REF), F(REASON_CODE)

/* Besides the common ones, which kinds.h lists. */
#define SITUATION_FIELDS \
    F(HAPPENED), F(CONSEQUENCES), F(MEASURES), F(NEEDS), F(ASSESSMENT), F(MESSAGE)
#define MAY_INFORMATION F(STARTS), F(JOIN)
#define MAY_INCIDENT    F(STARTS)
#define MAY_ACTIVATION  F(SEATS), F(STARTS)
#define MAY_CONVENING   F(STARTS), F(LENGTH), F(JOIN), F(AGENDA), F(MODE)
#define MAY_REPORT      SITUATION_FIELDS, F(SOURCE), F(NEXT_REPORT)
#define MAY_PICTURE     SITUATION_FIELDS, F(SEATS), F(SOURCES), F(VALID_AT), F(LEVEL)
#define MAY_CORRECTION  F(STARTS), F(JOIN)
#define MAY_RECALL      0
#define MAY_END         0
#define MAY_REACH \
    F(STEP), F(STEP_AT), F(LEFT), F(TRIES), F(ATTEMPT), F(PERSON), F(REASON_CODE), F(VIA)
#define MAY_ACK        F(LEVEL), F(VIA)
#define MAY_ATTENDANCE F(AT), F(LEVEL), F(VIA)
#define MAY_REACHED \
    F(CODE), F(FUNCTION), F(HOLDS_MANDATE), F(ANSWER), F(AT), F(ANSWERED_AT), F(PERSON)
#define MAY_MANDATE F(WITHDRAWN)
#define MAY_NOTE    0
#define MAY_VERDICT F(TEXT)

static const struct sb_kind_row rows[] = {
#define X(name, number, json_name, swedish, english, issued_by, urgency_is, rings_is, asks_is) \
    {.kind = SB_KIND_##name,                                                                   \
     .json = (json_name),                                                                      \
     .sv = (swedish),                                                                          \
     .en = (english),                                                                          \
     .by = SB_BY_##issued_by,                                                                  \
     .urgency = SB_##urgency_is,                                                               \
     .rings = (rings_is),                                                                      \
     .asks = SB_ASKS_##asks_is,                                                                \
     .needs = {NEEDS_##name},                                                                  \
     .may = {MAY_##name}},
    SB_KINDS(X)
#undef X
};

const struct sb_kind_row *sb_kind_at(unsigned position)
{
    return position < sizeof rows / sizeof rows[0] ? &rows[position] : NULL;
}

const struct sb_kind_row *sb_kind_find(unsigned kind)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if ((unsigned)rows[i].kind == kind) {
            return &rows[i];
        }
    }
    return NULL;
}

unsigned sb_lane(unsigned realm, enum sb_urgency urgency)
{
    SB_ASSERT(realm >= SB_REALM_LIVE && realm <= SB_REALM_TEST);
    return (realm - SB_REALM_LIVE) * 2 + (unsigned)urgency;
}

const char *sb_lane_name(unsigned lane)
{
    static const char *const names[SB_LANE_COUNT] = {
        "live-urgent", "live-bulk", "exercise-urgent", "exercise-bulk", "test-urgent", "test-bulk",
    };

    SB_ASSERT(lane < SB_LANE_COUNT);
    return names[lane];
}
