/* forum_rules.c: the grammar of forums.csv's last column, and who is called by it. */
#include "register.h"

#include <stdlib.h>
#include <string.h>

struct sb_rule_reader sb_rules_read(struct sb_bytes rules)
{
    return (struct sb_rule_reader){.whole = rules};
}

static bool rule_ends_at(uint8_t byte, const char *ends)
{
    return strchr(ends, byte) != NULL && byte != '\0';
}

/* The word from here up to one of `ends` or the end; the reader stands behind it. */
static struct sb_bytes rule_word(struct sb_rule_reader *reader, const char *ends)
{
    size_t begin = reader->at;
    while (reader->at < reader->whole.size && !rule_ends_at(reader->whole.at[reader->at], ends)) {
        reader->at++;
    }
    return sb_bytes(reader->whole.at + begin, reader->at - begin);
}

/* Past `text`, where it stands here. */
static bool rule_skip(struct sb_rule_reader *reader, const char *text)
{
    struct sb_bytes rest = sb_bytes(reader->whole.at + reader->at, reader->whole.size - reader->at);
    if (!sb_bytes_starts_with(rest, sb_bytes_str(text))) {
        return false;
    }
    reader->at += strlen(text);
    return true;
}

static enum sb_err rule_name(struct sb_rule_reader *reader, const char *ends, struct sb_phrase what,
                             struct sb_name *ret_name, struct sb_why *why)
{
    size_t begin = reader->at;
    struct sb_bytes word = rule_word(reader, ends);
    if (sb_register_name_read(word, ret_name)) {
        return SB_ERR_OK;
    }
    reader->at = begin;
    return sb_why_say(why, SB_ERR_VALUE,
                      "\"%.*s\" är inget namn på en " SB_SV "; namn är a-z, 0-9, _ och -, högst %d",
                      "\"%.*s\" is no name of a " SB_EN "; names are a-z, 0-9, _ and -, at most %d",
                      (int)word.size, (const char *)word.at, SB_PAIR(what), SB_NAME_SIZE_MAX);
}

static enum sb_err rule_item(struct sb_rule_reader *reader, struct sb_rule *rule,
                             struct sb_why *why)
{
    rule->supports = rule_skip(reader, "~");
    enum sb_err err =
        rule_name(reader, "|,; ", (struct sb_phrase){"funktion", "function"}, &rule->function, why);
    while (err == SB_ERR_OK && rule_skip(reader, "|")) {
        struct sb_name alternative;
        err = rule_name(reader, "|,; ", (struct sb_phrase){"funktion", "function"}, &alternative,
                        why);
    }
    if (err == SB_ERR_OK && rule_skip(reader, " via ")) {
        err = rule_name(reader, ",;", (struct sb_phrase){"funktion", "function"}, &rule->via, why);
    }
    return err;
}

enum sb_err sb_rules_next(struct sb_rule_reader *reader, bool *ret_end, struct sb_rule *ret_rule,
                          struct sb_why *why)
{
    if (reader->at == reader->whole.size && reader->at > 0) {
        *ret_end = true;
        return SB_ERR_OK;
    }
    struct sb_rule rule = {.supports = false};
    bool new_category = reader->at == 0 || rule_skip(reader, ";");
    if (new_category) {
        enum sb_err err = rule_name(reader, ":;,", (struct sb_phrase){"kategori", "category"},
                                    &reader->category, why);
        if (err != SB_ERR_OK) {
            return err;
        }
    }
    if (!rule_skip(reader, new_category ? ":" : ",")) {
        const struct sb_phrase mark = new_category ? (struct sb_phrase){"ett kolon", "a colon"}
                                                   : (struct sb_phrase){"ett komma eller semikolon",
                                                                        "a comma or a semicolon"};
        return sb_why_say(why, SB_ERR_VALUE, SB_SV " väntas här; skriv kategori:funktion,funktion",
                          SB_EN " is expected here; write category:function,function",
                          SB_PAIR(mark));
    }
    rule.category = reader->category;
    enum sb_err err = rule_item(reader, &rule, why);
    if (err == SB_ERR_OK) {
        *ret_end = false;
        *ret_rule = rule;
    }
    return err;
}

/* A forum's rules, read once for all organisations. */
struct rules {
    struct sb_rule *at;
    size_t count;
};

static enum sb_err rules_read_all(struct sb_bytes text, struct rules *ret_rules, struct sb_why *why)
{
    struct sb_rule_reader reader = sb_rules_read(text);
    bool end = false;
    size_t room = 2; /* a rule ends with one of these, the last without; and one that is the end */
    for (size_t i = 0; i < text.size; i++) {
        room += rule_ends_at(text.at[i], ",;");
    }
    *ret_rules = (struct rules){.at = sb_alloc(room, sizeof *ret_rules->at)};
    for (;;) {
        SB_ASSERT(ret_rules->count < room);
        enum sb_err err = sb_rules_next(&reader, &end, &ret_rules->at[ret_rules->count], why);
        if (err != SB_ERR_OK || end) {
            return err;
        }
        ret_rules->count++;
    }
}

static enum sb_err org_call(const struct sb_register_org *org, const struct rules *rules,
                            struct sb_called *called, struct sb_why *why)
{
    enum sb_err err = SB_ERR_OK;
    for (size_t i = 0; i < rules->count && err == SB_ERR_OK; i++) {
        const struct sb_rule *rule = &rules->at[i];
        if (sb_name_equal(&rule->category, &org->category)) {
            struct sb_seat seat = {.org = org->org,
                                   .function = rule->function,
                                   .via = rule->via,
                                   .supports = rule->supports};
            err = sb_called_add(called, &seat, why);
        }
    }
    return err;
}

enum sb_err sb_forum_call(const struct sb_register *reg, struct sb_bytes rules,
                          const struct sb_name *only, struct sb_called *called, struct sb_why *why)
{
    struct rules all;
    enum sb_err err = rules_read_all(rules, &all, why);
    for (size_t i = 0; i < reg->count && err == SB_ERR_OK; i++) {
        if (only == NULL || sb_name_equal(only, &reg->at[i].org)) {
            err = org_call(&reg->at[i], &all, called, why);
        }
    }
    free(all.at);
    return err;
}
