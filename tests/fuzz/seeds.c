/* seeds.c: fuzz_seeds FOLDER: first inputs for the fuzz targets, FOLDER/TARGET/NAME, made of real
 * bytes: frames that two ends of a link exchange, an event of every kind, a request of every verb,
 * a token, what lies in deploy/. The same every time. It judges nothing. */
#include "seeds.h"

#include "forge.h"
#include "fuzz.h"
#include "linked.h"
#include "samband/control.h"
#include "samband/kinds.h"

#include <sys/stat.h>

#define PATH_SIZE 1024

static const char *top; /* the folder that was asked for */

void seed_write(const char *target, const char *name, int first, struct sb_bytes bytes)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", top, target);
    (void)mkdir(top, 0755);
    (void)mkdir(path, 0755);
    (void)snprintf(path, sizeof path, "%s/%s/%s", top, target, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        fail_msg("cannot write %s", path);
        return;
    }
    if (first >= 0) {
        (void)fputc(first, file);
    }
    (void)fwrite(bytes.at, 1, bytes.size, file);
    assert_int_equal(fclose(file), 0);
}

/* ---- values for any field ---- */

static uint64_t number_for(enum sb_field field)
{
    switch (sb_field_find((unsigned)field)->type) {
    case SB_TYPE_TIME: return AUTHORITY_NOW_MS + 60000;
    case SB_TYPE_ENUM:
    case SB_TYPE_BOOL: return 1;
    case SB_TYPE_UINT: return 3;
    case SB_TYPE_NAME:
    case SB_TYPE_TEXT:
    case SB_TYPE_BYTES:
    case SB_TYPE_HASH:
    case SB_TYPE_LIST: break;
    }
    return 0;
}

static const char *text_for(enum sb_field field)
{
    static const struct {
        enum sb_field field;
        const char *text;
    } rows[] = {
        {SB_FIELD_ORIGIN, "taby"},   {SB_FIELD_ORG, "taby"},   {SB_FIELD_FORUM, "rsf"},
        {SB_FIELD_SEAT, "taby/tib"}, {SB_FIELD_EVENT, "4711"}, {SB_FIELD_FUNCTION, "tib"},
        {SB_FIELD_PERSON, "p7"},     {SB_FIELD_VIA, "rakel"},  {SB_FIELD_CONFIRM, "ja"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].field == field) {
            return rows[i].text;
        }
    }
    return "snö";
}

/* A value that the field takes; lists and hashes are the caller's. */
void seed_field(struct sb_record *record, enum sb_field field, struct sb_bytes list)
{
    static const uint8_t key[32] = {7};
    static const struct sb_hash hash = {{9}}; /* the record borrows */
    switch (sb_field_find((unsigned)field)->type) {
    case SB_TYPE_UINT:
    case SB_TYPE_BOOL:
    case SB_TYPE_TIME:
    case SB_TYPE_ENUM: sb_record_set_number(record, field, number_for(field)); return;
    case SB_TYPE_NAME:
        sb_record_set_bytes(record, field,
                            sb_bytes_str(text_for(field)[0] == 's' ? "sno" : text_for(field)));
        return;
    case SB_TYPE_TEXT: sb_record_set_bytes(record, field, sb_bytes_str(text_for(field))); return;
    case SB_TYPE_BYTES: sb_record_set_bytes(record, field, sb_bytes(key, sizeof key)); return;
    case SB_TYPE_HASH: sb_record_set_hash(record, field, &hash); return;
    case SB_TYPE_LIST: sb_record_set_bytes(record, field, list); return;
    }
}

