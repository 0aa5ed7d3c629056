/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "rules/rule.h"

/* The judgements of the firmware layer, by subject; firmware.c is their table. */

/* firmware_cpu.c */
enum via_verdict firmware_cpu_virtualization(const struct via_host *host,
					     struct via_finding *finding);

/* firmware_guest.c */
enum via_verdict firmware_hypervisor(const struct via_host *host, struct via_finding *finding);

/* firmware_guest_nesting - how the hypervisor below is told to allow nested guests */
const char *firmware_guest_nesting(const struct via_host *host);

/* firmware_iommu.c */
enum via_verdict firmware_iommu_table(const struct via_host *host, struct via_finding *finding);
enum via_verdict firmware_iommu_described(const struct via_host *host, struct via_finding *finding);
enum via_verdict firmware_interrupt_remapping(const struct via_host *host,
					      struct via_finding *finding);

/* firmware_regions.c */
enum via_verdict firmware_reserved_regions(const struct via_host *host,
					   struct via_finding *finding);

/* firmware_graphics.c */
enum via_verdict firmware_graphics_unit(const struct via_host *host, struct via_finding *finding);
enum via_verdict firmware_resizable_bar(const struct via_host *host, struct via_finding *finding);

/* firmware_sriov.c */
enum via_verdict firmware_sriov_room(const struct via_host *host, struct via_finding *finding);

/* firmware_vt_c.c */
enum via_verdict firmware_vt_c(const struct via_host *host, struct via_finding *finding);

/* firmware_secure_boot.c */
enum via_verdict firmware_secure_boot(const struct via_host *host, struct via_finding *finding);

/* firmware_no_table - whether no DMAR or IVRS is to be expected: both are tables of x86 alone */
bool firmware_no_table(const struct via_host *host);

/* firmware_no_pci - the verdict where there is no PCI bus to look at */
bool firmware_no_pci(const struct via_host *host, struct via_finding *finding,
		     enum via_verdict *ret);
