/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/json_acpi.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

static json_t *hex_number(struct via_arena *arena, uint64_t value)
{
	return json_string(arena_printf(arena, "0x%" PRIx64, value));
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

/* Names and texts may hold any byte in a file: a name that is no UTF-8 still has to be shown. */
static json_t *name_or_null(struct via_arena *arena, const char *name)
{
	json_t *value = json_string(name);
	char *clean, *end;

	if (value)
		return value;
	clean = end = arena_alloc(arena, strlen(name) * 4 + 1);
	for (; *name; name++)
		end += sprintf(end, (unsigned char)*name < 0x80 ? "%c" : "\\x%02x",
			       (unsigned char)*name);
	return json_string(clean);
}

static json_t *flag_names(struct via_arena *arena, const struct via_acpi_field *field,
			  uint64_t value)
{
	json_t *names = json_array();

	for (unsigned int bit = 0; bit < acpi_field_bits(field); bit++)
		if (value >> bit & 1)
			json_array_append_new(names,
					      json_string(acpi_flag_name(arena, field, bit)));
	return names;
}

static json_t *field_value(struct via_arena *arena, struct via_span bytes,
			   const struct via_acpi_field *field)
{
	uint64_t value;

	if (field->kind == VIA_ACPI_TEXT)
		return text_or_null(acpi_field_text(arena, bytes, field));
	if (!acpi_field_number(bytes, field, &value))
		return json_null();
	switch (field->kind) {
	case VIA_ACPI_ADDRESS:
	case VIA_ACPI_HEX:
		return hex_number(arena, value);
	case VIA_ACPI_RID:
		return json_string(arena_printf(arena, "%04" PRIx64, value));
	case VIA_ACPI_FLAGS:
		return flag_names(arena, field, value);
	default:
		return json_integer((json_int_t)value);
	}
}

static void add_fields(struct via_arena *arena, json_t *object, struct via_span bytes,
		       struct via_acpi_fields fields)
{
	for (size_t i = 0; i < fields.count; i++)
		json_object_set_new(object, fields.items[i].name,
				    field_value(arena, bytes, &fields.items[i]));
}

static json_t *hex_bytes(struct via_arena *arena, struct via_span bytes)
{
	char *text = arena_alloc(arena, bytes.size * 2 + 1);

	for (size_t i = 0; i < bytes.size; i++)
		sprintf(text + i * 2, "%02x", bytes.data[i]);
	return json_string(text);
}

static json_t *record(const char *type, size_t offset, size_t length)
{
	json_t *object = json_object();

	json_object_set_new(object, "type", json_string(type));
	json_object_set_new(object, "offset", json_integer((json_int_t)offset));
	json_object_set_new(object, "length", json_integer((json_int_t)length));
	return object;
}

/* Keys that each structure of a table has, whatever kind it is: null where the kind has none. */
static void lay_out(json_t *object, const char *const *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		json_object_set_new(object, keys[i], json_null());
}

static json_t *dmar_scope(struct via_arena *arena, const struct via_dmar_scope *scope)
{
	json_t *object =
		record(dmar_scope_type_name(scope->type), scope->offset, scope->bytes.size);

	json_object_set_new(object, "type_number", json_integer(scope->type));
	json_object_set_new(object, "path", text_or_null(dmar_scope_path(arena, scope)));
	add_fields(arena, object, scope->bytes, dmar_scope_fields());
	json_object_set_new(object, "trouble", text_or_null(scope->trouble));
	return object;
}

static json_t *dmar_structure(struct via_arena *arena, const struct via_dmar_structure *structure)
{
	static const struct via_acpi_field type = { "type_number", .at = 0, .size = 2 };
	static const char *const keys[] = { "segment", "base", "limit", "flags" };
	json_t *object =
		record(dmar_type_name(structure->type), structure->offset, structure->length);
	json_t *scopes = json_array();

	json_object_set_new(object, type.name, field_value(arena, structure->bytes, &type));
	lay_out(object, keys, VIA_COUNT(keys));
	add_fields(arena, object, structure->bytes, dmar_fields(structure->type));
	if (!dmar_fields(structure->type).count)
		json_object_set_new(object, "bytes", hex_bytes(arena, structure->bytes));
	via_for_each (scope, &structure->scopes)
		json_array_append_new(scopes, dmar_scope(arena, scope));
	json_object_set_new(object, "scopes", scopes);
	json_object_set_new(object, "trouble", text_or_null(structure->trouble));
	return object;
}

static json_t *ivrs_entry(struct via_arena *arena, const struct via_ivrs_entry *entry)
{
	json_t *object =
		record(ivrs_entry_type_name(entry->type), entry->offset, entry->bytes.size);

	json_object_set_new(object, "type_number", json_integer(entry->type));
	add_fields(arena, object, entry->bytes, ivrs_entry_fields(entry->type));
	if (!ivrs_entry_fields(entry->type).count)
		json_object_set_new(object, "bytes", hex_bytes(arena, entry->bytes));
	if (entry->type == VIA_IVRS_SPECIAL)
		json_object_set_new(object, "variety", text_or_null(ivrs_entry_variety(entry)));
	if (entry->type == VIA_IVRS_ACPI_HID)
		json_object_set_new(object, "uid", text_or_null(entry->uid));
	json_object_set_new(object, "trouble", text_or_null(entry->trouble));
	return object;
}

static json_t *ivrs_block(struct via_arena *arena, const struct via_ivrs_block *block)
{
	static const char *const keys[] = { "device_id", "segment", "base" };
	json_t *object = record(ivrs_type_name(block->type), block->offset, block->length);
	json_t *entries = json_array();

	json_object_set_new(object, "type_number", json_integer(block->type));
	lay_out(object, keys, VIA_COUNT(keys));
	add_fields(arena, object, block->bytes, ivrs_fields(block->type));
	if (!ivrs_fields(block->type).count)
		json_object_set_new(object, "bytes", hex_bytes(arena, block->bytes));
	via_for_each (entry, &block->entries)
		json_array_append_new(entries, ivrs_entry(arena, entry));
	json_object_set_new(object, "entries", entries);
	json_object_set_new(object, "trouble", text_or_null(block->trouble));
	return object;
}

static json_t *iort_node(struct via_arena *arena, const struct via_iort_node *node)
{
	static const char *const keys[] = { "segment", "base" };
	json_t *object = record(iort_type_name(node->type), node->offset, node->length);

	json_object_set_new(object, "type_number", json_integer(node->type));
	lay_out(object, keys, VIA_COUNT(keys));
	add_fields(arena, object, node->bytes, iort_fields(node->type));
	if (!iort_fields(node->type).count)
		json_object_set_new(object, "bytes", hex_bytes(arena, node->bytes));
	json_object_set_new(object, "trouble", text_or_null(node->trouble));
	return object;
}

/* What stands in a table's own fields behind the header, and its structures. */
static json_t *structures(struct via_arena *arena, const struct via_acpi_file *file, json_t *table)
{
	static const struct via_acpi_field width = { "", .at = 36, .size = 1 };
	json_t *list = json_array();
	uint64_t bits;

	json_object_set_new(table, "host_address_width_bits", json_null());
	json_object_set_new(table, "flags", json_null());
	if (file->kind == VIA_ACPI_DMAR) {
		if (acpi_field_number(file->table.bytes, &width, &bits))
			json_object_set_new(table, "host_address_width_bits",
					    json_integer((json_int_t)bits + 1));
		add_fields(arena, table, file->table.bytes, dmar_table_fields());
		via_for_each (structure, &file->dmar.structures)
			json_array_append_new(list, dmar_structure(arena, structure));
	} else if (file->kind == VIA_ACPI_IVRS) {
		add_fields(arena, table, file->table.bytes, ivrs_table_fields());
		via_for_each (block, &file->ivrs.blocks)
			json_array_append_new(list, ivrs_block(arena, block));
	} else if (file->kind == VIA_ACPI_IORT) {
		add_fields(arena, table, file->table.bytes, iort_table_fields());
		via_for_each (node, &file->iort.nodes)
			json_array_append_new(list, iort_node(arena, node));
	}
	return list;
}

static json_t *checksum_ok(enum via_checksum checksum)
{
	return checksum == VIA_CHECKSUM_UNKNOWN ? json_null()
						: json_boolean(checksum == VIA_CHECKSUM_GOOD);
}

static json_t *table_of(struct via_arena *arena, const struct via_acpi_file *file)
{
	static const struct via_acpi_field length = { "length", .at = 4, .size = 4 };
	const struct via_acpi_table *table = &file->table;
	json_t *object = json_object();

	json_object_set_new(object, "file", name_or_null(arena, file->name));
	json_object_set_new(object, "signature", text_or_null(table->signature));
	json_object_set_new(object, length.name, field_value(arena, table->bytes, &length));
	json_object_set_new(object, "bytes_present", json_integer((json_int_t)table->bytes.size));
	json_object_set_new(object, "bytes_trailing", json_integer((json_int_t)table->trailing));
	json_object_set_new(object, "checksum_ok", checksum_ok(table->checksum));
	add_fields(arena, object, table->bytes, acpi_header_fields());
	json_object_set_new(object, "structures",
			    table->bytes.size ? structures(arena, file, object) : json_null());
	json_object_set_new(object, "trouble", text_or_null(file->trouble));
	return object;
}

json_t *json_acpi_tables(struct via_arena *arena, const struct via_acpi_file *files, size_t count)
{
	json_t *root = json_object(), *tables = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(tables, table_of(arena, &files[i]));
	json_object_set_new(root, "schema", json_string("viaduct.acpi/1"));
	json_object_set_new(root, "tables", tables);
	return root;
}
