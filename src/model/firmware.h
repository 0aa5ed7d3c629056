/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/fact.h"

enum via_cpu_vendor { VIA_CPU_OTHER, VIA_CPU_INTEL, VIA_CPU_AMD };

/* The processor: what it can, what firmware left on, what the kernel shows. */
struct via_cpu {
	enum via_cpu_vendor vendor;
	struct via_fact vendor_id;	 /* text: GenuineIntel */
	struct via_fact model_name;	 /* text */
	struct via_fact flags;		 /* text: the first processor's flags */
	struct via_fact vmx, svm;	 /* in flags; number 1 when there */
	struct via_fact cpuid_vmx;	 /* CPUID 1.ECX[5] */
	struct via_fact cpuid_svm;	 /* CPUID 80000001h.ECX[2] */
	struct via_fact second_level;	 /* ept or npt in flags */
	struct via_fact hypervisor;	 /* CPUID 1.ECX[31], or the flag; number 1 when set */
	struct via_fact hypervisor_name; /* text: KVM, Hyper-V … */
};

/* What a DMAR or IVRS table says, as far as rules ask. */
struct via_iommu_table {
	struct via_fact present; /* by name in the directory; needs no privilege */
	struct via_blob content; /* needs root */
	bool decoded;
	size_t units;		 /* DRHD or distinct IVHD units */
	size_t reserved_regions; /* RMRR or IVMD */
	bool interrupt_remapping, x2apic_opt_out, platform_opt_in;
};

struct via_firmware {
	struct via_cpu cpu;
	struct via_fact acpi_tables; /* the directory; number: entries */
	struct via_iommu_table dmar, ivrs;
	struct via_fact viot, iort;
	struct via_fact efi;	     /* sys/firmware/efi */
	struct via_fact secure_boot; /* number: 1 on */
	struct via_fact lockdown;    /* text: none, integrity, confidentiality */
	struct via_fact board_vendor, board_name, bios_version, bios_date, product_name;
	struct via_fact above_4g; /* a root bus window above 4 GiB; number 1 */
};
