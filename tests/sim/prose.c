/* prose.c: breaks a sentence between its words. */
#include "prose.h"

#include <stdarg.h>
#include <string.h>

#define COLUMNS    80u
#define PROSE_SIZE 2000

/* UTF-8: what goes on in a character takes no column. */
static unsigned columns_of(const char *text, size_t size)
{
    unsigned columns = 0;
    for (size_t i = 0; i < size; i++) {
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return columns;
}

void prose(FILE *out, unsigned indent, const char *format, ...)
{
    char text[PROSE_SIZE];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const char *at = text + strspn(text, " ");
    unsigned column = (unsigned)(at - text);
    const char *gap = "";
    (void)fprintf(out, "%*s", (int)column, "");
    while (*at != '\0') {
        const size_t size = strcspn(at, " ");
        const unsigned columns = columns_of(at, size);
        if (*gap != '\0' && column + 1 + columns > COLUMNS) {
            (void)fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
            gap = "";
        }
        (void)fprintf(out, "%s%.*s", gap, (int)size, at);
        column += (*gap != '\0') + columns;
        gap = " ";
        at += size;
        at += strspn(at, " ");
    }
    (void)fputc('\n', out);
}
