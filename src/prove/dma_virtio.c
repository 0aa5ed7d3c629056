/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/dma_class.h"

#include <errno.h>
#include <string.h>

#include <linux/pci_regs.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_net.h>
#include <linux/virtio_pci.h>

#include "prove/child.h"
#include "prove/clock.h"
#include "prove/virtio_place.h"
#include "ring/driver.h"

/*
 * A virtio function of today, with one queue: random numbers are drawn, the first sector of a disk
 * is read, a network card is told by its control queue that promiscuous mode stays off. Nothing is
 * written to a medium or sent. Source: Virtual I/O Device (VIRTIO) Version 1.2, 3.1.1, 4.1.4.3,
 * 5.1.6.5, 5.2.6, 5.4
 */
enum {
	VENDOR = 0x1af4,
	FIRST_DEVICE = 0x1000,
	FIRST_MODERN = 0x1040,
	LAST_DEVICE = 0x107f,

	ACKNOWLEDGE = 1,
	DRIVER = 2,
	DRIVER_OK = 4,
	FEATURES_OK = 8,
	NEEDS_RESET = 0x40,

	SIZE = 8,	  /* of the queue */
	REQUEST = 0x8000, /* in our memory */
	STATUS = 0x9000,
	ANSWER = 0xa000,
	AGAIN = 0xb000,
	RANDOM_BYTES = 256,
	CONTROL_QUEUE = 2, /* of a card with one pair of queues */
	NO_VECTOR = 0xffff,
};

/* What is asked of each kind of device: the request, where its answer goes, how long that is. */
struct virtio_kind {
	uint16_t id;
	const char *name, *moved;
	uint64_t features; /* that are needed */
	uint16_t queue;
	uint32_t answer;
	bool has_status; /* a byte behind the answer */
	bool repeats;	 /* the same answer comes again */
	uint32_t request_bytes;
	uint8_t request[sizeof(struct virtio_blk_outhdr)];
};

static const struct virtio_kind kinds[] = {
	{ .id = VIRTIO_ID_RNG,
	  .name = "random numbers",
	  .moved = "random numbers, 256 bytes, twice and not the same",
	  .answer = RANDOM_BYTES },
	{ .id = VIRTIO_ID_BLOCK,
	  .name = "disk",
	  .moved = "its first sector, 512 bytes, read twice and the same",
	  .answer = 512,
	  .has_status = true,
	  .repeats = true,
	  .request_bytes = sizeof(struct virtio_blk_outhdr),
	  .request = { VIRTIO_BLK_T_IN } },
	{ .id = VIRTIO_ID_NET,
	  .name = "network card",
	  .moved = "a command of its control queue, and the answer, twice",
	  .features = 1ULL << VIRTIO_NET_F_CTRL_VQ | 1ULL << VIRTIO_NET_F_CTRL_RX,
	  .queue = CONTROL_QUEUE,
	  .answer = sizeof(virtio_net_ctrl_ack),
	  .repeats = true,
	  .request_bytes = sizeof(struct virtio_net_ctrl_hdr) + 1,
	  .request = { VIRTIO_NET_CTRL_RX, VIRTIO_NET_CTRL_RX_PROMISC, 0 } },
};

struct virtio {
	const struct virtio_kind *kind;
	struct virtio_places places;
	struct ring_driver ring;
	uint16_t notify; /* of the queue */
};

#define COMMON(field)                                  \
	offsetof(struct virtio_pci_common_cfg, field), \
		sizeof(((struct virtio_pci_common_cfg *)0)->field)

static uint32_t get(const struct dma_device *device, size_t offset, size_t size)
{
	const struct virtio *virtio = device->state;

	return dma_read_sized(device, virtio->places.common.bar,
			      virtio->places.common.offset + offset, size);
}

static void set(const struct dma_device *device, size_t offset, size_t size, uint32_t value)
{
	const struct virtio *virtio = device->state;

	dma_write_sized(device, virtio->places.common.bar, virtio->places.common.offset + offset,
			value, size);
}

static void set_address(const struct dma_device *device, size_t low, uint64_t value)
{
	set(device, low, sizeof(uint32_t), (uint32_t)value);
	set(device, low + sizeof(uint32_t), sizeof(uint32_t), (uint32_t)(value >> 32));
}

static bool virtio_claims(const struct via_pci_device *device)
{
	uint64_t id = fact_number(&device->device, 0);

	return fact_number(&device->vendor, 0) == VENDOR && id >= FIRST_DEVICE && id <= LAST_DEVICE;
}

