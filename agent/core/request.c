/* request.c: requests of the control protocol: read, done by the verb's function, answered. A
 * writing request is answered from the store when its id comes again, and does nothing then. What a
 * verb does is verb_*.c's. */
#include "verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    enum sb_verb verb;
    sb_verb_fn *act;
} verb_actions[] = {
    {SB_VERB_INBOX, sb_verb_inbox},
    {SB_VERB_SHOW, sb_verb_show},
    {SB_VERB_TIMELINE, sb_verb_timeline},
    {SB_VERB_EVENTS, sb_verb_events},
    {SB_VERB_COUNTERS, sb_verb_counters},
    {SB_VERB_STATUS, sb_verb_status},
    {SB_VERB_ACK, sb_verb_ack},
    {SB_VERB_ANSWER, sb_verb_answer},
    {SB_VERB_REPORT, sb_verb_report},
    {SB_VERB_NOTE, sb_verb_note},
    {SB_VERB_MANDATE_DECLARE, sb_verb_mandate_declare},
    {SB_VERB_MANDATE_WITHDRAW, sb_verb_mandate_withdraw},
    {SB_VERB_WHO, sb_verb_who},
    {SB_VERB_CHANNEL_OPEN, sb_verb_channel_open},
    {SB_VERB_RESULT, sb_verb_result},
    {SB_VERB_FACT, sb_verb_fact},
};

/* What the last of a full store is kept for: what people answer, and what the channel did. */
static const enum sb_verb reserved[] = {SB_VERB_ACK, SB_VERB_ANSWER, SB_VERB_RESULT, SB_VERB_FACT};

static bool verb_is_reserved(enum sb_verb verb)
{
    for (unsigned i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (reserved[i] == verb) {
            return true;
        }
    }
    return false;
}

static sb_verb_fn *action_find(const struct sb_verb_row *row)
{
    for (unsigned i = 0; i < sizeof verb_actions / sizeof verb_actions[0]; i++) {
        if (row != NULL && verb_actions[i].verb == row->verb) {
            return verb_actions[i].act;
        }
    }
    return NULL;
}

/* REQUEST holds two kinds of rows: id → reply, and, to forget the oldest, 'n' ‖ number → id. */
static void kept_key(uint64_t number, struct sb_key *ret_key)
{
    sb_key_init(ret_key);
    sb_key_add_byte(ret_key, 'n');
    sb_key_add_be64(ret_key, number);
}

static void reply_forget(struct sb_turn *turn, uint64_t number)
{
    uint8_t id[SB_REQUEST_ID_SIZE];
    struct sb_bytes value;
    struct sb_key key;

    kept_key(number, &key);
    if (sb_txn_get(turn->txn, SB_TABLE_REQUEST, sb_key_bytes(&key), &value)) {
        SB_ASSERT(value.size == sizeof id);
        memcpy(id, value.at, sizeof id);
        sb_txn_del(turn->txn, SB_TABLE_REQUEST, sb_key_bytes(&key));
        sb_txn_del(turn->txn, SB_TABLE_REQUEST, sb_bytes(id, sizeof id));
    }
}

static void reply_keep(struct sb_turn *turn, const uint8_t id[SB_REQUEST_ID_SIZE],
                       struct sb_bytes reply)
{
    const uint64_t number = sb_txn_number(turn->txn, SB_TABLE_META, "requests");
    struct sb_key key;

    kept_key(number, &key);
    sb_txn_put(turn->txn, SB_TABLE_REQUEST, sb_bytes(id, SB_REQUEST_ID_SIZE), reply);
    sb_txn_put(turn->txn, SB_TABLE_REQUEST, sb_key_bytes(&key), sb_bytes(id, SB_REQUEST_ID_SIZE));
    sb_txn_set_number(turn->txn, SB_TABLE_META, "requests", number + 1);
    if (number >= SB_REQUESTS_KEPT_MAX) {
        reply_forget(turn, number - SB_REQUESTS_KEPT_MAX);
    }
}

static void reply_refusal(struct sb_turn *turn, uint64_t from, const uint8_t *id, enum sb_err err,
                          const struct sb_why *why)
{
    struct sb_rows rows;
    struct sb_buf buf;
    char both[SB_WHY_BOTH_SIZE];

    sb_why_both(why, both);
    sb_rows_init(&rows);
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_reply_write(id, err, both, &rows, 0, &buf);
    sb_effects_add(turn->effects, SB_EFFECT_REPLY, from, sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
    sb_rows_finish(&rows);
}

/* No person sends it: told once an interval. */
static void unreadable(struct sb_turn *turn, const struct sb_name *user, enum sb_err err,
                       const struct sb_why *why)
{
    char counter[64];
    uint64_t untold;

    (void)snprintf(counter, sizeof counter, "control/refused/%s", sb_err_name(err));
    sb_txn_count(turn->txn, counter);
    if (sb_complaint_due(&turn->agent->local, err, turn->now.mono_ms, &untold)) {
        sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                       "request=unreadable user=%s error=%s untold=%llu why=%s", user->text,
                       sb_err_name(err), (unsigned long long)untold, sb_quoted(why->text).text);
    }
}

