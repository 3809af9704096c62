/* outbox.c: a list in the order of adding; only its first SB_OUTBOX_WAYS_MAX are ever on their way,
 * so a fact never overtakes an earlier one by more than the agent can put right. */
#include "outbox.h"

#include <stdlib.h>
#include <string.h>

void sb_outbox_init(struct sb_outbox *outbox)
{
    TAILQ_INIT(&outbox->letters);
    outbox->count = 0;
}

void sb_letter_destroy(struct sb_letter *letter)
{
    if (letter != NULL) {
        sb_buf_finish(&letter->bytes);
        free(letter);
    }
}

void sb_outbox_finish(struct sb_outbox *outbox)
{
    struct sb_letter *letter;
    while ((letter = TAILQ_FIRST(&outbox->letters)) != NULL) {
        TAILQ_REMOVE(&outbox->letters, letter, next);
        sb_letter_destroy(letter);
    }
    outbox->count = 0;
}

bool sb_outbox_add(struct sb_outbox *outbox, const char *verb, const struct sb_record *args)
{
    if (outbox->count == SB_OUTBOX_COUNT_MAX) {
        return false;
    }
    struct sb_letter *letter = sb_alloc(1, sizeof *letter);
    struct sb_bytes attempt = sb_record_bytes(args, SB_FIELD_ATTEMPT);
    SB_ASSERT(attempt.size < sizeof letter->attempt);
    memcpy(letter->attempt, attempt.at, attempt.size);
    letter->is_result = sb_record_has(args, SB_FIELD_RESULT);
    struct sb_name name = sb_name(verb);
    sb_entropy_take(&outbox->entropy, letter->id, sizeof letter->id);
    sb_buf_init(&letter->bytes, SB_ORDER_SIZE_MAX);
    sb_request_write(letter->id, &name, args, NULL, &letter->bytes);
    SB_ASSERT(!letter->bytes.overflow);
    TAILQ_INSERT_TAIL(&outbox->letters, letter, next);
    outbox->count++;
    return true;
}

bool sb_outbox_has_result(const struct sb_outbox *outbox, const char *attempt)
{
    const struct sb_letter *letter;
    TAILQ_FOREACH(letter, &outbox->letters, next)
    {
        if (letter->is_result && strcmp(letter->attempt, attempt) == 0) {
            return true;
        }
    }
    return false;
}

struct sb_letter *sb_outbox_due(struct sb_outbox *outbox, uint64_t now_ms)
{
    struct sb_letter *letter;
    unsigned ways = 0;
    TAILQ_FOREACH(letter, &outbox->letters, next)
    {
        if (ways++ == SB_OUTBOX_WAYS_MAX) {
            break;
        }
        if (letter->sent_ms == 0 || now_ms >= letter->sent_ms + SB_OUTBOX_AGAIN_MS) {
            letter->sent_ms = now_ms;
            return letter;
        }
    }
    return NULL;
}

struct sb_letter *sb_outbox_take(struct sb_outbox *outbox, const uint8_t id[SB_REQUEST_ID_SIZE])
{
    struct sb_letter *letter;
    TAILQ_FOREACH(letter, &outbox->letters, next)
    {
        if (memcmp(letter->id, id, SB_REQUEST_ID_SIZE) == 0) {
            TAILQ_REMOVE(&outbox->letters, letter, next);
            outbox->count--;
            return letter;
        }
    }
    return NULL;
}
