/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpu_facts DIRECTORY… - what the probe makes of the processor of each captured root: a line
 * "DIRECTORY NAME=STATE …", where STATE is 1, 0 or ? */
#include <stdio.h>

#include "base/cleanup.h"
#include "probe/probe.h"

static char state_of(enum via_known known)
{
	return known == VIA_PRESENT ? '1' : known == VIA_ABSENT ? '0' : '?';
}

static void print_fact(const char *name, const struct via_fact *fact)
{
	printf("\t%s=%c", name, state_of(fact->known));
}

static void print_cpu(const char *path, const struct via_cpu *cpu)
{
	printf("%s\tvendor=%d\tcpuid_vendor=%s", path, cpu->vendor, cpu->cpuid.vendor);
	print_fact("vmx", &cpu->vmx);
	print_fact("svm", &cpu->svm);
	print_fact("ept", &cpu->ept);
	print_fact("npt", &cpu->npt);
	print_fact("avic", &cpu->avic);
	print_fact("sev", &cpu->sev);
	print_fact("vmx_flags_line", &cpu->vmx_flags);
	print_fact("hypervisor", &cpu->hypervisor);
	for (int i = 0; i < VIA_CPUID_FEATURES; i++)
		printf("\tcpuid.%s=%c", cpuid_feature_name((enum via_cpuid_feature)i),
		       state_of(cpu->cpuid.known[i]));
	printf("\tbits=%u/%u\tfms=%x/%x/%x\n", cpu->cpuid.physical_bits, cpu->cpuid.linear_bits,
	       cpu->cpuid.family, cpu->cpuid.model, cpu->cpuid.stepping);
}

static int look(const char *path)
{
	_cleanup_host_ struct via_host *host = host_new();
	struct via_queries queries;
	struct via_error error;
	struct via_root root;
	int r = root_open(&root, path, &error);

	if (r < 0)
		return r;
	r = queries_recorded(&queries, &root, host->arena, &error);
	if (r == 0) {
		probe_cpu(&root, &queries, host);
		print_cpu(path, &host->firmware.cpu);
	}
	root_close(&root);
	return r;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (look(argv[i]) < 0)
			return 1;
	return 0;
}
