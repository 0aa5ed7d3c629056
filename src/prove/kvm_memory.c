/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/kvm_rungs.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "prove/child.h"
#include "prove/kvm_payload.h"

enum { SLOT = 1, PAGES = 4, PAGE = 4096 };

/* mov [0x2000], al: the third page of the data segment; then halt */
static const uint8_t code[] = { 0xb0, 'M', 0xa2, 0x00, 0x20, 0xf4 };

static int set_slot(const struct kvm_machine *machine, uint8_t *memory)
{
	struct kvm_userspace_memory_region region = {
		.slot = SLOT,
		.flags = memory ? KVM_MEM_LOG_DIRTY_PAGES : 0,
		.guest_phys_addr = MACHINE_DEVICE,
		.memory_size = memory ? PAGES * PAGE : 0,
		.userspace_addr = (uintptr_t)memory,
	};

	return ioctl(machine->vm, KVM_SET_USER_MEMORY_REGION, &region) < 0 ? -errno : 0;
}

static int expect(struct kvm_machine *machine, const struct via_report *report,
		  const struct expected_exit *expected)
{
	char text[128];
	int r = machine_load(machine, code, sizeof(code));

	if (r < 0)
		return report_fail(report, r, "setting the processor's registers", NULL);
	r = machine_run(machine);
	if (r < 0)
		return report_fail(report, r, "KVM_RUN", NULL);
	if (!exit_matches(machine->run, expected, text, sizeof(text)))
		return report_fail(report, -EIO, text, "where %s was expected",
				   exit_name(expected->reason));
	return 0;
}

static int dirty_pages(const struct kvm_machine *machine, uint64_t *ret)
{
	uint64_t bits[2] = { 0 };
	struct kvm_dirty_log log = { .slot = SLOT, .dirty_bitmap = bits };

	if (ioctl(machine->vm, KVM_GET_DIRTY_LOG, &log) < 0)
		return -errno;
	*ret = bits[0];
	return 0;
}

/* A slot where there was none: what exited before does not, and what was written is logged. */
static int use_slot(struct kvm_machine *machine, const struct via_report *report,
		    const uint8_t *memory)
{
	static const struct expected_exit halt = { .reason = KVM_EXIT_HLT };
	uint64_t dirty = 0, again = 0;
	int r = expect(machine, report, &halt);

	if (r < 0)
		return r;
	if (memory[2 * PAGE] != 'M')
		return report_fail(report, -EIO, "the guest's write is not in our memory", NULL);
	report_evidence(report, "written", "%#x seen in our memory, without an exit", 'M');
	r = dirty_pages(machine, &dirty);
	if (r == 0)
		r = dirty_pages(machine, &again);
	if (r < 0)
		return report_fail(report, r, "KVM_GET_DIRTY_LOG", NULL);
	report_evidence(report, "dirty_log", "%#llx, then %#llx", (unsigned long long)dirty,
			(unsigned long long)again);
	if (dirty != 1 << 2 || again)
		return report_fail(report, -EIO, "the log of dirty pages",
				   "page 2 alone was written, once: migration would lose memory");
	return 0;
}

int climb_memslot(void *context, const struct via_report *report)
{
	static const struct expected_exit exits = { KVM_EXIT_MMIO, MACHINE_DEVICE + 2 * PAGE, true,
						    'M' };
	struct kvm_machine *machine = context;
	uint8_t *memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int r;

	if (memory == MAP_FAILED)
		return report_fail(report, -errno, "mmap", NULL);
	r = set_slot(machine, memory);
	if (r < 0)
		return report_fail(report, r, "KVM_SET_USER_MEMORY_REGION", NULL);
	r = use_slot(machine, report, memory);
	if (r < 0)
		return r;
	r = set_slot(machine, NULL);
	if (r < 0)
		return report_fail(report, r, "taking the slot away", NULL);
	munmap(memory, PAGES * PAGE);
	r = expect(machine, report, &exits);
	if (r < 0)
		return r;
	report_evidence(report, "taken_away", "the same write exits again");
	return CLIMB_PASS;
}