static void map_write(const char *name, const struct sb_record *record, unsigned parts, int first)
{
    struct sb_buf buf;
    sb_buf_init(&buf, SB_ROW_SIZE_MAX);
    sb_record_write(record, parts, &buf);
    assert_false(buf.overflow);
    seed_write("record", name, first, sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
}

/* ---- events: one of each kind ---- */

static void event_write(const char *name, const struct sb_sealed *sealed, uint8_t how)
{
    struct sb_buf buf;
    sb_buf_init(&buf, 2 * SB_ENTRY_SIZE_MAX);
    forge_parts(sealed, how, &buf);
    seed_write("event", name, 0, sb_buf_bytes(&buf));
    sb_buf_clear(&buf);
    sb_buf_add_byte(&buf, (uint8_t)(sealed->header.size >> 8));
    sb_buf_add_byte(&buf, (uint8_t)(sealed->header.size & 0xff));
    sb_buf_add(&buf, sealed->header);
    sb_buf_add(&buf, sealed->signature);
    sb_buf_add_byte(&buf, (uint8_t)(sealed->body.size >> 8));
    sb_buf_add_byte(&buf, (uint8_t)(sealed->body.size & 0xff));
    sb_buf_add(&buf, sealed->body);
    sb_buf_add(&buf, sealed->cert);
    char raw[64];
    (void)snprintf(raw, sizeof raw, "%s-raw", name);
    seed_write("event", raw, 3, sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
}

static void kind_seeds(const struct sb_kind_row *kind, struct sb_bytes list)
{
    const struct forge_parties *parties = forge_parties();
    bool broker = kind->by == SB_BY_BROKER;
    const struct party *party = broker ? &parties->broker : &parties->agent;
    struct sb_record fields = {0};
    struct sb_entropy entropy = {.seed = {3}};
    struct sb_sealed sealed;
    struct sb_why why = {0};
    struct sb_buf buf;
    for (unsigned i = 0; i < SB_KIND_FIELDS_MAX; i++) {
        if (kind->needs[i] != 0) {
            seed_field(&fields, kind->needs[i], list);
        }
        if (kind->may[i] != 0) {
            seed_field(&fields, kind->may[i], list);
        }
    }
    sb_record_set_number(&fields, SB_FIELD_KIND, kind->kind);
    sb_record_set_number(&fields, SB_FIELD_REALM, SB_REALM_LIVE);
    sb_record_set_number(&fields, SB_FIELD_ISSUED, AUTHORITY_NOW_MS);
    sb_record_set_bytes(&fields, SB_FIELD_ORIGIN, sb_bytes_str(broker ? "lst-ab" : "taby"));
    struct sb_seal_by by = {.signer = &party->realm[SB_REALM_LIVE],
                            .cert = sb_buf_bytes(&party->cert)};
    sb_buf_init(&buf, SB_ENTRY_SIZE_MAX);
    assert_int_equal(sb_event_seal(&fields, &by, &entropy, &buf, &sealed, &why), SB_ERR_OK);
    event_write(kind->json, &sealed, broker ? 0 : FORGE_BY_AGENT);
    map_write(kind->json, &fields, SB_PARTS_ALL, SB_PARTS_ALL);
    sb_buf_finish(&buf);
}

static void event_seeds(struct sb_bytes list)
{
    for (unsigned i = 0; sb_kind_at(i) != NULL; i++) {
        kind_seeds(sb_kind_at(i), list);
    }
}

/* ---- certificates, tokens ---- */

static void cert_seed(const char *name, const struct sb_record *record, uint8_t how)
{
    struct sb_buf map, made;
    sb_buf_init(&map, SB_CERT_SIZE_MAX);
    sb_buf_init(&made, 2 * SB_CERT_SIZE_MAX);
    sb_record_write(record, SB_PARTS_ALL, &map);
    sb_buf_add_byte(&made, how);
    sb_buf_add_byte(&made, (uint8_t)(map.size >> 8));
    sb_buf_add_byte(&made, (uint8_t)(map.size & 0xff));
    sb_buf_add(&made, sb_buf_bytes(&map));
    seed_write("cert", name, 0, sb_buf_bytes(&made));
    seed_write("record", name, SB_PARTS_ALL, sb_buf_bytes(&map));
    sb_buf_finish(&made);
    sb_buf_finish(&map);
}

static void cert_seeds(struct sb_bytes list)
{
    const struct forge_parties *parties = forge_parties();
    struct sb_name subject = sb_name("taby-1");
    struct sb_record record = {0};
    struct sb_list_writer writer;
    sb_list_init(&writer);
    sb_list_add(&writer, sb_bytes_str("taby"));
    party_record(&record, &parties->agent, SB_ROLE_AGENT, &subject, &writer);
    cert_seed("agent-made", &record, 16);
    party_record(&record, &parties->broker, SB_ROLE_BROKER, &subject, &writer);
    cert_seed("broker-made", &record, 0);
    for (unsigned role = SB_ROLE_VIEWER; role <= SB_ROLE_ADMIN; role++) {
        char name[32];
        (void)snprintf(name, sizeof name, "operator-%u", role);
        cert_record_begin(&record, (enum sb_role)role, &subject);
        set_key(&record, SB_FIELD_CURVE_KEY, &parties->agent.curve);
        sb_record_set_number(&record, SB_FIELD_REALM, SB_REALM_EXERCISE);
        set_key(&record, SB_FIELD_KEY_EXERCISE, &parties->agent.realm[2].public_key);
        cert_seed(name, &record, 16);
    }
    seed_write("cert", "agent", 3, sb_buf_bytes(&parties->agent.cert));
    seed_write("cert", "broker", 3, sb_buf_bytes(&parties->broker.cert));
    seed_write("cert", "enrolment", 3, sb_buf_bytes(&parties->authority.enrolment_cert));
    sb_list_finish(&writer);
    (void)list;
}

static void token_seeds(void)
{
    struct sb_token token = {.expires = AUTHORITY_NOW_MS + SB_TOKEN_VALID_MS,
                             .org = sb_name("taby"),
                             .endpoint = "tcp://samband.example.se:7701"};
    struct sb_buf line, packed;
    memset(token.root.at, 1, sizeof token.root.at);
    memset(token.broker.at, 2, sizeof token.broker.at);
    memset(token.once_secret, 3, sizeof token.once_secret);
    sb_buf_init(&line, 2048);
    sb_token_write(&token, &line);
    seed_write("token", "line", 0, sb_buf_bytes(&line));
    sb_buf_init(&packed, 2048);
    sb_pack_array(&packed, 6);
    sb_pack_bin(&packed, sb_bytes(token.root.at, 32));
    sb_pack_bin(&packed, sb_bytes(token.broker.at, 32));
    sb_pack_bin(&packed, sb_bytes(token.once_secret, 32));
    sb_pack_uint(&packed, token.expires);
    sb_pack_str(&packed, sb_name_bytes(&token.org));
    sb_pack_str(&packed, sb_bytes_str(token.endpoint));
    seed_write("token", "packed", 1, sb_buf_bytes(&packed));
    sb_buf_finish(&packed);
    sb_buf_finish(&line);
}

/* ---- control ---- */

static void control_seeds(struct sb_bytes list)
{
    static const enum sb_field some[] = {SB_FIELD_FORUM, SB_FIELD_TITLE, SB_FIELD_TEXT,
                                         SB_FIELD_EVENT, SB_FIELD_TO,    SB_FIELD_SEAT,
                                         SB_FIELD_VIA,   SB_FIELD_ORG,   SB_FIELD_ANSWER};
    static const uint8_t id[SB_REQUEST_ID_SIZE] = {1, 2, 3};
    struct sb_record args = {0};
    struct sb_rows rows;
    struct sb_buf buf;
    for (size_t i = 0; i < COUNT_OF(some); i++) {
        seed_field(&args, some[i], list);
    }
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    for (unsigned signs = 0; signs < 2; signs++) {
        struct sb_name verb = sb_name(signs == 0 ? "status" : "inform");
        sb_buf_clear(&buf);
        sb_request_write(id, &verb, &args,
                         signs == 0 ? NULL : &forge_parties()->agent.realm[SB_REALM_LIVE], &buf);
        seed_write("control", signs == 0 ? "request" : "request-signed", 0, sb_buf_bytes(&buf));
    }
    sb_rows_init(&rows);
    assert_true(sb_rows_add(&rows, &args) && sb_rows_add(&rows, &args));
    sb_buf_clear(&buf);
    sb_reply_write(id, SB_ERR_OK, "", &rows, 3, &buf);
    seed_write("control", "reply", 1, sb_buf_bytes(&buf));
    sb_buf_clear(&buf);
    sb_reply_write(id, SB_ERR_NOT_FOUND, "finns inte\nnot found", NULL, 0, &buf);
    seed_write("control", "refusal", 1, sb_buf_bytes(&buf));
    sb_rows_finish(&rows);
    sb_buf_finish(&buf);
}

/* ---- the channel ---- */

static void said_seeds(struct sb_bytes list)
{
    static const char *const lines[] = {
        "{\"accepted\":true}",
        "{\"opened\":true}",
        "{\"opened\":1767225600000}",
        "{\"ack\":\"tib\"}",
        "{\"answer\":\"yes\",\"function\":\"tib\"}",
        "{\"answer\":\"at\",\"at\":1767225600000}",
        "{\"answer\":\"no\"}",
    };
    static const enum sb_field attempt[] = {
        SB_FIELD_ATTEMPT, SB_FIELD_ID,    SB_FIELD_REALM,   SB_FIELD_KIND,   SB_FIELD_FORUM,
        SB_FIELD_TITLE,   SB_FIELD_TEXT,  SB_FIELD_SEAT,    SB_FIELD_PERSON, SB_FIELD_NAME,
        SB_FIELD_CHANNEL, SB_FIELD_JOIN,  SB_FIELD_CONTACT, SB_FIELD_STARTS, SB_FIELD_ANSWER_BY,
        SB_FIELD_NOTICE,  SB_FIELD_REPEAT};
    struct sb_record args = {0};
    struct sb_buf buf;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "line-%zu", i);
        seed_write("said", name, 0, sb_bytes_str(lines[i]));
    }
    for (size_t i = 0; i < COUNT_OF(attempt); i++) {
        seed_field(&args, attempt[i], list);
    }
    sb_buf_init(&buf, SB_ORDER_SIZE_MAX);
    sb_record_write(&args, SB_PARTS_ALL, &buf);
    seed_write("said", "attempt", 1, sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
}

/* ---- files ---- */

static void file_seed(const char *target, const char *name, int first, const char *from)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", SB_SOURCE_DIR, from);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("cannot read %s", path);
        return;
    }
    uint8_t *room = sb_alloc(SB_TEXT_SIZE_MAX, 1);
    size_t size = fread(room, 1, SB_TEXT_SIZE_MAX, file);
    assert_int_equal(fclose(file), 0);
    seed_write(target, name, first, sb_bytes(room, size));
    free(room);
}

