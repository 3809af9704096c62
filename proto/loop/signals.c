/* signals.c: signals as events, through a signalfd: no handler, so no state outside the loop, and
 * no call that a signal interrupts. Threads of libzmq start after this and inherit the mask. */
#define _GNU_SOURCE
#include "loop_inner.h"

#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void signals_ours(sigset_t *ret_set)
{
    sigemptyset(ret_set);
    sigaddset(ret_set, SIGTERM);
    sigaddset(ret_set, SIGINT);
    sigaddset(ret_set, SIGHUP);
}

/* Keys stay out of core files, and other processes of the same user out of our memory. */
void sb_signals_begin(struct sb_loop *loop)
{
    loop->dumpable_before = prctl(PR_GET_DUMPABLE);
    SB_ASSERT(prctl(PR_SET_DUMPABLE, 0) == 0);
    sigset_t ours;
    signals_ours(&ours);
    SB_ASSERT(sigprocmask(SIG_BLOCK, &ours, &loop->signals_before) == 0);
    struct sigaction ignore;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    SB_ASSERT(sigaction(SIGPIPE, &ignore, &loop->pipe_before) == 0);
    loop->signal_fd = signalfd(-1, &ours, SFD_NONBLOCK | SFD_CLOEXEC);
    SB_ASSERT(loop->signal_fd >= 0);
}

void sb_signals_end(struct sb_loop *loop)
{
    close(loop->signal_fd);
    (void)sigaction(SIGPIPE, &loop->pipe_before, NULL);
    (void)sigprocmask(SIG_SETMASK, &loop->signals_before, NULL);
    if (loop->dumpable_before == 1) {
        (void)prctl(PR_SET_DUMPABLE, 1);
    }
}

bool sb_signals_take(struct sb_loop *loop, struct sb_loop_event *ret_event)
{
    if (!loop->signal_waits) {
        return false;
    }
    struct signalfd_siginfo signal;
    if (read(loop->signal_fd, &signal, sizeof signal) != (ssize_t)sizeof signal) {
        loop->signal_waits = false;
        return false;
    }
    *ret_event =
        (struct sb_loop_event){.kind = signal.ssi_signo == SIGHUP ? SB_LOOP_RELOAD : SB_LOOP_STOP};
    return true;
}
