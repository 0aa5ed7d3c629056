/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/parse.h"
#include "crash.h"

#define DEVICE "sys/bus/pci/devices/%s/"

static unsigned long number(const struct fake_tree *tree, const char *address, const char *name,
			    int base)
{
	return strtoul(tree_text(tree, path_of(DEVICE "%s", address, name)), NULL, base);
}

static void vf_address(const struct fake_tree *tree, const char *physfn, unsigned int n,
		       char text[PCI_ADDRESS_TEXT])
{
	struct via_pci_address address = { 0 };
	unsigned int rid;

	address_parse(physfn, &address);
	rid = address_rid(address) + (unsigned int)number(tree, physfn, "sriov_offset", 10) +
	      n * (unsigned int)number(tree, physfn, "sriov_stride", 10);
	address.bus = (uint8_t)(rid >> 8);
	address.device = (uint8_t)(rid >> 3 & 0x1f);
	address.function = (uint8_t)(rid & 7);
	address_format(address, text);
}

static bool above(void *context, const char *name)
{
	unsigned int *next = context, id = (unsigned int)strtoul(name, NULL, 10);

	if (id >= *next)
		*next = id + 1;
	return false;
}

static void set_secondary(const struct fake_tree *tree, const char *physfn, unsigned int function,
			  const struct via_nvme_secondary *setting)
{
	tree_put(tree, path_of(DEVICE ".secondary%u", physfn, function), "%d %u %u",
		 setting->online, setting->queues, setting->interrupts);
}

static bool is_nvme(const struct fake_tree *tree, const char *physfn)
{
	return number(tree, physfn, "class", 0) == 0x010802;
}

static void add_vf(struct fake_kernel *kernel, const char *physfn, unsigned int n)
{
	const struct fake_tree *tree = &kernel->tree;
	char address[PCI_ADDRESS_TEXT], link[64], parent[256], *end;
	struct fake_function vf = {
		.address = address,
		.physfn = physfn,
		.vendor = (unsigned int)number(tree, physfn, "vendor", 0),
		.device = (unsigned int)number(tree, physfn, "sriov_vf_device", 16),
		.class_code = (unsigned int)number(tree, physfn, "class", 0),
	};

	vf_address(tree, physfn, n, address);
	snprintf(parent, sizeof(parent), "%s",
		 tree_real(tree, path_of("sys/bus/pci/devices/%s", physfn)));
	end = strrchr(parent, '/');
	*end = '\0';
	vf.parent = parent + strlen("sys/devices/");
	tree_each(tree, "sys/kernel/iommu_groups", above, &vf.group);
	fake_function_add(tree, &vf);
	snprintf(link, sizeof(link), "virtfn%u", n);
	tree_link(tree, path_of("%s/%s/%s", parent, physfn, link),
		  path_of("%s/%s", parent, address));
	if (is_nvme(tree, physfn))
		set_secondary(tree, physfn, n + 1, &(struct via_nvme_secondary){ 0 });
	else
		fake_vf_begin(tree, physfn, n);
	if (number(tree, physfn, "sriov_drivers_autoprobe", 10))
		fake_probe(kernel, address);
}

static void remove_vf(struct fake_kernel *kernel, const char *physfn, unsigned int n)
{
	const struct fake_tree *tree = &kernel->tree;
	char address[PCI_ADDRESS_TEXT];
	const char *driver;

	vf_address(tree, physfn, n, address);
	driver = fake_driver_of(tree, address);
	if (driver)
		fake_unbind(kernel, driver, address);
	tree_remove(tree, path_of(DEVICE "virtfn%u", physfn, n));
	tree_remove(tree, path_of(DEVICE ".secondary%u", physfn, n + 1));
	fake_vf_end(tree, physfn, n);
	fake_function_remove(tree, address);
}

/* sriov_numvfs_store() */
int fake_set_vfs(struct fake_kernel *kernel, const char *physfn, const char *value)
{
	const struct fake_tree *tree = &kernel->tree;
	const char *driver = fake_driver_of(tree, physfn);
	unsigned long now = number(tree, physfn, "sriov_numvfs", 10);
	uint64_t wanted;

	if (parse_u64(value, 0, &wanted) < 0)
		return -EINVAL;
	if (wanted > number(tree, physfn, "sriov_totalvfs", 10))
		return -ERANGE;
	if (wanted == now)
		return 0;
	if (!driver || (strcmp(driver, "igb") != 0 && strcmp(driver, "nvme") != 0))
		return -ENOENT;
	if (wanted && now)
		return -EBUSY;
	if (kernel->short_count && wanted > kernel->short_count)
		wanted = kernel->short_count;
	for (unsigned int n = 0; n < wanted; n++)
		add_vf(kernel, physfn, n);
	for (unsigned int n = (unsigned int)now; !wanted && n-- > 0;)
		remove_vf(kernel, physfn, n);
	tree_put(tree, path_of(DEVICE "sriov_numvfs", physfn), "%llu", (unsigned long long)wanted);
	return 0;
}

static const char *physfn_of(const struct fake_tree *tree, const char *controller)
{
	return tree_link_name(tree, path_of("sys/class/nvme/%s/device", controller));
}

int fake_nvme_get(void *context, const char *controller, unsigned int function,
		  struct via_nvme_secondary *ret)
{
	const struct fake_kernel *kernel = context;
	const struct fake_tree *tree = &kernel->tree;
	const char *physfn = physfn_of(tree, controller), *file;
	struct via_nvme_secondary setting = { 0 };
	int online;

	file = physfn ? path_of(DEVICE ".secondary%u", physfn, function) : NULL;
	if (!file || !tree_has(tree, file))
		return -ENODEV;
	sscanf(tree_text(tree, file), "%d %u %u", &online, &setting.queues, &setting.interrupts);
	setting.online = online;
	*ret = setting;
	return 0;
}

/* Command by command, as it goes to a controller: a crash may come between any two. */
int fake_nvme_set(void *context, const char *controller, unsigned int function, const char *address,
		  const struct via_nvme_secondary *wanted)
{
	const struct fake_kernel *kernel = context;
	const struct fake_tree *tree = &kernel->tree;
	struct via_nvme_secondary setting;
	const char *physfn;
	int r = fake_nvme_get(context, controller, function, &setting);

	if (r < 0)
		return r;
	physfn = physfn_of(tree, controller);
	crash_point();
	setting.online = false;
	set_secondary(tree, physfn, function, &setting);
	crash_point();
	setting.queues = wanted->queues;
	set_secondary(tree, physfn, function, &setting);
	crash_point();
	setting.interrupts = wanted->interrupts;
	set_secondary(tree, physfn, function, &setting);
	crash_point();
	set_secondary(tree, physfn, function, wanted);
	crash_point();
	return 0;
}
