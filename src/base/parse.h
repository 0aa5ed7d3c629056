/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * parse_u64 - a whole text as an unsigned number
 * @base: as strtoull; 0 accepts 0x and 0 prefixes
 *
 * Return: 0; -EINVAL when anything but digits is there; -ERANGE when it does not fit
 */
int parse_u64(const char *text, int base, uint64_t *ret);

/* parse_s64 - likewise, with an optional minus */
int parse_s64(const char *text, int base, int64_t *ret);

/* text_same - whether two texts are equal; NULL is equal to NULL alone */
bool text_same(const char *a, const char *b);

/* text_starts - whether @text begins with @prefix */
bool text_starts(const char *text, const char *prefix);

/* text_ends - whether @text ends with @suffix */
bool text_ends(const char *text, const char *suffix);

/**
 * text_has_word - whether a list of words separated by blanks holds @word as a whole
 * ("vmx" is not in "vmx_flags").
 */
bool text_has_word(const char *text, const char *word);

/* path_name - the part behind the last slash */
const char *path_name(const char *path);
