/* cmd_org.c: "org-invite", "org-revoke", "org-replace": the agents of organisations. */
#include "agents.h"
#include "enrol.h"
#include "invite.h"
#include "misdeeds.h"
#include "peers.h"
#include "register.h"

#include <stdio.h>
#include <string.h>

static enum sb_err org_known(struct sb_command *command, const struct sb_name *org)
{
    struct sb_record row;
    if (sb_broker_row_get_name(command->turn->txn, SB_TABLE_ORG, org, &row)) {
        return SB_ERR_OK;
    }
    return sb_why_say(command->why, SB_ERR_NOT_FOUND,
                      "organisationen %s finns inte i registret; läs in registret först",
                      "there is no organisation %s in the register; load the register first",
                      org->text);
}

/* AGENT, or the organisation's first one. */
static enum sb_err agent_name(struct sb_command *command, const struct sb_name *org,
                              struct sb_name *ret_agent)
{
    char text[SB_NAME_SIZE_MAX + 8];
    (void)snprintf(text, sizeof text, "%s-1", org->text);
    struct sb_bytes wanted = sb_record_has(command->args, SB_FIELD_AGENT)
                                 ? sb_record_bytes(command->args, SB_FIELD_AGENT)
                                 : sb_bytes_str(text);
    if (wanted.size > SB_ENROL_NAME_SIZE_MAX || !sb_register_name_read(wanted, ret_agent)) {
        return sb_why_say(command->why, SB_ERR_VALUE,
                          "en agents namn är a-z, 0-9, _ och -, högst %d; ange ett",
                          "an agent's name is a-z, 0-9, _ and -, at most %d; give one as AGENT",
                          SB_ENROL_NAME_SIZE_MAX);
    }
    return SB_ERR_OK;
}

/* ORGS with ORG among them, each known. */
static enum sb_err orgs_read(struct sb_command *command, const struct sb_name *org,
                             struct sb_list_writer *orgs)
{
    struct sb_list_reader reader = sb_list_read(sb_record_bytes(command->args, SB_FIELD_ORGS));
    struct sb_bytes text;
    enum sb_err err = org_known(command, org);
    sb_list_add(orgs, sb_name_bytes(org));
    while (err == SB_ERR_OK && sb_list_next(&reader, &text)) {
        struct sb_name other;
        if (text.size == 0 || !sb_name_read(text, &other)) {
            return sb_why_say(command->why, SB_ERR_VALUE,
                              "en av organisationerna är ingen organisation",
                              "an item of orgs is no organisation");
        }
        err = org_known(command, &other);
        if (!sb_list_has(sb_list_bytes(orgs), text)) {
            sb_list_add(orgs, text);
        }
    }
    if (err == SB_ERR_OK && orgs->count > SB_ORGS_PER_AGENT_MAX) {
        err = sb_why_say(command->why, SB_ERR_TOO_LARGE, "en agent tjänar högst %d organisationer",
                         "one agent serves at most %d organisations", SB_ORGS_PER_AGENT_MAX);
    }
    return err;
}

enum sb_err sb_broker_org_invite(struct sb_command *command)
{
    static const enum sb_field needs[] = {SB_FIELD_ORG, 0};
    struct sb_name org = sb_record_name(command->args, SB_FIELD_ORG);
    struct sb_name agent;
    struct sb_list_writer orgs;
    sb_list_init(&orgs);
    enum sb_err err = sb_command_needs(command, needs);
    if (err == SB_ERR_OK) {
        err = orgs_read(command, &org, &orgs);
    }
    if (err == SB_ERR_OK) {
        err = agent_name(command, &org, &agent);
    }
    if (err == SB_ERR_OK) {
        struct sb_record row = {0};
        sb_record_set_number(&row, SB_FIELD_ROLE, SB_ROLE_AGENT);
        sb_record_set_name(&row, SB_FIELD_ORG, &org);
        sb_record_set_name(&row, SB_FIELD_AGENT, &agent);
        sb_record_set_bytes(&row, SB_FIELD_ORGS, sb_list_bytes(&orgs));
        sb_invite(command, &row, &org);
    }
    sb_list_finish(&orgs);
    return err;
}

