/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static _Noreturn void run_child(int (*act)(void *argument), void *argument)
{
	int r = act(argument);

	_exit(r >= 0 ? 0 : r < -255 ? EIO : -r);
}

/* The pipe's only writer is the child: its end is heard as the pipe's. */
static int wait_hangup(int fd, unsigned int limit_ms)
{
	int64_t deadline = now_ms() + limit_ms, left;
	struct pollfd poll_fd = { .fd = fd };
	int r;

	do {
		left = deadline - now_ms();
		r = poll(&poll_fd, 1, left > 0 ? (int)left : 0);
	} while (r < 0 && errno == EINTR);
	if (r < 0)
		return -errno;
	return r == 0 ? -ETIMEDOUT : 0;
}

static int reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (!WIFEXITED(status))
		return -EIO;
	/* A driver's own timeout is an answer: only a child that hangs is -ETIMEDOUT. */
	return WEXITSTATUS(status) == ETIMEDOUT ? -ETIME : -WEXITSTATUS(status);
}

static struct via_hang last_hang;

const struct via_hang *watch_hang(void)
{
	return last_hang.pid ? &last_hang : NULL;
}

int watch_call(int (*act)(void *argument), void *argument, unsigned int limit_ms)
{
	_cleanup_close_ int alive = -1;
	int ends[2], r;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	alive = ends[0];
	pid = fork();
	if (pid == 0)
		run_child(act, argument);
	r = pid < 0 ? -errno : 0;
	close(ends[1]);
	if (r < 0)
		return r;
	r = wait_hangup(alive, limit_ms);
	if (r == 0)
		return reap(pid);
	hang_look(pid, &last_hang);
	kill(pid, SIGKILL);
	return r;
}
