/* cmd_lists.c: "org-list", "forum-list", "mandate-list", "operator-list": the register as it is. */
#include "agents.h"
#include "command.h"
#include "mandates.h"
#include "register.h"

#include <stdlib.h>
#include <string.h>

/* Copies the fields of a row that a list shows. */
static void fields_show(const struct sb_record *from, const enum sb_field *fields,
                        struct sb_record *row)
{
    for (; *fields != 0; fields++) {
        row->at[*fields] = from->at[*fields];
    }
}

static bool org_row(struct sb_command *command, const struct sb_register_org *org,
                    const struct sb_agent_view *agent)
{
    static const enum sb_field shown[] = {SB_FIELD_ORG,
                                          SB_FIELD_NAME,
                                          SB_FIELD_CATEGORY,
                                          SB_FIELD_KOMMUNKOD,
                                          SB_FIELD_FIRE_SERVICE,
                                          SB_FIELD_COUNTY_CODE,
                                          SB_FIELD_TIB_NUMBER,
                                          SB_FIELD_SWITCHBOARD,
                                          SB_FIELD_RAKEL,
                                          SB_FIELD_FALLBACK,
                                          0};
    struct sb_record stored;
    struct sb_record row = {0};
    (void)sb_broker_row_get_name(command->turn->txn, SB_TABLE_ORG, &org->org, &stored);
    fields_show(&stored, shown, &row);
    if (agent != NULL) {
        sb_record_set_name(&row, SB_FIELD_AGENT, &agent->agent);
        if (agent->heard_at != 0) {
            sb_record_set_number(&row, SB_FIELD_HEARD_AT, agent->heard_at);
        }
        if (agent->dark && !agent->revoked) {
            sb_record_set_number(&row, SB_FIELD_DARK_SINCE, agent->dark_since);
        }
        if (agent->revoked) {
            sb_record_set_number(&row, SB_FIELD_REVOKED, 1);
        }
    }
    return sb_rows_add(command->rows, &row);
}

/* One row for each agent of the organisation, or one without. */
static bool org_rows(struct sb_command *command, const struct sb_register_org *org,
                     const struct sb_agents *agents)
{
    bool any = false;
    bool room = true;
    for (size_t i = 0; i < agents->count && room; i++) {
        if (sb_list_has(agents->at[i].orgs, sb_name_bytes(&org->org))) {
            any = true;
            room = org_row(command, org, &agents->at[i]);
        }
    }
    return any ? room : org_row(command, org, NULL);
}

enum sb_err sb_broker_org_list(struct sb_command *command)
{
    struct sb_register reg;
    struct sb_agents agents;
    sb_register_read(command->turn->txn, &reg);
    sb_agents_read(command->turn, &agents);
    for (uint64_t i = sb_record_number(command->args, SB_FIELD_OFFSET); i < reg.count; i++) {
        unsigned count = command->rows->count;
        size_t size = command->rows->packed.size;
        if (!org_rows(command, &reg.at[i], &agents)) {
            /* OFFSET is an organisation: all its rows stand on a page, or none; but one of a
             * thousand agents, which fill a page alone, must not be asked for for ever. */
            if (count > 0) {
                command->rows->count = count;
                command->rows->packed.size = size;
            }
            command->next = count > 0 ? i : i + 1;
            break;
        }
    }
    sb_agents_finish(&agents);
    sb_register_finish(&reg);
    return SB_ERR_OK;
}

struct forum_place {
    struct sb_name forum;
    uint64_t turn;
};

static int forum_compare(const void *a, const void *b)
{
    const struct forum_place *left = a;
    const struct forum_place *right = b;
    if (left->turn != right->turn) {
        return left->turn < right->turn ? -1 : 1;
    }
    return strcmp(left->forum.text, right->forum.text);
}

static size_t forums_read(struct sb_txn *txn, struct forum_place places[SB_FORUMS_MAX])
{
    size_t count = 0;
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_FORUM, sb_bytes(NULL, 0));
    struct sb_bytes key;
    struct sb_bytes value;
    while (count < SB_FORUMS_MAX && sb_broker_walk_next(&walk, txn, &key, &value)) {
        struct sb_record row;
        sb_broker_row_read(value, &row);
        places[count].forum = sb_record_name(&row, SB_FIELD_FORUM);
        places[count++].turn = sb_record_number(&row, SB_FIELD_TURN);
    }
    qsort(places, count, sizeof places[0], forum_compare);
    return count;
}

