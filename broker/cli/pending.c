/* pending.c: see pending.h. */
#include "pending.h"

#include "profile.h"
#include "samband/keyfiles.h"
#include "view/when.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_DIGITS \
    32 /* of the hash: enough to tell commands apart, short enough for a file name */

void sb_pending_init(struct sb_pending *pending)
{
    *pending = (struct sb_pending){0};
    sb_buf_init(&pending->request, SB_ORDER_SIZE_MAX);
}

void sb_pending_finish(struct sb_pending *pending)
{
    sb_buf_finish(&pending->request);
}

static void words_add(const struct sb_parsed *parsed, struct sb_buf *buf)
{
    for (unsigned i = 0; i < parsed->count; i++) {
        const struct sb_given *given = &parsed->given[i];
        if (given->option != NULL && given->option->field == 0) {
            continue; /* how it is shown or confirmed, not what is asked for */
        }
        if (given->value != NULL) {
            sb_buf_add(buf, sb_bytes_str(given->value));
        }
        sb_buf_add_byte(buf, 0);
    }
}

struct sb_hash sb_pending_what(const struct sb_cli *cli, enum sb_verb verb,
                               const struct sb_record *args, const struct sb_parsed *parsed)
{
    struct sb_record timeless = *args;
    struct sb_buf encoded, words;
    for (unsigned i = 0; i < SB_FIELD_COUNT; i++) {
        const struct sb_field_row *known = sb_field_find(i);
        if (known != NULL && known->type == SB_TYPE_TIME) {
            timeless.at[i].set = false;
        }
    }
    sb_buf_init(&encoded, SB_FRAME_SIZE_MAX);
    sb_buf_init(&words, SB_FRAME_SIZE_MAX);
    sb_record_write(&timeless, SB_PARTS_ALL, &encoded);
    words_add(parsed, &words);
    const uint8_t number = (uint8_t)verb;
    const struct sb_bytes parts[] = {sb_bytes_str(cli->contact.endpoint), sb_bytes(&number, 1),
                                     sb_buf_bytes(&encoded), sb_buf_bytes(&words)};
    struct sb_hash what = sb_hash_parts("request", parts, sizeof parts / sizeof parts[0]);
    sb_buf_finish(&encoded);
    sb_buf_finish(&words);
    return what;
}

static bool folder_find(const struct sb_cli *cli, char path[SB_PATH_SIZE])
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    bool at_runtime = cli->contact.is_agent && runtime != NULL && runtime[0] == '/';
    int size = at_runtime ? snprintf(path, SB_PATH_SIZE, "%s/samband/pending", runtime)
                          : snprintf(path, SB_PATH_SIZE, "%s/pending", cli->profile);
    return size > 0 && size < SB_PATH_SIZE;
}

static void name_of(const struct sb_hash *what, char name[NAME_DIGITS + 1])
{
    sb_hex_write(sb_bytes(what->at, NAME_DIGITS / 2), name);
}

/* Wall-clock time of the file's last change; 0 where there is none. */
static uint64_t stored_at(const char *folder, const char *name)
{
    char path[SB_PATH_SIZE + NAME_DIGITS + 2];
    struct stat found;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &found) == 0 ? (uint64_t)found.st_mtime * 1000 : 0;
}

bool sb_pending_find(const struct sb_cli *cli, const struct sb_hash *what,
                     struct sb_pending *ret_pending)
{
    char folder[SB_PATH_SIZE], name[NAME_DIGITS + 1], at[SB_WHEN_SIZE];
    struct sb_buf file;
    struct sb_why why = {0};
    name_of(what, name);
    uint64_t stored = folder_find(cli, folder) ? stored_at(folder, name) : 0;
    if (stored == 0) {
        return false;
    }
    sb_when_seconds(stored, at);
    if (stored + SB_PENDING_MS < cli->view.now_ms) {
        sb_cli_say_one(cli, SB_TEXT_PENDING_OLD, at);
        sb_pending_remove(cli, what);
        return false;
    }
    sb_buf_init(&file, SB_REQUEST_ID_SIZE + SB_ORDER_SIZE_MAX);
    bool good = sb_keyfile_read(folder, name, SB_REQUEST_ID_SIZE + SB_ORDER_SIZE_MAX, &file, &why)
                    == SB_ERR_OK
                && file.size > SB_REQUEST_ID_SIZE;
    if (good) {
        memcpy(ret_pending->id, file.at, SB_REQUEST_ID_SIZE);
        sb_buf_add(&ret_pending->request,
                   sb_bytes(file.at + SB_REQUEST_ID_SIZE, file.size - SB_REQUEST_ID_SIZE));
        sb_cli_say_one(cli, SB_TEXT_PENDING_AGAIN, at);
    }
    sb_buf_finish(&file);
    return good;
}

enum sb_err sb_pending_store(const struct sb_cli *cli, const struct sb_hash *what,
                             const struct sb_pending *pending, struct sb_why *why)
{
    char folder[SB_PATH_SIZE], name[NAME_DIGITS + 1];
    struct sb_buf file;
    if (!folder_find(cli, folder)) {
        return sb_why_say(
            why, SB_ERR_VALUE, "sökvägen till %s är för lång; välj en kortare med --profile",
            "the path of %s is too long; choose a shorter one with --profile", cli->profile);
    }
    enum sb_err err = sb_profile_make(folder, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    name_of(what, name);
    sb_buf_init(&file, SB_REQUEST_ID_SIZE + SB_ORDER_SIZE_MAX);
    sb_buf_add(&file, sb_bytes(pending->id, SB_REQUEST_ID_SIZE));
    sb_buf_add(&file, sb_buf_bytes(&pending->request));
    err = sb_keyfile_write(folder, name, sb_buf_bytes(&file), why);
    sb_buf_finish(&file);
    return err;
}

void sb_pending_remove(const struct sb_cli *cli, const struct sb_hash *what)
{
    char folder[SB_PATH_SIZE], name[NAME_DIGITS + 1];
    char path[SB_PATH_SIZE + NAME_DIGITS + 2];
    if (!folder_find(cli, folder)) {
        return;
    }
    name_of(what, name);
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    (void)unlink(path);
}
