/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk that the host's own driver has: its DMA goes through whatever domain the kernel has put
 * its group into, so this is where iommu=pt and translation differ. Two boots are compared by their
 * results; within one, the group's attribute "type" can be changed while no driver is bound.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fact.h"
#include "bench/measure.h"

enum { BLOCK = 4096, BLOCKS = 1024 };

struct disk_reader {
	int fd;
	uint8_t *memory;
	uint64_t next;
};

static int read_blocks(void *context, uint64_t count)
{
	struct disk_reader *reader = context;

	for (uint64_t i = 0; i < count; i++) {
		off_t place = (off_t)(reader->next++ % BLOCKS * BLOCK);
		ssize_t n = pread(reader->fd, reader->memory, BLOCK, place);

		if (n < 0)
			return -errno;
		if (n == 0) /* a small disk: from the start again */
			reader->next = 0;
	}
	return 0;
}

/* A namespace that several controllers may share is below none of them, but their subsystem. */
static const char *domain_of_controller(const struct via_root *root, struct via_arena *arena,
					const char *path)
{
	static const char class[] = "/nvme-subsystem/";
	const char *name_at = strstr(path, class), *subsystem;
	struct via_names names = { 0 };

	if (!name_at)
		return NULL;
	name_at += strlen(class);
	subsystem = arena_strndup(arena, path, (size_t)(name_at + strcspn(name_at, "/") - path));
	root_entries(root, arena, &names, "sys/%s", subsystem);
	via_for_each (name, &names) {
		struct via_fact type = root_text(root, arena, "sys/%s/%s/device/iommu_group/type",
						 subsystem, *name);

		if (fact_is(&type, VIA_PRESENT))
			return type.text;
	}
	return NULL;
}

/* The nearest device above the disk that is in a group. */
static const char *domain_of(const struct via_root *root, struct via_arena *arena,
			     const struct stat *status)
{
	struct via_fact link = root_link_target(root, arena, "sys/dev/block/%u:%u",
						major(status->st_rdev), minor(status->st_rdev));
	char *path = fact_is(&link, VIA_PRESENT) ? strstr(link.text, "devices/") : NULL;
	const char *whole = path ? arena_strdup(arena, path) : NULL;

	for (char *slash; path && (slash = strrchr(path, '/'));) {
		struct via_fact type = root_text(root, arena, "sys/%s/iommu_group/type", path);

		if (fact_is(&type, VIA_PRESENT))
			return type.text;
		*slash = '\0';
	}
	return whole ? domain_of_controller(root, arena, whole) : NULL;
}

static int open_reader(struct disk_reader *reader, const struct bench_context *context,
		       const struct via_report *report)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *path = context->options->disk, *domain;
	struct stat status;

	if (!path)
		return bench_skip(report,
				  "it needs a disk of the host's: --disk names one, which is "
				  "only read");
	reader->fd = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);
	if (reader->fd < 0 || fstat(reader->fd, &status) < 0)
		return report_fail(report, -errno, path, NULL);
	if (!S_ISBLK(status.st_mode))
		return bench_skip(report, "%s is no block device", path);
	domain = domain_of(context->root, arena, &status);
	meter_note(context->meter, "%s, its group's domain: %s", path, domain ?: "none is known");
	reader->memory = aligned_alloc(BLOCK, BLOCK);
	return reader->memory ? CLIMB_PASS : report_fail(report, -ENOMEM, "memory", NULL);
}

static int measure(const struct bench_context *context, const struct via_report *report)
{
	struct disk_reader reader = { .fd = -1 };
	int r = open_reader(&reader, context, report);

	if (r == CLIMB_PASS) {
		r = meter_run(context->meter, 0, read_blocks, &reader);
		if (r < 0)
			report_fail(report, r, "reading the disk", NULL);
	}
	cleanup_close(&reader.fd);
	free(reader.memory);
	return r;
}

const struct bench_item bench_host_disk_items[] = {
	{ "host-disk", "4 KiB read from a disk by the host's driver, past the cache",
	  VIA_GENERATION_DMA, measure, NULL },
	{ 0 },
};
