/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "probe/probe.h"
#include "sys/memtree.h"
#include "sys/tcp_table.h"

#define BUS  "sys/devices/pci0000:00"
#define SATA "0000:00:17.0"
#define NIC  "0000:00:19.0"
#define USB  "0000:00:14.0"
#define GPU  "0000:01:00.0"

/* A host in memory, and what the probes make of it. */
struct scene {
	struct via_arena *arena;
	struct via_memtree *tree;
	struct via_root root;
	struct via_queries queries;
	struct via_host *host;
};

/* sys/class/net/eth0/flags is where the link leads. */
static const char *behind_link(struct scene *scene, const char *path)
{
	unsigned int slashes = 0;

	for (const char *at = path; *at; at++) {
		struct via_memtree_node *node;

		slashes += *at == '/';
		if (slashes != 4)
			continue;
		node = memtree_find(scene->tree,
				    arena_strndup(scene->arena, path, (size_t)(at - path)));
		if (!node || node->kind != VIA_MEMTREE_LINK)
			break;
		return arena_printf(scene->arena, "sys/%s%s", node->target + strlen("../../"), at);
	}
	return path;
}

static void put(struct scene *scene, const char *path, const char *text)
{
	struct via_memtree_node *node;

	path = behind_link(scene, path);
	node = memtree_find(scene->tree, path);
	if (node)
		node->data = (struct via_span){ (const uint8_t *)arena_strdup(scene->arena, text),
						strlen(text) };
	else
		assert_non_null(memtree_add_file(scene->tree, path, text, strlen(text)));
}

/* Listings of a tree that was recorded are what is there. */
static void list_all(struct scene *scene)
{
	via_for_each (node, &scene->tree->nodes)
		if ((*node)->kind == VIA_MEMTREE_DIRECTORY) {
			(*node)->filled = true;
			(*node)->names = (*node)->children;
		}
}

static void function(struct scene *scene, const char *parent, const char *address,
		     const char *class_code, const char *driver)
{
	const char *path = arena_printf(scene->arena, BUS "/%s%s", parent, address);

	put(scene, arena_printf(scene->arena, "%s/class", path), class_code);
	if (driver)
		memtree_add_link(scene->tree, arena_printf(scene->arena, "%s/driver", path),
				 arena_printf(scene->arena, "/sys/bus/pci/drivers/%s", driver));
	memtree_add_link(scene->tree, arena_printf(scene->arena, "sys/bus/pci/devices/%s", address),
			 arena_printf(scene->arena, "../../../../%s", path));
}

/* @below: from the function on: "ata1/host1/block/sda" */
static void class_link(struct scene *scene, const char *class_name, const char *below)
{
	const char *name = strrchr(below, '/') + 1;

	memtree_add(scene->tree, arena_printf(scene->arena, BUS "/%s", below),
		    VIA_MEMTREE_DIRECTORY);
	memtree_add_link(scene->tree,
			 arena_printf(scene->arena, "sys/class/%s/%s", class_name, name),
			 arena_printf(scene->arena, "../../devices/pci0000:00/%s", below));
}

static void stacked(struct scene *scene, const char *name, const char *slave)
{
	memtree_add_link(scene->tree, arena_printf(scene->arena, "sys/class/block/%s", name),
			 arena_printf(scene->arena, "../../devices/virtual/block/%s", name));
	memtree_add_link(
		scene->tree,
		arena_printf(scene->arena, "sys/devices/virtual/block/%s/slaves/%s", name, slave),
		"../../nowhere");
}

static int begin(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	scene->arena = arena_new();
	scene->tree = memtree_new(scene->arena);
	scene->tree->live = true;
	function(scene, "", SATA, "0x010601", "ahci");
	function(scene, "", NIC, "0x020000", "e1000e");
	function(scene, "", USB, "0x0c0330", "xhci_hcd");
	function(scene, "", GPU, "0x030000", "nouveau");
	class_link(scene, "block", SATA "/ata1/host1/target1:0:0/1:0:0:0/block/sda");
	class_link(scene, "block", SATA "/ata1/host1/target1:0:0/1:0:0:0/block/sda/sda1");
	class_link(scene, "net", NIC "/net/eth0");
	put(scene, "sys/class/net/eth0/flags", "0x1002");
	put(scene, "proc/self/mountinfo", "");
	put(scene, "proc/1/comm", "init\n");
	memtree_add(scene->tree, "proc/1/fd", VIA_MEMTREE_DIRECTORY);
	*state = scene;
	return 0;
}

