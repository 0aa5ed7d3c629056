/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fact.h"

/*
 * What the leaves of the CPUID instruction say about virtualization. The instruction is not
 * coloured by what the kernel hides, but a hypervisor below answers what it likes.
 *
 * Source: Intel SDM volume 2A, CPUID; AMD APM volume 3, appendix E; Hyper-V TLFS 2.4
 */
enum via_cpuid_feature {
	VIA_CPUID_VMX,
	VIA_CPUID_SMX,
	VIA_CPUID_X2APIC,
	VIA_CPUID_HYPERVISOR,
	VIA_CPUID_SVM,
	VIA_CPUID_NPT,
	VIA_CPUID_NRIPS,
	VIA_CPUID_DECODE_ASSISTS,
	VIA_CPUID_AVIC,
	VIA_CPUID_VIRTUAL_VMLOAD,
	VIA_CPUID_VGIF,
	VIA_CPUID_X2AVIC,
	VIA_CPUID_VNMI,
	VIA_CPUID_SME,
	VIA_CPUID_SEV,
	VIA_CPUID_SEV_ES,
	VIA_CPUID_SEV_SNP,
	VIA_CPUID_TDX_GUEST,
	VIA_CPUID_FEATURES,
};

/* One answer of the instruction, or the errno it came to nothing with. */
struct via_cpuid_leaf {
	uint32_t leaf, subleaf;
	uint32_t eax, ebx, ecx, edx;
	int error; /* positive errno; ENXIO: above the processor's maximum */
};

/**
 * struct via_cpuid_facts - what the leaves amount to
 * @known: for each feature; VIA_UNKNOWN where its leaf was not answered
 * @vendor: twelve characters ("GenuineIntel", "  Shanghai  "); "" when not answered
 * @hypervisor: the signature at 40000000h, "" when there is none
 * @inner_hypervisor: that at 40000100h, where a hypervisor that plays another one says who it
 *                    really is
 * @hyperv_root: the partition below is Hyper-V's root: it may create others
 * @max, @max_extended: the highest leaves; 0 when not answered
 * @physical_bits, @linear_bits: widths of addresses; 0 when not answered
 * @svm_asids: how many address spaces SVM can tag
 */
struct via_cpuid_facts {
	enum via_known known[VIA_CPUID_FEATURES];
	char vendor[13], hypervisor[13], inner_hypervisor[13];
	bool hyperv_root;
	uint32_t max, max_extended;
	uint32_t family, model, stepping;
	uint8_t physical_bits, linear_bits;
	uint32_t svm_asids;
};

/* cpuid_decode - from however many leaves there are, in any order */
void cpuid_decode(const struct via_cpuid_leaf *leaves, size_t count, struct via_cpuid_facts *ret);

/* cpuid_wanted - the leaves that cpuid_decode() looks at, one after another; false behind the
 * last */
bool cpuid_wanted(size_t index, uint32_t *ret);

/* cpuid_feature_name - as /proc/cpuinfo spells it */
const char *cpuid_feature_name(enum via_cpuid_feature feature);

/* cpuid_feature_source - "cpuid 1.ecx[5] (VMX)" */
const char *cpuid_feature_source(enum via_cpuid_feature feature);

/**
 * cpuid_hypervisor_name - whom a signature stands for
 * Return: "KVM", "Hyper-V" …; the signature itself, made printable, where nobody knows it
 */
const char *cpuid_hypervisor_name(struct via_arena *arena, const char *signature);
