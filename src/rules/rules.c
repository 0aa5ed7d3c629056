/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule.h"

#include <string.h>

#include "base/cleanup.h"

static const struct via_rule_table *const tables[] = {
	&firmware_rules,
	&log_firmware_rules,
	&kernel_kvm_rules,
	&kernel_iommu_rules,
	&kernel_iommu_group_rules,
	&kernel_unsafe_rules,
	&kernel_vfio_rules,
	&kernel_vfio_id_rules,
	&kernel_command_line_rules,
	&kernel_module_rules,
	&kernel_boot_rules,
	&kernel_upgrade_rules,
	&kernel_graphics_rules,
	&kernel_memory_rules,
	&kernel_surrounding_rules,
	&log_kernel_rules,
	&log_fault_rules,
	&descent_early_rules,
	&descent_late_rules,
	&device_rules,
	&device_virtual_rules,
	&device_graphics_rules,
	&device_dkms_rules,
	&device_declared_rules,
	&device_keeper_rules,
	&device_baseline_rules,
	&holder_rules,
	&log_device_rules,
};

static void judge(const struct via_rule *rule, const struct via_host *host,
		  struct via_findings *findings)
{
	struct via_finding *finding = via_list_add(findings->arena, &findings->list);

	*finding = (struct via_finding){
		.id = rule->id,
		.layer = rule->layer,
		.title = rule->title,
		.source = rule->source,
		.arena = findings->arena,
	};
	finding->verdict = rule->eval(host, finding);
}

struct via_findings rules_run(struct via_arena *arena, const struct via_host *host)
{
	struct via_findings findings = { .arena = arena };

	for (size_t t = 0; t < VIA_COUNT(tables); t++)
		for (size_t i = 0; i < tables[t]->count; i++)
			judge(&tables[t]->rules[i], host, &findings);
	return findings;
}

const struct via_rule *rule_at(size_t index)
{
	for (size_t t = 0; t < VIA_COUNT(tables); t++) {
		if (index < tables[t]->count)
			return &tables[t]->rules[index];
		index -= tables[t]->count;
	}
	return NULL;
}

const struct via_rule *rule_find(const char *id)
{
	for (size_t t = 0; t < VIA_COUNT(tables); t++)
		for (size_t i = 0; i < tables[t]->count; i++)
			if (strcmp(tables[t]->rules[i].id, id) == 0)
				return &tables[t]->rules[i];
	return NULL;
}
