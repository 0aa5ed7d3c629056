/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules/rule.h"

/* Why a package is missing, or will be refused, under one kernel. */
enum trouble {
	NO_TROUBLE,
	UNTOLD_SIGNATURE,
	SUPERSEDED,
	UNTOLD_KEY,
	UNTOLD_POLICY,
	NOT_BUILT,
	NO_HEADERS,
	NOT_AUTOMATIC,
	NOT_INSTALLED,
	SHADOWED,
	EXCLUDED,
	LACKING,
	NOT_ENROLLED,
	UNSIGNED,
	UNSIGNED_ENFORCED,
};

static const char *const words[] = {
	[NO_TROUBLE] = "in place",
	[UNTOLD_SIGNATURE] = "in place; compressed, so its signature was not looked at",
	[SUPERSEDED] = "not in place; a newer version of it is",
	[UNTOLD_KEY] = "in place; whether the kernel knows the key that signed it was not told",
	[UNTOLD_POLICY] = "in place, not signed; whether the kernel refuses it was not told",
	[NOT_BUILT] = "not built",
	[NO_HEADERS] = "not built: the kernel's headers are not installed",
	[NOT_AUTOMATIC] = "not built: its dkms.conf has no AUTOINSTALL, so only by hand",
	[NOT_INSTALLED] = "built, and not in the kernel's folder",
	[SHADOWED] = "there, but the kernel's own module of that name is loaded instead",
	[EXCLUDED] = "left out: its dkms.conf is not for this kernel, and DKMS skips it in silence",
	[LACKING] =
		"left out: not a kernel of its BUILD_EXCLUSIVE_CONFIG; DKMS skips it in silence",
	[NOT_ENROLLED] = "the key DKMS signs with is not enrolled: Secure Boot refuses it",
	[UNSIGNED] = "not signed: Secure Boot refuses it",
	[UNSIGNED_ENFORCED] =
		"not signed: the kernel takes only signed modules (sig_enforce, lockdown)",
};

/* See filled(). */
static const char *const remedies[] = {
	[NOT_BUILT] = "dkms autoinstall -k @k; what the build says stands in "
		      "/var/lib/dkms/@n/@v/build/make.log.",
	[NO_HEADERS] = "Install the kernel's headers (linux-headers-@k, kernel-devel), then "
		       "dkms autoinstall -k @k.",
	[NOT_AUTOMATIC] = "dkms install @n/@v -k @k; AUTOINSTALL=yes in its dkms.conf has DKMS do "
			  "that for each new kernel.",
	[NOT_INSTALLED] = "dkms install @n/@v -k @k, then depmod @k.",
	[SHADOWED] = "Have depmod search updates before the kernel's own folder (a file in "
		     "/etc/depmod.d: search updates built-in), then depmod @k and make the "
		     "initramfs anew.",
	[EXCLUDED] = "Take a version of the package that is for this kernel, or boot a kernel "
		     "that it is for and keep that one the default.",
	[LACKING] = "Boot a kernel that is configured with what BUILD_EXCLUSIVE_CONFIG names, or "
		    "take a version of the package that is for this one.",
	[NOT_ENROLLED] = "mokutil --import /var/lib/dkms/mok.pub, restart, and confirm at the "
			 "blue screen.",
	[UNSIGNED] = "Let DKMS sign (it does with /var/lib/dkms/mok.key in place), dkms install "
		     "--force @n/@v, and enroll its key with mokutil --import.",
	[UNSIGNED_ENFORCED] = "Have it signed with a key that the kernel knows, or boot without "
			      "module.sig_enforce and lockdown.",
};

/* What a captured tree leaves out (ENODATA) counts as not there: few kernels have it. */
static const struct via_fact *not_told(const struct via_fact *fact)
{
	return fact_is(fact, VIA_UNKNOWN) && fact->error != ENODATA ? fact : NULL;
}

static bool secure_boot_is_on(const struct via_host *host)
{
	return fact_number(&host->firmware.secure_boot, 0) == 1;
}

/* Without Secure Boot the kernel may all the same take only what is signed. */
static bool kernel_insists(const struct via_firmware *firmware)
{
	const char *enforce = fact_text(&firmware->sig_enforce) ?: "N";
	const char *lockdown = fact_text(&firmware->lockdown) ?: "none";

	return *enforce == 'Y' || strcmp(lockdown, "none") != 0;
}

