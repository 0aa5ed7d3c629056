/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "plan/action.h"

/* generate_writes_in_place - whether a command writes over what is booted, on partitions that it
 * mounts itself: what it makes is not known file by file, and undoing runs it again */
bool generate_writes_in_place(const char *command);

/**
 * plan_generate - a program of the host makes files anew from what was changed before it
 * @command: a program's name and its arguments ("update-grub", "update-initramfs -u -k all"):
 *           one that the apply layer knows how to run without a moment at which a power cut
 *           would leave a host that cannot boot
 * @claims: what must be so afterwards, words separated by blanks, and was not so before:
 *          cmdline+WORD    the entry that boots next has that word
 *          cmdline-WORD    ... has it not
 *          image+PATH      the initramfs of that entry holds that file, or has a module of
 *                          that name ("image+vfio-pci")
 *          image-PATH      ... does not
 *          Blanks and '%' in a WORD are written %20 and %25. "" claims nothing: the program has
 *          to end well, that is all
 * @why: one clause
 *
 * Put behind the files that it reads; its undo comes after theirs.
 */
struct via_action *plan_generate(struct via_plan *plan, const char *command, const char *claims,
				 const char *why);

/* What a claim is about. */
enum via_claim_place { VIA_CLAIM_CMDLINE, VIA_CLAIM_IMAGE };

/**
 * struct via_claim - one claim
 * @holds: '+', it is so
 * @thing: the word or path, with its blanks back
 */
struct via_claim {
	enum via_claim_place place;
	bool holds;
	const char *thing;
};

struct via_claims {
	struct via_claim *items;
	size_t count, capacity;
};

/* claims_parse - Return: 0; -EINVAL */
int claims_parse(struct via_arena *arena, const char *text, struct via_claims *ret);

/* claims_text - as claims_parse() reads it */
const char *claims_text(struct via_arena *arena, const struct via_claims *claims);
