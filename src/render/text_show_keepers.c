/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/json.h"
#include "render/show.h"

void show_keepers(const struct via_paper *paper, const struct via_host *host,
		  const struct via_pci_device *device, struct via_arena *arena)
{
	const char *label = "kept by";

	via_for_each (keeping, &host->keepers.list) {
		enum via_belongs belongs = keeping_belongs(keeping, device);

		if (belongs == VIA_BELONGS_NOT)
			continue;
		show_line(paper, VIA_STYLE_PLAIN, label,
			  arena_printf(arena, "%s%s: %s%s%s%s (/%s)",
				       belongs == VIA_BELONGS ? "" : "perhaps ",
				       keeper_name(keeping->keeper), keeping->what,
				       keeping->guest ? ", " : "", keeping->guest ?: "",
				       keeping->guest && keeping->at_boot ? ", starts at boot" : "",
				       keeping->path));
		label = "";
	}
	if (fact_is(&host->keepers.known, VIA_UNKNOWN))
		show_fact(paper, label, &host->keepers.known, "");
}

json_t *json_keepers(const struct via_host *host, const struct via_pci_device *device)
{
	json_t *list;

	if (fact_is(&host->keepers.known, VIA_UNKNOWN))
		return json_null();
	list = json_array();
	via_for_each (keeping, &host->keepers.list) {
		enum via_belongs belongs = keeping_belongs(keeping, device);

		if (belongs != VIA_BELONGS_NOT)
			json_array_append_new(list,
					      json_pack("{s:s, s:o, s:o, s:o, s:b, s:b}", "keeper",
							keeper_name(keeping->keeper), "path",
							json_optional(keeping->path), "what",
							json_optional(keeping->what), "guest",
							json_optional(keeping->guest), "at_boot",
							keeping->at_boot, "perhaps",
							belongs == VIA_BELONGS_PERHAPS));
	}
	return list;
}
