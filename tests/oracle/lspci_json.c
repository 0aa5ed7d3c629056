/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what this project reads in an lspci dump, for a judge to compare. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/lspci_dump.h"
#include "render/json_capability.h"

enum { DUMP_BYTES = 32 << 20 };

static json_t *function_json(struct via_arena *arena, const struct via_lspci_function *function)
{
	struct via_capabilities found;
	char text[PCI_ADDRESS_TEXT];
	json_t *object = json_object();

	capabilities_decode(arena, function->config, &found);
	json_object_set_new(object, "address",
			    json_string(address_format(function->address, text)));
	json_object_set_new(object, "bytes", json_integer((json_int_t)function->config.size));
	json_object_set_new(object, "standard_read", json_boolean(found.standard_read));
	json_object_set_new(object, "extended_read", json_boolean(found.extended_read));
	json_object_set_new(object, "trouble",
			    found.trouble ? json_string(found.trouble) : json_null());
	json_object_set_new(object, "capabilities", json_capabilities(&found));
	return object;
}

int main(int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span text = { .data = arena_alloc(arena, DUMP_BYTES) };
	_cleanup_fclose_ FILE *file = fopen(argc == 2 ? argv[1] : "/dev/stdin", "r");
	struct via_lspci_dump dump = { 0 };
	json_t *array = json_array();
	int r;

	if (!file) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	text.size = fread((void *)text.data, 1, DUMP_BYTES, file);
	r = lspci_dump_decode(arena, text, &dump);
	via_for_each (function, &dump.functions)
		json_array_append_new(array, function_json(arena, function));
	json_dumpf(array, stdout, JSON_INDENT(1));
	json_decref(array);
	return r < 0 && r != -ENODATA;
}
