/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The server of a VDUSE disk between a kernel that is played here, and a driver. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <linux/vduse.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_config.h>

#include "ring/driver.h"
#include "vduse/serve.h"

enum {
	SIZE = 16,
	MEMORY = 0x20000,
	BASE = 0x100000, /* of the driver's addresses */
	HEADER = 0x10000,
	DATA = 0x11000,
	STATUS = 0x12000,
	SECTORS = 8,
	WAIT_MS = 5000,
	STARTED = VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER |
		  VIRTIO_CONFIG_S_FEATURES_OK | VIRTIO_CONFIG_S_DRIVER_OK,
};

/* The kernel's side; the server's thread finds it by the descriptor it was given. */
static struct {
	int device, ours; /* two ends of one socket */
	int memory, call, kick;
	bool mapped;
	uint64_t features;
	uint16_t next;
	uint8_t *bytes;
	struct ring_driver ring;
	struct disk disk;
	pthread_t thread;
	int result;
	uint32_t request_id;
} kernel;

int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);

static int fail_with(int code)
{
	errno = code;
	return -1;
}

static int hand_out(struct vduse_iotlb_entry *entry)
{
	if (!__atomic_load_n(&kernel.mapped, __ATOMIC_SEQ_CST))
		return fail_with(ENOENT);
	*entry = (struct vduse_iotlb_entry){ .start = BASE,
					     .last = BASE + MEMORY - 1,
					     .perm = VDUSE_ACCESS_RW };
	return fcntl(kernel.memory, F_DUPFD_CLOEXEC, 0);
}

static void tell_queue(struct vduse_vq_info *info)
{
	struct ring_place place = ring_place_from(BASE, SIZE);

	*info = (struct vduse_vq_info){ .num = SIZE,
					.desc_addr = place.descriptors,
					.driver_addr = place.available,
					.device_addr = place.used,
					.split.avail_index = kernel.next,
					.ready = 1 };
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, request);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	if (fd != kernel.device)
		return __real_ioctl(fd, request, argument);
	switch (request) {
	case VDUSE_DEV_GET_FEATURES:
		*(uint64_t *)argument = kernel.features;
		return 0;
	case VDUSE_VQ_GET_INFO:
		tell_queue(argument);
		return 0;
	case VDUSE_VQ_SETUP_KICKFD:
		__atomic_store_n(&kernel.kick, ((struct vduse_vq_eventfd *)argument)->fd,
				 __ATOMIC_SEQ_CST);
		return 0;
	case VDUSE_IOTLB_GET_FD:
		return hand_out(argument);
	case VDUSE_VQ_INJECT_IRQ:
		return eventfd_write(kernel.call, 1);
	default:
		return fail_with(ENOTTY);
	}
}

static int nothing(void *context, bool insist)
{
	return 0;
}

static void *be_server(void *context)
{
	static const struct via_serve_road road = { .detach = nothing };

	kernel.result = serve_disk(kernel.device, &kernel.disk, false, &road);
	return NULL;
}

/* ask - a message of the kernel's, and the server's answer to it */
static uint32_t ask(struct vduse_dev_request *request, struct vduse_dev_response *ret)
{
	struct pollfd news = { .fd = kernel.ours, .events = POLLIN };

	request->request_id = ++kernel.request_id;
	assert_int_equal(write(kernel.ours, request, sizeof(*request)), sizeof(*request));
	assert_int_equal(poll(&news, 1, WAIT_MS), 1);
	assert_int_equal(read(kernel.ours, ret, sizeof(*ret)), sizeof(*ret));
	assert_int_equal(ret->request_id, kernel.request_id);
	return ret->result;
}

static void set_status(uint8_t status)
{
	struct vduse_dev_request request = { .type = VDUSE_SET_STATUS, .s.status = status };
	struct vduse_dev_response response;

	assert_int_equal(ask(&request, &response), VDUSE_REQ_RESULT_OK);
}

static void change_memory(bool mapped)
{
	struct vduse_dev_request request = { .type = VDUSE_UPDATE_IOTLB, .iova.last = UINT64_MAX };
	struct vduse_dev_response response;

	__atomic_store_n(&kernel.mapped, mapped, __ATOMIC_SEQ_CST);
	assert_int_equal(ask(&request, &response), VDUSE_REQ_RESULT_OK);
}

static int begin(void **state)
{
	const struct itimerval limit = { .it_value.tv_sec = 60 };
	char path[] = "/tmp/viaduct-disk.XXXXXX", sector[DISK_SECTOR];
	int fd = mkstemp(path), sockets[2];
	sigset_t set;

	setitimer(ITIMER_REAL, &limit, NULL);
	for (int i = 0; i < SECTORS; i++) {
		memset(sector, '0' + i, sizeof(sector));
		assert_int_equal(write(fd, sector, sizeof(sector)), sizeof(sector));
	}
	assert_int_equal(disk_open(&kernel.disk, path, false, "", NULL), 0);
	close(fd);
	unlink(path);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
	kernel.device = sockets[0];
	kernel.ours = sockets[1];
	fcntl(kernel.device, F_SETFL, O_NONBLOCK);
	kernel.memory = memfd_create("driver", MFD_CLOEXEC);
	assert_int_equal(ftruncate(kernel.memory, MEMORY), 0);
	kernel.bytes = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, kernel.memory, 0);
	kernel.call = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	kernel.features = 1ULL << RING_F_VERSION_1 | 1ULL << VIRTIO_BLK_F_FLUSH;
	kernel.mapped = true;
	kernel.next = 0;
	ring_driver_start(&kernel.ring, kernel.bytes, SIZE, kernel.features);
	/* taken by the server's own descriptor: no thread may die of them */
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	return pthread_create(&kernel.thread, NULL, be_server, NULL);
}

