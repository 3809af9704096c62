/* arrive.c: what the link stored is judged once: form, signature, certificate, own part. What is
 * accepted is acted on by its kind's function; what is refused is kept, gets a verdict that goes
 * up, and alerts nobody. The entries behind it go on either way. Judged a moment after it was
 * stored and receipted, in an own turn: META "judged" is the log index up to which all that came
 * was. */
#include "arrival.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool sb_agent_read_row(struct sb_txn *txn, uint64_t index, struct sb_log_row *row,
                       struct sb_event *ret_event)
{
    struct sb_log_row own_row;
    /* cppcheck-suppress uninitvar ; it is what sb_log_get fills */
    struct sb_log_row *found = row == NULL ? &own_row : row;

    if (!sb_log_get(txn, index, found)) {
        return false;
    }
    const enum sb_err err = sb_event_read(&found->sealed, ret_event, NULL);
    return err == SB_ERR_OK || err == SB_ERR_UNKNOWN_KIND;
}

bool sb_agent_read_event(struct sb_txn *txn, const struct sb_hash *id, struct sb_event *ret_event)
{
    uint64_t index;

    return sb_log_find(txn, id, NULL, &index) && sb_agent_read_row(txn, index, NULL, ret_event);
}

void sb_agent_called(const struct sb_event *event, const struct sb_name *org, struct sb_bytes own,
                     struct sb_list_writer *called)
{
    struct sb_list_reader reader =
        sb_list_read(event->facts_erased ? own : sb_record_bytes(&event->fields, SB_FIELD_SEATS));
    struct sb_bytes text;
    struct sb_seat seat;

    while (sb_list_next(&reader, &text)) {
        if (sb_seat_read(text, &seat) && sb_name_equal(&seat.org, org)) {
            sb_list_add(called, text);
        }
    }
}

/* Kinds that are not here are stored and read, and do nothing by themselves. */
static const struct {
    enum sb_kind kind;
    void (*act)(struct sb_turn *turn, const struct sb_arrival *arrival);
} kind_actions[] = {
    {SB_KIND_RECALL, sb_on_recall},   {SB_KIND_CORRECTION, sb_on_correction},
    {SB_KIND_END, sb_on_end},         {SB_KIND_REACHED, sb_on_reached},
    {SB_KIND_ACK, sb_on_reached},     {SB_KIND_ATTENDANCE, sb_on_reached},
    {SB_KIND_MANDATE, sb_on_mandate}, {SB_KIND_REACH, sb_on_reach},
};

static void accept(struct sb_turn *turn, const struct sb_arrival *arrival)
{
    const struct sb_kind_row *kind = arrival->event.kind;

    sb_txn_count(turn->txn, "events/accepted");
    if (kind->rings) {
        sb_on_alerting(turn, arrival);
    }
    for (unsigned i = 0; i < sizeof kind_actions / sizeof kind_actions[0]; i++) {
        if (kind_actions[i].kind == kind->kind) {
            kind_actions[i].act(turn, arrival);
        }
    }
}

/* The signed list of seats, not the sender's word, decides who is called. */
static enum sb_err own_part_check(const struct sb_arrival *arrival, struct sb_why *why)
{
    const struct sb_bytes seats = sb_record_bytes(&arrival->event.fields, SB_FIELD_SEATS);
    struct sb_list_reader reader = sb_list_read(arrival->own);
    struct sb_bytes text;
    struct sb_seat seat;

    while (sb_list_next(&reader, &text)) {
        if (!sb_seat_read(text, &seat) || !sb_name_equal(&seat.org, &arrival->org)) {
            return sb_why_say(why, SB_ERR_VALUE,
                              "sändningen kallar en funktion som inte hör till %s",
                              "the own part calls a seat that is not one of %s", arrival->org.text);
        }
        if (!arrival->event.facts_erased && !sb_list_has(seats, text)) {
            return sb_why_say(why, SB_ERR_VALUE, "sändningen kallar %s/%s, det gör inte posten",
                              "the own part calls %s/%s, the event does not", seat.org.text,
                              seat.function.text);
        }
    }
    return SB_ERR_OK;
}

/* What agents say comes to those of the same organisation only. */
static enum sb_err origin_check(const struct sb_arrival *arrival, struct sb_why *why)
{
    const struct sb_name origin = sb_record_name(&arrival->event.fields, SB_FIELD_ORIGIN);

    if (arrival->event.kind->by == SB_BY_AGENT && !sb_name_equal(&origin, &arrival->org)) {
        return sb_why_say(why, SB_ERR_NOT_ALLOWED, "vad %s säger är inte till %s",
                          "what %s says is not for %s", origin.text, arrival->org.text);
    }
    return SB_ERR_OK;
}

static enum sb_err check(struct sb_turn *turn, struct sb_arrival *arrival, struct sb_why *why)
{
    enum sb_err err = sb_event_read(&arrival->sealed, &arrival->event, why);

    if (err == SB_ERR_OK) {
        err = sb_event_check_signature(&arrival->sealed, &arrival->event, &turn->agent->config.root,
                                       arrival->accepted_at, &turn->agent->known, why);
    }
    if (err == SB_ERR_OK) {
        err = origin_check(arrival, why);
    }
    return err == SB_ERR_OK ? own_part_check(arrival, why) : err;
}

/* What is known of a header that may be anything. */
static bool is_verdict(const struct sb_arrival *arrival)
{
    struct sb_record header = {0};

    return sb_record_read(arrival->sealed.header, SB_PARTS_HEADER, &header, NULL) == SB_ERR_OK
           && sb_record_number(&header, SB_FIELD_KIND) == SB_KIND_VERDICT;
}

