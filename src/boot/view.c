/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "boot/loader.h"
#include "decode/cmdline.h"
#include "decode/line.h"

enum { CONFIG_BYTES = 1024 * 1024 };

void view_trace(struct via_boot_view *view, enum via_loader_id loader, int weight, const char *path,
		const char *value)
{
	*via_list_add(view->arena, &view->boot->evidence) =
		(struct via_boot_evidence){ loader, weight, path, value };
}

bool view_trace_file(struct via_boot_view *view, enum via_loader_id loader, int weight,
		     const char *path)
{
	struct via_fact fact = root_exists(view->root, view->arena, "%s", path);

	/* A captured tree that has /boot, and not that folder of it, holds no such loader. */
	if (fact_is(&fact, VIA_UNKNOWN) && !fact_is(&view->boot->untold, VIA_UNKNOWN) &&
	    (fact.error != ENODATA || !view_exists(view, "boot")))
		view->boot->untold = fact;
	if (!fact_is(&fact, VIA_PRESENT))
		return false;
	view_trace(view, loader, weight, fact.path, "is there");
	return true;
}

/* What the running loader told weighs most, what firmware was asked to start nearly as much. */
void view_trace_names(struct via_boot_view *view, enum via_loader_id loader, const char *name,
		      const char *file)
{
	const struct via_boot *boot = view->boot;
	const char *info = fact_text(&boot->loader_info);
	const char *started = fact_text(&boot->firmware_entry);

	if (info && strcasestr(info, name))
		view_trace(view, loader, 100, boot->loader_info.path, info);
	if (started && strcasestr(started, file))
		view_trace(view, loader, 90, boot->firmware_entry.path, started);
}

const char *view_word(const struct via_boot_view *view, const char *name)
{
	const char *line = fact_text(&view->host->kernel.command_line);
	const struct via_parameter *word;
	struct via_cmdline cmdline;

	if (!line)
		return NULL;
	cmdline_decode(view->arena, line, &cmdline);
	word = cmdline_last(&cmdline, name);
	return word ? word->value : NULL;
}

bool view_exists(const struct via_boot_view *view, const char *path)
{
	struct via_fact fact = root_exists(view->root, view->arena, "%s", path);

	return fact_is(&fact, VIA_PRESENT);
}

struct via_blob view_read(const struct via_boot_view *view, const char *path)
{
	return root_blob(view->root, view->arena, CONFIG_BYTES, "%s", path);
}

struct via_fact view_first(const struct via_boot_view *view, const char *const *paths, size_t count)
{
	struct via_fact best = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct via_fact fact = root_exists(view->root, view->arena, "%s", paths[i]);

		if (fact_is(&fact, VIA_PRESENT))
			return fact;
		if (!i || fact_is(&fact, VIA_UNKNOWN))
			best = fact;
	}
	return best;
}

struct via_fact view_decode(struct via_boot_view *view, const char *path,
			    int (*decode)(struct via_arena *arena, struct via_span text,
					  struct via_boot_menu *menu))
{
	struct via_boot_menu *menu = &view->boot->menu;
	struct via_blob blob = view_read(view, path);
	size_t first = menu->entries.count;
	int r;

	if (!fact_is(&blob.fact, VIA_PRESENT))
		return blob.fact;
	r = decode(view->arena, blob.span, menu);
	for (size_t i = first; i < menu->entries.count; i++)
		menu->entries.items[i].file = blob.fact.path;
	return r < 0 ? fact_unknown(blob.fact.path, -r) : fact_present(blob.fact.path, NULL, 1);
}

static void read_entry(struct via_boot_view *view, const char *folder, const char *name)
{
	struct via_boot_menu *menu = &view->boot->menu;
	char *path = arena_printf(view->arena, "%s/%s", folder, name);
	struct via_blob blob = view_read(view, path);

	if (!fact_is(&blob.fact, VIA_PRESENT) ||
	    boot_entry_decode(view->arena, name, blob.span, menu) < 0)
		return;
	menu->entries.items[menu->entries.count - 1].file = blob.fact.path;
	if (memmem(blob.span.data, blob.span.size, "install.d/", 10))
		view->is_generated = true;
}

