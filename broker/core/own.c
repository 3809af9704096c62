/* own.c: storing an event of the broker's: log, head row, indexes, timeline, and what its kind does
 * to the rows of the event that it is about. Nothing is decided here: a verb has, or did so before
 * the store was lost. */
#include "own.h"

#include "mandates.h"
#include "seat_state.h"

struct own {
    struct sb_broker_turn *turn;
    const struct sb_event *event;
    struct sb_hash about; /* REF */
    uint64_t index;       /* in the log */
    bool recovered;
};

/* The incident of a recalled convening goes on, unless it was the incident that was recalled: other
 * forums may be at work in it. */
static void recalled_mark(struct own *own, const struct sb_hash *id)
{
    struct sb_record head;
    if (sb_case_get(own->turn->txn, id, &head)
        && (sb_record_number(&head, SB_FIELD_KIND) != SB_KIND_INCIDENT
            || sb_hash_equal(id, &own->about))) {
        sb_case_mark(own->turn->txn, id, SB_FIELD_RECALLED, 1);
    }
}

static void recall_apply(struct own *own)
{
    struct sb_hash member;
    struct sb_record head;
    recalled_mark(own, &own->about);
    if (!sb_record_has(&own->event->fields, SB_FIELD_GROUP)) {
        return;
    }
    struct sb_broker_walk walk =
        sb_case_group(sb_record_bytes(&own->event->fields, SB_FIELD_GROUP));
    while (sb_case_next(&walk, own->turn->txn, &member, &head)) {
        recalled_mark(own, &member);
    }
}

static const enum sb_field corrected[] = {SB_FIELD_TITLE, SB_FIELD_STARTS, SB_FIELD_JOIN};
#define CORRECTED_COUNT (sizeof corrected / sizeof corrected[0])

/* The head row holds what is in force, so that the board shows it. */
static void head_correct(struct own *own, const struct sb_event *by, enum sb_field field)
{
    struct sb_record head;
    if (sb_record_has(&by->fields, field) && sb_case_get(own->turn->txn, &own->about, &head)) {
        head.at[field] = by->fields.at[field];
        sb_case_put(own->turn->txn, &own->about, &head);
    }
}

/* Of each field the newest correction that has it, whichever came back first. */
struct newest {
    uint64_t issued, index;
};

static void newest_take(const struct own *own, const struct sb_broker_event *event,
                        struct newest newest[CORRECTED_COUNT])
{
    struct sb_hash about;
    uint64_t issued = sb_record_number(&event->event.fields, SB_FIELD_ISSUED);
    if (event->read != SB_ERR_OK || event->row.verdict != SB_ERR_OK
        || event->event.kind->kind != SB_KIND_CORRECTION
        || !sb_record_hash(&event->event.fields, SB_FIELD_REF, &about)
        || !sb_hash_equal(&about, &own->about)) {
        return;
    }
    for (size_t i = 0; i < CORRECTED_COUNT; i++) {
        if (sb_record_has(&event->event.fields, corrected[i]) && issued >= newest[i].issued) {
            newest[i] = (struct newest){issued, event->row.index};
        }
    }
}

static void corrections_again(struct own *own)
{
    struct newest newest[CORRECTED_COUNT] = {{0}};
    struct sb_hash story = sb_story_of(own->turn->txn, own->event);
    struct sb_broker_walk walk = sb_story_walk(&story, 0);
    uint64_t index;
    while (sb_story_next(&walk, own->turn->txn, &index)) {
        struct sb_broker_event *event = sb_broker_event_find(own->turn->txn, index);
        if (event != NULL) {
            newest_take(own, event, newest);
        }
        sb_broker_event_destroy(event);
    }
    for (size_t i = 0; i < CORRECTED_COUNT; i++) {
        struct sb_broker_event *event =
            newest[i].index == 0 ? NULL : sb_broker_event_find(own->turn->txn, newest[i].index);
        if (event != NULL) {
            head_correct(own, &event->event, corrected[i]);
        }
        sb_broker_event_destroy(event);
    }
}

static void correction_apply(struct own *own)
{
    if (own->recovered) {
        corrections_again(own);
        return;
    }
    for (size_t i = 0; i < CORRECTED_COUNT; i++) {
        head_correct(own, own->event, corrected[i]);
    }
}

static void end_apply(struct own *own)
{
    sb_case_mark(own->turn->txn, &own->about, SB_FIELD_DONE,
                 sb_record_number(&own->event->fields, SB_FIELD_ISSUED));
}

static void picture_apply(struct own *own)
{
    sb_version_add(own->turn->txn, own->event, NULL);
}

