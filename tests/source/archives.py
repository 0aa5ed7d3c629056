# SPDX-License-Identifier: GPL-2.0-or-later
"""Archives that are damaged, or made to harm: usage: archives.py VIADUCT MAKE; prints TAP.
Whatever comes in: a clear error or an answer, within bounds of time and memory."""
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile

from tap import run_all

VIADUCT, MAKE = sys.argv[1:3]
SECONDS, MEBIBYTES = 60, 1500  # wide, for sanitizers; what is guarded against is hours and all
ERROR = re.compile(r"^viaduct: [^:\n]+: .+: .+( \(.+\))?$", re.M)


def run(*arguments, source="-", data=b"", locale="C.UTF-8"):
    """Exit status, stdout, stderr; what it used stays within the bounds."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, \
            tempfile.TemporaryFile() as err:
        given.write(data)
        given.seek(0)
        with subprocess.Popen(["timeout", str(SECONDS), VIADUCT, "--from", source, *arguments],
                              stdin=given, stdout=out, stderr=err,
                              env={**os.environ, "LC_ALL": locale}) as child:
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        assert child.returncode != 124, "it took too long"
        assert usage.ru_maxrss < MEBIBYTES * 1024, f"{usage.ru_maxrss} KiB of memory"
        for file in (out, err):
            file.seek(0)
        return child.returncode, out.read(), err.read().decode(errors="replace")


def archive(entries, form=tarfile.PAX_FORMAT):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as tar:
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


def file_entry(name, value=b"x"):
    return (name, tarfile.REGTYPE, value)


def zstd(*pieces):
    with tempfile.TemporaryFile() as file:
        for piece in pieces:
            file.write(piece)
        file.seek(0)
        return subprocess.run(["zstd", "-q", "-1", "-c"], stdin=file, capture_output=True,
                              check=True).stdout


def refused(data, *words):
    status, out, err = run("--json", "list", data=data)
    assert status == 3, (status, out[:300], err)
    assert ERROR.search(err), err
    for word in words:
        assert word in err, (word, err)
    said = json.loads(out)["error"]
    assert said["code"].startswith("E") and said["message"], said


def an_empty_archive(_):
    refused(archive([("./", tarfile.DIRTYPE, None)]), "holds nothing")


def survives(data):
    """An error or an answer; the exit status."""
    status, out, err = run("--json", "list", data=data)
    assert status in (0, 1, 3, 5), (status, err)
    json.loads(out)
    assert status != 3 or ERROR.search(err), err
    return status


def a_snapshot(work, **options):
    subprocess.run(["python3", MAKE, "sriov-host", f"{work}/host"], check=True)
    status, _, err = run("snapshot", f"{work}/host.snap", source=f"{work}/host", **options)
    assert status == 0, err
    with open(f"{work}/host.snap", "rb") as file:
        return file.read()


def cut_anywhere(work):
    whole = a_snapshot(work)
    for size in sorted(set(range(0, len(whole), max(1, len(whole) // 40)))):
        refused(whole[:size])
    plain = subprocess.run(["zstd", "-dcq"], input=whole, capture_output=True, check=True).stdout
    wanted = len(json.loads(run("--json", "list", data=whole)[1])["devices"])
    for size in range(513, len(plain) - 1024, len(plain) // 30):
        status, out, err = run("--json", "list", data=plain[:size])
        assert status in (3, 5), (size, status, err)
        if status == 5:  # cut between two files: what is missing is unknown, and not absent
            assert len(json.loads(out)["devices"] or [None] * wanted) == wanted, size


def one_bit_wrong_anywhere(work):
    whole = a_snapshot(work)
    plain = subprocess.run(["zstd", "-dcq"], input=whole, capture_output=True, check=True).stdout
    for data in (whole, plain):
        for at in range(0, len(data), max(1, len(data) // 60)):
            survives(data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1:])
    refused(plain[:148] + b"7777777" + plain[155:])  # the first header's checksum
    second = 512 + (int(plain[124:135], 8) + 511) // 512 * 512
    refused(plain[:second + 148] + b"7777777" + plain[second + 155:], "amaged")


def names_of_64_kib(_):
    name = "a" * 65536
    refused(archive([file_entry(name)]), "bytes in one name")
    refused(archive([file_entry(name)], tarfile.GNU_FORMAT), "bytes in one name")
    refused(archive([("l", tarfile.SYMTYPE, name)]), "proper target")


def a_hundred_thousand_entries(_):
    data = zstd(archive([file_entry(f"d{i // 300}/f{i}", b"") for i in range(100_000)],
                        tarfile.USTAR_FORMAT))
    assert survives(data) == 5


def directories_without_end(_):
    """Each name of a kilobyte makes five hundred directories."""
    entries = [file_entry(f"{i}/" + "a/" * 500 + "f", b"") for i in range(4000)]
    refused(zstd(archive(entries)), "in all")


def the_same_directory_without_end(_):
    header = tarfile.TarInfo("./")
    header.type = tarfile.DIRTYPE
    block = header.tobuf(tarfile.USTAR_FORMAT) * 10_000
    refused(zstd(*[block] * 101), "entries")


def headers_about_nothing_without_end(_):
    block = tarfile.TarInfo.create_pax_global_header({"comment": "x"}) * 1000
    status = survives(zstd(*[block] * 100))
    assert status in (3, 5)


def a_bomb_in_a_bomb(_):
    inner = zstd(*[bytes(1 << 20)] * 4096)
    assert len(inner) < 1 << 20
    refused(inner, "holds nothing")
    refused(zstd(inner))
    refused(subprocess.run(["gzip", "-c"], input=inner, capture_output=True, check=True).stdout)
    refused(b"PK\x03\x04" + bytes(1000), "neither a snapshot nor")


def kinds_that_are_no_files(_):
    for kind in (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE):
        refused(archive([("dev/x", kind, None)]), "device node")
    refused(archive([file_entry("a"), ("b", tarfile.LNKTYPE, "a")]), "hard link")
    refused(archive([("a", tarfile.LNKTYPE, "../../etc/passwd")]), "hard link")
    refused(archive([("l", tarfile.SYMTYPE, "")]), "proper target")


def names_in_any_bytes(work):
    subprocess.run(["python3", MAKE, "sriov-host", f"{work}/host"], check=True)
    card = "devices/pci0000:00/0000:00:01.0/0000:01:00.0/net"
    os.makedirs(f"{work}/host/sys/class/net", exist_ok=True)
    for name in ("ethü".encode(), b"eth\xff"):
        real = os.fsencode(f"{work}/host/sys/{card}/") + name
        os.makedirs(real)
        with open(real + b"/flags", "w", encoding="ascii") as file:
            file.write("0x1003")
        os.symlink(os.fsencode(f"../../{card}/") + name,
                   os.fsencode(f"{work}/host/sys/class/net/") + name)
    for locale in ("C", "C.UTF-8"):
        status, _, err = run("snapshot", "--no-redact", f"{work}/{locale}", source=f"{work}/host",
                             locale=locale)
        assert status == 0, err
        for reader in ("C", "C.UTF-8"):
            status, out, _ = run("--json", "list", source=f"{work}/{locale}", locale=reader)
            device = json.loads(out)["devices"][1]
            assert sorted(device["net"]) == ["eth?", "ethü"], device["net"]
            assert len(device["in_use"]) == 2, device["in_use"]


def answers_that_are_damaged(_):
    base = [file_entry("proc/cmdline", b"quiet\n")]
    for text in (b"", b"{", b"[" * 5000, b'{"cpuid":{"x":[]}}', b"\xff\xfe", b"null\0"):
        refused(archive(base + [file_entry(".viaduct/queries.json", text)]),
                "read recorded answers", ".viaduct/queries.json", "damaged")
    for kind, value in ((tarfile.DIRTYPE, None), (tarfile.SYMTYPE, "../proc/cmdline")):
        refused(archive(base + [(".viaduct/manifest.json", kind, value)]), "manifest")
    text = b'{"schema":"viaduct.manifest/1","listed":' + b"[" * 100_000
    refused(archive(base + [file_entry(".viaduct/manifest.json", text)]), "manifest")
    for wrong in ({"missing": {"proc/cmdline": 2}}, {"unreadable": {"x": 0}},
                  {"unreadable": {"x": 5000}}, {"special": [7]}, {"unread": ["a//b"]},
                  {"listed": {"proc": [".."]}}, {"links": {"l": ""}},
                  {"listed": {"proc/cmdline": ["x"]}}, {"schema": "viaduct.manifest/2"}):
        text = json.dumps({"schema": "viaduct.manifest/1", **wrong}).encode()
        refused(archive(base + [file_entry(".viaduct/manifest.json", text)]), "manifest")


def modules_of_a_damaged_recording_are_unknown(work):
    plain = subprocess.run(["zstd", "-dcq"], input=a_snapshot(work), capture_output=True,
                           check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        entries = [(m.name, m.type, tar.extractfile(m).read() if m.isfile() else m.linkname)
                   for m in tar if m.name != ".viaduct/claims.json"
                   and not m.name.endswith("/modules.alias")]
    entries.append(file_entry(".viaduct/claims.json", b'{"schema":"viaduct.claims/1","cl'))
    _, out, _ = run("--json", "list", data=archive(entries))
    for device in json.loads(out)["devices"]:
        assert device["modules"] is None, device["modules"]


TESTS = [an_empty_archive, cut_anywhere, one_bit_wrong_anywhere, names_of_64_kib, a_hundred_thousand_entries,
         directories_without_end, the_same_directory_without_end,
         headers_about_nothing_without_end, a_bomb_in_a_bomb, kinds_that_are_no_files,
         names_in_any_bytes, answers_that_are_damaged, modules_of_a_damaged_recording_are_unknown]


run_all(TESTS)
