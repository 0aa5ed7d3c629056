/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/hugepage_pool.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/parse.h"

enum { NAME_ROOM = 48, NODE_LIMIT = 1 << 16 };

const char *hugepage_pool_name(const struct via_hugepage_pool *pool, struct via_arena *arena)
{
	if (!pool->on_node)
		return arena_printf(arena, "%" PRIu64 "kB", pool->size_kib);
	return arena_printf(arena, "%" PRIu64 "kB@%" PRIu64, pool->size_kib, pool->node);
}

int hugepage_pool_parse(const char *name, struct via_hugepage_pool *ret)
{
	struct via_hugepage_pool pool = { 0 };
	char text[NAME_ROOM], *at, *unit;

	if (strlen(name) >= sizeof(text))
		return -EINVAL;
	snprintf(text, sizeof(text), "%s", name);
	at = strchr(text, '@');
	if (at) {
		*at++ = '\0';
		pool.on_node = true;
		if (parse_u64(at, 10, &pool.node) < 0 || pool.node >= NODE_LIMIT)
			return -EINVAL;
	}
	unit = strstr(text, "kB");
	if (!unit || unit[2])
		return -EINVAL;
	*unit = '\0';
	if (parse_u64(text, 10, &pool.size_kib) < 0 || !pool.size_kib)
		return -EINVAL;
	*ret = pool;
	return 0;
}

const char *hugepage_pool_folder(const struct via_hugepage_pool *pool, struct via_arena *arena)
{
	if (!pool->on_node)
		return arena_printf(arena, "sys/kernel/mm/hugepages/hugepages-%" PRIu64 "kB",
				    pool->size_kib);
	return arena_printf(
		arena, "sys/devices/system/node/node%" PRIu64 "/hugepages/hugepages-%" PRIu64 "kB",
		pool->node, pool->size_kib);
}

uint64_t hugepage_size_kib(const char *text)
{
	size_t length = strlen(text);
	char digits[NAME_ROOM], last;
	uint64_t number;

	if (length < 2 || length >= sizeof(digits))
		return 0;
	snprintf(digits, sizeof(digits), "%.*s", (int)length - 1, text);
	if (parse_u64(digits, 10, &number) < 0 || number > 1024 * 1024)
		return 0;
	last = text[length - 1];
	return last == 'G' ? number << 20 : last == 'M' ? number << 10 : last == 'K' ? number : 0;
}
