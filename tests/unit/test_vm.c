/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "model/assignable.h"
#include "model/host.h"
#include "vm/admit.h"
#include "vm/launch.h"
#include "vm/qemu.h"

/* A host with KVM and one function, 0000:02:00.1, alone in group 9 and bound to vfio-pci. */
static struct via_host *good_host(void)
{
	struct via_host *host = host_new();
	struct via_pci_device *device = via_list_add(host->arena, &host->pci.devices);
	struct via_pci_group *group = via_list_add(host->arena, &host->pci.groups);

	host->kernel.kvm_open = host->kernel.kvm_create_vm = fact_present("dev/kvm", NULL, 1);
	address_parse("0000:02:00.1", &device->address);
	device->name = "0000:02:00.1";
	device->driver = fact_present(NULL, "vfio-pci", 0);
	device->group = fact_present(NULL, "9", 9);
	group->id = 9;
	*via_list_add(host->arena, &group->devices) = device;
	return host;
}

static void add_member(struct via_host *host, struct via_pci_device *member, const char *driver)
{
	*member = (struct via_pci_device){ .name = "0000:02:00.2",
					   .driver = fact_present(NULL, driver, 0) };
	*via_list_add(host->arena, &host->pci.groups.items[0].devices) = member;
}

static struct via_vm_spec *spec_with_device(struct via_arena *arena)
{
	struct via_vm_spec *spec = spec_new(arena);

	address_parse("02:00.1", via_list_add(arena, &spec->devices));
	return spec;
}

static void fill_nothing(struct via_arena *arena, struct via_vm_spec *spec)
{
}

static void fill_device(struct via_arena *arena, struct via_vm_spec *spec)
{
	spec->kernel = "/boot/vmlinuz";
	spec->initrd = "/tmp/guest.cpio";
	spec->append = "console=ttyS0 quiet";
	spec->memory_mib = 512;
	spec->cpus = 2;
	spec->no_rom = true;
	address_parse("02:00.1", via_list_add(arena, &spec->devices));
}

static void fill_token(struct via_arena *arena, struct via_vm_spec *spec)
{
	spec->vf_token = "11111111-2222-4333-8444-555555555555";
	address_parse("02:00.1", via_list_add(arena, &spec->devices));
}

static void fill_firmware(struct via_arena *arena, struct via_vm_spec *spec)
{
	spec->name = "a,b";
	spec->accel = VIA_ACCEL_TCG;
	spec->serial = VIA_SERIAL_MONITOR;
	spec->firmware = "/usr/share/OVMF/OVMF_CODE_4M.fd";
	spec->firmware_vars = "/var/lib/vars.fd";
	*via_list_add(arena, &spec->disks) = (struct via_vm_disk){ .path = "/d/a,b.img" };
	*via_list_add(arena, &spec->disks) =
		(struct via_vm_disk){ .path = "/d/c", .format = "qcow2", .read_only = true };
	*via_list_add(arena, &spec->extra) = "-no-reboot";
}

static void fill_proof(struct via_arena *arena, struct via_vm_spec *spec)
{
	spec->bios = "/proc/self/fd/7";
	spec->iommufd = true;
	spec->serial = VIA_SERIAL_NONE;
	address_parse("02:00.1", via_list_add(arena, &spec->devices));
}

static void argv_is_as_expected(void **state)
{
	static const struct {
		void (*fill)(struct via_arena *arena, struct via_vm_spec *spec);
		const char *line; /* words joined by '|' */
	} cases[] = {
		{ fill_nothing,
		  "qemu-system-x86_64|-name|guest=guest|-no-user-config|-nodefaults|-machine|"
		  "q35,accel=kvm|-cpu|host|-smp|1|-m|1024M|-display|none|-serial|stdio" },
		{ fill_device,
		  "qemu-system-x86_64|-name|guest=guest|-no-user-config|-nodefaults|-machine|"
		  "q35,accel=kvm|-cpu|host|-smp|2|-m|512M|-display|none|-serial|stdio|"
		  "-kernel|/boot/vmlinuz|-initrd|/tmp/guest.cpio|-append|console=ttyS0 quiet|"
		  "-device|pcie-root-port,id=port0,chassis=1,slot=1|"
		  "-device|vfio-pci,id=device0,bus=port0,host=0000:02:00.1,rombar=0" },
		{ fill_token,
		  "qemu-system-x86_64|-name|guest=guest|-no-user-config|-nodefaults|-machine|"
		  "q35,accel=kvm|-cpu|host|-smp|1|-m|1024M|-display|none|-serial|stdio|"
		  "-device|pcie-root-port,id=port0,chassis=1,slot=1|"
		  "-device|vfio-pci,id=device0,bus=port0,host=0000:02:00.1,"
		  "vf-token=11111111-2222-4333-8444-555555555555" },
		{ fill_firmware,
		  "qemu-system-x86_64|-name|guest=a,,b|-no-user-config|-nodefaults|-machine|"
		  "q35,accel=tcg|-cpu|max|-smp|1|-m|1024M|-display|none|-serial|mon:stdio|-drive|"
		  "if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd|"
		  "-drive|if=pflash,format=raw,unit=1,file=/var/lib/vars.fd|-drive|"
		  "if=none,id=disk0,format=raw,file=/d/a,,b.img|-device|"
		  "virtio-blk-pci,drive=disk0|-drive|"
		  "if=none,id=disk1,format=qcow2,readonly=on,file=/d/c|-device|"
		  "virtio-blk-pci,drive=disk1|-no-reboot" },
		{ fill_proof,
		  "qemu-system-x86_64|-name|guest=guest|-no-user-config|-nodefaults|-machine|"
		  "q35,accel=kvm|-cpu|host|-smp|1|-m|1024M|-display|none|-serial|none|"
		  "-bios|/proc/self/fd/7|-object|iommufd,id=iommufd0|"
		  "-device|pcie-root-port,id=port0,chassis=1,slot=1|"
		  "-device|vfio-pci,id=device0,bus=port0,host=0000:02:00.1,iommufd=iommufd0" },
	};

	for (size_t i = 0; i < VIA_COUNT(cases); i++) {
		_cleanup_host_ struct via_host *host = good_host();
		struct via_vm_spec *spec = spec_new(host->arena);
		const char *line = "";
		struct via_names words;

		cases[i].fill(host->arena, spec);
		assert_int_equal(qemu_argv(host->arena, spec, host, &words, NULL), 0);
		assert_null(words.items[words.count]);
		via_for_each (word, &words)
			line = arena_printf(host->arena, "%s%s%s", line, *line ? "|" : "", *word);
		assert_string_equal(line, cases[i].line);
	}
}

