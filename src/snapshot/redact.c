/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snapshot/redact.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/kernel_log.h"
#include "decode/efi_variable.h"
#include "decode/line.h"
#include "decode/pci_capability.h"
#include "decode/smbios.h"

enum { UUID_TEXT = 36, MAC_PAIRS = 6, DSN_ID = 3, DSN_AT = 4, DSN_BYTES = 8, CONFIG_MIN = 64 };

/* A text on its way out. */
struct rewriting {
	struct via_secrets *secrets;
	struct via_arena *arena;
	char *out;
	size_t length, capacity;
	bool host_names;
};

static void emit(struct rewriting *rewriting, const char *text, size_t length)
{
	if (!rewriting->out || rewriting->length + length + 1 > rewriting->capacity) {
		size_t capacity = (rewriting->length + length + 64) * 2;
		char *out = arena_alloc(rewriting->arena, capacity);

		if (rewriting->out)
			memcpy(out, rewriting->out, rewriting->length);
		rewriting->out = out;
		rewriting->capacity = capacity;
	}
	if (length)
		memcpy(rewriting->out + rewriting->length, text, length);
	rewriting->length += length;
}

static bool is_hex(const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!isxdigit((unsigned char)text[i]))
			return false;
	return true;
}

static size_t uuid_length(const char *text, const char *end)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (end - text < UUID_TEXT || (end - text > UUID_TEXT && isxdigit((unsigned char)text[36])))
		return 0;
	for (size_t i = 0; i < UUID_TEXT; i++)
		if (shape[i] == '-' ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return 0;
	return text_starts(text, "00000000-0000-") ? 0 : UUID_TEXT;
}

/* Six or more pairs with one separator: Ethernet, EUI-64, InfiniBand. */
static size_t mac_length(const char *text, const char *end)
{
	size_t pairs = 0, length = 0;
	char separator = end - text > 2 ? text[2] : 0;

	if (separator != ':' && separator != '-')
		return 0;
	while (text + length + 2 <= end && is_hex(text + length, 2)) {
		pairs++;
		length += 2;
		if (text + length >= end || text[length] != separator)
			break;
		length++;
	}
	if (length && text[length - 1] == separator)
		return 0;
	if (pairs < MAC_PAIRS || (text + length < end && isalnum((unsigned char)text[length])))
		return 0;
	/* All zeroes, broadcast, and what was redacted before say nothing. */
	return text_starts(text, "00:00:00:00") || text_starts(text, "ff:ff:ff:ff") ||
			       text_starts(text, "02:00:00:00")
		       ? 0
		       : length;
}

/* enx001122334455: udev names an interface by its address. */
static size_t mac_name_length(const char *text, const char *end)
{
	if (end - text < 15 || memcmp(text, "enx", 3) != 0 || !is_hex(text + 3, 12))
		return 0;
	return end - text > 15 && isalnum((unsigned char)text[15]) ? 0 : 15;
}

/* UUID=1234-ABCD of a FAT file system, PARTUUID=8f3c2a1b-02 of an MBR. */
static size_t uuid_value_length(const char *text, const char *end)
{
	size_t length = 0;

	if (end - text < 6 || memcmp(text, "UUID=", 5) != 0)
		return 0;
	while (text + 5 + length < end &&
	       (isxdigit((unsigned char)text[5 + length]) || text[5 + length] == '-'))
		length++;
	return length;
}

