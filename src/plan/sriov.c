/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/sriov.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "model/sriov.h"
#include "plan/keepers.h"

/* One PF on its way to what is wished. */
struct course {
	const struct via_host *host;
	const struct via_sriov_wish *wish;
	const struct via_pci_device *pf;
	struct via_plan *plan;
	const char *identity;	 /* of the PF */
	uint64_t present, count; /* VFs now, and wanted */
};

static bool is_new(const struct course *course)
{
	return course->present != course->count;
}

static const struct via_pci_device *function_at(const struct course *course, const char *name)
{
	struct via_pci_address address;

	return name && address_parse(name, &address) == 0 ? pci_find(&course->host->pci, address)
							  : NULL;
}

static bool refuse_present(const struct course *course)
{
	size_t before = course->plan->refused.count;

	via_for_each (name, &pci_sriov(course->pf)->virtfns)
		if (function_at(course, *name))
			plan_refuse_holders(course->plan, function_at(course, *name));
	return course->plan->refused.count > before;
}

static void refuse_total(const struct course *course)
{
	const struct via_pci_sriov *sriov = pci_sriov(course->pf);
	const struct via_pci_device *pf = course->pf;

	if (fact_is(&sriov->total, VIA_UNKNOWN))
		plan_refuse(course->plan, pf->name, NULL,
			    "it could not be told how many VFs it can make (%s)",
			    errno_name(sriov->total.error));
	else if (!fact_number(&sriov->total, 0))
		plan_refuse(course->plan, pf->name,
			    "switch SR-IOV on in the card's or the board's setup",
			    "it shows no SR-IOV");
	else if (course->count > sriov->total.number)
		plan_refuse(course->plan, pf->name, NULL, "it makes %llu VFs at most",
			    (unsigned long long)sriov->total.number);
	if (fact_is(&sriov->total, VIA_PRESENT) && fact_is(&sriov->virtfns_known, VIA_UNKNOWN))
		plan_refuse(course->plan, pf->name, NULL,
			    "it could not be told how many VFs it has now (%s)",
			    errno_name(sriov->virtfns_known.error));
}

static bool refuse_count(const struct course *course)
{
	const struct via_pci_device *pf = course->pf;
	size_t before = course->plan->refused.count;

	refuse_total(course);
	if (fact_is(&pf->driver, VIA_UNKNOWN))
		plan_refuse(course->plan, pf->name, NULL, "its driver could not be told (%s)",
			    errno_name(pf->driver.error));
	else if (!fact_is(&pf->driver, VIA_PRESENT))
		plan_refuse(course->plan, pf->name, "bind its own driver first",
			    "it has no driver, and the driver makes the VFs");
	else if (course->count && sriov_driver_can(course->host, pf) == VIA_ABSENT)
		plan_refuse(course->plan, pf->name, NULL, "%s",
			    sriov_driver_words(course->host, pf));
	if (course->count && sriov_bar_without_room(pf) >= 0)
		plan_refuse(course->plan, pf->name,
			    "switch SR-IOV and Above 4G Decoding on in the setup, or try "
			    "pci=realloc on the kernel's line",
			    "its VF BAR %d has no addresses: the kernel would make no VF",
			    sriov_bar_without_room(pf));
	return course->plan->refused.count > before;
}

static bool asks_network(const struct via_vf_wish *wish)
{
	for (int i = 0; i < VIA_VF_SETTINGS; i++)
		if (wish->values[i])
			return true;
	return false;
}

static bool refuse_settings(const struct course *course)
{
	size_t before = course->plan->refused.count;

	via_for_each (function, &course->wish->functions) {
		if (asks_network(function) && !course->pf->net.count)
			plan_refuse(course->plan, course->pf->name, NULL,
				    "it has no network interface here, and only a network PF keeps "
				    "addresses and VLANs for its VFs");
		if (is_new(course) && !fact_number(&pci_sriov(course->pf)->offset, 0))
			plan_refuse(course->plan, course->pf->name,
				    "make the VFs first, then set what is wanted of them",
				    "where its VFs will sit could not be told beforehand");
	}
	return course->plan->refused.count > before;
}

static struct via_action *act_on_pf(const struct course *course, enum via_action_kind kind,
				    const char *from, const char *to, const char *why)
{
	struct via_action *action = plan_act(course->plan, kind, course->pf->name, from, to, why);

	action->identity = course->identity;
	return action;
}

