#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Random sequences of what happens to devices, inside the emulated host.

sequences_inside.py VIADUCT COUNT SEED SHARE: bind, release, virtual functions on and off,
pulled and plugged (by SHARE/request, which tests/lab/sequences hands to QEMU), removed and
scanned for, reset, rolled back, and viaduct killed on the way. After each sequence `recover`
must end in a declared state, and `list` must be what sysfs says, read here anew. Prints one
line for each fault, and figures as JSON at the end."""

import collections
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

PCI = pathlib.Path("/sys/bus/pci/devices")
JOURNAL = pathlib.Path("/var/lib/viaduct/journal")
IGB, NVME, EDU0, EDU1 = "0000:01:00.0", "0000:02:00.0", "0000:03:00.0", "0000:04:00.0"
PLUGS = {IGB: "net0", EDU0: "edu0", EDU1: "edu1"}
MOST_VFS = {IGB: 4, NVME: 3}
LIMIT_S = 120
ROUND = 20  # sequences between two returns to the start
STUCK_S = 400  # what is still waiting then waits for the kernel


def link(path):
    try:
        return path.readlink().name
    except OSError:
        return None


def text(path):
    try:
        return path.read_text().strip()
    except OSError:
        return None


def tell(path, value):
    """Never makes a file: sysfs answers that with EACCES, where a device has just left."""
    attribute = os.open(path, os.O_WRONLY)
    try:
        os.write(attribute, value.encode())
    finally:
        os.close(attribute)


def virtual_functions(address):
    names, at = [], PCI / address
    while name := link(at / f"virtfn{len(names)}"):
        names.append(name)
    return names


def kernel_device(address):
    at = PCI / address
    group = link(at / "iommu_group")
    total = text(at / "sriov_totalvfs")
    return {
        "vendor": text(at / "vendor")[2:], "device": text(at / "device")[2:],
        "class": text(at / "class")[2:], "driver": link(at / "driver"),
        "iommu_group": int(group) if group else None, "physfn": link(at / "physfn"),
        "virtfns": virtual_functions(address),
        "enabled": int(text(at / "sriov_numvfs")) if total else None,
        "autoprobe": int(text(at / "sriov_drivers_autoprobe")) if total else None,
    }


def listed_device(device):
    sriov = device["sriov"] or {}
    return {key: device[key] for key in ("vendor", "device", "class", "driver", "iommu_group",
                                         "physfn", "virtfns")} | {
        "enabled": sriov.get("enabled"), "autoprobe": sriov.get("autoprobe")}


def state():
    """What viaduct may change, told by the kernel alone."""
    values = {}
    for at in sorted(PCI.iterdir()):
        override = text(at / "driver_override")
        values[at.name, "driver"] = link(at / "driver") or ""
        values[at.name, "driver-override"] = "" if override == "(null)" else override
        values[at.name, "reset-method"] = text(at / "reset_method") or ""
        values[at.name, "d3cold-allowed"] = text(at / "d3cold_allowed")
        if (at / "sriov_numvfs").exists():
            values[at.name, "sriov-count"] = text(at / "sriov_numvfs")
            values[at.name, "sriov-autoprobe"] = text(at / "sriov_drivers_autoprobe")
    return values


class Campaign:
    def __init__(self, viaduct, seed, share):
        self.viaduct, self.share = viaduct, pathlib.Path(share)
        self.random = random.Random(seed)
        self.figures = collections.Counter()
        self.faults = 0
        self.log = []
        self.forgotten = {}  # address: transactions up to this one died with the device
        self.requests = 0
        self.pulled = set()

    def told(self):
        return json.dumps({"faults": self.faults} | dict(sorted(self.figures.items())))

    def fault(self, what):
        self.faults += 1
        print(f"fault: {what}")
        for line in self.log:
            print(f"    {line}")
        sys.stdout.flush()

    def run(self, *words):
        try:
            done = subprocess.run([self.viaduct, *words], stdin=subprocess.DEVNULL, timeout=LIMIT_S,
                                  capture_output=True, text=True)
        except subprocess.TimeoutExpired:
            self.fault(f"{' '.join(words)}: not ended after {LIMIT_S} s")
            return 124, "", ""
        self.log.append(f"{' '.join(words)}: {done.returncode} {done.stderr.strip()[:300]}")
        return done.returncode, done.stdout, done.stderr

    def act(self, *words):
        """A change: done, or refused with a reason."""
        status, _, complaint = self.run(*words)
        self.figures["done" if status == 0 else "refused"] += 1
        if status not in (0, 3) or (status == 3 and not complaint.startswith("viaduct: ")):
            self.fault(f"{' '.join(words)}: exit status {status}")

    def newest(self):
        return max((int(file.stem) for file in JOURNAL.glob("*.jsonl")), default=0)

    def forget(self, *addresses):
        for address in addresses:
            self.forgotten[address] = self.newest()

    # What can happen

    def somebody(self):
        present = [address for address in (IGB, NVME, EDU0, EDU1) if (PCI / address).exists()]
        functions = [vf for pf in present for vf in virtual_functions(pf)]
        return self.random.choice(functions * 2 + present) if present else EDU0

    def bind(self):
        return ["bind", self.somebody()]

    def bind_policy(self):
        """With other ways to reset it, of those that it has, and awake."""
        device = self.somebody()
        methods = (text(PCI / device / "reset_method") or "").split()
        self.random.shuffle(methods)
        methods = methods[:self.random.randint(0, len(methods))]
        return ["bind", "--no-d3cold", "--reset-method", ",".join(methods) or "none", device]

    def bind_native(self):
        """Not igbvf to what is no VF of igb's: that may keep the kernel busy for ever."""
        device = self.somebody()
        own = [] if device[:7] != IGB[:7] or device == IGB else ["igbvf", "igbvf"]
        return ["bind", device, self.random.choice([*own, "nvme", "igb"])]

    def release(self):
        return ["release", self.somebody()]

    def sriov(self):
        pf = self.random.choice([IGB, NVME])
        return ["apply", "--yes", "sriov", f"{pf}={self.random.randint(0, MOST_VFS[pf])}"]

    def passthrough(self):
        return ["apply", "--yes", "passthrough", "--now", self.somebody()]

    def rollback(self):
        return ["rollback"]

    CHANGES = (bind, bind, bind_policy, bind_native, release, release, sriov, sriov, passthrough, rollback)

    def change(self):
        self.figures["changes"] += 1
        self.act(*self.random.choice(self.CHANGES)(self))

    def crash(self):
        """Killed at any moment: most changes take 0.1 to 0.7 s."""
        words = self.random.choice(self.CHANGES)(self)
        self.figures["kills"] += 1
        victim = subprocess.Popen([self.viaduct, *words], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(self.random.uniform(0.02, 0.45))
        victim.send_signal(signal.SIGKILL)
        status = victim.wait()
        self.log.append(f"{' '.join(words)}: killed ({status})")
        self.figures["kills in time"] += status == -signal.SIGKILL

    def request(self, words):
        self.requests += 1
        self.log.append(words)
        (self.share / "request.new").write_text(f"{self.requests} {words}\n")
        (self.share / "request.new").rename(self.share / "request")

    def appears(self, address, wanted):
        for _ in range(int(LIMIT_S / 0.05)):
            if (PCI / address).exists() == wanted:
                return
            time.sleep(0.05)
        self.fault(f"{address} {'never came' if wanted else 'never left'}")

    def left(self, address, functions):
        self.appears(address, False)
        self.forget(address, *functions)

    def pull(self):
        address = self.random.choice(list(PLUGS))
        if address in self.pulled:
            return self.plug(address)
        if not (PCI / address).exists():
            return self.rescan()
        self.figures["pulled"] += 1
        functions = virtual_functions(address)
        self.request(f"device_del {PLUGS[address]}")
        self.pulled.add(address)
        self.left(address, functions)

    def plug(self, address):
        self.figures["plugged"] += 1
        self.request(f"device_add {PLUGS[address]}")
        self.pulled.discard(address)
        self.appears(address, True)
        self.settle()

    def remove(self):
        # NVMe's driver leaves its VFs behind, and a VF has no attribute by which to remove it.
        present = [address for address in (IGB, NVME, EDU0, EDU1) if (PCI / address).exists()
                   and not (address == NVME and virtual_functions(NVME))]
        if present:
            self.figures["removed"] += 1
            address = self.random.choice(present)
            functions = virtual_functions(address)
            self.log.append(f"echo 1 > {address}/remove")
            tell(PCI / address / "remove", "1")
            self.left(address, functions)
        if self.random.random() < 0.7:
            self.rescan()

    def rescan(self):
        self.figures["scans"] += 1
        self.log.append("echo 1 > rescan")
        tell("/sys/bus/pci/rescan", "1")
        self.settle()

    def reset(self):
        address = self.somebody()
        self.figures["resets"] += 1
        self.log.append(f"echo 1 > {address}/reset")
        try:
            tell(PCI / address / "reset", "1")
        except OSError as error:
            self.log[-1] += f": {error}"

    def settle(self):
        """NVMe's driver starts its controller after its probe has come back."""
        for _ in range(100):
            if all(text(at / "state") != "connecting" and text(at / "state") != "new"
                   for at in pathlib.Path("/sys/class/nvme").glob("nvme*")):
                return
            time.sleep(0.05)

    HAPPENINGS = (change, change, change, change, crash, crash, pull, remove, rescan, reset)

    # What must hold

    def recover(self):
        for _ in range(200):
            status, _, complaint = self.run("recover")
            if status != 3 or "is changing this host" not in complaint:
                break
            self.log.pop()
            time.sleep(0.05)
        if status != 0:
            self.fault(f"recover: exit status {status}: {complaint.strip()}")

    def transactions(self):
        """What the journal declares, by lever, the last word last."""
        for file in sorted(JOURNAL.glob("*.jsonl")):
            lines = [json.loads(line) for line in file.read_text().splitlines() if line]
            # What was done side by side is one line.
            lines = [part for line in lines for part in
                     ([{**each, "type": line["type"][:-1]} for each in line["of"]]
                      if "of" in line else [line])]
            # Whoever died with the name taken and nothing written had begun nothing.
            yield int(file.stem), lines, lines[-1]["type"] if lines else "void"

    def declared(self):
        values = {}
        for number, lines, end in self.transactions():
            if end not in ("committed", "rolled-back", "void"):
                self.fault(f"transaction {number} ends with {end}")
            counted = [line["target"] for line in lines if line.get("kind") == "sriov-count"]
            for line in lines if end == "committed" else ():
                if line["type"] == "intent":
                    values[line["target"], line["kind"]] = number, line["wanted"]
            for line in lines if end == "rolled-back" else ():
                values.pop((line.get("target"), line.get("kind")), None)
            # Functions of a count that was changed are others than those before.
            for pf in counted:
                values = {key: value for key, value in values.items()
                          if value[0] == number or key[0][:7] != pf[:7] or key[0] == pf}
        return {key: wanted for key, (number, wanted) in values.items()
                if number > self.forgotten.get(key[0], 0)}

    def judge_declared(self):
        now = state()
        for key, wanted in self.declared().items():
            if key in now and now[key] != wanted:
                self.fault(f"{key[0]} {key[1]} is {now[key]!r}, and declared to be {wanted!r}")

    def judge_list(self):
        status, out, _ = self.run("--json", "list")
        if status not in (0, 5):
            return self.fault(f"list: exit status {status}")
        devices = json.loads(out)["devices"]
        for device in devices:
            for unknown in device["unknown"]:
                # One that sleeps, or whose PF was reset, has a configuration space unread.
                if (unknown["key"], unknown["errno"]) not in (("capabilities", "EAGAIN"),
                                                              ("capabilities", "EIO")):
                    self.fault(f"list: {device['address']}: {unknown}")
        listed = {device["address"]: listed_device(device) for device in devices}
        kernel = {at.name: kernel_device(at.name) for at in PCI.iterdir()}
        self.figures["functions compared"] += len(kernel)
        for address in sorted(listed.keys() | kernel.keys()):
            if listed.get(address) != kernel.get(address):
                self.fault(f"list says {address} is {listed.get(address)}, "
                           f"the kernel {kernel.get(address)}")

    def sequence(self):
        self.log = []
        for _ in range(self.random.randint(2, 5)):
            self.figures["steps"] += 1
            self.random.choice(self.HAPPENINGS)(self)
        self.recover()
        self.judge_declared()
        self.judge_list()

    def return_to(self, start):
        """All undone, all plugged: the host is as it was."""
        self.log = []
        self.figures["returns"] += 1
        for _ in range(200):
            status, _, complaint = self.run("rollback")
            if status != 0:
                break
        if "still to be undone" not in complaint:
            self.fault(f"rollback: {complaint.strip()}")
        for address in sorted(self.pulled):
            self.plug(address)
        self.rescan()
        now = state()
        for key in sorted(start.keys() | now.keys()):
            if start.get(key) != now.get(key):
                self.fault(f"{key[0]} {key[1]} was {start.get(key)!r} and is {now.get(key)!r}")


def waits():
    """Who waits in the kernel without interruption, and where."""
    for at in pathlib.Path("/proc").glob("[0-9]*/task/*"):
        if "\nState:\tD" in (text(at / "status") or ""):
            yield f"{text(at / 'comm')}: {' < '.join((text(at / 'stack') or '?').splitlines())}"


def watch(campaign):
    """Ends the host where nothing goes on: whoever waits for the kernel cannot be killed."""
    steps = None
    while steps != (steps := (campaign.figures["steps"], campaign.figures["returns"])):
        time.sleep(STUCK_S)
    campaign.fault(f"the kernel stands still after {campaign.told()}")
    for line in waits():
        print(f"    {line}", flush=True)
    time.sleep(2)
    pathlib.Path("/proc/sysrq-trigger").write_text("o")


def main(viaduct, count, seed, share):
    campaign = Campaign(viaduct, seed, share)
    threading.Thread(target=watch, args=(campaign,), daemon=True).start()
    subprocess.run(["modprobe", "igbvf"], check=True)
    start = state()
    for number in range(1, int(count) + 1):
        campaign.sequence()
        campaign.figures["sequences"] = number
        if number % ROUND == 0 or number == int(count):
            campaign.return_to(start)
            print(f"progress: {campaign.told()}", flush=True)
    print(f"figures: {campaign.told()}")
    return campaign.faults > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
