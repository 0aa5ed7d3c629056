# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of a captured host, laid out as /sys and /proc have them. Nothing here was copied
from a machine: every value is made up, or follows from a specification."""

import gzip
import json
import os
import struct

KERNEL = "6.12.0-test"
ACS_ALL = 0x1D  # source validation, redirects, upstream forwarding
HEADER, PM, EXPRESS = 0x40, 0x40, 0x50
DISPLAY, SOUND, NETWORK, NVME, BRIDGE, USB = (
    0x030000, 0x040300, 0x020000, 0x010802, 0x060400, 0x0C0330)
ENDPOINT, ROOT_PORT = 0, 4


def acpi_table(signature, body):
    header = struct.pack("<4sIBB6s8sI4sI", signature, 36 + len(body), 1, 0, b"VIADCT",
                         b"MADE-UP ", 1, b"TEST", 1)
    table = bytearray(header + body)
    table[9] = -sum(table) & 0xFF
    return bytes(table)


def dmar(units=1, flags=0x01, graphics=False, reserved=(0x14, 0)):
    """One DRHD a unit, the last of them for all devices, and one RMRR.
    @graphics: one more before them, for 00:02.0 alone; @reserved: hops to the RMRR's owner"""
    body = struct.pack("<BB10x", 38, flags)
    if graphics:
        body += struct.pack("<HHBBHQ", 0, 24, 0, 0, 0, 0xFED80000)
        body += struct.pack("<BBHBBBB", 1, 8, 0, 0, 0, 2, 0)
    for unit in range(units):
        body += struct.pack("<HHBBHQ", 0, 16, unit + 1 == units, 0, 0, 0xFED90000 + (unit << 12))
    scope = struct.pack("<BBHBB", 1, 6 + len(reserved), 0, 0, 0) + bytes(reserved)
    body += struct.pack("<HHHHQQ", 1, 24 + len(scope), 0, 0, 0x7B000000, 0x7B0FFFFF) + scope
    return acpi_table(b"DMAR", body)


def ivrs(ioapic=0x00A0):
    """One IVHD of type 10h: all devices from 00:00.0 to ff:1f.7, and the southbridge's IOAPIC."""
    entries = struct.pack("<BHBBHB", 3, 0x0008, 0, 4, 0xFFFE, 0)
    if ioapic is not None:
        entries += struct.pack("<BHBBHB", 0x48, 0, 0xD7, 0x20, ioapic, 1)
    block = struct.pack("<BBHHHQHHI", 0x10, 0xB0, 24 + len(entries), 2, 0x40, 0xFEB80000, 0, 0,
                        0x80048F6E)
    return acpi_table(b"IVRS", struct.pack("<I8x", 0x00203041) + block + entries)


def ivmd(device):
    """A unit for all devices, and memory kept for one of them by requester id."""
    table = ivrs()
    return acpi_table(b"IVRS", table[36:] + struct.pack(
        "<BBHHHQQQ", 0x21, 0x07, 32, device, 0, 0, 0x7C000000, 0x100000))


def smbios_structure(kind, handle, body, *strings):
    tail = b"".join(text.encode() + b"\0" for text in strings) + b"\0"
    return struct.pack("<BBH", kind, 4 + len(body), handle) + body + (tail if strings else b"\0\0")


def smbios(*slots):
    """A maker, serial numbers, and a slot (name, bus) for each that is given."""
    data = smbios_structure(1, 1, struct.pack("<BBBB16sBBB", 1, 2, 3, 4, b"0123456789abcdef", 6, 5, 6),
                            "Made-up Maker", "Made-up Machine", "1", "SYS-SERIAL-77", "SKU", "F")
    data += smbios_structure(2, 2, struct.pack("<BBBB", 1, 2, 3, 4), "Made-up Maker", "Board", "r",
                             "BOARD-SERIAL-77")
    for index, (name, bus) in enumerate(slots):
        data += smbios_structure(9, 0x900 + index, struct.pack(
            "<BBBBBHBBHBB", 1, 0xA8, 0x0D, 4, 4, index, 0x0C, 1, 0, bus, 0), name)
    data += smbios_structure(0xDD, 0xA00, b"\1", "MAKERS-OWN-77")
    return data + smbios_structure(127, 0xFFFE, b"")


