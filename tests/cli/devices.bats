# SPDX-License-Identifier: GPL-2.0-or-later
# What `show` and `list` know of single devices and of those that no bus has of its own.
load common

setup_file() {
	export HOSTS=$BATS_FILE_TMPDIR/hosts
	python3 "$TESTS/hosts/make" --all "$HOSTS"
}

@test "list is in the order of addresses" {
	build_host intel-desktop
	local name
	for name in 0000:00:1f.0 0000:00:14.0 0000:00:0a.0; do
		mkdir -p "$host/sys/devices/pci0000:00/$name"
		echo 0x8086 >"$host/sys/devices/pci0000:00/$name/vendor"
		ln -s "../../../devices/pci0000:00/$name" "$host/sys/bus/pci/devices/$name"
	done
	viaduct 0 --from "$host" list -o address
	[[ $(tail -n +2 <<<"$output") == "$(tail -n +2 <<<"$output" | LC_ALL=C sort)" ]]
	has 0000:00:1f.0
	viaduct 0 --from "$HOSTS/vmd-domain" list -o address
	[[ ${lines[1]} == 0000:e0:1f.0* && ${lines[2]} == 10000:e0:06.0* ]]
}

@test "ids that could not be read are no zeroes" {
	build_host intel-desktop
	rm "$host"/sys/devices/pci0000:00/0000:00:1c.0/0000:03:00.0/{vendor,device,modalias}
	mkdir "$host/sys/devices/pci0000:00/0000:00:1c.0/0000:03:00.0/vendor"
	viaduct 0 --from "$host" show 03:00.0
	has 'ids           ?:? class 020000'
	lacks '0000:0000 '
}

@test "show: reset, whom it hits, graphics and its companion" {
	viaduct 0 --from "$HOSTS/troubled-devices" show 02:00.2
	has 'bus: a reset of the bus or slot'
	has 'would also hit 0000:02:00.0'
	has 'mlx5_vfio_pci vfio_pci: a driver of its own'
	viaduct 0 --from "$HOSTS/troubled-devices" show 02:00.0
	has 'VFs           1 of 4 enabled, device id 101e'
	viaduct 0 --from "$HOSTS/troubled-devices" show 01:00.0
	has 'Navi 10'
	has 'D3cold allowed'
	viaduct 0 --from "$HOSTS/intel-desktop" show 01:00.0
	has 'same card     0000:01:00.1 (sound)'
	viaduct 0 --from "$HOSTS/troubled-devices" --json show 02:00.2
	json '.detail.vfio_drivers == ["mlx5_vfio_pci", "vfio_pci"] and
		.detail.reset_also_hits == ["0000:02:00.0"] and .detail.graphics == null and
		.detail.rom == {"there": false, "size": 0, "shadow": false} and
		.detail.power.state == "D0" and .detail.power.control == null'
	viaduct 0 --from "$HOSTS/troubled-devices" --json show 01:00.0
	json '.detail.graphics.reset_bug and .detail.graphics.family == "Navi 10"'
}

@test "check: a BAR that could be larger is told of its card" {
	viaduct 0 --from "$HOSTS/troubled-devices" --json check
	json '.findings | map(select(.id == "firmware.resizable-bar"))[0].evidence[0].path ==
		"0000:01:00.0"'
}

@test "show: an empty reset_method is all methods off" {
	build_host intel-desktop
	printf '\n' >"$host/sys/devices/pci0000:00/0000:00:1c.0/0000:03:00.0/reset_method"
	viaduct 0 --from "$host" show 03:00.0
	has 'all methods are switched off'
	viaduct 0 --from "$host" --json check
	json '.findings[] | select(.id == "devices.reset") | .verdict == "warn"'
}

