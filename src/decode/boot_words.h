/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/names.h"

/*
 * Command lines compared word by word, as they are written: quotes stay, "a=1 a=1" is two.
 */

/* words_split - the words of a line; double quotes protect blanks; "" has none */
void words_split(struct via_arena *arena, const char *line, struct via_names *ret);

/* words_missing - those of @wanted that @present lacks, joined by blanks; "" for none */
const char *words_missing(struct via_arena *arena, const char *wanted, const char *present);

/* words_without_loaders - a line without what loaders add to it: BOOT_IMAGE=, initrd= */
const char *words_without_loaders(struct via_arena *arena, const char *line);

/* word_is_about_guests - whether it concerns IOMMU, VFIO, KVM and what they rest on */
bool word_is_about_guests(const char *word);

/* words_about_guests - only those of a line; "" for none */
const char *words_about_guests(struct via_arena *arena, const char *line);
