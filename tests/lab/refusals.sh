# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# What the host must not lose is refused, with who uses it, and nothing is changed.
# boot: --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

readonly DISK=/dev/nvme0n1

# all_refused TEXT REGEX: passthrough and bind of the NVMe controller; the list stays as it is
all_refused() {
	local before
	before=$("$VIADUCT" --json list | sha256sum)
	via plan passthrough "$NVME"
	ends 3 "$1: plan"
	like "$out" "${2%% is *}" "$1: the plan names it"
	refused "$1: apply" "$2" apply --yes passthrough "$NVME"
	refused "$1: bind" "$2" bind "$NVME"
	is "$("$VIADUCT" --json list | sha256sum)" "$before" "$1: the list is as before"
}

mkfs.ext4 -q "$DISK"
mount "$DISK" /mnt
all_refused 'mounted' 'nvme0n1 is mounted on /mnt'
umount /mnt
mkswap -q "$DISK"
swapon "$DISK"
all_refused 'swap' 'nvme0n1 is used for swap'
swapoff "$DISK"

# One partition of 8 MiB, from sector 2048
wipefs -qa "$DISK"
{
	printf '\0\0\0\0\203\0\0\0\0\10\0\0\0\100\0\0' | dd of="$DISK" bs=1 seek=446
	printf '\125\252' | dd of="$DISK" bs=1 seek=510
	blockdev --rereadpt "$DISK"
} 2>/dev/null
mkfs.ext4 -q "${DISK}p1"
mount "${DISK}p1" /mnt
refused 'partition mounted' 'nvme0n1p1 is mounted on /mnt' apply --yes passthrough "$NVME"
umount /mnt
modprobe dm-mod
dmsetup create lab0 --table "0 16384 linear ${DISK}p1 0"
refused 'device mapper' 'nvme0n1p1 is part of dm-0' apply --yes passthrough "$NVME"
mount /dev/dm-0 /mnt
refused 'device mapper, mounted' 'nvme0n1p1 is part of dm-0' apply --yes passthrough "$NVME"
umount /mnt
mkswap -q /dev/dm-0
swapon /dev/dm-0
refused 'device mapper, swap' 'dm-0 is used for swap' apply --yes passthrough "$NVME"
swapoff /dev/dm-0
dmsetup remove lab0
does 'NVMe, no longer used: allowed' plan passthrough "$NVME"

ip link set eth0 up
refused 'interface up' 'network interface eth0 is up' apply --yes passthrough "$IGB"
refused 'interface up, bind' 'network interface eth0 is up' bind "$IGB"
ip link set eth0 down
before=$(kernel_state)
does 'interface down: allowed' apply --yes passthrough --now "$IGB"
is "$(driver_of "$IGB")" vfio-pci 'interface down: it is on vfio-pci'
does 'interface down: given back' release "$IGB"
is "$(kernel_state)" "$before" 'interface down: all as before'

# The lock, as another viaduct would hold it
exec {lock}<>/run/viaduct.lock
flock "$lock"
printf '%d\n' $$ >/run/viaduct.lock
refused 'a second viaduct' "process $$\) is changing this host" apply --yes passthrough "$EDU"
refused 'a second viaduct, recover' "process $$\)" recover
exec {lock}>&-

refused 'nobody agreed' 'nobody agreed.*--yes' apply passthrough "$EDU"
does 'a dry run' apply --dry-run passthrough "$EDU"
is "$(kernel_state)" "$before" 'a dry run: nothing changed'
refused 'prove of a driver of the host' 'bound to igb, not to a VFIO driver.*bind' prove "$IGB"
refused 'prove without a driver' 'no driver is bound' prove "$EDU"
refused 'a bridge' 'bridges stay with the host' apply --yes passthrough 0000:00:01.0

refused 'more VFs than there are' 'it makes 7 VFs at most' apply --yes sriov "$IGB=8"
refused 'VFs of a device without' 'it shows no SR-IOV' apply --yes sriov "$EDU=1"
printf '%s' "$IGB" >"$PCI/$IGB/driver/unbind"
refused 'VFs without a driver' 'it has no driver' apply --yes sriov "$IGB=1"
look_around 0
expect_finding devices.sriov-drivers warn 'has SR-IOV and no driver'
printf '%s' "$IGB" >/sys/bus/pci/drivers/igb/bind

# A process with the group open
does 'edu to vfio-pci' apply --yes passthrough --now "$EDU"
sleep 60 <>"$(group_node "$EDU")" &
holder=$!
held="sleep \(pid $holder\) has /dev/vfio/10 open"
refused 'group open: prove' "$held" prove "$EDU"
refused 'group open: release' "$held" release "$EDU"
refused 'group open: rollback' "$held" rollback
refused 'group open: a guest' "$held" vm run "$EDU"
refused 'group open: nothing forces it' "$held.*cannot be forced" release --force --force "$EDU"
via_as_user --json show "$EDU"
is "$(json '.device.in_use' -c)" null \
	'group open: an ordinary user cannot tell who uses it'
kill "$holder"
wait "$holder" 2>/dev/null
does 'group closed: given back' release "$EDU"

# A guest with a VF
does 'two VFs' apply --yes sriov "$IGB=2"
vf=$(virtual_function "$IGB" 0)
refused 'the PF of VFs' 'a PF with 2 VFs' apply --yes passthrough "$IGB"
does 'one VF to vfio-pci' apply --yes passthrough "$vf"
"$VIADUCT" vm run --memory 64 --limit 60 --no-rom "$vf" >"$work/guest" 2>&1 </dev/null &
guest=$!
# device_open: whether QEMU has come so far
device_open() {
	find "/proc/$(pgrep -P "$guest" | head -n 1)/fd" -lname '*vfio-device*' 2>/dev/null |
		grep -q .
}
for ((i = 0; i < 200; i++)); do
	! device_open || break
	sleep 0.1
done
holds 'a guest has the VF' device_open
refused 'guest: release' 'qemu-system-x86 \(pid [0-9]+\) has /dev/vfio/' release "$vf"
refused 'guest: rollback' 'qemu-system-x86 \(pid' rollback
refused 'guest: prove' 'qemu-system-x86 \(pid' prove "$vf"
refused 'guest: another count of VFs' "$vf.*qemu-system-x86" apply --yes sriov "$IGB=3"
refused 'guest: no VFs' "$vf.*qemu-system-x86" apply --yes sriov "$IGB=0"
holds 'the guest still runs' kill -0 "$guest"
pkill -P "$guest"
wait "$guest"
does 'guest ended: given back' release "$vf"

# A VF that the host uses
refused 'a driver that is not loaded' 'no driver igbvf.*modprobe' bind "$vf" igbvf
modprobe igbvf
does 'the VF to its native driver' bind "$vf" igbvf
ip link set "$(ls "$PCI/$vf/net")" up
refused 'VF in use: rollback of the bind' 'network interface eth[0-9] is up' rollback
refused 'VF in use: another count' "$vf.*is up" apply --yes sriov "$IGB=1"
ip link set "$(ls "$PCI/$vf/net")" down
does 'VF no longer used: rollback' rollback
does 'VFs gone' rollback
is "$(kernel_state)" "$before" 'all as before'

# Gone between list and prove
does 'list' list
printf 1 >"$PCI/$EDU/remove"
refused 'device gone: prove' "$EDU: no device here answers to that.*removed" prove "$EDU"
refused 'device gone: passthrough' "$EDU: no device" apply --yes passthrough "$EDU"
via --json show "$EDU"
ends 3 'device gone: show'
is "$(json .error.code)" ENODEV 'device gone: the error as data'
finish
