/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "prove/vfio_session.h"

/*
 * Drivers just large enough to make a function move data, one file a class: dma_CLASS.c
 * holds a struct dma_class, and dma_class.c names it. None of them writes to a medium or
 * to a network.
 */

enum {
	DMA_MEMORY = 64 << 10, /* what a class driver has to lay its rings and data out in */
	DMA_SPAN = 1 << 20,    /* of addresses: that memory, the page for trials, nothing else */
	DMA_TRIAL = 512 << 10, /* where in the span that page is */
	DMA_PAGE = 4096,
	DMA_PATIENCE_MS = 3000, /* for one answer of a device */
};

/**
 * struct dma_device - a function, and memory of ours that it may reach
 * @memory: DMA_MEMORY bytes, mapped for the function at @iova
 * @trial: a page of ours, mapped at @iova + DMA_TRIAL only while the isolation rung says so
 * @report: of the rung in progress
 * @unwilling: it could not be told whether it can be started; no use in trying again
 * @state: the class driver's own
 */
struct dma_device {
	struct vfio_session *session;
	const struct dma_class *class;
	const struct via_report *report;
	uint8_t *memory, *trial;
	uint64_t iova;
	bool started, unwilling;
	void *state;
};

/**
 * struct dma_class - how to drive one kind of function
 * @address_bits: how wide its addresses are
 * @telling: of a register in the first page of BAR 0 that is neither 0 nor all ones, that one may
 *           read, and best one that a reset leaves as it was
 * @claims: whether it is for that function
 * @start: bring it up from a reset, its rings in @memory; 0, or what a step comes to
 * @move: let it read and write memory, and compare; cites what was moved. As a step
 * @write_to: let it write something at @iova, not all of it DMA_FILL. 0: it says it did, or
 *            that it could not; a negative errno: it did not even answer
 * @raise: let it raise its first interrupt; NULL: it has no way that is known
 * @settle: after @raise: lower it again; may be NULL
 * @mark: put it in a state that no reset leaves; NULL: @start has done so
 * @marked: whether it is still in that state; NULL: no such state is known
 * @mark_name: what that state is
 * @stop: end all DMA, as far as it still answers
 */
struct dma_class {
	const char *name;
	unsigned int address_bits;
	uint64_t telling;
	bool (*claims)(const struct via_pci_device *device);
	int (*start)(struct dma_device *device);
	int (*move)(struct dma_device *device);
	int (*write_to)(struct dma_device *device, uint64_t iova);
	int (*raise)(struct dma_device *device);
	void (*settle)(struct dma_device *device);
	void (*mark)(struct dma_device *device);
	bool (*marked)(struct dma_device *device);
	const char *mark_name;
	void (*stop)(struct dma_device *device);
};

enum { DMA_FILL = 0xa5 };

/* dma_class_of - the driver for a function, or NULL */
const struct dma_class *dma_class_of(const struct via_pci_device *device);

/* dma_class_names - "nvme, edu …", for who has none; in @arena */
const char *dma_class_names(struct via_arena *arena);

/**
 * dma_device_start - give the function memory, unless it has some, and start it
 *
 * Return: as a step: CLIMB_PASS; CLIMB_CANNOT_TELL with a hint; a negative errno, reported
 */
int dma_device_start(struct vfio_session *session, const struct via_report *report);

/* dma_device_quiet - end its DMA and let no more pass; it can be started again */
void dma_device_quiet(struct dma_device *device);

/* Registers of a BAR; a read of what does not answer gives all ones. */
uint32_t dma_read(const struct dma_device *device, unsigned int bar, uint64_t offset);
void dma_write(const struct dma_device *device, unsigned int bar, uint64_t offset, uint32_t value);

/* Of 1, 2 or 4 bytes. */
uint32_t dma_read_sized(const struct dma_device *device, unsigned int bar, uint64_t offset,
			size_t size);
void dma_write_sized(const struct dma_device *device, unsigned int bar, uint64_t offset,
		     uint32_t value, size_t size);

/* dma_write_address - two registers, the low half first */
void dma_write_address(const struct dma_device *device, unsigned int bar, uint64_t offset,
		       uint64_t value);

/**
 * dma_await - wait until the bits of a register are as wanted
 * Return: 0; -ETIMEDOUT; -ENODEV when it reads as all ones
 */
int dma_await(const struct dma_device *device, unsigned int bar, uint64_t offset, uint32_t mask,
	      uint32_t wanted, unsigned int limit_ms);

/* dma_await_byte - wait until the device has set the bits of a byte of @memory; 0, -ETIMEDOUT */
int dma_await_byte(const struct dma_device *device, size_t offset, uint8_t mask, uint8_t wanted,
		   unsigned int limit_ms);

/* dma_fill - a pattern that has no short period, from @seed on */
void dma_fill(uint8_t *memory, size_t size, uint32_t seed);

extern const struct dma_class dma_nvme, dma_edu, dma_e1000, dma_igb, dma_igbvf, dma_virtio;
