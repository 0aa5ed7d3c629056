/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "decode/efi_variable.h"
#include "snapshot/redact.h"
#include "snapshot/snapshot.h"
#include "sys/memtree.h"

static int walk(const struct via_memtree *tree, const char *path)
{
	struct via_memtree_node *node;

	return memtree_walk(tree, path, true, NULL, NULL, &node);
}

static const char *read_text(const struct via_memtree *tree, struct via_arena *arena,
			     const char *path)
{
	struct via_span span;

	if (memtree_read(tree, path, &span) < 0)
		return "(unreadable)";
	return arena_strndup(arena, (const char *)span.data, span.size);
}

static void follows_links_and_stays_inside(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_memtree *tree = memtree_new(arena);

	memtree_add_file(tree, "a/b/file", "x", 1);
	memtree_add_link(tree, "a/up", "../../../a/b");
	memtree_add_link(tree, "a/top", "/a/b");
	memtree_add_link(tree, "a/loop", "loop");
	memtree_add_link(tree, "ring", "a/ring");
	memtree_add_link(tree, "a/ring", "../ring");
	assert_string_equal(read_text(tree, arena, "a/up/file"), "x");
	assert_string_equal(read_text(tree, arena, "a/top/../b/./file"), "x");
	assert_string_equal(read_text(tree, arena, "//a//b/file"), "x");
	assert_int_equal(walk(tree, "a/loop"), -ELOOP);
	assert_int_equal(walk(tree, "ring/x"), -ELOOP);
	assert_int_equal(walk(tree, "a/b/file/x"), -ENOTDIR);
	assert_int_equal(walk(tree, "a/none"), -ENOENT);
	assert_null(memtree_add(tree, "a/b/file/x", VIA_MEMTREE_FILE));
	assert_null(memtree_add(tree, "a/up/x", VIA_MEMTREE_FILE));
}

static void grows_without_losing(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_memtree *tree = memtree_new(arena);

	for (int i = 0; i < 5000; i++)
		assert_non_null(
			memtree_add_file(tree, arena_printf(arena, "d%d/f", i), &i, sizeof(i)));
	for (int i = 0; i < 5000; i++) {
		struct via_span span;

		assert_int_equal(memtree_read(tree, arena_printf(arena, "d%d/f", i), &span), 0);
		assert_memory_equal(span.data, &i, sizeof(i));
	}
}

static void tells_what_was_not_looked_for(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_memtree *tree = memtree_new(arena);
	struct via_memtree_node *node = memtree_add(tree, "sys/listed", VIA_MEMTREE_DIRECTORY);
	struct via_names names;
	struct via_fact fact;
	struct via_root root;

	node->filled = true;
	*via_list_add(arena, &node->names) = "there";
	node = memtree_add(tree, "sys/gone", VIA_MEMTREE_MISSING);
	node->error = ENOENT;
	node = memtree_add(tree, "sys/shut", VIA_MEMTREE_FILE);
	node->error = EACCES;
	tree->recorded = tree->live = true;
	root = root_of_memtree(tree, "test");
	fact = root_text(&root, arena, "sys/gone/below");
	assert_int_equal(fact.known, VIA_ABSENT);
	fact = root_text(&root, arena, "sys/listed/other");
	assert_int_equal(fact.known, VIA_ABSENT);
	fact = root_text(&root, arena, "sys/listed/there");
	assert_int_equal(fact.error, ENODATA);
	fact = root_text(&root, arena, "sys/shut");
	assert_int_equal(fact.error, EACCES);
	fact = root_exists(&root, arena, "sys/shut");
	assert_int_equal(fact.known, VIA_PRESENT);
	fact = root_entries(&root, arena, &names, "sys");
	assert_int_equal(fact.error, ENODATA);
	fact = root_entries(&root, arena, &names, "sys/listed");
	assert_int_equal(fact.number, 1);
	assert_int_equal(root_openat(&root, "sys", 0), -EOPNOTSUPP);
}

static void manifest_brings_back_what_it_describes(void **state)
{
	static const struct via_snapshot_fact facts[] = { { "kernel", "6.1" }, { 0 } };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_free_ char *text = NULL;
	struct via_memtree *tree = memtree_new(arena), *copy = memtree_new(arena);
	struct via_memtree_node *node = memtree_add(tree, "d", VIA_MEMTREE_DIRECTORY);
	const char *target;

	node->filled = true;
	*via_list_add(arena, &node->names) = "x";
	memtree_add(tree, "gone", VIA_MEMTREE_MISSING)->error = ENOENT;
	memtree_add(tree, "shut", VIA_MEMTREE_FILE)->error = EACCES;
	memtree_add(tree, "dev/kvm", VIA_MEMTREE_SPECIAL);
	memtree_add_link(tree, "fd", "/dev/vfio/7");
	tree->live = true;
	text = manifest_text(tree, facts);
	assert_int_equal(manifest_apply(copy, (struct via_span){ (uint8_t *)text, strlen(text) }),
			 0);
	assert_true(copy->recorded && copy->live);
	assert_int_equal(walk(copy, "gone"), -ENOENT);
	assert_int_equal(walk(copy, "d/y"), -ENOENT);
	assert_int_equal(walk(copy, "d/x"), -ENODATA);
	assert_int_equal(walk(copy, "dev/kvm"), 0);
	assert_int_equal(memtree_find(copy, "shut")->error, EACCES);
	assert_int_equal(memtree_link(copy, "fd", &target), 0);
	assert_string_equal(target, "/dev/vfio/7");
}

