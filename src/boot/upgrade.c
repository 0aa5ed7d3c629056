/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/upgrade.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "boot/generator.h"
#include "decode/line.h"

/* Names of modules are made of these. */
#define MODULE_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

enum { LIST_BYTES = 8 * 1024 * 1024 };

/* "kernel/drivers/vfio/pci/vfio-pci.ko.xz: …" is vfio_pci. */
static bool is_module(const char *line, const char *end, const char *module)
{
	const char *colon = memchr(line, ':', (size_t)(end - line)), *name = colon ?: end;

	while (name > line && name[-1] != '/')
		name--;
	for (; name < end && *module; name++, module++)
		if (*name != *module && !(*name == '-' && *module == '_'))
			return false;
	return !*module && end - name >= 3 && memcmp(name, ".ko", 3) == 0;
}

static bool lists(struct via_span list, const char *module)
{
	const char *line = (const char *)list.data;

	for (size_t left = list.size; left;) {
		const char *end = memchr(line, '\n', left) ?: line + left;

		if (is_module(line, end, module))
			return true;
		end += end < line + left;
		left -= (size_t)(end - line);
		line = end;
	}
	return false;
}

/* Which modules an installed kernel has. */
struct kernel_lists {
	struct via_blob loadable, builtin;
};

static struct kernel_lists lists_of(const struct via_boot_view *view, const char *release)
{
	return (struct kernel_lists){
		.loadable = root_blob(view->root, view->arena, LIST_BYTES,
				      "lib/modules/%s/modules.dep", release),
		.builtin = root_blob(view->root, view->arena, LIST_BYTES,
				     "lib/modules/%s/modules.builtin", release),
	};
}

static bool has(const struct kernel_lists *kernel, const char *module)
{
	return lists(kernel->loadable.span, module) || lists(kernel->builtin.span, module);
}

/* What guests are given rests on these; of the rest only what is at work counts. */
static bool counts(const struct via_kernel *kernel, const struct via_module *module)
{
	bool there =
		fact_is(&module->available, VIA_PRESENT) || fact_is(&module->builtin, VIA_PRESENT);

	return there && (module == &kernel->modules[VIA_MODULE_VFIO_PCI] ||
			 module == &kernel->modules[VIA_MODULE_VFIO] ||
			 module == &kernel->modules[VIA_MODULE_KVM] ||
			 fact_is(&module->loaded, VIA_PRESENT));
}

static void look_at_modules(struct via_boot_view *view, const struct kernel_lists *lists)
{
	struct via_upgrade *upgrade = &view->host->upgrade;
	const struct via_kernel *kernel = &view->host->kernel;
	const struct via_fact *loadable = &lists->loadable.fact;

	upgrade->modules = fact_is(loadable, VIA_PRESENT) ? lists->builtin.fact : *loadable;
	if (!fact_is(&upgrade->modules, VIA_PRESENT))
		return;
	upgrade->modules.text = NULL;
	for (size_t i = 0; i < VIA_COUNT(kernel->modules); i++)
		if (counts(kernel, &kernel->modules[i]) && !has(lists, kernel->modules[i].name))
			*via_list_add(view->arena, &upgrade->lacking) = kernel->modules[i].name;
}

/* Names that files give to modules, compared between two kernels. */
struct naming {
	struct via_boot_view *view;
	struct kernel_lists now;
	const struct kernel_lists *then;
};

static bool runs_now(const struct naming *naming, const char *module)
{
	struct via_fact loaded;

	if (has(&naming->now, module))
		return true;
	/* Where its folder was taken away by the upgrade, what is loaded still tells. */
	loaded = root_exists(naming->view->root, naming->view->arena, "sys/module/%s", module);
	return fact_is(&loaded, VIA_PRESENT);
}

static bool is_told(const struct via_upgrade *upgrade, const char *module)
{
	via_for_each (named, &upgrade->named)
		if (strcmp(named->name, module) == 0)
			return true;
	return false;
}

static void judge_name(const struct naming *naming, const char *word, size_t length,
		       const char *place)
{
	struct via_upgrade *upgrade = &naming->view->host->upgrade;
	char *name = arena_strndup(naming->view->arena, word, length);

	for (char *at = name; *at; at++)
		if (*at == '-')
			*at = '_';
	if (*name && !is_told(upgrade, name) && !has(naming->then, name) && runs_now(naming, name))
		*via_list_add(naming->view->arena, &upgrade->named) =
			(struct via_named_module){ name, place };
}

/* Whatever else stands on the line is the name of no module. */
static void judge_words(const struct naming *naming, const char *line, const char *place)
{
	while (*line) {
		size_t length = strspn(line, MODULE_LETTERS);

		judge_name(naming, line, length, place);
		line += length;
		line += strcspn(line, MODULE_LETTERS);
	}
}

