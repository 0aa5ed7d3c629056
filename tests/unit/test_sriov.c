/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "decode/vf_answer.h"
#include "model/sriov_cause.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "plan/sriov.h"

static void one_spelling_for_each_value(void **state)
{
	static const struct {
		enum via_vf_setting setting;
		const char *value;
		bool valid;
	} rows[] = {
		{ VIA_VF_MAC, "02:00:00:00:00:0a", true },
		{ VIA_VF_MAC, "02:00:00:00:00:0A", false },
		{ VIA_VF_MAC, "2:0:0:0:0:a", false },
		{ VIA_VF_MAC, "02:00:00:00:00:0a:", false },
		{ VIA_VF_MAC, "", false },
		{ VIA_VF_VLAN, "none", true },
		{ VIA_VF_VLAN, "0", false },
		{ VIA_VF_VLAN, "0 qos=3", true },
		{ VIA_VF_VLAN, "10", true },
		{ VIA_VF_VLAN, "010", false },
		{ VIA_VF_VLAN, "10 qos=0", false },
		{ VIA_VF_VLAN, "4095 qos=7 proto=802.1ad", true },
		{ VIA_VF_VLAN, "4096", false },
		{ VIA_VF_VLAN, "10 qos=8", false },
		{ VIA_VF_VLAN, "10 proto=802.1q", false },
		{ VIA_VF_VLAN, "99999999999", false },
		{ VIA_VF_TRUST, "on", true },
		{ VIA_VF_TRUST, "yes", false },
		{ VIA_VF_SPOOFCHK, "off", true },
		{ VIA_VF_RATE, "min=0 max=1000", true },
		{ VIA_VF_RATE, "min=0", false },
		{ VIA_VF_RATE, "min=-1 max=0", false },
		{ VIA_VF_RATE, "min=0 max=1 ", false },
		{ VIA_VF_LINK, "disable", true },
		{ VIA_VF_LINK, "up", false },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++)
		if (vf_setting_valid(rows[i].setting, rows[i].value) != rows[i].valid)
			fail_msg("%s \"%s\"", vf_setting_name(rows[i].setting), rows[i].value);
}

static void lines_that_are_none_are_passed_over(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *at = "eth0 0 mac 02:00:00:00:00:01\n"
			 "eth0 x vlan 10\nnonsense\neth0 1 vlan 10 qos=9\neth0 1\n"
			 "eth0 1 vlan 10 qos=3";
	struct via_vf_line line;

	assert_true(vf_answer_next(arena, &at, &line));
	assert_int_equal(line.setting, VIA_VF_MAC);
	assert_true(vf_answer_next(arena, &at, &line));
	assert_string_equal(line.interface, "eth0");
	assert_int_equal(line.index, 1);
	assert_string_equal(line.value, "10 qos=3");
	assert_false(vf_answer_next(arena, &at, &line));
	assert_null(at);
}

