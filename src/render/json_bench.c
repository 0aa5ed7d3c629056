/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/json_bench.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "render/json_occasion.h"

#define SCHEMA "viaduct.bench/1"

static void set_text(json_t *object, const char *key, const char *text)
{
	json_t *value = text ? json_string(text) : NULL;

	/* what the host says need not be UTF-8 */
	json_object_set_new(object, key, value ? value : json_null());
}

/* Five figures are more than any of it is worth. */
static json_t *number(double value)
{
	double scale;

	if (value <= 0)
		return json_real(0);
	scale = pow(10, 4 - floor(log10(value)));
	return json_real(round(value * scale) / scale);
}

static json_t *json_measure(const struct via_measure *measure)
{
	json_t *object = json_object();
	bool measured = measure->count;

	set_text(object, "id", measure->id);
	set_text(object, "generation", generation_name(measure->generation));
	set_text(object, "title", measure->title);
	json_object_set_new(object, "median_ns", measured ? number(measure->median) : json_null());
	set_text(object, "because", measure->why);
	set_text(object, "note", measure->note);
	if (!measured)
		return object;
	json_object_set_new(object, "low_ns", number(measure->low));
	json_object_set_new(object, "high_ns", number(measure->high));
	json_object_set_new(object, "least_ns", number(measure->samples[0]));
	json_object_set_new(object, "most_ns", number(measure->samples[measure->count - 1]));
	json_object_set_new(object, "runs", json_integer((json_int_t)measure->count));
	json_object_set_new(object, "operations_a_run",
			    json_integer((json_int_t)measure->operations));
	json_object_set_new(object, "a_second", number(1e9 / measure->median));
	json_object_set_new(object, "bytes_a_second",
			    measure->bytes ? number((double)measure->bytes * 1e9 / measure->median)
					   : json_null());
	json_object_set_new(object, "ratio_to_earlier",
			    measure->earlier ? number(measure->median / measure->earlier)
					     : json_null());
	set_text(object, "earlier_note", measure->earlier_note);
	return object;
}

static json_t *json_order(const struct via_order *order)
{
	json_t *object = json_object();

	set_text(object, "more", order->more);
	set_text(object, "less", order->less);
	json_object_set_new(object, "holds",
			    order->known ? json_boolean(order->holds) : json_null());
	return object;
}

json_t *json_bench(const struct via_bench *bench)
{
	json_t *object = json_object(), *measures = json_array(), *orders = json_array();

	via_for_each (measure, &bench->measures)
		json_array_append_new(measures, json_measure(measure));
	via_for_each (order, &bench->orders)
		json_array_append_new(orders, json_order(order));
	set_text(object, "schema", SCHEMA);
	set_text(object, "time", bench->host.time);
	json_object_set_new(object, "host", json_occasion(&bench->host));
	json_object_set_new(object, "measures", measures);
	json_object_set_new(object, "orders", orders);
	set_text(object, "earlier", bench->earlier_time);
	return object;
}

static const char *copy(const struct via_bench *bench, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? arena_strdup(bench->arena, text) : NULL;
}

static void take_measure(struct via_bench *bench, const json_t *object)
{
	const char *id = copy(bench, object, "id");
	double median = json_number_value(json_object_get(object, "median_ns"));

	if (!id || !(median > 0) || !isfinite(median))
		return;
	*via_list_add(bench->arena, &bench->measures) = (struct via_measure){
		.id = id, .median = median, .count = 1, .note = copy(bench, object, "note")
	};
}

int bench_from_json(const json_t *object, const char *where, struct via_bench *ret,
		    struct via_error *error)
{
	const char *schema = json_string_value(json_object_get(object, "schema"));
	struct via_bench bench;
	json_t *measure;
	size_t i;

	if (!schema || strcmp(schema, SCHEMA) != 0)
		return error_set(error, -EBADMSG, "cannot compare with", where,
				 "it is no result of 'viaduct --json bench'");
	bench_init(&bench);
	occasion_from_json(object, bench.arena, &bench.host);
	json_array_foreach (json_object_get(object, "measures"), i, measure)
		take_measure(&bench, measure);
	*ret = bench;
	return 0;
}
