/* frame.c: reading and writing the link's frames. Reading checks everything that has a form, down
 * to every position and entry, so that who uses a frame only asks what it means. It keeps nothing,
 * allocates nothing and knows no session. */
#include "samband/frame.h"

#include "samband/cursor.h"

#define FRAME_ITEMS_MAX 32 /* of a frame's array: eight are used, the rest is the future's */
#define SEQ_MAX         (UINT64_MAX / 2) /* no stream gets there; sums of two cannot overflow */
#define ERR_NUMBER_MAX  255
#define POSITIONS_MAX   (SB_ORGS_PER_AGENT_MAX * SB_LANE_COUNT)

const char *sb_frame_name(enum sb_frame_type type)
{
    switch (type) {
#define X(name, number) \
    case SB_FRAME_##name: return #name;
        SB_FRAMES(X)
#undef X
    }
    return "?";
}

static bool position_read(struct sb_cursor *cursor, struct sb_position *ret)
{
    struct sb_position position = {0};
    unsigned items = sb_cursor_array(cursor, FRAME_ITEMS_MAX);
    struct sb_bytes org = sb_cursor_str(cursor, SB_NAME_SIZE_MAX);
    uint64_t lane = sb_cursor_uint(cursor);
    position.incarnation = sb_cursor_uint(cursor);
    position.seq = sb_cursor_uint(cursor);
    struct sb_bytes head = sb_cursor_bin(cursor, SB_HASH_SIZE);
    if (cursor->failed || items < 5 || !sb_name_read(org, &position.org) || lane >= SB_LANE_COUNT
        || position.seq > SEQ_MAX || !sb_hash_read(head, &position.head)) {
        return false;
    }
    for (unsigned extra = 5; extra < items; extra++) {
        (void)sb_cursor_any(cursor);
    }
    position.lane = (unsigned)lane;
    *ret = position;
    return !cursor->failed;
}

static bool entry_read(struct sb_cursor *cursor, struct sb_entry *ret)
{
    unsigned items = sb_cursor_array(cursor, FRAME_ITEMS_MAX);
    struct sb_entry entry = {
        .sealed.header = sb_cursor_bin(cursor, SB_HEADER_SIZE_MAX),
    };
    entry.sealed.signature = sb_cursor_bin(cursor, SB_SIGNATURE_SIZE);
    entry.sealed.body = sb_cursor_bin(cursor, SB_BODY_SIZE_MAX);
    entry.sealed.cert = sb_cursor_bin(cursor, SB_CERT_SIZE_MAX);
    entry.own = sb_cursor_bin(cursor, SB_OWN_SIZE_MAX);
    if (cursor->failed || items < 5 || entry.sealed.header.size == 0
        || entry.sealed.signature.size != SB_SIGNATURE_SIZE) {
        return false;
    }
    for (unsigned extra = 5; extra < items; extra++) {
        (void)sb_cursor_any(cursor);
    }
    *ret = entry;
    return !cursor->failed;
}

struct sb_views sb_views_read(struct sb_bytes encoded)
{
    if (encoded.size == 0) {
        return (struct sb_views){0};
    }
    struct sb_cursor cursor = sb_cursor(encoded);
    unsigned count = sb_cursor_array(&cursor, POSITIONS_MAX);
    if (cursor.failed) {
        return (struct sb_views){0};
    }
    return (struct sb_views){.rest = cursor.rest, .left = count};
}

/* The two below end the iteration where the bytes are not what sb_frame_read has checked: a
 * caller's slip then loses a position, never the process. */
bool sb_position_next(struct sb_views *views, struct sb_position *ret)
{
    if (views->left == 0) {
        return false;
    }
    struct sb_cursor cursor = sb_cursor(views->rest);
    bool good = position_read(&cursor, ret);
    views->rest = cursor.rest;
    views->left = good ? views->left - 1 : 0;
    return good;
}

bool sb_entry_next(struct sb_views *views, struct sb_entry *ret)
{
    if (views->left == 0) {
        return false;
    }
    struct sb_cursor cursor = sb_cursor(views->rest);
    bool good = entry_read(&cursor, ret);
    views->rest = cursor.rest;
    views->left = good ? views->left - 1 : 0;
    return good;
}

