/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <string.h>

#include "base/cleanup.h"
#include "rules/rule.h"

enum { VGA = 0x030000, CONTROLLER_3D = 0x030200, DISPLAY = 0x038000 };

static struct via_fact number(uint64_t value)
{
	return fact_present("made up", "made up", value);
}

/* The list of functions may move: add them all before one is used. */
static void add(struct via_host *host, size_t count)
{
	host->pci.bus = number(count);
	while (count--)
		via_list_add(host->arena, &host->pci.devices)->name = "0000:01:00.0";
}

static struct via_finding judge(const struct via_host *host, const char *id)
{
	struct via_finding finding = { .id = id, .arena = host->arena };

	finding.verdict = rule_find(id)->eval(host, &finding);
	return finding;
}

static void hold(struct via_host *host, struct via_pci_device *device, enum via_loss loss)
{
	*via_list_add(host->arena, &device->holders) = (struct via_holder){
		.by = "display", .what = "no other display shows the host's picture", .loss = loss
	};
}

/* The only card is warned of, whatever boot_vga says. */
static void the_only_card_is_not_to_spare(void **state)
{
	static const struct {
		size_t cards;
		uint32_t class_code;
		struct via_fact boot_vga;
		bool shows;
		enum via_verdict verdict;
		const char *words;
	} rows[] = {
		{ 1, DISPLAY, { VIA_ABSENT }, true, VIA_WARN, "shows the host's only picture" },
		{ 1, VGA, { VIA_ABSENT }, true, VIA_WARN, "shows the host's only picture" },
		{ 1, VGA, { VIA_ABSENT }, false, VIA_WARN, "the only one that can show" },
		{ 1, VGA, { VIA_UNKNOWN }, false, VIA_WARN, "the only one that can show" },
		{ 1, VGA, { VIA_PRESENT, .number = 1 }, true, VIA_WARN, "booted with" },
		{ 1, CONTROLLER_3D, { VIA_ABSENT }, false, VIA_PASS, "none is the host's own" },
		{ 1, CONTROLLER_3D, { VIA_ABSENT }, true, VIA_WARN, "only picture" },
		{ 2, DISPLAY, { VIA_ABSENT }, true, VIA_PASS, "0000:01:00.0 is the host's own" },
		{ 2, DISPLAY, { VIA_ABSENT }, false, VIA_PASS, "none is" },
		{ 2, VGA, { VIA_ABSENT }, false, VIA_CANNOT_TELL, NULL },
		{ 2, VGA, { VIA_PRESENT, .number = 0 }, false, VIA_PASS, "none is" },
		{ 0, VGA, { VIA_ABSENT }, false, VIA_SKIP, "No graphics card" },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_finding finding;

		add(host, rows[i].cards);
		host->pci.bus = number(1);
		via_for_each (device, &host->pci.devices) {
			device->class_code = number(rows[i].class_code);
			device->boot_vga = rows[i].boot_vga;
		}
		if (rows[i].shows)
			hold(host, host->pci.devices.items, VIA_LOSS_VITAL);
		finding = judge(host, "kernel.gpu-passthrough");
		assert_int_equal(finding.verdict, rows[i].verdict);
		if (rows[i].words)
			assert_non_null(strstr(finding.detail, rows[i].words));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_only_card_is_not_to_spare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
