/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/undo_left.h"

#include <string.h>

#include "apply/changed_words.h"
#include "apply/store.h"
#include "base/cleanup.h"
#include "base/parse.h"

enum { ENTRY_LIMIT = 64 * 1024 };

static const char *const folders[] = { "boot/loader/entries", "efi/loader/entries",
				       "boot/efi/loader/entries" };

static bool is_of_entries(const struct via_action *action)
{
	return action->kind == VIA_ACTION_FILE && !action->made_by &&
	       (strstr(action->target, "/loader/entries/") ||
		strcmp(action->target, "/etc/kernel/cmdline") == 0);
}

/* The options of an entry, as one text between blanks. */
static const char *options_of(const struct via_root *root, const char *path,
			      struct via_arena *arena)
{
	struct via_blob blob = root_blob(root, arena, ENTRY_LIMIT, "%s", path);
	const char *text = "", *options = "";

	if (fact_is(&blob.fact, VIA_PRESENT))
		text = arena_strndup(arena, (const char *)blob.span.data, blob.span.size);
	for (size_t length; *text; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		if (text_starts(text, "options") && (text[7] == ' ' || text[7] == '\t'))
			options =
				arena_printf(arena, "%s %.*s", options, (int)length - 8, text + 8);
	}
	return options;
}

static const char *add_entry(const char *told, const struct via_root *root, const char *path,
			     const struct via_names *words, struct via_arena *arena)
{
	const char *options = options_of(root, path, arena), *there = "";

	via_for_each (word, words)
		if (text_has_word(options, *word))
			there = arena_printf(arena, "%s%s%s", there, *there ? " " : "", *word);
	if (!*there)
		return told;
	return arena_printf(arena,
			    "     /%s has %s as well, and is left as it is: take it out there, or "
			    "by grubby --remove-args=\"%s\" --update-kernel=ALL\n%s",
			    path, there, there, told);
}

/* What this transaction changed itself is, or will be, undone. */
static bool is_ours(const struct via_transaction *transaction, const char *path)
{
	via_for_each (entry, &transaction->entries)
		if (entry->action.kind == VIA_ACTION_FILE &&
		    strcmp(entry->action.target + 1, path) == 0)
			return true;
	return false;
}

const char *undo_left(const struct via_world *world, const struct via_transaction *transaction,
		      size_t n, struct via_arena *arena)
{
	const struct via_action *action = &transaction->entries.items[n - 1].action;
	const char *told = "";
	struct via_changed_words words;
	struct via_span old, ours;

	if (!is_of_entries(action) ||
	    store_read(&world->root, action, action->expected, arena, &old) < 0 ||
	    store_read(&world->root, action, action->wanted, arena, &ours) < 0)
		return NULL;
	words = changed_words(arena, old, ours);
	for (size_t i = 0; i < VIA_COUNT(folders); i++) {
		struct via_names names;

		root_entries(&world->root, arena, &names, "%s", folders[i]);
		via_for_each (name, &names) {
			const char *path = arena_printf(arena, "%s/%s", folders[i], *name);

			if (text_ends(*name, ".conf") && !is_ours(transaction, path))
				told = add_entry(told, &world->root, path, &words.added, arena);
		}
	}
	return *told ? told : NULL;
}
