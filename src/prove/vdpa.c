/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vhost.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_ids.h>

#include "base/cleanup.h"
#include "base/fact.h"
#include "base/parse.h"
#include "prove/generations.h"
#include "prove/road.h"
#include "prove/vdpa.h"

enum {
	ACKNOWLEDGE = 1,
	DRIVER = 2,
	DRIVER_OK = 4,
	FEATURES_OK = 8,
	AREA = 0x20000,
	DATA = 0x10000,
	ROOM = 2048,
	NET_HEADER = 12,
	FRAME = 128,
	WAIT_MS = 3000,
};

/*
 * Opening one resets it: a simulator is nobody's, as long as nobody has it open. It is told by
 * having no parent: what hardware or VDUSE is behind hangs below that.
 */
static bool is_simulator(const struct via_root *root, struct via_arena *arena, const char *name)
{
	struct via_fact link = root_link_target(root, arena, "sys/bus/vdpa/devices/%s", name);

	return link.known == VIA_PRESENT &&
	       text_ends(link.text, arena_printf(arena, "/devices/%s", name));
}

bool vdpa_find_node(struct vdpa_proof *proof, struct via_arena *arena, const char *name)
{
	struct via_names names;

	if (root_entries(proof->root, arena, &names, "sys/bus/vdpa/devices/%s", name).known !=
	    VIA_PRESENT)
		return false;
	via_for_each (entry, &names)
		if (text_starts(*entry, "vhost-vdpa-") && strlen(*entry) < sizeof(proof->name)) {
			snprintf(proof->node, sizeof(proof->node), "dev/%s", *entry);
			snprintf(proof->name, sizeof(proof->name), "%s", name);
			return true;
		}
	return false;
}

int climb_vdpa_device(void *context, const struct via_report *report)
{
	struct vdpa_proof *proof = context;
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names names;
	struct via_fact fact = root_entries(proof->root, arena, &names, "sys/bus/vdpa/devices");
	size_t others = 0;

	if (fact.known != VIA_PRESENT)
		return report_fail(report, fact.known == VIA_ABSENT ? -ENOENT : -fact.error,
				   "/sys/bus/vdpa", "modprobe vhost_vdpa");
	via_for_each (name, &names) {
		if (is_simulator(proof->root, arena, *name) && vdpa_find_node(proof, arena, *name))
			break;
		others++;
	}
	report_evidence(report, "devices", "%zu", names.count);
	if (!proof->node[0])
		return report_fail(report, -ENODEV,
				   others ? "a simulator's vhost-vdpa node" : "a vDPA device",
				   "a device that may be somebody's is left alone; modprobe "
				   "vdpa_sim_net, and 'viaduct vdpa add "
				   "vdpasim_net=NAME,driver=vhost_vdpa' makes one to try");
	report_evidence(report, "device", "%s at /%s", proof->name, proof->node);
	return CLIMB_PASS;
}

int climb_vdpa_open(void *context, const struct via_report *report)
{
	struct vdpa_proof *proof = context;
	struct vhost_vdpa_iova_range range;
	uint32_t size;
	uint16_t entries;

	proof->fd = root_openat(proof->root, proof->node, O_RDWR);
	if (proof->fd < 0)
		return report_fail(report, proof->fd, proof->node,
				   proof->fd == -EBUSY ? "somebody has it open" : NULL);
	if (ioctl(proof->fd, VHOST_VDPA_GET_DEVICE_ID, &proof->id) < 0 ||
	    ioctl(proof->fd, VHOST_GET_FEATURES, &proof->features) < 0 ||
	    ioctl(proof->fd, VHOST_VDPA_GET_VRING_NUM, &entries) < 0 ||
	    ioctl(proof->fd, VHOST_VDPA_GET_CONFIG_SIZE, &size) < 0 ||
	    ioctl(proof->fd, VHOST_VDPA_GET_IOVA_RANGE, &range) < 0)
		return report_fail(report, -errno, "asking the device about itself", NULL);
	report_evidence(report, "virtio_id", "%u (%s)", proof->id,
			proof->id == VIRTIO_ID_NET     ? "net"
			: proof->id == VIRTIO_ID_BLOCK ? "block"
						       : "another");
	report_evidence(report, "features", "%#llx", (unsigned long long)proof->features);
	report_evidence(report, "ring_entries", "%u", entries);
	report_evidence(report, "config", "%u bytes", size);
	report_evidence(report, "iova", "%#llx-%#llx", range.first, range.last);
	return CLIMB_PASS;
}

