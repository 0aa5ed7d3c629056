/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "model/prediction.h"

enum {
	CONVENTIONAL = -1, /* no PCI Express capability */
	SHORT = -2,	   /* 64 bytes only, which tell of capabilities */
	ASLEEP = -3,
	NO_ACS = 0,
	ACS_FULL = 0x1d, /* the capability; control is 0 before the kernel sets it */
	MAX = 32,
};

/* One function of a machine: where it sits, what it is. */
struct part {
	const char *address;
	const char *above; /* the bridge; NULL: a root bus */
	int type;	   /* VIA_PCIE_..., CONVENTIONAL, SHORT or ASLEEP */
	int acs;	   /* capability bits, or NO_ACS */
	uint32_t ids;	   /* vendor and device; 0: of nobody known */
	bool multifunction, vf;
	uint32_t class_code;
	const char *dma; /* behind VMD */
	bool unplaced;	 /* of a dump without the bridge above */
};

static void put16(uint8_t *bytes, size_t at, unsigned int value)
{
	bytes[at] = (uint8_t)value;
	bytes[at + 1] = (uint8_t)(value >> 8);
}

static size_t write_config(uint8_t *bytes, const struct part *part, bool bridge)
{
	put16(bytes, 0x06, part->type == CONVENTIONAL ? 0 : 0x10);
	bytes[0x0e] = (uint8_t)((part->multifunction ? 0x80 : 0) | bridge);
	bytes[0x34] = 0x40;
	if (part->type < 0)
		return part->type == SHORT ? 64 : 256;
	bytes[0x40] = 0x10;
	put16(bytes, 0x42, (unsigned int)part->type << 4 | 2);
	if (part->acs != NO_ACS) {
		put16(bytes, 0x100, 0x000d);
		put16(bytes, 0x102, 1);
		put16(bytes, 0x104, (unsigned int)part->acs);
	}
	return 4096;
}

static const struct via_pci_device *find(const struct via_host *host, const char *text)
{
	struct via_pci_address address;

	if (!text)
		return NULL;
	assert_int_equal(address_parse(text, &address), 0);
	return pci_find(&host->pci, address);
}

static void add_part(struct via_host *host, const struct part *part)
{
	struct via_pci_device *device = via_list_add(host->arena, &host->pci.devices);
	bool bridge = part->class_code == 0x060400;
	uint8_t *bytes = arena_alloc(host->arena, 4096);

	device->name = part->address;
	address_parse(part->address, &device->address);
	device->vendor = fact_present(NULL, NULL, part->ids >> 16);
	device->device = fact_present(NULL, NULL, part->ids & 0xffff);
	device->class_code = fact_present(NULL, NULL, part->class_code);
	device->physfn = part->vf ? fact_present(NULL, "pf", 0) : fact_absent(NULL);
	if (part->type == ASLEEP) {
		device->config.fact = fact_unknown(part->address, EAGAIN);
		return;
	}
	device->config.span = (struct via_span){ bytes, write_config(bytes, part, bridge) };
	device->config.fact = fact_present(part->address, NULL, device->config.span.size);
	capabilities_decode(host->arena, device->config.span, &device->capabilities);
}

static struct via_host *machine(const struct part *parts)
{
	struct via_host *host = host_new();

	host->live = true;
	/* Pointers into the list are taken when it no longer grows. */
	for (const struct part *part = parts; part->address; part++)
		add_part(host, part);
	for (const struct part *part = parts; part->address; part++) {
		struct via_pci_device *device = &host->pci.devices.items[part - parts];

		device->parent = find(host, part->above);
		device->dma_device = find(host, part->dma);
		if (part->unplaced)
			device->place = fact_unknown(part->address, ENODATA);
	}
	return host;
}

static const char *words(const struct via_host *host, const struct via_prediction *prediction,
			 const struct via_predicted *predicted)
{
	const struct via_predicted_group *group = prediction_group(prediction, predicted);
	const char *text = "";

	if (!group)
		return known_name(predicted->fact.known);
	via_for_each (member, &group->devices)
		text = arena_printf(host->arena, "%s%s%s", text, *text ? " " : "", (*member)->name);
	return text;
}

