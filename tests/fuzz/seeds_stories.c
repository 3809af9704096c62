/* seeds_stories.c: first inputs of the targets that play a story: of a link, of the broker's core,
 * of an agent's. The numbers of their steps are target_link.c's, target_broker.c's and
 * target_agent.c's. */
#include "forge.h"
#include "fuzz.h"
#include "linked.h"
#include "samband/control.h"
#include "samband/kinds.h"
#include "seeds.h"

/* ---- stories of a link: the numbers are target_link.c's steps ---- */

static void story_write(const char *target, const char *name, const char *const *steps,
                        size_t count)
{
    struct sb_buf buf;
    sb_buf_init(&buf, SB_ROW_SIZE_MAX);
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[64];
        size_t size = strlen(steps[i]) / 2;
        assert_true(size >= 1 && size <= sizeof bytes);
        assert_true(sb_hex_read(sb_bytes_str(steps[i]), bytes, size));
        fuzz_step_write(&buf, bytes[0], sb_bytes(bytes + 1, size - 1));
    }
    seed_write(target, name, -1, sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
}

static void link_event_seed(void)
{
    static const uint8_t head[] = {0, 0, 0, 0, 0}; /* own part none; position as it is */
    struct sb_buf step, steps;
    struct sb_sealed sealed;
    struct sb_buf event;
    struct pair *pair = pair_new(1);
    sb_buf_init(&event, SB_ENTRY_SIZE_MAX);
    sb_buf_init(&step, SB_ROW_SIZE_MAX);
    sb_buf_init(&steps, SB_ROW_SIZE_MAX);
    seal_event(&pair->broker, SB_REALM_LIVE, SB_URGENT, "snö", &event, &sealed);
    fuzz_step_write(&steps, 10, sb_bytes(NULL, 0));
    fuzz_step_write(&steps, 12, sb_bytes("\3", 1));
    sb_buf_add_byte(&step, 1);
    sb_buf_add(&step, sb_bytes(head, sizeof head));
    forge_parts(&sealed, 0, &step);
    fuzz_step_write(&steps, 9, sb_buf_bytes(&step));
    fuzz_step_write(&steps, 12, sb_bytes("\2", 1));
    seed_write("link", "entry", -1, sb_buf_bytes(&steps));
    sb_buf_finish(&steps);
    sb_buf_finish(&step);
    sb_buf_finish(&event);
    pair_destroy(pair);
}

static void link_seeds(void)
{
    static const char *const whole[] = {"0a", "020008", "020101", "0c04", "0113ff", "0c03"};
    static const char *const cut[] = {"0a",     "0c03", "020009", "0200", "00",
                                      "050100", "0c02", "0b01",   "0a",   "0c04"};
    static const char *const old[] = {"0a", "0c03", "0d01", "0200", "0c03", "0e01", "0a", "0c06"};
    static const char *const older[] = {"0a",   "0c03", "0d00", "020008", "020101", "0c03",
                                        "0e00", "0a",   "0c06", "0200",   "0c02"};
    static const char *const lies[] = {
        "0a",   "0c03",
        "0200", "08000000000000000003000000000000000000000000000000000000",
        "0c02", "0801010000000000000000000000000000000000000000000000000000",
        "0c02", "08000400000000000000000000000000000000",
        "0c02"};
    static const char *const changed[] = {"0a", "0400000010ff", "0c03", "0200",
                                          "00", "040100002001", "0c03"};
    story_write("link", "whole", whole, COUNT_OF(whole));
    story_write("link", "cut", cut, COUNT_OF(cut));
    story_write("link", "old-agent", old, COUNT_OF(old));
    story_write("link", "old-broker", older, COUNT_OF(older));
    story_write("link", "lies", lies, COUNT_OF(lies));
    story_write("link", "changed", changed, COUNT_OF(changed));
    link_event_seed();
}

/* ---- stories of the cores: the numbers are target_broker.c's and target_agent.c's steps ---- */

