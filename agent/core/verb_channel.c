/* verb_channel.c: what samband-channel says: that it is there, how an attempt ended, and what its
 * person did. */
#include "answer.h"
#include "attempt.h"
#include "ring.h"
#include "verbs.h"

#include <string.h>

/* The newest client that says so is the channel: one that was restarted is known before the loss of
 * its forerunner. */
enum sb_err sb_verb_channel_open(struct sb_turn *turn, struct sb_asked *asked)
{
    struct sb_agent *agent = turn->agent;

    /* Said again over the same connection it only shows life; what waits was sent when it opened.
     */
    if (agent->channel_open && agent->channel == asked->from) {
        return SB_ERR_OK;
    }
    agent->channel = asked->from;
    agent->channel_open = true;
    agent->channel_opened = true;
    sb_effects_log(turn->effects, SB_LEVEL_INFO, "channel=open");
    return SB_ERR_OK;
}

static enum sb_err key_read(struct sb_asked *asked, char key[SB_ATTEMPT_SIZE_MAX + 1])
{
    const struct sb_bytes text = sb_record_bytes(&asked->args, SB_FIELD_ATTEMPT);

    if (text.size == 0 || text.size > SB_ATTEMPT_SIZE_MAX) {
        return sb_why_say(&asked->why, SB_ERR_MISSING, "vilket försök? ange attempt",
                          "which attempt? state attempt");
    }
    memset(key, 0, SB_ATTEMPT_SIZE_MAX + 1);
    memcpy(key, text.at, text.size);
    return SB_ERR_OK;
}

enum sb_err sb_verb_result(struct sb_turn *turn, struct sb_asked *asked)
{
    const uint64_t result = sb_record_number(&asked->args, SB_FIELD_RESULT);
    char key[SB_ATTEMPT_SIZE_MAX + 1];
    const enum sb_err err = key_read(asked, key);

    if (err != SB_ERR_OK) {
        return err;
    }
    if (sb_word_find(SB_FIELD_RESULT, result > UINT16_MAX ? 0 : (unsigned)result) == NULL) {
        return sb_why_say(&asked->why, SB_ERR_VALUE,
                          "%llu är inget utfall av ett försök: accepted, retry eller failed",
                          "%llu is no result of an attempt: accepted, retry or failed",
                          (unsigned long long)result);
    }
    return sb_attempt_result(turn, key, (enum sb_result)result, &asked->why);
}

static enum sb_err fact_answer(struct sb_turn *turn, struct sb_asked *asked,
                               const struct sb_attempt *attempt)
{
    const uint64_t answer = sb_record_number(&asked->args, SB_FIELD_ANSWER);
    const struct sb_given given = {
        .person = attempt->person,
        .function = sb_record_name(&asked->args, SB_FIELD_FUNCTION),
        .answer = (enum sb_answer)answer,
        .at = sb_record_number(&asked->args, SB_FIELD_AT),
        .channel = attempt->channel,
        .given_at = sb_record_number(&asked->args, SB_FIELD_GIVEN_AT),
    };
    struct sb_answered answered;
    struct sb_record out = {0};
    struct sb_alert alert;

    if (answer > SB_ANSWER_NO) {
        return sb_why_say(&asked->why, SB_ERR_VALUE, "%llu är inget svar: yes, at, deputy eller no",
                          "%llu is no answer: yes, at, deputy or no", (unsigned long long)answer);
    }
    if (answer == SB_ANSWER_AT && given.at == 0) {
        return sb_why_say(&asked->why, SB_ERR_MISSING, "ansluter vilken tid? ange en tid",
                          "joins at which time? state at");
    }
    if (!sb_alert_find(turn->txn, &attempt->alert, &attempt->seat, &alert)) {
        sb_txn_damage(turn->txn, "larmet för försöket %s saknas",
                      "the alert of the attempt %s is missing", attempt->key);
        return SB_ERR_CORRUPT; /* request.c finds the words */
    }
    const enum sb_err err = sb_answer_take(turn, &alert, &given, &answered, &asked->why);
    if (err != SB_ERR_OK) {
        return err;
    }
    sb_record_set_hash(&out, SB_FIELD_ID, &answered.id);
    sb_record_set_number(&out, SB_FIELD_MANDATE_STATE, (uint64_t)answered.mandate);
    sb_verb_notice(turn, &alert, &out);
    sb_rows_add(&asked->rows, &out);
    return SB_ERR_OK;
}

enum sb_err sb_verb_fact(struct sb_turn *turn, struct sb_asked *asked)
{
    char key[SB_ATTEMPT_SIZE_MAX + 1];
    struct sb_attempt attempt;
    const enum sb_err err = key_read(asked, key);

    if (err != SB_ERR_OK) {
        return err;
    }
    if (!sb_attempt_load(turn->txn, key, &attempt)) {
        return sb_why_say(&asked->why, SB_ERR_NOT_FOUND, "inget försök har nyckeln %s",
                          "no attempt has the key %s", key);
    }
    if (sb_record_has(&asked->args, SB_FIELD_ANSWER)
        || sb_record_has(&asked->args, SB_FIELD_FUNCTION)) {
        return fact_answer(turn, asked, &attempt);
    }
    if (sb_record_number(&asked->args, SB_FIELD_RUNG) == SB_RUNG_OPENED) {
        const uint64_t given = sb_record_number(&asked->args, SB_FIELD_GIVEN_AT);

        sb_ring_opened(turn, &attempt,
                       given == 0 || given > turn->now.wall_ms ? turn->now.wall_ms : given);
        return SB_ERR_OK;
    }
    return sb_why_say(&asked->why, SB_ERR_MISSING,
                      "vad hände? ange rung opened, function eller answer",
                      "what happened? state rung opened, function or answer");
}
