/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "base/cleanup.h"
#include "base/fact.h"
#include "bench/measure.h"

/*
 * A mediated device's registers are code of the kernel: each access is a call. The kernel's
 * sample, mtty, is nobody's device; others may be some guest's.
 */
enum { LINE_STATUS = 5 };

struct mtty {
	int container, group, device;
	uint64_t offset; /* of its first region */
};

static bool is_sample(const struct via_root *root, struct via_arena *arena, const char *name)
{
	struct via_fact link = root_link_target(root, arena, "sys/bus/mdev/devices/%s", name);

	return link.known == VIA_PRESENT && strstr(link.text, "/mtty/");
}

/* find - a device of the sample's and its group; NULL when there is none */
static const char *find(const struct via_root *root, struct via_arena *arena,
			const char **ret_group)
{
	struct via_names names;

	root_entries(root, arena, &names, "sys/bus/mdev/devices");
	via_for_each (name, &names) {
		struct via_fact group =
			root_link(root, arena, "sys/bus/mdev/devices/%s/iommu_group", *name);

		if (group.known == VIA_PRESENT && is_sample(root, arena, *name)) {
			*ret_group = group.text;
			return *name;
		}
	}
	return NULL;
}

static int open_device(struct mtty *mtty, const struct via_root *root, struct via_arena *arena,
		       const char *name, const char *group, const char **ret_call)
{
	struct vfio_region_info region = { .argsz = sizeof(region) };

	*ret_call = "/dev/vfio/vfio";
	mtty->container = root_openat(root, "dev/vfio/vfio", O_RDWR);
	if (mtty->container < 0)
		return mtty->container;
	*ret_call = "its group";
	mtty->group = root_openat(root, arena_printf(arena, "dev/vfio/%s", group), O_RDWR);
	if (mtty->group < 0)
		return mtty->group;
	*ret_call = "VFIO_GROUP_SET_CONTAINER";
	if (ioctl(mtty->group, VFIO_GROUP_SET_CONTAINER, &mtty->container) < 0)
		return -errno;
	*ret_call = "VFIO_SET_IOMMU";
	if (ioctl(mtty->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) < 0)
		return -errno;
	*ret_call = "VFIO_GROUP_GET_DEVICE_FD";
	mtty->device = ioctl(mtty->group, VFIO_GROUP_GET_DEVICE_FD, name);
	if (mtty->device < 0)
		return -errno;
	*ret_call = "VFIO_DEVICE_GET_REGION_INFO";
	if (ioctl(mtty->device, VFIO_DEVICE_GET_REGION_INFO, &region) < 0)
		return -errno;
	mtty->offset = region.offset;
	return 0;
}

static int read_register(void *context, uint64_t count)
{
	struct mtty *mtty = context;
	uint8_t byte;

	for (uint64_t i = 0; i < count; i++)
		if (pread(mtty->device, &byte, 1, (off_t)(mtty->offset + LINE_STATUS)) != 1)
			return -errno;
	return 0;
}

static int measure_mdev(const struct bench_context *context, const struct via_report *report)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct mtty mtty = { .container = -1, .group = -1, .device = -1 };
	const char *group = NULL, *call = "", *name = find(context->root, arena, &group);
	int r;

	if (!name)
		return bench_skip(report,
				  "there is no mediated device of the kernel's sample mtty, "
				  "and others may be a guest's");
	r = open_device(&mtty, context->root, arena, name, group, &call);
	if (r < 0)
		return report_fail(report, r, call, NULL);
	r = meter_run(context->meter, 0, read_register, &mtty);
	meter_note(context->meter, "mtty %s", name);
	cleanup_close(&mtty.device);
	cleanup_close(&mtty.group);
	cleanup_close(&mtty.container);
	return r < 0 ? report_fail(report, r, "reading a register", NULL) : CLIMB_PASS;
}

const struct bench_item bench_mdev_items[] = {
	{ "mdev", "mediated device's register, read in the kernel", VIA_GENERATION_MDEV,
	  measure_mdev, NULL },
	{ 0 },
};
