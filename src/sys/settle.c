/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/settle.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/capability.h"
#include "base/cleanup.h"
#include "base/parse.h"

#ifndef XFS_SUPER_MAGIC
#define XFS_SUPER_MAGIC 0x58465342
#endif
#define EXT4_CHECKPOINT _IOW('f', 43, uint32_t)

enum { FREEZE_LIMIT_MS = 30 * 1000 };

/* How a folder is settled. */
enum way { NOT_AT_ALL, CHECKPOINT, FREEZE, SYNC };

bool settle_needed(const char *path, const struct via_file_place *place)
{
	return text_starts(path, "boot/") || text_starts(place->path, "boot/");
}

static enum way way_of(const struct via_root *root, const struct via_file_place *place)
{
	struct statfs system;

	if (fstatfs(place->directory, &system) < 0)
		return NOT_AT_ALL;
	if (system.f_type == EXT4_SUPER_MAGIC)
		return CHECKPOINT;
	return system.f_type == XFS_SUPER_MAGIC && root->live ? FREEZE : SYNC;
}

static int thaw(int directory)
{
	return ioctl(directory, FITHAW, 0) < 0 ? -errno : 0;
}

/* Waits for the end of who freezes, whatever ends it, and thaws behind it. */
static _Noreturn void guard(int directory, int end)
{
	struct pollfd other = { .fd = end, .events = POLLIN };
	char nothing_frozen;

	setsid();
	poll(&other, 1, FREEZE_LIMIT_MS);
	if (!(other.revents & POLLIN) || read(end, &nothing_frozen, 1) != 1)
		thaw(directory);
	_exit(0);
}

/*
 * Nothing here may wait for the file system that is frozen: memory is locked, signals wait.
 * @ends: a pipe, whose end is closed by whatever ends this process; written to where nothing is
 * frozen. EBUSY: somebody else has it frozen, which does as well.
 */
static _Noreturn void freeze(int directory, const int ends[2])
{
	sigset_t all;
	pid_t guarding;
	int r = 0;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	mlockall(MCL_CURRENT | MCL_FUTURE);
	guarding = fork();
	if (guarding == 0) {
		close(ends[1]);
		guard(directory, ends[0]);
	}
	if (guarding < 0 || ioctl(directory, FIFREEZE, 0) < 0)
		r = errno;
	if (r && guarding > 0 && write(ends[1], "n", 1) < 0)
		kill(guarding, SIGKILL);
	if (!r && thaw(directory) < 0)
		r = errno;
	_exit(r == EBUSY ? 0 : r);
}

/* Return: 0; negative errno; 1 where it was killed before it could tell */
static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : 1;
}

static int freeze_and_thaw(int directory)
{
	int ends[2], r;
	pid_t pid;

	/* What is dirty goes to the disk before anybody has to wait for it. */
	if (syncfs(directory) < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		freeze(directory, ends);
	r = pid < 0 ? -errno : 0;
	close(ends[1]);
	if (pid > 0)
		r = wait_for(pid);
	close(ends[0]);
	if (r <= 0)
		return r;
	thaw(directory);
	return -EINTR;
}

static int checkpoint(const struct via_root *root, const struct via_file_place *place)
{
	uint32_t flags = 0;

	if (ioctl(place->directory, EXT4_CHECKPOINT, &flags) == 0 || errno != ENOTTY)
		return 0; /* without a journal there is nothing to do */
	return !root->live ? 0 : freeze_and_thaw(place->directory);
}

const char *settle_obstacle(const struct via_root *root, const char *path,
			    const struct via_file_place *place)
{
	if (!settle_needed(path, place) || way_of(root, place) != FREEZE ||
	    capability_held(CAP_SYS_ADMIN))
		return NULL;
	return "it lies on XFS, whose log a loader does not read: it would have to be frozen for "
	       "a moment, which needs CAP_SYS_ADMIN";
}

int settle(const struct via_root *root, const struct via_file_place *place)
{
	switch (way_of(root, place)) {
	case CHECKPOINT:
		return checkpoint(root, place);
	case FREEZE:
		return freeze_and_thaw(place->directory);
	case SYNC:
		return syncfs(place->directory) < 0 ? -errno : 0;
	case NOT_AT_ALL:
		break;
	}
	return 0;
}
