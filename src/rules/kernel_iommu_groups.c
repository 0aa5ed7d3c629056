/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "rules/kernel_part.h"

/* The verdict of rules about groups where no IOMMU made any. */
static bool no_groups(const struct via_host *host, struct via_finding *finding,
		      enum via_verdict *ret)
{
	const struct via_fact *class = &host->kernel.iommu_class;

	if (fact_number(class, 0) && !fact_is(&host->pci.groups_directory, VIA_UNKNOWN))
		return false;
	if (fact_number(class, 0)) {
		finding_cite(finding, &host->pci.groups_directory);
		*ret = VIA_CANNOT_TELL;
		return true;
	}
	finding_cite(finding, class);
	*ret = fact_is(class, VIA_PRESENT) || fact_is(class, VIA_ABSENT) ? VIA_SKIP
									 : VIA_CANNOT_TELL;
	if (*ret == VIA_SKIP)
		finding_detail(finding, "It needs an IOMMU that is driven.");
	return true;
}

/* What a group's default domain does with the addresses its devices send. */
struct domains {
	size_t translated, identity, other, untold, unasked;
	const struct via_fact *first_untold;
};

static struct domains count_domains(const struct via_host *host)
{
	struct domains domains = { 0 };

	via_for_each (group, &host->pci.groups) {
		const char *type = fact_text(&group->type);

		if (!pci_group_isolates(group))
			continue;
		if (!type) {
			domains.unasked += fact_is(&group->type, VIA_ABSENT);
			domains.untold += !fact_is(&group->type, VIA_ABSENT);
			domains.first_untold = &group->type;
		} else if (strncmp(type, "DMA", 3) == 0) {
			domains.translated++;
		} else if (strcmp(type, "identity") == 0) {
			domains.identity++;
		} else {
			domains.other++;
		}
	}
	return domains;
}

static bool passthrough_asked(const struct via_host *host, struct via_arena *arena)
{
	const struct via_parameter *word;
	struct via_cmdline line;

	booted_line(host, arena, &line);
	word = cmdline_last(&line, "iommu.passthrough");
	return cmdline_has_option(&line, "iommu", "pt") ||
	       (word && word->value && *word->value == '1');
}

static enum via_verdict domain_types(const struct via_host *host, struct via_finding *finding)
{
	struct domains domains = count_domains(host);
	bool asked = passthrough_asked(host, finding->arena);
	enum via_verdict verdict;

	if (no_groups(host, finding, &verdict))
		return verdict;
	if (domains.first_untold)
		finding_cite(finding, domains.first_untold);
	if (domains.untold)
		return VIA_CANNOT_TELL;
	if (domains.unasked) {
		finding_detail(finding, "This kernel does not show the type of a group's domain "
					"(since 5.11).");
		return VIA_SKIP;
	}
	finding_cite_value(finding, "groups translated (DMA, DMA-FQ)", "%zu", domains.translated);
	finding_cite_value(finding, "groups passed through (identity)", "%zu", domains.identity);
	finding_cite(finding, &host->kernel.command_line);
	if (asked && domains.translated > domains.identity) {
		finding_detail(finding,
			       "Passthrough was asked for, and %zu of %zu groups are translated "
			       "all the same: memory encryption or hardware without it.",
			       domains.translated,
			       domains.translated + domains.identity + domains.other);
		finding_manual(finding, "Nothing is wrong with it: VFIO takes a domain of its own "
					"either way. iommu=pt may go.");
		return VIA_WARN;
	}
	finding_detail(finding,
		       "The host's own devices: %zu group%s translated, %zu passed through%s. A "
		       "device given to a guest gets a domain of its own, whatever this says.",
		       domains.translated, domains.translated == 1 ? "" : "s", domains.identity,
		       asked ? " (iommu=pt)" : "");
	return VIA_PASS;
}

