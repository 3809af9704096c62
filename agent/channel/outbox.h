/* outbox.h: what is to be told to the agent: requests with ids, in order, each repeated until the
 * agent has replied to it. A bounded number is on its way at a time, so that an agent that comes
 * back is not flooded. Holds bytes and times; sends nothing itself. */
#ifndef SAMBAND_CHANNEL_OUTBOX_H
#define SAMBAND_CHANNEL_OUTBOX_H

#include "samband/control.h"

#include <sys/queue.h>

#define SB_OUTBOX_WAYS_MAX  32    /* on their way at a time */
#define SB_OUTBOX_AGAIN_MS  2000  /* without a reply: sent again */
#define SB_OUTBOX_COUNT_MAX 16384 /* results and facts of all programs while the agent is away */

struct sb_letter {
    TAILQ_ENTRY(sb_letter) next;
    uint8_t id[SB_REQUEST_ID_SIZE];
    struct sb_buf bytes;
    uint64_t sent_ms; /* 0: not yet */
    char attempt[SB_ATTEMPT_SIZE_MAX
                 + 1]; /* what it is about, for the log and to know results on their way */
    bool is_result;
};

struct sb_outbox {
    TAILQ_HEAD(, sb_letter) letters;
    unsigned count;
    struct sb_entropy entropy; /* for ids; filled by the owner */
};

void sb_outbox_init(struct sb_outbox *outbox); /* leaves the entropy as it is */
void sb_outbox_finish(struct sb_outbox *outbox);

/* Adds a request `verb` with `args` (whose ATTEMPT must be set). False where it is full. */
bool sb_outbox_add(struct sb_outbox *outbox, const char *verb, const struct sb_record *args);
/* True where the attempt's result waits here for the agent's reply. */
bool sb_outbox_has_result(const struct sb_outbox *outbox, const char *attempt);
/* The next letter that is to be sent now, marked as sent; NULL where there is none. */
struct sb_letter *sb_outbox_due(struct sb_outbox *outbox, uint64_t now_ms);
/* The letter with this id leaves the outbox: the caller destroys it. NULL: none has it. */
void sb_letter_destroy(struct sb_letter *letter);
struct sb_letter *sb_outbox_take(struct sb_outbox *outbox, const uint8_t id[SB_REQUEST_ID_SIZE]);

#endif
