/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

/* A part of an EFI program. A unified kernel image keeps .linux, .initrd, .cmdline … so. */
struct via_pe_section {
	const char *name;
	uint64_t offset; /* in the file */
	uint64_t size;	 /* of what is meant: the padding of the file left out */
};

struct via_pe {
	via_list(struct via_pe_section) sections;
};

enum { PE_HEADER_BYTES = 64 * 1024 };

/**
 * pe_decode - the section table of an EFI program
 * @head: its first bytes; PE_HEADER_BYTES are enough for any
 *
 * Return: 0; -EBADMSG when it is no such file; -ENODATA when @head ends too early
 * Source: Microsoft PE and COFF specification; uapi-group.org, Unified Kernel Image
 */
int pe_decode(struct via_arena *arena, struct via_span head, struct via_pe *ret);

/* pe_section - the section of that name; NULL where there is none */
const struct via_pe_section *pe_section(const struct via_pe *pe, const char *name);
