/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices held for guests from the next boot on: taken in the initramfs, by all that is known
 * of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "decode/line.h"
#include "decode/line_edit.h"
#include "plan/boot.h"
#include "plan/file.h"
#include "plan/generate.h"
#include "plan/goal.h"

static const char header[] =
	"# made by viaduct: devices that the initramfs holds for guests, one a line; all parts of a\n"
	"# line have to agree with one device, and with one only. After an edit make the initramfs\n"
	"# anew.\n";

const char *plan_early_untold(struct via_plan *plan, const struct via_host *host)
{
	const struct via_boot *boot = &host->boot;
	const struct via_boot_early *early = &boot->early;

	if (!boot->looked)
		return "how it boots was not looked at";
	if (early->advice)
		return early->advice;
	if (boot->confidence < VIA_BOOT_LIKELY)
		return "which loader boots it could not be told, and with that which initramfs";
	if (fact_is(&early->told, VIA_UNKNOWN))
		return arena_printf(plan->arena, "what makes its initramfs could not be told (%s)",
				    errno_name(early->told.error));
	if (!early->rebuild)
		return "none of the known programs makes its initramfs";
	return NULL;
}

static bool same_ids(const struct via_pci_device *a, const struct via_pci_device *b)
{
	return fact_number(&a->vendor, 0) == fact_number(&b->vendor, 1) &&
	       fact_number(&a->device, 0) == fact_number(&b->device, 1);
}

static bool same_kind(const struct via_pci_device *a, const struct via_pci_device *b)
{
	return same_ids(a, b) &&
	       fact_number(&a->subsystem_vendor, 0) == fact_number(&b->subsystem_vendor, 0) &&
	       fact_number(&a->subsystem_device, 0) == fact_number(&b->subsystem_device, 0);
}

static size_t count_twins(const struct via_host *host, const struct via_pci_device *device,
			  bool (*same)(const struct via_pci_device *a,
				       const struct via_pci_device *b))
{
	size_t twins = 0;

	via_for_each (other, &host->pci.devices)
		twins += other != device && same(other, device);
	return twins;
}

/* The way through its bridges without bus numbers: pci0000:00/02.0/00.0 */
static const char *place_of(struct via_plan *plan, const struct via_pci_device *device)
{
	const char *path = "", *root = fact_text(&device->place);

	for (const struct via_pci_device *at = device; at; at = at->parent)
		path = arena_printf(plan->arena, "/%02x.%u%s", at->address.device,
				    at->address.function, path);
	root = root ? strstr(root, "pci") : NULL;
	while (root && !(strlen(root) > 3 && root[3] >= '0' && root[3] <= '9'))
		root = strstr(root + 1, "pci");
	if (!root)
		return NULL;
	return arena_printf(plan->arena, "%.*s%s", (int)strcspn(root, "/"), root, path);
}

static const char *serial_of(struct via_plan *plan, const struct via_pci_device *device)
{
	const struct via_capability *dsn = capability_find(&device->capabilities, "dsn");
	char *text = NULL, *to;

	if (!dsn)
		return NULL;
	via_for_each (field, &dsn->fields)
		if (strcmp(field->name, "serial_number") == 0 && field->text)
			text = arena_strdup(plan->arena, field->text);
	if (!text)
		return NULL;
	to = text;
	for (const char *at = text; *at; at++)
		if (*at != '-')
			*to++ = *at;
	*to = '\0';
	return text;
}

/* A name that stands in a list of words. */
static const char *one_word(struct via_plan *plan, const char *text)
{
	char *word = arena_strdup(plan->arena, text);

	for (char *at = word; *at; at++)
		if (*at <= ' ')
			*at = '_';
	return word;
}

static const char *selector(struct via_plan *plan, const struct via_host *host,
			    const struct via_pci_device *device)
{
	const char *text = arena_printf(plan->arena, "address=%s id=%s", device->name,
					plan_identity(plan->arena, device));
	const char *place = place_of(plan, device), *serial = serial_of(plan, device);

	if (fact_is(&device->subsystem_vendor, VIA_PRESENT) &&
	    fact_is(&device->subsystem_device, VIA_PRESENT))
		text = arena_printf(plan->arena, "%s subsystem=%04llx:%04llx", text,
				    (unsigned long long)device->subsystem_vendor.number,
				    (unsigned long long)device->subsystem_device.number);
	if (place)
		text = arena_printf(plan->arena, "%s place=%s", text, place);
	if (fact_text(&device->slot))
		text = arena_printf(plan->arena, "%s slot=%s", text,
				    one_word(plan, device->slot.text));
	if (serial)
		text = arena_printf(plan->arena, "%s serial=%s", text, serial);
	return arena_printf(plan->arena, "%s twins=%zu driver=vfio-pci", text,
			    count_twins(host, device, same_kind));
}

