/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/pci_twins.h"

#include <string.h>

/* Of one kind that many are compared: more differ in every one. */
enum { TRIES = 16, DWORD = 4, BUSES = 0x18 / DWORD };

struct via_pci_twin {
	struct via_pci_twin *next;
	uint64_t kind;
	size_t size; /* of the space */
	uint8_t mask[PCI_WINDOW_MASK_BYTES];
	uint8_t same[PCI_WINDOW_MASK_BYTES]; /* those that a twin has in common */
	bool bridge;
	struct via_span config; /* as via_pci_device has it */
	struct via_capabilities capabilities;
};

static uint64_t kind_of(const struct via_pci_device *device, bool survey)
{
	return fact_number(&device->vendor, 0) << 33 | fact_number(&device->device, 0) << 17 |
	       (fact_number(&device->class_code, 0) >> 8 & 0xffff) << 1 | survey;
}

static size_t head_of(uint64_t kind)
{
	return (kind * 0x9e3779b97f4a7c15) >> 56;
}

static struct via_pci_twin *next_of(struct via_pci_twin *twin, uint64_t kind)
{
	while (twin && twin->kind != kind)
		twin = twin->next;
	return twin;
}

static struct via_pci_twin *first_of(const struct via_pci_twins *twins, uint64_t kind)
{
	return next_of(atomic_load(&twins->heads[head_of(kind)]), kind);
}

const uint8_t *pci_twins_likely(const struct via_pci_twins *twins,
				const struct via_pci_device *device, bool survey)
{
	const struct via_pci_twin *last = first_of(twins, kind_of(device, survey));

	return last ? last->mask : NULL;
}

struct via_span pci_window_kept(struct via_arena *arena, const struct via_pci_window *window)
{
	/* What lies behind the last byte read was not asked for. */
	size_t size = window->end < window->size && window->size == PCI_WINDOW_BYTES ? window->end
										     : window->size;

	return (struct via_span){ arena_memdup(arena, window->bytes, size), size };
}

/* The buses behind a bridge are its own, and say nothing of its capabilities. */
static struct via_span own_config(const struct via_pci_twin *twin, struct via_arena *arena,
				  const struct via_pci_window *window)
{
	size_t at = (size_t)BUSES * DWORD;
	uint8_t *own;

	if (!span_has(twin->config, at, DWORD) ||
	    memcmp(twin->config.data + at, window->bytes + at, DWORD) == 0)
		return twin->config;
	own = arena_memdup(arena, twin->config.data, twin->config.size);
	memcpy(own + at, window->bytes + at, DWORD);
	return (struct via_span){ own, twin->config.size };
}

bool pci_twins_take(const struct via_pci_twins *twins, struct via_arena *arena,
		    struct via_pci_window *window, bool survey, struct via_pci_device *device)
{
	uint64_t kind = kind_of(device, survey);
	struct via_pci_twin *twin = first_of(twins, kind);

	for (unsigned int i = 0; twin && i < TRIES; i++, twin = next_of(twin->next, kind)) {
		if (!pci_window_is_like(window, twin->same, twin->config, twin->size))
			continue;
		if (twin->bridge)
			pci_window_want(window, BUSES * DWORD, DWORD);
		device->config.fact.number = twin->size;
		device->config.span = twin->bridge ? own_config(twin, arena, window) : twin->config;
		device->capabilities = twin->capabilities;
		return true;
	}
	return false;
}

/* What lies just behind the end tells that it is the end. */
static void mark_end(struct via_pci_twin *twin)
{
	if (twin->size < PCI_WINDOW_BYTES)
		twin->mask[twin->size / DWORD / 8] |= (uint8_t)(1 << twin->size / DWORD % 8);
}

void pci_twins_add(struct via_pci_twins *twins, struct via_arena *arena,
		   const struct via_pci_window *window, bool survey, struct via_pci_device *device)
{
	uint64_t kind = kind_of(device, survey);
	_Atomic(struct via_pci_twin *) *head = &twins->heads[head_of(kind)];
	struct via_pci_twin *twin;

	if (atomic_fetch_add(&twins->count, 1) >= PCI_TWINS_MOST)
		return;
	device->capabilities.lasting = true;
	twin = arena_alloc(arena, sizeof(*twin));
	*twin = (struct via_pci_twin){
		.next = atomic_load(head),
		.kind = kind,
		.size = window->size,
		.config = device->config.span,
		.capabilities = device->capabilities,
	};
	memcpy(twin->mask, window->asked, sizeof(twin->mask));
	mark_end(twin);
	twin->bridge = twin->mask[BUSES / 8] & 1 << BUSES % 8;
	memcpy(twin->same, twin->mask, sizeof(twin->same));
	twin->same[BUSES / 8] &= (uint8_t) ~(1 << BUSES % 8);
	while (!atomic_compare_exchange_weak(head, &twin->next, twin))
		;
}

bool pci_twins_are_full(const struct via_pci_twins *twins)
{
	return atomic_load(&twins->count) >= PCI_TWINS_MOST;
}
