/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/kvm_event.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

#include "base/cleanup.h"
#include "prove/child.h"
#include "prove/clock.h"
#include "prove/kvm_machine.h"
#include "prove/kvm_payload.h"

enum { DOORBELL_PORT = 0x510, INTERRUPT_LINE = 4, DELIVERY_MS = 1000 };

static int run_doorbell(struct kvm_machine *machine, const struct via_report *report)
{
	static const uint8_t code[] = {
		0xba,
		DOORBELL_PORT & 0xff,
		DOORBELL_PORT >> 8, /* mov dx, port */
		0xb0,
		0x01, /* mov al, 1 */
		0xee, /* out dx, al */
		0xf4, /* hlt */
	};
	static const struct expected_exit halt = { .reason = KVM_EXIT_HLT };
	char text[128];
	int r = machine_load(machine, code, sizeof(code));

	if (r < 0)
		return report_fail(report, r, "setting the processor's registers", NULL);
	r = machine_run(machine);
	if (r < 0)
		return report_fail(report, r, "KVM_RUN", NULL);
	if (!exit_matches(machine->run, &halt, text, sizeof(text)))
		return report_fail(report, -EIO, text,
				   "the write should have woken the descriptor without an exit");
	report_evidence(report, "exits", "only hlt");
	return 0;
}

int climb_ioeventfd(void *context, const struct via_report *report)
{
	struct kvm_machine *machine = context;
	_cleanup_close_ int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct kvm_ioeventfd doorbell = {
		.addr = DOORBELL_PORT, .len = 1, .fd = event, .flags = KVM_IOEVENTFD_FLAG_PIO
	};
	eventfd_t count = 0;
	int r;

	if (event < 0)
		return report_fail(report, -errno, "eventfd", NULL);
	if (ioctl(machine->vm, KVM_IOEVENTFD, &doorbell) < 0)
		return report_fail(report, -errno, "KVM_IOEVENTFD", NULL);
	r = run_doorbell(machine, report);
	if (r < 0)
		return r;
	if (eventfd_read(event, &count) < 0 || count != 1)
		return report_fail(report, -EIO, "the descriptor was not woken", NULL);
	report_evidence(report, "counter", "%llu after out port %#x", (unsigned long long)count,
			DOORBELL_PORT);
	return CLIMB_PASS;
}

/* The line is up in the first interrupt controller's request register; delivery is not at once. */
static int await_request(int vm)
{
	double deadline = clock_ms() + DELIVERY_MS;

	for (;;) {
		struct kvm_irqchip chip = { .chip_id = KVM_IRQCHIP_PIC_MASTER };

		if (ioctl(vm, KVM_GET_IRQCHIP, &chip) < 0)
			return -errno;
		if (chip.chip.pic.irr & 1 << INTERRUPT_LINE)
			return chip.chip.pic.irr;
		if (clock_ms() > deadline)
			return -ETIMEDOUT;
		clock_sleep_ms(1);
	}
}

/* A virtual machine of its own: with an interrupt controller in the kernel, HLT never exits. */
int climb_irqfd(void *context, const struct via_report *report)
{
	struct kvm_machine *machine = context;
	_cleanup_close_ int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	_cleanup_close_ int vm = ioctl(machine->kvm, KVM_CREATE_VM, 0);
	struct kvm_irqfd line = { .fd = (__u32)event, .gsi = INTERRUPT_LINE };
	int r;

	if (event < 0 || vm < 0)
		return report_fail(report, -errno, "KVM_CREATE_VM", NULL);
	if (ioctl(vm, KVM_CREATE_IRQCHIP, 0) < 0)
		return report_fail(report, -errno, "KVM_CREATE_IRQCHIP", NULL);
	if (ioctl(vm, KVM_IRQFD, &line) < 0)
		return report_fail(report, -errno, "KVM_IRQFD", NULL);
	if (eventfd_write(event, 1) < 0)
		return report_fail(report, -errno, "write to the descriptor", NULL);
	r = await_request(vm);
	if (r < 0)
		return report_fail(report, r, "the interrupt was not raised", NULL);
	report_evidence(report, "request_register", "%#x after waking line %d", (unsigned int)r,
			INTERRUPT_LINE);
	return CLIMB_PASS;
}
