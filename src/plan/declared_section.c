/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/declared_section.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/line.h"
#include "model/select.h"
#include "model/virtfn.h"
#include "plan/passthrough.h"
#include "plan/virtual.h"

static const char *words_of(const struct via_declared_device *which)
{
	return which->device ?: which->id ?: which->slot ?: which->serial ?: "(no device)";
}

void section_refuse(struct via_plan *plan, const char *name, int r, const struct via_error *error)
{
	plan->untold |= r == -ENODATA || r == -EIO;
	plan_refuse(plan, arena_strdup(plan->arena, name),
		    *error->hint ? arena_strdup(plan->arena, error->hint) : NULL, "%s", error->why);
}

static const char *switch_word(const enum via_declared_switch *value, const char *on,
			       const char *off)
{
	return !value ? NULL : *value == VIA_DECLARED_ON ? on : off;
}

static const char *reset_words(struct via_arena *arena,
			       const struct via_declared_passthrough *entry)
{
	const char *words = "";

	if (!entry->reset)
		return NULL;
	for (uint32_t i = 0; i < entry->reset_count; i++)
		words = arena_printf(arena, "%s%s%s", words, i ? " " : "", entry->reset[i]);
	return strcmp(words, "none") == 0 ? "" : words;
}

static int find_handover(const struct via_host *host, struct via_arena *arena,
			 const struct via_declared_passthrough *entry, struct via_handover *ret,
			 struct via_error *error)
{
	if (entry->driver && !pci_driver_is_vfio(entry->driver))
		return error_set(error, -EINVAL, "declared", entry->driver,
				 "%s is no driver of VFIO's", entry->driver);
	*ret = (struct via_handover){
		.driver = entry->driver,
		.reset = reset_words(arena, entry),
		.d3cold = switch_word(entry->d3cold, "1", "0"),
	};
	return select_declared(&host->pci, &entry->which, &ret->device, error);
}

/* The address of a VF that is declared too and not made yet, or NULL. */
static const char *unmade_function(const struct via_host *host,
				   const struct via_declaration *declaration,
				   const struct via_declared_device *which, struct via_arena *arena)
{
	struct via_pci_address wanted, address;

	if (!which->device || address_parse(which->device, &wanted) < 0)
		return NULL;
	for (uint32_t i = 0; i < declaration->sriov_count; i++) {
		const struct via_declared_sriov *parent = &declaration->sriov[i];
		const struct via_pci_device *pf;
		struct via_error error;

		if (select_declared(&host->pci, &parent->which, &pf, &error) < 0)
			continue;
		for (uint32_t k = 0; k < parent->vfs; k++) {
			const char *name = virtfn_address(arena, pf, k);

			if (name && address_parse(name, &address) == 0 &&
			    address_equal(wanted, address))
				return name;
		}
	}
	return NULL;
}

struct via_handovers {
	struct via_handover *items;
	size_t count, capacity;
};

/* All that are declared and there; @plan: refuses the others, unless NULL. */
static void find_handovers(const struct via_host *host, const struct via_declaration *declaration,
			   struct via_arena *arena, struct via_handovers *ret,
			   struct via_plan *plan)
{
	for (uint32_t i = 0; i < declaration->passthrough_count; i++) {
		const struct via_declared_passthrough *entry = &declaration->passthrough[i];
		struct via_handover handover;
		struct via_error error;
		int r = find_handover(host, arena, entry, &handover, &error);
		const char *unmade =
			r == -ENODEV ? unmade_function(host, declaration, &entry->which, arena)
				     : NULL;

		if (r == 0)
			*via_list_add(arena, ret) = handover;
		else if (plan && unmade)
			plan_handover_unmade(plan, host, unmade, &handover);
		else if (plan)
			section_refuse(plan, words_of(&entry->which), r, &error);
	}
}

static int plan_passthrough_entry(const struct via_host *host,
				  const struct via_declaration *declaration, uint32_t index,
				  struct via_plan *plan, struct via_error *error)
{
	/* The unit of each boot does it again: nothing is needed in the initramfs. */
	struct via_handover_when now = { .now = true };
	struct via_handover handover;
	struct via_handovers all = { 0 };
	int r = find_handover(host, plan->arena, &declaration->passthrough[index], &handover,
			      error);

	if (r < 0)
		return r;
	find_handovers(host, declaration, plan->arena, &all, NULL);
	now.beside = all.items;
	now.beside_count = all.count;
	plan_handover(plan, host, &handover, 1, &now);
	return 0;
}

/* All at once: they share one list in one initramfs. */
static void plan_passthrough_together(const struct via_host *host,
				      const struct via_declaration *declaration,
				      struct via_plan *plan)
{
	static const struct via_handover_when both = { .now = true,
						       .persistent = true,
						       .declared = true };
	struct via_handovers all = { 0 };

	find_handovers(host, declaration, plan->arena, &all, plan);
	if (all.count)
		plan_handover(plan, host, all.items, all.count, &both);
}

