/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/span.h"

/**
 * struct via_file - a file as a whole; that it is missing is a value too
 * @mode: permission bits
 */
struct via_file {
	bool there;
	struct via_span content;
	unsigned int mode, uid, gid;
};
