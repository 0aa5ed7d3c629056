/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_guest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "prove/child.h"
#include "prove/guest_firmware.h"
#include "prove/vfio_session.h"
#include "vm/launch.h"
#include "vm/qemu.h"

enum {
	FIRMWARE_LIMIT_S = 40,
	LINUX_LIMIT_S = 150,
	SLACK_MS = 10000, /* until QEMU has been told to end, and has */
	FIRMWARE_MIB = 64,
	LINUX_MIB = 512,
	END_STATUS = 1, /* of QEMU, when the firmware writes 0 to its end port */
};

/* What the host knows of the device just before it goes to the guest. */
struct expected {
	uint16_t vendor, device;
	bool readable;
	uint32_t bar, offset, value;
};

struct guest {
	struct vfio_session *session;
	const struct via_report *report;
	struct via_vm_spec *spec;
	struct expected expected;
	const char *said; /* all that QEMU and the guest wrote */
};

unsigned int guest_extra_ms(bool linux_kernel)
{
	return (linux_kernel ? LINUX_LIMIT_S : FIRMWARE_LIMIT_S) * 1000 + SLACK_MS;
}

/* A page of a BAR that lies where the firmware has room for it. */
static int expect_register(struct guest *guest)
{
	struct vfio_session *session = guest->session;
	struct expected *expected = &guest->expected;
	const struct vfio_region_info *region;
	struct via_span span;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	volatile uint32_t *memory;

	expected->bar = FIRMWARE_NO_BAR;
	for (uint32_t i = 0; i <= VFIO_PCI_BAR5_REGION_INDEX && session->page != UINT64_MAX; i++)
		if (session_region(session, i, &region, &span) == 0 &&
		    session->page >= region->offset &&
		    session->page < region->offset + region->size &&
		    region->size <= FIRMWARE_ROOM) {
			expected->bar = i;
			expected->offset =
				(uint32_t)(session->page - region->offset) + session->telling;
		}
	if (expected->bar == FIRMWARE_NO_BAR || session_enable(session, false) < 0)
		return 0;
	memory = mmap(NULL, page, PROT_READ, MAP_SHARED, session->device_fd, (off_t)session->page);
	if (memory == MAP_FAILED)
		return report_fail(guest->report, -errno, "mmap of a region", NULL);
	expected->value = memory[session->telling / sizeof(*memory)];
	munmap((void *)memory, page);
	expected->readable = true;
	return 0;
}

static int expect(struct guest *guest)
{
	int r = session_config_ids(guest->session, &guest->expected.vendor,
				   &guest->expected.device);

	if (r < 0)
		return report_fail(guest->report, r, "read of configuration space", NULL);
	return expect_register(guest);
}

static bool kvm_is_usable(const struct via_kernel *kernel)
{
	return fact_is(&kernel->kvm_open, VIA_PRESENT) &&
	       fact_is(&kernel->kvm_create_vm, VIA_PRESENT);
}

/* The image is a file of ours that QEMU inherits. */
static int give_firmware(struct guest *guest)
{
	const struct expected *expected = &guest->expected;
	struct via_vm_spec *spec = guest->spec;
	uint8_t image[FIRMWARE_SIZE];
	int fd = memfd_create("firmware", 0);

	firmware_write(image, expected->bar, expected->offset);
	if (fd < 0 || write(fd, image, sizeof(image)) != sizeof(image))
		return report_fail(guest->report, -errno, "memfd_create", NULL);
	spec->bios = arena_printf(guest->session->arena, "/proc/self/fd/%d", fd);
	spec->serial = VIA_SERIAL_NONE;
	spec->memory_mib = FIRMWARE_MIB;
	*via_list_add(guest->session->arena, &spec->extra) = "-debugcon";
	*via_list_add(guest->session->arena, &spec->extra) = "stdio";
	*via_list_add(guest->session->arena, &spec->extra) = "-device";
	*via_list_add(guest->session->arena, &spec->extra) = arena_printf(
		guest->session->arena, "isa-debug-exit,iobase=%#x,iosize=4", FIRMWARE_END_PORT);
	return 0;
}

static void give_linux(struct guest *guest)
{
	guest->spec->kernel = guest->session->guest_kernel;
	guest->spec->initrd = guest->session->guest_initrd;
	guest->spec->append = "console=ttyS0 quiet panic=-1";
	guest->spec->memory_mib = LINUX_MIB;
}

