/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/child_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "prove/clock.h"

static void close_between(unsigned int first, unsigned int last)
{
	if (first > last || close_range(first, last, 0) == 0)
		return;
	/* before Linux 5.9, or a sandbox that refuses it */
	for (unsigned int fd = first; fd <= last && fd < 65536; fd++)
		close((int)fd);
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static bool kept(const int *keep, size_t count, int fd)
{
	for (size_t i = 0; i < count; i++)
		if (keep[i] == fd)
			return true;
	return false;
}

/*
 * Nothing of the parent's stays open: a child that hangs in the kernel would keep a pipe's
 * reader waiting, or a device in use, long after the program has ended.
 */
static void keep_only(int *keep, size_t count)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), low = 2;

	for (int fd = 0; fd <= 2; fd++) {
		if (kept(keep, count, fd))
			continue;
		if (null >= 0)
			dup2(null, fd);
		else
			close(fd);
	}
	qsort(keep, count, sizeof(*keep), by_number);
	for (size_t i = 0; i < count; i++) {
		if (keep[i] <= low)
			continue;
		close_between((unsigned int)low + 1, (unsigned int)keep[i] - 1);
		low = keep[i];
	}
	close_between((unsigned int)low + 1, ~0U);
}

static void take_default_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static enum via_verdict verdict_of(int climbed)
{
	static const enum via_verdict verdicts[] = {
		[CLIMB_PASS] = VIA_PASS,
		[CLIMB_WARN] = VIA_WARN,
		[CLIMB_SKIP] = VIA_SKIP,
		[CLIMB_CANNOT_TELL] = VIA_CANNOT_TELL,
	};

	return climbed < 0 ? VIA_FAIL : verdicts[climbed];
}

static void climb(const struct via_road *road, void *context, const struct via_report *report)
{
	for (size_t i = 0; i < road->count; i++) {
		double start = clock_ms();
		int r;

		report_begin(report, road->steps[i].rung);
		r = road->steps[i].climb(context, report);
		report_end(report, verdict_of(r), r < 0 ? -r : 0, clock_ms() - start);
		if (r < 0 && !road->steps[i].goes_on)
			break;
	}
	if (road->leave)
		road->leave(context);
	report_done(report);
}

_Noreturn void child_become(const struct via_road *road, void *context, int keep_fd,
			    const struct child_pipes *pipes, pid_t parent)
{
	struct via_report report = { .fd = pipes->report };
	int keep[] = { pipes->report, pipes->alive, keep_fd };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	take_default_signals();
	keep_only(keep, VIA_COUNT(keep));
	climb(road, context, &report);
	_exit(0);
}

_Noreturn void child_guard(const struct via_road *road, void *context, int keep_fd, int alive_fd)
{
	int keep[] = { alive_fd, keep_fd };
	ssize_t n;
	char byte;

	setsid();
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_IGN);
	keep_only(keep, VIA_COUNT(keep));
	do
		n = read(alive_fd, &byte, 1);
	while (n > 0 || (n < 0 && errno == EINTR));
	road->restore(context);
	_exit(0);
}
