/* broker_keys.h: the broker's keys in STATE/keys, read at start into the core's configuration. */
#ifndef SAMBAND_BROKER_KEYS_H
#define SAMBAND_BROKER_KEYS_H

#include "core.h"

struct sb_broker_keys {
    uint8_t curve_secret[SB_KEY_SIZE];
    struct sb_buf cert, enrolment_cert; /* the core's configuration borrows them */
};

/* Fills keys, certificates, organisation and public CURVE key of `config`. */
enum sb_err sb_broker_keys_load(const char *state, uint64_t when_ms, struct sb_broker_keys *keys,
                                struct sb_broker_config *config, struct sb_why *why) SB_MUST_CHECK;
void sb_broker_keys_finish(struct sb_broker_keys *keys, struct sb_broker_config *config);

#endif
