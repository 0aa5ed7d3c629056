/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

/* The first processor is in here; a host of 256 has hundreds of kilobytes more. */
enum { CPUINFO_LIMIT = 16 * 1024 };

static const char cpuinfo[] = "proc/cpuinfo";

/* "flags\t\t: fpu vme" -> "fpu vme"; "vmx flags" is another key. */
static struct via_fact cpuinfo_value(const struct via_root *root, struct via_arena *arena,
				     const char *key)
{
	struct via_fact fact = probe_search(root, arena, cpuinfo, CPUINFO_LIMIT, key);
	const char *text = fact.text;

	if (!fact_is(&fact, VIA_PRESENT))
		return fact;
	while (isspace((unsigned char)*text))
		text++;
	if (*text != ':')
		return fact_absent(fact.path);
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

static struct via_fact cpuid_bit(const struct via_queries *queries, uint32_t leaf, unsigned int bit,
				 const char *path)
{
	struct via_cpuid value;
	int r = query_cpuid(queries, leaf, 0, &value);

	if (r == -ENXIO)
		return fact_absent(path);
	if (r < 0)
		return fact_unknown(path, -r);
	if (!(value.ecx >> bit & 1))
		return fact_absent(path);
	return fact_present(path, "1", 1);
}

static const struct {
	const char *signature, *name;
} hypervisors[] = {
	{ "KVMKVMKVM", "KVM" },		{ "Microsoft Hv", "Hyper-V" },
	{ "VMwareVMware", "VMware" },	{ "XenVMMXenVMM", "Xen" },
	{ "TCGTCGTCGTCG", "QEMU TCG" }, { "VBoxVBoxVBox", "VirtualBox" },
	{ "bhyve bhyve ", "bhyve" },	{ "ACRNACRNACRN", "ACRN" },
};

/* Leaf 40000000h: twelve characters in EBX, ECX, EDX. */
static struct via_fact hypervisor_name(const struct via_queries *queries, struct via_arena *arena)
{
	static const char path[] = "cpuid 40000000h";
	char signature[13] = "";
	struct via_cpuid value;
	int r = query_cpuid(queries, 0x40000000, 0, &value);

	if (r < 0)
		return fact_unknown(path, -r);
	memcpy(signature, &value.ebx, 4);
	memcpy(signature + 4, &value.ecx, 4);
	memcpy(signature + 8, &value.edx, 4);
	for (size_t i = 0; i < VIA_COUNT(hypervisors); i++)
		if (strcmp(signature, hypervisors[i].signature) == 0)
			return fact_present(path, hypervisors[i].name, 1);
	for (char *c = signature; *c; c++)
		if (!isprint((unsigned char)*c))
			*c = '?';
	return fact_present(path, arena_strdup(arena, signature), 1);
}

static enum via_cpu_vendor vendor_of(const struct via_fact *id)
{
	const char *text = fact_text(id);

	if (text && strcmp(text, "GenuineIntel") == 0)
		return VIA_CPU_INTEL;
	if (text && (strcmp(text, "AuthenticAMD") == 0 || strcmp(text, "HygonGenuine") == 0))
		return VIA_CPU_AMD;
	return VIA_CPU_OTHER;
}

void probe_cpu(const struct via_root *root, const struct via_queries *queries,
	       struct via_host *host)
{
	struct via_cpu *cpu = &host->firmware.cpu;
	struct via_arena *arena = host->arena;

	cpu->vendor_id = cpuinfo_value(root, arena, "vendor_id");
	cpu->vendor = vendor_of(&cpu->vendor_id);
	cpu->model_name = cpuinfo_value(root, arena, "model name");
	cpu->flags = cpuinfo_value(root, arena, "flags");
	cpu->vmx = flag(&cpu->flags, arena, "vmx");
	cpu->svm = flag(&cpu->flags, arena, "svm");
	cpu->second_level = flag(&cpu->flags, arena, "ept");
	if (!fact_is(&cpu->second_level, VIA_PRESENT))
		cpu->second_level = flag(&cpu->flags, arena, "npt");
	cpu->cpuid_vmx = cpuid_bit(queries, 1, 5, "cpuid 1.ecx[5] (VMX)");
	cpu->cpuid_svm = cpuid_bit(queries, 0x80000001, 2, "cpuid 80000001h.ecx[2] (SVM)");
	cpu->hypervisor = cpuid_bit(queries, 1, 31, "cpuid 1.ecx[31] (hypervisor)");
	if (fact_is(&cpu->hypervisor, VIA_UNKNOWN))
		cpu->hypervisor = flag(&cpu->flags, arena, "hypervisor");
	if (fact_is(&cpu->hypervisor, VIA_PRESENT))
		cpu->hypervisor_name = hypervisor_name(queries, arena);
}
