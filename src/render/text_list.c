/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/list.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

struct row {
	const struct via_host *host;
	struct via_pci_names *names;
	struct via_arena *arena;
	const struct via_pci_device *device;
};

static const char *told(const struct via_fact *fact)
{
	return fact_is(fact, VIA_UNKNOWN) ? "?" : "-";
}

static const char *column_address(const struct row *row)
{
	return row->device->name;
}

static const char *column_ids(const struct row *row)
{
	if (!fact_is(&row->device->vendor, VIA_PRESENT))
		return told(&row->device->vendor);
	if (!fact_is(&row->device->device, VIA_PRESENT))
		return arena_printf(row->arena, "%04llx:?",
				    (unsigned long long)row->device->vendor.number);
	return arena_printf(row->arena, "%04llx:%04llx",
			    (unsigned long long)row->device->vendor.number,
			    (unsigned long long)row->device->device.number);
}

static const char *column_class(const struct row *row)
{
	const char *name = pci_name_class(row->names, row->arena, row->device);

	if (name)
		return name;
	return fact_is(&row->device->class_code, VIA_PRESENT)
		       ? arena_printf(row->arena, "%06llx",
				      (unsigned long long)row->device->class_code.number)
		       : told(&row->device->class_code);
}

static const char *column_name(const struct row *row)
{
	return device_label(row->names, row->arena, row->device);
}

static const char *column_driver(const struct row *row)
{
	const char *driver = fact_text(&row->device->driver);

	return driver ? driver : told(&row->device->driver);
}

static const char *column_group(const struct row *row)
{
	if (!fact_is(&row->device->group, VIA_PRESENT))
		return told(&row->device->group);
	return row->device->group.text;
}

static const char *column_use(const struct row *row)
{
	if (fact_is(&row->device->holders_known, VIA_UNKNOWN) && !row->device->holders.count)
		return "?";
	return row->device->holders.count ? row->device->holders.items[0].what : "-";
}

static const char *column_vfs(const struct row *row)
{
	if (!fact_number(&pci_sriov(row->device)->total, 0))
		return told(&pci_sriov(row->device)->total);
	if (fact_is(&pci_sriov(row->device)->virtfns_known, VIA_UNKNOWN))
		return arena_printf(row->arena, "?/%llu",
				    (unsigned long long)pci_sriov(row->device)->total.number);
	return arena_printf(row->arena, "%zu/%llu", pci_sriov(row->device)->virtfns.count,
			    (unsigned long long)pci_sriov(row->device)->total.number);
}

static const char *column_reset(const struct row *row)
{
	const char *methods = fact_text(&row->device->reset_method);

	return methods && *methods ? methods : told(&row->device->reset_method);
}

static const char *column_slot(const struct row *row)
{
	const char *slot = fact_text(&row->device->slot);

	return slot ? slot : "-";
}

static const char *column_numa(const struct row *row)
{
	if (!fact_is(&row->device->numa_node, VIA_PRESENT))
		return told(&row->device->numa_node);
	return row->device->numa_node.text;
}

static const struct column {
	const char *name, *heading;
	const char *(*value)(const struct row *row);
	bool usual;
} columns[] = {
	{ "address", "ADDRESS", column_address, true },
	{ "ids", "IDS", column_ids, true },
	{ "group", "GROUP", column_group, true },
	{ "driver", "DRIVER", column_driver, true },
	{ "vfs", "VFS", column_vfs, true },
	{ "use", "IN USE", column_use, false },
	{ "reset", "RESET", column_reset, false },
	{ "numa", "NUMA", column_numa, false },
	{ "slot", "SLOT", column_slot, false },
	{ "class", "CLASS", column_class, false },
	{ "name", "NAME", column_name, true },
};

enum { COLUMNS = VIA_COUNT(columns) };

const char *text_list_columns(struct via_arena *arena)
{
	char *text = arena_strdup(arena, "");

	for (size_t i = 0; i < COLUMNS; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? "," : "", columns[i].name);
	return text;
}

static const struct column *find_column(const char *name)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (strcmp(columns[i].name, name) == 0)
			return &columns[i];
	return NULL;
}

static int choose_columns(struct via_arena *arena, const char *text, const struct column **chosen,
			  size_t *ret_count)
{
	char *copy = arena_strdup(arena, text ? text : ""), *save = NULL;
	size_t count = 0;

	for (size_t i = 0; !text && i < COLUMNS; i++)
		if (columns[i].usual)
			chosen[count++] = &columns[i];
	for (char *word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		if (count == COLUMNS || !find_column(word))
			return -EINVAL;
		chosen[count++] = find_column(word);
	}
	*ret_count = count;
	return count ? 0 : -EINVAL;
}

int text_list_check(const char *wanted)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct column *chosen[COLUMNS];
	size_t count;

	return choose_columns(arena, wanted, chosen, &count);
}

static void print_row(const struct via_paper *paper, const char *const *cells,
		      const unsigned int *widths, size_t count, enum via_style style)
{
	for (size_t c = 0; c < count; c++) {
		if (c + 1 == count)
			paper_print(paper, style, "%s\n", cells[c]);
		else
			paper_pad(paper, style, widths[c] + 2, cells[c]);
	}
}

int text_list(const struct via_paper *paper, const struct via_host *host,
	      struct via_pci_names *names, const struct via_list_filter *filter, const char *wanted)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct column *chosen[COLUMNS];
	const char *headings[COLUMNS];
	unsigned int widths[COLUMNS];
	struct table_row {
		const char *cells[COLUMNS];
	};
	via_list(struct table_row) rows = { 0 };
	size_t count;
	int r;

	r = choose_columns(arena, wanted, chosen, &count);
	if (r < 0)
		return r;
	for (size_t c = 0; c < count; c++) {
		headings[c] = chosen[c]->heading;
		widths[c] = paper_columns(headings[c]);
	}
	via_for_each (device, &host->pci.devices) {
		struct row row = { host, names, arena, device };
		struct table_row *line;

		if (!filter_takes(filter, host, device))
			continue;
		line = via_list_add(arena, &rows);
		for (size_t c = 0; c < count; c++) {
			unsigned int wide;

			line->cells[c] = chosen[c]->value(&row);
			wide = paper_columns(line->cells[c]);
			widths[c] = wide > widths[c] ? wide : widths[c];
		}
	}
	print_row(paper, headings, widths, count, VIA_STYLE_BOLD);
	via_for_each (line, &rows)
		print_row(paper, line->cells, widths, count, VIA_STYLE_PLAIN);
	return 0;
}