@test "mediated devices, vGPUs, vDPA, vhost-user" {
	viaduct 0 --from "$HOSTS/virtual-kinds" --json list
	json '.mediated.parents[0].types | map(.id) == ["i915-GVTg_V5_4", "i915-GVTg_V5_8"]'
	json '.mediated.devices[0] | .parent == "0000:00:02.0" and .type == "i915-GVTg_V5_8"'
	json '.mediated.definitions[0] | .automatic and (.exists | not)'
	json '.mediated.vgpus[0] | .function == "0000:01:00.4" and .current == 0'
	json '.vdpa.management[0] | .name == "vdpasim_net" and .classes == ["network"]'
	json '.vdpa.devices[0] | .driver == "vhost_vdpa" and .node == "vhost-vdpa-0"'
	json '.vhost_user == ["/run/vhost-user-1.sock"] and (has("virtio") | not)'
	viaduct 0 --from "$HOSTS/virtual-kinds" show 00:02.0
	has 'mdev type     i915-GVTg_V5_4, 2 can be made (vfio-pci)'
	has '99999999-2222-4333-8444-555555555555 is defined for mdevctl and not there'
	viaduct 0 --from "$HOSTS/virtual-kinds" show 01:00.4
	has 'vGPU          none yet'
	viaduct 0 --from "$HOSTS/intel-desktop" --json list
	json '[has("mediated", "vdpa", "virtio", "vhost_user")] | any | not'
}

@test "virtio devices of a guest" {
	build_host guest-without-iommu
	local bits=00000100000000000000000000001100 device
	device=$host/sys/devices/pci0000:00/0000:00:03.0/virtio0
	echo "${bits}11000000000000000000000000000000" >"$device/features"
	echo 0x0001 >"$device/device"
	mkdir -p "$host/sys/bus/virtio/devices" "$host/sys/bus/virtio/drivers/virtio_net"
	ln -s ../../../devices/pci0000:00/0000:00:03.0/virtio0 "$host/sys/bus/virtio/devices/virtio0"
	ln -s ../../../../bus/virtio/drivers/virtio_net "$device/driver"
	viaduct 0 --from "$host" --json list
	json '.virtio == [{"name": "virtio0", "id": 1, "kind": "network", "driver": "virtio_net",
		"parent": "0000:00:03.0",
		"features": ["INDIRECT_DESC", "EVENT_IDX", "VERSION_1", "ACCESS_PLATFORM"]}]'
	viaduct 0 --from "$host" show 00:03.0
	has 'virtio0: network, virtio_net; INDIRECT_DESC EVENT_IDX VERSION_1 ACCESS_PLATFORM'
	viaduct 1 --from "$host" --json check
	json '.findings[] | select(.id == "devices.virtio") | .verdict == "pass" and
		(.detail | test("the DMA of 1 goes"))'
	echo junk >"$device/features"
	viaduct 0 --from "$host" --json list
	json '.virtio[0].features == null'
}

dkms() {
	jq -r '.findings[] | select(.id == "devices.dkms") | .verdict, .detail, .remedy.text,
		.evidence[].value' <<<"$output"
}

# A host of one kernel with one package of DKMS; $modules, $package: where they keep what
build_dkms_host() {
	build_host "$1"
	modules=$host/lib/modules/6.12.0-test package=$host/var/lib/dkms/i915-sriov-dkms
	rm -r "$host/lib/modules/6.18.0-test"
}

@test "DKMS is judged for each kernel that is there, with the reason" {
	viaduct 0 --from "$HOSTS/dkms-and-a-newer-kernel" --json check
	[[ $(dkms) == *'under 6.18.0-test, which is newer'*'left out: its dkms.conf'* ]]
	viaduct 0 --from "$HOSTS/dkms-unsigned-under-secure-boot" --json check
	[[ $(dkms) == *'under 6.12.0-test: not signed'*mokutil* ]]
	build_host dkms-and-a-newer-kernel
	sed -i '/EXCLUSIVE/d' "$host"/var/lib/dkms/i915-sriov-dkms/2025.1/source/dkms.conf
	rmdir "$host/lib/modules/6.18.0-test/build"
	viaduct 0 --from "$host" --json check
	[[ $(dkms) == *'headers are not installed'*linux-headers-6.18.0-test* ]]
	mkdir -p "$host/var/lib/dkms/i915-sriov-dkms/2025.1/6.18.0-test/x86_64"
	viaduct 0 --from "$host" --json check
	[[ $(dkms) == *"the kernel's own module of that name is loaded instead"*depmod* ]]
	echo 'updates/dkms/i915.ko:' >"$host/lib/modules/6.18.0-test/modules.dep"
	viaduct 0 --from "$host" --json check
	[[ $(dkms) == pass* ]]
}

