/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/history.h"
#include "apply/journal.h"
#include "apply/lock.h"
#include "apply/release.h"
#include "apply/run.h"
#include "apply/undo.h"
#include "kernel.h"

#define IGB    "0000:01:00.0"
#define IGB_VF "0000:01:10.0"
#define NVME   "0000:02:00.0"
#define VF1    "0000:02:00.1"
#define EDU    "0000:03:00.0"
#define GPU    "0000:04:00.0"
#define AUDIO  "0000:04:00.1"

/* A fake host as it is at the start of a test, with what the test tells it to do. */
struct scene {
	struct fake_kernel kernel;
	struct via_world world;
	struct via_arena *arena;
	struct via_plan plan;
	struct via_error error;
	struct via_apply_options options;
	char *before;			      /* picture of the tree at the start */
	unsigned int told[VIA_STEP_OUTCOMES]; /* reports by outcome */
	const char *details;		      /* of the last report that had any */
};

/* setup and teardown of a cmocka test; *state is the scene */
int scene_begin(void **state);
int scene_end(void **state);

void scene_add(struct scene *scene, enum via_action_kind kind, const char *target,
	       const char *identity, const char *expected, const char *wanted);
/* scene_take - plan to take a device from @driver ("": none) to vfio-pci */
void scene_take(struct scene *scene, const char *address, const char *identity, const char *driver);
/* scene_nvme_vf - plan one NVMe VF with queues of its own, on vfio-pci */
void scene_nvme_vf(struct scene *scene);
/* scene_file - plan a file to have that content; NULL: to be gone */
void scene_file(struct scene *scene, const char *path, const char *content);
/* scene_clear - an empty plan again */
void scene_clear(struct scene *scene);

int scene_apply(struct scene *scene);
int scene_rollback(struct scene *scene, unsigned int id);
int scene_recover(struct scene *scene);

/* scene_unchanged - whether the tree is as at the start; the first difference is printed */
bool scene_unchanged(const struct scene *scene);

/* scene_remember - take the tree as it is now for the start */
void scene_remember(struct scene *scene);

/* scene_boot - another boot id, as a reboot gives; what is there then is the start */
void scene_boot(struct scene *scene);
/* scene_set_boot - that boot id (1 at the start), and nothing else */
void scene_set_boot(struct scene *scene, int number);

/**
 * scene_run_until - @act in a process that dies at point @at of crash.h; 0: at none
 * Return: 0 when it ended, 1 when it died; the test fails on any other end
 */
int scene_run_until(struct scene *scene, int (*act)(struct scene *scene), unsigned long at);
