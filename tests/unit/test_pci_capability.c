/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <string.h>

#include "decode/pci_capability.h"

/* A configuration space of our own making; the lists grow as entries are put in. */
struct space {
	struct via_arena *arena;
	struct via_capabilities found;
	uint8_t bytes[4096];
};

static int setup(void **state)
{
	static struct space space;

	memset(&space, 0, sizeof(space));
	space.arena = arena_new();
	space.bytes[0x06] = 0x10;
	*state = &space;
	return 0;
}

static int teardown(void **state)
{
	struct space *space = *state;

	arena_free(space->arena);
	return 0;
}

static void put16(struct space *space, size_t at, uint16_t value)
{
	space->bytes[at] = (uint8_t)value;
	space->bytes[at + 1] = (uint8_t)(value >> 8);
}

static void put32(struct space *space, size_t at, uint32_t value)
{
	put16(space, at, (uint16_t)value);
	put16(space, at + 2, (uint16_t)(value >> 16));
}

static void standard(struct space *space, uint8_t at, uint8_t id, uint8_t next)
{
	space->bytes[at] = id;
	space->bytes[at + 1] = next;
}

static void extended(struct space *space, uint16_t at, uint16_t id, uint8_t version, uint16_t next)
{
	put32(space, at, (uint32_t)next << 20 | (uint32_t)version << 16 | id);
}

static struct via_span whole(struct space *space, size_t size)
{
	return (struct via_span){ space->bytes, size };
}

static const struct via_capabilities *decode(struct space *space, size_t size)
{
	capabilities_decode(space->arena, whole(space, size), &space->found);
	return &space->found;
}

static uint64_t value(const struct space *space, const char *capability, const char *name)
{
	const struct via_capability *found = capability_find(&space->found, capability);
	const struct via_capability_field *field = found ? capability_field(found, name) : NULL;

	if (!field)
		fail_msg("%s has no %s", capability, name);
	return field->value;
}

static const char *text(const struct space *space, const char *capability, const char *name)
{
	value(space, capability, name);
	return capability_field(capability_find(&space->found, capability), name)->text;
}

static bool has(const struct space *space, const char *capability, const char *name)
{
	return capability_field(capability_find(&space->found, capability), name);
}

/* An endpoint with FLR in 8 GT/s x4 of x16. */
static void put_endpoint(struct space *space, uint8_t at)
{
	standard(space, at, 0x10, 0);
	put16(space, at + 0x02u, 0x0002);
	put32(space, at + 0x04u, 0x10008002);
	put16(space, at + 0x08u, 0x2810);
	put32(space, at + 0x0cu, 0x00000d03);
	put16(space, at + 0x12u, 0x0043);
}

static void follows_both_lists(void **state)
{
	struct space *space = *state;

	space->bytes[0x34] = 0x40;
	standard(space, 0x40, 0x01, 0x50);
	standard(space, 0x50, 0x10, 0xe0);
	put16(space, 0x52, 0x0002);
	standard(space, 0xe0, 0x7f, 0);
	extended(space, 0x100, 0x03, 1, 0x148);
	extended(space, 0x148, 0x0d, 2, 0xffc);
	extended(space, 0xffc, 0x1234, 3, 0);
	decode(space, 4096);
	assert_true(space->found.standard_read);
	assert_true(space->found.extended_read);
	assert_null(space->found.trouble);
	assert_int_equal(space->found.list.count, 6);
	assert_string_equal(space->found.list.items[2].name, "cap-7f");
	assert_int_equal(space->found.list.items[4].offset, 0x148);
	assert_int_equal(space->found.list.items[4].version, 2);
	assert_string_equal(space->found.list.items[5].name, "ext-1234");
	assert_null(capability_find(&space->found, "msix"));
}

static void none_is_not_unknown(void **state)
{
	struct space *space = *state;

	space->bytes[0x34] = 0x40;
	put_endpoint(space, 0x40);
	assert_false(decode(space, 64)->standard_read);
	assert_null(space->found.trouble);
	assert_true(decode(space, 256)->standard_read);
	assert_false(space->found.extended_read); /* PCI Express: it has one, not read */
	assert_true(decode(space, 4096)->extended_read);
	assert_int_equal(space->found.list.count, 1);

	space->bytes[0x06] = 0; /* no list, and so no PCI Express: told by 64 bytes */
	assert_true(decode(space, 64)->standard_read);
	assert_true(space->found.extended_read);
	assert_int_equal(space->found.list.count, 0);
}

