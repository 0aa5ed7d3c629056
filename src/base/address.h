/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * struct via_pci_address - where a function sits
 * @domain: 32 bits wide: VMD and Hyper-V count from 0x10000
 */
struct via_pci_address {
	uint32_t domain;
	uint8_t bus, device, function;
};

enum { PCI_ADDRESS_TEXT = sizeof("ffffffff:ff:1f.7") };

/**
 * address_parse - "0000:01:00.0", "01:00.0" (domain 0) or a domain of up to 8 digits
 * Return: 0, or -EINVAL when @text is not wholly an address
 */
int address_parse(const char *text, struct via_pci_address *ret);

/* address_format - as sysfs spells it: at least four digits of domain */
const char *address_format(struct via_pci_address address, char text[PCI_ADDRESS_TEXT]);

/* address_compare - order of enumeration: domain, bus, device, function */
int address_compare(struct via_pci_address a, struct via_pci_address b);

static inline bool address_equal(struct via_pci_address a, struct via_pci_address b)
{
	return address_compare(a, b) == 0;
}

/* address_rid - the 16-bit requester id (bus, device, function) */
static inline uint16_t address_rid(struct via_pci_address address)
{
	return (uint16_t)(address.bus << 8 | address.device << 3 | address.function);
}
