#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judges what is read of real machines' logs: kernel_logs.py VIADUCT HELPER

Over $VIADUCT_REALDATA: every group that a dmesg names, by the listing made of it with other
means; every fault line recognised; every command line through `lint`; every dmesg taken by
--from. Exit 1 on a difference, 77 without the data.
"""
import glob
import json
import os
import re
import subprocess
import sys

VIADUCT, HELPER = sys.argv[1:3]
DATA = os.environ.get("VIADUCT_REALDATA", "")
PCI = re.compile(r"[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]")


def helper(mode, text):
    done = subprocess.run([HELPER, mode], input=text, capture_output=True, check=True)
    return [line.split("\t") for line in done.stdout.decode(errors="replace").splitlines()]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def rows(path):
    return [line.split("\t") for line in read(path).decode(errors="replace").splitlines()]


def groups():
    """The .groups.tsv beside a dmesg names PCI functions alone; without one there are none."""
    paths = sorted(glob.glob(f"{DATA}/kernel-logs/*/dmesg*.txt"))
    same = named = others = 0
    for path in paths:
        beside = path[:-len(".txt")] + ".groups.tsv"
        wanted = {row[0]: row[1] for row in rows(beside)} if os.path.exists(beside) else {}
        found = dict(helper("groups", read(path)))
        ours = {device: group for device, group in found.items() if PCI.fullmatch(device)}
        others += len(found) - len(ours)
        named += len(wanted)
        same += ours == wanted
        if ours != wanted:
            print(f"differs: {path}: {sorted(set(ours.items()) ^ set(wanted.items()))[:4]}")
    print(f"groups: {same} of {len(paths)} logs, {named} PCI functions (and {others} devices of "
          f"other kinds), {len(paths) - same} differ")
    return same == len(paths)


def sources():
    """Each log is a source whose devices are in the groups it names."""
    paths = sorted(glob.glob(f"{DATA}/kernel-logs/*/dmesg*.txt"))
    taken = functions = 0
    good = True
    for path in paths:
        done = subprocess.run([VIADUCT, "--from", path, "--json", "list"], capture_output=True,
                              check=False)
        check = subprocess.run([VIADUCT, "--from", path, "--json", "check"], capture_output=True,
                               check=False)
        devices = {device["address"]: device["iommu_group"]
                   for device in json.loads(done.stdout).get("devices") or []}
        wanted = {device: int(group) for device, group in helper("groups", read(path))}
        wrong = [a for a, group in devices.items() if group != wanted.get(a)]
        whole = done.returncode in (0, 5) and check.returncode in (0, 1, 5) and not wrong
        functions += len(devices)
        taken += whole
        good &= whole
        if not whole:
            print(f"as a source: {path}: {done.returncode}, {check.returncode}, {wrong[:4]}")
    print(f"sources: {taken} of {len(paths)} logs taken by --from, {functions} functions listed")
    return good


def faults():
    lines = [row[0] for row in rows(f"{DATA}/kernel-cmdlines-and-faults/faults.tsv")[1:]]
    known = {}
    for line in lines:
        kinds = [event[0] for event in helper("events", line.encode())]
        if len(kinds) == 1 and kinds[0].startswith(("fault", "firmware-bug")):
            known[kinds[0]] = known.get(kinds[0], 0) + 1
        else:
            print(f"not recognised: {line}: {kinds}")
    print(f"faults: {sum(known.values())} of {len(lines)} lines recognised: "
          + ", ".join(f"{count} {kind}" for kind, count in sorted(known.items())))
    return sum(known.values()) == len(lines)


def command_lines():
    lines = [row[0] for row in rows(f"{DATA}/kernel-cmdlines-and-faults/cmds.tsv")[1:]]
    good = 0
    for line in lines:
        done = subprocess.run([VIADUCT, "--json", "lint", line], capture_output=True, check=False)
        words = json.loads(done.stdout).get("parameters", []) if done.returncode in (0, 1, 5) else []
        if words and not done.stderr:
            good += 1
        else:
            print(f"lint: {done.returncode}: {line}: {done.stderr.decode()}")
    print(f"command lines: {good} of {len(lines)} judged by lint without an error")
    return good == len(lines)


def listings():
    """Groups that people list by a script are no log: not one may be taken for it."""
    paths = sorted(glob.glob(f"{DATA}/iommu-groups/*.txt"))
    refused = sum(not helper("events", read(path)) for path in paths)
    print(f"group listings: {refused} of {len(paths)} not mistaken for a log")
    return refused == len(paths)


def main():
    if not DATA or not os.path.isdir(f"{DATA}/kernel-logs"):
        print("skipped: no logs of real machines (VIADUCT_REALDATA)")
        return 77
    return 0 if all([groups(), sources(), faults(), command_lines(), listings()]) else 1


if __name__ == "__main__":
    sys.exit(main())
