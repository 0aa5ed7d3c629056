/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snapshot/secrets.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"

/* Shorter ones, and those that makers leave unset, tell nobody anything. */
enum { SERIAL_MIN = 6, COUNTER_DIGITS = 4 };

static bool is_telling(enum via_secret_kind kind, const char *text, size_t length)
{
	static const char *const common[] = { "localhost", "(none)", "localhost.localdomain" };
	bool digit = false, differs = false;

	for (size_t i = 0; kind == VIA_SECRET_HOST && i < VIA_COUNT(common); i++)
		if (strlen(common[i]) == length && strncasecmp(text, common[i], length) == 0)
			return false;
	if (kind == VIA_SECRET_HOST)
		return length > 0;
	for (size_t i = 0; i < length; i++) {
		digit |= isdigit((unsigned char)text[i]) != 0;
		differs |= isalnum((unsigned char)text[i]) &&
			   tolower((unsigned char)text[i]) != tolower((unsigned char)text[0]);
	}
	return differs && (kind != VIA_SECRET_SERIAL || (digit && length >= SERIAL_MIN));
}

/* The same shape: letters and digits stay such, the last ones count. */
static const char *shaped(struct via_arena *arena, const char *text, size_t length,
			  unsigned int number, char letter)
{
	char *copy = arena_strndup(arena, text, length);
	int counted = 0;

	for (size_t i = length; i-- > 0;) {
		if (!isalnum((unsigned char)copy[i]))
			continue;
		if (counted++ < COUNTER_DIGITS) {
			copy[i] = (char)('0' + number % 10);
			number /= 10;
		} else {
			copy[i] = isdigit((unsigned char)copy[i]) ? '0' : letter;
		}
	}
	return copy;
}

static const char *new_placeholder(struct via_secrets *secrets, enum via_secret_kind kind,
				   const char *text, size_t length)
{
	unsigned int number = ++secrets->counts[kind];
	char *copy;

	if (kind == VIA_SECRET_HOST)
		return arena_printf(secrets->arena, "host%u", number);
	if (kind == VIA_SECRET_UUID && length == 36)
		return arena_printf(secrets->arena, "00000000-0000-4000-8000-%012u", number);
	copy = (char *)shaped(secrets->arena, text, length, number,
			      kind == VIA_SECRET_SERIAL ? 'X' : '0');
	if (kind == VIA_SECRET_MAC && length > 1)
		copy[1] = '2'; /* locally administered: nobody's own */
	return copy;
}

static struct via_secret *find(const struct via_secrets *secrets, const char *text, size_t length)
{
	via_for_each (secret, &secrets->list)
		if (strlen(secret->text) == length && strncasecmp(secret->text, text, length) == 0)
			return secret;
	return NULL;
}

static struct via_secret *add(struct via_secrets *secrets, enum via_secret_kind kind,
			      const char *text, size_t length)
{
	struct via_secret *secret = find(secrets, text, length);

	if (secret)
		return secret;
	secret = via_list_add(secrets->arena, &secrets->list);
	*secret = (struct via_secret){
		.kind = kind,
		.text = arena_strndup(secrets->arena, text, length),
		.placeholder = new_placeholder(secrets, kind, text, length),
	};
	return secret;
}

const char *secrets_placeholder(struct via_secrets *secrets, enum via_secret_kind kind,
				const char *text, size_t length)
{
	return add(secrets, kind, text, length)->placeholder;
}

static void own(struct via_secrets *secrets, enum via_secret_kind kind, const char *text)
{
	size_t length;

	if (!text)
		return;
	text += strspn(text, " \t");
	length = strcspn(text, "\n");
	if (is_telling(kind, text, length))
		add(secrets, kind, text, length)->own = true;
}

static void own_file(struct via_secrets *secrets, const struct via_root *root,
		     enum via_secret_kind kind, const char *path)
{
	struct via_fact fact = root_text(root, secrets->arena, "%s", path);

	own(secrets, kind, fact_text(&fact));
}

/* Each entry of @directory has a file @name. */
static void own_files(struct via_secrets *secrets, const struct via_root *root,
		      enum via_secret_kind kind, const char *directory, const char *name)
{
	struct via_names names;