static void each_cause_has_its_own_remedy(void **state)
{
	static const struct {
		struct via_sriov_refusal refusal;
		const char *words, *remedy;
	} rows[] = {
		{ { ENOENT, 2, 7, 0, NULL, false, "" }, "no driver is bound", "bind its own" },
		{ { ENOENT, 2, 7, 0, "vfio-pci", false, "" }, "vfio-pci", "enable_sriov" },
		{ { ENOENT, 2, 7, 0, "i915", false, "" }, "makes no VFs when", "i915-sriov-dkms" },
		{ { EBUSY, 2, 7, 1, "igb", false, "" }, "through 0", "plan again" },
		{ { EBUSY, 2, 7, 0, "igb", false, "1 VFs already enabled. Disable before\n" },
		  "made meanwhile",
		  "plan again" },
		{ { EBUSY, 2, 7, 0, "igb", false, "" }, "busy", "try again" },
		{ { ENOMEM, 2, 7, 0, "igb", false, "not enough MMIO resources for SR-IOV\n" },
		  "no room in memory space",
		  "pci=realloc" },
		{ { ENOMEM, 2, 7, 0, "igb", true,
		    "can't enable 2 VFs (bus 03 out of range of [bus 02])\n" },
		  "bus numbers",
		  "pci=assign-busses" },
		{ { ENOMEM, 2, 7, 0, "igb", true, "" }, "no address", "Above 4G" },
		{ { ENOMEM, 2, 7, 0, "igb", false, "" }, "queues", "fewer" },
		{ { ENOSPC, 2, 7, 0, "nfp", false, "" }, "resources", "fewer" },
		{ { ERANGE, 9, 7, 0, "igb", false, "" }, "lowered", "sriov_totalvfs" },
		{ { EPERM, 2, 7, 0, "i40e", false, "" }, "given to a guest", "end the guests" },
		{ { 0, 4, 7, 2, "igb", false, "" }, "fewer VFs", "as many as" },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		const struct via_sriov_cause *cause = sriov_cause(&rows[i].refusal);

		assert_non_null(cause);
		if (!strstr(cause->words, rows[i].words) || !strstr(cause->remedy, rows[i].remedy))
			fail_msg("row %zu: %s (%s)", i, cause->words, cause->remedy);
	}
	assert_null(sriov_cause(&(struct via_sriov_refusal){ .error = EDOM, .log = "" }));
}

/* A host with one network PF, of @present VFs. */
static struct via_host *host_with(unsigned int present)
{
	struct via_host *host = host_new();
	struct via_pci_sriov *sriov = arena_new_object(host->arena, struct via_pci_sriov);
	struct via_pci_device *pf;

	*sriov = (struct via_pci_sriov){
		.total = fact_present("sriov_totalvfs", NULL, 7),
		.offset = fact_present("sriov_offset", NULL, 128),
		.stride = fact_present("sriov_stride", NULL, 2),
		.autoprobe = fact_present("sriov_drivers_autoprobe", NULL, 1),
		.virtfns_known = fact_absent("virtfn"),
	};
	host->pci.devices.items = arena_alloc(host->arena, sizeof(*pf));
	host->pci.devices.count = host->pci.devices.capacity = 1;
	pf = host->pci.devices.items;
	*pf = (struct via_pci_device){
		.address = { .bus = 1 },
		.name = "0000:01:00.0",
		.driver = fact_present("driver", "igb", 1),
		.sriov = sriov,
	};
	*via_list_add(host->arena, &pf->net) = "eth0";
	for (unsigned int i = 0; i < present; i++)
		*via_list_add(host->arena, &sriov->virtfns) = virtfn_address(host->arena, pf, i);
	host->pci.drivers_known = fact_present("drivers", NULL, 1);
	*via_list_add(host->arena, &host->pci.drivers) = "igb";
	return host;
}

/* "kind target expected>wanted;" of each action, or the error's why */
static const char *planned(struct via_arena *arena, unsigned int present, const char *const *words,
			   size_t count)
{
	_cleanup_host_ struct via_host *host = host_with(present);
	struct via_plan plan;
	struct via_error error;
	const char *text = "";

	if (plan_new(arena, host, words, count, &plan, &error) < 0)
		return arena_printf(arena, "error: %s: %s", error.where, error.why);
	via_for_each (refusal, &plan.refused)
		return arena_printf(arena, "refused: %s", refusal->why);
	via_for_each (action, &plan.actions)
		text = arena_printf(arena, "%s%s %s %s>%s;", text, action_kind_name(action->kind),
				    action->target, action->expected, action->wanted);
	return text;
}

#define PLANNED(arena, present, ...)                                           \
	planned(arena, present, (const char *const[]){ "sriov", __VA_ARGS__ }, \
		VIA_COUNT(((const char *const[]){ "sriov", __VA_ARGS__ })))

