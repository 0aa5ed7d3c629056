/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <string.h>

#include "decode/keeping.h"
#include "decode/line.h"

static struct via_arena *arena;
static struct via_keepings list;

static void expect(size_t index, const char *device, const char *what, const char *guest,
		   bool at_boot)
{
	assert_true(index < list.count);
	assert_string_equal(list.items[index].device, device);
	assert_string_equal(list.items[index].what, what);
	if (guest)
		assert_string_equal(list.items[index].guest, guest);
	else
		assert_null(list.items[index].guest);
	assert_int_equal(list.items[index].at_boot, at_boot);
}

static void driverctl_keeps_a_driver(void **state)
{
	keeping_driverctl(arena, "p", "pci-0000:01:00.0", span_of_text("vfio-pci\n"), &list);
	keeping_driverctl(arena, "p", "vmbus-01234567", span_of_text("uio_hv_generic\n"), &list);
	keeping_driverctl(arena, "p", "pci-0000:01:00.1", span_of_text("\n"), &list);
	assert_int_equal(list.count, 1);
	expect(0, "0000:01:00.0", "driver vfio-pci", NULL, true);
}

static void netplan_keeps_virtual_functions(void **state)
{
	keeping_netplan(arena, "p",
			span_of_text("network:\n"
				     "  version: 2\n"
				     "  ethernets:\n"
				     "    engreen:\n"
				     "      embedded-switch-mode: switchdev\n"
				     "    enp1s0f1:\n"
				     "      dhcp4: true   # virtual-function-count: 3\n"
				     "      virtual-function-count: '8' # all\n"
				     "    vf0: {link: enp1s0f1}\n"),
			&list);
	assert_int_equal(list.count, 2);
	expect(0, "engreen", "eswitch mode switchdev", NULL, true);
	expect(1, "enp1s0f1", "8 virtual functions", NULL, true);
}

static void netplan_is_read_in_every_style(void **state)
{
	keeping_netplan(arena, "p",
			span_of_text("network: {version: 2, ethernets: {\n"
				     "  \"eth0\": {virtual-function-count: 4}, # braces\n"
				     "  lan1: {match: {macaddress: '02:00:00:AA:00:01'}, "
				     "virtual-function-count: \"2\"}}}\n"),
			&list);
	keeping_netplan(arena, "p",
			span_of_text("network:\n  ethernets:\n    'lan2':\n"
				     "      virtual-function-count: 3\n"
				     "      match:\n        name: \"enp*\"\n"
				     "      set-name: lan2\n"
				     "    lan3:\n      match: {driver: [ixgbe, 'i40e']}\n"
				     "      \"virtual-function-count\": 5\n"
				     "    lan4:\n      match: {}\n"
				     "      virtual-function-count: 6\n"
				     "    lan5: {virtual-function-count: "),
			&list);
	assert_true(list.count >= 5);
	expect(0, "eth0", "4 virtual functions", NULL, true);
	assert_null(list.items[0].match);
	expect(1, "address 02:00:00:aa:00:01", "2 virtual functions", NULL, true);
	expect(2, "enp* lan2", "3 virtual functions", NULL, true);
	expect(3, "driver ixgbe i40e", "5 virtual functions", NULL, true);
	expect(4, "", "6 virtual functions", NULL, true);
	assert_true(list.items[4].match->more);
}

static void networkd_matches_by_more_than_a_name(void **state)
{
	keeping_networkd(
		arena, "p",
		span_of_text("[Match]\nOriginalName=enp* eth0\nMACAddress=02-00-00-AA-00-01\n"
			     "Driver=ixgbe\nDriver=i40e\nType=ether\n"
			     "[Link]\nSR-IOVVirtualFunctions=4\n"),
		&list);
	keeping_networkd(arena, "p",
			 span_of_text("[Match]\nProperty=A=b\n[Link]\nSR-IOVVirtualFunctions=1\n"),
			 &list);
	assert_int_equal(list.count, 2);
	expect(0, "enp* eth0", "4 virtual functions", NULL, true);
	assert_string_equal(list.items[0].match->mac, "02:00:00:aa:00:01");
	assert_string_equal(list.items[0].match->driver, "ixgbe i40e");
	assert_false(list.items[0].match->more);
	assert_true(list.items[1].match->more);
}

