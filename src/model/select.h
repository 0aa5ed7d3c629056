/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "decode/declaration.h"
#include "model/pci.h"

/**
 * select_device - the one function a user means
 * @text: an address ("0000:01:00.0", "01:00.0"), ids ("10de:2684"), a class ("gpu", "nic",
 *        "nvme", "usb", "audio"), a net or block name ("eth0", "nvme0n1"), or a slot
 *
 * Return: 0; -ENODEV no such device; -ENOTUNIQ several, which the error names; -EIO when the
 * devices could not be read at all
 */
int select_device(const struct via_pci *pci, const char *text, const struct via_pci_device **ret,
		  struct via_error *error);

/**
 * select_declared - the one function that every given mark fits
 *
 * Return: 0; -EINVAL without any mark; -ENODEV when none fits, and then @error says what the
 * one at the given address is; -ENOTUNIQ; -EIO; -ENODATA when a mark could not be compared
 */
int select_declared(const struct via_pci *pci, const struct via_declared_device *which,
		    const struct via_pci_device **ret, struct via_error *error);

/* select_ids - "10de:2684" in either case. Return: 0 or -EINVAL */
int select_ids(const char *text, uint64_t *ret_vendor, uint64_t *ret_device);

/* select_class - a class by its short name, as the bytes that tell it. Return: 0 or -EINVAL */
int select_class(const char *name, uint32_t *ret_class, uint32_t *ret_mask);
