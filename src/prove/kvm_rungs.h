/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "prove/kvm_machine.h"
#include "prove/report.h"

/*
 * Rungs that climb with a struct kvm_machine: /dev/kvm, a virtual machine with 64 KiB, its
 * processor; then memory added, logged and taken away.
 */
int climb_kvm_open(void *context, const struct via_report *report);
int climb_vm(void *context, const struct via_report *report);
int climb_vcpu(void *context, const struct via_report *report);
int climb_memslot(void *context, const struct via_report *report);

/* run_to - run to the next exit, which must be the expected one; cited as @name */
struct expected_exit;
int run_to(struct kvm_machine *machine, const struct via_report *report,
	   const struct expected_exit *expected, const char *name);
