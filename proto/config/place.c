/* place.c: where a text stands in a configuration file, for what its reader finds wrong only after
 * it was loaded. Judges nothing. */
#include "samband/config.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

static bool scalar_is(const yaml_event_t *event, const char *text)
{
    return text == NULL
           || (strlen(text) == event->data.scalar.length
               && memcmp(event->data.scalar.value, text, event->data.scalar.length) == 0);
}

/* Reads on until the scalar; false at the end of the text and where it is no YAML (it was changed
 * since it was loaded). */
static bool scalar_next(yaml_parser_t *parser, const char *text, yaml_mark_t *ret_mark)
{
    yaml_event_t event;
    bool is_found = false, is_over = false;
    while (!is_found && !is_over) {
        if (yaml_parser_parse(parser, &event) == 0) {
            return false;
        }
        is_over = event.type == YAML_STREAM_END_EVENT;
        is_found = event.type == YAML_SCALAR_EVENT && scalar_is(&event, text);
        *ret_mark = event.start_mark;
        yaml_event_delete(&event);
    }
    return is_found;
}

const char *sb_config_place(const char *path, const char *after, const char *text,
                            struct sb_config_place *ret_place)
{
    (void)snprintf(ret_place->text, sizeof ret_place->text, "%s", path);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return ret_place->text;
    }
    yaml_parser_t parser;
    if (yaml_parser_initialize(&parser) != 0) {
        yaml_mark_t mark = {0};
        yaml_parser_set_input_file(&parser, file);
        if ((after == NULL || scalar_next(&parser, after, &mark))
            && scalar_next(&parser, text, &mark)) {
            (void)snprintf(ret_place->text, sizeof ret_place->text, "%s:%zu:%zu", path,
                           mark.line + 1, mark.column + 1);
        }
        yaml_parser_delete(&parser);
    }
    (void)fclose(file);
    return ret_place->text;
}
