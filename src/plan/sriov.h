/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/vf_setting.h"
#include "plan/goal.h"

/**
 * struct via_vf_wish - what is wanted of a range of VFs; NULL: it is left alone
 * @first, @last: from 0; UINT_MAX as @last: to the end
 * @values: as base/vf_setting.h spells them
 * @msix: interrupts, in decimal
 * @quantum, @preempt: of a GPU's VF, ms and us, in decimal
 * @driver: "" for none
 */
struct via_vf_wish {
	unsigned int first, last;
	const char *values[VIA_VF_SETTINGS];
	const char *msix, *quantum, *preempt;
	const char *driver;
};

/**
 * struct via_sriov_wish - what is wanted of one PF; strings are not copied
 * @counted: whether @count was asked for; else there are to be as many as there are
 * @autoprobe: "0" or "1": whether the host's drivers take the VFs; NULL: they do not take
 *             those that are made
 * @eswitch: "legacy" or "switchdev"; NULL: left alone
 */
struct via_sriov_wish {
	const struct via_pci_device *pf;
	bool counted;
	uint64_t count;
	const char *autoprobe, *eswitch;
	via_list(struct via_vf_wish) functions;
};

/**
 * plan_sriov - add the actions that make a PF's VFs as wished
 *
 * The count goes through 0; new VFs have no driver until each is as wanted.
 *
 * Return: 0, refusals in @plan; -EINVAL a wish that contradicts itself, told in @error
 */
int plan_sriov(const struct via_host *host, const struct via_sriov_wish *wish,
	       struct via_plan *plan, struct via_error *error);

/**
 * sriov_words - wishes from words: "0000:01:00.0=4" "vf=0-1,vlan=10,driver=vfio-pci" …
 * @ret: a list of them
 *
 * Return: 0; -EINVAL; -ENODEV, -ENOTUNIQ from select_device()
 */
struct via_sriov_wishes {
	struct via_sriov_wish *items;
	size_t count, capacity;
};
int sriov_words(const struct via_host *host, struct via_arena *arena, const char *const *words,
		size_t count, struct via_sriov_wishes *ret, struct via_error *error);
