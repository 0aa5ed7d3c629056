/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/bench.h"
#include "render/paper.h"

/* text_bench - the ladder as a table, and what could not be measured with the reason */
void text_bench(const struct via_paper *paper, const struct via_bench *bench);
