/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GRUB 2: Debian and its kin (drop-ins in etc/default/grub.d), Arch and others, Fedora and
 * its kin (entries of loader/entries, kept by grubby), openSUSE.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "boot/change.h"
#include "decode/line.h"
#include "decode/shell_assignment.h"

static const char *const configs[] = { "boot/grub/grub.cfg", "boot/grub2/grub.cfg" };
static const char *const environments[] = { "boot/grub/grubenv", "boot/grub2/grubenv" };

static void detect(struct via_boot_view *view)
{
	const char *image = fact_text(&view->boot->boot_image);
	const char *started = fact_text(&view->boot->firmware_entry);

	view_trace_names(view, VIA_LOADER_GRUB, "GRUB", "grub");
	/* Shim starts GRUB unless it was told otherwise; others tell their names. */
	if (started && strcasestr(started, "shim") && !fact_text(&view->boot->loader_info))
		view_trace(view, VIA_LOADER_GRUB, 70, view->boot->firmware_entry.path, started);
	if (image) /* only GRUB names the disk as well */
		view_trace(view, VIA_LOADER_GRUB, *image == '(' ? BOOT_RUNNING_WEIGHT : 20,
			   view->boot->boot_image.path, image);
	for (size_t i = 0; i < VIA_COUNT(configs); i++)
		view_trace_file(view, VIA_LOADER_GRUB, 10, configs[i]);
}

static bool is_bls(const struct via_boot_view *view)
{
	return view->boot->menu.reads_entries;
}

static int last_child(const struct via_boot_menu *menu, int parent, uint64_t number)
{
	for (size_t i = 0; i < menu->entries.count; i++)
		if (menu->entries.items[i].parent == parent && number-- == 0)
			return (int)i;
	return -1;
}

/* One step of "Advanced options>Debian": a number, an id or a title. */
static int find_child(const struct via_boot_menu *menu, int parent, const char *name)
{
	uint64_t number;

	if (parse_u64(name, 10, &number) == 0)
		return last_child(menu, parent, number);
	for (size_t i = 0; i < menu->entries.count; i++) {
		const struct via_boot_entry *entry = &menu->entries.items[i];

		if (entry->parent == parent && ((entry->id && strcmp(entry->id, name) == 0) ||
						(entry->title && strcmp(entry->title, name) == 0)))
			return (int)i;
	}
	return -1;
}

static int find_entry(const struct via_boot_view *view, const char *name)
{
	const struct via_boot_menu *menu = &view->boot->menu;
	int found = find_child(menu, -1, name);

	for (const char *mark = strchr(name, '>'); found < 0 && mark; mark = NULL) {
		int parent = find_child(menu, -1,
					arena_strndup(view->arena, name, (size_t)(mark - name)));

		if (parent >= 0)
			found = find_child(menu, parent, mark + 1);
	}
	if (found < 0)
		found = menu_find_id(menu, name);
	/* A submenu as default boots its first entry. */
	while (found >= 0 && menu->entries.items[found].submenu)
		found = last_child(menu, found, 0);
	return found;
}

/* What "set default=" comes to: the last that is not for one boot only. */
static const char *default_name(struct via_boot_view *view)
{
	const struct via_names *defaults = &view->boot->menu.defaults;
	const char *once = grub_variable(&view->grubenv, "next_entry"), *name = "0";

	for (size_t i = 0; i < defaults->count; i++) {
		if (!strstr(defaults->items[i], "next_entry"))
			name = defaults->items[i];
		else if (once) {
			view->boot->next_is_once = true;
			/* Ours is made of the entry that is the default without it. */
			if (strcmp(once, TRIAL_ENTRY) != 0)
				return once;
		}
	}
	if (strstr(name, "saved_entry")) {
		name = grub_variable(&view->grubenv, "saved_entry");
		return name ? name : "0";
	}
	return strchr(name, '$') ? NULL : name;
}

