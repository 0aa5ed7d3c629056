/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "crash.h"

/* What each needs stands below it. */
static const struct fake_module {
	const char *name, *driver;
	const char *needs[4];
} modules[] = {
	{ .name = "vfio_pci",
	  .driver = "vfio-pci",
	  .needs = { "vfio_pci_core", "vfio", "irqbypass" } },
	{ .name = "vfio_pci_core", .needs = { "vfio", "irqbypass" } },
	{ .name = "mlx5_vfio_pci",
	  .driver = "mlx5_vfio_pci",
	  .needs = { "vfio_pci_core", "vfio", "irqbypass" } },
	{ .name = "vfio" },
	{ .name = "irqbypass" },
	{ .name = "igb", .driver = "igb" },
	{ .name = "igbvf", .driver = "igbvf" },
	{ .name = "nvme", .driver = "nvme", .needs = { "nvme_core" } },
	{ .name = "nvme_core" },
	{ .name = "nouveau", .driver = "nouveau" },
	{ .name = "snd_hda_intel", .driver = "snd_hda_intel" },
	{ .name = "ahci", .driver = "ahci" },
	{ .name = "i2c_i801", .driver = "i801_smbus" },
	{ .name = "mtty", .needs = { "mdev" } },
	{ .name = "mdev" },
	{ .name = "vdpa" },
	{ .name = "vdpa_sim_net", .needs = { "vdpa" } },
	{ .name = "vhost_vdpa", .needs = { "vdpa" } },
	{ .name = "virtio_vdpa", .needs = { "vdpa" } },
};

static const struct fake_module *module_named(const char *name)
{
	char text[64];

	snprintf(text, sizeof(text), "%s", name);
	for (char *c = text; *c; c++)
		if (*c == '-')
			*c = '_';
	for (size_t i = 0; i < VIA_COUNT(modules); i++)
		if (strcmp(modules[i].name, text) == 0)
			return &modules[i];
	return NULL;
}

static bool any(void *context, const char *name)
{
	return true;
}

static bool loaded(const struct fake_tree *tree, const struct fake_module *module)
{
	return tree_has(tree, path_of("sys/module/%s", module->name));
}

static bool held(const struct fake_tree *tree, const struct fake_module *module)
{
	return tree_each(tree, path_of("sys/module/%s/holders", module->name), any, NULL);
}

static void insert(struct fake_kernel *kernel, const struct fake_module *module)
{
	const struct fake_tree *tree = &kernel->tree;

	if (loaded(tree, module))
		return;
	for (size_t i = 0; i < VIA_COUNT(module->needs) && module->needs[i]; i++)
		insert(kernel, module_named(module->needs[i]));
	tree_put(tree, path_of("sys/module/%s/initstate", module->name), "live");
	tree_put(tree, path_of("sys/module/%s/refcnt", module->name), "0");
	tree_directory(tree, path_of("sys/module/%s/holders", module->name));
	for (size_t i = 0; i < VIA_COUNT(module->needs) && module->needs[i]; i++)
		tree_link(tree, path_of("sys/module/%s/holders/%s", module->needs[i], module->name),
			  path_of("sys/module/%s", module->name));
	if (module->driver)
		fake_driver_register(kernel, module->driver, module->name);
	fake_virtual_load(kernel, module->name);
}

static void take_out(struct fake_kernel *kernel, const struct fake_module *module, const char *keep)
{
	const struct fake_tree *tree = &kernel->tree;

	if (module->driver)
		fake_driver_unregister(kernel, module->driver);
	fake_virtual_unload(kernel, module->name);
	tree_remove(tree, path_of("sys/module/%s", module->name));
	for (size_t i = 0; i < VIA_COUNT(module->needs) && module->needs[i]; i++) {
		const struct fake_module *need = module_named(module->needs[i]);

		tree_remove(tree, path_of("sys/module/%s/holders/%s", need->name, module->name));
		if (loaded(tree, need) && !held(tree, need) &&
		    !(keep && text_has_word(keep, need->name)))
			take_out(kernel, need, keep);
	}
}

int fake_load_module(void *context, const char *name)
{
	const struct fake_module *module = module_named(name);

	if (!module)
		return -ENOENT;
	crash_point();
	insert(context, module);
	crash_point();
	return 0;
}

int fake_unload_module(void *context, const char *name, const char *keep)
{
	struct fake_kernel *kernel = context;
	const struct fake_module *module = module_named(name);

	if (!module || !loaded(&kernel->tree, module))
		return -ENOENT;
	if (held(&kernel->tree, module))
		return -EBUSY;
	crash_point();
	take_out(kernel, module, keep);
	crash_point();
	return 0;
}
