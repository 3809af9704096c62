/* backup.c: `backup` and `restore`. What is copied is checked by the code of `samband verify`
 * before it gets its name; what a store needs that was put back, its end marks in it. */
#define _DEFAULT_SOURCE /* getopt_long */
#include "samband/backup.h"

#include "copy.h"
#include "samband/keyfiles.h"
#include "samband/log.h"
#include "samband/store.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MARK_FILE "backup"   /* written last: whose it is, and from when */
#define PARTIAL   ".partial" /* behind the name, until it is whole */
#define MARK_SIZE 256

/* What is not copied as it is: the store; and what an earlier restore left in a state folder. */
static const char *const made_anew[] = {"store", "config", MARK_FILE, NULL};
static const char *const not_put_back[] = {"store", MARK_FILE, NULL};

/* One backup or restore under way. */
struct work {
    const struct sb_backup_end *end;
    const char *from, *to;
    char partial[SB_COPY_PATH_SIZE];
    struct sb_now now;
    struct sb_verify_result result;
};

static struct sb_now now_read(void)
{
    struct timespec wall;
    (void)clock_gettime(CLOCK_REALTIME, &wall);
    return (struct sb_now){.wall_ms =
                               (uint64_t)wall.tv_sec * 1000 + (uint64_t)wall.tv_nsec / 1000000};
}

/* What takes long says that it goes on. */
static void tell(const struct work *work, const char *sv, const char *en, const char *path)
{
    (void)fprintf(stderr, "%s: %s / %s: %s\n", work->end->daemon->name, sv, en, path);
}

/* Every record of every table, also those that no event hangs on: its checksum is looked at. */
static enum sb_err records_check(struct sb_txn *txn, struct sb_why *why)
{
    struct sb_key from;
    struct sb_bytes key;
    struct sb_bytes value;
    struct sb_why damage = {0};
    for (unsigned table = 0; table < SB_TABLE_COUNT; table++) {
        sb_key_init(&from);
        sb_key_add_byte(&from, 0);
        while (sb_txn_seek(txn, (enum sb_table)table, sb_key_bytes(&from), &key, &value)) {
            sb_key_init(&from);
            sb_key_add(&from, key);
            sb_key_add_byte(&from, 0);
        }
    }
    if (!sb_txn_excuse(txn, 0, &damage)) {
        return SB_ERR_OK;
    }
    return sb_why_say(
        why, SB_ERR_CORRUPT, "lagringen är skadad (" SB_SV "); ta en äldre säkerhetskopia",
        "the store is damaged (" SB_EN "); take an older backup", SB_WHY_PAIR(damage));
}

