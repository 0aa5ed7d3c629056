/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

/* capability_held - whether this process has CAP_… in effect: root inside a container often lacks
 * some, so the question is not who we are */
bool capability_held(unsigned int capability);
