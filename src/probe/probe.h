/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "model/host.h"
#include "sys/query.h"
#include "sys/root.h"

/*
 * Probes fill the model from the root and the queries; one file a subject. What cannot be
 * read is recorded as such: a probe does not fail.
 */

/**
 * probe_host - look at a whole host
 * @source: what the user named, for the model
 *
 * Depth:  @depth
 * Return: the host, owned by the caller (host_free)
 */
struct via_host *probe_host(const struct via_root *root, const struct via_queries *queries,
			    const char *source, enum via_depth depth);

/* probe_host_lean - likewise, without what probe_pci_rest() adds for one function */
struct via_host *probe_host_lean(const struct via_root *root, const struct via_queries *queries,
				 const char *source, enum via_depth depth);

/* probe_host_to_list - the whole of functions, where it can be kept (else they are @surveyed),
 * without what only findings rest on; not to be judged */
struct via_host *probe_host_to_list(const struct via_root *root, const struct via_queries *queries,
				    const char *source, enum via_depth depth);

/* probe_host_to_give - a lean look without what only findings rest on, for who plans to give
 * functions away; probe_handover() completes those that are no VFs */
struct via_host *probe_host_to_give(const struct via_root *root, const struct via_queries *queries,
				    const char *source, enum via_depth depth);

/* Depth: attributes (files under proc, sys, etc, boot and lib/modules), all of these. */
void probe_system(const struct via_root *root, const struct via_queries *queries,
		  struct via_host *host);
void probe_cpu(const struct via_root *root, const struct via_queries *queries,
	       struct via_host *host);
/* probe_firmware - the ACPI tables, and by the three below all else of firmware */
void probe_firmware(const struct via_root *root, struct via_host *host);
void probe_secure_boot(const struct via_root *root, struct via_host *host);
void probe_board(const struct via_root *root, struct via_host *host);

/* probe_hypervisor - whose guest this is; after probe_cpu and probe_board */
void probe_hypervisor(const struct via_root *root, struct via_host *host);

/* probe_direct_regions - what a lean look leaves out of groups, where the ACPI table may not be
 * read and groups are few; after probe_groups */
void probe_direct_regions(const struct via_root *root, struct via_host *host);

/* probe_vf_buses - where virtual functions would need more bus numbers than one; after
 * probe_pci. Attributes of physical functions and their ports, which wake nothing */
void probe_vf_buses(const struct via_root *root, struct via_host *host);

/* probe_resizable - which display functions' BARs could be larger; after probe_pci. Only of
 * those that are awake: the attribute wakes a sleeping one */
void probe_resizable(const struct via_root *root, struct via_host *host);
void probe_kernel(const struct via_root *root, struct via_host *host);
void probe_modprobe(const struct via_root *root, struct via_host *host);
void probe_asked_modules(const struct via_root *root, struct via_host *host);

/* After probe_system, probe_kernel and probe_modprobe. */
void probe_modules(const struct via_root *root, struct via_host *host);
void probe_module_parameters(const struct via_root *root, struct via_host *host);

void probe_nodes(const struct via_root *root, struct via_host *host);
void probe_tuning(const struct via_root *root, struct via_host *host);
void probe_framebuffer(const struct via_root *root, struct via_host *host);
void probe_surroundings(const struct via_root *root, struct via_host *host);
void probe_iommu(const struct via_root *root, struct via_host *host);
void probe_dkms(const struct via_root *root, struct via_host *host);

/**
 * probe_kernel_log - what the kernel said: its ring buffer, or the log of a captured tree
 *
 * Needs:  CAP_SYSLOG where kernel.dmesg_restrict is 1
 */
void probe_kernel_log(const struct via_root *root, const struct via_queries *queries,
		      struct via_host *host);

/* Depth: open (creates and destroys a VM) */
void probe_kvm(const struct via_root *root, const struct via_queries *queries,
	       struct via_host *host);

/**
 * probe_pci_begin - look at the functions, in other threads where there are processors for it
 *
 * Until probe_pci_end() nothing else may look at host->pci, nor change what @host was asked for.
 *
 * Depth: host->depth; needs CAP_SYS_ADMIN for more than 64 bytes of configuration space
 * Return: to be given to probe_pci_end()
 */
