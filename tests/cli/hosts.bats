# SPDX-License-Identifier: GPL-2.0-or-later
# Captured hosts, and what viaduct makes of each. hosts/expected declares the findings.
load common

setup_file() {
	export HOSTS=$BATS_FILE_TMPDIR
	python3 "$TESTS/hosts/make" --all "$HOSTS"
}

# expected HOST: "ID VERDICT" lines
expected() {
	awk -v host="$1" '/^#/ || !NF { next }
		/^[^\t]/ { here = $1 == host; next }
		here { for (i = 2; i <= NF; i++) print $i, $1 }' "$TESTS/hosts/expected" | sort
}

check_host() {
	local status_wanted
	status_wanted=$(awk -v host="$1" '$1 == host { print $2 }' "$TESTS/hosts/expected")
	viaduct "$status_wanted" --from "$HOSTS/$1" --json check
	[[ $(expected "$1" | wc -l) -gt 10 ]]
	diff -u <(expected "$1") <(jq -r '.findings[] | "\(.id) \(.verdict)"' <<<"$output" |
		awk 'NR == FNR { wanted[$1]; next } $1 in wanted' <(expected "$1") - | sort)
	json_each '.schema == "viaduct.check/1" and (.host | type == "object")' \
		'[.layers[].layer] == ["firmware", "kernel", "devices"]' \
		'[.layers[].verdict, .findings[].verdict] - ["pass", "warn", "fail", "unknown", "skip"]
		== []' \
		'.findings | all(has("id") and has("layer") and has("title") and has("source") and
		(.evidence | type == "array") and
		(.evidence | all(has("path") and has("value") and has("errno"))) and
		(.remedy == null or (.remedy.kind | . == "goal" or . == "manual")))' \
		'. as $all | .summary | to_entries | all(. as $row |
		[$all.findings[] | select(.verdict == $row.key)] | length == $row.value)' \
		'.findings | map(select(.verdict == "fail")) | all(.remedy.text != null)' \
		'.findings | map(select(.verdict == "unknown")) | all(.evidence | length > 0)'
}

list_host() {
	viaduct "${2-0}" --from "$HOSTS/$1" --json list
	json_each '.schema == "viaduct.list/1" and (.iommu | has("active") and has("units"))' \
		'(.devices // []) | all((keys | contains(["address", "vendor", "device", "class",
		"subsystem_vendor", "subsystem_device", "revision", "names", "driver", "modules",
		"iommu_group", "predicted_group", "numa_node", "physfn", "virtfns", "sriov", "reset",
		"capabilities", "bars", "boot_vga", "in_use"])) and
		(.names | has("vendor") and has("device") and has("class")))' \
		'(.devices // []) | all((.vendor | test("^[0-9a-f]{4}$")) and
		(.class | test("^[0-9a-f]{6}$")) and (.numa_node | type == "number"))' \
		'(.groups // []) | all((keys | contains(["id", "devices", "viable", "blockers", "why"]))
		and (.viable or .blockers != [] or .why != null))'
}

@test "expectations and generator name the same hosts" {
	diff <(python3 "$TESTS/hosts/make" --list | sort) \
		<(awk '!/^#/ && /^[^\t]/ { print $1 }' "$TESTS/hosts/expected" | sort)
}

