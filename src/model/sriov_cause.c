/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/sriov_cause.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

static bool no_driver(const struct via_sriov_refusal *refusal)
{
	return !refusal->driver;
}

static bool is_vfio(const struct via_sriov_refusal *refusal)
{
	return refusal->driver && strcmp(refusal->driver, "vfio-pci") == 0;
}

static bool are_there(const struct via_sriov_refusal *refusal)
{
	return refusal->present;
}

static bool bars_unset(const struct via_sriov_refusal *refusal)
{
	return refusal->bars_unset;
}

/* The first row that fits tells. Where there is neither @said nor @is, the errno alone. */
static const struct {
	int error;
	const char *said; /* by the kernel */
	bool (*is)(const struct via_sriov_refusal *refusal);
	struct via_sriov_cause cause;
} causes[] = {
	{ ENOENT,
	  NULL,
	  no_driver,
	  { "no driver is bound to it, and the PF's driver makes the VFs",
	    "bind its own driver first" } },
	{ ENOENT,
	  NULL,
	  is_vfio,
	  { "vfio-pci makes VFs only when it is told that it may",
	    "echo Y > /sys/module/vfio_pci/parameters/enable_sriov; each VF then needs the token "
	    "that the PF's user sets" } },
	{ ENOENT,
	  NULL,
	  NULL,
	  { "its driver makes no VFs when sriov_numvfs is written",
	    "some drivers take a parameter when they are loaded (max_vfs, num_vfs); Intel's "
	    "graphics need xe or i915-sriov-dkms; NVIDIA's, sriov-manage" } },
	{ EBUSY,
	  "VFs already enabled",
	  NULL,
	  { "VFs were made meanwhile, and the kernel goes from one count to another only "
	    "through 0",
	    "plan again: viaduct switches them off first" } },
	{ EBUSY,
	  NULL,
	  are_there,
	  { "VFs are there already, and the kernel goes from one count to another only through 0",
	    "plan again: viaduct switches them off first" } },
	{ EBUSY,
	  NULL,
	  NULL,
	  { "its driver is busy: it resets the card, or has a VF assigned",
	    "try again when that has ended; dmesg tells what the driver says" } },
	{ ENOMEM,
	  "not enough MMIO resources",
	  NULL,
	  { "the port above it has no room in memory space for the VFs' BARs",
	    "switch on Above 4G Decoding and SR-IOV in the setup, or boot with pci=realloc" } },
	{ ENOMEM,
	  "out of range of",
	  NULL,
	  { "the VFs would need bus numbers that the port above does not lead to",
	    "switch on ARI in the setup, or boot with pci=assign-busses; fewer VFs may fit" } },
	{ ENOMEM,
	  NULL,
	  bars_unset,
	  { "the VFs' BARs have no address: firmware left no room for them",
	    "switch on Above 4G Decoding and SR-IOV in the setup, or boot with pci=realloc" } },
	{ ENOMEM,
	  NULL,
	  NULL,
	  { "its driver has not what so many VFs need (queues, filters, memory of the card)",
	    "ask for fewer; dmesg tells what the driver says" } },
	{ ENOSPC,
	  NULL,
	  NULL,
	  { "the card's resources do not suffice for so many VFs",
	    "ask for fewer, or give the PF fewer queues (ethtool -L)" } },
	{ ERANGE,
	  NULL,
	  NULL,
	  { "it makes fewer VFs at most: its driver or firmware lowered sriov_totalvfs",
	    "ask for no more than sriov_totalvfs says; firmware's own limit is set with the "
	    "vendor's tool (mstconfig NUM_OF_VFS)" } },
	{ EIO,
	  NULL,
	  NULL,
	  { "the card contradicts itself about how many VFs it has (InitialVFs, TotalVFs)",
	    "bring its firmware up to date" } },
	{ EPERM,
	  NULL,
	  NULL,
	  { "its driver refuses while a VF is given to a guest",
	    "end the guests that have its VFs first" } },
	{ EINVAL,
	  NULL,
	  NULL,
	  { "its driver refuses in the mode it is in (XDP, DCB, bonding, switchdev)",
	    "dmesg tells what the driver says" } },
	{ EOPNOTSUPP,
	  NULL,
	  NULL,
	  { "its driver or firmware has SR-IOV switched off",
	    "switch it on with the vendor's tool (mstconfig SRIOV_EN=1), then restart" } },
	{ ENODEV,
	  NULL,
	  NULL,
	  { "it left meanwhile, or its driver was loaded to make none (xe: max_vfs)",
	    "look whether it is there: viaduct list" } },
	{ 0,
	  NULL,
	  NULL,
	  { "its driver made fewer VFs than it was asked for",
	    "ask for as many as it made; dmesg tells what the driver says" } },
};

const struct via_sriov_cause *sriov_cause(const struct via_sriov_refusal *refusal)
{
	for (size_t i = 0; i < VIA_COUNT(causes); i++)
		if (causes[i].error == refusal->error &&
		    (!causes[i].said || strstr(refusal->log, causes[i].said)) &&
		    (!causes[i].is || causes[i].is(refusal)))
			return &causes[i].cause;
	return NULL;
}
