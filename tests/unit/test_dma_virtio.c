/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The class virtio, before a function that is played here: its registers, its queue, its memory. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <linux/vfio.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_net.h>
#include <linux/virtio_pci.h>

#include "prove/child.h"
#include "prove/dma_class.h"
#include "ring/device.h"

enum {
	BAR = 4,
	CONFIG = VFIO_PCI_CONFIG_REGION_INDEX,
	NOTIFY = 0x3000,
	MULTIPLIER = 4,
	NOTIFY_OFF = 3,
	QUEUE_SIZE = 64,
	REGIONS = 4,
	NEEDS_RESET = 0x40,
};

#define REGION_OFFSET(index) ((uint64_t)(index) << 40)

static struct {
	int fd, null;
	uint16_t kind, wanted_queue;
	uint8_t space[256];
	struct virtio_pci_common_cfg common;
	uint64_t offered, accepted;
	struct ring_region regions[REGIONS];
	struct ring_memory memory;
	struct ring_device ring;
	struct ring_chain chain;
	bool running;
	unsigned int answered;
	uint8_t number;
} function;

int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);
ssize_t __real_pread64(int fd, void *data, size_t size, off64_t offset);
ssize_t __wrap_pread64(int fd, void *data, size_t size, off64_t offset);
ssize_t __real_pwrite64(int fd, const void *data, size_t size, off64_t offset);
ssize_t __wrap_pwrite64(int fd, const void *data, size_t size, off64_t offset);

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	struct vfio_region_info *region;
	va_list arguments;
	void *argument;

	va_start(arguments, request);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	if (fd != function.fd)
		return __real_ioctl(fd, request, argument);
	assert_int_equal(request, VFIO_DEVICE_GET_REGION_INFO);
	region = argument;
	region->offset = REGION_OFFSET(region->index);
	region->size = region->index == CONFIG ? 256 : region->index == BAR ? 0x4000 : 0;
	return 0;
}

/* What each kind answers, into the part that may be written. */
static uint32_t answer(void)
{
	uint8_t bytes[512], ok = 0;
	size_t size = function.kind == VIRTIO_ID_RNG   ? 256
		      : function.kind == VIRTIO_ID_NET ? 1
						       : 512;

	memset(bytes, function.kind == VIRTIO_ID_RNG ? ++function.number : 0, sizeof(bytes));
	if (function.kind == VIRTIO_ID_BLOCK) {
		struct virtio_blk_outhdr header;

		assert_int_equal(ring_chain_read(&function.chain, 0, &header, sizeof(header)),
				 sizeof(header));
		assert_int_equal(header.type, VIRTIO_BLK_T_IN);
		assert_int_equal(header.sector, 0);
	}
	if (function.kind == VIRTIO_ID_NET) {
		const uint8_t wanted[] = { VIRTIO_NET_CTRL_RX, VIRTIO_NET_CTRL_RX_PROMISC, 0 };

		assert_int_equal(ring_chain_read(&function.chain, 0, bytes, 3), 3);
		assert_memory_equal(bytes, wanted, 3);
		bytes[0] = VIRTIO_NET_OK;
	}
	assert_int_equal(ring_chain_write(&function.chain, 0, bytes, size), size);
	if (function.kind == VIRTIO_ID_BLOCK)
		assert_int_equal(ring_chain_write(&function.chain, size, &ok, 1), 1);
	return function.chain.writable_bytes;
}

static void work(void)
{
	int r;

	if (!function.running)
		return;
	while ((r = ring_device_take(&function.ring, &function.chain)) > 0) {
		ring_device_give(&function.ring, function.chain.head, answer());
		function.answered++;
	}
	if (r < 0)
		function.common.device_status |= NEEDS_RESET;
}

static void start(void)
{
	const struct virtio_pci_common_cfg *common = &function.common;
	const struct ring_place place = {
		.size = common->queue_size,
		.descriptors = (uint64_t)common->queue_desc_hi << 32 | common->queue_desc_lo,
		.available = (uint64_t)common->queue_avail_hi << 32 | common->queue_avail_lo,
		.used = (uint64_t)common->queue_used_hi << 32 | common->queue_used_lo,
	};

	assert_int_equal(common->queue_select, function.wanted_queue);
	assert_int_equal(common->queue_enable, 1);
	assert_int_equal(ring_device_start(&function.ring, &function.memory, &function.memory,
					   &place, function.accepted, 0),
			 0);
	function.running = true;
}

