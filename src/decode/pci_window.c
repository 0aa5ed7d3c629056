/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/pci_window.h"

enum { DWORD = 4, STANDARD_BYTES = 256, HEADER_BYTES = 64 };

static bool is_here(const struct via_pci_window *window, size_t dword)
{
	return window->here[dword / 8] & 1 << dword % 8;
}

/* What is cut is cut where spaces are: at the header, or at the standard space's end. */
static void shrink(struct via_pci_window *window, size_t offset)
{
	if (offset >= STANDARD_BYTES)
		window->size = STANDARD_BYTES;
	else
		window->size = offset >= HEADER_BYTES ? HEADER_BYTES : offset;
}

static void load(struct via_pci_window *window, size_t first, size_t end)
{
	size_t offset = first * DWORD, size = (end - first) * DWORD;
	size_t got = window->load(window->context, window->bytes + offset, offset, size);

	for (size_t dword = first; dword < end; dword++)
		window->here[dword / 8] |= (uint8_t)(1 << dword % 8);
	if (got < size)
		shrink(window, offset + got);
	else if (offset + size > window->end)
		window->end = offset + size;
}

void pci_window_want(struct via_pci_window *window, size_t offset, size_t size)
{
	size_t end, dword = offset / DWORD;

	if (offset >= window->size)
		return;
	if (size > window->size - offset)
		size = window->size - offset;
	end = (offset + size + DWORD - 1) / DWORD;
	while (dword < end) {
		size_t first = dword;

		while (dword < end && !is_here(window, dword))
			dword++;
		if (dword > first)
			load(window, first, dword);
		while (dword < end && is_here(window, dword))
			dword++;
	}
}
