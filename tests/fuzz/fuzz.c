/* fuzz.c: what the fuzz targets share: inputs that are read from the front, steps, files in memory.
 * Knows no target. */
#define _GNU_SOURCE
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define STEP_SIZE_MAX 65535u

struct sb_bytes fuzz_take(struct fuzz_input *input, size_t size)
{
    struct sb_bytes taken = input->rest;
    if (taken.size > size) {
        taken.size = size;
    }
    input->rest.size -= taken.size;
    if (taken.size > 0) {
        input->rest.at += taken.size;
    }
    return taken;
}

uint8_t fuzz_byte(struct fuzz_input *input)
{
    struct sb_bytes one = fuzz_take(input, 1);
    return one.size == 0 ? 0 : one.at[0];
}

unsigned fuzz_u16(struct fuzz_input *input)
{
    unsigned high = fuzz_byte(input);
    return high << 8 | fuzz_byte(input);
}

bool fuzz_step_next(struct fuzz_input *input, struct fuzz_step *ret_step)
{
    if (input->rest.size == 0) {
        return false;
    }
    ret_step->number = fuzz_byte(input);
    unsigned size = fuzz_u16(input);
    ret_step->bytes = fuzz_take(input, size);
    return true;
}

void fuzz_step_write(struct sb_buf *buf, uint8_t number, struct sb_bytes bytes)
{
    SB_ASSERT(bytes.size <= STEP_SIZE_MAX);
    sb_buf_add_byte(buf, number);
    sb_buf_add_byte(buf, (uint8_t)(bytes.size >> 8));
    sb_buf_add_byte(buf, (uint8_t)(bytes.size & 0xff));
    sb_buf_add(buf, bytes);
}

void fuzz_file_open(struct fuzz_file *file, struct sb_bytes bytes)
{
    file->fd = memfd_create("fuzz", MFD_CLOEXEC);
    SB_ASSERT(file->fd >= 0);
    size_t done = 0;
    while (done < bytes.size) {
        ssize_t written = write(file->fd, bytes.at + done, bytes.size - done);
        SB_ASSERT(written > 0);
        done += (size_t)written;
    }
    (void)snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->fd);
}

void fuzz_file_close(struct fuzz_file *file)
{
    (void)close(file->fd);
}

/* A sentence may quote what is no text, in the file or frame at hand; it ends in its array. */
void fuzz_said(enum sb_err err, const struct sb_why *why)
{
    SB_ASSERT(memchr(why->text, '\0', sizeof why->text) != NULL);
    SB_ASSERT(memchr(why->sv, '\0', sizeof why->sv) != NULL);
    SB_ASSERT(err == SB_ERR_OK || why->text[0] != '\0');
    SB_ASSERT(sb_err_name(err)[0] != '?');
}
