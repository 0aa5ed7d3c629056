/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/finding.h"
#include "model/host.h"

/**
 * struct via_rule - one judgement, a pure function of the host
 * @id: stable, dotted: scripts compare it
 * @eval: cites what it rests on, sets detail and remedy, returns the verdict. A fact it
 *        needs that is unknown makes VIA_CANNOT_TELL, never VIA_PASS.
 */
struct via_rule {
	const char *id;
	enum via_layer layer;
	const char *title;
	const char *source;
	enum via_verdict (*eval)(const struct via_host *host, struct via_finding *finding);
};

struct via_rule_table {
	const struct via_rule *rules;
	size_t count;
};

extern const struct via_rule_table firmware_rules, device_rules, device_virtual_rules,
	device_graphics_rules, device_dkms_rules, device_declared_rules, device_keeper_rules,
	device_baseline_rules, holder_rules;
extern const struct via_rule_table kernel_kvm_rules, kernel_iommu_rules, kernel_iommu_group_rules,
	kernel_unsafe_rules, kernel_vfio_rules, kernel_vfio_id_rules, kernel_command_line_rules,
	kernel_module_rules, kernel_boot_rules, kernel_upgrade_rules, kernel_graphics_rules,
	kernel_memory_rules, kernel_surrounding_rules, descent_early_rules, descent_late_rules;

/* Those that rest on the kernel log. */
extern const struct via_rule_table log_firmware_rules, log_kernel_rules, log_fault_rules,
	log_device_rules;

/**
 * rules_run - judge a host by every table
 * Return: the findings, in the order of the layers; they live in @arena
 */
struct via_findings rules_run(struct via_arena *arena, const struct via_host *host);

/* rule_at - every rule in turn, in the order of the layers; NULL behind the last */
const struct via_rule *rule_at(size_t index);

/* rule_find - the rule of that id, or NULL */
const struct via_rule *rule_find(const char *id);

/*
 * What several rules ask of a host.
 */

/* host_iommu_table - the table this host's maker would write: DMAR, IVRS, or whichever is
 * there; never NULL */
const struct via_iommu_table *host_iommu_table(const struct via_host *host);

/* host_iommu_word - "VT-d", "AMD-Vi" or "IOMMU" */
const char *host_iommu_word(const struct via_host *host);

/**
 * host_direct_refusal - what the kernel logs when a device goes to a guest whose memory firmware
 * goes on using (RMRR, IVMD: "direct")
 *
 * Before 6.6 only Intel's driver refused such a device.
 * Return: NULL where this kernel lets it go
 */
const char *host_direct_refusal(const struct via_host *host);

/* host_is_guest - whether a hypervisor is known to be below */
bool host_is_guest(const struct via_host *host);

/**
 * finding_untold_sriov - whether "no SR-IOV here" is more than can be said
 * @found: functions with SR-IOV that were found; with one of them there is nothing to ask
 *
 * Return: true, with the first function cited of which it could not be told
 */
bool finding_untold_sriov(struct via_finding *finding, const struct via_host *host, size_t found);

/* host_is_no_x86 - cpuinfo was read, and has none of the lines of x86 */
bool host_is_no_x86(const struct via_host *host);

/* host_untold_sriov - the first function of which it could not be told whether it has SR-IOV,
 * or NULL */
const struct via_fact *host_untold_sriov(const struct via_host *host);

/* host_untold_class - the first function of which it could not be told what it is, or NULL */
const struct via_fact *host_untold_class(const struct via_host *host);

/* host_untold_place - likewise of which it could not be told what bridge is above, or NULL */
const struct via_fact *host_untold_place(const struct via_host *host);

/* host_board - "ASUSTeK PRIME X570-P, BIOS 4021 (08/09/2021)", or "" when not told */
const char *host_board(const struct via_host *host, struct via_arena *arena);
