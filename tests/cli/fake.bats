# SPDX-License-Identifier: GPL-2.0-or-later
# The whole program over a fake kernel that obeys writes: each command a process of its own,
# as a user runs them. $FAKE is tests/fake/fake-viaduct.
load common

PF=0000:02:00.0
NIC=0000:01:00.0
VF=0000:02:00.1

setup() {
	make_fake_host
}

teardown() {
	remove_fake_host
}

@test "the road: virtual functions, one of them held for guests, and all the way back" {
	fake 0 plan sriov $PF=2
	unchanged
	fake 0 apply --yes sriov $PF=2
	has 'transaction 1 in the journal'
	fake 0 list --json
	json '.devices[] | select(.address == "'$PF'") | .sriov.enabled == 2 and
		.virtfns == ["0000:02:00.1", "0000:02:00.2"]'
	json '.devices[] | select(.address == "'$VF'") | .physfn == "'$PF'" and .driver == null'
	fake 0 list -o address,vfs
	has "$PF  2/4"

	fake 0 plan passthrough $VF
	has 'module vfio-pci: absent → loaded'
	fake 0 apply --yes passthrough $VF
	fake 0 list --json --driver vfio-pci
	json '[.devices[] | [.address, .driver, .iommu_group]] == [["'$VF'", "vfio-pci", 10]]'
	json '.groups[] | select(.id == 10) | .viable'
	fake 0 list --assignable -o address
	has $VF

	fake 0 release $VF
	has 'given back'
	fake 0 list --json
	json '.devices[] | select(.address == "'$VF'") | .driver == null'
	fake 0 rollback
	has 'undone, and read back as before'
	unchanged
	fake 3 rollback
	says 'nothing was done that is still to be undone'
	unchanged
}

@test "virtual functions with address, VLAN and driver, and all of it undone" {
	fake 0 sriov set --yes $NIC=3 vf=0,mac=02:00:00:00:00:01,vlan=10,qos=3 \
		vf=1-2,driver=vfio-pci,trust=on vf=2,driver=none
	has 'vf-mac 0000:01:10.0: 00:00:00:00:00:00 → 02:00:00:00:00:01'
	fake 0 --json sriov show $NIC
	json '.schema == "viaduct.sriov/1" and (.devices | length == 1)'
	json '.devices[0].functions | map([.index, .address, .driver]) == [[0, "0000:01:10.0", null],
		[1, "0000:01:10.2", "vfio-pci"], [2, "0000:01:10.4", null]]'
	json '.devices[0].functions[0].settings | .mac == "02:00:00:00:00:01" and .vlan == "10 qos=3"'
	json '.devices[0].functions[2].settings | .trust == "on" and .mac == "00:00:00:00:00:00"'
	fake 0 sriov
	has 'vlan 10 qos=3'
	has '3 of 8 VFs'

	fake 0 sriov set --yes $NIC=3 vf=0,mac=02:00:00:00:00:01,vlan=10,qos=3
	has 'nothing was to be done'
	fake 0 sriov set --yes $NIC vf=0,vlan=none
	fake 0 --json sriov show $NIC
	json '.devices[0].functions[0].settings.vlan == "none"'
	fake 2 sriov set --yes $NIC vf=3,vlan=none
	says 'a VF that there will not be'
	fake 2 sriov set --yes $NIC=1 vf=0,colour=blue
	says 'that is no setting of a VF'
	fake 2 sriov frobnicate
	fake 3 sriov set $NIC=1
	says 'nobody agreed to it'
	fake 3 sriov show 03:00.0
	says 'it shows no SR-IOV'
	fake 3 sriov set --yes $PF=1 vf=0,mac=02:00:00:00:00:01
	says 'it has no network interface here'
	fake 0 rollback
	fake 0 rollback
	unchanged
}

# equipped: VFs with settings and a driver, as $before
equipped() {
	fake 0 sriov set --yes $NIC=2 vf=0,mac=02:00:00:00:00:01,vlan=10,trust=on \
		vf=1,driver=vfio-pci,mac=02:00:00:00:00:02
	"$FAKE" --picture "$tree" >"$BATS_TEST_TMPDIR/before"
}

@test "virtual functions that others replace come back with what they had" {
	equipped
	fake 0 plan sriov $NIC=3
	has '2 VFs of 0000:01:00.0 go and come anew'
	fake 0 sriov set --yes $NIC=3 vf=1,mac=02:00:00:00:00:09
	fake 0 --json sriov show $NIC
	json '.devices[0].functions | map([.settings.mac, .driver]) == [["00:00:00:00:00:00", null],
		["02:00:00:00:00:09", null], ["00:00:00:00:00:00", null]]'
	fake 0 rollback
	has 'undone, and read back as before'
	unchanged
	fake 0 apply --yes sriov $NIC=0
	fake 0 rollback
	unchanged
	FAIL_PATH=vfio-pci/bind fake 3 sriov set --yes $NIC=3 vf=0,driver=vfio-pci
	says 'vfio-pci'
}

@test "bind is passthrough by another name; release gives back the driver it had" {
	fake 0 bind 03:00.0
	fake 0 list --json --driver vfio-pci
	json '[.devices[].address] == ["0000:03:00.0"]'
	fake 0 release 03:00.0
	unchanged
	fake 0 apply --yes passthrough 04:00.0 04:00.1
	fake 0 list --json --driver vfio-pci
	json '[.devices[].address] == ["0000:04:00.0", "0000:04:00.1"]'
	fake 0 release 04:00.0
	fake 0 list --json
	json '.devices | map({(.address): .driver}) | add | .["0000:04:00.0"] == "nouveau" and
		.["0000:04:00.1"] == "vfio-pci"'
	fake 0 release 04:00.1
	fake 0 list --json
	json '.devices | map({(.address): .driver}) | add | .["0000:04:00.1"] == "snd_hda_intel"'
}

