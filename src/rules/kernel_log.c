/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules/kernel_log_said.h"
#include "rules/parameters.h"

static enum via_verdict readable(const struct via_host *host, struct via_finding *finding)
{
	const struct via_host_log *log = &host->log;

	finding_cite(finding, &log->fact);
	if (!fact_is(&log->fact, VIA_PRESENT)) {
		finding_detail(finding, "The findings that rest on it are left out.");
		if (log->fact.error == EPERM || log->fact.error == EACCES)
			finding_manual(finding, "Run as root, or set kernel.dmesg_restrict to 0.");
		else
			finding_manual(finding, "Keep the output of dmesg as the file dmesg in the "
						"captured tree.");
		return VIA_CANNOT_TELL;
	}
	if (!fact_is(&log->beginning, VIA_PRESENT)) {
		finding_detail(finding, "Its first lines are lost, overwritten by later ones: what "
					"is not in it may have been said all the same.");
		finding_manual(finding, "journalctl -k -b still has them; log_buf_len=4M on the "
					"command line keeps more.");
		return VIA_WARN;
	}
	finding_detail(finding, "It begins at the boot; %zu lines bear on what is judged here.",
		       log->log.events.count);
	return VIA_PASS;
}

static const char *driver_word(const struct via_log_event *event)
{
	if (strstr(event->line, "AMD-Vi"))
		return "AMD-Vi";
	return strstr(event->line, "smmu") ? "the SMMU" : "VT-d";
}

/* "VT-d is driven; devices of the host are Translated; 27 devices are in groups" */
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
	return arena_printf(arena, "%s; it put %zu devices in groups.", text,
			    host->log.groups.list.count);
}

static void cite_last(const struct via_host *host, struct via_finding *finding,
		      enum via_log_kind kind)
{
	const struct via_log_event *event = log_last(&host->log, kind);

	if (event)
		finding_cite_value(finding, host->log.fact.path, "%s", event->line);
}

static enum via_verdict iommu_failed(const struct via_host *host, struct via_finding *finding)
{
	cite_last(host, finding, VIA_LOG_IOMMU_FAILED);
	cite_last(host, finding, VIA_LOG_REMAPPING_OFF);
	finding_detail(finding, "The kernel began to drive the IOMMU or interrupt remapping, and "
				"gave up.");
	finding_manual(finding, "Update the firmware, and look at firmware.iommu-bugs and "
				"firmware.iommu-table.");
	return VIA_WARN;
}

/* "DMAR: IOMMU enabled" is said as soon as the parameter is read, also without an IOMMU. */
static enum via_verdict iommu_not_up(const struct via_host *host, struct via_finding *finding)
{
	bool asked = log_last(&host->log, VIA_LOG_IOMMU_ASKED) != NULL;

	cite_last(host, finding, VIA_LOG_IOMMU_ASKED);
	cite_last(host, finding, VIA_LOG_IOMMU_DENIED);
	if (!asked || !fact_is(&host->log.beginning, VIA_PRESENT)) {
		log_silent(host, finding, "It says nothing of one.");
		return VIA_SKIP;
	}
	finding_detail(finding, "The parameter was understood (\"IOMMU enabled\"), and no IOMMU "
				"came up after it.");
	finding_manual(finding,
		       "Switch on VT-d in the setup menu: the kernel found none to drive.");
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
	cite_last(host, finding, VIA_LOG_IOMMU_UP);
	cite_last(host, finding, VIA_LOG_DOMAIN_TYPE);
	cite_last(host, finding, VIA_LOG_REMAPPING_ON);
	finding_detail(finding, "%s", iommu_story(host, finding->arena, up));
	if (!log_last(&host->log, VIA_LOG_ACS_OVERRIDDEN))
		return VIA_PASS;
	cite_last(host, finding, VIA_LOG_ACS_OVERRIDDEN);
	finding_detail(finding, "This kernel is patched to take devices for isolated that are not: "
				"its groups promise more than the hardware keeps.");
	finding_manual(finding, "Remove pcie_acs_override=, or accept that a guest's device can "
				"reach its neighbours.");
	return VIA_WARN;
}

static int by_address(const void *left, const void *right)
{
	const struct via_pci_address *address = left;
	const struct via_log_group *group = right;

	if (!group->has_address)
		return -1; /* those stand behind all addresses */
	return address_compare(*address, group->address);
}

