/* cmd_verify.c: `samband verify DIR`: checks a store offline: every id, hash, signature and chain.
 * Opens it for reading only, beside a running daemon too. */
#include "commands.h"
#include "samband/keyfiles.h"
#include "samband/log.h"
#include "samband/store.h"
#include "view/safe.h"
#include "view/value.h"

#include <inttypes.h>
#include <string.h>

static const struct sb_option options[] = {
    {"root", SB_TAKES_RAW, 0, SB_TEXT_VALUE_HEX, SB_TEXT_OPTION_ROOT},
    {0},
};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_FOLDER, SB_TAKES_RAW, 0, false},
    {0},
};

/* From --root, or the file that stands beside the store: DIR/../keys/root. */
static int root_find(const struct sb_cli *cli, const char *folder, const char *hex,
                     struct sb_public_key *ret_root)
{
    char keys[SB_PATH_SIZE];
    struct sb_buf buf;
    struct sb_why why = {0};
    if (hex != NULL) {
        if (sb_hex_read(sb_bytes_str(hex), ret_root->at, SB_KEY_SIZE)) {
            return SB_EXIT_DONE;
        }
        sb_cli_say_one(cli, SB_TEXT_ROOT_UNREADABLE, hex);
        return SB_EXIT_USAGE;
    }
    int size = snprintf(keys, sizeof keys, "%s/../keys", folder);
    sb_buf_init(&buf, SB_KEY_SIZE);
    bool read = size > 0 && size < (int)sizeof keys
                && sb_keyfile_read(keys, "root", SB_KEY_SIZE, &buf, &why) == SB_ERR_OK
                && buf.size == SB_KEY_SIZE;
    if (read) {
        memcpy(ret_root->at, buf.at, SB_KEY_SIZE);
    } else {
        sb_cli_say_one(cli, SB_TEXT_ROOT_NEEDED, keys);
    }
    sb_buf_finish(&buf);
    return read ? SB_EXIT_DONE : SB_EXIT_USAGE;
}

/* One table of what was counted, for both forms. */
static void result_print(const struct sb_cli *cli, const struct sb_verify_result *result)
{
    const struct {
        const char *json;
        enum sb_text text;
        uint64_t number;
    } rows[] = {
        {"rows", SB_TEXT_VERIFY_ROWS, result->rows},
        {"signatures", SB_TEXT_VERIFY_SIGNATURES, result->signatures},
        {"streams", SB_TEXT_VERIFY_STREAMS, result->streams},
        {"entries", SB_TEXT_VERIFY_ENTRIES, result->entries},
        {"erased", SB_TEXT_VERIFY_ERASED, result->erased},
        {"refused", SB_TEXT_VERIFY_REFUSED, result->refused},
        {"faults", SB_TEXT_VERIFY_FAULTS, result->faults},
    };
    const struct sb_view *view = &cli->view;
    char fault[SB_WHY_SIZE_MAX + 8];
    json_t *json = json_object();
    const char *said = view->form == SB_FORM_JSON
                           ? result->first_fault.text
                           : sb_text_either(view->language, SB_WHY_PAIR(result->first_fault));
    sb_safe_copy(sb_bytes_str(said), false, fault, sizeof fault);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        (void)json_object_set_new(json, rows[i].json, json_integer((json_int_t)rows[i].number));
        if (view->form != SB_FORM_JSON) {
            (void)fprintf(view->out, "%s\t%" PRIu64 "\n", sb_view_text(view, rows[i].text),
                          rows[i].number);
        }
    }
    (void)json_object_set_new(json, "first_fault",
                              fault[0] == '\0' ? json_null() : json_string(fault));
    (void)json_object_set_new(json, "sound", json_boolean(result->faults == 0));
    if (view->form == SB_FORM_JSON) {
        sb_value_json_print(json, view->out);
        return;
    }
    json_decref(json);
    const char *const values[] = {fault};
    char line[SB_WHY_SIZE_MAX + 128];
    sb_text_fill(
        sb_view_text(view, result->faults == 0 ? SB_TEXT_VERIFY_SOUND : SB_TEXT_VERIFY_BROKEN),
        values, 1, line, sizeof line);
    (void)fprintf(view->out, "%s\n", line);
}

static int verify_run(struct sb_cli *cli, const struct sb_command *command,
                      const struct sb_parsed *parsed)
{
    (void)command;
    const char *folder = NULL;
    for (unsigned i = 0; i < parsed->count; i++) {
        if (parsed->given[i].operand != NULL) {
            folder = parsed->given[i].value;
        }
    }
    SB_ASSERT(folder != NULL); /* a required operand */
    struct sb_public_key root;
    struct sb_why why = {0};
    enum sb_err err = SB_ERR_OK;
    int exit = root_find(cli, folder, sb_parsed_value(parsed, "root"), &root);
    if (exit != SB_EXIT_DONE) {
        return exit;
    }
    struct sb_store *store = sb_store_open_lmdb(folder, true, &err, &why);
    if (store == NULL) {
        return sb_cli_refuse(cli, err, &why);
    }
    struct sb_txn *txn = sb_store_begin_read(store, &why);
    if (txn == NULL) {
        sb_store_close(store);
        return sb_cli_refuse(cli, SB_ERR_IO, &why);
    }
    struct sb_verify_result result = {0};
    sb_log_verify(txn, &root, &result);
    sb_store_abort(store, txn);
    sb_store_close(store);
    result_print(cli, &result);
    return result.faults == 0 ? SB_EXIT_DONE : SB_EXIT_REFUSED;
}

const struct sb_command sb_cmd_verify = {
    .name = "verify",
    .alias = {"verifiera"},
    .brief = SB_TEXT_VERIFY,
    .detail = SB_TEXT_VERIFY_MORE,
    .options = options,
    .operands = operands,
    .run = verify_run,
};
