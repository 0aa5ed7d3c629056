/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "crash.h"
#include "sys/effect_file.h"
#include "sys/effect_live.h"

#define SOURCES	 "etc/default/grub.d"
#define CONFIG	 "boot/grub/grub.cfg"
#define ESP	 "esp/grub.cfg" /* of a partition that no stand-in is put under */
#define MODPROBE "etc/modprobe.d"

static void open_root(const struct fake_kernel *kernel, struct via_root *ret)
{
	if (root_open(ret, kernel->tree.base, NULL) < 0)
		abort();
}

static bool told_to_fail(const struct fake_kernel *kernel, const char *path)
{
	return kernel->fail_path && strstr(path, kernel->fail_path);
}

int fake_file_put(void *context, const struct via_file_put *put)
{
	const struct fake_kernel *kernel = context;
	struct via_root root;
	int r;

	if (told_to_fail(kernel, put->path))
		return kernel->fail_error;
	open_root(kernel, &root);
	crash_point();
	r = live_file_put(&root, put);
	crash_point();
	root_close(&root);
	return r;
}

int fake_efi_variable(void *context, const char *path, struct via_span bytes)
{
	const struct fake_kernel *kernel = context;

	if (told_to_fail(kernel, path))
		return kernel->fail_error;
	crash_point();
	if (bytes.size)
		tree_put_bytes(&kernel->tree, path, bytes.data, bytes.size);
	else
		tree_remove(&kernel->tree, path);
	crash_point();
	return 0;
}

static int with_path(const struct fake_kernel *kernel, const char *path,
		     int (*act)(void *context, const char *path))
{
	struct via_root root;
	int r;

	if (told_to_fail(kernel, path))
		return kernel->fail_error;
	open_root(kernel, &root);
	crash_point();
	r = act(&root, path);
	crash_point();
	root_close(&root);
	return r;
}

int fake_file_remove(void *context, const char *path)
{
	return with_path(context, path, live_file_remove);
}

int fake_file_tidy(void *context, const char *path)
{
	return with_path(context, path, live_file_tidy);
}

int fake_directory_make(void *context, const char *path)
{
	return with_path(context, path, live_directory_make);
}

int fake_directory_remove(void *context, const char *path)
{
	return with_path(context, path, live_directory_remove);
}

/* The words of every drop-in, as a line each. */
static bool add_words(void *context, const char *name)
{
	struct fake_kernel *kernel = ((void **)context)[0];
	char *words = ((void **)context)[1];

	strcat(strcat(words, " "), tree_text(&kernel->tree, path_of(SOURCES "/%s", name)));
	return false;
}

void fake_grub_config(const struct fake_kernel *kernel, const char *output, const char *words)
{
	/* Where a script of grub.d has it read, its owner's own file as well. */
	bool custom = tree_has(&kernel->tree, "etc/grub.d/41_custom");

	tree_put(&kernel->tree, output,
		 "%smenuentry 'Linux' {\n\tlinux /boot/vmlinuz-6.12 root=/dev/sda1 ro%s\n%s}%s",
		 custom ? "set default=\"${next_entry}\"\nset default=\"0\"\n" : "", words,
		 custom ? "\tinitrd /boot/initrd.img\n" : "",
		 custom ? "\nsource ${config_directory}/custom.cfg" : "");
}

/* As GRUB's own does it: over the file that is there, which has no whole content meanwhile. */
static int update_grub(struct fake_kernel *kernel, const char *output)
{
	char words[4096] = "";
	void *context[] = { kernel, words };

	tree_each(&kernel->tree, SOURCES, add_words, context);
	crash_point();
	tree_put(&kernel->tree, output, "menuentry 'Linux' {");
	crash_point();
	fake_grub_config(kernel, output, words);
	crash_point();
	return 0;
}

static bool add_file(void *context, const char *name)
{
	struct fake_kernel *kernel = ((void **)context)[0];
	char *words = ((void **)context)[1];

	strcat(strcat(words, "\n"), tree_text(&kernel->tree, path_of(MODPROBE "/%s", name)));
	return false;
}

/* It works in a stand-in, as overlayfs leaves one: what is new, and a mark for what is gone. */
static int update_initramfs(struct fake_kernel *kernel, const char *scratch)
{
	char words[4096] = "";
	void *context[] = { kernel, words };
	const char *upper = path_of("%s/0/upper", scratch);

	tree_each(&kernel->tree, MODPROBE, add_file, context);
	crash_point();
	tree_put(&kernel->tree, path_of("%s/initrd.img", upper), "image of:%s", words);
	tree_put(&kernel->tree, path_of("%s/new/entry.conf", upper), "title of:%s", words);
	if (tree_has(&kernel->tree, "boot/initrd.img.bak") &&
	    mknod(path_of("%s/%s/initrd.img.bak", kernel->tree.base, upper), S_IFCHR, 0) < 0)
		return -errno;
	crash_point();
	return 0;
}

int fake_program_run(void *context, const char *const *words, const char *scratch,
		     struct via_arena *arena, const char **ret_said)
{
	struct fake_kernel *kernel = context;

	if (told_to_fail(kernel, words[0])) {
		if (ret_said)
			*ret_said = "told to fail\n";
		return kernel->fail_error;
	}
	if (strcmp(words[0], "update-initramfs") == 0)
		return update_initramfs(kernel, scratch);
	if (strcmp(words[0], "proxmox-boot-tool") == 0)
		return update_grub(kernel, ESP);
	if (strcmp(words[0], "update-grub") != 0)
		return -ENOENT;
	return update_grub(kernel, words[1] && words[2] ? words[2] + 1 : CONFIG);
}
