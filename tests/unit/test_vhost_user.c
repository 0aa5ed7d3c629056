/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <linux/virtio_blk.h>

#include "serve/disk.h"
#include "serve/vhost_user_back.h"
#include "serve/vhost_user_front.h"

enum { RING_SIZE = 16, WAIT_MS = 10000, ROOM = 0x4000 };

/* A back end in a thread: a disk whose sectors hold their numbers. */
struct back {
	struct disk block;
	uint8_t config[DISK_CONFIG_BYTES];
	struct vhost_user_device device;
	struct vhost_user_session session;
	int sockets[2], result;
	pthread_t thread;
};

static struct back back;

static uint32_t serve(void *context, struct ring_chain *chain)
{
	return disk_serve(context, chain);
}

static void *be_back_end(void *context)
{
	session_begin(&back.session, &back.device);
	back.result = session_run(&back.session, back.sockets[1], -1);
	session_end(&back.session);
	shutdown(back.sockets[1], SHUT_RDWR);
	return NULL;
}

static void open_disk(void)
{
	char path[] = "/tmp/viaduct-disk.XXXXXX";
	int fd = mkstemp(path);
	char sector[DISK_SECTOR];

	assert_true(fd >= 0);
	for (int i = 0; i < 8; i++) {
		memset(sector, '0' + i, sizeof(sector));
		assert_int_equal(write(fd, sector, sizeof(sector)), sizeof(sector));
	}
	close(fd);
	assert_int_equal(disk_open(&back.block, path, false, "viaduct", NULL), 0);
	unlink(path);
}

static int begin(void **state)
{
	memset(&back, 0, sizeof(back));
	open_disk();
	disk_config(&back.block, 1, DISK_SEGMENTS, back.config);
	back.device = (struct vhost_user_device){
		.features = disk_features(&back.block),
		.queues = 2,
		.config = back.config,
		.config_size = sizeof(back.config),
		.serve = serve,
		.context = &back.block,
	};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, back.sockets) < 0)
		return -1;
	return pthread_create(&back.thread, NULL, be_back_end, NULL);
}

/* finish - the front end leaves; the result of the back end must be that */
static void finish(int expected)
{
	shutdown(back.sockets[0], SHUT_WR);
	pthread_join(back.thread, NULL);
	assert_int_equal(back.result, expected);
}

static int end(void **state)
{
	close(back.sockets[0]);
	close(back.sockets[1]);
	disk_close(&back.block);
	return 0;
}

static uint8_t *data_of(struct vhost_user_front *front, size_t offset)
{
	return front->memory + front->data + offset;
}

/* request - one sector; returns the status */
static int request(struct vhost_user_front *front, uint32_t type, uint64_t sector)
{
	struct virtio_blk_outhdr header = { .type = type, .sector = sector };
	struct ring_buffer buffers[] = { { front->data, sizeof(header) },
					 { front->data + 0x1000, DISK_SECTOR },
					 { front->data + 0x2000, 1 } };
	unsigned int readable = type == VIRTIO_BLK_T_OUT ? 2 : 1;
	uint16_t head;
	uint32_t written;

	memcpy(data_of(front, 0), &header, sizeof(header));
	*data_of(front, 0x2000) = 0xff;
	assert_true(ring_driver_add(&front->ring, buffers, readable, 3 - readable) >= 0);
	if (ring_driver_publish(&front->ring))
		assert_int_equal(front_kick(front), 0);
	while (ring_driver_take(&front->ring, &head, &written) == 0)
		if (!ring_driver_want_interrupts(&front->ring, true))
			assert_int_equal(front_wait(front, WAIT_MS), 0);
	return *data_of(front, 0x2000);
}

static void a_disk_is_read_and_written(void **state)
{
	static const uint64_t features[] = { 0,
					     1ULL << RING_F_VERSION_1 | 1ULL << RING_F_EVENT_IDX };
	struct vhost_user_front front;

	for (size_t i = 0; i < VIA_COUNT(features); i++) {
		assert_int_equal(front_open(&front, back.sockets[0], features[i], RING_SIZE, ROOM),
				 0);
		for (int sector = 0; sector < 100; sector++) {
			assert_int_equal(request(&front, VIRTIO_BLK_T_IN, sector % 7), 0);
			assert_int_equal(*data_of(&front, 0x1000 + sector), '0' + sector % 7);
		}
		memset(data_of(&front, 0x1000), 'x', DISK_SECTOR);
		assert_int_equal(request(&front, VIRTIO_BLK_T_OUT, 7), 0);
		memset(data_of(&front, 0x1000), 0, DISK_SECTOR);
		assert_int_equal(request(&front, VIRTIO_BLK_T_IN, 7), 0);
		assert_int_equal(*data_of(&front, 0x1000 + 511), 'x');
		front_close(&front);
		/* as a front end does that begins anew */
		assert_int_equal(
			message_send(back.sockets[0],
				     &(struct vhost_user_message){
					     .header = { VHOST_USER_GET_VRING_BASE, 1, 8 } }),
			0);
		assert_int_equal(
			message_receive(back.sockets[0], &(struct vhost_user_message){ 0 }), 1);
	}
	finish(0);
}

