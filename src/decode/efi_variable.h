/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * EFI variables as efivarfs shows them: 4 bytes of attributes, then the value.
 * Source: UEFI specification 2.10, 3.1.3 (load options), 10.3 (device paths)
 */
enum { EFI_ATTRIBUTE_BYTES = 4 };

/**
 * efi_variable_text - a value that is UTF-16 text, up to its NUL
 * Return: 0; -EBADMSG when it is too short, odd or holds half a character
 */
int efi_variable_text(struct via_arena *arena, struct via_span file, const char **ret);

/* efi_variable_from_text - a variable of such text, for recordings */
struct via_span efi_variable_from_text(struct via_arena *arena, struct via_span attributes,
				       const char *text);

/* efi_variable_u8, _u16 - a value of exactly that size; false otherwise */
bool efi_variable_u8(struct via_span file, uint8_t *ret);
bool efi_variable_u16(struct via_span file, uint16_t *ret);

/* What one Boot#### variable starts. */
struct via_efi_load_option {
	bool active;
	const char *description;
	const char *path; /* of the file, as firmware writes it (\EFI\debian\shimx64.efi); NULL */
	bool network;	  /* its device path holds a network card */
	bool disk;	  /* … or a partition */
};

/**
 * efi_load_option_decode - a Boot#### variable
 * Return: 0; -EBADMSG when lengths do not fit
 */
int efi_load_option_decode(struct via_arena *arena, struct via_span file,
			   struct via_efi_load_option *ret);

/**
 * efi_load_option_blank - a copy without what names one machine: partition signatures, MAC
 * addresses, whatever follows the device path are zeroed, the description is all x
 *
 * Return: the copy, or an empty span where the lengths do not fit
 */
struct via_span efi_load_option_blank(struct via_arena *arena, struct via_span file);

/* efi_file_path - "\EFI\systemd\systemd-bootx64.efi" as the path on the partition */
const char *efi_file_path(struct via_arena *arena, const char *path);