struct via_pci_walk;
struct via_pci_walk *probe_pci_begin(const struct via_root *root, struct via_host *host);
void probe_pci_end(struct via_pci_walk *walk, struct via_host *host);

/* probe_pci - both, one after the other */
void probe_pci(const struct via_root *root, struct via_host *host);
void probe_groups(const struct via_root *root, struct via_host *host);

/**
 * probe_pci_rest - what a lean look left out of one function, and its capabilities
 * @at: from probe_pci_open(), or -1
 * @device: a copy of one of @host's; what is read lives in @arena
 *
 * Depth: host->depth
 */
void probe_pci_rest(const struct via_root *root, const struct via_host *host,
		    struct via_arena *arena, int at, struct via_pci_device *device);

/* probe_pci_open - a descriptor that makes the look at many functions quicker, or -1 */
int probe_pci_open(const struct via_root *root);

/**
 * probe_holders - who would miss each function, and what the host would lose; after probe_pci
 *
 * Goes by the interfaces, disks, screens and keyboards that there are, not by functions.
 *
 * Depth:  attributes
 */
void probe_holders(const struct via_root *root, const struct via_queries *queries,
		   struct via_host *host);

/**
 * probe_openers - which processes have a device's nodes or registers open; after
 * probe_holders. Only for who looks at one device or plans a change: it looks at every
 * process.
 *
 * Depth:  attributes
 * Needs:  root, in the first PID namespace: else it is told that it could not be told
 */
void probe_openers(const struct via_root *root, struct via_host *host);

/**
 * probe_handover - with what each function can be given away: its driver_override, the VFIO
 * driver that is made for it, and which drivers the bus has; only for who plans a change
 * @policy: and of VFs, how each is reset and whether it may lose all power, which is told of the
 *          others whatever is asked for
 *
 * Of a lean host each function that is no VF is completed (probe_pci_rest).
 *
 * Depth:  attributes, but takes each device's lock before Linux 6.12: it waits for a driver
 *         that hangs in its probe; the module aliases of the running kernel; host->depth
 */
void probe_handover(const struct via_root *root, struct via_host *host, bool policy);

/* probe_claims - which modules claim each function; after probe_pci and probe_system */
void probe_claims(const struct via_root *root, struct via_host *host);

/*
 * Devices that no bus has of its own; after probe_pci.
 * Depth: attributes; probe_vdpa also asks generic netlink and lists sockets
 */
void probe_graphics(const struct via_root *root, struct via_host *host);
void probe_mediated(const struct via_root *root, struct via_host *host);
/* probe_keepers - what other programs keep of devices. Depth: attributes (files below etc) */
void probe_keepers(const struct via_root *root, struct via_host *host);
void probe_virtio(const struct via_root *root, struct via_host *host);
void probe_vdpa(const struct via_root *root, const struct via_queries *queries,
		struct via_host *host);

/* probe_virtfn_settings - what network PFs keep for their VFs, asked by rtnetlink where any has
 * VFs on; after probe_holders, which finds their interfaces */
void probe_virtfn_settings(const struct via_root *root, const struct via_queries *queries,
			   struct via_host *host);

/**
 * probe_entries - as root_entries(), of a folder that is there only where a driver made it
 *
 * Return: the fact; absent also for a captured tree that holds the folder above
 */
struct via_fact probe_entries(const struct via_root *root, struct via_arena *arena,
			      struct via_names *ret, const char *path);

/**
 * probe_search - look for "\nKEY" at the start of a line of a file
 * @limit: bytes read at most
 *
 * Return: the fact: text is what follows KEY on that line; absent when no line starts so
 */
struct via_fact probe_search(const struct via_root *root, struct via_arena *arena, const char *path,
			     size_t limit, const char *key);

/* probe_search_blob - likewise, in a file that was read */
struct via_fact probe_search_blob(const struct via_blob *blob, struct via_arena *arena,
				  const char *key);
