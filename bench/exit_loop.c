/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exit_loop PAYLOAD: runs exit_payload.S's bytes by the loop that `viaduct bench` measures with,
 * and prints the cycles that the guest has counted.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bench/guest.h"

enum { LOAD = 0x100000, ENTRY = LOAD + 32, RESULT = 0x101ff0, LIMIT_S = 60 };

static int fail(const char *what)
{
	fprintf(stderr, "exit_loop: %s: %s\n", what, strerror(errno));
	return 1;
}

/* As a multiboot loader leaves it: 32 bits, flat, no paging. */
static int set_registers(int vcpu)
{
	struct kvm_regs regs = { .rip = ENTRY, .rflags = 2, .rax = 0x2badb002 };
	struct kvm_segment code = { .limit = 0xffffffff,
				    .selector = 8,
				    .type = 0xb,
				    .present = 1,
				    .db = 1,
				    .s = 1,
				    .g = 1 };
	struct kvm_segment data = code;
	struct kvm_sregs sregs;

	if (ioctl(vcpu, KVM_GET_SREGS, &sregs) < 0)
		return -errno;
	data.selector = 16;
	data.type = 3;
	sregs.cs = code;
	sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = data;
	sregs.cr0 |= 1;
	if (ioctl(vcpu, KVM_SET_SREGS, &sregs) < 0 || ioctl(vcpu, KVM_SET_REGS, &regs) < 0)
		return -errno;
	return 0;
}

static int load(const char *path, uint8_t *memory)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, memory + LOAD, 0x1000);

	return n > 32 ? 0 : -1;
}

static int create(struct guest *guest)
{
	struct kvm_userspace_memory_region region = { .memory_size = GUEST_MEMORY };
	int size = ioctl(guest->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);

	guest->vm = ioctl(guest->kvm, KVM_CREATE_VM, 0);
	guest->memory = mmap(NULL, GUEST_MEMORY, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (size < 0 || guest->vm < 0 || guest->memory == MAP_FAILED)
		return -errno;
	region.userspace_addr = (uintptr_t)guest->memory;
	ioctl(guest->vm, KVM_SET_TSS_ADDR, 0xfffbd000UL);
	if (ioctl(guest->vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		return -errno;
	guest->vcpu = ioctl(guest->vm, KVM_CREATE_VCPU, 0);
	guest->run_size = (size_t)size;
	guest->run =
		mmap(NULL, guest->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, guest->vcpu, 0);
	return guest->vcpu < 0 || guest->run == MAP_FAILED ? -errno : set_registers(guest->vcpu);
}

int main(int argc, char **argv)
{
	struct guest guest = { .kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC) };
	uint32_t cycles;

	if (argc != 2)
		return 2;
	alarm(LIMIT_S);
	if (guest.kvm < 0 || create(&guest) < 0)
		return fail("/dev/kvm");
	if (load(argv[1], guest.memory) < 0)
		return fail(argv[1]);
	if (guest_run(&guest, 1) < 0)
		return fail(guest_end_text(&guest));
	memcpy(&cycles, guest.memory + RESULT, sizeof(cycles));
	printf("%" PRIu32 "\n", cycles);
	return 0;
}
