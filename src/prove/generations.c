/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/generations.h"

#include <string.h>

#include "base/cleanup.h"

static const struct via_prove_target targets[] = {
	{ "kvm", prove_kvm },	  { "nested", prove_nested }, { "iommu", prove_iommu },
	{ "vhost", prove_vhost }, { "vdpa", prove_vdpa },     { "vduse", prove_vduse },
};

const struct via_prove_target *prove_target(const char *name)
{
	for (size_t i = 0; i < VIA_COUNT(targets); i++)
		if (strcmp(targets[i].name, name) == 0)
			return &targets[i];
	return NULL;
}
