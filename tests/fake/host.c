/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define ROOT_BUS "pci0000:00"

static const struct fake_function functions[] = {
	{ "0000:00:00.0", ROOT_BUS, 0x8086, 0x29c0, 0x060000, 0, 0, NULL },
	{ "0000:00:01.0", ROOT_BUS, 0x1b36, 0x000c, 0x060400, 1, 1, "pcieport" },
	{ "0000:00:02.0", ROOT_BUS, 0x1b36, 0x000c, 0x060400, 1, 2, "pcieport" },
	{ "0000:00:03.0", ROOT_BUS, 0x1b36, 0x000c, 0x060400, 1, 3, "pcieport" },
	{ "0000:00:04.0", ROOT_BUS, 0x1b36, 0x000c, 0x060400, 1, 4, "pcieport" },
	{ "0000:00:1f.0", ROOT_BUS, 0x8086, 0x2918, 0x060100, 0, 5, NULL },
	{ "0000:00:1f.2", ROOT_BUS, 0x8086, 0x2922, 0x010601, 0, 5, "ahci" },
	{ "0000:00:1f.3", ROOT_BUS, 0x8086, 0x2930, 0x0c0500, 0, 5, "i801_smbus" },
	{ "0000:01:00.0", ROOT_BUS "/0000:00:01.0", 0x8086, 0x10c9, 0x020000, 0, 6, "igb", 8, 128,
	  2, 0x10ca },
	{ "0000:02:00.0", ROOT_BUS "/0000:00:02.0", 0x1b36, 0x0010, 0x010802, 0, 7, "nvme", 4, 1, 1,
	  0x0010 },
	{ "0000:03:00.0", ROOT_BUS "/0000:00:03.0", 0x1234, 0x11e8, 0x00ff00, 0, 8, NULL },
	{ "0000:04:00.0", ROOT_BUS "/0000:00:04.0", 0x10de, 0x2684, 0x030000, 0, 9, "nouveau" },
	{ "0000:04:00.1", ROOT_BUS "/0000:00:04.0", 0x10de, 0x22ba, 0x040300, 0, 9,
	  "snd_hda_intel" },
};

static void put_config(const struct fake_tree *tree, const char *path,
		       const struct fake_function *function)
{
	unsigned char config[256] = {
		[0] = function->vendor & 0xff,
		[1] = (unsigned char)(function->vendor >> 8),
		[2] = function->device & 0xff,
		[3] = (unsigned char)(function->device >> 8),
		[9] = function->class_code & 0xff,
		[10] = (function->class_code >> 8) & 0xff,
		[11] = (unsigned char)(function->class_code >> 16),
		[14] = (unsigned char)function->header_type,
	};

	/* A VF has MSI-X, of two vectors. */
	if (function->physfn) {
		config[6] = 0x10;
		config[0x34] = 0x40;
		config[0x40] = 0x11;
		config[0x42] = 1;
	}

	tree_put_bytes(tree, path_of("%s/config", path), config, sizeof(config));
}

static void put_ids(const struct fake_tree *tree, const char *path,
		    const struct fake_function *function)
{
	tree_put(tree, path_of("%s/vendor", path), "0x%04x", function->vendor);
	tree_put(tree, path_of("%s/device", path), "0x%04x", function->device);
	tree_put(tree, path_of("%s/class", path), "0x%06x", function->class_code);
	tree_put(tree, path_of("%s/subsystem_vendor", path), "0x1af4");
	tree_put(tree, path_of("%s/subsystem_device", path), "0x1100");
	tree_put(tree, path_of("%s/revision", path), "0x01");
	tree_put(tree, path_of("%s/modalias", path),
		 "pci:v%08Xd%08Xsv00001AF4sd00001100bc%02Xsc%02Xi%02X", function->vendor,
		 function->device, function->class_code >> 16, function->class_code >> 8 & 0xff,
		 function->class_code & 0xff);
}

