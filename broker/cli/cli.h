/* cli.h: what one run of `samband` knows: how it shows things, under which profile it works, and
 * the connection. Made by main, handed to the verb. */
#ifndef SAMBAND_CLI_CLI_H
#define SAMBAND_CLI_CLI_H

#include "samband/control.h"
#include "samband/loop.h"
#include "view/options.h"
#include "view/pages.h"
#include "view/view.h"

/* Exit codes: part of the interface, documented in the man page. */
enum sb_exit {
    SB_EXIT_DONE = 0,
    SB_EXIT_REFUSED = 1,
    SB_EXIT_USAGE = 2,
    SB_EXIT_NO_CONTACT = 3,
    SB_EXIT_UNKNOWN = 4
};

#define SB_PATH_SIZE 512

struct sb_contact {
    struct sb_loop *loop; /* NULL: not open */
    char endpoint[200];
    bool is_agent;              /* ipc: no CURVE, unsigned */
    bool connected;             /* at the first request: what is refused here troubles nobody */
    bool heard;                 /* the other end has answered something */
    uint8_t curve[SB_KEY_SIZE]; /* own secret; not at an agent */
    struct sb_public_key server;
    uint64_t wait_ms; /* for one reply */
    struct sb_signer signer;
    unsigned realm; /* of the profile's certificate; 0 at an agent */
};

struct sb_cli {
    struct sb_view view;
    char profile[SB_PATH_SIZE];
    const char *endpoint; /* --connect or SAMBAND_CONNECT; NULL: the profile's */
    const char *yes;      /* --yes; NULL: ask */
    bool can_ask;         /* somebody sits at standard input */
    struct sb_contact contact;
};

/* Says a sentence of the table on standard error, filled with `values`. */
void sb_cli_say(const struct sb_cli *cli, enum sb_text text, const char *const *values,
                unsigned count);
/* The same, for one value ("" for none). */
void sb_cli_say_one(const struct sb_cli *cli, enum sb_text text, const char *value);
/* A refusal: the rule's name, the sentence of whoever refused, and the remedy. Hands back the exit
 * code for it. */
int sb_cli_refuse(const struct sb_cli *cli, enum sb_err err, const struct sb_why *said);

#endif
