/* crashes.c: one whole convening, played again and again: each time one turn of somebody never was
 * (a crash before its commit), or everything from one effect on never got out (a crash after it).
 * Who was told what, under how many keys, and the board at the end must be as without a crash.
 *
 *     crashes STRIDE              every STRIDEth turn and effect; 1: all
 *     crashes turn|effect NUMBER  that one, with its trace */
#include "orders.h"
#include "tell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLD_MAX   64
#define TOLD_SIZE  80
#define BOARD_SIZE 1024
#define START_MS   10000u
#define END_MS     110000u
#define ASKS_MAX   8

static const char *const agents[] = {"taby", "solna", "nacka"};

struct play {
    char told[TOLD_MAX][TOLD_SIZE]; /* "taby p1 convening", once per key, sorted at the end */
    struct sb_hash key[TOLD_MAX];
    unsigned told_count;
    char board[BOARD_SIZE];
    char convening[2 * SB_HASH_SIZE + 1];
    struct sb_why why;
    bool print;
    uint64_t turns, effects;
};

/* What each person does when told of the convening; who is not here is silent. */
static const struct {
    const char *org, *person;
    enum sb_answer answer;
} answers[] = {
    {"taby", "p1", SB_ANSWER_NO},
    {"taby", "p3", SB_ANSWER_YES},
    {"solna", "p2", SB_ANSWER_NOTHING},
    {"nacka", "p1", SB_ANSWER_YES},
};

/* False where it came before: people answer once. */
static bool told_add(struct play *play, const char *org, const struct sb_record *attempt)
{
    struct sb_bytes parts[] = {sb_bytes_str(org), sb_record_bytes(attempt, SB_FIELD_ATTEMPT)};
    struct sb_hash key = sb_hash_parts("attempt", parts, 2);
    for (unsigned i = 0; i < play->told_count; i++) {
        if (sb_hash_equal(&play->key[i], &key)) {
            return false;
        }
    }
    SB_ASSERT(play->told_count < TOLD_MAX);
    play->key[play->told_count] = key;
    (void)snprintf(play->told[play->told_count++], TOLD_SIZE, "%s %s %s", org,
                   sb_record_name(attempt, SB_FIELD_PERSON).text,
                   sb_kind_find((unsigned)sb_record_number(attempt, SB_FIELD_KIND))->json);
    return true;
}

static void on_attempt(void *context, struct world *world, unsigned agent,
                       const struct sb_record *attempt)
{
    struct play *play = context;
    const char *org = world->agent[agent].config.org[0].text;
    struct sb_name person = sb_record_name(attempt, SB_FIELD_PERSON);
    bool first = told_add(play, org, attempt)
                 && sb_record_number(attempt, SB_FIELD_KIND) == SB_KIND_CONVENING;
    struct sb_record *args = sb_alloc(1, sizeof *args);
    sb_record_set_bytes(args, SB_FIELD_ATTEMPT, sb_record_bytes(attempt, SB_FIELD_ATTEMPT));
    sb_record_set_number(args, SB_FIELD_RESULT, SB_RESULT_ACCEPTED);
    world_local(world, agent, "result", args, 50);
    sb_record_unset(args, SB_FIELD_RESULT);
    for (size_t i = 0; first && i < sizeof answers / sizeof answers[0]; i++) {
        if (strcmp(answers[i].org, org) == 0 && strcmp(answers[i].person, person.text) == 0) {
            sb_record_set_text(args, SB_FIELD_FUNCTION, "tib");
            if (answers[i].answer != SB_ANSWER_NOTHING) {
                sb_record_set_number(args, SB_FIELD_ANSWER, answers[i].answer);
            }
            world_local(world, agent, "fact", args, 5000);
        }
    }
    free(args);
}

static void on_trace(void *context, const char *actor, const char *line)
{
    const struct play *play = context;
    if (play->print) {
        (void)printf("%s %s\n", actor, line);
    }
}

/* The command line asks again under the same id until it has a reply. */
static void order(struct world *world, struct play *play, const char *verb,
                  const struct sb_record *args)
{
    enum sb_err err = world_order(world, verb, args, &play->why);
    for (unsigned asks = 0; err == SB_ERR_UNKNOWN_OUTCOME && asks < ASKS_MAX; asks++) {
        err = world_order_again(world, verb, args, &play->why);
    }
    if (err == SB_ERR_OK) {
        play->why = (struct sb_why){0};
    }
}

