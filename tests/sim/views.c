/* views.c: the timelines and boards of what a list showed, asked as the programs ask. A timeline
 * has each event of its incident, and each once; a board is of the event that was asked for, and
 * has each called seat once. What colours and words say is the unit tests'; what the two ends say
 * of a seat, boards.c's. */
#include "screens.h"

#include <stdlib.h>

struct view {
    const struct screen *screen;
    struct sb_hash about;
    struct sb_hash told[SHOWN_MAX]; /* events of a timeline, seats of a board */
    unsigned count;
    unsigned heads;
    uint64_t number; /* of seats, as the head says */
};

static bool is_told(const struct view *view, const struct sb_hash *what)
{
    for (unsigned i = 0; i < view->count; i++) {
        if (sb_hash_equal(&view->told[i], what)) {
            return true;
        }
    }
    return false;
}

/* False where it stands there already. */
static bool tell_once(struct view *view, const struct sb_hash *what)
{
    const bool once = !is_told(view, what);
    if (view->count < SHOWN_MAX) {
        view->told[view->count++] = *what;
    }
    return once;
}

static bool timeline_row(void *with, const struct sb_record *row)
{
    struct view *view = with;
    struct sb_hash id;
    return !sb_record_hash(row, SB_FIELD_ID, &id) || tell_once(view, &id)
           || world_break(view->screen->world, WORLD_SCREEN,
                          "%s: a timeline or the log shows one event twice, row %llu",
                          view->screen->whose,
                          (unsigned long long)sb_record_number(row, SB_FIELD_INDEX));
}

static bool timeline_holds(struct view *view)
{
    const struct screen *screen = view->screen;
    view->count = 0;
    if (!screen_ask(screen, "timeline", &view->about, timeline_row, view)) {
        return false;
    }
    for (unsigned i = 0; i < screen->count && view->count < SHOWN_MAX; i++) {
        const struct shown *shown = &screen->shown[i];
        const bool belongs =
            sb_hash_equal(&shown->id, &view->about)
            || (shown->in_incident && sb_hash_equal(&shown->incident, &view->about));
        if (belongs && !shown->refused && !is_told(view, &shown->id)
            && !world_is_rogue(screen->world, &shown->id)) {
            return world_break(screen->world, WORLD_SCREEN,
                               "%s: a timeline lacks an event of kind %u", screen->whose,
                               shown->kind);
        }
    }
    return true;
}

static bool board_row(void *with, const struct sb_record *row)
{
    struct view *view = with;
    struct world *world = view->screen->world;
    const struct sb_bytes seat = sb_record_bytes(row, SB_FIELD_SEAT);
    struct sb_hash id;
    if (seat.size > 0) {
        const struct sb_hash what = sb_hash_one("seat", seat);
        return tell_once(view, &what)
               || world_break(world, WORLD_SCREEN, "%s: a board shows %.*s twice",
                              view->screen->whose, (int)seat.size, (const char *)seat.at);
    }
    if (!sb_record_hash(row, SB_FIELD_ID, &id)) {
        return true; /* what agents do that no agent should */
    }
    view->heads++;
    view->number = sb_record_number(row, SB_FIELD_NUMBER);
    return sb_hash_equal(&id, &view->about)
           || world_break(world, WORLD_SCREEN, "%s: a board of another event", view->screen->whose);
}

static bool board_holds(struct view *view, const struct shown *shown)
{
    const struct screen *screen = view->screen;
    view->count = view->heads = 0;
    view->number = 0;
    if (!screen_ask(screen, "status", &view->about, board_row, view)) {
        return false;
    }
    return (view->heads == 1 && view->number == view->count
            && (screen->end >= 0 || view->count == shown->seats))
           || world_break(screen->world, WORLD_SCREEN,
                          "%s: a board with %u heads, %u of %llu seats; %u are called",
                          screen->whose, view->heads, view->count, (unsigned long long)view->number,
                          shown->seats);
}

/* Of its own story, not of another's. */
static bool begins_a_story(const struct shown *shown)
{
    return shown->kind == SB_KIND_INCIDENT
           || (!shown->in_incident
               && (shown->kind == SB_KIND_INFORMATION || shown->kind == SB_KIND_PICTURE));
}

static bool has_a_board(const struct screen *screen, const struct shown *shown)
{
    const struct sb_kind_row *kind = sb_kind_find(shown->kind);
    return screen->end < 0 ? kind != NULL && kind->rings && shown->seats > 0 : shown->alerts;
}

/* An agent of two organisations lists an event of both twice: what is asked of it is the same. */
static bool asked_before(const struct screen *screen, unsigned position)
{
    for (unsigned i = 0; i < position; i++) {
        if (sb_hash_equal(&screen->shown[i].id, &screen->shown[position].id)) {
            return true;
        }
    }
    return false;
}

bool screen_views_hold(const struct screen *screen)
{
    struct view *view = sb_alloc(1, sizeof *view);
    view->screen = screen;
    bool holds = screen->end < 0 || screen_ask(screen, "events", NULL, timeline_row, view);
    for (unsigned i = 0; i < screen->count && holds; i++) {
        const struct shown *shown = &screen->shown[i];
        if (shown->refused || asked_before(screen, i)
            || world_is_rogue(screen->world, &shown->id)) {
            continue; /* what nobody ordered has no head row at the centre */
        }
        view->about = shown->id;
        holds = (!begins_a_story(shown) || timeline_holds(view))
                && (!has_a_board(screen, shown) || board_holds(view, shown));
    }
    free(view);
    return holds;
}