static void a_part_of_the_space_gives_a_part_of_the_list(void **state)
{
	struct space *space = *state;

	space->bytes[0x34] = 0x40;
	standard(space, 0x40, 0x01, 0xa0);
	standard(space, 0xa0, 0x11, 0);
	decode(space, 128);
	assert_false(space->found.standard_read);
	assert_null(space->found.trouble);
	assert_int_equal(space->found.list.count, 1);
	decode(space, 0xa6);
	assert_int_equal(space->found.list.count, 2);
	assert_false(space->found.standard_read); /* its table register is not there */
	assert_true(has(space, "msix", "enable"));
	assert_false(has(space, "msix", "table_offset"));
}

static void loops_end(void **state)
{
	struct space *space = *state;

	space->bytes[0x34] = 0x40;
	standard(space, 0x40, 0x01, 0x50);
	standard(space, 0x50, 0x09, 0x40);
	decode(space, 256);
	assert_int_equal(space->found.list.count, 2);
	assert_non_null(strstr(space->found.trouble, "loop"));
	assert_false(space->found.standard_read);

	space->bytes[0x41] = 0;
	extended(space, 0x100, 0x03, 1, 0x200);
	extended(space, 0x200, 0x0d, 1, 0x200);
	decode(space, 4096);
	assert_true(space->found.standard_read);
	assert_false(space->found.extended_read);
	assert_int_equal(space->found.list.count, 3);
	assert_non_null(strstr(space->found.trouble, "loop"));
}

static void bad_pointers_are_named(void **state)
{
	struct space *space = *state;

	space->bytes[0x34] = 0x42; /* the low bits do not count */
	standard(space, 0x40, 0x01, 0x3c);
	decode(space, 256);
	assert_int_equal(space->found.list.count, 1);
	assert_non_null(strstr(space->found.trouble, "multiple of four"));
	assert_false(space->found.standard_read);

	space->bytes[0x34] = 0x40;
	decode(space, 256);
	assert_non_null(strstr(space->found.trouble, "out of the list"));

	standard(space, 0x40, 0x01, 0x50);
	standard(space, 0x50, 0xff, 0xff);
	decode(space, 256);
	assert_int_equal(space->found.list.count, 1);
	assert_non_null(strstr(space->found.trouble, "all ones"));

	standard(space, 0x50, 0x09, 0);
	extended(space, 0x100, 0x03, 1, 0x0fc);
	decode(space, 4096);
	assert_int_equal(space->found.list.count, 3);
	assert_non_null(strstr(space->found.trouble, "out of the list"));
	put32(space, 0x100, 0xffffffff);
	assert_null(decode(space, 4096)->trouble);
	assert_true(space->found.extended_read);
}

static void registers_past_the_end_are_left_out(void **state)
{
	struct space *space = *state;

	space->bytes[0x34] = 0xf8;
	put_endpoint(space, 0xf8);
	decode(space, 4096);
	assert_true(has(space, "pcie", "port_type"));
	assert_false(has(space, "pcie", "max_link_width"));
	assert_non_null(strstr(space->found.trouble, "past the end"));
}

static void a_function_that_is_gone_has_no_capabilities(void **state)
{
	struct space *space = *state;

	memset(space->bytes, 0xff, sizeof(space->bytes));
	decode(space, 4096);
	assert_false(space->found.standard_read);
	assert_int_equal(space->found.list.count, 0);
	assert_non_null(strstr(space->found.trouble, "does not answer"));
	decode(space, 3);
	assert_false(space->found.standard_read);
	assert_non_null(space->found.trouble);
}

