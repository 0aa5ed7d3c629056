/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/json_occasion.h"

#include "render/json.h"

json_t *json_occasion(const struct via_occasion *occasion)
{
	json_t *object = json_object();

	json_object_set_new(object, "kernel", json_optional(occasion->kernel));
	json_object_set_new(object, "cpu", json_optional(occasion->cpu));
	json_object_set_new(object, "microcode", json_optional(occasion->microcode));
	json_object_set_new(object, "firmware", json_optional(occasion->firmware));
	json_object_set_new(object, "board", json_optional(occasion->board));
	json_object_set_new(object, "kvm_back_end", json_optional(occasion->backend));
	json_object_set_new(object, "iommu_domain", json_optional(occasion->domain));
	return object;
}

static const char *copy(struct via_arena *arena, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? arena_strdup(arena, text) : NULL;
}

void occasion_from_json(const json_t *result, struct via_arena *arena, struct via_occasion *ret)
{
	const json_t *host = json_object_get(result, "host");

	*ret = (struct via_occasion){
		.time = copy(arena, result, "time"),
		.kernel = copy(arena, host, "kernel"),
		.cpu = copy(arena, host, "cpu"),
		.microcode = copy(arena, host, "microcode"),
		.firmware = copy(arena, host, "firmware"),
		.board = copy(arena, host, "board"),
		.backend = copy(arena, host, "kvm_back_end"),
		.domain = copy(arena, host, "iommu_domain"),
	};
}
