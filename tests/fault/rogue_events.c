/* rogue_events.c: events that an honest agent would not send, carried by the real link: it plays a
 * session over a log in memory that was filled with them. One word, "chain", spoils no event but
 * the chain in the first frame that carries entries. */
#include "rogue.h"
#include "samband/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SESSION_MS 60000 /* sanitizers, two processors and neighbours */
#define WORDS_MAX  16
#define VALID_MS   3600000

/* One event under way. */
struct made {
    const struct event_row *row;
    char event[2 * SB_HASH_SIZE + 1]; /* what it is about, from the command line */
    char seat[SB_SEAT_SIZE_MAX + 1];
    struct sb_name function, person; /* what a record borrows must live as long as it */
    struct sb_hash about;
    struct sb_hash id;
    bool judged;
};

struct session {
    struct sb_rogue *rogue;
    struct sb_store *store;
    struct sb_txn *txn;
    struct sb_link *link;
    struct sb_effects effects;
    struct made made[WORDS_MAX];
    unsigned count;
    bool spoil_chain; /* the next DATA frame is spoiled */
    bool up;
};

/* --- the table of events --- */

static void note_fill(struct made *made, struct sb_record *fields)
{
    (void)made;
    sb_record_set_number(fields, SB_FIELD_KIND, SB_KIND_NOTE);
    sb_record_set_text(fields, SB_FIELD_TEXT, "a note of the rogue");
}

static void mandate_fill(struct made *made, struct sb_record *fields)
{
    uint64_t now_ms = sb_rogue_now().wall_ms;
    made->function = sb_name("tib");
    sb_record_set_number(fields, SB_FIELD_KIND, SB_KIND_MANDATE);
    sb_record_set_name(fields, SB_FIELD_FUNCTION, &made->function);
    sb_record_set_number(fields, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
    sb_record_set_text(fields, SB_FIELD_BASIS, "none");
    sb_record_set_number(fields, SB_FIELD_VALID_FROM, now_ms - VALID_MS);
    sb_record_set_number(fields, SB_FIELD_VALID_TO, now_ms + VALID_MS);
}

static void information_fill(struct made *made, struct sb_record *fields)
{
    static const uint8_t nobody[] = {0x90}; /* an empty list */
    (void)made;
    sb_record_set_number(fields, SB_FIELD_KIND, SB_KIND_INFORMATION);
    sb_record_set_text(fields, SB_FIELD_TITLE, "false");
    sb_record_set_text(fields, SB_FIELD_TEXT, "false");
    sb_record_set_bytes(fields, SB_FIELD_SEATS, sb_bytes(nobody, sizeof nobody));
}

static void ack_fill(struct made *made, struct sb_record *fields)
{
    made->function = sb_name("tib");
    made->person = sb_name("p1");
    if (!sb_hex_read(sb_bytes_str(made->event), made->about.at, SB_HASH_SIZE)) {
        made->about = sb_hash_one("event", sb_bytes_str("there is none"));
    }
    sb_record_set_number(fields, SB_FIELD_KIND, SB_KIND_ACK);
    sb_record_set_hash(fields, SB_FIELD_REF, &made->about);
    sb_record_set_text(fields, SB_FIELD_SEAT, made->seat[0] == '\0' ? "taby/tib" : made->seat);
    sb_record_set_name(fields, SB_FIELD_FUNCTION, &made->function);
    sb_record_set_name(fields, SB_FIELD_PERSON, &made->person);
    sb_record_set_number(fields, SB_FIELD_HOLDS_MANDATE, true);
    sb_record_set_number(fields, SB_FIELD_ANSWERED_AT, sb_rogue_now().wall_ms);
}

enum signed_by {
    BY_OWN_KEY,
    BY_STRANGER,    /* a key of nobody, under the own certificate */
    BY_EXERCISE_KEY /* the own one of another realm */
};

static const struct event_row {
    const char *name;
    void (*fill)(struct made *made, struct sb_record *fields);
    enum signed_by by;
    const char *origin; /* NULL: own */
    bool bad;           /* a verdict comes back */
} events[] = {
    {"note", note_fill, BY_OWN_KEY, NULL, false},
    {"mandate", mandate_fill, BY_OWN_KEY, NULL, false},
    {"ack", ack_fill, BY_OWN_KEY, NULL, false},
    {"forged", mandate_fill, BY_STRANGER, NULL, true},
    {"exercise-key", mandate_fill, BY_EXERCISE_KEY, NULL, true},
    {"other-origin", mandate_fill, BY_OWN_KEY, "lst-ab", true},
    {"brokers-kind", information_fill, BY_OWN_KEY, NULL, true},
    {"bad-ack", ack_fill, BY_OWN_KEY, NULL, true},
};

static const struct event_row *event_find(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        if (strlen(events[i].name) == size && memcmp(events[i].name, name, size) == 0) {
            return &events[i];
        }
    }
    return NULL;
}

