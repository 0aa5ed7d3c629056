/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/blacklist.h"
#include "decode/dkms_conf.h"
#include "decode/module_signature.h"
#include "decode/unix_sockets.h"
#include "decode/vdpa_answer.h"
#include "model/device_detail.h"
#include "model/gpu.h"
#include "model/sriov.h"
#include "model/virtio.h"

static struct via_span span_of(const char *text)
{
	return (struct via_span){ .data = (const uint8_t *)text, .size = strlen(text) };
}

static struct via_fact number(uint64_t value)
{
	return fact_present("made up", "made up", value);
}

static struct via_fact text(const char *value)
{
	return fact_present("made up", value, 0);
}

static void blacklists_are_read(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names names = { 0 };

	blacklist_of_file(arena,
			  span_of("# blacklist none\n  blacklist snd-hda-intel\nblacklist nouveau\n"
				  "options nvidia x=1\ninstall i915 /bin/false\n"
				  "install kvm /sbin/modprobe --ignore-install kvm\n"
				  "blacklist \\\n  xe\nblacklist"),
			  &names);
	assert_int_equal(names.count, 4);
	assert_true(names_have(&names, "snd_hda_intel"));
	assert_true(names_have(&names, "i915"));
	assert_true(names_have(&names, "xe"));
	assert_false(names_have(&names, "kvm"));
	blacklist_of_cmdline(arena,
			     "quiet module_blacklist=amdgpu,snd-soc modprobe.blacklist=xe,ast "
			     "my_module_blacklist=no",
			     &names);
	assert_int_equal(names.count, 7);
	assert_true(names_have(&names, "snd_soc"));
	assert_false(names_have(&names, "no"));
}

static int excludes_on(const char *machine, const char *conf, const char *release)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_dkms_conf decoded;

	dkms_conf_decode(arena, span_of(conf), &decoded);
	return dkms_conf_excludes(&decoded, release, machine);
}

static int excludes(const char *conf, const char *release)
{
	return excludes_on("x86_64", conf, release);
}

static void dkms_leaves_kernels_out(void **state)
{
	static const char only[] = "BUILD_EXCLUSIVE_KERNEL=\"^(6\\.(8|12))\\.\"\n";

	assert_int_equal(excludes(only, "6.12.3-1-amd64"), 0);
	assert_int_equal(excludes(only, "6.18.0"), 1);
	assert_int_equal(excludes("PACKAGE_NAME=x\n", "6.18.0"), 0);
	assert_int_equal(excludes("BUILD_EXCLUSIVE_KERNEL=\"$KERNELS\"\n", "6.18.0"), -1);
	assert_int_equal(excludes("BUILD_EXCLUSIVE_KERNEL='^6\\.1$'\n", "6.1"), 0);
	assert_int_equal(excludes("BUILD_EXCLUSIVE_KERNEL='('\n", "6.1"), -1);
	assert_int_equal(excludes("BUILD_EXCLUSIVE_KERNEL='a{255}{255}'\n", "6.1"), -1);
	assert_int_equal(
		excludes("BUILD_EXCLUSIVE_KERNEL='^6++++++++++++++++++++++++++++'\n", "6.1"), -1);
	assert_int_equal(excludes("BUILD_EXCLUSIVE_KERNEL='^6\\.[0-9]+(\\.[0-9]+)?'\n", "6.1"), 0);
	assert_int_equal(excludes("BUILD_EXCLUSIVE_ARCH='('\n", "6.13.0"), -1);
	assert_int_equal(excludes("BUILD_EXCLUSIVE_KERNEL_MIN=6.8\n", "6.1.0"), 1);
	assert_int_equal(excludes("BUILD_EXCLUSIVE_KERNEL_MIN=6.8\n", "6.10.0"), 0);
	assert_int_equal(excludes("BUILD_EXCLUSIVE_KERNEL_MAX=6.12\n", "6.12.5"), 0);
	assert_int_equal(excludes("BUILD_EXCLUSIVE_KERNEL_MAX=6.12\n", "6.13.0"), 1);
	assert_int_equal(excludes("BUILD_EXCLUSIVE_ARCH=\"aarch64|arm\"\n", "6.13.0"), 1);
	assert_int_equal(excludes("BUILD_EXCLUSIVE_ARCH='(x86.*)'\n", "6.13.0"), 0);
	assert_int_equal(excludes_on("aarch64", "BUILD_EXCLUSIVE_ARCH='aarch64'\n", "6.1.0"), 0);
	assert_int_equal(excludes_on("aarch64", "BUILD_EXCLUSIVE_ARCH='x86_64'\n", "6.1.0"), 1);
	assert_int_equal(excludes_on(NULL, "BUILD_EXCLUSIVE_ARCH='aarch64'\n", "6.1.0"), -1);
	assert_int_equal(excludes_on(NULL, "AUTOINSTALL=yes\n", "6.1.0"), 0);
}

