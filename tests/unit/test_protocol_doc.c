/* test_protocol_doc.c: PROTOCOL.md's tables and worked bytes are what the code says. With the
 * argument --write it puts them into PROTOCOL.md instead of comparing. */
#include "check.h"
#include "worked.h"

#include <stdlib.h>
#include <string.h>

#define DOC_PATH     SB_SOURCE_DIR "/proto/PROTOCOL.md"
#define DOC_SIZE_MAX (1u << 20)

static void say_type(struct sb_buf *doc, const struct sb_field_row *row)
{
    switch (row->type) {
    case SB_TYPE_UINT: say(doc, "uint"); return;
    case SB_TYPE_BOOL: say(doc, "bool"); return;
    case SB_TYPE_TIME: say(doc, "time"); return;
    case SB_TYPE_ENUM: say(doc, "enum"); return;
    case SB_TYPE_NAME: say(doc, "name"); return;
    case SB_TYPE_TEXT: say(doc, "text ≤ %u", row->limit); return;
    case SB_TYPE_BYTES: say(doc, "bytes %s%u", row->limit == 32 ? "" : "≤ ", row->limit); return;
    case SB_TYPE_HASH: say(doc, "hash"); return;
    case SB_TYPE_LIST: say(doc, "list of text ≤ %u", row->limit); return;
    }
}

static const struct {
    enum sb_field field;
    const char *name;
} field_names[] = {
#define X(name, number, part, type, limit, json, sv, en) {SB_FIELD_##name, #name},
    SB_FIELDS(X)
#undef X
};

static void say_fields(struct sb_buf *doc)
{
    static const char *const parts[] = {[SB_PART_HEADER] = "header",
                                        [SB_PART_FACTS] = "facts",
                                        [SB_PART_TEXT] = "text",
                                        [SB_PART_LOCAL] = "local"};
    say(doc, "| no | field | part | type | JSON | svenska |\n|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < COUNT_OF(field_names); i++) {
        const struct sb_field_row *row = sb_field_find((unsigned)field_names[i].field);
        say(doc, "| %u | %s | %s | ", (unsigned)row->field, field_names[i].name, parts[row->part]);
        say_type(doc, row);
        say(doc, " | %s | %s |\n", row->json, row->sv);
    }
}

static void say_words(struct sb_buf *doc)
{
    say(doc, "| field | words |\n|---|---|\n");
    for (size_t i = 0; i < COUNT_OF(field_names); i++) {
        unsigned count = 0;
        const struct sb_word *words = sb_words(field_names[i].field, &count);
        if (count == 0) {
            continue;
        }
        say(doc, "| %s |", field_names[i].name);
        for (unsigned word = 0; word < count; word++) {
            say(doc, "%s %u %s", word == 0 ? "" : " ·", words[word].number, words[word].json);
        }
        say(doc, " |\n");
    }
}

static const char *name_of(enum sb_field field)
{
    for (size_t i = 0; i < COUNT_OF(field_names); i++) {
        if (field_names[i].field == field) {
            return field_names[i].name;
        }
    }
    return "?";
}

static void say_field_list(struct sb_buf *doc, const enum sb_field *list)
{
    for (unsigned i = 0; i < SB_KIND_FIELDS_MAX && list[i] != 0; i++) {
        say(doc, " %s", name_of(list[i]));
    }
    say(doc, " |");
}

static void say_kinds(struct sb_buf *doc)
{
    static const char *const by[] = {
        [SB_BY_BROKER] = "broker", [SB_BY_AGENT] = "agent", [SB_BY_ANY] = "any"};
    static const char *const asks[] = {[SB_ASKS_NOTHING] = "",
                                       [SB_ASKS_ACK] = "acknowledgement",
                                       [SB_ASKS_ATTENDANCE] = "attendance"};
    say(doc, "| no | kind | svenska | issued by | lane | rings | asks | needs | may have |\n"
             "|---|---|---|---|---|---|---|---|---|\n");
    const struct sb_kind_row *row;
    for (unsigned i = 0; (row = sb_kind_at(i)) != NULL; i++) {
        say(doc, "| %u | %s | %s | %s | %s | %s | %s |", (unsigned)row->kind, row->json, row->sv,
            by[row->by], row->urgency == SB_URGENT ? "urgent" : "bulk", row->rings ? "yes" : "",
            asks[row->asks]);
        say_field_list(doc, row->needs);
        say_field_list(doc, row->may);
        say(doc, "\n");
    }
}

