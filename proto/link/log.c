/* log.c: the log's rows: appending, reading back, finding. What a row's event means, and whether it
 * is accepted, is the core's; chains and positions come in finished. */
#include "samband/log.h"

#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDS_NAMED_MAX    5 /* where the digits that were typed fit more than one event */
#define IDS_SHOWN_DIGITS 8
#define NEXT_INDEX       "next" /* in META: the newest index; absent is an empty log */

static struct sb_key index_key(uint64_t index)
{
    struct sb_key key;
    sb_key_init(&key);
    sb_key_add_be64(&key, index);
    return key;
}

static struct sb_key lane_key(unsigned lane, uint64_t index)
{
    struct sb_key key;
    sb_key_init(&key);
    sb_key_add_byte(&key, (uint8_t)lane);
    sb_key_add_be64(&key, index);
    return key;
}

static struct sb_key id_key(const struct sb_hash *id, const struct sb_name *org)
{
    struct sb_key key;
    sb_key_init(&key);
    sb_key_add(&key, sb_hash_bytes(id));
    sb_key_add(&key, sb_name_bytes(org));
    return key;
}

uint64_t sb_log_next_index(struct sb_txn *txn)
{
    return sb_txn_number(txn, SB_TABLE_META, NEXT_INDEX) + 1;
}

/* Keeps the certificate once, by its digest. The digest does not cover the issuer's certificate in
 * it: true where another one is kept by the same digest, and the row must hold its own. */
static bool put_cert(struct sb_txn *txn, struct sb_bytes cert)
{
    struct sb_hash digest = sb_cert_digest(cert);
    struct sb_bytes known;
    if (sb_hash_is_zero(&digest)) {
        return false;
    }
    if (sb_txn_get(txn, SB_TABLE_CERT, sb_hash_bytes(&digest), &known)) {
        return !sb_bytes_equal(known, cert);
    }
    sb_txn_put(txn, SB_TABLE_CERT, sb_hash_bytes(&digest), cert);
    return false;
}

static void put_row(struct sb_txn *txn, const struct sb_log_row *row)
{
    struct sb_record record = {0};
    sb_record_set_number(&record, SB_FIELD_ACCEPTED_AT, row->accepted_at);
    sb_record_set_bytes(&record, SB_FIELD_HEADER, row->sealed.header);
    sb_record_set_bytes(&record, SB_FIELD_SIGNATURE, row->sealed.signature);
    sb_record_set_bytes(&record, SB_FIELD_BODY, row->sealed.body);
    sb_record_set_number(&record, SB_FIELD_LANE, row->at.lane);
    if (put_cert(txn, row->sealed.cert)) {
        sb_record_set_bytes(&record, SB_FIELD_CERT, row->sealed.cert);
    }
    if (row->own.size > 0) {
        sb_record_set_bytes(&record, SB_FIELD_OWN, row->own);
    }
    if (row->audience.size > 0) {
        sb_record_set_bytes(&record, SB_FIELD_AUDIENCE, row->audience);
    }
    if (row->stream_agent.text[0] != '\0') {
        sb_record_set_name(&record, SB_FIELD_STREAM_AGENT, &row->stream_agent);
        sb_record_set_name(&record, SB_FIELD_ORG, &row->at.org);
        sb_record_set_number(&record, SB_FIELD_INCARNATION, row->at.incarnation);
        sb_record_set_number(&record, SB_FIELD_SEQ, row->at.seq);
        sb_record_set_hash(&record, SB_FIELD_HEAD, &row->at.head);
    }
    if (row->verdict != SB_ERR_OK) {
        sb_record_set_number(&record, SB_FIELD_VERDICT, (uint64_t)row->verdict);
    }
    struct sb_key key = index_key(row->index);
    sb_row_put(txn, SB_TABLE_LOG, &key, &record);
}

uint64_t sb_log_append(struct sb_txn *txn, const struct sb_event *event, struct sb_log_row *row)
{
    bool made_here = row->stream_agent.text[0] == '\0';
    struct sb_name org = made_here ? sb_record_name(&event->fields, SB_FIELD_ORIGIN) : row->at.org;
    if (made_here && event->kind != NULL) {
        row->at.lane = sb_lane((unsigned)sb_record_number(&event->fields, SB_FIELD_REALM),
                               event->kind->urgency);
    }
    row->index = sb_log_next_index(txn);
    put_row(txn, row);
    uint8_t index[8];
    sb_be64_write(index, row->index);
    struct sb_key key = id_key(&event->id, &org);
    sb_txn_put(txn, SB_TABLE_ID, sb_key_bytes(&key), sb_bytes(index, sizeof index));
    if (row->audience.size > 0) {
        key = lane_key(row->at.lane, row->index);
        sb_txn_put(txn, SB_TABLE_LANE, sb_key_bytes(&key), sb_bytes(NULL, 0));
    }
    sb_txn_set_number(txn, SB_TABLE_META, NEXT_INDEX, row->index);
    return row->index;
}