/* What is said of one function: "MEMBER MEMBER..." or the state, and the reasons. */
static void expect(const struct via_host *host, const char *address, const char *members,
		   const char *why)
{
	const struct via_prediction *prediction = prediction_new(host->arena, host);
	const struct via_predicted *predicted =
		prediction_of(prediction, host, find(host, address));
	const char *said = prediction_why_one(predicted, host->arena);

	assert_string_equal(words(host, prediction, predicted), members);
	if (!strstr(said, why))
		fail_msg("%s: \"%s\" does not say \"%s\"", address, said, why);
}

#define ROOT(at, acs_bits, ...)                                             \
	{                                                                   \
		.address = at, .type = VIA_PCIE_ROOT_PORT, .acs = acs_bits, \
		.class_code = 0x060400, __VA_ARGS__                         \
	}
#define BRIDGE(at, under, kind, ...)                                                             \
	{                                                                                        \
		.address = at, .above = under, .type = kind, .class_code = 0x060400, __VA_ARGS__ \
	}
#define CARD(at, under, ...)                               \
	{                                                  \
		.address = at, .above = under, __VA_ARGS__ \
	}
#define LEGACY(at, under, ...)                                                   \
	{                                                                        \
		.address = at, .above = under, .type = CONVENTIONAL, __VA_ARGS__ \
	}
#define END                     \
	{                       \
		.address = NULL \
	}

#define A "0000:00:01.0"
#define B "0000:00:01.1"
#define X "0000:01:00.0"
#define Y "0000:02:00.0"

static void good_ports_isolate(void **state)
{
	static const struct part parts[] = { ROOT(A, ACS_FULL, .multifunction = true),
					     ROOT(B, ACS_FULL), CARD(X, A), CARD(Y, B), END };
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, A, A, "alone on the root bus");
	expect(host, B, B, "alone on the root bus");
	expect(host, X, X, "alone: every port above it isolates");
	expect(host, Y, Y, "alone");
}

static void ports_of_one_slot_without_acs_join(void **state)
{
	static const struct part parts[] = { ROOT(A, NO_ACS, .multifunction = true),
					     ROOT(B, NO_ACS), CARD(X, A), CARD(Y, B), END };
	_cleanup_host_ struct via_host *host = machine(parts);
	const char *all = A " " B " " X " " Y;

	expect(host, A, all, "functions of one slot without ACS between them (0000:00:01)");
	expect(host, X, all, "port " A " joins what is behind it: no ACS capability");
	expect(host, Y, all, "port " B " joins what is behind it: no ACS capability");
}

static void what_hangs_on_an_untold_port_is_not_alone(void **state)
{
	static const struct part parts[] = {
		ROOT(A, ACS_FULL),
		CARD(X, NULL, .unplaced = true),
		BRIDGE(Y, NULL, VIA_PCIE_UPSTREAM, .unplaced = true),
		CARD("0000:03:00.0", Y),
		END,
	};
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, A, A, "alone on the root bus");
	expect(host, X, "unknown", X ": the port it is plugged into could not be told");
	expect(host, "0000:03:00.0", "unknown", Y ": the port it is plugged into");
}

static void a_good_function_stays_out_of_its_slot(void **state)
{
	static const struct part parts[] = { ROOT(A, ACS_FULL, .multifunction = true),
					     ROOT(B, NO_ACS), CARD(X, A), CARD(Y, B), END };
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, A, A, "alone");
	expect(host, X, X, "alone");
	expect(host, Y, B " " Y, "port " B " joins");
}

/* Bits that the capability lacks are hard-wired; those it has are switched on with the IOMMU. */
static void acs_counts_by_what_it_offers(void **state)
{
	static const struct part parts[] = { ROOT(A, 0x01), CARD(X, A), END };
	static const struct part egress[] = { ROOT(A, 0x3d), CARD(X, A), END };
	_cleanup_host_ struct via_host *host = machine(parts);
	_cleanup_host_ struct via_host *other = machine(egress);

	expect(host, X, X, "alone");
	expect(other, X, X, "alone");
}

