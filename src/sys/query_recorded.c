/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/query.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

static const char recording[] = QUERIES_PATH;

enum { RECORDING_LIMIT = 16 * 1024 * 1024 };

/*
 * The recording, taken apart once so that nothing of jansson outlives the arena:
 * {"schema":"viaduct.queries/1","effective_uid":0,
 *  "cpuid":{"00000001.0":["eax","ebx","ecx","edx"], "8000001f.0":6, …},
 *  "text":{"proc/net/unix":"…", "vdpa netlink":95},
 *  "kernel_log":{"known":"present","text":"[    0.000000] Linux version 6.12.0\n…"},
 *  "msr":{"0000003a":"0000000000000005", "c0010114":5},
 *  "kvm":{"open":{"known":"present","number":1}, "api_version":…, …}}
 * A number in place of registers or of a register is the errno that came back.
 */
struct recorded_leaf {
	uint32_t leaf, subleaf;
	int error; /* positive errno */
	struct via_cpuid value;
};

struct recorded_msr {
	uint32_t index;
	int error;
	uint64_t value;
};

struct recorded {
	via_list(struct recorded_leaf) leaves;
	via_list(struct recorded_msr) msrs;
	struct via_kvm_answer kvm;
	struct via_fact kernel_log;
	bool has_uid;
	uint32_t uid;
	struct via_ways ways;
	struct {
		int error; /* positive errno */
		const char *text;
	} texts[VIA_QUESTIONS];
};

static int recorded_cpuid(void *context, uint32_t leaf, uint32_t subleaf, struct via_cpuid *ret)
{
	const struct recorded *recorded = context;

	via_for_each (item, &recorded->leaves) {
		if (item->leaf != leaf || item->subleaf != subleaf)
			continue;
		if (!item->error)
			*ret = item->value;
		return -item->error;
	}
	return -ENODATA;
}

static void recorded_kvm(void *context, struct via_kvm_answer *ret)
{
	*ret = ((const struct recorded *)context)->kvm;
}

static int recorded_effective_uid(void *context, uint32_t *ret)
{
	const struct recorded *recorded = context;

	if (!recorded->has_uid)
		return -ENODATA;
	*ret = recorded->uid;
	return 0;
}

/* What was recorded lives as long as the queries do. */
static void recorded_ways(void *context, struct via_arena *arena, struct via_ways *ret)
{
	*ret = ((const struct recorded *)context)->ways;
}

static int recorded_text(void *context, enum via_question question, struct via_arena *arena,
			 const char **ret)
{
	const struct recorded *recorded = context;

	if (!recorded->texts[question].text)
		return -recorded->texts[question].error;
	*ret = recorded->texts[question].text;
	return 0;
}

/* What was recorded went through @extract when it was. */
static struct via_fact recorded_kernel_log(void *context, struct via_arena *arena,
					   via_log_extract *extract)
{
	return ((const struct recorded *)context)->kernel_log;
}

static int recorded_msr(void *context, uint32_t index, uint64_t *ret)
{
	const struct recorded *recorded = context;

	via_for_each (item, &recorded->msrs) {
		if (item->index != index)
			continue;
		if (!item->error)
			*ret = item->value;
		return -item->error;
	}
	return -ENODATA;
}

static const struct via_query_ops recorded_ops = {
	.cpuid = recorded_cpuid,
	.kvm = recorded_kvm,
	.effective_uid = recorded_effective_uid,
	.ways = recorded_ways,
	.text = recorded_text,
	.kernel_log = recorded_kernel_log,
	.msr = recorded_msr,
};

static int take_leaf(const char *key, json_t *registers, struct recorded_leaf *ret)
{
	struct recorded_leaf leaf = { 0 };
	uint32_t *values[] = { &leaf.value.eax, &leaf.value.ebx, &leaf.value.ecx, &leaf.value.edx };

	if (sscanf(key, "%8x.%u", &leaf.leaf, &leaf.subleaf) != 2)
		return -EBADMSG;
	leaf.error = (int)(json_integer_value(registers) & 0xfff);
	for (size_t i = 0; !leaf.error && i < VIA_COUNT(values); i++) {
		uint64_t value;

		if (parse_u64(json_string_value(json_array_get(registers, i)), 16, &value) < 0)
			return -EBADMSG;
		*values[i] = (uint32_t)value;
	}
	*ret = leaf;
	return 0;
}

static int take_msr(const char *key, json_t *value, struct recorded_msr *ret)
{
	struct recorded_msr msr = { 0 };
	uint64_t index;

	if (parse_u64(key, 16, &index) < 0)
		return -EBADMSG;
	msr.index = (uint32_t)index;
	msr.error = (int)(json_integer_value(value) & 0xfff);
	if (!msr.error && parse_u64(json_string_value(value), 16, &msr.value) < 0)
		return -EBADMSG;
	*ret = msr;
	return 0;
}

