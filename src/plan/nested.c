/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests that may have guests. */
#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "plan/boot.h"
#include "plan/goal.h"

static const char *module_of(const struct via_host *host)
{
	const struct via_cpu *cpu = &host->firmware.cpu;

	if (cpu->vendor == VIA_CPU_AMD)
		return "kvm_amd";
	return cpu->vendor == VIA_CPU_OTHER ? NULL : "kvm_intel";
}

static bool is_on(const struct via_fact *nested)
{
	const char *text = fact_text(nested);

	return text && (*text == 'Y' || *text == '1');
}

/* A line of modprobe.d that says no. */
static const struct via_modprobe_rule *rule_against(const struct via_host *host, const char *module)
{
	const struct via_modprobe_rule *found = NULL;

	via_for_each (rule, &host->kernel.modprobe)
		if (rule->kind == VIA_MODPROBE_OPTIONS && strcmp(rule->module, module) == 0 &&
		    (text_has_word(rule->text, "nested=0") ||
		     text_has_word(rule->text, "nested=N") ||
		     text_has_word(rule->text, "nested=n")))
			found = rule;
	return found;
}

static void plan_option(struct via_plan *plan, const struct via_host *host, const char *module)
{
	plan_text_file(
		plan, &host->boot.drop_ins.kvm, 0644,
		arena_printf(plan->arena, "# made by viaduct\noptions %s nested=1\n", module),
		"guests may have guests");
	plan_risk(plan,
		  "it counts once %s is loaded anew: at the next boot, or, with no guest running, "
		  "by modprobe -r %s && modprobe %s",
		  module, module, module);
	plan_risk(plan, "a guest that has guests of its own cannot be migrated or saved on every "
			"kernel, and more of KVM is within its reach");
	plan_by_hand(plan, "remove %s", host->boot.drop_ins.kvm.path);
}

/* Of an image nobody can tell whose processor will run it; the other's line is of no effect. */
static void plan_for_either(struct via_plan *plan, const struct via_host *host)
{
	plan_text_file(plan, &host->boot.drop_ins.kvm, 0644,
		       "# made by viaduct\noptions kvm_intel nested=1\noptions kvm_amd nested=1\n",
		       "guests may have guests, whoever made the processor");
	plan_by_hand(plan, "remove %s", host->boot.drop_ins.kvm.path);
}

static void refuse_maker(struct via_plan *plan, const struct via_host *host)
{
	const struct via_fact *vendor = &host->firmware.cpu.vendor_id;

	if (fact_is(vendor, VIA_PRESENT))
		plan_refuse(plan, "nested", NULL,
			    "this processor's maker has no KVM that could nest");
	else
		plan_refuse(plan, "nested", NULL, "who made the processor could not be told (%s)",
			    errno_name(vendor->error ? vendor->error : ENODATA));
}

static int plan_nested(const struct via_host *host, const char *const *words, size_t count,
		       struct via_plan *plan, struct via_error *error)
{
	const char *module = module_of(host), *name;
	const struct via_modprobe_rule *against = module ? rule_against(host, module) : NULL;
	const struct via_module *state = module ? kernel_module(&host->kernel, module) : NULL;
	struct via_names add = { 0 }, none = { 0 };

	if (count)
		return error_usage(error, "plan nested", words[0], "it takes no words");
	if (!module && host->image) {
		plan_for_either(plan, host);
		return 0;
	}
	if (!module) {
		refuse_maker(plan, host);
		return 0;
	}
	name = arena_printf(plan->arena, "%s.nested=1", module);
	if (is_on(&host->kernel.kvm_nested) && !against)
		return 0;
	if (against && !text_ends(against->place, "viaduct-kvm.conf"))
		plan_risk(plan, "%s says %s; the last that modprobe reads counts", against->place,
			  against->text);
	if (!state || !fact_is(&state->builtin, VIA_PRESENT)) {
		plan_option(plan, host, module);
		return 0;
	}
	*via_list_add(plan->arena, &add) = name;
	plan_words(plan, host, &add, &none,
		   "guests may have guests; KVM is built into this kernel");
	return 0;
}

const struct via_goal_kind goal_nested = {
	.name = "nested",
	.arguments = "",
	.summary = "let guests have guests of their own",
	.plan = plan_nested,
};
