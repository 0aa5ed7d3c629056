/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "sys/root.h"

#define NODES_PATH ".viaduct/nodes.json"

/**
 * struct via_node_status - whose a node is; nothing is opened
 * @kind: as ls shows it: 'c', 'b', 'd', 'l', 'p', 's', '-'
 */
struct via_node_status {
	char kind;
	unsigned int mode, uid, gid, major, minor;
};

/**
 * root_node - look at a device node: its kind, owner and permissions
 *
 * A snapshot answers from its recording (NODES_PATH), and so does a captured tree that has
 * one: a copy of a node says nothing of whose the node was.
 *
 * Depth:  attributes
 * Return: the fact; @text as ls begins a line: "crw-rw---- 0:107 10:238". @ret is only set
 * when it is present
 */
struct via_fact root_node(const struct via_root *root, struct via_arena *arena, const char *path,
			  struct via_node_status *ret);
