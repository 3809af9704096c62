/* picture.h: what a picture is about and who gets it, for the command and its preview. Private to
 * broker/core. */
#ifndef SAMBAND_BROKER_PICTURE_H
#define SAMBAND_BROKER_PICTURE_H

#include "convene.h"

/* EVENT's incident, or the newest one. */
enum sb_err sb_picture_incident(struct sb_command *command,
                                struct sb_hash *ret_incident) SB_MUST_CHECK;
/* FORUM, or the incident's newest activated forum; and its seats. */
enum sb_err sb_picture_forum(struct sb_command *command, const struct sb_hash *incident,
                             struct sb_called *called, struct sb_forum *ret_forum) SB_MUST_CHECK;

#endif
