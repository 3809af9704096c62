/* recover.c: what the broker forgot and gets back. The row that came up stays as the stream has it,
 * marked ALREADY; the event lies behind it as one made here, with the time and, where it can be
 * found, the audience that it had. Nothing is sent because of it that is not sent of any event:
 * whoever holds it recognises it. */
#include "recover.h"

#include "convene.h"
#include "own.h"
#include "waiting.h"

bool sb_recover_is_own(const struct sb_arrival *arrival)
{
    const struct sb_broker_event *event = arrival->event;
    struct sb_broker_turn *turn = arrival->turn;
    struct sb_name origin = sb_record_name(&event->event.fields, SB_FIELD_ORIGIN);
    uint64_t issued = sb_record_number(&event->event.fields, SB_FIELD_ISSUED);
    struct sb_cert cert;
    struct sb_why why = {0};
    if (event->read != SB_ERR_OK || !sb_name_equal(&origin, &turn->config->org)) {
        return false;
    }
    /* As of when it was issued: the broker accepts its own at once. */
    return sb_cert_read(event->row.sealed.cert, &turn->config->root, issued, &turn->broker->known,
                        &cert, &why)
               == SB_ERR_OK
           && cert.role == SB_ROLE_BROKER
           && sb_event_check_signature(&event->row.sealed, &event->event, &turn->config->root,
                                       issued, &turn->broker->known, &why)
                  == SB_ERR_OK;
}

/* Kinds that change what they are about: that must be there first. */
static bool needs_target(enum sb_kind kind)
{
    return kind == SB_KIND_RECALL || kind == SB_KIND_CORRECTION || kind == SB_KIND_END
           || kind == SB_KIND_REACHED;
}

/* A frozen audience that is looked for: the list that has this digest. */
struct search {
    struct sb_broker_turn *turn;
    const struct sb_broker_event *event;
    uint64_t count;
    struct sb_hash digest;
    struct sb_list_writer *list;
};

static bool fits(struct search *search)
{
    struct sb_hash digest = sb_hash_one("audience", sb_list_bytes(search->list));
    return search->list->count == search->count && sb_hash_equal(&digest, &search->digest);
}

static void list_begin(struct search *search)
{
    sb_list_finish(search->list);
    sb_list_init(search->list);
}

static bool try_called(struct search *search, const struct sb_called *called)
{
    list_begin(search);
    sb_called_audience(called, search->list);
    return fits(search);
}

static void called_add_seats(struct sb_called *called, const struct sb_record *fields)
{
    struct sb_list_reader seats = sb_list_read(sb_record_bytes(fields, SB_FIELD_SEATS));
    struct sb_bytes text;
    struct sb_seat seat;
    struct sb_why why = {0};
    while (sb_list_next(&seats, &text)) {
        if (sb_seat_read(text, &seat) && sb_called_add(called, &seat, &why) != SB_ERR_OK) {
            return; /* more than any event calls: the digest says that it is not this */
        }
    }
}

static void called_add_orgs(struct sb_called *called, struct sb_bytes orgs)
{
    struct sb_list_reader reader = sb_list_read(orgs);
    struct sb_bytes text;
    struct sb_why why = {0};
    while (sb_list_next(&reader, &text)) {
        struct sb_seat seat = {.supports = false}; /* the organisation is what counts here */
        if (sb_name_read(text, &seat.org) && sb_called_add(called, &seat, &why) != SB_ERR_OK) {
            return;
        }
    }
}

static bool try_seats(struct search *search, const struct sb_record *fields)
{
    struct sb_called called;
    sb_called_init(&called);
    called_add_seats(&called, fields);
    bool found = called.count > 0 && try_called(search, &called);
    sb_called_finish(&called);
    return found;
}

static bool try_list(struct search *search, struct sb_bytes orgs)
{
    struct sb_list_reader reader = sb_list_read(orgs);
    struct sb_bytes text;
    list_begin(search);
    while (sb_list_next(&reader, &text)) {
        sb_list_add(search->list, text);
    }
    return fits(search);
}

