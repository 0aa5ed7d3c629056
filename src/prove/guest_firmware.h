/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * A guest that is nothing but firmware of ours: guest_firmware.S at the start of an image of
 * 64 KiB that ends where the first 4 GiB end, two words that tell it what to read, and the
 * jump at the place where a processor begins. It says lines "viaduct-guest: NAME VALUE", the value
 * 8 hexadecimal digits: ids (device, vendor), class, size (of the BAR, as it reads back from
 * all ones), register, done.
 */
#define FIRMWARE_BASE	  0xffff0000
#define FIRMWARE_SIZE	  0x10000
#define FIRMWARE_BAR	  0xff00 /* which BAR is read; FIRMWARE_NO_BAR: none */
#define FIRMWARE_OFFSET	  0xff04 /* where in it */
#define FIRMWARE_RESET	  0xfff0
#define FIRMWARE_NO_BAR	  0xffffffff
#define FIRMWARE_PLACE	  0xe0000000 /* where the BAR is put */
#define FIRMWARE_ROOM	  0x10000000 /* how large it may be */
#define FIRMWARE_WINDOW	  0xeff0e000 /* both as a bridge's window */
#define FIRMWARE_SAY_PORT 0xe9
#define FIRMWARE_END_PORT 0xf4

#ifndef __ASSEMBLER__
#include <stdint.h>

extern const uint8_t guest_firmware[], guest_firmware_end[];

/* firmware_write - the whole image; @image is FIRMWARE_SIZE bytes */
void firmware_write(uint8_t *image, uint32_t bar, uint32_t offset);
#endif
