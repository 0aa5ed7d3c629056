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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 1 << 20, THREADS = 4, PORTION = 64 };

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

/* Of plain files a configuration space is one read. */
static void config(int at)
{
	int fd = openat(at, "config", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char space[4096];

	if (fd < 0)
		return;
	if (pread(fd, space, sizeof(space), 0) < 0)
		warn("config");
	close(fd);
}

static int enter(size_t i)
{
	return openat(devices, names[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void virtual_functions(int at)
{
	char page[64] = "", name[32];
	int fd = openat(at, "sriov_totalvfs", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (read(fd, page, sizeof(page) - 1) < 0)
		warn("sriov_totalvfs");
	close(fd);
	for (int i = 0; i < atoi(page); i++) {
		sprintf(name, "virtfn%d", i);
		if (!link_there(at, name))
			break;
	}
	if (!listing)
		return;
	attribute(at, "sriov_offset");
	attribute(at, "sriov_stride");
	attribute(at, "sriov_vf_device");
	attribute(at, "sriov_drivers_autoprobe");
}

static void detail(int at)
{
	attribute(at, "numa_node");
	attribute(at, "reset_method");
	attribute(at, "resource");
}

static void function(size_t i)
{
	char page[256] = "";
	int at = enter(i), fd = openat(at, "modalias", O_RDONLY | O_CLOEXEC), bridge;

	if (read(fd, page, sizeof(page) - 1) < 0)
		warn("modalias");
	close(fd);
	bridge = strstr(page, "bc06sc04") != NULL;
	link_there(at, "driver");
	link_there(at, "iommu_group");
	if (!bridge && !link_there(at, "physfn"))
		virtual_functions(at);
	if (bridge || listing)
		config(at);
	if (listing)
		detail(at);
	link_there(devices, names[i]);
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
	all(function);
	all(group);
	return 0;
}
