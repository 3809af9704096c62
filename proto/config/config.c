/* config.c: reads a configuration file: bounded read, check (check.c), then libcyaml fills the
 * caller's struct. Knows no setting. */
#include "samband/config.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const cyaml_config_t config_cyaml = {
    .mem_fn = cyaml_mem,
    .log_level = CYAML_LOG_ERROR,
    .flags = CYAML_CFG_NO_ALIAS,
};

/* Everything that the descriptor gives, and one byte past the limit at most. */
static enum sb_err file_read(const char *path, int fd, struct sb_buf *buf, struct sb_why *why)
{
    uint8_t chunk[16384];
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return sb_why_say(why, SB_ERR_IO, "%s kan inte läsas: %s", "cannot read %s: %s", path,
                              strerror(errno));
        }
        if (got == 0) {
            return SB_ERR_OK;
        }
        sb_buf_add(buf, sb_bytes(chunk, (size_t)got));
        if (buf->overflow) {
            return sb_why_say(why, SB_ERR_TOO_LARGE,
                              "%s är större än %d byte; är det en inställningsfil?",
                              "%s is larger than %d bytes; is it a configuration file?", path,
                              SB_CONFIG_SIZE_MAX);
        }
    }
}

static enum sb_err file_open(const char *path, int *ret_fd, struct sb_why *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return sb_why_say(
            why, SB_ERR_IO, "%s kan inte öppnas: %s; kontrollera sökvägen och rättigheterna",
            "cannot open %s: %s; check the path and the rights", path, strerror(errno));
    }
    *ret_fd = fd;
    return SB_ERR_OK;
}

enum sb_err sb_config_load(const char *path, const cyaml_schema_value_t *schema, void **ret,
                           struct sb_why *why)
{
    int fd = -1;
    enum sb_err err = file_open(path, &fd, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_buf text;
    sb_buf_init(&text, SB_CONFIG_SIZE_MAX);
    err = file_read(path, fd, &text, why);
    close(fd);
    if (err == SB_ERR_OK) {
        err = sb_config_check(path, sb_buf_bytes(&text), schema, why);
    }
    if (err == SB_ERR_OK) {
        void *loaded = NULL;
        cyaml_err_t refused =
            cyaml_load_data(text.at, text.size, &config_cyaml, schema, &loaded, NULL);
        if (refused == CYAML_OK) {
            *ret = loaded;
        } else {
            err = sb_why_say(why, SB_ERR_CONFIG, "%s: filen passar inte (%s)",
                             "%s: the file does not fit (%s)", path, cyaml_strerror(refused));
        }
    }
    sb_buf_finish(&text);
    return err;
}

void sb_config_free(const cyaml_schema_value_t *schema, void *loaded)
{
    if (loaded) {
        (void)cyaml_free(&config_cyaml, schema, loaded, 0);
    }
}
