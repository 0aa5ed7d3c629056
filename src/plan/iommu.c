/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IOMMU driven from the next boot on, with no word more than this kernel needs. */
#include <errno.h>
#include <string.h>

#include "decode/cmdline.h"
#include "plan/boot.h"
#include "plan/goal.h"

enum maker { INTEL, AMD, NEITHER };

static enum maker maker_of(const struct via_host *host)
{
	const struct via_firmware *firmware = &host->firmware;

	if (fact_is(&firmware->dmar.present, VIA_PRESENT))
		return INTEL;
	if (fact_is(&firmware->ivrs.present, VIA_PRESENT))
		return AMD;
	return NEITHER;
}

static bool is_driven(const struct via_host *host)
{
	return fact_number(&host->kernel.iommu_class, 0) > 0;
}

/* Where firmware describes none, no word of the kernel's helps. */
static void refuse_firmware(struct via_plan *plan, const struct via_host *host)
{
	const struct via_firmware *firmware = &host->firmware;
	bool amd = firmware->cpu.vendor == VIA_CPU_AMD;

	if (fact_is(&firmware->dmar.present, VIA_UNKNOWN) ||
	    fact_is(&firmware->ivrs.present, VIA_UNKNOWN)) {
		plan_refuse(plan, "the IOMMU", "look at it on the host itself",
			    "whether firmware describes one could not be told (%s)",
			    errno_name(firmware->dmar.present.error
					       ? firmware->dmar.present.error
					       : firmware->ivrs.present.error));
		return;
	}
	if (fact_is(&firmware->viot, VIA_PRESENT) ||
	    fact_is(&firmware->iort.present, VIA_PRESENT)) {
		plan_refuse(
			plan, "the IOMMU", "viaduct check says what its driver lacks",
			"firmware describes it in the table %s, it is not driven, and no word on "
			"the line starts its driver",
			fact_is(&firmware->viot, VIA_PRESENT) ? "VIOT" : "IORT");
		return;
	}
	plan_refuse(
		plan, "the IOMMU",
		amd ? "switch IOMMU (AMD-Vi) on in the board's setup; Auto often means off; viaduct "
		      "check says where"
		    : "switch VT-d on in the board's setup, which is not the same as VT-x; viaduct "
		      "check says where",
		"firmware describes none (no %s table): no word on the kernel's line changes that",
		amd ? "IVRS" : "DMAR");
}

static bool refuse_kernel(struct via_plan *plan, const struct via_host *host, enum maker maker)
{
	enum via_kernel_option option =
		maker == INTEL ? VIA_OPTION_INTEL_IOMMU : VIA_OPTION_AMD_IOMMU;

	if (fact_number(&host->firmware.cpu.xen_control, 0)) {
		plan_refuse(plan, "the IOMMU", "it is set on Xen's own line",
			    "Xen drives it here, not Linux");
		return true;
	}
	if (!kernel_option_is(&host->kernel, option, "n"))
		return false;
	plan_refuse(plan, "the IOMMU", "boot a kernel that has it",
		    "this kernel was built without %s",
		    maker == INTEL ? "CONFIG_INTEL_IOMMU" : "CONFIG_AMD_IOMMU");
	return true;
}

static bool booted_has(struct via_plan *plan, const struct via_host *host, const char *name,
		       const char *option)
{
	const char *text = fact_text(&host->kernel.command_line);
	struct via_cmdline line;

	if (!text)
		return false;
	cmdline_decode(plan->arena, text, &line);
	return cmdline_has_option(&line, name, option);
}

/* Whether this kernel drives Intel's only when told so. */
static bool needs_telling(struct via_plan *plan, const struct via_host *host)
{
	if (kernel_starts_vtd(&host->kernel))
		return false;
	return !is_driven(host) || booted_has(plan, host, "intel_iommu", "on");
}

static void want(struct via_plan *plan, struct via_names *words, const char *word)
{
	*via_list_add(plan->arena, words) = word;
}

/* What was asked for: the way devices of the host itself are translated. */
static int choose_mode(struct via_plan *plan, const struct via_host *host, const char *mode,
		       struct via_names *add, struct via_names *remove, struct via_error *error)
{
	bool passes = kernel_option_is(&host->kernel, VIA_OPTION_IOMMU_DEFAULT_PASSTHROUGH, "y");

