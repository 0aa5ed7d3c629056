/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "decode/cpuid.h"

#define TEXT(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
/* Once more through a macro, so that a text counts as the three registers it is. */
#define LEAF(...) LEAF_OF(__VA_ARGS__)
#define LEAF_OF(number, a, b, c, d)                                              \
	{                                                                        \
		.leaf = (number), .eax = (a), .ebx = (b), .ecx = (c), .edx = (d) \
	}
#define INTEL \
	LEAF(0, 0x16, TEXT('G', 'e', 'n', 'u'), TEXT('n', 't', 'e', 'l'), TEXT('i', 'n', 'e', 'I'))
#define KVM    TEXT('K', 'V', 'M', 'K'), TEXT('V', 'M', 'K', 'V'), TEXT('M', 0, 0, 0)
#define HYPERV TEXT('M', 'i', 'c', 'r'), TEXT('o', 's', 'o', 'f'), TEXT('t', ' ', 'H', 'v')

#define DECODE(facts, ...)                                              \
	do {                                                            \
		const struct via_cpuid_leaf leaves[] = { __VA_ARGS__ }; \
		cpuid_decode(leaves, VIA_COUNT(leaves), &(facts));      \
	} while (0)

static void reads_intel(void **state)
{
	struct via_cpuid_facts facts;

	DECODE(facts, INTEL, LEAF(1, 0x306e4, 0, 1 << 5, 0), LEAF(0x80000000, 0x80000008, 0, 0, 0),
	       LEAF(0x80000001, 0, 0, 0, 0), LEAF(0x80000008, 0x302e, 0, 0, 0));
	assert_string_equal(facts.vendor, "GenuineIntel");
	assert_int_equal(facts.known[VIA_CPUID_VMX], VIA_PRESENT);
	assert_int_equal(facts.known[VIA_CPUID_HYPERVISOR], VIA_ABSENT);
	assert_int_equal(facts.known[VIA_CPUID_SVM], VIA_ABSENT);
	assert_int_equal(facts.known[VIA_CPUID_NPT], VIA_ABSENT);
	/* Above the highest extended leaf there is nothing, asked or not. */
	assert_int_equal(facts.known[VIA_CPUID_SEV], VIA_ABSENT);
	assert_int_equal(facts.known[VIA_CPUID_TDX_GUEST], VIA_ABSENT);
	assert_int_equal(facts.physical_bits, 46);
	assert_int_equal(facts.linear_bits, 48);
	assert_int_equal(facts.family, 6);
	assert_int_equal(facts.model, 0x3e);
}

static void reads_amd(void **state)
{
	struct via_cpuid_facts facts;

	DECODE(facts, LEAF(1, 0xa10f11, 0, 0, 0), LEAF(0x80000000, 0x8000001f, 0, 0, 0),
	       LEAF(0x80000001, 0, 0, 4, 0), LEAF(0x8000000a, 1, 0x8000, 0, 1 | 1 << 13 | 1 << 25),
	       LEAF(0x8000001f, 0x2, 0, 0, 0));
	assert_int_equal(facts.known[VIA_CPUID_SVM], VIA_PRESENT);
	assert_int_equal(facts.known[VIA_CPUID_NPT], VIA_PRESENT);
	assert_int_equal(facts.known[VIA_CPUID_AVIC], VIA_PRESENT);
	assert_int_equal(facts.known[VIA_CPUID_X2AVIC], VIA_ABSENT);
	assert_int_equal(facts.known[VIA_CPUID_VNMI], VIA_PRESENT);
	assert_int_equal(facts.known[VIA_CPUID_SEV], VIA_PRESENT);
	assert_int_equal(facts.known[VIA_CPUID_SEV_SNP], VIA_ABSENT);
	assert_int_equal(facts.svm_asids, 0x8000);
	assert_int_equal(facts.family, 0x19);
	assert_int_equal(facts.model, 0x11);
}

/* Without SVM the leaf of its features means nothing: some processors repeat another there. */
static void features_need_their_extension(void **state)
{
	struct via_cpuid_facts facts;

	DECODE(facts, LEAF(0x80000001, 0, 0, 0, 0), LEAF(0x8000000a, ~0u, ~0u, ~0u, ~0u));
	assert_int_equal(facts.known[VIA_CPUID_NPT], VIA_ABSENT);
	assert_int_equal(facts.svm_asids, 0);
	DECODE(facts, LEAF(0x80000001, 0, 0, 4, 0));
	assert_int_equal(facts.known[VIA_CPUID_NPT], VIA_UNKNOWN);
}

static void unanswered_is_unknown(void **state)
{
	struct via_cpuid_facts facts;

	DECODE(facts, { .leaf = 1, .error = ENODATA }, { .leaf = 0x80000001, .error = ENXIO });
	assert_int_equal(facts.known[VIA_CPUID_VMX], VIA_UNKNOWN);
	assert_int_equal(facts.known[VIA_CPUID_SVM], VIA_ABSENT);
	assert_string_equal(facts.vendor, "");
}

static void names_the_hypervisor(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_cpuid_facts facts;

	DECODE(facts, LEAF(1, 0, 0, 1u << 31, 0), LEAF(0x40000000, 0x40000001, KVM));
	assert_string_equal(cpuid_hypervisor_name(arena, facts.hypervisor), "KVM");
	/* KVM that plays Hyper-V for Windows says who it is one range further. */
	DECODE(facts, LEAF(1, 0, 0, 1u << 31, 0), LEAF(0x40000000, 0x4000000a, HYPERV),
	       LEAF(0x40000003, 0, 1, 0, 0), LEAF(0x40000100, 0x40000101, KVM));
	assert_string_equal(cpuid_hypervisor_name(arena, facts.hypervisor), "Hyper-V");
	assert_string_equal(cpuid_hypervisor_name(arena, facts.inner_hypervisor), "KVM");
	assert_true(facts.hyperv_root);
	/* On a real machine the range answers with something else. */
	DECODE(facts, LEAF(1, 0, 0, 0, 0), LEAF(0x40000000, 7, KVM));
	assert_string_equal(facts.hypervisor, "");
	assert_string_equal(cpuid_hypervisor_name(arena, "\001x"), "?x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_intel),
		cmocka_unit_test(reads_amd),
		cmocka_unit_test(features_need_their_extension),
		cmocka_unit_test(unanswered_is_unknown),
		cmocka_unit_test(names_the_hypervisor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
