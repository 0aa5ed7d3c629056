/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/kvm_backend.h"

#include "base/parse.h"

const char *kvm_backend(const struct via_root *root, struct via_arena *arena)
{
	struct via_names modules;
	struct via_fact fact = root_entries(root, arena, &modules, "sys/module");

	if (fact.known != VIA_PRESENT)
		return NULL;
	via_for_each (name, &modules)
		if (text_starts(*name, "kvm_"))
			return *name;
	return "built in";
}