static int describe(struct guest *guest)
{
	struct vfio_session *session = guest->session;
	struct via_vm_spec *spec = guest->spec = spec_new(session->arena);
	bool kvm = kvm_is_usable(&session->host->kernel);

	spec->name = "viaduct-proof";
	spec->accel = kvm ? VIA_ACCEL_KVM : VIA_ACCEL_TCG;
	spec->no_rom = true;
	spec->vf_token = session->vf_token;
	spec->iommufd = session->interface == &vfio_by_iommufd;
	*via_list_add(session->arena, &spec->devices) = session->device->address;
	*via_list_add(session->arena, &spec->extra) = "-no-reboot";
	report_evidence(guest->report, "runs_on",
			kvm ? "KVM" : "QEMU's emulation: KVM is not usable");
	if (!session->guest_kernel)
		return give_firmware(guest);
	give_linux(guest);
	return 0;
}

static const char *last_line(struct via_arena *arena, const char *text)
{
	size_t end = strlen(text), start;

	while (end && (text[end - 1] == '\n' || text[end - 1] == '\r'))
		end--;
	for (start = end; start && text[start - 1] != '\n'; start--)
		;
	return arena_strndup(arena, text + start, end - start);
}

/* cannot_run - QEMU did not even begin, for a reason that is none of the device's */
static bool cannot_run(const struct guest *guest)
{
	if (!guest->spec->iommufd || !strstr(guest->said, "iommufd") ||
	    !(strstr(guest->said, "invalid object type") || strstr(guest->said, "not found")))
		return false;
	report_hint(guest->report, "not possible here, because this QEMU does not know iommufd "
				   "(9.0 does)");
	return true;
}

static int start_failed(const struct guest *guest, int code, const struct via_error *error)
{
	const char *last = last_line(guest->session->arena, guest->said);

	if (code == -ENOENT) {
		report_hint(guest->report,
			    "not possible here, because QEMU (%s) is not in PATH; "
			    "Debian: qemu-system-x86",
			    error->where);
		return CLIMB_SKIP;
	}
	if (*last)
		report_evidence(guest->report, "last_words", "%s", last);
	return report_fail(guest->report, code, "running QEMU", "%s%s%s", error->why,
			   *error->hint ? ": " : "", error->hint);
}

static const char *all_of(struct via_arena *arena, int fd)
{
	enum { MOST = 1 << 20 };
	char *text = arena_alloc(arena, MOST + 1);
	ssize_t n = pread(fd, text, MOST, 0);

	text[n < 0 ? 0 : n] = '\0';
	for (ssize_t i = 0; i < n; i++)
		if (!text[i])
			text[i] = ' ';
	return text;
}

/* 0: it ran, whatever its status; a step otherwise */
static int run(struct guest *guest, int *ret_status)
{
	struct vfio_session *session = guest->session;
	_cleanup_close_ int output = memfd_create("said", MFD_CLOEXEC);
	struct via_launch launch = { .memlock_bytes = spec_memlock_bytes(guest->spec),
				     .limit_s = session->guest_kernel ? LINUX_LIMIT_S
								      : FIRMWARE_LIMIT_S,
				     .dies_with_us = true,
				     .output = output };
	struct via_names words = { 0 };
	struct via_error error = { 0 };
	int r;

	if (output < 0)
		return report_fail(guest->report, -errno, "memfd_create", NULL);
	r = qemu_argv(session->arena, guest->spec, session->host, &words, &error);
	if (r < 0)
		return report_fail(guest->report, r, error.what, "%s: %s", error.where, error.why);
	r = launch_run(&words, &launch, ret_status, &error);
	guest->said = all_of(session->arena, output);
	return r < 0 ? start_failed(guest, r, &error) : 0;
}

/* said - what stands behind "viaduct-guest: NAME " in a line of its own; NULL: it did not say it */
static const char *said(const struct guest *guest, const char *name)
{
	const char *key = arena_printf(guest->session->arena, "viaduct-guest: %s", name);
	const char *found = strstr(guest->said, key);

	if (!found)
		return NULL;
	found += strlen(key);
	found += *found == ' ';
	return arena_strndup(guest->session->arena, found, strcspn(found, "\r\n"));
}

