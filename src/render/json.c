/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/json.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"

json_t *json_optional(const char *text)
{
	_cleanup_free_ char *copy = NULL;
	json_t *string;

	if (!text)
		return json_null();
	string = json_string(text);
	if (string)
		return string;
	copy = strdup(text);
	for (char *c = copy; c && *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	return copy ? json_string(copy) : json_null();
}

json_t *json_text(const struct via_fact *fact)
{
	return json_optional(fact_text(fact));
}

json_t *json_number(const struct via_fact *fact)
{
	return fact_is(fact, VIA_PRESENT) ? json_integer((json_int_t)fact->number) : json_null();
}

json_t *json_hex(const struct via_fact *fact, int digits)
{
	if (!fact_is(fact, VIA_PRESENT))
		return json_null();
	return json_sprintf("%0*llx", digits, (unsigned long long)fact->number);
}

json_t *json_flag(const struct via_fact *fact)
{
	if (fact_is(fact, VIA_UNKNOWN) || fact_is(fact, VIA_NOT_ASKED))
		return json_null();
	return json_boolean(fact_is(fact, VIA_PRESENT));
}

json_t *json_names(const struct via_names *names)
{
	json_t *list = json_array();

	via_for_each (name, names)
		json_array_append_new(list, json_optional(*name));
	return list;
}

json_t *json_if_told(json_t *list, const struct via_fact *known)
{
	if (json_array_size(list) || !fact_is(known, VIA_UNKNOWN))
		return list;
	json_decref(list);
	return json_null();
}

void json_note_unknown(json_t *list, const char *key, const struct via_fact *fact)
{
	if (fact_is(fact, VIA_UNKNOWN))
		json_array_append_new(list, json_pack("{s:s, s:o, s:s}", "key", key, "path",
						      json_optional(fact->path), "errno",
						      errno_name(fact->error)));
}

json_t *json_error(const struct via_error *error)
{
	_cleanup_free_ char *message = NULL;

	if (asprintf(&message, "%s: %s: %s", error->what, error->where, error->why) < 0)
		return NULL;
	return json_pack("{s:{s:s, s:o, s:o}}", "error", "code", errno_name(-error->code),
			 "message", json_optional(message), "hint",
			 *error->hint ? json_optional(error->hint) : json_null());
}
