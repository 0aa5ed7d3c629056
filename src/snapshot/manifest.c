/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "snapshot/snapshot.h"
#include "sys/memtree.h"

/*
 * {"schema":"viaduct.manifest/1", "live":true, …facts…,
 *  "listed":{"sys/class/iommu":["dmar0"]},       all that a directory held
 *  "missing":{"sys/class/vdpa":2},               errno of looking for it
 *  "unreadable":{"sys/kernel/debug/x":13},       there, and the errno of reading it
 *  "unread":["sys/firmware/efi"],                files that are there; nobody read them
 *  "special":["dev/kvm"],                        likewise, and no files
 *  "links":{"etc/x":"/absolute"}}                links that a tar should not hold
 */
bool snapshot_link_leads_out(const char *path, const char *target)
{
	int depth = 0;

	if (*target == '/')
		return true;
	for (const char *c = path; *c; c++)
		depth += *c == '/';
	for (const char *at = target; *at;) {
		size_t length = strcspn(at, "/");

		if (length == 2 && at[0] == '.' && at[1] == '.')
			depth--;
		else if (length && !(length == 1 && *at == '.'))
			depth++;
		if (depth < 0)
			return true;
		at += length + strspn(at + length, "/");
	}
	return false;
}

struct lists {
	json_t *listed, *missing, *unreadable, *unread, *special, *links;
};

static void describe(struct lists *lists, const struct via_memtree_node *node)
{
	json_t *names;

	if (node->kind == VIA_MEMTREE_MISSING)
		json_object_set_new(lists->missing, node->path, json_integer(node->error));
	else if (node->kind == VIA_MEMTREE_SPECIAL)
		json_array_append_new(lists->special, json_string(node->path));
	else if (node->kind == VIA_MEMTREE_LINK &&
		 snapshot_link_leads_out(node->path, node->target))
		json_object_set_new(lists->links, node->path, json_string(node->target));
	else if (node->error)
		json_object_set_new(lists->unreadable, node->path, json_integer(node->error));
	if (node->kind == VIA_MEMTREE_FILE && !node->filled)
		json_array_append_new(lists->unread, json_string(node->path));
	if (node->kind != VIA_MEMTREE_DIRECTORY || !node->filled)
		return;
	names = json_array();
	via_for_each (name, &node->names)
		json_array_append_new(names, json_string(*name));
	json_object_set_new(lists->listed, node->path, names);
}

char *manifest_text(const struct via_memtree *tree, const struct via_snapshot_fact *facts)
{
	struct lists lists = { json_object(), json_object(), json_object(),
			       json_array(),  json_array(),  json_object() };
	json_t *manifest =
		json_pack("{s:s, s:b}", "schema", "viaduct.manifest/1", "live", tree->live);
	char *text;

	for (; facts->key; facts++)
		json_object_set_new(manifest, facts->key, json_string(facts->value));
	via_for_each (node, &tree->nodes)
		describe(&lists, *node);
	json_object_set_new(manifest, "listed", lists.listed);
	json_object_set_new(manifest, "missing", lists.missing);
	json_object_set_new(manifest, "unreadable", lists.unreadable);
	json_object_set_new(manifest, "unread", lists.unread);
	json_object_set_new(manifest, "special", lists.special);
	json_object_set_new(manifest, "links", lists.links);
	text = json_dumps(manifest, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	json_decref(manifest);
	return text;
}

/* The node of a path the manifest names, made as @kind where the archive had none. */
static struct via_memtree_node *named(struct via_memtree *tree, const char *path,
				      enum via_memtree_kind kind)
{
	struct via_memtree_node *node;

	if (!path ||
	    (*path && (!memtree_path_is_normal(path) || strlen(path) > SNAPSHOT_NAME_BYTES)))
		return NULL;
	node = memtree_find(tree, path);
	if (node)
		return node->kind == kind ? node : NULL;
	if (tree->nodes.count >= SNAPSHOT_ENTRIES)
		return NULL;
	return memtree_add(tree, path, kind);
}

static int apply_errors(struct via_memtree *tree, json_t *errors, bool missing)
{
	const char *path;
	json_t *value;

	json_object_foreach (errors, path, value) {
		json_int_t error = json_integer_value(value);
		struct via_memtree_node *node = memtree_find(tree, path);

		if (!node || missing)
			node = named(tree, path, missing ? VIA_MEMTREE_MISSING : VIA_MEMTREE_FILE);
		if (!node || error <= 0 || error > 4095)
			return -EBADMSG;
		node->error = (int)error;
	}
	return 0;
}

static int apply_paths(struct via_memtree *tree, json_t *paths, enum via_memtree_kind kind)
{
	json_t *path;
	size_t i;

	json_array_foreach (paths, i, path)
		if (!named(tree, json_string_value(path), kind))
			return -EBADMSG;
	return 0;
}

static int apply_listed(struct via_memtree *tree, json_t *listed)
{
	const char *path;
	json_t *names, *name;
	size_t i;

	json_object_foreach (listed, path, names) {
		struct via_memtree_node *node = named(tree, path, VIA_MEMTREE_DIRECTORY);

		if (!node)
			return -EBADMSG;
		json_array_foreach (names, i, name) {
			if (!json_is_string(name) ||
			    !memtree_path_is_normal(json_string_value(name)) ||
			    strchr(json_string_value(name), '/'))
				return -EBADMSG;
			*via_list_add(tree->arena, &node->names) =
				arena_strdup(tree->arena, json_string_value(name));
		}
		node->filled = true;
	}
	return 0;
}

static int apply_links(struct via_memtree *tree, json_t *links)
{
	const char *path;
	json_t *target;

	json_object_foreach (links, path, target) {
		const char *text = json_string_value(target);

		if (!text || !*text || strlen(text) >= PATH_MAX || !memtree_path_is_normal(path) ||
		    strlen(path) > SNAPSHOT_NAME_BYTES || tree->nodes.count >= SNAPSHOT_ENTRIES ||
		    memtree_find(tree, path) || !memtree_add_link(tree, path, text))
			return -EBADMSG;
	}
	return 0;
}

static int apply(struct via_memtree *tree, json_t *manifest)
{
	const char *schema = json_string_value(json_object_get(manifest, "schema"));
	int r;

	if (!schema || strcmp(schema, "viaduct.manifest/1") != 0)
		return -EBADMSG;
	tree->recorded = true;
	tree->live = json_is_true(json_object_get(manifest, "live"));
	r = apply_listed(tree, json_object_get(manifest, "listed"));
	if (r == 0)
		r = apply_paths(tree, json_object_get(manifest, "special"), VIA_MEMTREE_SPECIAL);
	if (r == 0)
		r = apply_paths(tree, json_object_get(manifest, "unread"), VIA_MEMTREE_FILE);
	if (r == 0)
		r = apply_links(tree, json_object_get(manifest, "links"));
	if (r == 0)
		r = apply_errors(tree, json_object_get(manifest, "unreadable"), false);
	if (r == 0)
		r = apply_errors(tree, json_object_get(manifest, "missing"), true);
	return r;
}

int manifest_apply(struct via_memtree *tree, struct via_span text)
{
	json_t *manifest = json_loadb((const char *)text.data, text.size, 0, NULL);
	int r = manifest ? apply(tree, manifest) : -EBADMSG;

	json_decref(manifest);
	return r;
}