/* What goes flat into JSON must not overwrite anything. */
static void names_are_told_apart(const struct via_capabilities *found)
{
	via_for_each (capability, &found->list) {
		via_for_each (field, &capability->fields)
			assert_ptr_equal(capability_field(capability, field->name), field);
		assert_null(capability_field(capability, "id"));
		assert_null(capability_field(capability, "offset"));
		if (capability->extended)
			assert_null(capability_field(capability, "version"));
	}
}

/* One capability of each id there could be, in a space full of arbitrary bits. */
static void every_id_has_fields_of_its_own(void **state)
{
	struct space *space = *state;
	uint32_t dice = 7;

	for (uint16_t id = 0; id < 0xff; id++) {
		_cleanup_arena_ struct via_arena *arena = arena_new();

		for (size_t i = 0x40; i < sizeof(space->bytes); i++)
			space->bytes[i] = (uint8_t)((dice = dice * 1664525 + 1013904223) >> 24);
		space->bytes[0x0e] = id & 1;
		space->bytes[0x34] = 0x40;
		standard(space, 0x40, (uint8_t)id, 0);
		extended(space, 0x100, id, 1, 0);
		capabilities_decode(arena, whole(space, 4096), &space->found);
		assert_int_equal(space->found.list.count, 2);
		names_are_told_apart(&space->found);
	}
}

static void every_length_is_safe(void **state)
{
	struct space *space = *state;
	uint32_t dice = 1;

	for (size_t turn = 0; turn < 196; turn++) {
		_cleanup_arena_ struct via_arena *arena = arena_new();
		_cleanup_free_ uint8_t *exact = NULL;
		size_t size = turn * 21;

		for (size_t i = 0; i < sizeof(space->bytes); i++)
			space->bytes[i] = (uint8_t)((dice = dice * 1664525 + 1013904223) >> 24);
		space->bytes[0x06] = 0x10;
		exact = malloc(size + 1);
		memcpy(exact, space->bytes, size);
		capabilities_decode(arena, (struct via_span){ exact, size }, &space->found);
	}
}

static void express_parts_follow_the_port_type(void **state)
{
	struct space *space = *state;
	enum via_pcie_type type;

	space->bytes[0x34] = 0x40;
	put_endpoint(space, 0x40);
	decode(space, 256);
	assert_string_equal(text(space, "pcie", "port_type"), "endpoint");
	assert_true(value(space, "pcie", "flr"));
	assert_int_equal(value(space, "pcie", "max_payload_supported_bytes"), 512);
	assert_int_equal(value(space, "pcie", "max_read_request_bytes"), 512);
	assert_string_equal(text(space, "pcie", "link_speed_gts"), "8");
	assert_int_equal(value(space, "pcie", "max_link_width"), 16);
	assert_int_equal(value(space, "pcie", "link_width"), 4);
	assert_string_equal(text(space, "pcie", "aspm_support"), "L0s L1");
	assert_false(has(space, "pcie", "slot_number"));
	assert_false(has(space, "pcie", "pme_requester"));
	assert_true(capability_pcie_type(&space->found, whole(space, 256), &type));
	assert_int_equal(type, VIA_PCIE_ENDPOINT);

	put16(space, 0x42, 0x0142); /* a root port with a slot: number 5, 25 W */
	put32(space, 0x54, 5u << 19 | 250u << 7 | 1u << 15);
	decode(space, 256);
	assert_int_equal(value(space, "pcie", "slot_number"), 5);
	assert_int_equal(value(space, "pcie", "slot_power_limit_mw"), 25000);
	put32(space, 0x54, 0xfeu << 7);
	decode(space, 256);
	assert_int_equal(value(space, "pcie", "slot_power_limit_mw"), 600000);
	assert_true(has(space, "pcie", "pme_requester"));
	assert_false(has(space, "pcie", "flr"));
	put16(space, 0x42, 0x0092); /* an integrated endpoint: no link */
	decode(space, 256);
	assert_false(has(space, "pcie", "link_width"));
	assert_true(has(space, "pcie", "flr"));
	assert_true(has(space, "pcie", "ari_forwarding_supported"));
	put16(space, 0x42, 0x0091); /* version 1 */
	decode(space, 256);
	assert_false(has(space, "pcie", "ari_forwarding_supported"));
}

