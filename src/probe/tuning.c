/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "probe/lines.h"

/* "Max locked memory         8388608              8388608              bytes" */
static struct via_fact memlock(const struct via_root *root, struct via_arena *arena)
{
	struct via_fact file = root_text(root, arena, "proc/self/limits");
	struct via_fact line = lines_value(&file, arena, "Max locked memory");

	if (!fact_text(&line))
		return line;
	if (text_starts(line.text, "unlimited"))
		return fact_present(line.path, "unlimited", UINT64_MAX);
	return lines_number(&file, arena, "Max locked memory", 10);
}

static struct via_fact memory(const struct via_root *root, struct via_arena *arena)
{
	struct via_fact file = root_text(root, arena, "proc/meminfo");
	struct via_fact total = lines_number(&file, arena, "MemTotal:", 10);

	if (fact_is(&total, VIA_PRESENT))
		total.number *= 1024;
	return total;
}

/* Lines of a file that speak of locked memory, comments left out. */
static void take_limits(const struct via_root *root, struct via_host *host, const char *path,
			const char *word)
{
	struct via_fact file = root_text(root, host->arena, "%s", path);
	char *text = fact_text(&file) ? arena_strdup(host->arena, file.text) : NULL, *save = NULL;

	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		line += strspn(line, " \t");
		if (*line != '#' && *line != ';' && strcasestr(line, word))
			*via_list_add(host->arena, &host->kernel.tuning.limits) =
				(struct via_limit){ .path = file.path, .text = line };
	}
}

static void take_limits_of(const struct via_root *root, struct via_host *host,
			   const char *directory, const char *word)
{
	struct via_names names;

	root_entries(root, host->arena, &names, "%s", directory);
	via_for_each (name, &names)
		if (text_ends(*name, ".conf"))
			take_limits(root, host,
				    arena_printf(host->arena, "%s/%s", directory, *name), word);
}

static void add_pool(const struct via_root *root, struct via_host *host, const char *base,
		     const char *name, int node)
{
	struct via_hugepages *pool;
	unsigned long long size;

	if (sscanf(name, "hugepages-%llukB", &size) != 1)
		return;
	pool = via_list_add(host->arena, &host->kernel.tuning.hugepages);
	pool->size_kib = size;
	pool->node = node;
	pool->total = root_number(root, host->arena, "%s/%s/nr_hugepages", base, name);
	pool->free = root_number(root, host->arena, "%s/%s/free_hugepages", base, name);
}

static struct via_fact add_pools(const struct via_root *root, struct via_host *host,
				 const char *base, int node)
{
	struct via_names names;
	struct via_fact fact = root_entries(root, host->arena, &names, "%s", base);

	via_for_each (name, &names)
		add_pool(root, host, base, *name, node);
	return fact;
}

/* Nodes are only looked into where there is more than one, and where there are pages. */
static void probe_hugepages(const struct via_root *root, struct via_host *host)
{
	struct via_tuning *tuning = &host->kernel.tuning;
	bool any = false;
	struct via_names names;

	tuning->hugepages_known = add_pools(root, host, "sys/kernel/mm/hugepages", -1);
	via_for_each (pool, &tuning->hugepages)
		any |= fact_number(&pool->total, 0) > 0;
	tuning->nodes = root_text(root, host->arena, "sys/devices/system/node/online");
	if (!any || !fact_text(&tuning->nodes) || !strpbrk(tuning->nodes.text, "-,"))
		return;
	root_entries(root, host->arena, &names, "sys/devices/system/node");
	via_for_each (name, &names) {
		int node;

		if (sscanf(*name, "node%d", &node) == 1)
			add_pools(root, host,
				  arena_printf(host->arena, "sys/devices/system/node/%s/hugepages",
					       *name),
				  node);
	}
}

void probe_tuning(const struct via_root *root, struct via_host *host)
{
	struct via_tuning *tuning = &host->kernel.tuning;

	tuning->memlock = memlock(root, host->arena);
	tuning->memory = memory(root, host->arena);
	take_limits(root, host, "etc/security/limits.conf", "memlock");
	take_limits_of(root, host, "etc/security/limits.d", "memlock");
	take_limits(root, host, "etc/systemd/system.conf", "DefaultLimitMEMLOCK");
	take_limits_of(root, host, "etc/systemd/system.conf.d", "DefaultLimitMEMLOCK");
	probe_hugepages(root, host);
	tuning->processors = root_text(root, host->arena, "sys/devices/system/cpu/present");
	tuning->isolated = root_text(root, host->arena, "sys/devices/system/cpu/isolated");
	tuning->nohz_full = root_text(root, host->arena, "sys/devices/system/cpu/nohz_full");
}
