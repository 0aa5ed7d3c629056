/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "rules/explain.h"

enum { PARAGRAPH = 150 }; /* characters; a good paragraph has more */

static void explains_every_finding(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_rule *rule;

	for (size_t i = 0; (rule = rule_at(i)); i++) {
		struct via_explanation topic;

		assert_int_equal(explain_find(arena, rule->id, &topic), 0);
		assert_int_equal(topic.kind, VIA_EXPLAINED_FINDING);
		if (!topic.rests || !topic.act)
			print_error("%s has no row in topics_*_findings.c\n", rule->id);
		assert_non_null(topic.rests);
		assert_non_null(topic.act);
		assert_non_null(topic.source);
	}
	for (size_t i = 0; i < VIA_COUNT(finding_topics); i++)
		for (size_t j = 0; j < finding_topics[i]->count; j++)
			assert_non_null(rule_find(finding_topics[i]->items[j].id));
}

static void explains_every_word_of_the_memo(void **state)
{
	static const char *const words[] = {
		"VT-x",
		"AMD-V",
		"VT-d",
		"AMD-Vi",
		"IOMMU",
		"SR-IOV",
		"VT-c",
		"KVM",
		"VFIO",
		"iommufd",
		"command line",
		"GRUB",
		"Proxmox",
		"Proxmox VE",
		"GPU passthrough",
		"DKMS",
		"ACS",
		"PF",
		"VF",
		"IOMMU group",
		"interrupt remapping",
		"RMRR",
		"reset",
		"ReBAR",
		"trap-and-emulate",
		"virtio",
		"vhost",
		"vhost-user",
		"VFIO-mdev",
		"vDPA",
		"VDUSE",
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();

	for (size_t i = 0; i < VIA_COUNT(words); i++) {
		struct via_explanation topic;

		if (explain_find(arena, words[i], &topic) < 0)
			print_error("%s is not explained\n", words[i]);
		assert_int_equal(explain_find(arena, words[i], &topic), 0);
		assert_int_equal(topic.kind, VIA_EXPLAINED_CONCEPT);
		assert_true(strlen(topic.text) > PARAGRAPH);
		assert_non_null(topic.source);
	}
}

static void explains_every_parameter(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_known_parameter *known;

	for (size_t i = 0; (known = parameter_at(i)); i++) {
		struct via_explanation topic;

		assert_int_equal(
			explain_find(arena, arena_printf(arena, "%s=1", known->name), &topic), 0);
		assert_int_equal(topic.kind, VIA_EXPLAINED_PARAMETER);
		assert_ptr_equal(topic.parameter, known);
	}
}

static void takes_names_as_people_type_them(void **state)
{
	static const struct {
		const char *key, *name;
	} rows[] = {
		{ "IOMMU_Group", "iommu group" },
		{ "vt d", "vt-d" },
		{ "sriov", "sr-iov" },
		{ "pve-efiboot-tool", "proxmox" },
		{ "iommu", "iommu" },
		{ "iommu=pt", "iommu" },
		{ "vfio-pci.ids", "vfio_pci.ids" },
		{ "KERNEL.KVM", "kernel.kvm" },
		{ "vfio-virqfd", "vfio_virqfd" },
		{ "vfio_mdev", "vfio-mdev" },
		{ "boot vga", "boot_vga" },
		{ "kvmfr", "looking glass" },
		{ "Access Control Services", "acs" },
		{ "virtual functions", "vf" },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_explanation topic;

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		assert_int_equal(explain_find(arena, rows[i].key, &topic), 0);
		assert_string_equal(topic.name, rows[i].name);
	}
	assert_int_equal(explain_find(arena, "iommu=pt", &topic), 0);
	assert_int_equal(topic.kind, VIA_EXPLAINED_PARAMETER);
	assert_string_equal(topic.parameter->name, "iommu");
	assert_int_equal(explain_find(arena, "", &topic), -ENOENT);
	assert_int_equal(explain_find(arena, "=", &topic), -ENOENT);
	assert_int_equal(explain_find(arena, "nonsense", &topic), -ENOENT);
}

/* A concept's other name may be a parameter's own: then both are told. */
static void tells_a_parameter_behind_its_concept(void **state)
{
	static const struct {
		const char *key, *concept, *parameter;
	} rows[] = {
		{ "intel_iommu", "vt-d", "intel_iommu" },
		{ "intel iommu", "vt-d", "intel_iommu" },
		{ "amd_iommu", "amd-vi", "amd_iommu" },
		{ "intremap", "interrupt remapping", "intremap" },
		{ "iommu", "iommu", "iommu" },
		{ "vt-d", "vt-d", NULL },
		{ "kvm", "kvm", NULL },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_explanation topic;

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		assert_int_equal(explain_find(arena, rows[i].key, &topic), 0);
		assert_int_equal(topic.kind, VIA_EXPLAINED_CONCEPT);
		assert_string_equal(topic.name, rows[i].concept);
		if (rows[i].parameter)
			assert_string_equal(topic.parameter->name, rows[i].parameter);
		else
			assert_null(topic.parameter);
	}
}

static void names_what_is_near(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names near;

	explain_near(arena, "vt-e", &near);
	assert_int_equal(near.count, 5);
	assert_true(names_have(&near, "vt-d"));
	explain_near(arena, "intel_iomu", &near);
	assert_string_equal(near.items[0], "intel_iommu");
	explain_near(arena, "remapping", &near);
	assert_string_equal(near.items[0], "interrupt remapping");
	explain_near(arena, arena_printf(arena, "%0200d", 7), &near);
	assert_int_equal(near.count, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(explains_every_finding),
		cmocka_unit_test(explains_every_word_of_the_memo),
		cmocka_unit_test(explains_every_parameter),
		cmocka_unit_test(takes_names_as_people_type_them),
		cmocka_unit_test(tells_a_parameter_behind_its_concept),
		cmocka_unit_test(names_what_is_near),
	};

	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
