/* false_broker.c: a broker with the true one's keys that sends one agent events which no broker
 * should, and a good one behind them: over the real link, from a log in memory. Prints a line per
 * verdict that comes back and "receipted N". Ends well once all are receipted and every bad one has
 * its verdict. With "oversized" it first sends a frame that is too large, which must be refused
 * too. Usage: false_broker STATE-OF-A-BROKER LINK-ENDPOINT AGENT ORGANISATION [oversized] */
#include "broker_keys.h"
#include "samband/loop.h"
#include "samband/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SESSION_MS 60000 /* sanitizers, two processors and neighbours */
#define TURN_MS    100

enum signed_by {
    BY_BROKER,
    BY_STRANGER,    /* a key of nobody, under the broker's certificate */
    BY_EXERCISE_KEY /* the broker's own one of another realm */
};

static const struct event_row {
    const char *title;
    enum signed_by by;
    bool in_the_agents_name;
    bool bad; /* a verdict comes back */
} events[] = {
    {"forged", BY_STRANGER, false, true},
    {"exercise-key", BY_EXERCISE_KEY, false, true},
    {"other-origin", BY_BROKER, true, true},
    {"good", BY_BROKER, false, false},
};
#define EVENT_COUNT (sizeof events / sizeof *events)

struct false_broker {
    struct sb_broker_config config;
    struct sb_broker_keys keys;
    struct sb_name agent, org;
    struct sb_loop *loop;
    struct sb_store *store;
    struct sb_txn *txn;
    struct sb_link *link; /* NULL until the agent has greeted */
    struct sb_public_key machine_key;
    struct sb_effects effects;
    struct sb_hash id[EVENT_COUNT];
    uint64_t index[EVENT_COUNT];
    bool judged[EVENT_COUNT];
    bool oversize;    /* to be sent to the next agent that greets */
    bool must_refuse; /* it was sent, and the refusal has not come */
};

static bool admit(void *context, const struct sb_public_key *key, struct sb_name *ret_user,
                  bool *ret_retry)
{
    const struct false_broker *broker = context;
    (void)key; /* whoever comes: there is one agent only */
    *ret_user = broker->agent;
    *ret_retry = false;
    return true;
}

