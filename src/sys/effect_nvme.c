/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/effect_live.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "base/cleanup.h"
#include "base/span.h"
#include "sys/watch.h"

/* NVM Express base specification 2.0: 5.17.2.15 and figure 287; 5.26 and figure 351. */
enum {
	ADMIN_IDENTIFY = 0x06,
	ADMIN_VIRTUALIZATION = 0x1c,
	IDENTIFY_SECONDARY_LIST = 0x15,
	IDENTIFY_BYTES = 4096,
	SECONDARY_ENTRY_BYTES = 32,
	SECONDARY_ENTRIES = 127,
	ACT_OFFLINE = 7,
	ACT_ASSIGN = 8,
	ACT_ONLINE = 9,
	RESOURCE_QUEUES = 0,
	RESOURCE_INTERRUPTS = 1,
};

/* An entry of the secondary controller list. */
struct secondary {
	uint16_t id;
	struct via_nvme_secondary setting;
};

/* ioctl gives 0, a positive NVMe status, or -1. */
static int admin(int fd, struct nvme_admin_cmd *command)
{
	int status = ioctl(fd, NVME_IOCTL_ADMIN_CMD, command);

	if (status < 0)
		return -errno;
	return status == 0 ? 0 : -EIO;
}

static bool entry_at(struct via_span list, unsigned int index, unsigned int function,
		     struct secondary *ret)
{
	size_t at = (size_t)SECONDARY_ENTRY_BYTES * (index + 1);
	uint16_t vf, queues, interrupts;
	uint8_t state;

	if (!span_u8(list, at + 4, &state) || !span_u16(list, at + 8, &vf) ||
	    !span_u16(list, at + 10, &queues) || !span_u16(list, at + 12, &interrupts))
		return false;
	if (vf != function || !span_u16(list, at, &ret->id))
		return false;
	ret->setting = (struct via_nvme_secondary){ .online = state & 1,
						    .queues = queues,
						    .interrupts = interrupts };
	return true;
}

static int find_secondary(int fd, unsigned int function, struct secondary *ret)
{
	uint8_t data[IDENTIFY_BYTES] = { 0 };
	struct nvme_admin_cmd command = {
		.opcode = ADMIN_IDENTIFY,
		.addr = (uint64_t)(uintptr_t)data,
		.data_len = sizeof(data),
		.cdw10 = IDENTIFY_SECONDARY_LIST,
	};
	struct via_span list = { .data = data, .size = sizeof(data) };
	int r = admin(fd, &command);

	if (r < 0)
		return r;
	for (unsigned int i = 0; i < data[0] && i < SECONDARY_ENTRIES; i++)
		if (entry_at(list, i, function, ret))
			return 0;
	return -ENODEV;
}

static int manage(int fd, uint16_t id, unsigned int act, unsigned int resource, unsigned int count)
{
	struct nvme_admin_cmd command = {
		.opcode = ADMIN_VIRTUALIZATION,
		.cdw10 = (uint32_t)id << 16 | resource << 8 | act,
		.cdw11 = count & 0xffff,
	};

	return admin(fd, &command);
}

static int open_controller(const struct via_root *root, const char *controller)
{
	char path[64];
	unsigned int number;
	int end = 0;

	if (sscanf(controller, "nvme%u%n", &number, &end) != 1 || controller[end])
		return -EINVAL;
	snprintf(path, sizeof(path), "dev/nvme%u", number);
	return root_openat(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

int live_nvme_get(void *context, const char *controller, unsigned int function,
		  struct via_nvme_secondary *ret)
{
	_cleanup_close_ int fd = open_controller(context, controller);
	struct secondary secondary;
	int r;

	if (fd < 0)
		return fd;
	r = find_secondary(fd, function, &secondary);
	if (r == 0)
		*ret = secondary.setting;
	return r;
}

struct secondary_request {
	void *context;
	int fd;
	uint16_t id;
	bool online;
	const char *address;
	const struct via_nvme_secondary *wanted;
};

/* Resources of a controller change only while it is offline, and count from its reset on. */
static int arrange(void *argument)
{
	const struct secondary_request *request = argument;
	const struct via_nvme_secondary *wanted = request->wanted;
	char reset[96];
	int r = 0;

	if (request->online)
		r = manage(request->fd, request->id, ACT_OFFLINE, 0, 0);
	if (r == 0)
		r = manage(request->fd, request->id, ACT_ASSIGN, RESOURCE_QUEUES, wanted->queues);
	if (r == 0)
		r = manage(request->fd, request->id, ACT_ASSIGN, RESOURCE_INTERRUPTS,
			   wanted->interrupts);
	if (r < 0 || !wanted->online)
		return r;
	snprintf(reset, sizeof(reset), "sys/bus/pci/devices/%s/reset", request->address);
	r = live_write(request->context, reset, "1");
	return r < 0 ? r : manage(request->fd, request->id, ACT_ONLINE, 0, 0);
}

int live_nvme_set(void *context, const char *controller, unsigned int function,
		  const char *function_address, const struct via_nvme_secondary *wanted)
{
	_cleanup_close_ int fd = open_controller(context, controller);
	struct secondary secondary;
	struct secondary_request request;
	int r;

	if (fd < 0)
		return fd;
	r = find_secondary(fd, function, &secondary);
	if (r < 0)
		return r;
	request = (struct secondary_request){
		.context = context,
		.fd = fd,
		.id = secondary.id,
		.online = secondary.setting.online,
		.address = function_address,
		.wanted = wanted,
	};
	return watch_call(arrange, &request, EFFECT_LIMIT_MS);
}