static void set_next(struct via_boot_view *view)
{
	const char *name = default_name(view);

	if (!view->boot->menu.entries.count) {
		view->boot->next_entry_untold = "no entry could be read";
		return;
	}
	if (!name) {
		view->boot->next_entry_untold = "a script of grub.cfg works the default out";
		return;
	}
	view->boot->next_entry = find_entry(view, name);
	if (view->boot->next_entry < 0)
		view->boot->next_entry_untold =
			arena_printf(view->arena, "no entry is named %s", name);
}

/* GRUB sorts the files of loader/entries itself, the newest first. */
static void reverse_entries(struct via_boot_menu *menu)
{
	for (size_t i = 0; i < menu->entries.count / 2; i++) {
		struct via_boot_entry *a = &menu->entries.items[i];
		struct via_boot_entry *b = &menu->entries.items[menu->entries.count - 1 - i];
		struct via_boot_entry kept = *a;

		*a = *b;
		*b = kept;
	}
}

static void read_environment(struct via_boot_view *view)
{
	for (size_t i = 0; i < VIA_COUNT(environments); i++) {
		struct via_blob blob = view_read(view, environments[i]);

		if (!fact_is(&blob.fact, VIA_PRESENT))
			continue;
		grub_environment_decode(view->arena, blob.span, &view->grubenv);
		return;
	}
}

/* Where neither menu is told of, the system's own habit says which of them it would be. */
static bool says_grub2(const struct via_boot_view *view)
{
	return view_exists(view, "usr/sbin/grub2-mkconfig") || view_distribution(view, "fedora") ||
	       view_distribution(view, "rhel") || view_distribution(view, "suse");
}

static struct via_fact read_config(struct via_boot_view *view)
{
	struct via_fact first = view_decode(view, configs[0], grub_config_decode), second;

	if (fact_is(&first, VIA_PRESENT))
		return first;
	second = view_decode(view, configs[1], grub_config_decode);
	if (fact_is(&second, VIA_PRESENT) || fact_is(&first, VIA_ABSENT))
		return fact_is(&second, VIA_ABSENT) ? first : second;
	return fact_is(&second, VIA_UNKNOWN) && says_grub2(view) ? second : first;
}

static void read_menu(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;

	read_environment(view);
	boot->menu_file = read_config(view);
	if (boot->menu.reads_entries) {
		struct via_boot_menu kept = boot->menu;

		boot->menu.entries.items = NULL;
		boot->menu.entries.count = boot->menu.entries.capacity = 0;
		view_read_entries(view);
		reverse_entries(&boot->menu);
		if (!boot->menu.entries.count)
			boot->menu = kept;
	}
	set_next(view);
}

/* The configuration on its way through the files that are sourced. */
struct sourcing {
	struct via_boot_view *view;
	struct via_assignments assignments;
	struct via_names files;
	via_list(size_t) ends; /* how many assignments there were behind each */
	struct via_fact untold;
};

static void source_file(struct sourcing *sourcing, const char *path)
{
	struct via_arena *arena = sourcing->view->arena;
	struct via_blob blob = view_read(sourcing->view, path);

	if (fact_is(&blob.fact, VIA_ABSENT))
		return;
	if (!fact_is(&blob.fact, VIA_PRESENT) ||
	    assignments_decode(arena, blob.span, &sourcing->assignments) < 0) {
		sourcing->untold = fact_unknown(path, blob.fact.error ? blob.fact.error : EBADMSG);
		return;
	}
	*via_list_add(arena, &sourcing->files) = blob.fact.path;
	*via_list_add(arena, &sourcing->ends) = sourcing->assignments.list.count;
}

/* Debian's grub-mkconfig sources them; upstream's does not. */
static bool sources_dropins(const struct via_boot_view *view)
{
	struct via_blob program = view_read(view, "usr/sbin/grub-mkconfig");

	if (fact_is(&program.fact, VIA_PRESENT))
		return memmem(program.span.data, program.span.size, "default/grub.d", 14);
	return view_exists(view, "usr/sbin/update-grub") || view_distribution(view, "debian") ||
	       view_distribution(view, "ubuntu");
}