/* While a change is on trial: what would boot without it is what is looked at. */
static bool is_of_trial(const char *name)
{
	return strcmp(name, TRIAL_ENTRY ".conf") == 0 ||
	       strcmp(name, KNOWN_GOOD_ENTRY ".conf") == 0;
}

void view_read_entries(struct via_boot_view *view)
{
	static const char *const folders[] = { "boot/loader/entries", "efi/loader/entries",
					       "boot/efi/loader/entries" };
	struct via_names names;
	struct via_fact fact;

	for (size_t i = 0; i < VIA_COUNT(folders); i++) {
		fact = root_entries(view->root, view->arena, &names, "%s", folders[i]);
		if (!i || !fact_is(&fact, VIA_ABSENT))
			view->boot->entries_directory = fact;
		if (!fact_is(&fact, VIA_PRESENT) || !names.count)
			continue;
		via_for_each (name, &names)
			if (text_ends(*name, ".conf") && !is_of_trial(*name))
				read_entry(view, folders[i], *name);
		return;
	}
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "50-" before "9-", unlike the natural order of listings. */
struct via_fact view_sourced(const struct via_boot_view *view, const char *folder,
			     struct via_names *ret)
{
	struct via_fact fact = root_entries(view->root, view->arena, ret, "%s", folder);

	if (fact_is(&fact, VIA_PRESENT) && ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), compare_names);
	return fact;
}

struct via_boot_source *view_add_source(struct via_boot_view *view, struct via_fact fact,
					const char *what)
{
	struct via_boot_source *source = via_list_add(view->arena, &view->boot->sources);

	*source = (struct via_boot_source){ .fact = fact, .what = what };
	return source;
}

struct via_boot_source *view_add_line(struct via_boot_view *view, const char *path)
{
	struct via_blob blob = view_read(view, path);
	struct via_boot_source *source;
	char *text = NULL, *line;

	if (fact_is(&blob.fact, VIA_ABSENT) || fact_is(&blob.fact, VIA_NOT_ASKED))
		return NULL;
	while (fact_is(&blob.fact, VIA_PRESENT) && (line = line_next(view->arena, &blob.span))) {
		line = line_trim(line);
		if (*line && *line != '#')
			text = text ? arena_printf(view->arena, "%s %s", text, line) : line;
	}
	source = view_add_source(view, blob.fact, NULL);
	if (fact_is(&source->fact, VIA_PRESENT))
		source->fact.text = text ? text : "";
	source->whole = true;
	return source;
}

void view_add_entry_source(struct via_boot_view *view)
{
	const struct via_boot_entry *entry = boot_entry_at(view->boot, view->boot->next_entry);
	struct via_boot_source *source;

	if (!entry)
		return;
	source = view_add_source(view, fact_present(entry->file, entry_options(view, entry), 1),
				 entry->title ? entry->title : entry->id);
	source->governs = source->whole = true;
}

bool view_distribution(const struct via_boot_view *view, const char *id)
{
	const char *own = fact_text(&view->host->os_id);

	return own && text_starts(*own == '"' ? own + 1 : own, id);
}

void view_one_shot(struct via_boot_view *view, const char *how)
{
	view->boot->one_shot = fact_present("one-shot entry", how, 1);
}

void view_no_one_shot(struct via_boot_view *view, const char *reason)
{
	view->boot->one_shot = fact_absent("one-shot entry");
	view->boot->one_shot_reason = reason;
}

void view_untold_one_shot(struct via_boot_view *view, const struct via_fact *why,
			  const char *reason)
{
	view->boot->one_shot = fact_unknown(why ? why->path : "one-shot entry",
					    why && why->error ? why->error : ENODATA);
	view->boot->one_shot_reason = reason;
}
