/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cmd/command.h"

/**
 * at_boot_apply - make a host live what it declares, as the boot-time unit does
 * @file: the declaration
 * @wait_s: how long to wait for devices and their drivers that are not there yet
 *
 * Each entry is a transaction of its own: one that fails or is refused leaves the others
 * alone, and is told. What waits for a reboot is left out.
 *
 * Return: an exit status; VIA_EXIT_COULD_NOT where one entry or more could not be made
 */
int at_boot_apply(struct via_session *session, const char *file, unsigned int wait_s);
