/* link_forge.c: frames that a peer which lies would send: each number is what is right, near it, or
 * whatever the input says. */
#include "entry.h"
#include "link_world.h"

#define POSITIONS_MAX 4

/* What `right` is, or something else. */
static uint64_t number_near(struct fuzz_input *input, uint64_t right)
{
    static const uint64_t edges[] = {
        0, 1, SB_SESSION_MAX, SB_SESSION_MAX - 1, UINT64_MAX / 2, UINT64_MAX};
    unsigned how = fuzz_byte(input);
    switch (how % 8) {
    case 0:
    case 1:
    case 2: return right;
    case 3: return right + 1;
    case 4: return right - 1;
    case 5: return right + fuzz_byte(input);
    case 6: return edges[how / 8 % COUNT_OF(edges)];
    case 7: return fuzz_u16(input);
    }
    return right;
}

/* A position of one of `to`'s streams: what it holds (`sent` false: what is receipted to it). */
static struct sb_position position_near(struct play *play, struct end *to, bool held,
                                        struct fuzz_input *input)
{
    static const char *const strange[] = {"lst-ab", "danderyd"};
    struct pair *pair = play->pair;
    struct sb_stream_name name = {.agent = pair->agent.config.agent};
    struct sb_position position = {.seq = 0};
    unsigned which = fuzz_byte(input);
    name.org = which % 16 == 15 ? sb_name(strange[which / 16 % 2]) : pair->orgs[which % 2];
    name.lane = which / 2 % SB_LANE_COUNT;
    struct sb_txn *txn = begin(to);
    struct sb_rx_row rx = sb_rx_row_get(txn, &name);
    struct sb_tx_row tx = {0};
    if (!held && sb_tx_row_get(txn, &name, &tx)) {
        rx = (struct sb_rx_row){.incarnation = tx.incarnation, .seq = tx.seq, .head = tx.head};
    }
    sb_store_abort(to->store, txn);
    position.org = name.org;
    position.lane = name.lane;
    position.incarnation = number_near(input, rx.incarnation);
    position.seq = number_near(input, rx.seq) % (UINT64_MAX / 2);
    position.head = rx.head;
    position.head.at[0] ^= fuzz_byte(input) % 8 == 7 ? 1 : 0;
    return position;
}

static void positions_pack(struct play *play, struct end *to, bool held, struct fuzz_input *input,
                           struct sb_buf *buf)
{
    unsigned count = fuzz_byte(input) % (POSITIONS_MAX + 1);
    sb_pack_array(buf, count);
    for (unsigned i = 0; i < count; i++) {
        struct sb_position position = position_near(play, to, held, input);
        sb_position_pack(buf, &position);
    }
}

/* Signed by the agent's machine key, or not. */
static void proof_make(struct play *play, struct sb_frame *frame, struct fuzz_input *input,
                       uint8_t signature[SB_SIGNATURE_SIZE], struct sb_buf *statement)
{
    sb_proof_statement_write(frame->session, frame->wall_ms, frame->holding, statement);
    frame->statement = sb_buf_bytes(statement);
    sb_sign(&play->pair->agent_party.machine, "proof", frame->statement, signature);
    signature[5] ^= fuzz_byte(input) % 8 == 7 ? 1 : 0;
    frame->signature = sb_bytes(signature, SB_SIGNATURE_SIZE);
}

static uint64_t session_of(struct play *play, const struct end *to)
{
    struct end *agent = &play->pair->agent;
    if (to->link != NULL && sb_link_session(to->link) != 0) {
        return sb_link_session(to->link);
    }
    struct sb_txn *txn = begin(agent);
    uint64_t last = sb_txn_number(txn, SB_TABLE_META, "session");
    sb_store_abort(agent->store, txn);
    return last;
}