static struct vhost_user_message ask_config(uint32_t offset, uint32_t size)
{
	struct vhost_user_message message = {
		.header = { VHOST_USER_GET_CONFIG, VHOST_USER_VERSION, 12 + size },
		.config = { .offset = offset, .size = size },
	};

	if (message.header.size > sizeof(message.config))
		message.header.size = sizeof(message.config);
	assert_int_equal(message_send(back.sockets[0], &message), 0);
	assert_int_equal(message_receive(back.sockets[0], &message), 1);
	return message;
}

static void configuration_is_told(void **state)
{
	struct vhost_user_message message = ask_config(0, 8);

	assert_int_equal(message.header.size, 20);
	assert_int_equal(message.config.bytes[0], 8); /* sectors */
	assert_int_equal(ask_config(DISK_CONFIG_BYTES - 4, 256).header.size, 268);
	assert_int_equal(ask_config(DISK_CONFIG_BYTES + 1, 4).header.size, 0);
	assert_int_equal(ask_config(0, 257).header.size, 0);
	assert_int_equal(ask_config(UINT32_MAX, 8).header.size, 0);
	finish(0);
}

/* ---- what a hostile front end may do ---- */

static unsigned int open_descriptors(void)
{
	_cleanup_closedir_ DIR *directory = opendir("/proc/self/fd");
	unsigned int count = 0;

	while (directory && readdir(directory))
		count++;
	return count;
}

/* tell - with acknowledgement, once it is agreed on; returns the answer */
static uint64_t tell(struct vhost_user_message message)
{
	message.header.flags = VHOST_USER_VERSION | VHOST_USER_NEED_REPLY;
	assert_int_equal(message_send(back.sockets[0], &message), 0);
	assert_int_equal(message_receive(back.sockets[0], &message), 1);
	assert_int_equal(message.header.size, 8);
	message_drop(&message);
	return message.number;
}

static void agree_to_acknowledge(void)
{
	struct vhost_user_message message = {
		.header = { VHOST_USER_SET_PROTOCOL_FEATURES, VHOST_USER_VERSION, 8 },
		.number = 1ULL << VHOST_USER_PROTOCOL_REPLY_ACK,
	};

	assert_int_equal(message_send(back.sockets[0], &message), 0);
}

static void bad_memory_is_refused(void **state)
{
	enum { SIZE = 0x10000 };
	static const struct {
		uint32_t count;
		unsigned int fds;
		struct vhost_user_region first, second;
		bool good;
	} cases[] = {
		{ 1, 1, { 0, SIZE, 0, 0 }, .good = true },
		{ 2, 2, { 0, SIZE, 0, 0 }, { SIZE, SIZE, SIZE, 0 }, .good = true },
		{ 0, 0 },
		{ 1, 0, { 0, SIZE, 0, 0 } },
		{ 9, 1, { 0, SIZE, 0, 0 } },
		{ UINT32_MAX, 1, { 0, SIZE, 0, 0 } },
		{ 1, 1, { 0, 0, 0, 0 } },
		{ 1, 1, { 0, SIZE + 1, 0, 0 } },
		{ 1, 1, { 0, SIZE, 0, 1 } },
		{ 1, 1, { 0, SIZE, 0, UINT64_MAX } },
		{ 1, 1, { 0, UINT64_MAX, 0, 0 } },
		{ 1, 1, { UINT64_MAX, SIZE, 0, 0 } },
		{ 1, 1, { 0, SIZE, UINT64_MAX, 0 } },
		{ 2, 2, { 0, SIZE, 0, 0 }, { SIZE - 1, SIZE, SIZE, 0 } },
		{ 2, 2, { 0, SIZE, 0, 0 }, { SIZE, SIZE, 1, 0 } },
	};
	_cleanup_close_ int fd = memfd_create("memory", MFD_CLOEXEC);

	assert_int_equal(ftruncate(fd, SIZE), 0);
	agree_to_acknowledge();
	for (size_t i = 0; i < VIA_COUNT(cases); i++) {
		struct vhost_user_message message = {
			.header = { VHOST_USER_SET_MEM_TABLE, 0, sizeof(message.memory) },
			.memory = { .count = cases[i].count,
				    .regions = { cases[i].first, cases[i].second } },
			.fds = { fd, fd },
			.fd_count = cases[i].fds,
		};
		unsigned int before = open_descriptors();

		assert_int_equal(tell(message), !cases[i].good);
		assert_int_equal(open_descriptors(), before);
	}
	finish(0);
}

