/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/address.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One field of hex digits that ends at @stop; advances @text past it. */
static bool take_hex(const char **text, char stop, unsigned int max_digits, uint32_t *ret)
{
	uint32_t value = 0;
	unsigned int digits = 0;

	for (; isxdigit((unsigned char)**text); (*text)++, digits++) {
		int c = tolower((unsigned char)**text);

		if (digits == max_digits)
			return false;
		value = value << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	if (!digits || **text != stop)
		return false;
	if (stop)
		(*text)++;
	*ret = value;
	return true;
}

int address_parse(const char *text, struct via_pci_address *ret)
{
	const char *colon = strchr(text, ':');
	uint32_t domain = 0, bus, device, function;

	if (colon && strchr(colon + 1, ':') && !take_hex(&text, ':', 8, &domain))
		return -EINVAL;
	if (!take_hex(&text, ':', 2, &bus) || !take_hex(&text, '.', 2, &device) ||
	    !take_hex(&text, '\0', 1, &function) || device > 0x1f || function > 7)
		return -EINVAL;
	*ret = (struct via_pci_address){
		.domain = domain,
		.bus = (uint8_t)bus,
		.device = (uint8_t)device,
		.function = (uint8_t)function,
	};
	return 0;
}

const char *address_format(struct via_pci_address address, char text[PCI_ADDRESS_TEXT])
{
	snprintf(text, PCI_ADDRESS_TEXT, "%04x:%02x:%02x.%x", address.domain, address.bus,
		 address.device & 0x1f, address.function & 7);
	return text;
}

int address_compare(struct via_pci_address a, struct via_pci_address b)
{
	if (a.domain != b.domain)
		return a.domain < b.domain ? -1 : 1;
	return (int)address_rid(a) - (int)address_rid(b);
}
