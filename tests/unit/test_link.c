/* test_link.c: entries between the link's two ends back to back: stored once and in order,
 * receipted and proven, whatever is lost, repeated, altered or made up. Sessions are
 * test_link_session.c's, windows, time and crashes test_link_order.c's. */
#include "entry.h"
#include "linked.h"

static void test_flows_both_ways(void **state)
{
    struct pair *pair = *state;
    uint64_t index = publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    (void)publish(&pair->agent, SB_REALM_LIVE, SB_BULK);
    connect(pair);
    assert_int_equal(pair->agent.arrived_count, 1);
    assert_int_equal(pair->broker.arrived_count, 1);
    assert_int_equal(held(&pair->broker, 0, 0).log_index, index);
    assert_int_equal(held(&pair->agent, 0, 1).log_index, 1);
    assert_string_equal(pair->broker.traces, "send taby 1\nstore taby 1\n");
    assert_string_equal(pair->agent.traces, "store 1\nsend taby 1\n");

    for (unsigned i = 0; i < 3; i++) {
        index = publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    }
    settle(pair);
    assert_int_equal(pair->agent.arrived_count, 4);
    assert_non_null(strstr(pair->broker.traces, "send taby 2..4\n"));
    assert_non_null(strstr(pair->agent.traces, "store 2..4\n"));
    struct sb_held at_broker = held(&pair->broker, 0, 0);
    assert_int_equal(at_broker.log_index, index);
    assert_int_equal(at_broker.ring[0].log_index, 1);
    assert_int_equal(at_broker.ring[1].log_index, index);
    assert_int_equal(at_broker.ring[1].wall_ms, pair->now.wall_ms);
    assert_int_equal(at_broker.ring[2].log_index, 0);
    assert_int_equal(pair->broker.alarms + pair->agent.alarms, 0);
    assert_sound(&pair->broker);
    assert_sound(&pair->agent);
}

/* What is stored at the receiver is what was signed, with its own part and where it came from. */
static void test_row_is_as_sent(void **state)
{
    struct pair *pair = *state;
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    connect(pair);
    struct sb_log_row sent;
    struct sb_log_row got;
    struct sb_txn *at_broker = begin(&pair->broker);
    struct sb_txn *at_agent = begin(&pair->agent);
    assert_true(sb_log_get(at_broker, 1, &sent));
    assert_true(sb_log_get(at_agent, 1, &got));
    assert_true(sb_bytes_equal(sent.sealed.header, got.sealed.header));
    assert_true(sb_bytes_equal(sent.sealed.signature, got.sealed.signature));
    assert_true(sb_bytes_equal(sent.sealed.body, got.sealed.body));
    assert_true(sb_bytes_equal(sent.sealed.cert, got.sealed.cert));
    assert_string_equal(got.stream_agent.text, "taby-1");
    assert_string_equal(got.at.org.text, "taby");
    assert_int_equal(got.at.seq, 1);
    assert_int_equal(got.verdict, SB_ERR_OK);
    assert_true(sb_list_has(got.own, sb_bytes_str("taby/tib")));
    assert_int_equal(sb_list_count(got.own), 1);
    assert_int_equal(sent.stream_agent.text[0], '\0');
    sb_store_abort(pair->broker.store, at_broker);
    sb_store_abort(pair->agent.store, at_agent);
}

