/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The initramfs: whether what binds devices to vfio-pci early is really inside. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/line.h"
#include "decode/modprobe_conf.h"
#include "rules/boot_rules.h"
#include "rules/kernel_part.h"
#include "rules/parameters.h"

struct looking {
	const struct via_host *host;
	const struct via_boot *boot;
	struct via_finding *finding;
	const struct via_initramfs *inside;
	const char *trouble; /* sentences */
	bool stale;	     /* a file that counts is not inside, or another one is */
	bool worst;	     /* one of them is a failure */
};

static void __attribute__((format(printf, 3, 4)))
add(struct looking *looking, bool failure, const char *format, ...)
{
	va_list arguments;
	const char *text;

	va_start(arguments, format);
	text = arena_vprintf(looking->finding->arena, format, arguments);
	va_end(arguments);
	looking->trouble = arena_printf(looking->finding->arena, "%s%s%s", looking->trouble,
					*looking->trouble ? " " : "", text);
	looking->worst |= failure;
}

static void judge_virqfd(struct looking *looking)
{
	if (!kernel_since(looking->host, module_life("vfio_virqfd")->gone))
		return;
	via_for_each (want, &looking->boot->wants)
		if (strstr(want->value, "vfio_virqfd") || strstr(want->value, "vfio-virqfd")) {
			add(looking, false,
			    "%s names vfio_virqfd, which is a part of vfio since 6.2: remove it.",
			    want->path);
			return;
		}
}

/* "ids=10de:2684,10de:22ba": whether one of them is the device's. */
static bool ids_name(const char *ids, const struct via_pci_device *device)
{
	char own[16];

	snprintf(own, sizeof(own), "%04x:%04x", (unsigned int)fact_number(&device->vendor, 0),
		 (unsigned int)fact_number(&device->device, 0));
	return strcasestr(ids, own) != NULL;
}

static bool is_wanted(const struct via_boot *boot, const struct via_pci_device *device)
{
	via_for_each (want, &boot->wants) {
		const char *ids = strstr(want->value, "ids=");

		if (ids && ids_name(ids, device))
			return true;
	}
	return false;
}

static const struct via_initramfs_file *file_inside(const struct via_initramfs *inside,
						    const char *path)
{
	via_for_each (file, &inside->files)
		if (strcmp(file->path, path) == 0)
			return file;
	return NULL;
}

/* Trailing blanks are cut from what was read of the disk. */
static bool same_text(const char *a, const char *b)
{
	size_t length = strlen(b);

	while (length && isspace((unsigned char)b[length - 1]))
		length--;
	return strlen(a) == length && memcmp(a, b, length) == 0;
}

/* Only of files with vfio in them: others may be left out on purpose. */
static void judge_files(struct looking *looking)
{
	via_for_each (file, &looking->boot->modprobe) {
		const struct via_initramfs_file *copy;

		if (!strstr(file->text, "vfio"))
			continue;
		copy = file_inside(looking->inside, file->path);
		if (copy && same_text(file->text, copy->text))
			continue;
		looking->stale = true;
		add(looking, false,
		    copy ? "%s was changed since the image was made."
			 : "%s is not inside, so nothing of it is read early.",
		    file->path);
	}
}

/* "pre: drm vfio-pci post: x": whether vfio-pci is among what is loaded first. */
static bool loads_vfio_first(struct via_arena *arena, const char *text)
{
	char *rest = arena_strdup(arena, text), *word;
	bool first = false;

	while ((word = line_word(&rest))) {
		if (strcmp(word, "pre:") == 0 || strcmp(word, "post:") == 0)
			first = strcmp(word, "pre:") == 0;
		else if (first && (strcmp(word, "vfio-pci") == 0 || strcmp(word, "vfio_pci") == 0))
			return true;
	}
	return false;
}

/* Whether a line is a softdep of @module (with underscores) that has vfio-pci loaded first. */
static bool line_orders(struct via_arena *arena, const char *line, const char *module)
{
	struct via_modprobe_conf conf;

	modprobe_conf_decode(arena, span_of_text(line), &conf);
	via_for_each (rule, &conf.lines)
		if (rule->kind == VIA_MODPROBE_SOFTDEP && strcmp(rule->module, module) == 0 &&
		    loads_vfio_first(arena, rule->text))
			return true;
	return false;
}