static bool refuse_late(struct via_plan *plan, const struct via_pci_device *device)
{
	size_t before = plan->refused.count;

	if (!fact_is(&device->physfn, VIA_ABSENT) && fact_text(&device->physfn))
		plan_refuse(plan, device->name, "--now holds it until the next boot",
			    "it is a virtual function: those are made anew in each boot, after the "
			    "initramfs");
	if (device->dma_device)
		plan_refuse(
			plan, device->name, "--now holds it until the next boot",
			"it is behind VMD, whose driver makes it appear after the initramfs has "
			"started");
	if (!plan_identity(plan->arena, device))
		plan_refuse(plan, device->name, NULL, "its ids could not be read");
	if (!place_of(plan, device))
		plan_refuse(plan, device->name, NULL, "where it sits could not be told");
	return plan->refused.count > before;
}

/* One line of the list: who it is, and the words that make an old line one about the same. */
struct wanted {
	const char *start, *word, *line;
};

/* The list with these lines; an old one about the same goes. */
static const char *wanted_list(struct via_plan *plan, const struct via_host *host,
			       const struct wanted *wanted, size_t count)
{
	struct via_span old = host->boot.early.wanted.file.content;
	const char *text = header;
	char *line;

	while ((line = line_next(plan->arena, &old))) {
		bool again = *line == '#' || !*line;

		for (size_t i = 0; i < count; i++)
			again |= text_starts(line, wanted[i].start) &&
				 (!wanted[i].word || text_has_word(line, wanted[i].word));
		if (!again)
			text = arena_printf(plan->arena, "%s%s\n", text, line);
	}
	for (size_t i = 0; i < count; i++)
		text = arena_printf(plan->arena, "%s%s\n", text, wanted[i].line);
	return text;
}

/* Addresses move: at the same one another card may have been, so the place counts as well. */
static const char *wanted_devices(struct via_plan *plan, const struct via_host *host,
				  const struct via_pci_device *const *devices, size_t count)
{
	struct wanted *wanted = arena_alloc(plan->arena, count * sizeof(*wanted));

	for (size_t i = 0; i < count; i++)
		wanted[i] = (struct wanted){
			.start = arena_printf(plan->arena, "address=%s ", devices[i]->name),
			.word = arena_printf(plan->arena, "place=%s", place_of(plan, devices[i])),
			.line = selector(plan, host, devices[i]),
		};
	return wanted_list(plan, host, wanted, count);
}

/* By ids alone: the only device that has them is taken. */
static const char *wanted_ids(struct via_plan *plan, const struct via_host *host,
			      const struct via_names *ids)
{
	struct wanted *wanted = arena_alloc(plan->arena, ids->count * sizeof(*wanted));

	for (size_t i = 0; i < ids->count; i++)
		wanted[i] = (struct wanted){
			.start = arena_printf(plan->arena, "id=%s ", ids->items[i]),
			.line = arena_printf(plan->arena, "id=%s driver=vfio-pci", ids->items[i]),
		};
	return wanted_list(plan, host, wanted, ids->count);
}

static void plan_files(struct via_plan *plan, const struct via_boot *boot, const char *list)
{
	const struct via_boot_early *early = &boot->early;
	bool told = boot->next_entry >= 0;
	size_t before = plan->actions.count;

	via_for_each (own, &early->files)
		plan_text_file(plan, &own->state, own->mode, own->text,
			       "takes devices before any other driver comes");
	plan_text_file(plan, &early->wanted, 0644, list, "which devices are taken");
	if (plan->refused.count || plan->actions.count == before)
		return;
	if (!told)
		plan_risk(plan,
			  "which image the next boot reads could not be told (%s): it is not read "
			  "back",
			  boot->next_entry_untold ?: "no entry was found");
	plan_generate(plan, early->rebuild,
		      told ? arena_printf(plan->arena, "image+%s image+vfio-pci", early->image)
			   : "",
		      "puts them into the initramfs of the kernel that boots next");
}

/* booster goes by ids alone, so never where there is a twin. */
static void refuse_twins(struct via_plan *plan, const struct via_host *host,
			 const struct via_pci_device *const *devices, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (count_twins(host, devices[i], same_ids))
			plan_refuse(
				plan, devices[i]->name, "--now holds it until the next boot",
				"booster runs no scripts and takes devices by their ids alone, and "
				"another has the same");
}

