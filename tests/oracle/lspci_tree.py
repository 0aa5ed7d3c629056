# SPDX-License-Identifier: GPL-2.0-or-later
"""A captured host made of the text that `lspci -vvv` prints: topology from the bridges' bus
numbers, configuration spaces with what the kernel's grouping looks at, and nothing else."""
import os
import re
import struct

TYPES = (("Endpoint", 0), ("Legacy Endpoint", 1), ("Root Port", 4), ("Upstream Port", 5),
         ("Downstream Port", 6), ("PCI-Express to PCI", 7), ("PCI/PCI-X to PCI-Express", 8),
         ("Root Complex Integrated Endpoint", 9), ("Root Complex Event Collector", 10))
ACS_BITS = ("SrcValid", "TransBlk", "ReqRedir", "CmpltRedir", "UpstreamFwd", "EgressCtrl",
            "DirectTrans")
CLASSES = {"Host bridge": 0x060000, "PCI bridge": 0x060400, "ISA bridge": 0x060100,
           "VGA compatible controller": 0x030000, "CardBus bridge": 0x060700}
HEAD = re.compile(r"((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) ([^:\[]+?)"
                  r"(?: \[([0-9a-f]{4})\])?: (.*)")


class Names:
    """pci.ids the other way round: a name's ids, where it has only one pair."""

    PLACES = ("/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids")

    def __init__(self):
        self.vendors, self.devices = {}, {}
        path = next((place for place in self.PLACES if os.path.exists(place)), None)
        if not path:
            return
        with open(path, encoding="utf-8", errors="replace") as file:
            self.read(file)

    def read(self, file):
        vendor = None
        for line in file:
            match = re.match(r"(\t?)([0-9a-f]{4})  (.*)", line)
            if line.startswith("C "):
                return
            if not match:
                continue
            if not match[1]:
                vendor = int(match[2], 16)
                self.vendors[match[3]] = vendor
            else:
                self.devices.setdefault((vendor, match[3]), []).append(int(match[2], 16))

    def ids(self, text):
        """(vendor, device), either of them None."""
        text = re.sub(r" \((rev|prog-if) [^)]*\)", "", text)
        words = text.split(" ")
        for count in range(len(words), 0, -1):
            vendor = self.vendors.get(" ".join(words[:count]))
            if vendor is None:
                continue
            name = " ".join(words[count:])
            plain = re.fullmatch(r"Device ([0-9a-f]{4})", name)
            found = [int(plain[1], 16)] if plain else self.devices.get((vendor, name), [])
            return vendor, found[0] if len(found) == 1 else None
        return None, None


NAMES = Names()


class Function:
    def __init__(self, address, name, class_code, rest):
        self.address = address if address.count(":") == 2 else "0000:" + address
        ids = re.search(r"\[([0-9a-f]{4}):([0-9a-f]{4})\]", rest)
        self.class_code = int(class_code, 16) << 8 if class_code else CLASSES.get(name)
        self.ids = (int(ids[1], 16), int(ids[2], 16)) if ids else NAMES.ids(rest)
        self.rest = rest
        self.name, self.group, self.buses, self.port_type = name, None, None, None
        self.express_at, self.acs, self.acs_at, self.extended = 0, None, 0, False
        self.denied, self.vfs_at = False, None

    domain = property(lambda self: int(self.address.split(":")[0], 16))
    bus = property(lambda self: int(self.address.split(":")[1], 16))
    slot = property(lambda self: self.address[:-2])
    number = property(lambda self: int(self.address[-1]))
    named = property(lambda self: None not in self.ids)
    bridge = property(lambda self: self.buses is not None)


def flags(line):
    return sum(1 << bit for bit, name in enumerate(ACS_BITS) if name + "+" in line)


def capability(function, line):
    match = re.match(r"\tCapabilities: \[([0-9a-f]+)(?: v\d+)?\] (.*)", line)
    if not match:
        function.denied |= "access denied" in line
        return
    at, title = int(match[1], 16), match[2]
    function.extended |= at >= 0x100
    express = re.match(r"Express (?:\(v\d\) )?(.*)", title)
    if express:
        function.express_at = at
        function.port_type = max((len(name), number) for name, number in TYPES
                                 if express[1].startswith(name))[1]
    if title.startswith("Access Control Services"):
        function.acs_at = at


