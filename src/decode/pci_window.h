/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum { PCI_WINDOW_BYTES = 4096, PCI_WINDOW_MASK_BYTES = PCI_WINDOW_BYTES / 4 / 8 };

/**
 * struct via_pci_window - a configuration space of which only what is asked for is read
 *
 * Each dword of a real one costs microseconds, in a virtual machine tens of them.
 *
 * @bytes: as far as they were read; the others are 0
 * @size: of the space; shrinks when @load comes to its end
 * @load: reads [offset, offset + size) to @bytes; returns how many bytes it could
 */
struct via_pci_window {
	uint8_t bytes[PCI_WINDOW_BYTES];
	uint8_t here[PCI_WINDOW_MASK_BYTES];  /* one bit a dword */
	uint8_t asked[PCI_WINDOW_MASK_BYTES]; /* likewise; the rest of @here was foreseen */
	size_t size;
	size_t end; /* behind the last byte asked for and read */
	size_t (*load)(void *context, uint8_t *bytes, size_t offset, size_t size);
	void *context;
};

/* pci_window_foresee - read those dwords, one call a run; @mask is as @here */
void pci_window_foresee(struct via_pci_window *window, const uint8_t *mask);

/* pci_window_foresee_all - read the whole space in one call: where it is a plain file */
void pci_window_foresee_all(struct via_pci_window *window);

/**
 * pci_window_is_like - whether all dwords of @mask are here and as in @bytes
 * @bytes: may end before @size: what is not there was not asked for
 * @size: of the other space, as via_pci_window has it
 */
bool pci_window_is_like(const struct via_pci_window *window, const uint8_t *mask,
			struct via_span bytes, size_t size);

/* pci_window_forget - what was foreseen and not asked for is as if it had not been read */
void pci_window_forget(struct via_pci_window *window);

/* pci_window_want - see to it that those bytes are read, as far as they are there */
void pci_window_want(struct via_pci_window *window, size_t offset, size_t size);