/* refused - with which words @spec is refused */
static int refused(const struct via_host *host, const struct via_vm_spec *spec,
		   struct via_error *error)
{
	struct via_names words = { 0 };
	int r = qemu_argv(host->arena, spec, host, &words, error);

	assert_int_equal(words.count, 0);
	assert_int_equal(error->code, r);
	return r;
}

static void kvm_must_be_known_to_work(void **state)
{
	static const struct {
		struct via_fact create_vm;
		int expected;
		const char *why;
	} cases[] = {
		{ { .known = VIA_NOT_ASKED }, -ENODATA, "nobody asked it" },
		{ { .known = VIA_ABSENT }, -EOPNOTSUPP, "it is not there" },
		{ { .known = VIA_UNKNOWN, .error = EBUSY },
		  -EOPNOTSUPP,
		  "Device or resource busy" },
	};

	for (size_t i = 0; i < VIA_COUNT(cases); i++) {
		_cleanup_host_ struct via_host *host = good_host();
		struct via_error error = { 0 };

		host->kernel.kvm_create_vm = cases[i].create_vm;
		assert_int_equal(refused(host, spec_new(host->arena), &error), cases[i].expected);
		assert_string_equal(error.why, cases[i].why);
	}
}

static void a_device_must_be_bound_to_vfio(void **state)
{
	static const struct {
		struct via_fact driver;
		int expected;
		const char *why;
	} cases[] = {
		{ { .known = VIA_PRESENT, .text = "igb" }, -ENODEV, "bound to igb" },
		{ { .known = VIA_PRESENT, .text = "vfio-pci-not" }, -ENODEV, "vfio-pci-not" },
		{ { .known = VIA_ABSENT }, -ENODEV, "no driver" },
		{ { .known = VIA_UNKNOWN, .error = EACCES }, -ENODATA, "could not be told" },
		{ { .known = VIA_NOT_ASKED }, -ENODATA, "could not be told" },
		{ { .known = VIA_PRESENT, .text = "mlx5_vfio_pci" }, 0, "" },
	};

	for (size_t i = 0; i < VIA_COUNT(cases); i++) {
		_cleanup_host_ struct via_host *host = good_host();
		struct via_error error = { 0 };
		int r;

		host->pci.devices.items[0].driver = cases[i].driver;
		r = spec_admit(spec_with_device(host->arena), host, &error);
		assert_int_equal(r, cases[i].expected);
		assert_non_null(strstr(error.why, cases[i].why));
	}
}

static void a_group_must_be_free_of_others(void **state)
{
	_cleanup_host_ struct via_host *host = good_host();
	struct via_vm_spec *spec = spec_with_device(host->arena);
	struct via_pci_device bridge, nic;
	struct via_error error = { 0 };

	add_member(host, &bridge, "pcieport");
	assert_int_equal(spec_admit(spec, host, &error), 0);
	add_member(host, &nic, "igb");
	assert_int_equal(refused(host, spec, &error), -EPERM);
	assert_non_null(strstr(error.why, "0000:02:00.2, bound to igb"));
}

static void a_group_must_have_an_iommu(void **state)
{
	_cleanup_host_ struct via_host *host = good_host();
	struct via_vm_spec *spec = spec_with_device(host->arena);
	struct via_error error = { 0 };

	host->pci.groups.items[0].name = fact_present(NULL, "vfio-noiommu", 0);
	assert_int_equal(refused(host, spec, &error), -ENODEV);
	host->pci.devices.items[0].group = (struct via_fact){ .known = VIA_ABSENT };
	assert_int_equal(refused(host, spec, &error), -ENODEV);
	host->pci.devices.items[0].group = fact_unknown(NULL, EACCES);
	assert_int_equal(refused(host, spec, &error), -ENODATA);
}

