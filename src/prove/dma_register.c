/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/dma_class.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "prove/clock.h"

/*
 * Registers are read and written by VFIO's descriptor: a device that has fallen off the bus
 * then gives an error where a mapped access would raise SIGBUS.
 */
static off_t register_place(const struct dma_device *device, unsigned int bar, uint64_t offset)
{
	const struct vfio_region_info *region;
	struct via_span span;

	if (session_region(device->session, bar, &region, &span) < 0)
		return -1;
	return (off_t)(region->offset + offset);
}

uint32_t dma_read_sized(const struct dma_device *device, unsigned int bar, uint64_t offset,
			size_t size)
{
	uint32_t value = 0;
	off_t place = register_place(device, bar, offset);

	if (place < 0 || pread(device->session->device_fd, &value, size, place) != (ssize_t)size)
		return UINT32_MAX >> (32 - 8 * size);
	return value;
}

void dma_write_sized(const struct dma_device *device, unsigned int bar, uint64_t offset,
		     uint32_t value, size_t size)
{
	off_t place = register_place(device, bar, offset);

	/* what was put into memory must be there before the device is told of it */
	__sync_synchronize();
	if (place < 0 || pwrite(device->session->device_fd, &value, size, place) < 0)
		return; /* the answer that then does not come tells */
}

uint32_t dma_read(const struct dma_device *device, unsigned int bar, uint64_t offset)
{
	return dma_read_sized(device, bar, offset, sizeof(uint32_t));
}

void dma_write(const struct dma_device *device, unsigned int bar, uint64_t offset, uint32_t value)
{
	dma_write_sized(device, bar, offset, value, sizeof(value));
}

void dma_write_address(const struct dma_device *device, unsigned int bar, uint64_t offset,
		       uint64_t value)
{
	dma_write(device, bar, offset, (uint32_t)value);
	dma_write(device, bar, offset + 4, (uint32_t)(value >> 32));
}

int dma_await(const struct dma_device *device, unsigned int bar, uint64_t offset, uint32_t mask,
	      uint32_t wanted, unsigned int limit_ms)
{
	double deadline = clock_ms() + limit_ms;

	for (;;) {
		uint32_t value = dma_read(device, bar, offset);

		if (value == UINT32_MAX)
			return -ENODEV;
		if ((value & mask) == wanted)
			return 0;
		if (clock_ms() > deadline)
			return -ETIMEDOUT;
		clock_sleep_ms(1);
	}
}

int dma_await_byte(const struct dma_device *device, size_t offset, uint8_t mask, uint8_t wanted,
		   unsigned int limit_ms)
{
	double deadline = clock_ms() + limit_ms;
	const volatile uint8_t *byte = device->memory + offset;

	while ((*byte & mask) != wanted) {
		if (clock_ms() > deadline)
			return -ETIMEDOUT;
		clock_sleep_ms(1);
	}
	__sync_synchronize();
	return 0;
}

void dma_fill(uint8_t *memory, size_t size, uint32_t seed)
{
	for (size_t i = 0; i < size; i++) {
		seed = seed * 1664525 + 1013904223;
		memory[i] = (uint8_t)(seed >> 24);
	}
}
