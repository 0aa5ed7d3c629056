/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/holder.h"

#include <string.h>

#include "base/cleanup.h"

static const struct {
	const char *by, *remedy;
} remedies[] = {
	{ "mount", "unmount it first" },
	{ "swap", "swapoff first" },
	{ "block", "take apart what is stacked on it first (vgchange -an, mdadm --stop, "
		   "cryptsetup close)" },
	{ "zfs", "zpool export first" },
	{ "net", "take the interface down first (ip link set NAME down)" },
	{ "display", "let the host show its picture elsewhere first" },
	{ "input", "plug a keyboard in elsewhere first" },
	{ "console", "give the kernel another console first" },
	{ "mdev", "remove the mediated devices first" },
	{ "process", "end that program first" },
	{ "vfio",
	  "end the guest or program first; this cannot be forced: the kernel waits for it" },
};

const char *loss_name(enum via_loss loss)
{
	static const char *const names[] = {
		[VIA_LOSS_USE] = "in-use",
		[VIA_LOSS_VITAL] = "vital",
	};
	_Static_assert(VIA_COUNT(names) == VIA_LOSSES, "every loss has a name");

	return names[loss];
}

const struct via_holder *holders_worst(const struct via_holders *holders)
{
	const struct via_holder *worst = NULL;

	via_for_each (holder, holders)
		if (!worst || holder->loss > worst->loss)
			worst = holder;
	return worst;
}

bool holder_can_be_overruled(const struct via_holder *holder)
{
	return strcmp(holder->by, "vfio") != 0;
}

const char *holder_remedy(const struct via_holder *holder)
{
	for (size_t i = 0; i < VIA_COUNT(remedies); i++)
		if (strcmp(remedies[i].by, holder->by) == 0)
			return remedies[i].remedy;
	return "end that use first";
}
