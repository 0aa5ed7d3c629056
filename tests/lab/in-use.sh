# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# Who holds a device and what the host would lose: volumes, open nodes, routes, a session;
# what gives way to --force, and what only to two.
# boot: --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

readonly DISK=/dev/nvme0n1

# held_by PATH REGEX: a process with PATH open is found by bind, and gives way
held_by() {
	sleep 60 <"$1" &
	refused "$1 open" "sleep \(pid $!\) has $2 open.*insist: --force\)" bind --dry-run "$NVME"
	kill "$!"
	wait "$!" 2>/dev/null
}

before=$(kernel_state)
# Else QEMU's own network advertises itself as a default route.
echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6
modprobe dm-mod
# As LVM names and marks its volumes
dmsetup create vg0-lv--one --uuid "LVM-$(printf 'a%.0s' {1..64})" \
	--table "0 16384 linear $DISK 0"
refused 'a logical volume' 'part of dm-0 \(volume group vg0, logical volume lv-one\)' \
	bind --dry-run "$NVME"
held_by /dev/dm-0 /dev/dm-0
dmsetup remove vg0-lv--one
held_by "$DISK" "$DISK"
held_by /dev/nvme0 /dev/nvme0
held_by "$PCI/$NVME/resource0" resource0
# Registers stay mapped when what they were opened by is closed.
python3 -c 'import ctypes, os, sys, time
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
registers = os.open(sys.argv[1], os.O_RDWR)
at = libc.mmap(None, 4096, 1, 1, registers, 0)
os.close(registers)
print("failed" if at == ctypes.c_void_p(-1).value else "mapped", flush=True)
time.sleep(60)' "$PCI/$EDU/resource0" >"$work/mapping" &
mapping=$!
for ((i = 0; i < 100; i++)); do
	! grep -q mapped "$work/mapping" || break
	sleep 0.1
done
refused 'registers mapped' "python3 \\(pid $mapping\\) has resource0 mapped.*insist: --force\\)" \
	bind --dry-run "$EDU"
kill "$mapping"
wait "$mapping" 2>/dev/null
does 'nobody has them mapped: allowed' bind --dry-run "$EDU"

does 'nobody has it: allowed' bind --dry-run "$NVME"

ip link set eth0 up
if modprobe bridge && ip link add br0 type bridge; then
	ip link set eth0 master br0
	ip address add 192.0.2.2/24 dev br0
	ip link set br0 up
	ip route add default via 192.0.2.1 dev br0
	refused 'in a bridge' 'network interface eth0 is part of br0' bind --dry-run "$IGB"
	refused 'the default route, --force' \
		'eth0 carries the default route \(through br0\).*insist: --force --force' \
		bind --force "$IGB"
	does 'the default route, --force --force' bind --dry-run --force --force "$IGB"
	look_around 0
	like "$(jq -r '.findings[] | select(.id == "devices.in-use").evidence[].value' \
		<<<"$findings")" 'default route' 'check knows what the host needs'
	via show "$IGB"
	like "$out" 'would lose +the way to every other network' 'show says what would be lost'
	ip link delete br0
fi

# A session, as sshd has it
ip address add 192.0.2.2/24 dev eth0
python3 -c 'import socket, time
server = socket.create_server(("192.0.2.2", 22))
client = socket.create_connection(("192.0.2.2", 22))
peer = server.accept()
print("connected", flush=True)
time.sleep(60)' >"$work/session" &
session=$!
for ((i = 0; i < 100; i++)); do
	! grep -q connected "$work/session" || break
	sleep 0.1
done
refused 'a session' 'eth0 carries an SSH session' bind --force "$IGB"
kill "$session"
wait "$session" 2>/dev/null
ip address flush dev eth0

does 'interface up, --force: taken' bind --force "$IGB"
is "$(driver_of "$IGB")" vfio-pci 'interface up, --force: it is on vfio-pci'
like "$("$VIADUCT" --json history | jq -r '.transactions[].overruled[]')" 'eth0 is up' \
	'interface up, --force: the journal says what was overruled'
does 'interface up, --force: given back' release "$IGB"
is "$(kernel_state)" "$before" 'all as before'
finish
