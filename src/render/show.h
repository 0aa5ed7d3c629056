/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "model/device_detail.h"
#include "render/list.h"

/* text_show - all that is known of one function */
void text_show(const struct via_paper *paper, const struct via_host *host,
	       struct via_pci_names *names, const struct via_device_detail *detail);

/* json_show - viaduct.show/1; the caller owns the result */
json_t *json_show(const struct via_host *host, struct via_pci_names *names,
		  const struct via_device_detail *detail);

/* json_device_detail - what `show` knows of a function beyond `list` */
json_t *json_device_detail(const struct via_host *host, const struct via_device_detail *detail);

/*
 * The parts of the text; each writes lines of a label and a value, or nothing.
 */

void show_label(const struct via_paper *paper, const char *text);
void show_line(const struct via_paper *paper, enum via_style style, const char *name,
	       const char *text);

/* show_fact - a line: the fact's text, @none where there is none, or why it is not told */
void show_fact(const struct via_paper *paper, const char *name, const struct via_fact *fact,
	       const char *none);

/* show_drivers - VFIO drivers of its own, modules that are kept from loading */
void show_drivers(const struct via_paper *paper, const struct via_device_detail *detail,
		  struct via_arena *arena);

/* show_keepers - what other programs keep of it; json_keepers - null where that is not told */
void show_keepers(const struct via_paper *paper, const struct via_host *host,
		  const struct via_pci_device *device, struct via_arena *arena);
json_t *json_keepers(const struct via_host *host, const struct via_pci_device *device);

/* show_kind - what is known of its kind: graphics and their companions */
void show_kind(const struct via_paper *paper, const struct via_host *host,
	       const struct via_device_detail *detail, struct via_arena *arena);

/* show_virtual - virtual functions, mediated devices, vGPUs, vDPA, virtio */
void show_virtual(const struct via_paper *paper, const struct via_host *host,
		  const struct via_device_detail *detail, struct via_arena *arena);

/* show_reset - each method, and who is hit by a reset of the bus */
void show_reset(const struct via_paper *paper, const struct via_host *host,
		const struct via_device_detail *detail, struct via_arena *arena);

void show_power(const struct via_paper *paper, const struct via_device_detail *detail,
		struct via_arena *arena);

/* show_place - NUMA node, slot, names that firmware gave, serial number */
void show_place(const struct via_paper *paper, const struct via_host *host,
		const struct via_device_detail *detail, struct via_arena *arena);

/* show_hardware - link, interrupts, errors, BARs, ROM, capabilities */
void show_hardware(const struct via_paper *paper, const struct via_device_detail *detail,
		   struct via_arena *arena);