static void what_somebody_uses_is_refused(void **state)
{
	_cleanup_host_ struct via_host *host = good_host();
	struct via_error error = { 0 };

	*via_list_add(host->arena, &host->pci.devices.items[0].holders) =
		(struct via_holder){ .by = "vfio", .what = "qemu, process 7" };
	assert_int_equal(refused(host, spec_with_device(host->arena), &error), -EBUSY);
	assert_non_null(strstr(error.why, "qemu, process 7"));
}

static void nonsense_is_refused(void **state)
{
	_cleanup_host_ struct via_host *host = good_host();
	struct via_vm_spec *twice = spec_with_device(host->arena);
	struct via_vm_spec *nowhere = spec_new(host->arena), *empty = spec_new(host->arena);
	struct via_error error = { 0 };

	address_parse("02:00.1", via_list_add(host->arena, &twice->devices));
	address_parse("05:00.0", via_list_add(host->arena, &nowhere->devices));
	empty->memory_mib = 0;
	assert_int_equal(refused(host, twice, &error), -EINVAL);
	assert_int_equal(refused(host, nowhere, &error), -ENODEV);
	assert_string_equal(error.where, "0000:05:00.0");
	assert_int_equal(refused(host, empty, &error), -EINVAL);
}

static void only_guests_with_devices_lock_memory(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	assert_int_equal(spec_memlock_bytes(spec_new(arena)), 0);
	assert_int_equal(spec_memlock_bytes(spec_with_device(arena)), 2ULL << 30);
}

static void shells_get_the_same_words(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *items[] = { "qemu", "-append", "a 'b' $c", "" };
	struct via_names words = { .items = items, .count = VIA_COUNT(items) };

	assert_string_equal(shell_line(arena, &words), "qemu \\\n\t-append 'a '\\''b'\\'' $c' ''");
}

/* ---- running ---- */

static int run(const char *script, const struct via_launch *launch, int *status,
	       struct via_error *error)
{
	const char *items[] = { "sh", "-c", script, NULL };
	struct via_names words = { .items = items, .count = 3 };

	return launch_run(&words, launch, status, error);
}

static void statuses_come_back(void **state)
{
	static const struct via_launch launch = { 0 };
	int status = -1;

	assert_int_equal(run("exit 7", &launch, &status, NULL), 0);
	assert_int_equal(status, 7);
	assert_int_equal(run("kill -9 $$", &launch, &status, NULL), 0);
	assert_int_equal(status, 128 + 9);
}

static void a_limit_ends_it(void **state)
{
	static const struct via_launch launch = { .limit_s = 1 };
	struct via_error error = { 0 };
	int status = 42;

	assert_int_equal(run("exec sleep 60", &launch, &status, &error), -ETIMEDOUT);
	assert_int_equal(status, 42);
	assert_int_equal(error.code, -ETIMEDOUT);
	assert_int_equal(run("exit 3", &launch, &status, &error), 0);
	assert_int_equal(status, 3);
}

static void what_is_not_there_is_told(void **state)
{
	static const struct via_launch launch = { 0 };
	const char *items[] = { "no-such-emulator", NULL };
	struct via_names words = { .items = items, .count = 1 };
	const char *directory[] = { "/", NULL };
	struct via_names no_program = { .items = directory, .count = 1 };
	struct via_error error = { 0 };
	int status;

	assert_int_equal(launch_run(&words, &launch, &status, &error), -ENOENT);
	assert_string_equal(error.where, "no-such-emulator");
	assert_int_equal(launch_run(&no_program, &launch, &status, &error), -EACCES);
}

static void output_can_go_elsewhere(void **state)
{
	struct via_launch launch = { 0 };
	int fds[2], status;
	char text[8] = "";

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	launch.output = fds[1];
	assert_int_equal(run("echo here", &launch, &status, NULL), 0);
	assert_int_equal(read(fds[0], text, sizeof(text) - 1), 5);
	assert_string_equal(text, "here\n");
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(argv_is_as_expected),
		cmocka_unit_test(kvm_must_be_known_to_work),
		cmocka_unit_test(a_device_must_be_bound_to_vfio),
		cmocka_unit_test(a_group_must_be_free_of_others),
		cmocka_unit_test(a_group_must_have_an_iommu),
		cmocka_unit_test(what_somebody_uses_is_refused),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(only_guests_with_devices_lock_memory),
		cmocka_unit_test(shells_get_the_same_words),
		cmocka_unit_test(statuses_come_back),
		cmocka_unit_test(a_limit_ends_it),
		cmocka_unit_test(what_is_not_there_is_told),
		cmocka_unit_test(output_can_go_elsewhere),
	};

	return cmocka_run_group_tests_name("vm", tests, NULL, NULL);
}
