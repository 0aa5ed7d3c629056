/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crash.h"

#include <signal.h>
#include <stddef.h>
#include <sys/types.h>
#include <unistd.h>

unsigned long crash_at, crash_passed;

void crash_point(void)
{
	if (++crash_passed == crash_at)
		kill(getpid(), SIGKILL);
}

/* The linker puts these in place of the library's calls (--wrap). */
int __real_fsync(int fd);
int __wrap_fsync(int fd);
ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size);

int __wrap_fsync(int fd)
{
	int r;

	crash_point();
	r = __real_fsync(fd);
	crash_point();
	return r;
}

ssize_t __wrap_write(int fd, const void *data, size_t size)
{
	if (crash_passed + 1 == crash_at && __real_write(fd, data, size / 2) < 0)
		return -1;
	crash_point();
	return __real_write(fd, data, size);
}