static void verdict_send(struct sb_turn *turn, const struct sb_arrival *arrival, enum sb_err err,
                         const struct sb_why *reason)
{
    const struct sb_hash about = sb_hash_one("event", arrival->sealed.header);
    struct sb_record fields = {0};
    struct sb_why why = {0};
    char both[SB_WHY_BOTH_SIZE];
    struct sb_hash id;

    /* The lane says the realm, also of an event that cannot be read. */
    sb_record_set_number(&fields, SB_FIELD_REALM, SB_REALM_LIVE + arrival->lane / 2);
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_VERDICT);
    sb_record_set_hash(&fields, SB_FIELD_REF, &about);
    sb_record_set_number(&fields, SB_FIELD_REASON_CODE, (uint64_t)err);
    sb_why_both(reason, both);
    sb_record_set_text(&fields, SB_FIELD_TEXT, both);
    if (sb_agent_issue(turn, &arrival->org, &fields, &id, &why) != SB_ERR_OK) {
        sb_effects_log(turn->effects, SB_LEVEL_ERROR, "verdict=failed why=%s",
                       sb_quoted(why.text).text);
    }
}

static void refuse(struct sb_turn *turn, const struct sb_arrival *arrival, enum sb_err err,
                   const struct sb_why *why)
{
    char counter[80] = "refused/";

    memcpy(counter + strlen(counter), sb_err_name(err), strlen(sb_err_name(err)) + 1);
    sb_txn_count(turn->txn, counter);
    sb_log_set_verdict(turn->txn, arrival->index, err);
    sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                   "event=refused index=%llu org=%s error=%s why=%s",
                   (unsigned long long)arrival->index, arrival->org.text, sb_err_name(err),
                   sb_quoted(why->text).text);
    sb_effects_trace(turn->effects, "refuse %llu %s", (unsigned long long)arrival->index,
                     sb_err_name(err));
    if (!is_verdict(arrival)) {
        verdict_send(turn, arrival, err, why);
    }
}

/* The parts of a row in one buffer of the turn's own; views are taken once all are in, for the
 * buffer moves while it grows. */
static void copy_row(const struct sb_log_row *row, struct sb_buf *buf, struct sb_arrival *arrival)
{
    const struct sb_bytes from[] = {row->sealed.header, row->sealed.signature, row->sealed.body,
                                    row->sealed.cert, row->own};
    struct sb_bytes *const to[] = {&arrival->sealed.header, &arrival->sealed.signature,
                                   &arrival->sealed.body, &arrival->sealed.cert, &arrival->own};
    const unsigned count = sizeof from / sizeof from[0];
    size_t at = 0;

    *arrival = (struct sb_arrival){.index = row->index,
                                   .accepted_at = row->accepted_at,
                                   .org = row->at.org,
                                   .lane = row->at.lane};
    sb_buf_init(buf, SB_ROW_SIZE_MAX);
    for (unsigned i = 0; i < count; i++) {
        sb_buf_add(buf, from[i]);
    }
    SB_ASSERT(!buf->overflow);
    for (unsigned i = 0; i < count; i++) {
        *to[i] = sb_bytes(buf->at + at, from[i].size);
        at += from[i].size;
    }
}

/* A row that the store lost is `samband verify`'s to find; the ones behind it are judged. */
static void judge_row(struct sb_turn *turn, uint64_t index, struct sb_arrival *arrival)
{
    struct sb_why why = {0};
    struct sb_log_row row;
    struct sb_buf copy;
    const uint64_t met = sb_txn_damages(turn->txn);

    if (!sb_log_get(turn->txn, index, &row)) {
        char number[24];
        (void)snprintf(number, sizeof number, "%llu", (unsigned long long)index);
        sb_agent_lost(turn, met, "log", number);
        return;
    }
    if (row.stream_agent.text[0] == '\0') {
        return; /* made here */
    }
    copy_row(&row, &copy, arrival);
    const enum sb_err err = check(turn, arrival, &why);
    if (err == SB_ERR_OK) {
        accept(turn, arrival);
    } else {
        refuse(turn, arrival, err, &why);
    }
    sb_buf_finish(&copy);
}

void sb_agent_arrived(struct sb_turn *turn)
{
    if (turn->agent->judge_ms == SB_NEVER_MS) {
        turn->agent->judge_ms = turn->now.mono_ms + SB_JUDGE_AFTER_MS;
    }
}

/* Own rows that are made meanwhile (verdicts) lie behind `end`. */
void sb_agent_judge(struct sb_turn *turn)
{
    const uint64_t from = sb_txn_number(turn->txn, SB_TABLE_META, SB_LOG_JUDGED) + 1;
    const uint64_t end = sb_log_next_index(turn->txn);
    const uint64_t stop = end - from > SB_JUDGED_PER_TURN_MAX ? from + SB_JUDGED_PER_TURN_MAX : end;
    struct sb_arrival *arrival = sb_alloc(1, sizeof *arrival);

    for (uint64_t index = from; index < stop; index++) {
        judge_row(turn, index, arrival);
    }
    free(arrival);
    sb_txn_set_number(turn->txn, SB_TABLE_META, SB_LOG_JUDGED, stop - 1);
    turn->agent->judge_ms = stop == end ? SB_NEVER_MS : turn->now.mono_ms;
}

void sb_agent_judge_all(struct sb_turn *turn)
{
    while (turn->agent->judge_ms != SB_NEVER_MS) {
        sb_agent_judge(turn);
    }
}