static struct via_fact take_fact(struct via_arena *arena, json_t *object, const char *path)
{
	const char *known = json_string_value(json_object_get(object, "known"));
	const char *text = json_string_value(json_object_get(object, "text"));

	if (!known)
		return fact_unknown(path, ENODATA);
	if (strcmp(known, "absent") == 0)
		return fact_absent(path);
	if (strcmp(known, "present") == 0)
		return fact_present(
			path, text ? arena_strdup(arena, text) : NULL,
			(uint64_t)json_integer_value(json_object_get(object, "number")));
	if (strcmp(known, "not-asked") == 0)
		return (struct via_fact){ 0 };
	return fact_unknown(path, (int)json_integer_value(json_object_get(object, "error")));
}

static struct via_kvm_answer take_kvm(struct via_arena *arena, json_t *kvm)
{
	return (struct via_kvm_answer){
		.open = take_fact(arena, json_object_get(kvm, "open"), "dev/kvm"),
		.api_version = take_fact(arena, json_object_get(kvm, "api_version"),
					 "dev/kvm KVM_GET_API_VERSION"),
		.create_vm = take_fact(arena, json_object_get(kvm, "create_vm"),
				       "dev/kvm KVM_CREATE_VM"),
		.max_vcpus = take_fact(arena, json_object_get(kvm, "max_vcpus"),
				       "dev/kvm KVM_CAP_MAX_VCPUS"),
	};
}

static struct via_names take_names(struct via_arena *arena, json_t *list)
{
	struct via_names names = { 0 };
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item)
		if (json_string_value(item))
			*via_list_add(arena, &names) = arena_strdup(arena, json_string_value(item));
	return names;
}

static struct via_ways take_ways(struct via_arena *arena, json_t *ways)
{
	return (struct via_ways){
		.routes_known =
			take_fact(arena, json_object_get(ways, "routes_known"), "proc/net/route"),
		.sessions_known =
			take_fact(arena, json_object_get(ways, "sessions_known"), "proc/net/tcp"),
		.routes = take_names(arena, json_object_get(ways, "routes")),
		.sessions = take_names(arena, json_object_get(ways, "sessions")),
	};
}

static void take_texts(struct via_arena *arena, json_t *texts, struct recorded *recorded)
{
	for (int i = 0; i < VIA_QUESTIONS; i++) {
		json_t *text = json_object_get(texts, question_name((enum via_question)i));
		int error = (int)(json_integer_value(text) & 0xfff);

		recorded->texts[i].error = error ? error : ENODATA;
		if (json_is_string(text))
			recorded->texts[i].text = arena_strdup(arena, json_string_value(text));
	}
}

static int take_recording(struct via_arena *arena, json_t *root, struct recorded *recorded)
{
	json_t *registers, *uid = json_object_get(root, "effective_uid");
	const char *key;

	json_object_foreach (json_object_get(root, "cpuid"), key, registers) {
		struct recorded_leaf leaf;

		if (take_leaf(key, registers, &leaf) < 0)
			return -EBADMSG;
		*via_list_add(arena, &recorded->leaves) = leaf;
	}
	json_object_foreach (json_object_get(root, "msr"), key, registers) {
		struct recorded_msr msr;

		if (take_msr(key, registers, &msr) < 0)
			return -EBADMSG;
		*via_list_add(arena, &recorded->msrs) = msr;
	}
	recorded->has_uid = json_is_integer(uid);
	recorded->uid = (uint32_t)json_integer_value(uid);
	recorded->kvm = take_kvm(arena, json_object_get(root, "kvm"));
	if (json_object_get(root, "ways"))
		recorded->ways = take_ways(arena, json_object_get(root, "ways"));
	take_texts(arena, json_object_get(root, "text"), recorded);
	recorded->kernel_log =
		take_fact(arena, json_object_get(root, "kernel_log"), KERNEL_LOG_NAME);
	return 0;
}

int queries_recorded(struct via_queries *ret, const struct via_root *root, struct via_arena *arena,
		     struct via_error *error)
{
	struct recorded *recorded = arena_new_object(arena, struct recorded);
	struct via_blob blob = root_blob(root, arena, RECORDING_LIMIT, "%s", recording);
	json_error_t trouble;
	json_t *json;
	int r = 0;

	recorded->kvm = take_kvm(arena, NULL);
	ways_captured(root, arena, &recorded->ways);
	take_texts(arena, NULL, recorded);
	recorded->kernel_log = fact_unknown(KERNEL_LOG_NAME, ENODATA);
	if (fact_is(&blob.fact, VIA_PRESENT)) {
		json = json_loadb((const char *)blob.span.data, blob.span.size, 0, &trouble);
		r = json ? take_recording(arena, json, recorded) : -EBADMSG;
		json_decref(json);
	}
	if (r < 0)
		return error_set(error, r, "read recorded answers", recording,
				 "the recording is damaged");
	*ret = (struct via_queries){ .ops = &recorded_ops, .context = recorded };
	return 0;
}
