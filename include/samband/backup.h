/* backup.h: the backup of a state folder beside the running daemon, and putting it back: `backup`
 * and `restore` of samband-broker and samband-agent. Shell side: files, and what a person reads.
 *
 * A backup is a folder (0700): `store/` as one read transaction saw it, all other files of the
 * state folder (keys, configuration) as they were, the configuration file under `config/`, and
 * `backup`, which says whose it is and from when. It is made beside its place and renamed, so that
 * one that was cut off is never taken for a whole. */
#ifndef SAMBAND_BACKUP_H
#define SAMBAND_BACKUP_H

#include "samband/clock.h"
#include "samband/daemon.h"
#include "samband/txn.h"

/* What the two daemons differ in. */
struct sb_backup_end {
    const struct sb_daemon *daemon;
    const char *kind; /* "broker", "agent": a backup is put back at its own kind only */
    /* The state folder that a configuration file names, into `state`. */
    enum sb_err (*state_of)(const char *config, char *state, size_t room, struct sb_why *why);
    /* Marks a store as put back; what it needs then. */
    void (*mark)(struct sb_txn *txn, struct sb_now now);
    struct sb_phrase advice; /* what is to be done after restore */
};

/* `argv[0]` is "backup" (TARGET --config FILE) or "restore" (BACKUP --state FOLDER). Hands back the
 * exit status. */
int sb_backup_main(const struct sb_backup_end *end, int argc, char **argv);

#endif
