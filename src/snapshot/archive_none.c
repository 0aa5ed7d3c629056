/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "snapshot/snapshot.h"

static const char why[] = "this viaduct was built without libarchive";

bool snapshot_is_archive(struct via_span bytes)
{
	return span_has(bytes, 0, 4) && bytes.data[0] == 0x28 && bytes.data[1] == 0xb5;
}

int snapshot_read(struct via_arena *arena, struct via_span bytes, const char *name,
		  struct via_memtree **ret, struct via_error *error)
{
	return error_set(error, -EOPNOTSUPP, "read snapshot", name, "%s", why);
}

int snapshot_write(const struct via_memtree *tree, int fd, const struct via_snapshot_fact *facts,
		   const char *name, struct via_error *error)
{
	return error_set(error, -EOPNOTSUPP, "write snapshot", name, "%s", why);
}
