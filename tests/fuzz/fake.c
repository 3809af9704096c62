/* fake.c: a peer without a log. It believes what it is told, and checks only that frames can be
 * read: what they may say is the core's to keep. */
#include "fake.h"

#include "entry.h"

#include <string.h>

#define EPOCH 7

void fake_init(struct fake *fake, bool broker, const char *const *orgs, unsigned org_count)
{
    memset(fake, 0, sizeof *fake);
    fake->broker = broker;
    fake->org_count = org_count;
    for (unsigned org = 0; org < org_count; org++) {
        fake->orgs[org] = sb_name(orgs[org]);
        for (unsigned lane = 0; lane < SB_LANE_COUNT; lane++) {
            fake->out[lane][org] = (struct sb_position){
                .org = fake->orgs[org], .lane = lane, .incarnation = 100 + lane};
            fake->in[lane][org] = (struct sb_position){.org = fake->orgs[org], .lane = lane};
        }
    }
}

void fake_finish(struct fake *fake)
{
    while (fake->count > 0) {
        sb_buf_finish(&fake->frame[--fake->count]);
    }
}

void fake_raw(struct fake *fake, struct sb_bytes bytes)
{
    if (fake->count < FAKE_FRAMES_MAX) {
        sb_buf_init(&fake->frame[fake->count], 2 * SB_FRAME_SIZE_HEARD_MAX);
        sb_buf_add(&fake->frame[fake->count++], bytes);
    }
}

bool fake_next(struct fake *fake, struct sb_buf *ret_frame)
{
    if (fake->count == 0) {
        return false;
    }
    *ret_frame = fake->frame[0];
    fake->count--;
    memmove(&fake->frame[0], &fake->frame[1], fake->count * sizeof fake->frame[0]);
    return true;
}

static void frame_send(struct fake *fake, const struct sb_frame *frame)
{
    struct sb_buf buf;
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_frame_write(frame, &buf);
    if (!buf.overflow) {
        fake_raw(fake, sb_buf_bytes(&buf));
    }
    sb_buf_finish(&buf);
}

static void positions_pack(const struct fake *fake, struct sb_position at[][FAKE_ORGS_MAX],
                           struct sb_buf *buf)
{
    sb_buf_init(buf, SB_FRAME_SIZE_MAX);
    sb_pack_array(buf, SB_LANE_COUNT * fake->org_count);
    for (unsigned lane = 0; lane < SB_LANE_COUNT; lane++) {
        for (unsigned org = 0; org < fake->org_count; org++) {
            sb_position_pack(buf, &at[lane][org]);
        }
    }
}

static void greeting_send(struct fake *fake, enum sb_frame_type type)
{
    struct sb_buf sending, holding;
    struct sb_list_writer orgs;
    sb_list_init(&orgs);
    for (unsigned org = 0; org < fake->org_count; org++) {
        sb_list_add(&orgs, sb_name_bytes(&fake->orgs[org]));
    }
    positions_pack(fake, fake->out, &sending);
    positions_pack(fake, fake->in, &holding);
    struct sb_frame frame = {.type = type,
                             .session = fake->session,
                             .epoch = EPOCH,
                             .orgs = sb_list_bytes(&orgs),
                             .sending = sb_buf_bytes(&sending),
                             .holding = sb_buf_bytes(&holding)};
    frame_send(fake, &frame);
    sb_buf_finish(&holding);
    sb_buf_finish(&sending);
    sb_list_finish(&orgs);
}

void fake_greet(struct fake *fake)
{
    greeting_send(fake, SB_FRAME_HELLO);
}

static struct sb_position *position_find(const struct fake *fake,
                                         struct sb_position at[][FAKE_ORGS_MAX],
                                         const struct sb_position *named)
{
    for (unsigned org = 0; org < fake->org_count; org++) {
        if (sb_name_equal(&fake->orgs[org], &named->org)) {
            return &at[named->lane][org];
        }
    }
    return NULL;
}

/* What the other end sends begins anew where its incarnation is another; what it holds of ours is
 * where we go on. */