/* The three kinds of array inside a frame: how many, and that each item has its form. */
enum array_of {
    OF_NAMES,
    OF_POSITIONS,
    OF_ENTRIES
};
static const unsigned array_count_max[] = {
    [OF_NAMES] = SB_ORGS_PER_AGENT_MAX,
    [OF_POSITIONS] = POSITIONS_MAX,
    [OF_ENTRIES] = SB_ENTRIES_PER_DATA_MAX,
};

static bool item_is_good(struct sb_cursor *cursor, enum array_of of)
{
    struct sb_name name;
    struct sb_position position;
    struct sb_entry entry;
    switch (of) {
    case OF_NAMES: return sb_name_read(sb_cursor_str(cursor, SB_NAME_SIZE_MAX), &name);
    case OF_POSITIONS: return position_read(cursor, &position);
    case OF_ENTRIES: return entry_read(cursor, &entry);
    }
    return false;
}

/* A frame under reading: the first thing that was wrong stays. */
struct reader {
    struct sb_cursor cursor;
    const char *wrong; /* NULL while all is well */
};

static void reader_check(struct reader *reader, bool good, const char *what)
{
    if (!good && reader->wrong == NULL) {
        reader->wrong = what;
    }
}

static struct sb_bytes reader_array(struct reader *reader, enum array_of of, const char *what)
{
    struct sb_bytes encoded = reader->cursor.rest;
    unsigned count = sb_cursor_array(&reader->cursor, array_count_max[of]);
    bool good = !reader->cursor.failed;
    for (unsigned i = 0; good && i < count; i++) {
        good = item_is_good(&reader->cursor, of);
    }
    reader_check(reader, good, what);
    if (!good) {
        return (struct sb_bytes){0};
    }
    encoded.size -= reader->cursor.rest.size;
    return encoded;
}

/* Items that a frame may lack: an older end's has fewer. */
static void read_optional(struct reader *reader, struct sb_frame *frame, unsigned *extra)
{
    if ((frame->type == SB_FRAME_HELLO || frame->type == SB_FRAME_WELCOME) && *extra > 0) {
        frame->known = reader_array(reader, OF_POSITIONS, "the positions that are known");
        (*extra)--;
    }
}

static void read_greeting(struct reader *reader, struct sb_frame *frame)
{
    frame->minor = sb_cursor_uint(&reader->cursor);
    frame->session = sb_cursor_uint(&reader->cursor);
    frame->epoch = sb_cursor_uint(&reader->cursor);
    if (frame->type == SB_FRAME_HELLO) {
        frame->orgs = reader_array(reader, OF_NAMES, "the organisations spoken for");
    }
    frame->sending = reader_array(reader, OF_POSITIONS, "the positions of what is sent");
    frame->holding = reader_array(reader, OF_POSITIONS, "the positions of what is held");
}

static void read_stream(struct reader *reader, struct sb_frame *frame)
{
    frame->session = sb_cursor_uint(&reader->cursor);
    reader_check(reader, position_read(&reader->cursor, &frame->at), "the position");
    if (frame->type == SB_FRAME_DATA) {
        frame->entries = reader_array(reader, OF_ENTRIES, "the entries");
        reader_check(reader, sb_views_read(frame->entries).left > 0,
                     "the entries (there are none)");
    }
}

static void read_proof(struct reader *reader, struct sb_frame *frame)
{
    frame->statement = sb_cursor_bin(&reader->cursor, SB_FRAME_SIZE_MAX);
    frame->signature = sb_cursor_bin(&reader->cursor, SB_SIGNATURE_SIZE);
    reader_check(reader, frame->signature.size == SB_SIGNATURE_SIZE, "the signature");
    struct reader inner = {.cursor = sb_cursor(frame->statement)};
    unsigned items = sb_cursor_array(&inner.cursor, FRAME_ITEMS_MAX);
    frame->session = sb_cursor_uint(&inner.cursor);
    frame->wall_ms = sb_cursor_uint(&inner.cursor);
    frame->holding = reader_array(&inner, OF_POSITIONS, "the positions of what is held");
    for (unsigned extra = 3; extra < items; extra++) {
        (void)sb_cursor_any(&inner.cursor);
    }
    reader_check(&inner, items >= 3 && sb_cursor_done(&inner.cursor), "the statement");
    reader_check(reader, inner.wrong == NULL, inner.wrong);
}

