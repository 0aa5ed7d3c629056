/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/boot_words.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

void words_split(struct via_arena *arena, const char *line, struct via_names *ret)
{
	struct via_names words = { 0 };

	for (;;) {
		const char *start;
		bool quoted = false;

		while (isspace((unsigned char)*line))
			line++;
		if (!*line)
			break;
		for (start = line; *line && (quoted || !isspace((unsigned char)*line)); line++)
			quoted ^= *line == '"';
		*via_list_add(arena, &words) = arena_strndup(arena, start, (size_t)(line - start));
	}
	*ret = words;
}

static const char *joined(struct via_arena *arena, const struct via_names *words)
{
	size_t room = 1, length = 0;
	char *text;

	via_for_each (word, words)
		room += strlen(*word) + 1;
	text = arena_alloc(arena, room);
	via_for_each (word, words) {
		size_t size = strlen(*word);

		if (length)
			text[length++] = ' ';
		memcpy(text + length, *word, size);
		length += size;
	}
	return text;
}

const char *words_missing(struct via_arena *arena, const char *wanted, const char *present)
{
	struct via_names all, there, missing = { 0 };

	words_split(arena, wanted, &all);
	words_split(arena, present, &there);
	via_for_each (word, &all)
		if (!names_have(&there, *word) && !names_have(&missing, *word))
			*via_list_add(arena, &missing) = *word;
	return joined(arena, &missing);
}

const char *words_without_loaders(struct via_arena *arena, const char *line)
{
	struct via_names all, kept = { 0 };

	words_split(arena, line, &all);
	via_for_each (word, &all)
		if (!text_starts(*word, "BOOT_IMAGE=") && !text_starts(*word, "initrd="))
			*via_list_add(arena, &kept) = *word;
	return joined(arena, &kept);
}

bool word_is_about_guests(const char *word)
{
	static const char *const parts[] = { "iommu",	  "vfio",     "pci_stub",  "pcie_acs",
					     "kvm",	  "hugepage", "isolcpus",  "nohz_full",
					     "rcu_nocbs", "intremap", "blacklist", "rd.driver",
					     "video=",	  "sriov",    "max_vfs",   "enable_guc" };
	_cleanup_free_ char *name = strdup(word);

	for (char *at = name; at && *at; at++)
		if (*at == '-')
			*at = '_';
	for (size_t i = 0; name && i < VIA_COUNT(parts); i++)
		if (strstr(name, parts[i]))
			return true;
	return name && text_starts(name, "pci=");
}

const char *words_about_guests(struct via_arena *arena, const char *line)
{
	struct via_names all, kept = { 0 };

	words_split(arena, line, &all);
	via_for_each (word, &all)
		if (word_is_about_guests(*word))
			*via_list_add(arena, &kept) = *word;
	return joined(arena, &kept);
}
