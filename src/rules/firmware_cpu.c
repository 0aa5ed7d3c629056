/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/firmware_part.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules/board.h"

enum {
	FEATURE_CONTROL_LOCKED = 1 << 0,
	FEATURE_CONTROL_VMX = 1 << 2, /* outside SMX, which is where everybody is */
	VM_CR_LOCK = 1 << 3,
	VM_CR_SVM_DISABLED = 1 << 4,
};

/* What firmware did to the extension, by the register that says so. */
enum lock {
	LOCK_UNTOLD,
	LOCK_ON,
	LOCK_OPEN, /* nobody has locked it: Linux does, with the extension on */
	LOCK_OFF,
	LOCK_OFF_LOCKED,
	LOCK_NO_REGISTER, /* a hypervisor keeps it away */
};

/* VT-x or AMD-V: whichever this processor would have. */
struct extension {
	bool amd;
	const char *name;
	const struct via_fact *flag, *cpuid, *msr, *second_level;
	const char *second_level_name;
	enum lock lock;
};

static enum lock lock_of(const struct via_fact *msr, bool amd)
{
	uint64_t value = fact_number(msr, 0);

	if (fact_is(msr, VIA_ABSENT))
		return LOCK_NO_REGISTER;
	if (!fact_is(msr, VIA_PRESENT))
		return LOCK_UNTOLD;
	if (amd && !(value & VM_CR_SVM_DISABLED))
		return LOCK_ON;
	if (amd)
		return value & VM_CR_LOCK ? LOCK_OFF_LOCKED : LOCK_OFF;
	if (!(value & FEATURE_CONTROL_LOCKED))
		return LOCK_OPEN;
	return value & FEATURE_CONTROL_VMX ? LOCK_ON : LOCK_OFF_LOCKED;
}

static bool has_svm(const struct via_cpu *cpu)
{
	if (cpu->vendor != VIA_CPU_OTHER)
		return cpu->vendor == VIA_CPU_AMD;
	return fact_is(&cpu->svm, VIA_PRESENT) || fact_is(&cpu->cpuid_svm, VIA_PRESENT);
}

static struct extension extension_of(const struct via_host *host)
{
	const struct via_cpu *cpu = &host->firmware.cpu;
	bool amd = has_svm(cpu);
	const struct via_fact *msr = amd ? &cpu->vm_cr : &cpu->feature_control;

	return (struct extension){
		.amd = amd,
		.name = amd ? "AMD-V (SVM)" : "VT-x (VMX)",
		.flag = amd ? &cpu->svm : &cpu->vmx,
		.cpuid = amd ? &cpu->cpuid_svm : &cpu->cpuid_vmx,
		.msr = msr,
		.second_level = amd ? &cpu->npt : &cpu->ept,
		.second_level_name = amd ? "nested paging (NPT)" : "extended page tables (EPT)",
		.lock = lock_of(msr, amd),
	};
}

/*
 * Whether the kernel takes the flag away when firmware switched the feature off: VMX since
 * 5.6, SVM since 6.7. Before that the flag is no proof.
 */
static bool flag_is_proof(const struct via_host *host, bool amd)
{
	const char *release = fact_text(&host->kernel_release);
	unsigned int major, minor;

	if (!release || sscanf(release, "%u.%u", &major, &minor) != 2)
		return false;
	return amd ? major > 6 || (major == 6 && minor >= 7)
		   : major > 5 || (major == 5 && minor >= 6);
}

/* The memo's five answers, each with its words and its verdict. */

static void answer(struct via_finding *finding, const char *which)
{
	finding_cite_value(finding, "answer", "%s", which);
}

static enum via_verdict works(const struct via_host *host, struct via_finding *finding,
			      const struct extension *extension)
{
	bool created = fact_is(&host->kernel.kvm_create_vm, VIA_PRESENT);

	answer(finding, "works");
	finding_cite(finding, extension->second_level);
	if (fact_is(extension->second_level, VIA_ABSENT)) {
		finding_detail(finding, "%s is on, but %s is not there: guests run, and slowly.",
			       extension->name, extension->second_level_name);
		finding_manual(finding, host_is_guest(host)
						? "Give this guest the host's CPU model on the "
						  "machine below."
						: "Only a newer processor has it.");
		return VIA_WARN;
	}
	finding_detail(finding, "%s is on%s%s%s%s.", extension->name,
		       fact_is(extension->second_level, VIA_PRESENT) ? ", with " : "",
		       fact_is(extension->second_level, VIA_PRESENT) ? extension->second_level_name
								     : "",
		       fact_is(&host->firmware.cpu.avic, VIA_PRESENT) ? " and AVIC" : "",
		       created ? ", and KVM created a virtual machine with it" : "");
	return VIA_PASS;
}

