/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "decode/line_edit.h"

static char plain(char c)
{
	return c == '-' ? '_' : c;
}

bool word_same_name(const char *a, const char *b)
{
	for (; *a && *b && *a != '=' && *b != '='; a++, b++)
		if (plain(*a) != plain(*b))
			return false;
	return (!*a || *a == '=') && (!*b || *b == '=');
}

bool word_same(const char *a, const char *b)
{
	const char *value = strchr(a, '='), *other = strchr(b, '=');

	return word_same_name(a, b) && !value == !other && (!value || strcmp(value, other) == 0);
}

/*
 * Source: each early_param() handler loops over its commas, and is called once for each
 * time the parameter stands there; vfio-pci.ids is one text of which the last counts.
 */
bool word_is_list(const char *word)
{
	static const char *const names[] = {
		"vfio_pci.ids",
		"pci",
		"intel_iommu",
		"amd_iommu",
		"iommu",
		"module_blacklist",
		"modprobe.blacklist",
		"initcall_blacklist",
		"rd.driver.blacklist",
		"rd.driver.pre",
		"rd.modules_force_load",
	};

	if (!strchr(word, '='))
		return false;
	for (size_t i = 0; i < VIA_COUNT(names); i++)
		if (word_same_name(word, names[i]))
			return true;
	return false;
}
