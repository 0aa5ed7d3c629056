#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Our reading of modprobe.d beside kmod's own (modprobe --showconfig): compare_modprobe.py
PROGRAM. Files: those of real people in $VIADUCT_REALDATA/bootloader, and some crafted here.
Exit status 77: modprobe is not here."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

KINDS = ("options", "blacklist", "install", "remove", "alias", "softdep", "weakdep")
CRAFTED = {
    "joined.conf": "options kvm \\\n ignore_msrs=1 \\\n\treport_ignored_msrs=0\nblacklist a-b\n",
    "comments.conf": "#options x y=1\n # blacklist z\nblacklist q\n\n\t\nblacklist w\n",
    "dashes.conf": "options vfio-pci ids=10de:2684,10de:22ba disable_vga=1\n"
                   "alias pci:v000010DEd00002684sv*sd*bc*sc*i* vfio-pci\n",
    "commands.conf": "install i915 /bin/false\nremove r-x modprobe -r --ignore-remove r-x\n"
                     "blacklist\noptions\nunknown word here\n",
    "no-end.conf": "options snd-hda-intel power_save=0",
    "tabs.conf": "options\tkvm-intel\t nested=1\t\nblacklist\tnouveau\t\n",
}


def rows(text):
    """The directives, in whichever order, blanks made one."""
    found = []
    for line in text.splitlines():
        words = line.split()
        if words and words[0] in KINDS:
            found.append(" ".join(words))
    return found


def known_by(modprobe):
    """Kinds of this modprobe, and what it adds from the command line of this machine."""
    with tempfile.TemporaryDirectory() as empty:
        plain = subprocess.run([modprobe, "-c", "-C", empty], capture_output=True, text=True)
    return rows(plain.stdout.split("# End of configuration files")[0])


def normal(line):
    """softdep is printed sorted into pre: and post:; the rest as written."""
    if not line.startswith("softdep "):
        return line
    name, rest = line.split()[1], line.split()[2:]
    groups, group = {"pre:": [], "post:": []}, None
    for word in rest:
        if word in groups:
            group = word
        elif group:
            groups[group].append(word.replace("-", "_"))
    return f"softdep {name} {groups}"


def material():
    base = os.environ.get("VIADUCT_REALDATA") or os.path.join(
        os.path.dirname(__file__), "../../../shared/realdata")
    yield from sorted(path for path in pathlib.Path(base, "bootloader").rglob("*.conf")
                      if path.is_file() and path.parent.name == "modprobe.d")


def compare(program, modprobe, path, added):
    with tempfile.TemporaryDirectory() as directory:
        copy = os.path.join(directory, "x.conf")
        shutil.copyfile(path, copy)
        theirs = subprocess.run([modprobe, "-c", "-C", directory], capture_output=True, text=True)
    theirs = rows(theirs.stdout.split("# End of configuration files")[0])
    for line in added:
        if line in theirs:
            theirs.remove(line)
    ours = rows(subprocess.run([program, str(path)], capture_output=True, text=True,
                               check=True).stdout)
    if not any(line.startswith("weakdep") for line in theirs):
        ours = [line for line in ours if not line.startswith("weakdep")]  # kmod 33 and newer
    ours, theirs = sorted(map(normal, ours)), sorted(map(normal, theirs))
    for line in set(ours) ^ set(theirs):
        print(f"{path}: {'ours' if line in ours else 'theirs'}: {line}")
    return ours == theirs, len(ours)


def main(program):
    modprobe = shutil.which("modprobe", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not modprobe:
        print("modprobe is not here")
        return 77
    added = known_by(modprobe)
    differ = lines = files = real = 0
    with tempfile.TemporaryDirectory() as directory:
        for name, text in CRAFTED.items():
            pathlib.Path(directory, name).write_text(text)
        crafted = sorted(pathlib.Path(directory).iterdir())
        for path in crafted + list(material()):
            same, count = compare(program, modprobe, path, added)
            files += 1
            real += path not in crafted
            lines += count
            differ += not same
    print(f"{files} files ({real} of real people), {lines} directives, {differ} files differ")
    return bool(differ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