/* NAME or NAME=EVENT:SEAT, either part may be empty. */
static bool word_read(const char *word, struct made *ret_made)
{
    size_t size = strcspn(word, "=");
    *ret_made = (struct made){.row = event_find(word, size)};
    if (word[size] == '=') {
        const char *event = word + size + 1;
        size_t id_size = strcspn(event, ":");
        const char *seat = event[id_size] == ':' ? event + id_size + 1 : "";
        if (id_size >= sizeof ret_made->event || strlen(seat) >= sizeof ret_made->seat) {
            return false;
        }
        memcpy(ret_made->event, event, id_size);
        memcpy(ret_made->seat, seat, strlen(seat));
    }
    return ret_made->row != NULL;
}

/* --- the log --- */

static void event_log(struct session *session, struct made *made)
{
    struct sb_rogue *rogue = session->rogue;
    const struct event_row *row = made->row;
    struct sb_record *fields = sb_alloc(1, sizeof *fields);
    struct sb_name origin = row->origin == NULL ? rogue->config.org[0] : sb_name(row->origin);
    struct sb_now now = sb_rogue_now();
    struct sb_entropy entropy;
    sb_rogue_entropy(&entropy);
    uint8_t seed[SB_KEY_SIZE];
    sb_entropy_take(&entropy, seed, sizeof seed);
    struct sb_signer stranger;
    sb_signer_make(seed, &stranger);
    const struct sb_signer *const signers[] = {
        [BY_OWN_KEY] = &rogue->config.realm[SB_REALM_LIVE],
        [BY_STRANGER] = &stranger,
        [BY_EXERCISE_KEY] = &rogue->config.realm[SB_REALM_EXERCISE],
    };
    sb_record_set_number(fields, SB_FIELD_REALM, SB_REALM_LIVE);
    sb_record_set_number(fields, SB_FIELD_ISSUED, now.wall_ms);
    sb_record_set_name(fields, SB_FIELD_ORIGIN, &origin);
    row->fill(made, fields);
    struct sb_seal_by by = {.signer = signers[row->by], .cert = rogue->config.cert};
    struct sb_sealed sealed;
    struct sb_buf buf;
    struct sb_why why = {0};
    struct sb_event *event = sb_alloc(1, sizeof *event);
    sb_buf_init(&buf, SB_ENTRY_SIZE_MAX);
    enum sb_err err = sb_event_seal(fields, &by, &entropy, &buf, &sealed, &why);
    if (err == SB_ERR_OK) {
        err = sb_event_read(&sealed, event, &why);
    }
    if (err != SB_ERR_OK) {
        (void)fprintf(stderr, "rogue: %s: %s\n", row->name, why.text);
        abort();
    }
    struct sb_list_writer audience;
    sb_list_init(&audience);
    sb_list_add(&audience, sb_name_bytes(&rogue->config.org[0])); /* its own stream carries it */
    struct sb_log_row log_row = {
        .accepted_at = now.wall_ms, .sealed = sealed, .audience = sb_list_bytes(&audience)};
    made->id = event->id;
    sb_log_append(session->txn, event, &log_row);
    sb_list_finish(&audience);
    sb_buf_finish(&buf);
    free(event);
    free(fields);
}

/* --- the session --- */

/* Spoils the chain head before the first entry, once: the resend is whole again. */
static void frame_send(struct session *session, struct sb_bytes bytes)
{
    struct sb_frame frame;
    struct sb_buf spoiled;
    sb_buf_init(&spoiled, SB_FRAME_SIZE_MAX);
    if (session->spoil_chain && sb_frame_read(bytes, &frame, NULL) == SB_ERR_OK
        && frame.type == SB_FRAME_DATA) {
        session->spoil_chain = false;
        frame.at.head.at[0] ^= 0xff;
        sb_frame_write(&frame, &spoiled);
        bytes = sb_buf_bytes(&spoiled);
        (void)printf("spoiled the chain\n");
    }
    (void)sb_rogue_send(session->rogue, bytes, 1);
    sb_buf_finish(&spoiled);
}

static void verdict_print(struct session *session, uint64_t index)
{
    struct sb_log_row row;
    struct sb_hash about;
    struct sb_event *event = sb_alloc(1, sizeof *event);
    if (sb_log_get(session->txn, index, &row)
        && sb_event_read(&row.sealed, event, NULL) == SB_ERR_OK
        && event->kind->kind == SB_KIND_VERDICT
        && sb_record_hash(&event->fields, SB_FIELD_REF, &about)) {
        struct sb_bytes text = sb_record_bytes(&event->fields, SB_FIELD_TEXT);
        uint64_t reason = sb_record_number(&event->fields, SB_FIELD_REASON_CODE);
        for (unsigned i = 0; i < session->count; i++) {
            struct made *made = &session->made[i];
            if (sb_hash_equal(&made->id, &about)) {
                made->judged = true;
                (void)printf("verdict %s %s: %.*s\n", made->row->name,
                             sb_err_name((enum sb_err)reason), (int)text.size,
                             (const char *)text.at);
            }
        }
    }
    free(event);
}

