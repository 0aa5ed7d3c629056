/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/names.h"
#include "base/span.h"

/* The words, as a kernel's line has them ("a=b,c" is one), that came into a text and went out. */
struct via_changed_words {
	struct via_names added, removed;
};

struct via_changed_words changed_words(struct via_arena *arena, struct via_span old,
				       struct via_span new);