	root_entries(root, secrets->arena, &names, "%s", directory);
	via_for_each (entry, &names)
		own_file(secrets, root, kind,
			 arena_printf(secrets->arena, "%s/%s/%s", directory, *entry, name));
}

static void own_names(struct via_secrets *secrets, const struct via_root *root,
		      const char *directory)
{
	struct via_names names;

	root_entries(root, secrets->arena, &names, "%s", directory);
	via_for_each (entry, &names)
		own(secrets, VIA_SECRET_UUID, *entry);
}

/* Device-mapper doubles the hyphens of what it makes its names of. */
static const char *with_hyphens_doubled(struct via_arena *arena, const char *name)
{
	char *text = arena_alloc(arena, 2 * strlen(name) + 1), *to = text;

	for (; *name; name++) {
		*to++ = *name;
		if (*name == '-')
			*to++ = '-';
	}
	return text;
}

/* "node.example.org" gives away "node" as well. */
static void own_host_name(struct via_secrets *secrets, const struct via_root *root,
			  const char *path)
{
	struct via_fact fact = root_text(root, secrets->arena, "%s", path);
	const char *name = fact_text(&fact);

	if (!name)
		return;
	own(secrets, VIA_SECRET_HOST, name);
	name = arena_strndup(secrets->arena, name, strcspn(name, ".\n"));
	own(secrets, VIA_SECRET_HOST, name);
	own(secrets, VIA_SECRET_HOST, with_hyphens_doubled(secrets->arena, name));
}

void secrets_gather(struct via_secrets *ret, const struct via_root *root, struct via_arena *arena)
{
	static const struct {
		enum via_secret_kind kind;
		const char *path;
	} files[] = {
		{ VIA_SECRET_UUID, "etc/machine-id" },
		{ VIA_SECRET_UUID, "sys/class/dmi/id/product_uuid" },
		{ VIA_SECRET_SERIAL, "sys/class/dmi/id/product_serial" },
		{ VIA_SECRET_SERIAL, "sys/class/dmi/id/board_serial" },
		{ VIA_SECRET_SERIAL, "sys/class/dmi/id/chassis_serial" },
	};
	static const char *const uuid_directories[] = { "dev/disk/by-uuid",
							"dev/disk/by-partuuid" };

	*ret = (struct via_secrets){ .arena = arena };
	own_host_name(ret, root, "proc/sys/kernel/hostname");
	own_host_name(ret, root, "etc/hostname");
	for (size_t i = 0; i < VIA_COUNT(files); i++)
		own_file(ret, root, files[i].kind, files[i].path);
	for (size_t i = 0; i < VIA_COUNT(uuid_directories); i++)
		own_names(ret, root, uuid_directories[i]);
	own_files(ret, root, VIA_SECRET_MAC, "sys/class/net", "address");
	own_files(ret, root, VIA_SECRET_SERIAL, "sys/class/nvme", "serial");
	own_files(ret, root, VIA_SECRET_SERIAL, "sys/class/block", "device/serial");
	own_files(ret, root, VIA_SECRET_SERIAL, "sys/class/block", "serial");
	own_files(ret, root, VIA_SECRET_SERIAL, "sys/class/block", "wwid");
}

const struct via_secret *secrets_at(const struct via_secrets *secrets, const char *text,
				    const char *end, char before, bool host_names)
{
	const struct via_secret *best = NULL;

	if (isalnum((unsigned char)before) || before == '_')
		return NULL;
	via_for_each (secret, &secrets->list) {
		size_t length = strlen(secret->text);

		if (!secret->own || (!host_names && secret->kind == VIA_SECRET_HOST) ||
		    length > (size_t)(end - text) || strncasecmp(text, secret->text, length) != 0 ||
		    (text + length < end &&
		     (isalnum((unsigned char)text[length]) || text[length] == '_')))
			continue;
		if (!best || length > strlen(best->text))
			best = secret;
	}
	return best;
}

const char *secret_kind_name(enum via_secret_kind kind)
{
	static const char *const names[] = {
		[VIA_SECRET_HOST] = "host name",
		[VIA_SECRET_MAC] = "MAC address",
		[VIA_SECRET_UUID] = "UUID",
		[VIA_SECRET_SERIAL] = "serial number",
	};
	_Static_assert(VIA_COUNT(names) == VIA_SECRETS, "every kind has a name");

	return names[kind];
}
