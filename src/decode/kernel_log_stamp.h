/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * struct via_log_stamp - what stands before a message
 * @message: the message, inside the line
 * @stamped: something did: a priority, a time, the word "kernel:"
 * @foreign: it is not the kernel that speaks
 */
struct via_log_stamp {
	const char *message;
	bool stamped, foreign, has_time;
	uint64_t time_us;
};

/* log_stamp_read - take off quoting, priority, time, host name, caller */
struct via_log_stamp log_stamp_read(const char *line);
