/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "decode/line.h"
#include "decode/line_edit.h"

static struct via_names split(struct via_arena *arena, const char *words)
{
	struct via_names names = { 0 };
	char *rest = arena_strdup(arena, words), *word;

	/* '+' joins words that belong together. */
	while ((word = line_word(&rest))) {
		for (char *at = word; *at; at++)
			if (*at == '+')
				*at = ' ';
		*via_list_add(arena, &names) = word;
	}
	return names;
}

static const char *text_of(struct via_arena *arena, struct via_span span)
{
	return arena_strndup(arena, (const char *)span.data, span.size);
}

#define IN "intel_iommu=on"

static const struct {
	enum via_line_format format;
	const char *key;
	unsigned int entry;
	const char *words, *before, *after; /* NULL: refused */
} rows[] = {
	{ VIA_LINE_WHOLE, NULL, 0, IN, "root=a quiet\n", "root=a quiet intel_iommu=on\n" },
	{ VIA_LINE_WHOLE, NULL, 0, IN, "root=a  ", "root=a intel_iommu=on  " },
	{ VIA_LINE_WHOLE, NULL, 0, IN, "# x\r\nroot=a\r\n", "# x\r\nroot=a intel_iommu=on\r\n" },
	{ VIA_LINE_WHOLE, NULL, 0, IN, "root=a\nquiet\n", "root=a\nquiet intel_iommu=on\n" },
	{ VIA_LINE_FIRST, NULL, 0, IN, "root=a\nquiet\n", "root=a intel_iommu=on\nquiet\n" },
	{ VIA_LINE_WHOLE, NULL, 0, IN, "\n# nothing\n", NULL },
	{ VIA_LINE_WHOLE, NULL, 0, "a\"b", "root=a\n", NULL },
	{ VIA_LINE_WHOLE, NULL, 0, IN, "r " IN "\n", "r " IN "\n" },
	{ VIA_LINE_WHOLE, NULL, 0, IN, "intel-iommu=sm_on r", "intel-iommu=sm_on,on r" },
	{ VIA_LINE_WHOLE, NULL, 0, "vfio-pci.ids=1:2,3:4", "vfio_pci.ids=3:4",
	  "vfio_pci.ids=3:4,1:2" },
	{ VIA_LINE_WHOLE, NULL, 0, "pci=noats", "pci=realloc,noats r", "pci=realloc,noats r" },
	{ VIA_LINE_WHOLE, NULL, 0, "hugepagesz=1G+hugepages=2", "hugepagesz=2M hugepages=2",
	  "hugepagesz=2M hugepages=2 hugepagesz=1G hugepages=2" },
	{ VIA_LINE_WHOLE, NULL, 0, "hugepagesz=1G+hugepages=2", "hugepagesz=1G hugepages=2 r",
	  "hugepagesz=1G hugepages=2 r" },
	{ VIA_LINE_WHOLE, NULL, 0, IN, "dyndbg=\"file a +p\" r",
	  "dyndbg=\"file a +p\" r intel_iommu=on" },
	{ VIA_LINE_SHELL, "X", 0, "a b", "X=", "X=a\\ b" },
	{ VIA_LINE_SHELL, "X", 0, "a;c", "X=b # d", "X=b\\ a\\;c # d" },
	{ VIA_LINE_SHELL, "X", 0, "a b", "X=\"\"\n", "X=\"a b\"\n" },
	{ VIA_LINE_SHELL, "X", 0, "a", "X='q' # X=\n", "X='q a' # X=\n" },
	{ VIA_LINE_SHELL, "X", 0, "a", "X=\"$X \\\"b c\\\"\"\n", "X=\"$X \\\"b c\\\" a\"\n" },
	{ VIA_LINE_SHELL, "X", 0, "a", "X=\"b \\\n  c\"\n", "X=\"b \\\n  c a\"\n" },
	{ VIA_LINE_SHELL, "X", 0, "a", "X=1\nX=\"2\"\n", "X=1\nX=\"2 a\"\n" },
	{ VIA_LINE_SHELL, "X", 0, "a", "X=\"a\"\nX+=\" b\"\n", "X=\"a\"\nX+=\" b\"\n" },
	{ VIA_LINE_SHELL, "X", 0, "a", "X=\"$(b c) d\"\n", "X=\"$(b c) d a\"\n" },
	{ VIA_LINE_SHELL, "X", 0, "b", "X=(a # c)\n d)\n", "X=(a # c)\n d b)\n" },
	{ VIA_LINE_SHELL, "X", 0, "b", "X=(# c)\n# d\n )\n", "X=(# c)\n# d\nb )\n" },
	{ VIA_LINE_SHELL, "X", 0, "b", "X=(\"\" # c\n)\n", "X=(\"\" # c\nb)\n" },
	{ VIA_LINE_SHELL, "X", 0, "b", "X=(\"a\")\n", "X=(\"a\" b)\n" },
	{ VIA_LINE_SHELL, "X", 0, "a", "Y=1", "Y=1\n# added by viaduct\nX=\"a\"" },
	{ VIA_LINE_SHELL, "X", 0, "a", "", "# added by viaduct\nX=\"a\"\n" },
	{ VIA_LINE_SHELL, "K[default]", 0, "a", "K[default]+=\"q\"\n", "K[default]+=\"q a\"\n" },
	{ VIA_LINE_SHELL, "X", 0, "a", "if x; then X=1; fi\n", NULL },
	{ VIA_LINE_SHELL, "X", 0, "a", "X=\"open\n", NULL },
	{ VIA_LINE_SHELL, "X", 0, "a", "X=\"b\"\r\n", NULL },
	{ VIA_LINE_ENTRY, NULL, 0, IN, "linux /v\noptions r\n", "linux /v\noptions r " IN "\n" },
	{ VIA_LINE_ENTRY, NULL, 0, IN, "linux /v\noptions r\noptions q\n",
	  "linux /v\noptions r\noptions q " IN "\n" },
	{ VIA_LINE_ENTRY, NULL, 0, IN, "linux /v", "linux /v\n# added by viaduct\noptions " IN },
	{ VIA_LINE_ENTRY, NULL, 0, IN, "title x\n", NULL },
	{ VIA_LINE_EXTLINUX, NULL, 1, IN,
	  "label a\n  linux /v\n  append r\nlabel b\n  linux /v\n  append r\n",
	  "label a\n  linux /v\n  append r\nlabel b\n  linux /v\n  append r " IN "\n" },
	{ VIA_LINE_EXTLINUX, NULL, 0, IN, "label a\n  linux /v\nlabel b\n",
	  "label a\n  linux /v\n  # added by viaduct\n  append " IN "\nlabel b\n" },
	{ VIA_LINE_EXTLINUX, NULL, 0, IN, "append x\nlabel a\nlinux /v\n", NULL },
	{ VIA_LINE_EXTLINUX, NULL, 2, IN, "label a\n", NULL },
	{ VIA_LINE_LIMINE, NULL, 0, IN, "timeout: 5\n/Arch\n    path: boot():/v\n    cmdline: r\n",
	  "timeout: 5\n/Arch\n    path: boot():/v\n    cmdline: r " IN "\n" },
	{ VIA_LINE_LIMINE, NULL, 1, IN, ":A\nCMDLINE=r\n:B\nKERNEL_PATH=x\n",
	  ":A\nCMDLINE=r\n:B\nKERNEL_PATH=x\n# added by viaduct\nCMDLINE=" IN "\n" },
	{ VIA_LINE_REFIND, NULL, 0, IN, "menuentry a {\n options \"r\"\n}\n",
	  "menuentry a {\n options \"r " IN "\"\n}\n" },
	{ VIA_LINE_REFIND, NULL, 0, IN, "menuentry a {\n options r\n}\n", NULL },
	{ VIA_LINE_REFIND_LINUX, NULL, 0, IN, "# c\n\"Boot\" \"r\"\n\"Single\" \"r 1\"\n",
	  "# c\n\"Boot\" \"r " IN "\"\n\"Single\" \"r 1\"\n" },
	{ VIA_LINE_UKIFY, NULL, 0, IN, "[UKI]\nCmdline=r\n", "[UKI]\nCmdline=r " IN "\n" },
	{ VIA_LINE_UKIFY, NULL, 0, IN, "[UKI]\nCmdline=@/etc/kernel/cmdline\n", NULL },
	{ VIA_LINE_UKIFY, NULL, 0, IN, "[UKI]\n", NULL },
	{ VIA_LINE_YAML, "m", 0, "b c", "m: a\n", "m: a,b,c\n" },
	{ VIA_LINE_YAML, "m", 0, "b", "x: 1\n", "x: 1\n# added by viaduct\nm: b\n" },
	{ VIA_LINE_YAML, "m", 0, "b", "m:\n- a\n", NULL },
	{ VIA_LINE_KERNELSTUB, NULL, 0, IN, "{\"user\": {\"kernel_options\": []}}",
	  "{\"user\": {\"kernel_options\": [\"" IN "\"]}}" },
	{ VIA_LINE_KERNELSTUB, NULL, 0, IN,
	  "{\"default\": {\"kernel_options\": [\"z\"]}, \"user\": {\"kernel_options\": "
	  "[\n \"a\",\n \"b\"\n]}}",
	  "{\"default\": {\"kernel_options\": [\"z\"]}, \"user\": {\"kernel_options\": "
	  "[\n \"a\",\n \"b\",\n \"" IN "\"\n]}}" },
	{ VIA_LINE_KERNELSTUB, NULL, 0, IN, "{\"user\": {\"kernel_options\": [\" \n\"]}}", NULL },
	{ VIA_LINE_KERNELSTUB, NULL, 0, IN, "{\"user\": {\"kernel_options\": [\"a\tb\"]}}", NULL },
	{ VIA_LINE_KERNELSTUB, NULL, 0, IN, "{\"user\": {}}", NULL },
	{ VIA_LINE_MODULES, NULL, 0, "vfio_pci", "# c\nvfio-pci x=1\n", "# c\nvfio-pci x=1\n" },
	{ VIA_LINE_MODULES, NULL, 0, "b c", "a", "a\nb\nc" },
};