static void read_ping(struct reader *reader, struct sb_frame *frame)
{
    frame->session = sb_cursor_uint(&reader->cursor);
    frame->wall_ms = sb_cursor_uint(&reader->cursor);
}

static void read_refuse(struct reader *reader, struct sb_frame *frame)
{
    frame->session = sb_cursor_uint(&reader->cursor);
    uint64_t number = sb_cursor_uint(&reader->cursor);
    reader_check(reader, number > 0 && number <= ERR_NUMBER_MAX, "the error's number");
    frame->err = (enum sb_err)(unsigned)(number & ERR_NUMBER_MAX);
    frame->text = sb_cursor_str(&reader->cursor, 2 * SB_WHY_SIZE_MAX);
    reader_check(reader, sb_bytes_is_text(frame->text), "the sentence");
}

/* Items of a frame of each type, version and type included, and who reads those after them. */
static const struct frame_form {
    unsigned items;
    void (*read)(struct reader *reader, struct sb_frame *frame);
} forms[] = {
    [SB_FRAME_HELLO] = {8, read_greeting}, [SB_FRAME_WELCOME] = {7, read_greeting},
    [SB_FRAME_DATA] = {5, read_stream},    [SB_FRAME_RECEIPT] = {4, read_stream},
    [SB_FRAME_PROOF] = {4, read_proof},    [SB_FRAME_PING] = {4, read_ping},
    [SB_FRAME_PONG] = {4, read_ping},      [SB_FRAME_REFUSE] = {5, read_refuse},
};

enum sb_err sb_frame_read(struct sb_bytes bytes, struct sb_frame *ret_frame, struct sb_why *why)
{
    struct reader reader = {.cursor = sb_cursor(bytes)};
    unsigned items = sb_cursor_array(&reader.cursor, FRAME_ITEMS_MAX);
    uint64_t major = sb_cursor_uint(&reader.cursor);
    bool versioned = !reader.cursor.failed;
    if (versioned && major > SB_PROTOCOL_MAJOR) {
        return sb_why_say(
            why, SB_ERR_VERSION,
            "meddelande av protokollversion %llu; den som svarar talar version %d och måste "
            "uppgraderas först",
            "a frame of protocol version %llu; this end speaks version %d and must be "
            "upgraded first",
            (unsigned long long)major, SB_PROTOCOL_MAJOR);
    }
    if (bytes.size > SB_FRAME_SIZE_MAX) {
        return sb_why_say(why, SB_ERR_TOO_LARGE,
                          "ett meddelande på %zu byte, högst %d är tillåtna; skicka färre poster i "
                          "varje",
                          "a frame of %zu bytes, at most %d are allowed; send fewer entries in one",
                          bytes.size, SB_FRAME_SIZE_MAX);
    }
    if (!versioned || major == 0) {
        return sb_why_say(why, SB_ERR_MALFORMED,
                          "detta är inget meddelande i Sambands protokoll (%zu byte)",
                          "not a Samband frame (%zu bytes)", bytes.size);
    }
    uint64_t type = sb_cursor_uint(&reader.cursor);
    if (reader.cursor.failed || type == 0 || type >= sizeof forms / sizeof forms[0]) {
        return sb_why_say(why, SB_ERR_MALFORMED,
                          "meddelande av den okända sorten %llu; uppgradera den äldre sidan",
                          "a frame of the unknown type %llu; upgrade the older end",
                          (unsigned long long)type);
    }
    struct sb_frame frame = {.type = (enum sb_frame_type)(unsigned)type};
    const struct frame_form *form = &forms[type];
    reader_check(&reader, items >= form->items, "its number of items");
    form->read(&reader, &frame);
    unsigned extra = items > form->items ? items - form->items : 0;
    read_optional(&reader, &frame, &extra);
    for (; extra > 0; extra--) {
        (void)sb_cursor_any(&reader.cursor);
    }
    reader_check(&reader, sb_cursor_done(&reader.cursor), "its bytes");
    if (reader.wrong != NULL) {
        return sb_why_say(
            why, SB_ERR_MALFORMED,
            "meddelandet %s på %zu byte kan inte läsas%.0s; uppgradera den äldre sidan",
            "a %s frame of %zu bytes: %s cannot be read; upgrade the older end",
            sb_frame_name(frame.type), bytes.size, reader.wrong);
    }
    *ret_frame = frame;
    return SB_ERR_OK;
}

