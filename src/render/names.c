/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/names.h"

#include <fcntl.h>
#include <pci/pci.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "render/id_file.h"

enum kind { VENDOR, DEVICE, CLASS };

enum { SLOTS = 1024 };

/* What was looked up before; hosts have few kinds of device. */
struct kept {
	bool asked;
	enum kind kind;
	unsigned int a, b;
	const char *name;
};

struct via_pci_names {
	struct pci_access *access; /* where libpci has to read: a compressed file */
	struct via_span file;	   /* empty where there is none to be read as it is */
	struct via_arena *arena;
	pthread_mutex_t lock;
	struct kept kept[SLOTS];
};

/* A missing pci.ids is no trouble of ours: ids are printed as numbers then. */
static void say_nothing(char *message, ...)
{
}

static struct pci_access *open_libpci(void)
{
	static char parameter[] = "hwdb.disable", yes[] = "1";
	/* Names only: pci_init() is never called, so libpci touches no device. */
	struct pci_access *access = pci_alloc();

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
static struct via_span map_file(const char *path)
{
	_cleanup_free_ char *plain = path ? strdup(path) : NULL;
	_cleanup_close_ int fd = -1;

	if (!plain)
		return (struct via_span){ 0 };
	if (text_ends(plain, ".gz")) {
		if (access(plain, R_OK) == 0)
			return (struct via_span){ 0 };
		plain[strlen(plain) - strlen(".gz")] = '\0';
	}
	fd = open(plain, O_RDONLY | O_CLOEXEC);
	return map(fd);
}

struct via_pci_names *pci_names_new(void)
{
	struct via_pci_names *names = calloc(1, sizeof(*names));

	if (!names)
		return NULL;
	names->access = open_libpci();
	names->file = map_file(names->access->id_file_name);
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
	pci_cleanup(names->access);
	arena_free(names->arena);
	pthread_mutex_destroy(&names->lock);
	free(names);
}

static const char *by_libpci(struct via_pci_names *names, const struct kept *what)
{
	static const int flags[] = { PCI_LOOKUP_VENDOR, PCI_LOOKUP_DEVICE, PCI_LOOKUP_CLASS };
	char text[256];
	const char *name = pci_lookup_name(names->access, text, sizeof(text),
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

static const char *in_file(struct via_pci_names *names, const struct kept *what)
{
	size_t length = 0;
	const char *name;

	if (what->kind == CLASS)
		return class_in_file(names, what->a);
	name = what->kind == VENDOR ? id_file_vendor(names->file, what->a, &length)
				    : id_file_device(names->file, what->a, what->b, &length);
	return name ? arena_strndup(names->arena, name, length) : NULL;
}

static bool is_kept(const struct kept *kept, const struct kept *what)
{
	return kept->asked && kept->kind == what->kind && kept->a == what->a && kept->b == what->b;
}

static const char *look_up(struct via_pci_names *names, struct kept what)
{
	struct kept *kept = &names->kept[(what.a * 31 + what.b * 7 + what.kind) % SLOTS];
	const char *name;

	pthread_mutex_lock(&names->lock);
	if (!is_kept(kept, &what)) {
		what.name = names->file.size ? in_file(names, &what) : by_libpci(names, &what);
		what.asked = true;
		*kept = what;
	}
	name = kept->name;
	pthread_mutex_unlock(&names->lock);
	return name;
}

const char *pci_name_vendor(struct via_pci_names *names, struct via_arena *arena,
			    const struct via_pci_device *device)
{
	if (!names || !fact_is(&device->vendor, VIA_PRESENT))
		return NULL;
	return look_up(names,
		       (struct kept){ .kind = VENDOR, .a = (unsigned int)device->vendor.number });
}

const char *pci_name_device(struct via_pci_names *names, struct via_arena *arena,
			    const struct via_pci_device *device)
{
	if (!names || !fact_is(&device->vendor, VIA_PRESENT) ||
	    !fact_is(&device->device, VIA_PRESENT))
		return NULL;
	return look_up(names, (struct kept){ .kind = DEVICE,
					     .a = (unsigned int)device->vendor.number,
					     .b = (unsigned int)device->device.number });
}

const char *pci_name_class(struct via_pci_names *names, struct via_arena *arena,
			   const struct via_pci_device *device)
{
	if (!names || !fact_is(&device->class_code, VIA_PRESENT))
		return NULL;
	return look_up(names, (struct kept){ .kind = CLASS,
					     .a = (unsigned int)device->class_code.number >> 8 });
}
