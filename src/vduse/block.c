/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vduse/block.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/virtio_blk.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

static const char serve[] = "serve";

static int size_of(int fd, uint64_t *ret)
{
	struct stat status;
	uint64_t size;

	if (fstat(fd, &status) < 0)
		return -errno;
	if (S_ISREG(status.st_mode))
		*ret = (uint64_t)status.st_size;
	else if (!S_ISBLK(status.st_mode))
		return -EINVAL;
	else if (ioctl(fd, BLKGETSIZE64, &size) < 0)
		return -errno;
	else
		*ret = size;
	return 0;
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

static int fail(struct via_error *error, const char *path, int code)
{
	if (code == -EBUSY)
		return error_set(error, code, serve, path, "another serves it, or it is mounted");
	if (code == -EINVAL)
		return error_set(error, code, serve, path,
				 "a file or a block device of 512 bytes or more is needed");
	return error_set(error, code, serve, path, NULL);
}

int block_open(struct via_block *ret, const char *path, bool read_only, const char *id,
	       struct via_error *error)
{
	struct via_block block = { .read_only = read_only };
	_cleanup_close_ int fd = open_exclusively(path, read_only);
	uint64_t size = 0;
	int r = fd < 0 ? fd : size_of(fd, &size);

	if (r == 0 && size < BLOCK_SECTOR)
		r = -EINVAL;
	if (r < 0)
		return fail(error, path, r);
	block.sectors = size / BLOCK_SECTOR;
	memcpy(block.id, id, strnlen(id, sizeof(block.id)));
	block.fd = steal_fd(&fd);
	*ret = block;
	return 0;
}

uint64_t block_features(const struct via_block *block)
{
	return 1ULL << VIRTIO_BLK_F_SEG_MAX | 1ULL << VIRTIO_BLK_F_BLK_SIZE |
	       1ULL << VIRTIO_BLK_F_FLUSH | (block->read_only ? 1ULL << VIRTIO_BLK_F_RO : 0);
}

size_t block_config(const struct via_block *block, uint32_t segments, uint8_t *config, size_t room)
{
	const struct virtio_blk_config values = {
		.capacity = htole64(block->sectors),
		.seg_max = htole32(segments),
		.blk_size = htole32(BLOCK_SECTOR),
	};
	size_t size = offsetof(struct virtio_blk_config, wce);

	if (size > room)
		size = room;
	memcpy(config, &values, size);
	return size;
}

/* Moves all of the pieces, or tells why not. A file that was cut short meanwhile is an error. */
static int move(const struct via_block *block, struct iovec *pieces, size_t count, off_t offset,
		bool write)
{
	while (count) {
		ssize_t n = write ? pwritev(block->fd, pieces, (int)count, offset)
				  : preadv(block->fd, pieces, (int)count, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		offset += n;
		while (count && (size_t)n >= pieces->iov_len) {
			n -= (ssize_t)pieces->iov_len;
			pieces++;
			count--;
		}
		if (count) {
			pieces->iov_base = (char *)pieces->iov_base + n;
			pieces->iov_len -= (size_t)n;
		}
	}
	return 0;
}

static uint8_t do_transfer(const struct via_block *block, struct iovec *pieces, size_t count,
			   uint64_t sector, bool write)
{
	size_t size = chain_size(pieces, count);

	if (size % BLOCK_SECTOR || sector > block->sectors ||
	    size / BLOCK_SECTOR > block->sectors - sector || (write && block->read_only))
		return VIRTIO_BLK_S_IOERR;
	if (move(block, pieces, count, (off_t)(sector * BLOCK_SECTOR), write) < 0)
		return VIRTIO_BLK_S_IOERR;
	if (write && !block->write_back && fdatasync(block->fd) < 0)
		return VIRTIO_BLK_S_IOERR;
	return VIRTIO_BLK_S_OK;
}

static uint8_t do_identify(const struct via_block *block, struct iovec *pieces, size_t count)
{
	size_t done = 0;

	for (size_t i = 0; i < count && done < BLOCK_ID_BYTES; i++) {
		size_t part = BLOCK_ID_BYTES - done;

		if (part > pieces[i].iov_len)
			part = pieces[i].iov_len;
		memcpy(pieces[i].iov_base, block->id + done, part);
		done += part;
	}
	return VIRTIO_BLK_S_OK;
}

static uint8_t do_type(const struct via_block *block, struct via_chain *chain,
		       const struct virtio_blk_outhdr *header)
{
	uint64_t sector = le64toh(header->sector);

	if (block->failing)
		return VIRTIO_BLK_S_IOERR;
	switch (le32toh(header->type)) {
	case VIRTIO_BLK_T_IN:
		return do_transfer(block, chain->in, chain->in_count, sector, false);
	case VIRTIO_BLK_T_OUT:
		return do_transfer(block, chain->out, chain->out_count, sector, true);
	case VIRTIO_BLK_T_FLUSH:
		return fdatasync(block->fd) < 0 ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_OK;
	case VIRTIO_BLK_T_GET_ID:
		return do_identify(block, chain->in, chain->in_count);
	default:
		return VIRTIO_BLK_S_UNSUPP;
	}
}

/* The status is the last byte of what may be written, wherever the pieces end. */
static uint8_t *split_status(struct via_chain *chain)
{
	struct iovec *last;

	if (!chain->in_count)
		return NULL;
	last = &chain->in[chain->in_count - 1];
	last->iov_len--;
	if (!last->iov_len)
		chain->in_count--;
	return (uint8_t *)last->iov_base + last->iov_len;
}

int64_t block_do(const struct via_block *block, struct via_chain *chain)
{
	struct virtio_blk_outhdr header;
	uint8_t *status = split_status(chain);
	size_t room = chain_size(chain->in, chain->in_count);

	if (!status)
		return -EBADMSG;
	if (chain_take(chain->out, &chain->out_count, &header, sizeof(header)) < 0)
		return -EBADMSG;
	*status = do_type(block, chain, &header);
	/* Of what was read, all or nothing: room is what came before the status. */
	return *status == VIRTIO_BLK_S_OK ? (int64_t)room + 1 : 1;
}
