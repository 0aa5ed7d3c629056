/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vm/admit.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/assignable.h"

static int admit_shape(const struct via_vm_spec *spec, struct via_error *error)
{
	if (!spec->memory_mib)
		return error_usage(error, "bad guest", spec->name, "it has no memory");
	if (!spec->cpus)
		return error_usage(error, "bad guest", spec->name, "it has no processor");
	if (!spec->kernel && (spec->initrd || spec->append))
		return error_usage(error, "bad guest", spec->name,
				   "an initramfs or a command line without a kernel");
	if (!spec->firmware && spec->firmware_vars)
		return error_usage(error, "bad guest", spec->name,
				   "firmware variables without that firmware");
	return 0;
}

static int admit_kvm(const struct via_kernel *kernel, struct via_error *error)
{
	const struct via_fact *facts[] = { &kernel->kvm_open, &kernel->kvm_create_vm };

	for (size_t i = 0; i < VIA_COUNT(facts); i++) {
		const char *where = facts[i]->path ? facts[i]->path : "/dev/kvm";

		if (fact_is(facts[i], VIA_PRESENT))
			continue;
		if (fact_is(facts[i], VIA_NOT_ASKED))
			error_set(error, -ENODATA, "KVM is not known to be usable", where,
				  "nobody asked it");
		else
			error_set(error, -EOPNOTSUPP, "KVM is not usable", where, "%s",
				  fact_is(facts[i], VIA_ABSENT) ? "it is not there"
								: strerror(facts[i]->error));
		return error_hint(error, "viaduct prove kvm says on which rung it fails");
	}
	return 0;
}

static int admit_device(const struct via_host *host, struct via_pci_address address,
			struct via_error *error)
{
	const struct via_pci_device *device = pci_find(&host->pci, address);
	char text[PCI_ADDRESS_TEXT];

	if (!device)
		return error_set(error, -ENODEV, "the guest cannot have the device",
				 address_format(address, text),
				 "there is no such function on this host");
	return pci_assignable(&host->pci, device, NULL, error);
}

static bool given_twice(const struct via_vm_spec *spec, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (address_equal(spec->devices.items[i], spec->devices.items[index]))
			return true;
	return false;
}

int spec_admit(const struct via_vm_spec *spec, const struct via_host *host, struct via_error *error)
{
	char text[PCI_ADDRESS_TEXT];
	int r = admit_shape(spec, error);

	if (r == 0 && spec->accel == VIA_ACCEL_KVM)
		r = admit_kvm(&host->kernel, error);
	for (size_t i = 0; r == 0 && i < spec->devices.count; i++) {
		if (given_twice(spec, i))
			return error_usage(error, "bad guest",
					   address_format(spec->devices.items[i], text),
					   "the device is given twice");
		r = admit_device(host, spec->devices.items[i], error);
	}
	return r;
}
