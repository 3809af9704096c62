/* init.h: founding a broker: root key, broker's and enrolment keys and certificates, empty store,
 * first administrator. */
#ifndef SAMBAND_BROKER_INIT_H
#define SAMBAND_BROKER_INIT_H

#include "broker_keys.h"

struct sb_init_wanted {
    const char *state; /* folder to make */
    const char *org;   /* "lst-ab" */
    const char *link, *control;
    const char *operator_name;
    const char *profile; /* folder of the first administrator's profile */
};

/* ALREADY where the folder holds a broker; nothing is changed then. One that was cut off half-way
 * is completed. Prints the root's fingerprint and what to do with the root key. */
enum sb_err sb_broker_init(const struct sb_init_wanted *wanted, struct sb_why *why) SB_MUST_CHECK;

#endif
