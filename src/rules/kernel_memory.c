/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules/kernel_part.h"

enum { CAP_IPC_LOCK_BIT = 14, MIB_SHIFT = 20 };

/* Whether the limit does not bind whoever looks: type1 asks for CAP_IPC_LOCK. */
static bool may_lock_anything(const struct via_caller *caller)
{
	if (fact_is(&caller->capable, VIA_PRESENT))
		return caller->capable.number >> CAP_IPC_LOCK_BIT & 1;
	return fact_is(&caller->uid, VIA_PRESENT) && caller->uid.number == 0;
}

static enum via_verdict memlock(const struct via_host *host, struct via_finding *finding)
{
	const struct via_tuning *tuning = &host->kernel.tuning;
	const struct via_fact *limit = &tuning->memlock;

	finding_cite(finding, limit);
	finding_cite(finding, &tuning->memory);
	via_for_each (line, &tuning->limits)
		finding_cite_value(finding, line->path, "%s", line->text);
	if (!fact_is(limit, VIA_PRESENT))
		return VIA_CANNOT_TELL;
	if (may_lock_anything(&host->kernel.caller)) {
		finding_detail(finding, "Whoever runs this may lock any amount (CAP_IPC_LOCK). A "
					"guest with a device pins all its memory: type1 counts it "
					"for the process, iommufd for the user.");
		return VIA_PASS;
	}
	if (limit->number == UINT64_MAX ||
	    (fact_is(&tuning->memory, VIA_PRESENT) && limit->number >= tuning->memory.number)) {
		finding_detail(finding, "This user may lock as much memory as a guest can have.");
		return VIA_PASS;
	}
	finding_detail(finding,
		       "This user may lock %llu MiB. VFIO pins all memory of a guest and some "
		       "more, so one of that size is the largest; type1 counts for each "
		       "process, and twice with two containers, iommufd for the user as a whole.",
		       (unsigned long long)(limit->number >> MIB_SHIFT));
	finding_manual(finding, "Let libvirt start the guest (it raises the limit itself), or give "
				"the user \"memlock\" of the guests' memory and 1 GiB more in "
				"/etc/security/limits.d, LimitMEMLOCK= in a service.");
	return VIA_WARN;
}

/* Pages of one size that the command line asks for. */
struct wanted {
	uint64_t size_kib, pages;
};

static uint64_t size_kib(const char *text)
{
	char *end;
	uint64_t number = strtoull(text, &end, 0);

	switch (*end) {
	case 'G':
	case 'g':
		return number << 20;
	case 'M':
	case 'm':
		return number << 10;
	case 'K':
	case 'k':
		return number;
	default:
		return number >> 10;
	}
}

/* "16" or "0:8,1:8" */
static uint64_t pages_of(const char *text)
{
	uint64_t pages = 0;

	if (!strchr(text, ':'))
		return strtoull(text, NULL, 0);
	for (const char *at = text; at && *at; at = strchr(at, ','), at = at ? at + 1 : NULL)
		if (strchr(at, ':'))
			pages += strtoull(strchr(at, ':') + 1, NULL, 0);
	return pages;
}

static uint64_t live_pages(const struct via_host *host, uint64_t size)
{
	via_for_each (pool, &host->kernel.tuning.hugepages)
		if (pool->node < 0 && pool->size_kib == size)
			return fact_number(&pool->total, 0);
	return 0;
}

/* The first size of which fewer pages are there than the command line asks for. */
static bool falls_short(const struct via_host *host, struct via_arena *arena, struct wanted *ret)
{
	struct via_cmdline line;
	uint64_t size = 2048;

	booted_line(host, arena, &line);
	via_for_each (word, &line) {
		if (!word->value)
			continue;
		if (parameter_is(word, "default_hugepagesz") || parameter_is(word, "hugepagesz"))
			size = size_kib(word->value);
		if (!parameter_is(word, "hugepages"))
			continue;
		*ret = (struct wanted){ size, pages_of(word->value) };
		if (live_pages(host, size) < ret->pages)
			return true;
	}
	return false;
}

static enum via_verdict hugepages(const struct via_host *host, struct via_finding *finding)
{
	const struct via_tuning *tuning = &host->kernel.tuning;
	const char *text = "";
	struct wanted wanted;

