/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "prove/child.h"
#include "prove/dma_class.h"
#include "prove/kvm_machine.h"
#include "prove/vfio_interrupt.h"

/*
 * A guest of a few instructions that has the function: a page of its BAR lies in guest memory
 * where the data segment is, and its first vector raises line 4 of the guest's first
 * interrupt controller.
 */
enum {
	PORT = 0x510,
	LINE = 4,
	FIRST_VECTOR = 8,
	OPERAND = 5, /* in the code: which register is read */
	HANDLER = 0x40,
	READY = 'R',
	INTERRUPTED = 'I',
};

static const uint8_t guest_code[] = {
	0xba,
	PORT & 0xff,
	PORT >> 8, /* mov dx, port */
	0x66,
	0xa1,
	0x00,
	0x00, /* mov eax, [0] */
	0x66,
	0xef, /* out dx, eax */
	0xb0,
	0x11,
	0xe6,
	0x20, /* the controller: initialise */
	0xb0,
	FIRST_VECTOR,
	0xe6,
	0x21, /* its first vector */
	0xb0,
	0x04,
	0xe6,
	0x21, /* where the second one is wired to */
	0xb0,
	0x01,
	0xe6,
	0x21, /* 8086 mode */
	0xb0,
	0xff ^ 1 << LINE,
	0xe6,
	0x21, /* one line is let through */
	0xb0,
	READY,
	0xee, /* out dx, al */
	0xfb, /* sti */
	0xeb,
	0xfe, /* jmp $ */
	[HANDLER] = 0xb0,
	INTERRUPTED,
	0xee, /* out dx, al */
	0xf4, /* hlt */
};

struct guest {
	struct vfio_session *session;
	const struct via_report *report;
	struct kvm_machine machine;
	const volatile uint32_t *page; /* of the BAR */
	int event, knows;	       /* KVM's device that knows the function */
};

static int add_memory(const struct guest *guest, uint32_t slot, uint64_t address, size_t size,
		      const volatile void *memory)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = address,
		.memory_size = size,
		.userspace_addr = (uintptr_t)memory,
	};

	if (ioctl(guest->machine.vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		return report_fail(guest->report, -errno, "KVM_SET_USER_MEMORY_REGION",
				   slot ? "KVM does not take the device's memory" : NULL);
	return 0;
}

/* So that KVM knows of DMA that is not coherent, and gives a mediated device its guest. */
static void tell_kvm_of_vfio(struct guest *guest)
{
	const struct vfio_session *session = guest->session;
	int32_t fd = session->group_fd >= 0 ? session->group_fd : session->device_fd;
	struct kvm_create_device device = { .type = KVM_DEV_TYPE_VFIO };
	struct kvm_device_attr attribute = { .group = KVM_DEV_VFIO_GROUP,
					     .attr = KVM_DEV_VFIO_GROUP_ADD,
					     .addr = (uintptr_t)&fd };
	int r = ioctl(guest->machine.vm, KVM_CREATE_DEVICE, &device);

	if (r == 0) {
		guest->knows = (int)device.fd;
		r = ioctl(guest->knows, KVM_SET_DEVICE_ATTR, &attribute);
	}
	report_evidence(guest->report, "kvm_knows", "%s", r < 0 ? errno_name(errno) : "yes");
}

static int make_machine(struct guest *guest)
{
	struct kvm_machine *machine = &guest->machine;

	machine->kvm = root_openat(guest->session->root, "dev/kvm", O_RDWR);
	if (machine->kvm < 0)
		return report_fail(guest->report, machine->kvm, "open /dev/kvm", "%s",
				   kvm_why_not_open(-machine->kvm));
	machine->vm = ioctl(machine->kvm, KVM_CREATE_VM, 0);
	if (machine->vm < 0)
		return report_fail(guest->report, -errno, "KVM_CREATE_VM",
				   "viaduct prove kvm looks closer");
	if (ioctl(machine->vm, KVM_CREATE_IRQCHIP, 0) < 0)
		return report_fail(guest->report, -errno, "KVM_CREATE_IRQCHIP", NULL);
	tell_kvm_of_vfio(guest);
	machine->memory = mmap(NULL, MACHINE_MEMORY, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (machine->memory == MAP_FAILED)
		return report_fail(guest->report, -errno, "mmap of guest memory", NULL);
	return add_memory(guest, 0, 0, MACHINE_MEMORY, machine->memory);
}

static int make_processor(struct guest *guest)
{
	struct kvm_machine *machine = &guest->machine;
	int size = ioctl(machine->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);

	machine->vcpu = ioctl(machine->vm, KVM_CREATE_VCPU, 0);
	if (size < (int)sizeof(*machine->run) || machine->vcpu < 0)
		return report_fail(guest->report, -errno, "KVM_CREATE_VCPU",
				   "viaduct prove kvm looks closer");
	machine->run_size = (size_t)size;
	machine->run =
		mmap(NULL, machine->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, machine->vcpu, 0);
	if (machine->run == MAP_FAILED)
		return report_fail(guest->report, -errno, "mmap of the virtual processor", NULL);
	return 0;
}

static int give_page(struct guest *guest)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	int r = session_enable(guest->session, true);
	void *page;

	if (r < 0)
		return report_fail(guest->report, r, "enabling memory decoding", NULL);
	page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, guest->session->device_fd,
		    (off_t)guest->session->page);
	if (page == MAP_FAILED)
		return report_fail(guest->report, -errno, "mmap of a region", NULL);
	guest->page = page;
	return add_memory(guest, 1, MACHINE_DEVICE, size, page);
}

