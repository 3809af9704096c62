/* verb_read.c: the verbs that read the log: show, timeline, events, counters. */
#include "verbs.h"

static bool any(struct sb_txn *txn, const struct sb_log_row *row, const struct sb_event *event)
{
    (void)txn;
    (void)row;
    (void)event;
    return true;
}

enum sb_err sb_verb_show(struct sb_turn *turn, struct sb_asked *asked)
{
    struct sb_list_writer called;
    struct sb_record out;
    struct sb_log_row row;
    struct sb_event event;
    struct sb_hash id;
    uint64_t index;
    const enum sb_err err = sb_asked_event(turn, asked, any, &id);

    if (err != SB_ERR_OK) {
        return err;
    }
    if (!sb_log_find(turn->txn, &id, NULL, &index)
        || !sb_agent_read_row(turn->txn, index, &row, &event)) {
        return sb_why_say(&asked->why, SB_ERR_NOT_FOUND, "posten kan inte läsas",
                          "the event cannot be read");
    }
    sb_readable(turn->txn, &row, &event, &out);
    sb_record_set_number(&out, SB_FIELD_SIGNED,
                         sb_event_check_signature(&row.sealed, &event, &turn->agent->config.root,
                                                  row.accepted_at, &turn->agent->known, &asked->why)
                             == SB_ERR_OK);
    sb_readable_to(&row, &event, &out, &called);
    sb_rows_add(&asked->rows, &out);
    sb_list_finish(&called);
    return SB_ERR_OK;
}

/* An agent of two organisations has a row for each that an event was for: people see it once, but
 * where one was refused and the other was not. */
static bool is_first(struct sb_turn *turn, uint64_t index, const struct sb_log_row *row,
                     const struct sb_event *event)
{
    const uint64_t met = sb_txn_damages(turn->txn);
    struct sb_why ignored = {0};
    struct sb_log_row other;
    uint64_t first;
    const bool as_first = sb_log_find(turn->txn, &event->id, NULL, &first) && first != index
                          && sb_log_get(turn->txn, first, &other) && other.verdict == row->verdict;

    (void)sb_txn_excuse(turn->txn, met, &ignored); /* told where that row itself is shown */
    return !as_first;
}

/* False where the reply is full. */
static bool story_add(struct sb_turn *turn, struct sb_asked *asked, const struct sb_hash *root,
                      uint64_t index)
{
    const uint64_t met = sb_txn_damages(turn->txn);
    struct sb_record out;
    struct sb_log_row row;
    struct sb_event event;

    if (sb_agent_read_row(turn->txn, index, &row, &event)) {
        const struct sb_hash of = sb_event_root(turn->txn, &event);
        if (sb_txn_damages(turn->txn) == met && sb_hash_equal(&of, root)
            && is_first(turn, index, &row, &event)) {
            sb_readable(turn->txn, &row, &event, &out);
            return sb_rows_add(&asked->rows, &out);
        }
    }
    return sb_damage_tell(turn, asked, index, met);
}

enum sb_err sb_verb_timeline(struct sb_turn *turn, struct sb_asked *asked)
{
    const uint64_t end = sb_log_next_index(turn->txn);
    uint64_t from = sb_record_number(&asked->args, SB_FIELD_OFFSET);
    struct sb_event event;
    struct sb_hash id;
    const enum sb_err err = sb_asked_event_read(turn, asked, sb_event_is_incident, &id, &event);

    if (err != SB_ERR_OK) {
        return err;
    }
    const struct sb_hash root = sb_event_root(turn->txn, &event);
    for (from = from == 0 ? 1 : from; from < end; from++) {
        if (!story_add(turn, asked, &root, from)) {
            asked->next = from;
            break;
        }
    }
    return SB_ERR_OK;
}