/* Whether something inside has vfio-pci loaded before @driver. */
static bool is_ordered(const struct looking *looking, const char *driver)
{
	struct via_arena *arena = looking->finding->arena;
	char *module = arena_strdup(arena, driver);

	for (char *at = module; *at; at++)
		if (*at == '-')
			*at = '_';
	via_for_each (want, &looking->boot->wants) {
		if (line_orders(arena, want->value, module))
			return true;
		/* Loaded before any hook, or before udev starts. */
		if (strstr(want->path, "mkinitcpio") || strstr(want->value, "rd.driver.pre") ||
		    strstr(want->value, "force_drivers") || strstr(want->path, "booster"))
			return true;
	}
	return false;
}

static void judge_device(struct looking *looking, const struct via_pci_device *device)
{
	const char *bound = fact_text(&device->driver);
	bool has_vfio =
		initramfs_has(looking->inside, "vfio_pci") ||
		fact_is(&looking->host->kernel.modules[VIA_MODULE_VFIO_PCI].builtin, VIA_PRESENT);

	if (bound && pci_driver_is_vfio(bound))
		return; /* it works as it is */
	via_for_each (module, &device->modules) {
		if (pci_driver_is_vfio(*module) || !initramfs_has(looking->inside, *module))
			continue;
		if (!has_vfio)
			add(looking, true, "%s, which claims %s, is inside and vfio-pci is not.",
			    *module, device->name);
		else if (looking->stale)
			add(looking, true,
			    "%s, which claims %s, is inside, and what has vfio-pci take that "
			    "device is not.",
			    *module, device->name);
		else if (!is_ordered(looking, *module))
			add(looking, false,
			    "%s, which claims %s, is inside, and nothing has vfio-pci loaded "
			    "before it.",
			    *module, device->name);
	}
}

static enum via_verdict say(struct looking *looking)
{
	const struct via_boot *boot = looking->boot;

	if (!*looking->trouble)
		return VIA_PASS;
	finding_detail(looking->finding, "%s", looking->trouble);
	finding_manual(looking->finding, "Put it right, run %s, and reboot.",
		       boot->rebuild ? boot->rebuild : "the tool that makes the initramfs");
	return looking->worst ? VIA_FAIL : VIA_WARN;
}

static enum via_verdict cannot_look(struct looking *looking)
{
	const struct via_boot *boot = looking->boot;
	const struct via_fact *index = &boot->image.index;

	if (*looking->trouble)
		return say(looking);
	if (!fact_is(&boot->image.file, VIA_PRESENT))
		finding_detail(looking->finding,
			       "The initramfs of the running kernel was not found.");
	else
		finding_detail(looking->finding, "%s could not be looked into%s%s.",
			       boot->image.file.path, index->text ? ": " : "",
			       index->text ? index->text : "");
	return VIA_CANNOT_TELL;
}

enum via_verdict boot_initramfs(const struct via_host *host, struct via_finding *finding)
{
	const struct via_boot *boot = &host->boot;
	struct looking looking = { .host = host, .boot = boot, .finding = finding, .trouble = "" };

	if (!boot->looked)
		return VIA_CANNOT_TELL;
	if (fact_is(&boot->modprobe_directory, VIA_UNKNOWN)) {
		finding_cite(finding, &boot->modprobe_directory);
		return VIA_CANNOT_TELL;
	}
	if (!boot->wants.count) {
		finding_detail(finding, "Nothing wants vfio-pci loaded early, so the initramfs was "
					"not looked into.");
		return VIA_SKIP;
	}
	via_for_each (want, &boot->wants)
		finding_cite_value(finding, want->path, "%s", want->value);
	judge_virqfd(&looking);
	finding_cite(finding, &boot->image.file);
	finding_cite(finding, &boot->image.index);
	if (!fact_is(&boot->image.index, VIA_PRESENT))
		return cannot_look(&looking);
	looking.inside = &boot->image.content;
	judge_files(&looking);
	via_for_each (device, &host->pci.devices)
		if (is_wanted(boot, device))
			judge_device(&looking, device);
	if (!*looking.trouble)
		finding_detail(finding, "%s has what is wanted early: %zu modules, %s.",
			       boot->image.file.path, looking.inside->modules.count,
			       *looking.inside->compression ? looking.inside->compression
							    : "not compressed");
	return say(&looking);
}