@test "check: intel-desktop" { check_host intel-desktop; }
@test "check: amd-desktop-ivrs-off" { check_host amd-desktop-ivrs-off; }
@test "check: intel-off-in-kernel" { check_host intel-off-in-kernel; }
@test "check: amd-svm-off-in-firmware" { check_host amd-svm-off-in-firmware; }
@test "check: vmd-domain" { check_host vmd-domain; }
@test "check: guest-without-iommu" { check_host guest-without-iommu; }
@test "check: guest-with-virtio-iommu" {
	check_host guest-with-virtio-iommu
	json '.findings[] | select(.id == "iommu.in-use") |
		.detail | contains("describes virtio-iommu")'
	viaduct 3 --from "$HOSTS/guest-with-virtio-iommu" --json plan iommu
	json '.refused[0].why | contains("in the table VIOT")'
}
@test "check: s390-guest" { check_host s390-guest; }
@test "check: arm-server" { check_host arm-server; }
@test "check: arm-guest" { check_host arm-guest; }
@test "check: noiommu-group" { check_host noiommu-group; }
@test "check: grub-configured-not-booted" { check_host grub-configured-not-booted; }
@test "check: proxmox-systemd-boot" { check_host proxmox-systemd-boot; }
@test "check: unprivileged-capture" { check_host unprivileged-capture; }
@test "check: empty-directory" { check_host empty-directory; }
@test "check: sriov-host" { check_host sriov-host; }
@test "check: twin-gpus" { check_host twin-gpus; }
@test "check: storage-server" { check_host storage-server; }
@test "check: trouble-in-log" { check_host trouble-in-log; }
@test "check: log-without-beginning" { check_host log-without-beginning; }
@test "check: log-not-captured" { check_host log-not-captured; }
@test "check: log-forbidden" {
	check_host log-forbidden
	json '.findings[] | select(.id == "kernel.log") | (.evidence[0].errno == "EPERM") and
		(.remedy.text | contains("dmesg_restrict"))'
}
@test "check: iommu-gave-up" { check_host iommu-gave-up; }
@test "check: iommu-asked-in-vain" {
	check_host iommu-asked-in-vain
	json '.findings | map({(.id): .remedy.text}) | add |
		(.["iommu.in-use"] | contains("was told to drive VT-d") and
		(contains("Add intel_iommu=on") | not)) and
		(.["iommu.log"] | contains("not the cause"))'
}
@test "check: log-of-another-kernel" { check_host log-of-another-kernel; }
@test "check: reserved-card" { check_host reserved-card; }
@test "check: amd-without-ioapic" { check_host amd-without-ioapic; }
@test "check: amd-reserved" { check_host amd-reserved; }
@test "check: locked-down-dkms" { check_host locked-down-dkms; }
@test "check: vt-x-locked-off" { check_host vt-x-locked-off; }
@test "check: nested-guest" { check_host nested-guest; }
@test "check: sriov-cramped" { check_host sriov-cramped; }

@test "check: the IOMMU a guest is to be given is one that QEMU starts with" {
	viaduct 1 --from "$HOSTS/guest-without-iommu" --json check
	json '.findings[] | select(.id == "firmware.iommu-table") | .remedy.text |
		contains("-machine q35,kernel-irqchip=split -device intel-iommu,intremap=on")'
}

@test "check: a region's owner, a guest's hypervisor and a register by their names" {
	viaduct 0 --from "$HOSTS/reserved-card" --json check
	json '.findings[] | select(.id == "firmware.reserved-regions") | .detail |
		contains("0000:03:00.0")'
	viaduct 0 --from "$HOSTS/nested-guest" --json check
	json '.findings[] | select(.id == "firmware.hypervisor") | .detail | contains("KVM")'
	viaduct 1 --from "$HOSTS/vt-x-locked-off" --json check
	json '.findings[] | select(.id == "firmware.cpu-virtualization") | .evidence |
		any(.path == "answer" and (.value | contains("locked")))'
	json '.findings[] | select(.id == "firmware.cpu-virtualization") | .remedy.text |
		contains("ASUS usually")'
}

@test "show: what firmware says of a device" {
	viaduct 0 --from "$HOSTS/reserved-card" --json show 03:00.0
	json '.firmware.unit == "DRHD at 0xfed90000" and .firmware.relaxable == false and
		(.firmware.reserved_region | startswith("RMRR 0x7b000000"))'
	viaduct 0 --from "$HOSTS/reserved-card" --json show 01:00.1
	json '.firmware.slot == "PCIEX16_1" and .firmware.slot_lanes == 16 and
		.firmware.reserved_region == null'
	viaduct 0 --from "$HOSTS/reserved-card" show 00:02.0
	[[ $output == *"for graphics alone"* ]]
}

