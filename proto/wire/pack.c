/* pack.c: writing MessagePack with msgpack-c, whose packer always takes the shortest form. The one
 * file that knows msgpack.h; its unpacker is not used (cursor.c says why). A buffer that is full
 * says so in `overflow`. */
#include "samband/cursor.h"
#include "samband/err.h"

#include <stdint.h>

#include <msgpack.h>

static int buf_write(void *data, const char *at, size_t size)
{
    struct sb_buf *buf = data;

    sb_buf_add(buf, sb_bytes(at, size));
    return buf->overflow ? -1 : 0;
}

static msgpack_packer packer_to(struct sb_buf *buf)
{
    msgpack_packer packer;

    msgpack_packer_init(&packer, buf, buf_write);
    return packer;
}

/* The packer fails only where buf_write did, and that is in the buffer already. */
static void packed(const struct sb_buf *buf, int result)
{
    SB_ASSERT((result != 0) == buf->overflow);
}

void sb_pack_uint(struct sb_buf *buf, uint64_t number)
{
    msgpack_packer packer = packer_to(buf);

    packed(buf, msgpack_pack_uint64(&packer, number));
}

void sb_pack_bool(struct sb_buf *buf, bool value)
{
    msgpack_packer packer = packer_to(buf);

    packed(buf, value ? msgpack_pack_true(&packer) : msgpack_pack_false(&packer));
}

void sb_pack_str(struct sb_buf *buf, struct sb_bytes text)
{
    msgpack_packer packer = packer_to(buf);

    SB_ASSERT(text.size <= UINT32_MAX);
    int result = msgpack_pack_str(&packer, text.size);
    packed(buf, result != 0 ? result : msgpack_pack_str_body(&packer, text.at, text.size));
}

void sb_pack_bin(struct sb_buf *buf, struct sb_bytes bytes)
{
    msgpack_packer packer = packer_to(buf);

    SB_ASSERT(bytes.size <= UINT32_MAX);
    int result = msgpack_pack_bin(&packer, bytes.size);
    packed(buf, result != 0 ? result : msgpack_pack_bin_body(&packer, bytes.at, bytes.size));
}

void sb_pack_array(struct sb_buf *buf, unsigned count)
{
    msgpack_packer packer = packer_to(buf);

    packed(buf, msgpack_pack_array(&packer, count));
}

void sb_pack_map(struct sb_buf *buf, unsigned count)
{
    msgpack_packer packer = packer_to(buf);

    packed(buf, msgpack_pack_map(&packer, count));
}

void sb_pack_nil(struct sb_buf *buf)
{
    msgpack_packer packer = packer_to(buf);

    packed(buf, msgpack_pack_nil(&packer));
}