static void greeting_take(struct fake *fake, const struct sb_frame *frame)
{
    struct sb_views views = sb_views_read(frame->sending);
    struct sb_position position;
    while (sb_position_next(&views, &position)) {
        struct sb_position *in = position_find(fake, fake->in, &position);
        if (in != NULL && in->incarnation != position.incarnation) {
            in->incarnation = position.incarnation;
            in->seq = 0;
            in->head = (struct sb_hash){{0}};
        }
    }
    views = sb_views_read(frame->holding);
    while (sb_position_next(&views, &position)) {
        struct sb_position *out = position_find(fake, fake->out, &position);
        if (out != NULL) {
            bool same = out->incarnation == position.incarnation;
            out->seq = same ? position.seq : 0;
            out->head = same ? position.head : (struct sb_hash){{0}};
        }
    }
}

static void data_take(struct fake *fake, const struct sb_frame *frame)
{
    struct sb_position *in = position_find(fake, fake->in, &frame->at);
    struct sb_views views = sb_views_read(frame->entries);
    struct sb_entry entry;
    if (in == NULL || in->incarnation != frame->at.incarnation) {
        return;
    }
    if (frame->at.seq == in->seq + 1 && sb_hash_equal(&frame->at.head, &in->head)) {
        while (sb_entry_next(&views, &entry)) {
            struct sb_hash id = sb_hash_one("event", entry.sealed.header);
            in->head = sb_chain_next(&in->head, &id, entry.own);
            in->seq++;
        }
    }
    struct sb_frame receipt = {.type = SB_FRAME_RECEIPT, .session = fake->session, .at = *in};
    frame_send(fake, &receipt);
}

static void ping_send(struct fake *fake, enum sb_frame_type type)
{
    struct sb_frame frame = {.type = type, .session = fake->session, .wall_ms = 1};
    frame_send(fake, &frame);
}

void fake_take(struct fake *fake, struct sb_bytes bytes)
{
    struct sb_frame frame;
    struct sb_why why = {0};
    enum sb_err err = sb_frame_read(bytes, &frame, &why);
    SB_ASSERT(err == SB_ERR_OK);
    switch (frame.type) {
    case SB_FRAME_HELLO:
        fake->session = (frame.session > fake->session ? frame.session : fake->session) + 1;
        greeting_take(fake, &frame);
        greeting_send(fake, SB_FRAME_WELCOME);
        return;
    case SB_FRAME_WELCOME:
        fake->session = frame.session;
        greeting_take(fake, &frame);
        ping_send(fake, SB_FRAME_PING);
        return;
    case SB_FRAME_DATA: data_take(fake, &frame); return;
    case SB_FRAME_PING: ping_send(fake, SB_FRAME_PONG); return;
    case SB_FRAME_RECEIPT:
    case SB_FRAME_PROOF:
    case SB_FRAME_PONG:
    case SB_FRAME_REFUSE: return;
    }
}

void fake_entry(struct fake *fake, unsigned lane, unsigned org, const struct sb_entry *entry)
{
    struct sb_position *out = &fake->out[lane % SB_LANE_COUNT][org % fake->org_count];
    struct sb_hash id = sb_hash_one("event", entry->sealed.header);
    struct sb_buf entries;
    sb_buf_init(&entries, SB_FRAME_SIZE_MAX);
    sb_pack_array(&entries, 1);
    entry_pack(&entries, entry);
    struct sb_frame frame = {.type = SB_FRAME_DATA,
                             .session = fake->session,
                             .at = *out,
                             .entries = sb_buf_bytes(&entries)};
    frame.at.seq++;
    struct sb_buf bytes;
    struct sb_frame again;
    sb_buf_init(&bytes, SB_FRAME_SIZE_MAX);
    sb_frame_write(&frame, &bytes);
    fake_raw(fake, sb_buf_bytes(&bytes));
    /* One that cannot be read is not taken, and the chain does not go on. */
    if (!bytes.overflow && sb_frame_read(sb_buf_bytes(&bytes), &again, NULL) == SB_ERR_OK) {
        out->seq++;
        out->head = sb_chain_next(&out->head, &id, entry->own);
    }
    sb_buf_finish(&bytes);
    sb_buf_finish(&entries);
}
