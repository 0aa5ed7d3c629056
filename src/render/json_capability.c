/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/json_capability.h"

#include <inttypes.h>
#include <stdio.h>

static json_t *hex(uint64_t value, int digits)
{
	char text[sizeof("0xffffffffffffffff")];

	snprintf(text, sizeof(text), "0x%0*" PRIx64, digits, value);
	return json_string(text);
}

static json_t *value(const struct via_capability_field *field)
{
	switch (field->kind) {
	case VIA_FIELD_BOOL:
		return json_boolean(field->value);
	case VIA_FIELD_HEX:
		return hex(field->value, 1);
	case VIA_FIELD_TEXT:
		return json_string(field->text);
	case VIA_FIELD_NUMBER:
		break;
	}
	return json_integer((json_int_t)field->value);
}

json_t *json_capability(const struct via_capability *capability)
{
	json_t *object = json_object();

	json_object_set_new(object, "id", json_string(capability->name));
	json_object_set_new(object, "offset", hex(capability->offset, 3));
	if (capability->extended)
		json_object_set_new(object, "version", json_integer(capability->version));
	via_for_each (field, &capability->fields)
		json_object_set_new(object, field->name, value(field));
	return object;
}

json_t *json_capabilities(const struct via_capabilities *capabilities)
{
	json_t *array;

	if (!capabilities->standard_read && !capabilities->list.count)
		return json_null();
	array = json_array();
	via_for_each (capability, &capabilities->list)
		json_array_append_new(array, json_capability(capability));
	return array;
}