static void frame_take(struct session *session, struct sb_bytes bytes,
                       const struct sb_link_turn *turn)
{
    struct sb_frame frame;
    struct sb_arrivals arrivals = {.count = 0};
    struct sb_why why = {0};
    enum sb_err err = sb_frame_read(bytes, &frame, &why);
    if (err == SB_ERR_OK && frame.type == SB_FRAME_REFUSE) {
        sb_rogue_print_refusal(frame.err, frame.text);
    }
    if (err == SB_ERR_OK) {
        err = sb_link_on_frame(turn, &frame, &arrivals, &why);
    }
    if (err != SB_ERR_OK) {
        (void)printf("not taken: %s\n", why.text);
    }
    for (unsigned i = 0; i < arrivals.count; i++) {
        verdict_print(session, arrivals.index[i]);
    }
    if (!session->up && sb_link_state(session->link) == SB_LINK_UP) {
        session->up = true;
        (void)printf("up\n");
    }
}

/* Everything receipted, every bad event judged. */
static bool session_is_done(struct session *session)
{
    const struct sb_agent_config *config = &session->rogue->config;
    unsigned receipted = 0, judged = 0;
    for (unsigned i = 0; i < session->count; i++) {
        const struct made *made = &session->made[i];
        struct sb_log_row row;
        struct sb_held held;
        uint64_t index;
        bool found = sb_log_find(session->txn, &made->id, NULL, &index)
                     && sb_log_get(session->txn, index, &row);
        SB_ASSERT(found);
        receipted += sb_link_held(session->txn, &config->agent, &config->org[0], row.at.lane, &held)
                     && held.log_index >= index;
        judged += made->judged || !made->row->bad;
    }
    if (receipted < session->count || judged < session->count) {
        return false;
    }
    (void)printf("receipted %u\n", receipted);
    return true;
}

static void session_begin_turn(struct session *session)
{
    struct sb_why why = {0};
    session->txn = sb_store_begin(session->store, &why);
    SB_ASSERT(session->txn != NULL);
}

static void session_end_turn(struct session *session)
{
    struct sb_why why = {0};
    enum sb_err err = sb_store_commit(session->store, session->txn, &why);
    SB_ASSERT(err == SB_ERR_OK);
    for (size_t i = 0; i < session->effects.count; i++) {
        if (session->effects.at[i].kind == SB_EFFECT_SEND) {
            frame_send(session, session->effects.at[i].bytes);
        }
    }
    sb_effects_clear(&session->effects);
    (void)fflush(stdout);
}

static bool session_play(struct session *session)
{
    struct sb_buf frame;
    bool done = false;
    uint64_t end_ms = sb_rogue_now().mono_ms + SESSION_MS;
    sb_buf_init(&frame, SB_FRAME_SIZE_MAX + 1);
    for (bool opened = false; !done && sb_rogue_now().mono_ms < end_ms; opened = true) {
        bool came = opened && sb_rogue_take(session->rogue, 50, &frame);
        struct sb_now now = sb_rogue_now();
        struct sb_entropy entropy;
        sb_rogue_entropy(&entropy);
        session_begin_turn(session);
        const struct sb_link_turn turn = {session->link, session->txn, now, &entropy,
                                          &session->effects};
        if (!opened) {
            for (unsigned i = 0; i < session->count; i++) {
                event_log(session, &session->made[i]);
            }
            sb_link_open(&turn);
        }
        if (came) {
            frame_take(session, sb_buf_bytes(&frame), &turn);
        }
        sb_link_pump(&turn);
        done = session_is_done(session);
        session_end_turn(session);
    }
    sb_buf_finish(&frame);
    return done;
}

int sb_rogue_session(struct sb_rogue *rogue, char **words, int count)
{
    struct session *session = sb_alloc(1, sizeof *session);
    session->rogue = rogue;
    for (int i = 0; i < count; i++) {
        if (strcmp(words[i], "chain") == 0) {
            session->spoil_chain = true;
        } else if (session->count == WORDS_MAX
                   || !word_read(words[i], &session->made[session->count++])) {
            (void)fprintf(stderr, "rogue: there is no event %s\n", words[i]);
            free(session);
            return 2;
        }
    }
    const struct sb_link_config config = {.end = SB_LINK_AGENT,
                                          .agent = rogue->config.agent,
                                          .orgs = rogue->config.org,
                                          .org_count = rogue->config.org_count,
                                          .machine = &rogue->config.machine};
    session->store = sb_store_open_memory();
    session->link = sb_link_new(&config);
    sb_effects_init(&session->effects);
    bool done = session_play(session);
    sb_effects_finish(&session->effects);
    sb_link_destroy(session->link);
    sb_store_close(session->store);
    free(session);
    return done ? 0 : 1;
}