static const char *const verbs[] = {
#define X(name, text, where, writes, role) text,
    SB_VERBS(X)
#undef X
};

/* What any verb may want, and no more than that it takes. */
static void args_fill(struct sb_record *args, bool agent, struct sb_bytes list)
{
    static const enum sb_field fields[] = {SB_FIELD_FORUM,    SB_FIELD_TITLE, SB_FIELD_TEXT,
                                           SB_FIELD_SEAT,     SB_FIELD_VIA,   SB_FIELD_ORG,
                                           SB_FIELD_BASIS,    SB_FIELD_LEVEL, SB_FIELD_FUNCTION,
                                           SB_FIELD_HAPPENED, SB_FIELD_ANSWER};
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        seed_field(args, fields[i], list);
    }
    sb_record_set_number(args, SB_FIELD_VALID_TO, AUTHORITY_TO_MS);
    sb_record_set_bytes(args, SB_FIELD_TO, list);
    if (!agent) {
        sb_record_set_bytes(args, SB_FIELD_AGENT, sb_bytes_str("taby-1"));
        sb_record_set_bytes(args, SB_FIELD_SUBJECT, sb_bytes_str("tib"));
        sb_record_set_number(args, SB_FIELD_ROLE, SB_ROLE_OPERATOR);
        sb_record_set_number(args, SB_FIELD_REALM, SB_REALM_LIVE);
    }
}

static void request_step(struct sb_buf *steps, unsigned who, unsigned verb, unsigned about,
                         const struct sb_record *args)
{
    struct sb_buf step;
    sb_buf_init(&step, SB_ORDER_SIZE_MAX);
    sb_buf_add_byte(&step, (uint8_t)who);
    sb_buf_add_byte(&step, (uint8_t)verb);
    sb_buf_add_byte(&step, (uint8_t)about);
    sb_record_write(args, SB_PARTS_ALL, &step);
    fuzz_step_write(steps, 0, sb_buf_bytes(&step));
    sb_buf_finish(&step);
}

/* An event of the kind, about the newest that there is. */
static void entry_step(struct sb_buf *steps, enum sb_kind which, unsigned about, bool agent,
                       struct sb_bytes list)
{
    const struct sb_kind_row *kind = sb_kind_find(which);
    struct sb_record fields = {0};
    struct sb_buf step, map;
    uint8_t by = kind->by == SB_BY_BROKER ? 0 : FORGE_BY_AGENT;
    sb_buf_init(&step, SB_ROW_SIZE_MAX);
    sb_buf_init(&map, SB_ROW_SIZE_MAX);
    for (unsigned i = 0; i < SB_KIND_FIELDS_MAX; i++) {
        if (kind->needs[i] != 0 && kind->needs[i] != SB_FIELD_REF) {
            seed_field(&fields, kind->needs[i], list);
        }
    }
    sb_record_set_number(&fields, SB_FIELD_KIND, which);
    sb_record_set_bytes(&fields, SB_FIELD_NONCE, sb_bytes("0123456789abcde", 16));
    sb_buf_add_byte(&step, (uint8_t)(agent ? kind->urgency * 2 : kind->urgency));
    sb_buf_add_byte(&step, (uint8_t)about);
    if (agent) {
        sb_buf_add_byte(&step, 0);
    }
    sb_buf_add_byte(&step, by);
    sb_record_write(&fields, SB_PARTS_HEADER, &map);
    sb_buf_add_byte(&step, (uint8_t)(map.size >> 8));
    sb_buf_add_byte(&step, (uint8_t)(map.size & 0xff));
    sb_buf_add(&step, sb_buf_bytes(&map));
    sb_buf_clear(&map);
    sb_record_write(&fields, SB_PARTS_FACTS, &map);
    sb_buf_add_byte(&step, (uint8_t)(map.size >> 8));
    sb_buf_add_byte(&step, (uint8_t)(map.size & 0xff));
    sb_buf_add(&step, sb_buf_bytes(&map));
    sb_record_write(&fields, SB_PARTS_TEXT, &step);
    fuzz_step_write(steps, 3, sb_buf_bytes(&step));
    sb_buf_finish(&map);
    sb_buf_finish(&step);
}