@test "check: intel-tuned" { check_host intel-tuned; }
@test "check: intel-misconfigured" { check_host intel-misconfigured; }
@test "check: cloud-kernel" { check_host cloud-kernel; }
@test "check: iommufd-only" { check_host iommufd-only; }

@test "check: three tenses of a module's options" {
	viaduct 1 --from "$HOSTS/intel-misconfigured" check -v
	has 'sets nested of kvm_intel to 0, and it is at work'
	has 'snd_hda_intel is built into this'
	has 'is no character device'
	has '10de:2684 (proc/cmdline) is 0000:01:00.0, and nouveau has it'
	has 'BOOTFB holds BAR 0 of 0000:04:00.0'
}

@test "check: how this kernel has each driver" {
	viaduct 0 --from "$HOSTS/iommufd-only" check -v
	has 'module vhost_net = a module of this kernel whose file is not installed'
	has 'module vfio_pci = module available, not loaded'
	has 'module vhost_scsi = absent from this kernel'
	viaduct 5 --from "$HOSTS/intel-tuned" check -v
	has 'module vfio_pci = module loaded'
}
@test "check: initramfs-without-options" { check_host initramfs-without-options; }
@test "check: initramfs-ready" { check_host initramfs-ready; }
@test "check: initramfs-unordered" { check_host initramfs-unordered; }
@test "check: initramfs-damaged" { check_host initramfs-damaged; }
@test "check: two-loaders" { check_host two-loaders; }
@test "check: fedora-bls" { check_host fedora-bls; }
@test "check: arch-captured" { check_host arch-captured; }
@test "check: unified-image" { check_host unified-image; }
@test "check: grub-on-lvm" { check_host grub-on-lvm; }

@test "a bare viaduct is check" {
	viaduct 1 --from "$HOSTS/amd-desktop-ivrs-off"
	has 'firmware.iommu-table'
	has 'What to do next'
}

@test "check names the switch in the setup menu, and the command line" {
	viaduct 1 --from "$HOSTS/amd-desktop-ivrs-off" check
	has 'IOMMU'
	viaduct 1 --from "$HOSTS/amd-svm-off-in-firmware" check
	has 'SVM Mode'
	viaduct 1 --from "$HOSTS/intel-off-in-kernel" check
	has 'intel_iommu=on'
	viaduct 0 --from "$HOSTS/proxmox-systemd-boot" check
	has 'etc/kernel/cmdline'
	has 'proxmox-boot-tool refresh'
}

