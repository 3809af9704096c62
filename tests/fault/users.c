/* users.c: sb_users, people who work while everything around them breaks: one orders at the broker,
 * or one answers at an agent, without pause until there is a file STOP, and each writes into a
 * journal what was promised to it. What is not answered in time is asked again under the same
 * request id until it is, also when there is that file: at the end every order is either accepted
 * or refused, never unknown. It knows nothing of stores; who compares is tests/support/accepted.sh.
 *
 *      sb_users order PROFILE STOP SEED ORGANISATION…    orders
 *      sb_users answer SOCKET STOP SEED ORGANISATION RUNG
 *                                                   answers what its phone rang for (RUNG: the
 *                                                   file of tests/support/rung.sh)
 *      sb_users fill PROFILE STOP COUNT SIZE ORGANISATION
 *                                                   orders with SIZE bytes of text, until one is
 *                                                   refused or there are COUNT
 *      sb_users notes SOCKET STOP COUNT SIZE        notes of an organisation, the same
 *      sb_users board PROFILE                       the board of every event on stdin
 *
 * The journal is stdout: "accepted ID KIND REF-OR-- ORGANISATION,…", "refused WORD SENTENCE",
 * "answered ORGANISATION EVENT ANSWER ID"; of board: "seat EVENT SEAT ANSWER". */
#include "../bench/ask.h"
#include "samband/keyfiles.h"
#include "samband/kinds.h"
#include "samband/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MS       600 /* then it is asked again */
#define GIVE_UP_AFTER 300 /* times; who waits so long found a defect */
#define KNOWN_MAX     4096
#define ORGS_MAX      64
#define PAUSE_MOST_MS 300
#define ID_TEXT_SIZE  (2 * SB_HASH_SIZE + 1)
#define ANSWER_OF_TEN 8 /* so many of ten events are answered */
#define RECALL_OF_TEN 1
#define AGAIN_OF      12 /* one of so many answers changes one that was given */

struct user {
    const char *where; /* profile or socket */
    const char *stop;
    bool local;
    struct asker asker;
    struct asked asked;
    uint64_t random;
};

struct known {
    struct sb_hash id[KNOWN_MAX];
    size_t count;
};

/* What a duty officer knows of. */
struct duty {
    const char *org;
    FILE *phone;
    struct known rung;
    size_t next; /* of those */
    struct known answered;
};

/* xorshift64*: the same seed, the same orders. */
static unsigned random_below(struct user *user, unsigned limit)
{
    user->random ^= user->random >> 12;
    user->random ^= user->random << 25;
    user->random ^= user->random >> 27;
    return (unsigned)((user->random * UINT64_C(2685821657736338717)) >> 33) % limit;
}

static void give_up(const struct sb_why *why)
{
    (void)fprintf(stderr, "sb_users: %s\n", why->text);
    exit(1);
}

static void user_connect(struct user *user)
{
    struct sb_why why = {0};
    if (!(user->local ? asker_open_local(&user->asker, user->where, WAIT_MS, &why)
                      : asker_open(&user->asker, user->where, WAIT_MS, &why))) {
        give_up(&why);
    }
}

static bool user_stops(const struct user *user)
{
    return access(user->stop, F_OK) == 0;
}

static void user_pause(struct user *user, unsigned ms)
{
    uint64_t end_ms = sb_loop_now(user->asker.loop).mono_ms + ms;
    do {
        sb_loop_wait(user->asker.loop, end_ms);
    } while (sb_loop_now(user->asker.loop).mono_ms < end_ms);
}

/* True where it was accepted. Silence: again, the same request, over a new connection. */
static bool user_ask(struct user *user, const char *verb, const struct sb_record *args,
                     struct sb_why *why)
{
    uint8_t id[SB_REQUEST_ID_SIZE];
    sb_keyfile_random(id, sizeof id);
    for (unsigned tries = 0; tries < GIVE_UP_AFTER; tries++) {
        if (asker_ask_as(&user->asker, id, verb, args, &user->asked, why)) {
            return true;
        }
        if (user->asked.err != SB_ERR_NO_CONTACT) {
            return false;
        }
        asker_close(&user->asker);
        user_connect(user);
    }
    give_up(why);
    return false;
}

