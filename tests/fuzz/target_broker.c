/* target_broker.c: the broker's core, asked and told anything: requests of every operator with any
 * arguments, signed so that they come in, or any bytes; events of an agent that the input makes;
 * frames of any bytes. Each request has one readable reply, one that is refused changes nothing,
 * and in the end `verify` finds no fault. */
#include "fuzz.h"
#include "stage.h"

enum {
    STEP_REQUEST,
    STEP_RAW,
    STEP_AGAIN,
    STEP_ENTRY,
    STEP_FRAME,
    STEP_TICK,
    STEP_RESTART,
    STEP_GREET,
    STEP_COUNT
};
#define STEPS_MAX 32

FUZZ_STEPS(STEP_COUNT)

struct acts {
    struct stage *stage;
    struct sb_buf last; /* request */
    struct sb_name last_user;
};

static const char *verb_at(unsigned which)
{
    static const char *const texts[] = {
#define X(name, text, where, writes, role) text,
        SB_VERBS(X)
#undef X
    };
    return texts[which % COUNT_OF(texts)];
}

static const struct person *person_at(const struct county *county, unsigned which)
{
    const struct person *const people[] = {&county->tib, &county->admin, &county->trainer,
                                           &county->viewer};
    return people[which % COUNT_OF(people)];
}

/* EVENT and INCIDENT of what there is: nobody guesses an id. */
static void about_set(struct stage *stage, unsigned which, struct sb_record *args,
                      char text[2 * SB_HASH_SIZE + 1])
{
    struct sb_hash id;
    if (which > 0 && stage_event(stage, which - 1, &id)) {
        sb_hex_write(sb_hash_bytes(&id), text);
        sb_record_set_bytes(args, SB_FIELD_EVENT, sb_bytes(text, which % 2 == 0 ? 8 : 64));
    }
}

/* [who, verb, which event, arguments]. Where these are no record, they are sent as they are. */
static void step_request(struct acts *acts, struct fuzz_input *input)
{
    struct stage *stage = acts->stage;
    const struct person *person = person_at(stage->county, fuzz_byte(input));
    const char *verb = verb_at(fuzz_byte(input));
    unsigned about = fuzz_byte(input) % 8;
    struct sb_record *args = sb_alloc(1, sizeof *args);
    char text[2 * SB_HASH_SIZE + 1];
    if (input->rest.size > 0
        && sb_record_read(input->rest, SB_PARTS_ALL, args, NULL) != SB_ERR_OK) {
        sb_record_clear(args);
        if (sb_bytes_is_text(input->rest)) {
            sb_record_set_bytes(args, SB_FIELD_TEXT, input->rest);
        }
    }
    about_set(stage, about, args, text);
    sb_buf_finish(&acts->last);
    acts->last_user = person->user;
    (void)!stage_ask(stage, person, verb, args, &acts->last);
    free(args);
    stage_exchange(stage);
}

static void step_raw(struct acts *acts, struct fuzz_input *input)
{
    static const char *const users[] = {"o:tib", "o:chef", "e:0011223344556677", "a:taby-1",
                                        "o:ingen"};
    struct sb_name user = sb_name(users[fuzz_byte(input) % COUNT_OF(users)]);
    (void)!stage_request(acts->stage, &user, input->rest);
}

/* The same answer, and nothing more is done. */
static void step_again(struct acts *acts, struct fuzz_input *input)
{
    (void)input;
    if (acts->last.size > 0) {
        (void)!stage_request(acts->stage, &acts->last_user, sb_buf_bytes(&acts->last));
    }
}

/* [lane, which event it is about, what it is made of] */
static void step_entry(struct acts *acts, struct fuzz_input *input)
{
    struct stage *stage = acts->stage;
    struct sb_entry entry = {.own = {0}};
    struct sb_hash about = {{0}};
    struct sb_buf buf;
    unsigned lane = fuzz_byte(input);
    unsigned which = fuzz_byte(input) % 8;
    if (which > 0) {
        (void)stage_event(stage, which - 1, &about);
    }
    if (!stage->greeted) {
        stage->greeted = true;
        fake_greet(&stage->agent);
        stage_exchange(stage);
    }
    sb_buf_init(&buf, 4 * SB_ENTRY_SIZE_MAX);
    forge_event_about(input->rest, &about, &buf, &entry.sealed);
    fake_entry(&stage->agent, lane, 0, &entry);
    sb_buf_finish(&buf);
    stage_exchange(stage);
}

static void step_frame(struct acts *acts, struct fuzz_input *input)
{
    static const char *const users[] = {"a:taby-1", "a:taby-1", "a:ingen", "o:tib"};
    stage_frame(acts->stage, users[fuzz_byte(input) % COUNT_OF(users)], input->rest);
    stage_exchange(acts->stage);
}

static void step_tick(struct acts *acts, struct fuzz_input *input)
{
    stage_tick(acts->stage, fuzz_u16(input));
    stage_exchange(acts->stage);
}

static void step_restart(struct acts *acts, struct fuzz_input *input)
{
    (void)input;
    county_restart(acts->stage->county);
    acts->stage->greeted = false;
}

static void step_greet(struct acts *acts, struct fuzz_input *input)
{
    acts->stage->agent.session += fuzz_byte(input) % 4;
    fake_greet(&acts->stage->agent);
    stage_exchange(acts->stage);
}

void fuzz_one(struct sb_bytes bytes)
{
    static void (*const steps[STEP_COUNT])(struct acts * acts, struct fuzz_input * input) = {
        [STEP_REQUEST] = step_request, [STEP_RAW] = step_raw,     [STEP_AGAIN] = step_again,
        [STEP_ENTRY] = step_entry,     [STEP_FRAME] = step_frame, [STEP_TICK] = step_tick,
        [STEP_RESTART] = step_restart, [STEP_GREET] = step_greet,
    };
    struct fuzz_input input = {.rest = bytes};
    struct fuzz_step step;
    struct acts acts = {.stage = stage_new()};
    sb_buf_init(&acts.last, SB_FRAME_SIZE_MAX);
    for (unsigned n = 0; n < STEPS_MAX && fuzz_step_next(&input, &step); n++) {
        struct fuzz_input inner = {.rest = step.bytes};
        steps[step.number % STEP_COUNT](&acts, &inner);
    }
    stage_end(acts.stage);
    sb_buf_finish(&acts.last);
    stage_destroy(acts.stage);
}