static void orgs_pack(struct play *play, struct fuzz_input *input, struct sb_list_writer *orgs)
{
    unsigned which = fuzz_byte(input);
    for (unsigned i = 0; i < 2; i++) {
        if ((which & 1u << i) == 0) {
            sb_list_add(orgs, sb_name_bytes(&play->pair->orgs[i]));
        }
    }
    if (which % 16 == 15) {
        sb_list_add(orgs, sb_bytes_str("danderyd"));
    }
}

void play_forge_frame(struct play *play, struct end *to, struct fuzz_input *input)
{
    static const struct sb_why why = {.text = "no", .sv = "nej"};
    struct sb_list_writer orgs;
    struct sb_buf sending, holding, statement, bytes;
    uint8_t signature[SB_SIGNATURE_SIZE];
    struct sb_frame frame = {.type = (enum sb_frame_type)(1 + fuzz_byte(input) % 8)};
    sb_list_init(&orgs);
    sb_buf_init(&sending, SB_FRAME_SIZE_MAX);
    sb_buf_init(&holding, SB_FRAME_SIZE_MAX);
    sb_buf_init(&statement, SB_FRAME_SIZE_MAX);
    sb_buf_init(&bytes, SB_FRAME_SIZE_MAX);
    frame.session = number_near(input, session_of(play, to));
    frame.epoch = number_near(input, play->pair->broker.config.epoch);
    frame.wall_ms = number_near(input, play->pair->now.wall_ms);
    frame.err = (enum sb_err)(1 + fuzz_byte(input) % 255);
    frame.text = sb_bytes_str(why.text);
    orgs_pack(play, input, &orgs);
    frame.orgs = sb_list_bytes(&orgs);
    frame.at = position_near(play, to, frame.type == SB_FRAME_DATA, input);
    positions_pack(play, to, true, input, &sending);
    positions_pack(play, to, false, input, &holding);
    frame.sending = sb_buf_bytes(&sending);
    frame.holding = sb_buf_bytes(&holding);
    if (frame.type == SB_FRAME_PROOF) {
        proof_make(play, &frame, input, signature, &statement);
    }
    if (frame.type == SB_FRAME_DATA) {
        frame.entries = input->rest;
    }
    sb_frame_write(&frame, &bytes);
    play_send(to, sb_buf_bytes(&bytes));
    sb_buf_finish(&bytes);
    sb_buf_finish(&statement);
    sb_buf_finish(&holding);
    sb_buf_finish(&sending);
    sb_list_finish(&orgs);
}

void play_forge_entry(struct play *play, struct end *to, struct fuzz_input *input)
{
    static const uint8_t own[] = {0x91, 0xa8, 't', 'a', 'b', 'y', '/', 't', 'i', 'b'};
    struct sb_frame frame = {.type = SB_FRAME_DATA};
    struct sb_entry entry = {.own = {0}};
    struct sb_buf event, entries, bytes;
    unsigned how = fuzz_byte(input);
    unsigned count = 1 + how / 4 % 4;
    frame.session = session_of(play, to);
    frame.at = position_near(play, to, true, input);
    frame.at.seq++;
    if (how % 4 == 1) {
        entry.own = sb_bytes(own, sizeof own);
    } else if (how % 4 == 2) {
        entry.own = fuzz_take(input, fuzz_byte(input));
    }
    sb_buf_init(&event, 4 * SB_ENTRY_SIZE_MAX);
    sb_buf_init(&entries, SB_FRAME_SIZE_MAX);
    sb_buf_init(&bytes, SB_FRAME_SIZE_MAX);
    forge_event(input->rest, &event, &entry.sealed);
    sb_pack_array(&entries, count);
    for (unsigned i = 0; i < count; i++) {
        entry_pack(&entries, &entry);
    }
    frame.entries = sb_buf_bytes(&entries);
    sb_frame_write(&frame, &bytes);
    play_send(to, sb_buf_bytes(&bytes));
    sb_buf_finish(&bytes);
    sb_buf_finish(&entries);
    sb_buf_finish(&event);
}
