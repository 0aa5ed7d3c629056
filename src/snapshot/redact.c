/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snapshot/redact.h"

#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "snapshot/rewriting.h"

/* Names of EFI variables hold the GUID of whoever defined them. */
static bool has_public_guids(const char *path)
{
	return text_starts(path, "sys/firmware/efi");
}

static const char *rewrite_path(struct via_secrets *secrets, struct via_arena *arena,
				const char *path)
{
	if (has_public_guids(path))
		return path;
	return (const char *)rewrite_text(secrets, arena, path, strlen(path), false).data;
}

/* The node that stands for @node: itself where its path may stay. */
static struct via_memtree_node *node_for(struct via_memtree *to, struct via_memtree_node *node,
					 struct via_secrets *secrets)
{
	const char *path = rewrite_path(secrets, to->arena, node->path);
	struct via_memtree_node *there = memtree_find(to, path);

	if (there)
		return there;
	return path == node->path ? memtree_move(to, node) : memtree_add(to, path, node->kind);
}

static void take_node(struct via_memtree *to, struct via_memtree_node *node,
		      struct via_secrets *secrets)
{
	bool public = has_public_guids(node->path);
	struct via_names names = node->names;
	struct via_memtree_node *own = node_for(to, node, secrets);

	if (!own)
		return;
	own->error = node->error;
	own->filled = node->filled;
	if (node->kind == VIA_MEMTREE_LINK)
		own->target = rewrite_path(secrets, to->arena, node->target);
	if (node->kind == VIA_MEMTREE_FILE && node->filled)
		own->data = rewrite_file(secrets, to->arena, node);
	for (size_t i = 0; i < names.count && !public; i++)
		names.items[i] = rewrite_path(secrets, to->arena, names.items[i]);
	if (own == node || !own->names.count)
		own->names = names;
	else
		via_for_each (name, &names)
			*via_list_add(to->arena, &own->names) = *name;
}

struct via_memtree *redact_tree(struct via_memtree *tree, struct via_secrets *secrets)
{
	struct via_memtree *copy = memtree_new(tree->arena);

	copy->recorded = tree->recorded;
	copy->live = tree->live;
	via_for_each (node, &tree->nodes)
		take_node(copy, *node, secrets);
	return copy;
}

static const struct via_secret *search(const struct via_secrets *secrets, const char *text,
				       size_t size, bool host_names)
{
	const char *end = text + size;

	for (const char *at = text; at < end; at++) {
		const struct via_secret *secret;

		if (!secrets->begins[(unsigned char)*at])
			continue;
		secret = secrets_at(secrets, at, end, at > text ? at[-1] : 0, host_names);
		if (secret)
			return secret;
	}
	return NULL;
}

int redact_check(const struct via_memtree *tree, const struct via_secrets *secrets,
		 const char *name, struct via_error *error)
{
	via_for_each (at, &tree->nodes) {
		const struct via_memtree_node *node = *at;
		const struct via_secret *secret =
			search(secrets, node->path, strlen(node->path), false);

		if (!secret && node->target)
			secret = search(secrets, node->target, strlen(node->target), false);
		if (!secret && node->data.size)
			secret = search(secrets, (const char *)node->data.data, node->data.size,
					!path_is_impersonal(node->path));
		if (!secret)
			continue;
		error_set(error, -EBADE, "write snapshot", name,
			  "the host's own %s is still in it, in %.200s",
			  secret_kind_name(secret->kind), node->path);
		return error_hint(error, "nothing was kept; please report it");
	}
	return 0;
}
