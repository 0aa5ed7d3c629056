# SPDX-License-Identifier: GPL-2.0-or-later
# A mounted image: files that are to become a host. Nothing is known of what it will run on.
load common

setup() {
	build_host intel-off-in-kernel
	rm -r "$host"/{.viaduct,sys,proc,dev,run}
	mkdir "$host"/{sys,proc,dev,run}
	find "$host" -type f -exec sha256sum {} + | sort >"$BATS_TEST_TMPDIR/before"
}

# as_before: every file but the journal
as_before() {
	diff "$BATS_TEST_TMPDIR/before" <(find "$host" -type f -not -path '*/var/lib/viaduct/*' \
		-not -name viaduct.lock -exec sha256sum {} + | sort)
}

@test "check: nothing passes or fails of hardware that is not there" {
	viaduct 5 --root "$host" --json check
	json '[.findings[] | select(.layer == "firmware" and .evidence != []) | .verdict] -
		["unknown", "skip"] == []'
}

@test "goals are planned for whatever host it becomes" {
	viaduct 0 --root "$host" plan nested
	has 'options kvm_intel nested=1'
	has 'options kvm_amd nested=1'
	viaduct 0 --root "$host" plan isolate 2-3
	has 'isolcpus=managed_irq,domain,2-3'
	has 'does not tell how many processors'
	viaduct 3 --root "$host" plan isolate 0-3
	viaduct 0 --root "$host" --json plan hugepages 1G=4 2M=16
	json '[.actions[].target] | contains(["/etc/default/grub", "/etc/sysctl.d/90-viaduct-hugepages.conf"])'
	viaduct 0 --root "$host" --json plan iommu passthrough
	json '.risks | map(test("on AMD and Arm intel_iommu=on is without effect")) | any'
	json '.refused == [] and (.actions[0].diff | test("intel_iommu=on iommu=pt"))'
}

@test "devices that nobody sees yet are meant by their ids, and by nothing else" {
	local name
	for name in 01:00.0 gpu eth0; do
		viaduct 3 --root "$host" plan passthrough "$name"
		says 'name it by its ids'
	done
	viaduct 2 --root "$host" plan passthrough --driver vfio-pci 10de:2684
	viaduct 3 --root "$host" plan passthrough --now 10de:2684
	has 'nothing runs in an image'
	viaduct 3 --root "$host" plan passthrough 10de:2684
	has 'none of the known programs makes its initramfs'
}

@test "passthrough by ids: files for the initramfs, put in and taken back" {
	build_host initramfs-ready
	rm -r "$host"/{.viaduct,sys,proc,dev,run}
	mkdir "$host"/{sys,proc,dev,run}
	find "$host" -type f -exec sha256sum {} + | sort >"$BATS_TEST_TMPDIR/before"
	viaduct 4 --root "$host" --json apply --yes passthrough 10DE:2684 10de:22ba
	json '[.steps[].outcome] | unique == ["done", "to-run"]'
	[[ $(grep -v '^#' "$host/etc/viaduct/passthrough") == 'id=10de:2684 driver=vfio-pci
id=10de:22ba driver=vfio-pci' ]]
	viaduct 4 --root "$host" --json apply --yes passthrough 10de:22ba 8086:10c9
	[[ $(grep -c '^id=' "$host/etc/viaduct/passthrough") == 3 ]]
	viaduct 4 --root "$host" rollback
	viaduct 4 --root "$host" rollback
	as_before
}

@test "files are changed and changed back; the program that is not in it is still to be run" {
	viaduct 4 --root "$host" --json apply --yes isolate 2-3
	json '[.steps[].outcome] == ["done", "to-run"]'
	viaduct 4 --root "$host" --json apply --yes isolate 2-3
	json '[.steps[].outcome] == ["to-run"]'
	viaduct 4 --root "$host" rollback
	viaduct 4 --root "$host" --json rollback
	json '[.steps[].outcome] == ["undone", "to-run"] or [.steps[].outcome] == ["to-run", "undone"]'
	as_before
}

@test "nothing acts on the host it is mounted on" {
	local image=$BATS_TEST_TMPDIR/disk.img command
	truncate -s 1M "$image"
	for command in 'vm run' "serve --socket $BATS_TEST_TMPDIR/s $image" "vduse serve x $image" \
		'baseline save' 'prove kvm' bench 'bind 01:00.0' 'mdev remove x'; do
		# shellcheck disable=SC2086 # words
		viaduct 3 --root "$host" $command
		says 'this is an image'
	done
	viaduct 0 --root "$host" --json guard || [[ $status == 5 || $status == 1 ]]
	[[ ! -e $host/var/lib/viaduct ]]
}