static struct sb_said reached_said(const struct own *own, const struct sb_record *called,
                                   const struct sb_seat *seat)
{
    const struct sb_record *fields = &own->event->fields;
    uint64_t answer_by = sb_record_number(called, SB_FIELD_ANSWER_BY);
    uint64_t given_at =
        sb_record_number(fields, sb_record_has(fields, SB_FIELD_ANSWERED_AT) ? SB_FIELD_ANSWERED_AT
                                                                             : SB_FIELD_ISSUED);
    struct sb_said said = {.given_at = given_at,
                           .answer = (enum sb_answer)sb_record_number(fields, SB_FIELD_ANSWER),
                           .at = sb_record_number(fields, SB_FIELD_AT),
                           .late = answer_by != 0 && given_at > answer_by,
                           .via = sb_record_name(fields, SB_FIELD_VIA)};
    struct sb_mandate_of of = {.org = seat->org,
                               .function = sb_record_name(fields, SB_FIELD_FUNCTION),
                               .level = (unsigned)sb_record_number(called, SB_FIELD_LEVEL),
                               .realm = (unsigned)sb_record_number(called, SB_FIELD_REALM),
                               .supports = seat->supports};
    said.mandate = sb_mandate_state_at(own->turn->txn, &of, given_at);
    if (said.mandate != SB_MANDATE_NOT_NEEDED
        && sb_record_number(fields, SB_FIELD_HOLDS_MANDATE) == 0) {
        said.mandate = SB_MANDATE_NONE;
    }
    if (said.mandate == SB_MANDATE_UNDECLARED) {
        sb_mandate_await(own->turn->txn, &of, own->index);
    }
    return said;
}

static void reached_apply(struct own *own)
{
    struct sb_broker_event *target = sb_broker_event_find_id(own->turn->txn, &own->about);
    struct sb_seat seat;
    if (target != NULL
        && sb_seats_find(sb_record_bytes(&target->event.fields, SB_FIELD_SEATS),
                         sb_record_bytes(&own->event->fields, SB_FIELD_SEAT), &seat)) {
        struct sb_said said = reached_said(own, &target->event.fields, &seat);
        struct sb_seat_state state;
        sb_seat_state_get(own->turn->txn, &own->about, &seat, &state);
        sb_seat_state_answer(&state, &said);
        sb_seat_state_put(own->turn->txn, &own->about, &seat, &state);
    }
    sb_broker_event_destroy(target);
}

static const struct {
    enum sb_kind kind;
    void (*apply)(struct own *own);
} kinds[] = {
    {SB_KIND_RECALL, recall_apply},   {SB_KIND_CORRECTION, correction_apply},
    {SB_KIND_END, end_apply},         {SB_KIND_PICTURE, picture_apply},
    {SB_KIND_REACHED, reached_apply},
};

/* One of a group that was recalled before this one came back. */
static void recalled_before(struct own *own)
{
    struct sb_hash member;
    struct sb_record head;
    bool recalled = false;
    if (own->event->kind->kind == SB_KIND_INCIDENT || own->event->kind->kind == SB_KIND_RECALL
        || !sb_record_has(&own->event->fields, SB_FIELD_GROUP)) {
        return;
    }
    struct sb_broker_walk walk =
        sb_case_group(sb_record_bytes(&own->event->fields, SB_FIELD_GROUP));
    while (!recalled && sb_case_next(&walk, own->turn->txn, &member, &head)) {
        recalled = sb_record_number(&head, SB_FIELD_RECALLED) != 0;
    }
    if (recalled) {
        sb_case_mark(own->turn->txn, &own->event->id, SB_FIELD_RECALLED, 1);
    }
}

/* The newest is what was issued last, by the broker's own order: its clock may have been put back.
 * What is recovered is as old as it says, and what is made after that is newer. */
static uint64_t order_of(struct own *own)
{
    static const char name[] = "order";
    uint64_t issued = sb_record_number(&own->event->fields, SB_FIELD_ISSUED);
    uint64_t last = sb_txn_number(own->turn->txn, SB_TABLE_META, name);
    uint64_t order = issued > last || own->recovered ? issued : last + 1;
    if (order > last) {
        sb_txn_set_number(own->turn->txn, SB_TABLE_META, name, order);
    }
    return order;
}

uint64_t sb_own_store(struct sb_broker_turn *turn, const struct sb_event *event,
                      struct sb_log_row *row, bool recovered)
{
    struct own own = {.turn = turn, .event = event, .recovered = recovered};
    own.index = sb_log_append(turn->txn, event, row);
    sb_case_add(turn->txn, event, own.index, order_of(&own));
    sb_story_add(turn->txn, event, own.index);
    if (recovered) {
        recalled_before(&own);
    }
    (void)sb_record_hash(&event->fields, SB_FIELD_REF, &own.about); /* a picture has none */
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].kind == event->kind->kind) {
            kinds[i].apply(&own);
        }
    }
    return own.index;
}

void sb_own_reached_again(struct sb_broker_turn *turn, uint64_t index)
{
    struct sb_broker_event *event = sb_broker_event_find(turn->txn, index);
    if (event != NULL && event->read == SB_ERR_OK) {
        struct own own = {.turn = turn, .event = &event->event, .index = index};
        (void)sb_record_hash(&event->event.fields, SB_FIELD_REF, &own.about);
        reached_apply(&own);
    }
    sb_broker_event_destroy(event);
}