static int add_status(struct vdpa_proof *proof, uint8_t bits)
{
	uint8_t status;

	if (ioctl(proof->fd, VHOST_VDPA_GET_STATUS, &status) < 0)
		return -errno;
	status |= bits;
	if (ioctl(proof->fd, VHOST_VDPA_SET_STATUS, &status) < 0)
		return -errno;
	if (ioctl(proof->fd, VHOST_VDPA_GET_STATUS, &status) < 0)
		return -errno;
	return (status & bits) == bits ? status : -EPROTO;
}

int climb_vdpa_status(void *context, const struct via_report *report)
{
	struct vdpa_proof *proof = context;
	uint64_t back = 1ULL << VHOST_BACKEND_F_IOTLB_MSG_V2;
	uint8_t none = 0;
	int r;

	proof->features &= 1ULL << RING_F_VERSION_1 | 1ULL << RING_F_ACCESS_PLATFORM;
	if (ioctl(proof->fd, VHOST_SET_OWNER, NULL) < 0)
		return report_fail(report, -errno, "VHOST_SET_OWNER", NULL);
	if (ioctl(proof->fd, VHOST_SET_BACKEND_FEATURES, &back) < 0)
		return report_fail(report, -errno, "VHOST_SET_BACKEND_FEATURES", NULL);
	if (ioctl(proof->fd, VHOST_VDPA_SET_STATUS, &none) < 0)
		return report_fail(report, -errno, "resetting it", NULL);
	r = add_status(proof, ACKNOWLEDGE);
	if (r >= 0)
		r = add_status(proof, DRIVER);
	if (r >= 0 && ioctl(proof->fd, VHOST_SET_FEATURES, &proof->features) < 0)
		r = -errno;
	if (r >= 0)
		r = add_status(proof, FEATURES_OK);
	if (r < 0)
		return report_fail(report, r, "the device's status", NULL);
	report_evidence(report, "agreed", "%#llx", (unsigned long long)proof->features);
	report_evidence(report, "status", "%#x", (unsigned int)r);
	return CLIMB_PASS;
}

int climb_vdpa_memory(void *context, const struct via_report *report)
{
	struct vdpa_proof *proof = context;
	struct vhost_msg_v2 message = { .type = VHOST_IOTLB_MSG_V2 };
	int r = area_new(&proof->area, AREA);

	if (r < 0)
		return report_fail(report, r, "mmap", NULL);
	/* addresses of the device's own, so that the translation is needed */
	proof->area.rings = proof->area.data = 0x100000;
	message.iotlb = (struct vhost_iotlb_msg){ .iova = proof->area.data,
						  .size = AREA,
						  .uaddr = (uintptr_t)proof->area.host,
						  .perm = VHOST_ACCESS_RW,
						  .type = VHOST_IOTLB_UPDATE };
	if (write(proof->fd, &message, sizeof(message)) != sizeof(message))
		return report_fail(report, -errno, "VHOST_IOTLB_UPDATE",
				   errno == ENOMEM ? "the limit of locked memory is too low"
						   : NULL);
	report_evidence(report, "mapped", "%d KiB at %#llx", AREA / 1024,
			(unsigned long long)proof->area.data);
	return CLIMB_PASS;
}

int vdpa_start(struct vdpa_proof *proof, unsigned int count, const char **ret_call)
{
	int r = 0;

	for (unsigned int i = 0; i < count && r == 0; i++) {
		struct vhost_vring_state enable = { i, 1 };

		r = vhost_ring_start(&proof->rings[i], proof->fd, i, &proof->area, proof->features,
				     ret_call);
		if (r == 0 && ioctl(proof->fd, VHOST_VDPA_SET_VRING_ENABLE, &enable) < 0)
			r = -errno;
	}
	if (r == 0)
		r = add_status(proof, DRIVER_OK);
	return r < 0 ? r : 0;
}