static void reset(void)
{
	memset(&function.common, 0, sizeof(function.common));
	function.common.queue_size = QUEUE_SIZE;
	function.common.queue_notify_off = NOTIFY_OFF;
	function.common.num_queues = 3;
	function.running = false;
}

static void written(size_t offset)
{
	struct virtio_pci_common_cfg *common = &function.common;
	unsigned int shift = 32 * common->guest_feature_select;

	switch (offset) {
	case offsetof(struct virtio_pci_common_cfg, device_feature_select):
		common->device_feature =
			(uint32_t)(function.offered >> 32 * common->device_feature_select);
		break;
	case offsetof(struct virtio_pci_common_cfg, guest_feature):
		function.accepted &= ~(0xffffffffULL << shift);
		function.accepted |= (uint64_t)common->guest_feature << shift;
		break;
	case offsetof(struct virtio_pci_common_cfg, device_status):
		if (!common->device_status)
			reset();
		else if (common->device_status & 4 && !function.running)
			start();
	}
}

ssize_t __wrap_pread64(int fd, void *data, size_t size, off64_t offset)
{
	uint64_t at = (uint64_t)offset & (REGION_OFFSET(1) - 1);

	if (fd != function.fd)
		return __real_pread64(fd, data, size, offset);
	if (offset >= (off64_t)REGION_OFFSET(CONFIG))
		memcpy(data, function.space + at, size);
	else
		memcpy(data, (uint8_t *)&function.common + at, size);
	return (ssize_t)size;
}

ssize_t __wrap_pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
	uint64_t at = (uint64_t)offset & (REGION_OFFSET(1) - 1);

	if (fd != function.fd)
		return __real_pwrite64(fd, data, size, offset);
	if (offset >= (off64_t)REGION_OFFSET(CONFIG)) {
		memcpy(function.space + at, data, size);
	} else if (at >= NOTIFY) {
		assert_int_equal(at, NOTIFY + NOTIFY_OFF * MULTIPLIER);
		assert_int_equal(*(const uint16_t *)data, function.wanted_queue);
		work();
	} else {
		memcpy((uint8_t *)&function.common + at, data, size);
		written(at);
	}
	return (ssize_t)size;
}

static int map(const struct vfio_session *session, void *memory, uint64_t iova, uint64_t size)
{
	assert_true(function.memory.count < REGIONS);
	function.regions[function.memory.count++] =
		(struct ring_region){ iova, size, memory, RING_READ | RING_WRITE };
	return 0;
}

static int unmap(const struct vfio_session *session, uint64_t iova, uint64_t size, uint64_t *ret)
{
	function.memory.count--;
	*ret = size;
	return 0;
}

static const struct vfio_interface interface = { .name = "test", .map = map, .unmap = unmap };

/* A capability of virtio's: registers at @offset of the BAR. */
static void put_capability(uint8_t at, uint8_t next, uint8_t kind, uint32_t offset)
{
	const uint32_t multiplier = MULTIPLIER;

	function.space[at] = 0x09;
	function.space[at + 1] = next;
	function.space[at + 3] = kind;
	function.space[at + 4] = BAR;
	memcpy(function.space + at + 8, &offset, sizeof(offset));
	memcpy(function.space + at + 16, &multiplier, sizeof(multiplier));
}

struct stage {
	struct via_pci_device device;
	struct vfio_session session;
	struct via_report report;
};

static void set_up(struct stage *stage, uint16_t kind, uint64_t features)
{
	memset(&function, 0, sizeof(function));
	function.null = open("/dev/null", O_RDWR | O_CLOEXEC);
	function.fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	function.kind = kind;
	function.wanted_queue = kind == VIRTIO_ID_NET ? 2 : 0;
	function.offered = features;
	function.memory.regions = function.regions;
	function.space[0x34] = 0x40;
	put_capability(0x40, 0x60, VIRTIO_PCI_CAP_COMMON_CFG, 0);
	put_capability(0x60, 0, VIRTIO_PCI_CAP_NOTIFY_CFG, NOTIFY);
	reset();
	*stage = (struct stage){ .report = { .fd = function.null } };
	stage->device.vendor = fact_present(NULL, "1af4", 0x1af4);
	stage->device.device = fact_present(NULL, "", 0x1040U + kind);
	stage->session = (struct vfio_session){ .arena = arena_new(),
						.device = &stage->device,
						.interface = &interface,
						.device_fd = function.fd,
						.config_offset = REGION_OFFSET(CONFIG) };
	*via_list_add(stage->session.arena, &stage->session.limits.ranges) =
		(struct iova_range){ 0, UINT64_MAX >> 16 };
}

