/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fault.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

enum { MEGABYTE = 1024 * 1024 };

static bool any(const struct via_memtree_node *node)
{
	return true;
}

static bool is_there(const struct via_memtree_node *node)
{
	return node->kind != VIA_MEMTREE_MISSING;
}

static bool is_no_link(const struct via_memtree_node *node)
{
	return is_there(node) && node->kind != VIA_MEMTREE_LINK;
}

static bool is_file(const struct via_memtree_node *node)
{
	return node->kind == VIA_MEMTREE_FILE;
}

static bool is_directory(const struct via_memtree_node *node)
{
	return node->kind == VIA_MEMTREE_DIRECTORY;
}

/* What is read or listed fails; what is looked up is out of reach. */
static void fail(struct via_memtree_node *node, int error)
{
	if (node->kind != VIA_MEMTREE_FILE && node->kind != VIA_MEMTREE_DIRECTORY)
		node->kind = VIA_MEMTREE_MISSING;
	node->error = error;
}

static void fail_io(struct via_memtree_node *node)
{
	fail(node, EIO);
}

static void fail_denied(struct via_memtree_node *node)
{
	fail(node, EACCES);
}

static void fail_no_device(struct via_memtree_node *node)
{
	fail(node, ENODEV);
}

/* Not even its name can be looked up, nor what is below. */
static void out_of_reach(struct via_memtree_node *node)
{
	node->kind = VIA_MEMTREE_MISSING;
	node->error = EACCES;
}

static void vanished(struct via_memtree_node *node)
{
	node->kind = VIA_MEMTREE_MISSING;
	node->error = ENOENT;
}

static void set_content(struct via_memtree_node *node, const void *data, size_t size)
{
	node->data = (struct via_span){ data, size };
}

static void emptied(struct via_memtree_node *node)
{
	set_content(node, "", 0);
}

static void one_byte(struct via_memtree_node *node)
{
	set_content(node, "\n", 1);
}

static void cut(struct via_memtree_node *node)
{
	node->data.size /= 2;
}

static void letters(struct via_memtree_node *node)
{
	static char data[MEGABYTE];

	set_content(node, memset(data, 'A', sizeof(data)), sizeof(data));
}

static void newlines(struct via_memtree_node *node)
{
	static char data[MEGABYTE];

	set_content(node, memset(data, '\n', sizeof(data)), sizeof(data));
}

static void zeros(struct via_memtree_node *node)
{
	static const char data[MEGABYTE];

	set_content(node, data, sizeof(data));
}

/* Not random: what fails once shall fail again. */
static void noise(struct via_memtree_node *node)
{
	static unsigned char data[16 * 1024];
	unsigned int state = 12345;

	for (size_t i = 0; i < sizeof(data); i++) {
		state = state * 1103515245 + 12345;
		data[i] = (unsigned char)(state >> 16);
	}
	set_content(node, data, sizeof(data));
}

static void escapes(struct via_memtree_node *node)
{
	static const char data[] = "\033]0;owned\007\033[31m\xff\xfe \xc3\x28 red\n";

	set_content(node, data, sizeof(data) - 1);
}

static void huge_number(struct via_memtree_node *node)
{
	static const char data[] = "18446744073709551615\n";

	set_content(node, data, sizeof(data) - 1);
}

static void becomes_directory(struct via_memtree_node *node)
{
	node->kind = VIA_MEMTREE_DIRECTORY;
}

static void becomes_special(struct via_memtree_node *node)
{
	node->kind = VIA_MEMTREE_SPECIAL;
}

static void becomes_file(struct via_memtree_node *node)
{
	node->kind = VIA_MEMTREE_FILE;
	node->filled = true;
	emptied(node);
}

static void becomes_loop(struct via_memtree_node *node)
{
	node->kind = VIA_MEMTREE_LINK;
	node->target = path_name(node->path);
}

const struct fault faults[] = {
	{ "EIO", true, any, fail_io },
	{ "EACCES", true, any, fail_denied },
	{ "ENODEV", true, is_there, fail_no_device },
	{ "out of reach", true, is_directory, out_of_reach },
	{ "a loop of links", true, is_no_link, becomes_loop },
	{ "a directory in its place", true, is_file, becomes_directory },
	{ "a FIFO in its place", true, is_file, becomes_special },
	{ "a file in its place", false, is_directory, becomes_file },
	{ "vanished", false, is_there, vanished },
	{ "empty", false, is_file, emptied },
	{ "an empty line", false, is_file, one_byte },
	{ "cut in two", false, is_file, cut },
	{ "1 MB of A", false, is_file, letters },
	{ "1 MB of newlines", false, is_file, newlines },
	{ "1 MB of zeros", false, is_file, zeros },
	{ "noise", false, is_file, noise },
	{ "escape sequences", false, is_file, escapes },
	{ "a huge number", false, is_file, huge_number },
};
const size_t fault_count = VIA_COUNT(faults);
