/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/boot.h"

#include "base/cleanup.h"

const char *loader_id_name(enum via_loader_id id)
{
	static const char *const names[] = {
		[VIA_LOADER_UNKNOWN] = "an unknown loader",
		[VIA_LOADER_GRUB] = "GRUB",
		[VIA_LOADER_SYSTEMD_BOOT] = "systemd-boot",
		[VIA_LOADER_UKI] = "a unified kernel image",
		[VIA_LOADER_REFIND] = "rEFInd",
		[VIA_LOADER_LIMINE] = "Limine",
		[VIA_LOADER_EXTLINUX] = "extlinux",
		[VIA_LOADER_PROXMOX] = "proxmox-boot-tool",
		[VIA_LOADER_KERNELSTUB] = "kernelstub",
		[VIA_LOADER_OSTREE] = "ostree",
		[VIA_LOADER_NIXOS] = "NixOS",
	};
	_Static_assert(VIA_COUNT(names) == VIA_LOADERS, "every loader has a name");

	return names[id];
}

const struct via_boot_entry *boot_entry_at(const struct via_boot *boot, int index)
{
	return index < 0 || (size_t)index >= boot->menu.entries.count
		       ? NULL
		       : &boot->menu.entries.items[index];
}