static bool try_org(struct search *search)
{
    list_begin(search);
    sb_list_add(search->list, sb_name_bytes(&search->event->row.at.org));
    return fits(search);
}

/* Whoever got what it is about. */
static bool try_about(struct search *search)
{
    struct sb_hash about;
    if (!sb_record_hash(&search->event->event.fields, SB_FIELD_REF, &about)) {
        return false;
    }
    struct sb_broker_event *target = sb_broker_event_find_id(search->turn->txn, &about);
    bool found = target != NULL && try_list(search, target->row.audience);
    sb_broker_event_destroy(target);
    return found;
}

/* Whoever got an event of its alert group, or of the one that it recalls: each, or all of them. */
static bool try_group(struct search *search)
{
    struct sb_bytes group = sb_record_bytes(&search->event->event.fields, SB_FIELD_GROUP);
    if (group.size == 0) {
        return false;
    }
    struct sb_broker_walk walk = sb_case_group(group);
    struct sb_called all;
    struct sb_hash member;
    struct sb_record head;
    bool found = false;
    sb_called_init(&all);
    while (!found && sb_case_next(&walk, search->turn->txn, &member, &head)) {
        struct sb_broker_event *event = sb_broker_event_find_id(search->turn->txn, &member);
        if (event != NULL) {
            found = try_list(search, event->row.audience);
            called_add_orgs(&all, event->row.audience);
        }
        sb_broker_event_destroy(event);
    }
    found = found || (all.count > 0 && try_called(search, &all));
    sb_called_finish(&all);
    return found;
}

/* An incident has no seats, but the convening that came with it has, right behind. */
static bool try_behind(struct search *search)
{
    const uint64_t end = sb_log_next_index(search->turn->txn);
    bool found = false;
    for (uint64_t index = search->event->row.index + 1;
         !found && index < end && index <= search->event->row.index + SB_ENTRIES_PER_DATA_MAX;
         index++) {
        struct sb_broker_event *event = sb_broker_event_find(search->turn->txn, index);
        found =
            event != NULL && event->read == SB_ERR_OK && try_seats(search, &event->event.fields);
        sb_broker_event_destroy(event);
    }
    return found;
}

static bool try_forum(struct search *search)
{
    struct sb_name id = sb_record_name(&search->event->event.fields, SB_FIELD_FORUM);
    struct sb_forum forum;
    struct sb_called called;
    struct sb_why why = {0};
    sb_called_init(&called);
    bool found = id.text[0] != '\0'
                 && sb_forum_find(search->turn->txn, &id, &forum, &why) == SB_ERR_OK
                 && sb_forum_seats(search->turn->txn, &forum, &called, &why) == SB_ERR_OK
                 && try_called(search, &called);
    sb_called_finish(&called);
    return found;
}

static bool audience_find(struct search *search)
{
    return try_seats(search, &search->event->event.fields) || try_about(search) || try_group(search)
           || try_org(search) || try_behind(search) || try_forum(search);
}

/* Nobody brought what would tell: those whom it calls, and those who had it. */
static void audience_guess(struct search *search)
{
    struct sb_called called;
    uint64_t index = 0;
    struct sb_list_writer one;
    sb_called_init(&called);
    called_add_seats(&called, &search->event->event.fields);
    sb_list_init(&one);
    sb_list_add(&one, sb_name_bytes(&search->event->row.at.org));
    for (; sb_waiting_next(search->turn, &search->digest, &index); index++) {
        struct sb_broker_event *other = sb_broker_event_find(search->turn->txn, index);
        if (other != NULL && sb_hash_equal(&other->event.id, &search->event->event.id)) {
            sb_list_add(&one, sb_name_bytes(&other->row.at.org));
        }
        sb_broker_event_destroy(other);
    }
    called_add_orgs(&called, sb_list_bytes(&one));
    list_begin(search);
    sb_called_audience(&called, search->list);
    sb_list_finish(&one);
    sb_called_finish(&called);
}

