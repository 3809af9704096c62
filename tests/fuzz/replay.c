/* replay.c: main of a fuzz target where it is a test: gives it every file of the folders and every
 * file named, in the order of their names. Where one fails, the process ends with its name said
 * last. It makes up no input: that is libFuzzer's (run). */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE     1024
#define FILE_SIZE_MAX ((size_t)4 << 20)

/* Only mutators call it, and only libFuzzer calls those; the form is libFuzzer's.
 * NOLINTNEXTLINE(readability-non-const-parameter) */
size_t LLVMFuzzerMutate(uint8_t *at, size_t size, size_t size_max)
{
    (void)at, (void)size, (void)size_max;
    abort();
}

static bool file_run(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        (void)fprintf(stderr, "replay: cannot open %s\n", path);
        return false;
    }
    uint8_t *room = sb_alloc(FILE_SIZE_MAX, 1);
    size_t size = fread(room, 1, FILE_SIZE_MAX, file);
    (void)fclose(file);
    /* Its own block of exactly its size, so that a byte too far is seen. */
    uint8_t *exact = sb_alloc(size == 0 ? 1 : size, 1);
    for (size_t i = 0; i < size; i++) {
        exact[i] = room[i];
    }
    free(room);
    (void)fprintf(stderr, "%s\n", path);
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return true;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static unsigned folder_run(const char *folder)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, visible, alphasort);
    unsigned ran = 0;
    for (int i = 0; i < count; i++) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        ran += file_run(path) ? 1u : 0u;
        free(names[i]);
    }
    free(names);
    return ran;
}

int main(int argc, char **argv)
{
    unsigned ran = 0;
    for (int i = 1; i < argc; i++) {
        struct stat found;
        if (stat(argv[i], &found) == 0 && S_ISDIR(found.st_mode)) {
            ran += folder_run(argv[i]);
        } else {
            ran += file_run(argv[i]) ? 1u : 0u;
        }
    }
    (void)printf("%u inputs\n", ran);
    if (ran == 0) {
        (void)fprintf(stderr, "replay: nothing to run; give it a folder of inputs\n");
    }
    return ran == 0 ? 1 : 0;
}
