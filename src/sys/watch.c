/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/watch_part.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"

int64_t watch_now_ms(void)
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
static int wait_readable(int fd, unsigned int limit_ms)
{
	int64_t deadline = watch_now_ms() + limit_ms, left;
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	int r;

	do {
		left = deadline - watch_now_ms();
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

/* Where it hangs is looked at while it still does. */
void watch_leave_behind(pid_t pid)
{
	hang_look(pid, &last_hang);
	kill(pid, SIGKILL);
}

/*
 * Another thread's child must not be born while the writing end is open here, or it would have
 * that end too, and the end of this child would not be heard.
 */
pid_t watch_fork(int (*act)(void *argument), void *argument, int *ret_alive)
{
	static pthread_mutex_t births = PTHREAD_MUTEX_INITIALIZER;
	int ends[2], error;
	pid_t pid;

	pthread_mutex_lock(&births);
	if (pipe2(ends, O_CLOEXEC) < 0) {
		error = errno;
		pthread_mutex_unlock(&births);
		return -error;
	}
	pid = fork();
	if (pid == 0)
		run_child(act, argument);
	error = errno;
	close(ends[1]);
	pthread_mutex_unlock(&births);
	*ret_alive = ends[0];
	return pid < 0 ? -error : pid;
}

int watch_call(int (*act)(void *argument), void *argument, unsigned int limit_ms)
{
	_cleanup_close_ int alive = -1;
	pid_t pid = watch_fork(act, argument, &alive);
	int r;

	if (pid < 0)
		return pid;
	r = wait_readable(alive, limit_ms);
	if (r == 0)
		return reap(pid);
	watch_leave_behind(pid);
	return r;
}
