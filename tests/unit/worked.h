/* worked.h: for test_protocol_doc.c: bytes written out as a person can follow them, and the worked
 * example of PROTOCOL.md, made with fixed seeds. It prints what the code makes; it checks nothing.
 */
#ifndef WORKED_H
#define WORKED_H

#include "authority.h"
#include "entry.h"
#include "samband/control.h"
#include "samband/cursor.h"
#include "samband/frame.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static inline void say(struct sb_buf *doc, const char *format, ...) SB_PRINTF(2, 3);

static inline void say(struct sb_buf *doc, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    SB_ASSERT(size >= 0 && (size_t)size < sizeof text);
    sb_buf_add(doc, sb_bytes(text, (size_t)size));
}

/* Bytes that were shown before: named instead of shown again. */
struct known {
    const char *name;
    struct sb_bytes bytes;
};
#define KNOWN_MAX 12

/* One MessagePack value's head. */
struct form {
    size_t head; /* bytes before the payload, the first one included */
    size_t payload;
    unsigned children; /* values inside: of a map twice its pairs */
    bool map;
    char note[160];
};

#define DUMP_COLUMN    52
#define BYTES_PER_LINE 16

static inline size_t big_endian(const uint8_t *at, size_t size)
{
    size_t number = 0;
    for (size_t i = 0; i < size; i++) {
        number = number << 8 | at[i];
    }
    return number;
}

/* Only what Samband writes: uint, bool, nil, str, bin, array, map. */
static inline struct form form_of(struct sb_bytes rest)
{
    struct form form = {.head = 1};
    uint8_t first = rest.at[0];
    const uint8_t *next = rest.at + 1;
    if (first < 0x80) {
        (void)snprintf(form.note, sizeof form.note, "%u", first);
    } else if (first < 0x90) {
        form.children = 2u * (first & 0x0fu);
        form.map = true;
        (void)snprintf(form.note, sizeof form.note, "map of %u", first & 0x0fu);
    } else if (first < 0xa0 || first == 0xdc) {
        form.head = first < 0xa0 ? 1 : 3;
        form.children = first < 0xa0 ? first & 0x0fu : (unsigned)big_endian(next, 2);
        (void)snprintf(form.note, sizeof form.note, "array of %u", form.children);
    } else if (first < 0xc0 || (first >= 0xd9 && first <= 0xda)) {
        size_t width = first < 0xc0 ? 0 : (size_t)1 << (first - 0xd9u);
        form.head = 1 + width;
        form.payload = first < 0xc0 ? first & 0x1fu : big_endian(next, width);
        (void)snprintf(form.note, sizeof form.note, "\"%.*s\"", (int)form.payload,
                       (const char *)rest.at + form.head);
    } else if (first == 0xc2 || first == 0xc3) {
        (void)snprintf(form.note, sizeof form.note, "%s", first == 0xc2 ? "false" : "true");
    } else if (first >= 0xc4 && first <= 0xc6) {
        size_t width = (size_t)1 << (first - 0xc4);
        form.head = 1 + width;
        form.payload = big_endian(next, width);
        (void)snprintf(form.note, sizeof form.note, "bin of %zu", form.payload);
    } else if (first >= 0xcc && first <= 0xcf) {
        size_t width = (size_t)1 << (first - 0xcc);
        form.head = 1 + width;
        (void)snprintf(form.note, sizeof form.note, "%zu", big_endian(next, width));
    } else if (first == 0xde) {
        form.head = 3;
        form.map = true;
        form.children = 2 * (unsigned)big_endian(next, 2);
        (void)snprintf(form.note, sizeof form.note, "map of %u", form.children / 2);
    } else {
        SB_ASSERT(first == 0xc0); /* Samband writes nothing else */
        (void)snprintf(form.note, sizeof form.note, "nil");
    }
    return form;
}

/* One line: indentation, bytes, a note in its column. */
static inline void dump_line(struct sb_buf *doc, unsigned depth, struct sb_bytes bytes,
                             const char *note)
{
    char hex[3 * BYTES_PER_LINE + 1] = "";
    for (size_t i = 0; i < bytes.size; i++) {
        (void)snprintf(hex + 3 * i, 4, "%02x ", bytes.at[i]);
    }
    say(doc, "%*s%s", (int)(2 * depth), "", hex);
    if (note[0] != '\0') {
        int used = (int)(2 * depth + 3 * bytes.size);
        say(doc, "%*s%s", used < DUMP_COLUMN ? DUMP_COLUMN - used : 1, "", note);
    } else {
        doc->size--; /* the space after the last byte */
    }
    say(doc, "\n");
}

