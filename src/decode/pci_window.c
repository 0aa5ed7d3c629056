/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/pci_window.h"

#include <string.h>

enum { DWORD = 4, STANDARD_BYTES = 256, HEADER_BYTES = 64, DWORDS = PCI_WINDOW_BYTES / DWORD };

static bool is_in(const uint8_t *mask, size_t dword)
{
	return mask[dword / 8] & 1 << dword % 8;
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

void pci_window_foresee(struct via_pci_window *window, const uint8_t *mask)
{
	for (size_t dword = 0; dword < DWORDS && dword * DWORD < window->size; dword++) {
		size_t first = dword;

		if (!mask[dword / 8]) {
			dword |= 7;
			continue;
		}
		while (dword < DWORDS && is_in(mask, dword))
			dword++;
		if (dword > first)
			load(window, first, dword);
	}
}

void pci_window_foresee_all(struct via_pci_window *window)
{
	size_t got = window->load(window->context, window->bytes, 0, PCI_WINDOW_BYTES);

	if (got != HEADER_BYTES && got != STANDARD_BYTES && got != PCI_WINDOW_BYTES)
		return; /* cut anywhere: as far as each part is there */
	window->size = got;
	memset(window->here, 0xff, sizeof(window->here));
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

		while (dword < end && !is_in(window->here, dword))
			dword++;
		if (dword > first)
			load(window, first, dword);
		while (dword < end && is_in(window->here, dword))
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

bool pci_window_is_like(const struct via_pci_window *window, const uint8_t *mask,
			struct via_span bytes, size_t size)
{
	if (window->size != size)
		return false;
	for (size_t i = 0; i < PCI_WINDOW_MASK_BYTES; i++) {
		if (mask[i] & ~window->here[i])
			return false;
		for (size_t dword = i * 8; mask[i] && dword < i * 8 + 8; dword++)
			if (is_in(mask, dword) && span_has(bytes, dword * DWORD, DWORD) &&
			    memcmp(window->bytes + dword * DWORD, bytes.data + dword * DWORD,
				   DWORD) != 0)
				return false;
	}
	return true;
}
