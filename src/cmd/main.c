/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include "cmd/command.h"

/*
 * A standard descriptor that was closed would be the next file that is opened, and what is said
 * would be written into it: each is taken, the wrong way round, so that using it still fails.
 */
static void take_closed(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	take_closed();
	/* Texts grow to half a megabyte by the hundred: pages once had are kept. */
	mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);
	mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
	return viaduct_main(argc, argv, NULL);
}