static void messages_come_in_four_shapes(void **state)
{
	struct space *space = *state;

	space->bytes[0x34] = 0x40;
	standard(space, 0x40, 0x05, 0);
	put32(space, 0x44, 0xfee00000);
	put32(space, 0x48, 0x00004041);
	put32(space, 0x4c, 0x00005051);
	put32(space, 0x50, 0x60616263);
	put32(space, 0x54, 0x70717273);
	decode(space, 256);
	assert_int_equal(value(space, "msi", "message_address"), 0xfee00000);
	assert_int_equal(value(space, "msi", "message_data"), 0x4041);
	assert_false(has(space, "msi", "mask_bits"));
	put16(space, 0x42, 0x01ab); /* enabled, 4 of 32, 64 bits, masks */
	decode(space, 256);
	assert_int_equal(value(space, "msi", "message_address"), 0x00004041fee00000);
	assert_int_equal(value(space, "msi", "message_data"), 0x5051);
	assert_int_equal(value(space, "msi", "mask_bits"), 0x60616263);
	assert_int_equal(value(space, "msi", "pending_bits"), 0x70717273);
	assert_int_equal(value(space, "msi", "vectors_capable"), 32);
	assert_int_equal(value(space, "msi", "vectors_enabled"), 4);
	put16(space, 0x42, 0x0100);
	decode(space, 256);
	assert_int_equal(value(space, "msi", "mask_bits"), 0x5051);
}

static void flr_comes_from_either(void **state)
{
	struct space *space = *state;

	space->bytes[0x34] = 0x40;
	put_endpoint(space, 0x40);
	assert_true(capability_has_flr(decode(space, 256), whole(space, 256)));
	put32(space, 0x44, 0);
	assert_false(capability_has_flr(decode(space, 256), whole(space, 256)));
	standard(space, 0x40, 0x10, 0x80);
	standard(space, 0x80, 0x13, 0);
	space->bytes[0x83] = 0x02; /* FLR, but transactions pending cannot be told */
	assert_false(capability_has_flr(decode(space, 256), whole(space, 256)));
	space->bytes[0x83] = 0x03;
	assert_true(capability_has_flr(decode(space, 256), whole(space, 256)));
}

static void isolation_is_read_as_bits(void **state)
{
	struct space *space = *state;
	struct via_acs acs = { 1, 2 };

	space->bytes[0x34] = 0x40;
	put_endpoint(space, 0x40);
	assert_false(capability_acs(decode(space, 4096), whole(space, 4096), &acs));
	assert_int_equal(acs.control, 2);
	extended(space, 0x100, 0x0d, 1, 0);
	put16(space, 0x104, 0x085f);
	put16(space, 0x106, 0x001d);
	assert_true(capability_acs(decode(space, 4096), whole(space, 4096), &acs));
	assert_int_equal(acs.capability, 0x085f);
	assert_int_equal(acs.control, 0x001d);
	assert_true(value(space, "acs", "request_redirect_enabled"));
	assert_false(value(space, "acs", "translation_blocking_enabled"));
	assert_true(value(space, "acs", "translation_blocking_supported"));
	assert_int_equal(value(space, "acs", "egress_vector_bits"), 8);
}

static void virtual_functions_are_read(void **state)
{
	struct space *space = *state;
	struct via_sriov sriov;

	space->bytes[0x34] = 0x40;
	put_endpoint(space, 0x40);
	extended(space, 0x100, 0x10, 1, 0);
	put16(space, 0x108, 0x0019);
	put16(space, 0x10c, 8);
	put16(space, 0x10e, 8);
	put16(space, 0x110, 7);
	put16(space, 0x114, 0x80);
	put16(space, 0x116, 2);
	put16(space, 0x11a, 0x10ca);
	put32(space, 0x11c, 0x553);
	put32(space, 0x124, 0xfe00000c);
	put32(space, 0x128, 0x00000008);
	put32(space, 0x130, 0xd0000000);
	assert_true(capability_sriov(decode(space, 4096), whole(space, 4096), &sriov));
	assert_true(sriov.vf_enable && sriov.memory_enable && sriov.ari_hierarchy);
	assert_int_equal(sriov.total_vfs, 8);
	assert_int_equal(sriov.num_vfs, 7);
	assert_int_equal(sriov.first_offset, 0x80);
	assert_int_equal(sriov.stride, 2);
	assert_int_equal(sriov.vf_device, 0x10ca);
	assert_int_equal(sriov.supported_page_sizes, 0x553);
	assert_int_equal(sriov.bars[1], 8);
	assert_int_equal(value(space, "sriov", "vf_bar0_address"), 0x8fe000000);
	assert_true(value(space, "sriov", "vf_bar0_prefetchable"));
	assert_false(has(space, "sriov", "vf_bar1_address"));
	assert_false(has(space, "sriov", "vf_bar2_address"));
	assert_string_equal(text(space, "sriov", "vf_bar3_kind"), "memory_32bit");
	assert_false(capability_sriov(&space->found, whole(space, 0x13f), &sriov));
}

