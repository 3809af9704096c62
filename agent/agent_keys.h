/* agent_keys.h: an agent's keys in STATE/keys: made by join, read at start. */
#ifndef SAMBAND_AGENT_KEYS_H
#define SAMBAND_AGENT_KEYS_H

#include "core.h"

struct sb_agent_keys {
    uint8_t curve_secret[SB_KEY_SIZE];
    struct sb_public_key server; /* broker's CURVE key */
    char endpoint[200];          /* of the broker's link */
    struct sb_buf cert;          /* the core's configuration borrows it */
};

/* Fills keys, certificate, name and organisations of `config`. */
enum sb_err sb_agent_keys_load(const char *state, uint64_t when_ms, struct sb_agent_keys *keys,
                               struct sb_agent_config *config, struct sb_why *why) SB_MUST_CHECK;
void sb_agent_keys_finish(struct sb_agent_keys *keys, struct sb_agent_config *config);

/* Enrols with an invitation: makes the keys (or takes those of an earlier try), asks the broker for
 * the certificate, checks that it leads to the token's root and writes all. ALREADY where the
 * folder holds an enrolled agent. */
enum sb_err sb_agent_join(const char *token, const char *state, struct sb_why *why) SB_MUST_CHECK;

#endif