static void senseless_settings_are_refused(void **state)
{
	static const struct {
		uint32_t request;
		uint32_t index, number;
	} cases[] = {
		{ VHOST_USER_SET_VRING_NUM, 2, 16 },
		{ VHOST_USER_SET_VRING_NUM, UINT32_MAX, 16 },
		{ VHOST_USER_SET_VRING_NUM, 0, 0 },
		{ VHOST_USER_SET_VRING_NUM, 0, 17 },
		{ VHOST_USER_SET_VRING_NUM, 0, 65536 },
		{ VHOST_USER_SET_VRING_BASE, 0, 65536 },
		{ VHOST_USER_SET_VRING_ENABLE, 9, 1 },
		{ VHOST_USER_SET_VRING_KICK, 7, 0 },
		{ VHOST_USER_SET_VRING_KICK, 0, 0 }, /* no descriptor, and not where the ring is */
		{ VHOST_USER_SET_VRING_CALL, 0, 0 },
		{ VHOST_USER_SET_VRING_KICK, VHOST_USER_NO_FD, 0 },
		{ VHOST_USER_SET_FEATURES, 0, UINT32_MAX },
		{ VHOST_USER_SET_PROTOCOL_FEATURES, UINT32_MAX, UINT32_MAX },
		{ 23, 0, 0 },
		{ UINT32_MAX, 0, 0 },
	};

	agree_to_acknowledge();
	for (size_t i = 0; i < VIA_COUNT(cases); i++)
		assert_int_equal(tell((struct vhost_user_message){
					 .header = { cases[i].request, 0, 8 },
					 .state = { cases[i].index, cases[i].number } }),
				 1);
	finish(0);
}

static void what_is_no_message_ends_it(void **state)
{
	static const struct vhost_user_header headers[] = {
		{ VHOST_USER_GET_FEATURES, 0, 0 }, /* of no version */
		{ VHOST_USER_GET_FEATURES, VHOST_USER_VERSION, UINT32_MAX },
		{ VHOST_USER_GET_FEATURES, VHOST_USER_VERSION, 4096 },
		{ VHOST_USER_GET_FEATURES, VHOST_USER_VERSION, 8 }, /* and then nothing */
		{ 99, VHOST_USER_VERSION, 0 },
		{ VHOST_USER_SET_VRING_NUM, VHOST_USER_VERSION, 0 },
	};

	finish(0);
	for (size_t i = 0; i < VIA_COUNT(headers); i++) {
		end(state);
		assert_int_equal(begin(state), 0);
		assert_int_equal(send(back.sockets[0], &headers[i], sizeof(headers[i]), 0),
				 sizeof(headers[i]));
		finish(-EPROTO);
	}
}

static void a_ring_that_is_broken_is_told(void **state)
{
	struct vhost_user_front front;
	_cleanup_close_ int error = eventfd(0, EFD_CLOEXEC);
	struct vhost_user_message message = {
		.header = { VHOST_USER_SET_VRING_ERR, VHOST_USER_VERSION, 8 },
		.fds = { error },
		.fd_count = 1,
	};
	struct pollfd told = { .fd = error, .events = POLLIN };
	eventfd_t count;

	/* before it may be needed: the rings are looked at after each message */
	assert_int_equal(message_send(back.sockets[0], &message), 0);
	assert_int_equal(front_open(&front, back.sockets[0], 0, RING_SIZE, ROOM), 0);
	front.ring.available->ring[0] = RING_SIZE;
	__atomic_store_n(&front.ring.available->index, 1, __ATOMIC_RELEASE);
	assert_int_equal(front_kick(&front), 0);
	assert_int_equal(poll(&told, 1, WAIT_MS), 1);
	assert_int_equal(eventfd_read(error, &count), 0);
	front_close(&front);
	finish(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_disk_is_read_and_written, begin, end),
		cmocka_unit_test_setup_teardown(configuration_is_told, begin, end),
		cmocka_unit_test_setup_teardown(bad_memory_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(senseless_settings_are_refused, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_message_ends_it, begin, end),
		cmocka_unit_test_setup_teardown(a_ring_that_is_broken_is_told, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
