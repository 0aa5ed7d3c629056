/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>
#include <stdio.h>

/**
 * judge_untold - whether @after says nothing that @before did not, but that something could
 * not be told
 *
 * A verdict stays or becomes unknown. A value stays or becomes null, and a null of a device
 * stands among its unknowns. A list keeps all it had, or becomes null.
 *
 * Return: how many complaints went to @out
 */
int judge_untold(json_t *before, json_t *after, FILE *out);