/* The simulator's wire leads back to itself: what is sent to everybody is received. */
static int loop_frame(struct vdpa_proof *proof, const char **ret_call)
{
	uint8_t *sent = proof->area.host + DATA, *seen = sent + ROOM;
	struct ring_buffer out = { proof->area.data + DATA, NET_HEADER + FRAME };
	struct ring_buffer in = { proof->area.data + DATA + ROOM, ROOM };
	int r;

	memset(sent + NET_HEADER, 0xff, 6);
	for (unsigned int i = 6; i < FRAME; i++)
		sent[NET_HEADER + i] = (uint8_t)(i * 5);
	r = vhost_ring_offer(&proof->rings[VDPA_RECEIVE], &in, 0, 1);
	if (r == 0)
		r = vhost_ring_offer(&proof->rings[VDPA_TRANSMIT], &out, 1, 0);
	*ret_call = "the frame out of the transmit ring";
	if (r == 0)
		r = vhost_ring_await(&proof->rings[VDPA_TRANSMIT], WAIT_MS);
	*ret_call = "the frame in the receive ring";
	if (r >= 0)
		r = vhost_ring_await(&proof->rings[VDPA_RECEIVE], WAIT_MS);
	if (r < 0)
		return r;
	return r == NET_HEADER + FRAME && !memcmp(sent + NET_HEADER, seen + NET_HEADER, FRAME)
		       ? 0
		       : -EIO;
}

static int read_sector(struct vdpa_proof *proof, const char **ret_call)
{
	struct virtio_blk_outhdr header = { .type = VIRTIO_BLK_T_IN };
	uint8_t *data = proof->area.host + DATA;
	struct ring_buffer buffers[] = { { proof->area.data + DATA, sizeof(header) },
					 { proof->area.data + DATA + ROOM, 512 },
					 { proof->area.data + DATA + 2 * ROOM, 1 } };
	int r;

	memcpy(data, &header, sizeof(header));
	memset(data + ROOM, 0xaa, 512);
	data[2 * ROOM] = 0xff;
	*ret_call = "a sector out of the ring";
	r = vhost_ring_offer(&proof->rings[0], buffers, 1, 2);
	if (r == 0)
		r = vhost_ring_await(&proof->rings[0], WAIT_MS);
	if (r < 0)
		return r;
	return data[2 * ROOM] == VIRTIO_BLK_S_OK ? 0 : -EIO;
}

static int climb_ring(void *context, const struct via_report *report)
{
	struct vdpa_proof *proof = context;
	const char *call = "the rings";
	bool net = proof->id == VIRTIO_ID_NET;
	int r;

	if (!net && proof->id != VIRTIO_ID_BLOCK) {
		report_hint(report, "nothing is known that could be asked of virtio id %u",
			    proof->id);
		return CLIMB_SKIP;
	}
	r = vdpa_start(proof, net ? 2 : 1, &call);
	if (r == 0)
		r = net ? loop_frame(proof, &call) : read_sector(proof, &call);
	if (r < 0)
		return report_fail(report, r, call, NULL);
	if (net)
		report_evidence(report, "frame", "%d bytes, received as they were sent", FRAME);
	else
		report_evidence(report, "sector", "512 bytes read");
	return CLIMB_PASS;
}

void vdpa_leave(void *context)
{
	struct vdpa_proof *proof = context;

	cleanup_close(&proof->fd);
	area_free(&proof->area);
}

static const struct via_step steps[] = {
	{ "device", climb_vdpa_device }, { "open", climb_vdpa_open },
	{ "status", climb_vdpa_status }, { "memory", climb_vdpa_memory },
	{ "ring", climb_ring },
};

int prove_vdpa(const struct via_root *root, const struct via_prove_options *options,
	       struct via_proof *ret, struct via_error *error)
{
	static const struct via_road road = { steps, VIA_COUNT(steps), vdpa_leave };
	struct vdpa_proof proof = { .root = root, .fd = -1 };

	return prove_road("vdpa", &road, &proof, root, options, ret, error);
}