/* An index comes from the log's end or from another row: where it leads nowhere, that is damage. */
static bool read_row(struct sb_txn *txn, uint64_t index, struct sb_record *ret_record)
{
    struct sb_key key = index_key(index);
    struct sb_bytes value;
    if (sb_txn_get(txn, SB_TABLE_LOG, sb_key_bytes(&key), &value)
        && sb_row_read(value, ret_record)) {
        return true;
    }
    sb_txn_damage(txn, "rad %llu i loggen saknas eller är skadad",
                  "row %llu of the log is missing or damaged", (unsigned long long)index);
    return false;
}

/* The row's own certificate, or the one that the header names; empty where the header cannot be
 * read or names none that came along: the signature then fails, which is what the row deserves. */
static struct sb_bytes find_cert(struct sb_txn *txn, const struct sb_record *row,
                                 struct sb_bytes header)
{
    struct sb_record record;
    struct sb_hash signer;
    struct sb_bytes cert = sb_record_bytes(row, SB_FIELD_CERT);
    if (cert.size > 0) {
        return cert;
    }
    if (sb_row_read(header, &record) && sb_record_hash(&record, SB_FIELD_SIGNER, &signer)
        && !sb_txn_get(txn, SB_TABLE_CERT, sb_hash_bytes(&signer), &cert)) {
        return (struct sb_bytes){0};
    }
    return cert;
}

bool sb_log_get(struct sb_txn *txn, uint64_t index, struct sb_log_row *ret_row)
{
    struct sb_record record;
    if (!read_row(txn, index, &record)) {
        return false;
    }
    struct sb_log_row row = {
        .index = index,
        .accepted_at = sb_record_number(&record, SB_FIELD_ACCEPTED_AT),
        .sealed.header = sb_record_bytes(&record, SB_FIELD_HEADER),
        .sealed.signature = sb_record_bytes(&record, SB_FIELD_SIGNATURE),
        .sealed.body = sb_record_bytes(&record, SB_FIELD_BODY),
        .audience = sb_record_bytes(&record, SB_FIELD_AUDIENCE),
        .own = sb_record_bytes(&record, SB_FIELD_OWN),
        .stream_agent = sb_record_name(&record, SB_FIELD_STREAM_AGENT),
        .at.org = sb_record_name(&record, SB_FIELD_ORG),
        .at.lane = (unsigned)sb_record_number(&record, SB_FIELD_LANE),
        .at.incarnation = sb_record_number(&record, SB_FIELD_INCARNATION),
        .at.seq = sb_record_number(&record, SB_FIELD_SEQ),
        .verdict = (enum sb_err)(unsigned)sb_record_number(&record, SB_FIELD_VERDICT),
    };
    (void)sb_record_hash(&record, SB_FIELD_HEAD, &row.at.head);
    row.sealed.cert = find_cert(txn, &record, row.sealed.header);
    *ret_row = row;
    return true;
}

void sb_log_set_verdict(struct sb_txn *txn, uint64_t index, enum sb_err verdict)
{
    struct sb_record record;
    bool found = read_row(txn, index, &record);
    SB_ASSERT(found);
    if ((enum sb_err)(unsigned)sb_record_number(&record, SB_FIELD_VERDICT) == verdict) {
        return;
    }
    sb_record_unset(&record, SB_FIELD_VERDICT);
    if (verdict != SB_ERR_OK) {
        sb_record_set_number(&record, SB_FIELD_VERDICT, (uint64_t)verdict);
    }
    struct sb_key key = index_key(index);
    sb_row_put(txn, SB_TABLE_LOG, &key, &record);
}

