/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vduse/device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vduse.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"

static const char control_path[] = "/dev/vduse/control";

bool vduse_name_valid(const char *name)
{
	return *name && strlen(name) < 64 && *name != '.' && strcmp(name, "control") != 0 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
		       strlen(name);
}

int vduse_create(const struct via_vduse_wish *wish)
{
	_Alignas(struct vduse_dev_config)
		uint8_t room[sizeof(struct vduse_dev_config) + VDUSE_CONFIG_MAX] = { 0 };
	struct vduse_dev_config *config = (struct vduse_dev_config *)(void *)room;
	_cleanup_close_ int control = open(control_path, O_RDWR | O_CLOEXEC);
	uint64_t version = VDUSE_API_VERSION;

	if (control < 0)
		return -errno;
	if (ioctl(control, VDUSE_SET_API_VERSION, &version) < 0)
		return -errno;
	snprintf(config->name, sizeof(config->name), "%s", wish->name);
	config->device_id = wish->device_id;
	config->features = wish->features;
	config->vq_num = wish->queues;
	config->vq_align = (uint32_t)sysconf(_SC_PAGESIZE);
	config->config_size = (uint32_t)wish->config_size;
	memcpy(config->config, wish->config, wish->config_size);
	return ioctl(control, VDUSE_CREATE_DEV, config) < 0 ? -errno : 0;
}

int vduse_open(const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/dev/vduse/%s", name);
	fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

int vduse_set_up(int device, uint32_t queues, uint16_t size)
{
	for (uint32_t i = 0; i < queues; i++) {
		struct vduse_vq_config config = { .index = i, .max_size = size };

		if (ioctl(device, VDUSE_VQ_SETUP, &config) < 0)
			return -errno;
	}
	return 0;
}

/* The kernel says EINVAL of a name that it does not know. */
int vduse_destroy(const char *name)
{
	_cleanup_close_ int control = open(control_path, O_RDWR | O_CLOEXEC);
	char text[VDUSE_NAME_MAX] = "";

	if (control < 0)
		return -errno;
	snprintf(text, sizeof(text), "%s", name);
	if (ioctl(control, VDUSE_DESTROY_DEV, text) < 0)
		return errno == EINVAL ? -ENODEV : -errno;
	return 0;
}