/* How much of @text was rewritten; 0 when nothing stands here. */
static size_t rewrite_here(struct rewriting *rewriting, const char *text, const char *end,
			   char before)
{
	const struct via_secret *secret;
	const char *placeholder;
	size_t length;

	length = uuid_value_length(text, end);
	if (length && !uuid_length(text + 5, end) && !text_starts(text + 5, "00000000-0000-")) {
		emit(rewriting, text, 5);
		placeholder =
			secrets_placeholder(rewriting->secrets, VIA_SECRET_UUID, text + 5, length);
		emit(rewriting, placeholder, strlen(placeholder));
		return 5 + length;
	}
	if (isalnum((unsigned char)before))
		return 0;
	secret = secrets_at(rewriting->secrets, text, end, before, rewriting->host_names);
	if (secret) {
		emit(rewriting, secret->placeholder, strlen(secret->placeholder));
		return strlen(secret->text);
	}
	length = uuid_length(text, end);
	if (length) {
		placeholder =
			secrets_placeholder(rewriting->secrets, VIA_SECRET_UUID, text, length);
		emit(rewriting, placeholder, strlen(placeholder));
		return length;
	}
	length = mac_name_length(text, end);
	if (length) {
		placeholder = secrets_placeholder(rewriting->secrets, VIA_SECRET_MAC, text + 3, 12);
		emit(rewriting, "enx", 3);
		emit(rewriting, placeholder, strlen(placeholder));
		return length;
	}
	length = mac_length(text, end);
	if (length) {
		placeholder = secrets_placeholder(rewriting->secrets, VIA_SECRET_MAC, text, length);
		emit(rewriting, placeholder, strlen(placeholder));
	}
	return length;
}

static struct via_span rewrite(struct via_secrets *secrets, struct via_arena *arena,
			       const char *text, size_t size, bool host_names)
{
	struct rewriting rewriting = { secrets, arena, NULL, 0, 0, host_names };
	const char *end = text + size;
	char before = 0;

	while (text < end) {
		size_t length = rewrite_here(&rewriting, text, end, before);

		if (!length) {
			emit(&rewriting, text, 1);
			length = 1;
		}
		text += length;
		before = text[-1];
	}
	emit(&rewriting, "", 1);
	return (struct via_span){ (const uint8_t *)rewriting.out, rewriting.length - 1 };
}

/* Where a word that is also the host's name means something else. */
static bool is_impersonal(const char *path)
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

/* Names of EFI variables hold the GUID of whoever defined them. */
static bool has_public_guids(const char *path)
{
	return text_starts(path, "sys/firmware/efi");
}

static const char *rewrite_path(struct via_secrets *secrets, struct via_arena *arena,
				const char *path)
{
	if (has_public_guids(path))
		return path;
	return (const char *)rewrite(secrets, arena, path, strlen(path), false).data;
}

static struct via_span rewrite_config(struct via_arena *arena, struct via_span config)
{
	struct via_capabilities capabilities = { 0 };
	uint8_t *copy = arena_memdup(arena, config.data, config.size);

	capabilities_decode(arena, config, &capabilities);
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
	struct rewriting out = { .arena = arena };

	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *dash = strstr(line, " - ");

		for (size_t i = 0; dash && i < VIA_COUNT(kinds); i++)
			if (text_starts(dash + 3, kinds[i])) {
				char *type_end = dash + 3 + strcspn(dash + 3, " ");

				emit(&out, line, (size_t)(type_end - line));
				line = arena_strdup(arena, " server:/ rw");
				break;
			}
		emit(&out, line, strlen(line));
		emit(&out, "\n", 1);
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
	struct rewriting out = { .arena = arena };

	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		for (size_t i = 0; i < VIA_COUNT(kept); i++)
			if (text_starts(line, kept[i])) {
				emit(&out, line, strlen(line));
				emit(&out, "\n", 1);
			}
	emit(&out, "", 1);
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

/* A key's certificate may name the host; its lengths must stay as they are. */
static struct via_span rewrite_binary(struct via_secrets *secrets, struct via_arena *arena,
				      struct via_span data, bool host_names)
{
	uint8_t *copy = arena_memdup(arena, data.data, data.size);
	const char *text = (const char *)data.data, *end = text + data.size;
	char before = 0;

