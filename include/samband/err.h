/* err.h: the one list of what can be refused, the sentence that goes with it, and checks that stay
 * on. An enum sb_err says which rule was broken; a struct sb_why, owned by the caller, holds the
 * sentence for the person: what failed, with which value, and what to do. Our own bugs are
 * SB_ASSERT, in every build. */
#ifndef SAMBAND_ERR_H
#define SAMBAND_ERR_H

#include "samband/limits.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* X(NAME, number on the wire, name in JSON, Swedish, English). Numbers are never used again. */
#define SB_ERRORS(X)                                                             \
    X(OK, 0, "ok", "utfört", "done")                                             \
    X(MALFORMED, 1, "malformed", "felaktiga bytes", "malformed bytes")           \
    X(TOO_LARGE, 2, "too-large", "för stort", "too large")                       \
    X(VERSION, 3, "version", "för ny version", "newer version")                  \
    X(UNKNOWN_KIND, 4, "unknown-kind", "okänt slag", "unknown kind")             \
    X(MISSING, 5, "missing", "uppgift saknas", "field missing")                  \
    X(VALUE, 6, "value", "ogiltigt värde", "invalid value")                      \
    X(SIGNATURE, 7, "signature", "signaturen stämmer inte", "bad signature")     \
    X(HASH, 8, "hash", "innehållet stämmer inte", "content does not match")      \
    X(CHAIN, 9, "chain", "kedjan bruten", "chain broken")                        \
    X(NOT_ALLOWED, 10, "not-allowed", "inte tillåtet", "not allowed")            \
    X(NOT_FOUND, 11, "not-found", "finns inte", "not found")                     \
    X(ALREADY, 12, "already", "redan gjort", "already done")                     \
    X(EXPIRED, 13, "expired", "för gammalt", "expired")                          \
    X(REVOKED, 14, "revoked", "spärrad", "revoked")                              \
    X(REALM, 15, "realm", "fel typ", "wrong realm")                              \
    X(FULL, 16, "full", "fullt", "full")                                         \
    X(STALE, 17, "stale", "gammal kopia", "stale copy")                          \
    X(SESSION, 18, "session", "okänd session", "unknown session")                \
    X(IO, 19, "io", "läs- eller skrivfel", "input or output failed")             \
    X(BUSY, 20, "busy", "används redan", "already in use")                       \
    X(CONFIG, 21, "config", "fel i inställningarna", "bad configuration")        \
    X(NO_CONTACT, 22, "no-contact", "ingen kontakt", "no contact")               \
    X(UNKNOWN_OUTCOME, 23, "unknown-outcome", "okänt utfall", "outcome unknown") \
    X(USAGE, 24, "usage", "felaktigt kommando", "bad command")                   \
    X(CORRUPT, 25, "corrupt", "skadad lagring", "store damaged")

enum sb_err {
#define X(name, number, json, sv, en) SB_ERR_##name = (number),
    SB_ERRORS(X)
#undef X
};

#if defined(__GNUC__) && !defined(__clang__)
#define SB_OWNED_BY(destroy) __attribute__((malloc, malloc(destroy, 1), returns_nonnull))
#else
#define SB_OWNED_BY(destroy)
#endif
#define SB_MUST_CHECK               __attribute__((warn_unused_result))
#define SB_PRINTF(format_at, first) __attribute__((format(printf, format_at, first)))
#define SB_NORETURN                 __attribute__((noreturn))

/* The sentence for a person, in English and, where a user reads it, in Swedish. Start with
 * `struct sb_why why = {0};`; both are always terminated, sv is "" where there is only English. */
struct sb_why {
    char text[SB_WHY_SIZE_MAX];
    char sv[SB_WHY_SIZE_MAX];
};

/* Writes the sentence and hands back `err`, so that a refusal is one line: return sb_why_set(why,
 * SB_ERR_VALUE, "…"). `why` may be NULL. A sentence too long ends in "…". */
enum sb_err sb_why_set(struct sb_why *why, enum sb_err err, const char *format, ...)
    SB_PRINTF(3, 4);

/* The same in both languages; the two formats take the same values in the same order, and the
 * compiler holds both against them. */
enum sb_err sb_why_say(struct sb_why *why, enum sb_err err, const char *sv, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* The same, for functions that take such arguments themselves. */
enum sb_err sb_why_vsay(struct sb_why *why, enum sb_err err, const char *sv, const char *en,
                        va_list args) __attribute__((format(printf, 3, 0), format(printf, 4, 0)));

/* For tables of what sentences are made of. */
struct sb_phrase {
    const char *sv, *en;
};

/* Hands on a sentence that was written before. */
enum sb_err sb_why_pass(struct sb_why *why, enum sb_err err, const struct sb_why *said);

/* A word inside the sentence that is another one in the other language is handed over as a pair of
 * arguments, Swedish first; each format takes one of the two and steps over the other. */
#define SB_SV           "%s%.0s"
#define SB_EN           "%.0s%s"
#define SB_PAIR(phrase) (phrase).sv, (phrase).en
/* A sentence inside a sentence, as such a pair. */
#define SB_WHY_PAIR(why) sb_why_sv(&(why)), (why).text
const char *sb_why_sv(const struct sb_why *why); /* English where there is no Swedish */

/* As a refusal travels: Swedish, a line feed, English; English alone where there is no Swedish. */
#define SB_WHY_BOTH_SIZE (2 * SB_WHY_SIZE_MAX)
void sb_why_both(const struct sb_why *why, char both[SB_WHY_BOTH_SIZE]);
/* The other way, from what came. */
struct sb_bytes;
enum sb_err sb_why_take(struct sb_why *why, enum sb_err err, struct sb_bytes both);

/* Name in JSON and on the wire's text side ("not-found"); "?" for a number that this build does not
 * know. */
const char *sb_err_name(enum sb_err err);

/* Prints where, then aborts: a state that only a bug of ours can make. Never for input. */
SB_NORETURN void sb_assert_failed(const char *what, const char *file, int line);
#define SB_ASSERT(what) ((what) ? (void)0 : sb_assert_failed(#what, __FILE__, __LINE__))

/* calloc that never returns NULL: memory within limits.h that is not there is the end of the
 * process, and a crash equals a stop (architecture). Free with free(). */
void *sb_alloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/* An array from sb_alloc (or NULL, with *room 0), `count` of whose *room elements of `size` bytes
 * are in use, with room for at least one more: `at` itself, or one twice as long with the rest
 * zeroed, and then `at` is freed and *room raised. Free with free(). */
void *sb_alloc_more(void *at, size_t count, size_t *room, size_t size)
    __attribute__((returns_nonnull));

#endif
