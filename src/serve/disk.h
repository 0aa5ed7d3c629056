/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "ring/device.h"

/*
 * A virtio block device whose disk is a file. How its requests come here (vhost-user, VDUSE)
 * is somebody else's business.
 *
 * Source: Virtual I/O Device (VIRTIO) Version 1.2, 5.2
 */
struct disk {
	int fd;
	uint64_t sectors; /* of 512 bytes */
	bool read_only;
	bool write_back; /* the driver knows how to flush; else each write is on disk before it is
			    told */
	bool failing;	 /* every request is answered with an error */
	char serial[21]; /* as the driver shows it */
};

enum { DISK_SECTOR = 512, DISK_SEGMENTS = 254, DISK_CONFIG_BYTES = 60 };

/**
 * disk_open - take a file, or a block device, as the disk
 * @path: whole sectors of it are used
 * @serial: what it answers when asked for its serial number; cut at 20 bytes
 * @ret: to be given back with disk_close(); untouched on failure
 *
 * Return: 0; -EBUSY another serves it, or the host has it mounted; -EINVAL less than one sector,
 *         or neither a file nor a block device; the kernel's errno
 */
int disk_open(struct disk *ret, const char *path, bool read_only, const char *serial,
	      struct via_error *error);
void disk_close(struct disk *block);
#define _cleanup_disk_ _cleanup_(disk_close)

/* disk_features - what to offer, those of the ring among them */
uint64_t disk_features(const struct disk *block);

/* disk_agree - what driver and device have agreed on: whether writes may wait for a flush */
void disk_agree(struct disk *block, uint64_t features);

/* disk_config - the configuration space; @queues: request queues there are; @segments: of a
 * request, beside its header and its status */
void disk_config(const struct disk *block, uint16_t queues, uint32_t segments,
		 uint8_t ret[static DISK_CONFIG_BYTES]);

/**
 * disk_serve - do one request
 * @chain: its pieces are used up
 *
 * A request that makes no sense is answered as such and does nothing.
 *
 * Effect: reads or writes the file
 * Return: how many bytes were written into the chain, for ring_device_give()
 */
uint32_t disk_serve(const struct disk *block, struct ring_chain *chain);