enum sb_err sb_broker_forum_list(struct sb_command *command)
{
    static const enum sb_field shown[] = {SB_FIELD_FORUM, SB_FIELD_NAME,       SB_FIELD_LEVEL,
                                          SB_FIELD_MODE,  SB_FIELD_SEAT_RULES, 0};
    struct forum_place *places = sb_alloc(SB_FORUMS_MAX, sizeof *places);
    struct sb_register reg;
    sb_register_read(command->turn->txn, &reg);
    size_t count = forums_read(command->turn->txn, places);
    enum sb_err err = SB_ERR_OK;
    for (uint64_t i = sb_record_number(command->args, SB_FIELD_OFFSET);
         i < count && err == SB_ERR_OK; i++) {
        struct sb_record stored;
        struct sb_record row = {0};
        struct sb_called called;
        sb_called_init(&called);
        (void)sb_broker_row_get_name(command->turn->txn, SB_TABLE_FORUM, &places[i].forum, &stored);
        fields_show(&stored, shown, &row);
        err = sb_forum_call(&reg, sb_record_bytes(&stored, SB_FIELD_SEAT_RULES), NULL, &called,
                            command->why);
        sb_record_set_number(&row, SB_FIELD_NUMBER, called.count);
        sb_called_finish(&called);
        if (err == SB_ERR_OK && !sb_rows_add(command->rows, &row)) {
            command->next = i;
            break;
        }
    }
    sb_register_finish(&reg);
    free(places);
    return err;
}

enum sb_err sb_broker_mandate_list(struct sb_command *command)
{
    static const enum sb_field shown[] = {SB_FIELD_ORG,
                                          SB_FIELD_FUNCTION,
                                          SB_FIELD_LEVEL,
                                          SB_FIELD_BASIS,
                                          SB_FIELD_VALID_FROM,
                                          SB_FIELD_VALID_TO,
                                          0};
    uint64_t offset = sb_record_number(command->args, SB_FIELD_OFFSET);
    struct sb_name only = sb_record_name(command->args, SB_FIELD_ORG);
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_MANDATE, sb_bytes(NULL, 0));
    struct sb_bytes key;
    struct sb_bytes value;
    for (uint64_t at = 0; sb_broker_walk_next(&walk, command->turn->txn, &key, &value); at++) {
        struct sb_record stored;
        struct sb_record row = {0};
        sb_broker_row_read(value, &stored);
        struct sb_name org = sb_record_name(&stored, SB_FIELD_ORG);
        if (at < offset || sb_record_number(&stored, SB_FIELD_REALM) != command->realm
            || (only.text[0] != '\0' && !sb_name_equal(&org, &only))) {
            continue;
        }
        struct sb_mandate mandate = sb_mandate_read(&stored);
        fields_show(&stored, shown, &row);
        sb_record_set_number(&row, SB_FIELD_MANDATE_STATE,
                             sb_mandate_judge(true, &mandate, command->turn->now.wall_ms));
        if (!sb_rows_add(command->rows, &row)) {
            command->next = at;
            break;
        }
    }
    return SB_ERR_OK;
}

enum sb_err sb_broker_operator_list(struct sb_command *command)
{
    static const enum sb_field shown[] = {SB_FIELD_SUBJECT,  SB_FIELD_ROLE,    SB_FIELD_REALM,
                                          SB_FIELD_VALID_TO, SB_FIELD_REVOKED, 0};
    uint64_t offset = sb_record_number(command->args, SB_FIELD_OFFSET);
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_OPERATOR, sb_bytes(NULL, 0));
    struct sb_bytes key;
    struct sb_bytes value;
    for (uint64_t at = 0; sb_broker_walk_next(&walk, command->turn->txn, &key, &value); at++) {
        struct sb_record stored;
        struct sb_record row = {0};
        sb_broker_row_read(value, &stored);
        fields_show(&stored, shown, &row);
        if (at >= offset && !sb_rows_add(command->rows, &row)) {
            command->next = at;
            break;
        }
    }
    return SB_ERR_OK;
}