static int end(void **state)
{
	struct scene *scene = *state;

	host_free(scene->host);
	arena_free(scene->arena);
	free(scene);
	return 0;
}

static void look(struct scene *scene, bool closely)
{
	list_all(scene);
	scene->root = root_of_memtree(scene->tree, "test");
	assert_int_equal(queries_recorded(&scene->queries, &scene->root, scene->arena, NULL), 0);
	host_free(scene->host);
	scene->host = host_new();
	probe_pci(&scene->root, scene->host);
	probe_holders(&scene->root, &scene->queries, scene->host);
	if (closely)
		probe_openers(&scene->root, scene->host);
}

static const struct via_pci_device *device(const struct scene *scene, const char *name)
{
	struct via_pci_address address;

	assert_int_equal(address_parse(name, &address), 0);
	return pci_find(&scene->host->pci, address);
}

/* That function has a holder of these very words. */
static void assert_held(const struct scene *scene, const char *name, enum via_loss loss,
			const char *what)
{
	via_for_each (holder, &device(scene, name)->holders)
		if (strcmp(holder->what, what) == 0) {
			assert_int_equal(holder->loss, loss);
			assert_non_null(holder->loses);
			return;
		}
	print_message("# %s: nobody says \"%s\", but:\n", name, what);
	via_for_each (holder, &device(scene, name)->holders)
		print_message("#   %s\n", holder->what);
	fail();
}

static void assert_free(const struct scene *scene, const char *name)
{
	assert_int_equal(device(scene, name)->holders.count, 0);
}

static void nothing_is_used(void **state)
{
	struct scene *scene = *state;

	look(scene, true);
	assert_free(scene, SATA);
	assert_free(scene, NIC);
	assert_free(scene, USB);
	assert_free(scene, GPU);
	assert_int_equal(device(scene, SATA)->holders_known.known, VIA_NOT_ASKED);
	assert_true(names_have(&device(scene, SATA)->block, "sda"));
	assert_false(names_have(&device(scene, SATA)->block, "sda1"));
	assert_true(names_have(&device(scene, NIC)->net, "eth0"));
}

static void mounts_are_known_by_number_and_by_name(void **state)
{
	struct scene *scene = *state;

	memtree_add_link(scene->tree, "sys/dev/block/8:1", "../../devices/x/sda1");
	put(scene, "proc/self/mountinfo",
	    "22 1 8:1 / / rw shared:1 - ext4 /dev/root rw\n"
	    "23 22 0:31 / /srv/a\\040b rw - btrfs /dev/sda rw\n");
	look(scene, false);
	assert_held(scene, SATA, VIA_LOSS_VITAL, "sda1 is mounted on /");
	assert_held(scene, SATA, VIA_LOSS_USE, "sda is mounted on /srv/a b");
	assert_int_equal(device(scene, SATA)->holders.items[0].loss, VIA_LOSS_VITAL);
	assert_free(scene, NIC);
}

static void btrfs_takes_all_its_devices(void **state)
{
	struct scene *scene = *state;

	class_link(scene, "block", USB "/usb1/1-1/block/sdb");
	memtree_add_link(scene->tree, "sys/fs/btrfs/1b-2c/devices/sda1", "x");
	memtree_add_link(scene->tree, "sys/fs/btrfs/1b-2c/devices/sdb", "x");
	put(scene, "proc/self/mountinfo", "23 22 0:31 / /home rw - btrfs /dev/sda1 rw\n");
	look(scene, false);
	assert_held(scene, SATA, VIA_LOSS_USE, "sda1 is mounted on /home");
	assert_held(scene, USB, VIA_LOSS_USE, "sdb is mounted on /home");
}

static void swap_is_vital(void **state)
{
	struct scene *scene = *state;

	put(scene, "proc/swaps",
	    "Filename Type Size Used Priority\n/dev/sda1   partition 1 0 -2\n");
	look(scene, false);
	assert_held(scene, SATA, VIA_LOSS_VITAL, "sda1 is used for swap");
}

