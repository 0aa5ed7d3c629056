/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>

/*
 * libarchive draws in twenty more libraries, which takes as long to load as a small host takes
 * to look at. So it is loaded when first needed: its calls, by their own names, go through
 * pointers that libarchive_load() fills.
 */
#define LIBARCHIVE_CALLS(CALL)                  \
	CALL(archive_entry_clear)               \
	CALL(archive_entry_filetype)            \
	CALL(archive_entry_free)                \
	CALL(archive_entry_hardlink)            \
	CALL(archive_entry_new)                 \
	CALL(archive_entry_pathname)            \
	CALL(archive_entry_pathname_utf8)       \
	CALL(archive_entry_set_filetype)        \
	CALL(archive_entry_set_mtime)           \
	CALL(archive_entry_set_pathname)        \
	CALL(archive_entry_set_perm)            \
	CALL(archive_entry_set_size)            \
	CALL(archive_entry_set_symlink)         \
	CALL(archive_entry_size)                \
	CALL(archive_entry_symlink)             \
	CALL(archive_entry_symlink_utf8)        \
	CALL(archive_error_string)              \
	CALL(archive_filter_code)               \
	CALL(archive_read_data)                 \
	CALL(archive_read_free)                 \
	CALL(archive_read_new)                  \
	CALL(archive_read_next_header)          \
	CALL(archive_read_open)                 \
	CALL(archive_read_open_memory)          \
	CALL(archive_read_support_filter_bzip2) \
	CALL(archive_read_support_filter_gzip)  \
	CALL(archive_read_support_filter_lz4)   \
	CALL(archive_read_support_filter_lzma)  \
	CALL(archive_read_support_filter_lzop)  \
	CALL(archive_read_support_filter_xz)    \
	CALL(archive_read_support_filter_zstd)  \
	CALL(archive_read_support_format_raw)   \
	CALL(archive_read_support_format_tar)   \
	CALL(archive_write_add_filter_zstd)     \
	CALL(archive_write_close)               \
	CALL(archive_write_data)                \
	CALL(archive_write_free)                \
	CALL(archive_write_header)              \
	CALL(archive_write_new)                 \
	CALL(archive_write_open_fd)             \
	CALL(archive_write_set_format_pax_restricted)

struct via_libarchive {
#define VIA_CALL(name) typeof(name) *name;
	LIBARCHIVE_CALLS(VIA_CALL)
#undef VIA_CALL
};

extern struct via_libarchive via_libarchive;

/**
 * libarchive_load - must have said true before any of the calls
 * Return: whether the library is there, with all that is needed of it
 */
bool libarchive_load(void);

#ifndef VIA_LIBARCHIVE_NAMES_ONLY
#define archive_entry_clear		  via_libarchive.archive_entry_clear
#define archive_entry_filetype		  via_libarchive.archive_entry_filetype
#define archive_entry_free		  via_libarchive.archive_entry_free
#define archive_entry_hardlink		  via_libarchive.archive_entry_hardlink
#define archive_entry_new		  via_libarchive.archive_entry_new
#define archive_entry_pathname		  via_libarchive.archive_entry_pathname
#define archive_entry_pathname_utf8	  via_libarchive.archive_entry_pathname_utf8
#define archive_entry_set_filetype	  via_libarchive.archive_entry_set_filetype
#define archive_entry_set_mtime		  via_libarchive.archive_entry_set_mtime
#define archive_entry_set_pathname	  via_libarchive.archive_entry_set_pathname
#define archive_entry_set_perm		  via_libarchive.archive_entry_set_perm
#define archive_entry_set_size		  via_libarchive.archive_entry_set_size
#define archive_entry_set_symlink	  via_libarchive.archive_entry_set_symlink
#define archive_entry_size		  via_libarchive.archive_entry_size
#define archive_entry_symlink		  via_libarchive.archive_entry_symlink
#define archive_entry_symlink_utf8	  via_libarchive.archive_entry_symlink_utf8
#define archive_error_string		  via_libarchive.archive_error_string
#define archive_filter_code		  via_libarchive.archive_filter_code
#define archive_read_data		  via_libarchive.archive_read_data
#define archive_read_free		  via_libarchive.archive_read_free
#define archive_read_new		  via_libarchive.archive_read_new
#define archive_read_next_header	  via_libarchive.archive_read_next_header
#define archive_read_open		  via_libarchive.archive_read_open
#define archive_read_open_memory	  via_libarchive.archive_read_open_memory
#define archive_read_support_filter_bzip2 via_libarchive.archive_read_support_filter_bzip2
#define archive_read_support_filter_gzip  via_libarchive.archive_read_support_filter_gzip
#define archive_read_support_filter_lz4	  via_libarchive.archive_read_support_filter_lz4
#define archive_read_support_filter_lzma  via_libarchive.archive_read_support_filter_lzma
#define archive_read_support_filter_lzop  via_libarchive.archive_read_support_filter_lzop
#define archive_read_support_filter_xz	  via_libarchive.archive_read_support_filter_xz
#define archive_read_support_filter_zstd  via_libarchive.archive_read_support_filter_zstd
#define archive_read_support_format_raw	  via_libarchive.archive_read_support_format_raw
#define archive_read_support_format_tar	  via_libarchive.archive_read_support_format_tar
#define archive_write_add_filter_zstd	  via_libarchive.archive_write_add_filter_zstd
#define archive_write_close		  via_libarchive.archive_write_close
#define archive_write_data		  via_libarchive.archive_write_data
#define archive_write_free		  via_libarchive.archive_write_free
#define archive_write_header		  via_libarchive.archive_write_header
#define archive_write_new		  via_libarchive.archive_write_new
#define archive_write_open_fd		  via_libarchive.archive_write_open_fd
#define archive_write_set_format_pax_restricted \
	via_libarchive.archive_write_set_format_pax_restricted
#endif
