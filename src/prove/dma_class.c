/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/dma_class.h"

#include "base/cleanup.h"

/* The first that claims a function drives it. */
static const struct dma_class *const classes[] = { &dma_nvme,  &dma_igb,    &dma_igbvf,
						   &dma_e1000, &dma_virtio, &dma_edu };

const struct dma_class *dma_class_of(const struct via_pci_device *device)
{
	for (size_t i = 0; i < VIA_COUNT(classes); i++)
		if (classes[i]->claims(device))
			return classes[i];
	return NULL;
}

const char *dma_class_names(struct via_arena *arena)
{
	const char *names = classes[0]->name;

	for (size_t i = 1; i < VIA_COUNT(classes); i++)
		names = arena_printf(arena, "%s, %s", names, classes[i]->name);
	return names;
}