static void stacks_are_followed_whatever_their_order(void **state)
{
	struct scene *scene = *state;

	stacked(scene, "dm-0", "dm-1");
	stacked(scene, "dm-1", "sda1");
	put(scene, "sys/devices/virtual/block/dm-0/dm/name", "vg0-lv--one\n");
	put(scene, "sys/devices/virtual/block/dm-0/dm/uuid", "LVM-abc\n");
	put(scene, "sys/devices/virtual/block/dm-1/dm/name", "safe\n");
	put(scene, "sys/devices/virtual/block/dm-1/dm/uuid", "CRYPT-LUKS2-abc-safe\n");
	put(scene, "proc/self/mountinfo",
	    "22 1 0:50 / /var rw - ext4 /dev/mapper/vg0-lv--one rw\n");
	look(scene, false);
	assert_held(scene, SATA, VIA_LOSS_USE, "sda1 is part of dm-1 (encrypted volume safe)");
	assert_held(scene, SATA, VIA_LOSS_USE,
		    "dm-1 is part of dm-0 (volume group vg0, logical volume lv-one)");
	assert_held(scene, SATA, VIA_LOSS_VITAL, "dm-0 is mounted on /var");
}

static void stacks_in_a_circle_end(void **state)
{
	struct scene *scene = *state;

	stacked(scene, "dm-0", "dm-1");
	stacked(scene, "dm-1", "dm-0");
	stacked(scene, "md0", "md0");
	look(scene, false);
	assert_free(scene, SATA);
}

static void nvme_paths_lead_to_their_head(void **state)
{
	struct scene *scene = *state;

	function(scene, "", "0000:02:00.0", "0x010802", "nvme");
	function(scene, "", "0000:03:00.0", "0x010802", "nvme");
	class_link(scene, "nvme", "0000:02:00.0/nvme/nvme0");
	class_link(scene, "block", "0000:02:00.0/nvme/nvme0/nvme0c0n1");
	class_link(scene, "block", "0000:03:00.0/nvme/nvme1/nvme0c1n1");
	memtree_add_link(scene->tree, "sys/class/block/nvme0n1",
			 "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1");
	memtree_add_link(scene->tree, "sys/class/block/nvme0n1p2",
			 "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/nvme0n1p2");
	put(scene, "proc/self/mountinfo", "22 1 259:2 / /boot/efi rw - vfat /dev/nvme0n1p2 rw\n");
	look(scene, false);
	assert_held(scene, "0000:02:00.0", VIA_LOSS_VITAL, "nvme0n1p2 is mounted on /boot/efi");
	assert_held(scene, "0000:03:00.0", VIA_LOSS_VITAL, "nvme0n1p2 is mounted on /boot/efi");
	assert_string_equal(*device(scene, "0000:02:00.0")->nvme.items, "nvme0");
	assert_string_equal(*device(scene, "0000:02:00.0")->block.items, "nvme0n1");
	assert_int_equal(device(scene, "0000:02:00.0")->block.count, 1);
}

static void zfs_is_known_by_udev_or_not_at_all(void **state)
{
	struct scene *scene = *state;

	put(scene, "proc/spl/kstat/zfs/rpool/state", "ONLINE\n");
	put(scene, "proc/self/mountinfo", "22 1 0:9 / / rw - zfs rpool/ROOT rw\n");
	put(scene, "sys/class/block/sda/dev", "8:0\n");
	put(scene, "sys/class/block/sda1/dev", "8:1\n");
	put(scene, "run/udev/data/b8:0", "E:ID_MODEL=x\n");
	look(scene, false);
	assert_free(scene, SATA);
	assert_int_equal(device(scene, SATA)->holders_known.known, VIA_UNKNOWN);
	put(scene, "run/udev/data/b8:1", "E:ID_FS_LABEL=rpool\nE:ID_FS_TYPE=zfs_member\n");
	look(scene, false);
	assert_held(scene, SATA, VIA_LOSS_VITAL, "sda1 is part of the ZFS pool rpool");
	assert_int_equal(device(scene, SATA)->holders_known.known, VIA_NOT_ASKED);
}

static void put_ways(struct scene *scene, const char *routes, const char *sessions)
{
	put(scene, QUERIES_PATH,
	    arena_printf(scene->arena,
			 "{\"ways\":{\"routes_known\":{\"known\":\"present\",\"number\":1},"
			 "\"sessions_known\":{\"known\":\"present\",\"number\":1},"
			 "\"routes\":[%s],\"sessions\":[%s]}}",
			 routes, sessions));
}

