/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "model/sriov.h"
#include "render/sriov.h"

static const char *driver_text(const struct via_pci_device *device)
{
	if (fact_is(&device->driver, VIA_UNKNOWN))
		return "driver ?";
	return fact_text(&device->driver) ?: "no driver";
}

static const char *names_text(struct via_arena *arena, const struct via_names *names)
{
	const char *text = "";

	via_for_each (name, names)
		text = arena_printf(arena, "%s, %s", text, *name);
	return text;
}

static void print_settings(const struct via_paper *paper, struct via_arena *arena,
			   const struct via_virtfn_network *network)
{
	const char *text = "";

	for (int i = 0; i < VIA_VF_SETTINGS; i++)
		if (network->values[i])
			text = arena_printf(arena, "%s%s%s %s", text, *text ? ", " : "",
					    vf_setting_name((enum via_vf_setting)i),
					    network->values[i]);
	paper_wrap(paper, VIA_STYLE_PLAIN, 7, text);
}

static void print_function(const struct via_paper *paper, const struct via_host *host,
			   struct via_arena *arena, const struct via_pci_device *pf,
			   unsigned int index)
{
	const struct via_virtfn_network *network = virtfn_network(&host->virtfns, pf, index);
	const struct via_pci_device *vf;
	struct via_pci_address address;

	paper_print(paper, VIA_STYLE_PLAIN, "  %3u  %s", index,
		    pci_sriov(pf)->virtfns.items[index]);
	vf = address_parse(pci_sriov(pf)->virtfns.items[index], &address) == 0
		     ? pci_find(&host->pci, address)
		     : NULL;
	if (vf)
		paper_print(paper, VIA_STYLE_PLAIN, "  %s%s%s", driver_text(vf),
			    names_text(arena, &vf->net), names_text(arena, &vf->nvme));
	if (vf && fact_text(&vf->group))
		paper_print(paper, VIA_STYLE_DIM, "  group %s", vf->group.text);
	if (vf && vf->holders.count)
		paper_print(paper, VIA_STYLE_CARE, "  in use: %s", vf->holders.items[0].what);
	fputc('\n', paper->file);
	if (network)
		print_settings(paper, arena, network);
}

static void print_pf(const struct via_paper *paper, const struct via_host *host,
		     struct via_arena *arena, const struct via_pci_device *pf)
{
	paper_print(paper, VIA_STYLE_BOLD, "%s", pf->name);
	paper_print(paper, VIA_STYLE_PLAIN, "  %s%s%s  ", driver_text(pf),
		    names_text(arena, &pf->net), names_text(arena, &pf->nvme));
	if (fact_is(&pci_sriov(pf)->virtfns_known, VIA_UNKNOWN))
		paper_print(paper, VIA_STYLE_CARE, "? of %llu VFs",
			    (unsigned long long)pci_sriov(pf)->total.number);
	else
		paper_print(paper, VIA_STYLE_PLAIN, "%zu of %llu VFs", pci_sriov(pf)->virtfns.count,
			    (unsigned long long)pci_sriov(pf)->total.number);
	if (fact_is(&pci_sriov(pf)->autoprobe, VIA_PRESENT))
		paper_print(paper, VIA_STYLE_DIM, "  autoprobe %llu",
			    (unsigned long long)pci_sriov(pf)->autoprobe.number);
	fputc('\n', paper->file);
	if (sriov_driver_can(host, pf) == VIA_ABSENT)
		paper_wrap(paper, VIA_STYLE_CARE, 2, sriov_driver_words(host, pf));
	for (unsigned int i = 0; i < pci_sriov(pf)->virtfns.count; i++)
		print_function(paper, host, arena, pf, i);
}

void text_sriov(const struct via_paper *paper, const struct via_host *host,
		const struct via_pci_device *only)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	bool any = false;

	via_for_each (device, &host->pci.devices) {
		if ((only && device != only) || !fact_number(&pci_sriov(device)->total, 0))
			continue;
		print_pf(paper, host, arena, device);
		any = true;
	}
	if (!any && fact_is(&host->pci.bus, VIA_UNKNOWN))
		paper_print(paper, VIA_STYLE_CARE,
			    "What devices there are could not be told (%s: %s).\n",
			    host->pci.bus.path, errno_name(host->pci.bus.error));
	else if (!any)
		paper_print(paper, VIA_STYLE_PLAIN,
			    "No device here shows SR-IOV: it may be off in the card's or the "
			    "board's setup.\n");
	if (fact_is(&host->virtfns.known, VIA_UNKNOWN))
		paper_print(paper, VIA_STYLE_CARE,
			    "What is set for the VFs could not be told (%s: %s).\n",
			    host->virtfns.known.path, errno_name(host->virtfns.known.error));
}