static bool is_gone(const struct guest *guest)
{
	struct via_fact there = root_exists(guest->session->root, guest->session->arena,
					    "sys/bus/pci/devices/%s", guest->session->device->name);

	return fact_is(&there, VIA_ABSENT);
}

static int not_to_the_end(const struct guest *guest, int status)
{
	const char *why = said(guest, "failed:");

	if (cannot_run(guest))
		return CLIMB_SKIP;
	if (is_gone(guest))
		return report_fail(guest->report, -ENODEV, "giving the device to a guest",
				   "it was taken away while it was proved");
	report_evidence(guest->report, "last_words", "%s",
			why ? why : last_line(guest->session->arena, guest->said));
	return report_fail(guest->report, -EIO, "the guest did not come to its end",
			   "QEMU ended with %d: what it said last stands above", status);
}

static int wrong_device(const struct guest *guest, const char *seen)
{
	report_evidence(guest->report, "device", "%s", seen);
	return report_fail(guest->report, -ENODEV, "the guest sees another device",
			   "it was given %04x:%04x", guest->expected.vendor,
			   guest->expected.device);
}

/* A register that changes by itself, or by a reset, may read otherwise. */
static int judge_register(const struct guest *guest)
{
	const struct expected *expected = &guest->expected;
	const char *text = said(guest, "register");
	unsigned int value;

	if (!expected->readable) {
		report_evidence(guest->report, "register",
				"none: no BAR that can be mapped and is small enough");
		return CLIMB_PASS;
	}
	if (!text || sscanf(text, "%8x", &value) != 1)
		return report_fail(guest->report, -EIO, "reading a BAR in the guest",
				   "the BAR could not be placed");
	report_evidence(guest->report, "register",
			"bar%u+%#x: the guest reads 0x%08x, the host 0x%08x", expected->bar,
			expected->offset, value, expected->value);
	if (value == expected->value)
		return CLIMB_PASS;
	if (value == 0 || value == UINT32_MAX)
		return report_fail(guest->report, -EIO, "a register read in the guest",
				   "the guest does not see the device");
	report_hint(guest->report, "it was reset in between; a register may change by that");
	return CLIMB_WARN;
}

static int judge_firmware(const struct guest *guest, int status)
{
	const char *text = said(guest, "ids"), *class = said(guest, "class");
	unsigned int ids;

	if (!said(guest, "done") || status != END_STATUS || !text || sscanf(text, "%8x", &ids) != 1)
		return not_to_the_end(guest, status);
	if ((ids & 0xffff) != guest->expected.vendor || ids >> 16 != guest->expected.device)
		return wrong_device(guest, text);
	report_evidence(guest->report, "device", "%04x:%04x, class %.6s", ids & 0xffff, ids >> 16,
			class ? class : "?");
	return judge_register(guest);
}

/* "device ADDRESS VENDOR:DEVICE DRIVER", and "done" */
static int judge_linux(const struct guest *guest, int status)
{
	const char *text = said(guest, "device"), *kernel = said(guest, "kernel");
	unsigned int vendor, device;
	char address[32], driver[64] = "none";

	if (!said(guest, "done") || status || !text ||
	    sscanf(text, "%31s %4x:%4x %63s", address, &vendor, &device, driver) < 3)
		return not_to_the_end(guest, status);
	if (vendor != guest->expected.vendor || device != guest->expected.device)
		return wrong_device(guest, text);
	if (kernel)
		report_evidence(guest->report, "kernel", "%s", kernel);
	report_evidence(guest->report, "device", "%04x:%04x at %s", vendor, device, address);
	report_evidence(guest->report, "driver", "%s", driver);
	if (strcmp(driver, "none") != 0)
		return CLIMB_PASS;
	report_hint(guest->report, "no driver of the guest has taken it");
	return CLIMB_WARN;
}

int climb_guest(void *context, const struct via_report *report)
{
	struct guest guest = { .session = context, .report = report, .said = "" };
	int status = 0, r = expect(&guest);

	if (r < 0)
		return r;
	session_close(guest.session);
	r = describe(&guest);
	if (r == 0)
		r = run(&guest, &status);
	if (r != 0)
		return r;
	return guest.spec->kernel ? judge_linux(&guest, status) : judge_firmware(&guest, status);
}
