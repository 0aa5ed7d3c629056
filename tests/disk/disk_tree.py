#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""disk_tree.py LAB - lab/disk-tree, on disks made of folders that are looked at by themselves"""
import hashlib
import os
import shutil
import stat
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "source"))
from tap import Skip, run_all  # noqa: E402

PROGRAM = os.path.abspath(os.path.join(sys.argv[1], "disk-tree"))
MIB = 1 << 20
TOOLS = ("sfdisk", "mke2fs", "mkfs.vfat", "mmd", "mcopy", "qemu-img")
TABLE = """label: gpt
size=2M,type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B
type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709
"""


def write(folder, name, content):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)
    return path


def make_tree(folder):
    root = os.path.join(folder, "tree")
    os.chmod(write(root, "etc/fstab", b"none\n"), 0o640)
    write(root, "empty", b"")
    write(root, "odd \\ name\xe9".encode("latin-1").decode(errors="surrogateescape"), b"odd")
    write(root, "large", os.urandom(3 * MIB + 17))
    with open(write(root, "sparse", b"begin"), "r+b") as file:
        file.truncate(2 * MIB)
        file.seek(MIB + 5)
        file.write(b"middle")
    os.symlink("short", os.path.join(root, "link"))
    os.symlink("long/" * 40, os.path.join(root, "long-link"))
    os.link(os.path.join(root, "large"), os.path.join(root, "etc/again"))
    os.setxattr(os.path.join(root, "large"), "user.note", b"kept")
    return root


def run(*words, **options):
    return subprocess.run(words, check=True, capture_output=True, text=True, **options)


def make_disk(folder, root, name="disk.raw"):
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        raise Skip(f"missing: {' '.join(missing)} (tools/provision disks)")
    disk, part = os.path.join(folder, name), os.path.join(folder, "part")
    for path, size in (disk, 24 * MIB), (part, 18 * MIB):
        with open(path, "wb") as file:
            file.truncate(size)
    run("sfdisk", "-q", disk, input=TABLE)
    run("mke2fs", "-q", "-t", "ext4", "-d", root, part)
    run("dd", f"if={part}", f"of={disk}", "bs=1M", "seek=3", "conv=notrunc", "status=none")
    with open(part, "wb") as file:
        file.truncate(2 * MIB)
    run("mkfs.vfat", part)
    run("mmd", "-i", part, "::/EFI")
    run("mcopy", "-i", part, os.path.join(root, "etc/fstab"), "::/EFI/a-long-name.conf")
    run("dd", f"if={part}", f"of={disk}", "bs=1M", "seek=1", "conv=notrunc", "status=none")
    return disk


def listing(disk):
    lines = run(PROGRAM, "list", disk).stdout.splitlines()
    return {line.split("\t")[0]: line.split("\t")[1:] for line in lines}


def equal(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def expected(path):
    facts = os.lstat(path)
    content, size, links = "-", str(facts.st_size), str(facts.st_nlink)
    if stat.S_ISLNK(facts.st_mode):
        content = os.readlink(path)
    elif stat.S_ISREG(facts.st_mode):
        content = digest(path)
    else:
        size = links = "-"
    return [stat.filemode(facts.st_mode), f"{facts.st_uid}:{facts.st_gid}", links, size, content]


def a_disk_is_the_tree_it_was_made_of(folder):
    root = make_tree(folder)
    told = listing(make_disk(folder, root))
    seen = 0
    for directory, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(directory, name)
            shown = path[len(root):].encode(errors="surrogateescape").decode(
                errors="backslashreplace")
            equal(told[shown][:5], expected(path))
            seen += 1
    equal(seen, len([path for path in told if path[0] == "/"]) - 2)  # the root, lost+found
    equal(told["/large"][5], '{"user.note": "6b657074"}')
    equal(told["ESP/EFI/a-long-name.conf"][4], digest(os.path.join(root, "etc/fstab")))


def what_lies_over_another_disk_is_read_too(folder):
    disk = make_disk(folder, make_tree(folder))
    over = os.path.join(folder, "over.qcow2")
    run("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", disk, over)
    equal(listing(over), listing(disk))


def compared(folder, before, after, *aside):
    for name, disk in ("before", before), ("after", after):
        write(folder, name, run(PROGRAM, "list", disk).stdout.encode())
    done = subprocess.run([PROGRAM, "compare", "before", "after", *aside], cwd=folder,
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()


def differences_are_told_one_by_one(folder):
    root = make_tree(folder)
    before = make_disk(folder, root, "before.raw")
    write(root, "etc/fstab", b"more\n")
    os.chmod(write(root, "new", b""), 0o600)
    os.unlink(os.path.join(root, "empty"))
    os.utime(os.path.join(root, "sparse"), (1, 1))
    os.setxattr(os.path.join(root, "large"), "user.note", b"lost")
    after = make_disk(folder, root, "after.raw")
    status, lines = compared(folder, before, after, "/lost+found", "/", "/etc")
    equal(lines, [
        "gone     /empty",
        "changed  /etc/again: attributes",
        "changed  /etc/fstab: content",
        "changed  /large: attributes",
        "new      /new",
        "changed  ESP/EFI/a-long-name.conf: content",
        "time     /sparse",
    ])
    equal(status, 1)


def times_alone_are_no_difference(folder):
    root = make_tree(folder)
    before = make_disk(folder, root, "before.raw")
    os.utime(os.path.join(root, "large"), (1, 1))
    after = make_disk(folder, root, "after.raw")
    status, lines = compared(folder, before, after, "ESP/*", "/lost+found", "/")
    equal((status, lines), (0, ["time     /etc/again", "time     /large"]))


def no_disk_is_refused(folder):
    done = subprocess.run([PROGRAM, "list", write(folder, "disk.raw", bytes(MIB))],
                          capture_output=True, text=True, check=False)
    equal(done.returncode, 1)
    assert "disk-tree: " in done.stderr and "Traceback" not in done.stderr, done.stderr


if __name__ == "__main__":
    run_all([
        a_disk_is_the_tree_it_was_made_of,
        what_lies_over_another_disk_is_read_too,
        differences_are_told_one_by_one,
        times_alone_are_no_difference,
        no_disk_is_refused,
    ])