static void networkd_keeps_virtual_functions(void **state)
{
	keeping_networkd(arena, "p",
			 span_of_text("[Match]\nName=enp1s0f0\n\n[SR-IOV]\nVirtualFunction=0\n"
				      "MACAddress=02:00:00:00:00:01\n[SR-IOV]\n"
				      "VirtualFunction=1\n"),
			 &list);
	keeping_networkd(arena, "p",
			 span_of_text("[Match]\r\nPath=pci-0000:03:00.0\r\n\r\n[Link]\r\n"
				      "#SR-IOVVirtualFunctions=1\r\n"
				      "SR-IOVVirtualFunctions = 4\r\n"),
			 &list);
	assert_int_equal(list.count, 3);
	expect(1, "enp1s0f0", "settings of virtual function 1", NULL, true);
	expect(2, "0000:03:00.0", "4 virtual functions", NULL, true);
}

static void rules_of_udev_are_seen(void **state)
{
	keeping_udev(arena, "p",
		     span_of_text("# ATTR{driver_override}=\"no\"\n"
				  "ACTION==\"add\", SUBSYSTEM==\"pci\", KERNEL==\"0000:01:00.0\", "
				  "ATTR{driver_override}=\"vfio-pci\"\n"
				  "ACTION==\"add\", SUBSYSTEM==\"net\", "
				  "ENV{ID_NET_DRIVER}==\"ixgbe\", "
				  "ATTR{device/sriov_numvfs}=\"4\"\n"
				  "ATTR{driver_override}"),
		     &list);
	assert_int_equal(list.count, 2);
	expect(0, "0000:01:00.0", "driver_override vfio-pci", NULL, true);
	expect(1, "driver ixgbe", "4 virtual functions", NULL, true);
	assert_string_equal(list.items[1].match->driver, "ixgbe");
	assert_false(list.items[1].match->more);
}

static void rules_of_udev_that_ask_are_understood(void **state)
{
	keeping_udev(arena, "p",
		     span_of_text("ACTION==\"add\", ATTR{vendor}==\"0x8086\", \\\n"
				  "  ATTR{device}==\"0x10fb\", ATTR{sriov_numvfs}=\"2\"\n"
				  "SUBSYSTEM==\"net\", NAME==\"eth0\", KERNELS!=\"0000:01:00.0\", "
				  "ATTR{device/sriov_numvfs}=\"3\"\n"
				  "ATTR{driver_override}==\"vfio-pci\"\n"
				  "SUBSYSTEM==\"pci\", ATTR{sriov_numvfs}=\"1\"\n"),
		     &list);
	assert_int_equal(list.count, 3);
	expect(0, "ids 0x8086 0x10fb", "2 virtual functions", NULL, true);
	assert_string_equal(list.items[0].match->vendor, "0x8086");
	expect(1, "eth0", "3 virtual functions", NULL, true);
	assert_true(list.items[1].match->more);
	expect(2, "", "1 virtual functions", NULL, true);
	assert_true(list.items[2].match->more);
}

static const char domain[] =
	"<domain type='kvm'>\n  <name>win11</name>\n  <devices>\n"
	"    <hostdev mode='subsystem' type='usb'><source><vendor id='0x1'/></source></hostdev>\n"
	"    <hostdev mode='subsystem' type='pci' managed='yes'>\n"
	"      <driver name='vfio'/>\n"
	"      <source>\n"
	"        <address domain='0x0000' bus='0x06' slot='0x12' function='0x5'/>\n"
	"      </source>\n"
	"      <address type='pci' domain='0x0000' bus='0x05' slot='0x00' function='0x0'/>\n"
	"    </hostdev>\n"
	"    <hostdev mode='subsystem' type='pci'><source>\n"
	"      <address domain='0x10000' bus='0x100' slot='0x00' function='0x0'/></source>\n"
	"    </hostdev>\n"
	"    <hostdev mode='subsystem' type='pci'><source>\n"
	"      <address domain='0x10000' bus='0x01' slot='0x00' function='0x0'/></source>\n"
	"    </hostdev>\n"
	"    <hostdev mode='subsystem' type='pci'><source>";

