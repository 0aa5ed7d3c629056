/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/boot.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "boot/early.h"
#include "boot/generator.h"
#include "decode/boot_words.h"
#include "decode/cmdline.h"
#include "decode/efi_variable.h"

#define LOADER_GUID "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define GLOBAL_GUID "8be4df61-93ca-11d2-aa0d-00e098032b8c"

enum { VARIABLE_BYTES = 16 * 1024 };

static struct via_blob variable(const struct via_boot_view *view, const char *name,
				const char *guid)
{
	return root_blob(view->root, view->arena, VARIABLE_BYTES, "sys/firmware/efi/efivars/%s-%s",
			 name, guid);
}

static struct via_fact text_variable(const struct via_boot_view *view, const char *name)
{
	struct via_blob blob = variable(view, name, LOADER_GUID);
	const char *text;

	if (!fact_is(&blob.fact, VIA_PRESENT))
		return blob.fact;
	if (efi_variable_text(view->arena, blob.span, &text) < 0)
		return fact_unknown(blob.fact.path, EBADMSG);
	return fact_present(blob.fact.path, text, 1);
}

/* The file that firmware started: BootCurrent names a Boot#### variable. */
static struct via_fact firmware_entry(const struct via_boot_view *view)
{
	struct via_blob current = variable(view, "BootCurrent", GLOBAL_GUID), blob;
	struct via_efi_load_option option;
	uint16_t number;
	char name[16];

	if (!fact_is(&current.fact, VIA_PRESENT))
		return current.fact;
	if (!efi_variable_u16(current.span, &number))
		return fact_unknown(current.fact.path, EBADMSG);
	snprintf(name, sizeof(name), "Boot%04X", number);
	blob = variable(view, name, GLOBAL_GUID);
	if (!fact_is(&blob.fact, VIA_PRESENT))
		return blob.fact;
	if (efi_load_option_decode(view->arena, blob.span, &option) < 0)
		return fact_unknown(blob.fact.path, EBADMSG);
	if (!option.path)
		return fact_absent(blob.fact.path);
	return fact_present(blob.fact.path, option.path, number);
}

static struct via_fact boot_image(const struct via_boot_view *view)
{
	const struct via_fact *line = &view->host->kernel.command_line;
	const char *image = view_word(view, "BOOT_IMAGE");

	if (!fact_is(line, VIA_PRESENT))
		return *line;
	return image ? fact_present(line->path, image, 1) : fact_absent(line->path);
}

static void read_traces(struct via_boot_view *view)
{
	static const char *const proxmox[] = { "usr/bin/pveversion", "etc/pve" };
	struct via_boot *boot = view->boot;

	boot->loader_info = text_variable(view, "LoaderInfo");
	boot->stub_info = text_variable(view, "StubInfo");
	boot->entry_selected = text_variable(view, "LoaderEntrySelected");
	boot->firmware_entry = firmware_entry(view);
	boot->boot_image = boot_image(view);
	boot->proxmox = view_first(view, proxmox, VIA_COUNT(proxmox));
	boot->proxmox_uuids = root_exists(view->root, view->arena, "etc/kernel/proxmox-boot-uuids");
	boot->immutable = fact_absent("etc/os-release");
	boot->booted = view->host->kernel.command_line;
	if (fact_text(&boot->booted))
		boot->booted.text = words_without_loaders(view->arena, boot->booted.text);
}

/* The strongest trace of a loader, and all of them together. */
static int weigh(const struct via_boot *boot, enum via_loader_id id, int *ret_strongest)
{
	int sum = 0;

	*ret_strongest = 0;
	via_for_each (trace, &boot->evidence) {
		if (trace->loader != id)
			continue;
		sum += trace->weight;
		if (trace->weight > *ret_strongest)
			*ret_strongest = trace->weight;
	}
	return sum;
}

/* The loader with most for it, among keepers or among those that start kernels. */
static enum via_loader_id heaviest(const struct via_boot *boot, bool keeps,
				   enum via_loader_id without, int *ret_weight, int *ret_strongest)
{
	enum via_loader_id best = VIA_LOADER_UNKNOWN;
	const struct via_loader *loader;

