/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/hugepage_pool.h"
#include "base/parse.h"

enum { KIB_IN_MIB = 1024 };

static const char *attribute(const struct via_action *action, struct via_arena *arena)
{
	struct via_hugepage_pool pool;

	if (hugepage_pool_parse(action->target, &pool) < 0)
		return NULL;
	return arena_printf(arena, "%s/nr_hugepages", hugepage_pool_folder(&pool, arena));
}

/* As the kernel prints it: what is read back is compared as text. */
static bool valid(const char *value)
{
	uint64_t number;

	return parse_u64(value, 10, &number) == 0 && (value[0] != '0' || !value[1]);
}

static int get(const struct via_world *world, const struct via_action *action,
	       struct via_arena *arena, const char **ret)
{
	const char *path = attribute(action, arena);
	struct via_fact fact;

	if (!path)
		return -EINVAL;
	fact = root_number(&world->root, arena, "%s", path);
	if (fact.known != VIA_PRESENT)
		return fact.known == VIA_ABSENT ? -EOPNOTSUPP : -fact.error;
	*ret = arena_printf(arena, "%llu", (unsigned long long)fact.number);
	return 0;
}

static int set(const struct via_world *world, const struct via_action *action, const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *path = attribute(action, arena);

	return path ? effect_write(&world->effects, path, value) : -EINVAL;
}

/* A line of /proc/meminfo, or of a node's, in KiB. */
static bool memory_line(const struct via_world *world, const struct via_hugepage_pool *pool,
			const char *name, struct via_arena *arena, uint64_t *ret)
{
	struct via_fact fact =
		pool->on_node
			? root_text(&world->root, arena,
				    "sys/devices/system/node/node%" PRIu64 "/meminfo", pool->node)
			: root_text(&world->root, arena, "proc/meminfo");
	const char *at = fact_text(&fact) ? strstr(fact.text, name) : NULL;

	if (!at)
		return false;
	at += strlen(name);
	at += strspn(at, " \t");
	return parse_u64(arena_strndup(arena, at, strcspn(at, " \n")), 10, ret) == 0;
}

/*
 * The kernel gives what it can, and says nothing of the rest. By the time one looks, what it gave
 * is free no longer.
 * Source: set_max_huge_pages() in mm/hugetlb.c
 */
static void explain(const struct via_world *world, const struct via_action *action,
		    const char *value, int code, struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_hugepage_pool pool;
	uint64_t got, wanted, free_kib;
	const char *present = NULL;

	if (code < 0 || hugepage_pool_parse(action->target, &pool) < 0 ||
	    parse_u64(value, 10, &wanted) < 0 || get(world, action, arena, &present) < 0 ||
	    !present || parse_u64(present, 10, &got) < 0)
		return;
	if (got > wanted) {
		error_set(error, -EBUSY, "apply", action->target,
			  "%" PRIu64 " of the pages are in use, and stay", got - wanted);
		error_hint(error, "end what uses them first (grep -l huge /proc/*/numa_maps)");
		return;
	}
	if (!memory_line(world, &pool, "MemFree:", arena, &free_kib))
		error_set(error, -ENOMEM, "apply", action->target,
			  "the kernel found %" PRIu64 " of %" PRIu64 " pages", got, wanted);
	else if (free_kib / pool.size_kib < wanted - got)
		error_set(error, -ENOMEM, "apply", action->target,
			  "the kernel found %" PRIu64 " of %" PRIu64
			  " pages: no more memory is free (%" PRIu64 " MiB left)",
			  got, wanted, free_kib / KIB_IN_MIB);
	else
		error_set(error, -ENOMEM, "apply", action->target,
			  "the kernel found %" PRIu64 " of %" PRIu64 " pages: %" PRIu64
			  " MiB are free, but in pieces smaller than a page",
			  got, wanted, free_kib / KIB_IN_MIB);
	error_hint(error,
		   "ask for %" PRIu64 " or fewer, or have them set aside at boot, when memory is "
		   "whole: SIZE=N,boot",
		   got);
}

const struct via_lever lever_hugepages = {
	.valid = valid,
	.get = get,
	.set = set,
	.explain = explain,
};