static void log_written(struct sb_turn *turn, const struct sb_asked *asked,
                        const struct sb_verb_row *row, enum sb_err err)
{
    if (row->writes && (row->where & SB_VERB_AT_C) == 0) {
        sb_effects_log(turn->effects, SB_LEVEL_NOTICE, "request=%s user=%s result=%s", row->text,
                       asked->user.text, sb_err_name(err));
    }
}

/* What was found without a record that cannot be read is not said, and not taken for the reason of
 * a refusal. What was carried out in spite of it is the commit's to refuse. */
static enum sb_err damage_take(struct sb_turn *turn, struct sb_asked *asked,
                               const struct sb_verb_row *row, uint64_t met, enum sb_err err)
{
    struct sb_why damage = {0};

    if ((err == SB_ERR_OK && row->writes) || !sb_txn_excuse(turn->txn, met, &damage)) {
        return err;
    }
    sb_txn_count(turn->txn, "control/damaged");
    sb_effects_log(turn->effects, SB_LEVEL_ERROR, "store=damaged request=%s why=%s", row->text,
                   sb_quoted(damage.text).text);
    return sb_why_say(
        &asked->why, SB_ERR_CORRUPT,
        "agentens lagring är skadad (" SB_SV "), så detta kan inte besvaras; kör samband "
        "verify vid agenten och återställ lagringen ur säkerhetskopia",
        "the agent's store is damaged (" SB_EN "), so this cannot be answered; run samband "
        "verify at the agent, and restore the store from a backup",
        SB_WHY_PAIR(damage));
}

static void perform(struct sb_turn *turn, struct sb_asked *asked, const struct sb_request *request,
                    const struct sb_verb_row *row)
{
    struct sb_buf buf;
    char both[SB_WHY_BOTH_SIZE];
    const uint64_t met = sb_txn_damages(turn->txn);
    enum sb_err err = sb_record_read(request->args, SB_PARTS_ALL, &asked->args, &asked->why);

    sb_rows_init(&asked->rows);
    if (err == SB_ERR_OK) {
        err = action_find(row)(turn, asked);
    }
    err = damage_take(turn, asked, row, met, err);
    log_written(turn, asked, row, err);
    sb_why_both(&asked->why, both);
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_reply_write(request->id, err, both, &asked->rows, asked->next, &buf);
    SB_ASSERT(!buf.overflow);
    if (row->writes) {
        reply_keep(turn, request->id, sb_buf_bytes(&buf));
    }
    sb_effects_add(turn->effects, SB_EFFECT_REPLY, asked->from, sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
    sb_rows_finish(&asked->rows);
}

void sb_agent_requested(struct sb_turn *turn, uint64_t from, const struct sb_name *user,
                        struct sb_bytes bytes)
{
    struct sb_why why = {0};
    struct sb_request request;
    struct sb_bytes kept;
    const enum sb_err err = sb_request_read(bytes, &request, &why);

    if (err != SB_ERR_OK) {
        unreadable(turn, user, err, &why);
        reply_refusal(turn, from, request.id, err, &why);
        return;
    }
    const struct sb_verb_row *row = sb_verb_find(request.verb.text);
    if (action_find(row) == NULL) {
        (void)sb_why_say(&why, SB_ERR_USAGE, "en agent känner inte kommandot %s",
                         "an agent does not know the verb %s", request.verb.text);
        reply_refusal(turn, from, request.id, SB_ERR_USAGE, &why);
        return;
    }
    if (row->writes
        && sb_txn_get(turn->txn, SB_TABLE_REQUEST, sb_bytes(request.id, SB_REQUEST_ID_SIZE),
                      &kept)) {
        sb_effects_add(turn->effects, SB_EFFECT_REPLY, from, kept);
        return;
    }
    /* Not kept as a reply: when there is room again, the same request is done. */
    if (row->writes && sb_room_refuse(turn->txn, verb_is_reserved(row->verb), &why) != SB_ERR_OK) {
        reply_refusal(turn, from, request.id, SB_ERR_FULL, &why);
        return;
    }
    struct sb_asked *asked = sb_alloc(1, sizeof *asked);
    asked->from = from;
    asked->user = *user;
    perform(turn, asked, &request, row);
    free(asked);
}