def parse(text):
    """Every function of the listing, in its order."""
    functions, here = [], None
    for line in text.splitlines():
        head = HEAD.match(line)
        if head:
            here = Function(*head.groups())
            functions.append(here)
        elif here is None:
            continue
        group = re.search(r"IOMMU group:? (\d+)", line)
        if group:
            here.group = int(group[1])
        buses = re.match(r"\tBus: primary=([0-9a-f]+), secondary=([0-9a-f]+), "
                         r"subordinate=([0-9a-f]+)", line)
        if buses:
            here.buses = tuple(int(number, 16) for number in buses.groups())
        if line.startswith("\tCapabilities:"):
            capability(here, line)
        elif "ACSCap:" in line:
            here.acs = [flags(line), 0]
        elif "ACSCtl:" in line and here.acs:
            here.acs[1] = flags(line)
    return functions


def config(function, several):
    size = 4096 if function.extended or function.port_type is None else 256
    data = bytearray(size)
    vendor, device = (number or 1 for number in function.ids)
    code = function.class_code if function.class_code is not None else 0xff0000
    header = (1 if function.bridge else 0) | (0x80 if several else 0)
    struct.pack_into("<HHHHBBBBBBBB", data, 0, vendor, device, 6, 0x10, 0, code & 0xff,
                     code >> 8 & 0xff, code >> 16, 0, 0, header, 0)
    if function.bridge:
        data[0x18:0x1b] = bytes(function.buses)
    if function.express_at:
        data[0x34] = function.express_at
        struct.pack_into("<BBH", data, function.express_at, 0x10, 0, 2 | function.port_type << 4)
    else:
        data[0x06] = 0
    if function.acs and size == 4096:
        if function.acs_at != 0x100:  # the list begins there: something that says nothing
            struct.pack_into("<I", data, 0x100, 0x0b | 1 << 16 | function.acs_at << 20)
        struct.pack_into("<IHH", data, function.acs_at, 0x0d | 1 << 16, *function.acs)
    return bytes(data)


class Tree:
    def __init__(self, base, functions):
        self.base, self.functions = base, functions
        self.slots = {}
        for function in functions:
            self.slots.setdefault(function.slot, []).append(function)

        # Domains from 10000 on are below a Volume Management Device.
        vmds = [f for f in functions if "Volume Management Device" in f.rest and
                f.domain < 0x10000]
        self.vmd = vmds[0] if len(vmds) == 1 else None

    def above(self, function):
        """The bridge whose bus this is; else the one with the narrowest range around it."""
        around = [b for b in self.functions if b.bridge and b.domain == function.domain and
                  b.buses[1] <= function.bus <= b.buses[2] and b.buses[1] > b.bus]
        return min(around, key=lambda b: (b.buses[1] != function.bus, b.buses[2] - b.buses[1]),
                   default=None)

    def ports(self, function):
        found, bridge = [], self.above(function)
        while bridge:
            found.append(bridge)
            bridge = self.above(bridge)
        return found

    def path(self, function):
        bridge = self.above(function)
        if bridge:
            return f"{self.path(bridge)}/{function.address}"
        domain, bus = function.address.split(":")[:2]
        if function.domain >= 0x10000 and self.vmd:
            return f"{self.path(self.vmd)}/pci{domain}:{bus}/{function.address}"
        return f"sys/devices/pci{domain}:{bus}/{function.address}"

    def put(self, path, content):
        path = os.path.join(self.base, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())

    def write(self):
        """No IOMMU is driven in it, and there are no groups."""
        for name in ("sys/class/iommu", "sys/kernel/iommu_groups", "sys/bus/pci/devices"):
            os.makedirs(os.path.join(self.base, name), exist_ok=True)
        for function in self.functions:
            path = self.path(function)
            vendor, device = (number or 1 for number in function.ids)
            code = function.class_code if function.class_code is not None else 0xff0000
            several = len(self.slots[function.slot]) > 1
            self.put(f"{path}/vendor", f"0x{vendor:04x}\n")
            self.put(f"{path}/device", f"0x{device:04x}\n")
            self.put(f"{path}/class", f"0x{code:06x}\n")
            self.put(f"{path}/config", config(function, several))
            link = os.path.join(self.base, "sys/bus/pci/devices", function.address)
            if not os.path.lexists(link):
                os.symlink("../../../" + path[len("sys/"):], link)
