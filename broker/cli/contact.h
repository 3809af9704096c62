/* contact.h: asking the other end and waiting for its answer, with a deadline. A writing request is
 * stored before it is sent (pending.h) and sent again under the same id, so that silence means
 * "unknown, ask again" and never "done twice". */
#ifndef SAMBAND_CLI_CONTACT_H
#define SAMBAND_CLI_CONTACT_H

#include "cli.h"

/* Finds the endpoint and reads the profile where CURVE is used. It connects with the first request,
 * so that a word that is refused here is no connection at the other end. Exit code; says why. */
int sb_contact_open(struct sb_cli *cli);
void sb_contact_close(struct sb_cli *cli);

enum sb_asked {
    SB_ASKED_ANSWERED,
    SB_ASKED_SILENT, /* nothing came within the contact's wait_ms */
    SB_ASKED_STOPPED /* the person pressed Ctrl-C */
};

struct sb_answered {
    enum sb_err err;
    struct sb_why why;
    uint64_t next;
};

/* Sends one request until its reply comes. Rows are added to `pages` where the reply is OK. Where
 * it cannot connect at all, that is the answer. */
enum sb_asked sb_contact_ask(struct sb_contact *contact, const uint8_t id[SB_REQUEST_ID_SIZE],
                             struct sb_bytes request, struct sb_pages *pages,
                             struct sb_answered *ret_answered);

/* A reading verb with all its pages. `args` gets OFFSET. Says nothing. */
enum sb_asked sb_contact_read(struct sb_contact *contact, enum sb_verb verb, struct sb_record *args,
                              struct sb_pages *pages, struct sb_answered *ret_answered);

/* Exit code for what became of a reading request; says why where it is not SB_EXIT_DONE. */
int sb_contact_judge(const struct sb_cli *cli, enum sb_asked asked,
                     const struct sb_answered *answered);

/* A writing verb. `what` tells this command from another (its words); see pending.h. Exit code;
 * says why. */
int sb_contact_write(struct sb_cli *cli, enum sb_verb verb, const struct sb_record *args,
                     const struct sb_hash *what, struct sb_pages *pages);

/* The table's row of a verb. */
const struct sb_verb_row *sb_contact_verb(enum sb_verb verb);

#endif