static const char *decimal(const struct course *course, uint64_t number)
{
	return arena_printf(course->plan->arena, "%llu", (unsigned long long)number);
}

/* An NVMe VF has no queues until the PF's controller lends it some. */
static void lend_nvme_queues(const struct course *course)
{
	if (!pci_class_is(course->pf, 0x010802, 0xffffff) || !course->pf->nvme.count ||
	    !fact_number(&pci_sriov(course->pf)->offset, 0))
		return;
	for (unsigned int i = 0; i < course->count; i++)
		plan_act(course->plan, VIA_ACTION_NVME_SECONDARY,
			 virtfn_address(course->plan->arena, course->pf, i),
			 "offline queues=0 interrupts=0", "online queues=2 interrupts=1",
			 "an admin and an I/O queue, one interrupt");
}

static void move_autoprobe(const struct course *course, const char *from, const char *to,
			   const char *why)
{
	if (strcmp(from, to) != 0)
		act_on_pf(course, VIA_ACTION_SRIOV_AUTOPROBE, from, to, why);
}

/* What the PF's driver keeps for a VF goes with it; a new one has other values. */
static void note_settings(const struct course *course, unsigned int index, const char *name)
{
	static const char *const fresh[] = {
		[VIA_VF_MAC] = "00:00:00:00:00:00",
		[VIA_VF_VLAN] = "none",
		[VIA_VF_TRUST] = "off",
		[VIA_VF_SPOOFCHK] = "on",
		[VIA_VF_RATE] = "min=0 max=0",
		[VIA_VF_LINK] = "auto",
	};
	const struct via_virtfn_network *network =
		virtfn_network(&course->host->virtfns, course->pf, index);

	for (int i = 0; network && i < VIA_VF_SETTINGS; i++)
		if (network->values[i] && strcmp(network->values[i], fresh[i]) != 0)
			plan_act(course->plan, (enum via_action_kind)(VIA_ACTION_VF_MAC + i), name,
				 network->values[i], VIA_AS_MADE,
				 "it goes with the VF, and comes back if this is undone");
}

static bool is_handed_over(const struct via_pci_device *function)
{
	return function && (fact_text(&function->driver) ||
			    *(fact_text(&pci_handover(function)->override) ?: ""));
}

static bool any_handed_over(const struct course *course)
{
	via_for_each (name, &pci_sriov(course->pf)->virtfns)
		if (is_handed_over(function_at(course, *name)))
			return true;
	return false;
}

/* Each VF that is there is taken down by steps of its own, so that undoing can bring it back. */
static void take_down(const struct course *course)
{
	const struct via_names *names = &pci_sriov(course->pf)->virtfns;
	size_t before = course->plan->actions.count;

	for (unsigned int i = 0; i < names->count; i++) {
		const struct via_pci_device *function = function_at(course, names->items[i]);

		if (is_handed_over(function))
			plan_bind(course->plan, function, "", "");
		note_settings(course, i, names->items[i]);
		if (function && i >= course->count)
			plan_tell_guests(course->plan, course->host, function);
	}
	for (size_t i = before; i < course->plan->actions.count; i++)
		course->plan->actions.items[i].renewed = true;
	plan_risk(course->plan,
		  "%zu VF%s of %s %s: what is not asked for again of addresses, VLANs and drivers "
		  "is gone; interrupts and times on a GPU do not come back by undoing",
		  names->count, names->count == 1 ? "" : "s", course->pf->name,
		  course->count ? "go and come anew" : "go");
	act_on_pf(course, VIA_ACTION_SRIOV_COUNT, decimal(course, course->present), "0",
		  course->count ? "the kernel changes the count only from 0" : "its VFs go");
}