static void a_driven_iommu_is_judged_by_control(void **state)
{
	static const struct part parts[] = { ROOT(A, ACS_FULL), CARD(X, A), END };
	_cleanup_host_ struct via_host *host = machine(parts);
	uint8_t *bytes = (uint8_t *)host->pci.devices.items[0].config.span.data;

	host->kernel.iommu_class = fact_present(NULL, NULL, 1);
	expect(host, X, A " " X, "ACS control 0x0000 of capability 0x001d");
	bytes[0x106] = ACS_FULL;
	expect(host, X, X, "alone");
}

#define UP    "0000:01:00.0"
#define DOWN0 "0000:02:00.0"
#define DOWN1 "0000:02:01.0"
#define P     "0000:03:00.0"
#define Q     "0000:04:00.0"

static void a_switch_without_acs_joins_each_port_to_its_own(void **state)
{
	static const struct part parts[] = {
		ROOT(A, ACS_FULL),
		BRIDGE(UP, A, VIA_PCIE_UPSTREAM),
		BRIDGE(DOWN0, UP, VIA_PCIE_DOWNSTREAM),
		BRIDGE(DOWN1, UP, VIA_PCIE_DOWNSTREAM),
		CARD(P, DOWN0),
		CARD(Q, DOWN1),
		END,
	};
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, P, DOWN0 " " P, "port " DOWN0 " joins");
	expect(host, Q, DOWN1 " " Q, "port " DOWN1 " joins");
	expect(host, UP, UP, "alone");
}

static void a_bad_root_port_joins_the_switch_below(void **state)
{
	static const struct part parts[] = {
		ROOT(A, NO_ACS),
		BRIDGE(UP, A, VIA_PCIE_UPSTREAM),
		BRIDGE(DOWN0, UP, VIA_PCIE_DOWNSTREAM, .acs = ACS_FULL),
		BRIDGE(DOWN1, UP, VIA_PCIE_DOWNSTREAM, .acs = ACS_FULL),
		CARD(P, DOWN0),
		CARD(Q, DOWN1),
		END,
	};
	_cleanup_host_ struct via_host *host = machine(parts);
	const char *all = A " " UP " " DOWN0 " " DOWN1 " " P " " Q;

	expect(host, P, all, "port " A " joins what is behind it: no ACS capability");
	expect(host, DOWN1, all, "port " A " joins");
}

static void a_pcie_to_pci_bridge_poses_for_what_is_behind(void **state)
{
	static const struct part parts[] = {
		ROOT(A, ACS_FULL), BRIDGE(UP, A, VIA_PCIE_TO_PCI),
		LEGACY(DOWN0, UP), BRIDGE(DOWN1, UP, CONVENTIONAL),
		LEGACY(P, DOWN1),  END,
	};
	_cleanup_host_ struct via_host *host = machine(parts);
	const char *all = UP " " DOWN0 " " DOWN1 " " P;

	expect(host, P, all, "alias through conventional PCI bridge " DOWN1);
	expect(host, P, all, "alias through PCIe-to-PCI bridge " UP);
	expect(host, DOWN0, all, "alias through PCIe-to-PCI bridge " UP);
	expect(host, A, A, "alone");
}

static void a_conventional_bridge_poses_too(void **state)
{
	static const struct part parts[] = { BRIDGE(A, NULL, CONVENTIONAL), LEGACY(X, A),
					     LEGACY("0000:01:01.0", A), END };
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, X, A " " X " 0000:01:01.0", "alias through conventional PCI bridge " A);
}

#define F0 "0000:01:00.0"
#define F1 "0000:01:00.1"

