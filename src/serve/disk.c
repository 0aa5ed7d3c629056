/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "serve/disk.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <linux/virtio_blk.h>

#include "base/cleanup.h"

static int size_of(int fd, uint64_t *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISREG(st.st_mode)) {
		*ret = (uint64_t)st.st_size;
		return 0;
	}
	if (!S_ISBLK(st.st_mode))
		return -EINVAL;
	return ioctl(fd, BLKGETSIZE64, ret) < 0 ? -errno : 0;
}

/* O_EXCL of a block device is refused where the host has it mounted, and holds it for us. */
static int open_exclusively(const char *path, bool read_only)
{
	int flags = (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, fd;
	struct stat status;

	if (stat(path, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode))
		return -EINVAL;
	fd = open(path, S_ISBLK(status.st_mode) ? flags | O_EXCL : flags);
	if (fd < 0)
		return -errno;
	if (flock(fd, (read_only ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0)
		return fd;
	close(fd);
	return -EBUSY;
}

static int refuse(struct via_error *error, const char *path, int code)
{
	const char *why = code == -EBUSY ? "another serves it, or it is mounted"
			  : code == -EINVAL
				  ? "a file or a block device of 512 bytes or more is needed"
				  : NULL;

	return error_set(error, code, "cannot use as a disk", path, why ? "%s" : NULL, why);
}

int disk_open(struct disk *ret, const char *path, bool read_only, const char *serial,
	      struct via_error *error)
{
	_cleanup_close_ int fd = open_exclusively(path, read_only);
	struct disk block = { .read_only = read_only };
	uint64_t bytes = 0;
	int r = fd < 0 ? fd : size_of(fd, &bytes);

	block.sectors = bytes / DISK_SECTOR;
	if (r == 0 && !block.sectors)
		r = -EINVAL;
	if (r < 0)
		return refuse(error, path, r);
	snprintf(block.serial, sizeof(block.serial), "%s", serial);
	block.fd = steal_fd(&fd);
	*ret = block;
	return 0;
}

void disk_close(struct disk *block)
{
	cleanup_close(&block->fd);
	block->fd = -1;
}

uint64_t disk_features(const struct disk *block)
{
	return 1ULL << RING_F_VERSION_1 | 1ULL << RING_F_INDIRECT | 1ULL << RING_F_EVENT_IDX |
	       1ULL << VIRTIO_BLK_F_SEG_MAX | 1ULL << VIRTIO_BLK_F_FLUSH |
	       1ULL << VIRTIO_BLK_F_BLK_SIZE | (block->read_only ? 1ULL << VIRTIO_BLK_F_RO : 0);
}

void disk_agree(struct disk *block, uint64_t features)
{
	block->write_back = ring_feature(features, VIRTIO_BLK_F_FLUSH);
}

void disk_config(const struct disk *block, uint16_t queues, uint32_t segments,
		 uint8_t ret[static DISK_CONFIG_BYTES])
{
	struct virtio_blk_config config = {
		.capacity = htole64(block->sectors),
		.seg_max = htole32(segments),
		.blk_size = htole32(DISK_SECTOR),
		.num_queues = htole16(queues),
	};

	_Static_assert(sizeof(config) >= DISK_CONFIG_BYTES, "5.2.4");
	memcpy(ret, &config, DISK_CONFIG_BYTES);
}

/* trim - drop @front bytes from the front of pieces and all behind @keep bytes */
static size_t trim(struct iovec **pieces, size_t count, size_t front, size_t keep)
{
	size_t used = 0;

	while (count && front >= (*pieces)->iov_len) {
		front -= (*pieces)->iov_len;
		++*pieces;
		count--;
	}
	if (count) {
		(*pieces)->iov_base = (uint8_t *)(*pieces)->iov_base + front;
		(*pieces)->iov_len -= front;
	}
	for (; used < count && keep; used++) {
		struct iovec *piece = &(*pieces)[used];

		piece->iov_len = piece->iov_len < keep ? piece->iov_len : keep;
		keep -= piece->iov_len;
	}
	return used;
}

/* transfer - all of the bytes, or a negative errno */
static int transfer(const struct disk *block, struct iovec *pieces, size_t count, uint64_t offset,
		    bool out)
{
	while (count) {
		ssize_t n = out ? pwritev(block->fd, pieces, (int)count, (off_t)offset)
				: preadv(block->fd, pieces, (int)count, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO; /* the file has become shorter */
		offset += (uint64_t)n;
		count = trim(&pieces, count, (size_t)n, SIZE_MAX);
	}
	return 0;
}

static bool inside(const struct disk *block, uint64_t sector, uint32_t bytes)
{
	return bytes % DISK_SECTOR == 0 && sector <= block->sectors &&
	       bytes / DISK_SECTOR <= block->sectors - sector;
}

static int read_disk(const struct disk *block, struct ring_chain *chain, uint64_t sector)
{
	uint32_t bytes = chain->writable_bytes - 1;
	struct iovec *pieces = chain->pieces + chain->readable;
	size_t count;

	if (!inside(block, sector, bytes))
		return -EINVAL;
	count = trim(&pieces, chain->writable, 0, bytes);
	return transfer(block, pieces, count, sector * DISK_SECTOR, false);
}

static int write_disk(const struct disk *block, struct ring_chain *chain, uint64_t sector,
		      size_t head)
{
	uint32_t bytes = chain->readable_bytes - (uint32_t)head;
	struct iovec *pieces = chain->pieces;
	size_t count;
	int r;

	if (block->read_only || !inside(block, sector, bytes))
		return -EINVAL;
	count = trim(&pieces, chain->readable, head, bytes);
	r = transfer(block, pieces, count, sector * DISK_SECTOR, true);
	if (r == 0 && !block->write_back && fdatasync(block->fd) < 0)
		r = -errno;
	return r;
}

static int tell_serial(const struct disk *block, const struct ring_chain *chain)
{
	uint32_t bytes = chain->writable_bytes - 1;

	ring_chain_write(chain, 0, block->serial,
			 bytes < VIRTIO_BLK_ID_BYTES ? bytes : VIRTIO_BLK_ID_BYTES);
	return 0;
}

static int serve(const struct disk *block, struct ring_chain *chain)
{
	struct virtio_blk_outhdr header;
	uint64_t sector;

	if (block->failing)
		return -EIO;
	if (ring_chain_read(chain, 0, &header, sizeof(header)) != sizeof(header))
		return -EINVAL;
	sector = le64toh(header.sector);
	switch (le32toh(header.type)) {
	case VIRTIO_BLK_T_IN:
		return read_disk(block, chain, sector);
	case VIRTIO_BLK_T_OUT:
		return write_disk(block, chain, sector, sizeof(header));
	case VIRTIO_BLK_T_FLUSH:
		return fdatasync(block->fd) < 0 ? -errno : 0;
	case VIRTIO_BLK_T_GET_ID:
		return tell_serial(block, chain);
	default:
		return -EOPNOTSUPP;
	}
}

static uint8_t status_of(int r)
{
	switch (r) {
	case 0:
		return VIRTIO_BLK_S_OK;
	case -EOPNOTSUPP:
		return VIRTIO_BLK_S_UNSUPP;
	default:
		return VIRTIO_BLK_S_IOERR;
	}
}

uint32_t disk_serve(const struct disk *block, struct ring_chain *chain)
{
	struct iovec last;

	if (!chain->writable)
		return 0; /* no room to say what is wrong */
	last = chain->pieces[chain->readable + chain->writable - 1];
	((uint8_t *)last.iov_base)[last.iov_len - 1] = status_of(serve(block, chain));
	return chain->writable_bytes; /* the status stands behind all data, written or not */
}