static void interfaces_carry_routes_and_sessions(void **state)
{
	struct scene *scene = *state;

	put(scene, "sys/class/net/eth0/flags", "0x1003");
	memtree_add_link(scene->tree, BUS "/" NIC "/net/eth0/upper_br0", "../br0");
	memtree_add_link(scene->tree, "sys/class/net/br0", "../../devices/virtual/net/br0");
	memtree_add_link(scene->tree, "sys/devices/virtual/net/br0/lower_eth0", "x");
	put_ways(scene, "\"br0\"", "\"eth0\"");
	look(scene, false);
	assert_held(scene, NIC, VIA_LOSS_USE, "network interface eth0 is up");
	assert_held(scene, NIC, VIA_LOSS_USE, "network interface eth0 is part of br0");
	assert_held(scene, NIC, VIA_LOSS_VITAL,
		    "network interface eth0 carries the default route (through br0)");
	assert_held(scene, NIC, VIA_LOSS_VITAL, "network interface eth0 carries an SSH session");
	assert_int_equal(scene->host->lifelines.routes_known.known, VIA_PRESENT);
}

static void unasked_ways_stay_untold(void **state)
{
	struct scene *scene = *state;

	put(scene, "sys/class/net/eth0/flags", "0x1003");
	look(scene, false);
	assert_true(scene->host->lifelines.asked);
	assert_int_equal(scene->host->lifelines.routes_known.known, VIA_UNKNOWN);
	assert_held(scene, NIC, VIA_LOSS_USE, "network interface eth0 is up");
}

static void an_interface_of_another_namespace_is_not_nobodys(void **state)
{
	static const char vf[] = "0000:02:00.0", infiniband[] = "0000:03:00.0";
	static const char bare[] = "0000:04:00.0", virtual[] = "0000:05:00.0";
	struct scene *scene = *state;

	function(scene, "", vf, "0x020000", "iavf");
	function(scene, "", infiniband, "0x020700", "mlx5_core");
	function(scene, "", bare, "0x020000", NULL);
	function(scene, "", virtual, "0x020000", "virtio-pci");
	memtree_add(scene->tree, BUS "/0000:02:00.0/net", VIA_MEMTREE_DIRECTORY);
	memtree_add(scene->tree, BUS "/0000:05:00.0/virtio0/net", VIA_MEMTREE_DIRECTORY);
	look(scene, true);
	assert_free(scene, vf);
	assert_int_equal(device(scene, vf)->holders_known.known, VIA_UNKNOWN);
	assert_int_equal(device(scene, vf)->made_known.known, VIA_UNKNOWN);
	assert_non_null(strstr(device(scene, vf)->holders_known.path, "another network namespace"));
	assert_int_equal(device(scene, virtual)->holders_known.known, VIA_UNKNOWN);
	assert_int_equal(device(scene, infiniband)->holders_known.known, VIA_NOT_ASKED);
	assert_int_equal(device(scene, bare)->holders_known.known, VIA_NOT_ASKED);
	assert_int_equal(device(scene, NIC)->holders_known.known, VIA_NOT_ASKED);
}

static void a_root_from_the_network_makes_it_vital(void **state)
{
	struct scene *scene = *state;

	put(scene, "sys/class/net/eth0/flags", "0x1003");
	put(scene, "proc/self/mountinfo", "22 1 0:9 / / rw - nfs4 server:/ rw\n");
	put_ways(scene, "", "");
	look(scene, false);
	assert_int_equal(device(scene, NIC)->holders.items[0].loss, VIA_LOSS_VITAL);
}

static void screens_count(void **state)
{
	struct scene *scene = *state;

	class_link(scene, "drm", GPU "/drm/card0");
	class_link(scene, "drm", GPU "/drm/card0/card0-DP-1");
	put(scene, "sys/class/drm/card0-DP-1/enabled", "enabled\n");
	put(scene, "sys/class/drm/card0-DP-1/status", "connected\n");
	look(scene, false);
	assert_held(scene, GPU, VIA_LOSS_USE, "a screen on DP-1 shows the host's picture");
	assert_held(scene, GPU, VIA_LOSS_VITAL, "no other display shows the host's picture");
	function(scene, "", "0000:02:00.0", "0x030000", "i915");
	class_link(scene, "drm", "0000:02:00.0/drm/card1/card1-eDP-1");
	put(scene, "sys/class/drm/card1-eDP-1/enabled", "enabled\n");
	put(scene, "sys/class/drm/card1-eDP-1/status", "connected\n");
	look(scene, false);
	assert_int_equal(device(scene, GPU)->holders.count, 1);
}

static void a_framebuffer_without_a_driver_counts(void **state)
{
	struct scene *scene = *state;

	function(scene, "", "0000:02:00.0", "0x030000", NULL);
	class_link(scene, "graphics", "0000:02:00.0/simple-framebuffer.0/graphics/fb0");
	class_link(scene, "graphics", GPU "/graphics/fb1");
	look(scene, false);
	assert_held(scene, "0000:02:00.0", VIA_LOSS_USE,
		    "the firmware's framebuffer (fb0) is on it");
	assert_free(scene, GPU);
}

