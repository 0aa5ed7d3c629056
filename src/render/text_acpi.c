/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/text_acpi.h"

#include <errno.h>
#include <inttypes.h>

static void print_name(FILE *out, const char *name)
{
	for (; *name; name++)
		putc(*name == '_' ? ' ' : *name, out);
}

static void print_flags(struct via_arena *arena, FILE *out, const struct via_acpi_field *field,
			uint64_t value)
{
	if (!value)
		fputs(" none", out);
	for (unsigned int bit = 0; bit < acpi_field_bits(field); bit++)
		if (value >> bit & 1)
			fprintf(out, " %s", acpi_flag_name(arena, field, bit));
}

static void print_number(struct via_arena *arena, FILE *out, const struct via_acpi_field *field,
			 uint64_t value)
{
	switch (field->kind) {
	case VIA_ACPI_ADDRESS:
	case VIA_ACPI_HEX:
		fprintf(out, " 0x%" PRIx64, value);
		break;
	case VIA_ACPI_RID:
		fprintf(out, " %02" PRIx64 ":%02" PRIx64 ".%" PRIx64, value >> 8, value >> 3 & 0x1f,
			value & 7);
		break;
	case VIA_ACPI_FLAGS:
		print_flags(arena, out, field, value);
		break;
	default:
		fprintf(out, " %" PRIu64, value);
	}
}

static void print_field(struct via_arena *arena, FILE *out, struct via_span bytes,
			const struct via_acpi_field *field)
{
	const char *text;
	uint64_t value;

	print_name(out, field->name);
	if (field->kind == VIA_ACPI_TEXT) {
		text = acpi_field_text(arena, bytes, field);
		fprintf(out, text ? " \"%s\"" : " (cut off)", text);
	} else if (acpi_field_number(bytes, field, &value)) {
		print_number(arena, out, field, value);
	} else {
		fputs(" (cut off)", out);
	}
}

static void print_fields(struct via_arena *arena, FILE *out, struct via_span bytes,
			 struct via_acpi_fields fields)
{
	for (size_t i = 0; i < fields.count; i++) {
		fputs(i ? ", " : " ", out);
		print_field(arena, out, bytes, &fields.items[i]);
	}
}

static void end_line(FILE *out, const char *trouble)
{
	fprintf(out, trouble ? "  ! %s\n" : "\n", trouble);
}

static void print_unknown(FILE *out, uint64_t type, size_t length)
{
	fprintf(out, " type 0x%02" PRIx64 ", %zu bytes", type, length);
}

static void print_dmar(struct via_arena *arena, const struct via_dmar *dmar, FILE *out)
{
	via_for_each (structure, &dmar->structures) {
		fprintf(out, "  0x%03zx %s", structure->offset, dmar_type_name(structure->type));
		print_fields(arena, out, structure->bytes, dmar_fields(structure->type));
		if (!dmar_fields(structure->type).count)
			print_unknown(out, structure->type, structure->bytes.size);
		end_line(out, structure->trouble);
		via_for_each (scope, &structure->scopes) {
			const char *path = dmar_scope_path(arena, scope);

			fprintf(out, "        %s %s, enumeration id %u",
				dmar_scope_type_name(scope->type), path ? path : "(no path)",
				scope->enumeration_id);
			end_line(out, scope->trouble);
		}
	}
}

static void print_entry(struct via_arena *arena, const struct via_ivrs_entry *entry, FILE *out)
{
	struct via_acpi_fields fields = ivrs_entry_fields(entry->type);
	const char *variety = ivrs_entry_variety(entry);

	fprintf(out, "        %s", ivrs_entry_type_name(entry->type));
	if (entry->type == VIA_IVRS_SPECIAL && variety)
		fprintf(out, " %s", variety);
	print_fields(arena, out, entry->bytes, fields);
	if (!fields.count)
		print_unknown(out, entry->type, entry->bytes.size);
	if (entry->uid)
		fprintf(out, ", uid \"%s\"", entry->uid);
	end_line(out, entry->trouble);
}

static void print_ivrs(struct via_arena *arena, const struct via_ivrs *ivrs, FILE *out)
{
	via_for_each (block, &ivrs->blocks) {
		fprintf(out, "  0x%03zx %s", block->offset, ivrs_type_name(block->type));
		print_fields(arena, out, block->bytes, ivrs_fields(block->type));
		if (!ivrs_fields(block->type).count)
			print_unknown(out, block->type, block->bytes.size);
		end_line(out, block->trouble);
		via_for_each (entry, &block->entries)
			if (ivrs_entry_fields(entry->type).count == 0 || entry->trouble ||
			    (entry->type != VIA_IVRS_PAD && entry->type != VIA_IVRS_PAD8))
				print_entry(arena, entry, out);
	}
}

static void print_iort(struct via_arena *arena, const struct via_iort *iort, FILE *out)
{
	via_for_each (node, &iort->nodes) {
		fprintf(out, "  0x%03zx %s", node->offset, iort_type_name(node->type));
		print_fields(arena, out, node->bytes, iort_fields(node->type));
		if (!iort_fields(node->type).count)
			print_unknown(out, node->type, node->bytes.size);
		end_line(out, node->trouble);
	}
}

static const char *checksum_word(enum via_checksum checksum)
{
	switch (checksum) {
	case VIA_CHECKSUM_GOOD:
		return "good";
	case VIA_CHECKSUM_WRONG:
		return "wrong";
	default:
		return "cannot be told";
	}
}

static void print_table(struct via_arena *arena, const struct via_acpi_file *file, FILE *out)
{
	const struct via_acpi_table *table = &file->table;

	fprintf(out, "%s: %s, %zu bytes, checksum %s,", file->name,
		table->signature ? table->signature : "(no signature)", table->bytes.size,
		checksum_word(table->checksum));
	print_fields(arena, out, table->bytes, acpi_header_fields());
	putc('\n', out);
	if (file->trouble)
		fprintf(out, "  ! %s\n", file->trouble);
}

/* What stands between the header and the structures. */
static void print_table_fields(struct via_arena *arena, const struct via_acpi_file *file,
			       struct via_acpi_fields fields, FILE *out)
{
	if (file->table.bytes.size <= ACPI_HEADER_SIZE)
		return;
	fputs(" ", out);
	if (file->kind == VIA_ACPI_DMAR)
		fprintf(out, " host address width %u bits,", file->dmar.width + 1u);
	print_fields(arena, out, file->table.bytes, fields);
	putc('\n', out);
}

int text_acpi_table(struct via_arena *arena, const struct via_acpi_file *file, FILE *out)
{
	print_table(arena, file, out);
	if (file->kind == VIA_ACPI_DMAR) {
		print_table_fields(arena, file, dmar_table_fields(), out);
		print_dmar(arena, &file->dmar, out);
	} else if (file->kind == VIA_ACPI_IVRS) {
		print_table_fields(arena, file, ivrs_table_fields(), out);
		print_ivrs(arena, &file->ivrs, out);
	} else if (file->kind == VIA_ACPI_IORT) {
		print_table_fields(arena, file, iort_table_fields(), out);
		print_iort(arena, &file->iort, out);
	}
	return ferror(out) ? -EIO : 0;
}
