/* said.h: one line that the site's program wrote on its standard output, read strictly. Pure but
 * for memory. The lines (agent/channel/README.md tells them to those who write such programs):
 *
 *   {"accepted":true}                       handed over; the program lives on to tell more
 *   {"opened":true} or {"opened":TIME}      the person has opened it
 *   {"ack":FUNCTION}                        acknowledged, in this function
 *   {"answer":"yes"|"deputy"|"no"}          attendance; with "function":FUNCTION where it is not
 *   {"answer":"at","at":TIME}               the one that was called
 *
 * TIME is Unix time in milliseconds. */
#ifndef SAMBAND_CHANNEL_SAID_H
#define SAMBAND_CHANNEL_SAID_H

#include "samband/record.h"
#include "samband/words.h"

enum sb_said_kind {
    SB_SAID_ACCEPTED,
    SB_SAID_OPENED,
    SB_SAID_ACK,
    SB_SAID_ANSWER
};

struct sb_said {
    enum sb_said_kind kind;
    enum sb_answer answer;
    struct sb_name function; /* of ack; of an answer where stated */
    uint64_t at_ms;          /* when opened, or when the person joins; 0: not stated */
};

/* VALUE or MALFORMED, and *ret_said untouched, where the line is anything else. */
enum sb_err sb_said_read(struct sb_bytes line, struct sb_said *ret_said,
                         struct sb_why *why) SB_MUST_CHECK;

/* Sets the arguments of the control verb `fact`; not for ACCEPTED. `now_ms`: wall clock, when it
 * was said. */
void sb_said_write(const struct sb_said *said, const char *attempt, uint64_t now_ms,
                   struct sb_record *args);

#endif