static void dkms_asks_for_a_configuration(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_span kernel = span_of("CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_CC=m\n");
	struct via_dkms_conf conf;

	dkms_conf_decode(arena,
			 span_of("BUILD_EXCLUSIVE_CONFIG=\"CONFIG_A !CONFIG_B CONFIG_CC\"\n"
				 "AUTOINSTALL=\"yes\"\n"),
			 &conf);
	assert_true(conf.autoinstall);
	assert_null(dkms_conf_lacks(arena, &conf, kernel));
	conf.config = "CONFIG_A CONFIG_C";
	assert_string_equal(dkms_conf_lacks(arena, &conf, kernel), "CONFIG_C");
	conf.config = "!CONFIG_CC";
	assert_string_equal(dkms_conf_lacks(arena, &conf, kernel), "!CONFIG_CC");
	dkms_conf_decode(arena, span_of("AUTOINSTALL=\n# AUTOINSTALL=yes\n"), &conf);
	assert_false(conf.autoinstall);
	assert_null(dkms_conf_lacks(arena, &conf, kernel));
}

static void dkms_names_its_modules(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_dkms_conf conf;

	dkms_conf_decode(arena,
			 span_of("BUILT_MODULE_NAME[0]=\"nvidia-uvm\"\nBUILT_MODULE_NAME=i915 # x\n"
				 "BUILT_MODULE_NAME[2]=\"${name}\"\nBUILT_MODULE_NAME[3]='zfs'\n"),
			 &conf);
	assert_int_equal(conf.modules.count, 3);
	assert_string_equal(conf.modules.items[0], "nvidia_uvm");
	assert_string_equal(conf.modules.items[1], "i915");
	assert_string_equal(conf.modules.items[2], "zfs");
}

/* Code, a message with an issuer's common name, its length, the trailer. */
static size_t make_signed(uint8_t *data, const char *name, size_t claimed)
{
	static const uint8_t oid[] = { 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c };
	static const char trailer[] = "~Module signature appended~\n";
	size_t length = strlen(name), at = 8;

	memset(data, 0, 8);
	memcpy(data + at, oid, sizeof(oid));
	at += sizeof(oid);
	data[at++] = (uint8_t)length;
	memcpy(data + at, name, length);
	at += length;
	memset(data + at, 0, 12);
	data[at + 2] = 2;
	data[at + 10] = (uint8_t)(claimed >> 8);
	data[at + 11] = (uint8_t)claimed;
	at += 12;
	memcpy(data + at, trailer, sizeof(trailer) - 1);
	return at + sizeof(trailer) - 1;
}

static void signatures_name_their_signer(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_module_signature signature;
	uint8_t data[256];
	size_t size = make_signed(data, "DKMS module signing key", 30);

	module_signature_decode(arena, (struct via_span){ data, size }, &signature);
	assert_true(signature.there);
	assert_string_equal(signature.signer, "DKMS module signing key");
	size = make_signed(data, "x", 60000); /* longer than what was read */
	module_signature_decode(arena, (struct via_span){ data, size }, &signature);
	assert_true(signature.there);
	assert_string_equal(signature.signer, "x");
	module_signature_decode(arena, (struct via_span){ data, size - 1 }, &signature);
	assert_false(signature.there);
	module_signature_decode(arena, (struct via_span){ data + size - 28, 28 }, &signature);
	assert_true(signature.there);
	assert_null(signature.signer);
}

