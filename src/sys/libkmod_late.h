/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <libkmod.h>
#include <stdbool.h>

/*
 * libkmod draws in a library of cryptography, which takes longer to load than viaduct itself. A
 * kernel without modules needs neither.
 */
#define LIBKMOD_CALLS(CALL)                   \
	CALL(kmod_load_resources)             \
	CALL(kmod_module_get_dependencies)    \
	CALL(kmod_module_get_initstate)       \
	CALL(kmod_module_get_module)          \
	CALL(kmod_module_get_name)            \
	CALL(kmod_module_get_refcnt)          \
	CALL(kmod_module_get_softdeps)        \
	CALL(kmod_module_new_from_lookup)     \
	CALL(kmod_module_new_from_name)       \
	CALL(kmod_module_probe_insert_module) \
	CALL(kmod_module_remove_module)       \
	CALL(kmod_module_unref)               \
	CALL(kmod_module_unref_list)          \
	CALL(kmod_new)                        \
	CALL(kmod_set_log_fn)                 \
	CALL(kmod_unref)                      \
	CALL(kmod_list_last)                  \
	CALL(kmod_list_next)                  \
	CALL(kmod_list_prev)

struct via_libkmod {
#define VIA_CALL(name) typeof(name) *name;
	LIBKMOD_CALLS(VIA_CALL)
#undef VIA_CALL
};

extern struct via_libkmod via_libkmod;

/**
 * libkmod_load - must have said true before any of the calls
 * Return: whether the library is there, with all that is needed of it
 */
bool libkmod_load(void);

#ifndef VIA_LIBKMOD_NAMES_ONLY
#define kmod_load_resources		via_libkmod.kmod_load_resources
#define kmod_module_get_dependencies	via_libkmod.kmod_module_get_dependencies
#define kmod_module_get_initstate	via_libkmod.kmod_module_get_initstate
#define kmod_module_get_module		via_libkmod.kmod_module_get_module
#define kmod_module_get_name		via_libkmod.kmod_module_get_name
#define kmod_module_get_refcnt		via_libkmod.kmod_module_get_refcnt
#define kmod_module_get_softdeps	via_libkmod.kmod_module_get_softdeps
#define kmod_module_new_from_lookup	via_libkmod.kmod_module_new_from_lookup
#define kmod_module_new_from_name	via_libkmod.kmod_module_new_from_name
#define kmod_module_probe_insert_module via_libkmod.kmod_module_probe_insert_module
#define kmod_module_remove_module	via_libkmod.kmod_module_remove_module
#define kmod_module_unref		via_libkmod.kmod_module_unref
#define kmod_module_unref_list		via_libkmod.kmod_module_unref_list
#define kmod_new			via_libkmod.kmod_new
#define kmod_set_log_fn			via_libkmod.kmod_set_log_fn
#define kmod_unref			via_libkmod.kmod_unref
#define kmod_list_last			via_libkmod.kmod_list_last
#define kmod_list_next			via_libkmod.kmod_list_next
#define kmod_list_prev			via_libkmod.kmod_list_prev
#endif