/* Who sends a frame, and its items after version and type. */
static const struct frame_text {
    enum sb_frame_type type;
    unsigned items;
    const char *from;
    const char *text;
} frame_texts[] = {
    {SB_FRAME_HELLO, 6, "agent",
     "minor, last durable session, highest epoch seen, organisations, sending, holding, [known]"},
    {SB_FRAME_WELCOME, 5, "broker", "minor, session, epoch, sending, holding, [known]"},
    {SB_FRAME_DATA, 3, "either",
     "session, position before the first entry but with its sequence, "
     "entries"},
    {SB_FRAME_RECEIPT, 2, "either", "session, position held"},
    {SB_FRAME_PROOF, 2, "agent", "statement (bin), signature (bin 64, tag `proof`)"},
    {SB_FRAME_PING, 2, "either", "session, wall clock"},
    {SB_FRAME_PONG, 2, "either", "session, wall clock"},
    {SB_FRAME_REFUSE, 3, "either", "session or 0, error (1…255), sentence (str, §12)"},
};

/* The encoded items of a frame, to hold the table's numbers against. */
static unsigned items_written(enum sb_frame_type type)
{
    struct sb_frame frame = {.type = type, .at = {.org = sb_name("taby")}};
    struct sb_buf buf;
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_frame_write(&frame, &buf);
    unsigned items = buf.at[0] & 0x0fu;
    sb_buf_finish(&buf);
    return items;
}

static void say_frames(struct sb_buf *doc)
{
    say(doc, "| no | frame | from | items after version and type |\n|---|---|---|---|\n");
    for (size_t i = 0; i < COUNT_OF(frame_texts); i++) {
        const struct frame_text *text = &frame_texts[i];
        SB_ASSERT(items_written(text->type) == text->items + 2);
        say(doc, "| %u | %s | %s | %s |\n", (unsigned)text->type, sb_frame_name(text->type),
            text->from, text->text);
    }
}

static void say_verbs(struct sb_buf *doc)
{
    static const char *const verbs[] = {
#define X(name, text, where, writes, role) text,
        SB_VERBS(X)
#undef X
    };
    say(doc, "| verb | at | writes | least role at the broker |\n|---|---|---|---|\n");
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        const struct sb_verb_row *row = sb_verb_find(verbs[i]);
        bool broker = (row->where & SB_VERB_AT_B) != 0, agent = (row->where & SB_VERB_AT_A) != 0;
        say(doc, "| %s | %s%s%s%s | %s | %s |\n", row->text, broker ? "broker" : "",
            broker && agent ? ", " : "", agent ? "agent" : "",
            (row->where & SB_VERB_AT_C) != 0 ? "agent and channel" : "", row->writes ? "yes" : "",
            broker ? sb_word_find(SB_FIELD_ROLE, row->role)->json : "");
    }
}

static void say_errors(struct sb_buf *doc)
{
    say(doc, "| no | error | svenska | English |\n|---|---|---|---|\n");
#define X(name, number, json, sv, en) \
    say(doc, "| %d | %s | %s | %s |\n", (number), (json), (sv), (en));
    SB_ERRORS(X)
#undef X
}

#define L(name, unit, text)                           \
    {                                                 \
#name, (unsigned long long)(name), unit, text \
    }
static const struct {
    const char *name;
    unsigned long long value;
    const char *unit, *text;
} limits[] = {
    L(SB_NAME_SIZE_MAX, "bytes", "a name"),
    L(SB_SEAT_SIZE_MAX, "bytes", "a seat's text"),
    L(SB_TEXT_SIZE_MAX, "bytes", "one free text"),
    L(SB_TITLE_SIZE_MAX, "bytes", "a title"),
    L(SB_WHY_SIZE_MAX, "bytes", "a refusal's sentence, in one language"),
    L(SB_FRAME_SIZE_MAX, "bytes", "one message on the link or the control endpoint"),
    L(SB_FRAME_SIZE_HEARD_MAX, "bytes", "one that is still taken in, to be refused with a reason"),
    L(SB_HEADER_SIZE_MAX, "bytes", "an event's header"),
    L(SB_BODY_SIZE_MAX, "bytes", "an event's body"),
    L(SB_CERT_SIZE_MAX, "bytes", "a certificate with its issuer's"),
    L(SB_OWN_SIZE_MAX, "bytes", "an entry's own part"),
    L(SB_ORDER_SIZE_MAX, "bytes", "a request"),
    L(SB_LIST_COUNT_MAX, "texts", "one list field"),
    L(SB_DEPTH_MAX, "levels", "nesting of MessagePack that is stepped over"),
    L(SB_ORGS_PER_AGENT_MAX, "organisations",
      "one agent; a list of positions has six times as "
      "many"),
    L(SB_ENTRIES_PER_DATA_MAX, "entries", "one DATA frame"),
    L(SB_WINDOW_BYTES_URGENT, "bytes", "unreceipted in a session's urgent lanes"),
    L(SB_WINDOW_BYTES_BULK, "bytes", "unreceipted in its bulk lanes"),
    L(SB_PING_EVERY_MS, "ms", "between pings"),
    L(SB_SILENT_AFTER_MS, "ms", "without a frame: the session is over"),
    L(SB_HELLO_EVERY_MS, "ms", "between unanswered HELLOs"),
    L(SB_RESEND_AFTER_MS, "ms", "until DATA without receipt goes again"),
    L(SB_PROOF_AFTER_MS, "ms", "idle before what is held is signed"),
    L(SB_DRAIN_MS, "ms", "at most, before an agent wakes anybody after WELCOME"),
    L(SB_COMPLAIN_EVERY_MS, "ms",
      "between two answers, or log lines, about one reason of one peer"),
    L(SB_WORK_MAX, "units", "work that one agent may ask at once"),
    L(SB_WORK_PER_SECOND, "units a second", "and lastingly"),
    L(SB_KEPT_BYTES_MAX, "bytes", "entries that one agent may store at once"),
    L(SB_KEPT_BYTES_PER_HOUR, "bytes an hour", "and lastingly"),
    L(SB_MISDEED_SHOWN_MS, "ms", "that a misdeed stays on the board after the last one"),
    L(SB_STRANGERS_MANY, "connections", "without a key in one interval are many"),
    L(SB_STRANGERS_SHOWN_MS, "ms", "that the board tells of them after the last many"),
    L(SB_TOKEN_VALID_MS, "ms", "an invitation's life"),
    L(SB_CERT_EARLY_MS, "ms", "a certificate is believed this long before VALID_FROM"),
    L(SB_CERT_VALID_MS, "ms", "a certificate's life"),
    L(SB_REQUESTS_KEPT_MAX, "replies", "kept for a request id asked again"),
};
#undef L

