/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/declared.h"

#include <string.h>

#include "plan/boot.h"
#include "plan/declared_clash.h"
#include "plan/declared_section.h"
#include "plan/virtual.h"

static const struct via_section *section_of(const struct via_declared_entry *entry)
{
	const struct via_section *section;

	for (size_t i = 0; (section = section_at(i)); i++)
		if (strcmp(section->name, entry->section) == 0)
			break;
	return section;
}

void declared_entries(struct via_arena *arena, const struct via_declaration *declaration,
		      struct via_declared_entries *ret)
{
	const struct via_section *section;

	*ret = (struct via_declared_entries){ 0 };
	for (size_t i = 0; (section = section_at(i)); i++)
		for (uint32_t k = 0; k < section_count(section, declaration); k++)
			*via_list_add(arena, ret) = (struct via_declared_entry){ section->name, k };
}

static struct via_plan part_of(const struct via_plan *whole, const char *goal)
{
	return (struct via_plan){
		.arena = whole->arena,
		.goal = goal,
		.insistence = whole->insistence,
		.gather = whole->gather,
		.lasting = whole->lasting,
	};
}

static void plan_entry(const struct via_host *host, const struct via_declaration *declaration,
		       const struct via_section *section, uint32_t index, struct via_plan *plan)
{
	const char *name = section_entry_name(section, declaration, index);
	struct via_error error = { 0 };
	int r = section->plan(host, declaration, index, plan, &error);

	if (r < 0)
		section_refuse(plan, name, r, &error);
	if (plan->refused.count)
		plan->actions.count = 0;
}

void plan_declared_entry(struct via_arena *arena, const struct via_host *host,
			 const struct via_declaration *declaration,
			 const struct via_declared_entry *entry, enum via_insistence insistence,
			 struct via_plan *ret)
{
	const struct via_section *section = section_of(entry);
	struct via_plan plan = {
		.arena = arena,
		.goal = arena_printf(arena, "declared %s %s", section->name,
				     section_entry_name(section, declaration, entry->index)),
		.insistence = insistence,
	};

	declared_refuse_clashes(host, declaration, entry, &plan);
	plan_entry(host, declaration, section, entry->index, &plan);
	plan_seal(&plan);
	*ret = plan;
}

enum plans { PLANS_NOT, PLANS_SAME, PLANS_OTHER };

/* Two entries may need the same module: the second finds it loaded. What is switched off and
 * on again around an entry is each one's own. */
static enum plans plans_already(const struct via_plan *plan, const struct via_action *action)
{
	via_for_each (other, &plan->actions) {
		if (action->kind != VIA_ACTION_MODULE && action->kind != VIA_ACTION_FILE)
			break;
		if (other->kind != action->kind || strcmp(other->target, action->target) != 0)
			continue;
		return strcmp(other->wanted, action->wanted) == 0 ? PLANS_SAME : PLANS_OTHER;
	}
	return PLANS_NOT;
}

static void take_action(struct via_plan *whole, const struct via_action *action)
{
	enum plans plans = plans_already(whole, action);

	if (plans == PLANS_OTHER)
		plan_refuse(whole, action->target, "declare it once",
			    "two entries want another content of it");
	else if (plans == PLANS_NOT)
		*via_list_add(whole->arena, &whole->actions) = *action;
}

#define TAKE_ALL(whole, part, list)        \
	via_for_each (item, &(part)->list) \
	*via_list_add((whole)->arena, &(whole)->list) = *item

static void take_over(struct via_plan *whole, const struct via_plan *part)
{
	via_for_each (action, &part->actions)
		take_action(whole, action);
	TAKE_ALL(whole, part, refused);
	TAKE_ALL(whole, part, overruled);
	TAKE_ALL(whole, part, risks);
	TAKE_ALL(whole, part, by_hand);
	TAKE_ALL(whole, part, expect);
	whole->untold |= part->untold;
}

static void plan_section(const struct via_host *host, const struct via_declaration *declaration,
			 const struct via_section *section, struct via_plan *whole)
{
	uint32_t count = section_count(section, declaration);

	for (uint32_t i = 0; i < count; i++) {
		struct via_plan part = part_of(whole, section->name);

		if (section->plan_together)
			section->plan_together(host, declaration, &part);
		else
			plan_entry(host, declaration, section, i, &part);
		take_over(whole, &part);
		if (section->plan_together)
			return;
	}
}

void plan_declared(struct via_arena *arena, const struct via_host *host,
		   const struct via_declaration *declaration, enum via_insistence insistence,
		   struct via_plan *ret)
{
	struct via_boot_wish wish = { 0 };
	struct via_plan whole = { .arena = arena,
				  .goal = "what is declared",
				  .insistence = insistence,
				  .gather = &wish,
				  .lasting = true };
	const struct via_section *section;

	declared_refuse_clashes(host, declaration, NULL, &whole);
	for (size_t i = 0; (section = section_at(i)); i++)
		plan_section(host, declaration, section, &whole);
	plan_refuse_instances(host, &whole);
	section_tell_undeclared(host, declaration, &whole);
	whole.gather = NULL;
	if (wish.add.count || wish.remove.count)
		plan_words(&whole, host, &wish.add, &wish.remove, "what is declared for boot");
	plan_seal(&whole);
	*ret = whole;
}
