/* entry.h: for units: a whole entry as it stands in a DATA frame. The link itself packs what all
 * recipients share once, and each one's own part behind it. */
#ifndef ENTRY_H
#define ENTRY_H

#include "samband/cursor.h"
#include "samband/frame.h"

static inline void entry_pack(struct sb_buf *buf, const struct sb_entry *entry)
{
    sb_entry_pack_sealed(buf, &entry->sealed);
    sb_pack_bin(buf, entry->own);
}

#endif
