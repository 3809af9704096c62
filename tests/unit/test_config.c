/* test_config.c: every kind of mistake in a configuration, with the exact sentence. */
#include "check.h"
#include "samband/bytes.h"
#include "samband/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct person {
    char *id;
    uint16_t order;
    char **channels;
    unsigned channels_count;
};

struct settings {
    char *state;
    uint16_t port;
    uint64_t limit;
    bool loud;
    struct person *people;
    unsigned people_count;
    struct person *chief;
};

static const cyaml_schema_value_t channel_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 40)};

static const cyaml_schema_field_t person_fields[] = {
    CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct person, id, 1, 5),
    CYAML_FIELD_UINT("order", CYAML_FLAG_OPTIONAL, struct person, order),
    CYAML_FIELD_SEQUENCE("channels", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct person,
                         channels, &channel_schema, 1, 2),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t person_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct person, person_fields)};

static const cyaml_schema_field_t settings_fields[] = {
    CYAML_FIELD_STRING_PTR("state", CYAML_FLAG_POINTER, struct settings, state, 1, 20),
    CYAML_FIELD_UINT("port", CYAML_FLAG_OPTIONAL, struct settings, port),
    CYAML_FIELD_UINT("limit", CYAML_FLAG_OPTIONAL, struct settings, limit),
    CYAML_FIELD_BOOL("loud", CYAML_FLAG_OPTIONAL, struct settings, loud),
    CYAML_FIELD_SEQUENCE("people", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct settings,
                         people, &person_schema, 0, 3),
    CYAML_FIELD_MAPPING_PTR("chief", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct settings,
                            chief, person_fields),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t settings_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct settings, settings_fields)};

struct file {
    char path[64];
};

static int setup(void **state)
{
    struct file *file = sb_alloc(1, sizeof *file);
    (void)snprintf(file->path, sizeof file->path, "/tmp/samband-config-XXXXXX");
    int fd = mkstemp(file->path);
    assert_true(fd >= 0);
    close(fd);
    *state = file;
    return 0;
}

static int teardown(void **state)
{
    struct file *file = *state;
    (void)unlink(file->path);
    free(file);
    return 0;
}

static enum sb_err load(const struct file *file, struct sb_bytes text, void **ret,
                        struct sb_why *why)
{
    FILE *out = fopen(file->path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(text.at, 1, text.size, out), text.size);
    assert_int_equal(fclose(out), 0);
    return sb_config_load(file->path, &settings_schema, ret, why);
}

static void assert_refused(const struct file *file, struct sb_bytes text, const char *sv,
                           const char *en)
{
    struct sb_why why = {0};
    char untouched = 0;
    void *loaded = &untouched;
    enum sb_err err = load(file, text, &loaded, &why);
    char expected[SB_WHY_SIZE_MAX * 2];
    (void)snprintf(expected, sizeof expected, "%s%s", file->path, en);
    assert_string_equal(why.text, expected);
    (void)snprintf(expected, sizeof expected, "%s%s", file->path, sv);
    assert_string_equal(why.sv, expected);
    assert_int_equal(err, SB_ERR_CONFIG);
    assert_ptr_equal(loaded, &untouched);
}

static void a_right_file_fills_the_struct(void **state)
{
    const struct file *file = *state;
    static const char text[] = "# Täby\n"
                               "state: /var/lib/samband\n"
                               "port: 65535\n"
                               "limit: 18446744073709551615\n"
                               "loud: yes\n"
                               "people:\n"
                               "  - id: no\n" /* a name, not a refusal */
                               "    order: 0\n"
                               "    channels: [sms, \"mail\"]\n"
                               "  - {id: p8, channels: [phone]}\n"
                               "chief: {id: åä1}\n";
    struct sb_why why = {0};
    void *loaded = NULL;
    assert_int_equal(load(file, sb_bytes_str(text), &loaded, &why), SB_ERR_OK);
    assert_string_equal(why.text, "");
    struct settings *settings = loaded;
    assert_string_equal(settings->state, "/var/lib/samband");
    assert_int_equal(settings->port, 65535);
    assert_true(settings->limit == UINT64_MAX);
    assert_true(settings->loud);
    assert_int_equal(settings->people_count, 2);
    assert_string_equal(settings->people[0].id, "no");
    assert_int_equal(settings->people[0].channels_count, 2);
    assert_string_equal(settings->people[0].channels[1], "mail");
    assert_string_equal(settings->people[1].id, "p8");
    assert_string_equal(settings->chief->id, "åä1");
    sb_config_free(&settings_schema, loaded);
    sb_config_free(&settings_schema, NULL);
}

