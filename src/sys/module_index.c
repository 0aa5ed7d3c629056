/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/module_index.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/libkmod_late.h"
#include "sys/record.h"
#include "sys/memtree.h"

enum { ANSWERS = 1024 };

struct answered {
	const char *modalias; /* in the arena of who asked, like the names */
	int r;
	struct via_names names;
};

struct via_module_index {
	struct kmod_ctx *context; /* NULL: answers come from @recorded */
	json_t *recorded;
	struct via_recorder *recorder;
	int fd;
	struct answered answered[ANSWERS]; /* many functions are of one kind */
};

static void quiet(void *data, int priority, const char *file, int line, const char *function,
		  const char *format, va_list arguments)
{
}

static int open_recorded(struct via_module_index **ret, const struct via_root *root)
{
	struct via_module_index *index;
	struct via_span text;
	int r = memtree_read(root->tree, MODULE_CLAIMS_PATH, &text);

	if (r < 0)
		return -ENODATA;
	index = calloc(1, sizeof(*index));
	if (!index)
		return -ENOMEM;
	index->fd = -1;
	index->recorded = json_loadb((const char *)text.data, text.size, 0, NULL);
	r = index->recorded ? (int)json_integer_value(json_object_get(index->recorded, "errno"))
			    : EBADMSG;
	if (r) {
		module_index_close(index);
		return r > 0 && r < 4096 ? -r : -EBADMSG;
	}
	*ret = index;
	return 0;
}

static int open_index(struct via_module_index **ret, const struct via_root *root,
		      const char *release)
{
	_cleanup_close_ int directory = -1;
	struct via_module_index *index;
	char path[512];
	int r;

	if (!root->live)
		return -EOPNOTSUPP;
	snprintf(path, sizeof(path), "lib/modules/%s", release);
	directory = root_openat(root, path, O_PATH | O_DIRECTORY);
	if (directory < 0)
		return directory;
	if (faccessat(directory, "modules.alias.bin", F_OK, 0) < 0)
		return -errno;
	if (!libkmod_load())
		return -EOPNOTSUPP;
	index = calloc(1, sizeof(*index));
	if (!index)
		return -ENOMEM;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", directory);
	index->context = kmod_new(path, &(const char *){ NULL });
	if (!index->context) {
		free(index);
		return -ENOMEM;
	}
	kmod_set_log_fn(index->context, quiet, NULL);
	r = kmod_load_resources(index->context);
	index->fd = steal_fd(&directory);
	if (r < 0) {
		module_index_close(index);
		return r;
	}
	*ret = index;
	return 0;
}

int module_index_open(struct via_module_index **ret, const struct via_root *root,
		      const char *release)
{
	int r = root->tree ? open_recorded(ret, root) : open_index(ret, root, release);

	if (r < 0 && root->recorder)
		record_no_claims(root->recorder, r);
	if (r == 0)
		(*ret)->recorder = root->recorder;
	return r;
}

void module_index_close(struct via_module_index *index)
{
	if (!index)
		return;
	json_decref(index->recorded);
	if (index->context)
		kmod_unref(index->context);
	if (index->fd >= 0)
		close(index->fd);
	free(index);
}

static int recorded_claims(const struct via_module_index *index, struct via_arena *arena,
			   const char *modalias, struct via_names *ret)
{
	json_t *answer = json_object_get(json_object_get(index->recorded, "claims"), modalias);
	json_t *name;
	size_t i;

	if (json_is_integer(answer))
		return -(int)(json_integer_value(answer) & 0xfff);
	if (!json_is_array(answer))
		return -ENODATA;
	json_array_foreach (answer, i, name)
		if (json_is_string(name))
			*via_list_add(arena, ret) = arena_strdup(arena, json_string_value(name));
	return 0;
}

static int kmod_claims(const struct via_module_index *index, struct via_arena *arena,
		       const char *modalias, struct via_names *ret)
{
	struct kmod_list *list = NULL, *item;
	int r = kmod_module_new_from_lookup(index->context, modalias, &list);

	if (r < 0)
		return r;
	kmod_list_foreach (item, list) {
		struct kmod_module *module = kmod_module_get_module(item);

		/* One module may claim a device by its ids and by its class. */
		if (!names_have(ret, kmod_module_get_name(module)))
			*via_list_add(arena, ret) =
				arena_strdup(arena, kmod_module_get_name(module));
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
	return 0;
}

static uint32_t hash(const char *text)
{
	uint32_t value = 2166136261;

	for (; *text; text++)
		value = (value ^ (unsigned char)*text) * 16777619;
	return value;
}

static struct answered ask(struct via_module_index *index, struct via_arena *arena,
			   const char *modalias)
{
	struct answered answer = { .modalias = arena_strdup(arena, modalias) };

	answer.r = index->recorded ? recorded_claims(index, arena, modalias, &answer.names)
				   : kmod_claims(index, arena, modalias, &answer.names);
	if (index->recorder)
		record_claims(index->recorder, modalias, answer.r, &answer.names);
	return answer;
}

struct via_fact module_index_claims(struct via_module_index *index, struct via_arena *arena,
				    const char *modalias, struct via_names *ret)
{
	static const char path[] = "lib/modules/*/modules.alias";
	struct answered *kept = &index->answered[hash(modalias) % ANSWERS];

	if (!kept->modalias || strcmp(kept->modalias, modalias) != 0)
		*kept = ask(index, arena, modalias);
	if (kept->r < 0)
		return fact_unknown(path, -kept->r);
	*ret = kept->names;
	return fact_present(path, NULL, kept->names.count);
}
