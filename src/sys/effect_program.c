/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/effect_program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/effect_live.h"
#include "sys/stage.h"

enum { LIMIT_S = 15 * 60, SAID_BYTES = 2048, NOT_FOUND = 127, NO_STAGE = 125 };

int effect_program_run(const struct via_effects *effects, const char *const *words,
		       const char *scratch, struct via_arena *arena, const char **ret_said)
{
	return effects->ops ? effects->ops->program_run(effects->context, words, scratch, arena,
							ret_said)
			    : -EROFS;
}

static void clean_environment(void)
{
	clearenv();
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", "/root", 1);
	setenv("LANG", "C.UTF-8", 1);
}

static int enter(const struct via_root *root, const char *scratch)
{
	const char *trouble;
	int r = scratch || !root->live ? stage_enter(root, scratch, &trouble) : 0;

	if (r < 0)
		dprintf(STDERR_FILENO, "%s: %s\n", trouble, strerror(-r));
	return r;
}

static _Noreturn void become(const struct via_root *root, const char *const *words,
			     const char *scratch, int output)
{
	int nothing = open("/dev/null", O_RDONLY);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid(); /* the terminal's interrupts are for us, who know what to do with them */
	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0)
		_exit(NOT_FOUND);
	clean_environment();
	if (enter(root, scratch) < 0)
		_exit(NO_STAGE);
	if (chdir("/") == 0)
		execvp(words[0], (char *const *)words);
	_exit(NOT_FOUND);
}

static int64_t seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* The last bytes of what is said, until its end. Return: 0; -ETIMEDOUT; other errno */
static int listen_to(int fd, char said[SAID_BYTES + 1])
{
	int64_t deadline = seconds_now() + LIMIT_S;
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	size_t size = 0;
	char part[SAID_BYTES / 2];

	for (;;) {
		int64_t left = deadline - seconds_now();
		int r = poll(&poll_fd, 1, left > 0 ? (int)left * 1000 : 0);
		ssize_t n;

		if (r == 0)
			return -ETIMEDOUT;
		n = r < 0 ? -1 : read(fd, part, sizeof(part));
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			return 0;
		if (n < 0)
			continue;
		if (size + (size_t)n > SAID_BYTES) {
			size_t drop = size + (size_t)n - SAID_BYTES;

			memmove(said, said + drop, size - drop);
			size -= drop;
		}
		memcpy(said + size, part, (size_t)n);
		size += (size_t)n;
		said[size] = '\0';
	}
}

static int ended(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return -ENOENT;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_STAGE)
		return -ENOTSUP;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

int live_program_run(void *context, const char *const *words, const char *scratch,
		     struct via_arena *arena, const char **ret_said)
{
	char said[SAID_BYTES + 1] = "";
	_cleanup_close_ int end = -1;
	int ends[2], r, r_end;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	end = ends[0];
	pid = fork();
	if (pid == 0)
		become(context, words, scratch, ends[1]);
	r = pid < 0 ? -errno : 0;
	close(ends[1]);
	if (r < 0)
		return r;
	r = listen_to(end, said);
	if (r < 0)
		kill(-pid, SIGKILL);
	r_end = ended(pid);
	if (ret_said)
		*ret_said = arena_strdup(arena, said);
	return r < 0 ? r : r_end;
}
