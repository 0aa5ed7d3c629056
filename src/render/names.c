/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/names.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "render/id_file.h"
#include "render/libpci_late.h"

enum kind { VENDOR, DEVICE, CLASS };

enum { SLOTS = 1024 }; /* see slot_of() */

/* What was looked up before; hosts have few kinds of device. One stays as it is once made. */
struct kept {
	enum kind kind;
	unsigned int a, b;
	const char *name;
	const char *at; /* in the file */
};

struct via_pci_names {
	struct pci_access *access; /* NULL until libpci has to read: a compressed file */
	struct via_span file;	   /* empty where there is none to be read as it is */
	struct via_arena *arena;
	pthread_mutex_t lock;
	_Atomic(const struct kept *) kept[SLOTS];
};

/* A missing pci.ids is no trouble of ours: ids are printed as numbers then. */
static void say_nothing(char *message, ...)
{
}

static struct pci_access *open_libpci(void)
{
	static char parameter[] = "hwdb.disable", yes[] = "1";
	struct pci_access *access;

	if (!libpci_load())
		return NULL;
	/* Names only: pci_init() is never called, so libpci touches no device. */
	access = pci_alloc();
	access->warning = say_nothing;
	access->debug = say_nothing;
	/* libpci 3.9 leaks at each look-up where udev's hardware database is not there. */
	pci_set_param(access, parameter, yes);
	return access;
}

static struct via_span map(int fd)
{
	struct stat status;
	void *bytes;

	if (fd < 0 || fstat(fd, &status) < 0 || status.st_size <= 0)
		return (struct via_span){ 0 };
	bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return (struct via_span){ 0 };
	return (struct via_span){ bytes, (size_t)status.st_size };
}

/* As libpci does: the compressed file where there is one, which is left to it; else this. */
static struct via_span map_file(void)
{
	_cleanup_close_ int fd = -1;

	if (access(VIADUCT_PCI_IDS ".gz", R_OK) == 0)
		return (struct via_span){ 0 };
	fd = open(VIADUCT_PCI_IDS, O_RDONLY | O_CLOEXEC);
	return map(fd);
}

struct via_pci_names *pci_names_new(void)
{
	struct via_pci_names *names = calloc(1, sizeof(*names));

	if (!names)
		return NULL;
	names->file = map_file();
	names->arena = arena_new();
	pthread_mutex_init(&names->lock, NULL);
	return names;
}

void pci_names_free(struct via_pci_names *names)
{
	if (!names)
		return;
	if (names->file.size)
		munmap((void *)names->file.data, names->file.size);
	if (names->access)
		pci_cleanup(names->access);
	arena_free(names->arena);
	pthread_mutex_destroy(&names->lock);
	free(names);
}

static const char *by_libpci(struct via_pci_names *names, const struct kept *what)
{
	static const int flags[] = { PCI_LOOKUP_VENDOR, PCI_LOOKUP_DEVICE, PCI_LOOKUP_CLASS };
	char text[256];
	const char *name;

	if (!names->access)
		names->access = open_libpci();
	if (!names->access)
		return NULL;
	name = pci_lookup_name(names->access, text, sizeof(text),
			       flags[what->kind] | PCI_LOOKUP_NO_NUMBERS, (int)what->a,
			       (int)what->b);
	return name ? arena_strdup(names->arena, name) : NULL;
}

/* Where the subclass has no name, libpci gives that of the class, and the number. */
static const char *class_in_file(struct via_pci_names *names, unsigned int code)
{
	size_t length = 0;
	const char *name = id_file_class(names->file, code, &length);

	if (name)
		return arena_strndup(names->arena, name, length);
	name = id_file_base_class(names->file, code >> 8, &length);
	return name ? arena_printf(names->arena, "%.*s [%04x]", (int)length, name, code) : NULL;
}

/* @vendor: of a device, and found before */
static const char *find(struct via_pci_names *names, const struct kept *what,
			const struct kept *vendor, size_t *ret_length)
{
	if (what->kind == VENDOR)
		return id_file_vendor(names->file, what->a, ret_length);
	return vendor && vendor->at
		       ? id_file_device_below(names->file, vendor->at, what->b, ret_length)
		       : NULL;
}

static void name_in_file(struct via_pci_names *names, struct kept *what, const struct kept *vendor)
{
	size_t length = 0;

	if (what->kind == CLASS) {
		what->name = class_in_file(names, what->a);
		return;
	}
	what->at = find(names, what, vendor, &length);
	what->name = what->at ? arena_strndup(names->arena, what->at, length) : NULL;
}

static bool is_kept(const struct kept *kept, const struct kept *what)
{
	return kept && kept->kind == what->kind && kept->a == what->a && kept->b == what->b;
}

static size_t slot_of(const struct kept *what)
{
	uint64_t key = (uint64_t)what->kind << 32 | what->a << 16 | what->b;

	return (key * 0x9e3779b97f4a7c15) >> 54;
}

static const struct kept *make(struct via_pci_names *names, const struct kept *what,
			       const struct kept *vendor)
{
	struct kept *kept;

	pthread_mutex_lock(&names->lock);
	kept = arena_memdup(names->arena, what, sizeof(*what));
	if (names->file.size)
		name_in_file(names, kept, vendor);
	else
		kept->name = by_libpci(names, what);
	pthread_mutex_unlock(&names->lock);
	return kept;
}

static const struct kept *look_up(struct via_pci_names *names, struct kept what,
				  const struct kept *vendor)
{
	_Atomic(const struct kept *) *slot = &names->kept[slot_of(&what)];
	const struct kept *kept = atomic_load(slot);

	if (!is_kept(kept, &what)) {
		kept = make(names, &what, vendor);
		atomic_store(slot, kept);
	}
	return kept;
}

static const struct kept *look_up_vendor(struct via_pci_names *names,
					 const struct via_pci_device *device)
{
	return look_up(names,
		       (struct kept){ .kind = VENDOR, .a = (unsigned int)device->vendor.number },
		       NULL);
}

const char *pci_name_vendor(struct via_pci_names *names, struct via_arena *arena,
			    const struct via_pci_device *device)
{
	if (!names || !fact_is(&device->vendor, VIA_PRESENT))
		return NULL;
	return look_up_vendor(names, device)->name;
}

const char *pci_name_device(struct via_pci_names *names, struct via_arena *arena,
			    const struct via_pci_device *device)
{
	if (!names || !fact_is(&device->vendor, VIA_PRESENT) ||
	    !fact_is(&device->device, VIA_PRESENT))
		return NULL;
	return look_up(names,
		       (struct kept){ .kind = DEVICE,
				      .a = (unsigned int)device->vendor.number,
				      .b = (unsigned int)device->device.number },
		       look_up_vendor(names, device))
		->name;
}

const char *pci_name_class(struct via_pci_names *names, struct via_arena *arena,
			   const struct via_pci_device *device)
{
	if (!names || !fact_is(&device->class_code, VIA_PRESENT))
		return NULL;
	return look_up(names,
		       (struct kept){ .kind = CLASS,
				      .a = (unsigned int)device->class_code.number >> 8 },
		       NULL)
		->name;
}
