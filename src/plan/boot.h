/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/host.h"
#include "plan/action.h"

/*
 * What goals have in common that change the next boot. All is planned from host->boot, which
 * says how this host's loader and its initramfs are changed.
 */

/**
 * plan_words - words onto the line that boots next, and words off it
 * @add: a word, or several that belong together with blanks between them
 * @remove: words that stand in the way; of lists the items
 *
 * A host whose way of booting could not be told, and one that only its owner can change, is
 * refused with the manual step. Words that are there already are left as they are.
 *
 * Where the plan gathers words of several goals, they are only noted.
 */
void plan_words(struct via_plan *plan, const struct via_host *host, const struct via_names *add,
		const struct via_names *remove, const char *why);

/* plan_does_nothing - neither actions nor gathered words */
bool plan_does_nothing(const struct via_plan *plan);

/* plan_line_has - whether the line that is configured has a word already */
bool plan_line_has(struct via_plan *plan, const struct via_host *host, const char *word);

/* plan_text_file - a file of viaduct's own, whole; refused where another's is in its place */
void plan_text_file(struct via_plan *plan, const struct via_boot_state *state, unsigned int mode,
		    const char *text, const char *why);

/**
 * plan_refuse_in_place - refuse what writes over what is booted, unless plan->insistence overrules
 * Return: whether it was refused
 */
bool plan_refuse_in_place(struct via_plan *plan, const struct via_boot *boot);

/* plan_expect - what the next boot shows when the plan did its work; plan/trial.h has the words */
void plan_expect(struct via_plan *plan, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * plan_early - hold a device from the next boot on, before any other driver comes
 * @words: gets what has to be on the kernel's line for it
 * Return: whether it could be planned; else it is refused
 */
bool plan_early(struct via_plan *plan, const struct via_host *host,
		const struct via_pci_device *const *devices, size_t count, struct via_names *words);

/* plan_early_ids - likewise of devices that nobody sees yet, by "10de:2684" alone: each is taken
 * where it is the only one of its ids */
bool plan_early_ids(struct via_plan *plan, const struct via_host *host, const struct via_names *ids,
		    struct via_names *words);

/* plan_early_told - why devices cannot be held from the next boot on; NULL: they can */
const char *plan_early_untold(struct via_plan *plan, const struct via_host *host);