/* `bytes` over as many lines as they need; the note stands on the first. */
static inline void dump_bytes(struct sb_buf *doc, unsigned depth, struct sb_bytes bytes,
                              const char *note)
{
    do {
        size_t size = bytes.size < BYTES_PER_LINE ? bytes.size : BYTES_PER_LINE;
        dump_line(doc, depth, sb_bytes(bytes.at, size), note);
        bytes = sb_bytes(bytes.at + size, bytes.size - size);
        note = "";
    } while (bytes.size > 0);
}

struct dump {
    struct sb_buf *doc;
    const struct known *known; /* ended by a name of NULL */
    struct {
        unsigned left;
        bool map;
    } open[SB_DEPTH_MAX + 1];
    unsigned depth;
};

static inline const char *known_find(const struct dump *dump, struct sb_bytes payload)
{
    for (const struct known *known = dump->known; known->name != NULL; known++) {
        if (payload.size > 0 && sb_bytes_equal(known->bytes, payload)) {
            return known->name;
        }
    }
    return NULL;
}

/* The value that `lead` begins with, a map's key standing before it on the same line. */
static inline size_t dump_value(struct dump *dump, struct sb_bytes lead, size_t key_size)
{
    struct sb_bytes rest = sb_bytes(lead.at + key_size, lead.size - key_size);
    struct form form = form_of(rest);
    char note[256] = "";
    if (key_size > 0) {
        struct sb_cursor cursor = sb_cursor(lead);
        const struct sb_field_row *row = sb_field_find((unsigned)sb_cursor_uint(&cursor));
        (void)snprintf(note, sizeof note, "%s: ", row == NULL ? "?" : row->json);
    }
    size_t used = strlen(note);
    const char *name = known_find(dump, sb_bytes(rest.at + form.head, form.payload));
    unsigned depth = dump->depth;
    (void)snprintf(note + used, sizeof note - used, "%s%s%s", form.note, name == NULL ? "" : ": ",
                   name == NULL ? "" : name);
    if (name != NULL) {
        dump_bytes(dump->doc, depth, sb_bytes(lead.at, key_size + form.head), note);
    } else if (form.payload <= BYTES_PER_LINE - form.head - key_size) {
        dump_bytes(dump->doc, depth, sb_bytes(lead.at, key_size + form.head + form.payload), note);
    } else {
        dump_bytes(dump->doc, depth, sb_bytes(lead.at, key_size + form.head), note);
        dump_bytes(dump->doc, depth + 1, sb_bytes(rest.at + form.head, form.payload), "");
    }
    if (form.children > 0) {
        SB_ASSERT(dump->depth < SB_DEPTH_MAX);
        dump->depth++;
        dump->open[dump->depth].left = form.children;
        dump->open[dump->depth].map = form.map;
    }
    return key_size + form.head + form.payload;
}

/* Any number of values after each other, with what is inside them. */
static inline void dump(struct sb_buf *doc, struct sb_bytes bytes, const struct known *known)
{
    struct dump state = {.doc = doc, .known = known};
    say(doc, "```\n");
    while (bytes.size > 0) {
        while (state.depth > 0 && state.open[state.depth].left == 0) {
            state.depth--;
        }
        size_t key_size = 0;
        if (state.depth > 0) {
            bool map = state.open[state.depth].map;
            key_size = map ? form_of(bytes).head : 0;
            state.open[state.depth].left -= map ? 2 : 1;
        }
        size_t size = dump_value(&state, bytes, key_size);
        bytes = sb_bytes(bytes.at + size, bytes.size - size);
    }
    say(doc, "```\n");
}

static inline void say_hash(struct sb_buf *doc, const char *what, struct sb_bytes bytes)
{
    char hex[2 * SB_SIGNATURE_SIZE + 1];
    sb_hex_write(bytes, hex);
    say(doc, "%s `%s`\n", what, hex);
}

/* All that the example is made of. */
struct example {
    struct authority authority;
    struct party broker;
    struct sb_signer tib;
    struct sb_buf sealed_bytes, entries, frame, request, receipt;
    struct sb_sealed sealed;
    struct sb_event event;
    struct sb_buf own;
    struct sb_hash head;
};