	*ret_weight = *ret_strongest = 0;
	for (size_t i = 0; (loader = loader_at(i)); i++) {
		int strongest, weight = weigh(boot, loader->id, &strongest);

		if (loader->keeps != keeps || loader->id == without || weight <= *ret_weight)
			continue;
		best = loader->id;
		*ret_weight = weight;
		*ret_strongest = strongest;
	}
	return best;
}

/* What told its name, and is none of those that are known. */
static bool is_stranger(struct via_boot_view *view)
{
	const struct via_boot *boot = view->boot;
	const char *info = fact_text(&boot->loader_info);

	if (!info || !*info)
		return false;
	via_for_each (trace, &boot->evidence)
		if (trace->path == boot->loader_info.path)
			return false;
	return true;
}

/* Where no file speaks for a loader, what it told itself may have; a captured tree that has
 * none of it says nothing. */
static void note_unread(struct via_boot *boot)
{
	const struct via_fact *const traces[] = { &boot->loader_info, &boot->firmware_entry,
						  &boot->boot_image };

	for (size_t i = 0; i < VIA_COUNT(traces); i++)
		if (fact_is(traces[i], VIA_UNKNOWN) && traces[i]->error != ENODATA &&
		    !fact_is(&boot->untold, VIA_UNKNOWN))
			boot->untold = *traces[i];
}

static void decide_loader(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	int weight, strongest, other, other_strongest;
	enum via_loader_id second;

	boot->loader = heaviest(boot, false, VIA_LOADER_UNKNOWN, &weight, &strongest);
	second = heaviest(boot, false, boot->loader, &other, &other_strongest);
	boot->loader_name = loader_id_name(boot->loader);
	if (is_stranger(view)) {
		boot->loader = VIA_LOADER_UNKNOWN;
		boot->loader_name = boot->loader_info.text;
		boot->confidence = VIA_BOOT_SURE;
		return;
	}
	if (boot->loader == VIA_LOADER_UNKNOWN) {
		note_unread(boot);
		boot->confidence =
			fact_is(&boot->untold, VIA_UNKNOWN) ? VIA_BOOT_UNTOLD : VIA_BOOT_NO_TRACE;
		return;
	}
	/* Both said so in this very boot, or files are all there is and they are of both. */
	if (second != VIA_LOADER_UNKNOWN &&
	    (other_strongest >= BOOT_RUNNING_WEIGHT ||
	     (strongest < BOOT_RUNNING_WEIGHT && weight - other < 10))) {
		boot->confidence = VIA_BOOT_AMBIGUOUS;
		boot->rival = second;
		boot->rival_name = loader_id_name(second);
		return;
	}
	boot->confidence = strongest >= BOOT_RUNNING_WEIGHT ? VIA_BOOT_SURE : VIA_BOOT_LIKELY;
}

static void decide_keeper(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	int weight, strongest;
	enum via_loader_id keeper = heaviest(boot, true, VIA_LOADER_UNKNOWN, &weight, &strongest);

	boot->keeper = keeper == VIA_LOADER_UNKNOWN ? boot->loader : keeper;
	boot->keeper_name =
		keeper == VIA_LOADER_UNKNOWN ? boot->loader_name : loader_id_name(keeper);
}

static void detect(struct via_boot_view *view)
{
	const struct via_loader *loader;

	for (size_t i = 0; (loader = loader_at(i)); i++)
		loader->detect(view);
	decide_loader(view);
	decide_keeper(view);
}

static bool boots_kernel(struct via_boot_view *view, const struct via_boot_entry *entry)
{
	const char *image = fact_text(&view->boot->boot_image);
	const char *release = entry_release(view->arena, entry);
	const char *running = fact_text(&view->host->kernel_release);

	if (!entry->kernel)
		return false;
	if (image)
		return strcmp(path_name(image), path_name(entry->kernel)) == 0;
	return !release || !running || strcmp(release, running) == 0;
}

/* The entry whose kernel and words are those that run: the next one, if it is one of them. */
static int match_booted(struct via_boot_view *view)
{
	const struct via_boot *boot = view->boot;
	const char *booted = fact_text(&boot->booted);
	int found = -1;

	for (size_t i = 0; booted && i < boot->menu.entries.count; i++) {
		const struct via_boot_entry *entry = &boot->menu.entries.items[i];
		const char *words;

		if (!boots_kernel(view, entry))
			continue;
		words = entry_options(view, entry);
		if (*words_missing(view->arena, words, booted) ||
		    *words_missing(view->arena, booted, words))
			continue;
		if (found < 0 || (int)i == boot->next_entry)
			found = (int)i;
	}
	return found;
}

