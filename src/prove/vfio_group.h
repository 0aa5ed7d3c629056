/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "prove/vfio_session.h"

/* The parts of vfio_by_group. */
int group_open(struct vfio_session *session, const struct via_report *report);
int group_attach(struct vfio_session *session, const struct via_report *report);
