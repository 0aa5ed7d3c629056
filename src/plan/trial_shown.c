/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the boot that tries a change shows what it was made for. */
#include <string.h>

#include "base/address.h"
#include "base/parse.h"
#include "plan/trial.h"

struct showing {
	struct via_arena *arena;
	const struct via_host *host;
	struct via_names unmet;
};

static void miss(struct showing *showing, const char *what)
{
	*via_list_add(showing->arena, &showing->unmet) = what;
}

static void look_at_line(struct showing *showing, const char *word, bool wanted)
{
	const char *line = fact_text(&showing->host->kernel.command_line);

	if (!line)
		miss(showing, "the running kernel's line could not be read");
	else if (text_has_word(line, word) != wanted)
		miss(showing, arena_printf(showing->arena, "the running kernel's line %s %s",
					   wanted ? "lacks" : "still has", word));
}

static void look_at_iommu(struct showing *showing)
{
	const struct via_fact *units = &showing->host->kernel.iommu_class;

	if (fact_is(units, VIA_UNKNOWN))
		miss(showing, "whether the kernel drives the IOMMU could not be told");
	else if (!fact_number(units, 0))
		miss(showing, "the kernel does not drive the IOMMU");
}

static void look_at_driver(struct showing *showing, const char *what)
{
	const char *name = arena_strndup(showing->arena, what, strcspn(what, "="));
	const char *wanted = what[strlen(name)] ? what + strlen(name) + 1 : "";
	const struct via_pci_device *device = NULL;
	struct via_pci_address address;

	if (address_parse(name, &address) == 0)
		device = pci_find(&showing->host->pci, address);
	if (!device)
		miss(showing, arena_printf(showing->arena, "%s is not there", name));
	else if (strcmp(fact_text(&device->driver) ?: "", wanted) != 0)
		miss(showing,
		     arena_printf(showing->arena, "%s is held by %s, not by %s", name,
				  fact_is(&device->driver, VIA_UNKNOWN)
					  ? "a driver that could not be told"
					  : fact_text(&device->driver) ?: "none",
				  wanted));
}

struct via_names trial_unmet(struct via_arena *arena, const struct via_host *host,
			     const struct via_names *expect)
{
	struct showing showing = { .arena = arena, .host = host };

	via_for_each (what, expect) {
		if (text_starts(*what, "cmdline"))
			look_at_line(&showing, *what + strlen("cmdline+"),
				     (*what)[strlen("cmdline")] == '+');
		else if (strcmp(*what, "iommu+driven") == 0)
			look_at_iommu(&showing);
		else if (text_starts(*what, "driver+"))
			look_at_driver(&showing, *what + strlen("driver+"));
		else
			miss(&showing,
			     arena_printf(arena, "%s is nothing that could be looked at", *what));
	}
	return showing.unmet;
}