static size_t count_lines(const char *text, const char *kind)
{
	size_t count = 0, length = strlen(kind);

	for (const char *at = text; at; at = strchr(at, '\n'), at = at ? at + 1 : NULL) {
		size_t line = strcspn(at, "\n");

		while (line && at[line - 1] == ' ')
			line--;
		count += line > length && at[line - length - 1] == ' ' &&
			 strncmp(at + line - length, kind, length) == 0;
	}
	return count;
}

/* The members that a guest could have wanted; bridges never go. */
static const char *endpoints(const struct via_pci_group *group, struct via_arena *arena)
{
	const char *text = "";

	via_for_each (member, &group->devices)
		if (!pci_is_bridge(*member))
			text = arena_printf(arena, "%s%s%s", text, *text ? " " : "",
					    (*member)->name);
	return text;
}

static enum via_verdict reserved_regions(const struct via_host *host, struct via_finding *finding)
{
	size_t ineligible = 0, relaxable = 0;
	const struct via_fact *untold = NULL;
	enum via_verdict verdict;
	const char *refusal = host_direct_refusal(host);
	const char *first = NULL, *s;

	if (no_groups(host, finding, &verdict))
		return verdict;
	via_for_each (group, &host->pci.groups) {
		const char *text = fact_text(&group->reserved_regions);
		const char *who = endpoints(group, finding->arena);

		if (!text && pci_group_isolates(group) &&
		    !fact_is(&group->reserved_regions, VIA_ABSENT))
			untold = &group->reserved_regions;
		relaxable += text && count_lines(text, "direct-relaxable") > 0;
		if (!text || !*who || !count_lines(text, "direct"))
			continue;
		ineligible++;
		first = first ? first : who;
		finding_cite_value(finding, group->reserved_regions.path, "direct: %s", who);
	}
	s = ineligible > 1 || (first && strchr(first, ' ')) ? "" : "s";
	if (ineligible && !refusal && !untold) {
		finding_detail(
			finding,
			"Firmware asks that %s%s keep%s fixed addresses (IVMD, \"direct\"): "
			"this kernel lets AMD's devices go all the same; kernels from 6.6 on "
			"do not.",
			first, ineligible > 1 ? " and others" : "", s);
		return VIA_PASS;
	}
	if (ineligible && refusal) {
		finding_detail(
			finding,
			"Firmware asks that %s%s keep%s fixed addresses (RMRR, IVMD: "
			"\"direct\"): binding to vfio-pci works, and attaching then fails with "
			"\"%s\".",
			first, ineligible > 1 ? " and others" : "", s, refusal);
		finding_manual(finding, "Look for a switch of the board (HP: \"RMRR\" or shared "
					"memory of the controller; USB legacy support), or give "
					"another device away. Patched kernels that relax it give "
					"up the protection.");
		return VIA_WARN;
	}
	if (untold) {
		finding_cite(finding, untold);
		return VIA_CANNOT_TELL;
	}
	finding_cite_value(finding, "groups with relaxable regions (USB, graphics)", "%zu",
			   relaxable);
	finding_detail(finding, "No device is kept from guests by a region of firmware's%s.",
		       relaxable ? "; those of USB and graphics are relaxed for VFIO" : "");
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "iommu.domain-types",
		.layer = VIA_LAYER_KERNEL,
		.title = "How the host's own devices are translated (iommu=pt)",
		.source = "Documentation/ABI/testing/sysfs-kernel-iommu_groups, type",
		.eval = domain_types,
	},
	{
		.id = "iommu.reserved-regions",
		.layer = VIA_LAYER_KERNEL,
		.title = "Firmware's reserved regions keep no device from guests",
		.source = "drivers/iommu/iommu.c, __iommu_device_set_domain; ABI "
			  "sysfs-kernel-iommu_groups, reserved_regions",
		.eval = reserved_regions,
	},
};

const struct via_rule_table kernel_iommu_group_rules = { rules, VIA_COUNT(rules) };