/* The same DATA twice, and a late copy of an older one: stored once, receipted each time. */
static void test_repeated_data(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    queue_add(&pair->agent.inbox, sb_buf_bytes(&pair->agent.inbox.frame[0]));
    struct sb_buf copy;
    sb_buf_init(&copy, SB_FRAME_SIZE_MAX);
    sb_buf_add(&copy, sb_buf_bytes(&pair->agent.inbox.frame[0]));
    settle(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    settle(pair);
    queue_add(&pair->agent.inbox, sb_buf_bytes(&copy));
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(waiting(&pair->broker, SB_FRAME_RECEIPT), 1);
    assert_int_equal(frame_at(&pair->broker, 0).at.seq, 2);
    settle(pair);
    assert_int_equal(pair->agent.arrived_count, 2);
    assert_int_equal(log_count(&pair->agent), 2);
    sb_buf_finish(&copy);
}

/* An entry in front is lost: what follows is not stored, what is held is receipted at once, and the
 * sender begins again there. */
static void test_gap(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(lose(&pair->agent, SB_FRAME_DATA), 1);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(pair->agent.last_err, SB_ERR_CHAIN);
    assert_int_equal(counter(&pair->agent, "link/gap"), 1);
    assert_int_equal(pair->agent.arrived_count, 0);
    assert_int_equal(waiting(&pair->broker, SB_FRAME_RECEIPT), 1);
    assert_int_equal(frame_at(&pair->broker, 0).at.seq, 0);
    settle(pair);
    assert_int_equal(pair->agent.arrived_count, 2);
    assert_int_equal(counter(&pair->broker, "link/again"), 1);
    assert_int_equal(counter(&pair->broker, "link/resend"), 0);
}

/* One entry as an encoded array. */
static void pack_entry(struct sb_buf *buf, const struct sb_sealed *sealed, struct sb_bytes own)
{
    struct sb_entry entry = {.sealed = *sealed, .own = own};
    sb_pack_array(buf, 1);
    entry_pack(buf, &entry);
}

static void test_broken_chain(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    struct sb_buf copy;
    sb_buf_init(&copy, SB_FRAME_SIZE_MAX);
    sb_buf_add(&copy, sb_buf_bytes(&pair->agent.inbox.frame[0]));
    queue_clear(&pair->agent.inbox);
    struct sb_frame frame;
    assert_int_equal(sb_frame_read(sb_buf_bytes(&copy), &frame, NULL), SB_ERR_OK);
    frame.at.head.at[31] ^= 1;
    forge(&pair->agent, &frame);
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(pair->agent.last_err, SB_ERR_CHAIN);
    assert_int_equal(counter(&pair->agent, "link/chain"), 1);
    assert_int_equal(pair->agent.arrived_count, 0);
    assert_int_equal(waiting(&pair->broker, SB_FRAME_RECEIPT), 1);
    settle(pair);
    assert_int_equal(pair->agent.arrived_count, 1);
    sb_buf_finish(&copy);
}

/* An overlap whose part that is held already was changed: what follows is not believed. */
static void test_broken_overlap(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    settle(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    struct sb_frame second = frame_at(&pair->agent, 0);
    struct sb_views views = sb_views_read(second.entries);
    struct sb_entry entry;
    assert_true(sb_entry_next(&views, &entry));
    struct sb_buf entries;
    sb_buf_init(&entries, SB_FRAME_SIZE_MAX);
    sb_pack_array(&entries, 2);
    entry_pack(&entries, &entry);
    entry_pack(&entries, &entry);
    struct sb_frame overlap = second;
    overlap.at.seq = 1;
    overlap.at.head = (struct sb_hash){0};
    overlap.entries = sb_buf_bytes(&entries);
    forge(&pair->agent, &overlap);
    sb_buf_finish(&entries);
    sb_buf_finish(&pair->agent.inbox.frame[0]);
    pair->agent.inbox.frame[0] = pair->agent.inbox.frame[1];
    pair->agent.inbox.count = 1;
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(pair->agent.last_err, SB_ERR_CHAIN);
    assert_int_equal(pair->agent.arrived_count, 1);
    settle(pair);
    assert_int_equal(pair->agent.arrived_count, 2);
    assert_sound(&pair->agent);
}

/* What no kind and no key stands behind is stored, receipted and told as a verdict; the alarm
 * behind it gets through. */
static void test_bad_events_do_not_block(void **state)
{
    static const uint8_t junk[] = {0xc1, 1, 2, 3};
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    struct sb_frame good = frame_at(&pair->agent, 0);
    struct sb_views views = sb_views_read(good.entries);
    struct sb_entry entry;
    assert_true(sb_entry_next(&views, &entry));

    struct sb_sealed opaque = entry.sealed;
    opaque.header = sb_bytes(junk, sizeof junk);
    struct sb_sealed altered = entry.sealed;
    altered.body = sb_bytes(junk, sizeof junk);
    struct sb_buf entries;
    sb_buf_init(&entries, SB_FRAME_SIZE_MAX);
    sb_pack_array(&entries, 2);
    struct sb_entry bad = {.sealed = opaque};
    entry_pack(&entries, &bad);
    bad.sealed = altered;
    entry_pack(&entries, &bad);
    struct sb_frame frame = good;
    frame.entries = sb_buf_bytes(&entries);
    forge(&pair->agent, &frame);
    sb_buf_finish(&entries);
    sb_buf_finish(&pair->agent.inbox.frame[0]);
    pair->agent.inbox.frame[0] = pair->agent.inbox.frame[1];
    pair->agent.inbox.count = 1;
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(pair->agent.last_err, SB_ERR_OK);
    assert_int_equal(pair->agent.arrived_count, 2);
    assert_int_equal(frame_at(&pair->broker, 0).at.seq, 2);
    struct sb_txn *txn = begin(&pair->agent);
    struct sb_log_row row;
    assert_true(sb_log_get(txn, 1, &row));
    assert_int_equal(row.verdict, SB_ERR_MALFORMED);
    assert_int_equal(row.sealed.header.size, sizeof junk);
    assert_true(sb_log_get(txn, 2, &row));
    assert_int_not_equal(row.verdict, SB_ERR_OK);
    sb_store_abort(pair->agent.store, txn);
    assert_int_equal(verify(&pair->agent).refused, 2);
    assert_sound(&pair->agent);
}

/* A kind that this version does not know is kept as it came. */
static void test_unknown_kind(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    struct sb_record fields = {0};
    struct sb_name origin = sb_name("lst-ab");
    struct sb_hash hash = {{9}};
    struct sb_buf header;
    struct sb_buf body;
    struct sb_buf entries;
    uint8_t nonce[16] = {1};
    uint8_t signature[SB_SIGNATURE_SIZE] = {0};
    sb_record_set_bytes(&fields, SB_FIELD_NONCE, sb_bytes(nonce, sizeof nonce));
    sb_record_set_number(&fields, SB_FIELD_KIND, 999);
    sb_record_set_number(&fields, SB_FIELD_REALM, SB_REALM_LIVE);
    sb_record_set_number(&fields, SB_FIELD_ISSUED, pair->now.wall_ms);
    sb_record_set_name(&fields, SB_FIELD_ORIGIN, &origin);
    sb_record_set_hash(&fields, SB_FIELD_FACTS_HASH, &hash);
    sb_record_set_hash(&fields, SB_FIELD_TEXT_HASH, &hash);
    sb_record_set_hash(&fields, SB_FIELD_SIGNER, &hash);
    sb_buf_init(&header, SB_HEADER_SIZE_MAX);
    sb_buf_init(&body, 16);
    sb_buf_init(&entries, SB_FRAME_SIZE_MAX);
    sb_record_write(&fields, SB_PARTS_HEADER, &header);
    sb_pack_array(&body, 2);
    sb_pack_nil(&body);
    sb_pack_nil(&body);
    struct sb_sealed sealed = {.header = sb_buf_bytes(&header),
                               .signature = sb_bytes(signature, sizeof signature),
                               .body = sb_buf_bytes(&body)};
    pack_entry(&entries, &sealed, (struct sb_bytes){0});

    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    struct sb_frame frame = frame_at(&pair->agent, 0);
    frame.entries = sb_buf_bytes(&entries);
    forge(&pair->agent, &frame);
    sb_buf_finish(&pair->agent.inbox.frame[0]);
    pair->agent.inbox.frame[0] = pair->agent.inbox.frame[1];
    pair->agent.inbox.count = 1;
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(pair->agent.arrived_count, 1);
    struct sb_txn *txn = begin(&pair->agent);
    struct sb_log_row row;
    assert_true(sb_log_get(txn, 1, &row));
    assert_int_equal(row.verdict, SB_ERR_UNKNOWN_KIND);
    assert_true(sb_bytes_equal(row.sealed.header, sb_buf_bytes(&header)));
    sb_store_abort(pair->agent.store, txn);
    assert_sound(&pair->agent);
    sb_buf_finish(&entries);
    sb_buf_finish(&body);
    sb_buf_finish(&header);
}

/* A receipt that says too much, or of another chain, another incarnation, another organisation:
 * nothing changes. */
static void test_lying_receipts(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    end_turn(&pair->agent, WHOLE);
    struct sb_frame honest = frame_at(&pair->broker, 0);
    assert_int_equal(honest.type, SB_FRAME_RECEIPT);
    struct sb_frame lies[5] = {honest, honest, honest, honest, honest};
    lies[0].at.seq = 2;
    lies[1].at.head.at[0] ^= 1;
    lies[2].at.incarnation ^= 1;
    lies[3].at.org = sb_name("solna");
    lies[4].at.seq = UINT64_MAX / 2;
    for (unsigned i = 0; i < 5; i++) {
        forge(&pair->broker, &lies[i]);
    }
    sb_buf_finish(&pair->broker.inbox.frame[0]);
    pair->broker.inbox.frame[0] = pair->broker.inbox.frame[--pair->broker.inbox.count];
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(counter(&pair->broker, "link/receipt-lie"), 5);
    assert_int_equal(held(&pair->broker, 0, 0).log_index, 0);
    forge(&pair->broker, &honest);
    run(pair, SB_RESEND_AFTER_MS);
    assert_int_equal(held(&pair->broker, 0, 0).log_index, 1);
}

/* The next entry is in the log and its head can be computed, but it was never sent. */
static void test_receipt_before_sending(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    struct sb_frame data = frame_at(&pair->agent, 0);
    struct sb_frame receipt = {.type = SB_FRAME_RECEIPT, .session = data.session, .at = data.at};
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    struct sb_txn *txn = begin(&pair->broker);
    struct sb_log_seats seats = {0};
    for (uint64_t index = 1; index <= 2; index++) {
        struct sb_log_row row;
        struct sb_event event;
        struct sb_buf own;
        assert_true(sb_log_get(txn, index, &row));
        assert_int_equal(sb_event_read(&row.sealed, &event, NULL), SB_ERR_OK);
        sb_buf_init(&own, SB_OWN_SIZE_MAX);
        sb_log_seats_read(&seats, &event);
        sb_log_own_part(&seats, &pair->orgs[0], &own);
        receipt.at.head = sb_chain_next(&receipt.at.head, &event.id, sb_buf_bytes(&own));
        receipt.at.seq = index;
        sb_buf_finish(&own);
    }
    sb_log_seats_finish(&seats);
    sb_store_abort(pair->broker.store, txn);
    forge(&pair->broker, &receipt);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(counter(&pair->broker, "link/receipt-lie"), 1);
    assert_int_equal(held(&pair->broker, 0, 0).log_index, 0);
    /* Once it was sent, the same receipt is the truth. */
    forge(&pair->broker, &receipt);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(held(&pair->broker, 0, 0).log_index, 2);
}

/* A receipt that overtakes a rewind: it names what was sent in this session, and counts. */
static void test_receipt_after_rewind(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    for (unsigned i = 0; i < 3; i++) {
        (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    }
    end_turn(&pair->broker, WHOLE);
    end_turn(&pair->agent, WHOLE);
    struct sb_frame receipt = frame_at(&pair->broker, 0);
    struct sb_frame again = receipt;
    again.at.seq = 0;
    again.at.head = (struct sb_hash){0};
    queue_clear(&pair->broker.inbox);
    forge(&pair->broker, &again);
    forge(&pair->broker, &receipt);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(counter(&pair->broker, "link/receipt-lie"), 0);
    assert_int_equal(counter(&pair->broker, "link/again"), 1);
    assert_int_equal(held(&pair->broker, 0, 0).log_index, 3);
    assert_int_equal(waiting(&pair->agent, SB_FRAME_DATA), 0);
}

static void test_proof(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    settle(pair);
    assert_int_equal(held(&pair->broker, 0, 0).log_index, 1);
    assert_int_equal(held(&pair->broker, 0, 0).proven_index, 0);
    assert_int_equal(sb_link_deadline_ms(pair->agent.link), pair->now.mono_ms + SB_PROOF_AFTER_MS);
    advance(pair, SB_PROOF_AFTER_MS);
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(waiting(&pair->broker, SB_FRAME_PROOF), 1);
    struct sb_frame proof = frame_at(&pair->broker, 0);
    assert_int_equal(proof.wall_ms, pair->now.wall_ms);
    uint8_t forged[SB_SIGNATURE_SIZE];
    memcpy(forged, proof.signature.at, sizeof forged);
    forged[7] ^= 1;
    struct sb_frame bad = proof;
    bad.signature = sb_bytes(forged, sizeof forged);
    struct sb_buf kept;
    sb_buf_init(&kept, SB_FRAME_SIZE_MAX);
    sb_buf_add(&kept, sb_buf_bytes(&pair->broker.inbox.frame[0]));
    forge(&pair->broker, &bad);
    sb_buf_finish(&pair->broker.inbox.frame[0]);
    pair->broker.inbox.frame[0] = pair->broker.inbox.frame[1];
    pair->broker.inbox.count = 1;
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(pair->broker.last_err, SB_ERR_SIGNATURE);
    assert_int_equal(counter(&pair->broker, "link/proof"), 1);
    assert_int_equal(held(&pair->broker, 0, 0).proven_index, 0);
    queue_add(&pair->broker.inbox, sb_buf_bytes(&kept));
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(held(&pair->broker, 0, 0).proven_index, 1);
    sb_buf_finish(&kept);
    run(pair, 3000);
    assert_int_equal(sb_link_deadline_ms(pair->agent.link) > pair->now.mono_ms + 200, true);
}

/* Under a steady flow the proof does not wait for idle time. */
static void test_proof_at_latest(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    for (unsigned i = 0; i < 12; i++) {
        (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
        settle(pair);
        advance(pair, 100);
    }
    settle(pair);
    assert_true(held(&pair->broker, 0, 0).proven_index >= 10);
}

/* A proof is for a broker; an agent takes none. */
static void test_agent_takes_no_proof(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    settle(pair);
    advance(pair, SB_PROOF_AFTER_MS);
    end_turn(&pair->agent, WHOLE);
    queue_add(&pair->agent.inbox, sb_buf_bytes(&pair->broker.inbox.frame[0]));
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(pair->agent.last_err, SB_ERR_SIGNATURE);
}

/* The times of the newest receipts are kept, the oldest go. */
static void test_receipt_ring(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    for (unsigned i = 0; i < SB_RECEIPT_RING + 1; i++) {
        (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
        advance(pair, 10);
        settle(pair);
    }
    struct sb_held at_broker = held(&pair->broker, 0, 0);
    assert_int_equal(at_broker.ring[0].log_index, 2);
    assert_int_equal(at_broker.ring[SB_RECEIPT_RING - 1].log_index, SB_RECEIPT_RING + 1);
    assert_int_equal(at_broker.ring[SB_RECEIPT_RING - 1].wall_ms, pair->now.wall_ms);
    assert_int_equal(at_broker.ring[0].wall_ms, pair->now.wall_ms - 10 * (SB_RECEIPT_RING - 1));
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, pair_make, pair_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ONE(test_flows_both_ways),
        ONE(test_row_is_as_sent),
        ONE(test_repeated_data),
        ONE(test_gap),
        ONE(test_broken_chain),
        ONE(test_broken_overlap),
        ONE(test_bad_events_do_not_block),
        ONE(test_unknown_kind),
        ONE(test_lying_receipts),
        ONE(test_receipt_before_sending),
        ONE(test_receipt_after_rewind),
        ONE(test_proof),
        ONE(test_proof_at_latest),
        ONE(test_agent_takes_no_proof),
        ONE(test_receipt_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