static bool is_declared(const struct via_handovers *all, const struct via_pci_device *device)
{
	via_for_each (handover, all)
		if (handover->device == device)
			return true;
	return false;
}

static bool initramfs_takes(const struct via_host *host, struct via_plan *plan,
			    const struct via_pci_device *device)
{
	struct via_span list = host->boot.early.wanted.file.content;
	const char *start = arena_printf(plan->arena, "address=%s ", device->name);
	char *line;

	while ((line = line_next(plan->arena, &list)))
		if (text_starts(line, start))
			return true;
	return false;
}

/* VFs are the business of their PF's entry. */
void section_tell_undeclared(const struct via_host *host, const struct via_declaration *declaration,
			     struct via_plan *plan)
{
	struct via_handovers all = { 0 };

	find_handovers(host, declaration, plan->arena, &all, NULL);
	via_for_each (device, &host->pci.devices) {
		const char *driver = fact_text(&device->driver);

		if (!driver || !pci_driver_is_vfio(driver) || fact_text(&device->physfn) ||
		    is_declared(&all, device))
			continue;
		plan_risk(
			plan,
			"%s is held for guests (%s), and no entry declares it: viaduct release "
			"%s gives it back%s",
			device->name, driver, device->name,
			initramfs_takes(host, plan, device)
				? "; the initramfs takes it at each boot, until its line goes from "
				  "/etc/viaduct/passthrough and the image is made anew"
				: "");
	}
}

static void add(struct via_plan *plan, const char **word, const char *key, const char *value)
{
	if (value)
		*word = arena_printf(plan->arena, "%s,%s=%s", *word, key, value);
}

static void add_number(struct via_plan *plan, const char **word, const char *key,
		       const uint32_t *value)
{
	if (value)
		*word = arena_printf(plan->arena, "%s,%s=%u", *word, key, *value);
}

/* "vf=0-3,mac=…": the words of the goal sriov say it all. */
static const char *vf_word(struct via_plan *plan, const struct via_declared_vf *vf,
			   const char *range)
{
	static const char *const links[] = {
		[VIA_LINK_AUTO] = "auto",
		[VIA_LINK_ENABLE] = "enable",
		[VIA_LINK_DISABLE] = "disable",
	};
	const char *word = arena_printf(plan->arena, "vf=%s", range);

	add(plan, &word, "mac", vf->mac);
	add_number(plan, &word, "vlan", vf->vlan);
	add_number(plan, &word, "qos", vf->qos);
	add_number(plan, &word, "min-rate", vf->min_rate_mbps);
	add_number(plan, &word, "max-rate", vf->max_rate_mbps);
	add_number(plan, &word, "msix", vf->msix_count);
	add(plan, &word, "trust", switch_word(vf->trust, "on", "off"));
	add(plan, &word, "spoofchk", switch_word(vf->spoof_check, "on", "off"));
	add(plan, &word, "link", vf->link ? links[*vf->link] : NULL);
	add(plan, &word, "driver", vf->driver);
	return word;
}

/* "0-3,7" is a word for each part. */
static void vf_words(struct via_plan *plan, const struct via_declared_vf *vf,
		     struct via_names *words)
{
	char *ranges = arena_strdup(plan->arena, vf->index), *save = NULL;

	for (char *range = strtok_r(ranges, ", ", &save); range;
	     range = strtok_r(NULL, ", ", &save))
		*via_list_add(plan->arena, words) = vf_word(plan, vf, range);
}

static int plan_sriov_entry(const struct via_host *host, const struct via_declaration *declaration,
			    uint32_t index, struct via_plan *plan, struct via_error *error)
{
	const struct via_declared_sriov *entry = &declaration->sriov[index];
	const struct via_pci_device *pf;
	struct via_names words = { 0 };
	int r = select_declared(&host->pci, &entry->which, &pf, error);

	if (r < 0)
		return r;
	*via_list_add(plan->arena, &words) =
		arena_printf(plan->arena, "%s=%u", pf->name, entry->vfs);
	if (entry->autoprobe)
		*via_list_add(plan->arena, &words) =
			switch_word(entry->autoprobe, "autoprobe=1", "autoprobe=0");
	if (entry->eswitch)
		*via_list_add(plan->arena, &words) =
			arena_printf(plan->arena, "eswitch=%s", entry->eswitch);
	for (uint32_t i = 0; i < entry->vf_count; i++)
		vf_words(plan, &entry->vf[i], &words);
	return goal_sriov.plan(host, words.items, words.count, plan, error);
}

static int plan_mediated_entry(const struct via_host *host,
			       const struct via_declaration *declaration, uint32_t index,
			       struct via_plan *plan, struct via_error *error)
{
	const struct via_declared_mediated *entry = &declaration->mediated[index];
	const struct via_mdev_wish wish = { .parent = entry->parent,
					    .type = entry->type,
					    .uuid = entry->uuid };

	return plan_mdev(host, &wish, plan, error);
}

