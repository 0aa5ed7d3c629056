/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/fact.h"
#include "base/span.h"
#include "sys/root.h"

/*
 * Questions that no file answers: the CPUID instruction, model specific registers, what
 * /dev/kvm says, who we are.
 * Asked of the live host, or answered from a recording in a captured tree
 * (.viaduct/queries.json); a recording without the answer makes the fact unknown, ENODATA.
 */
struct via_query_ops;

struct via_queries {
	const struct via_query_ops *ops;
	void *context;
};

struct via_cpuid {
	uint32_t eax, ebx, ecx, edx;
};

/* What /dev/kvm answers; asked by really creating (and at once destroying) a VM. */
struct via_kvm_answer {
	struct via_fact open;	     /* number: 1 */
	struct via_fact api_version; /* number: 12 */
	struct via_fact create_vm;   /* number: 1 */
	struct via_fact max_vcpus;   /* KVM_CAP_MAX_VCPUS */
};

/*
 * By which interfaces the host is reached, as names: routes and connections themselves tell
 * whom it talks to, and are nobody's business.
 */
struct via_ways {
	struct via_fact routes_known, sessions_known;
	struct via_names routes;   /* interfaces that carry a default route */
	struct via_names sessions; /* interfaces over which somebody is logged in (SSH) */
};
/* Questions whose answer is a few lines of text. */
enum via_question {
	VIA_ASK_VDPA,	       /* management devices and devices, by generic netlink */
	VIA_ASK_VFS,	       /* what network PFs keep for their VFs, by rtnetlink */
	VIA_ASK_VHOST_SOCKETS, /* lines of proc/net/unix that name vhost; the others are private */
	VIA_QUESTIONS,
};

/* What is to be kept of the kernel's log; the result is ended by a NUL and in @arena. */
typedef const char *via_log_extract(struct via_arena *arena, struct via_span text);

struct via_query_ops {
	int (*cpuid)(void *context, uint32_t leaf, uint32_t subleaf, struct via_cpuid *ret);
	void (*kvm)(void *context, struct via_kvm_answer *ret);
	int (*effective_uid)(void *context, uint32_t *ret);
	void (*ways)(void *context, struct via_arena *arena, struct via_ways *ret);
	int (*text)(void *context, enum via_question question, struct via_arena *arena,
		    const char **ret);
	struct via_fact (*kernel_log)(void *context, struct via_arena *arena,
				      via_log_extract *extract);
	int (*msr)(void *context, uint32_t index, uint64_t *ret);
};

/**
 * query_cpuid - the CPUID instruction, which no kernel parameter or flag clearing colours
 * Return: 0; -ENODATA not recorded, or not an x86 processor; -ENXIO leaf above the maximum
 */
int query_cpuid(const struct via_queries *queries, uint32_t leaf, uint32_t subleaf,
		struct via_cpuid *ret);

/**
 * query_msr - a model specific register of the first processor
 *
 * Needs:  CAP_SYS_RAWIO, and the module msr already loaded: nothing here loads it
 * Effect: none; lockdown forbids writing these registers, not reading them
 * Source: arch/x86/kernel/msr.c
 * Return: 0; -ENODATA not recorded; -ENOENT the module is not loaded; -EACCES, -EPERM;
 *         -EIO the processor, or the hypervisor below, has no such register
 */
int query_msr(const struct via_queries *queries, uint32_t index, uint64_t *ret);

/**
 * query_kvm - open /dev/kvm, ask its version, create a VM
 * Depth: open
 */
void query_kvm(const struct via_queries *queries, struct via_kvm_answer *ret);

/* query_effective_uid - as whom the host is looked at; unknown where not recorded */
struct via_fact query_effective_uid(const struct via_queries *queries);

/* query_ways - by which interfaces the host is reached; names belong to @arena */
void query_ways(const struct via_queries *queries, struct via_arena *arena, struct via_ways *ret);

/* ways_live - the answer of the running host */
void ways_live(void *context, struct via_arena *arena, struct via_ways *ret);

/* ways_captured - what a captured tree holds of the kernel's tables (files below proc/net) */
void ways_captured(const struct via_root *root, struct via_arena *arena, struct via_ways *ret);

/**
 * query_text - ask one of the questions above
 *
 * VIA_ASK_VDPA: see decode/vdpa_answer.h. Ask only where the bus vdpa is there: naming the
 * family to a kernel without it makes the kernel load the module.
 *
 * Return: the fact: text is the answer; unknown where not recorded (ENODATA), not built in
 * here (EOPNOTSUPP) or refused
 */
struct via_fact query_text(const struct via_queries *queries, enum via_question question,
			   struct via_arena *arena);

/* question_name - the question's key in a recording */
const char *question_name(enum via_question question);

/**
 * query_kernel_log - what the kernel's ring buffer holds
 * @extract: makes of it what is wanted; only that is kept, and recorded
 *
 * By syslog(2): one call for the whole buffer, where /dev/kmsg takes one a record, and with
 * the facility that tells the kernel's lines from those that processes wrote into it.
 *
 * Needs:  CAP_SYSLOG where kernel.dmesg_restrict is 1
 * Return: the fact: text is what @extract left; VIA_UNKNOWN with EPERM, or ENODATA where it
 *         was not recorded
 */
struct via_fact query_kernel_log(const struct via_queries *queries, struct via_arena *arena,
				 via_log_extract *extract);

struct via_queries queries_live(void);

/**
 * queries_recorded - answers from a captured tree
 * @ret: valid also where the tree holds no recording: every answer is then unknown
 *
 * Return: 0; -EBADMSG when the recording is damaged
 */
int queries_recorded(struct via_queries *ret, const struct via_root *root, struct via_arena *arena,
		     struct via_error *error);

/**
 * queries_recording - pass questions on, and note what is answered
 * @inner: must outlive the result
 */
struct via_queries queries_recording(const struct via_queries *inner, struct via_arena *arena);

/* queries_recorded_text - all that was noted, as the recording queries_recorded() reads; to be
 * freed; NULL without memory */
char *queries_recorded_text(const struct via_queries *recording);

/* What a fact of query_kernel_log() is called in evidence. */
#define KERNEL_LOG_NAME "kernel log"

#define QUERIES_PATH ".viaduct/queries.json"
