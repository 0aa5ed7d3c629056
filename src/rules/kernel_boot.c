/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule.h"

#include <string.h>

#include "base/cleanup.h"
#include "decode/cmdline.h"

static void command_line(const struct via_host *host, struct via_arena *arena,
			 struct via_cmdline *ret)
{
	const char *text = fact_text(&host->kernel.command_line);

	cmdline_decode(arena, text ? text : "", ret);
}

/*
 * Words about IOMMU and VFIO that the loader is told to pass, and that this boot did not
 * get. A loader of systemd's passes etc/kernel/cmdline on, whatever GRUB's file says.
 */
static const struct via_fact *configured_line(const struct via_boot *boot)
{
	const char *loader = fact_text(&boot->loader_info);

	return loader && strstr(loader, "systemd-boot") ? &boot->kernel_cmdline_text
							: &boot->grub_cmdline;
}

static const char *configured_not_booted(const struct via_host *host, struct via_arena *arena)
{
	const char *configured = fact_text(configured_line(&host->kernel.boot));
	struct via_cmdline wanted, booted;

	if (!configured)
		return NULL;
	cmdline_decode(arena, configured, &wanted);
	command_line(host, arena, &booted);
	via_for_each (word, &wanted) {
		const struct via_parameter *now;

		if (!strstr(word->name, "iommu") && !strstr(word->name, "vfio"))
			continue;
		now = cmdline_last(&booted, word->name);
		if (!now ||
		    strcmp(now->value ? now->value : "", word->value ? word->value : "") != 0)
			return arena_printf(arena, "%s%s%s", word->name, word->value ? "=" : "",
					    word->value ? word->value : "");
	}
	return NULL;
}

static const char *loader_of(const struct via_boot *boot)
{
	const char *info = fact_text(&boot->loader_info);

	if (info)
		return info;
	if (fact_is(&boot->grub_cfg, VIA_PRESENT) && fact_is(&boot->boot_image, VIA_PRESENT))
		return "GRUB";
	if (fact_is(&boot->sd_boot_entries, VIA_PRESENT) && !fact_is(&boot->grub_cfg, VIA_PRESENT))
		return "a loader that reads loader/entries";
	return NULL;
}

static enum via_verdict boot_loader(const struct via_host *host, struct via_finding *finding)
{
	const struct via_boot *boot = &host->kernel.boot;
	const char *loader = loader_of(boot), *missing;

	finding_cite(finding, &boot->loader_info);
	finding_cite(finding, &boot->boot_image);
	finding_cite(finding, &boot->grub_cfg);
	finding_cite(finding, configured_line(boot));
	finding_cite(finding, &boot->sd_boot_entries);
	if (!loader) {
		if (fact_is(&boot->grub_cfg, VIA_ABSENT) &&
		    fact_is(&boot->sd_boot_entries, VIA_ABSENT)) {
			finding_detail(finding, "No boot loader left a trace here: the kernel was "
						"started directly, or by one not known yet.");
			return VIA_SKIP;
		}
		return VIA_CANNOT_TELL;
	}
	missing = configured_not_booted(host, finding->arena);
	if (missing) {
		bool grub = configured_line(boot) == &boot->grub_cmdline;

		finding_detail(finding, "%s is in %s but not on the running kernel's command line.",
			       missing, configured_line(boot)->path);
		finding_manual(finding,
			       "Run %s and reboot; if it stays away, this machine does "
			       "not boot through that file.",
			       grub ? "update-grub (or grub2-mkconfig)"
			       : fact_is(&boot->proxmox_uuids, VIA_PRESENT)
				       ? "proxmox-boot-tool refresh"
				       : "kernel-install add-all");
		return VIA_WARN;
	}
	finding_detail(finding, "This machine was booted by %s.", loader);
	return VIA_PASS;
}

static enum via_verdict proxmox(const struct via_host *host, struct via_finding *finding)
{
	const struct via_boot *boot = &host->kernel.boot;
	const char *loader = fact_text(&boot->loader_info);
	bool systemd_boot = loader && strstr(loader, "systemd-boot");

	finding_cite(finding, &boot->proxmox);
	if (!fact_is(&boot->proxmox, VIA_PRESENT)) {
		finding_detail(finding, "This is no Proxmox VE host.");
		return fact_is(&boot->proxmox, VIA_ABSENT) ? VIA_SKIP : VIA_CANNOT_TELL;
	}
	finding_cite(finding, &boot->proxmox_uuids);
	finding_cite(finding, &boot->kernel_cmdline);
	finding_cite(finding, &boot->loader_info);
	finding_detail(finding, "Its command line is changed in %s, followed by %s.",
		       systemd_boot ? "etc/kernel/cmdline" : "etc/default/grub",
		       fact_is(&boot->proxmox_uuids, VIA_PRESENT)
			       ? "proxmox-boot-tool refresh (once pve-efiboot-tool)"
			       : "update-grub");
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.boot-loader",
		.layer = VIA_LAYER_KERNEL,
		.title = "What is configured is what was booted (GRUB and others)",
		.source = "systemd.io BOOT_LOADER_INTERFACE; GRUB manual",
		.eval = boot_loader,
	},
	{
		.id = "kernel.proxmox",
		.layer = VIA_LAYER_KERNEL,
		.title = "Proxmox VE: where its command line is kept",
		.source = "proxmox-boot-tool(8)",
		.eval = proxmox,
	},
};

const struct via_rule_table kernel_boot_rules = { rules, VIA_COUNT(rules) };
