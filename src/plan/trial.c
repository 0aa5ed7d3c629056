/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/trial.h"

#include "decode/line.h"
#include "plan/boot.h"
#include "plan/generate.h"
#include "plan/goal.h"

typedef void part(struct via_plan *plan, const struct via_host *host,
		  const struct via_trial_wish *wish);

static void wait_for_boot(struct via_action *action)
{
	if (action)
		action->effect = action->undo = VIA_EFFECT_REBOOT;
}

static void choose_entry(struct via_plan *plan, const char *target, const char *entry,
			 const char *why)
{
	wait_for_boot(plan_act(plan,
			       *target == '/' ? VIA_ACTION_GRUB_ONCE : VIA_ACTION_LOADER_ENTRY,
			       target, "", entry, why));
}

static void keep_old_system(struct via_plan *plan, const struct via_host *host,
			    const struct via_trial_wish *wish)
{
	const struct via_boot_trial *trial = &host->boot.trial;
	const struct via_file after = {
		.there = true,
		.content = span_of_text(trial->keeper_text),
		.mode = 0644,
	};

	plan_trial_unit(plan, wish);
	if (trial->image)
		plan_generate(plan,
			      arena_printf(plan->arena, TRIAL_KEEP " %s %s", trial->image,
					   trial->image_kept),
			      "", "keeps the initramfs that this system booted with");
	plan_file(plan, trial->keeper.path, &trial->keeper.file, &after,
		  "the system as it is stays what boots by default");
	if (trial->standing)
		choose_entry(plan, trial->standing, trial->standing_entry,
			     "the loader's default is that");
}

static void start_once(struct via_plan *plan, const struct via_host *host,
		       const struct via_trial_wish *wish)
{
	const struct via_boot_trial *trial = &host->boot.trial;

	plan_generate(plan, arena_printf(plan->arena, TRIAL_ENTER " %s", wish->trial.id), "",
		      "an entry of its own boots the change");
	choose_entry(plan, trial->once, trial->once_entry,
		     "the next boot, and only that, starts it");
}

static void add_part(struct via_plan *plan, const struct via_host *host,
		     const struct via_trial_wish *wish, part *add)
{
	size_t first = plan->actions.count;

	add(plan, host, wish);
	for (size_t i = first; i < plan->actions.count; i++)
		plan->actions.items[i].trial = true;
}

/* What dies with this boot is no part of what the next one tries. */
static void take_lasting(struct via_plan *plan, const struct via_plan *whole)
{
	via_for_each (action, &whole->actions)
		if (action_kind_persists(action->kind))
			*via_list_add(plan->arena, &plan->actions) = *action;
}

static bool waits_for_boot(const struct via_plan *plan)
{
	via_for_each (action, &plan->actions)
		if (action_kind_persists(action->kind) && action->effect == VIA_EFFECT_REBOOT)
			return true;
	return false;
}

/* No watchdog counts before systemd runs, and whether it may reset the host is its owner's to say.
 */
static void tell_of_hangs(struct via_plan *plan, const struct via_fact *watchdog)
{
	const char *more = "this host has no watchdog device";

	if (fact_is(watchdog, VIA_UNKNOWN))
		more = "whether this host has a watchdog could not be told";
	else if (fact_is(watchdog, VIA_PRESENT) && watchdog->number)
		more = arena_printf(plan->arena,
				    "its watchdog (%s) is in use, and counts once what runs it "
				    "is up",
				    watchdog->text);
	else if (fact_is(watchdog, VIA_PRESENT))
		more = arena_printf(plan->arena,
				    "its watchdog (%s) counts from when systemd runs, with "
				    "RuntimeWatchdogSec=3min in /etc/systemd/system.conf",
				    watchdog->text);
	plan_risk(plan,
		  "a boot that hangs waits for your reset (a kernel panic resets by itself): %s",
		  more);
}

static void tell(struct via_plan *plan, const struct via_host *host)
{
	plan->risks.count = 0;
	plan->by_hand.count = 0;
	tell_of_hangs(plan, &host->boot.trial.watchdog);
	plan_risk(plan, "until it is decided, no other change for the next boot is made");
	plan_by_hand(plan,
		     "before the next boot: viaduct rollback; in the loader's menu (%s): the entry "
		     "%s",
		     host->boot.loader_name, KNOWN_GOOD_ENTRY);
	plan_by_hand(plan, "after it: viaduct confirm keeps it, viaduct rollback takes it back");
}

void plan_trial(struct via_plan *plan, const struct via_host *host,
		const struct via_trial_wish *wish)
{
	const struct via_boot_trial *trial = &host->boot.trial;
	const struct via_plan whole = *plan;

	if (plan->refused.count)
		return;
	if (waits_for_boot(plan) && !fact_is(&trial->told, VIA_PRESENT)) {
		plan_refuse(plan, "a trial boot", trial->by_hand, "%s",
			    trial->why_not ?: "how it boots was not looked at");
		return;
	}
	plan->actions = (typeof(plan->actions)){ 0 };
	plan->reboot_needed = false;
	if (waits_for_boot(&whole)) {
		add_part(plan, host, wish, keep_old_system);
		take_lasting(plan, &whole);
		add_part(plan, host, wish, start_once);
		tell(plan, host);
		plan->trial = arena_memdup(plan->arena, &wish->trial, sizeof(wish->trial));
	}
	plan_seal(plan);
}
