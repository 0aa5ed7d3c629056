/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vm/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/capability.h>

#include "base/capability.h"
#include "base/cleanup.h"

enum { GRACE_MS = 5000, LOOK_MS = 20 };

int launch_find(const char *name, char *ret, size_t size)
{
	const char *path = getenv("PATH");

	if (strchr(name, '/')) {
		if (access(name, X_OK) < 0)
			return -errno;
		return snprintf(ret, size, "%s", name) < (int)size ? 0 : -ENAMETOOLONG;
	}
	for (path = path ? path : "/usr/bin:/bin"; *path; path += strspn(path, ":")) {
		size_t length = strcspn(path, ":");

		if (snprintf(ret, size, "%.*s/%s", (int)length, path, name) >= (int)size)
			return -ENAMETOOLONG;
		if (access(ret, X_OK) == 0)
			return 0;
		path += length;
	}
	return -ENOENT;
}

/* Raises the soft limit where the hard one allows it. */
static int allow_locking(uint64_t bytes, struct via_error *error)
{
	struct rlimit limit;

	if (!bytes || capability_held(CAP_IPC_LOCK) || getrlimit(RLIMIT_MEMLOCK, &limit) < 0 ||
	    limit.rlim_cur >= bytes)
		return 0;
	if (limit.rlim_max >= bytes) {
		limit.rlim_cur = bytes;
		if (setrlimit(RLIMIT_MEMLOCK, &limit) == 0)
			return 0;
	}
	error_set(error, -ENOMEM, "cannot run the guest", "limit on locked memory",
		  "it is %llu MiB, and all memory of a guest with a device is locked: %llu MiB",
		  (unsigned long long)limit.rlim_max >> 20, (unsigned long long)bytes >> 20);
	return error_hint(error, "raise memlock in /etc/security/limits.d, or LimitMEMLOCK= of the "
				 "service");
}

static _Noreturn void be_the_command(const char *file, const struct via_names *words,
				     const struct via_launch *launch, int failure_fd, pid_t parent)
{
	int code, output = launch->output;

	prctl(PR_SET_PDEATHSIG, launch->dies_with_us ? SIGKILL : SIGTERM);
	if (getppid() != parent)
		_exit(1);
	if (output) {
		dup2(output, STDOUT_FILENO);
		dup2(output, STDERR_FILENO);
	}
	execv(file, (char *const *)words->items);
	code = errno;
	if (write(failure_fd, &code, sizeof(code)) < 0)
		_exit(126);
	_exit(127);
}

/* The pipe closes by itself when the command has begun; else it brings the reason. */
static int start(const char *file, const struct via_names *words, const struct via_launch *launch,
		 pid_t *ret)
{
	pid_t parent = getpid(), pid;
	int fds[2], code = 0;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		be_the_command(file, words, launch, fds[1], parent);
	if (pid < 0)
		code = errno;
	close(fds[1]);
	if (pid > 0 && read(fds[0], &code, sizeof(code)) == sizeof(code))
		waitpid(pid, NULL, 0);
	close(fds[0]);
	if (!code)
		*ret = pid;
	return -code;
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* ended_within - whether it ended in that time; @limit_ms 0: it is waited for as long as it takes
 */
static bool ended_within(pid_t pid, double limit_ms, int *ret_status)
{
	double deadline = now_ms() + limit_ms;

	for (;;) {
		pid_t ended = waitpid(pid, ret_status, limit_ms > 0 ? WNOHANG : 0);

		if (ended == pid)
			return true;
		if (ended < 0 && errno != EINTR) {
			*ret_status = 0;
			return true;
		}
		if (limit_ms > 0 && now_ms() >= deadline)
			return false;
		if (limit_ms > 0)
			nanosleep(&(struct timespec){ .tv_nsec = LOOK_MS * 1000000 }, NULL);
	}
}

static int stop(pid_t pid, const char *name, unsigned int limit_s, struct via_error *error)
{
	int status;

	kill(pid, SIGTERM);
	if (!ended_within(pid, GRACE_MS, &status)) {
		kill(pid, SIGKILL);
		ended_within(pid, GRACE_MS, &status);
	}
	return error_set(error, -ETIMEDOUT, "ended the guest", name,
			 "it was still running after %u s", limit_s);
}

int launch_run(const struct via_names *words, const struct via_launch *launch, int *ret_status,
	       struct via_error *error)
{
	const char *name = words->items[0];
	char file[PATH_MAX];
	pid_t pid = -1;
	int status = 0, r = launch_find(name, file, sizeof(file));

	if (r < 0) {
		error_set(error, r, "cannot run the guest", name, "it is not in PATH");
		return error_hint(error, "install QEMU (Debian: qemu-system-x86)");
	}
	r = allow_locking(launch->memlock_bytes, error);
	if (r < 0)
		return r;
	r = start(file, words, launch, &pid);
	if (r < 0)
		return error_set(error, r, "cannot run the guest", file, NULL);
	if (!ended_within(pid, launch->limit_s * 1e3, &status))
		return stop(pid, file, launch->limit_s, error);
	*ret_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return 0;
}
