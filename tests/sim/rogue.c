/* rogue.c: entries that their receiver must refuse, or must not act on, put into a sender's log
 * behind its core's back, as somebody would who has got hold of its keys or its disk. What becomes
 * of them is the invariants' to say. */
#include "turns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whose key, what it claims, and whether it may stand. */
struct rogue {
    const char *what;
    enum sb_kind kind;
    bool alien;     /* signed by another agent's key */
    bool broken;    /* its signature does not hold */
    bool garbage;   /* its header is no record */
    bool crossed;   /* about an event of another realm than its own */
    bool foreign;   /* says that another organisation says it */
    bool must_fail; /* else it may be taken, and must do nothing outside its realm */
};

static const struct rogue up[WORLD_ROGUES_UP] = {
    {"bytes that are no record", SB_KIND_NOTE, false, false, true, false, false, true},
    {"a note with a broken signature", SB_KIND_NOTE, false, true, false, false, false, true},
    {"a note of another organisation", SB_KIND_NOTE, false, false, false, false, true, true},
    {"a convening", SB_KIND_CONVENING, false, false, false, false, false, true},
    {"a recall", SB_KIND_RECALL, false, false, false, false, false, true},
    {"an acknowledgement of another realm", SB_KIND_ACK, false, false, false, true, false, true},
};
static const struct rogue down[WORLD_ROGUES_DOWN] = {
    {"bytes that are no record", SB_KIND_NOTE, false, false, true, false, false, true},
    {"an information with a broken signature", SB_KIND_INFORMATION, false, true, false, false,
     false, true},
    {"an information that an agent signed", SB_KIND_INFORMATION, true, false, false, false, false,
     true},
    {"a recall with a broken signature", SB_KIND_RECALL, false, true, false, false, false, true},
    {"a recall in another realm", SB_KIND_RECALL, false, false, false, true, false, false},
    {"an end in another realm", SB_KIND_END, false, false, false, true, false, false},
};

/* The newest event that calls somebody: what recalls and answers are about. Zero where there is
 * none. */
static struct sb_hash about_find(struct sb_txn *txn, unsigned *ret_realm,
                                 char seat[SB_SEAT_SIZE_MAX + 1])
{
    for (uint64_t index = sb_log_next_index(txn); index-- > 1;) {
        struct sb_log_row row;
        struct sb_event event;
        struct sb_seat called;
        struct sb_bytes text;
        if (!sb_log_get(txn, index, &row)
            || sb_event_read(&row.sealed, &event, NULL) != SB_ERR_OK) {
            continue;
        }
        struct sb_list_reader seats = sb_list_read(sb_record_bytes(&event.fields, SB_FIELD_SEATS));
        if (sb_list_next(&seats, &text) && sb_seat_read(text, &called)) {
            sb_seat_key(&called, seat);
            *ret_realm = (unsigned)sb_record_number(&event.fields, SB_FIELD_REALM);
            return event.id;
        }
    }
    seat[0] = '\0';
    return (struct sb_hash){0};
}

