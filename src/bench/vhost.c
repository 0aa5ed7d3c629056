/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <linux/virtio_ids.h>

#include "base/cleanup.h"
#include "bench/measure.h"
#include "bench/ring.h"
#include "prove/vdpa.h"
#include "prove/vhost.h"

/* Behind the rings, in the memory that the proofs make. */
enum { DATA = 0x10000, BUFFER = 2048 };

/*
 * A frame for an address that nobody has: a tap's other side drops it, and so does a simulated
 * network card.
 */
static void fill(struct vhost_memory_area *area)
{
	static const uint8_t head[] = {
		0x02, 0, 0, 0, 0, 0x77, 0x02, 0, 0, 0, 0, 0x01, 0x88, 0xb5
	};

	for (unsigned int i = 0; i < VHOST_RING_SIZE; i++)
		memcpy(area->host + DATA + i * BUFFER + 12, head, sizeof(head));
}

static struct bench_ring ring_of(struct vhost_ring *ring, struct vhost_memory_area *area)
{
	fill(area);
	return (struct bench_ring){ .driver = &ring->driver,
				    .kick = ring->kick,
				    .call = ring->call,
				    .data = area->data + DATA,
				    .buffer = BUFFER };
}

static int measure_ring(const struct bench_context *context, const struct via_report *report,
			struct vhost_ring *ring, struct vhost_memory_area *area)
{
	struct bench_ring measured = ring_of(ring, area);
	int (*batch)(void *, uint64_t) = context->item->argument ? ring_stream : ring_ask;
	int r;

	_Static_assert(DATA + VHOST_RING_SIZE * BUFFER <= 0x20000, "within the proofs' memory");
	measured.buffer = context->item->argument ? BUFFER : 64;
	context->meter->bytes = context->item->argument ? BUFFER : 0;
	r = meter_run(context->meter, 0, batch, &measured);
	return r < 0 ? report_fail(report, r, "the ring", NULL) : CLIMB_PASS;
}

static int measure_vhost(const struct bench_context *context, const struct via_report *report)
{
	struct vhost_proof proof = {
		.root = context->root, .net = -1, .tap = -1, .packet = -1, .vsock = -1
	};
	int r = climb_vhost_net(&proof, report);

	if (r == CLIMB_PASS)
		r = climb_vhost_net_ring(&proof, report);
	if (r == CLIMB_PASS)
		r = measure_ring(context, report, &proof.transmit, &proof.net_area);
	meter_note(context->meter, "vhost-net and a tap");
	vhost_net_end(&proof);
	return r;
}

static int start_vdpa(struct vdpa_proof *proof, const struct via_report *report)
{
	static int (*const rungs[])(void *, const struct via_report *) = {
		climb_vdpa_device, climb_vdpa_open, climb_vdpa_status, climb_vdpa_memory
	};
	const char *call = "the rings";
	int r = CLIMB_PASS;

	for (size_t i = 0; r == CLIMB_PASS && i < VIA_COUNT(rungs); i++)
		r = rungs[i](proof, report);
	if (r != CLIMB_PASS)
		return r;
	if (proof->id != VIRTIO_ID_NET)
		return bench_skip(report, "%s is no simulated network card", proof->name);
	r = vdpa_start(proof, 2, &call);
	return r < 0 ? report_fail(report, r, call, NULL) : CLIMB_PASS;
}

static int measure_vdpa(const struct bench_context *context, const struct via_report *report)
{
	struct vdpa_proof proof = { .root = context->root, .fd = -1 };
	int r = start_vdpa(&proof, report);

	if (r == CLIMB_PASS)
		r = measure_ring(context, report, &proof.rings[VDPA_TRANSMIT], &proof.area);
	meter_note(context->meter, "%s", proof.name);
	vdpa_leave(&proof);
	return r;
}

const struct bench_item bench_vhost_items[] = {
	{ "vhost", "request to a thread of the kernel, which wakes, and back", VIA_GENERATION_VHOST,
	  measure_vhost, NULL },
	{ "vhost-stream", "2 KiB frames to a thread of the kernel, a full ring",
	  VIA_GENERATION_VHOST, measure_vhost, "" },
	{ 0 },
};

const struct bench_item bench_vdpa_items[] = {
	{ "vdpa", "request to a vDPA device, which wakes, and back", VIA_GENERATION_VDPA,
	  measure_vdpa, NULL },
	{ "vdpa-stream", "2 KiB frames to a vDPA device, a full ring", VIA_GENERATION_VDPA,
	  measure_vdpa, "" },
	{ 0 },
};
