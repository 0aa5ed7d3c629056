/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "decode/boot_menu.h"
#include "decode/grub_entry.h"
#include "decode/line.h"

typedef int (*decoder)(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu);

static struct via_boot_menu decode(struct via_arena *arena, decoder take, const char *text)
{
	struct via_boot_menu menu = { 0 };

	assert_int_equal(take(arena, span_of_text(text), &menu), 0);
	return menu;
}

static void an_entry_file(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_boot_menu menu = { 0 };
	const struct via_boot_entry *entry;

	assert_int_equal(
		boot_entry_decode(arena, "made-up-6.1+3-1.conf",
				  span_of_text("\xef\xbb\xbftitle  Made up 1\r\n"
					       "# a comment\r\nversion 6.1\r\n"
					       "linux /m/6.1/linux\r\n"
					       "initrd /ucode.img\r\ninitrd /a.img /b.img\r\n"
					       "options root=/dev/sda1 quiet\r\n"
					       "options intel_iommu=on,sm_on\r\n"
					       "unheard-of thing"),
				  &menu),
		0);
	entry = &menu.entries.items[0];
	assert_string_equal(entry->id, "made-up-6.1.conf");
	assert_int_equal(entry->tries_left, 3);
	assert_string_equal(entry->title, "Made up 1");
	assert_string_equal(entry->kernel, "/m/6.1/linux");
	assert_int_equal(entry->initrds.count, 3);
	assert_string_equal(entry->initrds.items[2], "/b.img");
	assert_string_equal(entry->options, "root=/dev/sda1 quiet intel_iommu=on,sm_on");
	assert_false(entry->variables);
	assert_int_equal(boot_entry_decode(arena, "x.conf", span_of_text("title only\n"), &menu),
			 -ENODATA);
	assert_int_equal(menu.entries.count, 1);
}

static void names_with_counters(void **state)
{
	static const struct {
		const char *name, *id;
		int left;
	} rows[] = {
		{ "foo+3.conf", "foo.conf", 3 },
		{ "foo+0-3.conf", "foo.conf", 0 },
		{ "foo.conf", "foo.conf", -1 },
		{ "foo+bar.conf", "foo+bar.conf", -1 },
		{ "foo+.conf", "foo+.conf", -1 },
		{ "c++11.conf", "c+.conf", 11 },
		{ "linux-6.1-2.efi", "linux-6.1-2.efi", -1 },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	int left;

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		assert_string_equal(boot_entry_id(arena, rows[i].name, &left), rows[i].id);
		assert_int_equal(left, rows[i].left);
	}
}

static void a_grub_config(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_boot_menu menu = decode(
		arena, grub_config_decode,
		"if [ \"${next_entry}\" ] ; then\n   set default=\"${next_entry}\"\n"
		"else set default='0'; fi\n"
		"function gfxmode { set gfxpayload=\"${1}\"; }\n"
		"# menuentry 'not this' {\n"
		"menuentry 'Made \"up\"' --class os $menuentry_id_option 'made-up' {\n"
		"\tlinux\t/vmlinuz-6.1 root=UUID=1 dyndbg=\\\"file a.c +p\\\" $vt_handoff \\\n"
		"\t  quiet # and no more\n"
		"\tinitrd\t/ucode.img /initrd.img-6.1\n}\n"
		"submenu \"More\" --id more {\n"
		" menuentry 'Old' { if [ x = x ]; then linuxefi /old single; fi; initrdefi /old.img; }\n"
		" menuentry 'Xen' {\n  multiboot2 /xen.gz placeholder\n"
		"  module2 --nounzip /vmlinuz-x root=/dev/xvda\n  module2 /initrd-x\n }\n}\n"
		"menuentry 'Firmware' { fwsetup }\nmenuentry 'Windows' { chainloader /bootmgfw.efi }\n"
		"blscfg\n");
	const struct via_boot_entry *entry = menu.entries.items;

	assert_int_equal(menu.entries.count, 6);
	assert_string_equal(entry[0].title, "Made \"up\"");
	assert_string_equal(entry[0].id, "made-up");
	assert_string_equal(entry[0].kernel, "/vmlinuz-6.1");
	assert_string_equal(entry[0].options,
			    "root=UUID=1 dyndbg=\"file a.c +p\" $vt_handoff quiet");
	assert_true(entry[0].variables);
	assert_int_equal(entry[0].initrds.count, 2);
	assert_true(entry[1].submenu);
	assert_string_equal(entry[1].id, "more");
	assert_int_equal(entry[2].parent, 1);
	assert_string_equal(entry[2].kernel, "/old");
	assert_string_equal(entry[2].initrds.items[0], "/old.img");
	assert_string_equal(entry[3].kernel, "/vmlinuz-x");
	assert_string_equal(entry[3].options, "root=/dev/xvda");
	assert_string_equal(entry[3].initrds.items[0], "/initrd-x");
	assert_null(entry[4].kernel);
	assert_int_equal(entry[4].parent, -1);
	assert_true(entry[5].efi);
	assert_true(menu.reads_entries);
	assert_int_equal(menu.defaults.count, 2);
	assert_string_equal(menu.defaults.items[0], "${next_entry}");
	assert_string_equal(menu.defaults.items[1], "0");
}

