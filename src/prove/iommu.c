/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <linux/vfio.h>

#include "base/cleanup.h"
#include "base/fact.h"
#include "base/parse.h"
#include "prove/generations.h"
#include "prove/ioas.h"
#include "prove/road.h"

struct iommu_proof {
	const struct via_root *root;
};

static int untold(const struct via_report *report, const struct via_fact *fact)
{
	report_hint(report, "/%s could not be read: %s", fact->path, errno_name(fact->error));
	return CLIMB_CANNOT_TELL;
}

static int climb_units(void *context, const struct via_report *report)
{
	struct iommu_proof *proof = context;
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names names;
	struct via_fact fact = root_entries(proof->root, arena, &names, "sys/class/iommu");
	char *text = arena_strdup(arena, "");

	if (fact.known == VIA_UNKNOWN)
		return untold(report, &fact);
	if (!names.count)
		return report_fail(report, -ENODEV, "/sys/class/iommu is empty",
				   "the kernel drives no IOMMU: 'viaduct check' says whether the "
				   "firmware or the kernel has it off");
	via_for_each (name, &names)
		text = arena_printf(arena, "%s%s%s", text, *text ? " " : "", *name);
	report_evidence(report, "units", "%s", text);
	return CLIMB_PASS;
}

/* How many groups have each type of domain, in the order in which they are met. */
struct type_count {
	const char *type;
	size_t count;
};

static size_t count_types(const struct via_root *root, struct via_arena *arena,
			  const struct via_names *groups, struct type_count types[8])
{
	size_t known = 0;

	via_for_each (group, groups) {
		struct via_fact fact =
			root_text(root, arena, "sys/kernel/iommu_groups/%s/type", *group);
		const char *type = fact.known == VIA_PRESENT ? fact.text : "untold";
		size_t i = 0;

		while (i < known && strcmp(types[i].type, type) != 0)
			i++;
		if (i == known && known < 8)
			types[known++] = (struct type_count){ .type = type };
		if (i < known)
			types[i].count++;
	}
	return known;
}

static int climb_domains(void *context, const struct via_report *report)
{
	struct iommu_proof *proof = context;
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct type_count types[8];
	struct via_names groups;
	struct via_fact fact;
	size_t count, translated = 0;

	fact = root_entries(proof->root, arena, &groups, "sys/kernel/iommu_groups");
	if (fact.known == VIA_UNKNOWN)
		return untold(report, &fact);
	if (!groups.count)
		return report_fail(
			report, -ENODEV, "no group was formed",
			"units without devices: look at the kernel log for DMAR or AMD-Vi");
	report_evidence(report, "groups", "%zu", groups.count);
	count = count_types(proof->root, arena, &groups, types);
	for (size_t i = 0; i < count; i++) {
		report_evidence(report, "domains", "%s: %zu", types[i].type, types[i].count);
		if (text_starts(types[i].type, "DMA"))
			translated += types[i].count;
	}
	if (translated)
		return CLIMB_PASS;
	report_hint(report, "the host's own devices are not translated (iommu=pt, or the kernel's "
			    "default): a guest's are all the same");
	return CLIMB_WARN;
}

static int climb_interrupts(void *context, const struct via_report *report)
{
	struct iommu_proof *proof = context;
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_blob blob = root_blob(proof->root, arena, 4 << 20, "proc/interrupts");
	const char *text = (const char *)blob.span.data;
	size_t remapped = 0;

	if (blob.fact.known != VIA_PRESENT)
		return untold(report, &blob.fact);
	for (const char *end = text + blob.span.size;
	     (text = memmem(text, (size_t)(end - text), " IR-", 4)); text += 4)
		remapped++;
	report_evidence(report, "remapped", "%zu lines of /proc/interrupts", remapped);
	if (remapped)
		return CLIMB_PASS;
	report_hint(report, "interrupts are not remapped: vfio refuses devices unless unsafe "
			    "interrupts are allowed");
	return CLIMB_WARN;
}

static int climb_container(void *context, const struct via_report *report)
{
	struct iommu_proof *proof = context;
	_cleanup_close_ int fd = root_openat(proof->root, "dev/vfio/vfio", O_RDWR);
	int type1;

	if (fd < 0) {
		report_hint(report, "/dev/vfio/vfio: %s; modprobe vfio-pci", errno_name(-fd));
		return CLIMB_SKIP;
	}
	type1 = ioctl(fd, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU);
	report_evidence(report, "api_version", "%d", ioctl(fd, VFIO_GET_API_VERSION));
	report_evidence(report, "type1v2", "%s", type1 == 1 ? "yes" : "no");
	return type1 == 1 ? CLIMB_PASS
			  : report_fail(report, -EOPNOTSUPP, "VFIO_CHECK_EXTENSION type1v2",
					"modprobe vfio_iommu_type1");
}

static int map_and_unmap(int fd, void *memory, size_t size, uint64_t *ret_iova,
			 const char **ret_call)
{
	uint32_t id;
	int r;

	*ret_call = "IOMMU_IOAS_ALLOC";
	r = ioas_new(fd, &id);
	if (r < 0)
		return r;
	*ret_call = "IOMMU_IOAS_MAP";
	r = ioas_map(fd, id, memory, size, ret_iova);
	if (r < 0)
		return r;
	*ret_call = "IOMMU_IOAS_UNMAP";
	return ioas_unmap(fd, id, *ret_iova, size);
}

static int climb_ioas(void *context, const struct via_report *report)
{
	enum { SIZE = 0x10000 };
	struct iommu_proof *proof = context;
	_cleanup_close_ int fd = root_openat(proof->root, "dev/iommu", O_RDWR);
	const char *call = "";
	uint64_t iova = 0;
	void *memory;
	int r;

	if (fd < 0) {
		report_hint(report, "/dev/iommu: %s; this kernel may be built without iommufd",
			    errno_name(-fd));
		return CLIMB_SKIP;
	}
	memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return report_fail(report, -errno, "mmap", NULL);
	r = map_and_unmap(fd, memory, SIZE, &iova, &call);
	munmap(memory, SIZE);
	if (r < 0)
		return report_fail(report, r, call, NULL);
	report_evidence(report, "mapped", "%d KiB at %#llx, and unmapped", SIZE / 1024,
			(unsigned long long)iova);
	return CLIMB_PASS;
}

/* That a unit stops what it must takes a device that does what it must not. */
static int climb_device(void *context, const struct via_report *report)
{
	struct iommu_proof *proof = context;
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names names;

	root_entries(proof->root, arena, &names, "sys/bus/pci/drivers/vfio-pci");
	via_for_each (name, &names)
		if (strchr(*name, ':')) {
			report_hint(report,
				    "'viaduct prove %s' lets that device move data through "
				    "it, and tries to break out",
				    *name);
			return CLIMB_SKIP;
		}
	report_hint(report,
		    "bind a device to vfio-pci and prove that one: it moves data through the "
		    "IOMMU, and tries to break out");
	return CLIMB_SKIP;
}

static const struct via_step steps[] = {
	{ "units", climb_units },
	{ "domains", climb_domains },
	{ "interrupts", climb_interrupts },
	{ "container", climb_container },
	{ "ioas", climb_ioas },
	{ "device", climb_device },
};

int prove_iommu(const struct via_root *root, const struct via_prove_options *options,
		struct via_proof *ret, struct via_error *error)
{
	static const struct via_road road = { .steps = steps, .count = VIA_COUNT(steps) };
	struct iommu_proof proof = { .root = root };

	return prove_road("iommu", &road, &proof, root, options, ret, error);
}
