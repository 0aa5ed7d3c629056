/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "base/error.h"
#include "base/fact.h"
#include "base/names.h"

/* JSON of facts: null is "could not be told" or "none"; what could not be told is listed
 * by json_note_unknown() under "unknown". */
json_t *json_text(const struct via_fact *fact);
json_t *json_number(const struct via_fact *fact);

/* json_hex - the number as @digits lower-case hex digits without a prefix */
json_t *json_hex(const struct via_fact *fact, int digits);

/* json_flag - true, false for absent, null for unknown */
json_t *json_flag(const struct via_fact *fact);
json_t *json_names(const struct via_names *names);

/* json_optional - a string, or null for NULL; bytes that are no UTF-8 are replaced */
json_t *json_optional(const char *text);

/* json_if_told - @list, which is consumed; null where it is empty since @known is unknown */
json_t *json_if_told(json_t *list, const struct via_fact *known);

/* json_note_unknown - add {"key","path","errno"} to @list when the fact could not be told */
void json_note_unknown(json_t *list, const char *key, const struct via_fact *fact);

/* json_error - {"error":{"code","message","hint"}} */
json_t *json_error(const struct via_error *error);