/* One that is transitional tells its kind by its subsystem. */
static const struct virtio_kind *kind_of(const struct via_pci_device *device, struct via_span space)
{
	uint64_t id = fact_number(&device->device, 0);
	uint16_t kind = (uint16_t)(id - FIRST_MODERN);

	if (id < FIRST_MODERN && !span_u16(space, PCI_SUBSYSTEM_ID, &kind))
		return NULL;
	for (size_t i = 0; i < VIA_COUNT(kinds); i++)
		if (kinds[i].id == kind)
			return &kinds[i];
	return NULL;
}

static int reset(const struct dma_device *device)
{
	double deadline = clock_ms() + DMA_PATIENCE_MS;

	set(device, COMMON(device_status), 0);
	while (get(device, COMMON(device_status)) != 0) {
		if (clock_ms() > deadline)
			return -ETIMEDOUT;
		clock_sleep_ms(1);
	}
	return 0;
}

static uint64_t offered(const struct dma_device *device)
{
	uint64_t features;

	set(device, COMMON(device_feature_select), 1);
	features = (uint64_t)get(device, COMMON(device_feature)) << 32;
	set(device, COMMON(device_feature_select), 0);
	return features | get(device, COMMON(device_feature));
}

static void accept(const struct dma_device *device, uint64_t features)
{
	set(device, COMMON(guest_feature_select), 0);
	set(device, COMMON(guest_feature), (uint32_t)features);
	set(device, COMMON(guest_feature_select), 1);
	set(device, COMMON(guest_feature), (uint32_t)(features >> 32));
}

/* Without that bit it would reach physical memory by our addresses: nothing is tried then. */
static int agree(const struct dma_device *device)
{
	const struct virtio *virtio = device->state;
	uint64_t needed =
		1ULL << RING_F_VERSION_1 | 1ULL << RING_F_ACCESS_PLATFORM | virtio->kind->features;
	uint64_t features = offered(device);

	report_evidence(device->report, "offered", "%#llx", (unsigned long long)features);
	if (!(features >> RING_F_ACCESS_PLATFORM & 1)) {
		report_hint(device->report,
			    "the device does not offer VIRTIO_F_ACCESS_PLATFORM: it reaches memory "
			    "past the IOMMU; QEMU: iommu_platform=on");
		return CLIMB_CANNOT_TELL;
	}
	if ((features & needed) != needed) {
		report_hint(device->report, "the %s offers too little to be asked anything",
			    virtio->kind->name);
		return CLIMB_CANNOT_TELL;
	}
	set(device, COMMON(device_status), ACKNOWLEDGE | DRIVER);
	accept(device, needed);
	set(device, COMMON(device_status), ACKNOWLEDGE | DRIVER | FEATURES_OK);
	return get(device, COMMON(device_status)) & FEATURES_OK ? CLIMB_PASS : -EPROTO;
}

