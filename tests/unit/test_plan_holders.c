/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "plan/goal.h"

/* A device with one holder of each weight, as asked. */
static struct via_pci_device held(struct via_arena *arena, bool used, bool vital, bool guest)
{
	struct via_pci_device device = { .name = "0000:01:00.0" };

	if (vital)
		*via_list_add(arena, &device.holders) =
			(struct via_holder){ "mount", "x is mounted on /", "all", VIA_LOSS_VITAL };
	if (used)
		*via_list_add(arena, &device.holders) =
			(struct via_holder){ "net", "eth0 is up", "it", VIA_LOSS_USE };
	if (guest)
		*via_list_add(arena, &device.holders) =
			(struct via_holder){ "vfio", "qemu has it open", "it", VIA_LOSS_USE };
	return device;
}

static size_t refusals(const struct via_pci_device *device, enum via_insistence insistence,
		       size_t overruled)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_plan plan = { .arena = arena, .insistence = insistence };
	bool refused = plan_refuse_holders(&plan, device);

	assert_int_equal(refused, plan.refused.count > 0);
	assert_int_equal(plan.overruled.count, overruled);
	return plan.refused.count;
}

static void what_is_vital_needs_two(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_pci_device device = held(arena, true, true, false);

	assert_int_equal(refusals(&device, VIA_INSIST_NOT, 0), 2);
	assert_int_equal(refusals(&device, VIA_INSIST_ONCE, 1), 1);
	assert_int_equal(refusals(&device, VIA_INSIST_TWICE, 2), 0);
}

static void a_guest_is_never_overruled(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_pci_device device = held(arena, true, false, true);

	assert_int_equal(refusals(&device, VIA_INSIST_NOT, 0), 2);
	assert_int_equal(refusals(&device, VIA_INSIST_ONCE, 1), 1);
	assert_int_equal(refusals(&device, VIA_INSIST_TWICE, 1), 1);
}

static void what_could_not_be_told_may_be_vital(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_pci_device device = held(arena, false, false, false);

	assert_int_equal(refusals(&device, VIA_INSIST_NOT, 0), 0);
	device.holders_known = fact_unknown("proc/1/fd", EACCES);
	assert_int_equal(refusals(&device, VIA_INSIST_NOT, 0), 1);
	assert_int_equal(refusals(&device, VIA_INSIST_ONCE, 0), 1);
	assert_int_equal(refusals(&device, VIA_INSIST_TWICE, 1), 0);
}

static void refusals_say_how_to_go_on(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_pci_device device = held(arena, true, true, true);
	struct via_plan plan = { .arena = arena };

	plan_refuse_holders(&plan, &device);
	assert_non_null(strstr(plan.refused.items[0].why, "it would lose all"));
	assert_non_null(strstr(plan.refused.items[0].hint, "--force --force"));
	assert_non_null(strstr(plan.refused.items[1].hint, "insist: --force"));
	assert_null(strstr(plan.refused.items[1].hint, "--force --force"));
	assert_non_null(strstr(plan.refused.items[2].hint, "cannot be forced"));
	assert_string_equal(holders_worst(&device.holders)->by, "mount");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_vital_needs_two),
		cmocka_unit_test(a_guest_is_never_overruled),
		cmocka_unit_test(what_could_not_be_told_may_be_vital),
		cmocka_unit_test(refusals_say_how_to_go_on),
	};

	return cmocka_run_group_tests_name("plan_holders", tests, NULL, NULL);
}
