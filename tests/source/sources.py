# SPDX-License-Identifier: GPL-2.0-or-later
"""What --from takes: usage: sources.py VIADUCT snapshots|none; prints TAP."""
import io
import json
import os
import re
import subprocess
import sys
import tarfile

from tap import run_all

VIADUCT, KIND = sys.argv[1:3]
HOST, MAC, UUID = "zuse-z4", "3c:ec:ef:12:34:56", "8b1c5f0a-2d3e-4f50-9a61-7c8d9e0f1a2b"
SERIAL = "S5P2NG0R123456"
DISK, VOLUME = "WD9XK7Q2", "Qm3vTzUeWdRnyKfLsP1aBcDeFgHiJkLm"


def run(*arguments, source=None, data=None):
    """Exit status, stdout, stderr."""
    command = [VIADUCT] + (["--from", source] if source else []) + list(arguments)
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


def put(base, path, data):
    path = os.path.join(base, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else (data + "\n").encode())


def link(base, path, target):
    path = os.path.join(base, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.symlink(target, path)


def config(vendor, device, serial=None):
    data = bytearray(4096)
    data[0:4] = vendor.to_bytes(2, "little") + device.to_bytes(2, "little")
    if serial:
        data[0x100:0x104] = (0x0003 | 1 << 16).to_bytes(4, "little")
        data[0x104:0x10c] = serial
        data[0x34], data[6] = 0x40, 0x10
        data[0x40:0x43] = b"\x10\x00\x02"
    return bytes(data)


def function(base, address, parent, vendor, device, class_code, driver=None):
    real = f"sys/devices/pci0000:00/{parent}{address}"
    put(base, f"{real}/vendor", f"0x{vendor:04x}")
    put(base, f"{real}/device", f"0x{device:04x}")
    put(base, f"{real}/class", f"0x{class_code:06x}")
    put(base, f"{real}/modalias", f"pci:v{vendor:08X}d{device:08X}")
    put(base, f"{real}/config", config(vendor, device, b"\xfe\xed\xfa\xce\xca\xfe\xba\xbe"))
    link(base, f"sys/bus/pci/devices/{address}", f"../../../devices/pci0000:00/{parent}{address}")
    if driver:
        os.makedirs(os.path.join(base, f"sys/bus/pci/drivers/{driver}"), exist_ok=True)
        link(base, f"{real}/driver", ("../" * (real.count("/"))) + f"bus/pci/drivers/{driver}")
    return real


def tree(base):
    """A host with every kind of secret."""
    put(base, "proc/cmdline", f"BOOT_IMAGE=/boot/vmlinuz root=UUID={UUID} resume=PARTUUID=8f3c2a1b-02"
        f" rd.lvm.lv={HOST}/root BOOTIF=01-{MAC.replace(':', '-')} quiet")
    put(base, "proc/sys/kernel/hostname", HOST)
    put(base, "proc/sys/kernel/osrelease", "6.1.0-test")
    put(base, "proc/swaps", "Filename Type Size Used Priority")
    put(base, "dmesg", f"[    0.000000] Linux version 6.1.0-test (root@{HOST}) #1\n"
        f"[    0.000000] Command line: root=UUID={UUID} rd.lvm.lv={HOST}/root\n"
        "[    0.000000] Unknown kernel command line parameters \"splash "
        f"rd.lvm.lv={HOST}/root\", will be passed to user space.\n"
        f"[    1.000000] e1000e 0000:00:1f.6 eth0: (PCI Express:2.5GT/s:Width x1) {MAC}\n"
        f"[    2.000000] usb 1-1: SerialNumber: {SERIAL}\n"
        "[    3.000000] DMAR: [DMA Write] Request device [01:00.0] fault addr 69974000 "
        "[fault reason 05] PTE Write access is not set")
    put(base, "etc/hostname", HOST)
    put(base, "etc/os-release", f"ID=debian\nPRETTY_NAME=\"Debian {HOST}\"")
    put(base, "proc/self/mountinfo",
        f"36 35 259:1 / /home/{HOST} rw - ext4 /dev/nvme0n1p1 rw\n"
        f"37 35 0:40 / /mnt rw - nfs4 filer.example.org:/export rw,addr=192.0.2.7")
    function(base, "0000:00:01.0", "", 0x8086, 0x1901, 0x060400, "pcieport")
    nvme = function(base, "0000:01:00.0", "0000:00:01.0/", 0x144d, 0xa808, 0x010802, "nvme")
    put(base, f"{nvme}/nvme/nvme0/serial", SERIAL)
    put(base, f"{nvme}/nvme/nvme0/nvme0n1/dev", "259:0")
    put(base, f"{nvme}/nvme/nvme0/nvme0n1/nvme0n1p1/dev", "259:1")
    link(base, "sys/class/nvme/nvme0", f"../../../{nvme}/nvme/nvme0")
    link(base, "sys/class/block/nvme0n1", f"../../../{nvme}/nvme/nvme0/nvme0n1")
    link(base, "sys/class/block/nvme0n1p1", f"../../../{nvme}/nvme/nvme0/nvme0n1/nvme0n1p1")
    nic = function(base, "0000:00:1f.6", "", 0x8086, 0x15bb, 0x020000, "e1000e")
    name = "enx" + MAC.replace(":", "")
    put(base, f"{nic}/net/{name}/address", MAC)
    put(base, f"{nic}/net/{name}/flags", "0x1003")
    link(base, f"sys/class/net/{name}", f"../../../{nic}/net/{name}")
    os.makedirs(os.path.join(base, "sys/class/iommu"))
    sata = function(base, "0000:00:17.0", "", 0x8086, 0xa352, 0x010601, "ahci")
    put(base, f"{sata}/ata1/block/sda/dev", "8:0")
    link(base, "sys/class/block/sda", f"../../../{sata}/ata1/block/sda")
    put(base, "proc/spl/kstat/zfs/tank/state", "ONLINE")
    put(base, "run/udev/data/b8:0", f"E:ID_SERIAL=Disk_{DISK}\nE:ID_WWN=0x5002538e{DISK}\n"
        f"E:ID_FS_UUID={UUID}\nE:ID_FS_LABEL=tank\nE:ID_FS_TYPE=zfs_member")
    for number in ("259:0", "259:1", "254:0"):
        put(base, f"run/udev/data/b{number}", "E:DEVTYPE=disk")
    mapped = "sys/devices/virtual/block/dm-0"
    put(base, f"{mapped}/dev", "254:0")
    put(base, f"{mapped}/dm/name", f"{HOST.replace('-', '--')}--vg-root")
    put(base, f"{mapped}/dm/uuid", f"LVM-{VOLUME}")
    link(base, f"{mapped}/slaves/sda", "../../../../../class/block/sda")
    link(base, "sys/class/block/dm-0", "../../devices/virtual/block/dm-0")
    put(base, ".viaduct/queries.json", json.dumps({"ways": {
        "routes_known": {"known": "present", "number": 1}, "routes": [name],
        "sessions_known": {"known": "present", "number": 1}, "sessions": [name]}}))


def models(source, commands=("check", "list", "show 0000:01:00.0")):
    """The JSON of several commands, without what names the source."""
    found = []
    for command in commands:
        status, out, _ = run("--json", *command.split(), source=source)
        value = json.loads(out)
        if "host" in value:
            value["host"].pop("source")
            value["host"].pop("live")
        found.append((status, value))
    return found


def archive(entries, **options):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT, **options) as tar:
        for name, kind, value in entries:
            info = tarfile.TarInfo(name)
            info.type = kind
            if kind == tarfile.REGTYPE:
                info.size = len(value)
                tar.addfile(info, io.BytesIO(value))
            else:
                info.linkname = value or ""
                tar.addfile(info)
    return buffer.getvalue()


