/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/command.h"

static const char options_help[] =
	"Options:\n"
	"  --from SOURCE   look at another host: a captured root, a snapshot, the output\n"
	"                  of lspci -xxxx or of dmesg; - is standard input\n"
	"  --root DIR      an offline root, such as a mounted image\n"
	"  --json          print JSON; the keys are stable\n"
	"  --color WHEN    auto, always or never; NO_COLOR is respected\n"
	"  -q, -v          say less, say more\n"
	"  --help          this; viaduct COMMAND --help says more\n"
	"  --version       the version\n"
	"\n"
	"A DEVICE is an address (01:00.0), ids (10de:2684), a class (gpu, nic, nvme,\n"
	"usb, audio), a network, disk or partition name (eth0, nvme0n1p2) or a slot,\n"
	"which stands for the first function in it.\n"
	"\n"
	"Exit status: 0 done; 1 a finding fails; 2 usage; 3 could not do it;\n"
	"4 a reboot is needed; 5 nothing fails, but something could not be told.\n";

void help_print(FILE *file, const struct via_command *command)
{
	if (command) {
		fprintf(file, "Usage: viaduct [OPTIONS] %s%s%s\n\n%s.\n", command->name,
			*command->usage ? " " : "", command->usage, command->summary);
		if (command->help)
			fprintf(file, "\n%s", command->help);
		return;
	}
	fputs("Usage: viaduct [OPTIONS] [COMMAND] [ARGUMENTS]\n\n"
	      "Takes a Linux host from firmware to a virtual machine that owns one of its\n"
	      "devices. Without a command: check.\n\nCommands:\n",
	      file);
	for (size_t i = 0; commands_all()[i]; i++)
		fprintf(file, "  %-14s  %s\n", commands_all()[i]->name, commands_all()[i]->summary);
	fprintf(file, "\n%s", options_help);
}
