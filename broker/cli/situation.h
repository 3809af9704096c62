/* situation.h: what `picture` and `report` share: sections given one by one or in a file with
 * headings.
 */
#ifndef SAMBAND_CLI_SITUATION_H
#define SAMBAND_CLI_SITUATION_H

#include "commands.h"

/* The sections' options, for the two tables. */
#define SB_OPTIONS_SECTIONS                                                                       \
    {"file", SB_TAKES_RAW, 0, SB_TEXT_VALUE_PATH, SB_TEXT_OPTION_SECTIONS},                       \
        {"happened", SB_TAKES_TEXT, SB_FIELD_HAPPENED, SB_TEXT_VALUE_TEXT,                        \
         SB_TEXT_OPTION_HAPPENED},                                                                \
        {"consequences", SB_TAKES_TEXT, SB_FIELD_CONSEQUENCES, SB_TEXT_VALUE_TEXT,                \
         SB_TEXT_OPTION_CONSEQUENCES},                                                            \
        {"measures", SB_TAKES_TEXT, SB_FIELD_MEASURES, SB_TEXT_VALUE_TEXT,                        \
         SB_TEXT_OPTION_MEASURES},                                                                \
        {"needs", SB_TAKES_TEXT, SB_FIELD_NEEDS, SB_TEXT_VALUE_TEXT, SB_TEXT_OPTION_NEEDS},       \
        {"assessment", SB_TAKES_TEXT, SB_FIELD_ASSESSMENT, SB_TEXT_VALUE_TEXT,                    \
         SB_TEXT_OPTION_ASSESSMENT},                                                              \
    {                                                                                             \
        "valid-at", SB_TAKES_LAST, SB_FIELD_VALID_AT, SB_TEXT_VALUE_TIME, SB_TEXT_OPTION_VALID_AT \
    }

sb_command_run sb_situation_run;

#endif