# another_boot: the kernel starts anew, with every device as it is
another_boot() {
	echo 5f1c2ad0-0000-4000-8000-00000000b007 >"$tree/proc/sys/kernel/random/boot_id"
}

@test "release in a later boot: to the driver it was taken from, or said that it has none" {
	fake 0 apply --yes passthrough --now 04:00.0 04:00.1
	another_boot
	fake 0 release 04:00.1
	has 'driver 0000:04:00.1: (none) → snd_hda_intel'
	rm -r "$tree/var/lib/viaduct"
	fake 0 release 04:00.0
	has '0000:04:00.0 is left without a driver: which driver claims it could not be'
	fake 0 list --json
	json '.devices | map({(.address): .driver}) | add |
		.["0000:04:00.0"] == null and .["0000:04:00.1"] == "snd_hda_intel"'
}

@test "a whole group is taken at once" {
	fake 3 bind 04:00.0
	says '0000:04:00.1 is in the same group 9'
	fake 0 bind --group 04:00.0
	fake 0 list --json --driver vfio-pci
	json '[.devices[].address] == ["0000:04:00.0", "0000:04:00.1"]'
	fake 0 rollback
	unchanged
	fake 2 bind --group 04:00.0 nouveau
}

@test "releasing what is the host's already does nothing" {
	fake 0 release 01:00.0
	has 'nothing was to be done'
	unchanged
}

@test "a second apply of the same goal does nothing, and says so" {
	fake 0 apply --yes sriov $PF=2
	fake 0 apply --yes sriov $PF=2
	has 'Nothing to do: the host is already so.'
	has 'nothing was to be done'
	fake 0 --json apply --yes sriov $PF=2
	json '.done and .steps == [] and .transaction == 0'
	fake 0 --json history
	json '.transactions | length == 1'
	fake 0 apply sriov $PF=2
	fake 0 rollback
	unchanged
}

@test "apply asks where nobody answers, and does nothing" {
	fake 3 apply sriov $PF=2
	says 'nobody agreed to it'
	unchanged
	fake 3 --json apply sriov $PF=2
	json '.error.code == "ECANCELED"'
	unchanged
	[[ ! -e $tree/var/lib/viaduct ]]
}

@test "a dry run checks everything and changes nothing" {
	fake 0 apply --dry-run sriov $PF=2
	has 'nothing was changed'
	unchanged
	fake 0 bind --dry-run 03:00.0
	unchanged
	fake 0 --json apply -n passthrough 04:00.0 04:00.1
	json '.done and .transaction == 0 and (.steps | all(.outcome == "would"))'
	unchanged
	fake 0 history
	has 'has changed nothing'
}

@test "refused plans change nothing" {
	fake 3 apply --yes passthrough 04:00.0
	says '0000:04:00.1 is in the same group 9'
	fake 3 apply --yes passthrough 00:01.0
	says 'bridge'
	fake 3 apply --yes sriov $PF=5
	says '4 VFs at most'
	fake 3 bind 04:00.0
	fake 3 --json apply --yes sriov 03:00.0=1
	json '.error.message | test("shows no SR-IOV")'
	fake 3 apply --yes passthrough 0000:09:00.0
	fake 2 apply --yes world-peace
	fake 2 apply --yes
	unchanged
	[[ ! -e $tree/var/lib/viaduct ]]
}

@test "an interface that is up keeps its card" {
	echo 0x1003 >"$tree/sys/class/net/eth0/flags"
	fake 3 apply --yes passthrough 01:00.0
	says 'network interface eth0 is up'
	fake 0 release 01:00.0
	fake 0 list --json
	json '.devices[] | select(.address == "0000:01:00.0") | .driver == "igb"'
}

# ways: the host's default route goes over eth0, which is up
ways() {
	echo 0x1003 >"$tree/sys/class/net/eth0/flags"
	mkdir -p "$tree/.viaduct"
	cat >"$tree/.viaduct/queries.json" <<-END
		{"ways": {"routes_known": {"known": "present", "number": 1}, "routes": ["eth0"],
		 "sessions_known": {"known": "present", "number": 0}, "sessions": []}}
	END
}

@test "what the host merely uses gives way to --force, and the journal says so" {
	echo 0x1003 >"$tree/sys/class/net/eth0/flags"
	fake 3 bind 01:00.0
	says 'it would lose the connections over eth0'
	says 'insist: --force)'
	fake 3 apply --yes passthrough 01:00.0
	fake 0 apply --yes --force passthrough 01:00.0
	has 'overruled: 0000:01:00.0'
	fake 0 --json history
	json '.transactions[0].overruled == ["0000:01:00.0: network interface eth0 is up"]'
	fake 0 rollback
	fake 0 bind --force 01:00.0
	fake 0 release 01:00.0
}

@test "what the host cannot do without gives way only to --force --force" {
	ways
	"$FAKE" --picture "$tree" >"$BATS_TEST_TMPDIR/before"
	fake 3 bind 01:00.0
	says 'eth0 carries the default route; it would lose the way to every other network'
	says 'insist: --force --force'
	fake 3 bind --force 01:00.0
	says 'carries the default route'
	fake 3 --json apply --yes -f passthrough 01:00.0
	json '.error.message | test("default route")'
	unchanged
	fake 0 bind --force --force 01:00.0
	fake 0 --json history
	json '.transactions[0].overruled | length == 2'
	fake 0 release 01:00.0
	fake 0 apply --yes -f -f passthrough 01:00.0
}

