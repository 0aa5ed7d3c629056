/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/child_inside.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "prove/clock.h"

static void close_between(unsigned int first, unsigned int last)
{
	if (first > last || close_range(first, last, 0) == 0)
		return;
	/* before Linux 5.9, or a sandbox that refuses it */
	for (unsigned int fd = first; fd <= last && fd < 65536; fd++)
		close((int)fd);
}

/*
 * Nothing of the parent's stays open: a child that hangs in the kernel would keep a pipe's
 * reader waiting, or a device in use, long after the program has ended.
 */
static void keep_only(int a, int b)
{
	int low = a < b ? a : b, high = a < b ? b : a;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; fd <= 2; fd++) {
		if (fd == low || fd == high)
			continue;
		if (null >= 0)
			dup2(null, fd);
		else
			close(fd);
	}
	low = low < 2 ? 2 : low;
	high = high < 2 ? 2 : high;
	close_between(3, (unsigned int)low - 1);
	close_between((unsigned int)low + 1, (unsigned int)high - 1);
	close_between((unsigned int)high + 1, ~0U);
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
		if (r < 0)
			break;
	}
	if (road->leave)
		road->leave(context);
	report_done(report);
}

_Noreturn void child_become(const struct via_road *road, void *context, int keep_fd, int pipe_fd,
			    pid_t parent)
{
	struct via_report report = { .fd = pipe_fd };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	take_default_signals();
	keep_only(pipe_fd, keep_fd);
	climb(road, context, &report);
	_exit(0);
}