static void put_settings(const struct fake_tree *tree, const char *path,
			 const struct fake_function *function)
{
	tree_put(tree, path_of("%s/driver_override", path), "(null)");
	tree_put(tree, path_of("%s/numa_node", path), "-1");
	tree_put(tree, path_of("%s/power_state", path), "D0");
	tree_put(tree, path_of("%s/enable", path), "0");
	if (function->class_code >> 8 != 0x0604) {
		tree_put(tree, path_of("%s/reset", path), "write-only");
		tree_put(tree, path_of("%s/reset_method", path),
			 function->total_vfs || function->physfn ? "flr pm bus" : "bus");
	}
	tree_put(tree, path_of("%s/d3cold_allowed", path), "1");
	tree_put(tree, path_of("%s/power/control", path), "on");
	if (function->physfn)
		tree_put(tree, path_of("%s/sriov_vf_msix_count", path), "write-only");
	if (function->total_vfs && function->class_code >> 16 == 0x02)
		tree_put(tree, path_of("%s/.eswitch", path), "legacy");
	if (function->class_code >> 16 == 0x03)
		tree_put(tree, path_of("%s/boot_vga", path), "0");
}

static void put_sriov(const struct fake_tree *tree, const char *path,
		      const struct fake_function *function)
{
	tree_put(tree, path_of("%s/sriov_totalvfs", path), "%u", function->total_vfs);
	tree_put(tree, path_of("%s/sriov_numvfs", path), "0");
	tree_put(tree, path_of("%s/sriov_offset", path), "%u", function->vf_offset);
	tree_put(tree, path_of("%s/sriov_stride", path), "%u", function->vf_stride);
	tree_put(tree, path_of("%s/sriov_vf_device", path), "%x", function->vf_device);
	tree_put(tree, path_of("%s/sriov_drivers_autoprobe", path), "1");
}

static void join_group(const struct fake_tree *tree, const char *path,
		       const struct fake_function *function)
{
	char group[64];

	snprintf(group, sizeof(group), "sys/kernel/iommu_groups/%u", function->group);
	if (!tree_has(tree, group)) {
		tree_put(tree, path_of("%s/type", group), "DMA-FQ");
		tree_put(tree, path_of("%s/reserved_regions", group),
			 "0x00000000fee00000 0x00000000feefffff msi");
	}
	tree_link(tree, path_of("%s/devices/%s", group, function->address), path);
	tree_link(tree, path_of("%s/iommu_group", path), group);
}

void fake_function_add(const struct fake_tree *tree, const struct fake_function *function)
{
	char path[256], parent[256];

	snprintf(parent, sizeof(parent), "sys/devices/%s", function->parent);
	snprintf(path, sizeof(path), "%.200s/%s", parent, function->address);
	put_ids(tree, path, function);
	put_settings(tree, path, function);
	put_config(tree, path, function);
	if (function->total_vfs)
		put_sriov(tree, path, function);
	if (function->physfn)
		tree_link(tree, path_of("%s/physfn", path),
			  path_of("%s/%s", parent, function->physfn));
	tree_link(tree, path_of("%s/subsystem", path), "sys/bus/pci");
	tree_link(tree, path_of("%s/iommu", path), "sys/devices/virtual/iommu/dmar0");
	tree_link(tree, path_of("sys/bus/pci/devices/%s", function->address), path);
	join_group(tree, path, function);
}

static bool any(void *context, const char *name)
{
	return true;
}

void fake_function_remove(const struct fake_tree *tree, const char *address)
{
	char group[96], path[256];

	snprintf(path, sizeof(path), "%s",
		 tree_real(tree, path_of("sys/bus/pci/devices/%s", address)));
	snprintf(group, sizeof(group), "%s", tree_real(tree, path_of("%s/iommu_group", path)));
	tree_remove(tree, path_of("%s/devices/%s", group, address));
	if (!tree_each(tree, path_of("%s/devices", group), any, NULL))
		tree_remove(tree, group);
	tree_remove(tree, path_of("sys/bus/pci/devices/%s", address));
	tree_remove(tree, path);
}

