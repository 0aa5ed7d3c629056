/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cmd/command.h"

#define COMMAND(name) extern const struct via_command command_##name;
#include "cmd/commands.def"
#undef COMMAND
