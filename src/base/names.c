/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

bool names_have(const struct via_names *names, const char *name)
{
	via_for_each (item, names)
		if (strcmp(*item, name) == 0)
			return true;
	return false;
}

static int compare(const void *a, const void *b)
{
	return strverscmp(*(const char *const *)a, *(const char *const *)b);
}

void names_sort(struct via_names *names)
{
	if (names->count)
		qsort(names->items, names->count, sizeof(*names->items), compare);
}
