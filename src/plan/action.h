/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/names.h"

/*
 * A change to a host is an ordered list of actions, each a compare-and-swap: it is done
 * only where the present value is the expected one, and its undo puts the old value back
 * only where the present one is still ours.
 */
enum via_action_kind {
	VIA_ACTION_MODULE,	    /* "absent" | "loaded"; target: the module's name */
	VIA_ACTION_SRIOV_AUTOPROBE, /* "0" | "1"; target: the PF */
	VIA_ACTION_SRIOV_COUNT,	    /* number of VFs; target: the PF */
	VIA_ACTION_NVME_SECONDARY,  /* "offline queues=0 interrupts=0"; target: the VF */
	VIA_ACTION_VF_MAC,	    /* these six as base/vf_setting.h has them; target: the VF */
	VIA_ACTION_VF_VLAN,
	VIA_ACTION_VF_TRUST,
	VIA_ACTION_VF_SPOOFCHK,
	VIA_ACTION_VF_RATE,
	VIA_ACTION_VF_LINK,
	VIA_ACTION_VF_MSIX,	    /* size of its MSI-X table; target: the VF */
	VIA_ACTION_VF_QUANTUM,	    /* of a GPU's VF, ms; target: the VF */
	VIA_ACTION_VF_PREEMPT,	    /* likewise, us */
	VIA_ACTION_ESWITCH,	    /* "legacy" | "switchdev"; target: the PF */
	VIA_ACTION_RESET_METHOD,    /* "flr bus", "" for none; target: the function */
	VIA_ACTION_D3COLD_ALLOWED,  /* "0" | "1"; target: the function */
	VIA_ACTION_POWER_CONTROL,   /* "on" | "auto"; target: the function */
	VIA_ACTION_DRIVER_OVERRIDE, /* "" or a driver's name; target: the function */
	VIA_ACTION_DRIVER,	    /* "" or the driver bound; target: the function */
	VIA_ACTION_FILE,	    /* plan/file.h; target: an absolute path */
	VIA_ACTION_GENERATE,	    /* plan/generate.h; target: a command that makes files */
	VIA_ACTION_BUS_AUTOPROBE,   /* "0" | "1"; target: the bus */
	VIA_ACTION_MDEV,	    /* "" or "PARENT/TYPE"; target: the UUID */
	VIA_ACTION_VGPU_TYPE,	    /* "0" or a type's number; target: the function */
	VIA_ACTION_VDPA,	    /* "" or "[BUS/]MANAGEMENT KEY=VALUE..."; target: its name */
	VIA_ACTION_VDPA_OVERRIDE,   /* as DRIVER_OVERRIDE; target: a device of the bus vdpa */
	VIA_ACTION_VDPA_DRIVER,	    /* as DRIVER; target: a device of the bus vdpa */
	VIA_ACTION_HUGEPAGES,	    /* number of pages; target: base/hugepage_pool.h */
	VIA_ACTION_GRUB_ONCE,	    /* "" or an entry's id; target: GRUB's environment block */
	VIA_ACTION_LOADER_ENTRY,    /* likewise; target: a variable of systemd-boot's */
	VIA_ACTION_KINDS,
};

enum via_effect_time { VIA_EFFECT_NOW, VIA_EFFECT_REBOOT, VIA_EFFECT_NONE };

/**
 * struct via_action - one step
 * @target: a PCI address, or what the kind says
 * @identity: "vendor:device" the target must have when it is a function; NULL: not checked
 *            (a VF that an earlier action creates)
 * @expected: the value before, as planned
 * @wanted: the value after
 * @why: one clause for the reader
 * @beside: what an exact undo has to leave alone, noted when the action is done; a plan has
 *          none. Modules: those that were loaded before; files: file_note() of the old one,
 *          and "made=DIRECTORY" for each that had to be made
 * @before, @after: of a file in a plan: what the values stand for; NULL in a journal
 * @made_by: in a journal, of a file: the number of the action whose program made it; 0: it was
 *           planned itself
 * @store: where the journal keeps those contents, relative to the root; NULL in a plan
 * @renewed: a later action of the plan takes the target away and makes it anew; undoing makes a
 *           third, which gets what this one had
 * @trial: it is there for a trial alone: taken away when that is confirmed, undone last
 */
struct via_action {
	enum via_action_kind kind;
	const char *target;
	const char *identity;
	const char *expected, *wanted;
	enum via_effect_time effect, undo;
	const char *why;
	const char *beside;
	const struct via_file *before, *after;
	const char *store;
	size_t made_by;
	bool renewed, trial;
};

/*
 * As @expected: what an earlier action of the plan makes has whatever value it comes with.
 * As @wanted, of what is renewed: nothing is done, the value goes with its target.
 */
#define VIA_AS_MADE "as-made"

struct via_refusal {
	const char *what; /* the device or goal */
	const char *why;
	const char *hint; /* may be NULL */
};

/* How often the user said --force: what the host uses gives way to one, what it cannot do
 * without to two. */
enum via_insistence { VIA_INSIST_NOT, VIA_INSIST_ONCE, VIA_INSIST_TWICE };

/* Words that several goals want on the line that boots next: one change, not one a goal. */
struct via_boot_wish {
	struct via_names add, remove;
};

/**
 * struct via_plan_trial - a plan that one boot alone tries
 * @id: on the line of that boot
 * @failing: ids of findings that failed before
 */
struct via_plan_trial {
	const char *id;
	struct via_names failing;
};

struct via_plan {
	struct via_arena *arena;
	const char *id;	  /* of the content: the same plan has the same id */
	const char *goal; /* as asked for, in one line */
	via_list(struct via_action) actions;
	via_list(struct via_refusal) refused;
	enum via_insistence insistence;
	via_list(struct via_refusal) overruled; /* refused, but for the user's insistence */
	via_list(const char *) risks;		/* what could go wrong, a sentence each */
	via_list(const char *) by_hand;		/* how to get back without viaduct */
	struct via_boot_wish *gather; /* where plan_words() leaves its words; NULL: it plans them */
	bool lasting;		      /* each boot makes it again */
	unsigned int revert_after_s;  /* undone by itself after that, unless kept; 0: not */
	struct via_names expect; /* what the next boot shows when it did its work; plan/trial.h */
	const struct via_plan_trial *trial; /* NULL: it is done for good */
	bool reboot_needed;
	bool untold; /* a device was refused since something of it could not be read */
};

/* action_kind_name - "driver-override" and so on, as in JSON and the journal */
const char *action_kind_name(enum via_action_kind kind);

/* action_kind_persists - whether what it changes outlives the boot it was changed in */
bool action_kind_persists(enum via_action_kind kind);

/* action_kind_parse - Return: 0, or -EINVAL for a name that is none */
int action_kind_parse(const char *name, enum via_action_kind *ret);
