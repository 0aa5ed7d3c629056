/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/select.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

static const struct {
	const char *name;
	uint32_t class_code, mask;
} classes[] = {
	{ "gpu", 0x030000, 0xff0000 },	  { "nic", 0x020000, 0xff0000 },
	{ "nvme", 0x010802, 0xffffff },	  { "usb", 0x0c0300, 0xffff00 },
	{ "audio", 0x040000, 0xff0000 },  { "storage", 0x010000, 0xff0000 },
	{ "bridge", 0x060000, 0xff0000 },
};

int select_class(const char *name, uint32_t *ret_class, uint32_t *ret_mask)
{
	for (size_t i = 0; i < VIA_COUNT(classes); i++) {
		if (strcmp(classes[i].name, name) == 0) {
			*ret_class = classes[i].class_code;
			*ret_mask = classes[i].mask;
			return 0;
		}
	}
	return -EINVAL;
}

/* What the text was taken to be. */
struct question {
	struct via_pci_address address;
	uint64_t vendor, device;
	uint32_t class_code, class_mask;
	const char *name;
	enum { BY_ADDRESS, BY_IDS, BY_CLASS, BY_NAME } by;
};

int select_ids(const char *text, uint64_t *ret_vendor, uint64_t *ret_device)
{
	char vendor[5], device[5];
	int end = 0;

	if (sscanf(text, "%4[0-9a-fA-F]:%4[0-9a-fA-F]%n", vendor, device, &end) != 2 || text[end])
		return -EINVAL;
	if (parse_u64(vendor, 16, ret_vendor) < 0 || parse_u64(device, 16, ret_device) < 0)
		return -EINVAL;
	return 0;
}

static struct question understand(const char *text)
{
	struct question question = { .name = text, .by = BY_NAME };

	if (address_parse(text, &question.address) == 0)
		question.by = BY_ADDRESS;
	else if (select_ids(text, &question.vendor, &question.device) == 0)
		question.by = BY_IDS;
	else if (select_class(text, &question.class_code, &question.class_mask) == 0)
		question.by = BY_CLASS;
	return question;
}

/* A disk or a partition of it: nvme0n1p2, sda1 */
static bool has_disk_of(const struct via_pci_device *device, const char *name)
{
	via_for_each (block, &device->block) {
		size_t length = strlen(*block);
		const char *rest = name + length;

		if (strncmp(name, *block, length) != 0)
			continue;
		if (!*rest)
			return true;
		/* nvme0n12 is another disk than nvme0n1. */
		if (length && isdigit((unsigned char)(*block)[length - 1]) && *rest++ != 'p')
			continue;
		if (isdigit((unsigned char)*rest) && !rest[strspn(rest, "0123456789")])
			return true;
	}
	return false;
}

static bool is_in_slot(const struct via_pci_device *device, const char *name)
{
	return fact_text(&device->slot) && strcmp(device->slot.text, name) == 0;
}

static bool answers(const struct question *question, const struct via_pci_device *device)
{
	switch (question->by) {
	case BY_ADDRESS:
		return address_equal(device->address, question->address);
	case BY_IDS:
		return fact_is(&device->vendor, VIA_PRESENT) &&
		       device->vendor.number == question->vendor &&
		       fact_is(&device->device, VIA_PRESENT) &&
		       device->device.number == question->device;
	case BY_CLASS:
		return pci_class_is(device, question->class_code, question->class_mask);
	case BY_NAME:
		break;
	}
	return names_have(&device->net, question->name) ||
	       names_have(&device->nvme, question->name) || has_disk_of(device, question->name) ||
	       is_in_slot(device, question->name);
}

/* A card in a slot is meant by its first function; the others go with it. */
static bool goes_with(const struct question *question, const struct via_pci_device *first,
		      const struct via_pci_device *other)
{
	return question->by == BY_NAME && is_in_slot(first, question->name) &&
	       is_in_slot(other, question->name) && pci_same_card(first, other);
}

int select_device(const struct via_pci *pci, const char *text, const struct via_pci_device **ret,
		  struct via_error *error)
{
	struct question question = understand(text);
	const struct via_pci_device *found = NULL;
	char matches[256] = "";
	size_t count = 0, used = 0;

	if (fact_is(&pci->bus, VIA_UNKNOWN))
		return error_set(error, -EIO, "find device", text, "%s could not be read: %s",
				 pci->bus.path, strerror(pci->bus.error));
	via_for_each (device, &pci->devices) {
		if (!answers(&question, device) || (found && goes_with(&question, found, device)))
			continue;
		found = device;
		count++;
		if (used < sizeof(matches))
			used += (size_t)snprintf(matches + used, sizeof(matches) - used, "%s%s",
						 used ? " " : "", device->name);
	}
	if (!count) {
		error_set(error, -ENODEV, "find device", text, "no device here answers to that");
		return error_hint(error,
				  "viaduct list shows the devices; it may have been removed");
	}
	if (count > 1) {
		error_set(error, -ENOTUNIQ, "find device", text, "%zu devices answer to that",
			  count);
		return error_hint(error, "name one by its address: %s", matches);
	}
	*ret = found;
	return 0;
}