static inline void example_seal(struct example *example)
{
    struct sb_name origin = sb_name("lst-ab"), forum = sb_name("rsf");
    struct sb_list_writer seats;
    sb_list_init(&seats);
    sb_list_add(&seats, sb_bytes_str("taby/tib"));
    sb_list_add(&seats, sb_bytes_str("~taby/kib:tib"));
    struct sb_list_writer audience;
    sb_list_init(&audience);
    sb_list_add(&audience, sb_bytes_str("taby"));
    struct sb_hash digest = sb_hash_one("audience", sb_list_bytes(&audience));
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_INFORMATION);
    sb_record_set_number(&fields, SB_FIELD_REALM, SB_REALM_EXERCISE);
    sb_record_set_number(&fields, SB_FIELD_ISSUED, AUTHORITY_NOW_MS);
    sb_record_set_number(&fields, SB_FIELD_ANSWER_BY, AUTHORITY_NOW_MS + SB_ANSWER_BY_DEFAULT_MS);
    sb_record_set_name(&fields, SB_FIELD_ORIGIN, &origin);
    sb_record_set_name(&fields, SB_FIELD_FORUM, &forum);
    sb_record_set_number(&fields, SB_FIELD_AUDIENCE_COUNT, 1);
    sb_record_set_hash(&fields, SB_FIELD_AUDIENCE_DIGEST, &digest);
    sb_record_set_bytes(&fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
    sb_record_set_text(&fields, SB_FIELD_TITLE, "Snöoväder");
    sb_record_set_text(&fields, SB_FIELD_TEXT, "Kraftigt snöfall från kl 03.");
    struct sb_entropy entropy = {.seed = {42}};
    struct sb_seal_by by = {.signer = &example->broker.realm[SB_REALM_EXERCISE],
                            .cert = sb_buf_bytes(&example->broker.cert)};
    struct sb_why why = {0};
    SB_ASSERT(sb_event_seal(&fields, &by, &entropy, &example->sealed_bytes, &example->sealed, &why)
              == SB_ERR_OK);
    SB_ASSERT(sb_event_read(&example->sealed, &example->event, &why) == SB_ERR_OK);
    SB_ASSERT(sb_event_check_signature(&example->sealed, &example->event,
                                       &example->authority.root.public_key, AUTHORITY_NOW_MS, NULL,
                                       &why)
              == SB_ERR_OK);
    sb_list_finish(&audience);
    sb_list_finish(&seats);
}

static inline void example_frames(struct example *example)
{
    sb_pack_array(&example->own, 2);
    sb_pack_str(&example->own, sb_bytes_str("taby/tib"));
    sb_pack_str(&example->own, sb_bytes_str("~taby/kib:tib"));
    struct sb_entry entry = {.sealed = example->sealed, .own = sb_buf_bytes(&example->own)};
    sb_pack_array(&example->entries, 1);
    entry_pack(&example->entries, &entry);
    struct sb_frame frame = {.type = SB_FRAME_DATA,
                             .session = 12,
                             .at = {.org = sb_name("taby"),
                                    .lane = sb_lane(SB_REALM_EXERCISE, SB_URGENT),
                                    .incarnation = 0x1f2e3d4c,
                                    .seq = 1},
                             .entries = sb_buf_bytes(&example->entries)};
    sb_frame_write(&frame, &example->frame);
    example->head = sb_chain_next(&frame.at.head, &example->event.id, entry.own);
    frame.type = SB_FRAME_RECEIPT;
    frame.at.head = example->head;
    sb_frame_write(&frame, &example->receipt);
}

static inline void example_request(struct example *example)
{
    const uint8_t id[SB_REQUEST_ID_SIZE] = {0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
                                            0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf};
    struct sb_name verb = sb_name("recall");
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_EVENT, "4711");
    sb_record_set_text(&args, SB_FIELD_REASON, "Fel forum");
    sb_request_write(id, &verb, &args, &example->tib, &example->request);
}

static inline void example_make(struct example *example)
{
    struct sb_buf *const bufs[] = {&example->sealed_bytes, &example->entries, &example->frame,
                                   &example->request,      &example->receipt, &example->own};
    for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++) {
        sb_buf_init(bufs[i], SB_FRAME_SIZE_MAX);
    }
    authority_init(&example->authority);
    party_keys(&example->broker, 20);
    party_enrol(&example->broker, &example->authority, SB_ROLE_BROKER, "lst-ab", "lst-ab");
    signer_from(60, &example->tib);
    example_seal(example);
    example_frames(example);
    example_request(example);
    for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++) {
        SB_ASSERT(!bufs[i]->overflow);
    }
}