static const char *number(struct via_plan *plan, const uint32_t *value)
{
	return value ? arena_printf(plan->arena, "%u", *value) : NULL;
}

static int plan_vdpa_entry(const struct via_host *host, const struct via_declaration *declaration,
			   uint32_t index, struct via_plan *plan, struct via_error *error)
{
	const struct via_declared_vdpa *entry = &declaration->vdpa[index];
	const struct via_vdpa_setup setup = {
		.management = entry->management,
		.name = entry->name,
		.driver = entry->driver,
		.mac = entry->mac,
		.mtu = number(plan, entry->mtu),
		.max_vqp = number(plan, entry->max_queue_pairs),
	};

	return plan_vdpa(host, &setup, plan, error);
}

static int plan_iommu_entry(const struct via_host *host, const struct via_declaration *declaration,
			    uint32_t index, struct via_plan *plan, struct via_error *error)
{
	const char *mode = *declaration->iommu == VIA_DECLARED_IOMMU_PASSTHROUGH ? "passthrough"
										 : "translated";

	return goal_iommu.plan(host, &mode, 1, plan, error);
}

static int plan_nested_entry(const struct via_host *host, const struct via_declaration *declaration,
			     uint32_t index, struct via_plan *plan, struct via_error *error)
{
	static const char *const off = "off";

	return goal_nested.plan(host, &off, *declaration->nested == VIA_DECLARED_OFF ? 1 : 0, plan,
				error);
}

static int plan_isolate_entry(const struct via_host *host,
			      const struct via_declaration *declaration, uint32_t index,
			      struct via_plan *plan, struct via_error *error)
{
	return goal_isolate.plan(host, &declaration->isolate, 1, plan, error);
}

static int plan_hugepages_entry(const struct via_host *host,
				const struct via_declaration *declaration, uint32_t index,
				struct via_plan *plan, struct via_error *error)
{
	const struct via_declared_hugepages *entry = &declaration->hugepages[index];
	const char *word =
		arena_printf(plan->arena, "%s=%llu", entry->size, (unsigned long long)entry->count);

	if (entry->node)
		word = arena_printf(plan->arena, "%s@%u", word, *entry->node);
	return goal_hugepages.plan(host, &word, 1, plan, error);
}

#define ONE(member, what) .at = offsetof(struct via_declaration, member), .only = (what)
#define MANY(member)                                               \
	.at = offsetof(struct via_declaration, member),            \
	.count = offsetof(struct via_declaration, member##_count), \
	.stride = sizeof(*((struct via_declaration *)0)->member)
#define LABEL(structure, member) .label = offsetof(struct structure, member)

/* clang-format off */
static const struct via_section sections[] = {
	{ "iommu", ONE(iommu, "the IOMMU"), .plan = plan_iommu_entry },
	{ "nested", ONE(nested, "nested guests"), .plan = plan_nested_entry },
	{ "cpus", ONE(isolate, "processors for guests"), .plan = plan_isolate_entry },
	{ "hugepages", MANY(hugepages), LABEL(via_declared_hugepages, size),
	  .plan = plan_hugepages_entry },
	{ "sriov", MANY(sriov), LABEL(via_declared_sriov, which), .marks = true,
	  .plan = plan_sriov_entry },
	{ "passthrough", MANY(passthrough), LABEL(via_declared_passthrough, which), .marks = true,
	  .plan = plan_passthrough_entry, .plan_together = plan_passthrough_together },
	{ "mediated", MANY(mediated), LABEL(via_declared_mediated, parent),
	  .plan = plan_mediated_entry },
	{ "vdpa", MANY(vdpa), LABEL(via_declared_vdpa, name), .plan = plan_vdpa_entry },
};
/* clang-format on */

const struct via_section *section_at(size_t index)
{
	return index < VIA_COUNT(sections) ? &sections[index] : NULL;
}

static const void *member(const struct via_section *section,
			  const struct via_declaration *declaration)
{
	const void *value;

	memcpy(&value, (const char *)declaration + section->at, sizeof(value));
	return value;
}

uint32_t section_count(const struct via_section *section, const struct via_declaration *declaration)
{
	uint32_t count;

	if (section->only)
		return member(section, declaration) != NULL;
	memcpy(&count, (const char *)declaration + section->count, sizeof(count));
	return count;
}

static const char *entry_at(const struct via_section *section,
			    const struct via_declaration *declaration, uint32_t index)
{
	return (const char *)member(section, declaration) + index * section->stride;
}

const struct via_declared_device *section_marks(const struct via_section *section,
						const struct via_declaration *declaration,
						uint32_t index)
{
	if (!section->marks)
		return NULL;
	return (const void *)(entry_at(section, declaration, index) + section->label);
}

const char *section_entry_name(const struct via_section *section,
			       const struct via_declaration *declaration, uint32_t index)
{
	const char *name;

	if (section->only)
		return section->only;
	if (section->marks)
		return words_of(section_marks(section, declaration, index));
	memcpy(&name, entry_at(section, declaration, index) + section->label, sizeof(name));
	return name;
}