def config_space(function, size=4096):
    """A header, power management and PCI Express; ACS where a port has it."""
    data = bytearray(size if size > 64 else 256)
    struct.pack_into("<HHHHBBBBBBBB", data, 0, function["vendor"], function["device"], 0x0406,
                     0x0010, 1, function["class"] & 0xFF, function["class"] >> 8 & 0xFF,
                     function["class"] >> 16, 0, 0, function["class"] >> 8 == 0x0604, 0)
    data[0x34] = PM
    struct.pack_into("<BBHH", data, PM, 0x01, EXPRESS, 0x0003, 0)
    struct.pack_into("<BBHI", data, EXPRESS, 0x10, 0, 2 | function["type"] << 4, 1 << 28)
    if size > 256 and function["acs"] is not None:
        struct.pack_into("<IHH", data, 0x100, 0x0001000D, ACS_ALL, function["acs"])
    return bytes(data[:size])


def efi_text(text):
    """A variable of EFI that holds text: attributes, then UTF-16."""
    return b"\x06\0\0\0" + text.encode("utf-16-le") + b"\0\0"


def load_option(path):
    """A Boot#### variable: attributes, description, a partition and a file on it."""
    name = path.encode("utf-16-le") + b"\0\0"
    disk = struct.pack("<BBHIQQ16sBB", 4, 1, 42, 1, 2048, 1048576, b"\x11" * 16, 2, 2)
    file = struct.pack("<BBH", 4, 4, 4 + len(name)) + name
    nodes = disk + file + struct.pack("<BBH", 0x7F, 0xFF, 4)
    return (b"\x07\0\0\0" + struct.pack("<IH", 1, len(nodes)) +
            "Made up".encode("utf-16-le") + b"\0\0" + nodes)


def cpio(files):
    """A cpio archive as the kernel reads it ("newc"): {path: content}."""
    out = b""
    for number, (name, content) in enumerate([*files.items(), ("TRAILER!!!", "")]):
        data, path = content.encode(), name.encode() + b"\0"
        fields = (number, 0o100644 if number < len(files) else 0, 0, 0, 1, 0, len(data), 0, 0, 0,
                  0, len(path), 0)
        out += b"070701" + b"".join(b"%08x" % field for field in fields) + path
        out += b"\0" * (-len(out) % 4) + data
        out += b"\0" * (-len(out) % 4)
    return out


def pe(sections):
    """An EFI program that is nothing but its sections: {name: content}."""
    head = 0x40 + 24 + 40 * len(sections)
    out = b"MZ" + b"\0" * 58 + struct.pack("<I", 0x40)
    out += b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, len(sections), 0, 0, 0, 0, 0)
    body = b""
    for name, content in sections.items():
        out += struct.pack("<8sIIIIIIHHI", name.encode(), len(content), 0, len(content),
                           head + len(body), 0, 0, 0, 0, 0)
        body += content
    return out + body


