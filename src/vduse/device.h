/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * VDUSE: a device of the bus vdpa whose work a process does.
 * Source: include/uapi/linux/vduse.h, Documentation/userspace-api/vduse.rst; Linux 5.15
 */

enum { VDUSE_CONFIG_MAX = 256 };

/* A device to be created. */
struct via_vduse_wish {
	const char *name;
	uint32_t device_id; /* virtio id: 2, a disk */
	uint64_t features;
	uint32_t queues;
	uint8_t config[VDUSE_CONFIG_MAX];
	size_t config_size;
};

/* vduse_name_valid - a name that is one file's, and that the class has not taken */
bool vduse_name_valid(const char *name);

/**
 * vduse_create - make the device; nobody sees it before it is on the bus vdpa
 * Needs:  root, the module vduse
 * Return: 0; -EEXIST; -EINVAL what this kernel does not allow; -ENOENT no vduse
 */
int vduse_create(const struct via_vduse_wish *wish);

/**
 * vduse_open - be the one who serves it
 * Return: a descriptor; -EBUSY somebody serves it; -ENODEV, -ENOENT there is none
 */
int vduse_open(const char *name);

/* vduse_set_up - say how large each queue may be. Return: 0; negative errno */
int vduse_set_up(int device, uint32_t queues, uint16_t size);

/* vduse_destroy - Return: 0; -EBUSY it is still on the bus, or served; -ENODEV */
int vduse_destroy(const char *name);
