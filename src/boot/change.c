/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the loaders' files say of changing, put into the model; and what is read for it. */
#include "boot/change.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/shell_assignment.h"
#include "sys/file_state.h"

enum { SOURCE_BYTES = 1024 * 1024 };

struct via_boot_state view_state(const struct via_boot_view *view, const char *path)
{
	struct via_boot_state state = { .path = arena_printf(view->arena, "/%s", path) };

	state.fact = root_file(view->root, view->arena, SOURCE_BYTES, path, &state.file);
	return state;
}

struct via_boot_line *view_change_line(struct via_boot_view *view, const char *path,
				       struct via_line_where where, bool adds)
{
	struct via_boot_line *line = via_list_add(view->arena, &view->boot->line_change.lines);

	*line = (struct via_boot_line){
		.state = view_state(view, path),
		.where = where,
		.adds = adds,
	};
	if (adds)
		view->boot->line_change.way = VIA_BOOT_EDIT;
	return line;
}

void view_change_entry(struct via_boot_view *view, enum via_line_format format)
{
	const struct via_boot *boot = view->boot;
	const struct via_boot_entry *entry = boot_entry_at(boot, boot->next_entry);
	unsigned int number = 0;

	if (!entry || !entry->file)
		return;
	/* Numbered within its own file. */
	for (int i = 0; i < boot->next_entry; i++)
		number += boot->menu.entries.items[i].file &&
			  strcmp(boot->menu.entries.items[i].file, entry->file) == 0;
	if (format == VIA_LINE_ENTRY)
		number = 0;
	view_change_line(view, entry->file,
			 (struct via_line_where){ .format = format, .entry = number }, true);
	view->boot->line_change.read_back = true;
}

void view_change_command(struct via_boot_view *view, const char *command)
{
	*via_list_add(view->arena, &view->boot->line_change.commands) = command;
}

void view_advise(struct via_boot_view *view, const char *advice)
{
	view->boot->line_change.way = VIA_BOOT_ADVICE;
	view->boot->line_change.advice = advice;
}

void view_change_cmdline(struct via_boot_view *view, enum via_line_format format)
{
	struct via_boot_line *line = view_change_line(
		view, "etc/kernel/cmdline", (struct via_line_where){ .format = format }, true);

	if (!line->state.file.there)
		line->implied = fact_text(&view->boot->generated);
	view->boot->line_change.read_back = true;
}

/* Whether a drop-in assigns the variable: ours has to be read behind it. */
static bool assigns(const struct via_boot_view *view, const char *path, const char *variable)
{
	struct via_assignments assignments = { 0 };
	struct via_blob blob = view_read(view, path);

	return fact_is(&blob.fact, VIA_PRESENT) &&
	       assignments_decode(view->arena, blob.span, &assignments) == 0 &&
	       assignment_last(&assignments, variable);
}

/* 90-viaduct.cfg, or a name behind whatever sets the variable and sorts later. */
const char *view_drop_in_name(const struct via_boot_view *view, const char *folder,
			      const char *suffix, const char *variable)
{
	const char *own = arena_printf(view->arena, "90-viaduct%s", suffix);
	struct via_names names;
	struct via_fact fact = view_sourced(view, folder, &names);

	if (!fact_is(&fact, VIA_PRESENT))
		return own;
	via_for_each (name, &names) {
		const char *path = arena_printf(view->arena, "%s/%s", folder, *name);

		if (!text_ends(*name, suffix) || strcmp(*name, own) <= 0 ||
		    strstr(*name, "viaduct") || !assigns(view, path, variable))
			continue;
		own = strcmp(*name, "99-viaduct") < 0
			      ? arena_printf(view->arena, "99-viaduct%s", suffix)
			      : arena_printf(view->arena, "%.*sz-viaduct%s",
					     (int)(strlen(*name) - strlen(suffix)), *name, suffix);
	}
	return own;
}

void view_change_drop_in(struct via_boot_view *view, const char *folder, const char *suffix,
			 const char *variable)
{
	struct via_boot_change *change = &view->boot->line_change;
	const char *name = view_drop_in_name(view, folder, suffix, variable);

	change->way = VIA_BOOT_DROP_IN;
	change->variable = variable;
	change->drop_in = view_state(view, arena_printf(view->arena, "%s/%s", folder, name));
}

static void read_guard(struct via_boot_view *view)
{
	view->boot->guard = (struct via_boot_guard){
		.has_packages = view_exists(view, "etc/kernel/postinst.d"),
		.has_kernel_install = view_exists(view, "usr/bin/kernel-install") ||
				      view_exists(view, "bin/kernel-install"),
		.packages = view_state(view, "etc/kernel/postinst.d/zzz-viaduct"),
		.kernel_install = view_state(view, "etc/kernel/install.d/99-viaduct.install"),
	};
}

void view_read_drop_ins(struct via_boot_view *view)
{
	read_guard(view);
	view->boot->drop_ins = (struct via_boot_drop_ins){
		.kvm = view_state(view, "etc/modprobe.d/viaduct-kvm.conf"),
		.hugepages = view_state(view, "etc/sysctl.d/90-viaduct-hugepages.conf"),
	};
}
