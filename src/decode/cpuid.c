/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/cpuid.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

enum {
	LEAF_BASE = 0,
	LEAF_FEATURES = 1,
	LEAF_TDX = 0x21,
	LEAF_HYPERVISOR = 0x40000000,
	LEAF_HYPERVISOR_FEATURES = 0x40000003,
	LEAF_INNER_HYPERVISOR = 0x40000100,
};
#define LEAF_EXTENDED	       0x80000000u
#define LEAF_EXTENDED_FEATURES 0x80000001u
#define LEAF_ADDRESS_WIDTHS    0x80000008u
#define LEAF_SVM	       0x8000000au
#define LEAF_ENCRYPTION	       0x8000001fu

static const uint32_t wanted[] = {
	LEAF_BASE,
	LEAF_FEATURES,
	LEAF_TDX,
	LEAF_HYPERVISOR,
	LEAF_HYPERVISOR_FEATURES,
	LEAF_INNER_HYPERVISOR,
	LEAF_EXTENDED,
	LEAF_EXTENDED_FEATURES,
	LEAF_ADDRESS_WIDTHS,
	LEAF_SVM,
	LEAF_ENCRYPTION,
};

enum cpuid_register { EAX, EBX, ECX, EDX };

/* @needs: a feature without which the leaf means nothing; itself where it needs none */
static const struct {
	const char *name, *source;
	uint32_t leaf;
	enum cpuid_register from;
	unsigned int bit;
	enum via_cpuid_feature needs;
} features[] = {
#define FEATURE(id, name, source, leaf, from, bit, needs) \
	[VIA_CPUID_##id] = { name, source, leaf, from, bit, VIA_CPUID_##needs }
	FEATURE(VMX, "vmx", "cpuid 1.ecx[5] (VMX)", LEAF_FEATURES, ECX, 5, VMX),
	FEATURE(SMX, "smx", "cpuid 1.ecx[6] (SMX)", LEAF_FEATURES, ECX, 6, SMX),
	FEATURE(X2APIC, "x2apic", "cpuid 1.ecx[21] (x2APIC)", LEAF_FEATURES, ECX, 21, X2APIC),
	FEATURE(HYPERVISOR, "hypervisor", "cpuid 1.ecx[31] (hypervisor)", LEAF_FEATURES, ECX, 31,
		HYPERVISOR),
	FEATURE(SVM, "svm", "cpuid 80000001h.ecx[2] (SVM)", LEAF_EXTENDED_FEATURES, ECX, 2, SVM),
	FEATURE(NPT, "npt", "cpuid 8000000ah.edx[0] (NPT)", LEAF_SVM, EDX, 0, SVM),
	FEATURE(NRIPS, "nrip_save", "cpuid 8000000ah.edx[3] (NRIPS)", LEAF_SVM, EDX, 3, SVM),
	FEATURE(DECODE_ASSISTS, "decodeassists", "cpuid 8000000ah.edx[7] (DecodeAssists)", LEAF_SVM,
		EDX, 7, SVM),
	FEATURE(AVIC, "avic", "cpuid 8000000ah.edx[13] (AVIC)", LEAF_SVM, EDX, 13, SVM),
	FEATURE(VIRTUAL_VMLOAD, "v_vmsave_vmload", "cpuid 8000000ah.edx[15] (VMSAVEvirt)", LEAF_SVM,
		EDX, 15, SVM),
	FEATURE(VGIF, "vgif", "cpuid 8000000ah.edx[16] (VGIF)", LEAF_SVM, EDX, 16, SVM),
	FEATURE(X2AVIC, "x2avic", "cpuid 8000000ah.edx[18] (x2AVIC)", LEAF_SVM, EDX, 18, SVM),
	FEATURE(VNMI, "vnmi", "cpuid 8000000ah.edx[25] (VNMI)", LEAF_SVM, EDX, 25, SVM),
	FEATURE(SME, "sme", "cpuid 8000001fh.eax[0] (SME)", LEAF_ENCRYPTION, EAX, 0, SME),
	FEATURE(SEV, "sev", "cpuid 8000001fh.eax[1] (SEV)", LEAF_ENCRYPTION, EAX, 1, SEV),
	FEATURE(SEV_ES, "sev_es", "cpuid 8000001fh.eax[3] (SEV-ES)", LEAF_ENCRYPTION, EAX, 3,
		SEV_ES),
	FEATURE(SEV_SNP, "sev_snp", "cpuid 8000001fh.eax[4] (SEV-SNP)", LEAF_ENCRYPTION, EAX, 4,
		SEV_SNP),
	FEATURE(TDX_GUEST, "tdx_guest", "cpuid 21h (IntelTDX)", LEAF_TDX, EAX, 0, TDX_GUEST),
#undef FEATURE
};
_Static_assert(VIA_COUNT(features) == VIA_CPUID_FEATURES, "every feature has its place");

struct leaves {
	const struct via_cpuid_leaf *items;
	size_t count;
};

static const struct via_cpuid_leaf *leaf_of(struct leaves leaves, uint32_t leaf)
{
	for (size_t i = 0; i < leaves.count; i++)
		if (leaves.items[i].leaf == leaf && !leaves.items[i].subleaf)
			return &leaves.items[i];
	return NULL;
}

static const struct via_cpuid_leaf *answered(struct leaves leaves, uint32_t leaf)
{
	const struct via_cpuid_leaf *found = leaf_of(leaves, leaf);

	return found && !found->error ? found : NULL;
}

static void put(char *text, uint32_t value)
{
	for (size_t i = 0; i < 4; i++)
		text[i] = (char)(value >> 8 * i);
}

/* Twelve characters in three registers, whose order differs from leaf to leaf. */
static void signature(uint32_t first, uint32_t second, uint32_t third, char ret[13])
{
	put(ret, first);
	put(ret + 4, second);
	put(ret + 8, third);
	ret[12] = '\0';
}

/* What Intel processors answer above their maximum is that of another leaf. */
static bool above_maximum(const struct via_cpuid_facts *facts, uint32_t leaf)
{
	uint32_t max = leaf < LEAF_EXTENDED ? facts->max : facts->max_extended;

	return max && leaf > max;
}

static enum via_known tdx_guest(const struct via_cpuid_leaf *leaf)
{
	char text[13];

	signature(leaf->ebx, leaf->edx, leaf->ecx, text);
	return strcmp(text, "IntelTDX    ") == 0 ? VIA_PRESENT : VIA_ABSENT;
}

static enum via_known decode_feature(struct leaves leaves, const struct via_cpuid_facts *facts,
				     enum via_cpuid_feature feature)
{
	enum via_cpuid_feature needs = features[feature].needs;
	const struct via_cpuid_leaf *leaf = leaf_of(leaves, features[feature].leaf);
	const uint32_t registers[] = { leaf ? leaf->eax : 0, leaf ? leaf->ebx : 0,
				       leaf ? leaf->ecx : 0, leaf ? leaf->edx : 0 };

	if (needs != feature && facts->known[needs] != VIA_PRESENT)
		return facts->known[needs];
	if (above_maximum(facts, features[feature].leaf) || (leaf && leaf->error == ENXIO))
		return VIA_ABSENT;
	if (!leaf || leaf->error)
		return VIA_UNKNOWN;
	if (feature == VIA_CPUID_TDX_GUEST)
		return tdx_guest(leaf);
	return registers[features[feature].from] >> features[feature].bit & 1 ? VIA_PRESENT
									      : VIA_ABSENT;
}

static void decode_identity(struct leaves leaves, struct via_cpuid_facts *facts)
{
	const struct via_cpuid_leaf *leaf = answered(leaves, LEAF_BASE);

	if (leaf) {
		facts->max = leaf->eax;
		signature(leaf->ebx, leaf->edx, leaf->ecx, facts->vendor);
	}
	leaf = answered(leaves, LEAF_EXTENDED);
	if (leaf && leaf->eax > LEAF_EXTENDED)
		facts->max_extended = leaf->eax;
	leaf = answered(leaves, LEAF_FEATURES);
	if (!leaf)
		return;
	facts->stepping = leaf->eax & 0xf;
	facts->family = leaf->eax >> 8 & 0xf;
	facts->model = leaf->eax >> 4 & 0xf;
	if (facts->family == 6 || facts->family == 0xf)
		facts->model |= leaf->eax >> 12 & 0xf0;
	if (facts->family == 0xf)
		facts->family += leaf->eax >> 20 & 0xff;
}

static void decode_hypervisor(struct leaves leaves, struct via_cpuid_facts *facts)
{
	const struct via_cpuid_leaf *outer = answered(leaves, LEAF_HYPERVISOR);
	const struct via_cpuid_leaf *inner = answered(leaves, LEAF_INNER_HYPERVISOR);
	const struct via_cpuid_leaf *rights = answered(leaves, LEAF_HYPERVISOR_FEATURES);

	if (facts->known[VIA_CPUID_HYPERVISOR] != VIA_PRESENT || !outer)
		return;
	signature(outer->ebx, outer->ecx, outer->edx, facts->hypervisor);
	/* A processor without that range repeats another leaf there. */
	if (inner && inner->eax >= LEAF_INNER_HYPERVISOR &&
	    inner->eax < LEAF_INNER_HYPERVISOR + 256)
		signature(inner->ebx, inner->ecx, inner->edx, facts->inner_hypervisor);
	/* CreatePartitions */
	if (rights && strcmp(facts->hypervisor, "Microsoft Hv") == 0)
		facts->hyperv_root = rights->ebx & 1;
}

void cpuid_decode(const struct via_cpuid_leaf *items, size_t count, struct via_cpuid_facts *ret)
{
	struct via_cpuid_facts facts = { 0 };
	struct leaves leaves = { items, count };
	const struct via_cpuid_leaf *leaf;

	decode_identity(leaves, &facts);
	for (int i = 0; i < VIA_CPUID_FEATURES; i++)
		facts.known[i] = decode_feature(leaves, &facts, (enum via_cpuid_feature)i);
	decode_hypervisor(leaves, &facts);
	leaf = answered(leaves, LEAF_ADDRESS_WIDTHS);
	if (leaf && !above_maximum(&facts, LEAF_ADDRESS_WIDTHS)) {
		facts.physical_bits = (uint8_t)leaf->eax;
		facts.linear_bits = (uint8_t)(leaf->eax >> 8);
	}
	leaf = answered(leaves, LEAF_SVM);
	if (leaf && facts.known[VIA_CPUID_SVM] == VIA_PRESENT)
		facts.svm_asids = leaf->ebx;
	*ret = facts;
}

bool cpuid_wanted(size_t index, uint32_t *ret)
{
	if (index >= VIA_COUNT(wanted))
		return false;
	*ret = wanted[index];
	return true;
}

const char *cpuid_feature_name(enum via_cpuid_feature feature)
{
	return features[feature].name;
}

const char *cpuid_feature_source(enum via_cpuid_feature feature)
{
	return features[feature].source;
}

static const struct {
	const char *signature, *name;
} hypervisors[] = {
	{ "KVMKVMKVM", "KVM" },
	{ "Linux KVM Hv", "KVM" },
	{ "Microsoft Hv", "Hyper-V" },
	{ "VMwareVMware", "VMware" },
	{ "XenVMMXenVMM", "Xen" },
	{ "TCGTCGTCGTCG", "QEMU TCG" },
	{ "VBoxVBoxVBox", "VirtualBox" },
	{ "bhyve bhyve ", "bhyve" },
	{ "BHyVE BHyVE ", "bhyve" },
	{ "ACRNACRNACRN", "ACRN" },
	{ " lrpepyh  vr", "Parallels" },
	{ "prl hyperv  ", "Parallels" },
	{ "QNXQVMBSQG", "QNX" },
	{ "Jailhouse", "Jailhouse" },
	{ "OpenBSDVMM58", "OpenBSD vmm" },
	{ "___ NVMM ___", "NetBSD NVMM" },
	{ "HAXMHAXMHAXM", "HAXM" },
	{ "UnisysSpar64", "Unisys s-Par" },
};

const char *cpuid_hypervisor_name(struct via_arena *arena, const char *text)
{
	char *copy;

	for (size_t i = 0; i < VIA_COUNT(hypervisors); i++)
		if (strcmp(text, hypervisors[i].signature) == 0)
			return hypervisors[i].name;
	copy = arena_strdup(arena, text);
	for (char *c = copy; *c; c++)
		if (!isprint((unsigned char)*c))
			*c = '?';
	return copy;
}
