/* check.h: for units: cmocka with what it needs before it, a check that our own bugs end the
 * process, and seeded numbers for property tests. Not for production code. */
#ifndef CHECK_H
#define CHECK_H

#include "samband/bytes.h"
#include "samband/err.h"

/* cmocka.h uses these without including them, so the order counts. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* True where `what` aborts: run in a child, so that the abort is not ours. */
static inline bool check_aborts(void (*what)(void))
{
    int status = 0;
    (void)fflush(NULL);
    pid_t child = fork();
    assert_int_not_equal(child, -1);
    if (child == 0) {
        (void)signal(SIGABRT, SIG_DFL);
        (void)close(STDERR_FILENO);
        what();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

/* A refusal that people read is said in both languages. */
static inline void check_said(const struct sb_why *why, const char *sv, const char *en)
{
    if (strstr(why->sv, sv) == NULL || why->sv[0] == '\0') {
        fail_msg("no \"%s\" in \"%s\"", sv, why->sv);
    }
    if (strstr(why->text, en) == NULL || why->text[0] == '\0') {
        fail_msg("no \"%s\" in \"%s\"", en, why->text);
    }
    if (strcmp(why->sv, why->text) == 0) {
        fail_msg("one language only: \"%s\"", why->sv);
    }
}

/* The same of a sentence that has travelled. */
static inline void check_said_both(struct sb_bytes both, const char *sv, const char *en)
{
    struct sb_why why = {0};
    (void)sb_why_take(&why, SB_ERR_OK, both);
    check_said(&why, sv, en);
}

/* xorshift64*: the same numbers from the same seed on every machine. */
struct check_seeded {
    uint64_t state; /* never 0 */
};

static inline uint64_t check_next(struct check_seeded *seeded)
{
    seeded->state ^= seeded->state >> 12;
    seeded->state ^= seeded->state << 25;
    seeded->state ^= seeded->state >> 27;
    return seeded->state * UINT64_C(0x2545f4914f6cdd1d);
}

/* 0 to below - 1. */
static inline uint64_t check_below(struct check_seeded *seeded, uint64_t below)
{
    return check_next(seeded) % below;
}

/* A number whose size in bits is drawn first, so that every form of encoding turns up. */
static inline uint64_t check_any_number(struct check_seeded *seeded)
{
    uint64_t bits = check_below(seeded, 65);
    uint64_t number = check_next(seeded);
    return bits == 64 ? number : number & ((UINT64_C(1) << bits) - 1);
}

static inline void check_same_bytes(struct sb_bytes a, struct sb_bytes b)
{
    assert_int_equal(a.size, b.size);
    if (a.size > 0) {
        assert_memory_equal(a.at, b.at, a.size);
    }
}

#endif
