/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include <linux/kvm.h>
#include <linux/vfio.h>

#include "prove/dma_class.h"
#include "prove/fault_log.h"
#include "prove/kvm_payload.h"
#include "prove/prove.h"
#include "prove/reserved.h"
#include "prove/vfio_info.h"
#include "prove/virtio_place.h"

/* ---- what the IOMMU allows ---- */

struct answer {
	struct vfio_iommu_type1_info info;
	struct {
		struct vfio_info_cap_header header;
		uint32_t nr_iovas, reserved;
	} ranges; /* struct vfio_iommu_type1_info_cap_iova_range without its tail */
	struct vfio_iova_range items[2];
	struct vfio_iommu_type1_info_dma_avail available;
};

static struct answer good_answer(void)
{
	return (struct answer){
		.info = { .flags = VFIO_IOMMU_INFO_PGSIZES | VFIO_IOMMU_INFO_CAPS,
			  .iova_pgsizes = 0x40201000,
			  .cap_offset = offsetof(struct answer, ranges) },
		.ranges = { .header = { .id = VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE,
					.version = 1,
					.next = offsetof(struct answer, available) },
			    .nr_iovas = 2 },
		.items = { { 0, 0xfedfffff }, { 0xfef00000, 0x7fffffffff } },
		.available = { .header = { .id = VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL, .version = 1 },
			       .avail = 65535 },
	};
}

static struct via_span span_of(const struct answer *answer, size_t size)
{
	return (struct via_span){ .data = (const uint8_t *)answer, .size = size };
}

static void limits_are_read_from_the_chain(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct answer answer = good_answer();
	struct iommu_limits limits;

	assert_int_equal(limits_decode(arena, span_of(&answer, sizeof(answer)), &limits), 0);
	assert_int_equal(limits.page_sizes, 0x40201000);
	assert_int_equal(limits.ranges.count, 2);
	assert_int_equal(limits.ranges.items[1].end, 0x7fffffffff);
	assert_true(limits.available_known);
	assert_int_equal(limits.available, 65535);
}

static void damaged_answers_lead_nowhere(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct answer answer = good_answer();
	struct iommu_limits limits;

	for (size_t size = 0; size <= sizeof(answer); size++)
		limits_decode(arena, span_of(&answer, size), &limits);
	assert_int_equal(limits_decode(arena, span_of(&answer, 8), &limits), -EBADMSG);
	answer.ranges.nr_iovas = UINT32_MAX;
	assert_int_equal(limits_decode(arena, span_of(&answer, sizeof(answer)), &limits), -EBADMSG);
	answer = good_answer();
	answer.available.header.id = 99;
	answer.available.header.next = offsetof(struct answer, ranges); /* a loop */
	assert_int_equal(limits_decode(arena, span_of(&answer, sizeof(answer)), &limits), 0);
	assert_false(limits.available_known);
}

static void picked_addresses_are_allowed_and_aligned(void **state)
{
	static const struct {
		struct iova_range range;
		uint64_t size, expected; /* 0: none fits */
	} cases[] = {
		{ { 0, UINT64_MAX }, 0x1000, 0x1000 },
		{ { 0, UINT64_MAX }, 0x200000, 0x200000 },
		{ { 0x201000, 0xffffff }, 0x200000, 0x400000 },
		{ { 0x201000, 0x5fffff }, 0x200000, 0x400000 },
		{ { 0x201000, 0x5ffffe }, 0x200000, 0 },
		{ { 0, 0x1fff }, 0x1000, 0x1000 },
		{ { 0, 0xfff }, 0x1000, 0 },
		{ { UINT64_MAX - 0xfff, UINT64_MAX }, 0x200000, 0 },
	};

	for (size_t i = 0; i < VIA_COUNT(cases); i++) {
		struct iova_range range = cases[i].range;
		struct iommu_limits limits = { .ranges = { .items = &range, .count = 1 } };
		uint64_t iova = 0;

		assert_int_equal(limits_pick(&limits, 0, UINT64_MAX, cases[i].size, &iova),
				 cases[i].expected ? 0 : -ENOSPC);
		assert_int_equal(iova, cases[i].expected);
	}
}

static void addresses_are_picked_between_floor_and_ceiling(void **state)
{
	struct iova_range ranges[] = { { 0, 0xfedfffff }, { 0xfef00000, 0x7fffffffff } };
	struct iommu_limits limits = { .ranges = { .items = ranges, .count = 2 } };
	uint64_t iova = 0;

	assert_int_equal(limits_pick(&limits, 0x200000001, UINT64_MAX, 0x100000, &iova), 0);
	assert_int_equal(iova, 0x200100000);
	assert_int_equal(limits_pick(&limits, 0xfed80001, UINT64_MAX, 0x100000, &iova), 0);
	assert_int_equal(iova, 0xfef00000);
	assert_int_equal(limits_pick(&limits, 0x200000000, 0xfffffff, 0x100000, &iova), -ENOSPC);
	assert_int_equal(limits_pick(&limits, 0, 0x1ffffe, 0x100000, &iova), -ENOSPC);
	assert_int_equal(limits_pick(&limits, UINT64_MAX - 5, UINT64_MAX, 0x1000, &iova), -ENOSPC);
	assert_int_equal(iova, 0xfef00000);
	assert_false(limits_overlap(&limits, 0xfee00000, 0xfeefffff));
	assert_true(limits_overlap(&limits, 0xfedfffff, 0xfeefffff));
}

