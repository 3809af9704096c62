/* said.c: which of what was said for a called seat stands, judged alike by the broker's board and
 * the agent's engine. What then follows for colour and escalation is answer.c's table. */
#include "samband/err.h"
#include "samband/reach.h"

#define ASIDE_SIZE_MAX 256 /* names, times and numbers only; as fields.h has it */

bool sb_mandate_counts(enum sb_mandate_state state)
{
    return state == SB_MANDATE_VALID || state == SB_MANDATE_NOT_NEEDED;
}

bool sb_said_attends(const struct sb_said *said)
{
    return (said->answer == SB_ANSWER_YES || said->answer == SB_ANSWER_AT)
           && sb_mandate_counts(said->mandate);
}

static bool by_tib(const struct sb_said *said)
{
    return said->via.text[0] != '\0';
}

static bool same_speaker(const struct sb_said *one, const struct sb_said *other)
{
    return by_tib(one) == by_tib(other) && sb_name_equal(&one->person, &other->person);
}

/* Whoever attends with mandate goes on attending, whatever another says later. Who should have
 * joined and has not is another matter, once TiB has asked. */
static bool attends_on(const struct sb_said *earlier, const struct sb_said *later)
{
    const bool overdue = earlier->answer == SB_ANSWER_AT && later->given_at > earlier->at;

    return sb_said_attends(earlier) && !sb_said_attends(later) && !same_speaker(earlier, later)
           && !(overdue && by_tib(later));
}

/* An acknowledgement takes no answer back, but where another than the one who said "nej" or
 * "ersättare" now has it: then the seat waits for that one's answer. A "ja" without mandate it does
 * not complete: who attends must hold the mandate. Of several acknowledgements the newest stands,
 * but none without mandate over one with; and over what TiB entered only one that brings the
 * mandate. */
static bool ack_supersedes(const struct sb_said *earlier, const struct sb_said *later)
{
    const bool before = sb_mandate_counts(earlier->mandate);
    const bool now = sb_mandate_counts(later->mandate);
    const bool declined = earlier->answer == SB_ANSWER_NO || earlier->answer == SB_ANSWER_DEPUTY;

    if (earlier->answer == SB_ANSWER_NOTHING) {
        return by_tib(earlier) ? now && !before : now || !before;
    }
    return declined && !by_tib(earlier) && !same_speaker(earlier, later);
}

static bool supersedes(const struct sb_said *earlier, const struct sb_said *later)
{
    if (attends_on(earlier, later)) {
        return false;
    }
    return by_tib(later) || later->answer != SB_ANSWER_NOTHING || ack_supersedes(earlier, later);
}

/* Of TiB's own entries the newest counts, so that a slip can be put right: by its time, for what a
 * broker had forgotten comes back, and goes on to others, behind what it entered since. */
bool sb_said_stands(const struct sb_said *said, const struct sb_said *given)
{
    const bool later = said->given_at == given->given_at ? by_tib(given) || !by_tib(said)
                                                         : said->given_at < given->given_at;

    if (said->given_at == 0) {
        return true;
    }
    if (by_tib(said) && by_tib(given)) {
        return later;
    }
    return later ? supersedes(said, given) : !supersedes(given, said);
}

bool sb_said_take(struct sb_said *stands, struct sb_said *aside, const struct sb_said *given)
{
    const bool same = stands->given_at == 0 || by_tib(stands) == by_tib(given);
    struct sb_said *own = same ? stands : aside;

    if (!sb_said_stands(own, given)) {
        return false;
    }
    *own = *given;
    if (aside->given_at == 0 || !sb_said_stands(stands, aside)) {
        return same;
    }
    const struct sb_said other = *stands;
    *stands = *aside;
    *aside = other;
    return true;
}

static void number_write(struct sb_record *row, enum sb_field field, uint64_t number)
{
    if (number != 0) {
        sb_record_set_number(row, field, number);
    }
}

static void name_write(struct sb_record *row, enum sb_field field, const struct sb_name *name)
{
    if (name->text[0] != '\0') {
        sb_record_set_name(row, field, name);
    }
}

void sb_said_write(const struct sb_said *said, struct sb_record *row)
{
    number_write(row, SB_FIELD_ANSWERED_AT, said->given_at);
    number_write(row, SB_FIELD_ANSWER, (uint64_t)said->answer);
    number_write(row, SB_FIELD_AT, said->at);
    number_write(row, SB_FIELD_MANDATE_STATE, (uint64_t)said->mandate);
    number_write(row, SB_FIELD_LATE, said->late);
    name_write(row, SB_FIELD_PERSON, &said->person);
    name_write(row, SB_FIELD_VIA, &said->via);
}

void sb_said_read(const struct sb_record *row, struct sb_said *ret_said)
{
    *ret_said = (struct sb_said){
        .given_at = sb_record_number(row, SB_FIELD_ANSWERED_AT),
        .answer = (enum sb_answer)sb_record_number(row, SB_FIELD_ANSWER),
        .at = sb_record_number(row, SB_FIELD_AT),
        .mandate = (enum sb_mandate_state)sb_record_number(row, SB_FIELD_MANDATE_STATE),
        .late = sb_record_number(row, SB_FIELD_LATE) != 0,
        .person = sb_record_name(row, SB_FIELD_PERSON),
        .via = sb_record_name(row, SB_FIELD_VIA),
    };
}

void sb_aside_write(const struct sb_said *aside, struct sb_record *row, struct sb_buf *buf)
{
    struct sb_record record = {0};

    sb_buf_init(buf, ASIDE_SIZE_MAX);
    if (aside->given_at == 0) {
        return;
    }
    sb_said_write(aside, &record);
    sb_record_write(&record, SB_PARTS_ALL, buf);
    SB_ASSERT(!buf->overflow);
    sb_record_set_bytes(row, SB_FIELD_ASIDE, sb_buf_bytes(buf));
}

void sb_aside_read(const struct sb_record *row, struct sb_said *ret_aside)
{
    const struct sb_bytes bytes = sb_record_bytes(row, SB_FIELD_ASIDE);
    struct sb_record record = {0};

    *ret_aside = (struct sb_said){0};
    if (bytes.size > 0) {
        SB_ASSERT(sb_record_read(bytes, SB_PARTS_ALL, &record, NULL) == SB_ERR_OK);
        sb_said_read(&record, ret_aside);
    }
}
