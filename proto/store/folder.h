/* folder.h: the folder that an LMDB store lives in: making it, holding it for one process, asking
 * whether its disk is full. Nothing here knows LMDB. */
#ifndef SAMBAND_FOLDER_H
#define SAMBAND_FOLDER_H

#include "samband/err.h"

#include <stdint.h>

/* Makes `path` with mode 0700 where it is missing; the folder above must be there. */
enum sb_err sb_folder_make(const char *path, struct sb_why *why) SB_MUST_CHECK;
/* The lock on path/lock-file, held until *ret_fd is closed or the process ends. BUSY where another
 * has it. */
enum sb_err sb_folder_lock(const char *path, int *ret_fd, struct sb_why *why) SB_MUST_CHECK;
/* True where less than 1 MiB is left to us: a short write leaves next to nothing. */
bool sb_folder_is_full(const char *path);
/* Bytes of its disk that are left to us; UINT64_MAX where that cannot be told. */
uint64_t sb_folder_free(const char *path);

#endif
