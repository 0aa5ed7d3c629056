/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/cmdline.h"

/* Loaders that follow the boot loader interface leave their name here, in UTF-16. */
static struct via_fact loader_info(const struct via_root *root, struct via_arena *arena)
{
	struct via_blob blob = root_blob(
		root, arena, 512,
		"sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f");
	size_t length = 0;
	char *text;

	if (!fact_is(&blob.fact, VIA_PRESENT))
		return blob.fact;
	text = arena_alloc(arena, blob.span.size + 1);
	for (size_t i = 4; i + 1 < blob.span.size && blob.span.data[i]; i += 2)
		text[length++] = blob.span.data[i + 1] ? '?' : (char)blob.span.data[i];
	return fact_present(blob.fact.path, text, 1);
}

static struct via_fact first_there(const struct via_root *root, struct via_arena *arena,
				   const char *const *paths, size_t count)
{
	struct via_fact best = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct via_fact fact = root_exists(root, arena, "%s", paths[i]);

		if (fact_is(&fact, VIA_PRESENT))
			return fact;
		if (!i || fact_is(&fact, VIA_UNKNOWN))
			best = fact;
	}
	return best;
}

static struct via_fact boot_image(const struct via_host *host)
{
	const struct via_fact *line = &host->kernel.command_line;
	const struct via_parameter *image;
	struct via_cmdline cmdline;

	if (!fact_is(line, VIA_PRESENT))
		return *line;
	cmdline_decode(host->arena, line->text, &cmdline);
	image = cmdline_last(&cmdline, "BOOT_IMAGE");
	if (!image || !image->value)
		return fact_absent(line->path);
	return fact_present(line->path, image->value, 1);
}

/* GRUB_CMDLINE_LINUX_DEFAULT="quiet splash" -> quiet splash */
static struct via_fact grub_cmdline(const struct via_root *root, struct via_arena *arena)
{
	struct via_fact fact = probe_search(root, arena, "etc/default/grub", 64 * 1024,
					    "GRUB_CMDLINE_LINUX_DEFAULT=");
	size_t length;

	if (!fact_is(&fact, VIA_PRESENT))
		return fact;
	length = strlen(fact.text);
	if (length >= 2 && strchr("\"'", fact.text[0]) && fact.text[length - 1] == fact.text[0])
		fact.text = arena_strndup(arena, fact.text + 1, length - 2);
	return fact;
}

void probe_boot(const struct via_root *root, struct via_host *host)
{
	static const char *const grub_cfgs[] = { "boot/grub/grub.cfg", "boot/grub2/grub.cfg" };
	static const char *const entries[] = { "boot/loader/entries", "efi/loader/entries",
					       "boot/efi/loader/entries" };
	static const char *const proxmox[] = { "usr/bin/pveversion", "etc/pve" };
	struct via_boot *boot = &host->kernel.boot;
	struct via_arena *arena = host->arena;

	boot->loader_info = loader_info(root, arena);
	boot->boot_image = boot_image(host);
	boot->grub_default = root_exists(root, arena, "etc/default/grub");
	boot->grub_cfg = first_there(root, arena, grub_cfgs, VIA_COUNT(grub_cfgs));
	boot->sd_boot_entries = first_there(root, arena, entries, VIA_COUNT(entries));
	boot->kernel_cmdline = root_exists(root, arena, "etc/kernel/cmdline");
	boot->kernel_cmdline_text = root_text(root, arena, "etc/kernel/cmdline");
	boot->proxmox = first_there(root, arena, proxmox, VIA_COUNT(proxmox));
	boot->proxmox_uuids = root_exists(root, arena, "etc/kernel/proxmox-boot-uuids");
	boot->grub_cmdline = grub_cmdline(root, arena);
}
