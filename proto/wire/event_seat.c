/* event_seat.c: one called seat as text, "[~]organisation/function[:via]" (PROTOCOL.md, Seats).
 * Knows nothing of who is called or why. */
#include "samband/event.h"

#include <string.h>

/* A function is a name without ':', since that sign divides it from its via. */
static bool function_read(struct sb_bytes text, struct sb_name *ret_name)
{
    if (text.size > 0 && memchr(text.at, ':', text.size) != NULL) {
        return false;
    }
    return sb_name_read(text, ret_name);
}

bool sb_seat_read(struct sb_bytes text, struct sb_seat *ret_seat)
{
    if (text.size == 0 || text.size > SB_SEAT_SIZE_MAX) {
        return false;
    }
    struct sb_seat seat = {.supports = text.at[0] == '~'};
    struct sb_bytes rest = seat.supports ? sb_bytes(text.at + 1, text.size - 1) : text;
    const uint8_t *slash = rest.size == 0 ? NULL : memchr(rest.at, '/', rest.size);
    if (slash == NULL) {
        return false;
    }
    size_t org_size = (size_t)(slash - rest.at);
    struct sb_bytes function = sb_bytes(slash + 1, rest.size - org_size - 1);
    const uint8_t *colon = function.size == 0 ? NULL : memchr(function.at, ':', function.size);
    if (colon != NULL) {
        size_t function_size = (size_t)(colon - function.at);
        struct sb_bytes via = sb_bytes(colon + 1, function.size - function_size - 1);
        function.size = function_size;
        if (!function_read(via, &seat.via)) {
            return false;
        }
    }
    if (!sb_name_read(sb_bytes(rest.at, org_size), &seat.org)
        || !function_read(function, &seat.function)) {
        return false;
    }
    *ret_seat = seat;
    return true;
}

void sb_seat_key(const struct sb_seat *seat, char *text)
{
    struct sb_bytes org = sb_name_bytes(&seat->org);
    struct sb_bytes function = sb_name_bytes(&seat->function);
    memcpy(text, org.at, org.size);
    text[org.size] = '/';
    memcpy(text + org.size + 1, function.at, function.size);
    text[org.size + 1 + function.size] = '\0';
}
