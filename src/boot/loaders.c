/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "boot/loader.h"

static const struct via_loader *const loaders[] = {
	&loader_grub,	  &loader_systemd_boot, &loader_uki,	    &loader_refind, &loader_limine,
	&loader_extlinux, &loader_proxmox,	&loader_kernelstub, &loader_ostree, &loader_nixos,
};

const struct via_loader *loader_at(size_t index)
{
	return index < VIA_COUNT(loaders) ? loaders[index] : NULL;
}

const struct via_loader *loader_find(enum via_loader_id id)
{
	for (size_t i = 0; i < VIA_COUNT(loaders); i++)
		if (loaders[i]->id == id)
			return loaders[i];
	return NULL;
}
