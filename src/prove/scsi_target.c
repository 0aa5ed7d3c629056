/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/scsi_target.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#define TARGETS "sys/kernel/config/target"

enum { PIECES = 11 };

enum piece_kind { DIRECTORY, WORD, LINK };

/* One thing in configfs: made in order, taken away in the other. */
struct piece {
	enum piece_kind kind;
	const char *path;
	const char *made_by; /* what is written, or linked to */
	const char *ended_by;
	bool stays;
};

static void describe(const struct scsi_target *target, struct via_arena *arena,
		     struct piece ret[PIECES])
{
	const char *adapter = arena_printf(arena, "core/rd_mcp_%u", target->adapter);
	const char *disk = arena_printf(arena, "%s/viaduct", adapter);
	const char *port = arena_printf(arena, "vhost/%s", target->name);
	const char *portal = arena_printf(arena, "%s/tpgt_%d", port, SCSI_TARGET_PORTAL);
	const char *unit = arena_printf(arena, "%s/lun/lun_0", portal);
	const struct piece pieces[PIECES] = {
		{ DIRECTORY, adapter, NULL, NULL, false },
		{ DIRECTORY, disk, NULL, NULL, false },
		{ WORD, arena_printf(arena, "%s/control", disk), "rd_pages=16", NULL, false },
		{ WORD, arena_printf(arena, "%s/enable", disk), "1", NULL, false },
		{ WORD, arena_printf(arena, "%s/wwn/vpd_unit_serial", disk), target->serial, NULL,
		  false },
		{ DIRECTORY, "vhost", NULL, NULL, target->keeps_fabric },
		{ DIRECTORY, port, NULL, NULL, false },
		{ DIRECTORY, portal, NULL, NULL, false },
		{ WORD, arena_printf(arena, "%s/nexus", portal), target->initiator, "NULL", false },
		{ DIRECTORY, unit, NULL, NULL, false },
		{ LINK, arena_printf(arena, "%s/viaduct", unit),
		  arena_printf(arena, "/" TARGETS "/%s", disk), NULL, false },
	};

	memcpy(ret, pieces, sizeof(pieces));
}

static int write_word(int directory, const char *path, const char *word)
{
	_cleanup_close_ int fd = openat(directory, path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return write(fd, word, strlen(word)) < 0 ? -errno : 0;
}

static int make_piece(int directory, const struct piece *piece)
{
	int r;

	switch (piece->kind) {
	case DIRECTORY:
		r = mkdirat(directory, piece->path, 0755) < 0 ? -errno : 0;
		return r == -EEXIST && piece->stays ? 0 : r;
	case LINK:
		return symlinkat(piece->made_by, directory, piece->path) < 0 ? -errno : 0;
	default:
		return write_word(directory, piece->path, piece->made_by);
	}
}

static int end_piece(int directory, const struct piece *piece)
{
	int r = 0;

	if (piece->kind == WORD && piece->ended_by)
		r = write_word(directory, piece->path, piece->ended_by);
	else if (piece->kind != WORD && !piece->stays)
		r = unlinkat(directory, piece->path, piece->kind == DIRECTORY ? AT_REMOVEDIR : 0) <
				    0
			    ? -errno
			    : 0;
	return r == -ENOENT ? 0 : r;
}

static int open_targets(const struct via_root *root)
{
	return root_openat(root, TARGETS, O_RDONLY | O_DIRECTORY);
}

int scsi_target_choose(const struct via_root *root, struct scsi_target *ret)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_fact fabric = root_exists(root, arena, TARGETS "/vhost");
	uint64_t chosen;

	if (getrandom(&chosen, sizeof(chosen), 0) != sizeof(chosen))
		return -errno;
	chosen >>= 8; /* the leading 5 stands for what is registered; the rest is ours to choose */
	*ret = (struct scsi_target){ .adapter = (unsigned int)(chosen & INT32_MAX),
				     .keeps_fabric = fabric.known == VIA_PRESENT };
	snprintf(ret->name, sizeof(ret->name), "naa.50%014" PRIx64, chosen);
	snprintf(ret->initiator, sizeof(ret->initiator), "naa.51%014" PRIx64, chosen);
	snprintf(ret->serial, sizeof(ret->serial), "%016" PRIx64, chosen);
	return 0;
}

int scsi_target_make(const struct via_root *root, const struct scsi_target *target,
		     struct via_arena *arena, const char **ret_failed)
{
	_cleanup_close_ int targets = open_targets(root);
	struct piece pieces[PIECES];
	int r = targets < 0 ? targets : 0;

	*ret_failed = "/" TARGETS;
	describe(target, arena, pieces);
	for (size_t i = 0; r == 0 && i < PIECES; i++) {
		*ret_failed = arena_printf(arena, "/" TARGETS "/%s", pieces[i].path);
		r = make_piece(targets, &pieces[i]);
	}
	return r;
}

int scsi_target_remove(const struct via_root *root, const struct scsi_target *target)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_close_ int targets = open_targets(root);
	struct piece pieces[PIECES];
	int first = 0;

	if (targets < 0)
		return targets == -ENOENT ? 0 : targets;
	describe(target, arena, pieces);
	for (size_t i = PIECES; i--;) {
		int r = end_piece(targets, &pieces[i]);

		first = first ? first : r;
	}
	return first;
}