static void file_seeds(void)
{
    static const char short_channel[] = "control: /c\ncommand: [/bin/true]\nattempts-at-once: 8\n";
    static const char short_roster[] =
        "people:\n  - {id: p7, name: A, channels: [{kind: sms, contact: \"1\"}], mandates: "
        "[{function: tib, level: inriktande}]}\nfunctions:\n  - {function: tib, org: taby, "
        "step-ms: 600, people: [p7], deputies: [p7]}\n";
    static const char key[] = "\x02\x05given"
                              "00112233445566778899aabbccddeeff"
                              "00112233445566778899aabbccddeeff\n";
    file_seed("config", "broker", 0, "deploy/config/broker.yaml");
    file_seed("config", "agent", 1, "deploy/config/agent.yaml");
    file_seed("config", "channel", 2, "deploy/config/channel.yaml");
    seed_write("config", "channel-short", 2, sb_bytes_str(short_channel));
    file_seed("roster", "roster", -1, "deploy/config/roster.yaml");
    seed_write("roster", "short", -1, sb_bytes_str(short_roster));
    seed_write("keyfile", "key", -1, sb_bytes_str(key));
    seed_write("keyfile", "key-32", 0, sb_bytes_str(key + 1));
    file_seed("register", "register", 0, "deploy/register/register.csv");
    file_seed("register", "forums", 1, "deploy/register/forums.csv");
}

