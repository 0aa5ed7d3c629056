/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/baseline.h"

#include <errno.h>
#include <string.h>

#include "base/address.h"
#include "decode/line.h"

static const char *value_of(char *word, const char *key)
{
	size_t length = strlen(key);

	return word && strncmp(word, key, length) == 0 ? word + length : NULL;
}

static bool take_function(struct via_arena *arena, char *rest, struct via_baseline *baseline)
{
	struct via_pci_address address;
	struct via_baseline_function function = {
		.address = line_word(&rest),
		.ids = line_word(&rest),
		.group = value_of(line_word(&rest), "group="),
		.reset = value_of(line_word(&rest), "reset="),
	};

	if (!function.address || !function.ids || !function.group || !function.reset ||
	    address_parse(function.address, &address) < 0)
		return false;
	*via_list_add(arena, &baseline->functions) = function;
	return true;
}

static bool take(struct via_arena *arena, const char *key, char *value,
		 struct via_baseline *baseline)
{
	if (strcmp(key, "function") == 0)
		return take_function(arena, value, baseline);
	if (strcmp(key, "time") == 0)
		baseline->time = value;
	else if (strcmp(key, "kernel") == 0)
		baseline->kernel = value;
	else if (strcmp(key, "firmware") == 0)
		baseline->firmware = value;
	else
		return false;
	return true;
}

int baseline_read(struct via_arena *arena, struct via_span text, const char *name,
		  struct via_baseline *ret, struct via_error *error)
{
	struct via_baseline baseline = { .time = "?", .kernel = "?", .firmware = "?" };
	unsigned int number = 0;
	char *line, *value;

	while ((line = line_next(arena, &text))) {
		const char *key = line_key(line, &value);

		number++;
		if (key && !take(arena, key, value, &baseline))
			return error_set(error, -EBADMSG, "baseline", name,
					 "line %u is none that viaduct writes", number);
	}
	*ret = baseline;
	return 0;
}
