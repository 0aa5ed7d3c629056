/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/pci_window.h"

#include <string.h>

enum { DWORD = 4, STANDARD_BYTES = 256, HEADER_BYTES = 64 };

static bool is_here(const struct via_pci_window *window, size_t dword)
{
	return window->here[dword / 8] & 1 << dword % 8;
}

static bool is_likely(const struct via_pci_window *window, size_t dword)
{
	return window->likely && dword * DWORD < window->size &&
	       window->likely[dword / 8] & 1 << dword % 8;
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
}

static void note(struct via_pci_window *window, size_t first, size_t end)
{
	for (size_t dword = first; dword < end; dword++)
		window->asked[dword / 8] |= (uint8_t)(1 << dword % 8);
	if (end * DWORD <= window->size && end * DWORD > window->end)
		window->end = end * DWORD;
}

void pci_window_want(struct via_pci_window *window, size_t offset, size_t size)
{
	size_t end, start = offset / DWORD;

	if (offset >= window->size)
		return;
	if (size > window->size - offset)
		size = window->size - offset;
	end = (offset + size + DWORD - 1) / DWORD;
	for (size_t dword = start; dword < end;) {
		size_t first = dword;

		while (dword < end && !is_here(window, dword))
			dword++;
		if (dword == end && dword > first) /* one call reads what comes next, too */
			while (is_likely(window, dword) && !is_here(window, dword))
				dword++;
		if (dword > first)
			load(window, first, dword);
		while (dword < end && is_here(window, dword))
			dword++;
	}
	note(window, start, end);
}

void pci_window_forget(struct via_pci_window *window)
{
	for (size_t i = 0; i < sizeof(window->here); i++)
		for (size_t bit = 0; window->here[i] & ~window->asked[i] && bit < 8; bit++)
			if (~window->asked[i] & 1 << bit)
				memset(window->bytes + (i * 8 + bit) * DWORD, 0, DWORD);
	memcpy(window->here, window->asked, sizeof(window->here));
}