static int set_up_queue(struct dma_device *device)
{
	struct virtio *virtio = device->state;
	struct ring_place place = ring_place_from(device->iova, SIZE);

	set(device, COMMON(queue_select), virtio->kind->queue);
	if (get(device, COMMON(queue_size)) < SIZE)
		return -ENOSPC;
	ring_driver_start(&virtio->ring, device->memory, SIZE, 0);
	virtio->notify = (uint16_t)get(device, COMMON(queue_notify_off));
	set(device, COMMON(queue_size), SIZE);
	set(device, COMMON(queue_msix_vector), NO_VECTOR);
	set_address(device, offsetof(struct virtio_pci_common_cfg, queue_desc_lo),
		    place.descriptors);
	set_address(device, offsetof(struct virtio_pci_common_cfg, queue_avail_lo),
		    place.available);
	set_address(device, offsetof(struct virtio_pci_common_cfg, queue_used_lo), place.used);
	set(device, COMMON(queue_enable), 1);
	set(device, COMMON(device_status), ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
	return 0;
}

static int find(struct dma_device *device)
{
	struct virtio *virtio = arena_new_object(device->session->arena, struct virtio);
	uint8_t bytes[PCI_CFG_SPACE_SIZE];
	struct via_span space = { bytes, sizeof(bytes) };
	int r = session_config_read(device->session, 0, bytes, sizeof(bytes));

	if (r < 0)
		return report_fail(device->report, r, "read of configuration space", NULL);
	virtio->kind = kind_of(device->session->device, space);
	device->state = virtio;
	if (virtio->kind && virtio_places_find(space, &virtio->places))
		return CLIMB_PASS;
	report_hint(device->report, virtio->kind ? "it is a legacy device, which knows no IOMMU"
						 : "nothing is known that could be asked of a "
						   "virtio device of that kind");
	return CLIMB_CANNOT_TELL;
}

static int virtio_start(struct dma_device *device)
{
	int r = find(device);

	if (r != CLIMB_PASS)
		return r;
	r = reset(device);
	if (r == 0)
		r = agree(device);
	if (r == 0)
		r = set_up_queue(device);
	return r < 0 ? report_fail(device->report, r, "the device does not agree", NULL) : r;
}

/* submit - the question, its answer to go to @answer */
static int submit(struct dma_device *device, uint64_t answer)
{
	struct virtio *virtio = device->state;
	const struct virtio_kind *kind = virtio->kind;
	const struct virtio_place *notify = &virtio->places.notify;
	struct ring_buffer buffers[3];
	unsigned int readable = 0, writable = 0;
	int r;

	if (kind->request_bytes)
		buffers[readable++] =
			(struct ring_buffer){ device->iova + REQUEST, kind->request_bytes };
	memcpy(device->memory + REQUEST, kind->request, kind->request_bytes);
	buffers[readable + writable++] = (struct ring_buffer){ answer, kind->answer };
	if (kind->has_status)
		buffers[readable + writable++] = (struct ring_buffer){ device->iova + STATUS, 1 };
	device->memory[STATUS] = DMA_FILL;
	r = ring_driver_add(&virtio->ring, buffers, readable, writable);
	if (r < 0)
		return r;
	ring_driver_publish(&virtio->ring);
	dma_write_sized(device, notify->bar,
			notify->offset + virtio->notify * virtio->places.notify_multiplier,
			kind->queue, sizeof(uint16_t));
	return 0;
}

/* complete - 0 it has answered; -EIO it says that it cannot go on */
static int complete(struct dma_device *device, uint32_t *ret_written)
{
	struct virtio *virtio = device->state;
	double deadline = clock_ms() + DMA_PATIENCE_MS;
	uint16_t head;
	int r;

	while ((r = ring_driver_take(&virtio->ring, &head, ret_written)) == 0) {
		if (get(device, COMMON(device_status)) & NEEDS_RESET)
			return -EIO;
		if (clock_ms() > deadline)
			return -ETIMEDOUT;
		clock_sleep_ms(1);
	}
	return r < 0 ? r : 0;
}

static int ask(struct dma_device *device, size_t place)
{
	const struct virtio_kind *kind = ((struct virtio *)device->state)->kind;
	uint32_t written = 0;
	int r;

	memset(device->memory + place, DMA_FILL, DMA_PAGE);
	r = submit(device, device->iova + place);
	if (r == 0)
		r = complete(device, &written);
	if (r < 0)
		return report_fail(device->report, r, "a request is not answered", NULL);
	if (kind->has_status && device->memory[STATUS] != VIRTIO_BLK_S_OK)
		return report_fail(device->report, -EIO, "a request",
				   "the device answered with status %u", device->memory[STATUS]);
	if (!written || device->memory[place + DMA_PAGE - 1] != DMA_FILL)
		return report_fail(device->report, -EIO, "a request",
				   "it says that it wrote %u bytes", written);
	return 0;
}

static int virtio_move(struct dma_device *device)
{
	const struct virtio_kind *kind = ((struct virtio *)device->state)->kind;
	bool same;
	int r = ask(device, ANSWER);

	if (r == 0)
		r = ask(device, AGAIN);
	if (r < 0)
		return r;
	same = memcmp(device->memory + ANSWER, device->memory + AGAIN, kind->answer) == 0;
	if (same != kind->repeats)
		return report_fail(device->report, -EIO, "two answers",
				   same ? "they are the same, and should not be" : "they differ");
	report_evidence(device->report, "kind", "%s", kind->name);
	report_evidence(device->report, "moved", "%s", kind->moved);
	return CLIMB_PASS;
}

/* A device that finds no memory there says that it needs a reset: it has tried. */
static int virtio_write_to(struct dma_device *device, uint64_t iova)
{
	uint32_t written;
	int r = submit(device, iova);

	if (r == 0)
		r = complete(device, &written);
	return r == -EIO ? 0 : r;
}

/* Without MSI-X it raises the line: the vector is of no meaning then. */
static int virtio_raise(struct dma_device *device)
{
	const struct virtio *virtio = device->state;

	set(device, COMMON(queue_select), virtio->kind->queue);
	set(device, COMMON(queue_msix_vector), 0);
	return submit(device, device->iova + ANSWER);
}

static void virtio_settle(struct dma_device *device)
{
	uint32_t written;

	complete(device, &written);
	set(device, COMMON(queue_msix_vector), NO_VECTOR);
}

static bool virtio_marked(struct dma_device *device)
{
	return get(device, COMMON(device_status)) & DRIVER_OK;
}

static void virtio_stop(struct dma_device *device)
{
	reset(device);
}

const struct dma_class dma_virtio = {
	.name = "virtio",
	.address_bits = 64,
	.claims = virtio_claims,
	.start = virtio_start,
	.move = virtio_move,
	.write_to = virtio_write_to,
	.raise = virtio_raise,
	.settle = virtio_settle,
	.marked = virtio_marked,
	.mark_name = "DRIVER_OK",
	.stop = virtio_stop,
};
