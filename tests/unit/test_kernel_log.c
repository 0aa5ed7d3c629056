/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <string.h>

#include "decode/kernel_log.h"

static struct via_kernel_log decode(struct via_arena *arena, const char *text)
{
	struct via_kernel_log log;

	kernel_log_decode(arena, (struct via_span){ (const uint8_t *)text, strlen(text) }, &log);
	return log;
}

static void assert_group(struct via_arena *arena, const char *text, const char *device,
			 uint64_t number)
{
	struct via_kernel_log log = decode(arena, text);
	struct via_log_groups groups;

	kernel_log_groups(arena, &log, &groups);
	if (groups.list.count != 1)
		print_error("%zu groups in: %s\n", groups.list.count, text);
	assert_int_equal(groups.list.count, 1);
	assert_string_equal(groups.list.items[0].device, device);
	assert_int_equal(groups.list.items[0].group, number);
}

static void takes_groups_however_they_are_written(void **state)
{
	static const char *const texts[] = {
		"pci 0000:01:00.0: Adding to iommu group 14",
		"[    0.512345] pci 0000:01:00.0: Adding to iommu group 14\r\n",
		"<6>[    0.512345] pci 0000:01:00.0: Adding to iommu group 14",
		"[    0.512345][    T1] pci 0000:01:00.0: Adding to iommu group 14",
		"[    0.512345] [    T1] pci 0000:01:00.0: Adding to iommu group 14",
		"[Thu Oct 22 08:54:51 2020] pci 0000:01:00.0: Adding to iommu group 14",
		"[Nov22 21:50] pci 0000:01:00.0: Adding to iommu group 14",
		"[  +0.000012] pci 0000:01:00.0: Adding to iommu group 14",
		"Jun 29 18:28:41 host kernel: pci 0000:01:00.0: Adding to iommu group 14",
		("Jun 29 18:28:41 host kernel: [    0.5] iommu: Adding device 0000:01:00.0 to "
		 "group 14"),
		("2024-02-03T04:05:06.123456+01:00 host kernel: pci 0000:01:00.0: Adding to iommu "
		 "group 14"),
		"[    0.512345] host kernel: pci 0000:01:00.0: Adding to iommu group 14",
		"6,339,512345,-;pci 0000:01:00.0: Adding to iommu group 14\n SUBSYSTEM=pci\n",
		"6,339,512345,-,caller=T1;pci 0000:01:00.0: Adding to iommu group 14",
		"kern  :info  : [    0.512345] pci 0000:01:00.0: Adding to iommu group 14",
		"> > [    0.512345] pci 0000:01:00.0: Adding to iommu group 14",
		"[    0.512345] pci 0000:01:00.0: Adding to iommu\n> group 14\n",
		"[    0.512345] pci 0000:01:00.0: Adding to iommu group\n14\n",
		("\x1b[32m[    0.512345] \x1b[0m\x1b[33mpci 0000:01:00.0\x1b[0m: Adding to iommu "
		 "group 14"),
		"[\xc2\xa0   0.512345] pci 0000:01:00.0: Adding to iommu group 14",
		("[    0.1] pci 0000:01:00.0: Adding to iommu group 3\n"
		 "[    9.1] pci 0000:01:00.0: Removing from iommu group 3\n"
		 "[    9.2] pci 0000:01:00.0: Adding to iommu group 14\n"),
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();

	for (size_t i = 0; i < VIA_COUNT(texts); i++)
		assert_group(arena, texts[i], "0000:01:00.0", 14);
	assert_group(arena, "pci 10000:e0:06.0: Adding to iommu group 5", "10000:e0:06.0", 5);
	assert_group(arena, "platform idma64.0: Adding to iommu group 17", "idma64.0", 17);
	assert_group(arena, "fsl_mc_bus dprc.1: Adding to iommu group 0", "dprc.1", 0);
}

static void passes_over_what_processes_wrote(void **state)
{
	static const char *const texts[] = {
		"<14>[    0.5] pci 0000:01:00.0: Adding to iommu group 14",
		"12,339,512345,-;pci 0000:01:00.0: Adding to iommu group 14",
		"user  :info  : [    0.5] pci 0000:01:00.0: Adding to iommu group 14",
		"Jun 29 18:28:41 host forger[1]: pci 0000:01:00.0: Adding to iommu group 14",
		"pci 0000:01:00.0: Adding to iommu group x",
		"somebody said: pci 0000:01:00.0: Adding to iommu group 14",
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();

	for (size_t i = 0; i < VIA_COUNT(texts); i++)
		assert_int_equal(decode(arena, texts[i]).events.count, 0);
}

static void takes_faults_apart(void **state)
{
	static const struct {
		const char *line;
		enum via_log_kind kind;
		const char *device, *word;
		uint64_t at, number;
	} rows[] = {
		{ "DMAR: [DMA Write NO_PASID] Request device [05:00.0] fault addr 0x69974000 "
		  "[fault reason 0x05] PTE Write access is not set",
		  VIA_LOG_FAULT_DMA, "0000:05:00.0", "Write NO_PASID", 0x69974000, 5 },
		{ "DMAR: [DMA Read] Request device [02:00.0] PASID ffffffff fault addr 791dd000 "
		  "[fault reason 02] Present bit in context entry is clear",
		  VIA_LOG_FAULT_DMA, "0000:02:00.0", "Read", 0x791dd000, 2 },
		{ "DMAR: [DMA Read] Request device [09:00.1]", VIA_LOG_FAULT_DMA, "0000:09:00.1",
		  "Read", 0, 0 },
		{ "DMAR: [INTR-REMAP] Request device [0x64:0x00.5] fault index 0x8800 [fault "
		  "reason 0x25] Blocked a compatibility format interrupt request",
		  VIA_LOG_FAULT_INTERRUPT, "0000:64:00.5", NULL, 0x8800, 0x25 },
		{ "DMAR: [INTR-REMAP] Request device [42:00.2] fault index 1600 [fault reason 37] "
		  "Blocked",
		  VIA_LOG_FAULT_INTERRUPT, "0000:42:00.2", NULL, 0x1600, 0x25 },
		{ "xhci_hcd 0000:15:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0000 "
		  "address=0x00000000fff50000 flags=0x0020]",
		  VIA_LOG_FAULT_DMA, "0000:15:00.0", "IO_PAGE_FAULT", 0xfff50000, 0x20 },
		{ "AMD-Vi: Event logged [IO_PAGE_FAULT device=15:00.0 domain=0x0000 "
		  "address=0xfdeaf040 flags=0x0020]",
		  VIA_LOG_FAULT_DMA, "0000:15:00.0", "IO_PAGE_FAULT", 0xfdeaf040, 0x20 },
		{ "iommu ivhd0: AMD-Vi: Event logged [IOTLB_INV_TIMEOUT device=63:00.0 "
		  "address=0x42b5b01a0]",
		  VIA_LOG_FAULT_TIMEOUT, "0000:63:00.0", "IOTLB_INV_TIMEOUT", 0x42b5b01a0, 0 },
		{ "iommu ivhd0: AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY "
		  "device=0001:63:00.0 pasid=0x00000 address=0x0 flags=0x0a00]",
		  VIA_LOG_FAULT_TABLE, "0001:63:00.0", "ILLEGAL_DEV_TABLE_ENTRY", 0, 0xa00 },
		{ "arm-smmu 15000000.iommu: Unhandled context fault: fsr=0x402, iova=0x91517088, "
		  "fsynr=0x640001, cbfrsynra=0x1c00, cb=5",
		  VIA_LOG_FAULT_DMA, "15000000.iommu", "context fault", 0x91517088, 0x640001 },
		{ "arm-smmu-v3 fc900000.iommu: event 0x10 received:", VIA_LOG_FAULT_DMA,
		  "fc900000.iommu", "event", 0, 0x10 },
		{ "arm-smmu-v3 smmu3.0: event: F_TRANSLATION client: 0000:01:00.0 sid: 0x100 ssid: "
		  "0x0 iova: 0xdead0000 ipa: 0x0",
		  VIA_LOG_FAULT_DMA, "0000:01:00.0", "F_TRANSLATION", 0xdead0000, 0 },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		struct via_kernel_log log = decode(arena, rows[i].line);
		const struct via_log_event *event = log.events.items;

		assert_int_equal(log.events.count, 1);
		assert_string_equal(event->line, rows[i].line);
		assert_int_equal(event->kind, rows[i].kind);
		assert_string_equal(event->device, rows[i].device);
		assert_int_equal(event->at, rows[i].at);
		assert_int_equal(event->number, rows[i].number);
		if (rows[i].word)
			assert_string_equal(event->word, rows[i].word);
	}
}

static void knows_messages_of_several_kernels(void **state)
{
	static const struct {
		enum via_log_kind kind;
		const char *line;
	} rows[] = {
		{ VIA_LOG_KVM_DISABLED, "x86/cpu: VMX (outside TXT) disabled by BIOS" },
		{ VIA_LOG_KVM_DISABLED, "kvm: disabled by bios" },
		{ VIA_LOG_KVM_DISABLED, "kvm: support for 'kvm_intel' disabled by bios" },
		{ VIA_LOG_KVM_DISABLED, "kvm_amd: SVM disabled (by BIOS) in MSR_VM_CR on CPU 0" },
		{ VIA_LOG_KVM_UNSUPPORTED, "kvm: no hardware support for 'kvm_intel'" },
		{ VIA_LOG_IOMMU_ASKED, "DMAR: IOMMU enabled" },
		{ VIA_LOG_IOMMU_UP, "pci 0000:00:00.2: AMD-Vi: Found IOMMU cap 0x40" },
		{ VIA_LOG_REMAPPING_ON, "DMAR-IR: Enabled IRQ remapping in x2apic mode" },
		{ VIA_LOG_X2APIC_OPTED_OUT,
		  "DMAR-IR: x2apic is disabled because BIOS sets x2apic opt out bit." },
		{ VIA_LOG_FIRMWARE_BUG, "AMD-Vi: [Firmware Bug]: : IOAPIC[4] not in IVRS table" },
		{ VIA_LOG_FIRMWARE_BUG, "[Firmware Bug]: AMD-Vi: IOAPIC[9] not in IVRS table" },
		{ VIA_LOG_RESERVED_DEVICE,
		  "vfio-pci 0000:01:00.0: Device is ineligible for IOMMU domain attach due to "
		  "platform RMRR requirement.  Contact your platform vendor." },
		{ VIA_LOG_BAR_BUSY,
		  "vfio-pci 0000:01:00.0: BAR 1: can't reserve [mem 0xe0000000]" },
		{ VIA_LOG_BAR_BUSY,
		  "vfio-pci 0000:01:00.0: BAR 3 [mem 0xd0000000-0xd1ffffff]: can't reserve" },
		{ VIA_LOG_RESET_FAILED,
		  "vfio-pci 0000:01:00.0: not ready 65535ms after FLR; giving up" },
		{ VIA_LOG_RESET_SLOW,
		  "vfio-pci 0000:01:00.0: not ready 1023ms after bus reset; waiting" },
		{ VIA_LOG_POWER_STUCK, "vfio-pci 0000:01:00.0: Unable to change power state from "
				       "D3cold to D0, device inaccessible" },
		{ VIA_LOG_POWER_STUCK,
		  "vfio-pci 0000:01:00.0: Refused to change power state, currently in D3" },
		{ VIA_LOG_SRIOV_NO_BUSES,
		  "igb 0000:01:00.0: can't enable 7 VFs (bus 02 out of range of [bus 01])" },
		{ VIA_LOG_SRIOV_NO_MEMORY,
		  "igb 0000:01:00.0: not enough MMIO resources for SR-IOV" },
		{ VIA_LOG_VF_BAR_NO_SPACE,
		  "pci 0000:01:00.0: BAR 7: no space for [mem size 0x00100000 64bit pref]" },
		{ VIA_LOG_VF_BAR_NO_SPACE,
		  "pci 0000:01:00.0: VF BAR 0 [mem size 0x00100000 64bit]: can't assign; no space" },
		{ VIA_LOG_BAR_NO_SPACE,
		  "pci 0000:01:00.0: BAR 0 [mem size 0x10000000 64bit]: failed to assign" },
		{ VIA_LOG_PROBE_FAILED, "vfio-pci: probe of 0000:01:00.0 failed with error -22" },
		{ VIA_LOG_PROBE_FAILED,
		  "igb 0000:01:00.0: probe with driver igb failed with error -16" },
		{ VIA_LOG_RELEASE_WAITS,
		  "vfio-pci 0000:01:00.0: No device request channel registered, blocked until "
		  "released by user" },
		{ VIA_LOG_BUS_ERROR, "nvme 0000:01:00.0: PCIe Bus Error: severity=Corrected, "
				     "type=Physical Layer, id=00e8(Receiver ID)" },
		{ VIA_LOG_ACS_OVERRIDDEN, "Warning: PCIe ACS overrides enabled; This may allow "
					  "non-IOMMU protected peer-to-peer DMA" },
		{ VIA_LOG_LOCKED_DOWN, "Kernel is locked down from EFI Secure Boot mode; see man" },
		{ VIA_LOG_FRAMEBUFFER, "pci 0000:01:00.0: BAR 1: assigned to efifb" },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		struct via_kernel_log log = decode(arena, rows[i].line);

		if (log.events.count != 1 || log.events.items[0].kind != rows[i].kind)
			print_error("not known: %s\n", rows[i].line);
		assert_int_equal(log.events.count, 1);
		assert_int_equal(log.events.items[0].kind, rows[i].kind);
	}
}

static void knows_whether_the_beginning_is_there(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_kernel_log log = decode(arena, "[ 99.1] DMAR: IOMMU enabled\n");

	assert_false(log.from_boot);
	log = decode(arena, "[    0.000000] Linux version 5.10.0 (erika@build) #1\n"
			    "[    1.000000] DMAR: IOMMU enabled\n"
			    "[    0.000000] Linux version 6.1.0 (erika@build) #1\n");
	assert_true(log.from_boot);
	assert_int_equal(log.events.count, 1); /* of the last boot */
	assert_string_equal(log.events.items[0].word, "6.1.0");
	assert_string_equal(log.events.items[0].line, "Linux version 6.1.0");
}

static void extracts_without_what_is_private(void **state)
{
	static const char text[] =
		"[    0.000000] Linux version 6.1.0 (erika@zuse) #1 SMP\n"
		"[    0.000000] Command line: root=UUID=1234 rd.lvm.lv=zuse/root\n"
		"[    0.000000] Unknown kernel command line parameters \"splash "
		"rd.lvm.lv=zuse/root pcie_acs_override=downstream\", will be passed to user "
		"space.\n"
		"[    0.100000] usb 1-1: SerialNumber: S5P2NG0R123456\n"
		"[    0.500000] pci 0000:01:00.0: [10de:1f91] type 00 class 0x030000\n"
		"[    0.600000] pci 0000:01:00.0: Adding to iommu group 1\n";
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span span = { (const uint8_t *)text, strlen(text) };
	const char *kept = kernel_log_extract(arena, span);

	assert_string_equal(kept, "[    0.000000] Linux version 6.1.0\n"
				  "[    0.000000] Unknown kernel command line parameters "
				  "\"splash rd.lvm.lv pcie_acs_override\"\n"
				  "[    0.600000] pci 0000:01:00.0: Adding to iommu group 1\n");
	span = (struct via_span){ (const uint8_t *)kept, strlen(kept) };
	assert_string_equal(kernel_log_extract(arena, span), kept);
}

static void forgets_what_was_made_good(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_kernel_log log = decode(
		arena, "pci 0000:01:00.0: BAR 0 [mem 0xe0000000-0xe0ffffff]: assigned\n"
		       "pci 0000:01:00.0: BAR 0 [mem size 0x01000000]: can't assign; no space\n"
		       "pci 0000:01:00.0: BAR 0 [mem 0xe0000000-0xe0ffffff]: assigned\n");

	assert_int_equal(log.events.count, 2); /* the first says nothing of a lack */
	assert_int_equal(log.events.items[1].kind, VIA_LOG_BAR_ASSIGNED);
}

static void knows_a_log_when_it_sees_one(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_kernel_log log = decode(arena, "hello\nworld\n");

	assert_false(kernel_log_is_one(&log));
	log = decode(arena, "00:00.0 Host bridge: Intel\n\tControl: I/O- Mem+\n");
	assert_false(kernel_log_is_one(&log));
	log = decode(arena, "[    0.5] something\n[    0.6] else\n");
	assert_true(kernel_log_is_one(&log));
	log = decode(arena, "DMAR: IOMMU enabled\n");
	assert_true(kernel_log_is_one(&log));
	log = decode(arena, "");
	assert_false(kernel_log_is_one(&log));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_groups_however_they_are_written),
		cmocka_unit_test(passes_over_what_processes_wrote),
		cmocka_unit_test(takes_faults_apart),
		cmocka_unit_test(knows_messages_of_several_kernels),
		cmocka_unit_test(knows_whether_the_beginning_is_there),
		cmocka_unit_test(extracts_without_what_is_private),
		cmocka_unit_test(forgets_what_was_made_good),
		cmocka_unit_test(knows_a_log_when_it_sees_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