static const struct {
    const char *text, *sv, *en;
} mistakes[] = {
    /* Keys. */
    {"state: x\nprot: 5\n",
     ":2:1: det finns ingen nyckel \"prot\" här; de närmaste som finns: port, state, limit, loud, "
     "people, chief",
     ":2:1: there is no key \"prot\" here; the nearest that exist: "
     "port, state, limit, loud, people, chief"},
    {"State: x\n",
     ":1:1: det finns ingen nyckel \"State\" här; de närmaste som finns: state, port, limit, loud, "
     "people, chief",
     ":1:1: there is no key \"State\" here; the nearest that exist: state, port, "
     "limit, loud, people, chief"},
    {"state: x\npeople:\n  - id: a\n    ordr: 5\n",
     ":4:5: det finns ingen nyckel \"ordr\" här; de närmaste som finns: order, id, channels",
     ":4:5: there is no key \"ordr\" here; the nearest that exist: order, id, channels"},
    {"state: x\nport: 5\nstate: y\n", ":3:1: state står två gånger, först på rad 1; ta bort en",
     ":3:1: state stands twice, first on line 1; remove one"},
    {"{state: x, chief: {id: q, id: r}}", ":1:27: id står två gånger, först på rad 1; ta bort en",
     ":1:27: id stands twice, first on line 1; remove one"},
    {"port: 5\n", ":1:1: nyckeln state saknas; lägg till: state: …",
     ":1:1: the key state is missing; add: state: …"},
    {"state: x\npeople:\n  - id: a\n  - order: 6\n", ":4:5: nyckeln id saknas; lägg till: id: …",
     ":4:5: the key id is missing; add: id: …"},
    {"state: x\n? [a, b]\n: 7\n", ":2:3: en nyckel ska vara ett ord", ":2:3: a key must be a word"},
    /* Types. */
    {"state: x\nport: high\n", ":2:7: port ska vara ett heltal, inte \"high\"",
     ":2:7: port wants a whole number, not \"high\""},
    {"state: x\nport: -1\n", ":2:7: port ska vara ett heltal, inte \"-1\"",
     ":2:7: port wants a whole number, not \"-1\""},
    {"state: x\nport: 5x\n", ":2:7: port ska vara ett heltal, inte \"5x\"",
     ":2:7: port wants a whole number, not \"5x\""},
    {"state: x\nport:\n", ":2:6: port ska vara ett heltal, inte \"\"",
     ":2:6: port wants a whole number, not \"\""},
    {"state: x\nport: [5]\n", ":2:7: port ska vara ett heltal, inte en lista",
     ":2:7: port wants a whole number, not a list"},
    {"state: x\nport: 0777\n",
     ":2:7: port börjar med 0, vilket YAML läser som oktalt; skriv talet utan",
     ":2:7: port begins with 0, which YAML reads as octal; write it without"},
    {"state: x\nport: 65536\n", ":2:7: port är för stort; det får vara högst 65535",
     ":2:7: port is too large; it may be at most 65535"},
    {"state: x\nport: 70000\n", ":2:7: port är för stort; det får vara högst 65535",
     ":2:7: port is too large; it may be at most 65535"},
    {"state: x\nlimit: 18446744073709551616\n",
     ":2:8: limit är för stort; det får vara högst 18446744073709551615",
     ":2:8: limit is too large; it may be at most 18446744073709551615"},
    {"state: x\nloud: maybe\n", ":2:7: loud ska vara yes eller no, inte \"maybe\"",
     ":2:7: loud wants yes or no, not \"maybe\""},
    {"state: {a: b}\n", ":1:8: state ska vara en text, inte egna nycklar",
     ":1:8: state wants a text, not keys of its own"},
    {"state: x\npeople: 7\n",
     ":2:9: people ska vara en lista (rader som börjar med \"- \"), inte \"7\"",
     ":2:9: people wants a list (lines that begin with \"- \"), not \"7\""},
    {"state: x\nchief: [a]\n",
     ":2:8: chief ska vara egna nycklar (NYCKEL: VÄRDE, indragna), inte en lista",
     ":2:8: chief wants keys of its own (KEY: VALUE, indented), not a list"},
    {"state: x\npeople:\n  - a\n",
     ":3:5: people ska vara egna nycklar (NYCKEL: VÄRDE, indragna), inte \"a\"",
     ":3:5: people wants keys of its own (KEY: VALUE, indented), not \"a\""},
    {"- a\n", ":1:1: filen ska vara egna nycklar (NYCKEL: VÄRDE, indragna), inte en lista",
     ":1:1: the file wants keys of its own (KEY: VALUE, indented), not a list"},
    {"text", ":1:1: filen ska vara egna nycklar (NYCKEL: VÄRDE, indragna), inte \"text\"",
     ":1:1: the file wants keys of its own (KEY: VALUE, indented), not \"text\""},
    {"state: x\nport: 0000000000000000000000000000000000000000000000000000000a\n",
     ":2:7: port ska vara ett heltal, inte en text på 56 byte",
     ":2:7: port wants a whole number, not a text of 56 bytes"},
    /* Sizes. */
    {"state: ''\n", ":1:8: state är tomt; ange ett värde eller ta bort raden",
     ":1:8: state is empty; give it a value or remove the line"},
    {"state:\n", ":1:7: state är tomt; ange ett värde eller ta bort raden",
     ":1:7: state is empty; give it a value or remove the line"},
    {"state: x23456789012345678901\n", ":1:8: state har 21 byte; det får ha högst 20",
     ":1:8: state has 21 bytes; it may have at most 20"},
    {"state: x\nchief: {id: a, channels: [a, b, c]}\n",
     ":2:33: channels får ha högst 2 poster; ta bort några",
     ":2:33: channels may have at most 2 entries; remove some"},
    {"state: x\nchief: {id: a, channels: []}\n",
     ":2:26: channels är en för kort lista; den behöver minst 1",
     ":2:26: channels is too short a list; it needs 1 or more"},
    {"state: x\npeople: [{id: a}, {id: b}, {id: c}, {id: d}]\n",
     ":2:37: people får ha högst 3 poster; ta bort några",
     ":2:37: people may have at most 3 entries; remove some"},
    /* YAML itself. */
    {"state: x\n\tport: 5\n", ":2:1: en tabb; dra in med blanksteg",
     ":2:1: a tab; indent with spaces"},
    {"state: x\nchief:\n  id: a\n \torder: 5\n", ":4:2: en tabb; dra in med blanksteg",
     ":4:2: a tab; indent with spaces"},
    {"state: &a x\nport: *a\n", ":2:7: *a är ett YAML-alias, som inte läses här; skriv ut värdet",
     ":2:7: *a is a YAML alias, which is not read here; write the value out"},
    {"state: x\n---\nstate: y\n",
     ":2:1: här börjar ett andra dokument; bara det första skulle läsas, ta bort raden ---",
     ":2:1: a second document begins here; only the first would be "
     "read, remove the line ---"},
    {"", ":1:1: filen innehåller inga inställningar", ":1:1: the file holds no settings"},
    {"# nothing\n\n", ":1:1: filen innehåller inga inställningar",
     ":1:1: the file holds no settings"},
    {"state: x\n  port: 5\n",
     ":2:7: YAML kan inte läsas (mapping values are not allowed in this context); se på denna rad "
     "och den före: indrag, \": \" efter en nyckel, citattecken",
     ":2:7: mapping values are not allowed in this context; look at this line and the one "
     "before: indentation, \": \" after a key, quotes"},
    {"state: \"x\nport: 5",
     ":2:8: YAML kan inte läsas (found unexpected end of stream); se på denna rad och den före: "
     "indrag, \": \" efter en nyckel, citattecken",
     ":2:8: found unexpected end of stream; look at this line and the one before: indentation, "
     "\": \" after a key, quotes"},
    {"state: x\nport: \xff\xfe\n",
     ":2:7: ett tecken som inte är UTF-8 eller är ett styrtecken; spara filen som UTF-8",
     ":2:7: a byte that is not UTF-8 or is a control character; save the file as UTF-8"},
    {"state: x\nport: \x01\n",
     ":2:7: ett tecken som inte är UTF-8 eller är ett styrtecken; spara filen som UTF-8",
     ":2:7: a byte that is not UTF-8 or is a control character; save the file as UTF-8"},
    {"state: \"a\\0b\"\n", ":1:8: state innehåller ett styrtecken; skriv om raden",
     ":1:8: state has a control character in it; retype the line"},
    {"\"a\\0b\": 1\n",
     ":1:1: det finns ingen nyckel (inte text) här; de närmaste som finns: state, port, loud, "
     "limit, chief, people",
     ":1:1: there is no key (not text) here; the nearest that exist: state, "
     "port, loud, limit, chief, people"},
};

