/* broker_agents.h: for units of broker/core: agents without a reach engine, whose end of the link
 * is driven by hand: joined through the real verbs, each with its own memory store. */
#ifndef BROKER_AGENTS_H
#define BROKER_AGENTS_H

#include "broker_world.h"

static inline void end_turn(struct county *county, struct agent_end *end);

/* Hands what an agent sent to the broker, as its shell would. */
static inline void end_effects(struct county *county, struct agent_end *end,
                               const struct sb_effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        if (effects->at[i].kind == SB_EFFECT_SEND) {
            struct sb_broker_input input = {.kind = SB_BROKER_FRAME,
                                            .from = end->token,
                                            .user = end->user,
                                            .bytes = effects->at[i].bytes};
            county_turn(county, &input);
        }
    }
}

static inline void end_arrived(struct agent_end *end, struct sb_txn *txn, uint64_t index)
{
    struct sb_log_row row;
    struct sb_event event = {0};
    struct sb_why why = {0};
    assert_true(sb_log_get(txn, index, &row));
    assert_int_equal(sb_event_read(&row.sealed, &event, &why), SB_ERR_OK);
    end->arrived++;
    end->newest = event.id;
    if (event.kind->kind == SB_KIND_VERDICT) {
        end->verdicts++;
        check_said_both(sb_record_bytes(&event.fields, SB_FIELD_TEXT), "", "");
        end->verdict_reason = sb_record_number(&event.fields, SB_FIELD_REASON_CODE);
    }
}

static inline void end_frame(struct county *county, struct agent_end *end, struct sb_txn *txn,
                             struct sb_bytes bytes, struct sb_effects *effects)
{
    struct sb_frame frame;
    struct sb_why why = {0};
    struct sb_arrivals arrivals = {.count = 0};
    struct sb_entropy entropy = county_entropy(county);
    assert_int_equal(sb_frame_read(bytes, &frame, &why), SB_ERR_OK);
    if (frame.type == SB_FRAME_REFUSE) {
        end->refused = frame.err;
    }
    const struct sb_link_turn turn = {end->link, txn, county->now, &entropy, effects};
    (void)!sb_link_on_frame(&turn, &frame, &arrivals, &why);
    for (unsigned i = 0; i < arrivals.count; i++) {
        end_arrived(end, txn, arrivals.index[i]);
    }
}

static inline void end_turn(struct county *county, struct agent_end *end)
{
    struct queue inbox = end->inbox;
    struct sb_effects effects;
    struct sb_entropy entropy = county_entropy(county);
    struct sb_txn *txn = store_begin(end->store);
    end->inbox.count = 0;
    sb_effects_init(&effects);
    for (unsigned i = 0; i < inbox.count; i++) {
        end_frame(county, end, txn, sb_buf_bytes(&inbox.frame[i]), &effects);
    }
    const struct sb_link_turn turn = {end->link, txn, county->now, &entropy, &effects};
    sb_link_pump(&turn);
    store_commit(end->store, txn);
    queue_clear(&inbox);
    end_effects(county, end, &effects);
    sb_effects_finish(&effects);
}

/* Until nobody has anything more to say. */
static inline void county_settle(struct county *county)
{
    bool busy = true;
    for (unsigned round = 0; busy; round++) {
        assert_true(round < 100);
        busy = false;
        for (unsigned i = 0; i < county->end_count; i++) {
            if (county->end[i].inbox.count > 0) {
                busy = true;
                end_turn(county, &county->end[i]);
            }
        }
    }
}

/* The agent's end begins a session anew, on a new connection. */
static inline void end_greet(struct county *county, struct agent_end *end)
{
    struct sb_effects effects;
    struct sb_entropy entropy = county_entropy(county);
    struct sb_txn *txn = store_begin(end->store);
    end->token += 100;
    queue_clear(&end->inbox);
    sb_effects_init(&effects);
    const struct sb_link_turn turn = {end->link, txn, county->now, &entropy, &effects};
    sb_link_open(&turn);
    store_commit(end->store, txn);
    end_effects(county, end, &effects);
    sb_effects_finish(&effects);
    county_settle(county);
}

/* The same, with a broker that may ask for what it forgot: the agent then greets twice, a second
 * apart. */
static inline void end_greet_back(struct county *county, struct agent_end *end)
{
    end_greet(county, end);
    for (unsigned again = 0; again < 3; again++) {
        county_pass(county, SB_HELLO_EVERY_MS);
        end_turn(county, end);
        county_settle(county);
    }
    assert_int_equal(sb_link_state(end->link), SB_LINK_UP);
}

