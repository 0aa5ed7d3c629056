# SPDX-License-Identifier: GPL-2.0-or-later
# Trees that a person copied by hand: what they do not hold is not told, and is never idle or absent.
load common

# captured HOST: one of hosts/make without what only a snapshot has
captured() {
	build_host "$1"
	rm -rf "$host/.viaduct"
}

# in_use_is VERDICT EVIDENCE: what is said of the host's own needs, with "PATH ERRNO" in it
in_use_is() {
	viaduct 5 --from "$host" --json check
	json --arg verdict "$1" --arg evidence "$2" '.findings[] | select(.id == "devices.in-use") |
		.verdict == $verdict and
		(.evidence | map("\(.path) \(.errno)") | index($evidence) != null)'
}

@test "without the mounts no disk is idle" {
	captured intel-desktop
	rm "$host/proc/self/mountinfo"
	viaduct 5 --from "$host" --json show nvme
	json '.device.in_use == null'
	viaduct 3 --from "$host" plan passthrough nvme
	has 'it could not be told what uses it (proc/self/mountinfo: ENODATA)'
}

@test "a root file system on a ZFS pool holds the disks of that pool, whoever counts pools" {
	captured intel-desktop
	echo '22 1 0:25 / / rw - zfs rpool/ROOT/pve-1 rw' >"$host/proc/self/mountinfo"
	rm -rf "$host/proc/spl" "$host/run/udev"
	viaduct 3 --from "$host" plan passthrough nvme
	has 'it could not be told what uses it (run/udev/data/b259:0: ENODATA)'
	mkdir -p "$host/run/udev/data"
	: >"$host/run/udev/data/b259:0"
	printf 'E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=rpool\n' >"$host/run/udev/data/b259:1"
	viaduct 3 --from "$host" plan passthrough nvme
	has 'is part of the ZFS pool rpool'
}

@test "the kernel's own table of routes tells the way out" {
	captured intel-desktop
	mkdir -p "$host/proc/net"
	printf 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n%s\t%s\n' \
		enp3s0 $'00000000\t0100A8C0\t0003\t0\t0\t0\t00000000' >"$host/proc/net/route"
	viaduct 3 --from "$host" plan --force passthrough 03:00.0
	has 'enp3s0 carries the default route'
	in_use_is unknown 'proc/net/tcp ENODATA'
	printf '  sl  local_address rem_address   st\n' | tee "$host/proc/net/tcp" >"$host/proc/net/tcp6"
	in_use_is pass '0000:03:00.0 null'
	# A session over an address that no file gives an interface
	printf '   0: 0A00A8C0:0016 1400A8C0:D431 01 00000000:00000000 02:000A0000 00000000 0 0 20 2 0\n' \
		>>"$host/proc/net/tcp"
	in_use_is unknown 'proc/net/tcp ENODATA'
}

@test "files of viaduct's own that a tree does not hold are planned as new, and that is said" {
	captured initramfs-without-options
	[[ ! -e $host/etc/viaduct ]]
	viaduct 0 --from "$host" --json plan passthrough --persistent 01:00.0 01:00.1
	json '.refused == [] and (.actions | map(.target) | index("/etc/viaduct/passthrough") != null)'
	json '.risks | map(test("whether /?etc/viaduct/passthrough is there already .* shown as new")) | any'
}

@test "what runs and is not configured is told also where the loader's menu is not held" {
	captured grub-configured-not-booted
	rm -r "$host/boot"
	sed -i 's/$/ amd_iommu=on iommu=pt/' "$host/proc/cmdline"
	viaduct 1 --from "$host" --json check
	json '.findings[] | select(.id == "kernel.configured-cmdline") | .verdict == "warn" and
		(.detail | test("iommu=pt is on the running line, but not in etc/default/grub"))'
	json '.findings[] | select(.id == "kernel.one-shot") | .verdict == "unknown" and
		(.detail | test("GRUB.s menu could not be read"))'
}

@test "a menu that could not be read is made anew: nobody says that the next boot has it" {
	captured grub-configured-not-booted
	rm -r "$host/boot"
	viaduct 0 --from "$host" --json plan iommu
	json '.actions | map(.kind) == ["generate"]'
	json '.reboot_needed'
}

@test "which of GRUB's menus it would be is by the distribution's habit" {
	captured grub-configured-not-booted
	rm -r "$host/boot"
	configured_by() {
		viaduct 1 --from "$host" --json check
		json --arg path "$1" '.findings[] | select(.id == "kernel.configured-cmdline") |
			.evidence | map(.path) | index($path) != null'
	}
	configured_by boot/grub/grub.cfg
	echo 'ID=fedora' >"$host/etc/os-release"
	configured_by boot/grub2/grub.cfg
}

