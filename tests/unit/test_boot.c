/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole boot configurations, made up in memory, and what is told of each. */
#include "unit.h"

#include <string.h>

#include "boot/boot.h"
#include "decode/efi_variable.h"
#include "sys/memtree.h"

#define LOADER "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

struct row {
	const char *name;
	const char *cmdline;
	const char *loader_info;
	struct {
		const char *path, *text;
	} files[6];
	enum via_loader_id loader, keeper;
	enum via_boot_confidence confidence;
	const char *configured, *generated; /* NULL: not told */
	const char *regenerate;
	enum via_known one_shot;
};

static const struct row rows[] = {
	{ .name = "nothing", .cmdline = "ro", .confidence = VIA_BOOT_NO_TRACE },
	{ .name = "Debian, a drop-in wins",
	  .cmdline = "BOOT_IMAGE=/vmlinuz-6.1 root=/dev/sda1 ro quiet",
	  .files = { { "etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=quiet\n"
					   "GRUB_CMDLINE_LINUX='ro'" },
		     { "etc/default/grub.d/50-cloud.cfg",
		       "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT iommu=pt\"" },
		     { "usr/sbin/update-grub", "" },
		     { "boot/grub/grub.cfg",
		       "menuentry 'A' { linux /vmlinuz-6.1 root=/dev/sda1 ro quiet }" },
		     { "proc/self/mountinfo", "1 1 8:1 / / rw - ext4 /dev/sda1 rw" } },
	  .loader = VIA_LOADER_GRUB,
	  .keeper = VIA_LOADER_GRUB,
	  .confidence = VIA_BOOT_LIKELY,
	  .configured = "ro quiet iommu=pt",
	  .generated = "root=/dev/sda1 ro quiet",
	  .regenerate = "update-grub",
	  .one_shot = VIA_PRESENT },
	{ .name = "GRUB with saved_entry in a submenu, on btrfs",
	  .cmdline = "BOOT_IMAGE=(hd0,gpt2)/b root=/dev/sda1",
	  .files = { { "boot/grub/grub.cfg",
		       "set default=\"${saved_entry}\"\nmenuentry A { linux /a first }\n"
		       "submenu More { menuentry B { linux /b root=/dev/sda1 } }" },
		     { "boot/grub/grubenv", "# GRUB Environment Block\nsaved_entry=More>B\n" },
		     { "proc/self/mountinfo", "1 1 0:1 / / rw - btrfs /dev/sda1 rw" } },
	  .loader = VIA_LOADER_GRUB,
	  .keeper = VIA_LOADER_GRUB,
	  .confidence = VIA_BOOT_SURE,
	  .generated = "root=/dev/sda1",
	  .regenerate = "grub-mkconfig -o /boot/grub/grub.cfg (update-grub)",
	  .one_shot = VIA_ABSENT },
	{ .name = "systemd-boot, kernel-install",
	  .cmdline = "initrd=\\m\\6.1\\i.img root=/dev/sda1 quiet",
	  .loader_info = "systemd-boot 257",
	  .files = { { "etc/kernel/cmdline", "root=/dev/sda1 quiet iommu=pt\n" },
		     { "efi/loader/loader.conf", "default m-*\n" },
		     { "efi/loader/entries/m-6.1.conf",
		       "version 6.1\nlinux /m/6.1/linux\noptions root=/dev/sda1 quiet" },
		     { "efi/loader/entries/z.conf", "linux /z\noptions other" } },
	  .loader = VIA_LOADER_SYSTEMD_BOOT,
	  .keeper = VIA_LOADER_SYSTEMD_BOOT,
	  .confidence = VIA_BOOT_SURE,
	  .configured = "root=/dev/sda1 quiet iommu=pt",
	  .generated = "root=/dev/sda1 quiet",
	  .regenerate = "kernel-install add-all",
	  .one_shot = VIA_PRESENT },
	{ .name = "systemd-boot by hand, GRUB's files left over",
	  .cmdline = "initrd=\\i.img root=/dev/sda1",
	  .loader_info = "systemd-boot 254",
	  .files = { { "boot/loader/entries/arch.conf", "linux /v\noptions root=/dev/sda1" },
		     { "boot/grub/grub.cfg", "menuentry A { linux /a }" } },
	  .loader = VIA_LOADER_SYSTEMD_BOOT,
	  .keeper = VIA_LOADER_SYSTEMD_BOOT,
	  .confidence = VIA_BOOT_SURE,
	  .configured = "root=/dev/sda1",
	  .generated = "root=/dev/sda1",
	  .one_shot = VIA_PRESENT },
	{ .name = "Proxmox over GRUB",
	  .cmdline = "BOOT_IMAGE=/vmlinuz-6.8-pve root=ZFS=rpool/ROOT/pve-1 quiet",
	  .files = { { "usr/bin/pveversion", "" },
		     { "etc/kernel/proxmox-boot-uuids", "1234-ABCD" },
		     { "etc/kernel/cmdline", "root=ZFS=rpool/ROOT/pve-1 other" },
		     { "etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=quiet" },
		     { "boot/grub/grub.cfg", "menuentry A { linux /stale }" } },
	  .loader = VIA_LOADER_GRUB,
	  .keeper = VIA_LOADER_PROXMOX,
	  .confidence = VIA_BOOT_LIKELY,
	  .configured = "quiet",
	  .regenerate = "proxmox-boot-tool refresh",
	  .one_shot = VIA_PRESENT },
	{ .name = "two that told their names",
	  .cmdline = "BOOT_IMAGE=(hd0,gpt1)/v ro",
	  .loader_info = "systemd-boot 257",
	  .files = { { "boot/grub/grub.cfg", "" } },
	  .loader = VIA_LOADER_SYSTEMD_BOOT,
	  .keeper = VIA_LOADER_SYSTEMD_BOOT,
	  .confidence = VIA_BOOT_AMBIGUOUS },
	{ .name = "files of two, and no word from either",
	  .cmdline = "ro",
	  .files = { { "boot/grub/grub.cfg", "" }, { "boot/limine.conf", "/A\npath: boot():/v" } },
	  .loader = VIA_LOADER_GRUB,
	  .keeper = VIA_LOADER_GRUB,
	  .confidence = VIA_BOOT_AMBIGUOUS },
	{ .name = "one that nobody knows",
	  .cmdline = "ro",
	  .loader_info = "MadeUpLoader 1",
	  .files = { { "boot/grub/grub.cfg", "" } },
	  .loader = VIA_LOADER_UNKNOWN,
	  .keeper = VIA_LOADER_UNKNOWN,
	  .confidence = VIA_BOOT_SURE },
	{ .name = "Limine",
	  .cmdline = "root=/dev/sda1",
	  .loader_info = "Limine 9.1",
	  .files = { { "boot/limine.conf",
		       "/A\nprotocol: linux\npath: boot():/v\ncmdline: root=/dev/sda1\n" } },
	  .loader = VIA_LOADER_LIMINE,
	  .keeper = VIA_LOADER_LIMINE,
	  .confidence = VIA_BOOT_SURE,
	  .configured = "root=/dev/sda1",
	  .generated = "root=/dev/sda1",
	  .one_shot = VIA_ABSENT },
	{ .name = "rEFInd",
	  .cmdline = "root=/dev/sda1",
	  .loader_info = "rEFInd 0.14",
	  .files = { { "boot/refind_linux.conf", "\"Standard\" \"root=/dev/sda1\"\n" } },
	  .loader = VIA_LOADER_REFIND,
	  .keeper = VIA_LOADER_REFIND,
	  .confidence = VIA_BOOT_SURE,
	  .configured = "root=/dev/sda1",
	  .generated = "root=/dev/sda1",
	  .one_shot = VIA_ABSENT },
	{ .name = "extlinux",
	  .cmdline = "BOOT_IMAGE=/v root=/dev/sda1",
	  .files = { { "boot/extlinux/extlinux.conf",
		       "default l\nlabel l\nlinux /v\nappend root=/dev/sda1" } },
	  .loader = VIA_LOADER_EXTLINUX,
	  .keeper = VIA_LOADER_EXTLINUX,
	  .confidence = VIA_BOOT_LIKELY,
	  .configured = "root=/dev/sda1",
	  .generated = "root=/dev/sda1",
	  .one_shot = VIA_ABSENT },
	{ .name = "ostree over GRUB",
	  .cmdline = "BOOT_IMAGE=(hd0,gpt2)/ostree/v root=/dev/sda1 ostree=/ostree/boot.1/x/0",
	  .files = { { "boot/grub2/grub.cfg", "blscfg" },
		     { "boot/loader/entries/ostree-1.conf",
		       "linux /ostree/v\n"
		       "options root=/dev/sda1 ostree=/ostree/boot.1/x/0" } },
	  .loader = VIA_LOADER_GRUB,
	  .keeper = VIA_LOADER_OSTREE,
	  .confidence = VIA_BOOT_SURE,
	  .configured = "root=/dev/sda1 ostree=/ostree/boot.1/x/0",
	  .generated = "root=/dev/sda1 ostree=/ostree/boot.1/x/0",
	  .one_shot = VIA_ABSENT },
	{ .name = "NixOS over systemd-boot",
	  .cmdline = "initrd=\\EFI\\nixos\\i.efi init=/nix/store/x/init quiet",
	  .loader_info = "systemd-boot 256",
	  .files = { { "boot/loader/loader.conf", "default n.conf" },
		     { "boot/loader/entries/n.conf",
		       "linux /EFI/nixos/k.efi\noptions init=/nix/store/x/init quiet" } },
	  .loader = VIA_LOADER_SYSTEMD_BOOT,
	  .keeper = VIA_LOADER_NIXOS,
	  .confidence = VIA_BOOT_SURE,
	  .configured = "init=/nix/store/x/init quiet",
	  .generated = "init=/nix/store/x/init quiet",
	  .regenerate = "nixos-rebuild boot",
	  .one_shot = VIA_ABSENT },
};

