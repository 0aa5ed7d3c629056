/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/names.h"
#include "base/span.h"

/*
 * What a boot loader offers, in whatever language it is written: one decoder a language,
 * all of them into this. Nothing is executed: what a script would compute stays as written
 * (a "$name" in @options), and the entry says so.
 */
struct via_boot_entry {
	const char *id;	     /* the file's name, GRUB's --id, extlinux' label; NULL for none */
	const char *title;   /* NULL for none */
	const char *version; /* of the kernel, where the entry tells */
	const char *sort_key;
	const char *kernel;	  /* path as the loader writes it; NULL: boots no Linux */
	struct via_names initrds; /* in order, as the loader writes them */
	const char *options;	  /* several lines joined by blanks; NULL for none */
	const char *file;	  /* where it stands, relative to the root; set by who read it */
	int parent;		  /* index of the submenu it is in; -1 for none */
	int tries_left;		  /* boot counting; -1: not counted */
	bool submenu;		  /* holds entries, boots nothing itself */
	bool efi;		  /* starts an EFI program: a unified image or another loader */
	bool disabled;
	bool variables; /* kernel, initrds or options hold $names */
	/* Of grub.cfg: the bytes between its braces, as offsets in the file; both 0: untold */
	size_t body, body_end;
};

struct via_boot_menu {
	via_list(struct via_boot_entry) entries;
	struct via_names defaults; /* every value that is set as default, as written */
	bool reads_entries;	   /* GRUB's blscfg: loader/entries is the menu */
	bool by_script;		   /* conditions, sourced files: there may be more */
};

enum { BOOT_MENU_ENTRIES = 4096 };

/* boot_menu_add - a new entry, parent -1 and not counted; NULL when there are too many */
struct via_boot_entry *boot_menu_add(struct via_arena *arena, struct via_boot_menu *menu);

/* boot_entry_add_options - append words to an entry's command line */
void boot_entry_add_options(struct via_arena *arena, struct via_boot_entry *entry,
			    const char *options);

/*
 * The decoders. All take a whole file, of any bytes; what they do not know they pass over.
 * @menu is added to, so several files make one menu.
 */

/**
 * boot_entry_decode - one file of loader/entries (type 1)
 * @name: its name, which is its id: "foo+3-1.conf" is foo.conf with 3 tries left
 *
 * Return: 0; -ENODATA when it names neither kernel nor EFI program; -E2BIG
 * Source: uapi-group.org, Boot Loader Specification
 */
int boot_entry_decode(struct via_arena *arena, const char *name, struct via_span text,
		      struct via_boot_menu *menu);

/* boot_entry_id - a type 1 file name without its boot counter */
const char *boot_entry_id(struct via_arena *arena, const char *name, int *ret_tries_left);

/* loader_conf_decode - loader/loader.conf: what it sets as default */
void loader_conf_decode(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu);

/**
 * grub_config_decode - grub.cfg: menuentry, submenu, linux, initrd, multiboot and module
 * lines with their words unquoted and $names kept, what default is set to, whether blscfg
 * Return: 0; -E2BIG
 */
int grub_config_decode(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu);

/* grub_legacy_decode - menu.lst or grub.conf of GRUB before 2: title, kernel, module, initrd */
int grub_legacy_decode(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu);

/* extlinux_config_decode - extlinux.conf, syslinux.cfg and their like */
int extlinux_config_decode(struct via_arena *arena, struct via_span text,
			   struct via_boot_menu *menu);

/* limine_config_decode - limine.conf ("/entry", "key: value") and the older limine.cfg
 * (":entry", "KEY=value"), with their ${MACROS} put in */
int limine_config_decode(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu);

/* refind_config_decode - the manual stanzas of refind.conf */
int refind_config_decode(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu);

/* refind_linux_decode - refind_linux.conf: "title" "options"; the kernel is found beside it */
int refind_linux_decode(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu);
