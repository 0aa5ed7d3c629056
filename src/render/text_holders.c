/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/text_holders.h"

#include <string.h>

#include "render/json.h"

enum { LABEL = 14 };

static void row(const struct via_paper *paper, const char *label, enum via_style style,
		const char *text)
{
	fputs("  ", paper->file);
	paper_pad(paper, VIA_STYLE_DIM, LABEL, label);
	paper_fill(paper, style, 2 + LABEL, 2 + LABEL, text);
}

static enum via_style style_of(const struct via_holder *holder)
{
	return holder->loss == VIA_LOSS_VITAL ? VIA_STYLE_BAD : VIA_STYLE_CARE;
}

/* Two uses may cost the host the same thing. */
static bool lost_before(const struct via_holders *holders, const struct via_holder *holder)
{
	for (const struct via_holder *at = holders->items; at < holder; at++)
		if (strcmp(at->loses, holder->loses) == 0)
			return true;
	return false;
}

static void print_untold(const struct via_paper *paper, const struct via_fact *known)
{
	fputs("  ", paper->file);
	paper_pad(paper, VIA_STYLE_DIM, LABEL, "used by");
	paper_print(paper, VIA_STYLE_CARE, "could not be told wholly (%s: %s)\n",
		    errno_name(known->error), known->path);
}

void text_holders(const struct via_paper *paper, const struct via_pci_device *device)
{
	const struct via_holders *holders = &device->holders;
	const struct via_holder *worst = holders_worst(holders);

	via_for_each (holder, holders)
		row(paper, "used by", style_of(holder), holder->what);
	if (fact_is(&device->holders_known, VIA_UNKNOWN))
		print_untold(paper, &device->holders_known);
	else if (!worst)
		row(paper, "used by", VIA_STYLE_PLAIN, "nothing on this host was seen to use it");
	via_for_each (holder, holders)
		if (!lost_before(holders, holder))
			row(paper, "would lose", style_of(holder), holder->loses);
	if (!worst)
		return;
	row(paper, "to take it", VIA_STYLE_PLAIN,
	    !holder_can_be_overruled(worst) ? holder_remedy(worst)
	    : worst->loss == VIA_LOSS_VITAL ? "only with --force --force: the host needs it"
					    : "end that use first, or insist with --force");
}

static json_t *json_severity(const struct via_pci_device *device)
{
	const struct via_holder *worst = holders_worst(&device->holders);

	if (worst &&
	    (worst->loss == VIA_LOSS_VITAL || !fact_is(&device->holders_known, VIA_UNKNOWN)))
		return json_string(loss_name(worst->loss));
	return fact_is(&device->holders_known, VIA_UNKNOWN) ? json_null() : json_string("idle");
}

json_t *json_loss(const struct via_pci_device *device)
{
	json_t *loses = json_array();

	via_for_each (holder, &device->holders)
		if (!lost_before(&device->holders, holder))
			json_array_append_new(loses, json_optional(holder->loses));
	return json_pack("{s:o, s:o}", "severity", json_severity(device), "would_lose", loses);
}
