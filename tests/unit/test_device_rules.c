/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules/rule.h"

enum { VGA = 0x030000, CONTROLLER_3D = 0x030200, DISPLAY = 0x038000, PORT = 0x060400 };

static struct via_fact number(uint64_t value)
{
	return fact_present("made up", "made up", value);
}

static struct via_fact text(const char *value)
{
	return fact_present("made up", value, 0);
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

static void sleep_is_told_by_what_was_seen(void **state)
{
	static const struct {
		const char *state;
		struct via_fact status;
		enum via_verdict verdict;
	} rows[] = {
		{ NULL, { VIA_UNKNOWN, .error = ENODATA }, VIA_CANNOT_TELL },
		{ "D3hot", { VIA_UNKNOWN, .error = ENODATA }, VIA_CANNOT_TELL },
		{ "D0", { VIA_UNKNOWN, .error = ENODATA }, VIA_PASS },
		{ "D0", { VIA_UNKNOWN, .error = EACCES }, VIA_CANNOT_TELL },
		{ NULL, { VIA_PRESENT, .text = "suspended" }, VIA_PASS },
		{ "D3cold", { VIA_PRESENT, .text = "error" }, VIA_WARN },
		{ NULL, { VIA_ABSENT }, VIA_PASS },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_graphics_card *card;

		add(host, 1);
		host->pci.devices.items->class_code = number(VGA);
		if (rows[i].state)
			host->pci.devices.items->power_state = text(rows[i].state);
		card = via_list_add(host->arena, &host->graphics.cards);
		card->device = host->pci.devices.items;
		card->runtime_status = rows[i].status;
		assert_int_equal(judge(host, "devices.power").verdict, rows[i].verdict);
	}
}

static void bridges_alone_tell_nothing_of_use(void **state)
{
	static const struct {
		uint32_t first, second;
		enum via_known known;
		enum via_verdict verdict;
	} rows[] = {
		{ PORT, PORT, VIA_UNKNOWN, VIA_CANNOT_TELL },
		{ PORT, PORT, VIA_NOT_ASKED, VIA_PASS },
		{ PORT, VGA, VIA_NOT_ASKED, VIA_PASS },
		{ PORT, VGA, VIA_UNKNOWN, VIA_CANNOT_TELL },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();

		add(host, 2);
		host->pci.devices.items[0].class_code = number(rows[i].first);
		host->pci.devices.items[1].class_code = number(rows[i].second);
		via_for_each (device, &host->pci.devices)
			device->holders_known.known = rows[i].known;
		assert_int_equal(judge(host, "devices.in-use").verdict, rows[i].verdict);
	}
}

enum { GVT_G = 0x3e92, SRIOV = 0x46a6 };

static void an_id_alone_shares_no_card(void **state)
{
	const struct via_pci_sriov physical = { .total = number(7) };
	static const char no_mdev[] = "with a kernel that has mdev and kvmgt";
	static const struct {
		unsigned int id;
		const char *driver, *config; /* of mdev and kvmgt */
		enum via_verdict verdict;
		const char *words;
	} rows[] = {
		{ GVT_G, NULL, NULL, VIA_CANNOT_TELL, NULL },
		{ GVT_G, "i915", "n", VIA_SKIP, no_mdev },
		{ GVT_G, "i915", "y", VIA_SKIP, "i915.enable_gvt=1" },
		{ SRIOV, "i915", "n", VIA_SKIP, "could be shared by SR-IOV: xe" },
		{ SRIOV, "made_up", "n", VIA_CANNOT_TELL, NULL },
		{ SRIOV, "xe", "n", VIA_PASS, "1 graphics card can be shared" },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_pci_device *device;
		struct via_finding finding;

		add(host, 1);
		device = host->pci.devices.items;
		device->class_code = number(VGA);
		device->vendor = number(0x8086);
		device->device = number(rows[i].id);
		if (rows[i].driver)
			device->driver = text(rows[i].driver);
		if (rows[i].id == SRIOV)
			device->sriov = &physical;
		if (rows[i].config) {
			host->kernel.modules[VIA_MODULE_MDEV].config = text(rows[i].config);
			host->kernel.modules[VIA_MODULE_KVMGT].config = text(rows[i].config);
		}
		via_list_add(host->arena, &host->graphics.cards)->device = device;
		finding = judge(host, "devices.vgpu");
		assert_int_equal(finding.verdict, rows[i].verdict);
		if (rows[i].words)
			assert_non_null(strstr(finding.detail, rows[i].words));
	}
}

/* Logs and dumps hold no driver links: that is no word of what is bound. */
static void a_driver_not_read_is_no_missing_driver(void **state)
{
	static const char *const ids[] = {
		"kernel.gpu-passthrough", "kernel.framebuffer", "devices.gpu",
		"devices.sriov-drivers",  "devices.virtio",	"devices.vdpa"
	};
	const struct via_pci_sriov physical = { .total = number(7) };
	_cleanup_host_ struct via_host *host = host_new();
	struct via_fact driver = fact_unknown("driver", ENODATA);
	struct via_finding finding;

	add(host, 1);
	host->pci.devices.items->class_code = number(VGA);
	host->pci.devices.items->driver = driver;
	host->pci.devices.items->sriov = &physical;
	*via_list_add(host->arena, &host->kernel.framebuffer.ranges) =
		(struct via_framebuffer_range){ "BOOTFB", "0000:00:00.0", "0-0 : BOOTFB" };
	host->virtio.known = host->vdpa.bus = number(1);
	via_list_add(host->arena, &host->virtio.devices)->driver = driver;
	via_list_add(host->arena, &host->vdpa.devices)->driver = driver;
	for (size_t i = 0; i < VIA_COUNT(ids); i++) {
		bool told = false;

		finding = judge(host, ids[i]);
		assert_true(!finding.detail || !strstr(finding.detail, "no driver"));
		via_for_each (evidence, &finding.evidence) {
			assert_true(!evidence->value || !strstr(evidence->value, "no driver"));
			told |= evidence->error == ENODATA && !evidence->value;
			told |= evidence->value && strstr(evidence->value, "could not be told");
		}
		assert_true(told);
	}
	assert_int_equal(judge(host, "kernel.framebuffer").verdict, VIA_CANNOT_TELL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_only_card_is_not_to_spare),
		cmocka_unit_test(sleep_is_told_by_what_was_seen),
		cmocka_unit_test(bridges_alone_tell_nothing_of_use),
		cmocka_unit_test(an_id_alone_shares_no_card),
		cmocka_unit_test(a_driver_not_read_is_no_missing_driver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