/* Invites, joins and connects an agent for `org`. */
static inline struct agent_end *end_join(struct county *county, const char *org, const char *agent)
{
    assert_true(county->end_count < AGENTS_MAX);
    struct agent_end *end = &county->end[county->end_count];
    struct sb_token token;
    struct sb_record row;
    char user[SB_NAME_SIZE_MAX + 8];
    invite(county, org, agent);
    struct sb_name once = token_user(county, &token);
    party_keys(&end->party, (uint8_t)(20 + 6 * county->end_count));
    assert_int_equal(join(county, &once, &end->party), SB_ERR_OK);
    reply_row(county, 0, &row);
    sb_buf_init(&end->party.cert, SB_CERT_SIZE_MAX);
    sb_buf_add(&end->party.cert, sb_record_bytes(&row, SB_FIELD_CERT));
    end->agent = sb_record_name(&row, SB_FIELD_AGENT);
    end->org = sb_name(org);
    (void)snprintf(user, sizeof user, "a:%s", end->agent.text);
    end->user = sb_name(user);
    end->token = 10 + county->end_count;
    end->store = sb_store_open_memory();
    struct sb_link_config config = {.end = SB_LINK_AGENT,
                                    .agent = end->agent,
                                    .orgs = &end->org,
                                    .org_count = 1,
                                    .machine = &end->party.machine};
    end->link = sb_link_new(&config);
    county->end_count++;
    end_greet(county, end);
    assert_int_equal(sb_link_state(end->link), SB_LINK_UP);
    return end;
}

/* An event of the agent's own: into its log and up. `signer` and `cert` may be another's. */
struct made {
    const struct sb_signer *signer;
    struct sb_bytes cert;
};
static inline void end_issue_as(struct county *county, struct agent_end *end,
                                struct sb_record *fields, struct made made)
{
    struct sb_buf buf;
    struct sb_log_row row = {.accepted_at = county->now.wall_ms};
    struct sb_event event = {0};
    struct sb_seal_by by = {.signer = made.signer, .cert = made.cert};
    struct sb_entropy entropy = county_entropy(county);
    struct sb_list_writer audience;
    if (!sb_record_has(fields, SB_FIELD_REALM)) {
        sb_record_set_number(fields, SB_FIELD_REALM, SB_REALM_LIVE);
    }
    if (!sb_record_has(fields, SB_FIELD_ISSUED)) {
        sb_record_set_number(fields, SB_FIELD_ISSUED, county->now.wall_ms);
    }
    if (!sb_record_has(fields, SB_FIELD_ORIGIN)) {
        sb_record_set_name(fields, SB_FIELD_ORIGIN, &end->org);
    }
    sb_buf_init(&buf, SB_ENTRY_SIZE_MAX);
    assert_int_equal(sb_event_seal(fields, &by, &entropy, &buf, &row.sealed, &county->why),
                     SB_ERR_OK);
    assert_int_equal(sb_event_read(&row.sealed, &event, &county->why), SB_ERR_OK);
    sb_list_init(&audience);
    sb_list_add(&audience, sb_name_bytes(&end->org));
    row.audience = sb_list_bytes(&audience);
    struct sb_txn *txn = store_begin(end->store);
    (void)sb_log_append(txn, &event, &row);
    store_commit(end->store, txn);
    sb_list_finish(&audience);
    sb_buf_finish(&buf);
    end_turn(county, end);
    county_settle(county);
}

static inline void end_issue(struct county *county, struct agent_end *end, struct sb_record *fields)
{
    uint64_t realm = sb_record_has(fields, SB_FIELD_REALM)
                         ? sb_record_number(fields, SB_FIELD_REALM)
                         : SB_REALM_LIVE;
    struct made made = {.signer = &end->party.realm[realm], .cert = sb_buf_bytes(&end->party.cert)};
    end_issue_as(county, end, fields, made);
}

static inline void end_mandate(struct county *county, struct agent_end *end, const char *function,
                               enum sb_forum_level level)
{
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_MANDATE);
    sb_record_set_text(&fields, SB_FIELD_FUNCTION, function);
    sb_record_set_number(&fields, SB_FIELD_LEVEL, level);
    sb_record_set_text(&fields, SB_FIELD_BASIS, "delegationsordning 12");
    sb_record_set_number(&fields, SB_FIELD_VALID_FROM, AUTHORITY_FROM_MS);
    sb_record_set_number(&fields, SB_FIELD_VALID_TO, AUTHORITY_TO_MS);
    end_issue(county, end, &fields);
}

/* An acknowledgement, or (`answer` not 0) attendance. */
struct given {
    const char *seat, *function, *person;
    bool holds;
    enum sb_answer answer;
    uint64_t at, answered_at; /* 0: none; now */
};
static inline void end_answer(struct county *county, struct agent_end *end,
                              const struct sb_hash *about, struct given given)
{
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND,
                         given.answer == 0 ? SB_KIND_ACK : SB_KIND_ATTENDANCE);
    sb_record_set_hash(&fields, SB_FIELD_REF, about);
    sb_record_set_text(&fields, SB_FIELD_SEAT, given.seat);
    sb_record_set_text(&fields, SB_FIELD_FUNCTION, given.function == NULL ? "tib" : given.function);
    sb_record_set_text(&fields, SB_FIELD_PERSON, given.person == NULL ? "p7" : given.person);
    sb_record_set_number(&fields, SB_FIELD_HOLDS_MANDATE, given.holds);
    sb_record_set_number(&fields, SB_FIELD_ANSWERED_AT,
                         given.answered_at == 0 ? county->now.wall_ms : given.answered_at);
    if (given.answer != 0) {
        sb_record_set_number(&fields, SB_FIELD_ANSWER, given.answer);
    }
    if (given.at != 0) {
        sb_record_set_number(&fields, SB_FIELD_AT, given.at);
    }
    end_issue(county, end, &fields);
}

#endif
