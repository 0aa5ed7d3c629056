/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/root_node.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "sys/record.h"

enum { NODES_LIMIT = 1024 * 1024 };

static char kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFCHR:
		return 'c';
	case S_IFBLK:
		return 'b';
	case S_IFDIR:
		return 'd';
	case S_IFLNK:
		return 'l';
	case S_IFIFO:
		return 'p';
	case S_IFSOCK:
		return 's';
	default:
		return '-';
	}
}

static int live_node(const struct via_root *root, const char *path, struct via_node_status *ret)
{
	_cleanup_close_ int fd = root_openat(root, path, O_PATH | O_NOFOLLOW);
	struct stat status;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	*ret = (struct via_node_status){
		.kind = kind_of(status.st_mode),
		.mode = status.st_mode & 07777,
		.uid = status.st_uid,
		.gid = status.st_gid,
		.major = major(status.st_rdev),
		.minor = minor(status.st_rdev),
	};
	return 0;
}

static int take_number(json_t *node, const char *key, unsigned int *ret)
{
	json_int_t value = json_integer_value(json_object_get(node, key));

	if (value < 0 || value > UINT32_MAX)
		return -EBADMSG;
	*ret = (unsigned int)value;
	return 0;
}

static int take_node(json_t *node, struct via_node_status *ret)
{
	const char *kind = json_string_value(json_object_get(node, "kind"));
	struct via_node_status status = { 0 };

	if (!kind || !kind[0] || kind[1])
		return -EBADMSG;
	status.kind = kind[0];
	if (take_number(node, "mode", &status.mode) < 0 ||
	    take_number(node, "uid", &status.uid) < 0 ||
	    take_number(node, "gid", &status.gid) < 0 ||
	    take_number(node, "major", &status.major) < 0 ||
	    take_number(node, "minor", &status.minor) < 0)
		return -EBADMSG;
	*ret = status;
	return 0;
}

static int recorded_node(const struct via_root *root, const char *path, struct via_node_status *ret)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_root unrecorded = *root; /* it goes into a new recording by itself */
	struct via_blob text;
	json_t *all, *node;
	int r = -ENODATA;

	unrecorded.recorder = NULL;
	text = root_blob(&unrecorded, arena, NODES_LIMIT, NODES_PATH);
	if (!fact_is(&text.fact, VIA_PRESENT))
		return -ENODATA;
	all = json_loadb((const char *)text.span.data, text.span.size, 0, NULL);
	node = json_object_get(json_object_get(all, "nodes"), path);
	if (node)
		r = take_node(node, ret);
	json_decref(all);
	return r;
}

static json_t *json_of(const struct via_node_status *status)
{
	return json_pack("{s:s%, s:i, s:i, s:i, s:i, s:i}", "kind", &status->kind, (size_t)1,
			 "mode", status->mode, "uid", status->uid, "gid", status->gid, "major",
			 status->major, "minor", status->minor);
}

static const char *spelled(struct via_arena *arena, const struct via_node_status *status)
{
	char bits[] = "rwxrwxrwx";

	for (int i = 0; i < 9; i++)
		if (!(status->mode >> (8 - i) & 1))
			bits[i] = '-';
	return arena_printf(arena, "%c%s %u:%u %u:%u", status->kind, bits, status->uid, status->gid,
			    status->major, status->minor);
}

struct via_fact root_node(const struct via_root *root, struct via_arena *arena, const char *path,
			  struct via_node_status *ret)
{
	struct via_fact fact = root_exists(root, arena, "%s", path);
	struct via_node_status status;
	int r;

	if (!fact_is(&fact, VIA_PRESENT))
		return fact;
	r = root->live ? live_node(root, path, &status) : recorded_node(root, path, &status);
	if (r < 0)
		return fact_unknown(fact.path, -r);
	if (root->recorder)
		record_node(root->recorder, path, json_of(&status));
	*ret = status;
	return fact_present(fact.path, spelled(arena, &status), 1);
}
