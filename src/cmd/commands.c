/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include "cmd/command.h"

/* The order is that of the help: look, plan, change, prove, run. */
static const struct via_command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "cmd/commands.def"
#undef COMMAND
	NULL,
};

const struct via_command *const *commands_all(void)
{
	return commands;
}
