# SPDX-License-Identifier: GPL-2.0-or-later
# What a host declares itself to be, over the fake kernel: $FAKE is tests/fake/fake-viaduct.
load common

PF=0000:02:00.0
EDU=0000:03:00.0

setup() {
	make_fake_host
	file=$BATS_TEST_TMPDIR/host.yaml
}

teardown() {
	remove_fake_host
}

declare_both() {
	cat >"$file" <<-END
	sriov:
	  - {device: "$PF", vfs: 2}
	passthrough:
	  - {device: "$EDU", id: "1234:11e8"}
	END
}

@test "a declaration is made so once, then nothing is left to do, and it is undone exactly" {
	declare_both
	fake 0 plan --file "$file"
	unchanged
	fake 0 apply --yes --file "$file"
	fake 0 list --json
	json '.devices | map({(.address): .}) | add | .["'$PF'"].sriov.enabled == 2 and
		.["'$EDU'"].driver == "vfio-pci"'
	fake 0 apply --yes --file "$file"
	has 'nothing was to be done'
	fake 0 --json plan --file "$file"
	json '.actions == [] and .refused == []'
	fake 0 rollback
	unchanged
}

@test "a declaration says what each virtual function is to have" {
	cat >"$file" <<-END
	sriov:
	  - device: "0000:01:00.0"
	    vfs: 3
	    vf:
	      - {index: "0", mac: "02:00:00:00:00:01", vlan: 10, trust: true, driver: vfio-pci}
	      - {index: "1-2", max_rate: 100, spoofcheck: false}
	passthrough:
	  - {device: "$EDU"}
	END
	fake 0 apply --yes --file "$file"
	fake 0 --json sriov show 01:00.0
	json '.devices[0].functions | map([.driver, .settings.mac, .settings.vlan, .settings.trust,
		.settings.spoofchk, .settings.rate]) == [
		["vfio-pci", "02:00:00:00:00:01", "10", "on", "on", "min=0 max=0"],
		[null, "00:00:00:00:00:00", "none", "off", "off", "min=0 max=100"],
		[null, "00:00:00:00:00:00", "none", "off", "off", "min=0 max=100"]]'
	fake 0 apply --yes --file "$file"
	has 'nothing was to be done'
	fake 0 rollback
	unchanged
}

@test "a change by hand shows as what is left to do" {
	declare_both
	fake 0 apply --yes --file "$file"
	fake 0 release $EDU
	fake 0 --json plan --file "$file"
	json '[.actions[].target] | unique == ["'$EDU'", "vfio-pci"] or unique == ["'$EDU'"]'
}

@test "another card than the declared one is refused, and so is all that stands beside it" {
	cat >"$file" <<-END
	sriov: [{device: "$PF", vfs: 2}]
	passthrough: [{device: "$EDU", id: "10de:2684"}]
	END
	fake 3 --json plan --file "$file"
	json '.refused == [.refused[0]] and (.refused[0].why | contains("1234:11e8"))'
	fake 3 apply --yes --file "$file"
	says 'not what is declared'
	unchanged
}

@test "at boot each entry stands for itself, and what could not be done is told" {
	cat >"$file" <<-END
	sriov: [{device: "$PF", vfs: 2}]
	passthrough: [{id: "ffff:ffff"}, {device: "$EDU"}]
	END
	fake 3 apply --file "$file" --at-boot
	says 'no device here has all of these marks'
	fake 0 list --json
	json '.devices | map({(.address): .}) | add | .["'$PF'"].sriov.enabled == 2 and
		.["'$EDU'"].driver == "vfio-pci"'
	fake 3 --json apply --file "$file" --at-boot
	json '.schema == "viaduct.apply-at-boot/1" and (.changes | map(.done // false)) == [true, false, true]'
	fake 2 apply --at-boot passthrough $EDU
}

@test "at boot what shares a group is given away one by one" {
	printf 'passthrough: [{device: "0000:04:00.0"}, {device: "0000:04:00.1"}]\n' >"$file"
	fake 0 apply --file "$file" --at-boot
	fake 0 list --json --driver vfio-pci
	json '[.devices[].address] == ["0000:04:00.0", "0000:04:00.1"]'
	fake 0 rollback
	fake 0 rollback
	printf 'passthrough: [{device: "0000:04:00.0"}]\n' >"$file"
	fake 3 apply --file "$file" --at-boot
	says '0000:04:00.1 is in the same group'
}

