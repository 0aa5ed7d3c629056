/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * struct via_sriov_refusal - a count of VFs that the kernel did not take
 * @error: positive errno of the write; 0: it took it, and made fewer
 * @wanted, @total: VFs asked for, and sriov_totalvfs as it is now
 * @present: VFs that are there
 * @driver: of the PF; NULL for none
 * @bars_unset: the PF has BARs for VFs, and they have no address
 * @log: what the kernel said of the PF meanwhile, "\n" between lines; "" where it said
 *       nothing or could not be asked
 */
struct via_sriov_refusal {
	int error;
	uint64_t wanted, total, present;
	const char *driver;
	bool bars_unset;
	const char *log;
};

/* struct via_sriov_cause - why, and the one thing that helps against it */
struct via_sriov_cause {
	const char *words, *remedy;
};

/**
 * sriov_cause - which of the causes of an errno it was
 *
 * Source: sriov_numvfs_store() and sriov_enable() in drivers/pci/iov.c
 * Return: the cause; NULL where nothing more than the errno can be told
 */
const struct via_sriov_cause *sriov_cause(const struct via_sriov_refusal *refusal);