static void id_text(const struct sb_hash *id, char text[ID_TEXT_SIZE])
{
    sb_hex_write(sb_hash_bytes(id), text);
}

static void refused_print(const struct user *user, const struct sb_why *why)
{
    (void)printf("refused %s %s\n", sb_err_name(user->asked.err), why->text);
}

/* The event that the reply tells of; every order of ours makes one. */
static struct sb_hash made_id(const struct user *user)
{
    struct sb_record row;
    struct sb_hash id;
    SB_ASSERT(asked_row(&user->asked, &row) && sb_record_hash(&row, SB_FIELD_ID, &id));
    return id;
}

/* --- the duty officer at the centre --- */

struct order {
    char orgs[ORGS_MAX * (SB_NAME_SIZE_MAX + 1)];
    struct sb_hash id;
};

static void orgs_choose(struct user *user, char **org, unsigned count, struct sb_list_writer *to,
                        struct order *order)
{
    unsigned first = random_below(user, count);
    unsigned some = 1 + random_below(user, count);
    order->orgs[0] = '\0';
    for (unsigned i = 0; i < some; i++) {
        char seat[SB_SEAT_SIZE_MAX + 1];
        const char *name = org[(first + i) % count];
        (void)snprintf(seat, sizeof seat, "%s/tib", name);
        sb_list_add(to, sb_bytes_str(seat));
        size_t size = strlen(order->orgs);
        (void)snprintf(order->orgs + size, sizeof order->orgs - size, "%s%s", i == 0 ? "" : ",",
                       name);
    }
}

static bool inform(struct user *user, uint64_t number, char **org, unsigned count,
                   struct order *order)
{
    struct sb_record args = {0};
    struct sb_list_writer to;
    struct sb_why why = {0};
    char title[40], text[ID_TEXT_SIZE];
    sb_list_init(&to);
    orgs_choose(user, org, count, &to, order);
    (void)snprintf(title, sizeof title, "Event %" PRIu64, number);
    sb_record_set_text(&args, SB_FIELD_TITLE, title);
    sb_record_set_text(&args, SB_FIELD_TEXT, "A load that nobody must lose.");
    sb_record_set_bytes(&args, SB_FIELD_TO, sb_list_bytes(&to));
    bool good = user_ask(user, "inform", &args, &why);
    if (good) {
        order->id = made_id(user);
        id_text(&order->id, text);
        (void)printf("accepted %s information - %s\n", text, order->orgs);
    } else {
        refused_print(user, &why);
    }
    sb_list_finish(&to);
    return good;
}

static void recall(struct user *user, const struct order *order)
{
    struct sb_record args = {0};
    struct sb_why why = {0};
    char text[ID_TEXT_SIZE], ref[ID_TEXT_SIZE];
    id_text(&order->id, ref);
    sb_record_set_text(&args, SB_FIELD_EVENT, ref);
    if (user_ask(user, "recall", &args, &why)) {
        struct sb_hash id = made_id(user);
        id_text(&id, text);
        (void)printf("accepted %s recall %s %s\n", text, ref, order->orgs);
    } else {
        refused_print(user, &why);
    }
}

static void orders(struct user *user, char **org, unsigned count)
{
    struct order last = {0};
    for (uint64_t number = 1; !user_stops(user); number++) {
        if (inform(user, number, org, count, &last) && random_below(user, 10) < RECALL_OF_TEN) {
            recall(user, &last);
        }
        (void)fflush(stdout);
        user_pause(user, random_below(user, PAUSE_MOST_MS));
    }
}

/* --- whoever fills a store --- */

static char *text_of(const char *size)
{
    size_t wanted = strtoul(size, NULL, 10);
    SB_ASSERT(wanted > 0 && wanted <= SB_TEXT_SIZE_MAX);
    char *text = sb_alloc(wanted + 1, 1);
    memset(text, 'x', wanted);
    return text;
}

