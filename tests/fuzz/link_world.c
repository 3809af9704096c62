/* link_world.c: two ends of a link that take any frame: turns, and what a refused frame may not
 * change. What is made up stands in link_forge.c, what must hold in the end in link_end.c. */
#include "link_world.h"

#include "watch.h"

static struct sb_store *fresh[2]; /* what every play begins with */

struct play *play_new(void)
{
    static struct pair *pair;
    struct play *play = sb_alloc(1, sizeof *play);
    if (pair == NULL) {
        pair = pair_new(2);
        fresh[0] = sb_store_copy_memory(pair->broker.store);
        fresh[1] = sb_store_copy_memory(pair->agent.store);
        sb_store_close(pair->broker.store);
        sb_store_close(pair->agent.store);
    }
    pair->broker.store = sb_store_copy_memory(fresh[0]);
    pair->agent.store = sb_store_copy_memory(fresh[1]);
    pair->now = (struct sb_now){.mono_ms = 1000000, .wall_ms = AUTHORITY_NOW_MS};
    pair->entropy = (struct sb_entropy){.seed = {42}};
    pair->broker.config.epoch = 7;
    play->pair = pair;
    return play;
}

void play_destroy(struct play *play)
{
    crash(&play->pair->broker);
    crash(&play->pair->agent);
    sb_store_close(play->pair->broker.store);
    sb_store_close(play->pair->agent.store);
    sb_store_close(play->kept[0]);
    sb_store_close(play->kept[1]);
    free(play);
}

void play_send(struct end *to, struct sb_bytes bytes)
{
    if (to->inbox.count == FRAMES_MAX) {
        return;
    }
    struct sb_buf *buf = &to->inbox.frame[to->inbox.count++];
    sb_buf_init(buf, 2 * SB_FRAME_SIZE_HEARD_MAX);
    sb_buf_add(buf, bytes);
}

/* ---- what a frame changes ---- */

/* A refusal is kept (META), counted, and a session's number confirmed (AGENT). */
static bool may_change(enum sb_table table, struct sb_bytes key)
{
    return table == SB_TABLE_COUNTER || table == SB_TABLE_AGENT
           || (table == SB_TABLE_META && sb_bytes_equal(key, sb_bytes_str(SB_LINK_REFUSAL)));
}

/* ---- turns ---- */

/* Who signed it, as the cores ask; the form was asked by the link. */
static void judge(struct end *end, struct sb_txn *txn, const struct sb_arrivals *arrivals)
{
    const struct sb_public_key *root = &end->pair->authority.root.public_key;
    struct sb_event *event = sb_alloc(1, sizeof *event);
    struct sb_why why = {0};
    for (unsigned i = 0; i < arrivals->count; i++) {
        struct sb_log_row row;
        bool found = sb_log_get(txn, arrivals->index[i], &row);
        SB_ASSERT(found);
        enum sb_err err = sb_event_read(&row.sealed, event, &why);
        SB_ASSERT(err == row.verdict);
        if (err == SB_ERR_OK) {
            err = sb_event_check_signature(&row.sealed, event, root, row.accepted_at, NULL, &why);
            if (err != SB_ERR_OK) {
                sb_log_set_verdict(txn, row.index, err);
            }
        }
    }
    free(event);
}

static struct sb_link_turn link_turn(struct end *end, struct sb_txn *txn,
                                     struct sb_effects *effects)
{
    return (struct sb_link_turn){end->link, txn, end->pair->now, &end->pair->entropy, effects};
}

static enum sb_err hello_take(struct end *end, struct sb_txn *txn, const struct sb_frame *frame,
                              struct sb_effects *effects, struct sb_why *why)
{
    struct sb_link_turn turn = link_turn(end, txn, effects);
    turn.link = sb_link_new(&end->config);
    enum sb_err err = sb_link_accept(&turn, frame, why);
    if (err == SB_ERR_OK) {
        sb_link_destroy(end->link);
        end->link = turn.link;
    } else {
        sb_link_destroy(turn.link);
    }
    return err;
}

/* One frame, as the end's core would treat it. */
static void frame_take(struct end *end, struct sb_txn *txn, struct sb_bytes bytes,
                       struct sb_effects *effects)
{
    static const struct sb_why unknown = {.text = "no such session"};
    const struct sb_link_turn turn = link_turn(end, txn, effects);
    bool broker = end == &end->pair->broker;
    struct sb_frame frame;
    struct sb_why why = {0};
    struct sb_arrivals arrivals = {.count = 0};
    enum sb_err err = sb_frame_read(bytes, &frame, &why);
    if (err != SB_ERR_OK) {
        if (broker) {
            sb_link_refuse(effects, 0, 0, err, &why);
        } else if (end->link != NULL && err != SB_ERR_VERSION) {
            sb_link_reject(&turn, err, &why);
        }
        return;
    }
    (void)watch_changes();
    if (frame.type == SB_FRAME_HELLO && broker) {
        err = hello_take(end, txn, &frame, effects, &why);
    } else if (end->link == NULL) {
        err = SB_ERR_SESSION;
        (void)sb_why_pass(&why, err, &unknown);
    } else {
        err = sb_link_on_frame(&turn, &frame, &arrivals, &why);
    }
    fuzz_said(err, &why);
    SB_ASSERT(err == SB_ERR_OK || (watch_changes() == 0 && arrivals.count == 0));
    if (err == SB_ERR_SESSION && broker && frame.type != SB_FRAME_REFUSE) {
        sb_link_refuse(effects, 0, frame.session, SB_ERR_SESSION, &unknown);
    }
    judge(end, txn, &arrivals);
}

/* What we send can be read. */
static void carry(struct end *end, const struct sb_effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        const struct sb_effect *effect = &effects->at[i];
        struct sb_frame frame;
        struct sb_why why = {0};
        if (effect->kind == SB_EFFECT_SEND) {
            enum sb_err err = sb_frame_read(effect->bytes, &frame, &why);
            SB_ASSERT(err == SB_ERR_OK);
            play_send(other(end), effect->bytes);
        }
    }
}

void play_turn(struct end *end, enum crash how)
{
    struct sb_effects effects;
    struct queue taken = end->inbox;
    end->inbox.count = 0;
    sb_effects_init(&effects);
    struct sb_txn *txn = begin(end);
    watch_begin(txn, may_change);
    for (unsigned i = 0; i < taken.count; i++) {
        frame_take(end, txn, sb_buf_bytes(&taken.frame[i]), &effects);
    }
    if (end->link != NULL) {
        const struct sb_link_turn turn = link_turn(end, txn, &effects);
        sb_link_pump(&turn);
        SB_ASSERT(sb_link_deadline_ms(end->link) > 0);
    }
    watch_end(txn);
    SB_ASSERT(sb_txn_damages(txn) == 0);
    if (how == CRASH_BEFORE_COMMIT) {
        sb_store_abort(end->store, txn);
    } else {
        commit(end, txn);
    }
    if (how == WHOLE) {
        carry(end, &effects);
    } else {
        crash(end);
    }
    sb_effects_finish(&effects);
    queue_clear(&taken);
}

void play_open(struct play *play)
{
    struct end *end = &play->pair->agent;
    struct sb_effects effects;
    if (end->link == NULL) {
        end->link = sb_link_new(&end->config);
    }
    sb_effects_init(&effects);
    struct sb_txn *txn = begin(end);
    const struct sb_link_turn turn = link_turn(end, txn, &effects);
    sb_link_open(&turn);
    commit(end, txn);
    carry(end, &effects);
    sb_effects_finish(&effects);
}