	for (const char *at = text; at < end;) {
		const struct via_secret *secret = secrets_at(secrets, at, end, before, host_names);
		size_t length = secret ? strlen(secret->text) : 1;

		if (secret)
			memset(copy + (at - text), 'x', length);
		at += length;
		before = at[-1];
	}
	return (struct via_span){ copy, data.size };
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
		return rewrite_binary(secrets, arena, data, !is_impersonal(node->path));
	data = rewrite(secrets, arena, text, strlen(text), true);
	return efi_variable_from_text(arena, node->data,
				      arena_strndup(arena, (const char *)data.data, data.size));
}

/* Menus hold passwords and their hashes: what stands behind such a word goes. */
static struct via_span rewrite_passwords(struct via_arena *arena, struct via_span data)
{
	static const char hidden[] = " (removed)";
	struct rewriting out = { .arena = arena };
	char *line;

	if (!memmem(data.data, data.size, "passw", 5) &&
	    !memmem(data.data, data.size, "PASSW", 5) && !memmem(data.data, data.size, "Passw", 5))
		return data;
	while ((line = line_next(arena, &data))) {
		char *word = strcasestr(line, "passw");

		if (word)
			word[strcspn(word, " \t=:")] = '\0';
		emit(&out, line, strlen(line));
		if (word)
			emit(&out, hidden, strlen(hidden));
		emit(&out, "\n", 1);
	}
	return (struct via_span){ (const uint8_t *)out.out, out.length };
}

static bool is_boot_file(const char *path)
{
	return text_starts(path, "boot/") || text_starts(path, "efi/") ||
	       text_starts(path, "etc/default/") || text_starts(path, "etc/kernel/");
}

static struct via_span rewrite_file(struct via_secrets *secrets, struct via_arena *arena,
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
		return rewrite_binary(secrets, arena, data, !is_impersonal(node->path));
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
	return rewrite(secrets, arena, (const char *)data.data, data.size,
		       !is_impersonal(node->path));
}

static void copy_node(struct via_memtree *to, const struct via_memtree_node *node,
		      struct via_secrets *secrets)
{
	const char *path = rewrite_path(secrets, to->arena, node->path);
	struct via_memtree_node *copy = memtree_find(to, path);

	if (!copy)
		copy = memtree_add(to, path, node->kind);
	if (!copy)
		return;
	copy->error = node->error;
	copy->filled = node->filled;
	if (node->kind == VIA_MEMTREE_LINK)
		copy->target = rewrite_path(secrets, to->arena, node->target);
	if (node->kind == VIA_MEMTREE_FILE && node->filled)
		copy->data = rewrite_file(secrets, to->arena, node);
	via_for_each (name, &node->names)
		*via_list_add(to->arena, &copy->names) =
			has_public_guids(node->path) ? *name
						     : rewrite_path(secrets, to->arena, *name);
}

struct via_memtree *redact_tree(const struct via_memtree *tree, struct via_secrets *secrets,
				struct via_arena *arena)
{
	struct via_memtree *copy = memtree_new(arena);

	copy->recorded = tree->recorded;
	copy->live = tree->live;
	via_for_each (node, &tree->nodes)
		copy_node(copy, *node, secrets);
	return copy;
}

static const struct via_secret *search(const struct via_secrets *secrets, const char *text,
				       size_t size, bool host_names)
{
	const char *end = text + size;
	char before = 0;

	for (; text < end; before = *text++) {
		const struct via_secret *secret =
			secrets_at(secrets, text, end, before, host_names);

		if (secret)
			return secret;
	}
	return NULL;
}

int redact_check(const struct via_memtree *tree, const struct via_secrets *secrets,
		 const char *name, struct via_error *error)
{
	via_for_each (at, &tree->nodes) {
		const struct via_memtree_node *node = *at;
		const struct via_secret *secret =
			search(secrets, node->path, strlen(node->path), false);

		if (!secret && node->target)
			secret = search(secrets, node->target, strlen(node->target), false);
		if (!secret && node->data.size)
			secret = search(secrets, (const char *)node->data.data, node->data.size,
					!is_impersonal(node->path));
		if (!secret)
			continue;
		error_set(error, -EBADE, "write snapshot", name,
			  "the host's own %s is still in it, in %.200s",
			  secret_kind_name(secret->kind), node->path);
		return error_hint(error, "nothing was kept; please report it");
	}
	return 0;
}
