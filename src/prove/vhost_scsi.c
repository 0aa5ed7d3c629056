/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/vhost.h>
#include <linux/virtio_scsi.h>

#include "base/cleanup.h"
#include "prove/child.h"
#include "prove/vhost.h"

/* A guest without a processor asks a disk of some memory for its serial number. */
enum {
	REQUESTS = 2, /* the ring after those for control and events */
	DATA = 0x10000,
	ANSWER = DATA + 0x1000,
	WAIT_MS = 3000,

	INQUIRY = 0x12,
	OF_VITAL_DATA = 1,
	SERIAL_PAGE = 0x80,
	PAGE_BYTES = 255,
	FLAT = 1, /* the first byte of a unit's number in a request */
};

struct answer {
	struct virtio_scsi_cmd_resp head;
	uint8_t page[PAGE_BYTES];
} __attribute__((packed));

int climb_vhost_scsi(void *context, const struct via_report *report)
{
	struct vhost_proof *proof = context;
	int version, r = vhost_open(proof->root, report, "vhost-scsi", &proof->scsi);

	if (r != CLIMB_PASS)
		return r;
	if (ioctl(proof->scsi, VHOST_SCSI_GET_ABI_VERSION, &version) < 0)
		return report_fail(report, -errno, "VHOST_SCSI_GET_ABI_VERSION", NULL);
	report_evidence(report, "abi_version", "%d", version);
	return vhost_begin(proof->scsi, report, 1ULL << RING_F_VERSION_1, &proof->scsi_features,
			   &proof->scsi_area);
}

static struct vhost_scsi_target endpoint(const struct vhost_proof *proof)
{
	struct vhost_scsi_target target = { .abi_version = VHOST_SCSI_ABI_VERSION,
					    .vhost_tpgt = SCSI_TARGET_PORTAL };

	memcpy(target.vhost_wwpn, proof->target.name, sizeof(proof->target.name));
	return target;
}

static int attach(struct vhost_proof *proof, struct vhost_ring *ring, const char **ret_call)
{
	struct vhost_scsi_target target = endpoint(proof);
	int r = vhost_ring_start(ring, proof->scsi, REQUESTS, &proof->scsi_area,
				 proof->scsi_features, ret_call);

	if (r < 0)
		return r;
	*ret_call = "VHOST_SCSI_SET_ENDPOINT";
	return ioctl(proof->scsi, VHOST_SCSI_SET_ENDPOINT, &target) < 0 ? -errno : 0;
}

static int inquire(struct vhost_proof *proof, struct vhost_ring *ring, struct answer *ret,
		   const char **ret_call)
{
	struct vhost_memory_area *area = &proof->scsi_area;
	const struct virtio_scsi_cmd_req request = {
		.lun = { FLAT, SCSI_TARGET_PORTAL },
		.cdb = { INQUIRY, OF_VITAL_DATA, SERIAL_PAGE, 0, PAGE_BYTES },
	};
	const struct ring_buffer buffers[] = { { area->data + DATA, sizeof(request) },
					       { area->data + ANSWER, sizeof(*ret) } };
	int r;

	memcpy(area->host + DATA, &request, sizeof(request));
	memset(area->host + ANSWER, 0xff, sizeof(*ret));
	*ret_call = "a request in the ring";
	r = vhost_ring_offer(ring, buffers, 1, 1);
	if (r == 0)
		r = vhost_ring_await(ring, WAIT_MS);
	memcpy(ret, area->host + ANSWER, sizeof(*ret));
	return r < 0 ? r : 0;
}

/* The page: two bytes of what it is, two of how much follows. */
static int judge(const struct vhost_proof *proof, const struct via_report *report,
		 const struct answer *answer)
{
	const char *serial = proof->target.serial;
	size_t length = answer->page[3];

	if (answer->head.response != VIRTIO_SCSI_S_OK || answer->head.status)
		return report_fail(report, -EIO, "INQUIRY", "response %u, status %u",
				   answer->head.response, answer->head.status);
	report_evidence(report, "serial", "%.*s", (int)length, answer->page + 4);
	if (answer->page[1] != SERIAL_PAGE || length < strlen(serial) ||
	    memcmp(answer->page + 4, serial, strlen(serial)) != 0)
		return report_fail(report, -EIO, "INQUIRY",
				   "the disk was given the serial number "
				   "%s",
				   serial);
	return 0;
}

static int ask(struct vhost_proof *proof, const struct via_report *report)
{
	struct vhost_ring ring = { .kick = -1, .call = -1 };
	const char *call = "";
	struct answer answer = { 0 };
	int r = attach(proof, &ring, &call);

	if (r == 0)
		r = inquire(proof, &ring, &answer, &call);
	r = r < 0 ? report_fail(report, r, call, NULL) : judge(proof, report, &answer);
	vhost_ring_end(&ring);
	return r;
}

static int make(const struct vhost_proof *proof, const struct via_report *report)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *failed;
	int r = scsi_target_make(proof->root, &proof->target, arena, &failed);

	if (r == -ENOENT &&
	    root_exists(proof->root, arena, "sys/kernel/config/target").known == VIA_ABSENT) {
		report_hint(report, "a target is made in configfs, which is not mounted: mount -t "
				    "configfs configfs /sys/kernel/config");
		return CLIMB_SKIP;
	}
	if (r < 0)
		return report_fail(report, r, failed, r == -EACCES ? "be root" : NULL);
	report_evidence(report, "target", "%s, a disk of 64 KiB of memory", proof->target.name);
	return CLIMB_PASS;
}

/* The kernel lets go of a target only when nothing is attached to it. */
static int end(struct vhost_proof *proof)
{
	struct vhost_scsi_target target = endpoint(proof);

	if (proof->scsi >= 0)
		ioctl(proof->scsi, VHOST_SCSI_CLEAR_ENDPOINT, &target);
	cleanup_close(&proof->scsi);
	proof->scsi = -1;
	area_free(&proof->scsi_area);
	return scsi_target_remove(proof->root, &proof->target);
}

int climb_vhost_scsi_ring(void *context, const struct via_report *report)
{
	struct vhost_proof *proof = context;
	int r, ended;

	if (proof->scsi < 0) {
		report_hint(report, "there is no vhost-scsi");
		return CLIMB_SKIP;
	}
	r = make(proof, report);
	if (r == CLIMB_PASS)
		r = ask(proof, report);
	if (r == CLIMB_SKIP)
		return r;
	ended = end(proof);
	if (r == 0 && ended < 0)
		return report_fail(report, ended, "taking the target away", NULL);
	if (ended == 0)
		report_evidence(report, "gone", "%s", proof->target.name);
	return r;
}

void vhost_scsi_end(struct vhost_proof *proof)
{
	end(proof);
}
