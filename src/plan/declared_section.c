/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/declared_section.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/select.h"
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

static int plan_passthrough_entry(const struct via_host *host,
				  const struct via_declaration *declaration, uint32_t index,
				  struct via_plan *plan, struct via_error *error)
{
	const struct via_declared_passthrough *entry = &declaration->passthrough[index];
	const struct via_pci_device *device;
	const char *words[] = { "--now", NULL };
	int r = select_declared(&host->pci, &entry->which, &device, error);

	if (r < 0)
		return r;
	/* The unit of each boot does it again: nothing is needed in the initramfs. */
	words[1] = device->name;
	return goal_passthrough.plan(host, words, 2, plan, error);
}

/* All at once: they share one list in one initramfs. */
static void plan_passthrough_together(const struct via_host *host,
				      const struct via_declaration *declaration,
				      struct via_plan *plan)
{
	struct via_names names = { 0 };
	struct via_error error;

	for (uint32_t i = 0; i < declaration->passthrough_count; i++) {
		const struct via_declared_device *which = &declaration->passthrough[i].which;
		const struct via_pci_device *device;
		int r = select_declared(&host->pci, which, &device, &error);

		if (r < 0)
			section_refuse(plan, words_of(which), r, &error);
		else
			*via_list_add(plan->arena, &names) = device->name;
	}
	if (names.count && goal_passthrough.plan(host, names.items, names.count, plan, &error) < 0)
		plan_refuse(plan, error.where, NULL, "%s", error.why);
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

static const char *switch_word(const enum via_declared_switch *value)
{
	return !value ? NULL : *value == VIA_DECLARED_ON ? "on" : "off";
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
	add(plan, &word, "trust", switch_word(vf->trust));
	add(plan, &word, "spoofchk", switch_word(vf->spoof_check));
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
			*entry->autoprobe == VIA_DECLARED_ON ? "autoprobe=1" : "autoprobe=0";
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
	return goal_nested.plan(host, NULL, 0, plan, error);
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

static uint32_t iommu_count(const struct via_declaration *declaration)
{
	return declaration->iommu != NULL;
}

/* "nested: no" asks for nothing: what is off already needs no doing. */
static uint32_t nested_count(const struct via_declaration *declaration)
{
	return declaration->nested && *declaration->nested == VIA_DECLARED_ON;
}

static uint32_t isolate_count(const struct via_declaration *declaration)
{
	return declaration->isolate != NULL;
}

static uint32_t hugepages_count(const struct via_declaration *declaration)
{
	return declaration->hugepages_count;
}

static const char *iommu_name(const struct via_declaration *declaration, uint32_t index)
{
	return "the IOMMU";
}

static const char *nested_name(const struct via_declaration *declaration, uint32_t index)
{
	return "nested guests";
}

static const char *isolate_name(const struct via_declaration *declaration, uint32_t index)
{
	return declaration->isolate;
}

static const char *hugepages_name(const struct via_declaration *declaration, uint32_t index)
{
	return declaration->hugepages[index].size;
}

static uint32_t mediated_count(const struct via_declaration *declaration)
{
	return declaration->mediated_count;
}

static uint32_t vdpa_count(const struct via_declaration *declaration)
{
	return declaration->vdpa_count;
}

static const char *mediated_name(const struct via_declaration *declaration, uint32_t index)
{
	return declaration->mediated[index].parent;
}

static const char *vdpa_name(const struct via_declaration *declaration, uint32_t index)
{
	return declaration->vdpa[index].name;
}

static uint32_t passthrough_count(const struct via_declaration *declaration)
{
	return declaration->passthrough_count;
}

static uint32_t sriov_count(const struct via_declaration *declaration)
{
	return declaration->sriov_count;
}

static const char *passthrough_name(const struct via_declaration *declaration, uint32_t index)
{
	return words_of(&declaration->passthrough[index].which);
}

static const char *sriov_name(const struct via_declaration *declaration, uint32_t index)
{
	return words_of(&declaration->sriov[index].which);
}

static const struct via_section sections[] = {
	{ "iommu", iommu_count, iommu_name, plan_iommu_entry },
	{ "nested", nested_count, nested_name, plan_nested_entry },
	{ "cpus", isolate_count, isolate_name, plan_isolate_entry },
	{ "hugepages", hugepages_count, hugepages_name, plan_hugepages_entry },
	{ "sriov", sriov_count, sriov_name, plan_sriov_entry },
	{ "passthrough", passthrough_count, passthrough_name, plan_passthrough_entry,
	  plan_passthrough_together },
	{ "mediated", mediated_count, mediated_name, plan_mediated_entry },
	{ "vdpa", vdpa_count, vdpa_name, plan_vdpa_entry },
};

const struct via_section *section_at(size_t index)
{
	return index < VIA_COUNT(sections) ? &sections[index] : NULL;
}