static void board_read(struct world *world, struct play *play)
{
    static const enum sb_field shown[] = {SB_FIELD_COLOUR, SB_FIELD_ANSWER, SB_FIELD_MANDATE_STATE,
                                          SB_FIELD_LATE,   SB_FIELD_STEP,   SB_FIELD_LEFT};
    struct sb_record *row = sb_alloc(1, sizeof *row);
    size_t used = 0;
    sb_record_set_text(row, SB_FIELD_EVENT, play->convening);
    order(world, play, "status", row);
    for (unsigned i = 1; world_reply_row(world, i, row); i++) {
        int size = snprintf(
            play->board + used, BOARD_SIZE - used, "%s by %s notified %d acked %d",
            sb_record_name(row, SB_FIELD_ORG).text, sb_record_name(row, SB_FIELD_PERSON).text,
            sb_record_has(row, SB_FIELD_NOTIFIED_AT), sb_record_has(row, SB_FIELD_ACKED_AT));
        used += (size_t)size;
        for (size_t j = 0; j < sizeof shown / sizeof shown[0]; j++) {
            size = snprintf(play->board + used, BOARD_SIZE - used, " %llu",
                            (unsigned long long)sb_record_number(row, shown[j]));
            used += (size_t)size;
        }
        used += (size_t)snprintf(play->board + used, BOARD_SIZE - used, "\n");
        sb_record_clear(row);
    }
    free(row);
}

static void convening_keep(struct world *world, struct play *play)
{
    struct sb_record *row = sb_alloc(1, sizeof *row);
    struct sb_hash id;
    for (unsigned i = 0; world_reply_row(world, i, row); i++) {
        if (sb_record_number(row, SB_FIELD_KIND) == SB_KIND_CONVENING
            && sb_record_hash(row, SB_FIELD_ID, &id)) {
            sb_hex_write(sb_hash_bytes(&id), play->convening);
        }
        sb_record_clear(row);
    }
    free(row);
}

/* How many events of each kind the broker holds, but for the agents' reports, which follow time. */
static void events_count(struct world *world, struct play *play)
{
    struct sb_why ignored = {0};
    struct sb_txn *txn = sb_store_begin(world->broker_store, &ignored);
    unsigned count[SB_KIND_VERDICT + 1] = {0};
    for (uint64_t index = 1; index < sb_log_next_index(txn); index++) {
        struct sb_log_row row;
        struct sb_event event;
        if (sb_log_get(txn, index, &row) && sb_event_read(&row.sealed, &event, NULL) == SB_ERR_OK) {
            count[event.kind->kind]++;
        }
    }
    sb_store_abort(world->broker_store, txn);
    count[SB_KIND_REACH] = 0;
    for (unsigned kind = 1; kind <= SB_KIND_VERDICT; kind++) {
        size_t used = strlen(play->board);
        (void)snprintf(play->board + used, BOARD_SIZE - used, "%u ", count[kind]);
    }
}

static int told_compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* A call: "nej" and the deputy's "ja", a kvittens from the second where the first is silent, a "ja"
 * at once. Then a correction, and an information that is recalled. Nobody's time runs out close to
 * anything else, so that a crash's delay changes no order. */
static void story(struct world *world, struct play *play, uint64_t crash_turn,
                  uint64_t crash_effect)
{
    struct sb_record *args = sb_alloc(1, sizeof *args);
    struct sb_list_writer to;
    uint64_t start = WORLD_START_MS + START_MS;
    world_run(world, START_MS);
    world->turns = world->effects = 0;
    world->crash_turn = crash_turn;
    world->crash_effect = crash_effect;
    sb_record_set_text(args, SB_FIELD_FORUM, "rsf");
    sb_record_set_text(args, SB_FIELD_TITLE, "Snöoväder");
    sb_record_set_number(args, SB_FIELD_ANSWER_BY, start + 300000);
    sb_record_set_number(args, SB_FIELD_STARTS, start + 3 * 3600000);
    order(world, play, "call", args);
    convening_keep(world, play);
    world_run(world, 38000);
    sb_record_clear(args);
    sb_record_set_text(args, SB_FIELD_TEXT, "Bryggan är 08-46500401");
    order(world, play, "correct", args);
    world_run(world, 55000);
    sb_list_init(&to);
    sb_list_add(&to, sb_bytes_str("nacka"));
    sb_record_set_text(args, SB_FIELD_TITLE, "Läget");
    sb_record_set_bytes(args, SB_FIELD_TO, sb_list_bytes(&to));
    order(world, play, "inform", args);
    sb_list_finish(&to);
    world_run(world, 60000);
    sb_record_clear(args);
    order(world, play, "recall", args);
    world_run(world, END_MS);
    board_read(world, play);
    events_count(world, play);
    free(args);
}