void sb_log_hand_on(struct sb_txn *txn, uint64_t index, struct sb_bytes audience)
{
    struct sb_record record;
    bool found = read_row(txn, index, &record);
    SB_ASSERT(found && audience.size > 0 && !sb_record_has(&record, SB_FIELD_AUDIENCE));
    sb_record_set_bytes(&record, SB_FIELD_AUDIENCE, audience);
    struct sb_key lane = lane_key((unsigned)sb_record_number(&record, SB_FIELD_LANE), index);
    struct sb_key key = index_key(index);
    sb_row_put(txn, SB_TABLE_LOG, &key, &record);
    sb_txn_put(txn, SB_TABLE_LANE, sb_key_bytes(&lane), sb_bytes(NULL, 0));
}

bool sb_log_find(struct sb_txn *txn, const struct sb_hash *id, const struct sb_name *org,
                 uint64_t *ret_index)
{
    struct sb_name nobody = {0};
    struct sb_key key = id_key(id, org != NULL ? org : &nobody);
    struct sb_bytes found;
    struct sb_bytes value;
    if (org != NULL) {
        if (!sb_txn_get(txn, SB_TABLE_ID, sb_key_bytes(&key), &value) || value.size != 8) {
            return false;
        }
        *ret_index = sb_be64_read(value.at);
        return true;
    }
    uint64_t lowest = UINT64_MAX;
    while (sb_txn_seek(txn, SB_TABLE_ID, sb_key_bytes(&key), &found, &value)
           && sb_bytes_starts_with(found, sb_hash_bytes(id)) && value.size == 8) {
        uint64_t index = sb_be64_read(value.at);
        lowest = index < lowest ? index : lowest;
        sb_key_init(&key);
        sb_key_add(&key, found);
        sb_key_add_byte(&key, 0);
    }
    if (lowest == UINT64_MAX) {
        return false;
    }
    *ret_index = lowest;
    return true;
}

/* Digits as typed: 4 to 64 of them, an odd number too. The key to seek ends in zeros. */
static bool digits_read(struct sb_bytes hex, struct sb_hash *ret_low)
{
    char full[2 * SB_HASH_SIZE];
    if (hex.size < 4 || hex.size > sizeof full) {
        return false;
    }
    memset(full, '0', sizeof full);
    memcpy(full, hex.at, hex.size);
    return sb_hex_read(sb_bytes(full, sizeof full), ret_low->at, SB_HASH_SIZE);
}

static bool id_has_digits(struct sb_bytes key, const struct sb_hash *low, size_t digits)
{
    if (key.size < SB_HASH_SIZE || memcmp(key.at, low->at, digits / 2) != 0) {
        return false;
    }
    return digits % 2 == 0 || (key.at[digits / 2] & 0xf0) == low->at[digits / 2];
}

/* The ids that begin so, in order, each once, at most `max`. */
static unsigned ids_find(struct sb_txn *txn, const struct sb_hash *low, size_t digits,
                         struct sb_hash *ids, unsigned max)
{
    struct sb_key from;
    struct sb_bytes key;
    struct sb_bytes value;
    unsigned count = 0;
    sb_key_init(&from);
    sb_key_add(&from, sb_hash_bytes(low));
    while (count < max && sb_txn_seek(txn, SB_TABLE_ID, sb_key_bytes(&from), &key, &value)
           && id_has_digits(key, low, digits)) {
        memcpy(ids[count].at, key.at, SB_HASH_SIZE);
        /* Past every organisation of that id: names have no byte 0xff. */
        sb_key_init(&from);
        sb_key_add(&from, sb_hash_bytes(&ids[count++]));
        sb_key_add_byte(&from, 0xff);
    }
    return count;
}

/* How many digits tell any two of the ids apart, which are in order; as many as lists show, at
 * least. */
static int digits_apart(const struct sb_hash *ids, unsigned count)
{
    size_t apart = IDS_SHOWN_DIGITS / 2;
    for (unsigned i = 1; i < count; i++) {
        size_t same = 0;
        while (ids[i].at[same] == ids[i - 1].at[same]) {
            same++;
        }
        apart = same + 1 > apart ? same + 1 : apart;
    }
    return (int)(2 * apart);
}

