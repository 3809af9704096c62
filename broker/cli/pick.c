/* pick.c: which event a command is about, where its words do not say: offers the latest by number.
 */
#include "confirm.h"
#include "contact.h"
#include "samband/kinds.h"
#include "view/safe.h"
#include "view/sentence.h"

#include <string.h>

#define OFFERED_MAX 9 /* one digit to type */

/* What may be meant: anything to look at; to answer, what an agent is called by; else what rings,
 * and an end is of an activation. */
static bool row_fits(const struct sb_cli *cli, const struct sb_command *command,
                     const struct sb_record *row)
{
    uint64_t number = sb_record_number(row, SB_FIELD_KIND);
    const struct sb_kind_row *kind = number <= UINT32_MAX ? sb_kind_find((unsigned)number) : NULL;
    if (command->verb == SB_VERB_SHOW) {
        return true;
    }
    if (kind == NULL || !kind->rings || sb_record_number(row, SB_FIELD_RECALLED) != 0) {
        return false;
    }
    if (command->verb == SB_VERB_END) {
        return kind->kind == SB_KIND_ACTIVATION;
    }
    return !cli->contact.is_agent || sb_record_has(row, SB_FIELD_TO);
}

struct offer {
    struct sb_hash id[OFFERED_MAX];
    unsigned count;
};

static void offer_collect(const struct sb_cli *cli, const struct sb_command *command,
                          const struct sb_pages *pages, struct offer *offer, bool print)
{
    struct sb_record row = {0};
    char line[SB_SENTENCE_SIZE];
    struct sb_pages_reader reader = sb_pages_read(pages);
    offer->count = 0;
    while (offer->count < OFFERED_MAX && sb_pages_next(&reader, &row)) {
        if (!row_fits(cli, command, &row)
            || !sb_record_hash(&row, SB_FIELD_ID, &offer->id[offer->count])) {
            continue;
        }
        offer->count++;
        if (!print) {
            continue;
        }
        sb_sentence_write(sb_view_text(&cli->view, SB_TEXT_PICK_EVENT), &row, &cli->view, line,
                          sizeof line);
        (void)fprintf(stderr, "  [%u] %s\n", offer->count, line);
    }
}

/* 0: none was chosen. Enter alone is the newest. */
static unsigned number_ask(const struct sb_cli *cli, unsigned count)
{
    char line[16];
    (void)fprintf(stderr, "%s ", sb_view_text(&cli->view, SB_TEXT_PICK_QUESTION));
    (void)fflush(stderr);
    if (!sb_confirm_line(line, sizeof line)) {
        return 0;
    }
    if (line[0] == '\0') {
        return 1;
    }
    unsigned number = (unsigned)(unsigned char)line[0] - '0';
    return line[1] == '\0' && number >= 1 && number <= count ? number : 0;
}

int sb_confirm_event(struct sb_cli *cli, const struct sb_command *command, struct sb_record *args,
                     char ret_id[2 * SB_HASH_SIZE + 1])
{
    struct sb_record wanted = {0};
    struct sb_pages pages;
    struct sb_answered answered;
    struct offer offer = {0};
    if (sb_record_has(args, SB_FIELD_EVENT) || !cli->can_ask || cli->yes != NULL) {
        return SB_EXIT_DONE;
    }
    sb_pages_init(&pages);
    enum sb_verb verb = cli->contact.is_agent ? SB_VERB_INBOX : SB_VERB_EVENTS;
    enum sb_asked asked = sb_contact_read(&cli->contact, verb, &wanted, &pages, &answered);
    int exit = sb_contact_judge(cli, asked, &answered);
    if (exit == SB_EXIT_DONE) {
        offer_collect(cli, command, &pages, &offer, false);
    }
    if (exit == SB_EXIT_DONE && offer.count == 0) {
        sb_cli_say_one(cli, SB_TEXT_PICK_NOTHING, command->name);
        exit = SB_EXIT_REFUSED;
    }
    unsigned number = 1;
    if (exit == SB_EXIT_DONE && offer.count > 1) {
        offer_collect(cli, command, &pages, &offer, true);
        number = number_ask(cli, offer.count);
    }
    sb_pages_finish(&pages);
    if (exit != SB_EXIT_DONE) {
        return exit;
    }
    if (number == 0) {
        sb_cli_say_one(cli, SB_TEXT_PICK_NONE, "");
        return SB_EXIT_REFUSED;
    }
    sb_hex_write(sb_hash_bytes(&offer.id[number - 1]), ret_id);
    sb_record_set_text(args, SB_FIELD_EVENT, ret_id);
    return SB_EXIT_DONE;
}
