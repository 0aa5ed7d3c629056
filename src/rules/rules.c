/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule.h"

#include <string.h>

#include "base/cleanup.h"

static const struct via_rule_table *const tables[] = {
	&firmware_rules,       &kernel_rules,	       &device_rules,
	&device_virtual_rules, &device_graphics_rules, &device_dkms_rules
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
