/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot_dump KIND FILE: what our decoders read in it, a line a fact, for boot_oracle. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "decode/boot_menu.h"
#include "decode/grub_environment.h"
#include "decode/initramfs.h"
#include "decode/line.h"
#include "decode/shell_assignment.h"

static int decode_conf(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu)
{
	loader_conf_decode(arena, text, menu);
	return 0;
}

static int decode_entry(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu)
{
	return boot_entry_decode(arena, "entry.conf", text, menu);
}

static const struct {
	const char *kind;
	int (*decode)(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu);
} decoders[] = {
	{ "conf", decode_conf },
	{ "entry", decode_entry },
	{ "grub", grub_config_decode },
	{ "legacy", grub_legacy_decode },
	{ "extlinux", extlinux_config_decode },
	{ "limine", limine_config_decode },
	{ "refind", refind_config_decode },
	{ "refind_linux", refind_linux_decode },
};

static void print_menu(const struct via_boot_menu *menu)
{
	via_for_each (name, &menu->defaults)
		printf("default\t%s\n", *name);
	if (menu->reads_entries)
		puts("blscfg");
	via_for_each (entry, &menu->entries) {
		printf("entry\t%s\t%s\t%s\t%s\t%d\t", entry->title ? entry->title : "",
		       entry->id ? entry->id : "", entry->kernel ? entry->kernel : "",
		       entry->options ? entry->options : "", entry->submenu);
		via_for_each (initrd, &entry->initrds)
			printf("%s%s", initrd == entry->initrds.items ? "" : " ", *initrd);
		putchar('\n');
	}
}

static int print_values(struct via_arena *arena, const char *kind, struct via_span text)
{
	struct via_grub_environment environment;
	struct via_assignments assignments = { 0 };
	int r;

	if (strcmp(kind, "grubenv") == 0) {
		grub_environment_decode(arena, text, &environment);
		via_for_each (variable, &environment.variables)
			printf("value\t%s\t%s\n", variable->name, variable->value);
		return environment.variables.count ? 0 : -ENODATA;
	}
	r = assignments_decode(arena, text, &assignments);
	via_for_each (assignment, &assignments.list)
		printf("%s\t%s\t%s\n", assignment->untold ? "untold" : "value", assignment->name,
		       assignment->value);
	return r;
}

static int print_image(struct via_arena *arena, struct via_span bytes)
{
	struct via_image image = image_of_span(&bytes);
	struct via_initramfs index;
	const char *trouble;
	int r = initramfs_decode(arena, &image, &index, &trouble);

	if (r < 0)
		printf("trouble\t%s\n", trouble);
	else
		fputs(initramfs_to_text(arena, &index), stdout);
	return r;
}

static struct via_span read_file(struct via_arena *arena, const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	uint8_t *bytes;
	ssize_t n;

	if (fd < 0 || fstat(fd, &status) < 0)
		return (struct via_span){ 0 };
	bytes = arena_alloc(arena, (size_t)status.st_size + 1);
	n = read(fd, bytes, (size_t)status.st_size);
	return (struct via_span){ bytes, n < 0 ? 0 : (size_t)n };
}

int main(int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_boot_menu menu = { 0 };
	struct via_span text;
	int r = -EINVAL;

	if (argc != 3)
		return 2;
	text = read_file(arena, argv[2]);
	if (!text.data)
		return 3;
	if (strcmp(argv[1], "grubenv") == 0 || strcmp(argv[1], "shell") == 0)
		return print_values(arena, argv[1], text) < 0;
	if (strcmp(argv[1], "initramfs") == 0)
		return print_image(arena, text) < 0;
	for (size_t i = 0; i < VIA_COUNT(decoders); i++)
		if (strcmp(argv[1], decoders[i].kind) == 0)
			r = decoders[i].decode(arena, text, &menu);
	if (r < 0)
		fprintf(stderr, "%s: %s\n", argv[2], strerror(-r));
	else
		print_menu(&menu);
	return r < 0;
}
