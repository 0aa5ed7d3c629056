/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "probe/probe.h"
#include "sys/memtree.h"
#include "sys/tcp_table.h"

/* The files whose text is taken apart to find who holds a device. */
static const char *const files[] = {
	"proc/self/mountinfo",
	"proc/swaps",
	"proc/consoles",
	"run/udev/data/b8:0",
	"sys/devices/virtual/block/dm-0/dm/name",
	"sys/devices/virtual/block/dm-0/dm/uuid",
	"proc/driver/nvidia/gpus/0000:00:01.0/information",
	"sys/devices/platform/input0/capabilities/key",
};

static void build(struct via_memtree *tree, const uint8_t *data, size_t size)
{
	memtree_add_file(tree, "sys/devices/pci0000:00/0000:00:01.0/class", "0x010601", 8);
	memtree_add_link(tree, "sys/bus/pci/devices/0000:00:01.0",
			 "../../../devices/pci0000:00/0000:00:01.0");
	memtree_add_file(tree, "sys/devices/pci0000:00/0000:00:01.0/block/sda/dev", "8:0", 3);
	memtree_add_link(tree, "sys/class/block/sda",
			 "../../devices/pci0000:00/0000:00:01.0/block/sda");
	memtree_add_link(tree, "sys/class/block/dm-0", "../../devices/virtual/block/dm-0");
	memtree_add_link(tree, "sys/class/input/input0", "../../devices/platform/input0");
	memtree_add_link(tree, "sys/devices/virtual/block/dm-0/slaves/sda", "x");
	memtree_add_file(tree, "proc/spl/kstat/zfs/tank/state", "", 0);
	for (size_t i = 0; i < VIA_COUNT(files); i++)
		memtree_add_file(tree, files[i], data, size);
	via_for_each (node, &tree->nodes)
		(*node)->names = (*node)->children;
}

static void parse_lines(struct via_arena *arena, const uint8_t *data, size_t size)
{
	char *text = arena_strndup(arena, (const char *)data, size), *save = NULL, name[64];
	struct via_tcp_row row;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		tcp_row_parse(line, &row);
		route_parse(line, name);
		route6_parse(line, name);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = host_new();
	struct via_memtree *tree = memtree_new(arena);
	struct via_queries queries;
	struct via_root root;

	tree->live = true;
	build(tree, data, size);
	parse_lines(arena, data, size);
	root = root_of_memtree(tree, "fuzz");
	if (queries_recorded(&queries, &root, arena, NULL) < 0)
		return 0;
	probe_pci(&root, host);
	probe_holders(&root, &queries, host);
	probe_openers(&root, host);
	return 0;
}