static void reserved_regions_are_read_line_by_line(void **state)
{
	static const char text[] = "0x000000007fff0000 0x000000007fff0fff direct\n"
				   "0x0000000000000000 0x0000000000ffffff direct-relaxable\n"
				   "nonsense\n0x9 0x1 reserved\n"
				   "0x00000000fee00000 0x00000000feefffff msi";
	struct via_fact fact = fact_present(NULL, text, 0), unknown = fact_unknown(NULL, EACCES);
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct reserved_regions regions = { 0 };

	reserved_read(arena, &unknown, &regions);
	assert_int_equal(regions.list.count, 0);
	reserved_read(arena, &fact, &regions);
	assert_int_equal(regions.list.count, 3);
	assert_true(reserved_directly(&regions.list.items[0]));
	assert_false(reserved_for_good(&regions.list.items[1]));
	assert_int_equal(regions.list.items[2].end, 0xfeefffff);
	assert_true(reserved_for_good(&regions.list.items[2]));
}

/* ---- faults ---- */

static void faults_name_their_device(void **state)
{
	static const struct {
		const char *line;
		bool ours;
	} cases[] = {
		{ "DMAR: [DMA Write NO_PASID] Request device [02:00.1] fault addr 0x180000 [fault "
		  "reason 0x05] PTE Write access is not set",
		  true },
		{ "DMAR: [DMA Write NO_PASID] Request device [03:00.0] fault addr 0x180000 [fault "
		  "reason 0x05] PTE Write access is not set",
		  false },
		{ "vfio-pci 0000:02:00.1: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0011 "
		  "address=0x180000 flags=0x0020]",
		  true },
		{ "DMAR: [DMA Read NO_PASID] Request device [00:02.0] fault addr 0x1000 [fault "
		  "reason 0x06] PTE Read access is not set",
		  true }, /* the bridge above stands for it */
		{ "DMAR: DRHD: handling fault status reg 2", false },
		{ "vfio-pci 0000:02:00.1: enabling device (0000 -> 0002)", false },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_pci_device bridge = { .address = { 0, 0, 2, 0 } };
	struct via_pci_device device = { .address = { 0, 2, 0, 1 }, .parent = &bridge };

	for (size_t i = 0; i < VIA_COUNT(cases); i++)
		assert_int_equal(fault_line_names(arena, cases[i].line, &device), cases[i].ours);
}

/* ---- classes ---- */

static void classes_claim_by_class_code_or_id(void **state)
{
	struct via_pci_device nvme = { .class_code = fact_present(NULL, NULL, 0x010802) };
	struct via_pci_device edu = { .vendor = fact_present(NULL, NULL, 0x1234),
				      .device = fact_present(NULL, NULL, 0x11e8) };
	struct via_pci_device igb = { .vendor = fact_present(NULL, NULL, 0x8086),
				      .device = fact_present(NULL, NULL, 0x10c9) };
	struct via_pci_device other = { .vendor = fact_present(NULL, NULL, 0x10de),
					.device = fact_present(NULL, NULL, 0x10c9) };
	struct via_pci_device unknown = { .class_code = fact_unknown(NULL, EACCES) };

	assert_string_equal(dma_class_of(&nvme)->name, "nvme");
	assert_string_equal(dma_class_of(&edu)->name, "edu");
	assert_string_equal(dma_class_of(&igb)->name, "igb");
	assert_null(dma_class_of(&other));
	assert_null(dma_class_of(&unknown));
}

/* ---- exits ---- */

static void exits_are_compared_whole(void **state)
{
	static const struct expected_exit write = { KVM_EXIT_MMIO, 0xd0000, true, 'A' };
	struct kvm_run run = { .exit_reason = KVM_EXIT_MMIO };
	char text[128];

	run.mmio.phys_addr = 0xd0000;
	run.mmio.is_write = 1;
	run.mmio.len = 1;
	run.mmio.data[0] = 'A';
	assert_true(exit_matches(&run, &write, text, sizeof(text)));
	assert_string_equal(text, "mmio write 0xd0000 byte 0x41");
	run.mmio.data[0] = 'B';
	assert_false(exit_matches(&run, &write, text, sizeof(text)));
	run.mmio.data[0] = 'A';
	run.mmio.phys_addr++;
	assert_false(exit_matches(&run, &write, text, sizeof(text)));
	run.exit_reason = KVM_EXIT_FAIL_ENTRY;
	run.fail_entry.hardware_entry_failure_reason = 0x21;
	assert_false(exit_matches(&run, &write, text, sizeof(text)));
	assert_string_equal(text, "fail-entry reason 0x21");
}

static void kvm_runs_a_guest_on_this_machine(void **state)
{
	static const struct via_prove_options options = { 0 };
	_cleanup_proof_ struct via_proof proof = { 0 };
	struct via_root root;

	if (access("/dev/kvm", R_OK | W_OK) < 0) {
		print_message("# /dev/kvm cannot be opened here: %s\n", strerror(errno));
		skip();
	}
	assert_int_equal(root_open(&root, "/", NULL), 0);
	assert_int_equal(prove_kvm(&root, &options, &proof, NULL), 0);
	root_close(&root);
	via_for_each (rung, &proof.rungs)
		if (rung->verdict == VIA_FAIL)
			print_message("# %s: %s: %s\n", rung->rung, errno_name(rung->error),
				      rung->hint ? rung->hint : "");
	assert_non_null(proof.highest);
	assert_string_equal(proof.highest, "irqfd");
	assert_int_equal(proof_rung(&proof, "run")->evidence.count, 5);
}

static void captured_hosts_prove_nothing(void **state)
{
	static const struct via_prove_options options = { 0 };
	struct via_root root = { .fd = -1, .path = "somewhere" };
	struct via_proof proof = { 0 };
	struct via_error error = { 0 };

	assert_int_equal(prove_kvm(&root, &options, &proof, &error), -EINVAL);
	assert_int_equal(error.code, -EINVAL);
	assert_null(proof.arena);
}

/* ---- a device ---- */

static void a_device_in_use_is_refused_before_it_is_opened(void **state)
{
	static const struct via_prove_options options = { 0 };
	struct via_root root = { .fd = -1, .live = true };
	struct via_host *host = host_new();
	struct via_pci_device *device = via_list_add(host->arena, &host->pci.devices);
	struct via_proof proof = { 0 };
	struct via_error error = { 0 };

	device->name = "0000:00:00.0";
	device->driver = fact_present(NULL, "nvme", 0);
	assert_int_equal(prove_device(&root, host, device, &options, &proof, &error), -ENODEV);
	assert_string_equal(error.why, "it is bound to nvme, not to a VFIO driver");
	assert_null(proof.arena);
	host_free(host);
}

/* ---- where a virtio function's registers are ---- */

/* A vendor capability of virtio at @at, the next one at @next. */
static void put_capability(uint8_t *space, uint8_t at, uint8_t next, uint8_t kind, uint8_t bar,
			   uint32_t offset, uint32_t multiplier)
{
	space[at] = 0x09;
	space[at + 1] = next;
	space[at + 2] = 20;
	space[at + 3] = kind;
	space[at + 4] = bar;
	memcpy(space + at + 8, &offset, sizeof(offset));
	memcpy(space + at + 16, &multiplier, sizeof(multiplier));
}

static void virtio_registers_are_found(void **state)
{
	uint8_t space[256] = { [0x34] = 0x40 };
	struct via_span span = { space, sizeof(space) };
	struct virtio_places places;

	space[0x40] = 0x11; /* MSI-X, of no use here */
	space[0x41] = 0x50;
	put_capability(space, 0x50, 0x64, 1, 7, 0x9000, 0); /* a BAR that cannot be */
	put_capability(space, 0x64, 0x78, 1, 4, 0x1000, 0);
	put_capability(space, 0x78, 0x8c, 1, 2, 0x2000, 0); /* the first one counts */
	put_capability(space, 0x8c, 0, 2, 4, 0x3000, 4);
	assert_true(virtio_places_find(span, &places));
	assert_int_equal(places.common.bar, 4);
	assert_int_equal(places.common.offset, 0x1000);
	assert_int_equal(places.notify.offset, 0x3000);
	assert_int_equal(places.notify_multiplier, 4);
	space[0x8d] = 0x40; /* in a circle */
	space[0x8f] = 3;
	assert_false(virtio_places_find(span, &places));
	assert_false(virtio_places_find((struct via_span){ space, 0x60 }, &places));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_are_read_from_the_chain),
		cmocka_unit_test(damaged_answers_lead_nowhere),
		cmocka_unit_test(picked_addresses_are_allowed_and_aligned),
		cmocka_unit_test(addresses_are_picked_between_floor_and_ceiling),
		cmocka_unit_test(reserved_regions_are_read_line_by_line),
		cmocka_unit_test(faults_name_their_device),
		cmocka_unit_test(classes_claim_by_class_code_or_id),
		cmocka_unit_test(exits_are_compared_whole),
		cmocka_unit_test(kvm_runs_a_guest_on_this_machine),
		cmocka_unit_test(captured_hosts_prove_nothing),
		cmocka_unit_test(a_device_in_use_is_refused_before_it_is_opened),
		cmocka_unit_test(virtio_registers_are_found),
	};

	return cmocka_run_group_tests_name("prove", tests, NULL, NULL);
}
