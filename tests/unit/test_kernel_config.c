/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "decode/kernel_config.h"

static struct via_span span_of(const char *text)
{
	return (struct via_span){ (const uint8_t *)text, strlen(text) };
}

static void reads_what_is_set(void **state)
{
	static const char text[] = "#\n# Automatically generated\n#\n"
				   "CONFIG_KVM=m\nCONFIG_VFIO_PCI_CORE=m\n"
				   "# CONFIG_IOMMUFD is not set\n"
				   "CONFIG_DMI_SYSFS=\"two words\"\r\n"
				   "CONFIG_VFIO=y";
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_kernel_config config;

	assert_int_equal(kernel_config_decode(arena, span_of(text), &config), 0);
	assert_int_equal(config.lines, 4);
	assert_string_equal(config.values[VIA_OPTION_KVM], "m");
	assert_string_equal(config.values[VIA_OPTION_VFIO], "y");
	assert_string_equal(config.values[VIA_OPTION_DMI_SYSFS], "two words");
	assert_string_equal(config.values[VIA_OPTION_IOMMUFD], "n");
	/* VFIO_PCI_CORE is another option than VFIO_PCI. */
	assert_string_equal(config.values[VIA_OPTION_VFIO_PCI], "n");
	assert_string_equal(config.values[VIA_OPTION_VFIO_PCI_CORE], "m");
}

static void refuses_what_is_no_configuration(void **state)
{
	static const char *const texts[] = { "",
					     "\n\n",
					     "<html>404</html>",
					     "# CONFIG_KVM is not set\n",
					     "CONFIG_=y\n",
					     "XCONFIG_KVM=y\n" };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_kernel_config config = { .lines = 7 };

	for (size_t i = 0; i < VIA_COUNT(texts); i++)
		assert_int_equal(kernel_config_decode(arena, span_of(texts[i]), &config), -EBADMSG);
	assert_int_equal(config.lines, 7); /* left alone */
}

static void bears_odd_lines(void **state)
{
	static const char text[] = "CONFIG_KVM\nCONFIG_KVM=\nCONFIG_VFIO=y\nCONFIG_PCI_IOV=\"\n";
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_kernel_config config;

	assert_int_equal(kernel_config_decode(arena, span_of(text), &config), 0);
	assert_string_equal(config.values[VIA_OPTION_KVM], "");
	assert_string_equal(config.values[VIA_OPTION_PCI_IOV], "\"");
	assert_string_equal(config.values[VIA_OPTION_VFIO], "y");
}

static void names_every_option_once(void **state)
{
	for (int i = 0; i < VIA_KERNEL_OPTION_COUNT; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(kernel_option_name(i), kernel_option_name(j));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_set),
		cmocka_unit_test(refuses_what_is_no_configuration),
		cmocka_unit_test(bears_odd_lines),
		cmocka_unit_test(names_every_option_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
