/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/record.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sys/module_index.h"
#include "sys/root_node.h"

void recorder_begin(struct via_recorder *recorder, struct via_root *root, struct via_arena *arena)
{
	*recorder = (struct via_recorder){ .tree = memtree_new(arena), .root = *root };
	recorder->root.recorder = NULL;
	recorder->tree->recorded = true;
	recorder->tree->live = root_as_live(root);
	root->recorder = recorder;
}

static void add_answers(struct via_recorder *recorder, json_t **answers, const char *path)
{
	_cleanup_free_ char *text = NULL;

	if (!*answers)
		return;
	text = json_dumps(*answers, JSON_COMPACT | JSON_SORT_KEYS);
	if (text)
		memtree_add_file(recorder->tree, path, text, strlen(text));
	json_decref(*answers);
	*answers = NULL;
}

void recorder_end(struct via_recorder *recorder, struct via_root *root)
{
	root->recorder = NULL;
	add_answers(recorder, &recorder->claims, MODULE_CLAIMS_PATH);
	add_answers(recorder, &recorder->nodes, NODES_PATH);
}

static json_t *claims_of(struct via_recorder *recorder)
{
	if (!recorder->claims)
		recorder->claims = json_pack("{s:s, s:i, s:{}}", "schema", "viaduct.claims/1",
					     "errno", 0, "claims");
	return recorder->claims;
}

void record_no_claims(struct via_recorder *recorder, int r)
{
	json_object_set_new(claims_of(recorder), "errno", json_integer(-r));
}

void record_claims(struct via_recorder *recorder, const char *modalias, int r,
		   const struct via_names *names)
{
	json_t *answer = r < 0 ? json_integer(-r) : json_array();

	via_for_each (name, names)
		json_array_append_new(answer, json_string(*name));
	json_object_set_new(json_object_get(claims_of(recorder), "claims"), modalias, answer);
}

void record_node(struct via_recorder *recorder, const char *path, json_t *node)
{
	if (!recorder->nodes)
		recorder->nodes = json_pack("{s:s, s:{}}", "schema", "viaduct.nodes/1", "nodes");
	json_object_set_new(json_object_get(recorder->nodes, "nodes"), path, node);
}

static bool is_private(const char *path, const char *target)
{
	static const char *const public[] = {
		"/dev/vfio/",	    "/dev/dri/",    "/dev/snd/",   "/dev/nvme",	  "/dev/ng",
		"/dev/sd",	    "/dev/sg",	    "/dev/sr",	   "/dev/vd",	  "/dev/dm-",
		"/dev/md",	    "/dev/nvidia",  "/dev/accel/", "/dev/uio",	  "/dev/tpm",
		"/dev/infiniband/", "/dev/bus/usb", "/dev/video",  "/dev/hidraw", "/dev/watchdog",
		"/dev/ptp",	    "/dev/mei",	    "/dev/ttyS",   "/dev/ttyUSB", "/dev/ttyACM",
		"/sys/devices/"
	};

	if (!text_starts(path, "proc/") || !strstr(path, "/fd/"))
		return false;
	for (size_t i = 0; i < VIA_COUNT(public); i++)
		if (text_starts(target, public[i]))
			return false;
	return true;
}

static struct via_memtree_node *note_failure(struct via_recorder *recorder, const char *path, int r)
{
	struct via_memtree_node *node = memtree_add(recorder->tree, path, VIA_MEMTREE_MISSING);

	if (node)
		node->error = r == -ENOENT && root_hides(&recorder->root, path) ? ENODATA : -r;
	return node;
}

static struct via_memtree_node *discover_kept(struct via_recorder *recorder, const char *path)
{
	struct via_memtree_node *node;
	int r = memtree_walk(recorder->root.tree, path, false, NULL, NULL, &node);

	if (r == -ENODATA)
		return NULL;
	if (r < 0)
		return note_failure(recorder, path, r);
	if (node->kind == VIA_MEMTREE_LINK)
		return memtree_add_link(recorder->tree, path, node->target);
	return memtree_add(recorder->tree, path, node->kind);
}

static struct via_memtree_node *note_target(struct via_recorder *recorder, const char *path,
					    const char *target)
{
	/* That something else is open is told as well, or it could not be told that all were seen.
	 */
	return memtree_add_link(recorder->tree, path,
				is_private(path, target) ? "private" : target);
}

static struct via_memtree_node *note_link(struct via_recorder *recorder, const char *path, int at,
					  const char *name)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(at, name, target, sizeof(target) - 1);

	if (n < 0)
		return NULL;
	target[n] = '\0';
	return note_target(recorder, path, target);
}