@test "a guest that has a device cannot be overruled" {
	fake 0 bind 03:00.0
	mkdir -p "$tree/proc/42/fd"
	echo qemu-system-x86 >"$tree/proc/42/comm"
	ln -s /dev/vfio/8 "$tree/proc/42/fd/11"
	fake 3 release 03:00.0
	says 'qemu-system-x86 (pid 42) has /dev/vfio/8 open'
	fake 3 release --force --force 03:00.0
	says 'cannot be forced'
	fake 3 rollback
	rm "$tree/proc/42/fd/11"
	fake 0 release 03:00.0
}

@test "processes that cannot be seen are not nobody" {
	fake 0 bind 03:00.0
	rm -r "$tree/proc/1"
	fake 3 release 03:00.0
	says 'could not be told what uses it'
	fake 5 show --json 03:00.0
	json '.device.in_use == null and .loss.severity == null'
	fake 0 release --force --force 03:00.0
}

@test "apply in JSON: each step with what was read back" {
	fake 0 --json apply --yes sriov $PF=2
	json '.schema == "viaduct.apply/1" and .done and .transaction == 1'
	json '[.steps[] | "\(.kind) \(.old) \(.new) \(.outcome)"] == [
		"sriov-autoprobe 1 0 done", "sriov-count 0 2 done",
		"nvme-secondary offline queues=0 interrupts=0 online queues=2 interrupts=1 done",
		"nvme-secondary offline queues=0 interrupts=0 online queues=2 interrupts=1 done"]'
	json '.steps | all(.read_back == .new and (.ms | type == "number") and has("target"))'
	json '[.steps[].n] == [1, 2, 3, 4]'
	fake 0 --json rollback
	json '.done and ([.steps[].outcome] | unique == ["undone"])'
	unchanged
}

@test "a step that fails undoes all before it, exit 3" {
	FAIL_PATH=02:00.1/driver_override fake 0 apply --yes sriov $PF=2
	"$FAKE" --picture "$tree" >"$BATS_TEST_TMPDIR/before"
	FAIL_PATH=02:00.1/driver_override fake 3 apply --yes passthrough $VF
	says_error
	unchanged
	FAIL_PATH=02:00.1/driver_override fake 3 --json apply --yes passthrough $VF
	json '(.done | not) and (.error.message | length > 0)'
	unchanged
	fake 0 --json history
	json '[.transactions[].state] | contains(["committed", "rolled-back"])'
}

@test "a program that writes over what is booted runs only when told so, and again to undo it" {
	mkdir -p "$tree/etc/kernel" "$tree/esp"
	printf '#!/bin/sh\n' >"$tree/usr/sbin/proxmox-boot-tool"
	printf 'ABCD-0123\n' >"$tree/etc/kernel/proxmox-boot-uuids"
	printf 'GRUB_DISABLE_OS_PROBER=true\n' >"$tree/etc/default/grub"
	fake 3 apply --yes iommu passthrough
	says 'proxmox-boot-tool refresh: it writes over kernels, images and entries on the EFI'
	[[ ! -e $tree/esp/grub.cfg && ! -e $tree/etc/default/grub.d/90-viaduct.cfg ]]
	fake 4 apply --yes --force iommu passthrough
	grep -q 'iommu=pt' "$tree/esp/grub.cfg"
	fake 0 --json history
	json '.transactions[0].overruled[0] | startswith("proxmox-boot-tool refresh: ")'
	fake 4 rollback
	! grep -q 'iommu=pt' "$tree/esp/grub.cfg"
}

@test "huge pages: now and at each boot, read back, and all the way back" {
	pool=$tree/sys/kernel/mm/hugepages/hugepages-2048kB
	mkdir -p "$pool"
	printf '0\n' | tee "$pool/nr_hugepages" >"$pool/free_hugepages"
	printf 'MemTotal: 8388608 kB\nMemFree: 4096000 kB\n' >"$tree/proc/meminfo"
	"$FAKE" --picture "$tree" >"$BATS_TEST_TMPDIR/before"
	fake 0 plan hugepages 2M=16
	has 'hugepages 2048kB: 0 → 16'
	has 'no reboot needed'
	fake 0 apply --yes hugepages 2M=16
	[[ $(<"$pool/nr_hugepages") == 16 ]]
	grep -q '^vm.nr_hugepages = 16$' "$tree/etc/sysctl.d/90-viaduct-hugepages.conf"
	fake 0 apply --yes hugepages 2M=16
	has 'nothing was to be done'
	fake 0 rollback
	unchanged
	printf '9\n' >"$pool/.most"
	fake 3 apply --yes hugepages 2M=16
	says 'found 9 of 16 pages: 4000 MiB are free, but in pieces smaller than a page'
	says 'SIZE=N,boot'
	[[ $(<"$pool/nr_hugepages") == 0 && ! -e $tree/etc/sysctl.d/90-viaduct-hugepages.conf ]]
	fake 0 --json plan hugepages 2M=16,boot
	json '[.actions[].kind] == ["file", "generate"] and .reboot_needed and
		(.actions[0].diff | contains("hugepagesz=2M hugepages=16"))'
	fake 0 --json plan hugepages 2M=16@0
	json '[.actions[] | .kind + " " + .target][0] == "hugepages 2048kB@0" and
		([.actions[].kind] == ["hugepages", "file", "generate"])'
	fake 2 plan hugepages 2M=16,now
}

