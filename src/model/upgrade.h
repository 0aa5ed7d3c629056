/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/fact.h"
#include "base/names.h"
#include "model/module.h"

/**
 * struct via_upgrade - a kernel that is installed and does not run, as guests will find it
 * @looked: upgrade_look() was asked; it fills in the rest
 * @kernel: text: its release; absent: none is newer than the one that runs
 * @modules: of reading its lists of modules
 * @lacking: modules that the running kernel has for guests, and that one has not
 * @named: modules that files name, that the running kernel has, and that one has not
 * @early: text: the file that lists devices to be taken early; absent: there is none
 * @image: its initramfs; not asked unless devices are to be taken early
 * @outside: what takes them, and is not inside
 */
struct via_upgrade {
	bool looked;
	struct via_fact kernel, modules, early, image;
	struct via_names lacking, outside;
	via_list(struct via_named_module) named;
};
