/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"

/* Where the emulated host's scripts are: told, installed, or in the source tree. */
static const char *find_script(void)
{
	static const char *const places[] = { VIADUCT_LAB_DIR "/lab",
					      VIADUCT_SOURCE_DIR "/lab/lab" };
	static char told[4096];
	const char *directory = getenv("VIADUCT_LAB");

	if (directory) {
		snprintf(told, sizeof(told), "%s/lab", directory);
		return access(told, X_OK) == 0 ? told : NULL;
	}
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], X_OK) == 0)
			return places[i];
	return NULL;
}

static int run(struct via_session *session, int argc, char **argv)
{
	const char *script = find_script();
	struct via_error error;

	if (!script) {
		error_set(&error, -ENOENT, "start lab", VIADUCT_LAB_DIR,
			  "its scripts are not there");
		error_hint(&error, "VIADUCT_LAB names the directory that holds them");
		return session_fail(session, &error);
	}
	fflush(stdout);
	if (session->json)
		setenv("VIADUCT_JSON", "1", 1); /* an error of the script's is told likewise */
	execv(script, argv);
	error_set(&error, -errno, "start lab", script, NULL);
	return session_fail(session, &error);
}

const struct via_command command_lab = {
	.name = "lab",
	.usage = "COMMAND...",
	.summary = "The emulated host: try anything without hardware",
	.run = run,
};
