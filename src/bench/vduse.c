/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include <linux/virtio_blk.h>

#include "base/cleanup.h"
#include "base/fact.h"
#include "bench/measure.h"
#include "bench/ring.h"
#include "bench/vduse_disk.h"
#include "prove/clock.h"
#include "prove/vdpa.h"

/* In the memory that the proof of vDPA makes, behind its ring. */
enum { HEADER = 0x10000, SECTOR = 0x11000, STATUS = 0x12000, COME_MS = 3000, LOOK_MS = 5 };

static int wait_for_node(struct vduse_disk *disk, struct vdpa_proof *proof,
			 const struct via_report *report)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	double deadline = clock_ms() + COME_MS;
	int code = -ETIMEDOUT;

	while (!vdpa_find_node(proof, arena, disk->name)) {
		if (vduse_disk_failed(disk, &code) || clock_ms() > deadline)
			return report_fail(report, code, "a disk on the bus vdpa", "%s",
					   code == -EACCES || code == -EPERM
						   ? "be root"
						   : "viaduct prove vduse looks closer");
		clock_sleep_ms(LOOK_MS);
	}
	return 0;
}

static int start(struct vdpa_proof *proof, const struct via_report *report)
{
	static int (*const rungs[])(void *, const struct via_report *) = { climb_vdpa_open,
									   climb_vdpa_status,
									   climb_vdpa_memory };
	const char *call = "the ring";
	int r = CLIMB_PASS;

	for (size_t i = 0; r == CLIMB_PASS && i < VIA_COUNT(rungs); i++)
		r = rungs[i](proof, report);
	if (r != CLIMB_PASS)
		return r;
	r = vdpa_start(proof, 1, &call);
	return r < 0 ? report_fail(report, r, call, NULL) : CLIMB_PASS;
}

/* Each request reads the first sector, into memory that is cleared before. */
static int read_sectors(const struct bench_context *context, const struct via_report *report,
			struct vdpa_proof *proof)
{
	const struct virtio_blk_outhdr header = { .type = VIRTIO_BLK_T_IN };
	const struct ring_buffer chain[] = { { proof->area.data + HEADER, sizeof(header) },
					     { proof->area.data + SECTOR, 512 },
					     { proof->area.data + STATUS, 1 } };
	struct bench_ring ring = { .driver = &proof->rings[0].driver,
				   .kick = proof->rings[0].kick,
				   .call = proof->rings[0].call,
				   .chain = chain,
				   .readable = 1,
				   .writable = 2 };
	int r;

	memcpy(proof->area.host + HEADER, &header, sizeof(header));
	proof->area.host[STATUS] = 0xff;
	r = meter_run(context->meter, 0, context->item->argument ? ring_stream : ring_ask, &ring);
	if (r == 0 && proof->area.host[STATUS] != VIRTIO_BLK_S_OK)
		r = -EIO;
	return r < 0 ? report_fail(report, r, "the ring", NULL) : CLIMB_PASS;
}

static bool is_there(const struct via_root *root, const char *path)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_fact fact = root_exists(root, arena, "%s", path);

	return fact_is(&fact, VIA_PRESENT);
}

static int measure(const struct bench_context *context, const struct via_report *report)
{
	struct vdpa_proof proof = { .root = context->root, .fd = -1 };
	struct vduse_disk disk = { .server = -1 };
	int r;

	if (!is_there(context->root, "dev/vduse/control") ||
	    !is_there(context->root, "sys/bus/vdpa/drivers/vhost_vdpa"))
		return bench_skip(report, "it needs the modules vduse and vhost_vdpa: modprobe -a "
					  "vduse vhost_vdpa");
	r = vduse_disk_begin(context, &disk);
	if (r < 0)
		return report_fail(report, r, "fork", NULL);
	r = wait_for_node(&disk, &proof, report);
	if (r == 0)
		r = start(&proof, report);
	if (r == CLIMB_PASS)
		r = read_sectors(context, report, &proof);
	vdpa_leave(&proof);
	vduse_disk_end(&disk);
	return r;
}

const struct bench_item bench_vduse_items[] = {
	{ "vduse", "sector read from a disk that another process serves, by the kernel",
	  VIA_GENERATION_VDUSE, measure, NULL },
	{ "vduse-stream", "sectors read likewise, a full ring of requests", VIA_GENERATION_VDUSE,
	  measure, "" },
	{ 0 },
};