static void knows_links_that_lead_out(void **state)
{
	assert_false(snapshot_link_leads_out("a/b/l", "../../c"));
	assert_false(snapshot_link_leads_out("l", "a/../b"));
	assert_true(snapshot_link_leads_out("a/b/l", "../../../c"));
	assert_true(snapshot_link_leads_out("l", ".."));
	assert_true(snapshot_link_leads_out("l", "/"));
	assert_true(snapshot_link_leads_out("l", "a/../../l"));
}

/* A host called zuse, with one address, one UUID, one disk. */
static struct via_memtree *a_host(struct via_arena *arena)
{
	static const struct {
		const char *path, *text;
	} files[] = {
		{ "etc/hostname", "zuse\n" },
		{ "etc/os-release", "NAME=zuse" },
		{ "etc/machine-id", "0123456789abcdef0123456789abcdef\n" },
		{ "sys/class/net/eth0/address", "3c:ec:ef:12:34:56\n" },
		{ "sys/class/nvme/nvme0/serial", "S5P2NG0R123456  \n" },
		{ "proc/cmdline", "a=zuse b=zuses c=/dev/zuse-root 3C-EC-EF-12-34-56 "
				  "UUID=0123-ABCD 8b1c5f0a-2d3e-4f50-9a61-7c8d9e0f1a2b "
				  "8B1C5F0A-2D3E-4F50-9A61-7C8D9E0F1A2B id-S5P2NG0R123456 "
				  "12:34:56 0000:00:1f.6 00:00:00:00:00:00" },
	};
	struct via_memtree *tree = memtree_new(arena);
	struct via_memtree_node *node;

	for (size_t i = 0; i < VIA_COUNT(files); i++)
		memtree_add_file(tree, files[i].path, files[i].text, strlen(files[i].text));
	node = memtree_find(tree, "sys/class/net");
	node->names = node->children;
	return tree;
}

static void puts_one_placeholder_for_one_secret(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_memtree *tree = a_host(arena), *redacted;
	struct via_root root = root_of_memtree(tree, "test");
	struct via_secrets secrets;
	struct via_error error;
	const char *line;

	secrets_gather(&secrets, &root, arena);
	assert_int_equal(redact_check(tree, &secrets, "test", &error), -EBADE);
	redacted = redact_tree(tree, &secrets);
	assert_int_equal(redact_check(redacted, &secrets, "test", &error), 0);
	line = read_text(redacted, arena, "proc/cmdline");
	assert_non_null(strstr(line, "a=host1 b=zuses c=/dev/host1-root "));
	assert_non_null(strstr(line, " 12:34:56 0000:00:1f.6 00:00:00:00:00:00"));
	assert_non_null(strstr(line, "00000000-0000-4000-8000-000000000003 "
				     "00000000-0000-4000-8000-000000000003 "));
	assert_null(strstr(line, "ABCD"));
	assert_null(strcasestr(line, "ec-ef"));
	assert_null(strstr(line, "NG0R"));
	assert_string_equal(read_text(redacted, arena, "etc/os-release"), "NAME=zuse");
	assert_string_equal(read_text(redacted, arena, "etc/hostname"), "host1\n");
	assert_string_equal(read_text(redacted, arena, "sys/class/net/eth0/address"),
			    "02:00:00:00:00:01\n");
}

static const struct via_secret *at(const struct via_secrets *secrets, const char *text, char before,
				   bool host_names)
{
	return secrets_at(secrets, text, text + strlen(text), before, host_names);
}

/* Of thousands; as a whole word, in any case, the longest of those that stand there. */
static void finds_one_secret_of_many(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_memtree *tree = memtree_new(arena);
	struct via_root root = root_of_memtree(tree, "test");
	struct via_secrets secrets;

	for (int i = 0; i < 3000; i++) {
		const char *mac = arena_printf(arena, "52:54:00:aa:%02x:%02x", i >> 8, i & 0xff);

		memtree_add_file(tree, arena_printf(arena, "sys/class/net/eth%d/address", i), mac,
				 strlen(mac));
	}
	memtree_add_file(tree, "etc/hostname", "node7.example\n", 14);
	secrets_gather(&secrets, &root, arena);
	assert_int_equal(secrets.counts[VIA_SECRET_MAC], 3000);
	for (int i = 0; i < 3000; i++)
		assert_non_null(at(&secrets,
				   arena_printf(arena, "52:54:00:AA:%02X:%02X", i >> 8, i & 0xff),
				   ' ', false));
	assert_null(at(&secrets, "52:54:00:aa:ff:01", ' ', false));
	assert_null(at(&secrets, "52:54:00:aa:00:01", 'f', false));
	assert_null(at(&secrets, "52:54:00:aa:00:012", ' ', false));
	assert_null(at(&secrets, "52:54:00:aa:00:0", ' ', false));
	assert_string_equal(at(&secrets, "Node7.example.", ' ', true)->text, "node7.example");
	assert_string_equal(at(&secrets, "node7.example2", ' ', true)->text, "node7");
	assert_null(at(&secrets, "node7", ' ', false));
	assert_null(at(&secrets, "", ' ', true));
}

