/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "boot/generator.h"
#include "decode/boot_words.h"
#include "decode/line.h"

/* dracut first: where it replaced initramfs-tools, update-initramfs may stay as a wrapper. */
static const struct via_generator *const generators[] = {
	&generator_dracut,
	&generator_mkinitcpio,
	&generator_booster,
	&generator_initramfs_tools,
};

const struct via_generator *generator_named(const char *name)
{
	for (size_t i = 0; name && i < VIA_COUNT(generators); i++)
		if (strcmp(generators[i]->name, name) == 0)
			return generators[i];
	return NULL;
}

void view_want(struct via_boot_view *view, const char *path, const char *value)
{
	*via_list_add(view->arena, &view->boot->wants) = (struct via_boot_want){ path, value };
}

void view_want_lines(struct via_boot_view *view, const char *path)
{
	struct via_blob blob = view_read(view, path);
	char *line;

	while (fact_is(&blob.fact, VIA_PRESENT) && (line = line_next(view->arena, &blob.span))) {
		line = line_trim(line);
		if (*line != '#' && strstr(line, "vfio"))
			view_want(view, blob.fact.path, line);
	}
}

void view_want_folder(struct via_boot_view *view, const char *folder, const char *suffix)
{
	struct via_names names;
	struct via_fact fact = root_entries(view->root, view->arena, &names, "%s", folder);

	if (!fact_is(&fact, VIA_PRESENT))
		return;
	via_for_each (name, &names)
		if (text_ends(*name, suffix))
			view_want_lines(view, arena_printf(view->arena, "%s/%s", folder, *name));
}

/* Kept whole: the image's copies are compared with them. */
static void read_modprobe(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	struct via_names names;

	boot->modprobe_directory = root_entries(view->root, view->arena, &names, "etc/modprobe.d");
	if (!fact_is(&boot->modprobe_directory, VIA_PRESENT))
		return;
	via_for_each (name, &names) {
		char *path = arena_printf(view->arena, "etc/modprobe.d/%s", *name);
		struct via_fact fact;

		if (!text_ends(*name, ".conf"))
			continue;
		fact = root_text(view->root, view->arena, "%s", path);
		if (!fact_text(&fact))
			continue;
		*via_list_add(view->arena, &boot->modprobe) =
			(struct via_boot_file){ fact.path, fact.text };
		view_want_lines(view, path);
	}
}

static void want_words(struct via_boot_view *view, const struct via_fact *line)
{
	struct via_names words;

	if (!fact_text(line))
		return;
	words_split(view->arena, line->text, &words);
	via_for_each (word, &words)
		if (text_starts(*word, "vfio-pci.") || text_starts(*word, "vfio_pci.") ||
		    (text_starts(*word, "rd.driver.pre=") && strstr(*word, "vfio")))
			view_want(view, line->path, *word);
}

void generators_look(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;

	for (size_t i = 0; i < VIA_COUNT(generators); i++) {
		struct via_fact fact =
			root_exists(view->root, view->arena, "%s", generators[i]->program);

		if (!fact_is(&boot->generator_fact, VIA_UNKNOWN))
			boot->generator_fact = fact;
		if (!fact_is(&fact, VIA_PRESENT))
			continue;
		boot->generator_fact = fact;
		boot->generator = generators[i]->name;
		boot->rebuild = generators[i]->rebuild;
		break;
	}
	/* Their configuration is looked at whichever runs: what is there, is meant. */
	for (size_t i = 0; i < VIA_COUNT(generators); i++)
		generators[i]->wants(view);
	read_modprobe(view);
	want_words(view, &boot->booted);
}