static void plan_ids(struct via_plan *plan, const struct via_host *host,
		     const struct via_names *ids, struct via_names *words)
{
	static const struct via_line_where where = { .format = VIA_LINE_YAML,
						     .key = "modules_force_load" };
	static const char *names[] = { "vfio_pci" };
	static const struct via_names modules = { names, 1, 1 };
	const struct via_boot_state *state = &host->boot.early.wanted;
	struct via_file *before = arena_memdup(plan->arena, &state->file, sizeof(state->file));
	struct via_file after = *before;
	struct via_error error = { 0 };

	via_for_each (id, ids)
		*via_list_add(plan->arena, words) =
			arena_printf(plan->arena, "vfio-pci.ids=%s", *id);
	after.there = true;
	if (line_add(plan->arena, &where, before->content, &modules, &after.content, &error) < 0)
		plan_refuse(plan, state->path, NULL, "%s: %s", error.where, error.why);
	if (plan->refused.count)
		return;
	if (plan_file(plan, state->path, before, &after, "loads vfio-pci before other drivers"))
		plan_generate(plan, host->boot.early.rebuild, "", "puts it into the initramfs");
}

static void tell_risks(struct via_plan *plan, const struct via_host *host,
		       const struct via_pci_device *device)
{
	const char *driver = fact_text(&device->driver);
	const struct via_module *module = driver ? kernel_module(&host->kernel, driver) : NULL;

	if (module && fact_is(&module->builtin, VIA_PRESENT))
		plan_risk(plan,
			  "%s: %s is built into this kernel and has it before the initramfs "
			  "starts; it is taken from it there",
			  device->name, driver);
	if (fact_number(&device->boot_vga, 0))
		plan_risk(plan,
			  "%s is the display that firmware chose: the console goes dark when "
			  "vfio-pci takes it (since Linux 6.0 that also ends the firmware's "
			  "framebuffer); be sure of another way in",
			  device->name);
}

/* Images are copied to where the loader reads them, where that is not done by making them. */
static void take_to_loader(struct via_plan *plan, const struct via_boot *boot)
{
	via_for_each (command, &boot->line_change.commands)
		if (boot->line_change.in_place && plan->actions.count &&
		    !plan_moves(plan, VIA_ACTION_GENERATE, *command))
			plan_generate(plan, *command, "", "copies it to where the loader reads it");
}

static bool refuse_untold(struct via_plan *plan, const struct via_host *host)
{
	const char *untold = plan_early_untold(plan, host);

	if (untold)
		plan_refuse(plan, "the initramfs",
			    host->image ? NULL : "--now holds it until the next boot", "%s",
			    untold);
	return untold;
}

static void tell_way_back(struct via_plan *plan, const struct via_boot_early *early)
{
	if (!early->by_line)
		plan_by_hand(plan,
			     "for one boot without it: put viaduct=off on the kernel's line in "
			     "the loader's menu");
	plan_by_hand(plan, "for good: viaduct rollback, or take the files above away and run %s",
		     early->rebuild);
}

bool plan_early(struct via_plan *plan, const struct via_host *host,
		const struct via_pci_device *const *devices, size_t count, struct via_names *words)
{
	const struct via_boot_early *early = &host->boot.early;
	size_t before = plan->refused.count;
	struct via_names ids = { 0 };

	if (refuse_untold(plan, host))
		return false;
	for (size_t i = 0; i < count; i++)
		refuse_late(plan, devices[i]);
	if (early->by_line)
		refuse_twins(plan, host, devices, count);
	if (plan->refused.count > before || plan_refuse_in_place(plan, &host->boot))
		return false;
	for (size_t i = 0; i < count; i++)
		*via_list_add(plan->arena, &ids) = plan_identity(plan->arena, devices[i]);
	if (early->by_line)
		plan_ids(plan, host, &ids, words);
	else
		plan_files(plan, &host->boot, wanted_devices(plan, host, devices, count));
	take_to_loader(plan, &host->boot);
	for (size_t i = 0; i < count; i++) {
		tell_risks(plan, host, devices[i]);
		plan_expect(plan, "driver+%s=vfio-pci", devices[i]->name);
	}
	tell_way_back(plan, early);
	return plan->refused.count == before;
}

bool plan_early_ids(struct via_plan *plan, const struct via_host *host, const struct via_names *ids,
		    struct via_names *words)
{
	const struct via_boot_early *early = &host->boot.early;
	size_t before = plan->refused.count;

	if (refuse_untold(plan, host) || plan_refuse_in_place(plan, &host->boot))
		return false;
	if (early->by_line)
		plan_ids(plan, host, ids, words);
	else
		plan_files(plan, &host->boot, wanted_ids(plan, host, ids));
	take_to_loader(plan, &host->boot);
	tell_way_back(plan, early);
	return plan->refused.count == before;
}