static void sockets_that_listen_are_told(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names names = { 0 };

	unix_sockets_listening(
		arena,
		span_of("Num       RefCount Protocol Flags    Type St Inode Path\n"
			"0000000000000000: 00000002 00000000 00010000 0001 01 24567 /run/vhost 1\n"
			"0000000000000000: 00000003 00000000 00000000 0001 03 24568 /run/vhost2\n"
			"0000000000000000: 00000002 00000000 00010000 0001 01 24569 @vhost3\n"
			"0000000000000000: 00000002 00000000 00010000 0001 01 24570 /run/other\n"
			"0000000000000000: 00000002 00000000 00010000 0001 01 24571\n"),
		"vhost", &names);
	assert_int_equal(names.count, 1);
	assert_string_equal(names.items[0], "/run/vhost 1");
}

static void vdpa_answers_are_read(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *at = "mgmtdev pci 0000:01:00.2 2 300000000 33\nnonsense\nmgmtdev - vduse 6 0\n"
			 "dev vdpa0 - vdpasim_net 1 3";
	struct via_vdpa_line line;

	assert_true(vdpa_answer_next(arena, &at, &line));
	assert_int_equal(line.kind, VIA_VDPA_LINE_MANAGEMENT);
	assert_string_equal(line.bus, "pci");
	assert_string_equal(line.name, "0000:01:00.2");
	assert_true(line.features == UINT64_C(0x300000000) && line.max_queues == 33);
	assert_true(vdpa_answer_next(arena, &at, &line));
	assert_int_equal(line.kind, VIA_VDPA_LINE_DEVICE);
	assert_string_equal(line.device, "vdpa0");
	assert_string_equal(line.bus, "");
	assert_false(vdpa_answer_next(arena, &at, &line));
	assert_null(at);
	assert_false(vdpa_answer_next(arena, &at, &line));
}

/* A bridge from bus 0 to buses 1 up to @subordinate, and a PF at 01:00.0 below it. */
static void build_pf(struct via_pci_device *port, struct via_pci_device *pf,
		     struct via_pci_sriov *sriov, uint8_t *config, uint8_t subordinate)
{
	memset(config, 0, 64);
	config[0x0e] = 1;
	config[0x19] = 1;
	config[0x1a] = subordinate;
	*port = (struct via_pci_device){ .name = "0000:00:01.0", .address = { .device = 1 } };
	port->config.span = (struct via_span){ config, 64 };
	*pf = (struct via_pci_device){ .name = "0000:01:00.0", .address = { .bus = 1 } };
	pf->parent = port;
	*sriov = (struct via_pci_sriov){ .total = number(64),
					 .offset = number(128),
					 .stride = number(4) };
	pf->sriov = sriov;
}

static void buses_for_virtual_functions(void **state)
{
	struct via_pci_device port, pf;
	struct via_pci_sriov sriov;
	struct via_pci pci = { 0 };
	struct via_sriov_room room;
	uint8_t config[64];

	build_pf(&port, &pf, &sriov, config, 1);
	room = sriov_room(&pci, &pf); /* 0x100 + 128 + 63 * 4 = 0x27c */
	assert_int_equal(room.last_bus, 2);
	assert_int_equal(room.buses_needed, 1);
	assert_int_equal(room.buses_there, 0);
	build_pf(&port, &pf, &sriov, config, 2);
	assert_int_equal(sriov_room(&pci, &pf).buses_there, 1);
	sriov.stride = number(1);
	assert_int_equal(sriov_room(&pci, &pf).buses_needed, 0);
	sriov.offset = fact_unknown("made up", 5);
	assert_int_equal(sriov_room(&pci, &pf).buses_needed, 0);
}

static void drivers_that_make_virtual_functions(void **state)
{
	_cleanup_host_ struct via_host *host = host_new();
	struct via_pci_sriov sriov = { 0 };
	struct via_pci_device device = { .driver = text("igb"), .sriov = &sriov };
	struct via_dkms_package *package;

	assert_int_equal(sriov_driver_can(host, &device), VIA_PRESENT);
	device.driver = text("i915");
	assert_int_equal(sriov_driver_can(host, &device), VIA_ABSENT);
	package = via_list_add(host->arena, &host->kernel.dkms);
	package->built_for_running = true;
	*via_list_add(host->arena, &package->modules) = "i915";
	assert_int_equal(sriov_driver_can(host, &device), VIA_UNKNOWN);
	device.driver = text("never-heard-of");
	assert_int_equal(sriov_driver_can(host, &device), VIA_UNKNOWN);
	*via_list_add(host->arena, &sriov.virtfns) = "0000:01:00.1";
	assert_int_equal(sriov_driver_can(host, &device), VIA_PRESENT);
	device = (struct via_pci_device){ .driver = fact_absent("made up") };
	assert_int_equal(sriov_driver_can(host, &device), VIA_ABSENT);
	device.driver = fact_unknown("made up", 5);
	assert_int_equal(sriov_driver_can(host, &device), VIA_UNKNOWN);
}

