/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/list.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/split.h"
#include "render/json.h"
#include "render/json_kept.h"
#include "render/json_virtual.h"
#include "render/json_writer.h"

/* Some hundred kilobytes each. */
enum { DEVICES = 32, GROUPS = 512 };

/* A list on its way to a file; functions are made in several threads and printed in order. */
struct listing {
	FILE *file;
	const struct via_host *host;
	struct via_device_context context;
	const struct via_list_filter *filter;
	const struct via_list_detail *detail;
	pthread_mutex_t lock;
	pthread_cond_t turned;
	size_t next; /* the first that was not printed yet */
	bool any, untold;
	void (*element)(struct listing *listing, struct via_json_writer *to,
			struct via_arena *arena, size_t i);
	size_t most; /* bytes of a portion so far */
};

/* None found means none only where it could be told. */
static void write_devices(struct via_json_writer *to, const struct via_pci_device *const *devices,
			  size_t count, const struct via_fact *told)
{
	if (!count && fact_is(told, VIA_UNKNOWN)) {
		write_null(to);
		return;
	}
	write_open(to, '[');
	for (size_t i = 0; i < count; i++)
		write_text(to, devices[i]->name);
	write_close(to, '[');
}

static void write_group(struct via_json_writer *to, struct via_arena *arena,
			const struct listing *listing, const struct via_pci_group *group)
{
	const struct via_pci_device *blockers[64];
	size_t count = pci_group_blockers(group, blockers, VIA_COUNT(blockers));
	const struct via_fact *untold = pci_group_untold(group);

	write_open(to, '{');
	write_key(to, "id");
	write_integer(to, (int64_t)group->id);
	write_key(to, "devices");
	write_devices(to, group->devices.items, group->devices.count, &group->members);
	write_key(to, "viable");
	if (untold && !count && pci_group_isolates(group))
		write_null(to);
	else
		write_bool(to, count == 0 && pci_group_isolates(group));
	write_key(to, "blockers");
	write_devices(to, blockers, count < VIA_COUNT(blockers) ? count : VIA_COUNT(blockers),
		      untold ? untold : &group->members);
	write_key(to, "why");
	write_text(to, group_why(listing->host, listing->context.prediction, group, arena));
	write_key(to, "type");
	write_fact_text(to, &group->type);
	write_close(to, '{');
}

static void print_text(FILE *file, const struct via_json_writer *text)
{
	fwrite(text->data, 1, text->used, file);
}

/* true: units are driven; false: told, and none; null: could not be told */
static void write_iommu(struct via_json_writer *to, const struct via_host *host)
{
	const struct via_fact *class = &host->kernel.iommu_class;
	bool unknown = fact_is(class, VIA_UNKNOWN);

	write_open(to, '{');
	write_key(to, "active");
	if (unknown)
		write_null(to);
	else
		write_bool(to, fact_number(class, 0) > 0);
	write_key(to, "units");
	if (unknown) {
		write_null(to);
	} else {
		write_open(to, '[');
		via_for_each (unit, &host->kernel.units)
			write_text(to, unit->name);
		write_close(to, '[');
	}
	write_close(to, '{');
}

static void write_function(struct listing *listing, struct via_json_writer *to,
			   struct via_arena *arena, const struct via_pci_device *device)
{
	struct via_pci_device whole = *device;

	if (listing->detail->fill)
		listing->detail->fill(listing->detail->context, arena, &whole);
	write_device(to, arena, &listing->context,
		     prediction_of(listing->context.prediction, listing->host, device), &whole);
	if (listing->detail->untold && listing->detail->untold(&whole))
		__atomic_store_n(&listing->untold, true, __ATOMIC_RELAXED);
}

/* Those before come first; then whoever waits for these. */
static void print_in_turn(struct listing *listing, const struct via_json_writer *text, size_t first,
			  size_t end)
{
	pthread_mutex_lock(&listing->lock);
	while (listing->next != first)
		pthread_cond_wait(&listing->turned, &listing->lock);
	if (text->used && listing->any)
		fputc(',', listing->file);
	listing->any |= text->used > 0;
	print_text(listing->file, text);
	if (text->used > listing->most)
		__atomic_store_n(&listing->most, text->used, __ATOMIC_RELAXED);
	listing->next = end;
	pthread_cond_broadcast(&listing->turned);
	pthread_mutex_unlock(&listing->lock);
}

