/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/check.h"

#include <ctype.h>
#include <string.h>

static const char *const headings[VIA_LAYERS] = {
	[VIA_LAYER_FIRMWARE] = "Firmware",
	[VIA_LAYER_KERNEL] = "Kernel",
	[VIA_LAYER_DEVICES] = "Device drivers",
};

enum { INDENT = 6, VALUE_COLUMNS = 60 };

static void print_host(const struct via_paper *paper, const struct via_host *host)
{
	const char *os = fact_text(&host->os_name), *kernel = fact_text(&host->kernel_release);
	const char *cpu = fact_text(&host->firmware.cpu.model_name);

	paper_print(paper, VIA_STYLE_BOLD, "%s", os ? os : "a host");
	paper_print(paper, VIA_STYLE_PLAIN, ", Linux %s, %s%s%s\n", kernel ? kernel : "(unknown)",
		    cpu ? cpu : "unknown processor", host->live ? "" : ", read from ",
		    host->live ? "" : host->source);
}

/* One line of evidence: where, and what was there; long values are cut for the eye. */
static void print_evidence(const struct via_paper *paper, const struct via_evidence *evidence)
{
	const char *value = evidence->value;
	size_t length = value ? strcspn(value, "\n") : 0;

	paper_print(paper, VIA_STYLE_DIM, "%*s%s = ", INDENT, "", evidence->path);
	if (evidence->error)
		paper_print(paper, VIA_STYLE_CARE, "%s", errno_name(evidence->error));
	if (value)
		paper_print(paper, VIA_STYLE_DIM, "%.*s%s",
			    (int)(length > VALUE_COLUMNS ? VALUE_COLUMNS : length), value,
			    value[length] || length > VALUE_COLUMNS
				    ? paper_symbol(paper, "…", "...")
				    : "");
	fputc('\n', paper->file);
}

static void print_finding(const struct via_paper *paper, const struct via_finding *finding,
			  enum via_detail detail)
{
	bool matters = finding->verdict == VIA_FAIL || finding->verdict == VIA_WARN ||
		       finding->verdict == VIA_CANNOT_TELL;

	fputs("  ", paper->file);
	paper_mark(paper, finding->verdict);
	paper_print(paper, matters ? VIA_STYLE_BOLD : VIA_STYLE_PLAIN, " %s", finding->title);
	paper_print(paper, VIA_STYLE_DIM, "  [%s]\n", finding->id);
	if (finding->detail && (matters || detail == VIA_DETAIL_ALL))
		paper_wrap(paper, VIA_STYLE_PLAIN, INDENT, finding->detail);
	if (matters || detail == VIA_DETAIL_ALL)
		via_for_each (evidence, &finding->evidence)
			print_evidence(paper, evidence);
	if (detail == VIA_DETAIL_ALL)
		paper_print(paper, VIA_STYLE_DIM, "%*ssource: %s\n", INDENT, "", finding->source);
}

/* What does not apply here is not what one looks for; what is right is, in a line. */
static bool is_shown(enum via_verdict verdict, enum via_detail detail)
{
	if (verdict == VIA_SKIP)
		return detail == VIA_DETAIL_ALL;
	return verdict != VIA_PASS || detail != VIA_DETAIL_QUIET;
}

static void print_layer(const struct via_paper *paper, const struct via_findings *findings,
			enum via_layer layer, enum via_detail detail)
{
	fputc('\n', paper->file);
	paper_print(paper, VIA_STYLE_BOLD, "%s", headings[layer]);
	paper_print(paper, VIA_STYLE_DIM, " (%s)\n", verdict_name(findings_worst(findings, layer)));
	via_for_each (finding, &findings->list)
		if (finding->layer == layer && is_shown(finding->verdict, detail))
			print_finding(paper, finding, detail);
}

static void print_next(const struct via_paper *paper, const struct via_findings *findings)
{
	bool any = false;

	via_for_each (finding, &findings->list) {
		if (finding->remedy.kind == VIA_REMEDY_NONE)
			continue;
		if (!any)
			paper_print(paper, VIA_STYLE_BOLD, "\nWhat to do next\n");
		any = true;
		paper_print(paper, VIA_STYLE_LINK, "  %s ", paper_symbol(paper, "→", "->"));
		paper_print(paper, VIA_STYLE_DIM, "%s\n", finding->id);
		paper_wrap(paper, VIA_STYLE_PLAIN, INDENT, finding->remedy.text);
		if (finding->remedy.goal)
			paper_print(paper, VIA_STYLE_LINK, "%*sviaduct plan %s\n", INDENT, "",
				    finding->remedy.goal);
	}
}

void text_check(const struct via_paper *paper, const struct via_host *host,
		const struct via_findings *findings, enum via_detail detail)
{
	print_host(paper, host);
	for (int i = 0; i < VIA_LAYERS; i++)
		print_layer(paper, findings, (enum via_layer)i, detail);
	print_next(paper, findings);
	fputc('\n', paper->file);
	for (int i = 0; i < VIA_VERDICTS; i++)
		paper_print(paper, VIA_STYLE_PLAIN, "%s%zu %s", i ? ", " : "",
			    findings_count(findings, (enum via_verdict)i),
			    verdict_name((enum via_verdict)i));
	paper_print(paper, VIA_STYLE_DIM, "%s\n",
		    detail == VIA_DETAIL_ALL ? "" : " (-v shows all of it, with the evidence)");
}