static void functions_of_a_card(void **state)
{
	static const struct part bare[] = { ROOT(A, ACS_FULL), CARD(F0, A, .multifunction = true),
					    CARD(F1, A), END };
	static const struct part good[] = { ROOT(A, ACS_FULL),
					    CARD(F0, A, .multifunction = true, .acs = 0x0c),
					    CARD(F1, A, .acs = 0x0c), END };
	static const struct part vouched[] = {
		ROOT(A, ACS_FULL), CARD(F0, A, .multifunction = true, .ids = 0x808610c9),
		CARD(F1, A, .ids = 0x808610c9), END
	};
	_cleanup_host_ struct via_host *host = machine(bare);
	_cleanup_host_ struct via_host *other = machine(good);
	_cleanup_host_ struct via_host *third = machine(vouched);

	expect(host, F1, F0 " " F1, "functions of one slot without ACS");
	expect(other, F1, F1, "alone");
	expect(third, F1, F1, "alone");
}

static void functions_of_a_conventional_slot_join(void **state)
{
	static const struct part parts[] = { LEGACY(A, NULL),
					     LEGACY("0000:00:1f.0", NULL, .multifunction = true),
					     LEGACY("0000:00:1f.2", NULL), END };
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, "0000:00:1f.2", "0000:00:1f.0 0000:00:1f.2", "functions of one slot");
	expect(host, A, A, "alone on the root bus");
}

/* A VF counts as a single function, on its PF's bus and on a bus without a bridge. */
static void virtual_functions_are_alone(void **state)
{
	static const struct part parts[] = {
		ROOT(A, ACS_FULL),
		CARD(F0, A, .multifunction = true),
		CARD(F1, A),
		CARD("0000:01:10.0", A, .vf = true),
		CARD("0000:02:00.1", A, .vf = true, .type = ASLEEP),
		END,
	};
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, "0000:01:10.0", "0000:01:10.0", "alone");
	expect(host, "0000:02:00.1", "0000:02:00.1", "alone");
	expect(host, F0, F0 " " F1, "functions of one slot");
}

static void virtual_functions_behind_a_bad_port_join(void **state)
{
	static const struct part parts[] = { ROOT(A, NO_ACS), CARD(F0, A),
					     CARD("0000:02:00.1", A, .vf = true), END };
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, "0000:02:00.1", A " " F0 " 0000:02:00.1", "port " A " joins");
}

static void root_complex_endpoints(void **state)
{
	static const struct part others[] = { CARD(A, NULL, .type = VIA_PCIE_RC_ENDPOINT,
						   .multifunction = true),
					      CARD(B, NULL, .type = VIA_PCIE_RC_ENDPOINT), END };
	static const struct part intel[] = {
		CARD(A, NULL, .type = VIA_PCIE_RC_ENDPOINT, .multifunction = true,
		     .ids = 0x80861234),
		CARD(B, NULL, .type = VIA_PCIE_RC_ENDPOINT, .ids = 0x80861235), END
	};
	_cleanup_host_ struct via_host *host = machine(others);
	_cleanup_host_ struct via_host *other = machine(intel);

	expect(host, A, A " " B, "functions of one slot");
	expect(other, A, A, "alone");
}

static void event_collectors_have_no_acs(void **state)
{
	static const struct part parts[] = { CARD(A, NULL, .type = VIA_PCIE_RC_EVENT_COLLECTOR,
						  .multifunction = true, .acs = ACS_FULL),
					     CARD(B, NULL, .type = VIA_PCIE_RC_EVENT_COLLECTOR),
					     END };
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, A, A " " B, "functions of one slot");
}

static void intel_chipset_ports_by_quirk(void **state)
{
	static const struct part parts[] = { ROOT(A, NO_ACS, .multifunction = true,
						  .ids = 0x80861c10),
					     ROOT(B, NO_ACS), CARD(X, A), CARD(Y, B), END };
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, X, X, "quirk: " A " counts as isolating (Intel PCH root port)");
	expect(host, Y, B " " Y, "port " B " joins");
}