static bool fill_one(struct user *user, const char *text, const char *org)
{
    struct sb_record args = {0};
    struct sb_list_writer to;
    struct sb_why why = {0};
    char seat[SB_SEAT_SIZE_MAX + 1], id[ID_TEXT_SIZE];
    sb_list_init(&to);
    (void)snprintf(seat, sizeof seat, "%s/tib", org == NULL ? "" : org);
    sb_list_add(&to, sb_bytes_str(seat));
    sb_record_set_text(&args, SB_FIELD_TEXT, text);
    if (org != NULL) {
        sb_record_set_text(&args, SB_FIELD_TITLE, "Full");
        sb_record_set_bytes(&args, SB_FIELD_TO, sb_list_bytes(&to));
    }
    bool good = user_ask(user, org == NULL ? "note" : "inform", &args, &why);
    if (!good) {
        refused_print(user, &why);
    } else if (org != NULL) {
        struct sb_hash made = made_id(user);
        id_text(&made, id);
        (void)printf("accepted %s information - %s\n", id, org);
    }
    sb_list_finish(&to);
    return good;
}

static void fill(struct user *user, const char *count, const char *size, const char *org)
{
    char *text = text_of(size);
    unsigned long left = strtoul(count, NULL, 10);
    while (left > 0 && !user_stops(user) && fill_one(user, text, org)) {
        left--;
    }
    free(text);
}

/* --- the duty officer of an organisation --- */

static bool known_has(const struct known *known, const struct sb_hash *id)
{
    for (size_t i = 0; i < known->count; i++) {
        if (sb_hash_equal(&known->id[i], id)) {
            return true;
        }
    }
    return false;
}

static void known_add(struct known *known, const struct sb_hash *id)
{
    if (known->count < KNOWN_MAX) {
        known->id[known->count++] = *id;
    }
}

/* Whole lines only: one that is being written is read next time. */
static void phone_look(struct duty *duty)
{
    static const char mark[] = "\"event\":\"";
    char line[4096];
    long at = ftell(duty->phone);
    clearerr(duty->phone);
    while (fgets(line, sizeof line, duty->phone) != NULL && strchr(line, '\n') != NULL) {
        const char *event = strstr(line, mark);
        struct sb_hash id;
        if (event != NULL && strstr(line, "\"class\":\"information\"") != NULL
            && sb_hex_read(sb_bytes(event + sizeof mark - 1, 2 * SB_HASH_SIZE), id.at,
                           sizeof id.at)) {
            known_add(&duty->rung, &id);
        }
        at = ftell(duty->phone);
    }
    (void)fseek(duty->phone, at, SEEK_SET);
}

static void answer(struct user *user, const char *org, const struct sb_hash *event,
                   enum sb_answer said)
{
    struct sb_record args = {0};
    struct sb_why why = {0};
    char person[SB_NAME_SIZE_MAX + 1], seat[SB_SEAT_SIZE_MAX + 1];
    char about[ID_TEXT_SIZE], text[ID_TEXT_SIZE];
    id_text(event, about);
    (void)snprintf(person, sizeof person, "%s-p1", org);
    (void)snprintf(seat, sizeof seat, "%s/tib", org);
    sb_record_set_text(&args, SB_FIELD_EVENT, about);
    sb_record_set_text(&args, SB_FIELD_SEAT, seat);
    struct sb_name who = sb_name(person);
    sb_record_set_name(&args, SB_FIELD_PERSON, &who);
    sb_record_set_number(&args, SB_FIELD_ANSWER, said);
    if (user_ask(user, "answer", &args, &why)) {
        struct sb_hash id = made_id(user);
        id_text(&id, text);
        (void)printf("answered %s %s %s %s\n", org, about,
                     sb_word_find(SB_FIELD_ANSWER, said)->json, text);
    } else {
        refused_print(user, &why);
    }
    (void)fflush(stdout);
}

/* The first that rang and is not answered; now and then one that was, which is answered otherwise.
 * False where there is nothing to say. */