static void guests_of_libvirt_are_seen(void **state)
{
	keeping_libvirt(arena, "p", span_of_text(domain), true, &list);
	assert_int_equal(list.count, 2);
	expect(0, "0000:06:12.5", "given to a guest, bound by libvirt (managed)", "win11", true);
	expect(1, "10000:01:00.0", "given to a guest", "win11", true);
}

static const char domain_of_interfaces[] =
	"<domain type='kvm'>\n  <name>router</name>\n  <devices>\n"
	"    <interface type='network'><source network='default'/>\n"
	"      <address type='pci' domain='0x0000' bus='0x09' slot='0x00' function='0x0'/>\n"
	"    </interface>\n"
	"    <interface type='hostdev' managed='yes'>\n"
	"      <mac address='52:54:00:00:00:01'/>\n"
	"      <source>\n"
	"        <address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x2'/>\n"
	"      </source>\n"
	"      <address type='pci' domain='0x0000' bus='0x05' slot='0x00' function='0x0'/>\n"
	"    </interface>\n"
	"    <interface type=\"hostdev\"><source>\n"
	"      <address type=\"pci\" bus=\"0x01\" slot=\"0x10\" function=\"0x3\"/>\n"
	"    </source></interface>\n"
	"    <interface type='hostdev'>";

static void interfaces_of_libvirt_that_are_functions_are_seen(void **state)
{
	keeping_libvirt(arena, "p", span_of_text(domain_of_interfaces), false, &list);
	assert_int_equal(list.count, 2);
	expect(0, "0000:01:10.2", "given to a guest, bound by libvirt (managed)", "router", false);
	expect(1, "0000:01:10.3", "given to a guest", "router", false);
}

static void networks_of_libvirt_that_hand_out_functions_are_seen(void **state)
{
	keeping_libvirt_network(
		arena, "p",
		span_of_text("<network>\n  <name>vfs</name>\n"
			     "  <forward mode='hostdev' managed='yes'>\n    <pf dev='eth0'/>\n"
			     "    <address type='pci' domain='0x0000' bus='0x04' slot='0x00' "
			     "function='0x1'/>\n  </forward>\n</network>\n"),
		true, &list);
	keeping_libvirt_network(arena, "p",
				span_of_text("<network><name>nat</name><forward mode='nat'>"
					     "<pf dev='eth1'/></forward></network>"),
				true, &list);
	keeping_libvirt_network(arena, "p", span_of_text("<forward mode='hostdev'><pf "), true,
				&list);
	assert_int_equal(list.count, 2);
	expect(0, "eth0", "its virtual functions are given to guests", "network vfs", true);
	expect(1, "0000:04:00.1", "given to guests", "network vfs", true);
}

static void guests_of_proxmox_are_seen(void **state)
{
	static const struct via_proxmox_mappings none = { 0 };

	keeping_proxmox(arena, "p", "VM 100",
			span_of_text("#hostpci9: 0000:09:00\n"
				     "hostpci0: 0000:44:00,pcie=1,romfile=a.rom,x-vga=1\n"
				     "hostpci1: host=0000:45:00.3;0000:45:00.4\n"
				     "hostpci2: mapping=gpu,pcie=1\n"
				     "onboot: 1\n"
				     "[before-update]\n"
				     "hostpci3: 0000:08:00.0\n"),
			&none, &list);
	assert_int_equal(list.count, 4);
	expect(0, "0000:44:00", "given to a guest", "VM 100", true);
	expect(1, "0000:45:00.3", "given to a guest", "VM 100", true);
	expect(2, "0000:45:00.4", "given to a guest", "VM 100", true);
	expect(3, "", "mapping=gpu is given to a guest", "VM 100", true);
}

static const char mapped[] =
	"gpu\n\tmap id=10de:2684,node=pve1,path=0000:0b:00\n\n"
	"nic\n\tdescription path=0000:0c:00.0\n"
	"\tmap id=8086:10ed,iommugroup=40,node=pve1,path=0000:01:10.0,subsystem-id=8086:0\n"
	"\tmap id=8086:10ed,iommugroup=41,node=pve1,path=0000:01:10.2;0000:01:10.4\n"
	"\tmap id=8086:10ed,iommugroup=40,node=pve2,path=0000:81:10.0\n";