static void fields_fill(struct world *world, const struct rogue *rogue,
                        const struct sb_name *origin, struct sb_hash *about, char *seat,
                        struct sb_record *fields)
{
    sb_record_set_number(fields, SB_FIELD_KIND, rogue->kind);
    sb_record_set_number(fields, SB_FIELD_ISSUED, WORLD_START_MS + world->now_ms);
    sb_record_set_name(fields, SB_FIELD_ORIGIN, origin);
    sb_record_set_text(fields, SB_FIELD_TEXT, "Det är inte vi.");
    sb_record_set_text(fields, SB_FIELD_TITLE, "Läget");
    sb_record_set_hash(fields, SB_FIELD_REF, about);
    if (rogue->kind == SB_KIND_ACK) {
        sb_record_set_text(fields, SB_FIELD_SEAT, seat);
        sb_record_set_text(fields, SB_FIELD_FUNCTION, "tib");
        sb_record_set_text(fields, SB_FIELD_PERSON, "p1");
        sb_record_set_number(fields, SB_FIELD_HOLDS_MANDATE, 1);
        sb_record_set_number(fields, SB_FIELD_ANSWERED_AT, WORLD_START_MS + world->now_ms);
    }
    if (rogue->kind == SB_KIND_CONVENING) {
        sb_record_set_text(fields, SB_FIELD_FORUM, "rsf");
        sb_record_set_number(fields, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
        sb_record_set_hash(fields, SB_FIELD_INCIDENT, about);
        sb_record_set_number(fields, SB_FIELD_ANSWER_BY, WORLD_START_MS + world->now_ms + 60000);
    }
}

/* The sender's log gets it, for one organisation. A row of its own that does not hold is marked so,
 * as a thief's tool would: what the sender's `verify` says is not what is asked here. */
static void log_it(struct world *world, struct sb_store *store, const struct rogue *rogue,
                   struct sb_sealed sealed, const struct sb_name *org)
{
    static const uint8_t noise[] = "this is no header";
    uint8_t signature[SB_SIGNATURE_SIZE];
    struct sb_event event = {0};
    struct sb_why why = {0};
    struct sb_list_writer audience;
    memcpy(signature, sealed.signature.at, sizeof signature);
    signature[0] ^= rogue->broken ? 1 : 0;
    sealed.signature = sb_bytes(signature, sizeof signature);
    if (rogue->garbage) {
        sealed.header = sb_bytes(noise, sizeof noise - 1);
    }
    sb_list_init(&audience);
    sb_list_add(&audience, sb_name_bytes(org));
    struct sb_log_row row = {.accepted_at = WORLD_START_MS + world->now_ms,
                             .sealed = sealed,
                             .audience = sb_list_bytes(&audience),
                             .at = {.lane = (unsigned)world_random(world, SB_LANE_COUNT)},
                             .verdict = rogue->must_fail ? SB_ERR_NOT_ALLOWED : SB_ERR_OK};
    const enum sb_err err = sb_event_read(&sealed, &event, NULL);
    SB_ASSERT((err == SB_ERR_OK) == !rogue->garbage);
    event.id = sb_hash_one("event", sealed.header);
    struct sb_txn *txn = sb_store_begin(store, &why);
    uint64_t index;
    const struct sb_name origin = sb_record_name(&event.fields, SB_FIELD_ORIGIN);
    if (!sb_log_find(txn, &event.id, &origin, &index)) {
        (void)sb_log_append(txn, &event, &row);
        world
            ->tally[store == world->broker_store ? WORLD_TALLY_ROGUE_DOWN : WORLD_TALLY_ROGUE_UP]++;
        world->rogues[world->rogue_count] = event.id;
        world->rogue_fails[world->rogue_count++] = rogue->must_fail;
        world->crossed_down = world->crossed_down || store == world->broker_store;
    }
    const enum sb_err committed = sb_store_commit(store, txn, &why);
    SB_ASSERT(committed == SB_ERR_OK);
    sb_list_finish(&audience);
}

void world_rogue(struct world *world, unsigned agent, bool is_up, uint64_t number)
{
    const struct world_node *node = &world->agent[agent];
    const struct rogue *rogue =
        is_up ? &up[number % WORLD_ROGUES_UP] : &down[number % WORLD_ROGUES_DOWN];
    const struct sb_name *org = &node->config.org[number % node->config.org_count];
    const struct world_node *other = &world->agent[(agent + 1) % world->agent_count];
    struct sb_store *store = is_up ? node->store : world->broker_store;
    struct sb_record *fields = sb_alloc(1, sizeof *fields);
    struct sb_why why = {0};
    struct sb_name origin = is_up ? *org : world->broker_config.org;
    struct sb_name stranger = sb_name("taby-east");
    struct sb_list_writer seats;
    char seat[SB_SEAT_SIZE_MAX + 1];
    char called[SB_SEAT_SIZE_MAX + 1];
    unsigned realm = SB_REALM_LIVE;
    struct sb_txn *txn = sb_store_begin(store, &why);
    struct sb_hash about = about_find(txn, &realm, seat);
    sb_store_abort(store, txn);
    if ((rogue->crossed && seat[0] == '\0') || world->rogue_count == WORLD_ROGUES_MAX) {
        free(fields);
        return; /* there is nothing that it could be about, or enough of them */
    }
    realm = rogue->crossed ? realm % SB_REALM_TEST + 1 : realm;
    fields_fill(world, rogue, rogue->foreign ? &stranger : &origin, &about, seat, fields);
    sb_list_init(&seats);
    const size_t size = (size_t)snprintf(called, sizeof called, "%s/tib", org->text);
    sb_list_add(&seats, sb_bytes(called, size));
    if (sb_kind_find(rogue->kind)->rings) {
        sb_record_set_bytes(fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
    }
    sb_record_set_number(fields, SB_FIELD_REALM, realm);
    struct sb_seal_by by = {.signer = &world->broker_config.realm[realm],
                            .cert = world->broker_config.cert};
    if (is_up || rogue->alien) {
        const struct world_node *signer = rogue->alien ? other : node;
        by = (struct sb_seal_by){.signer = &signer->config.realm[realm],
                                 .cert = signer->config.cert};
    }
    struct sb_entropy entropy = world_entropy(world);
    struct sb_sealed sealed;
    struct sb_buf buf;
    sb_buf_init(&buf, SB_ENTRY_SIZE_MAX);
    if (sb_event_seal(fields, &by, &entropy, &buf, &sealed, &why) == SB_ERR_OK) {
        log_it(world, store, rogue, sealed, org);
    }
    sb_buf_finish(&buf);
    sb_list_finish(&seats);
    free(fields);
}

bool world_is_rogue(const struct world *world, const struct sb_hash *id)
{
    for (unsigned i = 0; i < world->rogue_count; i++) {
        if (sb_hash_equal(&world->rogues[i], id)) {
            return true;
        }
    }
    return false;
}

/* What had to be refused was: wherever it came to, its row says so. */
bool world_rogues_refused(struct world *world, struct sb_txn *txn, const char *whose)
{
    for (unsigned i = 0; i < world->rogue_count; i++) {
        uint64_t index;
        struct sb_log_row row;
        if (world->rogue_fails[i] && sb_log_find(txn, &world->rogues[i], NULL, &index)
            && sb_log_get(txn, index, &row) && row.verdict == SB_ERR_OK) {
            return world_break(world, WORLD_REFUSED,
                               "%s: took an entry that it must refuse, row %llu", whose,
                               (unsigned long long)index);
        }
    }
    return true;
}
