# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# Virtual functions as they were asked for: number, order, address, VLAN, driver; none of them
# ever with a driver of the host, though one is loaded and waits; and all of it undone.
# boot: --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

# ip_says INDEX REGEX TEXT: of the igb's VF, as iproute2 tells it
ip_says() {
	like "$(ip -details link show eth0 | grep "^ *vf $1 ")" "$2" "$3"
}

# ip_details: all but whether there is a carrier, which comes back a moment after the card was reset
ip_details() {
	ip -details link show eth0 | sed '1s/<.*>//; 1s/ state [A-Z]*//'
}

# never_bound REGEX TEXT: the kernel's log has no line of that
never_bound() {
	is "$(dmesg | grep -E "$1")" '' "$2"
}

modprobe -a igbvf vfio-pci
# A VF's driver asks the PF's for its address, which answers while its interface is up.
ip link set eth0 up
before=$(kernel_state)
links=$(ip_details)
does 'seven VFs and three' apply --yes sriov "$IGB=7" \
	vf=0,mac=02:00:00:00:00:0a,vlan=10,qos=3 vf=1,vlan=20,spoofchk=off,trust=on \
	vf=0-2,driver=vfio-pci vf=3,driver=igbvf,mac=02:00:00:00:00:0b \
	"$NVME=3" vf=0-1,driver=vfio-pci
ip_says 0 '02:00:00:00:00:0a.*vlan 10, qos 3.*spoof checking on.*trust off' \
	'VF 0: address, VLAN and priority are iproute2'\''s'
ip_says 1 'vlan 20.*spoof checking off.*trust on' 'VF 1: VLAN, spoof check and trust'
ip_says 2 '00:00:00:00:00:00.*spoof checking on.*trust off' 'VF 2: as it was made'
for ((n = 0; n < 7; n++)); do
	is "$(virtual_function "$IGB" "$n")" "0000:01:1$((n / 4)).$((n % 4 * 2))" "igb: VF $n is in its place"
done
is "$(for n in 0 1 2 3 4 5 6; do driver_of "$(virtual_function "$IGB" "$n")"; done | xargs)" \
	'vfio-pci vfio-pci vfio-pci igbvf null null null' 'igb: drivers as asked for'
is "$(for n in 0 1 2; do driver_of "$(virtual_function "$NVME" "$n")"; done | xargs)" \
	'vfio-pci vfio-pci null' 'nvme: drivers as asked for'
never_bound 'igbvf 0000:01:(10\.[024]|11)' "igb: the host's driver never had a VF but the one it was given"
never_bound 'nvme nvme[0-9]+: pci function 0000:02:00\.[1-9]' "nvme: the host's driver never had a VF"
is "$(cat "/sys/class/net/$(ls "$PCI/$(virtual_function "$IGB" 3)/net")/address")" \
	02:00:00:00:00:0b "igb: VF 3's interface has the address it was given"
does 'sriov' --json sriov
is "$(json '.devices[] | select(.address == "'"$IGB"'").functions[0].settings |
	"\(.mac) \(.vlan) \(.trust)"')" '02:00:00:00:00:0a 10 qos=3 off' 'sriov reads it back'
does 'once more' apply --yes sriov "$IGB=7" vf=0,mac=02:00:00:00:00:0a,vlan=10,qos=3 \
	vf=0-2,driver=vfio-pci
like "$out" 'already so' 'once more: nothing to do'

# With a VF in somebody's hands, the count stays.
vf=$(virtual_function "$IGB" 1)
sleep 3600 <>"$(group_node "$vf")" &
holder=$!
refused 'a VF held: another count' "$vf.*sleep \(pid $holder\)" apply --yes sriov "$IGB=2"
refused 'a VF held: no VFs' "$vf.*sleep \(pid $holder\)" apply --yes sriov "$IGB=0"
refused 'a VF held: rollback' "sleep \(pid $holder\)" rollback
does 'a VF held: its VLAN may change' apply --yes sriov "$IGB=7" vf=1,vlan=21
ip_says 1 'vlan 21' 'a VF held: its VLAN did change'
does 'a VF held: its VLAN as before' rollback
ip_says 1 'vlan 20' 'a VF held: its VLAN is as before'
kill "$holder"
wait "$holder" 2>/dev/null

# The driver of the PF says no: all is as before, and the cause is told.
refused 'a rate that igb cannot' 'vf-rate.*many know no minimum' \
	apply --yes sriov "$IGB=7" vf=4,vlan=30 vf=4,min-rate=10,max-rate=100
ip_says 4 'spoof checking on' 'a rate that igb cannot: the VLAN before it is undone'
refused 'a card without a switch' 'no switch of its own' apply --yes sriov "$IGB=7" eswitch=switchdev
refused 'interrupts that igb does not share out' 'vf-msix' apply --yes sriov "$IGB=7" vf=5,msix=2

replaced=$(ip_details)
drivers=$(for n in 0 1 2 3; do driver_of "$(virtual_function "$IGB" "$n")"; done | xargs)
does 'other VFs in their place' apply --yes sriov "$IGB=4"
ip_says 0 '00:00:00:00:00:00.*trust off' 'a VF made anew is as its driver makes it'
does 'the former VFs' rollback
is "$(ip_details)" "$replaced" 'VFs that others replaced have their addresses, VLANs and trust again'
is "$(for n in 0 1 2 3; do driver_of "$(virtual_function "$IGB" "$n")"; done | xargs)" "$drivers" \
	'... and their drivers'
does 'all undone' rollback
is "$(kernel_state)" "$before" 'all undone: as before'
is "$(ip_details)" "$links" 'all undone: no VF is left in what iproute2 tells'
does 'VFs for the host' apply --yes sriov "$IGB=2" autoprobe=1
is "$(driver_of "$(virtual_function "$IGB" 1)")" igbvf "VFs for the host: its driver has them"
does 'VFs for the host: undone' rollback
is "$(kernel_state)" "$before" 'VFs for the host: as before'
finish
