/* verify.c: the offline check of a whole store: that every row is what was signed, that every
 * received stream is whole from its first entry to the last one receipted, and that nothing is
 * there twice. It reads only; what it finds it counts, and keeps the first sentence. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

/* One incarnation of a received stream, as far as it was followed. */
struct run {
    struct sb_stream_name name;
    uint64_t incarnation;
    uint64_t seq;
    struct sb_hash head;
    bool ended; /* its row in RX was found and compared */
};

struct verify {
    struct sb_txn *txn;
    const struct sb_public_key *root;
    struct sb_verify_result *result;
    struct sb_known *known;
    struct run *run; /* sorted by run_compare */
    size_t run_count, run_room;
    uint64_t judged; /* the newest row that was */
};

static void fault(struct verify *verify, const struct sb_why *why)
{
    if (verify->result->faults++ == 0) {
        verify->result->first_fault = *why;
    }
}

static void row_fault(struct verify *verify, uint64_t index, struct sb_phrase what)
{
    struct sb_why why = {0};
    (void)sb_why_say(&why, SB_ERR_CORRUPT, "rad %llu: " SB_SV, "row %llu: " SB_EN,
                     (unsigned long long)index, SB_PAIR(what));
    fault(verify, &why);
}

static void run_fault(struct verify *verify, const struct run *run, uint64_t seq,
                      struct sb_phrase what)
{
    struct sb_why why = {0};
    (void)sb_why_say(
        &why, SB_ERR_CHAIN, "strömmen %s, %s, %s, inkarnation %016llx, post %llu: " SB_SV,
        "stream %s, %s, %s, incarnation %016llx, entry %llu: " SB_EN, run->name.agent.text,
        run->name.org.text, run->name.lane < SB_LANE_COUNT ? sb_lane_name(run->name.lane) : "?",
        (unsigned long long)run->incarnation, (unsigned long long)seq, SB_PAIR(what));
    fault(verify, &why);
}

static int run_compare(const struct run *a, const struct run *b)
{
    int order = strcmp(a->name.agent.text, b->name.agent.text);
    order = order != 0 ? order : strcmp(a->name.org.text, b->name.org.text);
    if (order != 0) {
        return order;
    }
    if (a->name.lane != b->name.lane) {
        return a->name.lane < b->name.lane ? -1 : 1;
    }
    if (a->incarnation != b->incarnation) {
        return a->incarnation < b->incarnation ? -1 : 1;
    }
    return 0;
}

