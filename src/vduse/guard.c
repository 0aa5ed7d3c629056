/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vduse/guard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

static _Noreturn void watch(int process, const bool *ended, void (*act)(void *context),
			    void *context)
{
	struct pollfd news = { .fd = process, .events = POLLIN };
	sigset_t all;

	setsid();
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	while (poll(&news, 1, -1) < 0 && errno == EINTR)
		continue;
	if (!__atomic_load_n(ended, __ATOMIC_ACQUIRE))
		act(context);
	_exit(0);
}

int guard_begin(struct via_guard *guard, void (*act)(void *context), void *context)
{
	_cleanup_close_ int process = (int)syscall(SYS_pidfd_open, getpid(), 0);
	bool *ended;
	pid_t pid;

	if (process < 0)
		return -errno;
	ended = mmap(NULL, sizeof(*ended), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (ended == MAP_FAILED)
		return -errno;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		watch(process, ended, act, context);
	guard->ended = ended;
	return 0;
}

void guard_end(const struct via_guard *guard)
{
	if (guard->ended)
		__atomic_store_n(guard->ended, true, __ATOMIC_RELEASE);
}