static void array_write(struct sb_buf *buf, struct sb_bytes encoded)
{
    if (encoded.size == 0) {
        sb_pack_array(buf, 0);
    } else {
        sb_buf_add(buf, encoded);
    }
}

void sb_frame_write(const struct sb_frame *frame, struct sb_buf *buf)
{
    SB_ASSERT((unsigned)frame->type < sizeof forms / sizeof forms[0]
              && forms[frame->type].items > 0);
    sb_pack_array(buf, forms[frame->type].items + (frame->known.size > 0 ? 1u : 0u));
    sb_pack_uint(buf, SB_PROTOCOL_MAJOR);
    sb_pack_uint(buf, (uint64_t)frame->type);
    switch (frame->type) {
    case SB_FRAME_HELLO:
    case SB_FRAME_WELCOME:
        sb_pack_uint(buf, frame->minor);
        sb_pack_uint(buf, frame->session);
        sb_pack_uint(buf, frame->epoch);
        if (frame->type == SB_FRAME_HELLO) {
            array_write(buf, frame->orgs);
        }
        array_write(buf, frame->sending);
        array_write(buf, frame->holding);
        if (frame->known.size > 0) {
            sb_buf_add(buf, frame->known);
        }
        return;
    case SB_FRAME_DATA:
    case SB_FRAME_RECEIPT:
        sb_pack_uint(buf, frame->session);
        sb_position_pack(buf, &frame->at);
        if (frame->type == SB_FRAME_DATA) {
            array_write(buf, frame->entries);
        }
        return;
    case SB_FRAME_PROOF:
        sb_pack_bin(buf, frame->statement);
        sb_pack_bin(buf, frame->signature);
        return;
    case SB_FRAME_PING:
    case SB_FRAME_PONG:
        sb_pack_uint(buf, frame->session);
        sb_pack_uint(buf, frame->wall_ms);
        return;
    case SB_FRAME_REFUSE:
        sb_pack_uint(buf, frame->session);
        sb_pack_uint(buf, (uint64_t)frame->err);
        sb_pack_str(buf, frame->text);
        return;
    }
}

void sb_proof_statement_write(uint64_t session, uint64_t wall_ms, struct sb_bytes holding,
                              struct sb_buf *buf)
{
    sb_pack_array(buf, 3);
    sb_pack_uint(buf, session);
    sb_pack_uint(buf, wall_ms);
    array_write(buf, holding);
}

void sb_position_pack(struct sb_buf *buf, const struct sb_position *position)
{
    sb_pack_array(buf, 5);
    sb_pack_str(buf, sb_name_bytes(&position->org));
    sb_pack_uint(buf, position->lane);
    sb_pack_uint(buf, position->incarnation);
    sb_pack_uint(buf, position->seq);
    sb_pack_bin(buf, sb_hash_bytes(&position->head));
}

void sb_entry_pack_sealed(struct sb_buf *buf, const struct sb_sealed *sealed)
{
    sb_pack_array(buf, 5);
    sb_pack_bin(buf, sealed->header);
    sb_pack_bin(buf, sealed->signature);
    sb_pack_bin(buf, sealed->body);
    sb_pack_bin(buf, sealed->cert);
}

struct sb_hash sb_chain_next(const struct sb_hash *head, const struct sb_hash *id,
                             struct sb_bytes own)
{
    const struct sb_bytes parts[] = {sb_hash_bytes(head), sb_hash_bytes(id), own};
    return sb_hash_parts("entry", parts, sizeof parts / sizeof parts[0]);
}
