/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "decode/declaration.h"

static struct via_arena *arena;
static struct via_error error;

static int read_text(const char *text, struct via_declaration **ret)
{
	memset(&error, 0, sizeof(error));
	return declaration_read(arena, (struct via_span){ (const uint8_t *)text, strlen(text) },
				"host.yaml", ret, &error);
}

static const char whole[] =
	"iommu: {mode: passthrough}  # or translated\n"
	"nested: yes\n"
	"passthrough:\n"
	"  - {device: '0000:01:00.0', id: '10de:2684', slot: '2'}\n"
	"  - device: gpu\n"
	"    driver: vfio-pci\n"
	"sriov:\n"
	"  - device: '0000:02:00.0'\n"
	"    vfs: 4\n"
	"    autoprobe: false\n"
	"    vf:\n"
	"      - {index: 0, mac: '02:00:00:00:00:01', vlan: 10, trust: true, driver: vfio-pci}\n"
	"      - {index: '1-3', spoofcheck: off, link: enable, max_rate: 1000}\n"
	"mediated: [{parent: '0000:00:02.0', type: T, uuid: U}]\n"
	"vdpa: [{management: vdpasim_net, name: vdpa0, mac: '02:00:00:00:00:02'}]\n"
	"hugepages: [{size: 1G, count: 16, node: 0}, {size: 2M, count: 512}]\n"
	"cpus: {isolate: 2-7}\n";

static void devices_of_the_whole(const struct via_declaration *declaration)
{
	const struct via_declared_passthrough *first = &declaration->passthrough[0];
	const struct via_declared_vf *vf = declaration->sriov[0].vf;

	assert_int_equal(declaration->passthrough_count, 2);
	assert_string_equal(first->which.device, "0000:01:00.0");
	assert_string_equal(first->which.id, "10de:2684");
	assert_string_equal(first->which.slot, "2");
	assert_null(first->which.serial);
	assert_null(first->driver);
	assert_string_equal(declaration->passthrough[1].driver, "vfio-pci");
	assert_int_equal(declaration->sriov_count, 1);
	assert_int_equal(declaration->sriov[0].vfs, 4);
	assert_int_equal(*declaration->sriov[0].autoprobe, VIA_DECLARED_OFF);
	assert_int_equal(declaration->sriov[0].vf_count, 2);
	assert_string_equal(vf[0].index, "0");
	assert_int_equal(*vf[0].vlan, 10);
	assert_int_equal(*vf[0].trust, VIA_DECLARED_ON);
	assert_null(vf[0].spoof_check);
	assert_string_equal(vf[1].index, "1-3");
	assert_int_equal(*vf[1].spoof_check, VIA_DECLARED_OFF);
	assert_int_equal(*vf[1].link, VIA_LINK_ENABLE);
	assert_int_equal(*vf[1].max_rate_mbps, 1000);
	assert_null(vf[1].vlan);
}

static void the_whole_is_read(void **state)
{
	struct via_declaration *declaration = NULL;

	assert_int_equal(read_text(whole, &declaration), 0);
	assert_int_equal(*declaration->iommu, VIA_DECLARED_IOMMU_PASSTHROUGH);
	assert_int_equal(*declaration->nested, VIA_DECLARED_ON);
	assert_string_equal(declaration->isolate, "2-7");
	devices_of_the_whole(declaration);
	assert_string_equal(declaration->mediated[0].uuid, "U");
	assert_string_equal(declaration->vdpa[0].mac, "02:00:00:00:00:02");
	assert_null(declaration->vdpa[0].mtu);
	assert_int_equal(declaration->hugepages_count, 2);
	assert_int_equal(declaration->hugepages[0].count, 16);
	assert_int_equal(*declaration->hugepages[0].node, 0);
	assert_null(declaration->hugepages[1].node);
}

static void nothing_declared_is_no_error(void **state)
{
	static const char *const texts[] = { "", "\n", "# a comment\n", "  # a\n\n# b" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct via_declaration *declaration = NULL;

		assert_int_equal(read_text(texts[i], &declaration), 0);
		assert_int_equal(declaration->sriov_count, 0);
		assert_null(declaration->iommu);
	}
}