static void broker_seeds(struct sb_bytes list)
{
    struct sb_record args = {0};
    struct sb_record call = {0};
    struct sb_buf steps;
    sb_record_set_text(&call, SB_FIELD_FORUM, "rsf");
    sb_record_set_text(&call, SB_FIELD_TITLE, "snö");
    args_fill(&args, false, list);
    for (unsigned verb = 1; verb < COUNT_OF(verbs); verb++) {
        char name[64];
        sb_buf_init(&steps, SB_ROW_SIZE_MAX);
        request_step(&steps, 0, 1, 0, &call); /* tib calls */
        request_step(&steps, verb % 2, verb, 1 + verb % 3, &args);
        request_step(&steps, 1 - verb % 2, verb, 0, &args);
        (void)snprintf(name, sizeof name, "verb-%s", verbs[verb]);
        seed_write("broker", name, -1, sb_buf_bytes(&steps));
        sb_buf_finish(&steps);
    }
    for (unsigned i = 0; sb_kind_at(i) != NULL; i++) {
        sb_buf_init(&steps, SB_ROW_SIZE_MAX);
        request_step(&steps, 0, 1, 0, &call);
        entry_step(&steps, sb_kind_at(i)->kind, 1, false, list);
        fuzz_step_write(&steps, 5, sb_bytes("\x08\0", 2));
        seed_write("broker", sb_kind_at(i)->json, -1, sb_buf_bytes(&steps));
        sb_buf_finish(&steps);
    }
}

static void agent_seeds(struct sb_bytes list)
{
    struct sb_record args = {0};
    struct sb_record little = {0};
    struct sb_buf steps;
    args_fill(&args, true, list);
    sb_record_set_text(&little, SB_FIELD_PERSON, "p7");
    sb_record_set_number(&little, SB_FIELD_ANSWER, SB_ANSWER_YES);
    sb_record_set_text(&little, SB_FIELD_FUNCTION, "tib");
    for (unsigned verb = 0; verb < 17; verb++) {
        char name[64];
        sb_buf_init(&steps, SB_ROW_SIZE_MAX);
        entry_step(&steps, SB_KIND_CONVENING, 0, true, list);
        fuzz_step_write(&steps, 5, sb_bytes("\x08\0", 2));
        fuzz_step_write(&steps, 7, sb_bytes("\2", 1));
        request_step(&steps, verb % 2, verb, 0, &little);
        request_step(&steps, 0, verb, 4, &little);
        request_step(&steps, 0, verb, 0, &args);
        fuzz_step_write(&steps, 5, sb_bytes("\xff\0", 2));
        (void)snprintf(name, sizeof name, "verb-%u", verb);
        seed_write("agent", name, -1, sb_buf_bytes(&steps));
        sb_buf_finish(&steps);
    }
    for (unsigned i = 0; sb_kind_at(i) != NULL; i++) {
        sb_buf_init(&steps, SB_ROW_SIZE_MAX);
        entry_step(&steps, SB_KIND_CONVENING, 0, true, list);
        fuzz_step_write(&steps, 5, sb_bytes("\x08\0", 2));
        for (unsigned about = 1; about < 6; about += 2) {
            entry_step(&steps, sb_kind_at(i)->kind, about, true, list);
        }
        fuzz_step_write(&steps, 5, sb_bytes("\xff\0", 2));
        fuzz_step_write(&steps, 6, sb_bytes("\0", 1));
        seed_write("agent", sb_kind_at(i)->json, -1, sb_buf_bytes(&steps));
        sb_buf_finish(&steps);
    }
}

void seed_stories(struct sb_bytes list)
{
    link_seeds();
    broker_seeds(list);
    agent_seeds(list);
}
