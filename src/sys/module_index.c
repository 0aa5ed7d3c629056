/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/module_index.h"

#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <stdio.h>

#include "base/cleanup.h"

struct via_module_index {
	struct kmod_ctx *context;
	int fd;
};

static void quiet(void *data, int priority, const char *file, int line, const char *function,
		  const char *format, va_list arguments)
{
}

int module_index_open(struct via_module_index **ret, const struct via_root *root,
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

void module_index_close(struct via_module_index *index)
{
	if (!index)
		return;
	kmod_unref(index->context);
	close(index->fd);
	free(index);
}

struct via_fact module_index_claims(struct via_module_index *index, struct via_arena *arena,
				    const char *modalias, struct via_names *ret)
{
	static const char path[] = "lib/modules/*/modules.alias";
	struct kmod_list *list = NULL, *item;
	struct via_names names = { 0 };
	int r = kmod_module_new_from_lookup(index->context, modalias, &list);

	if (r < 0)
		return fact_unknown(path, -r);
	kmod_list_foreach (item, list) {
		struct kmod_module *module = kmod_module_get_module(item);

		/* One module may claim a device by its ids and by its class. */
		if (!names_have(&names, kmod_module_get_name(module)))
			*via_list_add(arena, &names) =
				arena_strdup(arena, kmod_module_get_name(module));
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
	*ret = names;
	return fact_present(path, NULL, names.count);
}
