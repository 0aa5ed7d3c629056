/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/device.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/blacklist.h"
#include "probe/claims.h"
#include "probe/probe.h"

/* One look at many functions. */
struct look {
	const struct via_root *root;
	struct via_host *host;
	struct via_claims claims;
	struct via_fact blacklist_known;
	struct via_names blacklist;
};

static const char base[] = "sys/bus/pci/devices";

enum { BLACKLIST_BYTES = 64 * 1024 };

static void read_blacklist(struct look *look)
{
	static const char *const directories[] = { "etc/modprobe.d", "run/modprobe.d",
						   "usr/lib/modprobe.d", "lib/modprobe.d" };
	struct via_arena *arena = look->host->arena;
	const char *cmdline = fact_text(&look->host->kernel.command_line);

	look->blacklist_known = fact_unknown("etc/modprobe.d", ENODATA);
	for (size_t i = 0; i < VIA_COUNT(directories); i++) {
		struct via_names files;
		struct via_fact fact =
			root_entries(look->root, arena, &files, "%s", directories[i]);

		if (fact_is(&fact, VIA_PRESENT) || fact_is(&fact, VIA_ABSENT))
			look->blacklist_known = fact_present(directories[i], NULL, 1);
		via_for_each (name, &files) {
			struct via_blob file;

			if (!text_ends(*name, ".conf"))
				continue;
			file = root_blob(look->root, arena, BLACKLIST_BYTES, "%s/%s",
					 directories[i], *name);
			if (fact_is(&file.fact, VIA_PRESENT))
				blacklist_of_file(arena, file.span, &look->blacklist);
		}
	}
	if (cmdline)
		blacklist_of_cmdline(arena, cmdline, &look->blacklist);
}

/* "TOTAL_ERR_COR 3" is the last line of aer_dev_correctable; counting wakes nothing. */
static struct via_fact error_total(const struct look *look, const char *device, const char *name)
{
	struct via_fact fact =
		root_text(look->root, look->host->arena, "%s/%s/%s", base, device, name);
	const char *total = fact_text(&fact) ? strstr(fact.text, "TOTAL_ERR_") : NULL;
	unsigned long long count;

	if (!fact_is(&fact, VIA_PRESENT))
		return fact;
	if (!total || sscanf(total, "%*s %llu", &count) != 1)
		return fact_unknown(fact.path, EBADMSG);
	return fact_present(fact.path, NULL, count);
}

static void probe_power(const struct look *look, const char *name, struct via_device_detail *ret)
{
	const struct via_root *root = look->root;
	struct via_arena *arena = look->host->arena;

	ret->d3cold_allowed = root_number(root, arena, "%s/%s/d3cold_allowed", base, name);
	ret->power_control = root_text(root, arena, "%s/%s/power/control", base, name);
	ret->runtime_status = root_text(root, arena, "%s/%s/power/runtime_status", base, name);
}

/* Reading the sizes resumes the function (drivers/pci/pci-sysfs.c). */
static void probe_resizes(const struct look *look, const struct via_pci_device *device,
			  struct via_device_detail *ret)
{
	struct via_arena *arena = look->host->arena;
	uint64_t count = 0;

	for (unsigned int i = 0; i < VIA_BARS; i++) {
		struct via_fact there = root_exists(look->root, arena, "%s/%s/resource%u_resize",
						    base, device->name, i);

		count += fact_is(&there, VIA_PRESENT);
		ret->resizes = fact_is(&there, VIA_UNKNOWN) ? there : ret->resizes;
		if (fact_is(&there, VIA_PRESENT) && look->host->depth == VIA_DEPTH_WAKE)
			ret->resize[i] = root_text(look->root, arena, "%s/%s/resource%u_resize",
						   base, device->name, i);
	}
	if (!fact_is(&ret->resizes, VIA_UNKNOWN))
		ret->resizes = count ? fact_present("resourceN_resize", NULL, count)
				     : fact_absent("resourceN_resize");
}

static void probe_modules_of(struct look *look, const struct via_pci_device *device,
			     struct via_device_detail *ret)
{
	struct via_arena *arena = look->host->arena;
	const char *alias = fact_text(&device->modalias);

	ret->refused_known = look->blacklist_known;
	via_for_each (name, &device->modules)
		if (names_have(&look->blacklist, *name))
			*via_list_add(arena, &ret->refused) = *name;
	/* VFIO drivers say for what they are in aliases of their own since 5.16. */
	if (alias && text_starts(alias, "pci:"))
		alias = arena_printf(arena, "vfio_%s", alias);
	ret->variants_known = claims_of(&look->claims, alias, &ret->variants);
}

static void probe_one(struct look *look, const struct via_pci_device *device,
		      struct via_device_detail *ret)
{
	const struct via_root *root = look->root;
	struct via_arena *arena = look->host->arena;

	*ret = (struct via_device_detail){ .device = device };
	ret->rom = root_exists(root, arena, "%s/%s/rom", base, device->name);
	probe_power(look, device->name, ret);
	probe_resizes(look, device, ret);
	ret->local_cpus = root_text(root, arena, "%s/%s/local_cpulist", base, device->name);
	ret->label = root_text(root, arena, "%s/%s/label", base, device->name);
	ret->acpi_index = root_number(root, arena, "%s/%s/acpi_index", base, device->name);
	ret->vectors = root_entries(root, arena, NULL, "%s/%s/msi_irqs", base, device->name);
	ret->errors_correctable = error_total(look, device->name, "aer_dev_correctable");
	ret->errors_nonfatal = error_total(look, device->name, "aer_dev_nonfatal");
	ret->errors_fatal = error_total(look, device->name, "aer_dev_fatal");
	probe_modules_of(look, device, ret);
}

struct via_device_detail *probe_devices(const struct via_root *root, struct via_host *host,
					const struct via_pci_device *devices, size_t count)
{
	struct via_device_detail *details =
		arena_alloc(host->arena, (count ? count : 1) * sizeof(*details));
	struct look look = { .root = root, .host = host };

	claims_open(&look.claims, root, host);
	read_blacklist(&look);
	for (size_t i = 0; i < count; i++)
		probe_one(&look, &devices[i], &details[i]);
	claims_close(&look.claims);
	return details;
}
