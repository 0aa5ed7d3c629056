/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "acpi_build.h"
#include "decode/acpi_file.h"
#include "model/remapping.h"

static struct via_pci_device *add(struct via_host *host, const char *name, uint32_t class_code)
{
	struct via_pci_device *device = via_list_add(host->arena, &host->pci.devices);

	device->name = name;
	assert_int_equal(address_parse(name, &device->address), 0);
	device->class_code = fact_present(NULL, NULL, class_code);
	device->physfn = fact_absent(NULL);
	return device;
}

static const struct via_pci_device *at(const struct via_host *host, const char *name)
{
	struct via_pci_address address;

	assert_int_equal(address_parse(name, &address), 0);
	return pci_find(&host->pci, address);
}

static void set_parent(struct via_host *host, const char *name, const char *parent)
{
	via_for_each (device, &host->pci.devices)
		if (strcmp(device->name, name) == 0)
			device->parent = at(host, parent);
}

/* Graphics at 00:02.0, USB at 00:14.0, a network card and its VF behind the port 00:1c.0; what
 * is behind 00:1d.0 nobody could read. */
static struct via_host *machine(void)
{
	struct via_host *host = host_new();

	add(host, "0000:00:02.0", 0x030000);
	add(host, "0000:00:14.0", 0x0c0330);
	add(host, "0000:00:1c.0", 0x060400);
	add(host, "0000:00:1d.0", 0x060400)->config.fact = fact_unknown("config", EACCES);
	add(host, "0000:05:00.0", 0x020000);
	add(host, "0000:05:10.0", 0x020000)->physfn = fact_present(NULL, "0000:05:00.0", 1);
	set_parent(host, "0000:05:00.0", "0000:00:1c.0");
	set_parent(host, "0000:05:10.0", "0000:00:1c.0");
	host->pci.bus = fact_present("sys/bus/pci/devices", NULL, 6);
	return host;
}

static void take_dmar(struct via_host *host, struct via_span bytes)
{
	struct via_acpi_file file;

	bytes.data = arena_memdup(host->arena, bytes.data, bytes.size);
	assert_int_equal(acpi_file_decode(host->arena, bytes, "DMAR", &file), 0);
	host->firmware.dmar.decoded = true;
	host->firmware.dmar.dmar = file.dmar;
}

static void take_ivrs(struct via_host *host, struct via_span bytes)
{
	struct via_acpi_file file;

	bytes.data = arena_memdup(host->arena, bytes.data, bytes.size);
	assert_int_equal(acpi_file_decode(host->arena, bytes, "IVRS", &file), 0);
	host->firmware.ivrs.decoded = true;
	host->firmware.ivrs.ivrs = file.ivrs;
}

static void put_scope_of(struct built *table, uint8_t type, const uint8_t (*hops)[2], size_t count)
{
	put_scope(table, type, 0, 0, hops, count);
}

/* In segment 0, where the machine is. */
static size_t put_unit(struct built *table, uint8_t flags, uint64_t base)
{
	size_t start = put_drhd(table, flags, base);

	patch(table, start + 6, 0, 2);
	return start;
}

static void put_rmrr(struct built *table, uint64_t base, const uint8_t (*hops)[2], size_t count)
{
	size_t start = put(table, VIA_DMAR_RMRR, 2);

	put(table, 0, 2);
	put(table, 0, 2);
	put(table, 0, 2);
	put(table, base, 8);
	put(table, base + 0xfff, 8);
	put_scope_of(table, VIA_DMAR_ENDPOINT, hops, count);
	end_record(table, start);
}

static void units_cover_by_first_match(void **state)
{
	static const uint8_t graphics[][2] = { { 2, 0 } }, port[][2] = { { 0x1c, 0 } },
			     gone[][2] = { { 9, 0 } };
	_cleanup_host_ struct via_host *host = machine();
	const struct via_remapping *remapping;
	struct built table = { 0 };
	size_t start;

	begin_dmar(&table);
	/* The one for all the rest may stand first: it still counts last. */
	start = put_unit(&table, DMAR_INCLUDE_PCI_ALL, 0xfed91000);
	end_record(&table, start);
	start = put_unit(&table, 0, 0xfed90000);
	put_scope_of(&table, VIA_DMAR_ENDPOINT, graphics, 1);
	end_record(&table, start);
	start = put_unit(&table, 0, 0xfed92000);
	put_scope_of(&table, VIA_DMAR_BRIDGE, port, 1);
	end_record(&table, start);
	start = put_unit(&table, 0, 0xfed93000);
	put_scope_of(&table, VIA_DMAR_ENDPOINT, gone, 1);
	end_record(&table, start);
	take_dmar(host, finish(&table));
	remapping = remapping_new(host->arena, host);
	assert_int_equal(remapping->units.count, 4);
	assert_int_equal(remapping_unit(remapping, host, at(host, "0000:00:02.0"))->base,
			 0xfed90000);
	assert_int_equal(remapping_unit(remapping, host, at(host, "0000:00:14.0"))->base,
			 0xfed91000);
	assert_int_equal(remapping_unit(remapping, host, at(host, "0000:05:00.0"))->base,
			 0xfed92000);
	assert_int_equal(remapping_unit(remapping, host, at(host, "0000:05:10.0"))->base,
			 0xfed92000);
	assert_true(remapping->units.items[1].graphics_only);
	assert_false(remapping->units.items[2].graphics_only);
	assert_true(unit_is_empty(&remapping->units.items[3]));
	assert_false(unit_is_empty(&remapping->units.items[0]));
}

