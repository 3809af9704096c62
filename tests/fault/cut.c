/* cut.c: sb_cut FOLDER: takes the power from the file system that FOLDER lies on: what is not on
 * the disk yet never gets there (FS_IOC_SHUTDOWN without a flush of the log). ext4 and xfs can; all
 * else is refused by name. For a file system made for it, never for one that somebody uses. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* As linux/fs.h of newer kernels has it; ext4 and xfs have understood it for long. */
#define CUT_SHUTDOWN   _IOR('X', 125, uint32_t)
#define CUT_NOLOGFLUSH 2u

int main(int argc, char **argv)
{
    uint32_t how = CUT_NOLOGFLUSH;
    int fd = argc == 2 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd < 0 || ioctl(fd, CUT_SHUTDOWN, &how) != 0) {
        (void)fprintf(stderr, "sb_cut: %s: %s\n", argc == 2 ? argv[1] : "usage: sb_cut FOLDER",
                      strerror(errno));
        return 1;
    }
    (void)close(fd);
    return 0;
}
