/* pending.h: writing requests whose outcome is not known yet, as files of mode 0600 in a folder of
 * mode 0700: at a broker PROFILE/pending, at an agent $XDG_RUNTIME_DIR/samband/pending where that
 * is set. The same command again within ten minutes is the same request. */
#ifndef SAMBAND_CLI_PENDING_H
#define SAMBAND_CLI_PENDING_H

#include "cli.h"

#define SB_PENDING_MS (10ull * 60 * 1000)

struct sb_pending {
    uint8_t id[SB_REQUEST_ID_SIZE];
    struct sb_buf request; /* as it was sent, signature and all */
};

void sb_pending_init(struct sb_pending *pending);
void sb_pending_finish(struct sb_pending *pending);

/* What tells one command from another: the endpoint, the verb, and the arguments with their times
 * left out, since "+20m" is another time a minute later. */
struct sb_hash sb_pending_what(const struct sb_cli *cli, enum sb_verb verb,
                               const struct sb_record *args, const struct sb_parsed *parsed);

/* The stored request of the same command, where it is not too old; says that it is asked again. An
 * older one is forgotten, and that is said too. */
bool sb_pending_find(const struct sb_cli *cli, const struct sb_hash *what,
                     struct sb_pending *ret_pending);
enum sb_err sb_pending_store(const struct sb_cli *cli, const struct sb_hash *what,
                             const struct sb_pending *pending, struct sb_why *why) SB_MUST_CHECK;
void sb_pending_remove(const struct sb_cli *cli, const struct sb_hash *what);

#endif
