/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/efi_variable.h"
#include "decode/kernel_log.h"
#include "decode/line.h"
#include "decode/pci_capability.h"
#include "decode/smbios.h"
#include "snapshot/rewriting.h"

enum { DSN_ID = 3, DSN_AT = 4, DSN_BYTES = 8, CONFIG_MIN = 64 };
enum { EXTENDED_AT = 0x100, EXTENDED_HOPS = 4096 / 4 };

bool path_is_impersonal(const char *path)
{
	static const char *const prefixes[] = {
		"lib/modules/",
		"usr/lib/modules/",
		"boot/config-",
		"etc/os-release",
		"usr/lib/os-release",
		"proc/cpuinfo",
		"proc/config.gz",
		"proc/iomem",
		"proc/interrupts",
		"proc/sys/kernel/osrelease",
		"sys/",
		".viaduct/queries.json",
		".viaduct/claims.json",
		".viaduct/nodes.json",
	};

	/* A volume group is often named after its host; so may be who signed a module. */
	if (text_ends(path, "/mount_tag") || text_ends(path, "/dm/name") ||
	    text_ends(path, ".ko") || strstr(path, "/MokListRT"))
		return false;
	for (size_t i = 0; i < VIA_COUNT(prefixes); i++)
		if (text_starts(path, prefixes[i]))
			return true;
	return false;
}

/* Of most functions it is seen at once that they have none. */
static bool may_have_serial(struct via_span config)
{
	size_t at = EXTENDED_AT;
	uint32_t header;

	for (size_t hops = 0; hops < EXTENDED_HOPS && span_u32(config, at, &header); hops++) {
		if ((header & 0xffff) == DSN_ID)
			return true;
		at = header >> 20 & 0xffc;
		if (at < EXTENDED_AT)
			return false;
	}
	return false;
}

static struct via_span rewrite_config(struct via_arena *arena, struct via_span config)
{
	_cleanup_arena_ struct via_arena *scratch = NULL;
	struct via_capabilities capabilities = { 0 };
	uint8_t *copy;

	if (!may_have_serial(config))
		return config;
	scratch = arena_new();
	copy = arena_memdup(arena, config.data, config.size);
	capabilities_decode(scratch, config, &capabilities);
	via_for_each (capability, &capabilities.list)
		if (capability->extended && capability->id == DSN_ID &&
		    span_has(config, capability->offset + (size_t)DSN_AT, DSN_BYTES))
			memset(copy + capability->offset + DSN_AT, 0, DSN_BYTES);
	return (struct via_span){ copy, config.size };
}

/* "36 35 0:40 / /mnt rw - nfs4 server:/export rw,addr=…": who serves it is left out. */
static struct via_span rewrite_mounts(struct via_arena *arena, struct via_span text)
{
	static const char *const kinds[] = { "nfs",	   "cifs",    "smb",	      "ceph",
					     "fuse.sshfs", "gluster", "fuse.gluster", "afs" };
	char *copy = arena_strndup(arena, (const char *)text.data, text.size), *save = NULL;
	struct via_rewriting out = { .arena = arena };

	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *dash = strstr(line, " - ");

		for (size_t i = 0; dash && i < VIA_COUNT(kinds); i++)
			if (text_starts(dash + 3, kinds[i])) {
				char *type_end = dash + 3 + strcspn(dash + 3, " ");

				rewriting_emit(&out, line, (size_t)(type_end - line));
				line = arena_strdup(arena, " server:/ rw");
				break;
			}
		rewriting_emit(&out, line, strlen(line));
		rewriting_emit(&out, "\n", 1);
	}
	return (struct via_span){ (const uint8_t *)out.out, out.length };
}

/* "LVM-…", "CRYPT-LUKS2-…": the kind is kept, what follows is the volume's own. */
static struct via_span rewrite_mapper(struct via_arena *arena, struct via_span text)
{
	const char *copy = arena_strndup(arena, (const char *)text.data, text.size);
	size_t kind = strcspn(copy, "-\n");

	copy = arena_printf(arena, "%.*s-X\n", (int)kind, copy);
	return (struct via_span){ (const uint8_t *)copy, strlen(copy) };
}

/* Of what udev knows of a disk, its serial numbers among it, only what probes ask for. */
static struct via_span keep_udev(struct via_arena *arena, struct via_span text)
{
	static const char *const kept[] = { "E:ID_FS_TYPE=", "E:ID_FS_LABEL=" };
	char *copy = arena_strndup(arena, (const char *)text.data, text.size), *save = NULL;
	struct via_rewriting out = { .arena = arena };

	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		for (size_t i = 0; i < VIA_COUNT(kept); i++)
			if (text_starts(line, kept[i])) {
				rewriting_emit(&out, line, strlen(line));
				rewriting_emit(&out, "\n", 1);
			}
	rewriting_emit(&out, "", 1);
	return (struct via_span){ (const uint8_t *)out.out, out.length - 1 };
}