static void take_down(struct stage *stage)
{
	arena_free(stage->session.arena);
	close(function.fd);
	close(function.null);
}

static const uint64_t modern = 1ULL << RING_F_VERSION_1 | 1ULL << RING_F_ACCESS_PLATFORM |
			       1ULL << VIRTIO_NET_F_CTRL_VQ | 1ULL << VIRTIO_NET_F_CTRL_RX;

static void each_kind_moves_data(void **state)
{
	static const uint16_t known[] = { VIRTIO_ID_RNG, VIRTIO_ID_BLOCK, VIRTIO_ID_NET };

	for (size_t i = 0; i < VIA_COUNT(known); i++) {
		const struct dma_class *class;
		struct stage stage;

		set_up(&stage, known[i], modern);
		class = dma_class_of(&stage.device);
		assert_string_equal(class->name, "virtio");
		assert_int_equal(dma_device_start(&stage.session, &stage.report), CLIMB_PASS);
		for (int round = 0; round < 20; round++) /* more than the ring has entries */
			assert_int_equal(class->move(stage.session.driven), CLIMB_PASS);
		assert_int_equal(function.answered, 40);
		assert_true(class->marked(stage.session.driven));
		class->stop(stage.session.driven);
		assert_false(class->marked(stage.session.driven));
		take_down(&stage);
	}
}

static void a_stray_write_is_tried_and_is_no_answer(void **state)
{
	static uint8_t page[DMA_PAGE];
	const struct dma_class *class = &dma_virtio;
	struct dma_device *device;
	struct stage stage;
	uint64_t unmapped;

	set_up(&stage, VIRTIO_ID_BLOCK, modern);
	assert_int_equal(dma_device_start(&stage.session, &stage.report), CLIMB_PASS);
	device = stage.session.driven;
	memset(page, DMA_FILL, sizeof(page));
	map(&stage.session, page, device->iova + DMA_TRIAL, DMA_PAGE);
	assert_int_equal(class->write_to(device, device->iova + DMA_TRIAL), 0);
	assert_int_not_equal(page[0], DMA_FILL);
	unmap(&stage.session, device->iova + DMA_TRIAL, DMA_PAGE, &unmapped);
	memset(page, DMA_FILL, sizeof(page));
	assert_int_equal(class->write_to(device, device->iova + DMA_TRIAL), 0);
	assert_int_equal(page[0], DMA_FILL);
	/* it needs a reset now, and works after one */
	device->started = false;
	assert_int_equal(dma_device_start(&stage.session, &stage.report), CLIMB_PASS);
	assert_int_equal(class->move(device), CLIMB_PASS);
	take_down(&stage);
}

static void what_goes_past_the_iommu_is_not_tried(void **state)
{
	struct stage stage;

	set_up(&stage, VIRTIO_ID_RNG, modern & ~(1ULL << RING_F_ACCESS_PLATFORM));
	assert_int_equal(dma_device_start(&stage.session, &stage.report), CLIMB_CANNOT_TELL);
	assert_false(function.running);
	take_down(&stage);
	set_up(&stage, VIRTIO_ID_CONSOLE, modern);
	assert_int_equal(dma_device_start(&stage.session, &stage.report), CLIMB_CANNOT_TELL);
	take_down(&stage);
}

static void it_raises_its_interrupt(void **state)
{
	struct stage stage;

	set_up(&stage, VIRTIO_ID_RNG, modern);
	assert_int_equal(dma_device_start(&stage.session, &stage.report), CLIMB_PASS);
	assert_int_equal(function.common.queue_msix_vector, 0xffff);
	assert_int_equal(dma_virtio.raise(stage.session.driven), 0);
	assert_int_equal(function.common.queue_msix_vector, 0);
	assert_int_equal(function.answered, 1);
	dma_virtio.settle(stage.session.driven);
	assert_int_equal(dma_virtio.move(stage.session.driven), CLIMB_PASS);
	take_down(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_moves_data),
		cmocka_unit_test(a_stray_write_is_tried_and_is_no_answer),
		cmocka_unit_test(what_goes_past_the_iommu_is_not_tried),
		cmocka_unit_test(it_raises_its_interrupt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
