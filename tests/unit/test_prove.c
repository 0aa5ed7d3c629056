/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include <linux/kvm.h>
#include <linux/vfio.h>

#include "prove/kvm_payload.h"
#include "prove/prove.h"
#include "prove/vfio_info.h"

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

		assert_int_equal(limits_pick(&limits, cases[i].size, &iova),
				 cases[i].expected ? 0 : -ENOSPC);
		assert_int_equal(iova, cases[i].expected);
	}
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
		print_message("/dev/kvm cannot be opened here: %s\n", strerror(errno));
		skip();
	}
	assert_int_equal(root_open(&root, "/", NULL), 0);
	assert_int_equal(prove_kvm(&root, &options, &proof, NULL), 0);
	root_close(&root);
	via_for_each (rung, &proof.rungs)
		if (rung->verdict == VIA_FAIL)
			print_message("%s: %s: %s\n", rung->rung, errno_name(rung->error),
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_are_read_from_the_chain),
		cmocka_unit_test(damaged_answers_lead_nowhere),
		cmocka_unit_test(picked_addresses_are_allowed_and_aligned),
		cmocka_unit_test(exits_are_compared_whole),
		cmocka_unit_test(kvm_runs_a_guest_on_this_machine),
		cmocka_unit_test(captured_hosts_prove_nothing),
		cmocka_unit_test(a_device_in_use_is_refused_before_it_is_opened),
	};

	return cmocka_run_group_tests_name("prove", tests, NULL, NULL);
}
