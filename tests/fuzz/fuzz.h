/* fuzz.h: what the fuzz targets share. A target is one file, target_NAME.c, with fuzz_one(): it is
 * given bytes that anybody may have made, feeds them to one reader of ours, and asserts what must
 * hold afterwards. The same file is a libFuzzer program (SB_FUZZ, clang) and, with replay.c, a test
 * that runs every file of its corpus. Not for production code. */
#ifndef SAMBAND_TESTS_FUZZ_H
#define SAMBAND_TESTS_FUZZ_H

#include "samband/bytes.h"
#include "samband/err.h"

#include <stdint.h>

/* The target. State that it keeps between two calls must not change what the next one does. */
void fuzz_one(struct sb_bytes bytes);

/* An input that is read from its front. Past its end there are zeros, and empty bytes. */
struct fuzz_input {
    struct sb_bytes rest;
};
uint8_t fuzz_byte(struct fuzz_input *input);
unsigned fuzz_u16(struct fuzz_input *input);
/* At most `size` bytes. */
struct sb_bytes fuzz_take(struct fuzz_input *input, size_t size);

/* Steps: what a target does one after the other. An input of steps is [number, size (2 bytes), that
 * many bytes]…; the last one may be cut short. */
struct fuzz_step {
    uint8_t number;
    struct sb_bytes bytes;
};
bool fuzz_step_next(struct fuzz_input *input, struct fuzz_step *ret_step);
void fuzz_step_write(struct sb_buf *buf, uint8_t number, struct sb_bytes bytes);

/* For a target of steps, to be called by its LLVMFuzzerCustomMutator and …CrossOver: whole steps
 * are changed, doubled, dropped and mixed, so that a change of one leaves the others what they
 * were. */
size_t fuzz_steps_mutate(uint8_t *at, size_t size, size_t size_max, unsigned seed,
                         unsigned numbers);
size_t fuzz_steps_cross(struct sb_bytes a, struct sb_bytes b, uint8_t *out, size_t size_max,
                        unsigned seed);

/* The names that libFuzzer calls, and the one that it gives. */
int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *at, size_t size, size_t size_max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                                 uint8_t *out, size_t size_max, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *at, size_t size, size_t size_max);

/* The same two for every target of steps. */
#define FUZZ_STEPS(numbers)                                                                       \
    size_t LLVMFuzzerCustomMutator(uint8_t *at, size_t size, size_t size_max, unsigned seed)      \
    {                                                                                             \
        return fuzz_steps_mutate(at, size, size_max, seed, numbers);                              \
    }                                                                                             \
    /* libFuzzer's parameters. NOLINTNEXTLINE(readability-function-size) */                       \
    size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b,           \
                                     size_t b_size, uint8_t *out, size_t size_max, unsigned seed) \
    {                                                                                             \
        return fuzz_steps_cross(sb_bytes(a, a_size), sb_bytes(b, b_size), out, size_max, seed);   \
    }

/* A file that holds these bytes until fuzz_file_close, and its path: for readers that open one. */
struct fuzz_file {
    int fd;
    char path[64];
};
void fuzz_file_open(struct fuzz_file *file, struct sb_bytes bytes);
void fuzz_file_close(struct fuzz_file *file);

/* A refusal is said: a sentence, never empty, in whole UTF-8. */
struct sb_why;
void fuzz_said(enum sb_err err, const struct sb_why *why);

#endif
