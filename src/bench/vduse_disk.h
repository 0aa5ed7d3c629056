/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <sys/types.h>

#include "bench/measure.h"

/*
 * A disk that a process of ours serves by VDUSE, on the bus vdpa and bound to vhost_vdpa for as
 * long as it takes.
 */
struct vduse_disk {
	char name[64];
	pid_t server;
};

/**
 * vduse_disk_begin - start the process, which makes the device and serves it
 *
 * It takes the device away when it is told to, or when this process ends.
 *
 * Needs:  root, vduse and vhost_vdpa
 * Effect: a device of the bus vdpa; drivers_autoprobe is 0 while it comes
 * Return: 0; -errno of fork()
 */
int vduse_disk_begin(const struct bench_context *context, struct vduse_disk *ret);

/* vduse_disk_failed - whether the process has ended; @ret_code: negative errno of why */
bool vduse_disk_failed(struct vduse_disk *disk, int *ret_code);

/* vduse_disk_end - the device is not open any more: take it away */
void vduse_disk_end(struct vduse_disk *disk);