static void repeated_parts_carry_their_number(void **state)
{
	struct space *space = *state;

	space->bytes[0x34] = 0x40;
	put_endpoint(space, 0x40);
	extended(space, 0x100, 0x15, 1, 0x200);
	put32(space, 0x104, 0x0003fff0); /* 1 MB to 8 GB */
	put32(space, 0x108, 0x00000842); /* two of them; BAR 2 is 256 MB */
	put32(space, 0x10c, 0x00000010);
	put32(space, 0x110, 0x00010004); /* BAR 4: 1 MB, could be 256 TB too */
	extended(space, 0x200, 0x02, 1, 0);
	put32(space, 0x204, 1);
	put32(space, 0x214, 0x800000ff);
	put32(space, 0x220, 0x01000000);
	decode(space, 4096);
	assert_int_equal(value(space, "rebar", "bar_count"), 2);
	assert_int_equal(value(space, "rebar", "entry0_bar"), 2);
	assert_int_equal(value(space, "rebar", "entry0_size_bytes"), 256 << 20);
	assert_int_equal(value(space, "rebar", "entry0_sizes_supported"), 0x3fff);
	assert_int_equal(value(space, "rebar", "entry1_bar"), 4);
	assert_int_equal(value(space, "rebar", "entry1_sizes_supported"), 0x10000001);
	assert_true(value(space, "vc", "vc0_enable"));
	assert_int_equal(value(space, "vc", "vc1_id"), 1);
	assert_false(has(space, "vc", "vc2_id"));
}

static void a_host_with_a_serial_number_shows_it_in_order(void **state)
{
	struct space *space = *state;

	space->bytes[0x34] = 0x40;
	put_endpoint(space, 0x40);
	extended(space, 0x100, 0x03, 1, 0);
	put32(space, 0x104, 0x33445566);
	put32(space, 0x108, 0x00aa1122);
	decode(space, 4096);
	assert_string_equal(text(space, "dsn", "serial_number"), "00-aa-11-22-33-44-55-66");
}

struct bit {
	uint16_t id, offset;
	uint8_t bit;
	const char *capability, *name;
};

