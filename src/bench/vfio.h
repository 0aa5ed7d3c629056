/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "bench/measure.h"
#include "prove/vfio_session.h"

/**
 * vfio_begin - open the device that the user has named, and attach its group
 * @ret: to be given back with session_close() where its arena is set
 *
 * Return: CLIMB_PASS; CLIMB_SKIP none was named; a negative errno, reported
 */
int vfio_begin(const struct bench_context *context, const struct via_report *report,
	       struct vfio_session *ret);
