/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/check.h"
#include "render/json.h"

static json_t *json_evidence(const struct via_evidence *evidence)
{
	return json_pack("{s:o, s:o, s:o}", "path", json_optional(evidence->path), "value",
			 json_optional(evidence->value), "errno",
			 evidence->error ? json_string(errno_name(evidence->error)) : json_null());
}

static json_t *json_remedy(const struct via_remedy *remedy)
{
	if (remedy->kind == VIA_REMEDY_NONE)
		return json_null();
	return json_pack("{s:s, s:o, s:o}", "kind",
			 remedy->kind == VIA_REMEDY_GOAL ? "goal" : "manual", "goal",
			 json_optional(remedy->goal), "text", json_optional(remedy->text));
}

static json_t *json_finding(const struct via_finding *finding)
{
	json_t *evidence = json_array();

	via_for_each (item, &finding->evidence)
		json_array_append_new(evidence, json_evidence(item));
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s}", "id", finding->id, "layer",
			 layer_name(finding->layer), "verdict", verdict_name(finding->verdict),
			 "title", finding->title, "detail", json_optional(finding->detail),
			 "evidence", evidence, "remedy", json_remedy(&finding->remedy), "source",
			 finding->source);
}

json_t *json_host(const struct via_host *host)
{
	return json_pack("{s:o, s:b, s:o, s:o, s:o, s:o}", "source", json_optional(host->source),
			 "live", host->live, "kernel", json_text(&host->kernel_release), "os",
			 json_text(&host->os_name), "cpu",
			 json_text(&host->firmware.cpu.model_name), "effective_uid",
			 json_number(&host->effective_uid));
}

json_t *json_check(const struct via_host *host, const struct via_findings *findings)
{
	json_t *list = json_array(), *layers = json_array(), *summary = json_object();

	for (int i = 0; i < VIA_LAYERS; i++)
		json_array_append_new(
			layers,
			json_pack("{s:s, s:s}", "layer", layer_name((enum via_layer)i), "verdict",
				  verdict_name(findings_worst(findings, (enum via_layer)i))));
	via_for_each (finding, &findings->list)
		json_array_append_new(list, json_finding(finding));
	for (int i = 0; i < VIA_VERDICTS; i++)
		json_object_set_new(
			summary, verdict_name((enum via_verdict)i),
			json_integer((json_int_t)findings_count(findings, (enum via_verdict)i)));
	return json_pack("{s:s, s:o, s:o, s:o, s:o}", "schema", "viaduct.check/1", "host",
			 json_host(host), "layers", layers, "findings", list, "summary", summary);
}
