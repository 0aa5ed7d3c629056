/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/declaration.h"

#include <errno.h>

int declaration_read(struct via_arena *arena, struct via_span text, const char *name,
		     struct via_declaration **ret, struct via_error *error)
{
	return error_set(error, -EOPNOTSUPP, "declaration", name,
			 "this viaduct was built without libcyaml");
}