def refused(data, *words):
    status, out, err = run("list", source="-", data=data)
    assert status == 3, (status, out, err)
    for word in words:
        assert word in err, (word, err)
    assert err.startswith("viaduct: "), err


def file_entry(name, value=b"x"):
    return (name, tarfile.REGTYPE, value)


def a_tree_comes_back_the_same(work):
    base, file = f"{work}/tree", f"{work}/kept.snap"
    tree(base)
    status, _, err = run("snapshot", "--no-redact", file, source=base)
    assert status == 0 and "not redacted" in err, err
    assert models(base) == models(file)
    devices = models(file)[1][1]["devices"]
    assert sorted(d["driver"] for d in devices) == ["ahci", "e1000e", "nvme", "pcieport"]
    devices = {d["address"]: d for d in devices}
    assert devices["0000:01:00.0"]["parent"] == "0000:00:01.0"
    devices = {address: d["in_use"] for address, d in devices.items()}
    assert any("/home/" in h["what"] for h in devices["0000:01:00.0"])
    assert {h["severity"] for h in devices["0000:00:1f.6"]} == {"vital", "in-use"}
    assert {h["by"] for h in devices["0000:00:17.0"]} == {"block", "zfs"}, devices


def a_snapshot_names_nobody(work):
    base, file = f"{work}/tree", f"{work}/redacted.snap"
    tree(base)
    status, _, err = run("snapshot", file, source=base)
    assert status == 0 and not err, err
    text = subprocess.run(["zstd", "-dc", file], capture_output=True, check=True).stdout.lower()
    secrets = [HOST + "/root", "/home/" + HOST, HOST.replace("-", "--"), MAC, MAC.replace(":", ""), MAC.replace(":", "-"),
               UUID, "8f3c2a1b", SERIAL, DISK, VOLUME, "filer.example", "192.0.2.7"]
    for secret in secrets:
        assert secret.lower().encode() not in text, secret
    assert b"\xfe\xed\xfa\xce\xca\xfe\xba\xbe" not in text
    assert b"linux version" in text and b"serialnumber" not in text and b"2.5gt/s" not in text
    assert b"dma write" in text, "of the log, what is judged stays"
    assert f"debian {HOST}".encode() in text, "a distribution's own words are no secret"
    plain, hidden = models(base), models(file)
    assert [f["verdict"] for f in plain[0][1]["findings"]] == \
        [f["verdict"] for f in hidden[0][1]["findings"]]
    devices = {d["address"]: d for d in hidden[1][1]["devices"]}
    device = devices["0000:00:1f.6"]
    assert re.fullmatch("enx[0-9]{12}", device["net"][0]), device["net"]
    assert device["in_use"], "the interface is up under its new name as well"
    assert [h["severity"] for h in device["in_use"]] == ["vital", "vital", "in-use"], device
    assert devices["0000:01:00.0"]["in_use"], "mounts are found under their new names"
    words = [h["what"] for h in devices["0000:00:17.0"]["in_use"]]
    assert any("volume group host" in word for word in words), words
    assert any("ZFS pool tank" in word for word in words), words