static void graphics_by_their_ids(void **state)
{
	static const struct {
		uint16_t vendor, device;
		enum via_gpu_sharing sharing;
		bool reset_bug;
		const char *family;
	} rows[] = {
		{ 0x8086, 0x3e92, VIA_GPU_GVT_G, false, "Coffee Lake" },
		{ 0x8086, 0x4680, VIA_GPU_SRIOV, false, "Alder Lake" },
		{ 0x8086, 0xa780, VIA_GPU_SRIOV, false, "Raptor Lake" },
		{ 0x8086, 0x8a52, VIA_GPU_WHOLE, false, "Ice Lake" },
		{ 0x8086, 0x56a0, VIA_GPU_WHOLE, false, "Arc A" },
		{ 0x8086, 0x56c0, VIA_GPU_SRIOV, false, "Data Center GPU Flex" },
		{ 0x1002, 0x67df, VIA_GPU_WHOLE, true, "Polaris 10" },
		{ 0x1002, 0x731f, VIA_GPU_WHOLE, true, "Navi 10" },
		{ 0x1002, 0x73bf, VIA_GPU_WHOLE, false, NULL },
		{ 0x10de, 0x2684, VIA_GPU_BY_LICENCE, false, NULL },
	};
	struct via_gpu gpu;

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		struct via_pci_device device = { .class_code = number(0x030000),
						 .vendor = number(rows[i].vendor),
						 .device = number(rows[i].device) };

		assert_true(gpu_of(&device, &gpu));
		assert_int_equal(gpu.sharing, rows[i].sharing);
		assert_int_equal(gpu.reset_bug, rows[i].reset_bug);
		if (rows[i].family)
			assert_string_equal(gpu.family, rows[i].family);
		else
			assert_null(gpu.family);
		device.class_code = number(0x020000);
		assert_false(gpu_of(&device, &gpu));
	}
}

static void links_below_what_both_can(void **state)
{
	struct via_device_link link = {
		.speed = "8", .max_speed = "16", .width = 16, .max_width = 16
	};

	assert_true(device_link_degraded(&link));
	link.port_max_speed = "8";
	link.port_max_width = 16;
	assert_false(device_link_degraded(&link));
	link.width = 8;
	assert_true(device_link_degraded(&link));
	link.port_max_width = 8;
	assert_false(device_link_degraded(&link));
	link.speed = "2.5";
	assert_true(device_link_degraded(&link));
}

static void a_bus_reset_hits_the_neighbours(void **state)
{
	_cleanup_host_ struct via_host *host = host_new();
	const struct via_pci_device *victims[4];
	struct via_pci_device *devices;

	for (int i = 0; i < 5; i++)
		via_list_add(host->arena, &host->pci.devices);
	devices = host->pci.devices.items;
	devices[1].parent = devices[2].parent = &devices[0];
	devices[3].parent = &devices[2];
	assert_int_equal(device_reset_victims(&host->pci, &devices[1], victims, 4), 2);
	assert_ptr_equal(victims[0], &devices[2]);
	assert_ptr_equal(victims[1], &devices[3]);
	assert_int_equal(device_reset_victims(&host->pci, &devices[3], NULL, 0), 0);
	assert_int_equal(device_reset_victims(&host->pci, &devices[4], NULL, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blacklists_are_read),
		cmocka_unit_test(dkms_leaves_kernels_out),
		cmocka_unit_test(dkms_asks_for_a_configuration),
		cmocka_unit_test(dkms_names_its_modules),
		cmocka_unit_test(signatures_name_their_signer),
		cmocka_unit_test(sockets_that_listen_are_told),
		cmocka_unit_test(vdpa_answers_are_read),
		cmocka_unit_test(buses_for_virtual_functions),
		cmocka_unit_test(drivers_that_make_virtual_functions),
		cmocka_unit_test(graphics_by_their_ids),
		cmocka_unit_test(links_below_what_both_can),
		cmocka_unit_test(a_bus_reset_hits_the_neighbours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