static void words_go_in_and_out_again(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		struct via_line_where where = { rows[i].format, rows[i].key, rows[i].entry };
		struct via_names words = split(arena, rows[i].words);
		struct via_span out, back;
		struct via_error error = { 0 };
		int r = line_add(arena, &where, span_of_text(rows[i].before), &words, &out, &error);

		if ((r < 0) != !rows[i].after)
			fail_msg("%s: %d %s", rows[i].before, r, error.why);
		if (r < 0) {
			assert_true(error.why[0] && error.where[0]);
			continue;
		}
		if (strcmp(text_of(arena, out), rows[i].after) != 0)
			fail_msg("%s ->\n%s", rows[i].before, text_of(arena, out));
		if (strcmp(rows[i].after, rows[i].before) == 0)
			continue;
		/* What of a list was there already is not taken out again. */
		if (strcmp(rows[i].words, "vfio-pci.ids=1:2,3:4") == 0)
			words = split(arena, "vfio-pci.ids=1:2");
		assert_int_equal(line_remove(arena, &where, out, &words, &back, &error), 0);
		if (strcmp(text_of(arena, back), rows[i].before) != 0)
			fail_msg("%s <-\n%s", rows[i].before, text_of(arena, back));
	}
}

static void another_value_gives_way(void **state)
{
	static const struct via_line_where where = { .format = VIA_LINE_WHOLE };
	static const char *const values[][3] = {
		{ "isolcpus=2-3 r", "isolcpus=2-7", "isolcpus=2-7 r" },
		{ "iommu.passthrough=0", "iommu.passthrough=1", "iommu.passthrough=1" },
		{ "console=tty0 r", "console=ttyS0", "console=tty0 r console=ttyS0" },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_error error;
	struct via_span out;

	for (size_t i = 0; i < VIA_COUNT(values); i++) {
		struct via_names words = split(arena, values[i][1]);

		assert_int_equal(
			line_add(arena, &where, span_of_text(values[i][0]), &words, &out, &error),
			0);
		assert_string_equal(text_of(arena, out), values[i][2]);
	}
}

static void what_goes_leaves_the_rest(void **state)
{
	static const struct via_line_where where = { .format = VIA_LINE_WHOLE };
	static const char *const lines[][3] = {
		{ "a b c", "b", "a c" },
		{ "b c", "b", "c" },
		{ "a b", "b", "a" },
		{ "a\tb c", "b", "a c" },
		{ "a", "b", "a" },
		{ "pci=x,y,z", "pci=y", "pci=x,z" },
		{ "pci=x,y,z", "pci=x", "pci=y,z" },
		{ "pci=x,y,z", "pci=z,x", "pci=y" },
		{ "a pci=x c", "pci=x", "a c" },
		{ "# b\nb\nc", "b", "# b\n\nc" },
		{ "ab b-c=1", "b_c=1", "ab" },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_error error;
	struct via_span out;

	for (size_t i = 0; i < VIA_COUNT(lines); i++) {
		struct via_names words = split(arena, lines[i][1]);

		assert_int_equal(
			line_remove(arena, &where, span_of_text(lines[i][0]), &words, &out, &error),
			0);
		if (strcmp(text_of(arena, out), lines[i][2]) != 0)
			fail_msg("%s - %s = %s", lines[i][0], lines[i][1], text_of(arena, out));
	}
}

static void a_word_with_quotes_inside_stays(void **state)
{
	static const struct via_line_where where = { .format = VIA_LINE_SHELL, .key = "X" };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names words = split(arena, "ab"), read;
	struct via_error error;
	struct via_span out;

	assert_int_equal(line_words(arena, &where, span_of_text("X=a\"b\""), &read, &error), 0);
	assert_string_equal(read.items[0], "ab");
	assert_int_equal(line_remove(arena, &where, span_of_text("X=a\"b\""), &words, &out, &error),
			 -EOPNOTSUPP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_go_in_and_out_again),
		cmocka_unit_test(another_value_gives_way),
		cmocka_unit_test(what_goes_leaves_the_rest),
		cmocka_unit_test(a_word_with_quotes_inside_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
