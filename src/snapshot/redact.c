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

static void copy_node(struct via_memtree *to, const struct via_memtree_node *node,
		      struct via_secrets *secrets)
{
	const char *path = rewrite_path(secrets, to->arena, node->path);
	struct via_memtree_node *copy = memtree_find(to, path);

	if (!copy)
		copy = memtree_add(to, path, node->kind);
	if (!copy)
		return;
	copy->error = node->error;
	copy->filled = node->filled;
	if (node->kind == VIA_MEMTREE_LINK)
		copy->target = rewrite_path(secrets, to->arena, node->target);
	if (node->kind == VIA_MEMTREE_FILE && node->filled)
		copy->data = rewrite_file(secrets, to->arena, node);
	via_for_each (name, &node->names)
		*via_list_add(to->arena, &copy->names) =
			has_public_guids(node->path) ? *name
						     : rewrite_path(secrets, to->arena, *name);
}

struct via_memtree *redact_tree(const struct via_memtree *tree, struct via_secrets *secrets,
				struct via_arena *arena)
{
	struct via_memtree *copy = memtree_new(arena);

	copy->recorded = tree->recorded;
	copy->live = tree->live;
	via_for_each (node, &tree->nodes)
		copy_node(copy, *node, secrets);
	return copy;
}

static const struct via_secret *search(const struct via_secrets *secrets, const char *text,
				       size_t size, bool host_names)
{
	const char *end = text + size;
	char before = 0;

	for (; text < end; before = *text++) {
		const struct via_secret *secret =
			secrets_at(secrets, text, end, before, host_names);

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
