/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum { PCI_WINDOW_BYTES = 4096 };

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
	uint8_t here[PCI_WINDOW_BYTES / 4 / 8];	 /* one bit a dword */
	uint8_t asked[PCI_WINDOW_BYTES / 4 / 8]; /* likewise; the rest of @here was foreseen */
	size_t size;
	size_t end;	       /* behind the last byte asked for and read */
	const uint8_t *likely; /* as @here: what will be asked for too; NULL: nothing is known */
	size_t (*load)(void *context, uint8_t *bytes, size_t offset, size_t size);
	void *context;
};

/* pci_window_forget - what was foreseen and not asked for is as if it had not been read */
void pci_window_forget(struct via_pci_window *window);

/* pci_window_want - see to it that those bytes are read, as far as they are there */
void pci_window_want(struct via_pci_window *window, size_t offset, size_t size);