static void change_count(const struct course *course)
{
	const char *present = fact_number(&pci_sriov(course->pf)->autoprobe, 1) ? "1" : "0";
	const char *wanted = course->wish->autoprobe
				     ?: is_new(course) && course->count ? "0"
									: present;
	const char *now = present;

	if (is_new(course) && course->present) {
		now = any_handed_over(course) ? "0" : present;
		move_autoprobe(course, present, now,
			       "if this is undone, no driver takes a VF before its own");
		take_down(course);
	}
	if (course->wish->eswitch)
		act_on_pf(course, VIA_ACTION_ESWITCH, VIA_AS_MADE, course->wish->eswitch,
			  "how the card forwards between its functions");
	/* Else each VF would go to a driver of the host first. */
	move_autoprobe(course, now, wanted,
		       *wanted == '0' ? "no driver of the host takes the new VFs"
				      : "the host's driver takes new VFs");
	if (!is_new(course) || !course->count)
		return;
	act_on_pf(course, VIA_ACTION_SRIOV_COUNT, "0", decimal(course, course->count),
		  "the PF's driver makes the VFs");
	lend_nvme_queues(course);
}

/* What a VF has now; a new one has what its PF's driver gives it. */
static const char *present_value(const struct course *course, unsigned int index,
				 enum via_vf_setting setting)
{
	const struct via_virtfn_network *network =
		is_new(course) ? NULL : virtfn_network(&course->host->virtfns, course->pf, index);

	return network && network->values[setting] ? network->values[setting] : VIA_AS_MADE;
}

static void set_network(const struct course *course, const struct via_vf_wish *wish,
			unsigned int index, const char *name)
{
	static const char *const why[] = {
		[VIA_VF_MAC] = "the address its guest will have",
		[VIA_VF_VLAN] = "its frames go out with that tag, and the guest sees none",
		[VIA_VF_TRUST] = "whether the guest may change address and filters",
		[VIA_VF_SPOOFCHK] = "whether frames from another address are dropped",
		[VIA_VF_RATE] = "how much it may send, in Mbit/s",
		[VIA_VF_LINK] = "what the guest sees of the link",
	};

	for (int i = 0; i < VIA_VF_SETTINGS; i++) {
		const char *present = present_value(course, index, (enum via_vf_setting)i);

		if (wish->values[i] && strcmp(present, wish->values[i]) != 0)
			plan_act(course->plan, (enum via_action_kind)(VIA_ACTION_VF_MAC + i), name,
				 present, wish->values[i], why[i]);
	}
}

static void set_rest(const struct course *course, const struct via_vf_wish *wish, const char *name)
{
	if (wish->msix)
		plan_act(course->plan, VIA_ACTION_VF_MSIX, name, VIA_AS_MADE, wish->msix,
			 "how many interrupts it has");
	if (wish->quantum)
		plan_act(course->plan, VIA_ACTION_VF_QUANTUM, name, VIA_AS_MADE, wish->quantum,
			 "how long its turn on the GPU is, ms");
	if (wish->preempt)
		plan_act(course->plan, VIA_ACTION_VF_PREEMPT, name, VIA_AS_MADE, wish->preempt,
			 "how long it may take to give way, us");
}

/* A VF that is made meanwhile: no driver has it, and nothing overrides. */
static void bind_new(const struct course *course, const char *name, const char *driver)
{
	const struct via_pci_device function = { .name = name };

	if (!*driver || plan_keep_driver(course->plan, course->host, &function, driver))
		return;
	plan_act(course->plan, VIA_ACTION_DRIVER_OVERRIDE, name, "", driver,
		 "only that driver may take it");
	plan_act(course->plan, VIA_ACTION_DRIVER, name, "", driver, "the driver takes it");
}

static void bind_present(const struct course *course, const char *name, const char *driver)
{
	const struct via_pci_device *device = function_at(course, name);
	const char *present;

	if (!device)
		return;
	present = fact_text(&device->driver) ?: "";
	if (strcmp(present, driver) != 0 && !plan_refuse_holders(course->plan, device) &&
	    !plan_keep_driver(course->plan, course->host, device, driver))
		plan_bind(course->plan, device, driver, driver);
}

/* All that is wished for one VF; what was said later has the last word. */
static struct via_vf_wish wish_of(const struct course *course, unsigned int index)
{
	struct via_vf_wish all = { 0 };

	via_for_each (wish, &course->wish->functions) {
		if (index < wish->first || index > wish->last)
			continue;
		for (int i = 0; i < VIA_VF_SETTINGS; i++)
			all.values[i] = wish->values[i] ?: all.values[i];
		all.msix = wish->msix ?: all.msix;
		all.quantum = wish->quantum ?: all.quantum;
		all.preempt = wish->preempt ?: all.preempt;
		all.driver = wish->driver ?: all.driver;
	}
	return all;
}

