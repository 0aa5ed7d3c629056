# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the tests that run inside the emulated host: what is expected of findings, of
# refusals, and of the list against what the kernel and lspci say.
# shellcheck disable=SC2034,SC2154,SC2016 # status, out, err: tap.sh; $a is jq's

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/tap.sh"

readonly PCI=/sys/bus/pci/devices
readonly IGB=0000:01:00.0 NVME=0000:02:00.0 EDU=0000:03:00.0

# look_around STATUS: check, remembered for expect_finding and expect_layer
look_around() {
	via --json check
	ends "$1" 'check'
	findings=$out
}

# expect_finding ID VERDICT [REGEX]: REGEX is looked for in its detail and remedy
expect_finding() {
	local said
	said=$(jq -r --arg id "$1" '.findings[] | select(.id == $id) |
		"\(.verdict): \(.detail) -> \(.remedy.text)"' <<<"$findings")
	like "$said" "^$2: .*${3-}" "$1 is $2${3:+, and says why}"
}

# expect_layer LAYER VERDICT
expect_layer() {
	is "$(jq -r --arg layer "$1" '.layers[] | select(.layer == $layer).verdict' \
		<<<"$findings")" "$2" "layer $1: $2"
}

# has_keys TEXT FILTER KEY...: of the last output; FILTER may give many objects
has_keys() {
	local text=$1 filter=$2
	shift 2
	is "$(json "[$filter | (\$ARGS.positional - keys)] | add" -c --args "$@")" '[]' "$text"
}

# attribute FILE [OTHERWISE]: its one line into $value
attribute() {
	value=${2-null}
	[[ ! -r $1 ]] || read -r value <"$1" || true
}

# driver_of ADDRESS, and group_of: the link's last part, or null
driver_of() {
	basename "$(readlink "$PCI/$1/driver" || echo null)"
}

group_of() {
	basename "$(readlink "$PCI/$1/iommu_group" || echo null)"
}

virtual_function() { # PF N
	basename "$(readlink "$PCI/$1/virtfn$2")"
}

# The state that viaduct may change, told by the kernel alone.
kernel_state() {
	find "$PCI"/*/ -maxdepth 1 -type l -name driver -printf '%p %l\n' | sort
	grep -s . "$PCI"/*/{driver_override,sriov_numvfs,sriov_drivers_autoprobe}
	grep -o '^vfio[^ ]*' /proc/modules | sort
}

# kernel_facts: "ADDRESS FIELD VALUE" for each function, in the list's words
kernel_facts() {
	local device name field value path target
	declare -A links=()
	while read -r path target; do
		links[$path]=${target##*/}
	done < <(find "$PCI"/*/ -maxdepth 1 -type l -printf '%p %l\n')
	for device in "$PCI"/*; do
		name=${device##*/}
		printf '%s group %s\n' "$name" "${links[$device/iommu_group]-null}"
		printf '%s driver %s\n' "$name" "${links[$device/driver]-null}"
		printf '%s physfn %s\n' "$name" "${links[$device/physfn]-null}"
		attribute "$device/sriov_totalvfs" && printf '%s total %s\n' "$name" "$value"
		attribute "$device/sriov_numvfs" && printf '%s enabled %s\n' "$name" "$value"
		attribute "$device/reset_method" '' && printf '%s reset %s\n' "$name" "$value"
		attribute "$device/numa_node" && printf '%s numa_node %s\n' "$name" "$value"
		for field in vendor device class subsystem_vendor subsystem_device revision; do
			attribute "$device/$field" && printf '%s %s %s\n' "$name" "$field" "${value#0x}"
		done
	done
}

listed_facts() {
	json '.devices[] | "\(.address) \(
		"group \(.iommu_group)", "driver \(.driver)", "physfn \(.physfn)",
		"total \(.sriov.total)", "enabled \(.sriov.enabled)",
		"reset \(.reset | join(" "))", "numa_node \(.numa_node)",
		"vendor \(.vendor)", "device \(.device)", "class \(.class)",
		"subsystem_vendor \(.subsystem_vendor)",
		"subsystem_device \(.subsystem_device)", "revision \(.revision)")"'
}

kernel_groups() {
	local group
	for group in /sys/kernel/iommu_groups/*; do
		[[ ! -e $group ]] || printf '%s %s\n' "${group##*/}" "$(ls -x -w 0 "$group/devices")"
	done | sort -n | tr -s ' '
}

lspci_ids() {
	lspci -nD | sed -E 's/^([^ ]+) (....): (....):(....).*/\1 \2 \3 \4/'
}

lspci_capabilities() {
	lspci -vvD 2>/dev/null | awk '/^[0-9a-f]/ { device = $1 }
		match($0, /^\tCapabilities: \[[0-9a-f]+/) {
			print device, substr($0, RSTART + 16, RLENGTH - 16) }' | sort
}

# expect_list_of_kernel: every fact of the list is the kernel's, or lspci's
expect_list_of_kernel() {
	local field kernel listed
	via --json list
	ends 0 'list'
	kernel=$(kernel_facts)
	listed=$(listed_facts)
	for field in group driver physfn total enabled reset numa_node vendor device class \
		subsystem_vendor subsystem_device revision; do
		is "$(grep " $field " <<<"$listed")" "$(grep " $field " <<<"$kernel")" \
			"list: $field of each function is the kernel's"
	done
	is "$(json '.groups[] | "\(.id) \(.devices | join(" "))"')" "$(kernel_groups)" \
		'list: the groups and their members are the kernel'\''s'
	is "$(json '.devices[] | "\(.address) \(.class[0:4]) \(.vendor) \(.device)"')" \
		"$(lspci_ids)" "list: identities are lspci's"
	is "$(json '.devices[] | .address as $a | .capabilities[] |
		"\($a) \(.offset | ltrimstr("0x") | if startswith("0") then .[1:] else . end)"' |
		sort)" "$(lspci_capabilities)" "list: offsets of capabilities are lspci's"
}

# refused TEXT REGEX ARG...: viaduct ARG... ends with 3, says why, and changes nothing
refused() {
	local text=$1 regex=$2 before
	shift 2
	before=$(kernel_state)
	via "$@"
	ends 3 "$text: refused"
	like "$err" "$regex" "$text: says why"
	is "$(kernel_state)" "$before" "$text: nothing changed"
}

# group_node ADDRESS
group_node() {
	printf '/dev/vfio/%s' "$(group_of "$1")"
}

# rungs: of the last proof, "driver:pass open:pass …"
rungs() {
	json '[.rungs[] | "\(.rung):\(.verdict)"] | join(" ")'
}
