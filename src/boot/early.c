/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/early.h"

#include <errno.h>
#include <string.h>

#include "boot/early_text.h"
#include "boot/generator.h"

void early_file(struct via_boot_view *view, const char *path, unsigned int mode, const char *text)
{
	*via_list_add(view->arena, &view->boot->early.files) = (struct via_boot_own){
		.state = view_state(view, path),
		.mode = mode,
		.text = text,
	};
}

void early_resolver(struct via_boot_view *view, const char *rebuild)
{
	struct via_boot_early *early = &view->boot->early;

	early->told = fact_present(view->boot->generator_fact.path, view->boot->generator, 1);
	early->rebuild = rebuild;
	early->image = "etc/viaduct/passthrough.sh";
	early_file(view, "etc/viaduct/passthrough.sh", 0644, early_passthrough);
}

const char *early_rebuild(const struct via_boot_view *view, const char *before, const char *all)
{
	const char *release = fact_text(&view->boot->next_release);

	return release ? arena_printf(view->arena, "%s %s", before, release) : all;
}

void early_look(struct via_boot_view *view)
{
	const struct via_generator *generator = generator_named(view->boot->generator);
	struct via_boot_early *early = &view->boot->early;

	early->told = view->boot->generator_fact;
	early->wanted = view_state(view, "etc/viaduct/passthrough");
	if (!generator)
		return;
	if (fact_is(&view->boot->immutable, VIA_PRESENT)) {
		early->advice = arena_printf(view->arena,
					     "its system makes the initramfs (%s): add vfio-pci to "
					     "it by its own means",
					     view->boot->immutable.text);
		return;
	}
	generator->early(view);
}
