/* screens.c: when all is drained, what people see: an agent's `inbox` and the centre's `events`,
 * asked as the programs ask. Each event is there once, at an agent of two once for each
 * organisation that it was for, and what came is there at all. Of each, views.c asks more. */
#include "screens.h"

#include <stdlib.h>

static struct sb_hash shown_as(const struct sb_hash *id, const struct sb_name *org)
{
    const struct sb_bytes parts[] = {sb_hash_bytes(id), sb_name_bytes(org)};
    return sb_hash_parts("shown", parts, 2);
}

static bool is_shown(const struct screen *screen, const struct sb_hash *id)
{
    for (unsigned i = 0; i < screen->count; i++) {
        if (sb_hash_equal(&screen->shown[i].as, id)) {
            return true;
        }
    }
    return false;
}

static bool row_take(void *with, const struct sb_record *row)
{
    struct screen *screen = with;
    /* At the centre an event is there once, whoever sent it. */
    const struct sb_name org = screen->end < 0 ? sb_name("") : sb_record_name(row, SB_FIELD_ORG);
    struct shown shown = {
        .kind = (unsigned)sb_record_number(row, SB_FIELD_KIND),
        .seats = (unsigned)sb_list_count(sb_record_bytes(row, SB_FIELD_SEATS)),
        .refused = sb_record_has(row, SB_FIELD_VERDICT),
        .alerts = sb_record_has(row, SB_FIELD_STATE),
    };
    if (!sb_record_hash(row, SB_FIELD_ID, &shown.id) || screen->count == SHOWN_MAX) {
        return true;
    }
    shown.in_incident = sb_record_hash(row, SB_FIELD_INCIDENT, &shown.incident);
    shown.as = shown_as(&shown.id, &org);
    if (is_shown(screen, &shown.as)) {
        return world_break(screen->world, WORLD_SCREEN, "%s: shows one event twice", screen->whose);
    }
    screen->shown[screen->count++] = shown;
    return true;
}

/* What the centre sent and was accepted here stands on the screen. */
static bool all_shown(const struct screen *screen, struct sb_txn *own)
{
    const struct sb_name *centre = &screen->world->broker_config.org;
    for (uint64_t index = 1; index < sb_log_next_index(own); index++) {
        struct sb_log_row row;
        struct sb_event event;
        if (!sb_log_get(own, index, &row) || row.stream_agent.text[0] == '\0'
            || row.verdict != SB_ERR_OK || sb_event_read(&row.sealed, &event, NULL) != SB_ERR_OK) {
            continue;
        }
        const struct sb_name origin = sb_record_name(&event.fields, SB_FIELD_ORIGIN);
        const struct sb_hash as = shown_as(&event.id, &row.at.org);
        if (sb_name_equal(&origin, centre) && !is_shown(screen, &as)) {
            return world_break(screen->world, WORLD_SCREEN, "%s: does not show row %llu",
                               screen->whose, (unsigned long long)index);
        }
    }
    return true;
}

/* What is in the centre's log, and was not refused as a copy that came back, stands there. */
static bool all_listed(const struct screen *screen, enum sb_realm realm, struct sb_txn *txn)
{
    const struct sb_name nobody = sb_name("");
    for (uint64_t index = 1; index < sb_log_next_index(txn); index++) {
        struct sb_log_row row;
        struct sb_event event;
        if (!sb_log_get(txn, index, &row) || row.verdict == SB_ERR_ALREADY
            || sb_event_read(&row.sealed, &event, NULL) != SB_ERR_OK
            || sb_record_number(&event.fields, SB_FIELD_REALM) != realm) {
            continue;
        }
        const struct sb_hash as = shown_as(&event.id, &nobody);
        if (!is_shown(screen, &as)) {
            return world_break(screen->world, WORLD_SCREEN, "%s: does not list row %llu",
                               screen->whose, (unsigned long long)index);
        }
    }
    return true;
}

static bool list_holds(struct screen *screen, enum sb_realm realm)
{
    struct world *world = screen->world;
    struct sb_store *store =
        screen->end < 0 ? world->broker_store : world->agent[screen->end].store;
    struct sb_why why = {0};
    screen->count = 0;
    if (!screen_ask(screen, screen->end < 0 ? "events" : "inbox", NULL, row_take, screen)) {
        return false;
    }
    if (screen->count == SHOWN_MAX) {
        return true; /* more than is remembered here */
    }
    struct sb_txn *txn = sb_store_begin(store, &why);
    const bool holds = screen->end < 0 ? all_listed(screen, realm, txn) : all_shown(screen, txn);
    sb_store_abort(store, txn);
    return holds && screen_views_hold(screen);
}

bool world_screen_holds(struct world *world, int end)
{
    static const char *const operators[] = {"", "o:tib", "o:tib-ovning", "o:tib-prov"};
    struct screen *screen = sb_alloc(1, sizeof *screen);
    bool holds = true;
    screen->world = world;
    screen->end = end;
    screen->whose = end < 0 ? "broker" : world->agent[end].name.text;
    screen->user = "local";
    for (unsigned realm = SB_REALM_LIVE; end < 0 && realm <= SB_REALM_TEST && holds; realm++) {
        screen->user = operators[realm]; /* each sees one realm */
        holds = list_holds(screen, (enum sb_realm)realm);
    }
    holds = holds && (end < 0 || list_holds(screen, SB_REALM_LIVE));
    free(screen);
    return holds;
}