static const char menu_with_submenu[] =
	"function load { insmod gzio; }\n"
	"menuentry 'One' --class os $menuentry_id_option 'one' {\n"
	"\tsavedefault\n\trecordfail\n"
	"\tif [ x$grub_platform = xxen ]; then insmod xzio; fi\n"
	"\tlinux\t/boot/vmlinuz-1 root=UUID=1 ro \"a b\" $extra\n"
	"\tinitrd\t/boot/ucode.img /boot/initrd.img-1\n"
	"}\n"
	"submenu 'More' {\n\tmenuentry 'Two' --id two {\n\t\tlinuxefi /vmlinuz-2 ro\n\t}\n}\n"
	"menuentry 'Xen' { multiboot2 /xen; module2 /vmlinuz-2 ro; }\n";

static int copy_of(struct via_arena *arena, size_t n, const struct via_grub_copy *copy,
		   const char **ret)
{
	struct via_boot_menu menu = decode(arena, grub_config_decode, menu_with_submenu);

	return grub_entry_copy(arena, span_of_text(menu_with_submenu), &menu.entries.items[n], copy,
			       ret);
}

static void a_grub_entry_under_another_name(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_grub_copy kept = { .title = "Old",
					    .id = "old",
					    .image = "/boot/initrd.img-1",
					    .other_image = "/boot/kept.img" };
	const struct via_grub_copy tried = { .title = "New", .id = "new", .words = "panic=30" };
	const struct via_grub_copy other = {
		.title = "", .id = "", .image = "/boot/initrd.img", .other_image = "/x"
	};
	const char *text;

	assert_int_equal(copy_of(arena, 0, &kept, &text), 0);
	assert_string_equal(text, "menuentry 'Old' --id old --unrestricted {\n"
				  "\tif [ x$grub_platform = xxen ]; then insmod xzio; fi\n"
				  "\tlinux\t/boot/vmlinuz-1 root=UUID=1 ro \"a b\" $extra\n"
				  "\tinitrd\t/boot/ucode.img /boot/kept.img\n"
				  "}\n");
	assert_int_equal(copy_of(arena, 2, &tried, &text), 0);
	assert_string_equal(text, "menuentry 'New' --id new --unrestricted {\n"
				  "\t\tlinuxefi /vmlinuz-2 ro panic=30\n}\n");
	assert_int_equal(copy_of(arena, 0, &other, &text), -ENOENT); /* no part of a name */
	assert_int_equal(copy_of(arena, 1, &tried, &text), -ENODATA);
	assert_int_equal(copy_of(arena, 3, &tried, &text), -ENODATA);
}

static void a_grub_before_2(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_boot_menu menu =
		decode(arena, grub_legacy_decode,
		       "default=1\ntitle One\n\troot (hd0,0)\n\tkernel --no-mem-option /v1 ro a=b\n"
		       "\tinitrd /i1\ntitle Xen\n kernel /xen.gz dom0_mem=1\n module /v2 ro\n"
		       " module /i2");

	assert_int_equal(menu.entries.count, 2);
	assert_string_equal(menu.defaults.items[0], "1");
	assert_string_equal(menu.entries.items[0].options, "ro a=b");
	assert_string_equal(menu.entries.items[1].kernel, "/v2");
	assert_string_equal(menu.entries.items[1].initrds.items[0], "/i2");
}

