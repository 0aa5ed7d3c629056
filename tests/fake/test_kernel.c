/* SPDX-License-Identifier: GPL-2.0-or-later */
/* That the fake kernel refuses what the real one refuses, with the same errno. */
#include "unit.h"

#include <errno.h>

#include "scene.h"

static int put(struct scene *scene, const char *path, const char *value)
{
	return effect_write(&scene->world.effects, path, value);
}

#define DEVICE(address, name) "sys/bus/pci/devices/" address "/" name
#define DRIVER(driver, name)  "sys/bus/pci/drivers/" driver "/" name

static void binds_by_table_or_override(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(put(scene, DRIVER("igb", "bind"), EDU), -ENODEV);
	assert_int_equal(put(scene, DRIVER("igb", "bind"), "0000:09:00.0"), -ENODEV);
	assert_int_equal(put(scene, DRIVER("vfio-pci", "bind"), EDU), -ENOENT);
	assert_int_equal(effect_load_module(&scene->world.effects, "vfio-pci"), 0);
	assert_int_equal(put(scene, DRIVER("vfio-pci", "bind"), EDU), -ENODEV);
	assert_int_equal(put(scene, DEVICE(EDU, "driver_override"), "vfio-pci"), 0);
	assert_int_equal(put(scene, DRIVER("vfio-pci", "bind"), EDU), 0);
	assert_int_equal(put(scene, DRIVER("vfio-pci", "bind"), EDU), -EBUSY);
	assert_int_equal(put(scene, DEVICE(EDU, "driver/unbind"), IGB), -ENODEV);
	assert_int_equal(put(scene, DEVICE(EDU, "driver/unbind"), EDU), 0);
	assert_int_equal(put(scene, DEVICE(EDU, "driver/unbind"), EDU), -ENOENT);
	assert_int_equal(put(scene, DEVICE(EDU, "driver_override"), ""), 0);
	assert_string_equal(tree_text(&scene->kernel.tree, DEVICE(EDU, "driver_override")),
			    "vfio-pci");
	assert_int_equal(put(scene, DEVICE(EDU, "driver_override"), "\n"), 0);
	assert_int_equal(effect_unload_module(&scene->world.effects, "vfio-pci", NULL), 0);
	assert_true(scene_unchanged(scene));
}

static void gives_a_device_back_by_probing(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(put(scene, DEVICE(NVME, "driver/unbind"), NVME), 0);
	assert_false(tree_has(&scene->kernel.tree, "sys/class/nvme/nvme0"));
	assert_int_equal(put(scene, DEVICE(NVME, "driver_override"), "none"), 0);
	assert_int_equal(put(scene, "sys/bus/pci/drivers_probe", NVME), 0);
	assert_false(tree_has(&scene->kernel.tree, DEVICE(NVME, "driver")));
	assert_int_equal(put(scene, DEVICE(NVME, "driver_override"), "\n"), 0);
	assert_int_equal(put(scene, "sys/bus/pci/drivers_probe", NVME), 0);
	assert_true(scene_unchanged(scene));
}

static void counts_virtual_functions(void **state)
{
	struct scene *scene = *state;
	const struct fake_tree *tree = &scene->kernel.tree;

	assert_int_equal(put(scene, DEVICE(IGB, "sriov_numvfs"), "9"), -ERANGE);
	assert_int_equal(put(scene, DEVICE(IGB, "sriov_numvfs"), "x"), -EINVAL);
	assert_int_equal(put(scene, DEVICE(EDU, "sriov_numvfs"), "1"), -ENOENT);
	assert_int_equal(effect_load_module(&scene->world.effects, "igbvf"), 0);
	assert_int_equal(put(scene, DEVICE(IGB, "sriov_numvfs"), "2"), 0);
	assert_int_equal(put(scene, DEVICE(IGB, "sriov_numvfs"), "3"), -EBUSY);
	assert_string_equal(tree_link_name(tree, DEVICE(IGB, "virtfn1")), "0000:01:10.2");
	assert_string_equal(tree_link_name(tree, DEVICE("0000:01:10.2", "driver")), "igbvf");
	assert_string_equal(tree_link_name(tree, DEVICE("0000:01:10.2", "iommu_group")), "11");
	assert_int_equal(put(scene, DEVICE(IGB, "sriov_numvfs"), "0"), 0);
	assert_int_equal(put(scene, DEVICE(IGB, "sriov_drivers_autoprobe"), "0"), 0);
	assert_int_equal(put(scene, DEVICE(IGB, "sriov_numvfs"), "1"), 0);
	assert_false(tree_has(tree, DEVICE("0000:01:10.0", "driver")));
	assert_int_equal(put(scene, DEVICE(IGB, "sriov_numvfs"), "0"), 0);
	assert_int_equal(put(scene, DEVICE(IGB, "sriov_drivers_autoprobe"), "1"), 0);
	assert_int_equal(effect_unload_module(&scene->world.effects, "igbvf", NULL), 0);
	assert_true(scene_unchanged(scene));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(binds_by_table_or_override, scene_begin, scene_end),
		cmocka_unit_test_setup_teardown(gives_a_device_back_by_probing, scene_begin,
						scene_end),
		cmocka_unit_test_setup_teardown(counts_virtual_functions, scene_begin, scene_end),
	};

	return cmocka_run_group_tests_name("fake-kernel", tests, NULL, NULL);
}
