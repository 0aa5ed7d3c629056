/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host_files.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define PORT "sys/devices/pci0000:00/0000:00:01.0/"
#define CARD PORT "0000:01:00.0/"
#define VF   PORT "0000:01:10.0/"
#define DISK "sys/devices/pci0000:00/0000:00:1f.0/"

static const struct {
	const char *path, *text;
} files[] = {
	{ "proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 intel_iommu=on iommu=pt quiet" },
	{ "proc/cpuinfo", "vendor_id\t: GenuineIntel\nmodel name\t: x\nflags\t\t: vmx ept" },
	{ "proc/interrupts", " 24: 1 IR-PCI-MSI 0-edge nvme0" },
	{ "proc/iomem", "4000000000-7fffffffff : PCI Bus 0000:00" },
	{ "proc/swaps", "Filename Type\n/dev/nvme0n1p2 partition 1 0 -2" },
	{ "proc/self/mountinfo", "36 35 259:1 / / rw - ext4 /dev/nvme0n1p1 rw" },
	{ "proc/sys/kernel/osrelease", "6.12.0-test" },
	{ "proc/sys/kernel/hostname", "zuse" },
	{ "etc/os-release", "ID=debian\nPRETTY_NAME=\"Made-up Linux\"" },
	{ "etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"" },
	{ "etc/kernel/cmdline", "quiet" },
	{ "boot/grub/grub.cfg", "menuentry x" },
	{ "boot/config-6.12.0-test", "CONFIG_VFIO_PCI=m\nCONFIG_INTEL_IOMMU=y\nCONFIG_PCI_IOV=y" },
	{ "lib/modules/6.12.0-test/modules.builtin", "kernel/drivers/pci/pcieport.ko" },
	{ "lib/modules/6.12.0-test/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko.xz:" },
	{ "lib/modules/6.12.0-test/modules.alias", "alias pci:v00008086d*sv*sd*bc*sc*i* igb" },
	{ "var/lib/dkms/nvidia/550/6.12.0-test/x86_64/log", "" },
	{ "sys/firmware/acpi/tables/DMAR", "DMAR0000" },
	{ "sys/kernel/security/lockdown", "none [integrity] confidentiality" },
	{ "sys/class/dmi/id/board_vendor", "ASUSTeK" },
	{ "sys/class/dmi/id/board_name", "X" },
	{ "sys/class/iommu/dmar0/intel-iommu/cap", "d2008c40660462" },
	{ "sys/class/iommu/dmar0/intel-iommu/ecap", "f050da" },
	{ "sys/module/kvm_intel/parameters/nested", "Y" },
	{ "sys/module/vfio_pci/version", "0.2" },
	{ "sys/bus/pci/slots/2/address", "0000:01:00" },
	{ "sys/kernel/iommu_groups/1/type", "DMA-FQ" },
	{ "sys/kernel/iommu_groups/1/reserved_regions",
	  "0x00000000fee00000 0x00000000feefffff msi" },
	{ PORT "vendor", "0x8086" },
	{ PORT "device", "0x1901" },
	{ PORT "class", "0x060400" },
	{ PORT "power_state", "D0" },
	{ PORT "modalias", "pci:v00008086d00001901sv00000000sd00000000bc06sc04i00" },
	{ CARD "vendor", "0x8086" },
	{ CARD "device", "0x10c9" },
	{ CARD "class", "0x020000" },
	{ CARD "subsystem_vendor", "0x8086" },
	{ CARD "subsystem_device", "0xa03c" },
	{ CARD "revision", "0x01" },
	{ CARD "numa_node", "-1" },
	{ CARD "power_state", "D0" },
	{ CARD "reset_method", "flr bus" },
	{ CARD "modalias", "pci:v00008086d000010C9sv00008086sd0000A03Cbc02sc00i00" },
	{ CARD "resource", "0x00000000f0000000 0x00000000f001ffff 0x0000000000040200\n"
			   "0x0000000000000000 0x0000000000000000 0x0000000000000000" },
	{ CARD "sriov_totalvfs", "7" },
	{ CARD "sriov_offset", "128" },
	{ CARD "sriov_stride", "2" },
	{ CARD "sriov_vf_device", "10ca" },
	{ CARD "sriov_drivers_autoprobe", "1" },
	{ CARD "net/eth0/flags", "0x1003" },
	{ VF "vendor", "0x8086" },
	{ VF "device", "0x10ca" },
	{ VF "class", "0x020000" },
	{ DISK "vendor", "0x144d" },
	{ DISK "device", "0xa808" },
	{ DISK "class", "0x010802" },
	{ DISK "boot_vga", "1" },
	{ DISK "nvme/nvme0/serial", "S5P2NG0R123456" },
	{ DISK "nvme/nvme0/nvme0n1/dev", "259:0" },
	{ DISK "nvme/nvme0/nvme0n1/nvme0n1p1/dev", "259:1" },
};

static const struct {
	const char *path, *target;
} links[] = {
	{ "sys/bus/pci/devices/0000:00:01.0", "../../../devices/pci0000:00/0000:00:01.0" },
	{ "sys/bus/pci/devices/0000:01:00.0",
	  "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0" },
	{ "sys/bus/pci/devices/0000:01:10.0",
	  "../../../devices/pci0000:00/0000:00:01.0/0000:01:10.0" },
	{ "sys/bus/pci/devices/0000:00:1f.0", "../../../devices/pci0000:00/0000:00:1f.0" },
	{ "sys/kernel/iommu_groups/1/devices/0000:01:00.0",
	  "../../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0" },
	{ PORT "driver", "../../../bus/pci/drivers/pcieport" },
	{ CARD "driver", "../../../../bus/pci/drivers/igb" },
	{ CARD "iommu_group", "../../../../kernel/iommu_groups/1" },
	{ CARD "virtfn0", "../0000:01:10.0" },
	{ VF "physfn", "../0000:01:00.0" },
	{ VF "driver", "../../../../bus/pci/drivers/vfio-pci" },
	{ VF "iommu_group", "../../../../kernel/iommu_groups/1" },
	{ DISK "driver", "../../../bus/pci/drivers/nvme" },
	{ "sys/class/net/eth0", "../../devices/pci0000:00/0000:00:01.0/0000:01:00.0/net/eth0" },
	{ "sys/class/block/nvme0n1", "../../devices/pci0000:00/0000:00:1f.0/nvme/nvme0/nvme0n1" },
	{ "sys/class/block/nvme0n1p1",
	  "../../devices/pci0000:00/0000:00:1f.0/nvme/nvme0/nvme0n1/nvme0n1p1" },
};

/* A root or downstream port with ACS; an endpoint with FLR, SR-IOV and a serial number. */
static void add_config(struct via_memtree *tree, const char *path, uint8_t header, uint8_t type)
{
	uint8_t config[512] = { 0x86, 0x80, 0xc9, 0x10, 7, 0, 0x10, 0 };

	config[14] = header;
	config[0x34] = 0x40;
	config[0x40] = 0x10; /* PCI Express */
	config[0x42] = (uint8_t)(type << 4 | 2);
	config[0x47] = 0x10;
	memcpy(config + 0x100, "\x0d\x00\x01\x14\x5f\x00\x1d\x00", 8); /* ACS, next at 140h */
	memcpy(config + 0x140, "\x10\x00\x01\x18", 4);		       /* SR-IOV, next at 180h */
	memcpy(config + 0x180, "\x03\x00\x01\x00\xfe\xed\xfa\xce", 8); /* serial number */
	memtree_add_file(tree, path, config, sizeof(config));
}

struct via_memtree *host_files(struct via_arena *arena)
{
	struct via_memtree *tree = memtree_new(arena);

	for (size_t i = 0; i < VIA_COUNT(files); i++)
		memtree_add_file(tree, files[i].path, files[i].text, strlen(files[i].text));
	add_config(tree, PORT "config", 1, 4);
	add_config(tree, CARD "config", 0, 0);
	for (size_t i = 0; i < VIA_COUNT(links); i++)
		memtree_add_link(tree, links[i].path, links[i].target);
	return tree;
}