@test "-q keeps to what is not right, -v gives the evidence of all" {
	viaduct 1 --from "$HOSTS/intel-off-in-kernel" -q check
	has 'iommu.in-use'
	lacks 'kernel.kvm'
	local quiet=${#output}
	viaduct 1 --from "$HOSTS/intel-off-in-kernel" check
	local plain=${#output}
	viaduct 1 --from "$HOSTS/intel-off-in-kernel" check -v
	has 'source: '
	((quiet < plain && plain < ${#output}))
}

@test "list: every host, its keys" {
	local name
	for name in $(python3 "$TESTS/hosts/make" --list); do
		case $name in
		unprivileged-capture | empty-directory) list_host "$name" 5 ;;
		*) list_host "$name" ;;
		esac
	done
}

@test "list: active is true, false or null" {
	viaduct 0 --from "$HOSTS/intel-desktop" list --json
	json '.iommu == {"active": true, "units": ["dmar0", "dmar1"]}'
	viaduct 0 --from "$HOSTS/intel-off-in-kernel" list --json
	json '.iommu == {"active": false, "units": []} and .groups == []'
	viaduct 5 --from "$HOSTS/empty-directory" list --json
	json '.iommu == {"active": null, "units": null} and .devices == null and .groups == null'
	says 'could not be told'
}

@test "list: null where it could not be told, an empty list where there is none" {
	viaduct 5 --from "$HOSTS/unprivileged-capture" list --json
	json '.devices[] | select(.address == "0000:01:00.0") | .capabilities == null and
		.modules == null and .in_use == [] and .virtfns == [] and .sriov.total == 8 and
		([.unknown[].key] | contains(["capabilities", "modules"]))'
	viaduct 0 --from "$HOSTS/sriov-host" list --json
	json '.devices[] | select(.address == "0000:01:00.0") |
		(.capabilities | map(.id)) == ["pm", "pcie"] and .reset == ["flr", "bus"]'
}

@test "list: the modules that claim a device, by the text files of its kernel" {
	viaduct 0 --from "$HOSTS/intel-desktop" list --json
	json '.devices | map({(.address): .modules}) | add |
		.["0000:01:00.0"] == ["nouveau", "nvidia_made_up"] and
		.["0000:02:00.0"] == ["nvme"] and .["0000:03:00.0"] == []'
}

@test "list: physical and virtual functions" {
	viaduct 0 --from "$HOSTS/sriov-host" list --json
	json '.devices[] | select(.address == "0000:01:00.0") |
		.virtfns == ["0000:01:10.0", "0000:01:10.2"] and .sriov.total == 7 and
		.sriov.enabled == 2 and .sriov.offset == 128 and .sriov.stride == 2 and
		.sriov.vf_device == "10ca"'
	json '.devices[] | select(.address == "0000:01:10.0") |
		.physfn == "0000:01:00.0" and .driver == "vfio-pci" and .sriov == null'
	json '.devices[] | select(.address == "0000:01:10.2") | .driver == null'
	viaduct 0 --from "$HOSTS/sriov-host" list -o address,vfs
	has '0000:01:00.0  2/7'
}

@test "list: why a group cannot go" {
	viaduct 0 --from "$HOSTS/intel-desktop" list --json
	json '.groups[] | select(.id == 2) | .viable == false and
		.blockers == ["0000:01:00.0", "0000:01:00.1"] and (.why | length > 0)'
	json '.groups[] | select(.id == 1) | .viable and .blockers == []'
}

@test "list: what the host would miss" {
	viaduct 0 --from "$HOSTS/intel-desktop" list --json
	json '.devices[] | select(.address == "0000:02:00.0") | .in_use[0] |
		.by == "mount" and (.what | test("is mounted on /"))'
	json '.devices[] | select(.address == "0000:03:00.0") | .in_use[0].by == "net"'
	json '.devices[] | select(.address == "0000:00:02.0") | .boot_vga and
		.in_use[0].by == "display"'
	json '.devices[] | select(.address == "0000:01:00.0") | .in_use == []'
}

# holder ADDRESS SEVERITY REGEX: of the last output
holder() {
	json '.devices[] | select(.address == "'"$1"'").in_use | any(.severity == "'"$2"'" and
		(.what | test("'"$3"'")) and (.loses | length > 0))'
}

@test "list: what is stacked on a disk, what a bridge carries, the only screen and keyboard" {
	viaduct 0 --from "$HOSTS/storage-server" list --json
	holder 0000:00:1f.2 in-use 'sda1 is part of md0 .array, raid1.$'
	holder 0000:00:1f.2 in-use 'md0 is part of dm-0 .volume group vg0, logical volume root.$'
	holder 0000:00:1f.2 in-use 'md0 is part of dm-1 .volume group vg0, logical volume swap-1.$'
	holder 0000:00:1f.2 vital 'dm-0 is mounted on /$'
	holder 0000:00:1f.2 vital 'dm-1 is used for swap$'
	holder 0000:04:00.0 in-use 'sdc1 is part of the ZFS pool tank$'
	holder 0000:05:00.0 vital 'enp5s0 carries the default route .through br0.$'
	holder 0000:05:00.0 vital 'enp5s0 carries an SSH session$'
	holder 0000:05:00.0 in-use 'enp5s0 is part of br0$'
	holder 0000:00:02.0 in-use 'a screen on HDMI-A-1'
	holder 0000:00:02.0 vital 'no other display'
	holder 0000:00:14.0 vital 'the only keyboard hangs on it .Made-up Keyboard.$'
	json '.devices[] | select(.address == "0000:00:1f.2") | .in_use[0].severity == "vital" and
		.block == ["sda", "sdb"]'
	json '.devices[] | select(.address == "0000:00:1f.0") | .in_use == []'
}

@test "show: who uses it, what the host would lose, how to insist" {
	viaduct 0 --from "$HOSTS/storage-server" show 0000:00:1f.2
	has 'used by       dm-0 is mounted on /'
	has 'would lose    its root file system'
	has 'force --force'
	viaduct 0 --from "$HOSTS/storage-server" show --json 0000:00:1f.2
	json '.loss.severity == "vital" and (.loss.would_lose | length > 2)'
	viaduct 0 --from "$HOSTS/storage-server" show --json 0000:00:1f.0
	json '.loss == {"severity": "idle", "would_lose": []}'
}

@test "list: five-digit domains" {
	viaduct 0 --from "$HOSTS/vmd-domain" list --json
	json '[.devices[].address] | contains(["10000:e0:06.0", "10000:e1:00.0"])'
	json '.devices[] | select(.address == "10000:e1:00.0") | .parent == "10000:e0:06.0"'
	viaduct 0 --from "$HOSTS/vmd-domain" show 10000:e1:00.0
	has 'nvme'
	viaduct 0 --from "$HOSTS/vmd-domain" show nvme0n1
	has '10000:e1:00.0'
	viaduct 3 --from "$HOSTS/vmd-domain" show e1:00.0
}

@test "list: a group that VFIO made without an IOMMU is not for guests" {
	viaduct 0 --from "$HOSTS/noiommu-group" list --json
	json '.iommu.active == false and .groups[0].id == 17 and .groups[0].viable == false'
	viaduct 0 --from "$HOSTS/noiommu-group" list --assignable -o address
	lacks 0000:00:05.0
	rm "$HOSTS/noiommu-group/sys/bus/pci/devices/0000:00:05.0/driver"
	viaduct 3 --from "$HOSTS/noiommu-group" plan passthrough 00:05.0
	has 'no IOMMU translates it'
}

@test "list: filters" {
	viaduct 0 --from "$HOSTS/intel-desktop" list --json --class gpu
	json_text '[.devices[].address] | join(" ")' '0000:00:02.0 0000:01:00.0'
	viaduct 0 --from "$HOSTS/intel-desktop" list --json --class 0403
	json_text '[.devices[].address] | join(" ")' '0000:01:00.1'
	viaduct 0 --from "$HOSTS/intel-desktop" list --json --group 2
	json_text '[.devices[].address] | join(" ")' '0000:01:00.0 0000:01:00.1'
	json '[.groups[].id] == [2]'
	viaduct 0 --from "$HOSTS/intel-desktop" list --json --driver nvme
	json_text '[.devices[].address] | join(" ")' '0000:02:00.0'
	viaduct 0 --from "$HOSTS/sriov-host" list --json --driver none
	json_text '[.devices[].address] | join(" ")' '0000:01:10.2'
	viaduct 0 --from "$HOSTS/sriov-host" list --json --assignable
	json_text '[.devices[].address] | join(" ")' '0000:01:10.0 0000:01:10.2'
	viaduct 0 --from "$HOSTS/intel-desktop" list --tree --class nvme
	has '└ 0000:02:00.0'
	lacks 0000:01:00.0
	viaduct 0 --from "$HOSTS/intel-desktop" list --groups --class gpu
	has 'group 2'
	lacks 'group 4'
}

@test "a function that VFIO has and that sleeps is not called free" {
	build_host sriov-host
	local device=$host/sys/bus/pci/devices/0000:01:10.0
	echo D3hot >"$device/power_state"
	viaduct 0 --from "$host" list --assignable -o address
	has 0000:01:10.0
	echo 1 >"$device/enable"
	viaduct 0 --from "$host" list --assignable -o address
	lacks 0000:01:10.0
	viaduct 0 --from "$host" list --json
	json '.devices[] | select(.address == "0000:01:10.0") | .in_use == null'
}

@test "list: columns, and a name that is none" {
	viaduct 0 --from "$HOSTS/twin-gpus" list -o address,driver
	[[ ${lines[0]} == "ADDRESS       DRIVER" ]]
	viaduct 2 --from "$HOSTS/twin-gpus" list -o address,colour
	says 'columns are'
}

@test "devices by address, ids, class, name and slot" {
	local name
	for name in 0000:01:00.0 01:00.0 10de:2684; do
		viaduct 0 --from "$HOSTS/intel-desktop" show "$name" --json
		json '.schema == "viaduct.show/1" and .device.address == "0000:01:00.0"'
	done
	for name in nvme nvme0n1 nvme0; do
		viaduct 0 --from "$HOSTS/intel-desktop" show "$name" --json
		json_text .device.address 0000:02:00.0
	done
	for name in nic enp3s0 3; do
		viaduct 0 --from "$HOSTS/intel-desktop" show "$name" --json
		json_text .device.address 0000:03:00.0
	done
	viaduct 0 --from "$HOSTS/intel-desktop" show audio --json
	json_text .device.address 0000:01:00.1
}

@test "firmware: an IOMMU that is driven was told of, by a table or not" {
	build_host intel-desktop
	rm "$host/sys/firmware/acpi/tables/DMAR"
	viaduct 0 --from "$host" --json check
	json '.findings[] | select(.id == "firmware.iommu-table") | .verdict == "pass" and
		(.detail | contains("the kernel drives 2 units"))'
}

@test "firmware: a processor whose file was not read is not one of another kind" {
	build_host intel-desktop
	rm -r "$host/.viaduct" "$host/proc/cpuinfo"
	viaduct 5 --from "$host" --json check
	json '.findings[] | select(.id == "firmware.cpu-virtualization") | .verdict == "unknown" and
		(.detail | contains("proc/cpuinfo") and contains("could not be read")) and
		(.evidence | any(.path == "proc/cpuinfo" and .errno == "ENODATA"))'
	json '.findings[] | select(.id == "iommu.interrupt-remapping") | .verdict == "pass" and
		(.evidence | any(.path == "proc/interrupts" and .value == "IR- controllers"))'
	: >"$host/proc/cpuinfo"
	viaduct 5 --from "$host" --json check
	json '.findings[] | select(.id == "iommu.interrupt-remapping") | .verdict == "pass"'
	viaduct 1 --from "$HOSTS/arm-server" --json check
	json '.findings[] | select(.id == "firmware.cpu-virtualization") |
		.evidence | any(.path == "proc/cpuinfo: flags" and .value == "(not there)")'
}

@test "devices: two matches or none are refused, with what to do" {
	viaduct 3 --from "$HOSTS/twin-gpus" show 10de:2684
	says '2 devices answer to that (name one by its address: 0000:01:00.0 0000:02:00.0)'
	viaduct 3 --from "$HOSTS/twin-gpus" show gpu
	viaduct 3 --from "$HOSTS/intel-desktop" show gpu
	says '2 devices answer to that (name one by its address: 0000:00:02.0 0000:01:00.0)'
	viaduct 3 --from "$HOSTS/twin-gpus" show eth7
	says 'no device here answers to that'
	viaduct 3 --from "$HOSTS/twin-gpus" show 0000:09:00.0
	viaduct 3 --from "$HOSTS/empty-directory" show 0000:01:00.0
	says 'could not be read'
	viaduct 3 --from "$HOSTS/twin-gpus" --json show eth7
	json '.error.code == "ENODEV" and (.error.message | length > 0) and (.error | has("hint"))'
}

@test "show: group and why, use, capabilities" {
	viaduct 0 --from "$HOSTS/intel-desktop" show 01:00.0
	has 'group         2'
	has 'why '
	has '0000:01:00.1 (snd_hda_intel): blocks the group'
	has '0x050 pcie'
	viaduct 5 --from "$HOSTS/unprivileged-capture" show 01:00.0
	has 'only root may read'
}

@test "plan: keys, order, and nothing changed" {
	viaduct 0 --from "$HOSTS/intel-desktop" --json plan passthrough 01:00.0 01:00.1
	json '.schema == "viaduct.plan/1" and (.id | length > 0) and .refused == [] and
		.reboot_needed == false'
	json '.actions | all(has("n") and has("kind") and has("target") and has("expected") and
		has("wanted") and has("effect") and has("undo") and has("diff"))'
	json '[.actions[].n] == [range(1; 1 + (.actions | length))]'
	json '[.actions[].kind] == ["module", "driver", "driver-override", "driver",
		"driver", "driver-override", "driver"]'
	json '.actions | last | .wanted == "vfio-pci" and .target == "0000:01:00.1"'
	json '.actions | all(.effect == "now" and .undo == "now")'
	local id
	id=$(jq -r .id <<<"$output")
	viaduct 0 --from "$HOSTS/intel-desktop" --json plan passthrough 01:00.0 01:00.1
	json_text .id "$id"
}