@test "history tells what went into which files, and out of them" {
	fake 4 apply --yes nested
	fake 0 history
	[[ ${lines[1]} == '      new      /etc/modprobe.d/viaduct-kvm.conf  + '*' kvm_intel nested=1' ]]
	fake 0 history 1
	[[ ${lines[1]} == '      file /etc/modprobe.d/viaduct-kvm.conf: (no file) → 45 bytes  (done)' ]]
	has '     +options kvm_intel nested=1'
	fake 0 --json history
	json '.transactions[0].files[0] | .what == "new" and .made_by == null and
		(.added | endswith("nested=1")) and .removed == "" and (has("diff") | not)'
	fake 0 --json history 1
	json '.transactions[0] | (.files[0].diff | contains("+++ /etc/modprobe.d/viaduct-kvm")) and
		(.steps[0] | .kind == "file" and .state == "done")'
	fake 4 rollback
	# What it held is kept no longer. A program's words are not as these hosts' are read back.
	fake 3 apply --yes iommu passthrough
	fake 0 history
	[[ ${lines[1]} == *'viaduct-kvm.conf  (undone)' ]]
	[[ ${lines[4]} == *'changed  /boot/grub/grub.cfg  by update-grub  (undone)' ]]
	fake 0 --json history
	json '.transactions[0].files[0] | .undone and .added == null'
	fake 3 history 9
	fake 2 history x
	unchanged
}

