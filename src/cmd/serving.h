/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cmd/command.h"

/**
 * serving_run - serve a disk from a file, from its making to its end
 * @driver: of the bus vdpa; NULL: any
 * Return: an exit status
 */
int serving_run(struct via_session *session, const char *name, const char *file, bool read_only,
		const char *driver);

/* serving_recover - likewise all that viaduct had served and that nobody serves any more */
int serving_recover(struct via_session *session);

/* serving_end - end a device whose server died. Return: an exit status */
int serving_end(struct via_session *session, const char *name);