@test "of one folder of what firmware told, nothing follows for its neighbours" {
	captured intel-desktop
	secure_boot_is() {
		viaduct "$2" --from "$host" --json check
		json --arg verdict "$1" '.findings[] | select(.id == "firmware.secure-boot") |
			.verdict == $verdict'
	}
	find "$host/sys/firmware" -mindepth 1 -maxdepth 1 ! -name acpi -exec rm -r {} +
	secure_boot_is unknown 5
	mkdir "$host/sys/firmware/memmap"
	secure_boot_is pass 5
}

@test "a driver that could not be read is not \"no driver\", and keeps driverctl's word open" {
	captured intel-desktop
	local audio=$host/sys/bus/pci/devices/0000:01:00.1
	mkdir -p "$host/etc/driverctl.d"
	echo vfio-pci >"$host/etc/driverctl.d/pci-0000:01:00.1"
	rm -f "$audio/driver"
	viaduct 0 --from "$host" show 01:00.0
	has '0000:01:00.1 (no driver)'
	mkdir "$audio/driver"
	viaduct 0 --from "$host" show 01:00.0
	has '0000:01:00.1 (driver could not be told)'
	viaduct 5 --from "$host" --json check
	json '.findings[] | select(.id == "devices.keepers") | .verdict == "unknown" and
		(.evidence | map(.path) | index("sys/bus/pci/devices/0000:01:00.1/driver") != null)'
}

@test "modules that are gone and files that modprobe leaves unread are named" {
	captured intel-desktop
	mkdir -p "$host/etc/modprobe.d" "$host/etc/modules-load.d"
	options_are() {
		viaduct 5 --from "$host" --json check
		json --arg verdict "$1" --arg words "$2" '.findings[] |
			select(.id == "kernel.module-options") |
			.verdict == $verdict and (.detail | test($words))'
	}
	printf '# loads\nvfio-pci\n' >"$host/etc/modules"
	echo 'options vfio-pci ids=10de:2684' >"$host/etc/modprobe.d/vfio.conf.bak"
	echo '# nothing' >"$host/etc/modprobe.d/README"
	options_are skip 'sets no option'
	echo 'vfio-virqfd' >"$host/etc/modules-load.d/vfio"
	options_are skip 'sets no option'
	mv "$host/etc/modules-load.d/vfio" "$host/etc/modules-load.d/vfio.conf"
	options_are warn 'vfio.conf asks for vfio_virqfd, which is gone since 6.2'
	echo 'options vfio-pci ids=10de:2684' >"$host/etc/modprobe.d/vfio"
	options_are warn 'modprobe.d/vfio is read by nobody.* vfio_virqfd'
	echo 5.15.0 >"$host/proc/sys/kernel/osrelease"
	rm "$host/etc/modprobe.d/vfio"
	options_are skip 'sets no option'
}

@test "a virtual function among what is given away keeps nothing else out of the initramfs" {
	captured initramfs-ready
	ln -s ../0000:02:00.0 "$host/sys/bus/pci/devices/0000:03:00.0/physfn"
	viaduct 0 --from "$host" --json plan --force passthrough 01:00.0 01:00.1 03:00.0
	json '.actions | map(.kind) | index("generate") != null'
	json '.actions | map(select(.target == "/etc/viaduct/passthrough")) | length == 1'
	json '.risks | map(test("next boot only: 0000:03:00.0 is a virtual function")) | any'
}

@test "sriov: what no driver or no firmware left room for is refused beforehand" {
	captured sriov-cramped
	viaduct 3 --from "$host" plan sriov 01:00.0=7
	has 'its VF BAR 0 has no addresses'
	captured sriov-host
	local pf=$host/sys/bus/pci/devices/0000:01:00.1
	[[ ! -e $pf/virtfn0 ]]
	rm "$pf/driver"
	mkdir -p "$host/sys/bus/pci/drivers/vfio-pci" "$host/sys/module/vfio_pci/parameters"
	ln -s ../../drivers/vfio-pci "$pf/driver"
	echo N >"$host/sys/module/vfio_pci/parameters/enable_sriov"
	viaduct 3 --from "$host" plan sriov 01:00.1=2
	has 'vfio-pci makes VFs only with enable_sriov=1'
	echo Y >"$host/sys/module/vfio_pci/parameters/enable_sriov"
	viaduct 0 --from "$host" plan sriov 01:00.1=2
}

@test "a reset method that no kernel knows is refused when it is planned" {
	captured intel-desktop
	viaduct 3 --from "$host" plan passthrough --now --reset-method flr,warm 01:00.0 01:00.1
	has '"flr warm" is no list of reset methods'
	viaduct 0 --from "$host" plan passthrough --now --reset-method bus 01:00.0 01:00.1
}
