/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/kvm_payload.h"

#include <stdio.h>

#include "prove/kvm_machine.h"

static bool io_matches(const struct kvm_run *run, const struct expected_exit *expected, char *text,
		       size_t size)
{
	const uint8_t *data = (const uint8_t *)run + run->io.data_offset;
	bool out = run->io.direction == KVM_EXIT_IO_OUT;

	snprintf(text, size, "io %s port %#x byte %#x", out ? "out" : "in", run->io.port, *data);
	return run->io.port == expected->where && out == expected->write && run->io.size == 1 &&
	       run->io.count == 1 && (!out || *data == expected->byte);
}

static bool mmio_matches(const struct kvm_run *run, const struct expected_exit *expected,
			 char *text, size_t size)
{
	bool write = run->mmio.is_write;

	if (write)
		snprintf(text, size, "mmio write %#llx byte %#x",
			 (unsigned long long)run->mmio.phys_addr, run->mmio.data[0]);
	else
		snprintf(text, size, "mmio read %#llx answered %#x",
			 (unsigned long long)run->mmio.phys_addr, expected->byte);
	return run->mmio.phys_addr == expected->where && write == expected->write &&
	       run->mmio.len == 1 && (!write || run->mmio.data[0] == expected->byte);
}

static void describe(const struct kvm_run *run, char *text, size_t size)
{
	const char *name = exit_name(run->exit_reason);

	if (run->exit_reason == KVM_EXIT_FAIL_ENTRY)
		snprintf(text, size, "%s reason %#llx", name,
			 (unsigned long long)run->fail_entry.hardware_entry_failure_reason);
	else if (run->exit_reason == KVM_EXIT_INTERNAL_ERROR)
		snprintf(text, size, "%s suberror %u", name, run->internal.suberror);
	else
		snprintf(text, size, "%s (%u)", name, run->exit_reason);
}

bool exit_matches(const struct kvm_run *run, const struct expected_exit *expected, char *text,
		  size_t size)
{
	describe(run, text, size);
	if (run->exit_reason == KVM_EXIT_IO && expected->reason == KVM_EXIT_IO)
		return io_matches(run, expected, text, size);
	if (run->exit_reason == KVM_EXIT_MMIO && expected->reason == KVM_EXIT_MMIO)
		return mmio_matches(run, expected, text, size);
	return run->exit_reason == expected->reason;
}