static int load(struct guest *guest)
{
	const uint16_t vector[2] = { MACHINE_ENTRY + HANDLER, 0 };
	int r = machine_load(&guest->machine, guest_code, sizeof(guest_code));

	memcpy(guest->machine.memory + MACHINE_ENTRY + OPERAND, &guest->session->telling,
	       sizeof(guest->session->telling));
	memcpy(guest->machine.memory + 4 * (FIRST_VECTOR + LINE), vector, sizeof(vector));
	return r < 0 ? report_fail(guest->report, r, "setting the processor's registers", NULL) : 0;
}

/* run_to_port - run until the guest writes to the port; what it wrote */
static int run_to_port(struct guest *guest, size_t size, uint32_t *ret)
{
	const struct kvm_run *run = guest->machine.run;
	int r = run ? machine_run(&guest->machine) : -EBADF;

	if (r < 0)
		return report_fail(guest->report, r, "KVM_RUN", "%s",
				   r == -ETIMEDOUT ? "the guest did not come as far in time"
						   : "look at the kernel log for kvm");
	if (run->exit_reason != KVM_EXIT_IO || run->io.port != PORT || run->io.size != size)
		return report_fail(guest->report, -EIO, "the guest's code", "it left with %s (%u)",
				   exit_name(run->exit_reason), run->exit_reason);
	*ret = 0;
	memcpy(ret, (const uint8_t *)run + run->io.data_offset, size);
	return 0;
}

/* Registers may change by themselves: what the host sees before or after is right. */
static int read_in_guest(struct guest *guest)
{
	const volatile uint32_t *place = guest->page + guest->session->telling / sizeof(*place);
	uint32_t before = *place, seen = 0, after;
	int r = run_to_port(guest, sizeof(seen), &seen);

	if (r < 0)
		return r;
	after = *place;
	report_evidence(guest->report, "bar", "the guest reads 0x%08x, the host 0x%08x", seen,
			after);
	if (seen == before || seen == after)
		return 0;
	return report_fail(guest->report, -EIO, "a register read in the guest",
			   "the guest does not see the device");
}

