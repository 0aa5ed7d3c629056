/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules/kernel_log_said.h"
#include "rules/parameters.h"

static enum via_verdict readable(const struct via_host *host, struct via_finding *finding)
{
	const struct via_host_log *log = &host->log;

	if (!fact_is(&log->fact, VIA_PRESENT)) {
		finding_cite(finding, &log->fact);
		finding_detail(finding, "The findings that rest on it are left out.");
		if (log->fact.error == EPERM || log->fact.error == EACCES)
			finding_manual(finding, "Run as root, or set kernel.dmesg_restrict to 0.");
		else
			finding_manual(finding, "Keep the output of dmesg as the file dmesg in the "
						"captured tree.");
		return VIA_CANNOT_TELL;
	}
	finding_cite(finding, &log->beginning);
	if (!fact_is(&log->beginning, VIA_PRESENT)) {
		finding_detail(finding, "Its first lines are lost, overwritten by later ones: what "
					"is not in it may have been said all the same.");
		finding_manual(finding, "journalctl -k -b still has them; log_buf_len=4M on the "
					"command line keeps more.");
		return VIA_WARN;
	}
	/* No count: a log grows, and a host that was put back is as it was. */
	finding_detail(finding, "It begins at the boot.");
	return VIA_PASS;
}

static const char *driver_word(const struct via_log_event *event)
{
	if (strstr(event->line, "AMD-Vi"))
		return "AMD-Vi";
	return strstr(event->line, "smmu") ? "the SMMU" : "VT-d";
}

static const char *iommu_story(const struct via_host *host, struct via_arena *arena,
			       const struct via_log_event *up)
{
	const struct via_log_event *type = log_last(&host->log, VIA_LOG_DOMAIN_TYPE);
	const struct via_log_event *remapping = log_last(&host->log, VIA_LOG_REMAPPING_ON);
	const char *text = up ? arena_printf(arena, "The kernel drives %s", driver_word(up))
			      : "The kernel formed groups";

	if (type && type->word)
		text = arena_printf(arena, "%s; the host's own devices are %s by default", text,
				    strcmp(type->word, "Passthrough") == 0 ? "left untranslated"
									   : "translated");
	if (remapping)
		text = arena_printf(arena, "%s; interrupts are remapped", text);
	return arena_printf(arena, "%s.", text);
}

static enum via_verdict iommu_failed(const struct via_host *host, struct via_finding *finding)
{
	log_cite_last(host, finding, VIA_LOG_IOMMU_FAILED);
	log_cite_last(host, finding, VIA_LOG_REMAPPING_OFF);
	finding_detail(finding, "The kernel began to drive the IOMMU or interrupt remapping, and "
				"gave up.");
	finding_manual(finding, "Update the firmware, and look at firmware.iommu-bugs and "
				"firmware.iommu-table.");
	return VIA_WARN;
}

/* "DMAR: IOMMU enabled" is said as soon as the parameter is read, also without an IOMMU. */
static enum via_verdict iommu_not_up(const struct via_host *host, struct via_finding *finding)
{
	const struct via_fact *table = &host->firmware.dmar.present;
	bool asked = log_last(&host->log, VIA_LOG_IOMMU_ASKED) != NULL;

	log_cite_last(host, finding, VIA_LOG_IOMMU_ASKED);
	log_cite_last(host, finding, VIA_LOG_IOMMU_DENIED);
	if (!asked || !fact_is(&host->log.beginning, VIA_PRESENT)) {
		log_silent(host, finding, "It says nothing of one.");
		return VIA_SKIP;
	}
	finding_cite(finding, table);
	finding_detail(finding, "The parameter was understood (\"IOMMU enabled\"), and no IOMMU "
				"came up after it.");
	if (fact_is(table, VIA_ABSENT))
		finding_manual(finding,
			       "Switch on VT-d in the setup menu: the kernel found none to "
			       "drive.");
	else
		finding_manual(finding, "%s",
			       fact_is(table, VIA_PRESENT)
				       ? "Firmware describes VT-d, so the setup menu is not "
					 "the cause: see iommu.in-use."
				       : "See firmware.iommu-table and iommu.in-use.");
	return VIA_WARN;
}

static enum via_verdict iommu_said(const struct via_host *host, struct via_finding *finding)
{
	const struct via_log_event *up = log_last(&host->log, VIA_LOG_IOMMU_UP);

	if (log_last(&host->log, VIA_LOG_IOMMU_FAILED) ||
	    log_last(&host->log, VIA_LOG_REMAPPING_OFF))
		return iommu_failed(host, finding);
	if (!up && !host->log.groups.list.count)
		return iommu_not_up(host, finding);
	log_cite_last(host, finding, VIA_LOG_IOMMU_UP);
	log_cite_last(host, finding, VIA_LOG_DOMAIN_TYPE);
	log_cite_last(host, finding, VIA_LOG_REMAPPING_ON);
	finding_detail(finding, "%s", iommu_story(host, finding->arena, up));
	if (!log_last(&host->log, VIA_LOG_ACS_OVERRIDDEN))
		return VIA_PASS;
	log_cite_last(host, finding, VIA_LOG_ACS_OVERRIDDEN);
	finding_detail(finding, "This kernel is patched to take devices for isolated that are not: "
				"its groups promise more than the hardware keeps.");
	finding_manual(finding, "Remove pcie_acs_override=, or accept that a guest's device can "
				"reach its neighbours.");
	return VIA_WARN;
}