static void the_last_keyboard_counts(void **state)
{
	static const char keys[] = "1000000000007 ff9f207ac14057ff febeffdfffefffff "
				   "fffffffffffffffe\n";
	struct scene *scene = *state;

	class_link(scene, "input", USB "/usb1/1-1/input/input3");
	put(scene, "sys/class/input/input3/capabilities/key", keys);
	put(scene, "sys/class/input/input3/name", "Board\n");
	class_link(scene, "input", GPU "/input/input4");
	put(scene, "sys/class/input/input4/capabilities/key", "10000000000000 0\n");
	look(scene, false);
	assert_held(scene, USB, VIA_LOSS_VITAL, "the only keyboard hangs on it (Board)");
	assert_free(scene, GPU);
	memtree_add_link(scene->tree, "sys/class/input/input9",
			 "../../devices/platform/i8042/input9");
	put(scene, "sys/devices/platform/i8042/input9/capabilities/key", keys);
	look(scene, false);
	assert_free(scene, USB);
}

static void consoles_and_mediated_devices(void **state)
{
	struct scene *scene = *state;

	class_link(scene, "tty", USB "/tty/ttyS4");
	put(scene, "proc/consoles", "ttyS4                -W- (EC p  )    4:68\n");
	memtree_add_link(scene->tree, "sys/bus/mdev/devices/1234",
			 "../../../devices/pci0000:00/" GPU "/1234");
	look(scene, false);
	assert_held(scene, USB, VIA_LOSS_USE, "the kernel's console ttyS4 is on it");
	assert_held(scene, USB, VIA_LOSS_VITAL, "the kernel has no other console");
	assert_held(scene, GPU, VIA_LOSS_USE, "the mediated device 1234 is cut from it");
}

/* As amdkfd tells where a card is: bus and function in one number */
static unsigned int location_of(const char *address)
{
	unsigned int bus, slot, function;

	assert_int_equal(sscanf(address, "0000:%x:%x.%u", &bus, &slot, &function), 3);
	return bus << 8 | slot << 3 | function;
}

static void open_by(struct scene *scene, const char *pid, const char *name, const char *target)
{
	static unsigned int fd = 3;

	put(scene, arena_printf(scene->arena, "proc/%s/comm", pid), name);
	memtree_add_link(scene->tree, arena_printf(scene->arena, "proc/%s/fd/%u", pid, fd++),
			 target);
}

static void open_nodes_are_found_by_one_look(void **state)
{
	struct scene *scene = *state;

	class_link(scene, "drm", GPU "/drm/card0");
	class_link(scene, "drm", GPU "/drm/renderD128");
	class_link(scene, "scsi_generic", SATA "/ata1/scsi_generic/sg0");
	memtree_add_link(scene->tree, "sys/bus/usb/devices/usb2",
			 "../../../devices/pci0000:00/" USB "/usb2");
	stacked(scene, "dm-0", "sda1");
	open_by(scene, "7", "Xorg\n", "/dev/dri/card0");
	open_by(scene, "8", "ollama\n", "/dev/dri/renderD128");
	open_by(scene, "9", "dd\n", "/dev/dm-0");
	open_by(scene, "9", "dd\n", "/dev/sg0");
	open_by(scene, "10", "qemu\n", "/dev/bus/usb/002/005");
	open_by(scene, "11", "dpdk\n", "/sys/devices/pci0000:00/" NIC "/resource0");
	open_by(scene, "12", "cat\n", "/sys/devices/pci0000:00/" NIC "/vendor");
	open_by(scene, "12", "cat\n", "/dev/null");
	look(scene, true);
	assert_held(scene, GPU, VIA_LOSS_USE, "Xorg (pid 7) has /dev/dri/card0 open");
	assert_held(scene, GPU, VIA_LOSS_USE, "ollama (pid 8) has /dev/dri/renderD128 open");
	assert_held(scene, SATA, VIA_LOSS_USE, "dd (pid 9) has /dev/dm-0 open");
	assert_held(scene, SATA, VIA_LOSS_USE, "dd (pid 9) has /dev/sg0 open");
	assert_held(scene, USB, VIA_LOSS_USE, "qemu (pid 10) has /dev/bus/usb/002/005 open");
	assert_held(scene, NIC, VIA_LOSS_USE, "dpdk (pid 11) has resource0 open");
	assert_int_equal(device(scene, NIC)->holders.count, 1);
	look(scene, false);
	assert_free(scene, GPU);
}

