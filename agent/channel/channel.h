/* channel.h: samband-channel's loop: attempts from the agent become runs of the site's program, and
 * what the program reports becomes results and facts for the agent. Holds nothing durable: killed,
 * it asks for the attempts without a known result again, and the agent marks them as repeated. */
#ifndef SAMBAND_CHANNEL_CHANNEL_H
#define SAMBAND_CHANNEL_CHANNEL_H

#include "settings.h"

/* Until SIGTERM or SIGINT (OK), or an error that ends the process. */
enum sb_err sb_channel_run(const struct sb_channel_settings *settings,
                           struct sb_why *why) SB_MUST_CHECK;

#endif
