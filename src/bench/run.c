/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/bench.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "base/fact.h"
#include "bench/measure.h"
#include "prove/occasion.h"

enum { LIMIT_MS = 5000 };

static const struct bench_item *const tables[] = {
	bench_kvm_items,	bench_vfio_items,      bench_driven_items, bench_vhost_items,
	bench_vhost_user_items, bench_mdev_items,      bench_vdpa_items,   bench_vduse_items,
	bench_dma_items,	bench_host_disk_items,
};

int bench_skip(const struct via_report *report, const char *format, ...)
{
	char text[RECORD_TEXT];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	report_hint(report, "%s", text);
	return CLIMB_SKIP;
}

static int climb(void *context, const struct via_report *report)
{
	const struct bench_context *bench = context;

	return bench->item->measure(bench, report);
}

/* In words: why a measurement has no samples. */
static const char *why_none(struct via_arena *arena, const struct via_rung *rung)
{
	const char *failed = NULL;

	via_for_each (item, &rung->evidence)
		if (strcmp(item->name, "failed") == 0)
			failed = item->value;
	if (rung->error == ETIMEDOUT)
		return "it did not end in time here: the back end stalls";
	if (rung->verdict == VIA_SKIP || (!failed && !rung->error))
		return rung->hint ?: "it ended without a result";
	return arena_printf(arena, "%s%s%s%s%s", failed ?: "it failed", rung->error ? ": " : "",
			    rung->error ? errno_name(rung->error) : "", rung->hint ? "; " : "",
			    rung->hint ?: "");
}

static void take(struct via_bench *bench, struct via_measure *measure,
		 const struct bench_meter *meter, const struct via_rung *rung)
{
	uint32_t count = __atomic_load_n(&meter->count, __ATOMIC_ACQUIRE);

	if (rung->verdict != VIA_PASS || !count || count > METER_SAMPLES) {
		measure->why = arena_strdup(bench->arena, why_none(bench->arena, rung));
		return;
	}
	bench_settle(bench, measure, meter->samples, count);
	measure->operations = meter->operations;
	measure->bytes = meter->bytes;
	if (meter->note[0])
		measure->note = arena_strdup(bench->arena, meter->note);
}

static int run_item(const struct via_root *root, const struct via_bench_options *options,
		    const struct bench_item *item, struct bench_meter *meter,
		    struct via_bench *bench, struct via_error *error)
{
	struct bench_context context = {
		.root = root, .options = options, .item = item, .meter = meter
	};
	struct via_step step = { item->id, climb };
	struct via_road road = { .steps = &step, .count = 1 };
	_cleanup_proof_ struct via_proof proof = { 0 };
	struct via_measure *measure;
	int r;

	memset(meter, 0, sizeof(*meter));
	proof_init(&proof, "bench");
	r = child_climb(&road, &context, root->fd, options->limit_ms ? options->limit_ms : LIMIT_MS,
			&proof, error);
	if (r < 0)
		return r;
	measure = via_list_add(bench->arena, &bench->measures);
	*measure = (struct via_measure){ .id = item->id,
					 .title = item->title,
					 .generation = item->generation };
	take(bench, measure, meter, &proof.rungs.items[0]);
	return 0;
}

static bool is_named(const struct bench_item *item, const char *name)
{
	return strcmp(item->id, name) == 0 ||
	       strcasecmp(generation_name(item->generation), name) == 0;
}

static bool wanted(const struct via_bench_options *options, const struct bench_item *item)
{
	for (size_t i = 0; i < options->only_count; i++)
		if (is_named(item, options->only[i]))
			return true;
	return !options->only_count;
}

static bool is_known(const char *name)
{
	for (size_t i = 0; i < VIA_COUNT(tables); i++)
		for (const struct bench_item *item = tables[i]; item->id; item++)
			if (is_named(item, name))
				return true;
	return false;
}

static int check_names(const struct via_bench_options *options, struct via_error *error)
{
	for (size_t i = 0; i < options->only_count; i++)
		if (!is_known(options->only[i]))
			return error_set(error, -ENOENT, "cannot measure", options->only[i],
					 "it is neither a measurement nor a generation");
	return 0;
}

static int run_tables(const struct via_root *root, const struct via_bench_options *options,
		      struct bench_meter *meter, struct via_bench *bench, struct via_error *error)
{
	for (size_t i = 0; i < VIA_COUNT(tables); i++)
		for (const struct bench_item *item = tables[i]; item->id; item++) {
			int r;

			if (!wanted(options, item))
				continue;
			if (options->progress)
				options->progress(options->context, item->title);
			r = run_item(root, options, item, meter, bench, error);
			if (r < 0)
				return r;
		}
	bench_judge(bench);
	return 0;
}

int bench_run(const struct via_root *root, const struct via_bench_options *options,
	      struct via_bench *ret, struct via_error *error)
{
	struct bench_meter *meter;
	struct via_bench bench;
	int r = check_names(options, error);

	if (r < 0)
		return r;
	if (!root->live)
		return error_set(error, -EINVAL, "cannot measure", root->path,
				 "a captured host has no kernel that could answer");
	meter = mmap(NULL, sizeof(*meter), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (meter == MAP_FAILED)
		return error_set(error, -errno, "cannot measure", root->path, NULL);
	bench_init(&bench);
	occasion_look(root, bench.arena, &bench.host);
	r = run_tables(root, options, meter, &bench, error);
	munmap(meter, sizeof(*meter));
	if (r < 0)
		bench_free(&bench);
	else
		*ret = bench;
	return r;
}