static bool event_choose(struct user *user, struct duty *duty, struct sb_hash *ret_event,
                         bool *ret_again)
{
    *ret_again = duty->answered.count > 0 && random_below(user, AGAIN_OF) == 0;
    if (*ret_again) {
        *ret_event = duty->answered.id[random_below(user, (unsigned)duty->answered.count)];
        return true;
    }
    while (duty->next < duty->rung.count) {
        const struct sb_hash *id = &duty->rung.id[duty->next++];
        if (!known_has(&duty->answered, id) && random_below(user, 10) < ANSWER_OF_TEN) {
            known_add(&duty->answered, id);
            *ret_event = *id;
            return true;
        }
    }
    return false;
}

static void answers(struct user *user, const char *org, const char *phone)
{
    struct duty *duty = sb_alloc(1, sizeof *duty);
    duty->org = org;
    duty->phone = fopen(phone, "r");
    SB_ASSERT(duty->phone != NULL);
    while (!user_stops(user)) {
        struct sb_hash event;
        bool again;
        phone_look(duty);
        if (event_choose(user, duty, &event, &again)) {
            answer(user, org, &event, again ? SB_ANSWER_NO : SB_ANSWER_YES);
        }
        user_pause(user, random_below(user, PAUSE_MOST_MS));
    }
    (void)fclose(duty->phone);
    free(duty);
}

/* --- the board --- */

static void board(struct user *user, const char *event)
{
    struct sb_record args = {0};
    struct sb_record row = {0};
    struct sb_why why = {0};
    sb_record_set_text(&args, SB_FIELD_EVENT, event);
    if (!user_ask(user, "status", &args, &why)) {
        give_up(&why);
    }
    struct sb_row_reader reader = sb_rows_read(sb_buf_bytes(&user->asked.rows));
    for (; sb_rows_next(&reader, &row); sb_record_clear(&row)) {
        struct sb_bytes seat = sb_record_bytes(&row, SB_FIELD_SEAT);
        const struct sb_word *word =
            sb_word_find(SB_FIELD_ANSWER, (unsigned)sb_record_number(&row, SB_FIELD_ANSWER));
        if (seat.size > 0) {
            (void)printf("seat %s %.*s %s\n", event, (int)seat.size, (const char *)seat.at,
                         word == NULL ? "-" : word->json);
        }
    }
}

static void boards(struct user *user)
{
    char line[ID_TEXT_SIZE + 1];
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '\0') {
            board(user, line);
        }
    }
}

static const struct {
    const char *name;
    int arguments; /* at least */
    bool local;
} jobs[] = {{"order", 6, false},
            {"answer", 7, true},
            {"fill", 7, false},
            {"notes", 6, true},
            {"board", 3, false}};

static void work(struct user *user, const char *job, int argc, char **argv)
{
    asked_init(&user->asked);
    user_connect(user);
    if (strcmp(job, "board") == 0) {
        boards(user);
    } else if (strcmp(job, "fill") == 0 || strcmp(job, "notes") == 0) {
        fill(user, argv[4], argv[5], user->local ? NULL : argv[6]);
    } else if (user->local) {
        answers(user, argv[5], argv[6]);
    } else {
        orders(user, argv + 5, (unsigned)argc - 5 < ORGS_MAX ? (unsigned)argc - 5 : ORGS_MAX);
    }
    asker_close(&user->asker);
    asked_finish(&user->asked);
}

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
        if (argc >= jobs[i].arguments && strcmp(argv[1], jobs[i].name) == 0) {
            struct user user = {.where = argv[2],
                                .stop = argc > 3 ? argv[3] : "",
                                .local = jobs[i].local,
                                .random = argc > 4 ? strtoull(argv[4], NULL, 10) * 2 + 1 : 1};
            work(&user, jobs[i].name, argc, argv);
            return 0;
        }
    }
    (void)fputs("usage: sb_users order PROFILE STOP SEED ORGANISATION… | answer SOCKET STOP SEED "
                "ORGANISATION RUNG | fill PROFILE STOP COUNT SIZE ORGANISATION | notes SOCKET STOP "
                "COUNT SIZE | board PROFILE\n",
                stderr);
    return 2;
}
