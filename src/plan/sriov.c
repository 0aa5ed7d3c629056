/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/goal.h"

#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "model/select.h"

/* The VF's requester id counts on from the PF's (PCI Express Base 9.3.3.9). */
static const char *vf_address(struct via_arena *arena, const struct via_pci_device *pf,
			      unsigned int index)
{
	uint32_t rid = address_rid(pf->address) + (uint32_t)fact_number(&pf->sriov_offset, 0) +
		       index * (uint32_t)fact_number(&pf->sriov_stride, 0);
	char text[PCI_ADDRESS_TEXT];

	return arena_strdup(arena, address_format(
					   (struct via_pci_address){
						   .domain = pf->address.domain,
						   .bus = (uint8_t)(rid >> 8),
						   .device = rid >> 3 & 0x1f,
						   .function = rid & 7,
					   },
					   text));
}

/* An NVMe VF has no queues until the PF's controller lends it some. */
static void lend_nvme_queues(struct via_plan *plan, const struct via_pci_device *pf,
			     unsigned int count)
{
	if (!pci_class_is(pf, 0x010802, 0xffffff) || !pf->nvme.count ||
	    !fact_number(&pf->sriov_offset, 0))
		return;
	for (unsigned int i = 0; i < count; i++)
		plan_act(plan, VIA_ACTION_NVME_SECONDARY, vf_address(plan->arena, pf, i),
			 "offline queues=0 interrupts=0", "online queues=2 interrupts=1",
			 "an admin and an I/O queue, one interrupt");
}

static bool refuse_present(struct via_plan *plan, const struct via_host *host,
			   const struct via_pci_device *pf)
{
	size_t before = plan->refused.count;

	via_for_each (name, &pf->virtfns) {
		struct via_pci_address address;
		const struct via_pci_device *vf = NULL;

		if (address_parse(*name, &address) == 0)
			vf = pci_find(&host->pci, address);
		if (vf)
			plan_refuse_holders(plan, vf);
	}
	return plan->refused.count > before;
}

static bool refuse_count(struct via_plan *plan, const struct via_pci_device *pf, uint64_t count)
{
	size_t before = plan->refused.count;

	if (fact_is(&pf->sriov_total, VIA_UNKNOWN))
		plan_refuse(plan, pf->name, NULL,
			    "it could not be told how many VFs it can make "
			    "(%s)",
			    errno_name(pf->sriov_total.error));
	else if (!fact_number(&pf->sriov_total, 0))
		plan_refuse(plan, pf->name, "switch SR-IOV on in the card's or the board's setup",
			    "it shows no SR-IOV");
	else if (count > pf->sriov_total.number)
		plan_refuse(plan, pf->name, NULL, "it makes %llu VFs at most",
			    (unsigned long long)pf->sriov_total.number);
	if (fact_is(&pf->sriov_total, VIA_PRESENT) && fact_is(&pf->virtfns_known, VIA_UNKNOWN))
		plan_refuse(plan, pf->name, NULL,
			    "it could not be told how many VFs it has now (%s)",
			    errno_name(pf->virtfns_known.error));
	if (fact_is(&pf->driver, VIA_UNKNOWN))
		plan_refuse(plan, pf->name, NULL, "its driver could not be told (%s)",
			    errno_name(pf->driver.error));
	else if (!fact_is(&pf->driver, VIA_PRESENT))
		plan_refuse(plan, pf->name, "bind its own driver first",
			    "it has no driver, and the driver makes the VFs");
	return plan->refused.count > before;
}

static void change_count(struct via_plan *plan, const struct via_pci_device *pf, uint64_t from,
			 uint64_t to, const char *why)
{
	plan_act(plan, VIA_ACTION_SRIOV_COUNT, pf->name,
		 arena_printf(plan->arena, "%llu", (unsigned long long)from),
		 arena_printf(plan->arena, "%llu", (unsigned long long)to), why)
		->identity = plan_identity(plan->arena, pf);
}

static void plan_count(struct via_plan *plan, const struct via_pci_device *pf, uint64_t count)
{
	uint64_t present = pf->virtfns.count;

	if (present)
		change_count(plan, pf, present, 0, "the kernel changes the count only from 0");
	if (!count)
		return;
	/* Else each VF would go to a driver of the host first. */
	if (fact_number(&pf->sriov_autoprobe, 1) == 1)
		plan_act(plan, VIA_ACTION_SRIOV_AUTOPROBE, pf->name, "1", "0",
			 "no driver of the host takes the new VFs")
			->identity = plan_identity(plan->arena, pf);
	change_count(plan, pf, 0, count, "the PF's driver makes the VFs");
	lend_nvme_queues(plan, pf, (unsigned int)count);
}

static int plan_one(const struct via_host *host, const char *word, struct via_plan *plan,
		    struct via_error *error)
{
	char *name = arena_strdup(plan->arena, word), *equals = strrchr(name, '=');
	const struct via_pci_device *pf;
	uint64_t count;
	int r;

	if (!equals || parse_u64(equals + 1, 10, &count) < 0) {
		error_set(error, -EINVAL, "plan sriov", word, "that is not PF=N");
		return error_hint(error, "for instance: sriov 0000:02:00.0=2");
	}
	*equals = '\0';
	r = select_device(&host->pci, name, &pf, error);
	if (r < 0)
		return r;
	if (refuse_count(plan, pf, count) || pf->virtfns.count == count ||
	    refuse_present(plan, host, pf))
		return 0;
	plan_count(plan, pf, count);
	return 0;
}

static int plan_sriov(const struct via_host *host, const char *const *words, size_t count,
		      struct via_plan *plan, struct via_error *error)
{
	int r = count ? 0 : error_set(error, -EINVAL, "plan", "sriov", "no PF=N named");

	for (size_t i = 0; i < count && r == 0; i++)
		r = plan_one(host, words[i], plan, error);
	if (plan->refused.count)
		plan->actions.count = 0;
	return r;
}

const struct via_goal_kind goal_sriov = {
	.name = "sriov",
	.arguments = "PF=N...",
	.summary = "make N virtual functions, none of them bound by the host",
	.plan = plan_sriov,
};
