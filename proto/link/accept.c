/* accept.c: the broker's side of the handshake: whether a HELLO is believed, and the WELCOME. Who
 * the agent is and what it may speak for was decided before, by the transport's key and the core.
 */
#include "state.h"

static struct sb_key agent_key(const struct sb_name *agent)
{
    struct sb_key key;
    sb_key_init(&key);
    sb_key_add(&key, sb_name_bytes(agent));
    return key;
}

static bool agent_row(const struct sb_link_turn *turn, struct sb_record *ret_record)
{
    struct sb_key key = agent_key(&turn->link->config.agent);
    struct sb_bytes value;
    return sb_txn_get(turn->txn, SB_TABLE_AGENT, sb_key_bytes(&key), &value)
           && sb_row_read(value, ret_record);
}

uint64_t sb_link_durable(uint64_t session)
{
    return session < SB_SESSION_MAX ? session : SB_SESSION_MAX;
}

void sb_link_confirm(const struct sb_link_turn *turn)
{
    struct sb_record record;
    if (turn->link->config.end != SB_LINK_BROKER || turn->link->confirmed) {
        return;
    }
    turn->link->confirmed = true;
    if (agent_row(turn, &record)) {
        struct sb_key key = agent_key(&turn->link->config.agent);
        sb_record_set_number(&record, SB_FIELD_CONFIRMED, sb_link_durable(turn->link->session));
        sb_row_put(turn->txn, SB_TABLE_AGENT, &key, &record);
    }
}

/* An agent's store names the last session that it made durable. Between the last one that a frame
 * confirmed and the last one that was offered it is the store that we know. */
static enum sb_err judge_session(const struct sb_link_turn *turn, const struct sb_frame *hello,
                                 const struct sb_record *row, struct sb_why *why)
{
    const char *agent = turn->link->config.agent.text;
    uint64_t confirmed = sb_record_number(row, SB_FIELD_CONFIRMED);
    uint64_t offered = sb_record_number(row, SB_FIELD_SESSION);
    if (hello->session > SB_SESSION_MAX) {
        return sb_why_say(why, SB_ERR_VALUE, "agenten %s nämner session %llu, som inte kan finnas",
                          "agent %s names session %llu, which cannot be", agent,
                          (unsigned long long)hello->session);
    }
    if (hello->session < confirmed) {
        sb_txn_count(turn->txn, "link/stale");
        sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                       "link-stale agent=%s session=%llu confirmed=%llu", agent,
                       (unsigned long long)hello->session, (unsigned long long)confirmed);
        return sb_why_say(
            why, SB_ERR_STALE,
            "agentens lagring (%s) är en kopia eller en gammal säkerhetskopia (den slutade vid "
            "session %llu, den senaste var %llu); stoppa den andra kopian, eller be Länsstyrelsen "
            "köra `samband org replace %s` om denna ska ta över",
            "the store of agent %s is a copy or an old backup (it stopped at session %llu, the "
            "last one was %llu); stop the other copy, or ask an administrator to run `samband org "
            "replace %s` if this one is to take over",
            agent, (unsigned long long)hello->session, (unsigned long long)confirmed, agent);
    }
    turn->link->behind = hello->session > offered;
    if (confirmed != 0 && turn->link->behind) {
        sb_txn_count(turn->txn, "link/behind");
        sb_effects_log(
            turn->effects, SB_LEVEL_WARNING,
            "link-behind agent=%s session=%llu offered=%llu why=\"this broker's store is "
            "older than what the agent has seen\"",
            agent, (unsigned long long)hello->session, (unsigned long long)offered);
    }
    return SB_ERR_OK;
}

static enum sb_err judge_orgs(const struct sb_link_turn *turn, const struct sb_frame *hello,
                              struct sb_why *why)
{
    const struct sb_link *link = turn->link;
    struct sb_list_reader orgs = sb_list_read(hello->orgs);
    struct sb_bytes text;
    while (sb_list_next(&orgs, &text)) {
        bool served = false;
        for (unsigned i = 0; i < link->config.org_count; i++) {
            served = served || sb_bytes_equal(text, sb_name_bytes(&link->config.orgs[i]));
        }
        if (!served) {
            sb_txn_count(turn->txn, "link/org");
            return sb_why_say(why, SB_ERR_NOT_ALLOWED,
                              "agenten %s tjänar inte %.*s; be Länsstyrelsen om en inbjudan för "
                              "alla organisationer som den ska tjäna",
                              "agent %s does not serve %.*s; invite it anew for every organisation "
                              "that it is to serve",
                              link->config.agent.text, (int)text.size, (const char *)text.at);
        }
    }
    return SB_ERR_OK;
}

