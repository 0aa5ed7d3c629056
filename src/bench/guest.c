/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/guest.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bench/guest_image.h"
#include "prove/kvm_machine.h"

static int call(const char *name, int r, const char **ret_call)
{
	if (r >= 0)
		return r;
	r = -errno;
	*ret_call = name;
	return r;
}

#define CALL(fd, request, argument) call(#request, ioctl(fd, request, argument), ret_call)

static int add_memory(struct guest *guest, const char **ret_call)
{
	struct kvm_userspace_memory_region region = { .memory_size = GUEST_MEMORY };

	guest->memory = mmap(NULL, GUEST_MEMORY, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (guest->memory == MAP_FAILED)
		return call("mmap", -1, ret_call);
	region.userspace_addr = (uintptr_t)guest->memory;
	return CALL(guest->vm, KVM_SET_USER_MEMORY_REGION, &region);
}

static int add_devices(struct guest *guest, const char **ret_call)
{
	_cleanup_free_ struct kvm_irq_routing *routing =
		calloc(1, sizeof(*routing) + sizeof(routing->entries[0]));
	int r = CALL(guest->vm, KVM_CREATE_IRQCHIP, 0);

	if (r < 0 || !routing)
		return r < 0 ? r : -ENOMEM;
	routing->nr = 1;
	routing->entries[0] = (struct kvm_irq_routing_entry){
		.gsi = GUEST_GSI,
		.type = KVM_IRQ_ROUTING_MSI,
		.u.msi = { .address_lo = 0xfee00000, .data = GUEST_VECTOR },
	};
	return CALL(guest->vm, KVM_SET_GSI_ROUTING, routing);
}

/* Its spurious vector register has the switch that makes it take interrupts. */
static int enable_apic(struct guest *guest, const char **ret_call)
{
	struct kvm_lapic_state apic;
	int r = CALL(guest->vcpu, KVM_GET_LAPIC, &apic);

	if (r < 0)
		return r;
	apic.regs[0xf0] = (char)0xff;
	apic.regs[0xf1] = 1;
	return CALL(guest->vcpu, KVM_SET_LAPIC, &apic);
}

/* What the host has is what the guest is told. */
static int tell_cpuid(struct guest *guest, const char **ret_call)
{
	enum { ENTRIES = 256 };
	_cleanup_free_ struct kvm_cpuid2 *cpuid =
		calloc(1, sizeof(*cpuid) + ENTRIES * sizeof(cpuid->entries[0]));
	int r;

	if (!cpuid)
		return -ENOMEM;
	cpuid->nent = ENTRIES;
	r = CALL(guest->kvm, KVM_GET_SUPPORTED_CPUID, cpuid);
	return r < 0 ? r : CALL(guest->vcpu, KVM_SET_CPUID2, cpuid);
}

static int set_registers(struct guest *guest, const struct guest_program *program,
			 const char **ret_call)
{
	struct kvm_regs regs = { .rdi = program->rdi, .rdx = program->dx };
	struct kvm_sregs sregs;
	int r = CALL(guest->vcpu, KVM_GET_SREGS, &sregs);

	if (r < 0)
		return r;
	image_registers(&regs, &sregs);
	r = CALL(guest->vcpu, KVM_SET_SREGS, &sregs);
	return r < 0 ? r : CALL(guest->vcpu, KVM_SET_REGS, &regs);
}

static int add_processor(struct guest *guest, const struct guest_program *program,
			 const char **ret_call)
{
	int r = CALL(guest->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);

	if (r < 0)
		return r;
	guest->run_size = (size_t)r;
	guest->vcpu = CALL(guest->vm, KVM_CREATE_VCPU, 0);
	if (guest->vcpu < 0)
		return guest->vcpu;
	guest->run =
		mmap(NULL, guest->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, guest->vcpu, 0);
	if (guest->run == MAP_FAILED)
		return call("mmap of the virtual processor", -1, ret_call);
	r = tell_cpuid(guest, ret_call);
	return r < 0 ? r : set_registers(guest, program, ret_call);
}

int guest_start(struct guest *ret, int kvm, bool devices, const struct guest_program *program,
		const char **ret_call)
{
	struct guest guest = { .kvm = kvm, .vcpu = -1, .memory = MAP_FAILED, .run = MAP_FAILED };
	int r;

	guest.vm = CALL(kvm, KVM_CREATE_VM, 0);
	r = guest.vm < 0 ? guest.vm : add_memory(&guest, ret_call);
	if (r >= 0)
		image_write(guest.memory, program);
	if (r >= 0 && devices)
		r = add_devices(&guest, ret_call);
	if (r >= 0)
		r = add_processor(&guest, program, ret_call);
	if (r >= 0 && devices)
		r = enable_apic(&guest, ret_call);
	if (r < 0)
		guest_end(&guest);
	else
		*ret = guest;
	return r < 0 ? r : 0;
}

void guest_end(struct guest *guest)
{
	if (guest->run != MAP_FAILED)
		munmap(guest->run, guest->run_size);
	cleanup_close(&guest->vcpu);
	cleanup_close(&guest->vm);
	if (guest->memory != MAP_FAILED)
		munmap(guest->memory, GUEST_MEMORY);
}

volatile struct guest_words *guest_words(const struct guest *guest)
{
	return (volatile struct guest_words *)(guest->memory + IMAGE_WORDS);
}

int guest_add_doorbell(const struct guest *guest, const struct guest_program *program, int event)
{
	struct kvm_ioeventfd doorbell = {
		.addr = program->rdi ? program->rdi : program->dx,
		.len = 1,
		.fd = event,
		.flags = program->rdi ? 0 : KVM_IOEVENTFD_FLAG_PIO,
	};

	return ioctl(guest->vm, KVM_IOEVENTFD, &doorbell) < 0 ? -errno : 0;
}

static bool is_done(const struct kvm_run *run)
{
	return run->exit_reason == KVM_EXIT_IO && run->io.port == GUEST_DONE;
}

long guest_run(struct guest *guest, uint64_t count)
{
	struct kvm_run *run = guest->run;

	guest_words(guest)->count = count;
	for (long exits = 0;; exits++) {
		if (ioctl(guest->vcpu, KVM_RUN, 0) < 0) {
			if (errno == EINTR || errno == EAGAIN)
				continue;
			return -errno;
		}
		if (is_done(run))
			return exits;
		if (run->exit_reason != KVM_EXIT_IO && run->exit_reason != KVM_EXIT_MMIO)
			return -EIO;
	}
}

const char *guest_end_text(const struct guest *guest)
{
	return exit_name(guest->run->exit_reason);
}