static enum via_verdict switched_off(const struct via_host *host, struct via_finding *finding,
				     const struct extension *extension)
{
	answer(finding, extension->lock == LOCK_OFF_LOCKED ? "switched off in firmware (locked)"
							   : "switched off in firmware");
	finding_detail(
		finding, "The processor has %s, and firmware switched it off%s.", extension->name,
		extension->lock == LOCK_OFF_LOCKED ? " and locked it: no software can turn it on"
						   : "");
	if (host_is_guest(host))
		finding_manual(finding, "%s", firmware_guest_nesting(host));
	else
		finding_setup(finding, host, VIA_SWITCH_CPU, "Then power off fully.");
	return VIA_FAIL;
}

static enum via_verdict taken_away(const struct via_host *host, struct via_finding *finding)
{
	const char *below = fact_text(&host->firmware.cpu.hypervisor_name);

	answer(finding, "taken away by the hypervisor below");
	if (fact_is(&host->firmware.cpu.xen_control, VIA_PRESENT)) {
		finding_detail(finding, "This is Xen's control domain: Xen itself runs the "
					"virtual machines, and keeps the extension from KVM.");
		finding_manual(finding, "Use Xen's own tools (xl), or boot Linux without Xen.");
		return VIA_FAIL;
	}
	finding_detail(finding, "This is a guest of %s, which gives it no nested virtualization.",
		       below ? below : "a hypervisor");
	finding_manual(finding, "%s", firmware_guest_nesting(host));
	return VIA_FAIL;
}

static enum via_verdict no_such_cpu(struct via_finding *finding, const struct extension *extension)
{
	answer(finding, "no such CPU");
	finding_detail(finding, "This processor has no %s.", extension->name);
	finding_manual(finding, "Hardware virtualization needs another processor.");
	return VIA_FAIL;
}

static enum via_verdict cannot_tell(struct via_finding *finding, const char *why,
				    const char *remedy)
{
	answer(finding, "cannot tell");
	finding_detail(finding, "%s", why);
	if (remedy)
		finding_manual(finding, "%s", remedy);
	return VIA_CANNOT_TELL;
}

static bool kvm_was_refused(const struct via_host *host)
{
	const struct via_fact *open = &host->kernel.kvm_open;

	return fact_is(open, VIA_UNKNOWN) && (open->error == EACCES || open->error == EPERM);
}

/* There are KVM back ends that do without: only KVM itself can say no for sure. */
static enum via_verdict ask_kvm(struct via_finding *finding)
{
	return cannot_tell(finding, "No VT-x or AMD-V is visible, and KVM could not be asked.",
			   "Run as root, or join the group that owns /dev/kvm.");
}

static enum via_verdict no_x86(const struct via_host *host, struct via_finding *finding)
{
	bool asked = fact_is(&host->kernel.kvm_open, VIA_PRESENT);

	return cannot_tell(finding,
			   asked ? "This is no x86 processor: only KVM itself can tell, and it "
				   "created no virtual machine."
				 : "This is no x86 processor: only KVM itself can tell, and it "
				   "could not be asked.",
			   NULL);
}

static bool cleared_by_hand(const struct via_host *host, const struct extension *extension)
{
	const char *line = fact_text(&host->kernel.command_line);
	const char *at = line ? strstr(line, "clearcpuid=") : NULL;
	const char *end = at ? at + strcspn(at, " ") : NULL;
	const char *found = at ? strstr(at, extension->amd ? "svm" : "vmx") : NULL;

	return found && found < end;
}

/* CPUID has it, and the kernel does not show it. */
static enum via_verdict hidden_by_kernel(const struct via_host *host, struct via_finding *finding,
					 const struct extension *extension)
{
	if (cleared_by_hand(host, extension)) {
		answer(finding, "switched off by clearcpuid=");
		finding_cite(finding, &host->kernel.command_line);
		finding_detail(finding, "clearcpuid= on the command line takes %s away.",
			       extension->name);
		finding_manual(finding, "Take it off the command line and reboot.");
		return VIA_FAIL;
	}
	if (host_is_guest(host) && extension->lock != LOCK_ON)
		return taken_away(host, finding);
	if (extension->lock == LOCK_ON || extension->lock == LOCK_OPEN)
		return cannot_tell(finding,
				   "Firmware left the extension on, yet the kernel does not show "
				   "it: its own log says why.",
				   "Look for lines with VMX, SVM or kvm in dmesg.");
	return switched_off(host, finding, extension);
}

