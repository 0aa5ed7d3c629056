/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snapshot/secrets.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"

/* Shorter ones, and those that makers leave unset, tell nobody anything. */
enum { SERIAL_MIN = 6, COUNTER_DIGITS = 4, FIRST_SLOTS = 64 };

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

static size_t hash(const char *text, size_t length)
{
	uint64_t value = length;

	for (size_t i = 0; i < length; i++)
		value = (value ^ (uint64_t)tolower((unsigned char)text[i])) * 0x9e3779b97f4a7c15;
	return (size_t)(value ^ value >> 32);
}

static bool says(const struct via_secret *secret, const char *text, size_t length)
{
	return secret->length == length && strncasecmp(secret->text, text, length) == 0;
}

static struct via_secret **slot_of(const struct via_secrets *secrets, const char *text,
				   size_t length)
{
	size_t at = hash(text, length) & (secrets->slot_count - 1);

	while (secrets->slots[at] && !says(secrets->slots[at], text, length))
		at = (at + 1) & (secrets->slot_count - 1);
	return &secrets->slots[at];
}

static void grow(struct via_secrets *secrets)
{
	secrets->slot_count = secrets->slot_count ? 2 * secrets->slot_count : FIRST_SLOTS;
	secrets->slots = arena_alloc(secrets->arena, secrets->slot_count * sizeof(*secrets->slots));
	via_for_each (secret, &secrets->list)
		*slot_of(secrets, (*secret)->text, (*secret)->length) = *secret;
}

static struct via_secret *add(struct via_secrets *secrets, enum via_secret_kind kind,
			      const char *text, size_t length)
{
	struct via_secret **slot, *secret;

	if (2 * secrets->list.count >= secrets->slot_count)
		grow(secrets);
	slot = slot_of(secrets, text, length);
	if (*slot)
		return *slot;
	secret = arena_new_object(secrets->arena, struct via_secret);
	*secret = (struct via_secret){
		.kind = kind,
		.text = arena_strndup(secrets->arena, text, length),
		.length = length,
		.placeholder = new_placeholder(secrets, kind, text, length),
	};
	*slot = secret;
	*via_list_add(secrets->arena, &secrets->list) = secret;
	return secret;
}

const char *secrets_placeholder(struct via_secrets *secrets, enum via_secret_kind kind,
				const char *text, size_t length)
{
	return add(secrets, kind, text, length)->placeholder;
}

/* The longest first: of two that stand at one place, it is the one that counts. */
static void note_length(struct via_secrets *secrets, size_t length)
{
	size_t *at, i;

	via_for_each (known, &secrets->lengths)
		if (*known == length)
			return;
	at = via_list_add(secrets->arena, &secrets->lengths);
	*at = length;
	for (i = secrets->lengths.count - 1; i && secrets->lengths.items[i - 1] < length; i--) {
		secrets->lengths.items[i] = secrets->lengths.items[i - 1];
		secrets->lengths.items[i - 1] = length;
	}
}

static void own(struct via_secrets *secrets, enum via_secret_kind kind, const char *text)
{
	size_t length;

	if (!text)
		return;
	text += strspn(text, " \t");
	length = strcspn(text, "\n");
	if (!is_telling(kind, text, length))
		return;
	add(secrets, kind, text, length)->own = true;
	note_length(secrets, length);
	secrets->begins[(unsigned char)tolower((unsigned char)*text)] = true;
	secrets->begins[(unsigned char)toupper((unsigned char)*text)] = true;
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

static bool is_part_of_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

const struct via_secret *secrets_at(const struct via_secrets *secrets, const char *text,
				    const char *end, char before, bool host_names)
{
	size_t room = (size_t)(end - text);

	if (!room || !secrets->begins[(unsigned char)*text] || is_part_of_word(before))
		return NULL;
	via_for_each (length, &secrets->lengths) {
		const struct via_secret *secret;

		if (*length > room || (*length < room && is_part_of_word(text[*length])))
			continue;
		secret = *slot_of(secrets, text, *length);
		if (secret && secret->own && (host_names || secret->kind != VIA_SECRET_HOST))
			return secret;
	}
	return NULL;
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
