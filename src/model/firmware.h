/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/fact.h"
#include "decode/cpuid.h"
#include "decode/dmar.h"
#include "decode/iort.h"
#include "decode/ivrs.h"
#include "decode/smbios.h"

/* Hygon's processors are AMD's to everybody here; Zhaoxin's and Centaur's do VMX. */
enum via_cpu_vendor { VIA_CPU_OTHER, VIA_CPU_INTEL, VIA_CPU_AMD, VIA_CPU_ZHAOXIN };

/* The processor: what it can, what firmware left on, what the kernel shows. */
struct via_cpu {
	enum via_cpu_vendor vendor;
	struct via_fact vendor_id;  /* text: GenuineIntel */
	struct via_fact model_name; /* text */
	struct via_fact flags;	    /* text: the first processor's flags */
	struct via_fact vmx_flags;  /* text: its "vmx flags" line (5.8+) */
	struct via_fact vmx, svm;   /* in flags; number 1 when there */
	struct via_fact ept, npt;   /* in flags, the vmx flags line or CPUID */
	struct via_fact unrestricted_guest;

	struct via_cpuid_facts cpuid;
	struct via_fact cpuid_vmx; /* CPUID 1.ECX[5] */
	struct via_fact cpuid_svm; /* CPUID 80000001h.ECX[2] */
	struct via_fact avic, x2apic, sev, tdx_guest, tdx_host;

	struct via_fact feature_control; /* MSR 3ah, where VMX may be; number; absent: none */
	struct via_fact vm_cr;		 /* MSR c0010114h, where SVM may be */
	struct via_fact vmx_controls;	 /* MSR 48bh: secondary controls; EPT is bit 33 */

	struct via_fact hypervisor;	 /* CPUID 1.ECX[31], or the flag; number 1 when set */
	struct via_fact hypervisor_name; /* text: KVM, Hyper-V … */
	struct via_fact xen_type;	 /* text of sys/hypervisor/type */
	struct via_fact xen_control;	 /* proc/xen/capabilities says control_d */
};

/* What a DMAR or IVRS table says. */
struct via_iommu_table {
	struct via_fact present; /* by name in the directory; needs no privilege */
	struct via_blob content; /* needs root */
	bool decoded;
	size_t units;		 /* DRHD or distinct IVHD units */
	size_t reserved_regions; /* RMRR or IVMD */
	bool interrupt_remapping, x2apic_opt_out, platform_opt_in;
	struct via_dmar dmar; /* the one that it is; the other is empty */
	struct via_ivrs ivrs;
};

/* What Arm's IORT says; it is there for interrupts too, without any SMMU. */
struct via_iort_table {
	struct via_fact present; /* as above */
	struct via_blob content;
	bool decoded;
	struct via_iort nodes;
};

/* A base address register that could be larger: sysfs resourceN_resize. */
struct via_resizable_bar {
	struct via_pci_address address;
	unsigned int index;
	uint64_t size, largest; /* bytes */
};

/* Of a physical function whose virtual ones reach beyond its own bus. */
struct via_vf_buses {
	struct via_pci_address address;
	struct via_fact last; /* number: the highest bus below the port above */
	struct via_fact ari;  /* number: whether that port forwards by ARI */
};

struct via_firmware {
	struct via_cpu cpu;
	struct via_fact acpi_tables; /* the directory; number: entries */
	struct via_iommu_table dmar, ivrs;
	struct via_iort_table iort;
	struct via_fact viot, mcfg;

	struct via_fact efi;	     /* sys/firmware/efi */
	struct via_fact secure_boot; /* number: 1 on */
	struct via_fact setup_mode;  /* number: 1 no platform key */
	struct via_fact shim_lax;    /* number: 1 shim was told not to validate */
	struct via_fact lockdown;    /* text: none, integrity, confidentiality */
	struct via_fact sig_enforce; /* text: Y, unsigned modules are refused in any case */
	struct via_fact dkms_key;    /* the key that DKMS signs with */

	struct via_fact system_vendor, product_name, product_version;
	struct via_fact board_vendor, board_name, bios_version, bios_date;
	struct via_fact smbios; /* the table; number: structures */
	via_list(struct via_smbios_slot) slots;

	struct via_fact above_4g;  /* a root bus window above 4 GiB; number 1 */
	struct via_fact resizable; /* whether display functions' BARs were looked at */
	via_list(struct via_resizable_bar) resizable_bars;
	via_list(struct via_vf_buses) vf_buses;
};
