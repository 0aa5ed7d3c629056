/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vduse/memory.h"

#include <errno.h>
#include <linux/vduse.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Not while pieces of it are in use: between requests. */
static void drop(struct via_vduse_memory *memory, size_t index)
{
	munmap(memory->windows[index].mapping, memory->windows[index].mapped);
	memory->windows[index] = memory->windows[--memory->count];
}

void vduse_memory_forget(struct via_vduse_memory *memory, uint64_t first, uint64_t last)
{
	for (size_t i = memory->count; i-- > 0;)
		if (memory->windows[i].first <= last && memory->windows[i].last >= first)
			drop(memory, i);
}

void vduse_memory_trim(struct via_vduse_memory *memory)
{
	if (memory->count > MEMORY_WINDOWS / 2)
		vduse_memory_forget(memory, 0, UINT64_MAX);
}

static int protection_of(const struct vduse_iotlb_entry *entry)
{
	return (entry->perm & VDUSE_ACCESS_RO ? PROT_READ : 0) |
	       (entry->perm & VDUSE_ACCESS_WO ? PROT_WRITE : 0);
}

static int add_window(struct via_vduse_memory *memory, int fd,
		      const struct vduse_iotlb_entry *entry, struct via_window **ret)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), shift = entry->offset % page;
	size_t size = entry->last - entry->start + 1 + shift;
	void *mapping = mmap(NULL, size, protection_of(entry), MAP_SHARED, fd,
			     (off_t)(entry->offset - shift));

	if (mapping == MAP_FAILED)
		return -errno;
	*ret = &memory->windows[memory->count++];
	**ret = (struct via_window){ .first = entry->start,
				     .last = entry->last,
				     .base = (uint8_t *)mapping + shift,
				     .mapping = mapping,
				     .mapped = size,
				     .readable = entry->perm & VDUSE_ACCESS_RO,
				     .writable = entry->perm & VDUSE_ACCESS_WO };
	return 0;
}

static int ask_for(struct via_vduse_memory *memory, uint64_t address, struct via_window **ret)
{
	struct vduse_iotlb_entry entry = { .start = address, .last = address };
	_cleanup_close_ int fd = -1;

	if (memory->count == MEMORY_WINDOWS)
		return -E2BIG;
	fd = ioctl(memory->device, VDUSE_IOTLB_GET_FD, &entry);
	if (fd < 0)
		return -errno;
	if (address < entry.start || address > entry.last)
		return -EFAULT;
	return add_window(memory, fd, &entry, ret);
}

static int find(struct via_vduse_memory *memory, uint64_t address, struct via_window **ret)
{
	for (size_t i = 0; i < memory->count; i++)
		if (address >= memory->windows[i].first && address <= memory->windows[i].last) {
			*ret = &memory->windows[i];
			return 0;
		}
	return ask_for(memory, address, ret);
}

int vduse_memory_map(void *context, uint64_t address, uint64_t size, bool write,
		     struct iovec *pieces, size_t room)
{
	struct via_window *window = NULL;
	size_t count = 0;

	if (!size || address + (size - 1) < address)
		return -EFAULT;
	while (size) {
		uint64_t left;
		int r = find(context, address, &window);

		if (r < 0 || !window)
			return r < 0 ? r : -EFAULT;
		if (write ? !window->writable : !window->readable)
			return -EACCES;
		if (count == room)
			return -E2BIG;
		left = window->last - address + 1;
		if (left > size || !left) /* 0: all there is */
			left = size;
		pieces[count++] = (struct iovec){ window->base + (address - window->first), left };
		address += left;
		size -= left;
	}
	return (int)count;
}

/* Only what mmap(2) does is done here: it may run in a signal handler. */
static void replace_page(int number, siginfo_t *info, void *context)
{
	uintptr_t page = 4096, start = (uintptr_t)info->si_addr & ~(page - 1);

	if (info->si_code != BUS_ADRERR ||
	    mmap((void *)start, page, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
		signal(SIGBUS, SIG_DFL);
		raise(SIGBUS);
	}
}

void vduse_memory_guard(void)
{
	const struct sigaction action = { .sa_sigaction = replace_page, .sa_flags = SA_SIGINFO };

	sigaction(SIGBUS, &action, NULL);
}