static bool concerns_us(const char *name)
{
	const struct via_known_parameter *known = parameter_known(name);

	return known && !known->foreign;
}

/* Words the running kernel itself does not know, of those that are meant for passthrough. */
static const char *unknown_words(struct via_arena *arena, const char *names)
{
	char *copy = arena_strdup(arena, names), *save = NULL;
	const char *text = "";

	for (char *name = strtok_r(copy, " ", &save); name; name = strtok_r(NULL, " ", &save))
		if (concerns_us(name))
			text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "", name);
	return text;
}

static bool kernel_tells_unknown_words(const struct via_host *host)
{
	const char *release = fact_text(&host->kernel_release);
	unsigned int major, minor;

	return release && sscanf(release, "%u.%u", &major, &minor) == 2 &&
	       (major > 5 || (major == 5 && minor >= 14));
}

static enum via_verdict unknown_parameters(const struct via_host *host, struct via_finding *finding)
{
	const struct via_log_event *listed = log_last(&host->log, VIA_LOG_UNKNOWN_PARAMETERS);
	const struct via_log_event *option = log_last(&host->log, VIA_LOG_UNKNOWN_OPTION);
	const char *words = listed ? unknown_words(finding->arena, listed->text) : "";

	if (!*words && !option && !fact_is(&host->kernel_release, VIA_PRESENT)) {
		finding_cite(finding, &host->kernel_release);
		return VIA_CANNOT_TELL;
	}
	if (!*words && !option && !kernel_tells_unknown_words(host)) {
		finding_detail(finding, "Kernels before 5.14 do not say.");
		return VIA_SKIP;
	}
	if (!*words && !option)
		return log_silent(host, finding, "The kernel knew every word that matters here.");
	if (*words)
		log_cite_last(host, finding, VIA_LOG_UNKNOWN_PARAMETERS);
	log_cite_last(host, finding, VIA_LOG_UNKNOWN_OPTION);
	finding_detail(finding, "The running kernel does not know %s%s%s%s.", words,
		       *words && option ? ", nor the option " : "", !*words ? "the option " : "",
		       option ? option->word : "");
	finding_manual(finding, "viaduct lint tells what each word would need; take out what does "
				"nothing.");
	return VIA_WARN;
}

static enum via_verdict modules_refused(const struct via_host *host, struct via_finding *finding)
{
	struct log_said said;

	log_gather(host, finding->arena,
		   LOG_KIND(VIA_LOG_MODULE_REFUSED) | LOG_KIND(VIA_LOG_LOCKDOWN_REFUSED), NULL,
		   &said);
	if (!said.count)
		return log_silent(host, finding, "Nothing was refused.");
	log_cite(host, finding, &said);
	finding_detail(finding, "The kernel refused %zu time%s, by its signatures or lockdown.",
		       said.count, said.count == 1 ? "" : "s");
	finding_manual(finding, "Sign the module with a key that the machine knows (mokutil "
				"--import), or do without it. VFIO and KVM need neither.");
	return VIA_WARN;
}

static const struct via_rule table[] = {
	{
		.id = "kernel.log",
		.layer = VIA_LAYER_KERNEL,
		.title = "The kernel log can be read, from the boot on",
		.source = "syslog(2), Documentation/admin-guide/sysctl/kernel.rst (dmesg_restrict)",
		.eval = readable,
	},
	{
		.id = "kernel.log-agrees",
		.layer = VIA_LAYER_KERNEL,
		.title = "The log and the files say the same",
		.source = "drivers/iommu/iommu.c (iommu_group_add_device)",
		.eval = log_agrees,
	},
	{
		.id = "iommu.log",
		.layer = VIA_LAYER_KERNEL,
		.title = "What the kernel said of its IOMMU",
		.source = "drivers/iommu/intel/iommu.c, drivers/iommu/amd/init.c",
		.eval = iommu_said,
	},
	{
		.id = "kernel.unknown-parameters",
		.layer = VIA_LAYER_KERNEL,
		.title = "The kernel knew the parameters it was given",
		.source = "init/main.c (print_unknown_bootoptions)",
		.eval = unknown_parameters,
	},
	{
		.id = "kernel.modules-refused",
		.layer = VIA_LAYER_KERNEL,
		.title = "No module was refused",
		.source = "kernel/module/signing.c, security/lockdown/lockdown.c",
		.eval = modules_refused,
	},
};

const struct via_rule_table log_kernel_rules = { table, VIA_COUNT(table) };