static void every_mistake_is_told_with_its_place(void **state)
{
    const struct file *file = *state;
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        assert_refused(file, sb_bytes_str(mistakes[i].text), mistakes[i].sv, mistakes[i].en);
    }
}

/* Nesting that fits no schema is refused at its first step, however deep it goes. */
static void deep_nesting_ends_at_once(void **state)
{
    const struct file *file = *state;
    enum {
        DEPTH = 100000
    };
    char *text = sb_alloc(1, DEPTH);
    memset(text, '[', DEPTH);
    assert_refused(file, sb_bytes(text, DEPTH),
                   ":1:1: filen ska vara egna nycklar (NYCKEL: VÄRDE, indragna), inte en lista",
                   ":1:1: the file wants keys of its own (KEY: VALUE, indented), not a list");
    free(text);
}

static void a_file_of_the_largest_size_is_read_and_a_larger_one_is_not(void **state)
{
    const struct file *file = *state;
    char *text = sb_alloc(1, SB_CONFIG_SIZE_MAX + 1);
    memset(text, '\n', SB_CONFIG_SIZE_MAX + 1);
    (void)snprintf(text, 9, "state: x");
    text[8] = '\n';
    struct sb_why why = {0};
    void *loaded = NULL;
    assert_int_equal(load(file, sb_bytes(text, SB_CONFIG_SIZE_MAX), &loaded, &why), SB_ERR_OK);
    sb_config_free(&settings_schema, loaded);
    assert_int_equal(load(file, sb_bytes(text, SB_CONFIG_SIZE_MAX + 1), &loaded, &why),
                     SB_ERR_TOO_LARGE);
    check_said(&why, "är större än 1048576 byte", "is larger than 1048576 bytes");
    free(text);
}

