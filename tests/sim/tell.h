/* tell.h: does what a line of a story says (tests/scenario/README.md has its words): stories and
 * the days of the swarm are played through it, so that what a day prints is what happened on it.
 * When a line's time comes is the caller's to say. */
#ifndef SAMBAND_TESTS_TELL_H
#define SAMBAND_TESTS_TELL_H

#include "course.h"

#define TELL_LINE_SIZE 500
#define TELL_WORDS_MAX 48

struct tell_words {
    char text[TELL_LINE_SIZE];
    char *at[TELL_WORDS_MAX];
    bool quoted[TELL_WORDS_MAX];
    unsigned count;
};

/* Words are parted by blanks; "in quotes" is one word, commas are blanks. False: too many. */
bool tell_words_read(const char *line, struct tell_words *words);
bool tell_is(const struct tell_words *words, unsigned at, const char *text);
/* "90s", "5m", "3h", "250ms" in milliseconds. */
uint64_t tell_span_ms(const char *text);

enum tell {
    TELL_DONE,
    TELL_REFUSED, /* TiB's order was: `why` */
    TELL_WRONG    /* no line of a story, or not of this county: `why` */
};

/* One that says how things are: broker, agent, network, people. */
enum tell tell_setup(struct world *world, struct course_people *people, const char *line,
                     struct sb_why *why);
/* Something that happens: what stands after `at 5s` or `before`. */
enum tell tell_act(struct world *world, const char *act, struct sb_why *why);

#endif