static void put_variable(struct via_memtree *tree, const char *name, const char *text)
{
	struct via_span bytes = efi_variable_from_text(tree->arena, (struct via_span){ 0 }, text);

	memtree_add_file(tree,
			 arena_printf(tree->arena, "sys/firmware/efi/efivars/%s" LOADER, name),
			 bytes.data, bytes.size);
}

static void expect_text(const char *name, const char *what, const char *found, const char *wanted)
{
	if (!found != !wanted || (found && strcmp(found, wanted) != 0))
		fail_msg("%s: %s is %s, not %s", name, what, found ? found : "untold",
			 wanted ? wanted : "untold");
}

static void expect(const struct row *row, const struct via_boot *boot)
{
	if (boot->loader != row->loader || boot->keeper != row->keeper ||
	    boot->confidence != row->confidence)
		fail_msg("%s: %s kept by %s, confidence %d", row->name, boot->loader_name,
			 boot->keeper_name, boot->confidence);
	expect_text(row->name, "configured", fact_text(&boot->configured), row->configured);
	expect_text(row->name, "generated", fact_text(&boot->generated), row->generated);
	expect_text(row->name, "regenerate", boot->regenerate, row->regenerate);
	assert_int_equal(boot->one_shot.known, row->one_shot);
}

static void every_row(void **state)
{
	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		const struct row *row = &rows[i];
		_cleanup_host_ struct via_host *host = host_new();
		struct via_memtree *tree = memtree_new(host->arena);
		struct via_root root = root_of_memtree(tree, row->name);

		tree->live = true;
		host->kernel.command_line = fact_present("proc/cmdline", row->cmdline, 1);
		for (size_t f = 0; f < VIA_COUNT(row->files) && row->files[f].path; f++)
			memtree_add_file(tree, row->files[f].path, row->files[f].text,
					 strlen(row->files[f].text));
		if (row->loader_info)
			put_variable(tree, "LoaderInfo", row->loader_info);
		boot_look(&root, host, false);
		expect(row, &host->boot);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
	};

	return cmocka_run_group_tests_name("boot", tests, NULL, NULL);
}