@test "what the file says wrong is told with its place, and nothing is done" {
	printf 'sriov: [{device: "%s", vfs: 2}]\npasstrough: []\n' $PF >"$file"
	fake 3 apply --yes --file "$file"
	says 'Unexpected key: passtrough'
	unchanged
	fake 3 apply --yes --file "$BATS_TEST_TMPDIR/none.yaml"
	says 'No such file'
	fake 2 plan --file "$file" passthrough $EDU
}

# finding VERDICT [FILTER]: of devices.declared
finding() {
	run --separate-stderr "$FAKE" "$tree" --json check
	json '.findings[] | select(.id == "devices.declared") | .verdict == "'"$1"'" and ('"${2:-true}"')'
}

@test "check compares a host with what it declares" {
	finding skip
	mkdir -p "$tree/etc/viaduct"
	file=$tree/etc/viaduct/host.yaml
	declare_both
	finding warn '[.evidence[].path] | any(. == "sriov-count '$PF'")'
	fake 0 apply --yes --file "$file"
	finding pass
	fake 0 release $EDU
	finding warn
	printf 'passthrough: [{id: "ffff:ffff"}]\n' >"$file"
	finding fail
	printf 'pass: 1\n' >"$file"
	finding fail '.detail | contains("Unexpected key: pass")'
	rm "$file"
	mkdir "$file"
	finding unknown
}

@test "what drivers alone tell is compared where it can be, and nothing is done twice" {
	mkdir -p "$tree/etc/viaduct"
	file=$tree/etc/viaduct/host.yaml
	printf 'sriov: [{device: "0000:01:00.0", vfs: 2, vf: [{index: 0, msix: 4}]}]\n' >"$file"
	fake 0 apply --yes --file "$file"
	finding pass
	fake 0 apply --yes --file "$file"
	has 'the host is already so'
	fake 0 sriov set --yes 01:00.0 vf=0,msix=3
	finding warn '.evidence | map(.value) | index("3, declared: 4") != null'
	fake 0 plan --file "$file"
	has 'vf-msix 0000:01:10.0: 3 → 4'
	printf 'sriov: [{device: "0000:01:00.0", vfs: 2, eswitch: legacy}]\n' >"$file"
	fake 0 apply --yes --file "$file"
	has 'the host is already so'
	finding unknown
}

@test "check compares what the next boot is to have as well" {
	mkdir -p "$tree/etc/viaduct"
	file=$tree/etc/viaduct/host.yaml
	printf 'nested: yes\niommu: {mode: passthrough}\n' >"$file"
	finding warn '[.evidence[] | "\(.path): \(.value)"] |
		any(. == "file /etc/modprobe.d/viaduct-kvm.conf: (no file), declared: 45 bytes") and
		any(startswith("file /etc/default/grub.d/90-viaduct.cfg: (no file), declared: "))'
	echo 'nested: yes' >"$file"
	fake 4 apply --yes --file "$file"
	finding pass
	fake 4 rollback
	finding warn
}

@test "what several sections want on the kernel's line is one change of one file" {
	host=$BATS_TEST_TMPDIR/captured
	"$TESTS/hosts/make" intel-desktop "$host"
	mkdir -p "$host"/sys/devices/system/cpu "$host"/sys/kernel/mm/hugepages/hugepages-1048576kB
	for list in possible present online; do
		echo 0-7 >"$host/sys/devices/system/cpu/$list"
	done
	echo 0 >"$host/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages"
	cat >"$file" <<-END
	iommu: {mode: passthrough}
	cpus: {isolate: "2-3"}
	hugepages: [{size: 1G, count: 2}]
	END
	viaduct 0 --from "$host" --json plan --file "$file"
	json '.refused == [] and ([.actions[].kind] == ["file", "generate"]) and
		(.actions[0].diff | contains("quiet iommu=pt isolcpus=") and
			contains("hugepagesz=1G hugepages=2"))'
	printf 'hugepages: [{size: 1G, count: 2}, {size: 1G, count: 3}]\n' >"$file"
	viaduct 3 --from "$host" plan --file "$file"
	says 'entries 1 and 2 are the same'
}