@test "DKMS: a compressed module is not in place when its key is not enrolled" {
	build_dkms_host dkms-unsigned-under-secure-boot
	local list=MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23
	mv "$modules/updates/dkms/i915.ko" "$modules/updates/dkms/i915.ko.zst"
	sed -i 's/i915.ko/i915.ko.zst/' "$modules/modules.dep"
	viaduct 5 --from "$host" --json check
	[[ $(dkms) == unknown*'whether the kernel knows the key'* ]]
	echo 'this key' >"$host/var/lib/dkms/mok.pub"
	echo 'another key' >"$host/sys/firmware/efi/efivars/$list"
	viaduct 0 --from "$host" --json check
	[[ $(dkms) == warn*'the key DKMS signs with is not enrolled'*'mokutil --import'* ]]
	cp "$host/var/lib/dkms/mok.pub" "$host/sys/firmware/efi/efivars/$list"
	viaduct 0 --from "$host" --json check
	[[ $(dkms) == pass*'its signature was not looked at'* ]]
}

@test "DKMS: of two versions only the one that is installed is in place" {
	build_dkms_host dkms-and-a-newer-kernel
	cp -r "$package/2025.1" "$package/2025.2"
	rm -r "$package/2025.2/6.12.0-test"
	viaduct 0 --from "$host" --json check
	[[ $(dkms) == warn*'i915-sriov-dkms 2025.2 under 6.12.0-test: not built'* ]]
	cp -r "$package/2025.1/6.12.0-test" "$package/2025.2/6.12.0-test"
	ln -s 2025.1/6.12.0-test/x86_64 "$package/kernel-6.12.0-test-x86_64"
	viaduct 0 --from "$host" --json check
	[[ $(dkms) == warn*"2025.2 under 6.12.0-test: built, and not in the kernel's folder"* ]]
	ln -sfn 2025.2/6.12.0-test/x86_64 "$package/kernel-6.12.0-test-x86_64"
	viaduct 0 --from "$host" --json check
	[[ $(dkms) == pass*'a newer version of it is'* ]]
}

@test "DKMS: a kernel that takes only signed modules refuses one that is not" {
	build_dkms_host dkms-and-a-newer-kernel
	viaduct 0 --from "$host" --json check
	[[ $(dkms) == pass* ]]
	mkdir -p "$host/sys/module/module/parameters"
	echo Y >"$host/sys/module/module/parameters/sig_enforce"
	viaduct 0 --from "$host" --json check
	[[ $(dkms) == warn*'not signed: the kernel takes only signed modules'*sig_enforce* ]]
}

@test "DKMS: a package for other machines is left out, by what this one is" {
	build_dkms_host dkms-and-a-newer-kernel
	rm -r "$package/2025.1/6.12.0-test"
	sed -i /i915/d "$modules/modules.dep"
	echo 'BUILD_EXCLUSIVE_ARCH="aarch64"' >>"$package/2025.1/source/dkms.conf"
	viaduct 0 --from "$host" --json check
	[[ $(dkms) == warn*'not built'* && $(dkms) != *'left out'* ]]
	echo x86_64 >"$host/proc/sys/kernel/arch"
	viaduct 0 --from "$host" --json check
	[[ $(dkms) == warn*'left out: its dkms.conf'* ]]
	echo aarch64 >"$host/proc/sys/kernel/arch"
	viaduct 0 --from "$host" --json check
	[[ $(dkms) == warn*'not built'* && $(dkms) != *'left out'* ]]
}

@test "each kind of name finds its device, or says why not" {
	local name
	for name in 0000:03:00.0 03:00.0 8086:15f3 nic enp3s0 3; do
		viaduct 0 --from "$HOSTS/intel-desktop" --json show "$name"
		json_text .device.address 0000:03:00.0
	done
	for name in nvme nvme0n1 nvme0n1p2 nvme0; do
		viaduct 0 --from "$HOSTS/intel-desktop" --json show "$name"
		json_text .device.address 0000:02:00.0
	done
	viaduct 3 --from "$HOSTS/intel-desktop" show gpu
	says '2 devices answer to that (name one by its address: 0000:00:02.0 0000:01:00.0)'
	viaduct 0 --from "$HOSTS/intel-desktop" --json show 2
	json_text .device.address 0000:01:00.0
	viaduct 3 --from "$HOSTS/intel-desktop" show nvme0n1p
	viaduct 3 --from "$HOSTS/intel-desktop" show nvme0n12
	viaduct 3 --from "$HOSTS/intel-desktop" show usb
	says 'no device here answers to that'
}