static void a_file_that_cannot_be_read_is_told(void **state)
{
    (void)state;
    struct sb_why why = {0};
    void *loaded = NULL;
    assert_int_equal(sb_config_load("/nonexistent/x.yaml", &settings_schema, &loaded, &why),
                     SB_ERR_IO);
    assert_string_equal(why.text, "cannot open /nonexistent/x.yaml: No such file or directory; "
                                  "check the path and the rights");
    assert_string_equal(why.sv, "/nonexistent/x.yaml kan inte öppnas: No such file or directory; "
                                "kontrollera sökvägen och rättigheterna");
    assert_int_equal(sb_config_load("/", &settings_schema, &loaded, &why), SB_ERR_IO);
    assert_string_equal(why.text, "cannot read /: Is a directory");
}

static void assert_place(const struct file *file, const char *after, const char *text,
                         const char *where)
{
    struct sb_config_place place;
    char expected[sizeof file->path + 16];
    (void)snprintf(expected, sizeof expected, "%s%s", file->path, where);
    assert_string_equal(sb_config_place(file->path, after, text, &place), expected);
}

static void a_later_mistake_is_found_in_the_file(void **state)
{
    const struct file *file = *state;
    static const char text[] = "# p1\n"
                               "state: p1\n"
                               "people:\n"
                               "  - {id: p1, channels: [\"p2\"]}\n"
                               "port: 7\n";
    struct sb_why why = {0};
    void *loaded = NULL;
    assert_int_equal(load(file, sb_bytes_str(text), &loaded, &why), SB_ERR_OK);
    sb_config_free(&settings_schema, loaded);
    assert_place(file, NULL, "p1", ":2:8");
    assert_place(file, "p1", "p1", ":4:10");
    assert_place(file, "port", NULL, ":5:7");
    assert_place(file, "people", "p2", ":4:25");
    assert_place(file, NULL, "p", "");
    assert_place(file, "p2", "p1", "");
}

static void a_place_in_a_file_that_has_changed_is_the_file(void **state)
{
    const struct file *file = *state;
    struct sb_why why = {0};
    void *loaded = NULL;
    assert_int_equal(load(file, sb_bytes_str("state: [a\n"), &loaded, &why), SB_ERR_CONFIG);
    assert_place(file, NULL, "b", "");
    assert_int_equal(unlink(file->path), 0);
    assert_place(file, NULL, "a", "");
}

#define FILED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILED(a_right_file_fills_the_struct),
        FILED(every_mistake_is_told_with_its_place),
        FILED(deep_nesting_ends_at_once),
        FILED(a_file_of_the_largest_size_is_read_and_a_larger_one_is_not),
        cmocka_unit_test(a_file_that_cannot_be_read_is_told),
        FILED(a_later_mistake_is_found_in_the_file),
        FILED(a_place_in_a_file_that_has_changed_is_the_file),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