static enum sb_err say_which(struct sb_bytes hex, const struct sb_hash *ids, unsigned count,
                             struct sb_why *why)
{
    char named[IDS_NAMED_MAX * (2 * SB_HASH_SIZE + 2) + 8] = "";
    int digits = digits_apart(ids, count);
    size_t used = 0;
    for (unsigned i = 0; i < count && i < IDS_NAMED_MAX; i++) {
        char id[2 * SB_HASH_SIZE + 1];
        sb_hex_write(sb_hash_bytes(&ids[i]), id);
        used += (size_t)snprintf(named + used, sizeof named - used, "%s%.*s", i == 0 ? "" : ", ",
                                 digits, id);
    }
    if (count > IDS_NAMED_MAX) {
        (void)snprintf(named + used, sizeof named - used, ", …");
    }
    return sb_why_say(why, SB_ERR_VALUE, "fler än en post börjar på %.*s (%s): ange fler siffror",
                      "more than one event begins with %.*s (%s): give more digits", (int)hex.size,
                      (const char *)hex.at, named);
}

enum sb_err sb_log_find_prefix(struct sb_txn *txn, struct sb_bytes hex, struct sb_hash *ret_id,
                               struct sb_why *why)
{
    int shown = (int)(hex.size < 64 ? hex.size : 64);
    struct sb_hash low;
    struct sb_hash ids[IDS_NAMED_MAX + 1] = {0};
    if (!digits_read(hex, &low)) {
        return sb_why_say(
            why, SB_ERR_VALUE,
            "en post anges med 4 till 64 hexadecimala siffror av sin beteckning; "
            "'%.*s' är inte det",
            "an event is named by 4 to 64 hexadecimal digits of its id; '%.*s' is not "
            "that",
            shown, (const char *)hex.at);
    }
    unsigned count = ids_find(txn, &low, hex.size, ids, IDS_NAMED_MAX + 1);
    if (count == 0) {
        return sb_why_say(why, SB_ERR_NOT_FOUND, "ingen post har en beteckning som börjar på %.*s",
                          "no event has an id that begins with %.*s", shown, (const char *)hex.at);
    }
    if (count > 1) {
        return say_which(hex, ids, count, why);
    }
    *ret_id = ids[0];
    return SB_ERR_OK;
}

bool sb_log_lane_first(struct sb_txn *txn, unsigned lane, uint64_t from, uint64_t *ret_index)
{
    struct sb_key key = lane_key(lane, from);
    struct sb_bytes found;
    struct sb_bytes value;
    if (!sb_txn_seek(txn, SB_TABLE_LANE, sb_key_bytes(&key), &found, &value) || found.size != 9
        || found.at[0] != lane) {
        return false;
    }
    *ret_index = sb_be64_read(found.at + 1);
    return true;
}

bool sb_log_lane_next(struct sb_txn *txn, unsigned lane, uint64_t from, const struct sb_name *org,
                      uint64_t *ret_index)
{
    uint64_t index;
    const uint64_t met = sb_txn_damages(txn);
    struct sb_why why;
    for (; sb_log_lane_first(txn, lane, from, &index); from = index + 1) {
        struct sb_record record;
        if (read_row(txn, index, &record)
            && sb_list_has(sb_record_bytes(&record, SB_FIELD_AUDIENCE), sb_name_bytes(org))) {
            *ret_index = index;
            return true;
        }
        (void)sb_txn_excuse(txn, met, &why);
    }
    return false;
}

void sb_log_seats_read(struct sb_log_seats *seats, const struct sb_event *event)
{
    struct sb_list_reader reader = sb_list_read(sb_record_bytes(&event->fields, SB_FIELD_SEATS));
    struct sb_bytes text;
    struct sb_seat seat;
    seats->count = 0;
    if (reader.left > seats->room) {
        sb_log_seats_finish(seats);
        seats->room = reader.left;
        seats->at = sb_alloc(seats->room, sizeof *seats->at);
    }
    while (sb_list_next(&reader, &text)) {
        if (sb_seat_read(text, &seat)) {
            seats->at[seats->count++] = (struct sb_log_seat){.org = seat.org, .text = text};
        }
    }
}

void sb_log_seats_finish(struct sb_log_seats *seats)
{
    free(seats->at);
    *seats = (struct sb_log_seats){0};
}

void sb_log_own_part(const struct sb_log_seats *seats, const struct sb_name *org,
                     struct sb_buf *buf)
{
    struct sb_list_writer own;
    sb_list_init(&own);
    for (size_t i = 0; i < seats->count; i++) {
        if (sb_name_equal(&seats->at[i].org, org)) {
            sb_list_add(&own, seats->at[i].text);
        }
    }
    struct sb_bytes list = own.count > 0 ? sb_list_bytes(&own) : (struct sb_bytes){0};
    if (list.size <= SB_OWN_SIZE_MAX) {
        sb_buf_add(buf, list);
    }
    sb_list_finish(&own);
}
