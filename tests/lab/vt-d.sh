# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# A host where all is on: every fact is the kernel's, also for who may not read all of them.
# boot: --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

look_around 0
has_keys 'check: the keys of the contract' . schema host layers findings summary
has_keys 'check: the keys of each finding' '.findings[]' id layer verdict title evidence remedy source
for layer in firmware kernel devices; do
	expect_layer "$layer" pass
done
expect_finding firmware.cpu-virtualization pass
expect_finding firmware.iommu-table pass DMAR
expect_finding firmware.interrupt-remapping pass
expect_finding firmware.sriov-room pass '2 devices'
expect_finding kernel.kvm pass kvm_amd
expect_finding iommu.in-use pass '1 unit, 11 groups'
expect_finding iommu.interrupt-remapping pass
expect_finding kernel.vfio pass
expect_finding devices.acs pass
expect_finding devices.groups pass
as_root=$findings

expect_list_of_kernel
listed=$out
is "$(json .schema)" viaduct.list/1 'list: its schema'
is "$(json .iommu -c)" '{"active":true,"units":["dmar0"]}' 'list: the IOMMU is active'
has_keys 'list: the keys of each device' '.devices[]' address vendor device class \
	subsystem_vendor subsystem_device revision names driver modules iommu_group \
	predicted_group numa_node physfn virtfns sriov reset capabilities bars boot_vga in_use
has_keys 'list: the keys of each group' '.groups[]' id devices viable blockers why
has_keys 'list: the keys of sriov' '.devices[].sriov | values' total enabled offset stride vf_device

every_address=$(json '.devices[].address')
# names_all TEXT ARG...
names_all() {
	local text=$1
	shift
	does "$text" "$@"
	is "$(grep -oE '^[^0-9]*[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]' <<<"$out" |
		grep -oE '[0-9a-f]{4}:.*' | sort)" "$every_address" "$text: names every function once"
}
names_all 'list' list
names_all 'list --tree' list --tree
names_all 'list --groups' list --groups
names_all 'list -o' list -o address,ids,group,driver,vfs,use,reset,numa,slot,class,name
does 'list --class' list --class nvme
like "$out" "$NVME" 'list --class: the NVMe controller'
is "$(wc -l <<<"$out")" 2 'list --class: nothing else'
does 'show' show "$IGB"
like "$out" '0x160 sriov' 'show: capabilities'
does 'show by name of interface' --json show eth0
is "$(json .device.address)" "$IGB" 'show by name of interface: the right device'

via_as_user --json list
ends 5 'an ordinary user: list could not tell all'
like "$err" 'could not be told' 'an ordinary user: list says so on standard error'
is "$(json '[.devices[] | select(.capabilities == []) | .address]' -c)" \
	"$(jq -c '[.devices[] | select(.capabilities == []) | .address]' <<<"$listed")" \
	'an ordinary user: no capabilities are made up to be none'
is "$(json '[.devices[].capabilities | values | length] | add')" 0 \
	'an ordinary user: capabilities are null'
is "$(jq -c -n --argjson root "$listed" --argjson user "$out" '
	[range($root.devices | length) as $i | $root.devices[$i] | keys[] |
	select(. != "unknown" and . != "predicted_why") | . as $k |
	select($user.devices[$i][$k] != null and $user.devices[$i][$k] != $root.devices[$i][$k]) |
	"\($root.devices[$i].address) \($k)"]')" '[]' 'an ordinary user: what is told is what root is told'
is "$(json '[.devices[] | select(.capabilities == null) | .unknown[] |
	select(.key == "capabilities").errno] | unique' -c)" '["EACCES"]' \
	'an ordinary user: why capabilities are null'
via_as_user --json check
ends 5 'an ordinary user: check could not tell all'
findings=$out
is "$(jq -c -n --argjson root "$as_root" --argjson user "$out" '
	[$root.findings[] as $r | $user.findings[] | select(.id == $r.id) |
	select(.verdict != $r.verdict and .verdict != "unknown") |
	select((.verdict == "skip" and (.detail | test("kernel\\.log"))) | not) |
	select(.id != "kernel.memlock").id]')" '[]' \
	'an ordinary user: a verdict is as for root, or unknown'
expect_finding kernel.kvm unknown 'Run as root'
expect_finding firmware.iommu unknown 'Run as root'
expect_finding devices.acs unknown 'Run as root'
expect_finding iommu.in-use pass
via_as_user apply --yes passthrough --now "$EDU"
ends 3 'an ordinary user: changes nothing'
like "$err" 'root' 'an ordinary user: is told to be root'
finish