@test "a redacted snapshot answers alike, and holds no UUID, host name or serial number" {
	build_host virtual-kinds
	local snap=$BATS_TEST_TMPDIR/kept.snap
	run "$VIADUCT" --from "$host" snapshot "$snap"
	[[ $status == 0 ]] || skip "${lines[*]}"
	echo Quarterdeck >"$host/etc/hostname"
	printf 'key of Quarterdeck\0\1' >"$host/sys/devices/pci0000:00/0000:00:02.0/junk"
	mkdir -p "$host/var/lib/dkms/kvmfr/1.0" "$host/lib/modules/6.12.0-test/updates/dkms"
	printf 'BUILT_MODULE_NAME[0]="kvmfr"\n' >"$host/var/lib/dkms/kvmfr/1.0/dkms.conf"
	ln -s . "$host/var/lib/dkms/kvmfr/1.0/source"
	mkdir "$host/var/lib/dkms/kvmfr/1.0/6.12.0-test"
	echo 'updates/dkms/kvmfr.ko:' >>"$host/lib/modules/6.12.0-test/modules.dep"
	printf 'code\6\3\125\4\3\14\13Quarterdeck\0\0\2\0\0\0\0\0\0\0\0\22~Module signature appended~\n' \
		>"$host/lib/modules/6.12.0-test/updates/dkms/kvmfr.ko"
	printf '\60\202key of Quarterdeck\0' >"$host/var/lib/dkms/mok.pub"
	cp "$host/var/lib/dkms/mok.pub" \
		"$host/sys/firmware/efi/efivars/MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23"
	viaduct 0 --from "$host" snapshot "$snap"
	local command live replayed
	for command in check list 'show 00:02.0' 'show 01:00.4'; do
		# shellcheck disable=SC2086
		live=$("$VIADUCT" --json --from "$host" $command | sed -E \
			's/[0-9a-f]{8}-2222-4333-8444-555555555555/UUID/g; /"source": "\//d')
		# shellcheck disable=SC2086
		replayed=$("$VIADUCT" --json --from "$snap" $command | sed -E \
			's/00000000-0000-4000-8000-[0-9]{12}/UUID/g; /"source": "\//d')
		diff <(echo "$live") <(echo "$replayed")
	done
	tar --zstd -xOf "$snap" >"$BATS_TEST_TMPDIR/all"
	tar --zstd -tf "$snap" >>"$BATS_TEST_TMPDIR/all"
	run grep -acE 'Quarterdeck|2222-4333-8444' "$BATS_TEST_TMPDIR/all"
	[[ $output == 0 ]]
	run grep -ac 'kvmfr.ko' "$BATS_TEST_TMPDIR/all"
	[[ $output != 0 ]]
}

@test "a dump of a part of a host: nobody is alone behind a port that is not in it" {
	run --separate-stderr "$VIADUCT" --from - list --json <<-'EOF'
	01:00.0 Network controller: of which there is but this
	00: 86 80 c9 10 06 00 10 00 01 00 00 02 00 00 00 00
	10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
	20: 00 00 00 00 00 00 00 00 00 00 00 00 86 80 01 a0
	30: 00 00 00 00 40 00 00 00 00 00 00 00 00 00 00 00
	40: 10 00 02 00 00 00 00 00 00 00 00 00 00 00 00 00
	EOF
	jq -e '.devices[0] | .predicted_group == null and .parent == null
		and (.predicted_why[0].why | contains("the port it is plugged into"))' <<<"$output"
}

@test "a host of which the functions tell groups, and the folder of groups was not kept" {
	build_host intel-desktop
	rm -r "$host/sys/kernel/iommu_groups"
	run --separate-stderr "$VIADUCT" --from "$host" list --json
	jq -e '[.groups[] | .id] == [0, 1, 2, 3, 4, 5, 6]' <<<"$output"
	jq -e '.groups[2].devices == ["0000:01:00.0", "0000:01:00.1"]' <<<"$output"
}