/* trigger - by the device itself where it can, else by the kernel in its name */
static int trigger(struct guest *guest, const struct vfio_interrupt *interrupt)
{
	struct vfio_session *session = guest->session;
	const struct dma_class *class = dma_class_of(session->device);

	if (class && class->raise && dma_device_start(session, guest->report) == CLIMB_PASS) {
		report_evidence(guest->report, "raised_by", "the device, %s", interrupt->name);
		return class->raise(session->driven);
	}
	report_evidence(guest->report, "raised_by", "the kernel for the device, %s",
			interrupt->name);
	return interrupt_set(session, interrupt->index, 1, NULL);
}

static int wire(struct guest *guest, const struct vfio_interrupt *interrupt)
{
	struct kvm_irqfd line = { .gsi = LINE };
	int r;

	guest->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	line.fd = (uint32_t)guest->event;
	if (guest->event < 0 || ioctl(guest->machine.vm, KVM_IRQFD, &line) < 0)
		return report_fail(guest->report, -errno, "KVM_IRQFD", NULL);
	r = interrupt_set(guest->session, interrupt->index, 1, &guest->event);
	return r < 0 ? report_fail(guest->report, r, "VFIO_DEVICE_SET_IRQS enable", NULL) : 0;
}

static int take_interrupt(struct guest *guest, const struct vfio_interrupt *interrupt)
{
	uint32_t said = 0;
	int r = wire(guest, interrupt);

	if (r == 0)
		r = run_to_port(guest, 1, &said);
	if (r == 0 && said == READY)
		r = trigger(guest, interrupt);
	if (r < 0)
		return r;
	r = run_to_port(guest, 1, &said);
	if (r < 0)
		return r;
	if (said != INTERRUPTED)
		return report_fail(guest->report, -EIO, "the guest's interrupt handler", NULL);
	report_evidence(guest->report, "interrupt", "taken in the guest by irqfd");
	return CLIMB_PASS;
}

static void end_interrupt(struct guest *guest, const struct vfio_interrupt *interrupt)
{
	struct vfio_session *session = guest->session;

	if (session->driven && session->driven->started && session->driven->class->settle)
		session->driven->class->settle(session->driven);
	interrupt_set(session, interrupt->index, 0, NULL);
	close(guest->event);
}

static int climb_interrupt_in_guest(struct guest *guest)
{
	const struct vfio_interrupt *interrupt = interrupt_choose(guest->session);
	int r;

	if (!interrupt) {
		report_evidence(guest->report, "interrupt", "the device has none");
		return CLIMB_PASS;
	}
	r = take_interrupt(guest, interrupt);
	end_interrupt(guest, interrupt);
	return r;
}

/* Whoever comes next must find the function free: a mapping or KVM would hold on to it. */
static void end_guest(struct guest *guest)
{
	struct kvm_machine *machine = &guest->machine;

	if (guest->page)
		munmap((void *)guest->page, (size_t)sysconf(_SC_PAGESIZE));
	if (machine->run && machine->run != MAP_FAILED)
		munmap(machine->run, machine->run_size);
	session_close_fd(&guest->knows);
	session_close_fd(&machine->vcpu);
	session_close_fd(&machine->vm);
	session_close_fd(&machine->kvm);
	if (machine->memory && machine->memory != MAP_FAILED)
		munmap(machine->memory, MACHINE_MEMORY);
}

static int climb_with(struct guest *guest)
{
	int r = make_machine(guest);

	if (r == 0)
		r = make_processor(guest);
	if (r == 0)
		r = give_page(guest);
	if (r == 0)
		r = load(guest);
	if (r == 0)
		r = read_in_guest(guest);
	return r < 0 ? r : climb_interrupt_in_guest(guest);
}

int climb_in_kvm(void *context, const struct via_report *report)
{
	struct vfio_session *session = context;
	struct guest guest = {
		.session = session,
		.report = report,
		.machine = { .root = session->root, .kvm = -1, .vm = -1, .vcpu = -1 },
		.event = -1,
		.knows = -1,
	};
	int r;

	if (session->page == UINT64_MAX) {
		report_hint(report, "no BAR of the device can be mapped into a guest");
		return CLIMB_SKIP;
	}
	r = climb_with(&guest);
	end_guest(&guest);
	return r;
}
