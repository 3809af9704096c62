/* register.c: organisations out of the store, called seats, numbers to ring. Loading the register
 * is cmd_org_load.c's. */
#include "register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int org_compare(const void *a, const void *b)
{
    const struct sb_register_org *left = a;
    const struct sb_register_org *right = b;
    if (left->turn != right->turn) {
        return left->turn < right->turn ? -1 : 1;
    }
    return strcmp(left->org.text, right->org.text);
}

void sb_register_read(struct sb_txn *txn, struct sb_register *ret_register)
{
    struct sb_register reg = {.at = NULL};
    size_t room = 0;
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_ORG, sb_bytes(NULL, 0));
    struct sb_bytes key;
    struct sb_bytes value;
    while (sb_broker_walk_next(&walk, txn, &key, &value)) {
        struct sb_record row;
        sb_broker_row_read(value, &row);
        reg.at = sb_alloc_more(reg.at, reg.count, &room, sizeof *reg.at);
        struct sb_register_org *org = &reg.at[reg.count++];
        org->org = sb_record_name(&row, SB_FIELD_ORG);
        org->category = sb_record_name(&row, SB_FIELD_CATEGORY);
        org->turn = sb_record_number(&row, SB_FIELD_TURN);
    }
    if (reg.count > 0) {
        qsort(reg.at, reg.count, sizeof *reg.at, org_compare);
    }
    *ret_register = reg;
}

void sb_register_finish(struct sb_register *reg)
{
    free(reg->at);
    reg->at = NULL;
    reg->count = 0;
}

const struct sb_register_org *sb_register_find(const struct sb_register *reg,
                                               const struct sb_name *org)
{
    for (size_t i = 0; i < reg->count; i++) {
        if (sb_name_equal(&reg->at[i].org, org)) {
            return &reg->at[i];
        }
    }
    return NULL;
}

void sb_register_ring(struct sb_txn *txn, const struct sb_name *org, char text[SB_RING_SIZE_MAX])
{
    text[0] = '\0';
    struct sb_record row;
    if (!sb_broker_row_get_name(txn, SB_TABLE_ORG, org, &row)) {
        return;
    }
    struct sb_bytes number = sb_record_bytes(&row, SB_FIELD_TIB_NUMBER);
    if (number.size == 0) {
        number = sb_record_bytes(&row, SB_FIELD_SWITCHBOARD);
    }
    struct sb_bytes rakel = sb_record_bytes(&row, SB_FIELD_RAKEL);
    /* org-load keeps both short enough to stand here together. */
    (void)snprintf(text, SB_RING_SIZE_MAX, "%.*s%s%.*s", (int)number.size, (const char *)number.at,
                   rakel.size == 0    ? ""
                   : number.size == 0 ? "Rakel "
                                      : ", Rakel ",
                   (int)rakel.size, (const char *)rakel.at);
}

void sb_called_init(struct sb_called *called)
{
    *called = (struct sb_called){0};
}

void sb_called_finish(struct sb_called *called)
{
    free(called->seat);
    *called = (struct sb_called){0};
}

static bool called_has(const struct sb_called *called, const struct sb_seat *seat)
{
    for (size_t i = 0; i < called->count; i++) {
        if (sb_name_equal(&called->seat[i].org, &seat->org)
            && sb_name_equal(&called->seat[i].function, &seat->function)) {
            return true;
        }
    }
    return false;
}

enum sb_err sb_called_add(struct sb_called *called, const struct sb_seat *seat, struct sb_why *why)
{
    if (called_has(called, seat)) {
        return SB_ERR_OK;
    }
    if (called->count == SB_SEATS_PER_EVENT_MAX) {
        return sb_why_say(
            why, SB_ERR_TOO_LARGE, "fler än %d kallade funktioner; sänd till färre åt gången",
            "more than %d called functions; send it to fewer at a time", SB_SEATS_PER_EVENT_MAX);
    }
    called->seat = sb_alloc_more(called->seat, called->count, &called->room, sizeof *called->seat);
    called->seat[called->count++] = *seat;
    return SB_ERR_OK;
}

void sb_called_seats(const struct sb_called *called, struct sb_list_writer *seats)
{
    for (size_t i = 0; i < called->count; i++) {
        const struct sb_seat *seat = &called->seat[i];
        char key[SB_SEAT_SIZE_MAX + 1];
        char text[2 * SB_SEAT_SIZE_MAX];
        sb_seat_key(seat, key);
        (void)snprintf(text, sizeof text, "%s%s%s%s", seat->supports ? "~" : "", key,
                       seat->via.text[0] == '\0' ? "" : ":", seat->via.text);
        sb_list_add(seats, sb_bytes_str(text));
    }
}

static int name_compare(const void *a, const void *b)
{
    const struct sb_name *left = a;
    const struct sb_name *right = b;
    return strcmp(left->text, right->text);
}

void sb_called_audience(const struct sb_called *called, struct sb_list_writer *audience)
{
    if (called->count == 0) {
        return;
    }
    struct sb_name *org = sb_alloc(called->count, sizeof *org);
    for (size_t i = 0; i < called->count; i++) {
        org[i] = called->seat[i].org;
    }
    qsort(org, called->count, sizeof *org, name_compare);
    for (size_t i = 0; i < called->count; i++) {
        if (i == 0 || !sb_name_equal(&org[i], &org[i - 1])) {
            sb_list_add(audience, sb_name_bytes(&org[i]));
        }
    }
    free(org);
}

bool sb_register_name_read(struct sb_bytes bytes, struct sb_name *ret_name)
{
    if (bytes.size > 0 && memchr(bytes.at, ':', bytes.size) != NULL) {
        return false;
    }
    return sb_name_read(bytes, ret_name);
}
