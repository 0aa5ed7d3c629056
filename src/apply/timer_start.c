/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/timer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Out of the caller's unit or session, whose end would end what is in it. Source:
 * Documentation/admin-guide/cgroup-v2.rst, Processes */
static void leave_group(const struct via_root *root)
{
	static const char *const places[] = { "sys/fs/cgroup/cgroup.procs",
					      "sys/fs/cgroup/systemd/cgroup.procs" };

	for (size_t i = 0; i < VIA_COUNT(places); i++) {
		_cleanup_close_ int fd = root_openat(root, places[i], O_WRONLY);

		if (fd >= 0 && write(fd, "0", 1) == 1)
			return;
	}
}

/* Nothing of the caller's stays open: neither its lock, nor a terminal or a pipe. */
static void close_all_but(int kept)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	if (kept > STDERR_FILENO + 1)
		close_range(STDERR_FILENO + 1, (unsigned int)kept - 1, 0);
	close_range((unsigned int)(kept > STDERR_FILENO ? kept : STDERR_FILENO) + 1, ~0U, 0);
}

static void take_default_signals(void)
{
	sigset_t none;

	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void be_daemon(const struct via_world *world, uint64_t id)
{
	static const struct via_apply_options options = { 0 };
	struct via_error error = { 0 };
	int r;

	take_default_signals();
	leave_group(&world->root);
	if (chdir("/") < 0)
		errno = 0;
	openlog("viaduct", LOG_PID, LOG_DAEMON);
	r = timer_wait(world, id, &options, &error);
	if (r < 0)
		syslog(LOG_ERR,
		       "nobody confirmed transaction %" PRIu64 ", and it could not be undone: %s: "
		       "%s (viaduct recover)",
		       id, error.where, error.why);
	else if (r > 0)
		syslog(LOG_NOTICE, "nobody confirmed transaction %" PRIu64 ": it is undone", id);
	_exit(r < 0);
}

static _Noreturn void be_parent_of_daemon(const struct via_world *world, uint64_t id)
{
	pid_t pid;

	/* Here, as the caller waits for this one: its lock is its own again then. */
	close_all_but(world->root.fd);
	setsid();
	pid = fork();
	if (pid == 0)
		be_daemon(world, id);
	_exit(pid < 0 ? errno : 0);
}

int timer_start(const struct via_world *world, uint64_t id, struct via_error *error)
{
	pid_t pid;
	int status = 0;

	fflush(NULL); /* else the child prints it again */
	pid = fork();
	if (pid == 0)
		be_parent_of_daemon(world, id);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		status = errno << 8;
	if (status == 0)
		return 0;
	timer_drop(&world->root, id);
	return error_set(error, WIFEXITED(status) ? -WEXITSTATUS(status) : -ECHILD, "set a timer",
			 "a process of its own", NULL);
}