static void say_limits(struct sb_buf *doc)
{
    say(doc, "| limit | value | unit | of |\n|---|---|---|---|\n");
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        say(doc, "| %s | %llu | %s | %s |\n", limits[i].name, limits[i].value, limits[i].unit,
            limits[i].text);
    }
}

static const struct section {
    const char *name;
    void (*write)(struct sb_buf *doc);
} sections[] = {
    {"fields", say_fields}, {"words", say_words},     {"kinds", say_kinds},
    {"frames", say_frames}, {"verbs", say_verbs},     {"errors", say_errors},
    {"limits", say_limits}, {"worked", worked_write},
};

static const char section_end[] = "<!-- end -->\n";

static char *doc_read(void)
{
    FILE *file = fopen(DOC_PATH, "rb");
    SB_ASSERT(file != NULL);
    char *text = sb_alloc(DOC_SIZE_MAX, 1);
    size_t size = fread(text, 1, DOC_SIZE_MAX - 1, file);
    SB_ASSERT(size < DOC_SIZE_MAX - 1 && ferror(file) == 0);
    (void)fclose(file);
    return text;
}

/* What stands between a section's two marks; NULL where they are not there. */
static const char *section_find(const char *text, const char *name, size_t *ret_size)
{
    char mark[80];
    (void)snprintf(mark, sizeof mark, "<!-- generated: %s -->\n", name);
    const char *begin = strstr(text, mark);
    const char *end = begin == NULL ? NULL : strstr(begin, section_end);
    if (end == NULL) {
        return NULL;
    }
    begin += strlen(mark);
    *ret_size = (size_t)(end - begin);
    return begin;
}

static void test_section(void **state)
{
    const struct section *section = *state;
    char *text = doc_read();
    size_t size = 0;
    const char *stands = section_find(text, section->name, &size);
    struct sb_buf made;
    sb_buf_init(&made, DOC_SIZE_MAX);
    section->write(&made);
    assert_false(made.overflow);
    assert_non_null(stands);
    if (!sb_bytes_equal(sb_bytes(stands, size), sb_buf_bytes(&made))) {
        fail_msg("PROTOCOL.md's section \"%s\" is not what the code says: run "
                 "test_protocol_doc --write and look at the difference",
                 section->name);
    }
    sb_buf_finish(&made);
    free(text);
}

static int doc_write(void)
{
    for (size_t i = 0; i < COUNT_OF(sections); i++) {
        char *text = doc_read();
        size_t size = 0;
        const char *stands = section_find(text, sections[i].name, &size);
        if (stands == NULL) {
            (void)fprintf(stderr, "no section %s\n", sections[i].name);
            free(text);
            return 1;
        }
        struct sb_buf made;
        sb_buf_init(&made, DOC_SIZE_MAX);
        sb_buf_add(&made, sb_bytes(text, (size_t)(stands - text)));
        sections[i].write(&made);
        sb_buf_add(&made, sb_bytes_str(stands + size));
        FILE *file = fopen(DOC_PATH, "wb");
        SB_ASSERT(file != NULL && fwrite(made.at, 1, made.size, file) == made.size);
        SB_ASSERT(fclose(file) == 0);
        sb_buf_finish(&made);
        free(text);
    }
    return 0;
}

int main(int count, char **argument)
{
    if (count == 2 && strcmp(argument[1], "--write") == 0) {
        return doc_write();
    }
    struct CMUnitTest tests[COUNT_OF(sections)];
    for (size_t i = 0; i < COUNT_OF(sections); i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(test_section, NULL);
        tests[i].name = sections[i].name;
        tests[i].initial_state = (void *)(uintptr_t)&sections[i];
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