static void find_entries(struct via_boot_view *view)
{
	const struct via_loader *loader = loader_find(view->boot->loader);
	struct via_boot *boot = view->boot;

	boot->booted_entry = boot->next_entry = -1;
	if (boot->keeper == VIA_LOADER_PROXMOX) {
		boot->next_entry_untold = "the EFI partitions that proxmox-boot-tool fills are "
					  "not mounted";
		return;
	}
	if (!loader || boot->confidence == VIA_BOOT_AMBIGUOUS) {
		boot->next_entry_untold = "which loader it is could not be told";
		return;
	}
	loader->read_menu(view);
	if (fact_text(&boot->entry_selected))
		boot->booted_entry = menu_find_id(&boot->menu, boot->entry_selected.text);
	if (boot->booted_entry < 0)
		boot->booted_entry = match_booted(view);
}

static void put_together(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	const char *text = NULL, *path = NULL;

	via_for_each (source, &boot->sources) {
		if (!source->governs)
			continue;
		if (!fact_text(&source->fact)) {
			boot->configured = source->fact;
			return;
		}
		path = source->fact.path;
		text = text ? arena_printf(view->arena, "%s %s", text, source->fact.text)
			    : source->fact.text;
	}
	boot->configured = text ? fact_present(path, words_without_loaders(view->arena, text), 1)
				: fact_absent(path);
}

static void find_lines(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	const struct via_boot_entry *next = boot_entry_at(boot, boot->next_entry);
	const struct via_loader *keeper = loader_find(boot->keeper);
	const char *release = next ? entry_release(view->arena, next) : NULL;

	if (next)
		boot->generated = fact_present(next->file, entry_options(view, next), 1);
	else
		boot->generated =
			fact_unknown(boot->menu_file.path,
				     boot->menu_file.error ? boot->menu_file.error : ENODATA);
	boot->next_release = release ? fact_present(next->file, release, 1)
				     : fact_unknown(boot->generated.path, ENODATA);
	if (keeper && boot->confidence != VIA_BOOT_AMBIGUOUS) {
		keeper->read_sources(view);
		keeper->judge_one_shot(view);
	}
	put_together(view);
}

/* proxmox-boot-tool starts the newest, or the one that is pinned. */
static void pinned_release(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	struct via_fact pin = root_text(view->root, view->arena, "etc/kernel/next-boot-pin");

	if (!fact_is(&pin, VIA_PRESENT))
		pin = root_text(view->root, view->arena, "etc/kernel/proxmox-boot-pin");
	boot->next_release = fact_is(&pin, VIA_ABSENT) ? boot->newest_release : pin;
}

/* Of the kernels whose modules are installed, the last in natural order. */
static struct via_fact newest_release(const struct via_boot_view *view)
{
	struct via_names names;
	struct via_fact fact = root_entries(view->root, view->arena, &names, "lib/modules");
	const char *path = fact.path;

	if (!fact_is(&fact, VIA_PRESENT))
		return fact;
	for (size_t i = names.count; i-- > 0;)
		if (view_exists(view, arena_printf(view->arena, "lib/modules/%s/modules.dep",
						   names.items[i])))
			return fact_present(path, names.items[i], 1);
	return fact_absent(path);
}

void boot_look(const struct via_root *root, struct via_host *host, bool image)
{
	struct via_boot_view view = {
		.root = root, .host = host, .boot = &host->boot, .arena = host->arena
	};

	host->boot = (struct via_boot){ .looked = true };
	read_traces(&view);
	detect(&view);
	find_entries(&view);
	find_lines(&view);
	host->boot.newest_release = newest_release(&view);
	if (host->boot.keeper == VIA_LOADER_PROXMOX)
		pinned_release(&view);
	generators_look(&view);
	early_look(&view);
	view_read_drop_ins(&view);
	image_look(&view, image || host->boot.wants.count);
}