class Tree:
    def __init__(self, base):
        self.base = base

    def path(self, name):
        path = os.path.join(self.base, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def put(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else (content + "\n").encode())

    def directory(self, *names):
        for name in names:
            os.makedirs(os.path.join(self.base, name), exist_ok=True)

    def link(self, name, target):
        """A relative link, as sysfs makes them; @target is relative to the root."""
        os.symlink(os.path.relpath(target, os.path.dirname(name)), self.path(name))

    def module(self, *names):
        for name in names:
            self.directory(f"sys/module/{name}")

    def driver(self, address, name):
        self.directory(f"sys/bus/pci/drivers/{name}")
        self.link(f"{self.device(address)}/driver", f"sys/bus/pci/drivers/{name}")

    def device(self, address):
        return os.path.relpath(
            os.path.realpath(os.path.join(self.base, "sys/bus/pci/devices", address)),
            os.path.realpath(self.base))

    def group(self, number, *addresses, name=None):
        path = f"sys/kernel/iommu_groups/{number}"
        if name:
            self.put(f"{path}/name", name)
        else:
            self.put(f"{path}/type", "DMA-FQ")
            self.put(f"{path}/reserved_regions", "0x00000000fee00000 0x00000000feefffff msi")
        for address in addresses:
            self.link(f"{path}/devices/{address}", self.device(address))
            self.link(f"{self.device(address)}/iommu_group", path)

    def function(self, address, vendor, device, kind, driver=None, behind=None, acs=None,
                 config=4096, bars=((0xF0000000, 0x100000, 0x40200),), vmd=None):
        """One function; @behind: the address of the port it sits below; @vmd: of the controller
        whose root bus it is on."""
        parent = self.device(behind) if behind else f"sys/devices/pci{address[:-5]}"
        if vmd:
            parent = f"{self.device(vmd)}/pci{address[:-5]}"
        path = f"{parent}/{address}"
        row = {"vendor": vendor, "device": device, "class": kind, "acs": acs,
               "type": ROOT_PORT if kind == BRIDGE else ENDPOINT}
        for name, text in (
                ("vendor", f"0x{vendor:04x}"), ("device", f"0x{device:04x}"),
                ("class", f"0x{kind:06x}"), ("subsystem_vendor", "0x1af4"),
                ("subsystem_device", "0x1100"), ("revision", "0x01"), ("numa_node", "-1"),
                ("power_state", "D0"), ("driver_override", "(null)"), ("enable", "0"),
                ("modalias", f"pci:v{vendor:08X}d{device:08X}sv00001AF4sd00001100"
                             f"bc{kind >> 16:02X}sc{kind >> 8 & 0xFF:02X}i{kind & 0xFF:02X}")):
            self.put(f"{path}/{name}", text)
        rows = [(start, start + size - 1 if size else start, flags) for start, size, flags in bars]
        rows += [(0, 0, 0)] * (13 - len(rows))
        self.put(f"{path}/resource", "\n".join("0x%016x 0x%016x 0x%016x" % row for row in rows))
        self.put(f"{path}/config", config_space(row, config))
        if kind != BRIDGE:
            self.put(f"{path}/reset", "")
            self.put(f"{path}/reset_method", "bus")
        if kind == DISPLAY:
            self.put(f"{path}/boot_vga", "0")
        self.link(f"{path}/subsystem", "sys/bus/pci")
        self.link(f"sys/bus/pci/devices/{address}", path)
        if driver:
            self.driver(address, driver)

    def port(self, address, acs=ACS_ALL):
        self.function(address, 0x1B36, 0x000C, BRIDGE, "pcieport", acs=acs, bars=())

    def slot(self, name, address):
        self.put(f"sys/bus/pci/slots/{name}/address", address)

    def sriov(self, address, total, vf_device, offset=128, stride=2):
        path = self.device(address)
        for name, text in (("sriov_totalvfs", total), ("sriov_numvfs", 0),
                           ("sriov_offset", offset), ("sriov_stride", stride),
                           ("sriov_vf_device", f"{vf_device:x}"),
                           ("sriov_drivers_autoprobe", 1)):
            self.put(f"{path}/{name}", str(text))

    def virtual(self, physical, index, address):
        """Ties a function made before to its PF."""
        self.link(f"{self.device(physical)}/virtfn{index}", self.device(address))
        self.link(f"{self.device(address)}/physfn", self.device(physical))

    def net(self, address, name, up):
        path = f"{self.device(address)}/net/{name}"
        self.put(f"{path}/flags", "0x1003" if up else "0x1002")
        self.link(f"sys/class/net/{name}", path)

    def nvme(self, address, index, mounted=None):
        """A controller with one namespace and one partition, mounted at @mounted."""
        controller = f"{self.device(address)}/nvme/nvme{index}"
        disk = f"{controller}/nvme{index}n1"
        self.put(f"{disk}/dev", f"259:{4 * index}")
        self.link(f"sys/class/nvme/nvme{index}", controller)
        self.put(f"{disk}/nvme{index}n1p1/dev", f"259:{4 * index + 1}")
        for path in (disk, f"{disk}/nvme{index}n1p1"):
            self.directory(f"{path}/holders")
            self.link(f"sys/class/block/{os.path.basename(path)}", path)
        if mounted:
            self.put("proc/self/mountinfo", f"22 1 259:{4 * index + 1} / {mounted} rw - ext4 "
                                            f"/dev/nvme{index}n1p1 rw")

    def stacked(self, name, slaves, **files):
        """A block device on others: dm-0, md0. File names have __ for a slash."""
        path = f"sys/devices/virtual/block/{name}"
        for slave in slaves:
            self.link(f"{path}/slaves/{slave}", f"sys/class/block/{slave}")
        for file, text in files.items():
            self.put(f"{path}/{file.replace('__', '/')}", text)
        self.link(f"sys/class/block/{name}", path)

    def sata(self, address, port, name, number, partitions=1):
        """A disk with partitions; @number: minor of the disk, major 8."""
        disk = f"{self.device(address)}/ata{port}/host{port}/target{port}:0:0/{port}:0:0:0/block/{name}"
        for index in range(partitions + 1):
            path = f"{disk}/{name}{index}" if index else disk
            self.put(f"{path}/dev", f"8:{number + index}")
            self.link(f"sys/class/block/{os.path.basename(path)}", path)
            self.link(f"sys/dev/block/8:{number + index}", path)

    def keyboard(self, address, number, name="Made-up Keyboard"):
        path = f"{self.device(address)}/usb1/1-2/1-2:1.0/0003:046D:C31C.0001/input/input{number}"
        self.put(f"{path}/name", name)
        self.put(f"{path}/capabilities/key", "1000000000007 ff9f207ac14057ff febeffdfffefffff "
                                             "fffffffffffffffe")
        self.link(f"sys/class/input/input{number}", path)

    def screen(self, address, name, connected=True):
        """@name: card0-HDMI-A-1"""
        path = f"{self.device(address)}/drm/{name.split('-')[0]}/{name}"
        self.put(f"{path}/status", "connected" if connected else "disconnected")
        self.put(f"{path}/enabled", "enabled" if connected else "disabled")
        self.link(f"sys/class/drm/{name}", path)

    def parameter(self, module, name, value):
        self.put(f"sys/module/{module}/parameters/{name}", value)

    def user(self, uid, groups):
        """Looked at by an ordinary user, after cpu()."""
        with open(self.path(".viaduct/queries.json"), encoding="utf-8") as file:
            queries = json.load(file)
        queries["effective_uid"] = uid
        self.put(".viaduct/queries.json", json.dumps(queries))
        self.put("proc/self/status", "\n".join((
            "Uid:" + f"\t{uid}" * 4, "Gid:" + f"\t{uid}" * 4, f"Groups:\t{groups} ",
            "CapEff:\t0000000000000000")))

    def nodes(self, **nodes):
        """Device nodes: NAME=(kind, mode, uid, gid), '_' being '/' and '__' being '-'."""
        known = {}
        for name, (kind, mode, uid, gid) in nodes.items():
            path = "dev/" + name.replace("__", "-").replace("_", "/")
            self.put(path, "")
            known[path] = {"kind": kind, "mode": mode, "uid": uid, "gid": gid, "major": 10,
                           "minor": 196}
        self.put(".viaduct/nodes.json", json.dumps({"schema": "viaduct.nodes/1", "nodes": known}))

    def hugepages(self, size, total, free, base="sys/kernel/mm/hugepages"):
        self.put(f"{base}/hugepages-{size}kB/nr_hugepages", str(total))
        self.put(f"{base}/hugepages-{size}kB/free_hugepages", str(free))

    # The parts that most hosts have alike.

    def cpu(self, vendor, flags, cpuid=None, kvm=True, msr=None, ways=(["enp3s0"], [])):
        """@ways: the interfaces of default routes, and those of SSH sessions."""
        self.put("proc/cpuinfo", f"processor\t: 0\nvendor_id\t: {vendor}\nmodel name\t: Made-up "
                                 f"Processor\nflags\t\t: fpu lm {flags}")
        leaves = {"00000001.0": ["0", "0", "0", "0"], "80000001.0": ["0", "0", "0", "0"]}
        leaves.update(cpuid or {})
        present = {"known": "present", "number": 1}
        absent = {"known": "absent"}
        self.put(".viaduct/queries.json", json.dumps({
            "schema": "viaduct.queries/1", "effective_uid": 0, "cpuid": leaves,
            "ways": {"routes_known": {"known": "present", "number": len(ways[0])},
                     "sessions_known": {"known": "present", "number": len(ways[1])},
                     "routes": ways[0], "sessions": ways[1]},
            "msr": msr or {},
            "kvm": {"open": present if kvm else absent,
                    "api_version": {"known": "present", "number": 12} if kvm else absent,
                    "create_vm": present if kvm else absent,
                    "max_vcpus": {"known": "present", "number": 1024} if kvm else absent}}))

    def answer(self, question, text):
        """What a query that no file answers gave; after cpu()."""
        path = self.path(".viaduct/queries.json")
        with open(path, encoding="utf-8") as file:
            queries = json.load(file)
        queries.setdefault("text", {})[question] = text
        self.put(".viaduct/queries.json", json.dumps(queries))

    def intel(self, **more):
        self.cpu("GenuineIntel", "vmx ept", {"00000001.0": ["0", "0", "20", "0"]}, **more)
        self.module("kvm", "kvm_intel")
        self.parameter("kvm_intel", "nested", "Y")
        self.parameter("kvm_intel", "ept", "Y")
        self.parameter("kvm", "ignore_msrs", "N")

    def amd(self, **more):
        self.cpu("AuthenticAMD", "svm npt", {"80000001.0": ["0", "0", "4", "0"]}, **more)
        self.module("kvm", "kvm_amd")
        self.parameter("kvm_amd", "nested", "1")
        self.parameter("kvm_amd", "npt", "1")
        self.parameter("kvm", "ignore_msrs", "N")

    def config(self, **options):
        known = {"INTEL_IOMMU": "y", "INTEL_IOMMU_DEFAULT_ON": "y", "AMD_IOMMU": "y",
                 "VFIO_PCI": "m", "IOMMUFD": "m", "PCI_IOV": "y", "VFIO": "m", "VFIO_GROUP": "y",
                 "VFIO_CONTAINER": "y", "VFIO_IOMMU_TYPE1": "m", "VFIO_PCI_CORE": "m", "KVM": "m",
                 "KVM_INTEL": "m", "KVM_AMD": "m", "VHOST_NET": "m", "VHOST": "m", "TUN": "m",
                 "VHOST_VSOCK": "m", "VDPA": "m", "VDPA_USER": "m", "VHOST_VDPA": "m",
                 "MEMFD_CREATE": "y", "HUGETLBFS": "y", "MODULE_SIG": "y"}
        known.update(options)
        self.put(f"boot/config-{KERNEL}", "\n".join(
            f"CONFIG_{name}={value}" if value != "n" else f"# CONFIG_{name} is not set"
            for name, value in known.items()))

    def units(self, *names):
        self.directory("sys/class/iommu")
        for name in names:
            path = f"sys/devices/virtual/iommu/{name}"
            kind = "amd-iommu" if name.startswith("ivhd") else "intel-iommu"
            self.put(f"{path}/{kind}/cap", "d2008c40660462")
            self.link(f"sys/class/iommu/{name}", path)

    def base_system(self, command_line="BOOT_IMAGE=/boot/vmlinuz-6.12.0-test root=/dev/nvme0n1p1 ro quiet",
                    remapped=True):
        self.put("proc/cmdline", command_line)
        self.grub(" ".join(word for word in command_line.split()
                           if not word.startswith("BOOT_IMAGE=")))
        self.put("proc/sys/kernel/osrelease", KERNEL)
        self.put("proc/sys/kernel/random/boot_id", "00000000-0000-4000-8000-00000000000a")
        self.put("proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw")
        self.put("proc/swaps", "Filename\tType\tSize\tUsed\tPriority")
        self.put("proc/interrupts", " 24:  0  %sPCI-MSI 16384-edge  PCIe PME"
                 % ("IR-" if remapped else ""))
        self.put("proc/iomem", "00001000-0009ffff : System RAM\n"
                               "4000000000-7fffffffff : PCI Bus 0000:00")
        self.put("etc/os-release", 'ID=madeup\nPRETTY_NAME="Made-up Linux 1"')
        self.put("etc/default/grub", 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"')
        self.put("sys/class/dmi/id/board_vendor", "ASUSTeK COMPUTER INC.")
        self.put("sys/class/dmi/id/board_name", "MADE-UP Z1")
        self.put("sys/class/dmi/id/bios_version", "0001")
        self.put("sys/class/dmi/id/bios_date", "01/01/2024")
        self.put("sys/kernel/security/lockdown", "[none] integrity confidentiality")
        self.put(f"lib/modules/{KERNEL}/modules.builtin", "kernel/drivers/pci/pci.ko")
        self.put(f"lib/modules/{KERNEL}/modules.dep", "\n".join(f"kernel/{name}.ko.xz:" for name in (
            "drivers/vfio/pci/vfio-pci", "drivers/vfio/vfio", "drivers/vfio/vfio_iommu_type1",
            "drivers/vfio/pci/vfio-pci-core", "drivers/iommu/iommufd/iommufd", "arch/x86/kvm/kvm",
            "arch/x86/kvm/kvm-intel", "arch/x86/kvm/kvm-amd", "drivers/vhost/vhost",
            "drivers/vhost/vhost_net", "drivers/vhost/vhost_vsock", "drivers/vhost/vhost_vdpa",
            "drivers/net/tun", "drivers/vdpa/vdpa", "drivers/vdpa/vdpa_user/vduse")))
        self.put(f"lib/modules/{KERNEL}/modules.alias", "# made up\n"
                 "alias pci:v00008086d000010C9sv*sd*bc*sc*i* igb\n"
                 "alias pci:v000010DEd*sv*sd*bc03sc*i* nouveau\n"
                 "alias pci:v000010DEd*sv*sd*bc03sc*i* nvidia-made-up")
        self.put(f"lib/modules/{KERNEL}/modules.builtin.modinfo",
                 b"nvme.license=GPL\0nvme.alias=pci:v*d*sv*sd*bc01sc08i02*\0")
        self.directory("sys/firmware/acpi/tables", "sys/bus/pci/devices", "sys/class/iommu",
                       "sys/class/net", "sys/class/block", "sys/class/drm", "sys/module", "sys/bus/pci/slots",
                       "sys/kernel/iommu_groups", "boot/loader", "boot/efi/loader", "efi/loader",
                       "etc/kernel", "usr/bin", "dev", "var/lib/dkms",
                       "sys/firmware/efi/efivars", "etc/modprobe.d", "sys/kernel/mm/hugepages",
                       "run/systemd", "sys/bus/platform/devices", "usr/share/qemu", "dev/vfio",
                       "sys/class/mdev_bus", "sys/bus/virtio/devices", "etc/security/limits.d")
        self.put("proc/self/status", "Name:\tviaduct\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n"
                                     "Groups:\t0 \nCapEff:\t000001ffffffffff")
        self.put("proc/self/limits", "Limit                     Soft Limit           Hard Limit"
                                     "           Units     \n"
                                     "Max locked memory         8388608              8388608   "
                                     "           bytes     ")
        self.put("proc/meminfo", "MemTotal:       16384000 kB\nMemFree:         1024000 kB")
        self.put("proc/sys/kernel/tainted", "0")
        self.put("proc/1/cgroup", "0::/init.scope")
        self.put("proc/fb", "0 i915drmfb")
        self.put("sys/module/module/parameters/sig_enforce", "N")
        self.put("sys/devices/system/cpu/isolated", "")
        self.put("sys/devices/system/node/online", "0")
        self.put("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
                 b"\x06\0\0\0\0")
        self.config()
        self.log()

    def log(self, *lines, beginning=True):
        """What the kernel said: each line a message, a second apart."""
        said = ([f"Linux version {KERNEL} (made-up) #1"] if beginning else []) + list(lines)
        self.put("dmesg", "\n".join(f"[{second:5d}.000000] {line}"
                                    for second, line in enumerate(said)))

    def grub(self, options, kernel=KERNEL):
        self.put("boot/grub/grub.cfg", f"""set default="0"
menuentry 'Made-up Linux' --class gnu-linux $menuentry_id_option 'made-up' {{
\tlinux\t/boot/vmlinuz-{kernel} {options}
\tinitrd\t/boot/initrd.img-{kernel}
}}
if [ -f ${{config_directory}}/custom.cfg ]; then
  source ${{config_directory}}/custom.cfg
fi""")

    def initramfs(self, files, early=True):
        """Microcode in a plain archive, then what counts in a compressed one."""
        first = cpio({"kernel/x86/microcode/GenuineIntel.bin": "made up"}) if early else b""
        first += b"\0" * (-len(first) % 512)
        self.put(f"boot/initrd.img-{KERNEL}", first + gzip.compress(cpio(files), mtime=0))

    def variable(self, name, content, guid="4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"):
        self.put(f"sys/firmware/efi/efivars/{name}-{guid}", content)

    def loader(self, name):
        self.variable("LoaderInfo", efi_text(name))

    def started(self, path, number=3):
        """The file that firmware started this time."""
        guid = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
        self.variable("BootCurrent", b"\x06\0\0\0" + struct.pack("<H", number), guid)
        self.variable(f"Boot{number:04X}", load_option(path), guid)

    def table(self, content):
        self.put(f"sys/firmware/acpi/tables/{content[:4].decode()}", content)