static void device_at(struct listing *listing, struct via_json_writer *to, struct via_arena *arena,
		      size_t i)
{
	const struct via_pci_device *device = &listing->host->pci.devices.items[i];

	if (filter_takes(listing->filter, listing->host, device))
		write_function(listing, to, arena, device);
}

static void group_at(struct listing *listing, struct via_json_writer *to, struct via_arena *arena,
		     size_t i)
{
	const struct via_pci_group *group = &listing->host->pci.groups.items[i];

	if (!listing->filter->has_group || listing->filter->group == group->id)
		write_group(to, arena, listing, group);
}

static void list_portion(void *context, struct via_arena *arena, size_t first, size_t end)
{
	_cleanup_json_writer_ struct via_json_writer text = json_writer_at(2);
	struct listing *listing = context;

	json_writer_reserve(&text, __atomic_load_n(&listing->most, __ATOMIC_RELAXED));
	for (size_t i = first; i < end; i++) {
		listing->element(listing, &text, arena, i);
		arena_reset(arena);
	}
	print_in_turn(listing, &text, first, end);
}

static void list_in_portions(struct listing *listing, size_t count, size_t portion)
{
	_cleanup_arena_ struct via_arena *arena = NULL;

	if (listing->detail->in_threads) {
		split_run(NULL, count, portion, list_portion, listing);
		return;
	}
	arena = arena_new();
	for (size_t i = 0; i < count; i += portion)
		list_portion(listing, arena, i, i + portion < count ? i + portion : count);
}

/* An empty list says "none"; where a directory could not be read, null says so. */
static void print_list(struct listing *listing, const char *key, const struct via_fact *told,
		       size_t count, size_t portion,
		       void (*element)(struct listing *listing, struct via_json_writer *to,
				       struct via_arena *arena, size_t i))
{
	fprintf(listing->file, ",\n  \"%s\": ", key);
	if (fact_is(told, VIA_UNKNOWN)) {
		fputs("null", listing->file);
		return;
	}
	fputc('[', listing->file);
	listing->element = element;
	listing->next = listing->most = 0;
	listing->any = false;
	list_in_portions(listing, count, portion);
	fputs(listing->any ? "\n  ]" : "]", listing->file);
}

static void print_head(const struct listing *listing)
{
	_cleanup_json_writer_ struct via_json_writer text = json_writer_at(0);

	write_open(&text, '{');
	write_key(&text, "schema");
	write_text(&text, "viaduct.list/1");
	write_key(&text, "iommu");
	write_iommu(&text, listing->host);
	print_text(listing->file, &text);
}

static void print_notes(const struct listing *listing)
{
	_cleanup_json_writer_ struct via_json_writer text = json_writer_at(1);

	text.filled = 2;
	write_key(&text, "prediction_notes");
	write_names(&text, &listing->context.prediction->notes);
	write_virtual(&text, listing->host);
	write_close(&text, '{');
	print_text(listing->file, &text);
	fputc('\n', listing->file);
}

bool print_json_list(FILE *file, const struct via_host *host, struct via_pci_names *names,
		     const struct via_list_filter *filter, const struct via_list_detail *detail)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_json_kept_ struct via_json_kept *kept = json_kept_new();
	struct listing listing = {
		.file = file,
		.host = host,
		.context = {
			.host = host,
			.prediction = prediction_new(arena, host),
			.names = names,
			.kept = kept,
		},
		.filter = filter,
		.detail = detail,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.turned = PTHREAD_COND_INITIALIZER,
	};

	print_head(&listing);
	print_list(&listing, "devices", &host->pci.bus, host->pci.devices.count, DEVICES,
		   device_at);
	print_list(&listing, "groups", &host->pci.groups_directory, host->pci.groups.count, GROUPS,
		   group_at);
	print_notes(&listing);
	return listing.untold;
}
