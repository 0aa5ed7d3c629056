#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""power_cut.py LAB - lab/power-cut, on logs whose answer is known and on one that QEMU wrote"""
import importlib.machinery
import importlib.util
import os
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "source"))
from tap import Skip, run_all  # noqa: E402

PROGRAM = os.path.abspath(os.path.join(sys.argv[1], "power-cut"))
loader = importlib.machinery.SourceFileLoader("power_cut", PROGRAM)
cut = importlib.util.module_from_spec(importlib.util.spec_from_loader("power_cut", loader))
sys.dont_write_bytecode = True
loader.exec_module(cut)

UNIT, SIZE = 512, 64 * 1024


def entry(sector, flags=0, content=b"", sectors=None):
    count = len(content) // UNIT if sectors is None else sectors
    header = struct.pack("<QQQQ", sector, count, flags, 0).ljust(UNIT, b"\0")
    return header + content


def write_log(path, entries, count=None):
    with open(path, "wb") as log:
        head = struct.pack("<QQQI", cut.MAGIC, 1, len(entries) if count is None else count, UNIT)
        log.write(head.ljust(UNIT, b"\0"))
        log.write(b"".join(entries))


def filled(letter, sectors=1):
    return letter * (UNIT * sectors)


def replayed(folder, point, seed=None, sector=UNIT):
    """The disk, of bytes b'.' before"""
    path = os.path.join(folder, "disk")
    with open(path, "wb") as disk:
        disk.write(b"." * SIZE)
    with open(os.path.join(folder, "log"), "rb") as log, open(path, "r+b") as disk:
        cut.replay(log, disk, point, seed, sector)
    with open(path, "rb") as disk:
        return disk.read()


def sectors(disk, first, count):
    """One letter a sector; ? where a sector is not of one letter"""
    pieces = [disk[UNIT * n : UNIT * (n + 1)] for n in range(first, first + count)]
    return "".join(chr(p[0]) if p == p[:1] * UNIT else "?" for p in pieces)