@test "a declaration says how a held device is driven, reset and sleeps" {
	cat >"$file" <<-END
	passthrough:
	  - {device: "0000:01:00.0", driver: vfio-pci, reset: [pm, flr], d3cold: false}
	  - {device: "$EDU", reset: [none]}
	END
	fake 0 apply --yes --file "$file"
	[[ $(<"$tree/sys/bus/pci/devices/0000:01:00.0/reset_method") == 'pm flr' ]]
	[[ $(<"$tree/sys/bus/pci/devices/0000:01:00.0/d3cold_allowed") == 0 ]]
	[[ -z $(<"$tree/sys/bus/pci/devices/$EDU/reset_method") ]]
	fake 0 apply --yes --file "$file"
	has 'nothing was to be done'
	fake 0 apply --file "$file" --at-boot
	fake 0 rollback
	unchanged
	echo "passthrough: [{device: \"$EDU\", driver: nvme}]" >"$file"
	fake 3 apply --yes --file "$file"
	says 'nvme is no driver of VFIO'
}

@test "what another program makes at each boot is changed through it, or left to its owner" {
	mkdir -p "$tree/etc/driverctl.d" "$tree/etc/netplan"
	echo pci-stub >"$tree/etc/driverctl.d/pci-$EDU"
	printf '%s\n' network: '  ethernets:' '    eth0:' '      virtual-function-count: 4' \
		>"$tree/etc/netplan/01-lan.yaml"
	"$FAKE" --picture "$tree" >"$BATS_TEST_TMPDIR/before"
	echo "passthrough: [{device: \"$EDU\"}]" >"$file"
	fake 0 apply --yes --file "$file"
	has 'driverctl binds it at each boot, and is told the same'
	[[ $(<"$tree/etc/driverctl.d/pci-$EDU") == vfio-pci ]]
	fake 0 apply --yes --file "$file"
	has 'nothing was to be done'
	fake 0 rollback
	unchanged
	fake 0 plan passthrough --now $EDU
	has "driverctl gives $EDU to pci-stub again at each boot"
	echo 'sriov: [{device: "0000:01:00.0", vfs: 2}]' >"$file"
	fake 3 plan --file "$file"
	has 'netplan makes 4 virtual functions of it at each boot'
	[[ $(tr -s ' \n' ' ' <<<"$output") == *'virtual-function-count: 2 in /etc/netplan/01-lan.yaml, then netplan apply'* ]]
	fake 0 plan sriov 0000:01:00.0=2
	has 'netplan makes 4 virtual functions of 0000:01:00.0 again at each boot'
	echo 'sriov: [{device: "0000:01:00.0", vfs: 4}]' >"$file"
	fake 0 plan --file "$file"
}

@test "what other programs want of virtual functions is minded as that of whole devices" {
	mkdir -p "$tree/etc/driverctl.d" "$tree/etc/pve/qemu-server"
	echo igbvf >"$tree/etc/driverctl.d/pci-0000:01:10.2"
	echo 'sriov: [{device: "0000:01:00.0", vfs: 2, vf: [{index: 1, driver: vfio-pci}]}]' >"$file"
	fake 0 apply --yes --file "$file"
	has 'driverctl binds it at each boot, and is told the same'
	[[ $(<"$tree/etc/driverctl.d/pci-0000:01:10.2") == vfio-pci ]]
	printf 'onboot: 1\nhostpci0: 0000:01:10.2\n' >"$tree/etc/pve/qemu-server/101.conf"
	fake 0 plan sriov 0000:01:00.0=1
	[[ $(tr -s ' \n' ' ' <<<"$output") == *'0000:01:10.2 is given to VM 101 by'*'does not start'* ]]
	fake 0 plan sriov 0000:01:00.0=4
	lacks 'VM 101'
}

@test "a virtual function that is declared as well may be passed through from nothing" {
	printf '%s\n' '{sriov: [{device: "0000:01:00.0", vfs: 2}],' \
		' passthrough: [{device: "0000:01:10.2"}]}' >"$file"
	fake 0 apply --yes --file "$file"
	fake 0 list --json --driver vfio-pci
	json '[.devices[].address] == ["0000:01:10.2"]'
	fake 0 apply --yes --file "$file"
	has 'nothing was to be done'
	fake 0 rollback
	unchanged
	printf '%s\n' '{sriov: [{device: "0000:01:00.0", vfs: 1}],' \
		' passthrough: [{device: "0000:01:10.2"}]}' >"$file"
	fake 3 plan --file "$file"
	has 'no device here answers to that'
}