/* Why it is not known whether the kernel takes what is not signed, or NULL. */
static const struct via_fact *policy_untold(const struct via_firmware *firmware)
{
	return not_told(&firmware->secure_boot) ?: not_told(&firmware->sig_enforce)
							  ?: not_told(&firmware->lockdown);
}

/*
 * Of a compressed module it is not known who signed it: DKMS does, with its key. Only with Secure
 * Boot does a key outside firmware's list tell that the kernel does not know it: else it may be
 * built into the kernel.
 */
static enum trouble trouble_of_key(const struct via_host *host, const struct via_dkms_build *build)
{
	const struct via_fact *enrolled = &host->kernel.dkms_kernels.enrolled;

	if (fact_is(enrolled, VIA_ABSENT) && secure_boot_is_on(host))
		return NOT_ENROLLED;
	if (!fact_is(enrolled, VIA_PRESENT))
		return UNTOLD_KEY;
	return fact_is(&build->signer, VIA_UNKNOWN) ? UNTOLD_SIGNATURE : NO_TROUBLE;
}

static enum trouble trouble_of_signature(const struct via_host *host,
					 const struct via_dkms_build *build)
{
	bool insists = secure_boot_is_on(host) || kernel_insists(&host->firmware);
	bool is_unsigned = fact_is(&build->signer, VIA_ABSENT);

	if (!insists)
		return is_unsigned && policy_untold(&host->firmware) ? UNTOLD_POLICY : NO_TROUBLE;
	if (is_unsigned)
		return secure_boot_is_on(host) ? UNSIGNED : UNSIGNED_ENFORCED;
	return trouble_of_key(host, build);
}

/* A newer version of the package is in place for the same kernel. */
static bool is_superseded(const struct via_host *host, const struct via_dkms_package *package,
			  const struct via_dkms_build *build)
{
	via_for_each (other, &host->kernel.dkms) {
		if (strcmp(other->name, package->name) != 0 ||
		    strverscmp(other->version, package->version) <= 0)
			continue;
		via_for_each (theirs, &other->builds)
			if (theirs->state == VIA_DKMS_INSTALLED &&
			    strcmp(theirs->kernel, build->kernel) == 0)
				return true;
	}
	return false;
}

static enum trouble trouble_of(const struct via_host *host, const struct via_dkms_package *package,
			       const struct via_dkms_build *build)
{
	if (build->state == VIA_DKMS_INSTALLED)
		return trouble_of_signature(host, build);
	if (is_superseded(host, package, build))
		return SUPERSEDED;
	if (build->state == VIA_DKMS_SHADOWED)
		return SHADOWED;
	if (build->state == VIA_DKMS_BUILT)
		return NOT_INSTALLED;
	if (build->excluded)
		return EXCLUDED;
	if (build->lacks)
		return LACKING;
	if (fact_is(&build->headers, VIA_ABSENT))
		return NO_HEADERS;
	return !package->autoinstall && fact_is(&package->conf, VIA_PRESENT) ? NOT_AUTOMATIC
									     : NOT_BUILT;
}

/* What keeps a build from being judged, or NULL. */
static const struct via_fact *build_untold(const struct via_host *host,
					   const struct via_dkms_build *build, enum trouble trouble)
{
	const struct via_dkms *dkms = &host->kernel.dkms_kernels;

	if (fact_is(&build->untold, VIA_UNKNOWN))
		return &build->untold;
	if (!build->is_running && !build->is_newer)
		return NULL;
	if (trouble == UNTOLD_SIGNATURE && build->signer.error != EOPNOTSUPP)
		return &build->signer;
	if (trouble == UNTOLD_POLICY)
		return policy_untold(&host->firmware);
	if (trouble == UNTOLD_KEY)
		return fact_is(&dkms->enrolled, VIA_NOT_ASKED) ? &dkms->key : &dkms->enrolled;
	return NULL;
}

/* The worst of what was met, and where. */
struct tally {
	size_t running, newer;
	enum trouble first;
	const struct via_dkms_package *package;
	const struct via_dkms_build *build;
	const struct via_fact *untold;
};

