/* target_link.c: both ends of a link, each with a store in memory, and between them a network that
 * the input plays: it chooses turns, crashes, lost and doubled and changed frames, restored stores,
 * and makes up frames of a peer that lies. After every refused frame the rows are what they were.
 * In the end the lies stop, and then each end holds all that the other has for it, in chains that
 * `samband verify` finds no fault in (link_end.c). */
#include "link_world.h"

enum {
    STEP_TURN,
    STEP_PASS,
    STEP_PUBLISH,
    STEP_RAW,
    STEP_CHANGE,
    STEP_LOSE,
    STEP_TWICE,
    STEP_SWAP,
    STEP_FRAME,
    STEP_ENTRY,
    STEP_OPEN,
    STEP_CRASH,
    STEP_SETTLE,
    STEP_KEEP,
    STEP_RESTORE,
    STEP_COUNT
};
#define STEPS_MAX  96
#define EVENTS_MAX 24

FUZZ_STEPS(STEP_COUNT)

static struct end *end_of(struct play *play, unsigned byte)
{
    return byte % 2 == 0 ? &play->pair->broker : &play->pair->agent;
}

static void step_turn(struct play *play, struct fuzz_input *input)
{
    unsigned how = fuzz_byte(input);
    play_turn(end_of(play, how), how / 2 % 8 == 6   ? CRASH_BEFORE_COMMIT
                                 : how / 2 % 8 == 7 ? CRASH_BEFORE_SEND
                                                    : WHOLE);
}

static void step_pass(struct play *play, struct fuzz_input *input)
{
    advance(play->pair, fuzz_u16(input));
}

static void step_publish(struct play *play, struct fuzz_input *input)
{
    struct end *end = end_of(play, fuzz_byte(input));
    unsigned which = fuzz_byte(input);
    unsigned orgs = end == &play->pair->broker ? 1 + which / 8 % 2 : 1;
    if (play->published++ < EVENTS_MAX) {
        (void)publish_to(end, (enum sb_realm)(SB_REALM_LIVE + which % 3),
                         (enum sb_urgency)(which / 4 % 2), "snö", orgs);
    }
}

static void step_raw(struct play *play, struct fuzz_input *input)
{
    struct end *end = end_of(play, fuzz_byte(input));
    play_send(end, input->rest);
    play->lied = true;
}

/* A byte of a waiting frame, or its end. */
static void step_change(struct play *play, struct fuzz_input *input)
{
    struct end *end = end_of(play, fuzz_byte(input));
    unsigned which = fuzz_byte(input);
    unsigned at = fuzz_u16(input);
    if (end->inbox.count == 0) {
        return;
    }
    struct sb_buf *frame = &end->inbox.frame[which % end->inbox.count];
    uint8_t change = fuzz_byte(input);
    if (change == 0) {
        frame->size = at % (frame->size + 1);
    } else if (frame->size > 0) {
        frame->at[at % frame->size] ^= change;
    }
    play->lied = true;
}

static void step_lose(struct play *play, struct fuzz_input *input)
{
    struct end *end = end_of(play, fuzz_byte(input));
    unsigned which = fuzz_byte(input);
    if (end->inbox.count > 0) {
        which %= end->inbox.count;
        sb_buf_finish(&end->inbox.frame[which]);
        end->inbox.count--;
        memmove(&end->inbox.frame[which], &end->inbox.frame[which + 1],
                (end->inbox.count - which) * sizeof end->inbox.frame[0]);
    }
}

static void step_twice(struct play *play, struct fuzz_input *input)
{
    struct end *end = end_of(play, fuzz_byte(input));
    unsigned which = fuzz_byte(input);
    if (end->inbox.count > 0) {
        play_send(end, sb_buf_bytes(&end->inbox.frame[which % end->inbox.count]));
    }
}

static void step_swap(struct play *play, struct fuzz_input *input)
{
    struct end *end = end_of(play, fuzz_byte(input));
    unsigned one = fuzz_byte(input);
    unsigned two = fuzz_byte(input);
    if (end->inbox.count > 0) {
        struct sb_buf kept = end->inbox.frame[one % end->inbox.count];
        end->inbox.frame[one % end->inbox.count] = end->inbox.frame[two % end->inbox.count];
        end->inbox.frame[two % end->inbox.count] = kept;
    }
}

static void step_frame(struct play *play, struct fuzz_input *input)
{
    play_forge_frame(play, end_of(play, fuzz_byte(input)), input);
    play->lied = true;
}

static void step_entry(struct play *play, struct fuzz_input *input)
{
    play_forge_entry(play, end_of(play, fuzz_byte(input)), input);
    play->lied = true;
}

static void step_open(struct play *play, struct fuzz_input *input)
{
    (void)input;
    play_open(play);
}

static void step_crash(struct play *play, struct fuzz_input *input)
{
    crash(end_of(play, fuzz_byte(input)));
}

static void step_settle(struct play *play, struct fuzz_input *input)
{
    for (unsigned rounds = fuzz_byte(input) % 8; rounds > 0; rounds--) {
        play_turn(&play->pair->broker, WHOLE);
        play_turn(&play->pair->agent, WHOLE);
    }
}

static void step_keep(struct play *play, struct fuzz_input *input)
{
    struct end *end = end_of(play, fuzz_byte(input));
    struct sb_store **kept = &play->kept[end == &play->pair->agent ? 1 : 0];
    sb_store_close(*kept);
    *kept = sb_store_copy_memory(end->store);
}

static void step_restore(struct play *play, struct fuzz_input *input)
{
    struct end *end = end_of(play, fuzz_byte(input));
    const struct sb_store *kept = play->kept[end == &play->pair->agent ? 1 : 0];
    if (kept != NULL) {
        restore(end, kept);
        play->lied = true;
    }
}

void fuzz_one(struct sb_bytes bytes)
{
    static void (*const steps[STEP_COUNT])(struct play * play, struct fuzz_input * input) = {
        [STEP_TURN] = step_turn,     [STEP_PASS] = step_pass,     [STEP_PUBLISH] = step_publish,
        [STEP_RAW] = step_raw,       [STEP_CHANGE] = step_change, [STEP_LOSE] = step_lose,
        [STEP_TWICE] = step_twice,   [STEP_SWAP] = step_swap,     [STEP_FRAME] = step_frame,
        [STEP_ENTRY] = step_entry,   [STEP_OPEN] = step_open,     [STEP_CRASH] = step_crash,
        [STEP_SETTLE] = step_settle, [STEP_KEEP] = step_keep,     [STEP_RESTORE] = step_restore,
    };
    struct fuzz_input input = {.rest = bytes};
    struct fuzz_step step;
    struct play *play = play_new();
    for (unsigned n = 0; n < STEPS_MAX && fuzz_step_next(&input, &step); n++) {
        struct fuzz_input inner = {.rest = step.bytes};
        steps[step.number % STEP_COUNT](play, &inner);
    }
    play_end(play);
    play_destroy(play);
}