def the_running_host_comes_back_the_same(work):
    file = f"{work}/live.snap"
    status, _, err = run("snapshot", "--no-redact", file)
    assert status in (0, 5), err
    live = json.loads(run("--json", "list")[1])
    commands = ["check", "list"]
    if live["devices"]:
        commands.append("show " + live["devices"][-1]["address"])
    for _ in range(3):  # a host may change between two looks
        if models("/", commands) == models(file, commands):
            return
        run("snapshot", "--no-redact", file)
    assert models("/", commands) == models(file, commands)


def a_redacted_live_snapshot_is_kept(work):
    status, out, err = run("--json", "snapshot", f"{work}/live.snap")
    assert status in (0, 5), err
    assert json.loads(out)["redacted"] is not None
    assert os.stat(f"{work}/live.snap").st_mode & 0o777 == 0o600


def a_snapshot_comes_by_standard_input(work):
    tree(f"{work}/tree")
    status, data, _ = run("snapshot", "--no-redact", "-", source=f"{work}/tree")
    assert status == 0
    status, out, _ = run("--json", "list", source="-", data=data)
    assert len(json.loads(out)["devices"]) == 4
    refused(data[:len(data) // 2])
    refused(data[:100])


def nothing_acts_on_a_snapshot(work):
    tree(f"{work}/tree")
    run("snapshot", f"{work}/a.snap", source=f"{work}/tree")
    status, _, err = run("bind", "0000:01:00.0", "vfio-pci", source=f"{work}/a.snap")
    assert status == 3 and "another source than /" in err, err


def an_archive_without_manifest_is_a_tree(work):
    data = archive([file_entry("./proc/cmdline", b"quiet\n"),
                    file_entry("./proc/sys/kernel/osrelease", b"6.1\n")])
    status, out, _ = run("--json", "check", source="-", data=data)
    host = json.loads(out)["host"]
    assert status in (1, 5) and host["kernel"] == "6.1", host
    status, out, _ = run("--json", "list", source="-", data=data)
    assert status == 5 and json.loads(out)["iommu"]["active"] is None


def paths_and_links_that_lead_out_are_refused(_):
    refused(archive([file_entry("../etc/passwd")]), "leads out", "../etc/passwd")
    refused(archive([file_entry("/etc/passwd")]), "leads out")
    refused(archive([file_entry("a/../../b")]), "leads out")
    refused(archive([("a/l", tarfile.SYMTYPE, "/etc")]), "link leads out")
    refused(archive([("a/l", tarfile.SYMTYPE, "../../etc")]), "link leads out")
    refused(archive([("a/l", tarfile.SYMTYPE, "b/../../../etc")]), "link leads out")
    refused(archive([file_entry("a"), ("b", tarfile.LNKTYPE, "a")]), "hard link")
    refused(archive([("dev/mem", tarfile.CHRTYPE, None)]), "device node")
    refused(archive([("f", tarfile.FIFOTYPE, None)]), "device node")
    refused(archive([file_entry("a"), file_entry("a")]), "twice")
    refused(archive([("l", tarfile.SYMTYPE, "d"), file_entry("l/x")]), "no directory")


def limits_are_named(_):
    refused(archive([file_entry("a/" * 600 + "b")]), "1024 bytes in one name")
    huge = tarfile.TarInfo("sparse")
    huge.size = 10 << 30
    refused(huge.tobuf(tarfile.GNU_FORMAT) + bytes(1024), "bytes in one file")
    sparse = tarfile.TarInfo("sparse")
    sparse.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0",
                          "GNU.sparse.name": "big", "GNU.sparse.realsize": str(10 << 30)}
    sparse.size = 512
    map_block = b"1\n%d\n0\n" % (10 << 30)
    refused(sparse.tobuf(tarfile.PAX_FORMAT) + map_block.ljust(512, b"\0") + bytes(1024),
            "bytes in one file")
    bomb = archive([file_entry(f"f{i}", bytes(30 << 20)) for i in range(9)])
    packed = subprocess.run(["zstd", "-q", "-c"], input=bomb, capture_output=True,
                            check=True).stdout
    assert len(packed) < 1 << 20
    refused(packed, "bytes in all")


def damage_is_said(_):
    refused(b"", "neither a snapshot nor")
    refused(b"hello\n", "neither a snapshot nor")
    refused(b"root:x:0:0:root:/root:/bin/sh\nbin:x:2:2:bin:/bin:/bin/sh\n", "neither a snapshot nor")
    refused(b"\x28\xb5\x2f\xfd" + bytes(100))
    for manifest in (b"{", b"[]", b"{}", b'{"schema":"viaduct.manifest/1","missing":{"../x":2}}',
                     b'{"schema":"viaduct.manifest/1","links":{"proc":"/x"}}',
                     b'{"schema":"viaduct.manifest/1","listed":{"a":["b/c"]}}'):
        refused(archive([file_entry("proc/cmdline"),
                         file_entry(".viaduct/manifest.json", manifest)]), "manifest")


def loops_end(_):
    data = archive([("proc", tarfile.SYMTYPE, "sys"), ("sys", tarfile.SYMTYPE, "proc")])
    status, _, err = run("check", source="-", data=data)
    assert status in (1, 5), err


def an_lspci_dump_is_a_host(_):
    row = "%02x: " + " ".join(["00"] * 16) + "\n"
    bridge = ("00:01.0 PCI bridge: X\n00: 86 80 01 19 07 00 10 00 07 00 04 06 00 00 01 00\n"
              "10: 00 00 00 00 00 00 00 00 00 01 02 00 00 00 00 00\n" + row % 0x20 + row % 0x30)
    nic = ("01:00.0 Ethernet: Y\n00: 86 80 c9 10 07 00 00 00 01 00 00 02 00 00 80 00\n"
           + row % 0x10 + "20: 00 00 00 00 00 00 00 00 00 00 00 00 86 80 3c a0\n" + row % 0x30)
    dump = (bridge + "\n" + nic).encode()
    status, out, err = run("--json", "list", source="-", data=dump)
    devices = json.loads(out)["devices"]
    assert status == 5 and "could not be told" in err, (status, err)
    assert [d["device"] for d in devices] == ["1901", "10c9"]
    assert devices[1]["parent"] == "0000:00:01.0" and devices[1]["subsystem_device"] == "a03c"
    assert devices[1]["driver"] is None and devices[1]["boot_vga"] is None
    assert {"driver", "iommu_group", "in_use"} <= {u["key"] for u in devices[1]["unknown"]}
    assert json.loads(out)["iommu"]["active"] is None
    for command in (["show", "01:00.0"], ["check"]):
        status, out, _ = run("--json", *command, source="-", data=dump)
        assert status == 5, (command, status)
    told = [f["id"] for f in json.loads(out)["findings"]
            if f["layer"] == "kernel" and f["verdict"] in ("pass", "fail")]
    assert not told, told


def a_kernel_log_is_a_host(_):
    log = ("[    0.000000] Linux version 6.1.0-9 (a@b) #1\n"
           "[    0.000000] Command line: root=/dev/sda1 intel_iommu=on\n"
           "[    0.100000] pci 0000:00:01.0: [8086:1901] type 01 class 0x060400\n"
           "[    0.100001] pci 0000:00:01.0: PCI bridge to [bus 01-02]\n"
           "[    0.100002] pci 0000:01:00.0: [8086:10c9] type 00 class 0x020000\n"
           "[    0.200000] DMAR: Intel(R) Virtualization Technology for Directed I/O\n"
           "[    0.300000] pci 0000:00:01.0: Adding to iommu group 0\n"
           "[    0.300001] pci 0000:01:00.0: Adding to iommu\ngroup 7\n"
           "[    9.000000] DMAR: [DMA Read] Request device [01:00.0] fault addr 1000 "
           "[fault reason 06] PTE Read access is not set\n").encode()
    status, out, _ = run("--json", "list", source="-", data=log)
    devices = json.loads(out)["devices"]
    assert status == 5, status
    assert [(d["device"], d["iommu_group"]) for d in devices] == [("1901", 0), ("10c9", 7)]
    assert devices[1]["parent"] == "0000:00:01.0" and devices[1]["driver"] is None
    assert [g["id"] for g in json.loads(out)["groups"]] == [0, 7]
    assert json.loads(out)["iommu"]["active"] is None, "a log shows no units"
    status, out, _ = run("--json", "check", source="-", data=log)
    found = {f["id"]: f for f in json.loads(out)["findings"]}
    assert status == 5 and json.loads(out)["host"]["kernel"] == "6.1.0-9", (status, out)
    assert found["kernel.log"]["verdict"] == "pass" and found["iommu.log"]["verdict"] == "pass"
    assert found["kernel.dma-faults"]["verdict"] == "warn", found["kernel.dma-faults"]
    assert "0000:01:00.0" in found["kernel.dma-faults"]["detail"]
    status, out, _ = run("--json", "check", source="-", data=log[log.index(b"[    0.2"):])
    found = {f["id"]: f["verdict"] for f in json.loads(out)["findings"]}
    assert found["kernel.log"] == "warn" and found["kernel.dma-faults"] == "warn", found
    assert found["kernel.interrupt-faults"] == "skip", "the beginning is lost"


def differences_are_listed(work):
    tree(f"{work}/a")
    tree(f"{work}/b")
    run("snapshot", f"{work}/a.snap", source=f"{work}/a")
    status, out, _ = run("diff", f"{work}/a.snap", f"{work}/a.snap")
    assert status in (0, 5) and b"No difference" in out, (status, out)
    os.unlink(f"{work}/b/sys/devices/pci0000:00/0000:00:1f.6/driver")
    os.rename(f"{work}/b/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0",
              f"{work}/b/sys/devices/pci0000:00/0000:00:01.0/0000:02:00.0")
    os.unlink(f"{work}/b/sys/bus/pci/devices/0000:01:00.0")
    link(f"{work}/b", "sys/bus/pci/devices/0000:02:00.0",
         "../../../devices/pci0000:00/0000:00:01.0/0000:02:00.0")
    function(f"{work}/b", "0000:00:02.0", "", 0x10de, 0x2684, 0x030000)
    put(f"{work}/b", "proc/sys/kernel/osrelease", "6.12.0-test")
    status, out, _ = run("--json", "diff", f"{work}/a", f"{work}/b")
    changes = [(c["kind"], c["subject"], c["what"], c["before"], c["after"])
               for c in json.loads(out)["changes"]]
    assert status == 1
    for wanted in (("host", "kernel", None, "6.1.0-test", "6.12.0-test"),
                   ("device", "0000:00:1f.6", "driver", "e1000e", None),
                   ("device-moved", "144d:a808", "address", "0000:01:00.0", "0000:02:00.0"),
                   ("device-added", "0000:00:02.0", None, None, "10de:2684")):
        assert wanted in changes, (wanted, changes)
    assert run("diff", f"{work}/a", f"{work}/none")[0] == 3
    assert run("diff", "-", "-")[0] == 2


TESTS = [differences_are_listed, a_tree_comes_back_the_same, a_snapshot_names_nobody,
         the_running_host_comes_back_the_same, a_redacted_live_snapshot_is_kept,
         a_snapshot_comes_by_standard_input, nothing_acts_on_a_snapshot,
         an_archive_without_manifest_is_a_tree, paths_and_links_that_lead_out_are_refused,
         limits_are_named, damage_is_said, loops_end]
ALWAYS = [an_lspci_dump_is_a_host, a_kernel_log_is_a_host]


run_all((TESTS if KIND == "snapshots" else []) + ALWAYS)
