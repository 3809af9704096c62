/* linked.h: for units of proto/link: a broker's and an agent's end back to back, each with its own
 * memory store, and between them two queues of frames that a test may lose, repeat, keep or forge.
 * A turn is a shell's: step what came, pump, commit, then send; it may crash before the commit or
 * before the send. */
#ifndef LINKED_H
#define LINKED_H

#include "authority.h"
#include "check.h"
#include "samband/cursor.h"
#include "samband/link.h"
#include "samband/store.h"

#include <stdio.h>
#include <stdlib.h>

#define FRAMES_MAX   512
#define ARRIVALS_MAX 1024
#define TEXTS_SIZE   16384

enum crash {
    WHOLE,
    CRASH_BEFORE_COMMIT,
    CRASH_BEFORE_SEND
};

struct queue {
    struct sb_buf frame[FRAMES_MAX];
    unsigned count;
};

/* One end as its daemon would hold it. */
struct end {
    struct pair *pair;
    struct sb_store *store;
    struct sb_link *link; /* NULL: no session (broker), crashed (agent) */
    struct sb_link_config config;
    struct queue inbox;
    uint64_t arrived[ARRIVALS_MAX];
    unsigned arrived_count;
    unsigned rebuilds;
    unsigned alarms; /* log lines at WARNING or worse */
    char traces[TEXTS_SIZE];
    enum sb_err last_err;
    struct sb_why last_why;
    bool mute; /* takes frames and says nothing: its SENDs are lost */
};

struct pair {
    struct authority authority;
    struct party broker_party, agent_party;
    struct sb_name orgs[2];
    unsigned org_count;
    struct sb_entropy entropy;
    struct sb_now now;
    struct end broker, agent;
    unsigned published;
};

static inline struct sb_txn *begin(struct end *end)
{
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(end->store, &why);
    assert_non_null(txn);
    return txn;
}

static inline void commit(struct end *end, struct sb_txn *txn)
{
    struct sb_why why = {0};
    assert_int_equal(sb_store_commit(end->store, txn, &why), SB_ERR_OK);
}

static inline void queue_add(struct queue *queue, struct sb_bytes bytes)
{
    assert_true(queue->count < FRAMES_MAX);
    sb_buf_init(&queue->frame[queue->count], SB_FRAME_SIZE_MAX);
    sb_buf_add(&queue->frame[queue->count], bytes);
    queue->count++;
}

static inline void queue_clear(struct queue *queue)
{
    for (unsigned i = 0; i < queue->count; i++) {
        sb_buf_finish(&queue->frame[i]);
    }
    queue->count = 0;
}

static inline struct end *other(struct end *end)
{
    return end == &end->pair->broker ? &end->pair->agent : &end->pair->broker;
}

/* The frame at `position` of an inbox, read. */
static inline struct sb_frame frame_at(struct end *end, unsigned position)
{
    struct sb_frame frame;
    struct sb_why why = {0};
    assert_true(position < end->inbox.count);
    assert_int_equal(sb_frame_read(sb_buf_bytes(&end->inbox.frame[position]), &frame, &why),
                     SB_ERR_OK);
    return frame;
}

/* How many frames of a type wait in an inbox. */
static inline unsigned waiting(struct end *end, enum sb_frame_type type)
{
    unsigned count = 0;
    for (unsigned i = 0; i < end->inbox.count; i++) {
        count += frame_at(end, i).type == type ? 1u : 0u;
    }
    return count;
}

/* Writes a frame into an inbox as the other end would. */
static inline void forge(struct end *to, const struct sb_frame *frame)
{
    struct sb_buf buf;
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_frame_write(frame, &buf);
    assert_false(buf.overflow);
    queue_add(&to->inbox, sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
}

/* Loses the frames of a type that wait in an inbox. */
static inline unsigned lose(struct end *end, enum sb_frame_type type)
{
    unsigned kept = 0;
    unsigned lost = 0;
    for (unsigned i = 0; i < end->inbox.count; i++) {
        if (frame_at(end, i).type == type) {
            sb_buf_finish(&end->inbox.frame[i]);
            lost++;
        } else {
            end->inbox.frame[kept++] = end->inbox.frame[i];
        }
    }
    end->inbox.count = kept;
    return lost;
}

static inline void carry_out(struct end *end, struct sb_effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        struct sb_effect *effect = &effects->at[i];
        if (effect->kind == SB_EFFECT_SEND && !end->mute) {
            queue_add(&other(end)->inbox, effect->bytes);
        } else if (effect->kind == SB_EFFECT_REBUILD) {
            end->rebuilds++;
        } else if (effect->kind == SB_EFFECT_LOG) {
            end->alarms += effect->level <= SB_LEVEL_WARNING ? 1u : 0u;
        } else if (effect->kind == SB_EFFECT_TRACE) {
            size_t used = strlen(end->traces);
            int size = snprintf(end->traces + used, sizeof end->traces - used, "%.*s\n",
                                (int)effect->bytes.size, (const char *)effect->bytes.at);
            assert_true(size > 0 && (size_t)size < sizeof end->traces - used);
        }
    }
}