/* A card that computes has one node for all of them; a mapping outlives its descriptor. */
static void compute_and_mappings_are_found(void **state)
{
	struct scene *scene = *state;

	put(scene, "sys/class/kfd/kfd/topology/nodes/0/properties",
	    "cpu_cores_count 16\nlocation_id 0\n");
	put(scene, "sys/class/kfd/kfd/topology/nodes/1/properties",
	    arena_printf(scene->arena, "simd_count 160\nlocation_id %u\ndomain 0\n",
			 location_of(GPU)));
	open_by(scene, "20", "python3\n", "/dev/kfd");
	open_by(scene, "21", "flashrom\n", "/dev/null");
	put(scene, "proc/21/maps",
	    "55d0-55d1 r-xp 00000000 fe:01 12 /usr/bin/flashrom\n"
	    "7f00-7f01 rw-s 00000000 00:14 99                         "
	    "/sys/devices/pci0000:00/" NIC "/resource2\n"
	    "7f02-7f03 rw-s 00000000 00:05 98   /dev/dri/renderD128\n");
	class_link(scene, "drm", GPU "/drm/renderD128");
	look(scene, true);
	assert_held(scene, GPU, VIA_LOSS_USE, "python3 (pid 20) has /dev/kfd open");
	assert_held(scene, GPU, VIA_LOSS_USE, "flashrom (pid 21) has /dev/dri/renderD128 mapped");
	assert_held(scene, NIC, VIA_LOSS_USE, "flashrom (pid 21) has resource2 mapped");
	assert_int_equal(device(scene, NIC)->holders.count, 1);
}

static void hidden_processes_are_said_to_be(void **state)
{
	struct scene *scene = *state;

	memtree_add_link(scene->tree, "proc/self/ns/pid", "pid:[4026532000]");
	look(scene, true);
	assert_int_equal(device(scene, SATA)->holders_known.known, VIA_UNKNOWN);
	/* What has no node cannot be open. */
	assert_int_equal(device(scene, NIC)->holders_known.known, VIA_NOT_ASKED);
	memtree_find(scene->tree, "proc/self/ns/pid")->target = "pid:[4026531836]";
	look(scene, true);
	assert_int_equal(device(scene, SATA)->holders_known.known, VIA_NOT_ASKED);
	memtree_find(scene->tree, "proc/1/fd")->error = EACCES;
	look(scene, true);
	assert_int_equal(device(scene, SATA)->holders_known.error, EACCES);
	assert_string_equal(device(scene, SATA)->holders_known.path, "proc/1/fd");
}

static void mounts_of_other_namespaces_are_found(void **state)
{
	static const char mounts[] = "40 39 8:0 / / rw - ext4 /dev/root rw\n"
				     "41 40 8:1 / /data rw - ext4 /dev/sda1 rw\n";
	struct scene *scene = *state;

	memtree_add_link(scene->tree, "sys/dev/block/8:1", "../../devices/x/sda1");
	memtree_add_link(scene->tree, "proc/self/ns/mnt", "mnt:[1]");
	memtree_add_link(scene->tree, "proc/42/ns/mnt", "mnt:[2]");
	memtree_add_link(scene->tree, "proc/43/ns/mnt", "mnt:[2]");
	memtree_add_link(scene->tree, "proc/44/ns/mnt", "mnt:[1]");
	open_by(scene, "42", "postgres\n", "/dev/null");
	open_by(scene, "43", "worker\n", "/dev/null");
	open_by(scene, "44", "bash\n", "/dev/null");
	put(scene, "proc/42/mountinfo", mounts);
	put(scene, "proc/43/mountinfo", mounts);
	look(scene, false);
	assert_free(scene, SATA);
	look(scene, true);
	assert_held(scene, SATA, VIA_LOSS_USE,
		    "sda1 is mounted on /data in the mount namespace of postgres (pid 42)");
	assert_int_equal(device(scene, SATA)->holders.count, 1);
	/* What is mounted here as well is told once. */
	put(scene, "proc/self/mountinfo", "22 1 8:1 / /srv rw - ext4 /dev/sda1 rw\n");
	look(scene, true);
	assert_held(scene, SATA, VIA_LOSS_USE, "sda1 is mounted on /srv");
	assert_int_equal(device(scene, SATA)->holders.count, 1);
	assert_int_equal(device(scene, SATA)->holders_known.known, VIA_NOT_ASKED);
	memtree_find(scene->tree, "proc/42/mountinfo")->error = EACCES;
	memtree_find(scene->tree, "proc/43/mountinfo")->error = EACCES;
	look(scene, true);
	assert_int_equal(device(scene, SATA)->holders_known.error, EACCES);
	assert_string_equal(device(scene, SATA)->holders_known.path, "proc/42/mountinfo");
}

