/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

/* The first processor is in here; a host of 256 has hundreds of kilobytes more. */
enum { CPUINFO_LIMIT = 16 * 1024 };

enum { MSR_FEATURE_CONTROL = 0x3a, MSR_VMX_SECONDARY_CONTROLS = 0x48b };
#define MSR_VM_CR 0xc0010114u

static const char cpuinfo[] = "proc/cpuinfo";

/* "flags\t\t: fpu vme" -> "fpu vme"; "vmx flags" is another key. */
static struct via_fact cpuinfo_value(const struct via_blob *file, struct via_arena *arena,
				     const char *key)
{
	struct via_fact fact = probe_search_blob(file, arena, key);
	const char *text = fact.text;

	if (fact_is(&fact, VIA_ABSENT))
		return fact_absent(arena_printf(arena, "%s: %s", fact.path, key));
	if (!fact_is(&fact, VIA_PRESENT))
		return fact;
	while (isspace((unsigned char)*text))
		text++;
	if (*text != ':')
		return fact_absent(arena_printf(arena, "%s: %s", fact.path, key));
	text++;
	while (isspace((unsigned char)*text))
		text++;
	fact.text = text;
	return fact;
}

static struct via_fact flag(const struct via_fact *flags, struct via_arena *arena, const char *name)
{
	const char *path;

	if (!fact_is(flags, VIA_PRESENT))
		return *flags;
	path = arena_printf(arena, "%s flags: %s", flags->path, name);
	if (!text_has_word(flags->text, name))
		return fact_absent(path);
	return fact_present(path, name, 1);
}

/* Only x86 shows it: where there is no line of flags, it is not known to be clear. */
static struct via_fact hypervisor_flag(const struct via_cpu *cpu, struct via_arena *arena)
{
	struct via_fact fact = flag(&cpu->flags, arena, "hypervisor");

	return fact_is(&cpu->flags, VIA_ABSENT) ? fact_unknown("proc/cpuinfo flags", ENODATA)
						: fact;
}

static struct via_fact known_fact(enum via_known known, const char *path)
{
	if (known == VIA_PRESENT)
		return fact_present(path, "1", 1);
	return known == VIA_ABSENT ? fact_absent(path) : fact_unknown(path, ENODATA);
}

static struct via_fact cpuid_fact(const struct via_cpu *cpu, enum via_cpuid_feature feature)
{
	return known_fact(cpu->cpuid.known[feature], cpuid_feature_source(feature));
}

/* The flag where the kernel shows flags, else what the instruction answers. */
static struct via_fact flag_or_cpuid(const struct via_cpu *cpu, struct via_arena *arena,
				     enum via_cpuid_feature feature)
{
	struct via_fact fact = flag(&cpu->flags, arena, cpuid_feature_name(feature));

	return fact_is(&fact, VIA_UNKNOWN) ? cpuid_fact(cpu, feature) : fact;
}

static void probe_cpuid(const struct via_queries *queries, struct via_cpu *cpu)
{
	struct via_cpuid_leaf leaves[16];
	uint32_t wanted;
	size_t count = 0;

	for (size_t i = 0; count < VIA_COUNT(leaves) && cpuid_wanted(i, &wanted); i++) {
		struct via_cpuid value = { 0 };
		int r = query_cpuid(queries, wanted, 0, &value);

		leaves[count++] = (struct via_cpuid_leaf){
			.leaf = wanted,
			.eax = value.eax,
			.ebx = value.ebx,
			.ecx = value.ecx,
			.edx = value.edx,
			.error = -r,
		};
	}
	cpuid_decode(leaves, count, &cpu->cpuid);
}

static struct via_fact msr_fact(const struct via_queries *queries, struct via_arena *arena,
				uint32_t index, const char *path)
{
	uint64_t value;
	int r = query_msr(queries, index, &value);

	/* A register that faults is not there; all else says only that it was not read. */
	if (r == -EIO)
		return fact_absent(path);
	if (r < 0)
		return fact_unknown(path, -r);
	return fact_present(path, arena_printf(arena, "0x%llx", (unsigned long long)value), value);
}

/* Only those that this processor can have are asked for. */
static void probe_msrs(const struct via_queries *queries, struct via_arena *arena,
		       struct via_cpu *cpu)
{
	if (fact_is(&cpu->cpuid_vmx, VIA_PRESENT)) {
		cpu->feature_control = msr_fact(queries, arena, MSR_FEATURE_CONTROL,
						"msr 3ah (IA32_FEATURE_CONTROL)");
		cpu->vmx_controls = msr_fact(queries, arena, MSR_VMX_SECONDARY_CONTROLS,
					     "msr 48bh (IA32_VMX_PROCBASED_CTLS2)");
	}
	if (fact_is(&cpu->cpuid_svm, VIA_PRESENT))
		cpu->vm_cr = msr_fact(queries, arena, MSR_VM_CR, "msr c0010114h (VM_CR)");
}

