/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "snapshot/secrets.h"
#include "sys/memtree.h"

/* Texts and files with placeholders for what tells hosts apart; for redact.c. */

/* A text on its way out; it grows in the arena. */
struct via_rewriting {
	struct via_secrets *secrets;
	struct via_arena *arena;
	char *out;
	size_t length, capacity;
	bool host_names;
};

void rewriting_emit(struct via_rewriting *rewriting, const char *text, size_t length);

/**
 * rewrite_text - a text without secrets, UUIDs and MAC addresses; it may change in length
 * @host_names: whether a word that is the host's name means the host
 *
 * Return: what is ended by a NUL, and in @arena; @text itself where nothing had to go
 */
struct via_span rewrite_text(struct via_secrets *secrets, struct via_arena *arena, const char *text,
			     size_t size, bool host_names);

/* rewrite_binary - gathered secrets blotted out, and every byte where it was */
struct via_span rewrite_binary(struct via_secrets *secrets, struct via_arena *arena,
			       struct via_span data, bool host_names);

/* rewrite_file - what a file held, rewritten as its path asks for */
struct via_span rewrite_file(struct via_secrets *secrets, struct via_arena *arena,
			     const struct via_memtree_node *node);

/* path_is_impersonal - where a word that is also the host's name means something else */
bool path_is_impersonal(const char *path);
