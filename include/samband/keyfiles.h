/* keyfiles.h: keys and certificates as files, for the programs' mains and the command line: one
 * blob a file, in hexadecimal with a newline, mode 0600 in a folder of mode 0700. Not for cores,
 * and not about what the bytes mean. */
#ifndef SAMBAND_KEYFILES_H
#define SAMBAND_KEYFILES_H

#include "samband/bytes.h"
#include "samband/keys.h"

/* A file's name in the folder: [a-z0-9_.:-], at most this long, and never starting with a dot. */
#define SB_KEYFILE_NAME_SIZE_MAX 60

/* Writes or replaces: temporary file, fsync, rename, fsync of the folder, so that a crash leaves
 * the old one or the new one. Makes the folder (0700) where it is missing, but not its parents.
 * VALUE for a name that is none, IO otherwise. */
enum sb_err sb_keyfile_write(const char *folder, const char *name, struct sb_bytes bytes,
                             struct sb_why *why) SB_MUST_CHECK;

/* Puts the blob, at most `size_max` bytes, into `buf`, which must be empty. NOT_FOUND; IO where
 * group or others may read the file (the sentence tells the remedy) or reading fails; TOO_LARGE;
 * CORRUPT where the content is not hexadecimal. `buf` is empty on refusal. */
enum sb_err sb_keyfile_read(const char *folder, const char *name, size_t size_max,
                            struct sb_buf *buf, struct sb_why *why) SB_MUST_CHECK;

bool sb_keyfile_exists(const char *folder, const char *name);

/* Random bytes from the kernel, for making keys and request ids. */
void sb_keyfile_random(uint8_t *at, size_t size);

/* Reads a blob that must be exactly `size` bytes; CORRUPT where it is not. */
enum sb_err sb_keyfile_read_exact(const char *folder, const char *name, uint8_t *ret_at,
                                  size_t size, struct sb_why *why) SB_MUST_CHECK;

/* A signing key from the 32-byte seed in the file; the seed leaves no trace in memory. */
enum sb_err sb_keyfile_read_signer(const char *folder, const char *name,
                                   struct sb_signer *ret_signer, struct sb_why *why) SB_MUST_CHECK;

/* Takes the 32 bytes that an earlier try made; makes and writes random ones where there are none.
 * The caller wipes them, or the signer of that seed. */
enum sb_err sb_keyfile_keep_secret(const char *folder, const char *name,
                                   uint8_t ret_secret[SB_KEY_SIZE],
                                   struct sb_why *why) SB_MUST_CHECK;
enum sb_err sb_keyfile_keep_signer(const char *folder, const char *name,
                                   struct sb_signer *ret_signer, struct sb_why *why) SB_MUST_CHECK;

/* "FOLDER/NAME" into `path`; TOO_LARGE where it does not fit. */
#define SB_PATH_SIZE 512
enum sb_err sb_keyfile_path(const char *folder, const char *name, char path[SB_PATH_SIZE],
                            struct sb_why *why) SB_MUST_CHECK;

#endif