/* @name, seen from @at, is what the recording knows as @path. */
static struct via_memtree_node *note_found(struct via_recorder *recorder, const char *path, int at,
					   const char *name, mode_t mode)
{
	if (S_ISLNK(mode))
		return note_link(recorder, path, at, name);
	return memtree_add(recorder->tree, path,
			   S_ISDIR(mode)   ? VIA_MEMTREE_DIRECTORY
			   : S_ISREG(mode) ? VIA_MEMTREE_FILE
					   : VIA_MEMTREE_SPECIAL);
}

/* Of the live host nothing has to be confined, and the directory above is known to be one. */
static struct via_memtree_node *discover_live(struct via_recorder *recorder, const char *path)
{
	struct stat status;

	if (fstatat(recorder->root.fd, path, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return note_failure(recorder, path, -errno);
	return note_found(recorder, path, recorder->root.fd, path, status.st_mode);
}

static struct via_memtree_node *discover_confined(struct via_recorder *recorder, const char *path)
{
	_cleanup_close_ int fd = root_openat(&recorder->root, path, O_PATH | O_NOFOLLOW);
	struct stat status;

	if (fd < 0)
		return note_failure(recorder, path, fd);
	return fstat(fd, &status) == 0 ? note_found(recorder, path, fd, "", status.st_mode) : NULL;
}

static struct via_memtree_node *note_seen(struct via_recorder *recorder, const char *path,
					  const struct via_seen *seen)
{
	if (seen->r < 0)
		return note_failure(recorder, path, seen->r);
	if (seen->target)
		return note_target(recorder, path, seen->target);
	return memtree_add(recorder->tree, path, VIA_MEMTREE_FILE);
}

/* What is at @path, whose directory is a real one: one more node. */
static struct via_memtree_node *discover(void *context, const char *path, bool last)
{
	struct via_recorder *recorder = context;
	const struct via_seen *seen = last ? recorder->seen : NULL;

	if (seen) {
		recorder->seen = NULL;
		return note_seen(recorder, path, seen);
	}
	if (recorder->root.tree)
		return discover_kept(recorder, path);
	return recorder->root.live ? discover_live(recorder, path)
				   : discover_confined(recorder, path);
}

static struct via_memtree_node *reach(struct via_recorder *recorder, const char *path, bool follow)
{
	struct via_memtree_node *node;
	int r = memtree_walk(recorder->tree, path, follow, discover, recorder, &node);

	recorder->seen = NULL;
	return r < 0 ? NULL : node;
}

/* Elsewhere an error may be that of the way there. */
static bool tells(const struct via_recorder *recorder, int r)
{
	return recorder->root.live && (r == 0 || r == -ENOENT);
}

void record_path(struct via_recorder *recorder, const char *path, int r)
{
	struct via_seen seen = { .r = r };

	/* That it is there does not say what it is. */
	recorder->seen = r < 0 && tells(recorder, r) ? &seen : NULL;
	reach(recorder, path, false);
}

void record_link(struct via_recorder *recorder, const char *path, int r, const char *target)
{
	struct via_seen seen = { .r = r, .target = target };

	recorder->seen = tells(recorder, r) ? &seen : NULL;
	reach(recorder, path, false);
}

void record_read(struct via_recorder *recorder, const char *path, int r, bool unfollowed,
		 const void *data, size_t size)
{
	struct via_seen seen = { .r = r };
	struct via_memtree_node *node;

	recorder->seen = unfollowed && tells(recorder, r) ? &seen : NULL;
	node = reach(recorder, path, true);
	if (!node || node->kind != VIA_MEMTREE_FILE)
		return;
	if (r < 0 && !node->filled)
		node->error = -r;
	/* Read twice, the longer of both serves either. */
	if (r < 0 || (node->filled && size <= node->data.size))
		return;
	node->error = 0;
	node->filled = true;
	node->data = (struct via_span){ arena_memdup(recorder->tree->arena, data, size), size };
}

void record_names(struct via_recorder *recorder, const char *path, int r,
		  const struct via_names *names)
{
	struct via_memtree_node *node = reach(recorder, path, true);

	if (!node || node->kind != VIA_MEMTREE_DIRECTORY)
		return;
	node->error = r < 0 ? -r : 0;
	if (r < 0)
		return;
	node->filled = true;
	node->names = (struct via_names){ 0 };
	via_for_each (name, names)
		*via_list_add(recorder->tree->arena, &node->names) =
			arena_strdup(recorder->tree->arena, *name);
}
