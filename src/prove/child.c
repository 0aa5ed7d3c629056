/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "prove/child_inside.h"
#include "prove/clock.h"

/* How long a killed child is waited for, and how often it is looked for. */
enum { GRACE_MS = 500, LOOK_MS = 1 };

struct gathering {
	const struct via_road *road;
	double began;
	unsigned int limit_ms; /* from then on; rungs with extra time add to it */
	struct via_proof *proof;
	struct via_rung *rung; /* in progress, else NULL */
	struct via_rung *last; /* the last one that was over */
	double since;
	bool done;
};

static void rung_over(struct gathering *gathering, enum via_verdict verdict, int error, double ms)
{
	gathering->rung->verdict = verdict;
	gathering->rung->error = error;
	gathering->rung->ms = ms;
	gathering->last = gathering->rung;
	gathering->rung = NULL;
}

/* Rungs are known by their names alone here. */
static unsigned int extra_ms(const struct via_road *road, const char *rung)
{
	for (size_t i = 0; i < road->count; i++)
		if (strcmp(road->steps[i].rung, rung) == 0)
			return road->steps[i].extra_ms;
	return 0;
}

static void take_record(struct gathering *gathering, const struct via_record *record)
{
	struct via_proof *proof = gathering->proof;

	switch (record->kind) {
	case RECORD_BEGIN:
		gathering->rung = proof_rung(proof, record->name);
		gathering->since = clock_ms();
		gathering->limit_ms += extra_ms(gathering->road, record->name);
		if (gathering->rung)
			gathering->rung->hint = NULL;
		return;
	case RECORD_DONE:
		gathering->done = true;
		return;
	}
	if (!gathering->rung)
		return;
	if (record->kind == RECORD_EVIDENCE)
		proof_cite(proof, gathering->rung, record->name, "%s", record->text);
	else if (record->kind == RECORD_HINT)
		gathering->rung->hint = arena_strdup(proof->arena, record->text);
	else if (record->kind == RECORD_END && record->verdict < VIA_VERDICTS)
		rung_over(gathering, (enum via_verdict)record->verdict, record->error, record->ms);
}

static double deadline_of(const struct gathering *gathering)
{
	return gathering->began + gathering->limit_ms;
}

static int remaining_ms(const struct gathering *gathering)
{
	double left = deadline_of(gathering) - clock_ms();

	return left <= 0 ? 0 : (int)left + 1;
}

/* gather - take records until the child has closed its end; false at the deadline */
static bool gather(struct gathering *gathering, int fd)
{
	for (;;) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
		struct via_record record;
		int left = remaining_ms(gathering);
		ssize_t n;

		if (left == 0)
			return false;
		if (poll(&poll_fd, 1, left) <= 0)
			continue;
		n = read(fd, &record, sizeof(record));
		if (n == 0 || (n < 0 && errno != EINTR))
			return true;
		if (n == sizeof(record))
			take_record(gathering, &record);
	}
}

static bool reaped_by(pid_t pid, double deadline, int *ret_status)
{
	for (;;) {
		pid_t reaped = waitpid(pid, ret_status, WNOHANG);

		if (reaped == pid)
			return true;
		if (reaped < 0 && errno != EINTR) { /* someone else reaps, or SIGCHLD is ignored */
			*ret_status = 0;
			return true;
		}
		if (clock_ms() >= deadline)
			return false;
		clock_sleep_ms(LOOK_MS);
	}
}

/* The rung that answers for what went wrong after the last one was over: that last one. */
static struct via_rung *answerable(struct gathering *gathering)
{
	if (gathering->rung)
		rung_over(gathering, VIA_FAIL, 0, clock_ms() - gathering->since);
	else if (gathering->last && gathering->last->verdict == VIA_PASS)
		gathering->last->verdict = VIA_WARN;
	if (!gathering->last && gathering->proof->rungs.count) {
		gathering->last = &gathering->proof->rungs.items[0];
		gathering->last->verdict = VIA_FAIL;
	}
	return gathering->last;
}