/* Functions whose group is another than the log says; @ret is the first. */
static size_t other_groups(const struct via_host *host, const struct via_pci_device **ret,
			   const struct via_log_group **ret_group)
{
	size_t count = 0;

	via_for_each (device, &host->pci.devices) {
		const struct via_log_group *group =
			host->log.groups.list.count
				? bsearch(&device->address, host->log.groups.list.items,
					  host->log.groups.list.count,
					  sizeof(*host->log.groups.list.items), by_address)
				: NULL;

		if (!group || !fact_is(&device->group, VIA_PRESENT) ||
		    device->group.number == group->group)
			continue;
		if (!count++) {
			*ret = device;
			*ret_group = group;
		}
	}
	return count;
}

static bool is_other_kernel(const struct via_host *host)
{
	const struct via_log_event *version = log_last(&host->log, VIA_LOG_VERSION);
	const char *release = fact_text(&host->kernel_release);

	return version && version->word && release && strcmp(version->word, release) != 0;
}

static enum via_verdict say_other(const struct via_host *host, struct via_finding *finding,
				  const struct via_fact *fact, enum via_log_kind kind,
				  const char *detail)
{
	if (fact)
		finding_cite(finding, fact);
	cite_last(host, finding, kind);
	finding_detail(finding, "%s", detail);
	return VIA_WARN;
}

static enum via_verdict state_differs(const struct via_host *host, struct via_finding *finding)
{
	const struct via_kernel *kernel = &host->kernel;

	if (log_last(&host->log, VIA_LOG_IOMMU_UP) &&
	    (fact_is(&kernel->iommu_class, VIA_ABSENT) ||
	     (fact_is(&kernel->iommu_class, VIA_PRESENT) && !kernel->iommu_class.number)))
		return say_other(host, finding, &kernel->iommu_class, VIA_LOG_IOMMU_UP,
				 "The log says that an IOMMU is driven, and sysfs shows none.");
	if (log_last(&host->log, VIA_LOG_REMAPPING_ON) &&
	    fact_is(&kernel->interrupts_remapped, VIA_PRESENT) &&
	    !kernel->interrupts_remapped.number)
		return say_other(
			host, finding, &kernel->interrupts_remapped, VIA_LOG_REMAPPING_ON,
			"The log says that interrupts are remapped, and no controller is.");
	if (fact_is(&host->log.kvm_disabled_by_firmware, VIA_PRESENT) &&
	    fact_is(&kernel->kvm_create_vm, VIA_PRESENT))
		return say_other(host, finding, &kernel->kvm_create_vm, VIA_LOG_KVM_DISABLED,
				 "The log says that firmware keeps KVM off, and KVM works.");
	finding_detail(finding, "Nothing it says is other than what the files show.");
	return VIA_PASS;
}

static enum via_verdict agrees(const struct via_host *host, struct via_finding *finding)
{
	const struct via_pci_device *device = NULL;
	const struct via_log_group *group = NULL;
	size_t other;

	if (!fact_is(&host->log.fact, VIA_PRESENT))
		return log_silent(host, finding, "");
	if (is_other_kernel(host)) {
		finding_cite(finding, &host->kernel_release);
		return say_other(host, finding, NULL, VIA_LOG_VERSION,
				 "The log is of another kernel: whatever rests on it is about an "
				 "earlier boot.");
	}
	other = other_groups(host, &device, &group);
	if (!other)
		return state_differs(host, finding);
	finding_cite(finding, &device->group);
	finding_cite_value(finding, host->log.fact.path, "%s: group %llu", group->device,
			   (unsigned long long)group->group);
	finding_detail(finding,
		       "%zu devices are in other groups than the log says, first %s: the "
		       "log is of another boot, or misses lines.",
		       other, device->name);
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

	if (!*words && !option && !kernel_tells_unknown_words(host)) {
		finding_detail(finding, "Kernels before 5.14 do not say.");
		return VIA_SKIP;
	}
	if (!*words && !option)
		return log_silent(host, finding, "The kernel knew every word that matters here.");
	if (*words)
		cite_last(host, finding, VIA_LOG_UNKNOWN_PARAMETERS);
	cite_last(host, finding, VIA_LOG_UNKNOWN_OPTION);
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
	finding_detail(finding, "The kernel refused %zu times, by its signatures or lockdown.",
		       said.count);
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
		.eval = agrees,
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
