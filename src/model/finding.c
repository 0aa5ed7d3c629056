/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/finding.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const layer_names[VIA_LAYERS] = {
	[VIA_LAYER_FIRMWARE] = "firmware",
	[VIA_LAYER_KERNEL] = "kernel",
	[VIA_LAYER_DEVICES] = "devices",
};

static const char *const verdict_names[VIA_VERDICTS] = {
	[VIA_PASS] = "pass",	       [VIA_WARN] = "warn", [VIA_FAIL] = "fail",
	[VIA_CANNOT_TELL] = "unknown", [VIA_SKIP] = "skip",
};

const char *layer_name(enum via_layer layer)
{
	return layer_names[layer];
}

const char *verdict_name(enum via_verdict verdict)
{
	return verdict_names[verdict];
}

enum via_verdict findings_worst(const struct via_findings *findings, enum via_layer layer)
{
	static const int badness[VIA_VERDICTS] = {
		[VIA_FAIL] = 4,
		[VIA_CANNOT_TELL] = 3,
		[VIA_WARN] = 2,
		[VIA_PASS] = 1,
	};
	enum via_verdict worst = VIA_SKIP;

	via_for_each (finding, &findings->list)
		if (finding->layer == layer && badness[finding->verdict] > badness[worst])
			worst = finding->verdict;
	return worst;
}

size_t findings_count(const struct via_findings *findings, enum via_verdict verdict)
{
	size_t count = 0;

	via_for_each (finding, &findings->list)
		count += finding->verdict == verdict;
	return count;
}

void finding_cite(struct via_finding *finding, const struct via_fact *fact)
{
	struct via_evidence *evidence;

	if (fact->known == VIA_NOT_ASKED)
		return;
	evidence = via_list_add(finding->arena, &finding->evidence);
	evidence->path = fact->path;
	evidence->error = fact->known == VIA_UNKNOWN ? fact->error : 0;
	if (fact->known == VIA_ABSENT)
		evidence->value = "(not there)";
	else if (fact->known == VIA_PRESENT && fact->text)
		evidence->value = fact->text;
	else if (fact->known == VIA_PRESENT)
		evidence->value =
			arena_printf(finding->arena, "%llu", (unsigned long long)fact->number);
}

void finding_cite_value(struct via_finding *finding, const char *path, const char *format, ...)
{
	struct via_evidence *evidence = via_list_add(finding->arena, &finding->evidence);
	va_list arguments;

	va_start(arguments, format);
	evidence->path = path;
	evidence->value = arena_vprintf(finding->arena, format, arguments);
	va_end(arguments);
}

void finding_detail(struct via_finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	finding->detail = arena_vprintf(finding->arena, format, arguments);
	va_end(arguments);
}

void finding_manual(struct via_finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	finding->remedy = (struct via_remedy){
		.kind = VIA_REMEDY_MANUAL,
		.text = arena_vprintf(finding->arena, format, arguments),
	};
	va_end(arguments);
}

void finding_goal(struct via_finding *finding, const char *goal, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	finding->remedy = (struct via_remedy){
		.kind = VIA_REMEDY_GOAL,
		.goal = goal,
		.text = arena_vprintf(finding->arena, format, arguments),
	};
	va_end(arguments);
}