/* Of a log only the lines that a probe looks at leave the host. */
static bool is_kernel_log(const char *path)
{
	return strcmp(path, "dmesg") == 0 || strcmp(path, "var/log/dmesg") == 0 ||
	       strcmp(path, "var/log/kern.log") == 0;
}

static bool is_serial_file(const char *path)
{
	static const char *const names[] = {
		"serial", "product_serial", "board_serial", "chassis_serial", "product_uuid",
		"wwid",	  "nguid",	    "eui",	    "uuid",	      "unique_id"
	};

	for (size_t i = 0; i < VIA_COUNT(names); i++)
		if (strcmp(path_name(path), names[i]) == 0)
			return true;
	return false;
}

/* Loader variables are UTF-16 text, and name machine ids; a Boot#### one names a disk. */
static struct via_span rewrite_variable(struct via_secrets *secrets, struct via_arena *arena,
					const struct via_memtree_node *node)
{
	const char *name = path_name(node->path), *text;
	struct via_span data = node->data;

	if (text_starts(name, "Boot") && isxdigit((unsigned char)name[4]) && name[8] == '-')
		return efi_load_option_blank(arena, data);
	if ((!text_starts(name, "Loader") && !text_starts(name, "Stub")) ||
	    efi_variable_text(arena, data, &text) < 0)
		return rewrite_binary(secrets, arena, data, !path_is_impersonal(node->path));
	data = rewrite_text(secrets, arena, text, strlen(text), true);
	return efi_variable_from_text(arena, node->data,
				      arena_strndup(arena, (const char *)data.data, data.size));
}

/* Menus hold passwords and their hashes: what stands behind such a word goes. */
static struct via_span rewrite_passwords(struct via_arena *arena, struct via_span data)
{
	static const char hidden[] = " (removed)";
	struct via_rewriting out = { .arena = arena };
	char *line;

	if (!memmem(data.data, data.size, "passw", 5) &&
	    !memmem(data.data, data.size, "PASSW", 5) && !memmem(data.data, data.size, "Passw", 5))
		return data;
	while ((line = line_next(arena, &data))) {
		char *word = strcasestr(line, "passw");

		if (word)
			word[strcspn(word, " \t=:")] = '\0';
		rewriting_emit(&out, line, strlen(line));
		if (word)
			rewriting_emit(&out, hidden, strlen(hidden));
		rewriting_emit(&out, "\n", 1);
	}
	return (struct via_span){ (const uint8_t *)out.out, out.length };
}

static bool is_boot_file(const char *path)
{
	return text_starts(path, "boot/") || text_starts(path, "efi/") ||
	       text_starts(path, "etc/default/") || text_starts(path, "etc/kernel/");
}

struct via_span rewrite_file(struct via_secrets *secrets, struct via_arena *arena,
			     const struct via_memtree_node *node)
{
	struct via_span data = node->data;

	if (text_ends(node->path, "/config") && data.size >= CONFIG_MIN &&
	    text_starts(node->path, "sys/"))
		return rewrite_config(arena, data);
	if (is_kernel_log(node->path)) {
		const char *lines = kernel_log_extract(arena, data);

		data = (struct via_span){ (const uint8_t *)lines, strlen(lines) };
	}
	if (text_starts(node->path, "sys/firmware/efi/efivars/"))
		return rewrite_variable(secrets, arena, node);
	if (strcmp(node->path, "sys/firmware/dmi/tables/DMI") == 0)
		return smbios_without_secrets(arena, data);
	if (!data.size)
		return data;
	if (text_ends(node->path, "/dm/uuid"))
		return rewrite_mapper(arena, data);
	if (text_starts(node->path, "run/udev/data/"))
		data = keep_udev(arena, data);
	if (memchr(data.data, 0, data.size))
		return rewrite_binary(secrets, arena, data, !path_is_impersonal(node->path));
	if (is_boot_file(node->path))
		data = rewrite_passwords(arena, data);
	if (is_serial_file(node->path)) {
		size_t length =
			strcspn(arena_strndup(arena, (const char *)data.data, data.size), "\n");
		const char *text = secrets_placeholder(secrets, VIA_SECRET_SERIAL,
						       (const char *)data.data, length);

		return (struct via_span){ (const uint8_t *)text, strlen(text) };
	}
	if (text_ends(node->path, "/mountinfo"))
		data = rewrite_mounts(arena, data);
	return rewrite_text(secrets, arena, (const char *)data.data, data.size,
			    !path_is_impersonal(node->path));
}
