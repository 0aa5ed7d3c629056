/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
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

/* The pipe's only writer is the child: its end is heard as the pipe's. So it is of a pidfd. */
static int wait_readable(int fd, unsigned int limit_ms)
{
	int64_t deadline = now_ms() + limit_ms, left;
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
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

/* Where it hangs is looked at while it still does. */
static void leave_behind(pid_t pid)
{
	static pthread_mutex_t one_looks = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&one_looks);
	hang_look(pid, &last_hang);
	pthread_mutex_unlock(&one_looks);
	kill(pid, SIGKILL);
}

/*
 * Another thread's child must not be born while the writing end is open here, or it would have
 * that end too, and the end of this child would not be heard.
 */
static pid_t fork_with_pipe(int (*act)(void *argument), void *argument, int *ret_alive)
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
	pid_t pid = fork_with_pipe(act, argument, &alive);
	int r;

	if (pid < 0)
		return pid;
	r = wait_readable(alive, limit_ms);
	if (r == 0)
		return reap(pid);
	leave_behind(pid);
	return r;
}

struct writing {
	int fd;
	const char *data;
	size_t size;
};

#ifdef __x86_64__

enum { STACK_BYTES = 16 * 1024, STACK_ALIGNMENT = 64 };

/* Not by libc's write(): errno, and all else that is a thread's own, is the parent's here. */
__attribute__((no_sanitize("address", "undefined"))) static int write_in_child(void *argument)
{
	const struct writing *writing = argument;
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "0"(SYS_write), "D"(writing->fd), "S"(writing->data), "d"(writing->size)
			 : "rcx", "r11", "memory");
	if (r < 0)
		return r < -255 ? EIO : (int)-r;
	return (size_t)r == writing->size ? 0 : EIO;
}

/* Linux 5.3; before, the end of a child is heard by a pipe alone. */
static int open_pid(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

static int wait_for(pid_t pid, int alive, unsigned int limit_ms)
{
	int r = wait_readable(alive, limit_ms);

	if (r == 0)
		return reap(pid);
	leave_behind(pid);
	return r;
}

/* A child that was left behind still stands on it: each holds the one before. */
static void keep_stack(void *stack)
{
	static _Atomic(void *) kept;

	*(void **)stack = atomic_exchange(&kept, stack);
}

/* A copy of all page tables, as fork() makes it, takes longer than most writes. */
static int write_beside(struct writing *writing, unsigned int limit_ms)
{
	_cleanup_close_ int alive = -1;
	void *stack = aligned_alloc(STACK_ALIGNMENT, STACK_BYTES);
	pid_t pid;
	int r;

	if (!stack)
		return -ENOMEM;
	pid = clone(write_in_child, (char *)stack + STACK_BYTES, CLONE_VM | CLONE_PIDFD | SIGCHLD,
		    writing, &alive);
	r = pid < 0 ? -errno : wait_for(pid, alive, limit_ms);
	if (r == -ETIMEDOUT)
		keep_stack(stack);
	else
		free(stack);
	return r;
}

static bool pids_open;

static void try_own_pid(void)
{
	_cleanup_close_ int own = open_pid(getpid());

	pids_open = own >= 0;
}

static bool may_write_beside(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, try_own_pid);
	return pids_open;
}

#else

static int write_beside(struct writing *writing, unsigned int limit_ms)
{
	return -ENOSYS;
}

static bool may_write_beside(void)
{
	return false;
}

#endif

static int write_once(void *argument)
{
	const struct writing *writing = argument;
	ssize_t n = write(writing->fd, writing->data, writing->size);

	if (n < 0)
		return -errno;
	return (size_t)n == writing->size ? 0 : -EIO;
}

int watch_write(int fd, const char *data, size_t size, unsigned int limit_ms)
{
	struct writing writing = { .fd = fd, .data = data, .size = size };

	return may_write_beside() ? write_beside(&writing, limit_ms)
				  : watch_call(write_once, &writing, limit_ms);
}