	if (strcmp(mode, "passthrough") == 0) {
		if (!passes)
			want(plan, add, "iommu=pt");
		want(plan, remove, "iommu=nopt");
		want(plan, remove, "iommu.passthrough=0");
		plan_risk(plan,
			  "iommu=pt: devices of the host itself are no longer translated, which "
			  "is faster and lets a broken one write anywhere; devices of guests "
			  "are translated all the same");
		return 0;
	}
	if (strcmp(mode, "translated") == 0) {
		if (passes)
			want(plan, add, "iommu=nopt");
		want(plan, remove, "iommu=pt");
		want(plan, remove, "iommu.passthrough=1");
		return 0;
	}
	error_usage(error, "plan iommu", mode, "that is no mode");
	return error_hint(error,
			  "passthrough or translated; without one only what is needed is added");
}

/* Whether the running kernel was told all that a plan could tell the next one. */
static bool booted_is_so(struct via_plan *plan, const struct via_host *host, enum maker maker)
{
	if (!fact_text(&host->kernel.command_line) || booted_has(plan, host, "iommu", "off"))
		return false;
	if (maker == AMD)
		return !booted_has(plan, host, "amd_iommu", "off");
	return !booted_has(plan, host, "intel_iommu", "off") &&
	       (kernel_starts_vtd(&host->kernel) || booted_has(plan, host, "intel_iommu", "on"));
}

/* A plan without a step is no success where the IOMMU is not driven all the same. */
static void refuse_not_driven(struct via_plan *plan, const struct via_host *host, enum maker maker)
{
	if (maker == NEITHER || is_driven(host) || !plan_does_nothing(plan) ||
	    plan->refused.count || !booted_is_so(plan, host, maker))
		return;
	plan_refuse(plan, "the IOMMU", "viaduct check reads the kernel's log",
		    "%s, nothing on the line is against it, and %s",
		    maker == AMD ? "AMD-Vi starts by itself (amd_iommu=on is no option)"
		    : kernel_starts_vtd(&host->kernel)
			    ? "this kernel was built to drive VT-d without being told"
			    : "intel_iommu=on is on the line of this boot",
		    fact_is(&host->kernel.iommu_class, VIA_UNKNOWN)
			    ? "whether it is driven could not be told"
			    : "it is not driven");
}

/* Of an image nobody can tell whose processor will run it; AMD's takes no notice of Intel's word.
 */
static bool is_for_either(const struct via_host *host)
{
	const struct via_firmware *firmware = &host->firmware;

	return host->image && fact_is(&firmware->dmar.present, VIA_UNKNOWN) &&
	       fact_is(&firmware->ivrs.present, VIA_UNKNOWN);
}

static void tell_image(struct via_plan *plan)
{
	plan_risk(plan, "an image does not tell what its host's firmware has: VT-d or AMD-Vi must "
			"be switched on there; on AMD and Arm intel_iommu=on is without effect");
}

static int plan_iommu(const struct via_host *host, const char *const *words, size_t count,
		      struct via_plan *plan, struct via_error *error)
{
	struct via_names add = { 0 }, remove = { 0 };
	enum maker maker = maker_of(host);
	bool either = is_for_either(host);
	int r = 0;

	if (count > 1)
		return error_usage(error, "plan iommu", words[1], "one mode is enough");
	if (either)
		tell_image(plan);
	if ((maker == INTEL || either) && needs_telling(plan, host))
		want(plan, &add, "intel_iommu=on");
	if (count)
		r = choose_mode(plan, host, words[0], &add, &remove, error);
	if (r < 0)
		return r;
	if (maker == NEITHER && !either && !is_driven(host)) {
		refuse_firmware(plan, host);
		return 0;
	}
	if (maker != NEITHER && refuse_kernel(plan, host, maker))
		return 0;
	if (maker != AMD)
		want(plan, &remove, "intel_iommu=off");
	if (maker != INTEL)
		want(plan, &remove, "amd_iommu=off");
	want(plan, &remove, "iommu=off");
	plan_words(plan, host, &add, &remove, "the kernel drives the IOMMU");
	plan_expect(plan, "iommu+driven");
	refuse_not_driven(plan, host, maker);
	return 0;
}

const struct via_goal_kind goal_iommu = {
	.name = "iommu",
	.arguments = "[passthrough|translated]",
	.summary = "have the kernel drive the IOMMU, from the next boot on",
	.plan = plan_iommu,
};
