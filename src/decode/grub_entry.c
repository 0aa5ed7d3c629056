/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/grub_entry.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/line.h"

/* An entry on its way through its lines. */
struct copying {
	struct via_arena *arena;
	const struct via_grub_copy *copy;
	const char *text;
	unsigned int kernels, images;
};

static bool starts_with_word(const char *line, const char *word)
{
	line += strspn(line, " \t");
	return text_starts(line, word) && strchr(" \t", line[strlen(word)]);
}

static bool writes_environment(const char *line)
{
	line += strspn(line, " \t");
	return strcmp(line, "savedefault") == 0 || strcmp(line, "recordfail") == 0;
}

/* linux, linux16, linuxefi; initrd likewise */
static bool is_command(const char *line, const char *name)
{
	static const char *const endings[] = { "", "16", "efi" };
	char word[16];

	for (size_t i = 0; i < VIA_COUNT(endings); i++) {
		strcpy(stpcpy(word, name), endings[i]);
		if (starts_with_word(line, word))
			return true;
	}
	return false;
}

static const char *with_other_image(struct copying *copying, const char *line)
{
	const char *image = copying->copy->image, *out = "";

	if (!image)
		return line;
	while (*line) {
		size_t blanks = strspn(line, " \t"), length = strcspn(line + blanks, " \t");
		bool is_it = length == strlen(image) && strncmp(line + blanks, image, length) == 0;

		copying->images += is_it;
		out = arena_printf(copying->arena, "%s%.*s%.*s", out, (int)blanks, line,
				   is_it ? (int)strlen(copying->copy->other_image) : (int)length,
				   is_it ? copying->copy->other_image : line + blanks);
		line += blanks + length;
	}
	return out;
}

static void add_line(struct copying *copying, const char *line)
{
	const char *words = copying->copy->words;

	if (writes_environment(line))
		return;
	if (is_command(line, "linux")) {
		copying->kernels += text_ends(line, "\\") ? 2 : 1; /* goes on: not ours to read */
		if (words)
			line = arena_printf(copying->arena, "%s %s", line, words);
	} else if (is_command(line, "initrd")) {
		line = with_other_image(copying, line);
	}
	copying->text = arena_printf(copying->arena, "%s%s\n", copying->text, line);
}

int grub_entry_copy(struct via_arena *arena, struct via_span config,
		    const struct via_boot_entry *entry, const struct via_grub_copy *copy,
		    const char **ret)
{
	struct via_span body = span_sub(config, entry->body, entry->body_end - entry->body);
	struct copying copying = { .arena = arena, .copy = copy };
	char *line;

	if (entry->submenu || entry->body_end <= entry->body)
		return -ENODATA;
	copying.text = arena_printf(arena, "menuentry '%s' --id %s --unrestricted {\n", copy->title,
				    copy->id);
	while ((line = line_next(arena, &body)))
		if (line[strspn(line, " \t")])
			add_line(&copying, line);
	if (copying.kernels != 1)
		return -ENODATA;
	if (copy->image && copying.images != 1)
		return -ENOENT;
	*ret = arena_printf(arena, "%s}\n", copying.text);
	return 0;
}