static void judge_build(const struct via_host *host, struct via_finding *finding,
			const struct via_dkms_package *package, const struct via_dkms_build *build,
			struct tally *tally)
{
	enum trouble trouble = trouble_of(host, package, build);

	tally->untold = build_untold(host, build, trouble) ?: tally->untold;
	finding_cite_value(
		finding, arena_printf(finding->arena, "%s %s", package->name, package->version),
		"%s%s: %s", build->kernel, build->is_running ? " (running)" : "", words[trouble]);
	/* A kernel older than the one that runs was left behind on purpose. */
	if (trouble < NOT_BUILT || !(build->is_running || build->is_newer))
		return;
	tally->running += build->is_running;
	tally->newer += build->is_newer;
	if (tally->build && !build->is_running)
		return;
	tally->first = trouble;
	tally->package = package;
	tally->build = build;
}

/* Where lib/modules was not told, DKMS's own tree is all there is. */
static void judge_tree(struct via_finding *finding, const struct via_dkms_package *package,
		       struct tally *tally)
{
	finding_cite_value(finding, package->name, "%s, built for: %s", package->version,
			   *package->kernels ? package->kernels : "no kernel");
	tally->running += !package->built_for_running;
	tally->first = NOT_BUILT;
	tally->package = package;
}

/* @k, @n and @v stand for the kernel, the package's name and its version. */
static const char *filled(struct via_finding *finding, const struct tally *tally)
{
	const char *text = "";

	for (const char *at = remedies[tally->first]; *at;) {
		size_t length = strcspn(at, "@");
		const char *by = "";

		text = arena_printf(finding->arena, "%s%.*s", text, (int)length, at);
		at += length;
		if (!*at)
			break;
		by = at[1] == 'k'   ? (tally->build ? tally->build->kernel : "$(uname -r)")
		     : at[1] == 'n' ? tally->package->name
				    : tally->package->version;
		text = arena_printf(finding->arena, "%s%s", text, by);
		at += 2;
	}
	return text;
}

static const struct via_fact *kernels_untold(const struct via_kernel *kernel)
{
	const struct via_fact *known = &kernel->dkms_kernels.kernels_known;

	return fact_is(known, VIA_UNKNOWN) && known->error != ENODATA ? known : NULL;
}

static enum via_verdict dkms(const struct via_host *host, struct via_finding *finding)
{
	const struct via_kernel *kernel = &host->kernel;
	struct tally tally = { 0 };

	finding_cite(finding, &kernel->dkms_tree);
	if (fact_is(&kernel->dkms_tree, VIA_ABSENT)) {
		finding_detail(finding, "DKMS keeps no module here.");
		return VIA_SKIP;
	}
	if (!fact_is(&kernel->dkms_tree, VIA_PRESENT))
		return VIA_CANNOT_TELL;
	via_for_each (package, &kernel->dkms) {
		via_for_each (build, &package->builds)
			judge_build(host, finding, package, build, &tally);
		if (!package->builds.count)
			judge_tree(finding, package, &tally);
	}
	if (!tally.untold && kernel->dkms.count)
		tally.untold = kernels_untold(kernel);
	if (tally.untold) {
		finding_cite(finding, tally.untold);
		return VIA_CANNOT_TELL;
	}
	if (!tally.running && !tally.newer) {
		finding_detail(finding, kernel->dkms.count
						? "All DKMS modules are in place for the running "
						  "kernel and newer ones."
						: "DKMS keeps no module here.");
		return VIA_PASS;
	}
	finding_detail(finding, "%s %s under %s%s: %s.%s", tally.package->name,
		       tally.package->version,
		       tally.build ? tally.build->kernel : "the running kernel",
		       tally.build && !tally.build->is_running ? ", which is newer than the one "
								 "that runs"
							       : "",
		       words[tally.first],
		       tally.running + tally.newer > 1 ? " Others are missing as well." : "");
	finding_manual(finding, "%s", filled(finding, &tally));
	return VIA_WARN;
}

static const struct via_rule rules[] = {
	{
		.id = "devices.dkms",
		.layer = VIA_LAYER_DEVICES,
		.title = "DKMS modules are in place for each kernel",
		.source = "dkms(8); Documentation/admin-guide/module-signing.rst; depmod.d(5)",
		.eval = dkms,
	},
};

const struct via_rule_table device_dkms_rules = { rules, VIA_COUNT(rules) };
