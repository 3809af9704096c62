/* profile.h: the folder of one identity: its keys and certificate, whom it trusts, and where the
 * other end is. Made by `samband join` or `samband-broker init`; files by keyfiles.h: curve, sign,
 * cert, server, root, endpoint. The realm is the certificate's. */
#ifndef SAMBAND_CLI_PROFILE_H
#define SAMBAND_CLI_PROFILE_H

#include "cli.h"

struct sb_profile {
    uint8_t curve[SB_KEY_SIZE];
    struct sb_public_key server, root;
    struct sb_signer signer;
    struct sb_buf cert_bytes;
    struct sb_cert cert;
    char endpoint[200];
};

void sb_profile_finish(struct sb_profile *profile); /* wipes the secrets */
/* NOT_FOUND where the folder holds no profile; what sb_cert_read refuses, where the certificate is
 * expired: `cert` is then empty. */
enum sb_err sb_profile_read(const char *folder, uint64_t now_ms, struct sb_profile *ret_profile,
                            struct sb_why *why) SB_MUST_CHECK;

/* Only the address, which is all that a profile for an agent holds. False where there is none. */
bool sb_profile_endpoint(const char *folder, char ret_endpoint[200]);

/* Makes the folder and its parents, 0700. */
enum sb_err sb_profile_make(const char *folder, struct sb_why *why) SB_MUST_CHECK;

#endif
