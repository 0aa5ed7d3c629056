/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "probe/holding.h"

/* What hangs on which function, of all keyboards. */
struct keyboards {
	struct via_pci_device *function; /* the only one that has any, or NULL */
	const char *name;
	bool elsewhere;
};

/*
 * Escape, the digits and the first row: what udev calls a keyboard. Power buttons and remote
 * controls have keys too.
 * Source: include/uapi/linux/input-event-codes.h, KEY_ESC to KEY_D
 */
static bool is_keyboard(struct via_holding *holding, const char *entry)
{
	struct via_fact keys = root_text(holding->root, holding->arena,
					 "sys/class/input/%s/capabilities/key", entry);
	const char *last = fact_text(&keys) ? strrchr(keys.text, ' ') : NULL;
	unsigned long long bits;

	holding_untold_all(holding, keys);
	if (!fact_text(&keys))
		return false;
	bits = strtoull(last ? last + 1 : keys.text, NULL, 16);
	return (bits & 0xfffffffe) == 0xfffffffe;
}

static void take_keyboard(struct via_holding *holding, struct keyboards *keyboards,
			  const char *entry)
{
	struct via_fact link;
	struct via_pci_device *function = holding_behind(holding, "sys/class/input", entry, &link);
	struct via_fact name =
		root_text(holding->root, holding->arena, "sys/class/input/%s/name", entry);

	holding_untold_all(holding, link);
	if (!function || (keyboards->function && keyboards->function != function))
		keyboards->elsewhere = true;
	if (!keyboards->function) {
		keyboards->function = function;
		keyboards->name = fact_text(&name) ?: entry;
	}
}

static struct keyboards find_keyboards(struct via_holding *holding)
{
	struct keyboards keyboards = { 0 };
	struct via_names entries;

	holding_untold_all(
		holding, root_entries(holding->root, holding->arena, &entries, "sys/class/input"));
	via_for_each (entry, &entries)
		if (text_starts(*entry, "input") && is_keyboard(holding, *entry))
			take_keyboard(holding, &keyboards, *entry);
	return keyboards;
}

void holders_input(struct via_holding *holding)
{
	struct keyboards keyboards = find_keyboards(holding);

	if (!keyboards.function || keyboards.elsewhere)
		return;
	holding_add(holding, keyboards.function,
		    (struct via_holder){ .by = "input",
					 .what = arena_printf(holding->arena,
							      "the only keyboard hangs on it (%s)",
							      keyboards.name),
					 .loses = "its only keyboard",
					 .loss = VIA_LOSS_VITAL });
}

/* proc/consoles: "ttyS4                -W- (EC p a)    4:68" */
void holders_console(struct via_holding *holding)
{
	struct via_fact consoles = root_text(holding->root, holding->arena, "proc/consoles");
	struct via_pci_device *function = NULL;
	char name[32] = "", *text, *save = NULL;
	size_t count = 0;

	holding_untold_all(holding, consoles);
	if (!fact_text(&consoles))
		return;
	text = arena_strdup(holding->arena, consoles.text);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		struct via_fact link;

		if (sscanf(line, "%31s", name) != 1 || strchr(name, '/'))
			continue;
		count++;
		function = holding_behind(holding, "sys/class/tty", name, &link);
		holding_untold_all(holding, link);
		if (function)
			holding_add(holding, function,
				    (struct via_holder){
					    .by = "console",
					    .what = arena_printf(holding->arena,
								 "the kernel's console %s is on it",
								 name),
					    .loses = "what the kernel prints there",
					    .loss = VIA_LOSS_USE });
	}
	if (function && count == 1)
		holding_add(holding, function,
			    (struct via_holder){ .by = "console",
						 .what = "the kernel has no other console",
						 .loses = "its only console",
						 .loss = VIA_LOSS_VITAL });
}
