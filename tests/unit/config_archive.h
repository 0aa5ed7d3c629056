/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/* Packing for tests of what unpacks; only where libarchive is there. */
#ifdef TEST_WITH_ARCHIVE
#include <archive.h>
#include <archive_entry.h>
#define TEST_HAS_ARCHIVE 1

static int test_pack(const char *filter, const void *data, size_t size, void *out, size_t room,
		     size_t *ret_used)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	int r = archive_write_set_format_raw(archive);

	archive_write_set_bytes_in_last_block(archive, 1);
	archive_entry_set_pathname(entry, "x");
	archive_entry_set_filetype(entry, AE_IFREG);
	r |= archive_write_add_filter_by_name(archive, filter);
	r |= archive_write_open_memory(archive, out, room, ret_used);
	r |= archive_write_header(archive, entry);
	r |= archive_write_data(archive, data, size) == (la_ssize_t)size ? 0 : -1;
	r |= archive_write_close(archive);
	archive_entry_free(entry);
	archive_write_free(archive);
	return r;
}
#else
#define TEST_HAS_ARCHIVE 0
#define test_pack(...)	 (-1)
#endif
