/* play.c: plays one story and says whether all was as it says. story.c does it.
 *
 *     play STORY.scn               says what is not as the story says, and which invariant broke
 *     play STORY.scn --print       shows what was traced, as lines of a story
 *     play STORY.scn --trace       shows the hash of all that happened
 *     play STORY.scn --ask NAME    asks one invariant alone */
#include "prose.h"
#include "story.h"

#include <string.h>

struct options {
    const char *path;
    bool print, trace;
    bool false_alarm; /* the first cut is taken for a violation, as by the swarm's */
    unsigned asked;   /* one invariant alone */
};

static int play(const struct options *options)
{
    const char *path = options->path;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        (void)fprintf(stderr, "%s cannot be read\n", path);
        return 2;
    }
    struct story *story = story_new(path);
    struct day day = {0};
    const bool good = story_read(story, file);
    (void)fclose(file);
    if (good) {
        story_play(story, options->false_alarm, options->asked, &day);
        if (!day.holds) {
            prose(stdout, 4, "%s: %s does not hold at %llu ms: %s", path,
                  world_invariant_name(day.rule), (unsigned long long)day.at_ms, day.why);
        }
        if (options->print) {
            story_print(story);
        } else if (options->trace) {
            (void)printf("trace %016llx\n", (unsigned long long)day.trace);
        } else if (day.holds) {
            story_compare(story);
        }
    }
    const bool failed = story_failed(story);
    (void)printf("%s: %s\n", path, failed ? "FAILED" : "ok");
    story_destroy(story);
    return failed ? 1 : 0;
}

static void help(FILE *out)
{
    (void)fprintf(out,
                  "usage: play STORY.scn            what is not as it says, or which invariant "
                  "broke\n"
                  "       play STORY.scn --print    what was traced, as lines of a story\n"
                  "       play STORY.scn --trace    the hash of all that happened\n"
                  "       play STORY.scn --ask NAME    one invariant of PROTOCOL.md alone\n");
}

int main(int argc, char **argv)
{
    struct options options = {0};
    const struct {
        const char *word;
        bool *flag;
    } flags[] = {{"--print", &options.print},
                 {"--trace", &options.trace},
                 {"--false-alarm", &options.false_alarm}};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            help(stdout);
            return 0;
        }
        size_t flag = 0;
        while (flag < sizeof flags / sizeof flags[0] && strcmp(argv[i], flags[flag].word) != 0) {
            flag++;
        }
        if (flag < sizeof flags / sizeof flags[0]) {
            *flags[flag].flag = true;
        } else if (strcmp(argv[i], "--ask") == 0 && i + 1 < argc
                   && world_invariant_find(argv[i + 1]) != 0) {
            options.asked = world_invariant_find(argv[++i]);
        } else if (argv[i][0] != '-' && options.path == NULL) {
            options.path = argv[i];
        } else {
            (void)fprintf(stderr, "play: no such option: %s; see --help\n", argv[i]);
            return 2;
        }
    }
    if (options.path == NULL) {
        help(stderr);
        return 2;
    }
    return play(&options);
}
