/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vduse.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_ids.h>

#include "base/cleanup.h"
#include "base/fact.h"
#include "prove/generations.h"
#include "prove/road.h"
#include "ring/layout.h"

enum { QUEUES = 1, QUEUE_SIZE = 128, PAGE = 4096, CONFIG_BYTES = 60, SECTORS = 8 };

struct vduse_proof {
	const struct via_root *root;
	char name[VDUSE_NAME_MAX];
	int control, device;
	bool created;
};

static int climb_control(void *context, const struct via_report *report)
{
	struct vduse_proof *proof = context;
	uint64_t version;

	proof->control = root_openat(proof->root, "dev/vduse/control", O_RDWR);
	if (proof->control < 0)
		return report_fail(report, proof->control, "/dev/vduse/control",
				   proof->control == -ENOENT ? "modprobe vduse" : "run it as root");
	if (ioctl(proof->control, VDUSE_GET_API_VERSION, &version) < 0)
		return report_fail(report, -errno, "VDUSE_GET_API_VERSION", NULL);
	report_evidence(report, "api_version", "%llu", (unsigned long long)version);
	version = VDUSE_API_VERSION;
	if (ioctl(proof->control, VDUSE_SET_API_VERSION, &version) < 0)
		return report_fail(report, -errno, "VDUSE_SET_API_VERSION", NULL);
	return CLIMB_PASS;
}

static int climb_create(void *context, const struct via_report *report)
{
	struct vduse_proof *proof = context;
	_cleanup_free_ struct vduse_dev_config *config =
		calloc(1, offsetof(struct vduse_dev_config, config) + CONFIG_BYTES);
	struct virtio_blk_config disk = { .capacity = SECTORS };

	if (!config)
		return report_fail(report, -ENOMEM, "memory", NULL);
	snprintf(proof->name, sizeof(proof->name), "viaduct-proof-%d", (int)getpid());
	memcpy(config->name, proof->name, sizeof(config->name));
	config->device_id = VIRTIO_ID_BLOCK;
	config->features = 1ULL << RING_F_VERSION_1 | 1ULL << RING_F_ACCESS_PLATFORM;
	config->vq_num = QUEUES;
	config->vq_align = PAGE;
	config->config_size = CONFIG_BYTES;
	memcpy(config->config, &disk, CONFIG_BYTES);
	if (ioctl(proof->control, VDUSE_CREATE_DEV, config) < 0)
		return report_fail(report, -errno, "VDUSE_CREATE_DEV", NULL);
	proof->created = true;
	report_evidence(report, "device", "%s, virtio block, %d sectors", proof->name, SECTORS);
	return CLIMB_PASS;
}

/* What the kernel tells everybody else of it. */
static int climb_node(void *context, const struct via_report *report)
{
	struct vduse_proof *proof = context;
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_fact timeout =
		root_text(proof->root, arena, "sys/class/vduse/%s/msg_timeout", proof->name);
	char path[VDUSE_NAME_MAX + 16];
	uint64_t features;

	if (timeout.known != VIA_PRESENT)
		return report_fail(report, timeout.error ? -timeout.error : -ENOENT,
				   "/sys/class/vduse", "the kernel does not list what it made");
	report_evidence(report, "msg_timeout", "%s s", timeout.text);
	snprintf(path, sizeof(path), "dev/vduse/%s", proof->name);
	/* devtmpfs or udev makes the node, in its own time */
	for (int tries = 0; tries < 100; tries++) {
		proof->device = root_openat(proof->root, path, O_RDWR);
		if (proof->device != -ENOENT)
			break;
		usleep(10000);
	}
	if (proof->device < 0)
		return report_fail(report, proof->device, path, NULL);
	report_evidence(report, "node", "/%s", path);
	if (ioctl(proof->device, VDUSE_DEV_GET_FEATURES, &features) < 0)
		return report_fail(report, -errno, "VDUSE_DEV_GET_FEATURES", NULL);
	report_evidence(report, "agreed", "%#llx: nobody drives it yet",
			(unsigned long long)features);
	return CLIMB_PASS;
}

static int climb_queues(void *context, const struct via_report *report)
{
	struct vduse_proof *proof = context;
	struct vduse_vq_config queue = { .max_size = QUEUE_SIZE };
	struct vduse_vq_info info = { 0 };

	if (ioctl(proof->device, VDUSE_VQ_SETUP, &queue) < 0)
		return report_fail(report, -errno, "VDUSE_VQ_SETUP", NULL);
	if (ioctl(proof->device, VDUSE_VQ_GET_INFO, &info) < 0)
		return report_fail(report, -errno, "VDUSE_VQ_GET_INFO", NULL);
	report_evidence(report, "queue", "%d entries at most, ready: %s", QUEUE_SIZE,
			info.ready ? "yes" : "no");
	return CLIMB_PASS;
}

static int destroy(struct vduse_proof *proof)
{
	cleanup_close(&proof->device);
	proof->device = -1;
	if (!proof->created)
		return 0;
	if (ioctl(proof->control, VDUSE_DESTROY_DEV, proof->name) < 0)
		return -errno;
	proof->created = false;
	return 0;
}

static int climb_destroy(void *context, const struct via_report *report)
{
	struct vduse_proof *proof = context;
	_cleanup_arena_ struct via_arena *arena = arena_new();
	int r = destroy(proof);

	if (r < 0)
		return report_fail(report, r, "VDUSE_DESTROY_DEV", NULL);
	if (root_exists(proof->root, arena, "sys/class/vduse/%s", proof->name).known != VIA_ABSENT)
		return report_fail(report, -EEXIST, "it is still listed", NULL);
	report_evidence(report, "gone", "/sys/class/vduse/%s", proof->name);
	return CLIMB_PASS;
}

static void leave(void *context)
{
	struct vduse_proof *proof = context;

	destroy(proof);
	cleanup_close(&proof->control);
}

static const struct via_step steps[] = {
	{ "control", climb_control }, { "create", climb_create },   { "node", climb_node },
	{ "queues", climb_queues },   { "destroy", climb_destroy },
};

int prove_vduse(const struct via_root *root, const struct via_prove_options *options,
		struct via_proof *ret, struct via_error *error)
{
	static const struct via_road road = { steps, VIA_COUNT(steps), leave };
	struct vduse_proof proof = { .root = root, .control = -1, .device = -1 };

	return prove_road("vduse", &road, &proof, root, options, ret, error);
}
