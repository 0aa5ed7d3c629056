/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <string.h>

#include "decode/modprobe_conf.h"

static void decode(struct via_arena *arena, const char *text, struct via_modprobe_conf *ret)
{
	modprobe_conf_decode(arena, (struct via_span){ (const uint8_t *)text, strlen(text) }, ret);
}

static void reads_each_kind(void **state)
{
	static const char text[] = "# a comment\n"
				   "options vfio-pci ids=10de:2684,10de:22ba  disable_vga=1 \n"
				   "\n"
				   "\tblacklist\tnouveau\n"
				   "install i915 /bin/false\n"
				   "remove foo modprobe -r foo\n"
				   "alias pci:v000010DEd*sv* nvidia-drm\n"
				   "softdep nouveau pre: vfio-pci\n"
				   "weakdep a b";
	static const struct {
		enum via_modprobe_kind kind;
		const char *module, *text;
		unsigned int number;
	} wanted[] = {
		{ VIA_MODPROBE_OPTIONS, "vfio_pci", "ids=10de:2684,10de:22ba  disable_vga=1", 2 },
		{ VIA_MODPROBE_BLACKLIST, "nouveau", "", 4 },
		{ VIA_MODPROBE_INSTALL, "i915", "/bin/false", 5 },
		{ VIA_MODPROBE_REMOVE, "foo", "modprobe -r foo", 6 },
		{ VIA_MODPROBE_ALIAS, "nvidia_drm", "pci:v000010DEd*sv*", 7 },
		{ VIA_MODPROBE_SOFTDEP, "nouveau", "pre: vfio-pci", 8 },
		{ VIA_MODPROBE_WEAKDEP, "a", "b", 9 },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_modprobe_conf conf;

	decode(arena, text, &conf);
	assert_int_equal(conf.lines.count, VIA_COUNT(wanted));
	assert_int_equal(conf.unknown, 0);
	for (size_t i = 0; i < VIA_COUNT(wanted); i++) {
		assert_int_equal(conf.lines.items[i].kind, wanted[i].kind);
		assert_string_equal(conf.lines.items[i].module, wanted[i].module);
		assert_string_equal(conf.lines.items[i].text, wanted[i].text);
		assert_int_equal(conf.lines.items[i].number, wanted[i].number);
	}
}

static void joins_lines(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_modprobe_conf conf;

	decode(arena, "options kvm \\\n  ignore_msrs=1 \\\nreport_ignored_msrs=0\nblacklist x\n",
	       &conf);
	assert_int_equal(conf.lines.count, 2);
	assert_string_equal(conf.lines.items[0].text, "ignore_msrs=1 report_ignored_msrs=0");
	assert_int_equal(conf.lines.items[1].number, 4);
}

static void comments_end_with_their_line(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_modprobe_conf conf;

	/* modprobe joins a comment as well: what follows its backslash is comment. */
	decode(arena, "# off: \\\nblacklist a\n#blacklist b\n  # blacklist c\nblacklist d", &conf);
	assert_int_equal(conf.lines.count, 1);
	assert_string_equal(conf.lines.items[0].module, "d");
}

static void passes_over_the_rest(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_modprobe_conf conf;

	decode(arena, "include /etc/x\noptions\nblacklist\nalias only\nOPTIONS kvm a=1\n\\", &conf);
	assert_int_equal(conf.lines.count, 0);
	assert_int_equal(conf.unknown, 2);
	decode(arena, "", &conf);
	assert_int_equal(conf.lines.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_kind),
		cmocka_unit_test(joins_lines),
		cmocka_unit_test(comments_end_with_their_line),
		cmocka_unit_test(passes_over_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
