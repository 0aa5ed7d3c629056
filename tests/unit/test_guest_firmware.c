/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The firmware of the rung guest, in a machine of QEMU's with a device of QEMU's. */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "prove/guest_firmware.h"
#include "vm/launch.h"

static const char *words[] = { "qemu-system-x86_64",
			       "-nodefaults",
			       "-no-user-config",
			       "-machine",
			       "q35,accel=tcg",
			       "-display",
			       "none",
			       "-debugcon",
			       "stdio",
			       "-device",
			       "isa-debug-exit,iobase=0xf4,iosize=4",
			       "-bios",
			       NULL, /* the image */
			       NULL, /* and what the machine has */
			       NULL,
			       NULL,
			       NULL,
			       NULL };
enum { IMAGE = 12, DEVICES = 13, FIXED = 13 };

/* boot - the firmware, with two more options at most; what it said in @text */
static int boot(uint32_t bar, uint32_t offset, const char *port, const char *device, char *text,
		size_t size)
{
	int output = memfd_create("said", MFD_CLOEXEC), image = memfd_create("image", 0), status;
	uint8_t bytes[FIRMWARE_SIZE];
	struct via_names command = { .items = words, .count = FIXED };
	char path[64];
	ssize_t n;

	firmware_write(bytes, bar, offset);
	assert_int_equal(write(image, bytes, sizeof(bytes)), sizeof(bytes));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", image);
	words[IMAGE] = path;
	words[DEVICES] = words[DEVICES + 2] = "-device";
	words[DEVICES + 1] = port;
	words[DEVICES + 3] = device;
	command.count = FIXED + 4;
	assert_int_equal(launch_run(&command,
				    &(struct via_launch){ .limit_s = 60, .output = output },
				    &status, NULL),
			 0);
	n = pread(output, text, size - 1, 0);
	text[n < 0 ? 0 : n] = '\0';
	close(output);
	close(image);
	return status;
}

static void skip_without_qemu(void)
{
	char path[4096];

	if (launch_find(words[0], path, sizeof(path)) < 0)
		skip();
}

static void a_device_is_seen_and_read(void **state)
{
	char text[1024];

	skip_without_qemu();
	assert_int_equal(
		boot(0, 0, "pcie-root-port,id=p,chassis=1,slot=1", "edu,bus=p", text, sizeof(text)),
		1);
	assert_string_equal(text, "viaduct-guest: ids 11e81234\n"
				  "viaduct-guest: class 00ff0010\n"
				  "viaduct-guest: size fff00000\n"
				  "viaduct-guest: register 010000ed\n"
				  "viaduct-guest: done 00000000\n");
	/* another register: what was written there by nobody is 0, inverted when it is written */
	boot(0, 4, "pcie-root-port,id=p,chassis=1,slot=1", "edu,bus=p", text, sizeof(text));
	assert_non_null(strstr(text, "register 00000000\n"));
}

static void no_bar_is_asked_for(void **state)
{
	char text[1024];

	skip_without_qemu();
	assert_int_equal(boot(FIRMWARE_NO_BAR, 0, "pcie-root-port,id=p,chassis=1,slot=1",
			      "edu,bus=p", text, sizeof(text)),
			 1);
	assert_non_null(strstr(text, "ids 11e81234\n"));
	assert_null(strstr(text, "register"));
	assert_non_null(strstr(text, "done 00000000\n"));
}

static void where_there_is_no_bridge_it_says_so(void **state)
{
	char text[1024];

	skip_without_qemu();
	assert_int_equal(boot(0, 0, "edu", "edu", text, sizeof(text)), 1);
	assert_string_equal(text, "viaduct-guest: no bridge 00000000\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_is_seen_and_read),
		cmocka_unit_test(no_bar_is_asked_for),
		cmocka_unit_test(where_there_is_no_bridge_it_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