/* Where `wanted` is, or where it belongs. */
static size_t run_position(const struct verify *verify, const struct run *wanted, bool *ret_found)
{
    size_t low = 0;
    size_t high = verify->run_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = run_compare(&verify->run[middle], wanted);
        if (order == 0) {
            *ret_found = true;
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret_found = false;
    return low;
}

static struct run *run_get(struct verify *verify, const struct sb_stream_name *name,
                           uint64_t incarnation)
{
    struct run wanted = {.name = *name, .incarnation = incarnation};
    bool found;
    size_t at = run_position(verify, &wanted, &found);
    if (found) {
        return &verify->run[at];
    }
    verify->run =
        sb_alloc_more(verify->run, verify->run_count, &verify->run_room, sizeof *verify->run);
    memmove(&verify->run[at + 1], &verify->run[at], (verify->run_count - at) * sizeof wanted);
    verify->run[at] = wanted;
    verify->run_count++;
    return &verify->run[at];
}

static void run_take(struct verify *verify, struct run *run, const struct sb_hash *id,
                     struct sb_bytes own, const struct sb_hash *head)
{
    struct sb_hash computed = sb_chain_next(&run->head, id, own);
    run->seq++;
    run->head = *head;
    verify->result->entries++;
    if (!sb_hash_equal(&computed, head)) {
        run_fault(verify, run, run->seq,
                  (struct sb_phrase){"hänger inte ihop med den föregående",
                                     "does not chain on to the one before"});
    }
}

/* Entries whose event was held already have no row in the log but one in RX. False where the next
 * one is neither. */
static bool run_take_repeat(struct verify *verify, struct run *run)
{
    struct sb_rx_repeat repeat;
    struct sb_log_row row;
    if (!sb_rx_repeat_get(verify->txn, &run->name, run->incarnation, run->seq + 1, &repeat)
        || !sb_log_get(verify->txn, repeat.index, &row)) {
        return false;
    }
    struct sb_hash id = sb_hash_one("event", row.sealed.header);
    run_take(verify, run, &id, repeat.own_differs ? repeat.own : row.own, &repeat.head);
    return true;
}

static void check_chain(struct verify *verify, const struct sb_log_row *row,
                        const struct sb_hash *id)
{
    struct sb_stream_name name = {
        .agent = row->stream_agent, .org = row->at.org, .lane = row->at.lane};
    struct run *run = run_get(verify, &name, row->at.incarnation);
    while (run->seq + 1 < row->at.seq && run_take_repeat(verify, run)) {
    }
    if (run->seq + 1 != row->at.seq) {
        run_fault(
            verify, run, run->seq + 1,
            (struct sb_phrase){"saknas, eller står i fel ordning", "is missing, or out of order"});
        run->seq = row->at.seq;
        run->head = row->at.head;
        return;
    }
    run_take(verify, run, id, row->own, &row->at.head);
}

/* The event itself, where it was accepted. False where it cannot be read. */
static bool check_event(struct verify *verify, const struct sb_log_row *row,
                        struct sb_event *ret_event)
{
    struct sb_why why = {0};
    enum sb_err err = sb_event_read(&row->sealed, ret_event, &why);
    if (row->verdict != SB_ERR_OK) {
        verify->result->refused += row->verdict != SB_ERR_ALREADY ? 1u : 0u;
        return err == SB_ERR_OK;
    }
    if (err == SB_ERR_OK) {
        err = sb_event_check_signature(&row->sealed, ret_event, verify->root, row->accepted_at,
                                       verify->known, &why);
        if (err != SB_ERR_OK && row->index > verify->judged && row->stream_agent.text[0] != '\0') {
            verify->result->refused++; /* as its agent will do */
            return true;
        }
        verify->result->signatures += err == SB_ERR_OK ? 1u : 0u;
        verify->result->erased += ret_event->facts_erased || ret_event->text_erased ? 1u : 0u;
    }
    if (err != SB_ERR_OK) {
        row_fault(verify, row->index, (struct sb_phrase){SB_WHY_PAIR(why)});
        return false;
    }
    return true;
}

static void check_row(struct verify *verify, uint64_t index)
{
    struct sb_log_row row;
    struct sb_event event = {0};
    verify->result->rows++;
    if (!sb_log_get(verify->txn, index, &row)) {
        row_fault(
            verify, index,
            (struct sb_phrase){"saknas eller kan inte läsas", "is missing or cannot be read"});
        return;
    }
    bool readable = check_event(verify, &row, &event);
    bool made_here = row.stream_agent.text[0] == '\0';
    struct sb_hash id = sb_hash_one("event", row.sealed.header);
    struct sb_name org = made_here ? sb_record_name(&event.fields, SB_FIELD_ORIGIN) : row.at.org;
    uint64_t first;
    if (made_here && !readable) {
        return; /* told above, and whose it is cannot be known */
    }
    if (!sb_log_find(verify->txn, &id, &org, &first)) {
        row_fault(verify, index,
                  (struct sb_phrase){"hittas inte på sitt id", "is not found by its id"});
    } else if (first != index && row.verdict != SB_ERR_ALREADY) {
        row_fault(verify, index,
                  (struct sb_phrase){"innehåller en post som redan finns i loggen",
                                     "holds an event that is in the log already"});
    }
    if (!made_here) {
        check_chain(verify, &row, &id);
    }
}

/* A row of RX that says where an incarnation ends: what was receipted must be there. */
static void check_end(struct verify *verify, const struct sb_stream_name *name,
                      const struct sb_rx_row *end)
{
    if (end->incarnation == 0 || end->seq == 0) {
        return;
    }
    struct run *run = run_get(verify, name, end->incarnation);
    while (run->seq < end->seq && run_take_repeat(verify, run)) {
    }
    run->ended = true;
    if (run->seq != end->seq || !sb_hash_equal(&run->head, &end->head)) {
        run_fault(verify, run, end->seq,
                  (struct sb_phrase){"är kvitterad, men loggen slutar på ett annat ställe",
                                     "was receipted, but the log ends elsewhere"});
    }
}

static void check_rx(struct verify *verify, struct sb_bytes key, struct sb_bytes value)
{
    struct sb_stream_name name;
    uint64_t incarnation;
    uint64_t seq;
    struct sb_record record;
    if (!sb_rx_key_read(key, &name, &incarnation, &seq) || !sb_row_read(value, &record)) {
        struct sb_why why = {0};
        (void)sb_why_say(&why, SB_ERR_CORRUPT, "en av mottagarens rader kan inte läsas",
                         "a receiver's row cannot be read");
        fault(verify, &why);
        return;
    }
    if (seq != 0) {
        const struct run *run = run_get(verify, &name, incarnation);
        if (run->seq < seq) {
            run_fault(verify, run, seq,
                      (struct sb_phrase){"ligger bortom strömmens slut",
                                         "is kept beyond the end of its stream"});
        }
        return;
    }
    struct sb_rx_row end = {
        .incarnation = sb_record_number(&record, SB_FIELD_INCARNATION),
        .seq = sb_record_number(&record, SB_FIELD_SEQ),
    };
    (void)sb_record_hash(&record, SB_FIELD_HEAD, &end.head);
    check_end(verify, &name, &end);
}

static void check_streams(struct verify *verify)
{
    struct sb_key from;
    struct sb_bytes key;
    struct sb_bytes value;
    sb_key_init(&from);
    sb_key_add_byte(&from, 0);
    while (sb_txn_seek(verify->txn, SB_TABLE_RX, sb_key_bytes(&from), &key, &value)) {
        sb_key_init(&from);
        sb_key_add(&from, key);
        sb_key_add_byte(&from, 0);
        check_rx(verify, key, value);
    }
    for (size_t i = 0; i < verify->run_count; i++) {
        if (!verify->run[i].ended) {
            run_fault(verify, &verify->run[i], verify->run[i].seq,
                      (struct sb_phrase){"hör till en ström som inte är känd här",
                                         "belongs to a stream that is not known here"});
        }
    }
    verify->result->streams = verify->run_count;
}

/* A broker's store has no such row: there all is judged. */
static uint64_t judged_read(struct sb_txn *txn)
{
    struct sb_bytes value;
    bool known = sb_txn_get(txn, SB_TABLE_META, sb_bytes_str(SB_LOG_JUDGED), &value);
    return known ? sb_txn_number(txn, SB_TABLE_META, SB_LOG_JUDGED) : UINT64_MAX;
}

void sb_log_verify(struct sb_txn *txn, const struct sb_public_key *root,
                   struct sb_verify_result *ret_result)
{
    struct sb_verify_result result = {0};
    struct verify verify = {.txn = txn,
                            .root = root,
                            .result = &result,
                            .known = sb_alloc(1, sizeof *verify.known),
                            .judged = judged_read(txn)};
    uint64_t next = sb_log_next_index(txn);
    for (uint64_t index = 1; index < next; index++) {
        check_row(&verify, index);
    }
    check_streams(&verify);
    free(verify.known);
    free(verify.run);
    *ret_result = result;
}
