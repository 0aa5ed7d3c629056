/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/names.h"
#include "base/span.h"

/*
 * Words put into, and taken out of, the files from which command lines and lists of modules
 * are made: bytes in, bytes out. What stands there already stays as it is written, comments,
 * quoting, line ends and a missing last newline included. Nothing here touches a disk.
 */
enum via_line_format {
	VIA_LINE_WHOLE,	       /* every line that is no comment: etc/kernel/cmdline, cmdline.d */
	VIA_LINE_FIRST,	       /* only the first such line has a say: proxmox-boot-tool */
	VIA_LINE_SHELL,	       /* NAME="…" or NAME=(…) of a sourced file; key: the name */
	VIA_LINE_ENTRY,	       /* options of a file of loader/entries */
	VIA_LINE_EXTLINUX,     /* append of a label */
	VIA_LINE_LIMINE,       /* cmdline of an entry */
	VIA_LINE_REFIND,       /* options of a stanza */
	VIA_LINE_REFIND_LINUX, /* the second text of a row */
	VIA_LINE_UKIFY,	       /* Cmdline of [UKI]: etc/kernel/uki.conf */
	VIA_LINE_YAML,	       /* key: a,b,c: etc/booster.yaml; key: the key */
	VIA_LINE_KERNELSTUB,   /* user.kernel_options of its JSON */
	VIA_LINE_MODULES,      /* one name a line: etc/initramfs-tools/modules */
	VIA_LINE_FORMATS,
};

/**
 * struct via_line_where - which line of a file is meant
 * @key: the variable or key, for formats that have several; else NULL
 * @entry: the number of the entry in the order in which the format's decoder adds them to a
 *         menu, for formats that hold several
 */
struct via_line_where {
	enum via_line_format format;
	const char *key;
	unsigned int entry;
};

/**
 * line_words - the words that stand there, as they are written
 * Return: 0; as line_add()
 */
int line_words(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
	       struct via_names *ret, struct via_error *error);

/**
 * line_add - put words in
 *
 * A word that is there already stays as it is. Of a parameter that is a list (word_is_list()),
 * the items that lack are added to the last one of its name; any other parameter with another
 * value has its last value replaced; what is new goes to the end of the line. A key that
 * lacks is added, below a comment that says who added it.
 *
 * Return: 0; -ENOENT: there is no such entry, or no line where a made-up one would not boot;
 * -EOPNOTSUPP: only a shell or another program could tell what stands there; -EINVAL: a word
 * that would need quoting; -E2BIG
 */
int line_add(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
	     const struct via_names *words, struct via_span *ret, struct via_error *error);

/**
 * line_remove - take words out; of a list given as NAME=ITEMS the items, and the word with the
 * last of them. Words that are not there are passed over.
 * Return: as line_add(); -EOPNOTSUPP also where quotes run through the middle of a word
 */
int line_remove(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
		const struct via_names *words, struct via_span *ret, struct via_error *error);

/* word_is_list - whether the kernel adds the items of NAME=A,B,C up: vfio-pci.ids, pci … */
bool word_is_list(const char *word);

/* word_same - whether two words are one to the kernel ('-' is '_' in names) */
bool word_same(const char *a, const char *b);

/* word_same_name - likewise for the parts before '=' */
bool word_same_name(const char *a, const char *b);
