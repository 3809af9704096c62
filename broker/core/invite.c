/* invite.c: enrolment tokens: made here, redeemed by cmd_join.c. */
#include "invite.h"

#include "enrol.h"

#include <string.h>

/* What the inviter is shown; the rest is the store's. */
static const enum sb_field shown[] = {SB_FIELD_ORG, SB_FIELD_AGENT, SB_FIELD_SUBJECT,
                                      SB_FIELD_VALID_TO};

static void token_make(const struct sb_command *command, const struct sb_name *name,
                       struct sb_token *ret_token)
{
    const struct sb_broker_config *config = command->turn->config;
    memset(ret_token, 0, sizeof *ret_token);
    ret_token->root = config->root;
    ret_token->broker = config->curve;
    ret_token->expires = command->turn->now.wall_ms + SB_TOKEN_VALID_MS;
    ret_token->org = *name;
    /* Joining is a request, so the control endpoint, for agents too: the answer names the link's.
     */
    memcpy(ret_token->endpoint, config->control_endpoint, sizeof ret_token->endpoint);
    sb_entropy_take(command->turn->entropy, ret_token->once_secret, sizeof ret_token->once_secret);
}

void sb_invite(struct sb_command *command, struct sb_record *row, const struct sb_name *name)
{
    struct sb_txn *txn = command->turn->txn;
    struct sb_token token;
    struct sb_public_key once;
    struct sb_buf text;
    token_make(command, name, &token);
    sb_curve_public(token.once_secret, &once);
    struct sb_name user = sb_enrol_token_user(&once);
    sb_record_set_number(row, SB_FIELD_VALID_TO, token.expires);
    sb_broker_row_put(txn, SB_TABLE_TOKEN, sb_bytes(once.at, sizeof once.at), row);
    sb_txn_put(txn, SB_TABLE_CURVE, sb_bytes(once.at, sizeof once.at), sb_name_bytes(&user));
    sb_buf_init(&text, 1000);
    sb_token_write(&token, &text);
    struct sb_record reply = {0};
    sb_record_set_bytes(&reply, SB_FIELD_TOKEN, sb_buf_bytes(&text));
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        reply.at[shown[i]] = row->at[shown[i]];
    }
    bool room = sb_rows_add(command->rows, &reply);
    SB_ASSERT(room);
    sb_buf_finish(&text);
    sb_effects_log(command->turn->effects, SB_LEVEL_NOTICE, "invited name=%s user=%s by=%s",
                   name->text, user.text, command->subject.text);
}