static int end(void **state)
{
	kill(getpid(), SIGTERM);
	pthread_join(kernel.thread, NULL);
	assert_int_equal(kernel.result, 0);
	munmap(kernel.bytes, MEMORY);
	close(kernel.memory);
	close(kernel.call);
	close(kernel.ours);
	close(kernel.device);
	disk_close(&kernel.disk);
	return 0;
}

/* offer - a sector to be read, and a kick for it */
static void offer(uint64_t sector)
{
	const struct virtio_blk_outhdr header = { .type = VIRTIO_BLK_T_IN, .sector = sector };
	const struct ring_buffer buffers[] = { { BASE + HEADER, sizeof(header) },
					       { BASE + DATA, DISK_SECTOR },
					       { BASE + STATUS, 1 } };

	memcpy(kernel.bytes + HEADER, &header, sizeof(header));
	memset(kernel.bytes + DATA, 0, DISK_SECTOR);
	kernel.bytes[STATUS] = 0xff;
	assert_true(ring_driver_add(&kernel.ring, buffers, 1, 2) >= 0);
	if (ring_driver_publish(&kernel.ring))
		eventfd_write(__atomic_load_n(&kernel.kick, __ATOMIC_SEQ_CST), 1);
}

/* await - asleep, as a driver is; whether an answer came within that time */
static bool await(int ms)
{
	struct pollfd woken = { .fd = kernel.call, .events = POLLIN };
	uint32_t written;
	eventfd_t count;
	uint16_t head;

	while (ring_driver_take(&kernel.ring, &head, &written) == 0) {
		if (ring_driver_want_interrupts(&kernel.ring, true))
			continue;
		if (poll(&woken, 1, ms) != 1)
			return false;
		eventfd_read(kernel.call, &count);
	}
	return true;
}

static void read_sector(uint64_t sector)
{
	offer(sector);
	assert_true(await(WAIT_MS));
	assert_int_equal(kernel.bytes[STATUS], VIRTIO_BLK_S_OK);
	assert_int_equal(kernel.bytes[DATA], '0' + (int)sector);
	assert_int_equal(kernel.bytes[DATA + DISK_SECTOR - 1], '0' + (int)sector);
}

static void requests_are_answered(void **state)
{
	struct vduse_dev_request request = { .type = VDUSE_GET_VQ_STATE };
	struct vduse_dev_response response;

	set_status(STARTED);
	for (unsigned int i = 0; i < 70000; i++) /* around the index's end */
		read_sector(i % SECTORS);
	assert_int_equal(ask(&request, &response), VDUSE_REQ_RESULT_OK);
	assert_int_equal(response.vq_state.split.avail_index, 70000 & 0xffff);
}

/* A monitor may map the driver's memory after the device has been started. */
static void memory_may_come_late(void **state)
{
	change_memory(false);
	set_status(STARTED);
	offer(3);
	assert_false(await(200));
	change_memory(true);
	assert_true(await(WAIT_MS));
	assert_int_equal(kernel.bytes[DATA], '3');
	read_sector(4);
}

static void memory_may_be_away_for_a_moment(void **state)
{
	set_status(STARTED);
	for (unsigned int i = 0; i < 100; i++) {
		read_sector(i % SECTORS);
		change_memory(false);
		offer(i % SECTORS);
		change_memory(true);
		assert_true(await(WAIT_MS));
		assert_int_equal(kernel.bytes[DATA], '0' + (int)(i % SECTORS));
	}
}

static void a_ring_that_is_broken_stands_still_until_reset(void **state)
{
	set_status(STARTED);
	read_sector(1);
	kernel.ring.available->ring[kernel.ring.next_available & (SIZE - 1)] = SIZE;
	kernel.ring.available->index++;
	eventfd_write(kernel.kick, 1);
	assert_false(await(200));
	set_status(0);
	memset(kernel.bytes, 0, MEMORY);
	ring_driver_start(&kernel.ring, kernel.bytes, SIZE, kernel.features);
	set_status(STARTED);
	read_sector(2);
}

static void features_that_are_too_old_are_refused(void **state)
{
	struct vduse_dev_request request = { .type = VDUSE_SET_STATUS,
					     .s.status = VIRTIO_CONFIG_S_FEATURES_OK };
	struct vduse_dev_response response;

	kernel.features = 0;
	assert_int_equal(ask(&request, &response), VDUSE_REQ_RESULT_FAILED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(requests_are_answered, begin, end),
		cmocka_unit_test_setup_teardown(memory_may_come_late, begin, end),
		cmocka_unit_test_setup_teardown(memory_may_be_away_for_a_moment, begin, end),
		cmocka_unit_test_setup_teardown(a_ring_that_is_broken_stands_still_until_reset,
						begin, end),
		cmocka_unit_test_setup_teardown(features_that_are_too_old_are_refused, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