static void blame_timeout(struct gathering *gathering, pid_t left_behind)
{
	struct via_proof *proof = gathering->proof;
	bool leaving = !gathering->rung && gathering->last;
	struct via_rung *rung = answerable(gathering);

	if (!rung)
		return;
	if (!leaving || !rung->error)
		rung->error = ETIMEDOUT;
	proof_cite(proof, rung, leaving ? "giving_back" : "stopped",
		   "the time limit of %u ms was over", gathering->limit_ms);
	if (left_behind)
		proof_cite(proof, rung, "left_behind", "process %d sleeps in the kernel",
			   (int)left_behind);
	rung->hint = "the kernel did not answer in time; look at its log, and at the stack of a "
		     "process in state D";
}

static void blame_death(struct gathering *gathering, int status)
{
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	struct via_rung *rung = answerable(gathering);

	if (!rung)
		return;
	if (!rung->error)
		rung->error = EIO;
	if (number)
		proof_cite(gathering->proof, rung, "signal", "%d (%s)", number, strsignal(number));
	rung->hint = number == SIGBUS ? "the device did not answer an access to its memory"
				      : "the proof's own process ended early";
}

static void watch(struct gathering *gathering, pid_t pid, int fd)
{
	int status = 0;
	bool ended;

	gathering->began = clock_ms();
	gather(gathering, fd);
	if (reaped_by(pid, deadline_of(gathering), &status)) {
		if (WIFSIGNALED(status) || !gathering->done)
			blame_death(gathering, status);
		return;
	}
	kill(pid, SIGKILL);
	ended = reaped_by(pid, clock_ms() + GRACE_MS, &status);
	blame_timeout(gathering, ended ? 0 : pid);
}

static int start(const struct via_road *road, void *context, int keep_fd, int alive_fd, int *ret_fd,
		 pid_t *ret_pid)
{
	pid_t parent = getpid(), pid;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		child_become(road, context, keep_fd, &(struct child_pipes){ fds[1], alive_fd },
			     parent);
	close(fds[1]);
	if (pid < 0) {
		int code = -errno;

		close(fds[0]);
		return code;
	}
	*ret_fd = fds[0];
	*ret_pid = pid;
	return 0;
}

/* start_guard - before the child, which alone then holds @ret_alive; no guard where none is
 * wanted */
static int start_guard(const struct via_road *road, void *context, int keep_fd, int *ret_alive,
		       pid_t *ret_pid)
{
	int fds[2], code;
	pid_t pid;

	if (!road->restore)
		return 0;
	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		close(fds[1]);
		child_guard(road, context, keep_fd, fds[0]);
	}
	code = -errno;
	close(fds[0]);
	if (pid < 0) {
		close(fds[1]);
		return code;
	}
	*ret_alive = fds[1];
	*ret_pid = pid;
	return 0;
}

int child_climb(const struct via_road *road, void *context, int keep_fd, unsigned int limit_ms,
		struct via_proof *proof, struct via_error *error)
{
	struct gathering gathering = { .road = road,
				       .limit_ms = limit_ms ? limit_ms : CHILD_LIMIT_MS,
				       .proof = proof };
	_cleanup_close_ int fd = -1;
	pid_t pid = -1, guard = -1;
	int r, alive = -1, status;

	for (size_t i = 0; i < road->count; i++)
		proof_add(proof, road->steps[i].rung);
	r = start_guard(road, context, keep_fd, &alive, &guard);
	if (r == 0)
		r = start(road, context, keep_fd, alive, &fd, &pid);
	if (alive >= 0)
		close(alive);
	if (r == 0)
		watch(&gathering, pid, fd);
	if (guard > 0)
		reaped_by(guard, clock_ms() + GRACE_MS, &status);
	if (r < 0)
		return error_set(error, r, "cannot start a proof", proof->target, NULL);
	proof_settle(proof);
	return 0;
}
