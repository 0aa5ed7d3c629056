/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/guest_firmware.h"

#include <stddef.h>
#include <string.h>

_Static_assert(FIRMWARE_BASE + (uint64_t)FIRMWARE_SIZE == 1ULL << 32,
	       "it ends with the first 4 GiB");

void firmware_write(uint8_t *image, uint32_t bar, uint32_t offset)
{
	static const uint8_t jump[] = { 0xe9, 0x0d, 0x00 }; /* to where the segment begins */

	memset(image, 0xff, FIRMWARE_SIZE);
	memcpy(image, guest_firmware, (size_t)(guest_firmware_end - guest_firmware));
	memcpy(image + FIRMWARE_BAR, &bar, sizeof(bar));
	memcpy(image + FIRMWARE_OFFSET, &offset, sizeof(offset));
	memcpy(image + FIRMWARE_RESET, jump, sizeof(jump));
}
