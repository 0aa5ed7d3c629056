/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/watch_part.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

/* What runs on a stack that its sanitizers do not know. */
#define SHARES_STACK __attribute__((no_sanitize("address", "undefined")))

enum { WORKERS = 128, STACK_BYTES = 16 * 1024, STUCK_MS = 2, NOBODY = -1 };

struct job {
	int fd;
	const char *data;
	size_t size;
	atomic_int r;
};

struct board;

/* Of one worker. @job: what it is at, from 1 */
struct seat {
	struct board *board;
	atomic_size_t job;
	_Alignas(64) char stack[STACK_BYTES];
};

/* What workers share with who watches them. @next: the first job that nobody has taken */
struct board {
	atomic_size_t next;
	size_t count;
	struct job *jobs;
	struct seat seats[WORKERS];
};

/* One that was hired. @alive: readable once it has ended; @seen: its job as it was last seen,
 * @since when */
struct worker {
	pid_t pid;
	int alive;
	size_t seen;
	int64_t since;
};

struct crew {
	struct board *board;
	struct worker workers[WORKERS];
	struct pollfd polls[WORKERS];
	size_t hired, working;
	unsigned int limit_ms;
	bool hangs;
};

#ifdef __x86_64__

/* Not by libc's write(): errno, and all else that is a thread's own, is the parent's here. */
SHARES_STACK static long write_raw(int fd, const char *data, size_t size)
{
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "0"(SYS_write), "D"(fd), "S"(data), "d"(size)
			 : "rcx", "r11", "memory");
	return r;
}

/* Linux 5.3; before, the end of a child is heard by a pipe alone. */
static bool pids_open;

static void try_own_pid(void)
{
	_cleanup_close_ int own = (int)syscall(SYS_pidfd_open, getpid(), 0);

	pids_open = own >= 0;
}

static bool may_share_memory(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, try_own_pid);
	return pids_open;
}

#else

SHARES_STACK static long write_raw(int fd, const char *data, size_t size)
{
	ssize_t n = write(fd, data, size);

	return n < 0 ? -errno : n;
}

static bool may_share_memory(void)
{
	return false;
}

#endif

/* A driver's own timeout is an answer: only a child that hangs is -ETIMEDOUT. */
SHARES_STACK static int outcome(long n, size_t size)
{
	if (n < 0)
		return n == -ETIMEDOUT ? -ETIME : (int)n;
	return (size_t)n == size ? 0 : -EIO;
}

SHARES_STACK static int work(void *argument)
{
	struct seat *seat = argument;
	struct board *board = seat->board;
	size_t i;

	while ((i = atomic_fetch_add(&board->next, 1)) < board->count) {
		struct job *job = &board->jobs[i];
		int r;

		atomic_store(&seat->job, i + 1);
		r = outcome(write_raw(job->fd, job->data, job->size), job->size);
		if (r < 0)
			atomic_store(&board->next, board->count);
		atomic_store(&job->r, r);
	}
	return 0;
}

/* A copy of all page tables, as fork() makes it, takes longer than most writes. */
static pid_t start(struct seat *seat, int *ret_alive)
{
	pid_t pid;

	if (!may_share_memory())
		return watch_fork(work, seat, ret_alive);
	pid = clone(work, seat->stack + STACK_BYTES, CLONE_VM | CLONE_PIDFD | SIGCHLD, seat,
		    ret_alive);
	return pid < 0 ? -errno : pid;
}

static int hire(struct crew *crew)
{
	struct seat *seat = &crew->board->seats[crew->hired];
	struct worker *worker = &crew->workers[crew->hired];

	seat->board = crew->board;
	worker->pid = start(seat, &worker->alive);
	if (worker->pid < 0)
		return worker->pid;
	worker->since = watch_now_ms();
	crew->polls[crew->hired++] = (struct pollfd){ .fd = worker->alive, .events = POLLIN };
	crew->working++;
	return 0;
}

static bool jobs_are_left(const struct crew *crew)
{
	return atomic_load(&crew->board->next) < crew->board->count;
}

/* Twice as many, where none of them gets on. */
static void hire_more(struct crew *crew)
{
	size_t more = crew->working;

	while (more-- && crew->hired < WORKERS && jobs_are_left(crew))
		if (hire(crew) < 0)
			return;
}

