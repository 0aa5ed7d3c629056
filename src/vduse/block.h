/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "vduse/ring.h"

enum { BLOCK_SECTOR = 512, BLOCK_ID_BYTES = 20 };

/**
 * struct via_block - a virtio disk from a file (virtio 1.2, 5.2)
 * @sectors: of 512 bytes; what is left of a file beyond the last whole one is not shown
 * @write_back: the driver knows how to flush; else each write is on disk before it is told
 * @failing: every request is answered with an error
 */
struct via_block {
	int fd;
	uint64_t sectors;
	bool read_only, write_back, failing;
	char id[BLOCK_ID_BYTES];
};

/**
 * block_open - a file or a block device that nobody else serves or uses
 * @id: what the disk answers when asked for its serial number; cut at 20 bytes
 *
 * Return: 0; -EBUSY another serves it, or the host has it mounted; -EINVAL it is neither file
 *         nor block device, or smaller than a sector; other negative errno
 */
int block_open(struct via_block *ret, const char *path, bool read_only, const char *id,
	       struct via_error *error);

/* block_features - feature bits of the disk, without those of the transport */
uint64_t block_features(const struct via_block *block);

/* block_config - its configuration space. Return: its size */
size_t block_config(const struct via_block *block, uint32_t segments, uint8_t *config, size_t room);

/**
 * block_do - one request
 * Return: bytes written into the chain; -EBADMSG when it has no room to be answered in
 */
int64_t block_do(const struct via_block *block, struct via_chain *chain);