static void tell(const struct sb_arrival *arrival, uint64_t index, const struct search *search,
                 bool whole)
{
    const struct sb_broker_event *event = arrival->event;
    char id[2 * SB_HASH_SIZE + 1];
    sb_hex_write(sb_hash_bytes(&event->event.id), id);
    sb_txn_count(arrival->turn->txn, "broker/recovered");
    sb_effects_log(arrival->turn->effects, SB_LEVEL_WARNING,
                   "event-recovered id=%.12s index=%llu kind=%s agent=%s organisations=%u "
                   "why=\"this store was put back to an older state and had forgotten it\"",
                   id, (unsigned long long)index, event->event.kind->json,
                   event->row.stream_agent.text, search->list->count);
    sb_effects_trace(arrival->turn->effects, "recover %s", event->event.kind->json);
    if (!whole) {
        sb_txn_count(arrival->turn->txn, "broker/recovered-partial");
        sb_effects_log(arrival->turn->effects, SB_LEVEL_ERROR,
                       "audience-lost id=%.12s organisations=%u of=%llu why=\"nobody brought back "
                       "who else was to have it\" remedy=\"samband show %.12s; send it anew to who "
                       "is missing\"",
                       id, search->list->count, (unsigned long long)search->count, id);
    }
}

static void store(struct sb_arrival *arrival, struct search *search, bool whole)
{
    const struct sb_event *event = &arrival->event->event;
    struct sb_broker_turn *turn = arrival->turn;
    struct sb_log_row row = {.accepted_at = sb_record_number(&event->fields, SB_FIELD_ISSUED),
                             .sealed = arrival->event->row.sealed};
    if (search->list->count > 0) {
        row.audience = sb_list_bytes(search->list);
    }
    sb_log_set_verdict(turn->txn, arrival->event->row.index, SB_ERR_ALREADY);
    uint64_t index = sb_own_store(turn, event, &row, true);
    tell(arrival, index, search, whole);
    sb_waiting_wake(turn, &event->id);
    if (whole) {
        sb_waiting_wake(turn, &search->digest);
    }
}

/* A genuine event of ours that the log lacks says that the store was put back, if nobody did. */
static void mark_restored(struct sb_broker_turn *turn)
{
    if (!sb_link_is_restored(turn->txn)) {
        sb_txn_set_number(turn->txn, SB_TABLE_META, SB_LINK_RESTORED, turn->now.wall_ms);
    }
}

static void recover(struct sb_arrival *arrival, struct search *search, bool late)
{
    uint64_t index = arrival->event->row.index;
    bool whole = search->count == 0 || audience_find(search);
    if (!whole && !late) {
        sb_log_set_verdict(arrival->turn->txn, index, SB_ERR_NOT_FOUND);
        sb_waiting_for_audience(arrival->turn, index, &search->digest);
        return;
    }
    if (!whole) {
        audience_guess(search);
    }
    store(arrival, search, whole);
}

void sb_recover(struct sb_arrival *arrival, bool late)
{
    const struct sb_event *event = &arrival->event->event;
    struct sb_broker_turn *turn = arrival->turn;
    uint64_t index = arrival->event->row.index;
    struct sb_hash about;
    mark_restored(turn);
    if (sb_case_index(turn->txn, &event->id) != 0) {
        sb_log_set_verdict(turn->txn, index, SB_ERR_ALREADY);
        return;
    }
    if (needs_target(event->kind->kind) && sb_record_hash(&event->fields, SB_FIELD_REF, &about)
        && sb_case_index(turn->txn, &about) == 0) {
        sb_log_set_verdict(turn->txn, index, SB_ERR_NOT_FOUND);
        sb_waiting_for_event(turn, index, &about);
        return;
    }
    struct sb_list_writer list;
    struct search search = {.turn = turn, .event = arrival->event, .list = &list};
    search.count = sb_record_number(&event->fields, SB_FIELD_AUDIENCE_COUNT);
    (void)sb_record_hash(&event->fields, SB_FIELD_AUDIENCE_DIGEST, &search.digest);
    sb_list_init(&list);
    recover(arrival, &search, late);
    sb_list_finish(&list);
}