def equal(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"


def written(folder):
    write_log(os.path.join(folder, "log"), [
        entry(0, content=filled(b"a", 2)),
        entry(4, content=filled(b"b")),
        entry(0, flags=cut.FLUSH),
        entry(1, content=filled(b"c")),
        entry(8, content=filled(b"d", 8)),
        entry(4, flags=cut.FUA, content=filled(b"e")),
        entry(0, flags=cut.DISCARD, sectors=1),
    ])


def many_cuts(folder):
    written(folder)
    return [replayed(folder, 6, seed) for seed in range(200)]


def without_a_seed_nothing_is_lost(folder):
    written(folder)
    equal(sectors(replayed(folder, 7), 0, 16), "\0c..e...dddddddd")
    equal(sectors(replayed(folder, 4), 0, 6), "ac..b.")
    equal(sectors(replayed(folder, 0), 0, 6), "......")


def what_was_flushed_or_written_through_is_never_lost(folder):
    cuts = many_cuts(folder)
    equal({sectors(disk, 0, 1) for disk in cuts}, {"a"})
    equal({sectors(disk, 4, 1) for disk in cuts}, {"e"})


def what_was_not_may_be_there_lost_or_torn_between_sectors(folder):
    cuts = many_cuts(folder)
    equal({sectors(disk, 1, 1) for disk in cuts}, {"a", "c"})
    torn = {sectors(disk, 8, 8) for disk in cuts}
    assert {"........", "dddddddd"} < torn, torn
    equal({letter for disk in torn for letter in disk}, {".", "d"})


def a_larger_sector_of_the_disk_is_never_torn(folder):
    write_log(os.path.join(folder, "log"), [entry(4, content=filled(b"f", 16))])
    seen = {sectors(replayed(folder, 1, seed, 8 * UNIT), 0, 24) for seed in range(200)}
    whole = {"...." + 4 * a + 8 * b + 4 * c + "...." for a in ".f" for b in ".f" for c in ".f"}
    equal(seen, whole)


def a_later_write_may_be_there_without_an_earlier_one(folder):
    assert any(sectors(disk, 1, 1) == "a" and sectors(disk, 8, 8) == "dddddddd"
               for disk in many_cuts(folder))


def one_seed_gives_one_disk(folder):
    written(folder)
    equal(replayed(folder, 6, 7), replayed(folder, 6, 7))


def points_stand_between_two_marks(folder):
    log = os.path.join(folder, "log")
    write_log(log, [
        *[entry(n, content=filled(b"x")) for n in range(10)],
        entry(40, content=b"viaduct-mark begin\n".ljust(UNIT, b"\0")),
        *[entry(n, content=filled(b"y")) for n in range(20)],
        entry(40, content=b"viaduct-mark end\n".ljust(UNIT, b"\0")),
        *[entry(n, content=filled(b"z")) for n in range(10)],
    ])
    with open(log, "rb") as file:
        entries = cut.read_entries(file)
        span = cut.between(file, entries, ["begin", "end"])
    equal(span, (12, 31))
    chosen = cut.choose(entries, span, 10, "seed")
    equal(len(set(chosen)), 10)
    assert 12 <= min(chosen) and max(chosen) <= 31, chosen
    equal(cut.choose(entries, span, 20, 1), list(range(12, 32)))
    equal(cut.choose(entries, span, 99, 1, at_most=True), list(range(12, 32)))


def refused(folder, message, *words):
    done = subprocess.run([PROGRAM, *words], cwd=folder, capture_output=True, text=True,
                          check=False)
    equal(done.returncode, 1)
    assert message in done.stderr and "Traceback" not in done.stderr, done.stderr


def bad_logs_are_refused(folder):
    path = os.path.join(folder, "log")
    with open(path, "wb") as log:
        log.write(b"no log at all".ljust(UNIT))
    refused(folder, "no log of dm-log-writes", "info", "log")
    write_log(path, [entry(0, content=filled(b"a"))], count=2)
    refused(folder, "cut off", "info", "log")
    write_log(path, [entry(0, sectors=1 << 50)])
    refused(folder, "longer than", "info", "log")


def points_and_marks_that_are_not_there_are_refused(folder):
    write_log(os.path.join(folder, "log"), [entry(0, content=filled(b"a"))])
    refused(folder, "only 1 writes", "choose", "log", "2", "1")
    refused(folder, "no mark 'a'", "choose", "log", "1", "1", "a", "b")


def log_of_qemu(folder):
    disk, log = os.path.join(folder, "disk"), os.path.join(folder, "log")
    for path in disk, log:
        with open(path, "wb") as file:
            file.truncate(1 << 20)
    options = ("driver=blklogwrites,log-sector-size=512,"
               f"file.driver=file,file.filename={disk},log.driver=file,log.filename={log}")
    commands = ["write -P 1 0 8k", "write -P 2 4k 512", "flush", "write -P 3 64k 128k",
                "write -z 100k 4k", "write -f -P 4 512k 64k", "discard 520k 4k", "flush"]
    words = [word for command in commands for word in ("-c", command)]
    subprocess.run(["qemu-io", "-t", "writeback", *words, "--image-opts", options], check=True,
                   stdout=subprocess.DEVNULL)
    return disk, log


def the_log_of_qemu_replayed_is_the_disk_of_qemu(folder):
    if not shutil.which("qemu-io"):
        raise Skip("qemu-io is not here (tools/provision disks)")
    disk, log = log_of_qemu(folder)
    with open(disk, "rb") as file:
        wanted = file.read()
    with open(log, "rb") as source, open(os.path.join(folder, "again"), "w+b") as target:
        target.truncate(1 << 20)
        entries = cut.read_entries(source)
        cut.replay(source, target, len(entries))
        target.seek(0)
        assert target.read() == wanted
    assert sum(1 for e in entries if e.flags & cut.FLUSH) >= 2


if __name__ == "__main__":
    run_all([
        without_a_seed_nothing_is_lost,
        what_was_flushed_or_written_through_is_never_lost,
        what_was_not_may_be_there_lost_or_torn_between_sectors,
        a_larger_sector_of_the_disk_is_never_torn,
        a_later_write_may_be_there_without_an_earlier_one,
        one_seed_gives_one_disk,
        points_stand_between_two_marks,
        bad_logs_are_refused,
        points_and_marks_that_are_not_there_are_refused,
        the_log_of_qemu_replayed_is_the_disk_of_qemu,
    ])
