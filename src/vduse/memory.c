/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vduse/memory.h"

#include <errno.h>
#include <linux/vduse.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"

static void drop(struct via_vduse_memory *memory, size_t index)
{
	size_t last = --memory->ring.count;

	munmap(memory->mappings[index].start, memory->mappings[index].size);
	memory->windows[index] = memory->windows[last];
	memory->mappings[index] = memory->mappings[last];
}

void vduse_memory_forget(struct via_vduse_memory *memory, uint64_t first, uint64_t last)
{
	for (size_t i = memory->ring.count; i-- > 0;) {
		const struct ring_region *window = &memory->windows[i];

		if (window->start <= last && window->start + (window->size - 1) >= first)
			drop(memory, i);
	}
}

bool vduse_memory_trim(struct via_vduse_memory *memory)
{
	if (memory->ring.count <= VDUSE_WINDOWS / 2)
		return false;
	vduse_memory_forget(memory, 0, UINT64_MAX);
	return true;
}

static int protection_of(unsigned int access)
{
	return (access & RING_READ ? PROT_READ : 0) | (access & RING_WRITE ? PROT_WRITE : 0);
}

static unsigned int access_of(const struct vduse_iotlb_entry *entry)
{
	return (entry->perm & VDUSE_ACCESS_RO ? RING_READ : 0) |
	       (entry->perm & VDUSE_ACCESS_WO ? RING_WRITE : 0);
}

static int add_window(struct via_vduse_memory *memory, int fd,
		      const struct vduse_iotlb_entry *entry)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), shift = entry->offset % page;
	uint64_t size = entry->last - entry->start + 1;
	size_t i = memory->ring.count;
	void *mapping;

	if (!size || size > SIZE_MAX - shift)
		return -EFAULT;
	mapping = mmap(NULL, size + shift, protection_of(access_of(entry)), MAP_SHARED, fd,
		       (off_t)(entry->offset - shift));
	if (mapping == MAP_FAILED)
		return -errno;
	memory->mappings[i] = (struct via_vduse_mapping){ mapping, size + shift };
	memory->windows[i] = (struct ring_region){ .start = entry->start,
						   .size = size,
						   .host = (uint8_t *)mapping + shift,
						   .access = access_of(entry) };
	memory->ring.count++;
	return 0;
}

static bool known(const struct via_vduse_memory *memory, uint64_t address)
{
	for (size_t i = 0; i < memory->ring.count; i++)
		if (address >= memory->windows[i].start &&
		    address - memory->windows[i].start < memory->windows[i].size)
			return true;
	return false;
}

/* What is known, and not with that access, the kernel would only say again. */
static int fetch(void *context, uint64_t address, unsigned int access)
{
	struct via_vduse_memory *memory = context;
	struct vduse_iotlb_entry entry = { .start = address, .last = address };
	_cleanup_close_ int fd = -1;

	if (known(memory, address))
		return -EACCES;
	if (memory->ring.count == VDUSE_WINDOWS)
		return -E2BIG;
	fd = ioctl(memory->device, VDUSE_IOTLB_GET_FD, &entry);
	if (fd < 0)
		return -errno;
	if (address < entry.start || address > entry.last)
		return -EFAULT;
	return add_window(memory, fd, &entry);
}

void vduse_memory_begin(struct via_vduse_memory *memory, int device)
{
	*memory = (struct via_vduse_memory){ .device = device };
	memory->ring = (struct ring_memory){ .regions = memory->windows,
					     .fetch = fetch,
					     .context = memory };
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