@test "history tells what was done, and what became of it" {
	fake 0 apply --yes sriov $PF=2
	fake 0 apply --yes passthrough $VF
	fake 0 history
	[[ ${#lines[@]} == 2 ]]
	[[ ${lines[0]} =~ ^\ +1\ +[0-9]{4}-[0-9]{2}-[0-9]{2}T.*\ committed\ +sriov\ $PF=2$ ]]
	[[ ${lines[1]} =~ committed\ +passthrough\ $VF$ ]]
	fake 0 --json history
	json '.transactions | length == 2 and all(.alive and .state == "committed")'
	fake 0 rollback
	fake 0 history
	[[ ${lines[1]} == *rolled-back* && ${lines[0]} == *committed* ]]
	printf '00000000-0000-4000-8000-000000000002\n' >"$tree/proc/sys/kernel/random/boot_id"
	fake 0 history
	[[ ${lines[0]} == *'gone with an earlier boot'* ]]
	fake 3 rollback
}

@test "rollback of an earlier one first is refused while a later one stands on it" {
	fake 0 apply --yes sriov $PF=2
	fake 0 apply --yes passthrough $VF
	"$FAKE" --picture "$tree" >"$BATS_TEST_TMPDIR/between"
	fake 3 rollback 1
	says_error
	"$FAKE" --picture "$tree" | diff "$BATS_TEST_TMPDIR/between" -
	fake 3 rollback 7
	fake 0 rollback 2
	fake 0 rollback 1
	unchanged
}

@test "what somebody else changed is shown and left alone" {
	fake 0 apply --yes passthrough 03:00.0
	echo other >"$tree/sys/bus/pci/devices/0000:03:00.0/driver_override"
	fake 3 rollback
	says_error
	[[ $(cat "$tree/sys/bus/pci/devices/0000:03:00.0/driver_override") == other ]]
}

@test "only one at a time" {
	mkdir -p "$tree/run"
	exec {lock}>"$tree/run/viaduct.lock"
	flock "$lock"
	fake 3 apply --yes sriov $PF=2
	says 'another viaduct'
	exec {lock}>&-
	unchanged
}

@test "recover where nothing was interrupted" {
	fake 0 recover
	has 'nothing is left unfinished'
	unchanged
}

# dies_anywhere GOAL...: kill apply at its first crash point, its second … until one run
# survives; after each, recover must give the host back as it was. A run that died after all
# was done and recorded has nothing to recover: there rollback must.
dies_anywhere() {
	local at done=0 status
	for ((at = 1; at < 1000; at++)); do
		status=0
		CRASH_AT=$at "$FAKE" "$tree" apply --yes "$@" >/dev/null 2>&1 || status=$?
		((status)) || break
		[[ $status == 137 ]] || {
			echo "at point $at: exit status $status"
			return 1
		}
		"$FAKE" "$tree" recover >"$BATS_TEST_TMPDIR/recover" 2>&1 || {
			echo "at point $at: recover failed"
			cat "$BATS_TEST_TMPDIR/recover"
			return 1
		}
		if ! unchanged >/dev/null; then
			"$FAKE" "$tree" history | grep -q committed
			"$FAKE" "$tree" rollback >/dev/null
			done=$((done + 1))
		fi
		unchanged
		rm -rf "$tree/var/lib/viaduct"
	done
	echo "# apply $* died at $((at - 1)) points, at $done of them with all done" >&3
	[[ $at -gt 20 && $at -lt 1000 && $done -le 2 ]]
	fake 0 rollback
	unchanged
}

@test "killed anywhere while making virtual functions, recover gives all back" {
	dies_anywhere sriov $PF=2
}

@test "killed anywhere while making others of virtual functions, recover gives all back" {
	equipped
	dies_anywhere sriov $NIC=3
}

@test "killed anywhere while taking a card, recover gives all back" {
	dies_anywhere passthrough 04:00.0 04:00.1
}

@test "killed anywhere while releasing, recover or another release ends it" {
	local at status
	for ((at = 1; at < 1000; at++)); do
		fake 0 apply --yes passthrough 03:00.0
		status=0
		CRASH_AT=$at "$FAKE" "$tree" release 03:00.0 >/dev/null 2>&1 || status=$?
		((status)) || break
		[[ $status == 137 ]]
		"$FAKE" "$tree" recover >/dev/null
		unchanged >/dev/null || "$FAKE" "$tree" release 03:00.0 >/dev/null
		unchanged
		rm -rf "$tree/var/lib/viaduct"
	done
	[[ $at -gt 10 ]]
	unchanged
}

@test "after a crash nothing is changed before recover was run" {
	CRASH_AT=8 run "$FAKE" "$tree" apply --yes sriov $PF=2
	[[ $status == 137 ]]
	fake 3 apply --yes passthrough 03:00.0
	says 'recover'
	fake 0 recover
	unchanged
	fake 0 apply --yes passthrough 03:00.0
	fake 0 rollback
	unchanged
}

@test "what other programs keep of a device is shown, and who is at odds with whom" {
	keepers() {
		run --separate-stderr "$FAKE" "$tree" --json check
		json '.findings[] | select(.id == "devices.keepers") | .verdict == "'"$1"'"'
	}
	mkdir -p "$tree/etc/driverctl.d" "$tree/etc/pve/qemu-server" "$tree/etc/udev/rules.d"
	keepers skip
	echo igb >"$tree/etc/driverctl.d/pci-0000:01:00.0"
	printf 'hostpci0: 0000:04:00,pcie=1\nonboot: 1\n' >"$tree/etc/pve/qemu-server/100.conf"
	keepers pass
	fake 0 show 04:00.1
	has 'kept by       Proxmox VE: given to a guest, VM 100, starts at boot'
	fake 0 --json show 04:00.1
	json '.detail.kept_by | .[0].guest == "VM 100" and .[0].at_boot'
	echo vfio-pci >"$tree/etc/driverctl.d/pci-0000:01:00.0"
	keepers warn # another driver has it now
	echo igb >"$tree/etc/driverctl.d/pci-0000:01:00.0"
	printf 'KERNEL=="0000:01:00.0", ATTR{driver_override}="vfio-pci"\n' \
		>"$tree/etc/udev/rules.d/10-vfio.rules"
	keepers warn # two at odds
	rm "$tree/etc/udev/rules.d/10-vfio.rules"
	printf 'hostpci0: 0000:77:00.0\n' >"$tree/etc/pve/qemu-server/100.conf"
	keepers warn # the device has gone
}

@test "a function is known to be kept by a pattern, a mapping, or a network of libvirt" {
	mkdir -p "$tree"/etc/{udev/rules.d,pve/qemu-server,pve/mapping,libvirt/qemu/networks/autostart}
	printf 'KERNEL=="0000:01:00.?", ATTR{driver_override}="igb"\n' \
		>"$tree/etc/udev/rules.d/10-igb.rules"
	run --separate-stderr "$FAKE" "$tree" --json check
	json '.findings[] | select(.id == "devices.keepers") | .verdict == "pass"'
	rm "$tree/etc/udev/rules.d/10-igb.rules"
	ln -s nodes/here "$tree/etc/pve/local"
	printf 'hostpci0: mapping=card\n' >"$tree/etc/pve/qemu-server/100.conf"
	printf 'card\n\tmap node=here,path=0000:04:00\n\tmap node=other,path=0000:03:00\n' \
		>"$tree/etc/pve/mapping/pci.cfg"
	fake 0 show 04:00.1
	has 'kept by       Proxmox VE: given to a guest by mapping card, VM 100'
	fake 0 show 03:00.0
	lacks 'kept by'
	printf '<network><name>vfs</name>\n<forward mode="hostdev"><pf dev="eth0"/></forward>' \
		>"$tree/etc/libvirt/qemu/networks/vfs.xml"
	touch "$tree/etc/libvirt/qemu/networks/autostart/vfs.xml"
	fake 0 show 01:00.0
	has 'kept by       libvirt: its virtual functions are given to guests, network vfs, starts at boot'
	rm "$tree/etc/pve/mapping/pci.cfg"
	mkdir "$tree/etc/pve/mapping/pci.cfg"
	run --separate-stderr "$FAKE" "$tree" --json check
	json '.findings[] | select(.id == "devices.keepers") | .verdict == "unknown"'
}

@test "a function is known to be kept by what a program asks of devices, or perhaps to be" {
	keeps() {
		fake 0 show 0000:01:00.0
		"$1" "$2"
	}
	local rule=$tree/etc/udev/rules.d/10-vf.rules driver mac=02:00:00:aa:00:01
	local link=$tree/run/systemd/network/10-vf.link plan=$tree/etc/netplan/10-vf.yaml
	mkdir -p "$(dirname "$rule")" "$(dirname "$link")" "$(dirname "$plan")"
	driver=$(basename "$(readlink "$tree/sys/bus/pci/devices/0000:01:00.0/driver")")
	echo "ENV{ID_NET_DRIVER}==\"$driver\", ATTR{device/sriov_numvfs}=\"4\"" >"$rule"
	keeps has 'kept by       udev: 4 virtual functions'
	echo 'ENV{ID_NET_DRIVER}=="other", ATTR{device/sriov_numvfs}="4"' >"$rule"
	keeps lacks 'kept by'
	echo 'NAME=="eth*", ATTR{class}=="0x02*", ATTR{device/sriov_numvfs}="4"' >"$rule"
	keeps has 'kept by       perhaps udev: 4 virtual functions'
	fake 0 --json show 0000:01:00.0
	json '.detail.kept_by[0].perhaps'
	echo 'sriov: [{device: "0000:01:00.0", vfs: 2}]' >"$BATS_TEST_TMPDIR/host.yaml"
	fake 0 plan --file "$BATS_TEST_TMPDIR/host.yaml"
	has 'perhaps udev makes 4 virtual functions of 0000:01:00.0 again at each boot'
	rm "$rule"
	printf '[Match]\nMACAddress=%s\n[Link]\nSR-IOVVirtualFunctions=3\n' "${mac^^}" >"$link"
	mkdir -p "$tree/sys/class/net/eth0/address"
	keeps has 'kept by       perhaps systemd: 3 virtual functions'
	rmdir "$tree/sys/class/net/eth0/address"
	echo $mac >"$tree/sys/class/net/eth0/address"
	keeps has 'kept by       systemd: 3 virtual functions'
	printf '[Match]\nMACAddress=02:ff:ff:ff:ff:ff\n[Link]\nSR-IOVVirtualFunctions=3\n' >"$link"
	keeps lacks 'kept by'
	rm "$link"
	printf 'network: {ethernets: {lan: {match: {macaddress: "%s"}, virtual-function-count: 4}}}\n' \
		"$mac" >"$plan"
	keeps has 'kept by       netplan: 4 virtual functions'
	fake 3 plan --file "$BATS_TEST_TMPDIR/host.yaml"
	has 'netplan makes 4 virtual functions of it at each boot'
}

# This kernel has a VFIO driver that is made for edu.
make_variant() {
	printf 'alias %s\n' 'vfio_pci:v*d*sv*sd*bc*sc*i* vfio-pci' \
		'vfio_pci:v00001234d000011E8sv*sd*bc*sc*i* mlx5-vfio-pci' \
		'vfio_pci:v00001234d*sv*sd*bc*sc*i* nvgrace-gpu-vfio-pci' \
		>"$tree/lib/modules/6.12.0-fake/modules.alias"
	"$FAKE" --picture "$tree" >"$BATS_TEST_TMPDIR/before"
}

@test "bind chooses the VFIO driver that is made for the device, and obeys one that is named" {
	make_variant
	fake 0 bind 03:00.0
	has 'module mlx5_vfio_pci: absent → loaded'
	fake 0 list --json
	json '.devices[] | select(.address == "0000:03:00.0") | .driver == "mlx5_vfio_pci"'
	fake 0 bind 03:00.0
	has 'nothing was to be done'
	fake 0 release 03:00.0
	unchanged
	fake 0 bind 03:00.0 vfio-pci
	has 'this kernel has mlx5_vfio_pci for 0000:03:00.0'
	fake 0 bind 03:00.0
	has 'driver 0000:03:00.0: vfio-pci →'
	fake 0 release 03:00.0
	fake 0 list --json
	json '.devices[] | select(.address == "0000:03:00.0") | .driver == null'
	fake 2 apply passthrough --driver nvme 03:00.0
	says 'nvme: that is no driver of VFIO'
}

@test "bind sets how a device is reset and sleeps, and release puts it back" {
	fake 0 bind --reset-method pm,flr --no-d3cold 01:00.0
	[[ $(<"$tree/sys/bus/pci/devices/$NIC/reset_method") == 'pm flr' ]]
	[[ $(<"$tree/sys/bus/pci/devices/$NIC/d3cold_allowed") == 0 ]]
	fake 0 bind --reset-method pm,flr --no-d3cold 01:00.0
	has 'nothing was to be done'
	fake 0 release 01:00.0
	unchanged
	fake 3 bind --reset-method fast 01:00.0
	says 'fast'
	unchanged
	rm "$tree/sys/bus/pci/devices/$NIC/reset_method"
	fake 3 bind --reset-method bus 01:00.0
	says 'the kernel knows no way to reset it, or is older than Linux 5.15'
	fake 2 bind --no-d3cold 01:00.0 igb
}

@test "a graphics card goes with its other functions, and comes back with them" {
	fake 3 bind 04:00.0
	says 'give both away (passthrough 0000:04:00.0 0000:04:00.1, or bind --group)'
	fake 0 bind --companions 04:00.0
	fake 0 list --json
	json '[.devices[] | select(.address | startswith("0000:04:00")).driver] ==
		["vfio-pci", "vfio-pci"]'
	fake 0 release --companions 04:00.1
	has 'given back'
	unchanged
	fake 0 bind --group 04:00.1
	fake 0 release 04:00.1
	fake 0 release --group 04:00.0
	fake 0 list --json
	json '[.devices[] | select(.address | startswith("0000:04:00")).driver] ==
		["nouveau", "snd_hda_intel"]'
}

@test "what changed in groups and ways to reset since the host was good is told" {
	local functions=$tree/sys/kernel/iommu_groups
	fake 3 baseline
	says 'nothing is recorded (viaduct baseline save'
	fake 0 baseline save
	fake 0 baseline
	has 'nothing differs'
	# The same groups by other numbers are the same groups.
	mv "$functions/8" "$functions/80"
	ln -sfn "$(realpath --relative-to="$tree/sys/bus/pci/devices/0000:03:00.0/" "$functions/80")" \
		"$tree/sys/bus/pci/devices/0000:03:00.0/iommu_group"
	fake 0 baseline
	# The NVMe drive joins edu's group, and edu cannot be reset any more.
	mv "$functions/7/devices/0000:02:00.0" "$functions/80/devices/"
	ln -sfn "$(realpath --relative-to="$tree/sys/bus/pci/devices/0000:02:00.0/" "$functions/80")" \
		"$tree/sys/bus/pci/devices/0000:02:00.0/iommu_group"
	rm "$tree/sys/bus/pci/devices/0000:03:00.0/reset_method"
	fake 1 --json baseline
	json '.changes == [
		{what: "group of 0000:02:00.0", was: "0000:02:00.0",
		 is: "0000:02:00.0,0000:03:00.0", grave: true},
		{what: "group of 0000:03:00.0", was: "0000:03:00.0",
		 is: "0000:02:00.0,0000:03:00.0", grave: true},
		{what: "reset methods of 0000:03:00.0", was: "bus", is: "-", grave: true}]'
	run --separate-stderr "$FAKE" "$tree" --json check
	json '.findings[] | select(.id == "devices.baseline") |
		.verdict == "warn" and (.detail | startswith("3 things of devices changed since"))'
	fake 0 baseline save
	fake 0 baseline
	# Another kernel alone is nothing to be warned of.
	sed -i 's/^kernel .*/kernel 6.1.0-older/' "$tree/var/lib/viaduct/baseline"
	fake 1 baseline
	run --separate-stderr "$FAKE" "$tree" --json check
	json '.findings[] | select(.id == "devices.baseline") | .verdict == "pass"'
	echo 'function what' >>"$tree/var/lib/viaduct/baseline"
	fake 3 baseline
	says 'is none that viaduct writes'
	fake 2 baseline keep
}

@test "a VF whose PF goes through VFIO needs that one's token, and the plan says so" {
	fake 0 apply --yes sriov $PF=1
	fake 0 plan passthrough --now $VF
	lacks 'token'
	# As with enable_sriov=1, by which a user space driver makes VFs.
	mkdir -p "$tree/sys/bus/pci/drivers/vfio-pci"
	ln -sfn ../../../../bus/pci/drivers/vfio-pci "$(realpath "$tree/sys/bus/pci/devices/$PF")/driver"
	fake 0 plan passthrough --now $VF
	[[ $(tr -s ' \n' ' ' <<<"$output") == *"$VF is of $PF, which VFIO's vfio-pci has"*'prove and vm run --vf-token UUID'* ]]
}

# A host whose GRUB reads custom.cfg and which runs what its menu has; its IOMMU is off
make_bootable() {
	local line='root=/dev/sda1 ro quiet'
	mkdir -p "$tree/run/systemd/system" "$tree/etc/grub.d" "$tree/sys/firmware/acpi/tables"
	touch "$tree/etc/grub.d/41_custom"
	head -c 48 /dev/zero >"$tree/sys/firmware/acpi/tables/DMAR"
	printf 'BOOT_IMAGE=/boot/vmlinuz-6.12 %s\n' "$line" >"$tree/proc/cmdline"
	printf 'GRUB_CMDLINE_LINUX_DEFAULT=quiet\n' >"$tree/etc/default/grub"
	rm "$tree/etc/default/grub.d/10-words.cfg"
	printf 'set default="${next_entry}"\nset default="0"\nmenuentry Linux {\n\tlinux %s\n\tinitrd %s\n}\n%s\n' \
		"/boot/vmlinuz-6.12 $line" /boot/initrd.img 'source ${config_directory}/custom.cfg' \
		>"$tree/boot/grub/grub.cfg"
	{ printf '# GRUB Environment Block\n' && printf '#%.0s' {1..999}; } >"$tree/boot/grub/grubenv"
	"$FAKE" --picture "$tree" >"$BATS_TEST_TMPDIR/before"
}

# boot LINE: another boot, by that line; GRUB has emptied next_entry
boot() {
	printf 'BOOT_IMAGE=/boot/vmlinuz-6.12 %s\n' "$1" >"$tree/proc/cmdline"
	printf '00000000-0000-4000-8000-00000000000%d\n' $RANDOM >"$tree/proc/sys/kernel/random/boot_id"
	sed -i 's/^next_entry=.*/next_entry=/; s/$/#############/; 1s/#*$//' "$tree/boot/grub/grubenv"
	truncate -s 1024 "$tree/boot/grub/grubenv"
}

@test "a change on trial: pending, nothing beside it, never booted: taken back, and why" {
	make_bootable
	fake 4 apply --yes --trial nested
	has 'grub-once /boot/grub/grubenv: (none) → viaduct-trial'
	fake 0 history
	has 'on trial: the next boot tries it'
	fake 0 --json history
	json '.transactions[-1].trial | .state == "pending" and (.id | length == 12)'
	fake 3 apply --yes iommu passthrough
	says 'transaction 1 (nested) is on trial'
	fake 0 --json confirm --at-boot
	json '.done and .steps == [] and (.nothing | length > 0)'
	has 'since this boot: the next one tries it'
	fake 3 confirm
	says 'this boot is not the one that tries transaction 1'
	boot 'root=/dev/sda1 ro quiet'
	# What an earlier boot died of is not what this one did.
	mkdir -p "$tree/sys/fs/pstore"
	echo '<0>[9.0] BUG: of long ago' >"$tree/sys/fs/pstore/dmesg-efi-1"
	touch -d 2001-01-01 "$tree/sys/fs/pstore/dmesg-efi-1"
	echo '<0>[3.1] Kernel panic - not syncing: VFS' >"$tree/sys/fs/pstore/dmesg-efi-2"
	fake 4 confirm --at-boot
	has 'The trial failed: its boot never came to confirm it'
	has "the kernel's last words: Kernel panic - not syncing: VFS"
	fake 0 --json history
	json '.transactions[-1] | .state == "rolled-back" and .trial.state == "failed" and
		(.trial.why | startswith("its boot never came"))'
	fake 0 confirm --at-boot
	has 'Nothing is on trial.'
}

@test "a change with a timer goes back by itself, unless it is confirmed" {
	local tries=100
	fake 2 bind --revert-after 1 03:00.0
	says '--revert-after takes 5 to 86400 seconds'
	fake 0 bind --revert-after 5 03:00.0
	has 'undone in 5 s unless you say: viaduct confirm'
	until "$FAKE" --picture "$tree" | cmp -s "$BATS_TEST_TMPDIR/before" - || ((--tries == 0)); do
		sleep 0.2
	done
	unchanged
	fake 3 confirm
	says 'nothing is on trial'
	fake 0 --json apply --yes --revert-after 600 passthrough --now 03:00.0
	json '.undone_in_s == 600'
	fake 0 history
	has ' s, unless: viaduct confirm'
	fake 0 --json history
	json '.transactions | map(.undone_in_s != null) == [false, true]'
	fake 0 --json confirm
	json '.schema == "viaduct.confirm/1" and .kept == [2]'
	[[ -z $(ls "$tree/run/viaduct-timers") ]]
	fake 0 recover
	fake 0 release 03:00.0
	unchanged
	fake 0 bind --revert-after 600 03:00.0
	fake 0 release 03:00.0
	[[ -z $(ls "$tree/run/viaduct-timers") ]]
	fake 3 apply --yes --revert-after 60 nested
	says 'a timer undoes what takes effect now, and this takes effect with a boot'
	unchanged
}

# kernel RELEASE MODULE...: an installed kernel with those modules
kernel() {
	local folder=$tree/lib/modules/$1 module
	mkdir -p "$folder"
	: >"$folder/modules.builtin"
	for module in "${@:2}"; do
		printf 'kernel/drivers/%s.ko.xz:\n' "$module"
	done >"$folder/modules.dep"
}

@test "a kernel that was installed is judged before it runs, and a hook has it so" {
	kernel 6.12.0-fake vfio-pci vfio kvm
	fake 0 guard
	has 'the newest kernel: nothing stands against it'
	kernel 6.13.0-new vfio-pci vfio kvm
	[[ ! -e $tree/var/lib/viaduct/baseline ]]
	fake 0 guard
	has '6.13.0-new: nothing stands against it'
	has 'check compares them with those of'
	# What groups are compared with then is recorded once, and left alone from then on.
	sed -i 's/^time .*/time 2026-01-01T00:00:00Z/' "$tree/var/lib/viaduct/baseline"
	fake 0 guard
	has 'with those of 2026-01-01T00:00:00Z, kernel 6.12.0-fake'
	fake 0 --json guard
	json '.baseline == "2026-01-01T00:00:00Z"'

	# Modules that its owner names, and that went.
	kernel 6.12.0-fake vfio-pci vfio vfio_virqfd kvm old-driver
	printf '# mine\nvfio_virqfd\nnever-there\n' >"$tree/etc/modules"
	mkdir -p "$tree/etc/modprobe.d"
	echo 'options old_driver speed=9' >"$tree/etc/modprobe.d/old.conf"
	fake 1 guard
	says 'etc/modules names the module vfio_virqfd, which is gone since 6.2'
	says 'etc/modprobe.d/old.conf:1 names the module old_driver, which it has not.'
	! says 'never'
	rm "$tree/etc/modules" "$tree/etc/modprobe.d/old.conf"

	kernel 6.13.0-new vfio kvm
	fake 1 guard 6.13.0-new
	says 'viaduct: guard: 6.13.0-new: It has no module vfio_pci'
	fake 1 --json guard
	json '.schema == "viaduct.guard/1" and .kernel == "6.13.0-new" and
		(.findings | map(select(.id == "kernel.upgrade"))[0].verdict == "warn")'
	[[ $(find "$tree/var/lib/viaduct/results/guard" -name '*.json' | wc -l) -ge 1 ]]
	run --separate-stderr "$FAKE" "$tree" --json check
	json '.findings[] | select(.id == "kernel.upgrade") | .verdict == "warn"'

	fake 3 apply --yes guard
	says 'neither /etc/kernel/postinst.d nor kernel-install is here'
	mkdir -p "$tree/etc/kernel/postinst.d"
	fake 0 apply --yes guard
	hook=$tree/etc/kernel/postinst.d/zzz-viaduct
	[[ -x $hook ]]
	sh -n "$hook"
	# Whatever viaduct says, the package is installed.
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\necho "guard $*"\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/viaduct"
	chmod +x "$BATS_TEST_TMPDIR/bin/viaduct"
	sed "s|^PATH=|&$BATS_TEST_TMPDIR/bin:|" "$hook" >"$BATS_TEST_TMPDIR/hook"
	[[ $(sh "$BATS_TEST_TMPDIR/hook" 6.13.0-new /boot/vmlinuz) == 'guard guard 6.13.0-new' ]]
	fake 0 rollback
	[[ ! -e $hook ]]
}

@test "a PF with VFs on keeps its driver: they would go with it" {
	fake 0 apply --yes sriov 0000:01:00.0=2
	"$FAKE" --picture "$tree" >"$BATS_TEST_TMPDIR/before"
	fake 3 bind 01:00.0 nvme
	says 'it is a PF with 2 VFs on, which go when its driver lets go of it'
	fake 3 bind 01:00.0
	says 'it is a PF with 2 VFs on'
	unchanged
	fake 0 bind 01:00.0 igb
	has 'nothing was to be done'
}