/* One frame, as the end's core would treat it. */
static inline void take_frame(struct end *end, struct sb_txn *txn, struct sb_bytes bytes,
                              struct sb_effects *effects)
{
    struct pair *pair = end->pair;
    struct sb_frame frame;
    struct sb_arrivals arrivals = {0};
    const struct sb_why unknown = {.text = "no such session"};
    assert_int_equal(sb_frame_read(bytes, &frame, &end->last_why), SB_ERR_OK);
    if (frame.type == SB_FRAME_HELLO) {
        struct sb_link *next = sb_link_new(&end->config);
        const struct sb_link_turn turn = {next, txn, pair->now, &pair->entropy, effects};
        end->last_err = sb_link_accept(&turn, &frame, &end->last_why);
        if (end->last_err == SB_ERR_OK) {
            sb_link_destroy(end->link);
            end->link = next;
        } else {
            sb_link_destroy(next);
        }
        return;
    }
    if (end->link == NULL) {
        sb_link_refuse(effects, 0, frame.session, SB_ERR_SESSION, &unknown);
        return;
    }
    const struct sb_link_turn turn = {end->link, txn, pair->now, &pair->entropy, effects};
    enum sb_err err = sb_link_on_frame(&turn, &frame, &arrivals, &end->last_why);
    if (err != SB_ERR_OK) {
        end->last_err = err;
    }
    if (err == SB_ERR_SESSION && end == &pair->broker) {
        sb_link_refuse(effects, 0, frame.session, SB_ERR_SESSION, &unknown);
    }
    for (unsigned i = 0; i < arrivals.count; i++) {
        assert_true(end->arrived_count < ARRIVALS_MAX);
        end->arrived[end->arrived_count++] = arrivals.index[i];
    }
}

static inline void crash(struct end *end)
{
    sb_link_destroy(end->link);
    end->link = NULL;
    queue_clear(&end->inbox); /* the connection is gone, both ways */
    queue_clear(&other(end)->inbox);
}

static inline void end_turn(struct end *end, enum crash how)
{
    struct pair *pair = end->pair;
    struct sb_effects effects;
    struct queue taken = end->inbox;
    unsigned arrived = end->arrived_count;
    end->inbox.count = 0;
    sb_effects_init(&effects);
    struct sb_txn *txn = begin(end);
    for (unsigned i = 0; i < taken.count; i++) {
        take_frame(end, txn, sb_buf_bytes(&taken.frame[i]), &effects);
    }
    if (end->link != NULL) {
        const struct sb_link_turn link = {end->link, txn, pair->now, &pair->entropy, &effects};
        sb_link_pump(&link);
    }
    if (how == CRASH_BEFORE_COMMIT) {
        sb_store_abort(end->store, txn);
        end->arrived_count = arrived;
    } else {
        commit(end, txn);
    }
    if (how == WHOLE) {
        carry_out(end, &effects);
    } else {
        crash(end);
    }
    sb_effects_finish(&effects);
    queue_clear(&taken);
}

/* A new process at the agent greets. */
static inline void start_agent(struct pair *pair)
{
    struct end *end = &pair->agent;
    struct sb_effects effects;
    if (end->link == NULL) {
        end->link = sb_link_new(&end->config);
    }
    sb_effects_init(&effects);
    struct sb_txn *txn = begin(end);
    const struct sb_link_turn link = {end->link, txn, pair->now, &pair->entropy, &effects};
    sb_link_open(&link);
    commit(end, txn);
    carry_out(end, &effects);
    sb_effects_finish(&effects);
}

/* Turns at both ends until nothing is under way any more. */
static inline void settle(struct pair *pair)
{
    unsigned rounds = 0;
    do {
        end_turn(&pair->broker, WHOLE);
        end_turn(&pair->agent, WHOLE);
        assert_true(++rounds < 5000);
    } while (pair->broker.inbox.count + pair->agent.inbox.count > 0);
}

static inline void advance(struct pair *pair, uint64_t ms)
{
    pair->now.mono_ms += ms;
    pair->now.wall_ms += ms;
}

/* Time goes on in small steps, both ends awake. */
static inline void run(struct pair *pair, uint64_t ms)
{
    for (uint64_t done = 0; done < ms; done += 100) {
        advance(pair, 100);
        settle(pair);
    }
}

