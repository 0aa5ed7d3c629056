/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "decode/grub_environment.h"
#include "model/host.h"
#include "sys/root.h"

/* A host whose boot is being looked at. */
struct via_boot_view {
	const struct via_root *root;
	struct via_host *host;
	struct via_boot *boot;
	struct via_arena *arena;
	struct via_grub_environment grubenv;
	bool is_generated; /* an entry says that a generator wrote it */
};

/**
 * struct via_loader - one way of booting, a file of its own in this folder
 * @keeps: it keeps the configuration of another loader, which starts the kernel
 * @detect: add a trace (view_trace) for whatever speaks for it
 * @read_menu: the entries that exist, and which of them boots next; NULL for keepers
 * @read_sources: what command lines are made from, and what must be run after a change
 * @judge_one_shot: whether an entry can be tried once, and why not
 *
 * What changes a boot configuration goes here as well, beside what reads it.
 */
struct via_loader {
	enum via_loader_id id;
	bool keeps;
	void (*detect)(struct via_boot_view *view);
	void (*read_menu)(struct via_boot_view *view);
	void (*read_sources)(struct via_boot_view *view);
	void (*judge_one_shot)(struct via_boot_view *view);
};

extern const struct via_loader loader_grub, loader_systemd_boot, loader_uki, loader_refind,
	loader_limine, loader_extlinux, loader_proxmox, loader_kernelstub, loader_ostree,
	loader_nixos;

const struct via_loader *loader_find(enum via_loader_id id);

/* loader_at - every loader in turn; NULL behind the last */
const struct via_loader *loader_at(size_t index);

/*
 * What loaders have in common.
 */

/* view_trace - something speaks for a loader; see struct via_boot_evidence for the weight */
void view_trace(struct via_boot_view *view, enum via_loader_id loader, int weight, const char *path,
		const char *value);

/* view_trace_file - likewise where a file is there; true when it is */
bool view_trace_file(struct via_boot_view *view, enum via_loader_id loader, int weight,
		     const char *path);

/* view_trace_names - the loader's name in what it told, and in what firmware started */
void view_trace_names(struct via_boot_view *view, enum via_loader_id loader, const char *name,
		      const char *file);

/* view_word - the value of the last NAME=… of the running kernel's line; NULL for none */
const char *view_word(const struct via_boot_view *view, const char *name);

bool view_exists(const struct via_boot_view *view, const char *path);

/* view_read - a configuration file of at most 1 MiB */
struct via_blob view_read(const struct via_boot_view *view, const char *path);

/* view_first - the first of several paths that is there; else absent, or why it is untold */
struct via_fact view_first(const struct via_boot_view *view, const char *const *paths,
			   size_t count);

/**
 * view_decode - add a file to the menu by one of its decoders
 * Return: the fact of having read it; present also where it holds no entry
 */
struct via_fact view_decode(struct via_boot_view *view, const char *path,
			    int (*decode)(struct via_arena *arena, struct via_span text,
					  struct via_boot_menu *menu));

/* view_read_entries - loader/entries of the first partition that has them */
void view_read_entries(struct via_boot_view *view);

/* view_read_images - the unified kernel images of EFI/Linux; uki.c */
void view_read_images(struct via_boot_view *view);

/* view_add_source - returns it, to be filled further */
struct via_boot_source *view_add_source(struct via_boot_view *view, struct via_fact fact,
					const char *what);

/* view_add_line - a file that holds nothing but words; NULL where it is not there */
struct via_boot_source *view_add_line(struct via_boot_view *view, const char *path);

/* view_add_entry_source - the entry that boots next is itself what one edits */
void view_add_entry_source(struct via_boot_view *view);

/* view_add_grub_sources - etc/default/grub and its drop-ins; grub.c */
void view_add_grub_sources(struct via_boot_view *view, bool governs);

/* view_distribution - whether os-release names it (ID, or the start of the name) */
bool view_distribution(const struct via_boot_view *view, const char *id);

void view_one_shot(struct via_boot_view *view, const char *how);
void view_no_one_shot(struct via_boot_view *view, const char *reason);
void view_untold_one_shot(struct via_boot_view *view, const struct via_fact *why,
			  const char *reason);

/* entry_release - the kernel release an entry boots, by its version or its kernel's name */
const char *entry_release(struct via_arena *arena, const struct via_boot_entry *entry);

/* menu_find_id - the entry of that id, with or without ".conf"; -1 for none */
int menu_find_id(const struct via_boot_menu *menu, const char *id);

/* entry_options - an entry's command line with GRUB's variables put in */
const char *entry_options(const struct via_boot_view *view, const struct via_boot_entry *entry);