static void regions_have_owners(void **state)
{
	static const uint8_t usb[][2] = { { 0x14, 0 } }, card[][2] = { { 0x1c, 0 }, { 0, 0 } };
	_cleanup_host_ struct via_host *host = machine();
	const struct via_remapping *remapping;
	const struct via_pci_device *nic = at(host, "0000:05:00.0");
	struct built table = { 0 };

	begin_dmar(&table);
	end_record(&table, put_unit(&table, DMAR_INCLUDE_PCI_ALL, 0xfed91000));
	put_rmrr(&table, 0x7b000000, usb, 1);
	put_rmrr(&table, 0x7c000000, card, 2);
	take_dmar(host, finish(&table));
	remapping = remapping_new(host->arena, host);
	assert_int_equal(remapping_region(remapping, nic)->base, 0x7c000000);
	assert_string_equal(remapping->regions.items[1].named.items[0].path, "00:1c.0/00.0");
	assert_false(region_is_relaxable(remapping, nic));
	assert_int_equal(remapping_region(remapping, at(host, "0000:00:14.0"))->base, 0x7b000000);
	assert_true(region_is_relaxable(remapping, at(host, "0000:00:14.0")));
	assert_null(remapping_region(remapping, at(host, "0000:00:02.0")));
	assert_false(remapping->regions.items[0].broken);
}

/* A bridge whose secondary bus nobody knows: not "not there". */
static void an_unread_bridge_is_untold(void **state)
{
	static const uint8_t card[][2] = { { 0x1d, 0 }, { 0, 0 } };
	_cleanup_host_ struct via_host *host = machine();
	const struct via_named_device *named;
	struct built table = { 0 };

	begin_dmar(&table);
	put_rmrr(&table, 0x7b000000, card, 2);
	take_dmar(host, finish(&table));
	named = &remapping_new(host->arena, host)->regions.items[0].named.items[0];
	assert_null(named->device);
	assert_true(named->untold);
}

static void amd_ranges_cover(void **state)
{
	_cleanup_host_ struct via_host *host = machine();
	const struct via_remapping *remapping;
	struct built table = { 0 };
	size_t start;

	begin_ivrs(&table);
	start = put_ivhd(&table, VIA_IVRS_IVHD10);
	patch(&table, start + 16, 0, 2);
	put_entry(&table, VIA_IVRS_SELECT, 0x00a0, 0); /* 00:14.0 */
	put_entry(&table, VIA_IVRS_RANGE_START, 0x0500, 0);
	put_entry(&table, VIA_IVRS_RANGE_END, 0x05ff, 0);
	end_record(&table, start);
	take_ivrs(host, finish(&table));
	remapping = remapping_new(host->arena, host);
	assert_true(remapping->amd);
	assert_int_equal(remapping->units.count, 1);
	assert_non_null(remapping_unit(remapping, host, at(host, "0000:00:14.0")));
	assert_non_null(remapping_unit(remapping, host, at(host, "0000:05:10.0")));
	assert_null(remapping_unit(remapping, host, at(host, "0000:00:02.0")));
	assert_false(region_is_relaxable(remapping, at(host, "0000:00:14.0")));
}

static void slots_by_card_or_port(void **state)
{
	_cleanup_host_ struct via_host *host = machine();
	struct via_smbios_slot *slot = via_list_add(host->arena, &host->firmware.slots);

	*slot = (struct via_smbios_slot){ .designation = "J6", .addressed = true };
	address_parse("0000:00:1c.0", &slot->address);
	assert_string_equal(firmware_slot(host, at(host, "0000:05:00.0"))->designation, "J6");
	assert_null(firmware_slot(host, at(host, "0000:00:14.0")));
	slot = via_list_add(host->arena, &host->firmware.slots);
	*slot = (struct via_smbios_slot){ .designation = "J7", .addressed = true };
	address_parse("0000:05:00.0", &slot->address);
	assert_string_equal(firmware_slot(host, at(host, "0000:05:00.0"))->designation, "J7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_cover_by_first_match), cmocka_unit_test(regions_have_owners),
		cmocka_unit_test(an_unread_bridge_is_untold), cmocka_unit_test(amd_ranges_cover),
		cmocka_unit_test(slots_by_card_or_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
