/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* Which functions a driver's own table claims, and what it makes of one. */
static const struct fake_driver {
	const char *name;
	unsigned int vendor, device;	 /* 0: by class */
	unsigned int class_code, shift;	 /* class_code >> shift must be equal */
	const char *class_name, *prefix; /* of what it makes; NULL: nothing */
} drivers[] = {
	{ .name = "pcieport", .class_code = 0x0604, .shift = 8 },
	{ .name = "igb", .vendor = 0x8086, .device = 0x10c9, .class_name = "net", .prefix = "eth" },
	{ .name = "igbvf",
	  .vendor = 0x8086,
	  .device = 0x10ca,
	  .class_name = "net",
	  .prefix = "eth" },
	{ .name = "nvme", .class_code = 0x010802, .class_name = "nvme", .prefix = "nvme" },
	{ .name = "nouveau", .vendor = 0x10de, .device = 0x2684 },
	{ .name = "snd_hda_intel", .class_code = 0x0403, .shift = 8 },
	{ .name = "ahci", .class_code = 0x010601 },
	{ .name = "i801_smbus", .vendor = 0x8086, .device = 0x2930 },
};

#define DEVICE "sys/bus/pci/devices/%s/"

static unsigned int attribute(const struct fake_tree *tree, const char *address, const char *name)
{
	return (unsigned int)strtoul(tree_text(tree, path_of(DEVICE "%s", address, name)), NULL, 0);
}

static const struct fake_driver *driver_named(const char *name)
{
	for (size_t i = 0; i < VIA_COUNT(drivers); i++)
		if (strcmp(drivers[i].name, name) == 0)
			return &drivers[i];
	return NULL;
}

static bool table_matches(const struct fake_tree *tree, const char *driver, const char *address)
{
	const struct fake_driver *row = driver_named(driver);

	if (!row)
		return false;
	if (row->vendor)
		return attribute(tree, address, "vendor") == row->vendor &&
		       attribute(tree, address, "device") == row->device;
	return attribute(tree, address, "class") >> row->shift == row->class_code;
}

/* pci_match_device(): an override lets its own driver in, and no other. */
static bool matches(const struct fake_tree *tree, const char *driver, const char *address)
{
	const char *override = tree_text(tree, path_of(DEVICE "driver_override", address));

	if (strcmp(override, "(null)") != 0)
		return strcmp(override, driver) == 0;
	return table_matches(tree, driver, address);
}

const char *fake_driver_of(const struct fake_tree *tree, const char *address)
{
	return tree_link_name(tree, path_of(DEVICE "driver", address));
}

static bool has_vfs(const struct fake_tree *tree, const char *address)
{
	const char *count = path_of(DEVICE "sriov_numvfs", address);

	return tree_has(tree, count) && strcmp(tree_text(tree, count), "0") != 0;
}

/* vfio_pci_core_register_device() */
static int vfio_refuses(const struct fake_tree *tree, const char *address)
{
	if (attribute(tree, address, "class") >> 8 == 0x0604)
		return -EINVAL;
	if (!tree_has(tree, path_of(DEVICE "iommu_group", address)))
		return -EINVAL;
	return has_vfs(tree, address) ? -EBUSY : 0;
}

/* The network interface or controller that a driver gives its device. */
static void make_child(const struct fake_tree *tree, const struct fake_driver *driver,
		       const char *address)
{
	const char *real = tree_real(tree, path_of(DEVICE, address)), *child, *link;
	unsigned int n = 0;

	do
		link = path_of("sys/class/%s/%s%u", driver->class_name, driver->prefix, n++);
	while (tree_has(tree, link));
	child = path_of("%s/%s/%s%u", real, driver->class_name, driver->prefix, n - 1);
	tree_link(tree, path_of("%s/device", child), real);
	tree_put(tree, path_of("%s/uevent", child), "DEVNAME=%s%u", driver->prefix, n - 1);
	tree_link(tree, link, child);
}

struct child {
	const struct fake_tree *tree;
	const char *class_name;
};

static bool unlink_child(void *context, const char *name)
{
	const struct child *child = context;

	tree_remove(child->tree, path_of("sys/class/%s/%s", child->class_name, name));
	return false;
}

static void remove_child(const struct fake_tree *tree, const struct fake_driver *driver,
			 const char *address)
{
	struct child child = { .tree = tree, .class_name = driver->class_name };
	char path[160];

	snprintf(path, sizeof(path), DEVICE "%s", address, driver->class_name);
	tree_each(tree, path, unlink_child, &child);
	tree_remove(tree, path);
}