static inline uint64_t counter(struct end *end, const char *name)
{
    struct sb_txn *txn = begin(end);
    uint64_t number = sb_txn_number(txn, SB_TABLE_COUNTER, name);
    sb_store_abort(end->store, txn);
    return number;
}

static inline struct sb_held held(struct end *end, unsigned org, unsigned lane)
{
    struct pair *pair = end->pair;
    struct sb_held ret = {0};
    struct sb_txn *txn = begin(end);
    (void)sb_link_held(txn, &pair->agent.config.agent, &pair->orgs[org], lane, &ret);
    sb_store_abort(end->store, txn);
    return ret;
}

/* An urgent or bulk event of the end's own, sealed; `list` holds its seats and must be finished. */
static inline void seal_event(struct end *end, enum sb_realm realm, enum sb_urgency urgency,
                              const char *text, struct sb_buf *buf, struct sb_sealed *ret_sealed)
{
    struct pair *pair = end->pair;
    bool broker = end == &pair->broker;
    const struct party *party = broker ? &pair->broker_party : &pair->agent_party;
    struct sb_record fields = {0};
    struct sb_name origin = broker ? sb_name("lst-ab") : pair->orgs[0];
    struct sb_hash about = {{1}};
    struct sb_list_writer seats;
    struct sb_why why = {0};
    sb_list_init(&seats);
    for (unsigned i = 0; i < pair->org_count; i++) {
        char seat[SB_SEAT_SIZE_MAX];
        (void)snprintf(seat, sizeof seat, "%s/tib", pair->orgs[i].text);
        sb_list_add(&seats, sb_bytes_str(seat));
    }
    enum sb_kind urgent = broker ? SB_KIND_INFORMATION : SB_KIND_VERDICT;
    sb_record_set_number(&fields, SB_FIELD_KIND, urgency == SB_URGENT ? urgent : SB_KIND_NOTE);
    sb_record_set_number(&fields, SB_FIELD_REALM, realm);
    sb_record_set_number(&fields, SB_FIELD_ISSUED, pair->now.wall_ms);
    sb_record_set_name(&fields, SB_FIELD_ORIGIN, &origin);
    if (urgency == SB_BULK || broker) {
        sb_record_set_text(&fields, SB_FIELD_TEXT, text);
    }
    if (urgency == SB_URGENT && broker) {
        sb_record_set_text(&fields, SB_FIELD_TITLE, "Snö");
        sb_record_set_bytes(&fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
    }
    if (urgency == SB_URGENT && !broker) {
        sb_record_set_hash(&fields, SB_FIELD_REF, &about);
        sb_record_set_number(&fields, SB_FIELD_REASON_CODE, 1);
    }
    struct sb_seal_by by = {.signer = &party->realm[realm], .cert = sb_buf_bytes(&party->cert)};
    assert_int_equal(sb_event_seal(&fields, &by, &pair->entropy, buf, ret_sealed, &why), SB_ERR_OK);
    sb_list_finish(&seats);
}

/* Appends an event of the end's own to its log, for the first `org_count` organisations. */
static inline uint64_t publish_to(struct end *end, enum sb_realm realm, enum sb_urgency urgency,
                                  const char *text, unsigned org_count)
{
    struct sb_buf buf;
    struct sb_log_row row = {.accepted_at = end->pair->now.wall_ms};
    struct sb_event event;
    struct sb_why why = {0};
    struct sb_list_writer audience;
    sb_buf_init(&buf, SB_ENTRY_SIZE_MAX);
    seal_event(end, realm, urgency, text, &buf, &row.sealed);
    assert_int_equal(sb_event_read(&row.sealed, &event, &why), SB_ERR_OK);
    sb_list_init(&audience);
    for (unsigned i = 0; i < org_count; i++) {
        sb_list_add(&audience, sb_name_bytes(&end->pair->orgs[i]));
    }
    if (org_count > 0) {
        row.audience = sb_list_bytes(&audience);
    }
    struct sb_txn *txn = begin(end);
    uint64_t index = sb_log_append(txn, &event, &row);
    commit(end, txn);
    sb_list_finish(&audience);
    sb_buf_finish(&buf);
    end->pair->published++;
    return index;
}

static inline uint64_t publish(struct end *end, enum sb_realm realm, enum sb_urgency urgency)
{
    return publish_to(end, realm, urgency, "Kraftigt snöfall",
                      end == &end->pair->broker ? end->pair->org_count : 1);
}

static inline uint64_t log_count(struct end *end)
{
    struct sb_txn *txn = begin(end);
    uint64_t count = sb_log_next_index(txn) - 1;
    sb_store_abort(end->store, txn);
    return count;
}

static inline struct sb_verify_result verify(struct end *end)
{
    struct sb_verify_result result;
    struct sb_txn *txn = begin(end);
    sb_log_verify(txn, &end->pair->authority.root.public_key, &result);
    sb_store_abort(end->store, txn);
    return result;
}

static inline void assert_sound(struct end *end)
{
    struct sb_verify_result result = verify(end);
    if (result.faults > 0) {
        print_error("verify: %s\n", result.first_fault.text);
    }
    assert_int_equal(result.faults, 0);
}

/* The end's store as it was: what `copy` was made of. */
static inline void restore(struct end *end, const struct sb_store *copy)
{
    crash(end);
    sb_store_close(end->store);
    end->store = sb_store_copy_memory(copy);
}

static inline void put_agent_row(struct pair *pair, uint64_t session, uint64_t confirmed)
{
    struct sb_record record = {0};
    struct sb_buf buf;
    sb_record_set_number(&record, SB_FIELD_SESSION, session);
    sb_record_set_number(&record, SB_FIELD_CONFIRMED, confirmed);
    sb_buf_init(&buf, SB_ROW_SIZE_MAX);
    sb_record_write(&record, SB_PARTS_ALL, &buf);
    struct sb_txn *txn = begin(&pair->broker);
    sb_txn_put(txn, SB_TABLE_AGENT, sb_name_bytes(&pair->broker.config.agent), sb_buf_bytes(&buf));
    commit(&pair->broker, txn);
    sb_buf_finish(&buf);
}

static inline uint64_t agent_row_number(struct pair *pair, enum sb_field field)
{
    struct sb_txn *txn = begin(&pair->broker);
    struct sb_bytes value;
    struct sb_record record = {0};
    struct sb_why why = {0};
    assert_true(sb_txn_get(txn, SB_TABLE_AGENT, sb_name_bytes(&pair->broker.config.agent), &value));
    assert_int_equal(sb_record_read(value, SB_PARTS_ALL, &record, &why), SB_ERR_OK);
    uint64_t number = sb_record_number(&record, field);
    sb_store_abort(pair->broker.store, txn);
    return number;
}

static inline struct pair *pair_new(unsigned org_count)
{
    struct pair *pair = sb_alloc(1, sizeof *pair);
    authority_init(&pair->authority);
    party_keys(&pair->broker_party, 20);
    party_enrol(&pair->broker_party, &pair->authority, SB_ROLE_BROKER, "broker", "lst-ab");
    party_keys(&pair->agent_party, 10);
    party_enrol(&pair->agent_party, &pair->authority, SB_ROLE_AGENT, "taby-1", "taby");
    pair->orgs[0] = sb_name("taby");
    pair->orgs[1] = sb_name("solna");
    pair->org_count = org_count;
    pair->entropy.seed[0] = 42;
    pair->now = (struct sb_now){.mono_ms = 1000000, .wall_ms = AUTHORITY_NOW_MS};
    pair->broker.pair = pair;
    pair->agent.pair = pair;
    pair->broker.config = (struct sb_link_config){
        .end = SB_LINK_BROKER,
        .agent = sb_name("taby-1"),
        .orgs = pair->orgs,
        .org_count = org_count,
        .machine_key = &pair->agent_party.machine.public_key,
        .epoch = 7,
    };
    pair->agent.config = (struct sb_link_config){
        .end = SB_LINK_AGENT,
        .agent = sb_name("taby-1"),
        .orgs = pair->orgs,
        .org_count = org_count,
        .machine = &pair->agent_party.machine,
    };
    pair->broker.store = sb_store_open_memory();
    pair->agent.store = sb_store_open_memory();
    put_agent_row(pair, 0, 0);
    return pair;
}

static inline void pair_destroy(struct pair *pair)
{
    crash(&pair->broker);
    crash(&pair->agent);
    sb_store_close(pair->broker.store);
    sb_store_close(pair->agent.store);
    party_finish(&pair->broker_party);
    party_finish(&pair->agent_party);
    authority_finish(&pair->authority);
    free(pair);
}

/* Both ends up, nothing under way. */
static inline void connect(struct pair *pair)
{
    start_agent(pair);
    settle(pair);
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_UP);
    assert_int_equal(sb_link_state(pair->broker.link), SB_LINK_UP);
}

/* cmocka: one organisation, or two. */
static inline int pair_make(void **state)
{
    *state = pair_new(1);
    return 0;
}

static inline int pair_make_two(void **state)
{
    *state = pair_new(2);
    return 0;
}

static inline int pair_end(void **state)
{
    pair_destroy(*state);
    return 0;
}

#endif
