/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "apply/writer.h"

#define DIRECTORY "run"
#define NAME	  "viaduct.lock"

static int failed(struct via_error *error, int code)
{
	error_set(error, code, "take the lock", "/" DIRECTORY "/" NAME, NULL);
	if (code == -EACCES || code == -EPERM)
		error_hint(error, "run it as root");
	return code;
}

static int busy(int fd, struct via_error *error)
{
	char pid[16] = "";
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? strcspn(pid, "\n") : 0] = '\0';
	error_set(error, -EBUSY, "take the lock", "/" DIRECTORY "/" NAME,
		  "another viaduct (process %s) is changing this host", *pid ? pid : "unknown");
	error_hint(error, "wait for it; if that process is gone, a change it began still hangs in "
			  "the kernel");
	return -EBUSY;
}

/* Only told, never relied on: the lock itself is what counts. */
static void note_pid(int fd)
{
	char pid[16];
	int size = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());

	if (ftruncate(fd, 0) == 0 && pwrite(fd, pid, (size_t)size, 0) != size)
		errno = 0;
}

int lock_take(const struct via_root *root, int *ret, struct via_error *error)
{
	_cleanup_close_ int directory = writer_directory(root, DIRECTORY, 0755);
	_cleanup_close_ int fd = -1;

	if (directory < 0)
		return failed(error, directory);
	fd = openat(directory, NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
	if (fd < 0)
		return failed(error, -errno);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? busy(fd, error) : failed(error, -errno);
	note_pid(fd);
	*ret = steal_fd(&fd);
	return 0;
}
