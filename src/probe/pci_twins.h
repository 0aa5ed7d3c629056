/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdatomic.h>

#include "decode/pci_window.h"
#include "model/pci.h"

/*
 * Functions of one kind mostly have the same capabilities with the same values: the virtual
 * functions of a card, the ports of a switch. What was read of one is decoded and kept once for
 * all that read the same. Which dwords those are is known from the one before, and so they are
 * read in few calls; a function that differs is read on from there, and is no twin.
 */
enum { PCI_TWINS_HEADS = 256, PCI_TWINS_MOST = 2048 };

struct via_pci_twin;

/* Several threads may look and add; a zeroed one is empty. */
struct via_pci_twins {
	_Atomic(struct via_pci_twin *) heads[PCI_TWINS_HEADS];
	atomic_size_t count;
};

/* pci_twins_likely - which dwords the last function of that kind was asked for, or NULL */
const uint8_t *pci_twins_likely(const struct via_pci_twins *twins,
				const struct via_pci_device *device, bool survey);

/**
 * pci_twins_take - give @device the configuration and capabilities of one that read the same
 * @arena: for what of a bridge is its own: which buses are behind it
 *
 * Return: false, and nothing done, where there is none
 */
bool pci_twins_take(const struct via_pci_twins *twins, struct via_arena *arena,
		    struct via_pci_window *window, bool survey, struct via_pci_device *device);

/**
 * pci_twins_add - @device was decoded from @window; @device->config and capabilities are kept
 * @arena: in which they live, and which outlives the twins
 *
 * Does nothing once there are PCI_TWINS_MOST: see pci_twins_are_full().
 */
void pci_twins_add(struct via_pci_twins *twins, struct via_arena *arena,
		   const struct via_pci_window *window, bool survey, struct via_pci_device *device);

/* pci_window_kept - a copy of what was asked for, as via_pci_device has it */
struct via_span pci_window_kept(struct via_arena *arena, const struct via_pci_window *window);

bool pci_twins_are_full(const struct via_pci_twins *twins);