/* The word where control should be is the upper half of a capability that is a dword. */
static void sunrise_point_registers_are_dwords(void **state)
{
	static const struct part parts[] = { ROOT(A, ACS_FULL, .ids = 0x8086a110), CARD(X, A),
					     END };
	_cleanup_host_ struct via_host *host = machine(parts);
	uint8_t *bytes = (uint8_t *)host->pci.devices.items[0].config.span.data;

	expect(host, X, X, "quirk: " A " counts as isolating (Intel Sunrise Point root port)");
	host->kernel.iommu_class = fact_present(NULL, NULL, 1);
	bytes[0x106] = ACS_FULL;
	expect(host, X, A " " X, "port " A " joins");
	bytes[0x106] = 0;
	bytes[0x108] = ACS_FULL;
	expect(host, X, X, "quirk");
}

static void amd_southbridge_needs_an_ivrs(void **state)
{
	static const struct part parts[] = { LEGACY(A, NULL, .multifunction = true,
						    .ids = 0x10024385),
					     LEGACY(B, NULL, .ids = 0x1002439c), END };
	_cleanup_host_ struct via_host *host = machine(parts);

	host->firmware.ivrs.present = fact_absent(NULL);
	expect(host, A, A " " B, "functions of one slot");
	host->firmware.ivrs.present = fact_present(NULL, NULL, 1);
	expect(host, A, A, "alone");
	host->firmware.ivrs.present = fact_unknown(NULL, EACCES);
	expect(host, A, "unknown", "");
}

static void untrusted_ports_count_for_nothing(void **state)
{
	static const struct part parts[] = { ROOT(A, ACS_FULL, .ids = 0x1d170001), CARD(X, A),
					     END };
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, X, A " " X, "Zhaoxin");
}

static void functions_that_pose_as_another(void **state)
{
	static const struct part parts[] = { ROOT(A, ACS_FULL),
					     CARD(F0, A, .multifunction = true, .ids = 0x1b4b9123,
						  .acs = 0x0c),
					     CARD(F1, A, .acs = 0x0c), END };
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, F0, F0 " " F1, "use one requester id");
	expect(host, F1, F0 " " F1, "use one requester id");
}

#define VMD  "0000:00:0e.0"
#define PORT "10000:e0:06.0"
#define DISK "10000:e1:00.0"

static void what_is_behind_vmd_is_vmd(void **state)
{
	static const struct part parts[] = { CARD(VMD, NULL, .type = VIA_PCIE_RC_ENDPOINT),
					     CARD(X, NULL), ROOT(PORT, ACS_FULL, .dma = VMD),
					     CARD(DISK, PORT, .dma = VMD), END };
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, DISK, VMD " " PORT " " DISK, "DMA from behind " VMD);
	expect(host, X, X, "alone");
}

static void the_iommu_is_in_no_group(void **state)
{
	static const struct part parts[] = { LEGACY("0000:00:00.0", NULL, .multifunction = true),
					     LEGACY("0000:00:00.2", NULL, .class_code = 0x080600),
					     END };
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, "0000:00:00.2", "absent", "the IOMMU itself");
	expect(host, "0000:00:00.0", "0000:00:00.0", "alone");
}

static void what_was_not_read_is_unknown(void **state)
{
	static const struct part parts[] = {
		BRIDGE(A, NULL, ASLEEP),
		BRIDGE("0000:00:02.0", NULL, SHORT),
		ROOT("0000:00:03.0", ACS_FULL),
		CARD(X, A),
		CARD(Y, "0000:00:02.0"),
		CARD(P, "0000:00:03.0", .type = SHORT),
		END,
	};
	_cleanup_host_ struct via_host *host = machine(parts);
	const struct via_prediction *prediction = prediction_new(host->arena, host);

	expect(host, X, "unknown", A ": its configuration space was not read (EAGAIN)");
	expect(host, A, "unknown", A);
	expect(host, Y, "unknown", "0000:00:02.0: 64 bytes of its configuration space");
	/* The only function behind a good port is alone, whatever it is. */
	expect(host, P, P, "alone");
	assert_int_equal(prediction->functions.items[3].fact.error, EAGAIN);
	assert_int_equal(prediction->functions.items[4].fact.error, EACCES);
}

