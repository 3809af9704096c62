/* boards.c: when all is drained, the centre's board says of a seat what its agent says. */
#include "over.h"

#include <stdlib.h>

struct both {
    struct world *world;
    unsigned agent;
    struct sb_txn *broker;
};

/* What one end's row says of a seat: who said what, over which way, and whether it counts. */
struct said {
    uint64_t answer;
    bool acked, mandate;
    struct sb_name person, via;
};

static bool said_equal(const struct said *here, const struct said *there)
{
    return here->answer == there->answer && here->acked == there->acked
           && here->mandate == there->mandate && sb_name_equal(&here->person, &there->person)
           && sb_name_equal(&here->via, &there->via);
}

static struct said said_here(const struct sb_record *row)
{
    return (struct said){
        .answer = sb_record_number(row, SB_FIELD_ANSWER),
        .acked = sb_record_has(row, SB_FIELD_ACKED_AT),
        .mandate = sb_record_number(row, SB_FIELD_HOLDS_MANDATE) != 0,
        .person = sb_record_name(row, SB_FIELD_REACHED_BY),
        .via = sb_record_name(row, SB_FIELD_VIA),
    };
}

/* Before anybody answered, PERSON is who is being tried. */
static struct said said_there(const struct sb_record *row)
{
    const uint64_t mandate = sb_record_number(row, SB_FIELD_MANDATE_STATE);
    const bool acked = sb_record_has(row, SB_FIELD_ACKED_AT);
    return (struct said){
        .answer = sb_record_number(row, SB_FIELD_ANSWER),
        .acked = acked,
        .mandate = mandate == SB_MANDATE_VALID || mandate == SB_MANDATE_NOT_NEEDED,
        .person = acked ? sb_record_name(row, SB_FIELD_PERSON) : sb_name(""),
        .via = sb_record_name(row, SB_FIELD_VIA),
    };
}

/* The rows of both ends have one key. */
static bool board_visit(struct sb_txn *own, struct sb_bytes key, const struct sb_record *row,
                        void *with)
{
    const struct both *both = with;
    struct sb_record *seat = sb_alloc(1, sizeof *seat);
    struct sb_bytes value;
    (void)own;
    if (sb_txn_get(both->broker, SB_TABLE_SEAT, key, &value)) {
        enum sb_err err = sb_record_read(value, SB_PARTS_ALL, seat, NULL);
        SB_ASSERT(err == SB_ERR_OK);
    }
    const struct said here = said_here(row);
    const struct said there = said_there(seat);
    const bool agree = said_equal(&here, &there);
    if (!agree) {
        struct sb_bytes text = sb_record_bytes(row, SB_FIELD_SEAT);
        (void)world_break(
            both->world, WORLD_BOARDS,
            "%s %02x%02x %.*s: here answer %llu mandate %d by \"%s\" via \"%s\", on the board "
            "answer %llu mandate %d by \"%s\" via \"%s\"",
            both->world->agent[both->agent].name.text, key.at[0], key.at[1], (int)text.size,
            (const char *)text.at, (unsigned long long)here.answer, here.mandate, here.person.text,
            here.via.text, (unsigned long long)there.answer, there.mandate, there.person.text,
            there.via.text);
    }
    free(seat);
    return agree;
}

bool world_boards_agree(struct world *world, unsigned agent, struct sb_txn *own,
                        struct sb_txn *broker)
{
    struct both both = {world, agent, broker};
    return sim_alerts_each(own, board_visit, &both);
}