/* Checks the store in FOLDER/store by the root in FOLDER/keys. */
static enum sb_err check(struct work *work, const char *folder, struct sb_why *why)
{
    char store_path[SB_COPY_PATH_SIZE];
    char keys[SB_COPY_PATH_SIZE];
    struct sb_public_key root;
    enum sb_err err = sb_copy_path(folder, "store", store_path, why);
    if (err == SB_ERR_OK) {
        err = sb_copy_path(folder, "keys", keys, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_read_exact(keys, "root", root.at, sizeof root.at, why);
    }
    struct sb_store *store =
        err == SB_ERR_OK ? sb_store_open_lmdb(store_path, true, &err, why) : NULL;
    if (store == NULL) {
        return err;
    }
    tell(work, "kontrollerar", "checking", store_path);
    struct sb_txn *txn = sb_store_begin_read(store, why);
    if (txn == NULL) {
        sb_store_close(store);
        return SB_ERR_IO;
    }
    err = records_check(txn, why);
    sb_log_verify(txn, &root, &work->result);
    sb_store_abort(store, txn);
    sb_store_close(store);
    if (err != SB_ERR_OK || work->result.faults == 0) {
        return err;
    }
    return sb_why_say(why, SB_ERR_CORRUPT,
                      "lagringen är skadad på %llu ställen (" SB_SV
                      "); `samband verify` räknar dem; ta en äldre säkerhetskopia",
                      "the store is damaged in %llu places (" SB_EN
                      "); `samband verify` counts them; take an older backup",
                      (unsigned long long)work->result.faults,
                      SB_WHY_PAIR(work->result.first_fault));
}

static enum sb_err partial_begin(struct work *work, struct sb_why *why)
{
    int size = snprintf(work->partial, sizeof work->partial, "%s" PARTIAL, work->to);
    if (size < 0 || size >= (int)sizeof work->partial) {
        return sb_why_say(why, SB_ERR_TOO_LARGE, "sökvägen %s är för lång; ange en kortare",
                          "the path %s is too long; give a shorter one", work->to);
    }
    if (sb_copy_exists(work->partial)) {
        return sb_why_say(why, SB_ERR_ALREADY,
                          "%s ligger kvar sedan ett försök som bröts av; ta bort den mappen och "
                          "försök igen",
                          "%s is left from an attempt that was cut off; remove that folder and try "
                          "again",
                          work->partial);
    }
    return sb_copy_folder_make(work->partial, why);
}

static enum sb_err store_copy(const struct work *work, struct sb_why *why)
{
    char from[SB_COPY_PATH_SIZE];
    char to[SB_COPY_PATH_SIZE];
    enum sb_err err = sb_copy_path(work->from, "store", from, why);
    if (err == SB_ERR_OK) {
        err = sb_copy_path(work->partial, "store", to, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_copy_folder_make(to, why);
    }
    struct sb_store *store = err == SB_ERR_OK ? sb_store_open_lmdb(from, true, &err, why) : NULL;
    if (store == NULL) {
        return err;
    }
    tell(work, "kopierar", "copying", from);
    err = sb_store_copy_lmdb(store, to, why);
    sb_store_close(store);
    return err;
}

static enum sb_err config_copy(const struct work *work, const char *config, struct sb_why *why)
{
    char folder[SB_COPY_PATH_SIZE];
    char to[SB_COPY_PATH_SIZE];
    const char *slash = strrchr(config, '/');
    enum sb_err err = sb_copy_path(work->partial, "config", folder, why);
    if (err == SB_ERR_OK) {
        err = sb_copy_folder_make(folder, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_copy_path(folder, slash == NULL ? config : slash + 1, to, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_copy_file(config, to, why);
    }
    return err == SB_ERR_OK ? sb_copy_sync(folder, why) : err;
}

static enum sb_err mark_write(const struct work *work, struct sb_why *why)
{
    char path[SB_COPY_PATH_SIZE];
    enum sb_err err = sb_copy_path(work->partial, MARK_FILE, path, why);
    FILE *file = err == SB_ERR_OK ? fopen(path, "wx") : NULL;
    if (file == NULL) {
        return err != SB_ERR_OK ? err
                                : sb_why_say(why, SB_ERR_IO, "%s kan inte skrivas: %s",
                                             "%s cannot be written: %s", path, strerror(errno));
    }
    bool written = fprintf(file, "samband-backup 1 %s %llu\n", work->end->kind,
                           (unsigned long long)work->now.wall_ms)
                   > 0;
    written = fchmod(fileno(file), 0600) == 0 && written;
    if (fclose(file) != 0 || !written) {
        return sb_why_say(why, SB_ERR_IO, "%s kan inte skrivas; gör plats på disken (df -h)",
                          "%s cannot be written; make room on the disk (df -h)", path);
    }
    return sb_copy_sync(path, why);
}

/* Whose backup it is, and from when. */
static enum sb_err mark_read(const struct work *work, uint64_t *ret_made_ms, struct sb_why *why)
{
    char path[SB_COPY_PATH_SIZE];
    char line[MARK_SIZE] = "";
    char kind[16] = "";
    unsigned long long made_ms = 0;
    enum sb_err err = sb_copy_path(work->from, MARK_FILE, path, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    FILE *file = fopen(path, "r");
    bool read = file != NULL && fgets(line, sizeof line, file) != NULL;
    if (file != NULL) {
        (void)fclose(file);
    }
    int at = 0;
    char *end = line;
    if (read && sscanf(line, "samband-backup 1 %15s %n", kind, &at) == 1) {
        errno = 0;
        made_ms = strtoull(line + at, &end, 10);
    }
    if (at == 0 || end == line + at || errno != 0) {
        return sb_why_say(why, SB_ERR_NOT_FOUND,
                          "%s är ingen hel säkerhetskopia (filen \"backup\" saknas eller är av en "
                          "nyare version); ange mappen som `%s backup` gjorde",
                          "%s is no whole backup (its file \"backup\" is missing, or of a newer "
                          "version); give the folder that `%s backup` made",
                          work->from, work->end->daemon->name);
    }
    if (strcmp(kind, work->end->kind) != 0) {
        return sb_why_say(why, SB_ERR_VALUE,
                          "%s är en säkerhetskopia av samband-%s; återställ den med det programmet",
                          "%s is a backup of samband-%s; restore it with that program", work->from,
                          kind);
    }
    *ret_made_ms = made_ms;
    return SB_ERR_OK;
}

static enum sb_err backup_make(struct work *work, const char *config, struct sb_why *why)
{
    if (sb_copy_exists(work->to)) {
        return sb_why_say(why, SB_ERR_ALREADY,
                          "%s finns redan och skrivs inte över; ange en ny mapp, till exempel med "
                          "dagens datum",
                          "%s is there already and is not overwritten; give a new folder, with "
                          "today's date for example",
                          work->to);
    }
    enum sb_err err = partial_begin(work, why);
    if (err == SB_ERR_OK) {
        err = store_copy(work, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_copy_folder(work->from, work->partial, made_anew, why);
    }
    if (err == SB_ERR_OK) {
        err = config_copy(work, config, why);
    }
    if (err == SB_ERR_OK) {
        err = check(work, work->partial, why);
    }
    if (err == SB_ERR_OK) {
        err = mark_write(work, why);
    }
    return err == SB_ERR_OK ? sb_copy_rename(work->partial, work->to, why) : err;
}

/* In the copy, before it has its name. */
static enum sb_err store_mark(const struct work *work, struct sb_why *why)
{
    char path[SB_COPY_PATH_SIZE];
    enum sb_err err = sb_copy_path(work->partial, "store", path, why);
    struct sb_store *store = err == SB_ERR_OK ? sb_store_open_lmdb(path, false, &err, why) : NULL;
    if (store == NULL) {
        return err;
    }
    struct sb_txn *txn = sb_store_begin(store, why);
    err = SB_ERR_IO;
    if (txn != NULL) {
        work->end->mark(txn, work->now);
        err = sb_store_commit(store, txn, why);
    }
    sb_store_close(store);
    return err;
}

static enum sb_err state_free(const struct work *work, struct sb_why *why)
{
    if (!sb_copy_exists(work->to)) {
        return SB_ERR_OK;
    }
    if (sb_copy_is_empty(work->to)) {
        return rmdir(work->to) == 0
                   ? SB_ERR_OK
                   : sb_why_say(why, SB_ERR_IO,
                                "den tomma mappen %s kan inte bytas ut: %s; kör som root, och ge "
                                "sedan mappen till daemonens användare (chown -R)",
                                "the empty folder %s cannot be replaced: %s; run as root, and give "
                                "the folder to the daemon's user afterwards (chown -R)",
                                work->to, strerror(errno));
    }
    return sb_why_say(why, SB_ERR_ALREADY,
                      "%s innehåller redan något och skrivs inte över: det kan vara nyare än "
                      "säkerhetskopian; flytta undan den mappen, eller ange en annan",
                      "%s holds something already and is not overwritten: it may be newer than the "
                      "backup; move that folder away, or give another one",
                      work->to);
}

static enum sb_err restore_make(struct work *work, uint64_t *ret_made_ms, struct sb_why *why)
{
    enum sb_err err = mark_read(work, ret_made_ms, why);
    if (err == SB_ERR_OK) {
        err = state_free(work, why);
    }
    if (err == SB_ERR_OK) {
        err = check(work, work->from, why);
    }
    if (err == SB_ERR_OK) {
        err = partial_begin(work, why);
    }
    if (err == SB_ERR_OK) {
        err = store_copy(work, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_copy_folder(work->from, work->partial, not_put_back, why);
    }
    if (err == SB_ERR_OK) {
        err = store_mark(work, why);
    }
    return err == SB_ERR_OK ? sb_copy_rename(work->partial, work->to, why) : err;
}

static int backup_run(const struct sb_backup_end *end, const char *target, const char *config)
{
    char state[SB_COPY_PATH_SIZE];
    struct sb_why why = {0};
    struct work work = {.end = end, .from = state, .to = target, .now = now_read()};
    enum sb_err err = end->state_of(config, state, sizeof state, &why);
    if (err == SB_ERR_OK) {
        err = backup_make(&work, config, &why);
    }
    if (err == SB_ERR_OK) {
        (void)printf("%s: säkerhetskopia, hel och kontrollerad: %llu poster\n"
                     "%s: a backup, whole and checked: %llu events\n"
                     "Den innehåller privata nycklar: förvara den som nycklarna själva. / It holds "
                     "private keys: keep it as you keep those.\n",
                     target, (unsigned long long)work.result.rows, target,
                     (unsigned long long)work.result.rows);
    }
    return sb_daemon_end(end->daemon, err, &why);
}

static int restore_run(const struct sb_backup_end *end, const char *backup, const char *state)
{
    struct sb_why why = {0};
    struct work work = {.end = end, .from = backup, .to = state, .now = now_read()};
    uint64_t made_ms = 0;
    char when[32] = "?";
    enum sb_err err = restore_make(&work, &made_ms, &why);
    if (err == SB_ERR_OK) {
        time_t made = (time_t)(made_ms / 1000);
        struct tm utc;
        if (gmtime_r(&made, &utc) != NULL) {
            (void)strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);
        }
        (void)printf("%s: återställd till läget %s, %llu poster\n%s\n\n"
                     "%s: restored to the state of %s, %llu events\n%s\n",
                     state, when, (unsigned long long)work.result.rows, end->advice.sv, state, when,
                     (unsigned long long)work.result.rows, end->advice.en);
    }
    return sb_daemon_end(end->daemon, err, &why);
}

/* What `backup` and `restore` are called with. */
static const struct verb {
    const char *name;
    struct option options[3];
    struct sb_phrase word_missing, option_missing;
    const char *help; /* behind the daemon's name */
    int (*run)(const struct sb_backup_end *end, const char *word, const char *value);
} verbs[] = {
    {.name = "backup",
     .options = {{"config", required_argument, NULL, 'v'}, {"help", no_argument, NULL, 'h'}},
     .word_missing = {"mappen som säkerhetskopian ska göras i saknas; ange en ny",
                      "the folder to make the backup in is missing; give a new one"},
     .option_missing = {"--config saknas; ange inställningsfilen som daemonen kör med",
                        "--config is missing; give the configuration file that the daemon runs "
                        "with"},
     .help =
         " backup NEW-FOLDER --config FILE\n"
         "    säkerhetskopia av lager, nycklar och inställningar, medan den kör eller står stilla\n"
         "    a backup of store, keys and settings, while it runs or not\n\n"
         "    NEW-FOLDER får inte finnas; den görs läsbar bara för den som kör (0700, filer 0600), "
         "för\n    den innehåller privata nycklar.\n"
         "    NEW-FOLDER must not exist; only the user that runs this may read it (0700, files "
         "0600),\n    for it holds private keys.\n\n",
     .run = backup_run},
    {.name = "restore",
     .options = {{"state", required_argument, NULL, 'v'}, {"help", no_argument, NULL, 'h'}},
     .word_missing = {"säkerhetskopians mapp saknas; ange mappen som backup gjorde",
                      "the folder of the backup is missing; give the one that backup made"},
     .option_missing = {"--state saknas; ange mappen som ska göras av säkerhetskopian",
                        "--state is missing; give the folder to make of the backup"},
     .help =
         " restore BACKUP --state FOLDER\n"
         "    gör en ny mapp av säkerhetskopian, även på en annan dator\n"
         "    makes a new folder of the backup, on another machine too\n\n"
         "    FOLDER får inte finnas, eller ska vara tom; den görs läsbar bara för den som kör\n"
         "    (0700, filer 0600): ge den sedan till den användare som daemonen kör som.\n"
         "    FOLDER must not exist, or be empty; only the user that runs this may read it "
         "(0700,\n    files 0600): give it to the user that the daemon runs as afterwards.\n\n",
     .run = restore_run},
};

static int verb_help(const struct sb_backup_end *end, const struct verb *verb)
{
    const char *name = end->daemon->name;
    (void)printf("%s%s", name, verb->help);
    (void)printf(
        "    exempel / example:\n"
        "      sudo install -d -m 0700 -o %s /var/backups/%s\n"
        "      sudo -u %s %s backup /var/backups/%s/2026-11-23 --config "
        "/etc/samband/%s.yaml\n"
        "      sudo %s restore /var/backups/%s/2026-11-23 --state "
        "/var/lib/samband/%s\n"
        "      sudo chown -R %s: /var/lib/samband/%s\n\n"
        "    avslutar med / exit status: 0 gjort / done, 1 gick inte, meningen säger varför "
        "/ refused, the\n    sentence says why, 2 fel i anropet / wrong arguments, 3 lagret "
        "är skadat / the store is damaged\n",
        name, name, name, name, name, end->kind, name, name, end->kind, name, end->kind);
    return SB_DAEMON_DONE;
}

static int usage_refused(const struct sb_backup_end *end, const struct verb *verb,
                         const struct sb_phrase *what, const char *which)
{
    (void)fprintf(stderr, "%s %s: %s%s. Se / %s%s. See: %s %s --help\n", end->daemon->name,
                  verb->name, which, what->sv, which, what->en, end->daemon->name, verb->name);
    return SB_DAEMON_USAGE;
}

int sb_backup_main(const struct sb_backup_end *end, int argc, char **argv)
{
    static const struct sb_phrase unknown = {": en sådan växel finns inte, eller saknar sitt värde",
                                             ": there is no such option, or its value is missing"};
    static const struct sb_phrase too_many = {": ett ord för mycket; ange en enda mapp",
                                              ": a word too many; give one folder only"};
    const struct verb *verb = strcmp(argv[0], verbs[0].name) == 0 ? &verbs[0] : &verbs[1];
    const char *value = NULL;
    int option;
    opterr = 0; /* the sentence is ours, in both languages */
    while ((option = getopt_long(argc, argv, "", verb->options, NULL)) != -1) {
        if (option == 'h') {
            return verb_help(end, verb);
        }
        if (option != 'v') {
            return usage_refused(end, verb, &unknown, argv[optind - 1]);
        }
        value = optarg;
    }
    if (optind == argc) {
        return usage_refused(end, verb, &verb->word_missing, "");
    }
    if (optind + 1 < argc) {
        return usage_refused(end, verb, &too_many, argv[optind + 1]);
    }
    if (value == NULL) {
        return usage_refused(end, verb, &verb->option_missing, "");
    }
    return verb->run(end, argv[optind], value);
}