/* A doubt about one function of a slot spreads over those it may join, and no further. */
static void doubts_stay_where_they_matter(void **state)
{
	static const struct part parts[] = {
		ROOT(A, ACS_FULL),
		CARD(F0, A, .type = ASLEEP),
		CARD(F1, A),
		CARD("0000:01:00.2", A, .acs = 0x0c),
		CARD("0000:02:00.0", NULL),
		END,
	};
	_cleanup_host_ struct via_host *host = machine(parts);

	expect(host, F0, "unknown", F0);
	expect(host, F1, "unknown", F0);
	expect(host, "0000:01:00.2", "0000:01:00.2", "alone");
	expect(host, "0000:02:00.0", "0000:02:00.0", "alone");
}

static void a_function_that_does_not_answer_is_unknown(void **state)
{
	static const struct part parts[] = { ROOT(A, ACS_FULL), CARD(X, A), END };
	_cleanup_host_ struct via_host *host = machine(parts);
	struct via_pci_device *port = &host->pci.devices.items[0];

	memset((uint8_t *)port->config.span.data, 0xff, port->config.span.size);
	capabilities_decode(host->arena, port->config.span, &port->capabilities);
	expect(host, X, "unknown", A);
}

static void parameters_are_noted(void **state)
{
	static const struct part parts[] = { ROOT(A, ACS_FULL), END };
	_cleanup_host_ struct via_host *host = machine(parts);
	const struct via_prediction *prediction;

	assert_int_equal(prediction_new(host->arena, host)->notes.count, 0);
	host->kernel.command_line = fact_present(
		NULL, "pci=noats,disable_acs_redir=8086:1 pcie_acs_override=downstream quiet", 0);
	prediction = prediction_new(host->arena, host);
	assert_int_equal(prediction->notes.count, 2);
}

static void no_functions_no_groups(void **state)
{
	static const struct part parts[] = { END };
	_cleanup_host_ struct via_host *host = machine(parts);

	assert_int_equal(prediction_new(host->arena, host)->groups.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_ports_isolate),
		cmocka_unit_test(ports_of_one_slot_without_acs_join),
		cmocka_unit_test(what_hangs_on_an_untold_port_is_not_alone),
		cmocka_unit_test(a_good_function_stays_out_of_its_slot),
		cmocka_unit_test(acs_counts_by_what_it_offers),
		cmocka_unit_test(a_driven_iommu_is_judged_by_control),
		cmocka_unit_test(a_switch_without_acs_joins_each_port_to_its_own),
		cmocka_unit_test(a_bad_root_port_joins_the_switch_below),
		cmocka_unit_test(a_pcie_to_pci_bridge_poses_for_what_is_behind),
		cmocka_unit_test(a_conventional_bridge_poses_too),
		cmocka_unit_test(functions_of_a_card),
		cmocka_unit_test(functions_of_a_conventional_slot_join),
		cmocka_unit_test(virtual_functions_are_alone),
		cmocka_unit_test(virtual_functions_behind_a_bad_port_join),
		cmocka_unit_test(root_complex_endpoints),
		cmocka_unit_test(event_collectors_have_no_acs),
		cmocka_unit_test(intel_chipset_ports_by_quirk),
		cmocka_unit_test(sunrise_point_registers_are_dwords),
		cmocka_unit_test(amd_southbridge_needs_an_ivrs),
		cmocka_unit_test(untrusted_ports_count_for_nothing),
		cmocka_unit_test(functions_that_pose_as_another),
		cmocka_unit_test(what_is_behind_vmd_is_vmd),
		cmocka_unit_test(the_iommu_is_in_no_group),
		cmocka_unit_test(what_was_not_read_is_unknown),
		cmocka_unit_test(doubts_stay_where_they_matter),
		cmocka_unit_test(a_function_that_does_not_answer_is_unknown),
		cmocka_unit_test(parameters_are_noted),
		cmocka_unit_test(no_functions_no_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
