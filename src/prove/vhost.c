/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/vhost.h>

#include "base/cleanup.h"
#include "base/fact.h"
#include "prove/generations.h"
#include "prove/road.h"
#include "prove/vhost.h"

enum { AREA = 0x20000 };

static const char *const nodes[] = { "vhost-net", "vhost-vsock", "vhost-scsi" };

int vhost_open(const struct via_root *root, const struct via_report *report, const char *node,
	       int *ret)
{
	char path[64] = "dev/";
	int fd;

	strcat(path, node);
	fd = root_openat(root, path, O_RDWR);
	if (fd == -ENOENT || fd == -ENODEV || fd == -ENXIO) {
		report_evidence(report, "node", "/%s: %s", path, errno_name(-fd));
		report_hint(report,
			    "the module is not loaded, or this kernel has none: modprobe %s", node);
		return CLIMB_SKIP;
	}
	if (fd < 0)
		return report_fail(report, fd, path,
				   fd == -EACCES ? "be root, or of the node's group" : NULL);
	report_evidence(report, "node", "/%s", path);
	*ret = fd;
	return CLIMB_PASS;
}

int vhost_begin(int fd, const struct via_report *report, uint64_t wanted, uint64_t *ret_features,
		struct vhost_memory_area *area)
{
	uint64_t features;
	int r;

	if (ioctl(fd, VHOST_GET_FEATURES, &features) < 0)
		return report_fail(report, -errno, "VHOST_GET_FEATURES", NULL);
	report_evidence(report, "features", "%#llx", (unsigned long long)features);
	if (ioctl(fd, VHOST_SET_OWNER, NULL) < 0)
		return report_fail(report, -errno, "VHOST_SET_OWNER",
				   "the kernel could not start a thread for it");
	features &= wanted;
	if (ioctl(fd, VHOST_SET_FEATURES, &features) < 0)
		return report_fail(report, -errno, "VHOST_SET_FEATURES", NULL);
	report_evidence(report, "agreed", "%#llx", (unsigned long long)features);
	r = area_new(area, AREA);
	if (r < 0)
		return report_fail(report, r, "mmap", NULL);
	r = area_share(area, fd);
	if (r < 0)
		return report_fail(report, r, "VHOST_SET_MEM_TABLE", NULL);
	report_evidence(report, "memory", "%d KiB shared", AREA / 1024);
	*ret_features = features;
	return CLIMB_PASS;
}

static int climb_nodes(void *context, const struct via_report *report)
{
	struct vhost_proof *proof = context;
	_cleanup_arena_ struct via_arena *arena = arena_new();
	unsigned int there = 0;

	for (size_t i = 0; i < VIA_COUNT(nodes); i++) {
		struct via_fact fact = root_exists(proof->root, arena, "dev/%s", nodes[i]);

		there += fact.known == VIA_PRESENT;
		report_evidence(report, nodes[i] + strlen("vhost-"), "%s",
				fact.known == VIA_PRESENT  ? "there"
				: fact.known == VIA_ABSENT ? "not there"
							   : errno_name(fact.error));
	}
	if (!there)
		return report_fail(report, -ENOENT, "none of /dev/vhost-*",
				   "load vhost_net, vhost_vsock or vhost_scsi");
	return CLIMB_PASS;
}

static void leave(void *context)
{
	struct vhost_proof *proof = context;

	vhost_net_end(proof);
	vhost_vsock_end(proof);
	vhost_scsi_end(proof);
}

/* Whoever killed the child: nothing of the target is left. */
static void restore(void *context)
{
	const struct vhost_proof *proof = context;

	scsi_target_remove(proof->root, &proof->target);
}

static const struct via_step steps[] = {
	{ "nodes", climb_nodes },
	{ "net", climb_vhost_net },
	{ "net-ring", climb_vhost_net_ring },
	{ "transmit", climb_vhost_net_transmit },
	{ "receive", climb_vhost_net_receive },
	{ "vsock", climb_vhost_vsock },
	{ "vsock-ring", climb_vhost_vsock_ring },
	{ "scsi", climb_vhost_scsi },
	{ "scsi-ring", climb_vhost_scsi_ring },
};

int prove_vhost(const struct via_root *root, const struct via_prove_options *options,
		struct via_proof *ret, struct via_error *error)
{
	static const struct via_road road = { steps, VIA_COUNT(steps), leave, restore };
	struct vhost_proof proof = {
		.root = root, .net = -1, .tap = -1, .packet = -1, .vsock = -1, .scsi = -1
	};
	int r = scsi_target_choose(root, &proof.target);

	if (r < 0)
		return error_set(error, r, "cannot prove", "getrandom", NULL);
	return prove_road("vhost", &road, &proof, root, options, ret, error);
}
