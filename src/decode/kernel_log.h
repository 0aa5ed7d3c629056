/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/span.h"

/* What a line of the kernel's log can say that bears on giving devices away. */
enum via_log_kind {
	VIA_LOG_VERSION,	    /* "Linux version": the log begins here; word: the release */
	VIA_LOG_COMMAND_LINE,	    /* text */
	VIA_LOG_UNKNOWN_PARAMETERS, /* text: the words, values left out */
	VIA_LOG_UNKNOWN_OPTION,	    /* word: an option that an IOMMU driver does not know */
	VIA_LOG_MACHINE,	    /* text: maker, product, firmware */
	VIA_LOG_HYPERVISOR,	    /* word */

	VIA_LOG_FUNCTION,	/* word: vendor:device; at: class */
	VIA_LOG_BRIDGE,		/* number: secondary bus; at: subordinate bus */
	VIA_LOG_GROUP_ADDED,	/* number: the group */
	VIA_LOG_GROUP_REMOVED,	/* likewise */
	VIA_LOG_GROUP_FAILED,	/* likewise */
	VIA_LOG_ACS_OVERRIDDEN, /* by a patch that no released kernel has */
	VIA_LOG_ACS_QUIRK,	/* the kernel isolates a port by a quirk */
	VIA_LOG_ACS_CHANGED,	/* number: the control register, by pci=config_acs= */

	VIA_LOG_IOMMU_ASKED,  /* only that the parameter was understood */
	VIA_LOG_IOMMU_DENIED, /* likewise, the other way */
	VIA_LOG_IOMMU_FORCED, /* on because firmware asks for it */
	VIA_LOG_IOMMU_UP,     /* a unit, or the driver, really works */
	VIA_LOG_IOMMU_FAILED,
	VIA_LOG_DOMAIN_TYPE, /* word: Translated, Passthrough */
	VIA_LOG_REMAPPING_ON,
	VIA_LOG_REMAPPING_OFF,
	VIA_LOG_X2APIC_ON,
	VIA_LOG_X2APIC_OPTED_OUT,
	VIA_LOG_ATS_OFF,

	VIA_LOG_KVM_DISABLED, /* by firmware */
	VIA_LOG_KVM_UNSUPPORTED,
	VIA_LOG_KVM_NESTED,

	VIA_LOG_FAULT_STATUS,	  /* that there are faults; the next line names them */
	VIA_LOG_FAULT_DMA,	  /* word: what was tried; at: address; number: reason or flags */
	VIA_LOG_FAULT_INTERRUPT,  /* at: index; number: reason */
	VIA_LOG_FAULT_TABLE,	  /* a table of the IOMMU is wrong; word: the event */
	VIA_LOG_FAULT_TIMEOUT,	  /* a device or unit does not answer invalidations */
	VIA_LOG_FAULT_SUPPRESSED, /* number: faults that were not printed */
	VIA_LOG_FIRMWARE_BUG,	  /* about the IOMMU; text */
	VIA_LOG_RESERVED_DEVICE,  /* firmware keeps it: it cannot be given away */

	VIA_LOG_BAR_BUSY, /* number: BAR; somebody else has its addresses */
	VIA_LOG_ROM_BAD,
	VIA_LOG_RESET_SLOW,   /* number: ms; word: the kind of reset */
	VIA_LOG_RESET_FAILED, /* likewise: given up */
	VIA_LOG_RESET_RECOVERED,
	VIA_LOG_POWER_STUCK,	/* word: the state it stays in */
	VIA_LOG_RELEASE_WAITS,	/* a driver waits for a guest to let go */
	VIA_LOG_PROBE_FAILED,	/* word: driver; number: positive errno */
	VIA_LOG_VFIO_REFUSED,	/* text: why */
	VIA_LOG_VFIO_REMAPPING, /* refused for want of interrupt remapping */
	VIA_LOG_VFIO_UNSAFE,	/* no-IOMMU mode was used */
	VIA_LOG_MEMLOCK,
	VIA_LOG_VGA, /* text: what became of VGA decoding */

