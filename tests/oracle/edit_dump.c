/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Our editors of boot configurations, for edit_oracle:
 *   edit_dump words|add|remove FORMAT KEY ENTRY FILE [WORD...]
 * The new bytes, or the words, go to standard output; 1 and the reason: refused.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "decode/line_edit.h"

static const char *const formats[] = {
	[VIA_LINE_WHOLE] = "whole",	      [VIA_LINE_FIRST] = "first",
	[VIA_LINE_SHELL] = "shell",	      [VIA_LINE_ENTRY] = "entry",
	[VIA_LINE_EXTLINUX] = "extlinux",     [VIA_LINE_LIMINE] = "limine",
	[VIA_LINE_REFIND] = "refind",	      [VIA_LINE_REFIND_LINUX] = "refind_linux",
	[VIA_LINE_UKIFY] = "ukify",	      [VIA_LINE_YAML] = "yaml",
	[VIA_LINE_KERNELSTUB] = "kernelstub", [VIA_LINE_MODULES] = "modules",
};

static struct via_span read_file(struct via_arena *arena, const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	uint8_t *bytes;

	if (fd < 0 || fstat(fd, &status) < 0)
		exit(3);
	bytes = arena_alloc(arena, (size_t)status.st_size + 1);
	if (read(fd, bytes, (size_t)status.st_size) != status.st_size)
		exit(3);
	return (struct via_span){ bytes, (size_t)status.st_size };
}

static int act(struct via_arena *arena, const struct via_line_where *where, char **argv, int argc,
	       struct via_span *ret, struct via_error *error)
{
	struct via_span text = read_file(arena, argv[5]);
	struct via_names words = { 0 };

	for (int i = 6; i < argc; i++)
		*via_list_add(arena, &words) = argv[i];
	if (strcmp(argv[1], "add") == 0)
		return line_add(arena, where, text, &words, ret, error);
	if (strcmp(argv[1], "remove") == 0)
		return line_remove(arena, where, text, &words, ret, error);
	*ret = (struct via_span){ 0 };
	words.count = 0;
	if (line_words(arena, where, text, &words, error) < 0)
		return -1;
	via_for_each (word, &words)
		puts(*word);
	return 0;
}

int main(int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_line_where where = { .format = VIA_LINE_FORMATS };
	struct via_error error = { 0 };
	struct via_span out;

	if (argc < 6)
		return 2;
	for (unsigned int i = 0; i < VIA_LINE_FORMATS; i++)
		if (strcmp(formats[i], argv[2]) == 0)
			where.format = (enum via_line_format)i;
	if (where.format == VIA_LINE_FORMATS)
		return 2;
	where.key = argv[3];
	where.entry = (unsigned int)atoi(argv[4]);
	if (act(arena, &where, argv, argc, &out, &error) < 0) {
		fprintf(stderr, "%s: %s\n", error.where, error.why);
		return 1;
	}
	if (out.size)
		fwrite(out.data, 1, out.size, stdout);
	return 0;
}