@test "what is held and stands in no entry any more is told" {
	echo "passthrough: [{device: \"$EDU\"}]" >"$file"
	fake 0 apply --yes --file "$file"
	lacks 'no entry declares it'
	echo "sriov: [{device: \"$PF\", vfs: 1}]" >"$file"
	fake 0 --json plan --file "$file"
	json '.risks | map(test("'$EDU' is held for guests .vfio-pci., and no entry declares it")) | any'
}

# clash TEXT WHY: that declaration is refused as a whole, and at boot each of both entries is
clash() {
	printf '%s\n' "$1" >"$file"
	fake 3 --json plan --file "$file"
	json --arg why "$2" 'any(.refused[]; .why | contains($why))'
	fake 3 apply --yes --file "$file"
	unchanged
	fake 3 apply --file "$file" --at-boot
	says "$2"
	unchanged
}

@test "two entries that want one function are refused, whatever they are told by" {
	clash 'sriov: [{device: "0000:01:00.0", vfs: 2}, {device: eth0, vfs: 3}]' \
		'entry 1 of sriov (0000:01:00.0) and entry 2 of sriov (eth0) are the same function'
	clash "passthrough: [{device: \"$EDU\"}, {id: \"1234:11e8\"}]" \
		"entry 1 of passthrough ($EDU) and entry 2 of passthrough (1234:11e8) are the same"
	clash "{sriov: [{device: \"$PF\", vfs: 2}], passthrough: [{device: \"$PF\"}]}" \
		"entry 1 of sriov ($PF) and entry 1 of passthrough ($PF) cannot both be"
	echo "{sriov: [{device: \"$PF\", vfs: 0}], passthrough: [{device: \"$PF\"}]}" >"$file"
	fake 0 plan --file "$file"
}

@test "more mediated devices than can be made are refused, and another's UUID" {
	build_host virtual-kinds
	local parent=0000:00:02.0 type=i915-GVTg_V5_4 uuid=00000000-2222-4333-8444-55555555555
	printf 'mediated:\n' >"$file"
	printf "  - {parent: \"$parent\", type: $type, uuid: ${uuid}%s}\n" 1 2 >>"$file"
	viaduct 0 --from "$host" plan --file "$file"
	printf "  - {parent: \"$parent\", type: $type, uuid: ${uuid}3}\n" >>"$file"
	viaduct 3 --from "$host" --json plan --file "$file"
	json '.refused | map(.why) == ["3 of type '$type' are wanted ('${uuid}1', '${uuid}2', '${uuid}3'), and 2 can be made"]'
	viaduct 3 --from "$host" plan mdev $parent=$type,${uuid}1 $parent=$type,${uuid}2 \
		$parent=$type,${uuid}3
	uuid=$(basename "$host"/etc/mdevctl.d/*/99999999-*)
	rm "$host"/etc/mdevctl.d/*/*
	mkdir -p "$host/etc/mdevctl.d/$parent"
	printf '{"mdev_type": "%s", "start": "auto"}' $type >"$host/etc/mdevctl.d/$parent/$uuid"
	viaduct 0 --from "$host" plan mdev $parent=$type,$uuid
	printf '{"mdev_type": "%s", "start": "auto"}' i915-GVTg_V5_8 \
		>"$host/etc/mdevctl.d/$parent/$uuid"
	viaduct 3 --from "$host" --json plan mdev $parent=$type,$uuid
	json '.refused[0].why == "mdevctl defines it otherwise: i915-GVTg_V5_8 on '$parent' (/etc/mdevctl.d/'$parent/$uuid')"'
	mkdir "$host/etc/mdevctl.d/0000:01:00.0"
	mv "$host/etc/mdevctl.d/$parent/$uuid" "$host/etc/mdevctl.d/0000:01:00.0/"
	viaduct 3 --from "$host" plan mdev $parent=i915-GVTg_V5_8,$uuid
	printf 'mediated: [{parent: "%s", type: i915-GVTg_V5_8, uuid: %s}]\n' $parent $uuid >"$file"
	viaduct 3 --from "$host" plan --file "$file"
	has 'mdevctl defines it otherwise'
}
