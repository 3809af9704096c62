/* issue.c: an event made here: sealed with the realm's key, put into the log with its organisation
 * as audience, so that the link carries it up. What it says is its maker's. */
#include "agent.h"

bool sb_agent_serves(const struct sb_agent *agent, const struct sb_name *org)
{
    for (unsigned i = 0; i < agent->config.org_count; i++) {
        if (sb_name_equal(&agent->config.org[i], org)) {
            return true;
        }
    }
    return false;
}

static enum sb_err log_append(struct sb_turn *turn, const struct sb_name *org,
                              const struct sb_sealed *sealed, struct sb_hash *ret_id,
                              struct sb_why *why)
{
    struct sb_list_writer audience;
    struct sb_event event;
    enum sb_err err = sb_event_read(sealed, &event, why);

    if (err != SB_ERR_OK) {
        return err;
    }
    sb_list_init(&audience);
    sb_list_add(&audience, sb_name_bytes(org));
    struct sb_log_row row = {.accepted_at = turn->now.wall_ms,
                             .sealed = *sealed,
                             .audience = sb_list_bytes(&audience),
                             .verdict = SB_ERR_OK};
    sb_log_append(turn->txn, &event, &row);
    sb_list_finish(&audience);
    sb_txn_count(turn->txn, "events/issued");
    *ret_id = event.id;
    return SB_ERR_OK;
}

enum sb_err sb_agent_issue(struct sb_turn *turn, const struct sb_name *org,
                           struct sb_record *fields, struct sb_hash *ret_id, struct sb_why *why)
{
    const uint64_t realm = sb_record_number(fields, SB_FIELD_REALM);
    struct sb_sealed sealed;
    struct sb_buf buf;

    SB_ASSERT(realm >= SB_REALM_LIVE && realm <= SB_REALM_TEST);
    SB_ASSERT(sb_agent_serves(turn->agent, org));
    sb_record_set_number(fields, SB_FIELD_ISSUED, turn->now.wall_ms);
    sb_record_set_name(fields, SB_FIELD_ORIGIN, org);
    if (sb_txn_damages(turn->txn) > 0) {
        return sb_why_say(why, SB_ERR_CORRUPT, "lagringen är skadad (%s)",
                          "the store is damaged (%s)", turn->txn->damage.text);
    }
    const enum sb_field lacks = sb_event_missing(fields);
    if (lacks != 0) {
        return sb_why_say(why, SB_ERR_MISSING, "uppgiften \"" SB_SV "\" saknas: ange den",
                          SB_EN " is missing: state it",
                          SB_FIELD_PAIR(sb_field_find((unsigned)lacks)));
    }
    const struct sb_seal_by by = {.signer = &turn->agent->config.realm[realm],
                                  .cert = turn->agent->config.cert};
    sb_buf_init(&buf, SB_ENTRY_SIZE_MAX);
    enum sb_err err = sb_event_seal(fields, &by, turn->entropy, &buf, &sealed, why);
    if (err == SB_ERR_OK) {
        err = log_append(turn, org, &sealed, ret_id, why);
    }
    sb_buf_finish(&buf);
    return err;
}
