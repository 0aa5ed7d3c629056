/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/declared_clash.h"

#include <string.h>

#include "model/select.h"
#include "plan/declared_section.h"

/* An entry that stands for a function of this host. */
struct claim {
	const char *section, *name;
	uint32_t index;
	const struct via_pci_device *device;
	bool makes_functions;
};

struct claims {
	struct claim *items;
	size_t count, capacity;
};

/* Marks that fit nothing, or too much, are refused where their entry is planned. */
static void claim_section(const struct via_host *host, const struct via_declaration *declaration,
			  const struct via_section *section, struct via_arena *arena,
			  struct claims *claims)
{
	bool sriov = strcmp(section->name, "sriov") == 0;

	for (uint32_t i = 0; i < section_count(section, declaration); i++) {
		const struct via_declared_device *marks = section_marks(section, declaration, i);
		const struct via_pci_device *device;
		struct via_error error;

		if (!marks || select_declared(&host->pci, marks, &device, &error) < 0)
			continue;
		*via_list_add(arena, claims) = (struct claim){
			.section = section->name,
			.name = section_entry_name(section, declaration, i),
			.index = i,
			.device = device,
			.makes_functions = sriov && declaration->sriov[i].vfs,
		};
	}
}

static const char *clash_of(const struct claim *one, const struct claim *other)
{
	if (one->device != other->device)
		return NULL;
	if (strcmp(one->section, other->section) == 0)
		return "are the same function";
	return one->makes_functions || other->makes_functions
		       ? "cannot both be: virtual functions end when their parent is given away"
		       : NULL;
}

static const char *words(struct via_arena *arena, const struct claim *claim)
{
	return arena_printf(arena, "entry %u of %s (%s)", claim->index + 1, claim->section,
			    claim->name);
}

static bool is_entry(const struct claim *claim, const struct via_declared_entry *entry)
{
	return claim->index == entry->index && strcmp(claim->section, entry->section) == 0;
}

void declared_refuse_clashes(const struct via_host *host, const struct via_declaration *declaration,
			     const struct via_declared_entry *only, struct via_plan *plan)
{
	const struct via_section *section;
	struct claims claims = { 0 };

	for (size_t i = 0; (section = section_at(i)); i++)
		claim_section(host, declaration, section, plan->arena, &claims);
	via_for_each (one, &claims)
		for (struct claim *other = one + 1; other < claims.items + claims.count; other++) {
			const char *why = clash_of(one, other);

			if (!why || (only && !is_entry(one, only) && !is_entry(other, only)))
				continue;
			plan_refuse(plan, one->device->name, "declare one of them", "%s and %s %s",
				    words(plan->arena, one), words(plan->arena, other), why);
		}
}