static void tuners_are_held_by_who_watches(void **state)
{
	struct scene *scene = *state;

	class_link(scene, "dvb", GPU "/dvb/dvb0.frontend0");
	open_by(scene, "7", "tvheadend\n", "/dev/dvb/adapter0/frontend0");
	look(scene, true);
	assert_held(scene, GPU, VIA_LOSS_USE,
		    "tvheadend (pid 7) has /dev/dvb/adapter0/frontend0 open");
}

static void disks_served_by_the_kernel_are_held(void **state)
{
	static const char lio[] = "sys/kernel/config/target/core/iblock_0";
	static const char nvmet[] = "sys/kernel/config/nvmet/subsystems/fast/namespaces/1";
	struct scene *scene = *state;

	function(scene, "", "0000:02:00.0", "0x010802", "nvme");
	class_link(scene, "block", "0000:02:00.0/nvme/nvme0/nvme0n1");
	put(scene, arena_printf(scene->arena, "%s/hba_info", lio), "HBA\n");
	put(scene, arena_printf(scene->arena, "%s/store/enable", lio), "1\n");
	put(scene, arena_printf(scene->arena, "%s/store/udev_path", lio), "/dev/disk/by-id/x\n");
	memtree_add_link(scene->tree, "dev/disk/by-id/x", "../../sda");
	put(scene, arena_printf(scene->arena, "%s/enable", nvmet), "0\n");
	put(scene, arena_printf(scene->arena, "%s/device_path", nvmet), "/dev/nvme0n1\n");
	look(scene, false);
	assert_held(scene, SATA, VIA_LOSS_USE, "sda is served to other hosts by LIO (store)");
	assert_free(scene, "0000:02:00.0");
	assert_int_equal(device(scene, "0000:02:00.0")->holders_known.known, VIA_NOT_ASKED);
	put(scene, arena_printf(scene->arena, "%s/enable", nvmet), "1\n");
	memtree_find(scene->tree, "dev/disk/by-id/x")->target = "../../gone";
	look(scene, false);
	assert_held(scene, "0000:02:00.0", VIA_LOSS_USE,
		    "nvme0n1 is served to other hosts by nvmet (fast)");
	assert_int_equal(device(scene, SATA)->holders_known.error, ENODEV);
}

static void vfio_is_known_before_its_user_is(void **state)
{
	struct scene *scene = *state;

	function(scene, "", "0000:02:00.0", "0x020000", "vfio-pci");
	memtree_add_link(scene->tree, BUS "/0000:02:00.0/iommu_group",
			 "/sys/kernel/iommu_groups/12");
	put(scene, BUS "/0000:02:00.0/enable", "1\n");
	look(scene, false);
	assert_held(scene, "0000:02:00.0", VIA_LOSS_USE,
		    "a guest or program has it open through VFIO");
	open_by(scene, "9", "qemu-kvm\n", "/dev/vfio/12");
	look(scene, true);
	assert_int_equal(device(scene, "0000:02:00.0")->holders.count, 1);
	assert_held(scene, "0000:02:00.0", VIA_LOSS_USE, "qemu-kvm (pid 9) has /dev/vfio/12 open");
	assert_false(holder_can_be_overruled(device(scene, "0000:02:00.0")->holders.items));
}

