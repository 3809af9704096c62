/* mutate.c: mutations of inputs that are steps, for libFuzzer: whole steps are changed, doubled,
 * dropped, exchanged and mixed. Knows no target. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#define STEP_HEAD      3u
#define STEPS_MAX      256u
#define STEP_SIZE_MAX  65535u
#define STEP_NEW_BYTES 8u

struct dice {
    uint64_t state;
};

static unsigned dice_below(struct dice *dice, size_t below)
{
    dice->state = dice->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return below == 0 ? 0 : (unsigned)((dice->state >> 33) % below);
}

struct steps {
    struct fuzz_step at[STEPS_MAX];
    unsigned count;
};

static void steps_read(struct sb_bytes bytes, struct steps *ret_steps)
{
    struct fuzz_input input = {.rest = bytes};
    ret_steps->count = 0;
    while (ret_steps->count < STEPS_MAX
           && fuzz_step_next(&input, &ret_steps->at[ret_steps->count])) {
        ret_steps->count++;
    }
}

static void steps_insert(struct steps *steps, unsigned position, struct fuzz_step step)
{
    if (steps->count == STEPS_MAX) {
        return;
    }
    memmove(&steps->at[position + 1], &steps->at[position],
            (steps->count - position) * sizeof step);
    steps->at[position] = step;
    steps->count++;
}

static void steps_drop(struct steps *steps, unsigned position)
{
    steps->count--;
    memmove(&steps->at[position], &steps->at[position + 1],
            (steps->count - position) * sizeof steps->at[0]);
}

/* Whole steps only: what does not fit is left out. */
static size_t steps_write(const struct steps *steps, uint8_t *out, size_t size_max)
{
    struct sb_buf buf;
    sb_buf_init(&buf, size_max);
    for (unsigned i = 0; i < steps->count; i++) {
        if (buf.size + STEP_HEAD + steps->at[i].bytes.size <= size_max) {
            fuzz_step_write(&buf, steps->at[i].number, steps->at[i].bytes);
        }
    }
    size_t size = buf.size;
    if (size > 0) {
        memcpy(out, buf.at, size);
    }
    sb_buf_finish(&buf);
    return size;
}

/* One step's bytes through libFuzzer's own mutations. */
static void step_change(struct fuzz_step *step, uint8_t *room, size_t room_size)
{
    size_t size = step->bytes.size < room_size ? step->bytes.size : room_size;
    if (size > 0) {
        memcpy(room, step->bytes.at, size);
    }
    step->bytes = sb_bytes(room, LLVMFuzzerMutate(room, size, room_size));
}

static void steps_change(struct steps *steps, struct dice *dice, unsigned numbers, uint8_t *room,
                         size_t room_size)
{
    static const uint8_t zeros[STEP_NEW_BYTES];
    unsigned position = dice_below(dice, steps->count);
    struct fuzz_step fresh = {.number = (uint8_t)dice_below(dice, numbers),
                              .bytes = sb_bytes(zeros, sizeof zeros)};
    unsigned choice = steps->count == 0 ? 0 : dice_below(dice, 12);
    if (choice == 0) {
        step_change(&fresh, room, STEP_NEW_BYTES * 2 < room_size ? STEP_NEW_BYTES * 2 : room_size);
        steps_insert(steps, dice_below(dice, steps->count + 1u), fresh);
    } else if (choice == 1) {
        steps_insert(steps, dice_below(dice, steps->count + 1u), steps->at[position]);
    } else if (choice == 2) {
        steps_drop(steps, position);
    } else if (choice == 3) {
        unsigned other = dice_below(dice, steps->count);
        struct fuzz_step kept = steps->at[position];
        steps->at[position] = steps->at[other];
        steps->at[other] = kept;
    } else if (choice == 4) {
        steps->at[position].number = fresh.number;
    } else {
        step_change(&steps->at[position], room, room_size);
    }
}

size_t fuzz_steps_mutate(uint8_t *at, size_t size, size_t size_max, unsigned seed, unsigned numbers)
{
    struct dice dice = {.state = seed};
    if (dice_below(&dice, 16) == 0) {
        return LLVMFuzzerMutate(at, size, size_max); /* the form itself */
    }
    uint8_t *copy = sb_alloc(size + 1, 1);
    struct steps *steps = sb_alloc(1, sizeof *steps);
    size_t room_size = size_max < STEP_SIZE_MAX ? size_max : STEP_SIZE_MAX;
    uint8_t *room = sb_alloc(room_size + 1, 1);
    memcpy(copy, at, size);
    steps_read(sb_bytes(copy, size), steps);
    steps_change(steps, &dice, numbers, room, room_size);
    size_t written = steps_write(steps, at, size_max);
    free(room);
    free(steps);
    free(copy);
    return written;
}

size_t fuzz_steps_cross(struct sb_bytes a, struct sb_bytes b, uint8_t *out, size_t size_max,
                        unsigned seed)
{
    struct dice dice = {.state = seed};
    struct steps *first = sb_alloc(1, sizeof *first);
    struct steps *second = sb_alloc(1, sizeof *second);
    steps_read(a, first);
    steps_read(b, second);
    unsigned from = dice_below(&dice, second->count + 1u);
    unsigned count = dice_below(&dice, second->count - from + 1u);
    unsigned to = dice_below(&dice, first->count + 1u);
    for (unsigned i = 0; i < count; i++) {
        steps_insert(first, to + i < first->count ? to + i : first->count, second->at[from + i]);
    }
    size_t written = steps_write(first, out, size_max);
    free(second);
    free(first);
    return written;
}
