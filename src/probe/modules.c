/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

enum { INDEX_LIMIT = 8 * 1024 * 1024 };

static struct via_module *module_at(struct via_kernel *kernel, size_t i)
{
	if (i < VIA_MODULES)
		return &kernel->modules[i];
	i -= VIA_MODULES;
	return i < kernel->configured.count ? &kernel->configured.items[i] : NULL;
}

/* Whether "NAME.ko…" is that module, dashes and underscores being one. */
static bool is_file_of(const char *file, size_t length, const char *name)
{
	size_t i = 0;

	for (; i < length && name[i]; i++)
		if ((file[i] == '-' ? '_' : file[i]) != name[i])
			return false;
	return !name[i] && length - i >= 3 && memcmp(file + i, ".ko", 3) == 0;
}

/* One line of an index: "kernel/drivers/vfio/vfio.ko.zst: kernel/…"; the file is the module. */
static void take_line(struct via_host *host, const char *line, size_t length, size_t member)
{
	const char *colon = memchr(line, ':', length), *slash;
	struct via_module *module;

	if (colon)
		length = (size_t)(colon - line);
	slash = memrchr(line, '/', length);
	if (slash) {
		length -= (size_t)(slash + 1 - line);
		line = slash + 1;
	}
	for (size_t i = 0; (module = module_at(&host->kernel, i)); i++) {
		struct via_fact *fact = (struct via_fact *)(void *)((char *)module + member);

		if (is_file_of(line, length, module->name))
			*fact = fact_present(fact->path, "listed", 1);
	}
}

/* One pass over an index answers for all modules. @member: the fact of each that it tells */
static void read_index(const struct via_root *root, struct via_host *host, const char *name,
		       size_t member)
{
	const char *release = fact_text(&host->kernel_release);
	struct via_blob blob = root_blob(root, host->arena, INDEX_LIMIT, "lib/modules/%s/%s",
					 release ? release : "unknown", name);
	const char *at = (const char *)blob.span.data, *end = at ? at + blob.span.size : at;
	bool told = fact_is(&blob.fact, VIA_PRESENT);
	struct via_module *module;

	for (size_t i = 0; (module = module_at(&host->kernel, i)); i++) {
		const char *path =
			told ? arena_printf(host->arena, "%s: %s", blob.fact.path, module->name)
			     : blob.fact.path;

		*(struct via_fact *)(void *)((char *)module + member) =
			told ? fact_absent(path)
			     : fact_unknown(path, blob.fact.error ? blob.fact.error : ENOENT);
	}
	while (told && at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (!stop)
			stop = end;
		take_line(host, at, (size_t)(stop - at), member);
		at = stop + 1;
	}
}

/* Only modules that were loaded have an initstate; built-in code has none. */
static void look_at_work(const struct via_root *root, struct via_host *host,
			 struct via_module *module, const struct via_fact *directory,
			 const struct via_names *names)
{
	const char *path = arena_printf(host->arena, "sys/module/%s", module->name);

	module->loaded = *directory;
	module->loaded.path = path;
	if (!fact_is(directory, VIA_PRESENT))
		return;
	module->loaded =
		names_have(names, module->name) ? fact_present(path, NULL, 1) : fact_absent(path);
	if (fact_is(&module->loaded, VIA_PRESENT) && !fact_is(&module->builtin, VIA_PRESENT))
		module->loadable = root_exists(root, host->arena, "%s/initstate", path);
}

static void name_modules(struct via_host *host)
{
	struct via_kernel *kernel = &host->kernel;

	for (int i = 0; i < VIA_MODULES; i++) {
		enum via_kernel_option option = module_kind(i)->option;

		kernel->modules[i].name = module_kind(i)->name;
		if (option < VIA_KERNEL_OPTION_COUNT)
			kernel->modules[i].config = kernel->options[option];
	}
	via_for_each (rule, &kernel->modprobe)
		if ((rule->kind == VIA_MODPROBE_OPTIONS || rule->kind == VIA_MODPROBE_SOFTDEP) &&
		    !kernel_module(kernel, rule->module))
			via_list_add(host->arena, &kernel->configured)->name = rule->module;
}

void probe_modules(const struct via_root *root, struct via_host *host)
{
	const char *release = fact_text(&host->kernel_release);
	struct via_kernel *kernel = &host->kernel;
	struct via_module *module;
	struct via_names names;
	struct via_fact directory;

	name_modules(host);
	kernel->modules_directory =
		root_exists(root, host->arena, "lib/modules/%s", release ? release : "unknown");
	read_index(root, host, "modules.builtin", offsetof(struct via_module, builtin));
	read_index(root, host, "modules.dep", offsetof(struct via_module, available));
	directory = root_entries(root, host->arena, &names, "sys/module");
	for (size_t i = 0; (module = module_at(kernel, i)); i++)
		look_at_work(root, host, module, &directory, &names);
}
