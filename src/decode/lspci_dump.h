/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/address.h"
#include "base/arena.h"
#include "base/span.h"

/*
 * The text that `lspci -x`, `-xxx` and `-xxxx` print, as people keep and mail it.
 */
struct via_lspci_function {
	struct via_pci_address address;
	const char *text;	/* what stands behind the address, one line */
	struct via_span config; /* the bytes in a row from 0 on, in the arena; may be empty */
};

struct via_lspci_dump {
	via_list(struct via_lspci_function) functions;
};

enum { LSPCI_DUMP_FUNCTIONS = 65536, LSPCI_DUMP_CONFIG = 4096 };

/**
 * lspci_dump_decode - read a dump
 * @text: need not end in a NUL; carriage returns, quoting ("> ") and the lines of -v are
 *        passed over; rows that a mail program broke in two are put together
 *
 * A function's bytes end at the first row that is missing. A function named twice (two
 * dumps in one text) is listed twice.
 *
 * Return: 0; -ENODATA when there is no function with bytes in it
 */
int lspci_dump_decode(struct via_arena *arena, struct via_span text, struct via_lspci_dump *ret);
