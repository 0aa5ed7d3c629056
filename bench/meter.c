/* SPDX-License-Identifier: GPL-2.0-or-later */
/* meter COMMAND... - run it without its output; print seconds, processor seconds, peak KiB */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	double start = now();
	struct rusage usage;
	pid_t child = fork();

	if (child < 0 || argc < 2)
		err(1, "fork");
	if (child == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (wait4(child, NULL, 0, &usage) < 0)
		err(1, "wait4");
	printf("%.6f %.6f %ld\n", now() - start, seconds(usage.ru_utime) + seconds(usage.ru_stime),
	       usage.ru_maxrss);
	return 0;
}
