/* SPDX-License-Identifier: GPL-2.0-or-later */
/* smbios_dump TABLE - our decode of an SMBIOS table, as JSON */
#include <jansson.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "decode/smbios.h"

enum { TABLE_MAX = 1 << 20 };

static json_t *text(const char *value)
{
	return value ? json_string(value) : json_null();
}

static json_t *slot_json(const struct via_smbios_slot *slot)
{
	static const char *const uses[] = { "?", "Available", "In Use", "Unavailable" };
	char address[PCI_ADDRESS_TEXT];

	return json_pack("{s:o, s:s, s:i, s:o}", "designation", text(slot->designation), "use",
			 uses[slot->use], "lanes", slot->lanes, "address",
			 slot->addressed ? json_string(address_format(slot->address, address))
					 : json_null());
}

int main(int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_fclose_ FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
	uint8_t *bytes = arena_alloc(arena, TABLE_MAX);
	json_t *json, *slots = json_array();
	struct via_smbios smbios;

	if (!file)
		return 1;
	smbios_decode(arena, (struct via_span){ bytes, fread(bytes, 1, TABLE_MAX, file) }, &smbios);
	via_for_each (slot, &smbios.slots)
		json_array_append_new(slots, slot_json(slot));
	json = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:b, s:I, s:o}", "bios_version",
			 text(smbios.bios_version), "bios_vendor", text(smbios.bios_vendor),
			 "system_vendor", text(smbios.system_vendor), "product_name",
			 text(smbios.product_name), "product_family", text(smbios.product_family),
			 "board_vendor", text(smbios.board_vendor), "board_name",
			 text(smbios.board_name), "chassis", smbios.chassis_type, "virtualization",
			 smbios.processor_virtualization, "structures",
			 (json_int_t)smbios.structures, "slots", slots);
	json_dumpf(json, stdout, 0);
	json_decref(json);
	return 0;
}
