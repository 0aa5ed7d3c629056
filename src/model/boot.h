/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/fact.h"
#include "decode/boot_menu.h"
#include "decode/initramfs.h"
#include "model/boot_change.h"
#include "model/boot_trial.h"

/*
 * How this machine came up, and how it will come up next. Filled by boot_look()
 * (boot/boot.h), which check, snapshot and plans ask for; not asked otherwise.
 */
enum via_loader_id {
	VIA_LOADER_UNKNOWN,
	VIA_LOADER_GRUB,
	VIA_LOADER_SYSTEMD_BOOT,
	VIA_LOADER_UKI, /* a unified kernel image that firmware starts itself */
	VIA_LOADER_REFIND,
	VIA_LOADER_LIMINE,
	VIA_LOADER_EXTLINUX,
	/* These keep the configuration of one of the above. */
	VIA_LOADER_PROXMOX, /* proxmox-boot-tool */
	VIA_LOADER_KERNELSTUB,
	VIA_LOADER_OSTREE,
	VIA_LOADER_NIXOS,
	VIA_LOADERS,
};

enum via_boot_confidence {
	VIA_BOOT_NO_TRACE,  /* looked, and no loader left anything */
	VIA_BOOT_UNTOLD,    /* what would tell could not be read */
	VIA_BOOT_AMBIGUOUS, /* two have as much for them */
	VIA_BOOT_LIKELY,    /* its files, and nothing against it */
	VIA_BOOT_SURE,	    /* it said so itself when it booted this machine, or firmware did */
};

/* One trace of a loader. The weight of what this very boot left is 60 or more. */
struct via_boot_evidence {
	enum via_loader_id loader;
	int weight;
	const char *path, *value;
};

enum { BOOT_RUNNING_WEIGHT = 60 };

/**
 * struct via_boot_source - a file from which a command line is made
 * @fact: path and words; unknown where only a shell could tell
 * @what: the variable or key in it; NULL for the whole file
 * @governs: the next boot's line is made from it; false: it is there and has no say
 * @whole: it holds the whole line; false: the generator adds to it (root= and the like)
 * @later_kernels: it has a say only for kernels that are installed later
 */
struct via_boot_source {
	struct via_fact fact;
	const char *what;
	bool governs, whole, later_kernels;
};

/* How the image of the running system was found. */
enum via_image_known {
	VIA_IMAGE_UNTOLD,
	VIA_IMAGE_BY_ENTRY,   /* the entry that booted names it */
	VIA_IMAGE_BY_CMDLINE, /* initrd= of the running kernel's line */
	VIA_IMAGE_BY_NAME,    /* it has the name that the running kernel's has */
	VIA_IMAGE_IN_UKI,     /* a section of the unified image */
};

struct via_boot_image {
	struct via_fact file; /* path; number: bytes */
	enum via_image_known known;
	struct via_fact index;	      /* of reading it; not asked unless something wants it */
	struct via_initramfs content; /* when index is present */
};

/* What the host's files want loaded before anything else. */
struct via_boot_want {
	const char *path;  /* the file, or proc/cmdline */
	const char *value; /* the line that says so */
};

struct via_boot_file {
	const char *path, *text;
};

struct via_boot {
	bool looked;
	enum via_loader_id loader; /* the program that started the kernel */
	enum via_loader_id keeper; /* who keeps its configuration; the loader itself as a rule */
	const char *loader_name, *keeper_name;
	const char *variant; /* "Debian", "BLS" …: which of its ways; NULL */
	enum via_boot_confidence confidence;
	enum via_loader_id rival; /* when ambiguous */
	const char *rival_name;
	via_list(struct via_boot_evidence) evidence;
	struct via_fact untold; /* what could not be read of that; absent: all was */

	/* The traces themselves, as facts to cite. */
	struct via_fact loader_info, stub_info, entry_selected, firmware_entry, boot_image;
	struct via_fact entries_directory, menu_file;
	struct via_fact proxmox, proxmox_uuids;
	struct via_fact immutable; /* text: "ostree", "NixOS", "bootc" */

	/* Three tenses of the command line. */
	struct via_fact booted;	    /* proc/cmdline, without what loaders add */
	struct via_fact generated;  /* what the entry that boots next has */
	struct via_fact configured; /* the governing sources, put together */
	via_list(struct via_boot_source) sources;
	struct via_boot_change line_change;
	struct via_boot_early early;
	struct via_boot_drop_ins drop_ins;
	struct via_boot_guard guard;
	struct via_boot_trial trial; /* only where boot_trial_look() was asked */
	const char *regenerate;	     /* what must be run after a change; NULL: nothing */
	const char *change;	     /* what to change, in words */

	struct via_boot_menu menu;
	int booted_entry, next_entry;	/* in menu; -1: could not be told */
	const char *next_entry_untold;	/* why */
	bool next_is_once;		/* set for one boot only */
	struct via_fact next_release;	/* text: the kernel it boots */
	struct via_fact newest_release; /* text: the newest with modules installed */

	/* Trying an entry once. */
	struct via_fact one_shot;    /* number: 1 possible; absent: not; text: how */
	const char *one_shot_reason; /* why not */

	const char *generator; /* of the initramfs: "dracut" …; NULL: none is installed */
	const char *rebuild;   /* its command */
	struct via_fact generator_fact;
	struct via_boot_image image;		 /* the initramfs of the running system */
	via_list(struct via_boot_want) wants;	 /* of vfio, early */
	via_list(struct via_boot_file) modprobe; /* etc/modprobe.d as it is on disk */
	struct via_fact modprobe_directory;
};

/* loader_id_name - "GRUB", "systemd-boot" … */
const char *loader_id_name(enum via_loader_id id);

/* boot_entry_at - the entry of that index; NULL for -1 */
const struct via_boot_entry *boot_entry_at(const struct via_boot *boot, int index);
