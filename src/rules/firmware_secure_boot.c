/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/firmware_part.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

enum level { LEVEL_UNTOLD, LEVEL_NONE, LEVEL_INTEGRITY, LEVEL_CONFIDENTIALITY };

static enum level level_of(const struct via_fact *lockdown)
{
	const char *text = fact_text(lockdown);

	/* Without the file the kernel has no lockdown, or nobody mounted securityfs. */
	if (!text)
		return LEVEL_UNTOLD;
	if (strcmp(text, "integrity") == 0)
		return LEVEL_INTEGRITY;
	return strcmp(text, "confidentiality") == 0 ? LEVEL_CONFIDENTIALITY : LEVEL_NONE;
}

/* "off", "on", "setup mode", "not EFI" or "unknown" */
static const char *state_of(const struct via_firmware *firmware)
{
	if (fact_is(&firmware->efi, VIA_ABSENT))
		return "not EFI";
	if (!fact_is(&firmware->secure_boot, VIA_PRESENT))
		return "unknown";
	if (firmware->secure_boot.number)
		return fact_number(&firmware->shim_lax, 0) ? "on, but shim validates nothing"
							   : "on";
	return fact_number(&firmware->setup_mode, 0) ? "setup mode" : "off";
}

/* Without it, only the check of signatures says what is refused. */
static bool lockdown_told(const struct via_firmware *firmware)
{
	const char *enforce = fact_text(&firmware->sig_enforce);

	return (enforce && *enforce == 'Y') || !fact_is(&firmware->lockdown, VIA_UNKNOWN) ||
	       firmware->lockdown.error == ENODATA;
}

/* What kernel_lockdown(7) forbids, as far as it touches passthrough. */
static void cite_restrictions(struct via_finding *finding, enum level level)
{
	if (level < LEVEL_INTEGRITY)
		return;
	finding_cite_value(finding, "refused", "unsigned modules (DKMS without an enrolled key)");
	finding_cite_value(finding, "refused", "kexec of unsigned kernels, and hibernation");
	finding_cite_value(finding, "refused", "/dev/mem, /dev/port, ioperm and iopl");
	finding_cite_value(finding, "refused", "writing MSRs; reading them is not");
	finding_cite_value(finding, "refused",
			   "writing PCI config space (setpci) and mapping resourceN: ACS cannot be "
			   "changed by hand");
	finding_cite_value(finding, "refused",
			   "unsafe module parameters, ACPI tables from the initramfs");
	if (level == LEVEL_CONFIDENTIALITY)
		finding_cite_value(finding, "refused",
				   "kcore, kprobes, and BPF reading the kernel");
	finding_cite_value(finding, "not restricted",
			   "KVM, VFIO, iommufd, binding, resets, sriov_numvfs; VFIO without an "
			   "IOMMU asks for CAP_SYS_RAWIO only");
}

/* DKMS's packages, which need a key that firmware or shim knows. */
static const char *cite_modules(const struct via_host *host, struct via_finding *finding)
{
	const char *names = "";

	via_for_each (package, &host->kernel.dkms) {
		names = arena_printf(finding->arena, "%s%s%s", names, *names ? ", " : "",
				     package->name);
		finding_cite_value(finding, package->name, "out of tree, %s",
				   fact_is(&host->firmware.dkms_key, VIA_PRESENT)
					   ? "signed by DKMS's own key"
					   : "and no key to sign it with is here");
	}
	return names;
}

static enum via_verdict enforced(const struct via_host *host, struct via_finding *finding,
				 const char *why)
{
	const char *names = cite_modules(host, finding);

	if (fact_is(&host->kernel.dkms_tree, VIA_UNKNOWN) &&
	    host->kernel.dkms_tree.error != ENODATA) {
		finding_cite(finding, &host->kernel.dkms_tree);
		return VIA_CANNOT_TELL;
	}
	if (!*names) {
		finding_detail(finding,
			       "%s is in force: KVM and VFIO are not restricted; modules "
			       "must be signed by a key that is enrolled, and DKMS keeps "
			       "none here.",
			       why);
		return VIA_PASS;
	}
	finding_cite(finding, &host->firmware.dkms_key);
	if (fact_is(&host->firmware.dkms_key, VIA_PRESENT)) {
		finding_detail(finding,
			       "%s is in force: KVM and VFIO are not restricted; %s loads only if "
			       "the key of DKMS is enrolled.",
			       why, names);
		finding_manual(finding,
			       "mokutil --test-key /%s tells; mokutil --import enrolls it "
			       "at the next boot.",
			       host->firmware.dkms_key.path);
		return VIA_PASS;
	}
	finding_detail(finding,
		       "%s is in force, and %s would be refused: it is signed by no key "
		       "that is enrolled.",
		       why, names);
	finding_manual(finding, "Make a key, enroll it (mokutil --import) and have DKMS sign with "
				"it, or switch Secure Boot off in the setup menu.");
	if (!lockdown_told(&host->firmware))
		return VIA_CANNOT_TELL;
	return fact_is(&host->firmware.dkms_key, VIA_ABSENT) ? VIA_WARN : VIA_CANNOT_TELL;
}

static enum via_verdict not_enforced(const struct via_host *host, struct via_finding *finding)
{
	const struct via_firmware *firmware = &host->firmware;
	const char *state = state_of(firmware);

	if (strcmp(state, "unknown") == 0) {
		finding_manual(finding, "Mount efivarfs (mount -t efivarfs efivarfs "
					"/sys/firmware/efi/efivars) and look again.");
		return VIA_CANNOT_TELL;
	}
	if (strcmp(state, "not EFI") == 0)
		finding_detail(finding, "This machine did not boot through UEFI: no Secure Boot.");
	else if (strcmp(state, "setup mode") == 0)
		finding_detail(finding, "Secure Boot is in setup mode: no platform key is "
					"enrolled, and nothing is verified.");
	else
		finding_detail(finding, "Secure Boot is off.");
	return VIA_PASS;
}

enum via_verdict firmware_secure_boot(const struct via_host *host, struct via_finding *finding)
{
	const struct via_firmware *firmware = &host->firmware;
	enum level level = level_of(&firmware->lockdown);
	const char *enforce = fact_text(&firmware->sig_enforce);

	finding_cite_value(finding, "Secure Boot", "%s", state_of(firmware));
	finding_cite(finding, &firmware->secure_boot);
	finding_cite(finding, &firmware->lockdown);
	cite_restrictions(finding, level);
	if (level >= LEVEL_INTEGRITY)
		return enforced(
			host, finding,
			arena_printf(finding->arena, "Lockdown (%s)", firmware->lockdown.text));
	if (enforce && *enforce == 'Y') {
		finding_cite(finding, &firmware->sig_enforce);
		return enforced(host, finding, "The check of module signatures");
	}
	/* Whether a kernel locks down by itself then is its builder's choice. */
	if (fact_number(&firmware->secure_boot, 0) && level == LEVEL_UNTOLD)
		return enforced(host, finding, "Secure Boot");
	if (fact_number(&firmware->secure_boot, 0)) {
		finding_detail(finding, "Secure Boot is on, and this kernel does not lock itself "
					"down for it: nothing here is restricted.");
		return VIA_PASS;
	}
	return not_enforced(host, finding);
}
