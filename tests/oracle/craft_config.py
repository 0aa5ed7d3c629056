# SPDX-License-Identifier: GPL-2.0-or-later
"""Configuration spaces that hold every capability lspci knows, with registers full of
arbitrary bits (always the same ones), as lspci dumps."""
import random
import struct

STANDARD = {  # id: bytes it takes
    0x01: 8, 0x02: 12, 0x03: 8, 0x04: 4, 0x05: 24, 0x06: 4, 0x07: 16, 0x09: 20, 0x0a: 4,
    0x0b: 4, 0x0c: 8, 0x0d: 8, 0x0e: 12, 0x0f: 20, 0x11: 12, 0x12: 8, 0x13: 8,
}
EXTENDED = {
    0x01: 0x48, 0x02: 0x70, 0x03: 12, 0x04: 16, 0x05: 0x40, 0x06: 12, 0x07: 12, 0x08: 0x70,
    0x09: 0x70, 0x0a: 20, 0x0b: 32, 0x0c: 8, 0x0d: 8, 0x0e: 8, 0x0f: 8, 0x10: 64, 0x11: 8,
    0x12: 48, 0x13: 16, 0x15: 52, 0x16: 48, 0x17: 12, 0x18: 8, 0x19: 16, 0x1a: 8, 0x1b: 8,
    0x1c: 8, 0x1d: 0x40, 0x1e: 16, 0x1f: 12, 0x20: 8, 0x21: 16, 0x22: 16, 0x23: 0x40,
    0x24: 52, 0x25: 12, 0x26: 0x24, 0x27: 16, 0x28: 8, 0x29: 16, 0x2a: 0x20, 0x2b: 16,
    0x2c: 16, 0x2d: 16, 0x2e: 24, 0x2f: 16,
}
PORT_TYPES = (0, 1, 4, 5, 6, 7, 8, 9, 10)


class Space:
    def __init__(self, dice, bridge=False, vendor=0x8086, device=0x1234):
        self.dice = dice
        self.bytes = bytearray(4096)
        struct.pack_into('<HHHHBBHBBBB', self.bytes, 0, vendor, device, 6, 0x10, 1, 0,
                         0x0604 if bridge else 0x0200, 16, 0, 1 if bridge else 0, 0)
        self.at, self.link, self.extended = 0x40, 0x34, 0x100
        self.last = None

    def body(self, at, size, fixed):
        self.bytes[at:at + size] = self.dice.randbytes(size)
        for offset, value in (fixed or {}).items():
            self.bytes[at + offset] = value

    def standard(self, number, size, fixed=None):
        size = (size + 3) & ~3
        if self.at + size > 256:
            return False
        self.body(self.at, size, fixed)
        self.bytes[self.at:self.at + 2] = bytes((number, 0))
        self.bytes[self.link] = self.at
        self.link = self.at + 1
        self.at += size
        return True

    def extend(self, number, size, fixed=None):
        size = (size + 3) & ~3
        at = self.extended
        if at + size > 4096:
            return False
        self.body(at, size, fixed)
        struct.pack_into('<I', self.bytes, at, number | self.dice.randrange(1, 3) << 16)
        if self.last is not None:
            header, = struct.unpack_from('<I', self.bytes, self.last)
            struct.pack_into('<I', self.bytes, self.last, header | at << 20)
        self.last, self.extended = at, at + size
        return True

    def dump(self, address, size=4096):
        rows = ['%03x: %s' % (row, ' '.join('%02x' % b for b in self.bytes[row:row + 16]))
                if row > 0xff else
                '%02x: %s' % (row, ' '.join('%02x' % b for b in self.bytes[row:row + 16]))
                for row in range(0, size, 16)]
        return '%s Made up\n%s\n\n' % (address, '\n'.join(rows))


def express(space, port_type, version=2):
    flags = space.dice.randbytes(1)[0] & 0x3f
    fixed = {2: port_type << 4 | version, 3: flags}
    if flags & 2:  # power limits from 250 W on are coded in steps: DevCap, SltCap
        fixed.update({6: 0xc0 | flags & 3, 7: 0x03, 0x14: 0x80 * (flags >> 2 & 1),
                      0x15: 0x78 | flags & 7, 0x16: 0})
    space.standard(0x10, 0x3c, fixed)


