/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/fact.h"
#include "base/file.h"
#include "base/names.h"
#include "decode/line_edit.h"

/*
 * How this host's next boot is changed: which files, in what form, and what makes the rest
 * from them. Filled in by boot_look(), so that plans are pure: whoever keeps the boot
 * configuration says here how, and the files are there as they were read.
 */
enum via_boot_way {
	VIA_BOOT_ADVICE,  /* only its owner can: see advice */
	VIA_BOOT_DROP_IN, /* a file of viaduct's own adds to a variable */
	VIA_BOOT_EDIT,	  /* words are put into a file of the owner's */
};

/* A file as it is, by its absolute path. */
struct via_boot_state {
	const char *path;
	struct via_fact fact;
	struct via_file file;
};

/**
 * struct via_boot_line - a file that words of the line stand in
 * @adds: new words go here too; else only those that stand in the way are taken out
 * @implied: words that a missing key stands for; NULL for none
 */
struct via_boot_line {
	struct via_boot_state state;
	struct via_line_where where;
	bool adds;
	const char *implied;
};

/**
 * struct via_boot_change - how words get onto the line that boots next
 * @drop_in: viaduct's own file; when @way is VIA_BOOT_DROP_IN
 * @variable: what that adds to; NULL: its lines are the words
 * @commands: to be run behind the files, in order
 * @read_back: the entry that boots next can be read afterwards
 * @in_place: why running them leaves moments without anything to boot; NULL: it does not
 * @advice: the manual step, where that is all there is
 */
struct via_boot_change {
	enum via_boot_way way;
	struct via_boot_state drop_in;
	const char *variable;
	via_list(struct via_boot_line) lines;
	struct via_names commands;
	bool read_back;
	const char *in_place;
	const char *advice;
};

/* A file of viaduct's own that takes devices early, as it shall be. */
struct via_boot_own {
	struct via_boot_state state;
	unsigned int mode;
	const char *text;
};

/**
 * struct via_boot_early - how devices are taken in the initramfs, before any other driver
 * @told: text: the generator; unknown or absent: why there is no way
 * @wanted: the list of devices
 * @files: what goes beside it
 * @image: what must be in the image afterwards, as a path in it
 * @by_line: the generator runs no scripts: only ids on the kernel's line
 * @advice: the manual step, where that is all there is
 */
struct via_boot_early {
	struct via_fact told;
	struct via_boot_state wanted;
	via_list(struct via_boot_own) files;
	const char *rebuild, *image;
	bool by_line;
	const char *advice;
};

/**
 * struct via_boot_guard - where hooks for newly installed kernels go
 * @packages: of Debian's and its kin's kernel packages; @kernel_install: of kernel-install
 */
struct via_boot_guard {
	bool has_packages, has_kernel_install;
	struct via_boot_state packages, kernel_install;
};

/* Files that goals beyond the loader's write: what they hold now. */
struct via_boot_drop_ins {
	struct via_boot_state kvm;	 /* etc/modprobe.d */
	struct via_boot_state hugepages; /* etc/sysctl.d */
};
