/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "serve/disk.h"

/**
 * vduse_create_disk - make a device that shows a disk; serve_disk() then does its work
 *
 * Return: as vduse_create()
 */
int vduse_create_disk(const char *name, const struct disk *disk);