def extended_fixed(dice, number):
    """Registers that say how long a capability is, kept to what it has room for."""
    if number in (0x02, 0x08, 0x09):
        # No arbitration tables: their place would be anywhere.
        fixed = {4: dice.randrange(0, 8), 0x08 + 3: 0}
        fixed.update({0x10 + 12 * i + 3: 0 for i in range(8)})
        return fixed
    if number == 0x05:
        return {5: dice.randrange(0, 4)}
    if number in (0x15, 0x24):
        fixed = {8: dice.randrange(1, 7) << 5 | dice.randrange(6)}
        for i in range(6):  # sizes of 4.0 and up are printed differently by old lspci
            fixed.update({8 + 8 * i + 1: dice.randrange(0, 28), 8 + 8 * i + 2: 0,
                          8 + 8 * i + 3: 0})
        return fixed
    if number == 0x23:
        return {4: 0x86, 5: 0x80}
    if number == 0x07:
        return {7: dice.randrange(64)}  # some versions leave out a last run of devices
    if number == 0x10:
        return {0x38: 0xf0 & dice.randrange(256)}  # nothing stands behind the last BAR
    if number == 0x18:
        return {5: dice.randrange(24), 7: dice.randrange(24)}  # scales 6 and 7: not permitted
    if number == 0x2e:
        # lspci 3.9 takes the wrong bits for Error (the kernel: bit 2): all or none of them
        return {0x0c: dice.choice((0x00, 0x07))}
    return None


def lists(dice, number):
    """One function that holds everything, in several."""
    bridge = number % 3 == 0
    spaces = []
    space = Space(dice, bridge)
    for capability, size in STANDARD.items():
        fixed = {0x0a: None, 0x09: {2: size}}.get(capability)
        if not space.standard(capability, size, fixed):
            spaces.append(space)
            space = Space(dice, bridge)
            space.standard(capability, size, fixed)
    spaces.append(space)
    return spaces


def hypertransport(dice):
    for kind in (0x00, 0x20, 0x40, 0x80, 0x88, 0x90, 0x98, 0xa0, 0xa8, 0xb0, 0xb8, 0xc0, 0xd0):
        space = Space(dice)
        space.standard(0x08, 0x1c, {3: kind | dice.randrange(8), 0x0c: 0x60, 0x08: 0x60})
        yield space


def virtio(dice):
    space = Space(dice, vendor=0x1af4, device=0x1041)
    for kind, length in ((1, 16), (2, 20), (3, 16), (4, 16)):
        space.standard(0x09, length, {2: length, 3: kind, 4: dice.randrange(6)})
    return space


def allocation(dice, bridge):
    space = Space(dice, bridge)
    at = 4 if not bridge else 8
    fixed = {2: 2}
    for i, flags in enumerate((dice.randrange(4), dice.randrange(4))):
        wide = (flags & 1) + (flags >> 1)
        fixed.update({at: 2 + wide | dice.randrange(16) << 4, at + 4: flags & 1 and 2 or 0,
                      at + 8: flags & 2})
        at += 12 + 4 * wide
    space.standard(0x14, at, fixed)
    return space


def port(dice, port_type, version):
    """A PCI Express function with every extended capability, in as many as it takes."""
    bridge = port_type in (4, 5, 6, 7, 8)
    space = Space(dice, bridge)
    express(space, port_type, version)
    for number, size in EXTENDED.items():
        if not space.extend(number, size, extended_fixed(dice, number)):
            yield space
            space = Space(dice, bridge)
            express(space, port_type, version)
            space.extend(number, size, extended_fixed(dice, number))
    yield space


def cxl(dice):
    space = Space(dice)
    express(space, 0)
    # Types and classes it has no word for make some versions of lspci crash.
    space.extend(0x23, 0x38, {4: 0x98, 5: 0x1e, 6: 0x81, 7: 0x03, 8: 0, 9: 0, 0x16: 1, 0x1c: 7,
                              0x2c: 3, 0x24: 0, 0x25: 0, 0x26: 0, 0x27: 0x30, 0x34: 0, 0x35: 0,
                              0x36: 0, 0x37: 0xf0})
    return space


def dumps():
    dice = random.Random(20240)
    for turn in range(12):
        spaces = lists(dice, turn)
        spaces += hypertransport(dice)
        spaces += [virtio(dice), allocation(dice, turn % 2), cxl(dice)]
        for port_type in PORT_TYPES:
            spaces += port(dice, port_type, 1 + turn % 2)
        yield ('crafted%d.txt' % turn,
               ''.join(space.dump('%02x:%02x.0' % (i >> 5, i & 31))
                       for i, space in enumerate(spaces)))