/* False where the reply is full. `kind` 0: all. */
static bool event_add(struct sb_turn *turn, struct sb_asked *asked, uint64_t kind, uint64_t index)
{
    const uint64_t met = sb_txn_damages(turn->txn);
    struct sb_record out;
    struct sb_log_row row;
    struct sb_event event;

    if (sb_agent_read_row(turn->txn, index, &row, &event)
        && (kind == 0 || sb_record_number(&event.fields, SB_FIELD_KIND) == kind)
        && is_first(turn, index, &row, &event)) {
        sb_readable(turn->txn, &row, &event, &out);
        sb_row_drop_texts(&out);
        return sb_rows_add(&asked->rows, &out);
    }
    return sb_damage_tell(turn, asked, index, met);
}

enum sb_err sb_verb_events(struct sb_turn *turn, struct sb_asked *asked)
{
    const uint64_t offset = sb_record_number(&asked->args, SB_FIELD_OFFSET);
    const uint64_t kind = sb_record_number(&asked->args, SB_FIELD_KIND);
    const uint64_t end = sb_log_next_index(turn->txn);

    for (uint64_t index = offset != 0 && offset < end ? offset + 1 : end; index-- > 1;) {
        if (!event_add(turn, asked, kind, index)) {
            asked->next = index;
            break;
        }
    }
    return SB_ERR_OK;
}

/* Why there is no session, where the other end or this one said it. */
static bool refusal_add(struct sb_turn *turn, struct sb_asked *asked)
{
    struct sb_record refusal;
    struct sb_record out = {0};

    if (!sb_link_refusal(turn->txn, &refusal)) {
        return true;
    }
    sb_record_set_text(&out, SB_FIELD_COUNTER, SB_LINK_REFUSAL);
    sb_record_set_number(&out, SB_FIELD_NUMBER, sb_record_number(&refusal, SB_FIELD_ERROR));
    out.at[SB_FIELD_ERROR] = refusal.at[SB_FIELD_ERROR];
    out.at[SB_FIELD_WHY] = refusal.at[SB_FIELD_WHY];
    return sb_rows_add(&asked->rows, &out);
}

/* That a restored centre got back from here what it had forgotten, and that this store was put back
 * and has not caught up. */
static bool restored_add(struct sb_turn *turn, struct sb_asked *asked)
{
    struct sb_record handed;
    struct sb_record out = {0};
    const uint64_t restored = sb_txn_number(turn->txn, SB_TABLE_META, SB_LINK_RESTORED);
    bool room = true;

    if (sb_link_handed_back(turn->txn, &handed)) {
        sb_record_set_text(&out, SB_FIELD_COUNTER, SB_LINK_HANDED_BACK);
        out.at[SB_FIELD_NUMBER] = handed.at[SB_FIELD_NUMBER];
        out.at[SB_FIELD_AT] = handed.at[SB_FIELD_AT];
        room = sb_rows_add(&asked->rows, &out);
    }
    return room
           && (restored == 0
               || sb_rows_add_counter(&asked->rows, sb_bytes_str(SB_LINK_RESTORED), restored));
}

enum sb_err sb_verb_counters(struct sb_turn *turn, struct sb_asked *asked)
{
    struct sb_key from = {0};
    struct sb_bytes key, value;

    /* Not counted but told here, so that `samband check` needs no verb of its own. */
    bool room = sb_rows_add_counter(&asked->rows, sb_bytes_str("version/" SB_VERSION), 1)
                && sb_rows_add_counter(&asked->rows, sb_bytes_str("wall-ms"), turn->now.wall_ms)
                && refusal_add(turn, asked) && sb_rows_add_room(&asked->rows, &turn->txn->room)
                && restored_add(turn, asked);
    SB_ASSERT(room);
    while (sb_txn_seek(turn->txn, SB_TABLE_COUNTER, sb_key_bytes(&from), &key, &value)) {
        SB_ASSERT(value.size == 8);
        if (!sb_rows_add_counter(&asked->rows, key, sb_be64_read(value.at))) {
            return sb_why_say(&asked->why, SB_ERR_FULL, "fler räknare än ett svar rymmer",
                              "more counters than one reply holds");
        }
        sb_key_init(&from);
        sb_key_add(&from, key);
        sb_key_add_byte(&from, 0);
    }
    return SB_ERR_OK;
}