static void an_extlinux_config(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_boot_menu menu = decode(
		arena, extlinux_config_decode,
		"APPEND for=all\nDEFAULT l0\nLABEL l0\n MENU LABEL ^Made up\n LINUX /v0\n"
		" APPEND ro initrd=/u.img,/i0.img quiet\nlabel l1\n kernel /v1\n initrd /i1\n"
		"label l2\n linux /v2\n append -\n menu default\n");

	assert_int_equal(menu.entries.count, 3);
	assert_string_equal(menu.entries.items[0].title, "^Made up");
	assert_string_equal(menu.entries.items[0].options, "ro initrd=/u.img,/i0.img quiet");
	assert_string_equal(menu.entries.items[0].initrds.items[1], "/i0.img");
	assert_string_equal(menu.entries.items[1].options, "for=all");
	assert_string_equal(menu.entries.items[2].options, "");
	assert_string_equal(menu.defaults.items[0], "l0");
	assert_string_equal(menu.defaults.items[1], "l2");
}

static void limine_old_and_new(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_boot_menu menu = decode(arena, limine_config_decode,
					   "TIMEOUT=3\nDEFAULT_ENTRY=2\n${V}=6.1\n:Arch ${V}\n"
					   "PROTOCOL=linux\nKERNEL_PATH=boot:///vmlinuz-${V}\n"
					   "KERNEL_CMDLINE=root=/dev/sda1 a=b:c\n"
					   "MODULE_PATH=boot:///i.img\n");

	assert_int_equal(menu.entries.count, 1);
	assert_string_equal(menu.entries.items[0].kernel, "boot:///vmlinuz-6.1");
	assert_string_equal(menu.entries.items[0].options, "root=/dev/sda1 a=b:c");
	assert_string_equal(menu.defaults.items[0], "2");
	menu = decode(
		arena, limine_config_decode,
		"timeout: 3\n/+Linux\n//Arch\n    protocol: linux\n    path: boot():/vmlinuz\n"
		"    cmdline: root=/dev/sda1 quiet\n    module_path: boot():/i.img\n"
		"/Windows\n protocol: efi\n path: boot():/EFI/w.efi\n");
	assert_int_equal(menu.entries.count, 3);
	assert_true(menu.entries.items[0].submenu);
	assert_string_equal(menu.entries.items[0].title, "Linux");
	assert_int_equal(menu.entries.items[1].parent, 0);
	assert_string_equal(menu.entries.items[1].kernel, "boot():/vmlinuz");
	assert_string_equal(menu.entries.items[1].options, "root=/dev/sda1 quiet");
	assert_true(menu.entries.items[2].efi);
}

static void refind_stanzas_and_lines(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_boot_menu menu = decode(
		arena, refind_config_decode,
		"timeout 20\ndefault_selection \"Arch\"\nmenuentry \"Arch Linux\" {\n"
		" loader /vmlinuz\n initrd /i.img\n options \"root=/dev/sda1 x=\"\"y z\"\"\"\n"
		" submenuentry \"single\" {\n  add_options \"single\"\n }\n disabled\n}\n");

	assert_int_equal(menu.entries.count, 2);
	assert_string_equal(menu.entries.items[0].options, "root=/dev/sda1 x=\"y z\"");
	assert_true(menu.entries.items[0].disabled);
	assert_string_equal(menu.entries.items[1].options, "root=/dev/sda1 x=\"y z\" single");
	assert_string_equal(menu.entries.items[1].kernel, "/vmlinuz");
	assert_string_equal(menu.defaults.items[0], "Arch");
	menu = decode(
		arena, refind_linux_decode,
		"# none\n\"Standard\"  \"ro root=/dev/sda1\"\n\"broken\n\"Single\" \"single\"");
	assert_int_equal(menu.entries.count, 2);
	assert_string_equal(menu.entries.items[0].options, "ro root=/dev/sda1");
}

static void too_many_entries_are_refused(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_boot_menu menu = { 0 };
	size_t size = (BOOT_MENU_ENTRIES + 1) * strlen("label a\n");
	char *text = arena_alloc(arena, size + 1);

	for (size_t i = 0; i < size; i += strlen("label a\n"))
		memcpy(text + i, "label a\n", strlen("label a\n"));
	assert_int_equal(extlinux_config_decode(arena, span_of_text(text), &menu), -E2BIG);
	assert_int_equal(menu.entries.count, BOOT_MENU_ENTRIES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_file),
		cmocka_unit_test(names_with_counters),
		cmocka_unit_test(a_grub_config),
		cmocka_unit_test(a_grub_entry_under_another_name),
		cmocka_unit_test(a_grub_before_2),
		cmocka_unit_test(an_extlinux_config),
		cmocka_unit_test(limine_old_and_new),
		cmocka_unit_test(refind_stanzas_and_lines),
		cmocka_unit_test(too_many_entries_are_refused),
	};

	return cmocka_run_group_tests_name("boot_menu", tests, NULL, NULL);
}