/* Binary tables are no texts: their secrets go by their place. */
static void takes_serial_numbers_out_of_smbios(void **state)
{
	static const char path[] = "sys/firmware/dmi/tables/DMI";
	static const char table[] = "\x02\x08\x02\x00\x01\x02\x00\x03"
				    "Maker\0Board\0B0ARD-77\0\0"
				    "\xdd\x05\x03\x00\x01"
				    "OWN-77\0\0"
				    "\x7f\x04\x04\x00\0\0";
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_memtree *tree = memtree_new(arena);
	struct via_secrets secrets = { .arena = arena };
	struct via_span span;

	memtree_add_file(tree, path, table, sizeof(table) - 1);
	assert_int_equal(memtree_read(redact_tree(tree, &secrets), path, &span), 0);
	assert_null(memmem(span.data, span.size, "B0ARD-77", 8));
	assert_null(memmem(span.data, span.size, "OWN-77", 6));
	assert_non_null(memmem(span.data, span.size, "Board", 5));
}

static void leaves_redacted_texts_alone(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_memtree *tree = a_host(arena);
	const char *once, *twice;
	struct via_root root = root_of_memtree(tree, "test");
	struct via_secrets secrets;

	secrets_gather(&secrets, &root, arena);
	tree = redact_tree(tree, &secrets);
	once = read_text(tree, arena, "sys/class/net/eth0/address");
	memset(&secrets, 0, sizeof(secrets));
	secrets.arena = arena;
	twice = read_text(redact_tree(tree, &secrets), arena, "sys/class/net/eth0/address");
	assert_string_equal(once, twice);
}

#define MACHINE	  "0123456789abcdef0123456789abcdee"
#define VARIABLES "sys/firmware/efi/efivars/"

static void put_variable(struct via_memtree *tree, const char *name, const char *text)
{
	struct via_span bytes = efi_variable_from_text(tree->arena, (struct via_span){ 0 }, text);

	memtree_add_file(tree, name, bytes.data, bytes.size);
}

/* A load option: description, the path node of a partition, the end. */
static const char load_option[] = "\7\0\0\0\1\0\0\0\16\0S\0\0\0"
				  "\4\1\12\0SECRET\x7f\xff\4\0private";

static void finds_secrets_of_the_boot(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_memtree *tree = memtree_new(arena), *redacted;
	struct via_root root = root_of_memtree(tree, "test");
	const char *menu = "set superusers=\"me\"\npassword_pbkdf2 me grub.pbkdf2.sha512.10000.AB\n"
			   "linux /v ro\n";
	struct via_secrets secrets;
	const struct via_memtree_node *node;
	const char *text;

	memtree_add_file(tree, "etc/machine-id", MACHINE "\n", strlen(MACHINE) + 1);
	memtree_add_file(tree, "boot/grub/grub.cfg", menu, strlen(menu));
	memtree_add_file(tree, VARIABLES "Boot0001-x", load_option, sizeof(load_option) - 1);
	put_variable(tree, VARIABLES "LoaderEntrySelected-x", MACHINE "-6.1.conf");
	secrets_gather(&secrets, &root, arena);
	redacted = redact_tree(tree, &secrets);
	text = read_text(redacted, arena, "boot/grub/grub.cfg");
	assert_null(strstr(text, "pbkdf2.sha512"));
	assert_non_null(strstr(text, "linux /v ro\n"));
	node = memtree_find(redacted, VARIABLES "LoaderEntrySelected-x");
	assert_int_equal(efi_variable_text(arena, node->data, &text), 0);
	assert_null(strstr(text, MACHINE));
	assert_true(text_ends(text, "-6.1.conf"));
	node = memtree_find(redacted, VARIABLES "Boot0001-x");
	assert_int_equal(node->data.size, sizeof(load_option) - 1);
	assert_null(memmem(node->data.data, node->data.size, "SECRET", 6));
	assert_null(memmem(node->data.data, node->data.size, "private", 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_links_and_stays_inside),
		cmocka_unit_test(grows_without_losing),
		cmocka_unit_test(tells_what_was_not_looked_for),
		cmocka_unit_test(manifest_brings_back_what_it_describes),
		cmocka_unit_test(knows_links_that_lead_out),
		cmocka_unit_test(puts_one_placeholder_for_one_secret),
		cmocka_unit_test(finds_one_secret_of_many),
		cmocka_unit_test(takes_serial_numbers_out_of_smbios),
		cmocka_unit_test(leaves_redacted_texts_alone),
		cmocka_unit_test(finds_secrets_of_the_boot),
	};

	return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
