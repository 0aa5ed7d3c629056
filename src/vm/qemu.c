/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vm/qemu.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "vm/admit.h"

/* A command being written: where the words go. */
struct command {
	struct via_arena *arena;
	struct via_names words;
};

static void add(struct command *command, const char *word)
{
	*via_list_add(command->arena, &command->words) = word;
}

static void add_option(struct command *command, const char *option, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void add_option(struct command *command, const char *option, const char *format, ...)
{
	va_list arguments;

	add(command, option);
	va_start(arguments, format);
	add(command, arena_vprintf(command->arena, format, arguments));
	va_end(arguments);
}

/* escaped - a value inside an option list, where a comma has to be doubled */
static const char *escaped(struct via_arena *arena, const char *value)
{
	char *text = arena_alloc(arena, 2 * strlen(value) + 1), *end = text;

	for (; *value; value++) {
		if (*value == ',')
			*end++ = ',';
		*end++ = *value;
	}
	return text;
}

static void add_machine(struct command *command, const struct via_vm_spec *spec)
{
	bool kvm = spec->accel == VIA_ACCEL_KVM;

	add_option(command, "-name", "guest=%s", escaped(command->arena, spec->name));
	add(command, "-no-user-config");
	add(command, "-nodefaults");
	add_option(command, "-machine", "q35,accel=%s", kvm ? "kvm" : "tcg");
	add_option(command, "-cpu", "%s", spec->cpu ? spec->cpu : kvm ? "host" : "max");
	add_option(command, "-smp", "%u", spec->cpus);
	add_option(command, "-m", "%" PRIu64 "M", spec->memory_mib);
}

static void add_console(struct command *command, const struct via_vm_spec *spec)
{
	static const char *const serials[] = {
		[VIA_SERIAL_STDIO] = "stdio",
		[VIA_SERIAL_MONITOR] = "mon:stdio",
		[VIA_SERIAL_NONE] = "none",
	};

	add_option(command, "-display", "none");
	add_option(command, "-serial", "%s", serials[spec->serial]);
}

static void add_boot(struct command *command, const struct via_vm_spec *spec)
{
	if (spec->bios)
		add_option(command, "-bios", "%s", spec->bios);
	if (spec->firmware)
		add_option(command, "-drive", "if=pflash,format=raw,unit=0,readonly=on,file=%s",
			   escaped(command->arena, spec->firmware));
	if (spec->firmware_vars)
		add_option(command, "-drive", "if=pflash,format=raw,unit=1,file=%s",
			   escaped(command->arena, spec->firmware_vars));
	if (spec->kernel)
		add_option(command, "-kernel", "%s", spec->kernel);
	if (spec->initrd)
		add_option(command, "-initrd", "%s", spec->initrd);
	if (spec->append)
		add_option(command, "-append", "%s", spec->append);
}

static void add_devices(struct command *command, const struct via_vm_spec *spec)
{
	unsigned int n = 0;

	if (spec->iommufd && spec->devices.count)
		add_option(command, "-object", "iommufd,id=iommufd0");
	via_for_each (address, &spec->devices) {
		char text[PCI_ADDRESS_TEXT];

		add_option(command, "-device", "pcie-root-port,id=port%u,chassis=%u,slot=%u", n,
			   n + 1, n + 1);
		add_option(command, "-device", "vfio-pci,id=device%u,bus=port%u,host=%s%s%s%s%s", n,
			   n, address_format(*address, text),
			   spec->iommufd ? ",iommufd=iommufd0" : "",
			   spec->no_rom ? ",rombar=0" : "",
			   spec->vf_token ? ",vf-token=" : "", spec->vf_token ?: "");
		n++;
	}
}

static void add_disks(struct command *command, const struct via_vm_spec *spec)
{
	unsigned int n = 0;

	via_for_each (disk, &spec->disks) {
		add_option(command, "-drive", "if=none,id=disk%u,format=%s%s,file=%s", n,
			   disk->format ? disk->format : "raw",
			   disk->read_only ? ",readonly=on" : "",
			   escaped(command->arena, disk->path));
		add_option(command, "-device", "virtio-blk-pci,drive=disk%u", n);
		n++;
	}
}

int qemu_argv(struct via_arena *arena, const struct via_vm_spec *spec, const struct via_host *host,
	      struct via_names *ret, struct via_error *error)
{
	struct command command = { .arena = arena };
	int r = spec_admit(spec, host, error);

	if (r < 0)
		return r;
	add(&command, "qemu-system-x86_64");
	add_machine(&command, spec);
	add_console(&command, spec);
	add_boot(&command, spec);
	add_devices(&command, spec);
	add_disks(&command, spec);
	via_for_each (word, &spec->extra)
		add(&command, *word);
	add(&command, NULL);
	command.words.count--;
	*ret = command.words;
	return 0;
}

static bool is_plain(const char *word)
{
	return *word && strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_-+=/.,:@%") == strlen(word);
}

/* Single quotes protect everything but themselves. */
static const char *quoted(struct via_arena *arena, const char *word)
{
	char *text, *end;

	if (is_plain(word))
		return word;
	end = text = arena_alloc(arena, 4 * strlen(word) + 3);
	*end++ = '\'';
	for (; *word; word++)
		end = *word == '\'' ? stpcpy(end, "'\\''") : (*end = *word, end + 1);
	*end = '\'';
	return text;
}

const char *shell_line(struct via_arena *arena, const struct via_names *words)
{
	const char *line = "";

	via_for_each (word, words) {
		const char *between = word == words->items ? "" : **word == '-' ? " \\\n\t" : " ";

		line = arena_printf(arena, "%s%s%s", line, between, quoted(arena, *word));
	}
	return line;
}
