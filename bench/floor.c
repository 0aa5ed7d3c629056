/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * floor list|check - what viaduct cannot be faster than
 *
 * Asks the kernel what `viaduct list --json` or `viaduct check` asks of each function, in as
 * many threads, and does nothing with the answers but follow the pointers it must follow.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 1 << 20, THREADS = 4, PORTION = 64, EXTENDED = 0x100 };

static char *names[MOST];
static size_t count;
static int devices, groups;
static int listing;
static atomic_size_t next;

static void attribute(int at, const char *name)
{
	char page[4097];
	int fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (read(fd, page, sizeof(page)) < 0)
		warn("%s", name);
	close(fd);
}

static int link_there(int at, const char *name)
{
	char target[PATH_MAX];

	return readlinkat(at, name, target, sizeof(target)) >= 0;
}

static uint32_t dwords(int fd, unsigned int at, size_t size)
{
	uint32_t data[1024] = { 0 };

	if (pread(fd, data, size, at) < 0)
		return 0;
	return data[0];
}

static void config(int at, int survey)
{
	int fd = openat(at, "config", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	uint32_t header;

	if (fd < 0)
		return;
	dwords(fd, 0, 16);
	for (unsigned int cap = dwords(fd, 0x34, 4) & 0xfc; cap; cap = header >> 8 & 0xfc) {
		header = dwords(fd, cap, 4);
		if (!survey)
			dwords(fd, cap + 4, 20);
	}
	for (unsigned int cap = EXTENDED; cap; cap = header >> 20) {
		header = dwords(fd, cap, 4);
		if (survey && (header & 0xffff) == 0x0d) {
			dwords(fd, cap + 4, 8);
			break;
		}
		if (!survey && header)
			dwords(fd, cap + 4, 20);
	}
	close(fd);
}

static int enter(size_t i)
{
	return openat(devices, names[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void survey(size_t i)
{
	char page[64] = "";
	int at = enter(i), fd = openat(at, "class", O_RDONLY | O_CLOEXEC), bridge, vf = 0;

	/* What viaduct takes from modalias, and is read instead of it. */
	if (read(fd, page, sizeof(page) - 1) < 0)
		warn("class");
	close(fd);
	bridge = strncmp(page, "0x0604", 6) == 0;
	link_there(at, "driver");
	link_there(at, "iommu_group");
	if (!bridge) {
		vf = link_there(at, "physfn");
		if (!vf)
			attribute(at, "sriov_totalvfs");
	}
	if (bridge || (listing && !vf)) {
		attribute(at, "power_state");
		config(at, 1);
	}
	link_there(devices, names[i]);
	close(at);
}

static void detail(size_t i)
{
	int at = enter(i);

	attribute(at, "revision");
	attribute(at, "numa_node");
	attribute(at, "power_state");
	attribute(at, "reset_method");
	attribute(at, "resource");
	config(at, 0);
	close(at);
}

static void group(size_t i)
{
	char path[32];

	sprintf(path, "%zu/type", i);
	attribute(groups, path);
}

static void *run(void *work)
{
	size_t first;

	while ((first = atomic_fetch_add(&next, PORTION)) < count)
		for (size_t i = first; i < first + PORTION && i < count; i++)
			((void (*)(size_t))work)(i);
	return NULL;
}

static void all(void (*work)(size_t))
{
	pthread_t threads[THREADS];
	cpu_set_t set;
	int wanted;

	sched_getaffinity(0, sizeof(set), &set);
	wanted = count < 128 ? 1 : CPU_COUNT(&set) < THREADS ? CPU_COUNT(&set) : THREADS;
	next = 0;
	for (int i = 1; i < wanted; i++)
		pthread_create(&threads[i], NULL, run, (void *)work);
	run((void *)work);
	for (int i = 1; i < wanted; i++)
		pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
	struct dirent *entry;
	DIR *directory;

	listing = argc > 1 && strcmp(argv[1], "list") == 0;
	directory = opendir("/sys/bus/pci/devices");
	if (!directory)
		err(1, "/sys/bus/pci/devices");
	while ((entry = readdir(directory)) && count < MOST)
		if (*entry->d_name != '.')
			names[count++] = strdup(entry->d_name);
	devices = dirfd(directory);
	groups = open("/sys/kernel/iommu_groups", O_PATH | O_DIRECTORY | O_CLOEXEC);
	all(survey);
	all(group);
	if (listing)
		all(detail);
	return 0;
}