static enum via_verdict not_shown(const struct via_host *host, struct via_finding *finding,
				  const struct extension *extension)
{
	if (fact_is(extension->cpuid, VIA_PRESENT))
		return hidden_by_kernel(host, finding, extension);
	if (kvm_was_refused(host))
		return ask_kvm(finding);
	if (host_is_guest(host))
		return taken_away(host, finding);
	if (fact_is(extension->cpuid, VIA_ABSENT))
		return no_such_cpu(finding, extension);
	return cannot_tell(finding,
			   "The kernel shows no VT-x or AMD-V; whether the processor lacks it or "
			   "firmware switched it off is more than this source holds.",
			   NULL);
}

static enum via_verdict shown(const struct via_host *host, struct via_finding *finding,
			      const struct extension *extension)
{
	finding_cite(finding, &host->kernel_release);
	if (extension->lock == LOCK_ON || extension->lock == LOCK_OPEN ||
	    flag_is_proof(host, extension->amd))
		return works(host, finding, extension);
	return cannot_tell(
		finding,
		arena_printf(finding->arena,
			     "The processor has %s; this kernel shows the flag also where "
			     "firmware switched it off.",
			     extension->name),
		arena_printf(finding->arena, "Load %s and look again: KVM's answer is the proof.",
			     extension->amd ? "kvm_amd" : "kvm_intel"));
}

static void cite_all(const struct via_host *host, struct via_finding *finding,
		     const struct extension *extension)
{
	const struct via_cpu *cpu = &host->firmware.cpu;

	finding_cite(finding, &cpu->cpuid_vmx);
	finding_cite(finding, &cpu->cpuid_svm);
	finding_cite(finding, extension->flag);
	if (!fact_is(extension->msr, VIA_NOT_ASKED))
		finding_cite(finding, extension->msr);
	if (fact_is(&host->log.kvm_disabled_by_firmware, VIA_PRESENT))
		finding_cite(finding, &host->log.kvm_disabled_by_firmware);
	finding_cite(finding, &host->kernel.kvm_create_vm);
	if (cpu->cpuid.physical_bits)
		finding_cite_value(finding, "physical address bits", "%u",
				   cpu->cpuid.physical_bits);
	if (fact_is(&cpu->sev, VIA_PRESENT))
		finding_cite(finding, &cpu->sev);
	if (fact_is(&cpu->tdx_host, VIA_PRESENT))
		finding_cite(finding, &cpu->tdx_host);
}

/* A flag that is not there outweighs CPUID: firmware may have switched it off. */
static bool extension_is_visible(const struct extension *extension)
{
	return fact_is(extension->flag, VIA_PRESENT) ||
	       (!fact_is(extension->flag, VIA_ABSENT) && fact_is(extension->cpuid, VIA_PRESENT));
}

static enum via_verdict without_extension(struct via_finding *finding)
{
	answer(finding, "works");
	finding_detail(finding, "No VT-x or AMD-V is visible, yet KVM created a virtual machine: "
				"its back end does without.");
	return VIA_PASS;
}

enum via_verdict firmware_cpu_virtualization(const struct via_host *host,
					     struct via_finding *finding)
{
	struct extension extension = extension_of(host);
	bool off = extension.lock == LOCK_OFF || extension.lock == LOCK_OFF_LOCKED;

	cite_all(host, finding, &extension);
	if (fact_is(&host->kernel.kvm_create_vm, VIA_PRESENT))
		return extension_is_visible(&extension) ? works(host, finding, &extension)
							: without_extension(finding);
	if (off || fact_is(&host->log.kvm_disabled_by_firmware, VIA_PRESENT))
		return switched_off(host, finding, &extension);
	if (fact_is(&host->firmware.cpu.xen_control, VIA_PRESENT))
		return taken_away(host, finding);
	if (fact_is(extension.flag, VIA_PRESENT))
		return shown(host, finding, &extension);
	if (host_is_no_x86(host) && fact_is(extension.cpuid, VIA_UNKNOWN))
		return no_x86(host, finding);
	if (fact_is(extension.flag, VIA_ABSENT))
		return not_shown(host, finding, &extension);
	return cannot_tell(finding, "The processor's flags (proc/cpuinfo) could not be read.",
			   NULL);
}
