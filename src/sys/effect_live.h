/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "sys/effect.h"

/* The parts of effects_live(); their context is the root. For src/sys alone. */
enum { EFFECT_LIMIT_MS = 30 * 1000 };

int live_write(void *context, const char *path, const char *value);

/*
 * A module is unloaded as `modprobe -r` does it: with it goes what loading it brings along,
 * as far as nothing else uses that.
 */
int live_load_module(void *context, const char *name);
int live_unload_module(void *context, const char *name, const char *keep);

int live_nvme_get(void *context, const char *controller, unsigned int function,
		  struct via_nvme_secondary *ret);
int live_nvme_set(void *context, const char *controller, unsigned int function,
		  const char *function_address, const struct via_nvme_secondary *wanted);

int live_file_put(void *context, const struct via_file_put *put);
int live_file_remove(void *context, const char *path);
int live_file_tidy(void *context, const char *path);
int live_directory_make(void *context, const char *path);
int live_directory_remove(void *context, const char *path);
int live_program_run(void *context, const char *const *words, const char *scratch,
		     struct via_arena *arena, const char **ret_said);
int live_efi_variable(void *context, const char *path, struct via_span bytes);
int live_vdpa_add(void *context, const struct via_vdpa_wish *wish);
int live_vdpa_remove(void *context, const char *name);
int live_vf_get(void *context, const char *interface, unsigned int function,
		enum via_vf_setting setting, char ret[VF_SETTING_TEXT]);
int live_vf_set(void *context, const char *interface, unsigned int function,
		enum via_vf_setting setting, const char *value);
int live_eswitch_get(void *context, const char *address, const char **ret);
int live_eswitch_set(void *context, const char *address, const char *mode);