static enum via_cpu_vendor vendor_of(const char *id)
{
	static const struct {
		const char *id;
		enum via_cpu_vendor vendor;
	} vendors[] = {
		{ "GenuineIntel", VIA_CPU_INTEL },   { "AuthenticAMD", VIA_CPU_AMD },
		{ "HygonGenuine", VIA_CPU_AMD },     { "CentaurHauls", VIA_CPU_ZHAOXIN },
		{ "  Shanghai  ", VIA_CPU_ZHAOXIN }, { "Shanghai", VIA_CPU_ZHAOXIN },
	};

	for (size_t i = 0; id && i < VIA_COUNT(vendors); i++)
		if (strcmp(id, vendors[i].id) == 0)
			return vendors[i].vendor;
	return VIA_CPU_OTHER;
}

/* Every kernel has it, with something in it: without, this source left it out. */
static struct via_blob read_cpuinfo(const struct via_root *root, struct via_arena *arena)
{
	struct via_blob file = root_blob(root, arena, CPUINFO_LIMIT, "%s", cpuinfo);

	if (fact_is(&file.fact, VIA_ABSENT) ||
	    (fact_is(&file.fact, VIA_PRESENT) && !file.span.size))
		file.fact = fact_unknown(file.fact.path, ENODATA);
	return file;
}

static void probe_flags(const struct via_root *root, struct via_arena *arena, struct via_cpu *cpu)
{
	struct via_blob file = read_cpuinfo(root, arena);

	cpu->vendor_id = cpuinfo_value(&file, arena, "vendor_id");
	cpu->model_name = cpuinfo_value(&file, arena, "model name");
	cpu->flags = cpuinfo_value(&file, arena, "flags");
	cpu->vmx_flags = cpuinfo_value(&file, arena, "vmx flags");
	cpu->vmx = flag(&cpu->flags, arena, "vmx");
	cpu->svm = flag(&cpu->flags, arena, "svm");
	cpu->ept = flag(&cpu->flags, arena, "ept");
	if (!fact_is(&cpu->ept, VIA_PRESENT) && fact_is(&cpu->vmx_flags, VIA_PRESENT))
		cpu->ept = flag(&cpu->vmx_flags, arena, "ept");
	cpu->unrestricted_guest = flag(&cpu->vmx_flags, arena, "unrestricted_guest");
	cpu->tdx_host = flag(&cpu->flags, arena, "tdx_host_platform");
}

/* The secondary controls say it also where the kernel prints no flags. */
static void ept_from_controls(struct via_cpu *cpu)
{
	if (!fact_is(&cpu->vmx_controls, VIA_PRESENT) || fact_is(&cpu->ept, VIA_PRESENT))
		return;
	cpu->ept = cpu->vmx_controls.number >> 33 & 1 ? fact_present(cpu->vmx_controls.path, "1", 1)
						      : fact_absent(cpu->vmx_controls.path);
}

static void probe_xen(const struct via_root *root, struct via_arena *arena, struct via_cpu *cpu)
{
	struct via_fact control;

	cpu->xen_type = root_text(root, arena, "sys/hypervisor/type");
	if (!fact_is(&cpu->xen_type, VIA_PRESENT))
		return;
	control = root_text(root, arena, "proc/xen/capabilities");
	cpu->xen_control = control;
	if (fact_is(&control, VIA_PRESENT) && !strstr(control.text, "control_d"))
		cpu->xen_control = fact_absent(control.path);
}

void probe_cpu(const struct via_root *root, const struct via_queries *queries,
	       struct via_host *host)
{
	struct via_cpu *cpu = &host->firmware.cpu;
	struct via_arena *arena = host->arena;

	probe_flags(root, arena, cpu);
	probe_cpuid(queries, cpu);
	cpu->vendor =
		vendor_of(fact_text(&cpu->vendor_id) ? cpu->vendor_id.text : cpu->cpuid.vendor);
	cpu->cpuid_vmx = cpuid_fact(cpu, VIA_CPUID_VMX);
	cpu->cpuid_svm = cpuid_fact(cpu, VIA_CPUID_SVM);
	cpu->npt = flag_or_cpuid(cpu, arena, VIA_CPUID_NPT);
	cpu->avic = flag_or_cpuid(cpu, arena, VIA_CPUID_AVIC);
	cpu->x2apic = flag_or_cpuid(cpu, arena, VIA_CPUID_X2APIC);
	cpu->sev = flag_or_cpuid(cpu, arena, VIA_CPUID_SEV);
	cpu->tdx_guest = flag_or_cpuid(cpu, arena, VIA_CPUID_TDX_GUEST);
	probe_msrs(queries, arena, cpu);
	ept_from_controls(cpu);
	cpu->hypervisor = cpuid_fact(cpu, VIA_CPUID_HYPERVISOR);
	if (fact_is(&cpu->hypervisor, VIA_UNKNOWN))
		cpu->hypervisor = hypervisor_flag(cpu, arena);
	probe_xen(root, arena, cpu);
}