	finding_cite(finding, &tuning->hugepages_known);
	if (fact_is(&tuning->hugepages_known, VIA_ABSENT)) {
		finding_detail(finding, "This kernel has no huge pages (CONFIG_HUGETLBFS).");
		return VIA_SKIP;
	}
	if (!fact_is(&tuning->hugepages_known, VIA_PRESENT))
		return VIA_CANNOT_TELL;
	via_for_each (pool, &tuning->hugepages) {
		if (!fact_number(&pool->total, 0))
			continue;
		finding_cite(finding, &pool->total);
		finding_cite(finding, &pool->free);
		if (pool->node < 0)
			text = arena_printf(finding->arena, "%s%s%llu of %llu MiB (%llu free)",
					    text, *text ? ", " : "",
					    (unsigned long long)pool->total.number,
					    (unsigned long long)pool->size_kib >> 10,
					    (unsigned long long)fact_number(&pool->free, 0));
	}
	if (falls_short(host, finding->arena, &wanted)) {
		finding_cite(finding, &host->kernel.command_line);
		finding_detail(finding,
			       "The command line asks for %llu pages of %llu MiB, and %llu are "
			       "there: memory was short or in pieces.",
			       (unsigned long long)wanted.pages,
			       (unsigned long long)wanted.size_kib >> 10,
			       (unsigned long long)live_pages(host, wanted.size_kib));
		finding_manual(finding, "Ask for fewer, name the size before the count "
					"(hugepagesz=1G hugepages=16), or see what else was given "
					"memory at boot.");
		return VIA_WARN;
	}
	if (*text)
		finding_detail(finding, "Set aside: %s.", text);
	else
		finding_detail(finding, "None are set aside. Guests run without; large ones gain "
					"by them.");
	return VIA_PASS;
}

static enum via_verdict cpu_isolation(const struct via_host *host, struct via_finding *finding)
{
	const struct via_tuning *tuning = &host->kernel.tuning;
	const struct via_parameter *asked;
	struct via_cmdline line;

	finding_cite(finding, &tuning->isolated);
	finding_cite(finding, &tuning->nohz_full);
	finding_cite(finding, &tuning->nodes);
	if (fact_is(&tuning->isolated, VIA_ABSENT)) {
		finding_detail(finding, "This kernel does not isolate processors.");
		return VIA_SKIP;
	}
	if (!fact_is(&tuning->isolated, VIA_PRESENT))
		return VIA_CANNOT_TELL;
	booted_line(host, finding->arena, &line);
	asked = cmdline_last(&line, "isolcpus");
	if (asked && asked->value && !strstr(asked->value, "managed_irq") &&
	    !*tuning->isolated.text) {
		finding_cite(finding, &host->kernel.command_line);
		finding_detail(finding,
			       "isolcpus=%s is on the command line, and no processor is "
			       "isolated.",
			       asked->value);
		finding_manual(finding, "Name processors that exist, and not all of them "
					"(isolcpus=2-7); the kernel needs CONFIG_CPU_ISOLATION.");
		return VIA_WARN;
	}
	if (*tuning->isolated.text)
		finding_detail(finding, "Processors %s are kept free for guests; memory nodes: %s.",
			       tuning->isolated.text,
			       fact_text(&tuning->nodes) ? tuning->nodes.text : "not told");
	else
		finding_detail(finding,
			       "None are kept free; guests share them with the host. "
			       "Memory nodes: %s.",
			       fact_text(&tuning->nodes) ? tuning->nodes.text : "not told");
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.memlock",
		.layer = VIA_LAYER_KERNEL,
		.title = "A guest's memory may be locked (RLIMIT_MEMLOCK)",
		.source = "drivers/vfio/vfio_iommu_type1.c, vfio_lock_acct; "
			  "drivers/iommu/iommufd/pages.c",
		.eval = memlock,
	},
	{
		.id = "kernel.hugepages",
		.layer = VIA_LAYER_KERNEL,
		.title = "Huge pages that were asked for are there",
		.source = "Documentation/admin-guide/mm/hugetlbpage.rst",
		.eval = hugepages,
	},
	{
		.id = "kernel.cpu-isolation",
		.layer = VIA_LAYER_KERNEL,
		.title = "Processors kept free for guests",
		.source = "Documentation/admin-guide/kernel-parameters.txt, isolcpus",
		.eval = cpu_isolation,
	},
};

const struct via_rule_table kernel_memory_rules = { rules, VIA_COUNT(rules) };