static void event_log(struct false_broker *broker, size_t i)
{
    const struct event_row *row = &events[i];
    struct sb_record *fields = sb_alloc(1, sizeof *fields);
    struct sb_event *event = sb_alloc(1, sizeof *event);
    struct sb_now now = sb_loop_now(broker->loop);
    struct sb_entropy entropy;
    uint8_t seed[SB_KEY_SIZE];
    struct sb_signer stranger;
    sb_loop_entropy(&entropy);
    sb_entropy_take(&entropy, seed, sizeof seed);
    sb_signer_make(seed, &stranger);
    const struct sb_signer *const signers[] = {
        [BY_BROKER] = &broker->config.realm[SB_REALM_LIVE],
        [BY_STRANGER] = &stranger,
        [BY_EXERCISE_KEY] = &broker->config.realm[SB_REALM_EXERCISE],
    };
    char seat[SB_SEAT_SIZE_MAX];
    struct sb_list_writer seats, audience;
    (void)snprintf(seat, sizeof seat, "%s/tib", broker->org.text);
    sb_list_init(&seats);
    sb_list_init(&audience);
    sb_list_add(&seats, sb_bytes_str(seat));
    sb_list_add(&audience, sb_name_bytes(&broker->org));
    sb_record_set_number(fields, SB_FIELD_KIND, SB_KIND_INFORMATION);
    sb_record_set_number(fields, SB_FIELD_REALM, SB_REALM_LIVE);
    sb_record_set_number(fields, SB_FIELD_ISSUED, now.wall_ms);
    sb_record_set_name(fields, SB_FIELD_ORIGIN,
                       row->in_the_agents_name ? &broker->org : &broker->config.org);
    sb_record_set_bytes(fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
    sb_record_set_text(fields, SB_FIELD_TITLE, row->title);
    sb_record_set_text(fields, SB_FIELD_TEXT, row->title);
    struct sb_seal_by by = {.signer = signers[row->by], .cert = broker->config.cert};
    struct sb_sealed sealed;
    struct sb_buf buf;
    struct sb_why why = {0};
    sb_buf_init(&buf, SB_ENTRY_SIZE_MAX);
    enum sb_err err = sb_event_seal(fields, &by, &entropy, &buf, &sealed, &why);
    if (err == SB_ERR_OK) {
        err = sb_event_read(&sealed, event, &why);
    }
    SB_ASSERT(err == SB_ERR_OK);
    struct sb_log_row log_row = {
        .accepted_at = now.wall_ms, .sealed = sealed, .audience = sb_list_bytes(&audience)};
    broker->index[i] = sb_log_append(broker->txn, event, &log_row);
    broker->id[i] = event->id;
    sb_buf_finish(&buf);
    sb_list_finish(&audience);
    sb_list_finish(&seats);
    free(event);
    free(fields);
}

/* What the link asks of the agent's row: that there is one. */
static void agent_enrol(struct false_broker *broker)
{
    struct sb_record *row = sb_alloc(1, sizeof *row);
    struct sb_buf buf;
    sb_buf_init(&buf, SB_ROW_SIZE_MAX);
    sb_record_set_number(row, SB_FIELD_SESSION, 0);
    sb_record_write(row, SB_PARTS_ALL, &buf);
    sb_txn_put(broker->txn, SB_TABLE_AGENT, sb_name_bytes(&broker->agent), sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
    free(row);
}

static void verdict_print(struct false_broker *broker, uint64_t index)
{
    struct sb_log_row row;
    struct sb_hash about;
    struct sb_event *event = sb_alloc(1, sizeof *event);
    if (sb_log_get(broker->txn, index, &row) && sb_event_read(&row.sealed, event, NULL) == SB_ERR_OK
        && event->kind->kind == SB_KIND_VERDICT
        && sb_record_hash(&event->fields, SB_FIELD_REF, &about)) {
        struct sb_bytes text = sb_record_bytes(&event->fields, SB_FIELD_TEXT);
        uint64_t reason = sb_record_number(&event->fields, SB_FIELD_REASON_CODE);
        for (size_t i = 0; i < EVENT_COUNT; i++) {
            if (sb_hash_equal(&broker->id[i], &about)) {
                broker->judged[i] = true;
                (void)printf("verdict %s %s: %.*s\n", events[i].title,
                             sb_err_name((enum sb_err)reason), (int)text.size,
                             (const char *)text.at);
            }
        }
    }
    free(event);
}

static struct sb_link_turn link_turn(struct false_broker *broker, struct sb_entropy *entropy)
{
    return (struct sb_link_turn){broker->link, broker->txn, sb_loop_now(broker->loop), entropy,
                                 &broker->effects};
}

static void hello_take(struct false_broker *broker, const struct sb_loop_event *input,
                       const struct sb_frame *hello, struct sb_entropy *entropy)
{
    struct sb_why why = {0};
    struct sb_link_config config = {.end = SB_LINK_BROKER,
                                    .agent = broker->agent,
                                    .to = input->from,
                                    .orgs = &broker->org,
                                    .org_count = 1,
                                    .machine_key = &broker->machine_key,
                                    .epoch = hello->epoch};
    sb_link_destroy(broker->link);
    broker->link = sb_link_new(&config);
    const struct sb_link_turn turn = link_turn(broker, entropy);
    enum sb_err err = sb_link_accept(&turn, hello, &why);
    (void)printf("%s\n", err == SB_ERR_OK ? "up" : why.text);
    if (broker->oversize) {
        broker->oversize = false;
        broker->must_refuse = true;
        uint8_t *zeros = sb_alloc(1, SB_FRAME_SIZE_MAX + 1);
        sb_effects_add(&broker->effects, SB_EFFECT_SEND, input->from,
                       sb_bytes(zeros, SB_FRAME_SIZE_MAX + 1));
        free(zeros);
    }
}

static void frame_take(struct false_broker *broker, const struct sb_loop_event *input,
                       struct sb_entropy *entropy)
{
    struct sb_frame frame;
    struct sb_arrivals arrivals = {.count = 0};
    struct sb_why why = {0};
    if (sb_frame_read(input->bytes, &frame, &why) != SB_ERR_OK) {
        return;
    }
    if (frame.type == SB_FRAME_HELLO) {
        hello_take(broker, input, &frame, entropy);
        return;
    }
    if (frame.type == SB_FRAME_REFUSE) {
        broker->must_refuse = false;
        (void)printf("refused %s: %.*s\n", sb_err_name(frame.err), (int)frame.text.size,
                     (const char *)frame.text.at);
    }
    /* A proof does not hold here, where the agent's machine key is not known. It changes nothing.
     */
    const struct sb_link_turn turn = link_turn(broker, entropy);
    if (broker->link != NULL && sb_link_on_frame(&turn, &frame, &arrivals, &why) != SB_ERR_OK) {
        (void)printf("not taken: %s\n", why.text);
    }
    for (unsigned i = 0; i < arrivals.count; i++) {
        verdict_print(broker, arrivals.index[i]);
    }
}

static bool is_done(struct false_broker *broker)
{
    unsigned lane = sb_lane(SB_REALM_LIVE, SB_URGENT);
    struct sb_held held;
    if (broker->must_refuse || !sb_link_held(broker->txn, &broker->agent, &broker->org, lane, &held)
        || held.log_index < broker->index[EVENT_COUNT - 1]) {
        return false;
    }
    for (size_t i = 0; i < EVENT_COUNT; i++) {
        if (events[i].bad && !broker->judged[i]) {
            return false;
        }
    }
    (void)printf("receipted %zu\n", EVENT_COUNT);
    return true;
}

static void effects_send(struct false_broker *broker)
{
    for (size_t i = 0; i < broker->effects.count; i++) {
        const struct sb_effect *effect = &broker->effects.at[i];
        if (effect->kind == SB_EFFECT_SEND) {
            (void)sb_loop_send(broker->loop, SB_PORT_LINK, effect->to, effect->bytes);
        }
    }
    sb_effects_clear(&broker->effects);
    (void)fflush(stdout);
}

static bool play(struct false_broker *broker)
{
    uint64_t end_ms = sb_loop_now(broker->loop).mono_ms + SESSION_MS;
    bool done = false;
    for (bool filled = false; !done; filled = true) {
        uint64_t now_ms = sb_loop_now(broker->loop).mono_ms;
        struct sb_loop_event input;
        struct sb_entropy entropy;
        struct sb_why why = {0};
        if (now_ms > end_ms) {
            return false;
        }
        sb_loop_wait(broker->loop, now_ms + TURN_MS);
        sb_loop_entropy(&entropy);
        broker->txn = sb_store_begin(broker->store, &why);
        SB_ASSERT(broker->txn != NULL);
        if (!filled) {
            agent_enrol(broker);
            for (size_t i = 0; i < EVENT_COUNT; i++) {
                event_log(broker, i);
            }
        }
        while (sb_loop_next(broker->loop, &input)) {
            if (input.kind == SB_LOOP_STOP) {
                end_ms = 0;
            } else if (input.kind == SB_LOOP_MESSAGE) {
                frame_take(broker, &input, &entropy);
            }
        }
        if (broker->link != NULL) {
            const struct sb_link_turn turn = link_turn(broker, &entropy);
            sb_link_pump(&turn);
            done = is_done(broker);
        }
        enum sb_err err = sb_store_commit(broker->store, broker->txn, &why);
        SB_ASSERT(err == SB_ERR_OK);
        effects_send(broker);
    }
    return true;
}

static enum sb_err broker_open(struct false_broker *broker, char **argv, struct sb_why *why)
{
    if (!sb_name_read(sb_bytes_str(argv[3]), &broker->agent)
        || !sb_name_read(sb_bytes_str(argv[4]), &broker->org)) {
        return sb_why_set(why, SB_ERR_USAGE, "an agent and its organisation are wanted");
    }
    broker->loop = sb_loop_new();
    broker->store = sb_store_open_memory();
    enum sb_err err = sb_broker_keys_load(argv[1], sb_loop_now(broker->loop).wall_ms, &broker->keys,
                                          &broker->config, why);
    if (err == SB_ERR_OK) {
        sb_loop_admit_by(broker->loop, admit, broker);
        err =
            sb_loop_bind_curve(broker->loop, SB_PORT_LINK, argv[2], broker->keys.curve_secret, why);
    }
    return err;
}

int main(int argc, char **argv)
{
    const bool oversized = argc == 6 && strcmp(argv[5], "oversized") == 0;
    if (argc != 5 && !oversized) {
        (void)fputs("Usage: false_broker STATE-OF-A-BROKER LINK-ENDPOINT AGENT ORGANISATION "
                    "[oversized]\n",
                    stderr);
        return 2;
    }
    struct false_broker *broker = sb_alloc(1, sizeof *broker);
    broker->oversize = oversized;
    struct sb_why why = {0};
    sb_effects_init(&broker->effects);
    bool done = false;
    if (broker_open(broker, argv, &why) == SB_ERR_OK) {
        done = play(broker);
    } else {
        (void)fprintf(stderr, "false_broker: %s\n", why.text);
    }
    sb_effects_finish(&broker->effects);
    sb_link_destroy(broker->link);
    sb_store_close(broker->store);
    sb_loop_destroy(broker->loop);
    sb_broker_keys_finish(&broker->keys, &broker->config);
    free(broker);
    return done ? 0 : 1;
}
