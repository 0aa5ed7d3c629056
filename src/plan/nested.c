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

static bool is_so(const struct via_fact *nested, bool on)
{
	const char *text = fact_text(nested);

	return text && strchr(on ? "Yy1" : "Nn0", *text);
}

/* A line of modprobe.d that says the opposite. */
static const struct via_modprobe_rule *rule_against(const struct via_host *host, const char *module,
						    bool on)
{
	static const char *const words[2][6] = {
		{ "nested=1", "nested=Y", "nested=y", "nested=on", "nested" },
		{ "nested=0", "nested=N", "nested=n", "nested=off" },
	};
	const struct via_modprobe_rule *found = NULL;

	via_for_each (rule, &host->kernel.modprobe)
		for (size_t i = 0; words[on][i]; i++)
			if (rule->kind == VIA_MODPROBE_OPTIONS &&
			    strcmp(rule->module, module) == 0 &&
			    text_has_word(rule->text, words[on][i]))
				found = rule;
	return found;
}

static const char *why(bool on)
{
	return on ? "guests may have guests" : "guests have no guests of their own";
}

static void plan_option(struct via_plan *plan, const struct via_host *host, const char *module,
			bool on)
{
	plan_text_file(
		plan, &host->boot.drop_ins.kvm, 0644,
		arena_printf(plan->arena, "# made by viaduct\noptions %s nested=%d\n", module, on),
		why(on));
	plan_risk(plan,
		  "it counts once %s is loaded anew: at the next boot, or, with no guest running, "
		  "by modprobe -r %s && modprobe %s",
		  module, module, module);
	if (on)
		plan_risk(plan, "a guest that has guests of its own cannot be migrated or saved on "
				"every kernel, and more of KVM is within its reach");
	plan_by_hand(plan, "remove %s", host->boot.drop_ins.kvm.path);
}

/* Of an image nobody can tell whose processor will run it; the other's line is of no effect. */
static void plan_for_either(struct via_plan *plan, const struct via_host *host, bool on)
{
	plan_text_file(plan, &host->boot.drop_ins.kvm, 0644,
		       arena_printf(plan->arena,
				    "# made by viaduct\noptions kvm_intel nested=%d\n"
				    "options kvm_amd nested=%d\n",
				    on, on),
		       arena_printf(plan->arena, "%s, whoever made the processor", why(on)));
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

static void plan_switch(struct via_plan *plan, const struct via_host *host, const char *module,
			bool on)
{
	const struct via_modprobe_rule *against = rule_against(host, module, on);
	const struct via_module *state = kernel_module(&host->kernel, module);
	struct via_names add = { 0 }, none = { 0 };

	if (is_so(&host->kernel.kvm_nested, on) && !against)
		return;
	if (against && !text_ends(against->place, "viaduct-kvm.conf"))
		plan_risk(plan, "%s says %s; the last that modprobe reads counts", against->place,
			  against->text);
	if (!state || !fact_is(&state->builtin, VIA_PRESENT)) {
		plan_option(plan, host, module, on);
		return;
	}
	*via_list_add(plan->arena, &add) = arena_printf(plan->arena, "%s.nested=%d", module, on);
	plan_words(plan, host, &add, &none,
		   arena_printf(plan->arena, "%s; KVM is built into this kernel", why(on)));
}

static int plan_nested(const struct via_host *host, const char *const *words, size_t count,
		       struct via_plan *plan, struct via_error *error)
{
	const char *module = module_of(host);
	bool on = !count;

	if (count > 1 || (count && strcmp(words[0], "off") != 0))
		return error_usage(error, "plan nested", words[count - 1],
				   "it takes no word, or off");
	if (module)
		plan_switch(plan, host, module, on);
	else if (host->image)
		plan_for_either(plan, host, on);
	else if (on || !fact_is(&host->firmware.cpu.vendor_id, VIA_PRESENT))
		refuse_maker(plan, host);
	return 0;
}

const struct via_goal_kind goal_nested = {
	.name = "nested",
	.arguments = "[off]",
	.summary = "let guests have guests of their own, or not",
	.plan = plan_nested,
};