	VIA_LOG_SRIOV_NO_MEMORY,
	VIA_LOG_SRIOV_NO_BUSES,
	VIA_LOG_SRIOV_DRIVER,
	VIA_LOG_VF_BAR_NO_SPACE, /* number: VF BAR; word: mem */
	VIA_LOG_BAR_NO_SPACE,	 /* number: BAR; word: mem, io */
	VIA_LOG_BAR_ASSIGNED,	 /* number: BAR */
	VIA_LOG_VF_BAR_ASSIGNED, /* likewise */

	VIA_LOG_BUS_ERROR, /* word: severity */
	VIA_LOG_MODULE_REFUSED,
	VIA_LOG_MODULE_UNSIGNED, /* word: module; let in, and the kernel tainted */
	VIA_LOG_LOCKED_DOWN,	 /* text: by what */
	VIA_LOG_LOCKDOWN_REFUSED,
	VIA_LOG_SECURE_BOOT, /* word: enabled, disabled … */
	VIA_LOG_FRAMEBUFFER, /* word: who draws on what firmware set up */
	VIA_LOG_KINDS,
};

/**
 * struct via_log_event - one line that was understood
 * @line: the message, without what the log or a mail program put before it
 * @device: as the line names it ("0000:01:00.0", "ivhd0", "fsl-mc"), or NULL
 * @address: of @device, where @has_address; a fault that names no domain is of domain 0
 * @word, @text, @number, @at: see the kind; absent ones are NULL and not @has_…
 * @time_us: since boot, where @has_time
 */
struct via_log_event {
	enum via_log_kind kind;
	const char *line, *device, *word, *text;
	struct via_pci_address address;
	uint64_t number, at, time_us;
	bool has_address, has_number, has_at, has_time;
};

/**
 * struct via_kernel_log - what a log says
 * @events: of the last boot in it, in order
 * @lines: messages of any kind
 * @stamped: those that began as only the kernel's log does
 * @from_boot: it has the first line of a boot: what is not in it was not said
 */
struct via_kernel_log {
	via_list(struct via_log_event) events;
	size_t lines, stamped;
	bool from_boot;
};

enum { KERNEL_LOG_LINE = 4096, KERNEL_LOG_EVENTS = 1000 * 1000 };

/**
 * kernel_log_decode - read a log
 * @text: need not end in a NUL: what dmesg in any of its forms, /dev/kmsg, a syslog file or
 *        journalctl print, also quoted, or wrapped by a mail program, or with CR LF
 *
 * Lines whose facility is not the kernel's are passed over. Longer lines are cut.
 */
void kernel_log_decode(struct via_arena *arena, struct via_span text, struct via_kernel_log *ret);

/**
 * kernel_log_extract - only the lines that bear on a host's judgement, as "[time] message" or
 * "kernel: message"
 *
 * Decoding the result gives the same events, but for those that files tell better (the
 * command line, functions, bridges, the maker). Values of unknown parameters are left out,
 * and with them whatever is private in such lines.
 *
 * Return: ended by a NUL; "" when there are none
 */
const char *kernel_log_extract(struct via_arena *arena, struct via_span text);

/* kernel_log_is_one - whether a text is a kernel's log at all */
bool kernel_log_is_one(const struct via_kernel_log *log);

/* One device's group, as the last line about it says. */
struct via_log_group {
	const char *device;
	bool has_address;
	struct via_pci_address address;
	uint64_t group;
};

struct via_log_groups {
	via_list(struct via_log_group) list; /* by address, then those without one */
};

/* kernel_log_groups - the groups that the kernel says it formed */
void kernel_log_groups(struct via_arena *arena, const struct via_kernel_log *log,
		       struct via_log_groups *ret);

/* log_kind_name - "group-added", "fault-dma" … */
const char *log_kind_name(enum via_log_kind kind);
