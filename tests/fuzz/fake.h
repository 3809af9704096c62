/* fake.h: a peer of the link that keeps no log: it greets, answers and receipts as a good one does,
 * and sends whatever entries it is told to, in their chain. For targets in which a core stands at
 * the other end. */
#ifndef SAMBAND_TESTS_FUZZ_FAKE_H
#define SAMBAND_TESTS_FUZZ_FAKE_H

#include "fuzz.h"
#include "samband/frame.h"
#include "samband/kinds.h"

#define FAKE_ORGS_MAX   2
#define FAKE_FRAMES_MAX 64

struct fake {
    bool broker; /* else an agent */
    struct sb_name orgs[FAKE_ORGS_MAX];
    unsigned org_count;
    uint64_t session; /* an agent's: as WELCOME gave it; a broker's: the newest one */
    struct sb_position out[SB_LANE_COUNT][FAKE_ORGS_MAX]; /* after the entry sent last */
    struct sb_position in[SB_LANE_COUNT][FAKE_ORGS_MAX];  /* what is held */
    struct sb_buf frame[FAKE_FRAMES_MAX];                 /* to be sent */
    unsigned count;
};

void fake_init(struct fake *fake, bool broker, const char *const *orgs, unsigned org_count);
void fake_finish(struct fake *fake);
/* Frames are put into frame[]; what does not fit is lost. */
void fake_greet(struct fake *fake); /* an agent's HELLO */
void fake_take(struct fake *fake, struct sb_bytes bytes);
void fake_entry(struct fake *fake, unsigned lane, unsigned org, const struct sb_entry *entry);
void fake_raw(struct fake *fake, struct sb_bytes bytes);
/* The next one to be sent; the caller finishes it. False where there is none. */
bool fake_next(struct fake *fake, struct sb_buf *ret_frame);

#endif
