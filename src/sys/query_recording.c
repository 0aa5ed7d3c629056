/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "sys/query.h"

struct noted_leaf {
	uint32_t leaf, subleaf;
	int r;
	struct via_cpuid value;
};

struct noted_msr {
	uint32_t index;
	int r;
	uint64_t value;
};

struct recording {
	const struct via_queries *inner;
	struct via_arena *arena;
	via_list(struct noted_leaf) leaves;
	via_list(struct noted_msr) msrs;
	struct via_kvm_answer kvm;
	struct via_fact kernel_log;
	int uid_r;
	uint32_t uid;
	struct via_ways ways;
	struct {
		bool asked;
		int r;
		const char *text;
	} texts[VIA_QUESTIONS];
};

static int note_cpuid(void *context, uint32_t leaf, uint32_t subleaf, struct via_cpuid *ret)
{
	struct recording *recording = context;
	struct noted_leaf *noted = via_list_add(recording->arena, &recording->leaves);

	noted->leaf = leaf;
	noted->subleaf = subleaf;
	noted->r = query_cpuid(recording->inner, leaf, subleaf, &noted->value);
	if (noted->r == 0)
		*ret = noted->value;
	return noted->r;
}

static void note_kvm(void *context, struct via_kvm_answer *ret)
{
	struct recording *recording = context;

	query_kvm(recording->inner, &recording->kvm);
	*ret = recording->kvm;
}

static int note_uid(void *context, uint32_t *ret)
{
	struct recording *recording = context;

	recording->uid_r =
		recording->inner->ops->effective_uid(recording->inner->context, &recording->uid);
	if (recording->uid_r == 0)
		*ret = recording->uid;
	return recording->uid_r;
}

static void note_ways(void *context, struct via_arena *arena, struct via_ways *ret)
{
	struct recording *recording = context;

	query_ways(recording->inner, recording->arena, &recording->ways);
	*ret = recording->ways;
}

static int note_text(void *context, enum via_question question, struct via_arena *arena,
		     const char **ret)
{
	struct recording *recording = context;
	struct via_fact fact = query_text(recording->inner, question, recording->arena);

	recording->texts[question].asked = true;
	recording->texts[question].r = fact_is(&fact, VIA_PRESENT) ? 0 : -fact.error;
	recording->texts[question].text = fact_text(&fact);
	if (recording->texts[question].r == 0)
		*ret = fact.text;
	return recording->texts[question].r;
}

static struct via_fact note_kernel_log(void *context, struct via_arena *arena,
				       via_log_extract *extract)
{
	struct recording *recording = context;

	recording->kernel_log = query_kernel_log(recording->inner, recording->arena, extract);
	return recording->kernel_log;
}

static int note_msr(void *context, uint32_t index, uint64_t *ret)
{
	struct recording *recording = context;
	struct noted_msr *noted = via_list_add(recording->arena, &recording->msrs);

	noted->index = index;
	noted->r = query_msr(recording->inner, index, &noted->value);
	if (noted->r == 0)
		*ret = noted->value;
	return noted->r;
}

static const struct via_query_ops recording_ops = {
	.cpuid = note_cpuid,
	.kvm = note_kvm,
	.effective_uid = note_uid,
	.ways = note_ways,
	.text = note_text,
	.kernel_log = note_kernel_log,
	.msr = note_msr,
};

struct via_queries queries_recording(const struct via_queries *inner, struct via_arena *arena)
{
	struct recording *recording = arena_new_object(arena, struct recording);

	*recording = (struct recording){ .inner = inner, .arena = arena, .uid_r = -ENODATA };
	return (struct via_queries){ .ops = &recording_ops, .context = recording };
}

static json_t *json_leaf(const struct noted_leaf *leaf)
{
	const uint32_t registers[] = { leaf->value.eax, leaf->value.ebx, leaf->value.ecx,
				       leaf->value.edx };
	json_t *list;

	if (leaf->r < 0)
		return json_integer(-leaf->r);
	list = json_array();
	for (size_t i = 0; i < VIA_COUNT(registers); i++)
		json_array_append_new(list, json_sprintf("%08x", registers[i]));
	return list;
}

static json_t *json_leaves(const struct recording *recording)
{
	json_t *leaves = json_object();
	char key[32];

	via_for_each (leaf, &recording->leaves) {
		snprintf(key, sizeof(key), "%08x.%u", leaf->leaf, leaf->subleaf);
		json_object_set_new(leaves, key, json_leaf(leaf));
	}
	return leaves;
}

static json_t *json_msrs(const struct recording *recording)
{
	json_t *msrs = json_object();
	char key[16];

	via_for_each (msr, &recording->msrs) {
		snprintf(key, sizeof(key), "%08x", msr->index);
		json_object_set_new(
			msrs, key,
			msr->r < 0 ? json_integer(-msr->r)
				   : json_sprintf("%016llx", (unsigned long long)msr->value));
	}
	return msrs;
}

static json_t *json_fact(const struct via_fact *fact)
{
	json_t *object = json_pack("{s:s}", "known", known_name(fact->known));

	if (fact_is(fact, VIA_PRESENT))
		json_object_set_new(object, "number", json_integer((json_int_t)fact->number));
	if (fact_text(fact))
		json_object_set_new(object, "text", json_string(fact->text));
	if (fact->error)
		json_object_set_new(object, "error", json_integer(fact->error));
	return object;
}

static json_t *json_names_of(const struct via_names *names)
{
	json_t *list = json_array();

	via_for_each (name, names)
		json_array_append_new(list, json_string(*name));
	return list;
}

static json_t *json_ways(const struct via_ways *ways)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "routes_known", json_fact(&ways->routes_known),
			 "sessions_known", json_fact(&ways->sessions_known), "routes",
			 json_names_of(&ways->routes), "sessions", json_names_of(&ways->sessions));
}

static json_t *json_texts(const struct recording *recording)
{
	json_t *texts = json_object();

	for (int i = 0; i < VIA_QUESTIONS; i++)
		if (recording->texts[i].asked)
			json_object_set_new(texts, question_name((enum via_question)i),
					    recording->texts[i].r < 0
						    ? json_integer(-recording->texts[i].r)
						    : json_string(recording->texts[i].text));
	return texts;
}

char *queries_recorded_text(const struct via_queries *queries)
{
	const struct recording *recording = queries->context;
	const struct via_kvm_answer *kvm = &recording->kvm;
	json_t *object = json_pack(
		"{s:s, s:o, s:o, s:{s:o, s:o, s:o, s:o}}", "schema", "viaduct.queries/1", "cpuid",
		json_leaves(recording), "msr", json_msrs(recording), "kvm", "open",
		json_fact(&kvm->open), "api_version", json_fact(&kvm->api_version), "create_vm",
		json_fact(&kvm->create_vm), "max_vcpus", json_fact(&kvm->max_vcpus));
	char *text;

	if (recording->ways.routes_known.known != VIA_NOT_ASKED)
		json_object_set_new(object, "ways", json_ways(&recording->ways));
	if (recording->kernel_log.known != VIA_NOT_ASKED)
		json_object_set_new(object, "kernel_log", json_fact(&recording->kernel_log));
	if (recording->uid_r == 0)
		json_object_set_new(object, "effective_uid", json_integer(recording->uid));
	json_object_set_new(object, "text", json_texts(recording));
	text = json_dumps(object, JSON_INDENT(1) | JSON_SORT_KEYS);
	json_decref(object);
	return text;
}