static inline void example_finish(struct example *example)
{
    sb_buf_finish(&example->sealed_bytes);
    sb_buf_finish(&example->entries);
    sb_buf_finish(&example->frame);
    sb_buf_finish(&example->request);
    sb_buf_finish(&example->receipt);
    sb_buf_finish(&example->own);
    party_finish(&example->broker);
    authority_finish(&example->authority);
}

/* The bytes inside a certificate or a body that are themselves encoded. */
static inline struct sb_bytes inner_bin(struct sb_bytes bytes, unsigned skip)
{
    struct sb_cursor cursor = sb_cursor(bytes);
    for (unsigned i = 0; i < skip; i++) {
        (void)sb_cursor_array(&cursor, 5);
    }
    return sb_cursor_bin(&cursor, SB_BODY_SIZE_MAX);
}

static inline void say_keys(struct sb_buf *doc, const struct example *example)
{
    char fingerprint[40];
    sb_fingerprint(&example->authority.root.public_key, fingerprint);
    say(doc,
        "Keys come from seeds of 32 equal bytes: root `01`, the broker's machine, live, exercise"
        " and test\nkeys `14` to `17`, its transport secret `18`, the operator's live key"
        " `3c`.\n\n");
    say_hash(doc, "Root:", sb_bytes(example->authority.root.public_key.at, SB_KEY_SIZE));
    say(doc, "with the fingerprint `%s`.\n\n", fingerprint);
}

static inline void say_cert(struct sb_buf *doc, const struct example *example,
                            const struct known *known)
{
    struct sb_bytes cert = sb_buf_bytes(&example->broker.cert);
    struct sb_hash digest = sb_cert_digest(cert);
    say(doc, "**The broker's certificate**, signed by the root (no issuer's certificate):\n\n");
    dump(doc, cert, known);
    say(doc, "\nIts record:\n\n");
    dump(doc, inner_bin(cert, 1), known);
    say(doc, "\n");
    say_hash(doc, "Digest, hash(\"cert\", record, signature):", sb_hash_bytes(&digest));
}

static inline void say_event(struct sb_buf *doc, const struct example *example,
                             const struct known *known)
{
    struct sb_cursor cursor = sb_cursor(example->sealed.body);
    (void)sb_cursor_array(&cursor, 2);
    struct sb_bytes parts[2] = {sb_cursor_any(&cursor), sb_cursor_any(&cursor)};
    say(doc, "\n**An event**, an *information* in the exercise realm. Header:\n\n");
    dump(doc, example->sealed.header, known);
    say(doc, "\n");
    say_hash(doc, "id, hash(\"event\", header):", sb_hash_bytes(&example->event.id));
    say_hash(doc, "\nSignature, tag `event`, key `16`:", example->sealed.signature);
    say(doc, "\nBody:\n\n");
    dump(doc, example->sealed.body, known);
    for (unsigned i = 0; i < 2; i++) {
        struct sb_cursor part = sb_cursor(parts[i]);
        (void)sb_cursor_array(&part, 2);
        (void)sb_cursor_bin(&part, 16);
        say(doc, "\nThe map of its %s:\n\n", i == 0 ? "facts" : "text");
        dump(doc, sb_cursor_bin(&part, SB_BODY_SIZE_MAX), known);
    }
}

static inline void worked_write(struct sb_buf *doc)
{
    struct example *example = sb_alloc(1, sizeof *example);
    example_make(example);
    const struct known none[] = {{.name = NULL}};
    const struct known known[] = {
        {"the header above", example->sealed.header},
        {"the signature above", example->sealed.signature},
        {"the body above", example->sealed.body},
        {"the broker's certificate above", example->sealed.cert},
        {.name = NULL},
    };
    say_keys(doc, example);
    say_cert(doc, example, none);
    say_event(doc, example, none);
    say(doc, "\n**A DATA frame** with this event as the first entry of Täby's stream:\n\n");
    dump(doc, sb_buf_bytes(&example->frame), known);
    say(doc, "\n");
    say_hash(doc, "Chain head after it, hash(\"entry\", head before, id, own part):",
             sb_hash_bytes(&example->head));
    say(doc, "\n**The RECEIPT** for it:\n\n");
    dump(doc, sb_buf_bytes(&example->receipt), none);
    say(doc, "\n**A request**, `recall`, signed with tag `order` by key `3c` over the bytes after"
             " the first up to the\nlast of `args`:\n\n");
    dump(doc, sb_buf_bytes(&example->request), none);
    example_finish(example);
    free(example);
}

#endif