static void forum_load(struct world *world, struct play *play)
{
    struct sb_record *args = sb_alloc(1, sizeof *args);
    sb_record_set_text(args, SB_FIELD_CSV,
                       "id,name,level,mode,seats\nrsf,Samordnande forum,samordnande,aktiverat,"
                       "\"taby:tib;solna:tib;nacka:tib\"\n");
    order(world, play, "forum-load", args);
    free(args);
}

static void setup(void *context, const char *line)
{
    struct course_people nobody = {0};
    struct sb_why why = {0};
    const enum tell told = tell_setup(context, &nobody, line, &why);
    SB_ASSERT(told == TELL_DONE);
}

static void before(void *context, const char *line)
{
    struct sb_why why = {0};
    const enum tell told = tell_act(context, line, &why);
    SB_ASSERT(told == TELL_DONE);
}

static void play_once(struct play *play, uint64_t crash_turn, uint64_t crash_effect)
{
    struct world *world = world_new(1, agents, 3);
    world->context = play;
    world->on_attempt = on_attempt;
    world->on_trace = on_trace;
    for (unsigned i = 0; i < 3; i++) {
        sim_roster_say(agents[i], true, setup, world);
        sim_mandate_say(agents[i], before, world);
    }
    forum_load(world, play);
    story(world, play, crash_turn, crash_effect);
    if (play->why.text[0] == '\0' && !world_drained(world, true)) {
        play->why = world->broken;
    }
    play->turns = world->turns;
    play->effects = world->effects;
    qsort(play->told, play->told_count, TOLD_SIZE, told_compare);
    world_destroy(world);
}

static bool same(const struct play *whole, const struct play *crashed, const char *what,
                 uint64_t number)
{
    bool told = whole->told_count == crashed->told_count
                && memcmp(whole->told, crashed->told, sizeof whole->told) == 0;
    bool board = strcmp(whole->board, crashed->board) == 0;
    if (told && board && crashed->why.text[0] == '\0') {
        return true;
    }
    (void)printf("crash at %s %llu: %s\n", what, (unsigned long long)number,
                 crashed->why.text[0] != '\0' ? crashed->why.text
                 : told                       ? "another board"
                                              : "others are told");
    for (unsigned i = 0; !told && i < crashed->told_count; i++) {
        (void)printf("    %s\n", crashed->told[i]);
    }
    (void)printf("%s%s", board ? "" : crashed->board, board ? "" : "\n");
    return false;
}

static unsigned play_all(const struct play *whole, uint64_t stride)
{
    unsigned failed = 0;
    struct play *crashed = sb_alloc(1, sizeof *crashed);
    for (uint64_t turn = 1; turn <= whole->turns; turn += stride) {
        *crashed = (struct play){0};
        play_once(crashed, turn, 0);
        failed += !same(whole, crashed, "turn", turn);
    }
    for (uint64_t effect = 1; effect <= whole->effects; effect += stride) {
        *crashed = (struct play){0};
        play_once(crashed, 0, effect);
        failed += !same(whole, crashed, "effect", effect);
    }
    free(crashed);
    return failed;
}

int main(int argc, char **argv)
{
    struct play *whole = sb_alloc(1, sizeof *whole);
    unsigned failed = 0;
    if (argc == 3) {
        uint64_t number = strtoull(argv[2], NULL, 10);
        whole->print = true;
        play_once(whole, argv[1][0] == 't' ? number : 0, argv[1][0] == 't' ? 0 : number);
    } else {
        play_once(whole, 0, 0);
        uint64_t stride = argc == 2 ? strtoull(argv[1], NULL, 10) : 1;
        failed = play_all(whole, stride == 0 ? 1 : stride);
    }
    for (unsigned i = 0; i < whole->told_count; i++) {
        (void)printf("%s\n", whole->told[i]);
    }
    (void)printf("%s\n%s%llu turns, %llu effects, %u crashes changed something\n", whole->board,
                 whole->why.text, (unsigned long long)whole->turns,
                 (unsigned long long)whole->effects, failed);
    failed += whole->why.text[0] != '\0' || whole->told_count == 0;
    free(whole);
    return failed == 0 ? 0 : 1;
}
