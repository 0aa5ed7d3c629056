/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hosts DIRECTORY FUNCTIONS - lay out a large machine's /sys in a directory
 *
 * What real servers have, over and over: a root port with a two-port network card and its
 * virtual functions, a switch with eight NVMe drives, a graphics card with its sound, a
 * bridge to conventional PCI. Files that hold the same text are one inode, or 32,768
 * functions would not fit into memory.
 */
#include <err.h>
#include <fcntl.h>
#include <search.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

enum { PATH_BYTES = 512, UNIT_BUSES = 16, SHARED_LIMIT = 4096 };

struct machine {
	int top;
	unsigned int wanted, made, groups, nets, nvmes, hosts;
};

/* Where the next function goes. */
struct place {
	char directory[PATH_BYTES / 2]; /* devices/pci0000:00/0000:00:01.0 */
	unsigned int domain, bus, depth;
};

static char *format_to(char *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

static char *format_to(char *buffer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (vsnprintf(buffer, PATH_BYTES, format, arguments) >= PATH_BYTES)
		errx(1, "path too long: %s", buffer);
	va_end(arguments);
	return buffer;
}

static void directory(const struct machine *machine, const char *path)
{
	if (mkdirat(machine->top, path, 0755) < 0)
		err(1, "%s", path);
}

static void link_to(const struct machine *machine, const char *target, const char *path)
{
	if (symlinkat(target, machine->top, path) < 0)
		err(1, "%s", path);
}

static void write_file(const struct machine *machine, const char *path, const void *data,
		       size_t size)
{
	int fd = openat(machine->top, path, O_WRONLY | O_CREAT | O_EXCL, 0644);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		err(1, "%s", path);
	close(fd);
}

/* A file whose content another has already is a link to that one. */
static void file(const struct machine *machine, const char *path, const char *text)
{
	static size_t kept;
	ENTRY *known = hsearch((ENTRY){ .key = (char *)text }, FIND);

	if (known) {
		if (linkat(machine->top, known->data, machine->top, path, 0) < 0)
			err(1, "%s", path);
		return;
	}
	write_file(machine, path, text, strlen(text));
	if (kept++ < SHARED_LIMIT)
		hsearch((ENTRY){ .key = strdup(text), .data = strdup(path) }, ENTER);
}

static void attribute(const struct machine *machine, const char *where, const char *name,
		      const char *format, ...) __attribute__((format(printf, 4, 5)));

static void attribute(const struct machine *machine, const char *where, const char *name,
		      const char *format, ...)
{
	char path[PATH_BYTES], text[PATH_BYTES * 4];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	file(machine, format_to(path, "%s/%s", where, name), text);
}

static void up_link(const struct machine *machine, const struct place *place, const char *where,
		    const char *name, const char *target)
{
	char path[PATH_BYTES], to[PATH_BYTES] = "";

	for (unsigned int i = 0; i < place->depth; i++)
		strcat(to, "../");
	strcat(to, target);
	link_to(machine, to, format_to(path, "%s/%s", where, name));
}

/* DOMAIN:BUS:DEVICE.FUNCTION, which is in the name of all that is made of it */
static void write_identity(const struct machine *machine, const char *where, const char *name,
			   const struct kind *kind)
{
	const char *driver = kind->driver ? kind->driver : "";

	attribute(machine, where, "vendor", "0x%04x\n", kind->vendor);
	attribute(machine, where, "device", "0x%04x\n", kind->device);
	attribute(machine, where, "class", "0x%06x\n", kind->class_code);
	attribute(machine, where, "revision", "0x%02x\n", kind->revision);
	attribute(machine, where, "subsystem_vendor", "0x%04x\n", kind->subsystem_vendor);
	attribute(machine, where, "subsystem_device", "0x%04x\n", kind->subsystem_device);
	attribute(machine, where, "modalias", "pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X\n",
		  kind->vendor, kind->device, kind->subsystem_vendor, kind->subsystem_device,
		  kind->class_code >> 16, kind->class_code >> 8 & 0xff, kind->class_code & 0xff);
	attribute(machine, where, "uevent",
		  "%s%s%sPCI_CLASS=%X\nPCI_ID=%04X:%04X\nPCI_SUBSYS_ID=%04X:%04X\n"
		  "PCI_SLOT_NAME=%s\n"
		  "MODALIAS=pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X\n",
		  *driver ? "DRIVER=" : "", driver, *driver ? "\n" : "", kind->class_code,
		  kind->vendor, kind->device, kind->subsystem_vendor, kind->subsystem_device, name,
		  kind->vendor, kind->device, kind->subsystem_vendor, kind->subsystem_device,
		  kind->class_code >> 16, kind->class_code >> 8 & 0xff, kind->class_code & 0xff);
}

static void write_common(const struct machine *machine, const char *where, unsigned int number,
			 const struct kind *kind)
{
	static const char *const same[][2] = {
		{ "ari_enabled", "0\n" },
		{ "broken_parity_status", "0\n" },
		{ "consistent_dma_mask_bits", "64\n" },
		{ "d3cold_allowed", "1\n" },
		{ "dma_mask_bits", "64\n" },
		{ "driver_override", "(null)\n" },
		{ "enable", "1\n" },
		{ "local_cpulist", "0-31\n" },
		{ "local_cpus", "ffffffff\n" },
		{ "msi_bus", "1\n" },
		{ "power_state", "D0\n" },
		{ "rescan", "" },
		{ "remove", "" },
	};
	char path[PATH_BYTES];

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		attribute(machine, where, same[i][0], "%s", same[i][1]);
	attribute(machine, where, "irq", "%u\n", kind->shape == SHAPE_VF ? 0 : 16 + number % 200);
	attribute(machine, where, "numa_node", "%u\n", number / 512 % 2);
	if (kind->reset_method) {
		attribute(machine, where, "reset", "%s", "");
		attribute(machine, where, "reset_method", "%s\n", kind->reset_method);
	}
	if (kind->express) {
		attribute(machine, where, "current_link_speed", "16.0 GT/s PCIe\n");
		attribute(machine, where, "current_link_width", "16\n");
		attribute(machine, where, "max_link_speed", "16.0 GT/s PCIe\n");
		attribute(machine, where, "max_link_width", "16\n");
	}
	directory(machine, format_to(path, "%s/power", where));
	attribute(machine, where, "power/control", "on\n");
	attribute(machine, where, "power/runtime_status", "active\n");
	if (kind->class_code >> 16 == 3)
		attribute(machine, where, "boot_vga", "0\n");
}

static void write_resources(const struct machine *machine, const char *where, unsigned int number,
			    const struct kind *kind)
{
	uint64_t base = UINT64_C(0x380000000000) + (uint64_t)number * 0x4000000;
	char text[PATH_BYTES * 4] = "";

	for (unsigned int i = 0; i < (kind->shape == SHAPE_BRIDGE ? 17 : 13); i++) {
		uint64_t size = i < 6 ? kind->bar_bytes[i] : i == 6 ? kind->rom_bytes : 0;
		uint64_t flags = i == 6 ? 0x46200 : 0x14220c;

		if (i >= 7 && kind->shape == SHAPE_PF && (i == 7 || i == 10))
			size = 0x4000 * 16;
		if (i >= 14 && i <= 15 && kind->shape == SHAPE_BRIDGE)
			size = 0x100000, flags = 0x200 | (i == 15 ? 0x102000 : 0);
		sprintf(text + strlen(text), "0x%016jx 0x%016jx 0x%016jx\n",
			(uintmax_t)(size ? base : 0), (uintmax_t)(size ? base + size - 1 : 0),
			(uintmax_t)(size ? flags : 0));
		base += size;
	}
	attribute(machine, where, "resource", "%s", text);
}

static void write_config(const struct machine *machine, const char *where, const struct kind *kind,
			 const struct buses *buses)
{
	static struct {
		const struct kind *kind;
		struct buses buses;
		char path[PATH_BYTES];
	} last[64];
	char path[PATH_BYTES];
	uint8_t config[CONFIG_BYTES];
	size_t slot = (size_t)kind->device % 64;

	format_to(path, "%s/config", where);
	if (last[slot].kind == kind && memcmp(&last[slot].buses, buses, sizeof(*buses)) == 0) {
		if (linkat(machine->top, last[slot].path, machine->top, path, 0) < 0)
			err(1, "%s", path);
		return;
	}
	config_fill(config, kind, buses);
	write_file(machine, path, config, kind->express ? CONFIG_BYTES : 256);
	last[slot].kind = kind;
	last[slot].buses = *buses;
	strcpy(last[slot].path, path);
}

static void write_sriov(const struct machine *machine, const char *where, unsigned int vfs)
{
	attribute(machine, where, "sriov_totalvfs", "%u\n", VFS_TOTAL);
	attribute(machine, where, "sriov_numvfs", "%u\n", vfs);
	attribute(machine, where, "sriov_offset", "%u\n", VF_OFFSET);
	attribute(machine, where, "sriov_stride", "%u\n", VF_STRIDE);
	attribute(machine, where, "sriov_vf_device", "%x\n", kind_nic_vf.device);
	attribute(machine, where, "sriov_drivers_autoprobe", "1\n");
	attribute(machine, where, "sriov_vf_total_msix", "0\n");
}

/* What its driver made: enough for lstopo and for who asks what the host would lose. */
static void write_user(struct machine *machine, const char *where, const struct kind *kind)
{
	char path[PATH_BYTES], other[PATH_BYTES], name[32];

	if (kind->shape == SHAPE_PF) {
		sprintf(name, "eth%u", machine->nets++);
		directory(machine, format_to(path, "%s/net", where));
		directory(machine, format_to(path, "%s/net/%s", where, name));
		attribute(machine, path, "flags", "0x1002\n");
		attribute(machine, path, "address", "02:00:00:00:00:00\n");
		link_to(machine, "../..", format_to(other, "%s/device", path));
		link_to(machine, format_to(other, "../../%s/net/%s", where, name),
			format_to(path, "class/net/%s", name));
	} else if (kind->class_code == 0x010802) {
		sprintf(name, "nvme%u", machine->nvmes++);
		directory(machine, format_to(path, "%s/nvme", where));
		directory(machine, format_to(path, "%s/nvme/%s", where, name));
		attribute(machine, path, "model", "Synthetic drive\n");
		link_to(machine, "../..", format_to(other, "%s/device", path));
		link_to(machine, format_to(other, "../../%s/nvme/%s", where, name),
			format_to(path, "class/nvme/%s", name));
	}
}

static void write_group(struct machine *machine, const struct place *place, const char *where,
			const char *name)
{
	char path[PATH_BYTES], other[PATH_BYTES];
	unsigned int group = machine->groups++;

	directory(machine, format_to(path, "kernel/iommu_groups/%u", group));
	attribute(machine, path, "type", "DMA-FQ\n");
	attribute(machine, path, "reserved_regions", "0x00000000fee00000 0x00000000feefffff msi\n");
	directory(machine, format_to(path, "kernel/iommu_groups/%u/devices", group));
	link_to(machine, format_to(other, "../../../../%s", where),
		format_to(path, "kernel/iommu_groups/%u/devices/%s", group, name));
	format_to(other, "kernel/iommu_groups/%u", group);
	up_link(machine, place, where, "iommu_group", other);
}

/* Return: false once there are as many as were asked for */
static int add(struct machine *machine, const struct place *place, unsigned int device,
	       unsigned int function, const struct kind *kind, struct buses buses, char *ret_where)
{
	char where[PATH_BYTES], name[32], path[PATH_BYTES], other[PATH_BYTES];

	if (machine->made == machine->wanted)
		return 0;
	sprintf(name, "%04x:%02x:%02x.%u", place->domain, place->bus, device, function);
	format_to(where, "%s/%s", place->directory, name);
	directory(machine, where);
	write_identity(machine, where, name, kind);
	write_common(machine, where, machine->made, kind);
	write_resources(machine, where, machine->made, kind);
	write_config(machine, where, kind, &buses);
	if (kind->driver) {
		format_to(other, "bus/pci/drivers/%s", kind->driver);
		up_link(machine, place, where, "driver", other);
		link_to(machine, format_to(other, "../../../../%s", where),
			format_to(path, "bus/pci/drivers/%s/%s", kind->driver, name));
	}
	up_link(machine, place, where, "subsystem", "bus/pci");
	write_group(machine, place, where, name);
	write_user(machine, where, kind);
	link_to(machine, format_to(other, "../../../%s", where),
		format_to(path, "bus/pci/devices/%s", name));
	machine->made++;
	if (ret_where)
		strcpy(ret_where, where);
	return 1;
}

/* A bridge, and the place behind it. */
static int add_bridge(struct machine *machine, struct place *place, unsigned int device,
		      unsigned int function, const struct kind *kind, unsigned int last,
		      unsigned int *next_bus, struct place *behind)
{
	char where[PATH_BYTES];
	unsigned int bus = (*next_bus)++;

	if (!add(machine, place, device, function, kind,
		 (struct buses){ (uint8_t)place->bus, (uint8_t)bus, (uint8_t)last }, where))
		return 0;
	*behind = (struct place){ .domain = place->domain, .bus = bus, .depth = place->depth + 1 };
	strcpy(behind->directory, where);
	return 1;
}

/* sprintf into a place's directory cannot be too long: three hops at most. */
static int add_vfs(struct machine *machine, const struct place *place, unsigned int pf,
		   const char *pf_where, unsigned int count)
{
	char where[PATH_BYTES], path[PATH_BYTES], other[PATH_BYTES], name[32];

	for (unsigned int i = 0; i < count; i++) {
		unsigned int devfn = pf + VF_OFFSET + i * VF_STRIDE;

		if (!add(machine, place, devfn / 8, devfn % 8, &kind_nic_vf, (struct buses){ 0 },
			 where))
			return 0;
		sprintf(name, "%04x:%02x:%02x.%u", place->domain, place->bus, devfn / 8, devfn % 8);
		link_to(machine, format_to(other, "../%s", name),
			format_to(path, "%s/virtfn%u", pf_where, i));
		sprintf(name, "%04x:%02x:00.%u", place->domain, place->bus, pf);
		link_to(machine, format_to(other, "../%s", name),
			format_to(path, "%s/physfn", where));
	}
	return 1;
}

static void add_card(struct machine *machine, struct place *root, unsigned int port,
		     unsigned int *bus, unsigned int vfs)
{
	char where[2][PATH_BYTES];
	struct place behind;

	if (!add_bridge(machine, root, 1 + port / 8, port % 8, &kind_root_port, *bus, bus, &behind))
		return;
	for (unsigned int pf = 0; pf < 2; pf++) {
		if (!add(machine, &behind, 0, pf, &kind_nic, (struct buses){ 0 }, where[pf]))
			return;
		write_sriov(machine, where[pf], vfs);
	}
	for (unsigned int pf = 0; pf < 2; pf++)
		if (!add_vfs(machine, &behind, pf, where[pf], vfs))
			return;
}

static void add_drives(struct machine *machine, struct place *root, unsigned int port,
		       unsigned int *bus)
{
	struct place behind, inside, drive;

	if (!add_bridge(machine, root, 1 + port / 8, port % 8, &kind_root_port, *bus + 9, bus,
			&behind) ||
	    !add_bridge(machine, &behind, 0, 0, &kind_upstream, *bus + 8, bus, &inside))
		return;
	for (unsigned int i = 0; i < 8; i++)
		if (!add_bridge(machine, &inside, i, 0, &kind_downstream, *bus, bus, &drive) ||
		    !add(machine, &drive, 0, 0, &kind_nvme, (struct buses){ 0 }, NULL))
			return;
}

static void add_graphics(struct machine *machine, struct place *root, unsigned int port,
			 unsigned int *bus)
{
	struct place behind;

	if (add_bridge(machine, root, 1 + port / 8, port % 8, &kind_root_port, *bus, bus,
		       &behind) &&
	    add(machine, &behind, 0, 0, &kind_gpu, (struct buses){ 0 }, NULL))
		add(machine, &behind, 0, 1, &kind_sound, (struct buses){ 0 }, NULL);
}

static void add_conventional(struct machine *machine, struct place *root, unsigned int port,
			     unsigned int *bus)
{
	struct place behind, old;

	if (add_bridge(machine, root, 1 + port / 8, port % 8, &kind_root_port, *bus + 1, bus,
		       &behind) &&
	    add_bridge(machine, &behind, 0, 0, &kind_to_pci, *bus, bus, &old))
		add(machine, &old, 1, 0, &kind_old_nic, (struct buses){ 0 }, NULL);
}

static void add_domain(struct machine *machine, unsigned int domain)
{
	struct place root = { .domain = domain, .depth = 3 };
	unsigned int port = 0, bus = 1;

	sprintf(root.directory, "devices/pci%04x:00", domain);
	directory(machine, root.directory);
	if (!add(machine, &root, 0, 0, &kind_host_bridge, (struct buses){ 0 }, NULL))
		return;
	while (machine->made < machine->wanted && bus + UNIT_BUSES < 256 && port + 5 <= 240) {
		add_card(machine, &root, port++, &bus, 8);
		add_drives(machine, &root, port++, &bus);
		add_graphics(machine, &root, port++, &bus);
		add_card(machine, &root, port++, &bus, 16);
		add_conventional(machine, &root, port++, &bus);
	}
}

/* One remapping unit for all, and no reserved regions: what most servers have. */
static void remapping_table(const struct machine *machine)
{
	uint8_t table[64] = {
		'D', 'M', 'A',	     'R', sizeof(table), [8] = 1,  0,		'B', 'E', 'N',
		'C', 'H', [36] = 45, 1,	  [50] = 16,	 [52] = 1, [58] = 0xd9, 0xfe
	};
	uint8_t sum = 0;

	for (size_t i = 0; i < sizeof(table); i++)
		sum += table[i];
	table[9] = (uint8_t)(0x100 - sum);
	write_file(machine, "firmware/acpi/tables/DMAR", table, sizeof(table));
}

static void prepare(const struct machine *machine)
{
	static const char *const directories[] = {
		"bus",
		"bus/pci",
		"bus/pci/devices",
		"bus/pci/drivers",
		"devices",
		"bus/pci/slots",
		"kernel",
		"kernel/iommu_groups",
		"class",
		"class/net",
		"class/nvme",
		"class/iommu",
		"class/block",
		"class/drm",
		"module",
		"devices/virtual",
		"devices/system",
		"devices/system/cpu",
		"devices/system/node",
		"firmware",
		"firmware/acpi",
		"firmware/acpi/tables",
		"fs",
		"power",
		"dev",
		"devices/virtual/iommu",
		"devices/virtual/iommu/dmar0",
		"devices/virtual/iommu/dmar0/intel-iommu",
	};
	char path[PATH_BYTES];

	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++)
		directory(machine, directories[i]);
	attribute(machine, "devices/virtual/iommu/dmar0/intel-iommu", "cap", "d2008c40660462\n");
	attribute(machine, "devices/virtual/iommu/dmar0/intel-iommu", "ecap", "f050da\n");
	link_to(machine, "../../devices/virtual/iommu/dmar0", "class/iommu/dmar0");
	remapping_table(machine);
	for (const struct kind *const *kind = kinds; *kind; kind++)
		if ((*kind)->driver &&
		    faccessat(machine->top, format_to(path, "bus/pci/drivers/%s", (*kind)->driver),
			      F_OK, 0) < 0)
			directory(machine, path);
	/* The processors and nodes are this machine's: lstopo wants some. */
}

int main(int argc, char **argv)
{
	struct machine machine = { 0 };

	if (argc != 3 || (machine.wanted = (unsigned int)atoi(argv[2])) == 0)
		errx(2, "usage: hosts DIRECTORY FUNCTIONS");
	umask(022);
	machine.top = open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (machine.top < 0)
		err(1, "%s", argv[1]);
	if (!hcreate(SHARED_LIMIT * 2))
		err(1, "hash table");
	prepare(&machine);
	for (unsigned int domain = 0; machine.made < machine.wanted; domain++)
		add_domain(&machine, domain);
	printf("%u functions, %u groups\n", machine.made, machine.groups);
	return 0;
}
