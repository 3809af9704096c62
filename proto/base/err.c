/* err.c: names of errors, the sentence of a refusal, and the two ends of the process that only our
 * own bugs or a machine without memory can bring about. It does not decide what is refused. */
#include "samband/err.h"

#include "samband/bytes.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Shown where a sentence was cut: the reader must see that there was more. */
#define CUT_MARK   "…"

#define ROOM_FIRST 16 /* elements of an array that grows */

/* A sentence often quotes what was refused, and that may be any bytes. It ends in a terminal, a log
 * line and a reply, so bytes that would draw, forge a line or break UTF-8 become question marks. */
static void sentence_make_safe(char *text, size_t size)
{
    bool whole = sb_bytes_is_text(sb_bytes(text, size));

    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7f || (!whole && c >= 0x80)) {
            text[i] = '?';
        }
    }
}

/* Cuts where a character begins, so that what is left is still UTF-8. */
static size_t sentence_cut(const char *text)
{
    size_t size = SB_WHY_SIZE_MAX - sizeof CUT_MARK;

    while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80) {
        size--;
    }
    return size;
}

static void sentence_write(char text[SB_WHY_SIZE_MAX], const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void sentence_write(char text[SB_WHY_SIZE_MAX], const char *format, va_list args)
{
    int wanted = vsnprintf(text, SB_WHY_SIZE_MAX, format, args);
    SB_ASSERT(wanted >= 0);

    bool cut = (size_t)wanted >= SB_WHY_SIZE_MAX;
    size_t size = cut ? sentence_cut(text) : (size_t)wanted;
    sentence_make_safe(text, size);
    if (cut) {
        memcpy(text + size, CUT_MARK, sizeof CUT_MARK);
    }
}

enum sb_err sb_why_set(struct sb_why *why, enum sb_err err, const char *format, ...)
{
    if (why == NULL) {
        return err;
    }
    va_list args;
    va_start(args, format);
    sentence_write(why->text, format, args);
    va_end(args);
    why->sv[0] = '\0';
    return err;
}

enum sb_err sb_why_vsay(struct sb_why *why, enum sb_err err, const char *sv, const char *en,
                        va_list args)
{
    if (why == NULL) {
        return err;
    }
    /* An argument may be the sentence that stood here before: both are written aside first. */
    struct sb_why said = {0};
    va_list again;
    va_copy(again, args);
    sentence_write(said.sv, sv, again);
    va_end(again);
    sentence_write(said.text, en, args);
    *why = said;
    return err;
}

enum sb_err sb_why_say(struct sb_why *why, enum sb_err err, const char *sv, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    (void)sb_why_vsay(why, err, sv, en, args);
    va_end(args);
    return err;
}

enum sb_err sb_why_pass(struct sb_why *why, enum sb_err err, const struct sb_why *said)
{
    if (why != NULL) {
        *why = *said;
    }
    return err;
}

const char *sb_why_sv(const struct sb_why *why)
{
    return why->sv[0] != '\0' ? why->sv : why->text;
}

void sb_why_both(const struct sb_why *why, char both[SB_WHY_BOTH_SIZE])
{
    (void)snprintf(both, SB_WHY_BOTH_SIZE, "%s%s%s", why->sv, why->sv[0] != '\0' ? "\n" : "",
                   why->text);
}

enum sb_err sb_why_take(struct sb_why *why, enum sb_err err, struct sb_bytes both)
{
    const char *at = both.size == 0 ? "" : (const char *)both.at;
    const char *feed = memchr(at, '\n', both.size);
    size_t swedish = feed == NULL ? 0 : (size_t)(feed - at);
    size_t english = feed == NULL ? 0 : swedish + 1;
    (void)sb_why_set(why, err, "%.*s", (int)(both.size - english), at + english);
    (void)snprintf(why->sv, sizeof why->sv, "%.*s", (int)swedish, at);
    sentence_make_safe(why->sv, strlen(why->sv));
    return err;
}

const char *sb_err_name(enum sb_err err)
{
    static const char *const names[] = {
#define X(name, number, json, sv, en) [number] = (json),
        SB_ERRORS(X)
#undef X
    };
    size_t at = (size_t)err;

    return at < sizeof names / sizeof names[0] && names[at] != NULL ? names[at] : "?";
}

void sb_assert_failed(const char *what, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: cannot be: %s\n", file, line, what);
    abort();
}

void *sb_alloc(size_t count, size_t size)
{
    void *at = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

    SB_ASSERT(at != NULL);
    return at;
}

void *sb_alloc_more(void *at, size_t count, size_t *room, size_t size)
{
    SB_ASSERT(count <= *room && *room <= SIZE_MAX / 2);
    if (count < *room) {
        return at;
    }
    size_t wanted = *room == 0 ? ROOM_FIRST : 2 * *room;
    uint8_t *more = sb_alloc(wanted, size);
    if (count > 0) {
        memcpy(more, at, count * size);
    }
    free(at);
    *room = wanted;
    return more;
}