static enum sb_err judge(const struct sb_link_turn *turn, const struct sb_frame *hello,
                         struct sb_record *ret_row, struct sb_why *why)
{
    if (hello->type != SB_FRAME_HELLO) {
        return sb_why_say(why, SB_ERR_MALFORMED, "meddelandet %s där en session ska börja",
                          "a %s frame where a session begins", sb_frame_name(hello->type));
    }
    if (!agent_row(turn, ret_row)) {
        return sb_why_say(why, SB_ERR_NOT_ALLOWED,
                          "agenten %s är inte inskriven här; be Länsstyrelsen om en inbjudan",
                          "agent %s is not enrolled here; ask for an invitation",
                          turn->link->config.agent.text);
    }
    enum sb_err err = judge_session(turn, hello, ret_row, why);
    return err == SB_ERR_OK ? judge_orgs(turn, hello, why) : err;
}

/* The HELLO bears its session number as any frame does, and so confirms it. */
static void begin_session(const struct sb_link_turn *turn, const struct sb_frame *hello,
                          struct sb_record *row)
{
    struct sb_link *link = turn->link;
    uint64_t offered = sb_record_number(row, SB_FIELD_SESSION);
    link->session = (hello->session > offered ? hello->session : offered) + 1;
    sb_record_set_number(row, SB_FIELD_SESSION, link->session);
    sb_record_set_number(row, SB_FIELD_CONFIRMED, hello->session);
    struct sb_key key = agent_key(&link->config.agent);
    sb_row_put(turn->txn, SB_TABLE_AGENT, &key, row);

    link->confirmed = false;
    link->state = SB_LINK_UP;
    link->heard_ms = turn->now.mono_ms;
    link->ping_at_ms = turn->now.mono_ms + SB_PING_EVERY_MS;
    for (unsigned i = 0; i < link->stream_count; i++) {
        struct sb_link_stream *stream = &link->stream[i];
        stream->spoken = sb_list_has(hello->orgs, sb_name_bytes(&stream->name.org));
        stream->receipt_due = false;
        sb_link_rewind(stream);
    }
}

static void welcome(const struct sb_link_turn *turn)
{
    struct sb_buf sending;
    struct sb_buf holding;
    struct sb_buf known;
    sb_buf_init(&sending, SB_FRAME_SIZE_MAX);
    sb_buf_init(&holding, SB_FRAME_SIZE_MAX);
    sb_buf_init(&known, SB_FRAME_SIZE_MAX);
    sb_link_positions(turn, SB_LINK_NEWEST, &sending);
    sb_link_positions(turn, SB_LINK_HOLDING, &holding);
    sb_link_positions(turn, SB_LINK_KNOWN, &known);
    struct sb_frame frame = {
        .type = SB_FRAME_WELCOME,
        .minor = SB_PROTOCOL_MINOR,
        .session = turn->link->session,
        .epoch = turn->link->config.epoch,
        .sending = sb_buf_bytes(&sending),
        .holding = sb_buf_bytes(&holding),
        .known = sb_buf_bytes(&known),
    };
    sb_link_send(turn, &frame);
    sb_buf_finish(&known);
    sb_buf_finish(&holding);
    sb_buf_finish(&sending);
}

/* Streams that begin anew because this end forgot. */
static unsigned forgotten(const struct sb_link *link)
{
    unsigned count = 0;
    for (unsigned i = 0; i < link->stream_count; i++) {
        count += link->stream[i].forgot ? 1u : 0u;
    }
    return count;
}

enum sb_err sb_link_accept(const struct sb_link_turn *turn, const struct sb_frame *hello,
                           struct sb_why *why)
{
    struct sb_link *link = turn->link;
    SB_ASSERT(link->config.end == SB_LINK_BROKER);
    struct sb_record row;
    struct sb_why sentence = {0};
    enum sb_err err = judge(turn, hello, &row, &sentence);
    if (err != SB_ERR_OK) {
        sb_link_refuse(turn->effects, link->config.to, hello->session, err, &sentence);
        return sb_why_pass(why, err, &sentence);
    }
    begin_session(turn, hello, &row);
    /* What is not believed stays as it is: `holding` tells the agent, and it opens a new one. */
    (void)sb_link_adopt(turn, hello->sending);
    link->opened = sb_link_resume(turn, hello->holding) - forgotten(link);
    link->gave = sb_link_hand_back(turn, hello->known) > 0;
    welcome(turn);
    return SB_ERR_OK;
}
