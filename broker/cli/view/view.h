/* view.h: how this run shows things: language, form, width, colour, and the time that is now. One
 * value, made by main, read by everything that prints. */
#ifndef SAMBAND_CLI_VIEW_H
#define SAMBAND_CLI_VIEW_H

#include "view/texts.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum sb_form {
    SB_FORM_TABLE,
    SB_FORM_PLAIN, /* one fact a line, tabs between its parts */
    SB_FORM_JSON
};

struct sb_view {
    enum sb_language language;
    enum sb_form form;
    size_t width; /* columns of the terminal; 0: no terminal, nothing is cut */
    bool colour;
    uint64_t now_ms;
    FILE *out;
};

static inline const char *sb_view_text(const struct sb_view *view, enum sb_text text)
{
    return sb_text(view->language, text);
}

#endif