/* Bits newer than the lspci of most distributions, which judges the others. */
static const struct bit young_bits[] = {
	{ 0x01, 0x04, 22, "aer", "uncorrectable_status_internal" },
	{ 0x01, 0x04, 23, "aer", "uncorrectable_status_mc_blocked_tlp" },
	{ 0x01, 0x08, 24, "aer", "uncorrectable_mask_atomic_egress_blocked" },
	{ 0x01, 0x08, 25, "aer", "uncorrectable_mask_tlp_prefix_blocked" },
	{ 0x01, 0x0c, 26, "aer", "uncorrectable_fatal_poisoned_tlp_egress_blocked" },
	{ 0x01, 0x0c, 27, "aer", "uncorrectable_fatal_dmwr_egress_blocked" },
	{ 0x01, 0x04, 28, "aer", "uncorrectable_status_ide_check_failed" },
	{ 0x01, 0x04, 29, "aer", "uncorrectable_status_misrouted_ide_tlp" },
	{ 0x01, 0x04, 30, "aer", "uncorrectable_status_pcrc_check_failed" },
	{ 0x01, 0x04, 31, "aer", "uncorrectable_status_tlp_translation_egress_blocked" },
	{ 0x01, 0x10, 14, "aer", "correctable_status_corrected_internal" },
	{ 0x01, 0x14, 15, "aer", "correctable_mask_header_log_overflow" },
	{ 0x25, 0x04, 31, "dlf", "exchange_enable" },
	{ 0x26, 0x0c, 4, "16gt", "link_equalization_request" },
	{ 0x27, 0x06, 1, "lane_margin", "software_ready" },
	{ 0x2a, 0x04, 1, "32gt", "no_equalization_needed_supported" },
	{ 0x2a, 0x0c, 5, "32gt", "modified_ts_received" },
	{ 0x2a, 0x0c, 10, "32gt", "no_equalization_needed_received" },
	{ 0x2e, 0x0c, 2, "doe", "error" },
	{ 0x2f, 0x04, 2, "dev3", "tag_14bit_requester" },
	{ 0x2f, 0x04, 11, "dev3", "uio_requester" },
	{ 0x2f, 0x08, 8, "dev3", "uio_256b_boundary_disable" },
	{ 0x2f, 0x0c, 4, "dev3", "remote_l0p_supported" },
	{ 0x30, 0x04, 6, "ide", "key_management_supported" },
	{ 0x30, 0x04, 24, "ide", "tee_limited_supported" },
	{ 0x30, 0x08, 2, "ide", "flow_through_enable" },
	{ 0x31, 0x0c, 5, "64gt", "transmitter_precoding" },
};

static void young_bits_stand_where_specified(void **state)
{
	struct space *space = *state;

	space->bytes[0x34] = 0x40;
	put_endpoint(space, 0x40);
	for (size_t i = 0; i < VIA_COUNT(young_bits); i++) {
		const struct bit *bit = &young_bits[i];

		memset(space->bytes + 0x100, 0, 0x100);
		extended(space, 0x100, bit->id, 1, 0);
		decode(space, 4096);
		assert_false(value(space, bit->capability, bit->name));
		put32(space, 0x100u + (bit->offset & ~3u),
		      1u << (bit->bit + 8 * (bit->offset & 3)));
		decode(space, 4096);
		assert_true(value(space, bit->capability, bit->name));
	}
}

static void headers_tell_topology(void **state)
{
	struct space *space = *state;
	struct via_pci_header header;

	put32(space, 0x00, 0x10c98086);
	put32(space, 0x08, 0x06040003);
	space->bytes[0x0e] = 0x81;
	put32(space, 0x18, 0x00040302);
	assert_true(pci_header_decode(whole(space, 64), &header));
	assert_int_equal(header.vendor, 0x8086);
	assert_int_equal(header.class_code, 0x060400);
	assert_int_equal(header.type, 1);
	assert_true(header.multifunction);
	assert_int_equal(header.secondary, 3);
	assert_int_equal(header.subordinate, 4);
	space->bytes[0x0e] = 0;
	assert_true(pci_header_decode(whole(space, 64), &header));
	assert_int_equal(header.secondary, 0);
	assert_false(pci_header_decode(whole(space, 63), &header));
}

#define in_a_space(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_a_space(follows_both_lists),
		in_a_space(none_is_not_unknown),
		in_a_space(a_part_of_the_space_gives_a_part_of_the_list),
		in_a_space(loops_end),
		in_a_space(bad_pointers_are_named),
		in_a_space(registers_past_the_end_are_left_out),
		in_a_space(a_function_that_is_gone_has_no_capabilities),
		in_a_space(every_id_has_fields_of_its_own),
		in_a_space(every_length_is_safe),
		in_a_space(express_parts_follow_the_port_type),
		in_a_space(messages_come_in_four_shapes),
		in_a_space(flr_comes_from_either),
		in_a_space(isolation_is_read_as_bits),
		in_a_space(virtual_functions_are_read),
		in_a_space(repeated_parts_carry_their_number),
		in_a_space(a_host_with_a_serial_number_shows_it_in_order),
		in_a_space(young_bits_stand_where_specified),
		in_a_space(headers_tell_topology),
	};

	return cmocka_run_group_tests_name("pci_capability", tests, NULL, NULL);
}
