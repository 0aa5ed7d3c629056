/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/upgrade.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "boot/generator.h"

enum { LIST_BYTES = 8 * 1024 * 1024 };

/* "kernel/drivers/vfio/pci/vfio-pci.ko.xz: …" is vfio_pci. */
static bool is_module(const char *line, const char *end, const char *module)
{
	static const char suffix[] = ".ko";
	const char *name;

	end = memchr(line, ':', (size_t)(end - line)) ?: end;
	name = end;
	while (name > line && name[-1] != '/')
		name--;
	for (; name < end && *module; name++, module++)
		if (*name != *module && !(*name == '-' && *module == '_'))
			return false;
	return !*module && (size_t)(end - name) >= strlen(suffix) &&
	       memcmp(name, suffix, strlen(suffix)) == 0;
}

/* It has thousands of lines, and is asked for each module: none is copied. */
static bool lists(struct via_span list, const char *module)
{
	const char *line = (const char *)list.data, *end = line + list.size;

	while (line < end) {
		const char *stop = memchr(line, '\n', (size_t)(end - line)) ?: end;

		if (is_module(line, stop, module))
			return true;
		line = stop < end ? stop + 1 : end;
	}
	return false;
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

static void look_at_modules(struct via_boot_view *view, const char *release)
{
	struct via_upgrade *upgrade = &view->host->upgrade;
	const struct via_kernel *kernel = &view->host->kernel;
	struct via_blob loadable = root_blob(view->root, view->arena, LIST_BYTES,
					     "lib/modules/%s/modules.dep", release);
	struct via_blob builtin = root_blob(view->root, view->arena, LIST_BYTES,
					    "lib/modules/%s/modules.builtin", release);

	upgrade->modules = fact_is(&loadable.fact, VIA_PRESENT) ? builtin.fact : loadable.fact;
	if (!fact_is(&upgrade->modules, VIA_PRESENT))
		return;
	upgrade->modules.text = NULL;
	for (size_t i = 0; i < VIA_COUNT(kernel->modules); i++) {
		const struct via_module *module = &kernel->modules[i];

		if (counts(kernel, module) && !lists(loadable.span, module->name) &&
		    !lists(builtin.span, module->name))
			*via_list_add(view->arena, &upgrade->lacking) = module->name;
	}
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

	*upgrade = (struct via_upgrade){ .looked = true };
	release = release ?: newest(host);
	upgrade->kernel = host->boot.newest_release;
	if (!release) {
		if (fact_is(&upgrade->kernel, VIA_PRESENT))
			upgrade->kernel = fact_absent(upgrade->kernel.path);
		return;
	}
	upgrade->kernel = fact_present("lib/modules", arena_strdup(host->arena, release), 1);
	look_at_modules(&view, release);
	upgrade->early = wanted->fact;
	if (!wanted->file.there || host->boot.early.by_line) {
		upgrade->early = fact_absent(wanted->path);
		return;
	}
	upgrade->early.text = wanted->path;
	look_at_image(&view, release);
}