/* The row of AGENT. */
static enum sb_err agent_row(struct sb_command *command, struct sb_name *ret_agent,
                             struct sb_record *ret_row)
{
    static const enum sb_field needs[] = {SB_FIELD_AGENT, 0};
    enum sb_err err = sb_command_needs(command, needs);
    if (err != SB_ERR_OK) {
        return err;
    }
    *ret_agent = sb_record_name(command->args, SB_FIELD_AGENT);
    if (!sb_broker_row_get_name(command->turn->txn, SB_TABLE_AGENT, ret_agent, ret_row)) {
        return sb_why_say(command->why, SB_ERR_NOT_FOUND,
                          "det finns ingen agent %s; \"org list\" visar dem",
                          "there is no agent %s; \"org list\" shows them", ret_agent->text);
    }
    return SB_ERR_OK;
}

/* Its session ends now, whatever the connection does. */
static void agent_cut(struct sb_command *command, const struct sb_name *agent, enum sb_err err,
                      const struct sb_why *why)
{
    struct sb_peer *peer = sb_peer_find(command->turn->broker, agent);
    if (peer != NULL && peer->session != NULL) {
        uint64_t from = peer->session->from;
        sb_link_refuse(command->turn->effects, from, 0, err, why);
        sb_effects_add(command->turn->effects, SB_EFFECT_DROP, from, sb_bytes(NULL, 0));
        sb_peer_close(peer);
    }
}

static enum sb_err agent_told(struct sb_command *command, const struct sb_name *agent,
                              const char *what)
{
    struct sb_record reply = {0};
    sb_record_set_name(&reply, SB_FIELD_AGENT, agent);
    bool room = sb_rows_add(command->rows, &reply);
    SB_ASSERT(room);
    sb_effects_log(command->turn->effects, SB_LEVEL_NOTICE, "%s agent=%s by=%s", what, agent->text,
                   command->subject.text);
    return SB_ERR_OK;
}

enum sb_err sb_broker_org_revoke(struct sb_command *command)
{
    struct sb_name agent;
    struct sb_record row;
    enum sb_err err = agent_row(command, &agent, &row);
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_buf orgs; /* the row is borrowed, and counting writes */
    sb_buf_init(&orgs, SB_ROW_SIZE_MAX);
    sb_buf_add(&orgs, sb_record_bytes(&row, SB_FIELD_ORGS));
    sb_record_set_number(&row, SB_FIELD_REVOKED, 1);
    sb_broker_row_put_name(command->turn->txn, SB_TABLE_AGENT, &agent, &row);
    sb_agents_count(command->turn->txn, sb_buf_bytes(&orgs));
    sb_buf_finish(&orgs);
    struct sb_why why = {0};
    err = sb_why_say(
        &why, SB_ERR_REVOKED,
        "agenten %s är spärrad av en administratör; be Länsstyrelsen om en ny inbjudan",
        "the agent %s was revoked by an administrator; ask for a new invitation", agent.text);
    agent_cut(command, &agent, err, &why);
    return agent_told(command, &agent, "agent-revoked");
}

enum sb_err sb_broker_org_replace(struct sb_command *command)
{
    struct sb_name agent;
    struct sb_record row;
    enum sb_err err = agent_row(command, &agent, &row);
    if (err != SB_ERR_OK) {
        return err;
    }
    sb_enrol_believe_next(&row);
    sb_broker_row_put_name(command->turn->txn, SB_TABLE_AGENT, &agent, &row);
    sb_misdeeds_forget(command->turn->txn, &agent);
    struct sb_why why = {0};
    err = sb_why_set(&why, SB_ERR_SESSION, "an administrator lets another store take over");
    agent_cut(command, &agent, err, &why);
    return agent_told(command, &agent, "agent-replaced");
}