static void mappings_of_proxmox_are_resolved(void **state)
{
	struct via_proxmox_mappings mappings = { span_of_text(mapped), "pve1" };

	keeping_proxmox(arena, "p", "VM 101",
			span_of_text("hostpci0: mapping=nic\nhostpci1: pcie=1,mapping=gone\n"),
			&mappings, &list);
	assert_int_equal(list.count, 4);
	expect(0, "0000:01:10.0", "given to a guest by mapping nic", "VM 101", false);
	expect(1, "0000:01:10.2", "given to a guest by mapping nic", "VM 101", false);
	expect(2, "0000:01:10.4", "given to a guest by mapping nic", "VM 101", false);
	expect(3, "", "mapping=gone is given to a guest", "VM 101", false);
	mappings.node = NULL;
	keeping_proxmox(arena, "p", "VM 101", span_of_text("hostpci0: mapping=nic\n"), &mappings,
			&list);
	assert_int_equal(list.count, 8);
	expect(7, "0000:81:10.0", "given to a guest by mapping nic", "VM 101", false);
}

static void the_host_of_proxmox_stands_anywhere(void **state)
{
	static const struct via_proxmox_mappings none = { 0 };

	keeping_proxmox(arena, "p", "VM 102",
			span_of_text("hostpci0: device-id=0x10c9,host=0000:01:00.1\n"
				     "hostpci1: pcie=1,host=01:00;02:00.0\n"
				     "hostpci2: pcie=1\n"),
			&none, &list);
	assert_int_equal(list.count, 3);
	expect(0, "0000:01:00.1", "given to a guest", "VM 102", false);
	expect(1, "01:00", "given to a guest", "VM 102", false);
	expect(2, "02:00.0", "given to a guest", "VM 102", false);
}

static const struct {
	const char *device, *address;
	bool covers;
} coverings[] = {
	{ "0000:01:00.0", "0000:01:00.0", true },
	{ "01:00.0", "0000:01:00.0", true },
	{ "0000:01:00", "0000:01:00.1", true },
	{ "01:00", "0000:01:00.1", true },
	{ "01:00", "0001:01:00.1", false },
	{ "0000:01:00", "0000:01:10.0", false },
	{ "0000:01:0", "0000:01:00.0", false },
	{ "0000:01:00.0", "0000:01:00.1", false },
	{ "10000:01:00", "10000:01:00.0", true },
	{ "0000:01:00", "10000:01:00.0", false },
	{ "eth0", "0000:01:00.0", false },
	{ "", "0000:01:00.0", false },
	{ "0000:01:00.?", "0000:01:00.1", true },
	{ "0000:01:00.?", "0000:01:10.1", false },
	{ "0000:01:00.[01]", "0000:01:00.1", true },
	{ "0000:03:*|0000:01:00.0", "0000:01:00.0", true },
	{ "0000:01:00.0", "eth0", false },
	{ "00000", "00000:01:00.0", false },
};

static void a_slot_covers_its_functions(void **state)
{
	for (size_t i = 0; i < sizeof(coverings) / sizeof(*coverings); i++)
		if (keeping_covers(coverings[i].device, coverings[i].address) !=
		    coverings[i].covers)
			fail_msg("%s and %s", coverings[i].device, coverings[i].address);
}

static int setup(void **state)
{
	arena = arena_new();
	list = (struct via_keepings){ 0 };
	return 0;
}

static int teardown(void **state)
{
	arena_free(arena);
	return 0;
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(driverctl_keeps_a_driver),
		EACH(netplan_keeps_virtual_functions),
		EACH(networkd_keeps_virtual_functions),
		EACH(rules_of_udev_are_seen),
		EACH(guests_of_libvirt_are_seen),
		EACH(guests_of_proxmox_are_seen),
		EACH(interfaces_of_libvirt_that_are_functions_are_seen),
		EACH(networks_of_libvirt_that_hand_out_functions_are_seen),
		EACH(mappings_of_proxmox_are_resolved),
		EACH(the_host_of_proxmox_stands_anywhere),
		EACH(rules_of_udev_that_ask_are_understood),
		EACH(netplan_is_read_in_every_style),
		EACH(networkd_matches_by_more_than_a_name),
		EACH(a_slot_covers_its_functions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
