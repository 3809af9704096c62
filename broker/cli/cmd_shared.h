/* cmd_shared.h: rows of tables that several verbs have. */
#ifndef SAMBAND_CLI_CMD_SHARED_H
#define SAMBAND_CLI_CMD_SHARED_H

#include "commands.h"

/* What a writing verb made: kind, id, number, title. */
extern const struct sb_column sb_made_columns[];
/* What an agent made: kind and id. */
extern const struct sb_column sb_issued_columns[];
/* Who answers and for which seat, and what became of it: an acknowledgement, attendance. */
extern const struct sb_option sb_answer_options[];
extern const struct sb_column sb_answer_columns[];
/* One optional EVENT. */
extern const struct sb_operand sb_event_operand[];
/* One required AGENT. */
extern const struct sb_operand sb_agent_operand[];
/* Events in lists. */
extern const struct sb_column sb_event_columns[];

#define SB_OPTION_EVENT                                                                    \
    {                                                                                      \
        "event", SB_TAKES_EVENT, SB_FIELD_EVENT, SB_TEXT_VALUE_EVENT, SB_TEXT_OPTION_EVENT \
    }
#define SB_OPTION_TEXT                                                                \
    {                                                                                 \
        "text", SB_TAKES_TEXT, SB_FIELD_TEXT, SB_TEXT_VALUE_TEXT, SB_TEXT_OPTION_TEXT \
    }
#define SB_OPTION_FILE                                                                \
    {                                                                                 \
        "file", SB_TAKES_FILE, SB_FIELD_TEXT, SB_TEXT_VALUE_PATH, SB_TEXT_OPTION_FILE \
    }
#define SB_OPTION_ANSWER_BY                                                 \
    {                                                                       \
        "answer-by", SB_TAKES_NEXT, SB_FIELD_ANSWER_BY, SB_TEXT_VALUE_TIME, \
            SB_TEXT_OPTION_ANSWER_BY                                        \
    }
#define SB_OPTION_FOR                                                             \
    {                                                                             \
        "for", SB_TAKES_TEXT, SB_FIELD_ORG, SB_TEXT_VALUE_ORG, SB_TEXT_OPTION_FOR \
    }

#endif