/* A name begins each line; options follow it. */
static void judge_list(const struct naming *naming, const char *path)
{
	struct via_blob blob = view_read(naming->view, path);
	char *line;

	while (fact_is(&blob.fact, VIA_PRESENT) &&
	       (line = line_next(naming->view->arena, &blob.span))) {
		line = line_trim(line);
		if (*line != '#' && *line != ';')
			judge_name(naming, line, strspn(line, MODULE_LETTERS), blob.fact.path);
	}
}

static void look_at_names(struct via_boot_view *view, const struct kernel_lists *then)
{
	const char *running = fact_text(&view->host->kernel_release);
	struct naming naming = { .view = view, .then = then };

	if (!fact_is(&view->host->upgrade.modules, VIA_PRESENT))
		return;
	if (running)
		naming.now = lists_of(view, running);
	judge_list(&naming, "etc/initramfs-tools/modules");
	via_for_each (asked, &view->host->kernel.asked)
		judge_name(&naming, asked->name, strlen(asked->name), asked->place);
	via_for_each (rule, &view->host->kernel.modprobe)
		if (rule->kind == VIA_MODPROBE_OPTIONS && text_starts(rule->place, "etc/"))
			judge_name(&naming, rule->module, strlen(rule->module), rule->place);
	via_for_each (want, &view->boot->wants)
		judge_words(&naming, want->value, want->path);
}

/* The entry that boots it, or one with the names that images have. */
static struct via_boot_entry entry_of(struct via_boot_view *view, const char *release)
{
	struct via_boot_entry entry = { .parent = -1 };

	via_for_each (found, &view->boot->menu.entries) {
		const char *own = entry_release(view->arena, found);

		if (own && strcmp(own, release) == 0 && found->initrds.count)
			return *found;
	}
	*via_list_add(view->arena, &entry.initrds) =
		arena_printf(view->arena, "/boot/initramfs-%s.img", release);
	*via_list_add(view->arena, &entry.initrds) =
		arena_printf(view->arena, "/boot/initrd.img-%s", release);
	return entry;
}

static bool is_inside(const struct via_initramfs *content, const char *path)
{
	via_for_each (file, &content->files)
		if (strcmp(file->path, path + (*path == '/')) == 0)
			return true;
	return false;
}

static void look_at_image(struct via_boot_view *view, const char *release)
{
	const struct via_boot_early *early = &view->boot->early;
	struct via_upgrade *upgrade = &view->host->upgrade;
	const struct via_boot_image kept = view->boot->image;
	const struct via_boot_entry entry = entry_of(view, release);
	const struct via_boot_image *image = &view->boot->image;

	view->boot->image = (struct via_boot_image){ 0 };
	image_look_entry(view, &entry);
	upgrade->image = image->index;
	if (fact_is(&image->index, VIA_PRESENT) && !image->content.complete)
		upgrade->image = fact_unknown(image->index.path, EBADMSG);
	if (fact_is(&upgrade->image, VIA_PRESENT)) {
		if (!initramfs_has(&image->content, "vfio-pci"))
			*via_list_add(view->arena, &upgrade->outside) = "vfio-pci";
		if (early->image && !is_inside(&image->content, early->image))
			*via_list_add(view->arena, &upgrade->outside) = early->image;
	}
	view->boot->image = kept;
}

static const char *newest(const struct via_host *host)
{
	const char *release = fact_text(&host->boot.newest_release);
	const char *running = fact_text(&host->kernel_release);

	return release && running && strverscmp(release, running) > 0 ? release : NULL;
}

void upgrade_look(const struct via_root *root, struct via_host *host, const char *release)
{
	struct via_boot_view view = {
		.root = root, .host = host, .boot = &host->boot, .arena = host->arena
	};
	struct via_upgrade *upgrade = &host->upgrade;
	const struct via_boot_state *wanted = &host->boot.early.wanted;
	struct kernel_lists lists;

	*upgrade = (struct via_upgrade){ .looked = true };
	release = release ?: newest(host);
	upgrade->kernel = host->boot.newest_release;
	if (!release) {
		if (fact_is(&upgrade->kernel, VIA_PRESENT))
			upgrade->kernel = fact_absent(upgrade->kernel.path);
		return;
	}
	upgrade->kernel = fact_present("lib/modules", arena_strdup(host->arena, release), 1);
	lists = lists_of(&view, release);
	look_at_modules(&view, &lists);
	look_at_names(&view, &lists);
	upgrade->early = wanted->fact;
	if (!wanted->file.there || host->boot.early.by_line) {
		upgrade->early = fact_absent(wanted->path);
		return;
	}
	upgrade->early.text = wanted->path;
	look_at_image(&view, release);
}
