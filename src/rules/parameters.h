/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "model/firmware.h"

/* A kernel version as one number that compares; patch levels decide nothing here. */
#define VIA_KERNEL(major, minor) ((unsigned int)(major) << 8 | (unsigned int)(minor))

/* The last release the tables were compared with. */
enum { VIA_TABLE_END = 6 << 8 | 18 };

/* What this kernel makes of a word. Worse is higher; a list is as bad as its worst word. */
enum via_lint_verdict {
	VIA_LINT_OK,	    /* it does what the text says */
	VIA_LINT_NO_EFFECT, /* understood or not, it changes nothing */
	VIA_LINT_UNKNOWN,   /* not in the table, or this kernel cannot be judged */
	VIA_LINT_RISKY,	    /* it works, and weakens protection or stands against passthrough */
	VIA_LINT_NOT_HERE,  /* not this kernel, not this processor, module not there */
	VIA_LINT_OBSOLETE,  /* it was; this kernel no longer has it */
	VIA_LINT_WRONG,	    /* a value the kernel does not understand */
	VIA_LINT_VERDICTS,
};

/* How a value is to be read. */
enum via_value {
	VIA_VALUE_FREE,	   /* anything */
	VIA_VALUE_FLAG,	   /* no value */
	VIA_VALUE_BOOL,	   /* as kstrtobool() reads it; none means yes */
	VIA_VALUE_NUMBER,  /* decimal or 0x */
	VIA_VALUE_WORD,	   /* exactly one of the options */
	VIA_VALUE_LIST,	   /* options behind commas */
	VIA_VALUE_PREFIX,  /* likewise, and a word need only begin with an option */
	VIA_VALUE_CPUS,	   /* a list of processors: 2-7,10 */
	VIA_VALUE_SIZE,	   /* 2M, 1G: a size of huge pages */
	VIA_VALUE_PAGES,   /* a count, or NODE:COUNT behind commas */
	VIA_VALUE_IDS,	   /* vendor:device[:…] behind commas */
	VIA_VALUE_MODULES, /* names of modules behind commas */
	VIA_VALUE_FAMILY,  /* the name is the beginning of many ("systemd.") */
};

enum via_reader {
	VIA_READER_CORE,      /* the kernel itself */
	VIA_READER_MODULE,    /* a module, by modprobe where it is not built in */
	VIA_READER_INITRAMFS, /* a tool in the initramfs */
	VIA_READER_USER,      /* what runs in user space later: init, modprobe */
	VIA_READER_LOADER,    /* left there by the boot loader */
	VIA_READERS,
};

enum via_repeat {
	VIA_REPEAT_LAST,  /* the last one wins */
	VIA_REPEAT_ADD,	  /* each one counts */
	VIA_REPEAT_FIRST, /* the first one of its kind wins */
};

/**
 * struct via_known_option - one word of a value
 * @word: ends in '=' where a value follows it
 * @since, @gone: the first release that has it, the first without it; 0: before 5.10, never
 */
struct via_known_option {
	const char *word;
	enum via_lint_verdict verdict;
	unsigned int since, gone;
	const char *text;
};

/**
 * struct via_known_parameter - what is known of one parameter
 * @verdict: of a value that is understood, where no option says it better
 * @when_on: likewise of a VIA_VALUE_BOOL that says yes
 * @module: of a VIA_READER_MODULE, with underscores
 * @vendor: only on processors of that maker; VIA_CPU_OTHER: on any
 * @patched: no released kernel has it, patched ones may
 * @foreign: nothing to do with virtual machines: known, and left alone
 */
struct via_known_parameter {
	const char *name;
	enum via_value value;
	enum via_lint_verdict verdict, when_on;
	enum via_reader reader;
	enum via_repeat repeat;
	const char *module;
	enum via_cpu_vendor vendor;
	bool x86, patched, foreign;
	unsigned int since, gone;
	const struct via_known_option *options;
	size_t option_count;
	const char *text;
	const char *source;
};

#define VIA_OPTIONS(table) .options = (table), .option_count = VIA_COUNT(table)

struct via_parameter_table {
	const struct via_known_parameter *items;
	size_t count;
};

extern const struct via_parameter_table parameters_iommu, parameters_vfio, parameters_pci,
	parameters_kvm, parameters_graphics, parameters_memory, parameters_system;

/* parameter_known - the row of that name, '-' being '_', or NULL */
const struct via_known_parameter *parameter_known(const char *name);

/* parameter_at - every row in turn; NULL behind the last */
const struct via_known_parameter *parameter_at(size_t index);

const char *lint_verdict_name(enum via_lint_verdict verdict);
const char *reader_name(enum via_reader reader);

/**
 * struct via_module_life - since when there is a module of that name, and until when
 */
struct via_module_life {
	const char *name; /* with underscores */
	unsigned int since, gone;
	const char *text; /* where it went, or what it is */
};

/* module_life - what is known of a module's history, or NULL */
const struct via_module_life *module_life(const char *name);
