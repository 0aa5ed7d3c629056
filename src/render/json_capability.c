/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/json_capability.h"

#include "base/cleanup.h"

static void write_value(struct via_json_writer *to, const struct via_capability_field *field)
{
	switch (field->kind) {
	case VIA_FIELD_BOOL:
		write_bool(to, field->value);
		return;
	case VIA_FIELD_HEX:
		write_hex(to, "0x", field->value, 1);
		return;
	case VIA_FIELD_ID:
		write_hex(to, "", field->value, 4);
		return;
	case VIA_FIELD_TEXT:
		write_text(to, field->text);
		return;
	case VIA_FIELD_NUMBER:
		break;
	}
	write_integer(to, (int64_t)field->value);
}

static void write_capability(struct via_json_writer *to, const struct via_capability *capability)
{
	write_open(to, '{');
	write_key(to, "id");
	write_text(to, capability->name);
	write_key(to, "offset");
	write_hex(to, "0x", capability->offset, 3);
	if (capability->extended) {
		write_key(to, "version");
		write_integer(to, capability->version);
	}
	via_for_each (field, &capability->fields) {
		write_key(to, field->name);
		write_value(to, field);
	}
	write_close(to, '{');
}

void write_capabilities(struct via_json_writer *to, const struct via_capabilities *capabilities)
{
	if (!capabilities->standard_read && !capabilities->list.count) {
		write_null(to);
		return;
	}
	write_open(to, '[');
	via_for_each (capability, &capabilities->list)
		write_capability(to, capability);
	write_close(to, '[');
}

json_t *json_capabilities(const struct via_capabilities *capabilities)
{
	_cleanup_json_writer_ struct via_json_writer writer = json_writer_at(0);

	write_capabilities(&writer, capabilities);
	return json_writer_tree(&writer);
}