static void settings_come_before_drivers_and_after_the_count(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	assert_string_equal(PLANNED(arena, 0, "01:00.0=2",
				    "vf=0,mac=02:00:00:00:00:0A,vlan=10,qos=3",
				    "vf=all,driver=vfio-pci", "vf=1,driver=none,max-rate=50"),
			    "module vfio-pci absent>loaded;"
			    "sriov-autoprobe 0000:01:00.0 1>0;"
			    "sriov-count 0000:01:00.0 0>2;"
			    "vf-mac 0000:01:10.0 as-made>02:00:00:00:00:0a;"
			    "vf-vlan 0000:01:10.0 as-made>10 qos=3;"
			    "driver-override 0000:01:10.0 >vfio-pci;"
			    "driver 0000:01:10.0 >vfio-pci;"
			    "vf-rate 0000:01:10.2 as-made>min=0 max=50;");
	assert_string_equal(PLANNED(arena, 3, "01:00.0=1", "eswitch=switchdev"),
			    "sriov-count 0000:01:00.0 3>0;"
			    "eswitch 0000:01:00.0 as-made>switchdev;"
			    "sriov-autoprobe 0000:01:00.0 1>0;"
			    "sriov-count 0000:01:00.0 0>1;");
	assert_string_equal(PLANNED(arena, 2, "01:00.0=2", "vf=1,trust=on"),
			    "vf-trust 0000:01:10.2 as-made>on;");
	assert_string_equal(PLANNED(arena, 2, "01:00.0=2"), "");
}

static void wishes_that_contradict_themselves_are_refused(void **state)
{
	static const struct {
		const char *word, *why;
	} rows[] = {
		{ "vf=2,trust=on", "a VF that there will not be" },
		{ "vf=0-2,trust=on", "a VF that there will not be" },
		{ "vf=1-0,trust=on", "no value" },
		{ "vf=x", "no value" },
		{ "vf=0-1,mac=02:00:00:00:00:01", "several VFs" },
		{ "vf=0,mac=03:00:00:00:00:01", "no value" },
		{ "vf=0,mac=nonsense", "no value" },
		{ "vf=0,vlan=4096", "do not fit together" },
		{ "vf=0,qos=3", "do not fit together" },
		{ "vf=0,min-rate=10,max-rate=5", "do not fit together" },
		{ "vf=0,trust=yes", "no value" },
		{ "vf=0,colour=blue", "no setting of a VF" },
		{ "vf=0,trust", "not KEY=VALUE" },
		{ "vf=0,driver=", "no value" },
		{ "autoprobe=2", "no switch" },
		{ "eswitch=fast", "no mode" },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		const char *said = PLANNED(arena, 0, "01:00.0=2", rows[i].word);

		if (!text_starts(said, "error: ") || !strstr(said, rows[i].why))
			fail_msg("%s: %s", rows[i].word, said);
	}
	assert_non_null(strstr(PLANNED(arena, 0, "vf=0,trust=on"), "it names no PF"));
	assert_non_null(strstr(PLANNED(arena, 0, "01:00.0=2", "vf=0,mac=02:00:00:00:00:01",
				       "vf=1,mac=02:00:00:00:00:01"),
			       "the same address"));
	assert_non_null(
		strstr(PLANNED(arena, 0, "01:00.0=2", "autoprobe=1", "vf=0,driver=vfio-pci"),
		       "autoprobe=1"));
	assert_non_null(strstr(PLANNED(arena, 0, "01:00.0=8"), "refused: it makes 7 VFs"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_spelling_for_each_value),
		cmocka_unit_test(lines_that_are_none_are_passed_over),
		cmocka_unit_test(each_cause_has_its_own_remedy),
		cmocka_unit_test(settings_come_before_drivers_and_after_the_count),
		cmocka_unit_test(wishes_that_contradict_themselves_are_refused),
	};

	return cmocka_run_group_tests_name("sriov", tests, NULL, NULL);
}
