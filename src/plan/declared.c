/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/declared.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/select.h"
#include "plan/virtual.h"

static const char *words_of(const struct via_declared_device *which)
{
	return which->device ?: which->id ?: which->slot ?: which->serial ?: "(no device)";
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

/* In the order in which they have to be made. */
static const struct section {
	const char *name;
	uint32_t (*count)(const struct via_declaration *declaration);
	const char *(*entry_name)(const struct via_declaration *declaration, uint32_t index);
	int (*plan)(const struct via_host *host, const struct via_declaration *declaration,
		    uint32_t index, struct via_plan *plan, struct via_error *error);
} sections[] = {
	{ "sriov", sriov_count, sriov_name, plan_sriov_entry },
	{ "passthrough", passthrough_count, passthrough_name, plan_passthrough_entry },
	{ "mediated", mediated_count, mediated_name, plan_mediated_entry },
	{ "vdpa", vdpa_count, vdpa_name, plan_vdpa_entry },
};

static const struct section *section_of(const struct via_declared_entry *entry)
{
	for (size_t i = 0; i < VIA_COUNT(sections); i++)
		if (strcmp(sections[i].name, entry->section) == 0)
			return &sections[i];
	return NULL;
}

void declared_entries(struct via_arena *arena, const struct via_declaration *declaration,
		      struct via_declared_entries *ret)
{
	*ret = (struct via_declared_entries){ 0 };
	for (size_t i = 0; i < VIA_COUNT(sections); i++)
		for (uint32_t k = 0; k < sections[i].count(declaration); k++)
			*via_list_add(arena, ret) =
				(struct via_declared_entry){ sections[i].name, k };
}

static struct via_plan plan_entry(struct via_arena *arena, const struct via_host *host,
				  const struct via_declaration *declaration,
				  const struct via_declared_entry *entry,
				  enum via_insistence insistence)
{
	const struct section *section = section_of(entry);
	const char *name = section->entry_name(declaration, entry->index);
	struct via_plan plan = {
		.arena = arena,
		.goal = arena_printf(arena, "declared %s %s", section->name, name),
		.insistence = insistence,
	};
	struct via_error error = { 0 };
	int r = section->plan(host, declaration, entry->index, &plan, &error);

	plan.untold = r == -ENODATA || r == -EIO;
	if (r < 0)
		plan_refuse(&plan, name, *error.hint ? arena_strdup(arena, error.hint) : NULL, "%s",
			    error.why);
	if (plan.refused.count)
		plan.actions.count = 0;
	return plan;
}

void plan_declared_entry(struct via_arena *arena, const struct via_host *host,
			 const struct via_declaration *declaration,
			 const struct via_declared_entry *entry, enum via_insistence insistence,
			 struct via_plan *ret)
{
	*ret = plan_entry(arena, host, declaration, entry, insistence);
	plan_seal(ret);
}

/* Two entries may need the same module: the second finds it loaded. */
static bool plans_already(const struct via_plan *plan, const struct via_action *action)
{
	via_for_each (other, &plan->actions)
		if (action->kind == VIA_ACTION_MODULE && other->kind == action->kind &&
		    strcmp(other->target, action->target) == 0 &&
		    strcmp(other->wanted, action->wanted) == 0)
			return true;
	return false;
}

static void take_over(struct via_plan *whole, const struct via_plan *part)
{
	via_for_each (action, &part->actions)
		if (!plans_already(whole, action))
			*via_list_add(whole->arena, &whole->actions) = *action;
	via_for_each (refusal, &part->refused)
		*via_list_add(whole->arena, &whole->refused) = *refusal;
	via_for_each (overruled, &part->overruled)
		*via_list_add(whole->arena, &whole->overruled) = *overruled;
	whole->reboot_needed |= part->reboot_needed;
	whole->untold |= part->untold;
}

void plan_declared(struct via_arena *arena, const struct via_host *host,
		   const struct via_declaration *declaration, enum via_insistence insistence,
		   struct via_plan *ret)
{
	struct via_plan whole = { .arena = arena,
				  .goal = "what is declared",
				  .insistence = insistence };
	struct via_declared_entries entries;

	declared_entries(arena, declaration, &entries);
	via_for_each (entry, &entries) {
		struct via_plan part = plan_entry(arena, host, declaration, entry, insistence);

		take_over(&whole, &part);
	}
	plan_seal(&whole);
	*ret = whole;
}
