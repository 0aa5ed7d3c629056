/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/lint_part.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static unsigned int version_of(const char *release)
{
	char *end;
	unsigned long major, minor;

	if (!release || !isdigit((unsigned char)*release))
		return 0;
	major = strtoul(release, &end, 10);
	if (*end != '.' || !isdigit((unsigned char)end[1]) || major > 99)
		return 0;
	minor = strtoul(end + 1, NULL, 10);
	return minor > 0xff ? 0 : VIA_KERNEL(major, minor);
}

struct via_lint_kernel lint_kernel_of(const struct via_host *host)
{
	const char *release = fact_text(&host->kernel_release);

	return (struct via_lint_kernel){
		.release = release, .version = version_of(release), .own = true, .host = host
	};
}

int lint_kernel_named(const struct via_host *host, const char *release, struct via_lint_kernel *ret)
{
	unsigned int version;

	release += *release == 'v';
	version = version_of(release);
	if (!version)
		return -EINVAL;
	*ret = (struct via_lint_kernel){ .release = release, .version = version, .host = host };
	return 0;
}

const char *lint_version(struct via_arena *arena, unsigned int version)
{
	return version ? arena_printf(arena, "%u.%u", version >> 8, version & 0xff) : NULL;
}

static bool release_has(const struct via_lint_kernel *kernel, const char *const *marks,
			size_t count)
{
	for (size_t i = 0; kernel->release && i < count; i++)
		if (strstr(kernel->release, marks[i]))
			return true;
	return false;
}

bool kernel_is_patched(const struct via_lint_kernel *kernel)
{
	static const char *const marks[] = { "-pve", "-zen",	"-cachyos", "liquorix",
					     "-lqx", "-xanmod", "-Unraid",  "-unraid",
					     "-tkg", "-acs",	"-vfio",    "-edge" };

	return release_has(kernel, marks, VIA_COUNT(marks));
}

bool kernel_is_stock(const struct via_lint_kernel *kernel)
{
	static const char *const marks[] = { "-amd64",	 "-generic", "-lowlatency", "-oem",
					     "-aws",	 "-azure",   "-gcp",	    "-oracle",
					     ".fc",	 ".el",	     ".amzn",	    "-arch",
					     "-default", "-lts",     "-virt",	    "-hardened" };
	const char *release = kernel->release;

	if (!release || kernel_is_patched(kernel))
		return false;
	return !release[strspn(release, "0123456789.")] ||
	       release_has(kernel, marks, VIA_COUNT(marks));
}

bool kernel_backports(const struct via_lint_kernel *kernel)
{
	static const char *const marks[] = { ".el7", ".el8", ".el9", ".el10", "-default" };

	return release_has(kernel, marks, VIA_COUNT(marks));
}

bool kernel_is_other_machine(const struct via_lint_kernel *kernel)
{
	static const char *const marks[] = { "aarch64", "arm64", "armv7", "armmp",
					     "ppc64",	"riscv", "s390",  "loong" };

	return release_has(kernel, marks, VIA_COUNT(marks));
}

bool kernel_vendor(const struct via_lint_kernel *kernel, enum via_cpu_vendor *ret)
{
	const struct via_cpu *cpu = &kernel->host->firmware.cpu;
	const char *id = fact_text(&cpu->vendor_id);

	if (cpu->vendor != VIA_CPU_OTHER)
		*ret = cpu->vendor;
	else if (id && strcmp(id, "HygonGenuine") == 0)
		*ret = VIA_CPU_AMD; /* it has AMD-V and AMD-Vi */
	else if (id)
		*ret = VIA_CPU_OTHER;
	else
		return false;
	return true;
}

enum via_module_state kernel_module_state(const struct via_lint_kernel *kernel, const char *name)
{
	const struct via_module *module =
		kernel->own ? kernel_module(&kernel->host->kernel, name) : NULL;

	return module ? module_state(module) : VIA_MODULE_STATE_UNKNOWN;
}

enum via_lint_verdict kernel_has(struct via_arena *arena, const struct via_lint_kernel *kernel,
				 unsigned int since, unsigned int gone, const char **text)
{
	bool early = since && kernel->version < since, late = gone && kernel->version >= gone;
	const char *what = early ? "came with" : "left with";
	const char *which = lint_version(arena, early ? since : gone);

	if (!since && !gone)
		return VIA_LINT_OK;
	if (!kernel->version) {
		*text = arena_printf(arena,
				     "depends on the kernel, whose release is not known "
				     "(it %s %s)",
				     since ? "came with" : "left with",
				     lint_version(arena, since ? since : gone));
		return VIA_LINT_UNKNOWN;
	}
	if (!early && !late)
		return VIA_LINT_OK;
	if (kernel_backports(kernel)) {
		*text = arena_printf(arena,
				     "cannot be told: it %s %s, and this vendor takes in "
				     "much from newer kernels",
				     what, which);
		return VIA_LINT_UNKNOWN;
	}
	*text = arena_printf(
		arena, early ? "is not in this kernel yet: it came with %s" : "is gone since %s",
		which);
	return early ? VIA_LINT_NOT_HERE : VIA_LINT_OBSOLETE;
}