static void source_all(struct sourcing *sourcing)
{
	const struct via_boot_view *view = sourcing->view;
	struct via_names names;
	struct via_fact folder;

	source_file(sourcing, "etc/default/grub");
	folder = view_sourced(view, "etc/default/grub.d", &names);
	if (!fact_is(&folder, VIA_PRESENT) || !sources_dropins(view))
		return;
	via_for_each (name, &names)
		if (text_ends(*name, ".cfg"))
			source_file(sourcing,
				    arena_printf(view->arena, "etc/default/grub.d/%s", *name));
}

static const char *file_of(const struct sourcing *sourcing, const struct via_assignment *assignment)
{
	size_t index = (size_t)(assignment - sourcing->assignments.list.items);

	for (size_t i = 0; i < sourcing->files.count; i++)
		if (index < sourcing->ends.items[i])
			return sourcing->files.items[i];
	return "etc/default/grub";
}

static void add_variable(struct sourcing *sourcing, const char *name, bool governs)
{
	const struct via_assignment *assignment = assignment_last(&sourcing->assignments, name);
	struct via_boot_source *source;
	struct via_fact fact;

	if (!assignment && !fact_is(&sourcing->untold, VIA_UNKNOWN))
		return;
	if (fact_is(&sourcing->untold, VIA_UNKNOWN))
		fact = sourcing->untold;
	else if (assignment->untold)
		fact = fact_unknown(file_of(sourcing, assignment), EOPNOTSUPP);
	else
		fact = fact_present(file_of(sourcing, assignment), assignment->value, 1);
	source = view_add_source(sourcing->view, fact, name);
	source->governs = governs;
}

void view_add_grub_sources(struct via_boot_view *view, bool governs)
{
	struct sourcing sourcing = { .view = view };

	source_all(&sourcing);
	/* In the order in which they stand on the line. */
	add_variable(&sourcing, "GRUB_CMDLINE_LINUX", governs);
	add_variable(&sourcing, "GRUB_CMDLINE_LINUX_DEFAULT", governs);
}

static struct via_line_where shell_line(const char *variable)
{
	return (struct via_line_where){ .format = VIA_LINE_SHELL, .key = variable };
}

/* Entries are what their owner edits; the rest is for kernels that come later. */
static void change_bls(struct via_boot_view *view)
{
	if (view->boot->next_entry < 0) {
		view_advise(view,
			    "grubby --update-kernel=ALL --args=\"WORDS\"; --remove-args takes "
			    "them back");
		return;
	}
	view_change_entry(view, VIA_LINE_ENTRY);
	if (view_exists(view, "etc/kernel/cmdline"))
		view_change_line(view, "etc/kernel/cmdline",
				 (struct via_line_where){ .format = VIA_LINE_WHOLE }, true);
	if (view_exists(view, "etc/default/grub"))
		view_change_line(view, "etc/default/grub", shell_line("GRUB_CMDLINE_LINUX"), true);
}

void view_change_grub(struct via_boot_view *view, const char *command)
{
	bool drop_in = sources_dropins(view);

	view_change_line(view, "etc/default/grub", shell_line("GRUB_CMDLINE_LINUX_DEFAULT"),
			 !drop_in);
	view_change_line(view, "etc/default/grub", shell_line("GRUB_CMDLINE_LINUX"), false);
	if (drop_in)
		view_change_drop_in(view, "etc/default/grub.d", ".cfg",
				    "GRUB_CMDLINE_LINUX_DEFAULT");
	view_change_command(view, command);
	view->boot->line_change.read_back = true;
}

