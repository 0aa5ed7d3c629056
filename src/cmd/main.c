/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <malloc.h>

#include "cmd/command.h"

int main(int argc, char **argv)
{
	/* Texts grow to half a megabyte by the hundred: pages once had are kept. */
	mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);
	mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
	return viaduct_main(argc, argv, NULL);
}