/* What is not understood is told with its line; nothing is passed over. */
static const struct {
	const char *text, *why;
} wrong[] = {
	{ "sriov: [{device: x, vfs: 1}]\nvlans: 1\n", "vlans in mapping, near line 1" },
	{ "iommu: {mode: pt}\n", "pt" },
	{ "vduse: [{name: d, file: /srv/d.img}]\n", "vduse" },
	{ "sriov:\n  - device: x\n", "vfs" },
	{ "sriov: [{device: x, vfs: many}]\n", "many" },
	{ "sriov: [{device: x, vfs: -1}]\n", "-1" },
	{ "sriov: [{device: x, vfs: 1, vf: [{index: 0, trust: flase}]}]\n", "flase" },
	{ "sriov: [{device: x, vfs: 1, vf: [{index: 0, vlan: 4294967296}]}]\n", "vlan" },
	{ "hugepages: [{size: 1G, count: -1}]\n", "number of pages" },
	{ "hugepages: [{size: 1G, count: 1}, {size: 1G, count: 2}]\n", "entries 1 and 2" },
	{ "vdpa: [{management: a, name: b}, {management: c, name: b}]\n", "entries 1 and 2" },
	{ "hugepages: [{size: 1G, count: 1}, {size: 1024M, count: 2}]\n", "entries 1 and 2" },
	{ "nested: true\n---\nvdpa: []\n", "a second document begins in line 2" },
	{ "# a\n--- # b\nnested: true\n...\n# c\nnested: true\n", "begins in line 6" },
	{ "nested: true\n...\n---\n", "begins in line 3" },
	{ "sriov: [{device: x, vfs: 1, vf: [{index: 0, spoofchk: on, spoofcheck: on}]}]\n",
	  "both spoofcheck and spoofchk" },
	{ "nested: true\nnested: false\n", "field 'nested', near line" },
	{ "passthrough:\n", "SEQUENCE" },
	{ "- a\n- b\n", "MAPPING" },
	{ "just words\n", "MAPPING" },
	{ "passthrough: [{device: &a x}, {device: *a}]\n", "" },
	{ "passthrough: [\n", "" },
	{ "passthrough: [{device: ''}]\n", "" },
	{ "\x80\xff\n", "" },
};

static void what_is_wrong_is_told(void **state)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct via_declaration *untouched = (void *)-1, *declaration = untouched;

		assert_int_equal(read_text(wrong[i].text, &declaration), -EBADMSG);
		assert_ptr_equal(declaration, untouched);
		assert_string_equal(error.where, "host.yaml");
		if (!strstr(error.why, wrong[i].why))
			fail_msg("\"%s\" is not in \"%s\"", wrong[i].why, error.why);
	}
}

static void one_document_may_be_marked_as_one(void **state)
{
	static const char *const texts[] = {
		"---\nnested: true\n",
		"%YAML 1.1\n---\nnested: true\n...\n\n# done\n",
		"# a\n\n--- {nested: true}\n",
		"nested: true\n# ---\n  # --- more\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct via_declaration *declaration = NULL;

		if (read_text(texts[i], &declaration) != 0)
			fail_msg("\"%s\": %s", texts[i], error.why);
		assert_int_equal(*declaration->nested, VIA_DECLARED_ON);
	}
}

static void the_check_against_spoofing_has_two_names(void **state)
{
	struct via_declaration *declaration = NULL;

	assert_int_equal(read_text("sriov: [{device: x, vfs: 2, vf: [{index: 0, spoofchk: off}, "
				   "{index: 1, spoofcheck: on}]}]\n",
				   &declaration),
			 0);
	assert_int_equal(*declaration->sriov[0].vf[0].spoof_check, VIA_DECLARED_OFF);
	assert_int_equal(*declaration->sriov[0].vf[1].spoof_check, VIA_DECLARED_ON);
}

static void sizes_that_differ_are_two(void **state)
{
	struct via_declaration *declaration = NULL;

	assert_int_equal(read_text("hugepages: [{size: 1G, count: 1}, {size: 2M, count: 2}, "
				   "{size: 1024M, count: 2, node: 1}]\n",
				   &declaration),
			 0);
	assert_int_equal(declaration->hugepages_count, 3);
}

static void too_much_is_refused(void **state)
{
	static char large[(1 << 20) + 1];
	struct via_declaration *declaration = NULL;
	struct via_span text = { (const uint8_t *)large, sizeof(large) };

	memset(large, '#', sizeof(large));
	assert_int_equal(declaration_read(arena, text, "host.yaml", &declaration, &error), -EFBIG);
}

static int setup(void **state)
{
	arena = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_is_read),
		cmocka_unit_test(nothing_declared_is_no_error),
		cmocka_unit_test(what_is_wrong_is_told),
		cmocka_unit_test(one_document_may_be_marked_as_one),
		cmocka_unit_test(the_check_against_spoofing_has_two_names),
		cmocka_unit_test(sizes_that_differ_are_two),
		cmocka_unit_test(too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