/* A guest can put what it has to sleep; what a driver left enabled sleeps when it is closed. */
static void a_sleeper_is_closed_only_if_every_process_says_so(void **state)
{
	static const char name[] = "0000:02:00.0";
	struct scene *scene = *state;

	function(scene, "", name, "0x020000", "vfio-pci");
	memtree_add_link(scene->tree, BUS "/0000:02:00.0/iommu_group",
			 "/sys/kernel/iommu_groups/12");
	put(scene, BUS "/0000:02:00.0/power_state", "D3hot\n");
	put(scene, BUS "/0000:02:00.0/enable", "0\n");
	look(scene, false);
	assert_free(scene, name);
	assert_int_equal(device(scene, name)->holders_known.known, VIA_NOT_ASKED);
	put(scene, BUS "/0000:02:00.0/enable", "1\n");
	look(scene, false);
	assert_free(scene, name);
	assert_int_equal(device(scene, name)->holders_known.known, VIA_UNKNOWN);
	assert_non_null(strstr(device(scene, name)->holders_known.path, name));
	look(scene, true);
	assert_free(scene, name);
	assert_int_equal(device(scene, name)->holders_known.known, VIA_NOT_ASKED);
	/* A descriptor of some device, and nothing that says which */
	open_by(scene, "9", "spdk\n", "anon_inode:[vfio-device]");
	look(scene, true);
	assert_int_equal(device(scene, name)->holders_known.known, VIA_UNKNOWN);
	open_by(scene, "9", "spdk\n", "/dev/vfio/noiommu-12");
	look(scene, true);
	assert_held(scene, name, VIA_LOSS_USE, "spdk (pid 9) has /dev/vfio/noiommu-12 open");
	assert_int_equal(device(scene, name)->holders_known.known, VIA_NOT_ASKED);
	memtree_find(scene->tree, "proc/1/fd")->error = EACCES;
	look(scene, true);
	assert_int_equal(device(scene, name)->holders_known.known, VIA_UNKNOWN);
}

static void tables_of_the_network_are_read(void **state)
{
	struct via_tcp_row row;
	char name[64];

	assert_int_equal(tcp_row_parse("   1: 0100007F:0016 0200007F:C350 01 00000000:00000000 "
				       "02:000A0000 00000000     0        0 4711 4 0000 20 4 29",
				       &row),
			 0);
	assert_int_equal(row.local_port, 22);
	assert_int_equal(row.state, TCP_ESTABLISHED_STATE);
	assert_int_equal(row.inode, 4711);
	assert_memory_equal(row.local, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1", 16);
	assert_int_equal(tcp_row_parse("  sl  local_address rem_address   st tx_queue", &row),
			 -EINVAL);
	assert_int_equal(
		route_parse("eth0\t00000000\t0102A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0", name),
		0);
	assert_string_equal(name, "eth0");
	assert_int_equal(
		route_parse("eth0\t0002A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0", name),
		-EINVAL);
	assert_int_equal(route_parse("*\t00000000\t00000000\t0201\t0\t0\t100\t00000000\t0", name),
			 -EINVAL);
	assert_int_equal(route6_parse("00000000000000000000000000000000 00 "
				      "00000000000000000000000000000000 00 "
				      "fe800000000000000000000000000001 00000400 00000001 "
				      "00000000 00000003     wlan0",
				      name),
			 0);
	assert_string_equal(name, "wlan0");
	assert_int_equal(route6_parse("00000000000000000000000000000000 00 "
				      "00000000000000000000000000000000 00 "
				      "00000000000000000000000000000000 ffffffff 00000001 "
				      "00000000 00200200       lo",
				      name),
			 -EINVAL);
}

#define HOLDER_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOLDER_TEST(nothing_is_used),
		HOLDER_TEST(mounts_are_known_by_number_and_by_name),
		HOLDER_TEST(btrfs_takes_all_its_devices),
		HOLDER_TEST(swap_is_vital),
		HOLDER_TEST(stacks_are_followed_whatever_their_order),
		HOLDER_TEST(stacks_in_a_circle_end),
		HOLDER_TEST(nvme_paths_lead_to_their_head),
		HOLDER_TEST(zfs_is_known_by_udev_or_not_at_all),
		HOLDER_TEST(interfaces_carry_routes_and_sessions),
		HOLDER_TEST(unasked_ways_stay_untold),
		HOLDER_TEST(an_interface_of_another_namespace_is_not_nobodys),
		HOLDER_TEST(a_root_from_the_network_makes_it_vital),
		HOLDER_TEST(screens_count),
		HOLDER_TEST(a_framebuffer_without_a_driver_counts),
		HOLDER_TEST(the_last_keyboard_counts),
		HOLDER_TEST(consoles_and_mediated_devices),
		HOLDER_TEST(open_nodes_are_found_by_one_look),
		HOLDER_TEST(compute_and_mappings_are_found),
		HOLDER_TEST(hidden_processes_are_said_to_be),
		HOLDER_TEST(mounts_of_other_namespaces_are_found),
		HOLDER_TEST(tuners_are_held_by_who_watches),
		HOLDER_TEST(disks_served_by_the_kernel_are_held),
		HOLDER_TEST(vfio_is_known_before_its_user_is),
		HOLDER_TEST(a_sleeper_is_closed_only_if_every_process_says_so),
		cmocka_unit_test(tables_of_the_network_are_read),
	};

	return cmocka_run_group_tests_name("holders", tests, NULL, NULL);
}
