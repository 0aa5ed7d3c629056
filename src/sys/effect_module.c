/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/effect_live.h"

#include <errno.h>
#include <stdio.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sys/libkmod_late.h"
#include "sys/watch.h"

static void cleanup_context(struct kmod_ctx **context)
{
	if (*context)
		kmod_unref(*context);
}

static void cleanup_module(struct kmod_module **module)
{
	if (*module)
		kmod_module_unref(*module);
}

static void cleanup_modules(struct kmod_list **list)
{
	if (*list)
		kmod_module_unref_list(*list);
}

/* libkmod's own default is the running kernel's directory below "/". */
static struct kmod_ctx *new_context(const struct via_root *root)
{
	char directory[sizeof(root->path) + sizeof("/lib/modules/") + sizeof(struct utsname)];
	struct utsname names;

	if (!libkmod_load())
		return NULL;
	if (root->live)
		return kmod_new(NULL, NULL);
	if (uname(&names) < 0)
		return NULL;
	snprintf(directory, sizeof(directory), "%s/lib/modules/%s", root->path, names.release);
	return kmod_new(directory, NULL);
}

struct module_request {
	const struct via_root *root;
	const char *name, *keep;
};

static int load(void *argument)
{
	const struct module_request *request = argument;
	_cleanup_(cleanup_context) struct kmod_ctx *context = new_context(request->root);
	_cleanup_(cleanup_modules) struct kmod_list *found = NULL;
	struct kmod_list *at;
	int r;

	if (!context)
		return -ENOMEM;
	r = kmod_module_new_from_lookup(context, request->name, &found);
	if (r < 0)
		return r;
	if (!found)
		return -ENOENT;
	kmod_list_foreach (at, found) {
		_cleanup_(cleanup_module) struct kmod_module *module = kmod_module_get_module(at);

		r = kmod_module_probe_insert_module(module, 0, NULL, NULL, NULL, NULL);
		if (r < 0)
			return r;
	}
	return 0;
}

static void remove_if_unused(struct kmod_module *module, const char *keep)
{
	if (keep && text_has_word(keep, kmod_module_get_name(module)))
		return;
	if (kmod_module_get_initstate(module) == KMOD_MODULE_LIVE &&
	    kmod_module_get_refcnt(module) == 0)
		kmod_module_remove_module(module, 0);
}

/* What loading it brought along though it does not need it (vfio_iommu_type1 of vfio). */
static void remove_followers(struct kmod_module *module, const char *keep)
{
	_cleanup_(cleanup_modules) struct kmod_list *before = NULL;
	_cleanup_(cleanup_modules) struct kmod_list *after = NULL;
	struct kmod_list *at;

	if (kmod_module_get_softdeps(module, &before, &after) < 0)
		return;
	kmod_list_foreach (at, after) {
		_cleanup_(cleanup_module) struct kmod_module *follower = kmod_module_get_module(at);

		remove_if_unused(follower, keep);
	}
}

/* The list runs from what is inserted first to what is inserted last. */
static void remove_dependencies(struct kmod_module *module, const char *keep)
{
	_cleanup_(cleanup_modules) struct kmod_list *needs = kmod_module_get_dependencies(module);
	struct kmod_list *at;

	kmod_list_foreach_reverse(at, needs)
	{
		_cleanup_(cleanup_module) struct kmod_module *need = kmod_module_get_module(at);

		remove_followers(need, keep);
		remove_if_unused(need, keep);
	}
}

static int unload(void *argument)
{
	const struct module_request *request = argument;
	_cleanup_(cleanup_context) struct kmod_ctx *context = new_context(request->root);
	_cleanup_(cleanup_module) struct kmod_module *module = NULL;
	int r;

	if (!context)
		return -ENOMEM;
	r = kmod_module_new_from_name(context, request->name, &module);
	if (r < 0)
		return r;
	r = kmod_module_get_initstate(module);
	if (r < 0)
		return -ENOENT;
	if (r == KMOD_MODULE_BUILTIN)
		return -EBUSY;
	r = kmod_module_remove_module(module, 0);
	if (r < 0) /* the kernel's word for "has users" differs with what uses it */
		return r == -EAGAIN ? -EBUSY : r;
	remove_dependencies(module, request->keep);
	return 0;
}

int live_load_module(void *context, const char *name)
{
	struct module_request request = { .root = context, .name = name };

	return watch_call(load, &request, EFFECT_LIMIT_MS);
}

int live_unload_module(void *context, const char *name, const char *keep)
{
	struct module_request request = { .root = context, .name = name, .keep = keep };

	return watch_call(unload, &request, EFFECT_LIMIT_MS);
}
