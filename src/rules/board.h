/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "rules/rule.h"

/* What a person switches in a setup menu. */
enum via_switch {
	VIA_SWITCH_CPU,
	VIA_SWITCH_IOMMU,
	VIA_SWITCH_SRIOV,
	VIA_SWITCH_ABOVE_4G,
	VIA_SWITCH_REBAR,
	VIA_SWITCH_ACS,
	VIA_SWITCH_ARI,
	VIA_SWITCH_INTERRUPTS,
	VIA_SWITCHES,
};

/* How far to trust a path: menus differ between models and releases of one maker. */
enum via_certainty {
	VIA_CERTAINTY_GENERIC, /* where menus built from the same kits have it */
	VIA_CERTAINTY_PERHAPS, /* seen on some machines of that maker and line */
	VIA_CERTAINTY_USUAL,   /* on most of that maker's and line's */
};

/**
 * struct via_setup_path - where a switch is
 * @maker: "ASUS", "HPE ProLiant"; NULL when the board's maker is not known here
 * @name: what the switch is called
 * @path: the menus on the way; NULL where that maker has no such menu
 */
struct via_setup_path {
	const char *maker, *name, *path;
	enum via_certainty certainty;
};

/* board_setup - never fails: the generic words where nothing better is known */
struct via_setup_path board_setup(const struct via_host *host, enum via_switch which);

/**
 * finding_setup - the manual step that switches something on, in that maker's words
 * @more: a sentence that follows, or ""
 */
void finding_setup(struct via_finding *finding, const struct via_host *host, enum via_switch which,
		   const char *more);

/* board_setup_text - the same step without a finding to put it in */
const char *board_setup_text(struct via_arena *arena, const struct via_host *host,
			     enum via_switch which);

/* One line of the table in board_menus.c. */
struct via_menu {
	const char *maker;
	const char *vendor;  /* begins the board's or the system's vendor, any case */
	const char *product; /* is in the product's name or version, any case; NULL for any */
	enum via_certainty certainty;
	const char *intel[VIA_SWITCHES], *amd[VIA_SWITCHES]; /* NULL: the generic path */
};

extern const struct via_menu board_menus[];
extern const size_t board_menu_count;
extern const struct via_menu board_menu_generic;