static void read_bls_sources(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	struct via_boot_source *line;

	boot->variant = "entries of loader/entries (BLS)";
	boot->change = "grubby --update-kernel=ALL --args=\"WORDS\"";
	view_add_entry_source(view);
	line = view_add_line(view, "etc/kernel/cmdline");
	if (line)
		line->later_kernels = true;
	view_add_grub_sources(view, false);
	via_for_each (source, &boot->sources)
		source->later_kernels |= !source->governs;
	change_bls(view);
}

static void read_sources(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;

	if (is_bls(view)) {
		read_bls_sources(view);
		return;
	}
	view_add_grub_sources(view, true);
	boot->change = "GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub";
	if (view_exists(view, "usr/sbin/update-grub") || view_distribution(view, "debian") ||
	    view_distribution(view, "ubuntu")) {
		boot->variant = "Debian's";
		boot->regenerate = "update-grub";
	} else if (boot->menu_file.path && strstr(boot->menu_file.path, "grub2/")) {
		boot->variant = "grub2";
		boot->regenerate = "grub2-mkconfig -o /boot/grub2/grub.cfg";
	} else {
		boot->regenerate = "grub-mkconfig -o /boot/grub/grub.cfg (update-grub)";
	}
	view_change_grub(view, text_starts(boot->regenerate, "grub-mkconfig")
				       ? "grub-mkconfig -o /boot/grub/grub.cfg"
				       : boot->regenerate);
}

/* The mount that holds a folder: its file system and device. */
static bool find_mount(const struct via_boot_view *view, const char *folder, char **ret_type,
		       char **ret_device)
{
	struct via_blob blob = view_read(view, "proc/self/mountinfo");
	size_t best = 0;
	char *line;

	while (fact_is(&blob.fact, VIA_PRESENT) && (line = line_next(view->arena, &blob.span))) {
		char *at = line, *dash = strstr(line, " - "), *point = NULL, *type;

		for (int i = 0; i < 5; i++)
			point = line_word(&at);
		if (!point || !dash || dash <= point)
			continue;
		dash += 3;
		type = line_word(&dash);
		if (strncmp(folder, point, strlen(point)) != 0 || strlen(point) < best ||
		    (strcmp(point, "/") != 0 && folder[strlen(point)] &&
		     folder[strlen(point)] != '/'))
			continue;
		best = strlen(point);
		*ret_type = type;
		*ret_device = line_word(&dash);
	}
	return best > 0 && *ret_type && *ret_device;
}

/*
 * GRUB writes its environment block in place, without the file system's help: not on what
 * keeps checksums or copies, nor through LVM, md or encryption.
 * Source: GRUB manual, Environment block; grub-core/commands/loadenv.c
 */
static void judge_one_shot(struct via_boot_view *view)
{
	static const char *const unwritable[] = { "zfs",     "btrfs",	 "bcachefs", "f2fs",
						  "overlay", "squashfs", "fuse" };
	char *type = NULL, *device = NULL;

	if (!find_mount(view, "/boot/grub", &type, &device)) {
		view_untold_one_shot(view, NULL, "where /boot/grub lives could not be told");
		return;
	}
	for (size_t i = 0; i < VIA_COUNT(unwritable); i++)
		if (text_starts(type, unwritable[i])) {
			view_no_one_shot(view, arena_printf(view->arena,
							    "GRUB cannot write its environment "
							    "block on %s, so an entry meant for "
							    "one boot would stay",
							    type));
			return;
		}
	if (text_starts(device, "/dev/mapper/") || text_starts(device, "/dev/dm-") ||
	    text_starts(device, "/dev/md")) {
		view_no_one_shot(view, arena_printf(view->arena,
						    "GRUB cannot write its environment block "
						    "through %s, so an entry meant for one boot "
						    "would stay",
						    device));
		return;
	}
	view_one_shot(view, "grub-reboot (next_entry in grubenv)");
}

const struct via_loader loader_grub = {
	.id = VIA_LOADER_GRUB,
	.detect = detect,
	.read_menu = read_menu,
	.read_sources = read_sources,
	.judge_one_shot = judge_one_shot,
};
