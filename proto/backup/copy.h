/* copy.h: copying files and folders so that they outlive a power cut: synced before their folder
 * is. Private to proto/backup. */
#ifndef SAMBAND_BACKUP_COPY_H
#define SAMBAND_BACKUP_COPY_H

#include "samband/err.h"

#define SB_COPY_PATH_SIZE 1024

/* IO where the disk refuses, in all of these; the sentence names the path. What was begun stays.
 * "FOLDER/NAME"; TOO_LARGE where it does not fit. */
enum sb_err sb_copy_path(const char *folder, const char *name, char path[SB_COPY_PATH_SIZE],
                         struct sb_why *why) SB_MUST_CHECK;
/* A new folder, 0700. ALREADY where something is there. */
enum sb_err sb_copy_folder_make(const char *path, struct sb_why *why) SB_MUST_CHECK;
/* One regular file, 0600, synced. */
enum sb_err sb_copy_file(const char *from, const char *to, struct sb_why *why) SB_MUST_CHECK;
/* All files of a folder, and of folders in it, one deep, into a folder that is there. Left out is
 * what has one of the names `but`, ended by NULL. Sockets and links are left out too. */
enum sb_err sb_copy_folder(const char *from, const char *to, const char *const *but,
                           struct sb_why *why) SB_MUST_CHECK;
/* A file or folder, synced to its disk. */
enum sb_err sb_copy_sync(const char *path, struct sb_why *why) SB_MUST_CHECK;
/* Gives the finished folder its name, and makes that last. */
enum sb_err sb_copy_rename(const char *from, const char *to, struct sb_why *why) SB_MUST_CHECK;
bool sb_copy_exists(const char *path);
/* True where it is a folder with nothing in it. */
bool sb_copy_is_empty(const char *path);

#endif
