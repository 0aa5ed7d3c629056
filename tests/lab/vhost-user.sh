#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/lab/vhost-user.sh VIADUCT - viaduct serves a disk, QEMU is the front end, and a whole
# kernel behind it reads it, writes it and reads it again: sums inside and outside are compared.
# One boot.
set -euo pipefail

readonly LAB_CANNOT=3
here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
lab=$here/../../lab/lab
viaduct=$(readlink -f -- "${1:?which viaduct?}")
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
asserted=0
failed=0

# is GOT WANTED TEXT
is() {
	asserted=$((asserted + 1))
	if [[ $1 != "$2" ]]; then
		failed=1
		printf '# got %s, wanted %s\nnot ' "$1" "$2"
	fi
	printf 'ok %d - %s\n' "$asserted" "$3"
}

sum() {
	sha256sum <"$work/disk" | cut -d ' ' -f 1
}

# said WORD: what the emulated host printed behind that word
said() {
	sed -n "s/^$1 //p" "$work/inside"
}

# The kernel caches what it has read: what is read at last comes from the disk again.
cat >"$work/command" <<'END'
modprobe virtio_blk 2>/dev/null
for _ in $(seq 30); do [ -b /dev/vda ] && break; sleep 1; done
echo "bytes $(blockdev --getsize64 /dev/vda)"
echo "read $(sha256sum </dev/vda | cut -d ' ' -f 1)"
dd if=/dev/urandom of=/dev/vda bs=64k count=32 seek=16 oflag=direct conv=fsync 2>/dev/null
dd if=/dev/urandom of=/dev/vda bs=512 count=3 seek=16381 oflag=direct conv=fsync 2>/dev/null
echo 3 >/proc/sys/vm/drop_caches
echo "again $(sha256sum </dev/vda | cut -d ' ' -f 1)"
END
head -c 8M /dev/urandom >"$work/disk"
before=$(sum)
"$viaduct" --json serve --once --socket "$work/socket" "$work/disk" >"$work/served" &
server=$!
status=0
"$lab" boot --topology one-port --memory 1G --timeout 400 \
	--qemu -object --qemu memory-backend-memfd,id=shared,size=1G,share=on \
	--qemu -machine --qemu memory-backend=shared \
	--qemu -chardev --qemu "socket,id=disk,path=$work/socket" \
	--qemu -device --qemu vhost-user-blk-pci,chardev=disk,addr=0x1a \
	-- sh "$work/command" >"$work/inside" 2>"$work/complaints" || status=$?
if ((status == LAB_CANNOT)); then
	printf '1..0 # SKIP %s\n' "$(tail -n 1 "$work/complaints")"
	exit 0
fi
sed 's/^/# /' "$work/complaints"
is "$status" 0 'the emulated host ran to its end'
is "$(said bytes)" 8388608 'the disk is as long as its file'
is "$(said read)" "$before" 'what it reads is what the file holds'
is "$([[ $(sum) != "$before" ]] && echo yes)" yes 'it has written'
is "$(said again)" "$(sum)" 'what it wrote is in the file, and nothing else'
wait "$server" || status=$?
server=
is "$status" 0 'the server ends with its front end'
is "$(jq -r '.sessions == 1 and .requests > 20' "$work/served")" true 'and has counted'
is "$([[ -e $work/socket ]] || echo gone)" gone 'its socket is gone'
printf '1..%d\n' "$asserted"
exit "$failed"