static void set_function(const struct course *course, unsigned int index)
{
	const struct via_names *present = &pci_sriov(course->pf)->virtfns;
	const char *name = is_new(course) || index >= present->count
				   ? virtfn_address(course->plan->arena, course->pf, index)
				   : present->items[index];
	const struct via_vf_wish wish = wish_of(course, index);

	if (!name)
		return;
	set_network(course, &wish, index, name);
	set_rest(course, &wish, name);
	if (wish.driver && is_new(course))
		bind_new(course, name, wish.driver);
	else if (wish.driver)
		bind_present(course, name, wish.driver);
}

/* Before any VF is there: a driver that registers looks at all that have none. */
static void load_drivers(const struct course *course)
{
	via_for_each (wish, &course->wish->functions)
		if (wish->driver && *wish->driver &&
		    fact_is(&course->host->pci.drivers_known, VIA_PRESENT) &&
		    !names_have(&course->host->pci.drivers, wish->driver) &&
		    !plan_moves(course->plan, VIA_ACTION_MODULE, wish->driver))
			plan_act(course->plan, VIA_ACTION_MODULE, wish->driver, "absent", "loaded",
				 "the driver that is to have VFs");
}

static int contradiction(const struct course *course, const char *why, const char *hint,
			 struct via_error *error)
{
	error_usage(error, "plan sriov", course->pf->name, "%s", why);
	return error_hint(error, "%s", hint);
}

static bool same_mac_twice(const struct via_sriov_wish *wish)
{
	for (size_t i = 0; i < wish->functions.count; i++)
		for (size_t j = 0; j < i; j++) {
			const char *a = wish->functions.items[i].values[VIA_VF_MAC];
			const char *b = wish->functions.items[j].values[VIA_VF_MAC];

			if (a && b && strcmp(a, b) == 0 && strcmp(a, "00:00:00:00:00:00") != 0)
				return true;
		}
	return false;
}

static int check_wish(const struct course *course, struct via_error *error)
{
	const struct via_sriov_wish *wish = course->wish;

	via_for_each (function, &wish->functions) {
		if (function->first >= course->count ||
		    (function->last != UINT32_MAX && function->last >= course->count))
			return contradiction(course,
					     "settings are wished for a VF that there will not be",
					     "VFs count from 0", error);
		if (function->driver && *function->driver && wish->autoprobe &&
		    *wish->autoprobe == '1')
			return contradiction(
				course,
				"with autoprobe=1 a driver of the host would have each "
				"VF before the driver that is wished",
				"leave autoprobe away", error);
	}
	if (same_mac_twice(wish))
		return contradiction(course, "two VFs would have the same address",
				     "give each VF an address of its own", error);
	return 0;
}

int plan_sriov(const struct via_host *host, const struct via_sriov_wish *wish,
	       struct via_plan *plan, struct via_error *error)
{
	size_t present = pci_sriov(wish->pf)->virtfns.count;
	const struct course course = {
		.host = host,
		.wish = wish,
		.pf = wish->pf,
		.plan = plan,
		.identity = plan_identity(plan->arena, wish->pf),
		.present = present,
		.count = wish->counted ? wish->count : present,
	};
	int r = check_wish(&course, error);

	if (r < 0 || refuse_count(&course) || refuse_settings(&course) ||
	    plan_keep_count(plan, host, wish->pf, course.count) ||
	    (is_new(&course) && refuse_present(&course)))
		return r;
	load_drivers(&course);
	change_count(&course);
	for (unsigned int i = 0; i < course.count && wish->functions.count; i++)
		set_function(&course, i);
	return 0;
}

static int plan_words(const struct via_host *host, const char *const *words, size_t count,
		      struct via_plan *plan, struct via_error *error)
{
	struct via_sriov_wishes wishes;
	int r = sriov_words(host, plan->arena, words, count, &wishes, error);

	if (r < 0)
		return r;
	via_for_each (wish, &wishes) {
		r = plan_sriov(host, wish, plan, error);
		if (r < 0)
			return r;
	}
	if (plan->refused.count)
		plan->actions.count = 0;
	return 0;
}

const struct via_goal_kind goal_sriov = {
	.name = "sriov",
	.arguments = "PF=N [SETTING...]",
	.summary = "make N virtual functions, none of them bound by the host",
	.plan = plan_words,
};
