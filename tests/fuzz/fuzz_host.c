/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole host with some of its files replaced: looked at, judged, printed in every form.
 * The input is records: which path (a byte), what becomes of it (a byte), how long what
 * follows is (two bytes, little endian), and that much content. Recorded and looked at
 * again, the host must be the same.
 */
#include "fuzz.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/span.h"
#include "host_files.h"
#include "model/prediction.h"
#include "probe/device.h"
#include "probe/probe.h"
#include "render/check.h"
#include "render/show.h"
#include "rules/rule.h"
#include "sys/record.h"

enum { RECORD_HEADER = 4, RECORDS_MAX = 64 };

static void set_kind(struct via_memtree_node *node, enum via_memtree_kind kind, int error)
{
	node->kind = kind;
	node->error = error;
	node->filled = kind == VIA_MEMTREE_FILE;
}

static void add_below(struct via_memtree *tree, const struct via_memtree_node *node,
		      const char *name, bool link)
{
	const char *path =
		arena_printf(tree->arena, "%s%s%s", node->path, *node->path ? "/" : "", name);

	if (!memtree_path_is_normal(path) || memtree_find(tree, path))
		return;
	if (link)
		memtree_add_link(tree, path, "../x");
	else
		memtree_add_file(tree, path, "1\n", 2);
}

static void change(struct via_memtree *tree, uint8_t which, uint8_t what, struct via_span content)
{
	static const int errors[] = { EIO, EACCES, ENODEV, ENOENT };
	struct via_memtree_node *node = tree->nodes.items[which % tree->nodes.count];
	const char *text = arena_strndup(tree->arena, (const char *)content.data, content.size);

	if (node == tree->nodes.items[0])
		return;
	switch (what % 8) {
	case 0:
		set_kind(node, VIA_MEMTREE_LINK, 0);
		node->target = *text ? text : "nowhere";
		break;
	case 1:
		set_kind(node, VIA_MEMTREE_MISSING, errors[what / 8 % 4]);
		break;
	case 2:
		node->error = errors[what / 8 % 3];
		break;
	case 3:
	case 4:
		add_below(tree, node, text, what % 8 == 4);
		break;
	default:
		set_kind(node, VIA_MEMTREE_FILE, 0);
		node->data = content;
	}
}

static void change_all(struct via_memtree *tree, struct via_span input)
{
	for (int i = 0; i < RECORDS_MAX && input.size >= RECORD_HEADER; i++) {
		uint16_t length = 0;
		size_t taken;

		span_u16(input, 2, &length);
		taken = length < input.size - RECORD_HEADER ? length : input.size - RECORD_HEADER;
		change(tree, input.data[0], input.data[1],
		       (struct via_span){ input.data + RECORD_HEADER, taken });
		input.data += RECORD_HEADER + taken;
		input.size -= RECORD_HEADER + taken;
	}
}

static void print(const struct via_root *root, struct via_host *host,
		  const struct via_findings *findings)
{
	static struct via_paper paper = { .width = 80 };
	struct via_list_filter filter = { 0 };

	if (!paper.file)
		paper.file = fopen("/dev/null", "w");
	text_check(&paper, host, findings, VIA_DETAIL_ALL);
	text_list(&paper, host, NULL, &filter, "address,ids,group,driver,vfs,use,reset,numa,slot");
	text_tree(&paper, host, NULL, &filter);
	text_groups(&paper, host, NULL, &filter);
	if (host->pci.devices.count)
		text_show(&paper, host, NULL,
			  probe_devices(root, host, host->pci.devices.items, 1));
}

/* Whole JSON, and to the letter what a library makes of it. */
static void write_checked(FILE *out, const struct via_host *host,
			  const struct via_findings *findings)
{
	const struct via_list_filter filter = { 0 };
	const struct via_list_detail detail = { 0 };
	json_t *check = json_check(host, findings), *list;
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);

	if (!check || json_dumpf(check, out, JSON_INDENT(1)) < 0)
		abort();
	json_decref(check);
	print_json_list(memory, host, NULL, &filter, &detail);
	fclose(memory);
	list = json_loads(text, 0, NULL);
	if (!list || json_dumpf(list, out, JSON_INDENT(1)) < 0)
		abort();
	json_decref(list);
}

/* All that is said of a host, as JSON; to be freed. */
static char *say(const struct via_root *root, enum via_depth depth, bool also_print)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = NULL;
	struct via_findings findings;
	struct via_queries queries;
	char *text = NULL;
	size_t size;
	FILE *out;

	if (queries_recorded(&queries, root, arena, NULL) < 0)
		return NULL;
	host = probe_host(root, &queries, "fuzz", depth);
	findings = rules_run(arena, host);
	if (also_print)
		print(root, host, &findings);
	out = open_memstream(&text, &size);
	write_checked(out, host, &findings);
	fclose(out);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_free_ char *first = NULL, *again = NULL;
	struct via_memtree *tree = host_files(arena);
	struct via_root root = root_of_memtree(tree, "fuzz"), copy;
	struct via_recorder recorder;
	enum via_depth depth;

	if (!size)
		return 0;
	depth = data[0] & 1 ? VIA_DEPTH_CONFIG : VIA_DEPTH_WAKE;
	tree->live = data[0] & 2;
	change_all(tree, (struct via_span){ data + 1, size - 1 });
	recorder_begin(&recorder, &root, arena);
	first = say(&root, depth, data[0] & 4);
	recorder_end(&recorder, &root);
	copy = root_of_memtree(recorder.tree, "fuzz");
	again = first ? say(&copy, depth, false) : NULL;
	if (first && (!again || strcmp(first, again) != 0)) {
		fprintf(stderr, "first:\n%s\nagain:\n%s\n", first, again ? again : "nothing");
		abort();
	}
	return 0;
}
