# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# Root ports without ACS: what is behind one of them is one group.
# boot: --topology no-acs
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

look_around 0
expect_layer devices warn
expect_finding devices.acs warn 'no ACS.*0000:00:01.0.*pcie_acs_override isolates nothing'
like "$(jq -r '.findings[] | select(.id == "devices.acs").evidence[] | "\(.path) \(.value)"' \
	<<<"$findings")" '0000:00:01.0/config no ACS capability' 'devices.acs: the evidence'
expect_list_of_kernel
does 'list --groups' list --groups
like "$out" 'port 0000:00:01.0 joins what is behind it: no ACS' 'list --groups: why'

does 'a virtual function is made' apply --yes sriov "$IGB=2"
vf=$(virtual_function "$IGB" 0)
expect_list_of_kernel
is "$(group_of "$vf")" "$(group_of "$IGB")" \
	'the kernel puts a VF and its PF into one group'
like "$(json '.groups[] | select(.devices | index($pf)) | .devices | join(" ")' --arg pf "$IGB")" \
	"$vf" 'list: so does the list'
refused 'passthrough of one VF' "$vf: $IGB is in the same group .* belongs to the host's driver igb" \
	apply --yes passthrough "$vf"
refused 'bind of one VF' "$IGB is in the same group" bind "$vf"
# Bound behind viaduct's back: the group is as it is, and what is in it counts
modprobe vfio-pci
echo vfio-pci >"$PCI/$vf/driver_override"
echo "$vf" >/sys/bus/pci/drivers/vfio-pci/bind
refused 'a proof of one VF' "group .* also holds $IGB, bound to igb" prove "$vf"
echo "$vf" >/sys/bus/pci/drivers/vfio-pci/unbind
echo >"$PCI/$vf/driver_override"
does 'the host is as before' rollback
finish