static void put_proc(const struct fake_tree *tree)
{
	tree_put(tree, "proc/cmdline", "BOOT_IMAGE=/boot/vmlinuz root=/dev/vda2 intel_iommu=on");
	tree_put(
		tree, "proc/cpuinfo",
		"processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: fake\nflags\t\t: fpu vmx "
		"lm");
	tree_put(tree, "proc/interrupts", " 24:  0  IR-PCI-MSI 16384-edge  PCIe PME");
	tree_put(tree, "proc/self/mountinfo", "22 1 254:2 / / rw - ext4 /dev/vda2 rw");
	tree_put(tree, "proc/1/comm", "init");
	tree_directory(tree, "proc/1/fd");
	tree_put(tree, "proc/swaps", "Filename\tType\tSize\tUsed\tPriority");
	tree_put(tree, "proc/sys/kernel/osrelease", "6.12.0-fake");
	tree_put(tree, "proc/sys/kernel/random/boot_id", "00000000-0000-4000-8000-000000000001");
}

/* What configures the next boot, as Debian has it. */
static void put_files(const struct fake_tree *tree)
{
	tree_put(tree, "etc/default/grub.d/10-words.cfg", "quiet");
	tree_put(tree, "boot/grub/grub.cfg",
		 "menuentry 'Linux' {\n\tlinux /boot/vmlinuz-6.12 root=/dev/sda1 ro quiet\n}");
	tree_put(tree, "etc/modprobe.d/blacklist.conf", "# the owner's\nblacklist pcspkr");
}

static void put_rest(const struct fake_tree *tree)
{
	tree_directory(tree, "sys/devices/virtual/iommu/dmar0");
	tree_link(tree, "sys/class/iommu/dmar0", "sys/devices/virtual/iommu/dmar0");
	tree_put(tree, "sys/bus/pci/drivers_probe", "write-only");
	tree_put(tree, "sys/bus/pci/drivers_autoprobe", "1");
	tree_directory(tree, "sys/class/net");
	tree_directory(tree, "sys/class/nvme");
	tree_directory(tree, "sys/class/block");
	tree_directory(tree, "sys/module");
	tree_directory(tree, "run");
	tree_directory(tree, "var/lib");
}

void fake_world_fill(struct fake_kernel *kernel)
{
	static const char *const boots_with[] = { "igb",	   "nvme", "nouveau",
						  "snd_hda_intel", "ahci", "i2c_i801" };

	put_proc(&kernel->tree);
	put_files(&kernel->tree);
	put_rest(&kernel->tree);
	for (size_t i = 0; i < VIA_COUNT(functions); i++)
		fake_function_add(&kernel->tree, &functions[i]);
	fake_driver_register(kernel, "pcieport", NULL);
	for (size_t i = 0; i < VIA_COUNT(boots_with); i++)
		fake_load_module(kernel, boots_with[i]);
}

void fake_world_open(struct fake_kernel *kernel, struct via_world *ret)
{
	struct via_world world = { .effects = { .ops = &fake_effect_ops, .context = kernel },
				   .queries = { .ops = &fake_query_ops, .context = kernel } };

	if (root_open(&world.root, kernel->tree.base, NULL) < 0)
		abort();
	*ret = world;
}

void fake_world_new(struct fake_kernel *kernel, struct via_world *ret)
{
	*kernel = (struct fake_kernel){ 0 };
	tree_new(&kernel->tree);
	fake_world_fill(kernel);
	fake_world_open(kernel, ret);
}

void fake_world_delete(struct fake_kernel *kernel, struct via_world *world)
{
	root_close(&world->root);
	tree_delete(&kernel->tree);
}
