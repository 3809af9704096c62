/* target_event.c: an event's four strings: any bytes, or maps that the input gives, sealed by one
 * of three parties. Only what is well formed and well signed passes; a row of it and its own part
 * are such that they can be sent and read. */
#include "forge.h"
#include "fuzz.h"
#include "samband/control.h"
#include "samband/log.h"

#include <stdlib.h>

static void own_part_look(const struct sb_event *event)
{
    static const char *const orgs[] = {"taby", "solna", "lst-ab"};
    struct sb_list_reader reader;
    struct sb_bytes text;
    struct sb_buf buf;
    struct sb_log_seats seats = {0};
    sb_log_seats_read(&seats, event);
    for (size_t i = 0; i < 3; i++) {
        struct sb_name org = sb_name(orgs[i]);
        sb_buf_init(&buf, SB_OWN_SIZE_MAX);
        sb_log_own_part(&seats, &org, &buf);
        SB_ASSERT(!buf.overflow);
        reader = sb_list_read(sb_buf_bytes(&buf));
        while (sb_list_next(&reader, &text)) {
            struct sb_seat seat;
            SB_ASSERT(sb_list_has(sb_record_bytes(&event->fields, SB_FIELD_SEATS), text)
                      && sb_seat_read(text, &seat) && sb_name_equal(&seat.org, &org));
        }
        sb_buf_finish(&buf);
    }
    sb_log_seats_finish(&seats);
}

static void row_look(const struct sb_event *event)
{
    struct sb_record *row = sb_alloc(1, sizeof *row);
    struct sb_why why = {0};
    sb_row_of_event(event, 7, AUTHORITY_NOW_MS, SB_ERR_OK, row);
    SB_ASSERT(sb_record_unwritable(row, &why) == 0);
    sb_row_drop_texts(row);
    SB_ASSERT(sb_record_unwritable(row, &why) == 0);
    free(row);
}

static void event_look(const struct sb_sealed *sealed, bool well_signed, bool whole)
{
    const struct forge_parties *parties = forge_parties();
    struct sb_event *event = sb_alloc(1, sizeof *event);
    struct sb_why why = {0};
    enum sb_err err = sb_event_read(sealed, event, &why);
    fuzz_said(err, &why);
    if (err == SB_ERR_OK || err == SB_ERR_UNKNOWN_KIND) {
        struct sb_hash id = sb_hash_one("event", sealed->header);
        SB_ASSERT(sb_hash_equal(&id, &event->id));
        SB_ASSERT(whole);
        SB_ASSERT((event->kind == NULL) == (err == SB_ERR_UNKNOWN_KIND));
        err = sb_event_check_signature(sealed, event, &parties->authority.root.public_key,
                                       AUTHORITY_NOW_MS, NULL, &why);
        fuzz_said(err, &why);
        SB_ASSERT(err != SB_ERR_OK || well_signed);
        own_part_look(event);
        row_look(event);
    }
    free(event);
}

/* [size, header, signature, size, body, certificate], any bytes. Nobody gets a signature right by
 * chance; what a seed holds was signed. */
static void raw_look(struct fuzz_input *input)
{
    struct sb_sealed sealed;
    sealed.header = fuzz_take(input, fuzz_u16(input));
    sealed.signature = fuzz_take(input, SB_SIGNATURE_SIZE);
    sealed.body = fuzz_take(input, fuzz_u16(input));
    sealed.cert = input->rest;
    event_look(&sealed, true, true);
}

void fuzz_one(struct sb_bytes bytes)
{
    struct fuzz_input input = {.rest = bytes};
    struct sb_sealed sealed;
    struct sb_buf buf;
    if (fuzz_byte(&input) % 4 == 3) {
        raw_look(&input);
        return;
    }
    sb_buf_init(&buf, 4 * SB_ENTRY_SIZE_MAX);
    forge_event(input.rest, &buf, &sealed);
    uint8_t how = input.rest.size == 0 ? 0 : input.rest.at[0];
    /* Facts that are there, and that the header does not name. */
    bool other_facts = (how & FORGE_BAD_HASH) != 0
                       && (how & (FORGE_ERASE_FACTS | FORGE_RAW_HEADER | FORGE_RAW_BODY)) == 0;
    event_look(&sealed, (how & FORGE_BAD_SIGNATURE) == 0, !other_facts);
    sb_buf_finish(&buf);
}