static void attach(const struct fake_tree *tree, const char *driver, const char *address)
{
	const struct fake_driver *row = driver_named(driver);
	const char *real = tree_real(tree, path_of(DEVICE, address));

	tree_link(tree, path_of("%s/driver", real), path_of("sys/bus/pci/drivers/%s", driver));
	tree_link(tree, path_of("sys/bus/pci/drivers/%s/%s", driver, address), real);
	if (row && row->class_name)
		make_child(tree, row, address);
}

int fake_bind(struct fake_kernel *kernel, const char *driver, const char *address)
{
	const struct fake_tree *tree = &kernel->tree;
	int r = 0;

	if (!tree_has(tree, path_of("sys/bus/pci/devices/%s", address)) ||
	    !matches(tree, driver, address))
		return -ENODEV;
	if (fake_driver_of(tree, address))
		return -EBUSY;
	if (strcmp(driver, "vfio-pci") == 0)
		r = vfio_refuses(tree, address);
	if (r == 0)
		attach(tree, driver, address);
	return r;
}

int fake_unbind(struct fake_kernel *kernel, const char *driver, const char *address)
{
	const struct fake_tree *tree = &kernel->tree;
	const struct fake_driver *row = driver_named(driver);
	char name[64], function[32];

	snprintf(name, sizeof(name), "%s", driver);
	snprintf(function, sizeof(function), "%s", address);
	if (!tree_has(tree, path_of("sys/bus/pci/drivers/%s/%s", name, function)))
		return -ENODEV;
	if (has_vfs(tree, function))
		fake_set_vfs(kernel, function, "0");
	if (row && row->class_name)
		remove_child(tree, row, function);
	tree_remove(tree, path_of("sys/bus/pci/drivers/%s/%s", name, function));
	tree_remove(tree, path_of(DEVICE "driver", function));
	return 0;
}

struct probe {
	struct fake_kernel *kernel;
	const char *address, *driver;
};

static bool try_driver(void *context, const char *driver)
{
	const struct probe *probe = context;

	return fake_bind(probe->kernel, driver, probe->address) == 0;
}

/* Success says nothing about a driver: it is so when none matched. */
int fake_probe(struct fake_kernel *kernel, const char *address)
{
	struct probe probe = { .kernel = kernel, .address = address };

	if (!tree_has(&kernel->tree, path_of("sys/bus/pci/devices/%s", address)))
		return -ENODEV;
	if (!fake_driver_of(&kernel->tree, address))
		tree_each(&kernel->tree, "sys/bus/pci/drivers", try_driver, &probe);
	return 0;
}

static bool try_device(void *context, const char *address)
{
	const struct probe *probe = context;

	if (!fake_driver_of(&probe->kernel->tree, address))
		fake_bind(probe->kernel, probe->driver, address);
	return false;
}

void fake_driver_register(struct fake_kernel *kernel, const char *driver, const char *module)
{
	const struct fake_tree *tree = &kernel->tree;
	struct probe probe = { .kernel = kernel, .driver = driver };

	tree_put(tree, path_of("sys/bus/pci/drivers/%s/bind", driver), "write-only");
	tree_put(tree, path_of("sys/bus/pci/drivers/%s/unbind", driver), "write-only");
	tree_put(tree, path_of("sys/bus/pci/drivers/%s/new_id", driver), "write-only");
	if (module) {
		tree_link(tree, path_of("sys/bus/pci/drivers/%s/module", driver),
			  path_of("sys/module/%s", module));
		tree_link(tree, path_of("sys/module/%s/drivers/pci:%s", module, driver),
			  path_of("sys/bus/pci/drivers/%s", driver));
	}
	tree_each(tree, "sys/bus/pci/devices", try_device, &probe);
}

static bool leave_device(void *context, const char *name)
{
	const struct probe *probe = context;

	if (strchr(name, ':'))
		fake_unbind(probe->kernel, probe->driver, name);
	return false;
}

void fake_driver_unregister(struct fake_kernel *kernel, const char *driver)
{
	struct probe probe = { .kernel = kernel, .driver = driver };
	char path[96];

	snprintf(path, sizeof(path), "sys/bus/pci/drivers/%s", driver);
	tree_each(&kernel->tree, path, leave_device, &probe);
	tree_remove(&kernel->tree, path);
}