/* ---- frames ---- */

static void frames_write(struct end *end, unsigned *count)
{
    for (unsigned i = 0; i < end->inbox.count && *count < 40; i++) {
        char name[48];
        struct sb_frame frame = frame_at(end, i);
        (void)snprintf(name, sizeof name, "%02u-%s", (*count)++, sb_frame_name(frame.type));
        seed_write("frame", name, -1, sb_buf_bytes(&end->inbox.frame[i]));
    }
}

static void frame_seeds(void)
{
    struct pair *pair = pair_new(2);
    const struct sb_why why = {.text = "no such session", .sv = "ingen sådan session"};
    struct sb_effects effects;
    unsigned count = 0;
    start_agent(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    (void)publish(&pair->agent, SB_REALM_EXERCISE, SB_BULK);
    for (unsigned i = 0; i < 16; i++) {
        frames_write(&pair->broker, &count);
        end_turn(&pair->broker, WHOLE);
        frames_write(&pair->agent, &count);
        end_turn(&pair->agent, WHOLE);
        advance(pair, i < 8 ? 300 : 5000);
    }
    sb_effects_init(&effects);
    sb_link_refuse(&effects, 0, 3, SB_ERR_SESSION, &why);
    seed_write("frame", "refuse", -1, effects.at[0].bytes);
    sb_effects_finish(&effects);
    pair_destroy(pair);
}

int main(int argc, char **argv)
{
    struct sb_list_writer list;
    if (argc != 2) {
        (void)fprintf(stderr, "fuzz_seeds FOLDER: writes first inputs for the fuzz targets\n");
        return 2;
    }
    top = argv[1];
    sb_list_init(&list);
    sb_list_add(&list, sb_bytes_str("taby/tib"));
    sb_list_add(&list, sb_bytes_str("~solna/kib:tib"));
    frame_seeds();
    event_seeds(sb_list_bytes(&list));
    cert_seeds(sb_list_bytes(&list));
    token_seeds();
    control_seeds(sb_list_bytes(&list));
    said_seeds(sb_list_bytes(&list));
    file_seeds();
    seed_stories(sb_list_bytes(&list));
    sb_list_finish(&list);
    return 0;
}
