#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judges predicted groups by those that real kernels formed: predict_groups.py VIADUCT HELPER

Of every thread of $VIADUCT_REALDATA/kernel-logs that has the text of lspci -vvv, a host is made
without groups; the groups viaduct predicts for it are compared, device by device, with those
of the dmesg in the same thread or of the listing itself. Each device that differs must be
explained by something computed from the data (EXPLANATIONS). Exit 1 when one is not, 77
without the data.
"""
import collections
import copy
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from lspci_tree import Tree, parse  # noqa: E402

VIADUCT, HELPER = sys.argv[1:3]
# Root ports whose ACS registers are dwords: lspci does not print the control register.
SPT = [(0xa110, 0xa11f), (0xa167, 0xa16a), (0xa290, 0xa29f), (0xa2e7, 0xa2ee), (0x9d10, 0x9d1b)]


def helper(mode, text):
    done = subprocess.run([HELPER, mode], input=text, capture_output=True, check=True)
    return [line.split("\t") for line in done.stdout.decode(errors="replace").splitlines()]


class Log:
    """What a dmesg says of groups and functions."""

    def __init__(self, path):
        with open(path, "rb") as file:
            text = file.read()
        self.groups = {device: int(group) for device, group in helper("groups", text)
                       if re.fullmatch(r"[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]", device)}
        self.functions = {}
        self.overridden, self.release = False, ""
        for kind, device, word, _, at, line in helper("events", text):
            if kind == "function":
                self.functions[device] = (tuple(int(i, 16) for i in word.split(":")), int(at, 16))
            self.overridden |= kind == "acs-overridden"
            if kind == "version":
                self.release = word


class Case:
    def __init__(self, name, functions, real, log, verbose):
        self.name, self.real, self.log, self.verbose = name, real, log, verbose
        self.functions = {function.address: function for function in functions}
        self.tree = None
        self.predicted = {}
        self.assumed = None

    def assume(self):
        """Where lspci -v names an ACS capability without its bits: the four that count, set."""
        if all(f.acs or not f.acs_at for f in self.functions.values()):
            return
        self.assumed = copy.deepcopy(self)
        for function in self.assumed.functions.values():
            if function.acs_at and not function.acs:
                function.acs = [0x1d, 0x1d]
        self.assumed.predict()

    def predict(self):
        with tempfile.TemporaryDirectory() as base:
            self.tree = Tree(base, list(self.functions.values()))
            self.tree.write()
            done = subprocess.run([VIADUCT, "--from", base, "--json", "list"],
                                  capture_output=True, check=False)
        for device in json.loads(done.stdout)["devices"]:
            self.predicted[device["address"]] = device["predicted_group"]

    def mates(self, address):
        """With whom it really is, of those in both listings."""
        return {other for other in self.common if self.real[other] == self.real[address]}

    def guessed(self, address):
        group = self.predicted.get(address)
        return None if group is None else set(group) & self.common

    @property
    def common(self):
        return {address for address in self.functions if address in self.real}

    def involved(self, address):
        """Every function whose registers decide, really or as predicted, with all above."""
        found = set()
        for other in self.mates(address) | (self.guessed(address) or set()) | {address}:
            function = self.functions[other]
            found |= {other} | {port.address for port in self.tree.ports(function)}
        for other in list(found):
            found |= {mate.address for mate in self.tree.slots[self.functions[other].slot]}
        return [self.functions[other] for other in sorted(found)]


def registers_not_printed(case, address):
    """lspci -v names the ACS capability and not its bits: with the usual ones it is right."""
    return case.assumed and case.assumed.guessed(address) == case.mates(address)


def ids_not_printed(case, address):
    """Names that are no one device's: the kernel's table of exceptions goes by numbers."""
    return any(not f.named for f in case.involved(address))


def quirk_register_not_printed(case, address):
    return any(f.named and f.ids[0] == 0x8086 and any(a <= f.ids[1] <= b for a, b in SPT)
               for f in case.involved(address))


def overridden(case, _):
    return bool(case.log and case.log.overridden)


def extended_space_not_read(case, address):
    """No extended capability of a function that decides is in the listing."""
    return case.predicted.get(address) is None and any(
        f.port_type is not None and not f.extended for f in case.involved(address))


def slot_mate_missing(case, address):
    """A function that is in the log and not in the listing stands beside one that decides."""
    if not case.log:
        return False
    slots = {f.slot for f in case.involved(address)}
    return any(other[:-2] in slots and other not in case.functions
               for other in list(case.log.functions) + list(case.log.groups))


EXPLANATIONS = (
    ("the kernel is patched to override ACS", overridden),
    ("its ACS control is in a register lspci does not print (Sunrise Point)",
     quirk_register_not_printed),
    ("lspci -v does not print ACS bits; right with the usual ones", registers_not_printed),
    ("the listing lacks a function that is in the log", slot_mate_missing),
    ("the extended space is not in the listing", extended_space_not_read),
    ("the listing has no ids, by which the kernel makes exceptions", ids_not_printed),
)


def apply_ids(functions, log):
    for function in functions:
        known = log.functions.get(function.address)
        if known and not function.named:
            function.ids, function.class_code = known


def cases(folder):
    """Every listing of a thread, with each log of it that fits, or with its own groups."""
    logs = [(path, Log(path)) for path in sorted(glob.glob(f"{folder}/dmesg*.txt"))]
    logs = [(path, log) for path, log in logs if log.groups]
    for path in sorted(glob.glob(f"{folder}/lspci-vvv*.txt")):
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        verbose = "ACSCtl:" in text or "Control: " in text
        name = f"{os.path.basename(folder)[:8]}/{os.path.basename(path)[:-4]}"
        for log_path, log in logs:
            functions = parse(text)
            apply_ids(functions, log)
            yield Case(f"{name} by {os.path.basename(log_path)[:-4]}", functions, log.groups, log,
                       verbose)
        own = {f.address: f.group for f in parse(text) if f.group is not None}
        if own:
            functions = parse(text)
            if logs:
                apply_ids(functions, logs[0][1])
            yield Case(f"{name} by itself", functions, own, logs[0][1] if logs else None, verbose)


def judge(case, totals):
    case.predict()
    case.assume()
    explained, odd, same = collections.Counter(), [], 0
    for address in sorted(case.common):
        if case.guessed(address) == case.mates(address):
            same += 1
            continue
        why = next((text for text, test in EXPLANATIONS if test(case, address)), None)
        if why:
            explained[why] += 1
        else:
            odd.append(address)
    totals["devices"] += len(case.common)
    totals["same"] += same
    totals["unexplained"] += len(odd)
    print(f"{case.name}: {same} of {len(case.common)} as the kernel grouped them; "
          f"{len(case.functions) - len(case.common)} only in the listing, "
          f"{len(set(case.real) - set(case.functions))} only in the log")
    for text, count in explained.most_common():
        totals[text] += count
        print(f"  {count} differ: {text}")
    for address in odd:
        print(f"  {address} differs, unexplained: really with {sorted(case.mates(address))}, "
              f"predicted {case.guessed(address) and sorted(case.guessed(address))}")


def main():
    data = os.environ.get("VIADUCT_REALDATA", "")
    folders = sorted(glob.glob(f"{data}/kernel-logs/*/")) if data else []
    if not folders:
        print("skipped: no logs of real machines (VIADUCT_REALDATA)")
        return 77
    totals, count = collections.Counter(), 0
    for folder in folders:
        for case in cases(folder.rstrip("/")):
            judge(case, totals)
            count += 1
    print(f"{count} comparisons: {totals['same']} of {totals['devices']} devices in the group "
          f"the kernel formed, {totals['devices'] - totals['same'] - totals['unexplained']} "
          f"differ for a reason named above, {totals['unexplained']} unexplained")
    return 1 if totals["unexplained"] or not totals["same"] else 0


if __name__ == "__main__":
    sys.exit(main())
