/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdio.h>

#include "model/bench.h"

/**
 * svg_bench - the ladder as a picture: a row a measurement, time to the right, each ten times
 * the one before; what could not be measured is named below
 *
 * One file without script or anything fetched, for light and for dark readers.
 *
 * Return: 0; -EIO what stdio met
 */
int svg_bench(FILE *file, const struct via_bench *bench);