static void dismiss(struct crew *crew, size_t i)
{
	struct worker *worker = &crew->workers[i];

	close(worker->alive);
	crew->polls[i].fd = worker->alive = NOBODY;
	crew->working--;
}

static void reap(struct crew *crew, size_t i)
{
	while (waitpid(crew->workers[i].pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	dismiss(crew, i);
}

static void give_up(struct crew *crew, size_t i)
{
	struct board *board = crew->board;
	size_t job = atomic_load(&board->seats[i].job);

	atomic_store(&board->next, board->count);
	watch_leave_behind(crew->workers[i].pid);
	if (job)
		atomic_store(&board->jobs[job - 1].r, -ETIMEDOUT);
	crew->hangs = true;
	dismiss(crew, i);
}

/* Return: whether it is at the job that it was at when last looked at */
static bool look_at(struct crew *crew, size_t i)
{
	struct worker *worker = &crew->workers[i];
	size_t job = atomic_load(&crew->board->seats[i].job);
	int64_t now = watch_now_ms();
	bool stuck = job == worker->seen;

	if (!stuck) {
		worker->seen = job;
		worker->since = now;
	} else if (now - worker->since >= crew->limit_ms) {
		give_up(crew, i);
	}
	return stuck;
}

static void look_round(struct crew *crew)
{
	bool all_stuck = true;

	for (size_t i = 0; i < crew->hired; i++) {
		if (crew->workers[i].alive == NOBODY)
			continue;
		if (crew->polls[i].revents)
			reap(crew, i);
		else if (!look_at(crew, i))
			all_stuck = false;
	}
	if (all_stuck && jobs_are_left(crew))
		hire_more(crew);
}

static void supervise(struct crew *crew)
{
	while (crew->working) {
		int pause_ms = jobs_are_left(crew) && crew->hired < WORKERS
				       ? STUCK_MS
				       : (int)crew->limit_ms / 8 + 1;

		if (poll(crew->polls, crew->hired, pause_ms) >= 0)
			look_round(crew);
	}
}

/* Room for the board and the jobs: in one piece, shared also with what fork() makes. */
static struct board *set_up(const struct via_writing *writings, size_t count, size_t *ret_bytes)
{
	size_t bytes = sizeof(struct board) + count * sizeof(struct job);
	struct board *board =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (board == MAP_FAILED)
		return NULL;
	board->count = count;
	board->jobs = (struct job *)(board + 1);
	for (size_t i = 0; i < count; i++) {
		board->jobs[i].fd = writings[i].fd;
		board->jobs[i].data = writings[i].data;
		board->jobs[i].size = writings[i].size;
		atomic_init(&board->jobs[i].r, WATCH_NOT_BEGUN);
	}
	*ret_bytes = bytes;
	return board;
}

/* What a worker was at when something ended it is neither done nor not begun. */
static void note_ended(const struct crew *crew)
{
	for (size_t i = 0; i < crew->hired; i++) {
		size_t job = atomic_load(&crew->board->seats[i].job);

		if (job && atomic_load(&crew->board->jobs[job - 1].r) == WATCH_NOT_BEGUN)
			atomic_store(&crew->board->jobs[job - 1].r, -EIO);
	}
}

static int collect(const struct crew *crew, struct via_writing *writings)
{
	bool begun = true;
	int failed = 0;

	note_ended(crew);
	for (size_t i = 0; i < crew->board->count; i++) {
		int r = atomic_load(&crew->board->jobs[i].r);

		writings[i].r = r;
		begun &= r != WATCH_NOT_BEGUN;
		if (r < 0 && (!failed || (r == -ETIMEDOUT && failed != -ETIMEDOUT)))
			failed = r;
	}
	return failed || begun ? failed : -EIO;
}

int watch_writes(struct via_writing *writings, size_t count, unsigned int limit_ms)
{
	struct crew crew = { .limit_ms = limit_ms };
	size_t bytes;
	int r;

	if (!count)
		return 0;
	crew.board = set_up(writings, count, &bytes);
	if (!crew.board)
		return -ENOMEM;
	r = hire(&crew);
	if (r == 0) {
		supervise(&crew);
		r = collect(&crew, writings);
	}
	if (!crew.hangs) /* else somebody still stands on it */
		munmap(crew.board, bytes);
	return r;
}