@test "plan: what the host must not lose is refused, with the reason" {
	viaduct 3 --from "$HOSTS/intel-desktop" --json plan passthrough 02:00.0
	json '.actions == [] and (.refused[0].why | test("mounted on /"))'
	viaduct 3 --from "$HOSTS/intel-desktop" --json plan passthrough 03:00.0
	json 'any(.refused[]; .why | test("enp3s0 is up"))'
	viaduct 3 --from "$HOSTS/intel-desktop" --json plan passthrough 00:02.0
	json '.refused[0].why | test("display")'
	viaduct 3 --from "$HOSTS/intel-desktop" --json plan passthrough 01:00.0
	json '.refused[0].why | test("0000:01:00.1 is in the same group 2")'
	viaduct 3 --from "$HOSTS/intel-desktop" --json plan passthrough 00:01.0
	json '.refused[0].why | test("bridge")'
	viaduct 3 --from "$HOSTS/amd-desktop-ivrs-off" --json plan passthrough 01:00.0 01:00.1
	json '.refused[0].why | test("no IOMMU translates it")'
	viaduct 3 --from "$HOSTS/sriov-host" --json plan passthrough 01:00.0
	json '.refused[0].why | test("PF with 2 VFs")'
}

@test "plan: virtual functions" {
	viaduct 0 --from "$HOSTS/sriov-host" --json plan sriov 0000:01:00.1=2
	json '[.actions[] | "\(.kind) \(.expected) \(.wanted)"] ==
		["sriov-autoprobe 1 0", "sriov-count 0 2"]'
	viaduct 0 --from "$HOSTS/sriov-host" --json plan sriov 01:00.0=2
	json '.actions == [] and .refused == []'
	viaduct 0 --from "$HOSTS/sriov-host" --json plan sriov 01:00.0=0
	json '[.actions[] | "\(.kind) \(.expected) \(.wanted)"] ==
		["sriov-autoprobe 1 0", "driver vfio-pci ", "sriov-count 2 0", "sriov-autoprobe 0 1"]'
	viaduct 3 --from "$HOSTS/sriov-host" --json plan sriov 01:00.1=9
	json '.refused[0].why | test("7 VFs at most")'
	viaduct 3 --from "$HOSTS/intel-desktop" plan sriov 03:00.0=1
	has 'shows no SR-IOV'
	viaduct 0 --from "$HOSTS/sriov-host" plan sriov 01:00.0=2
	has 'Nothing to do'
}

@test "check: a log by itself agrees with nothing, and denies nothing" {
	printf '[    0.%06d] %s\n' 0 'Linux version 6.12.34 (a@b) #1 SMP' \
		859417 'pci 0000:00:1f.0: [8086:7a83] type 00 class 0x060100' \
		959417 'pci 0000:00:1f.0: Adding to iommu group 16' >"$BATS_TEST_TMPDIR/dmesg"
	viaduct 5 --from "$BATS_TEST_TMPDIR/dmesg" --json check
	json '[.findings[] | select(.id == "kernel.log-agrees") | .verdict] == ["skip"]'
	json '[.findings[] | select(.id == ("kernel.proxmox", "devices.dkms")) |
		[.verdict, .detail]] == [["unknown", null], ["unknown", null]]'
}
