# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# boot: --kernel small --cpus 2
# A host that declares what it is to be: made in one go, once; a change by hand is seen, and made
# good; at boot each entry for itself; undone exactly.

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/tap.sh"

uuid=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
pf=0000:02:00.0 vf=0000:02:00.1 edu=0000:03:00.0
file=/etc/viaduct/host.yaml

mkdir -p /etc/viaduct
cat >"$file" <<END
sriov:
  - {device: "$pf", vfs: 2}
passthrough:
  - {device: "$edu", id: "1234:11e8"}
mediated:
  - {parent: mtty, type: mtty-2, uuid: $uuid}
vdpa:
  - {management: vdpasim_net, name: vdpa0, mac: "02:00:00:00:00:01", driver: vhost_vdpa}
END

# The host as the kernel tells it, without viaduct.
truth() {
	local device
	for device in $pf $edu $vf; do
		printf '%s %s\n' $device \
			"$(basename "$(readlink /sys/bus/pci/devices/$device/driver)" 2>/dev/null)"
	done
	cat /sys/bus/pci/devices/$pf/sriov_numvfs
	ls /sys/bus/mdev/devices /sys/bus/vdpa/devices 2>/dev/null
	find /etc/systemd/system -name 'viaduct*' | sort
}

finding() {
	via --json check
	jq -r '.findings[] | select(.id == "devices.declared").verdict' <<<"$out"
}

before=$(truth)
is "$(finding)" warn 'a host that was just started is not as declared'
does 'the plan' --json plan --file $file
is "$(jq -r '.refused | length' <<<"$out")" 0 'nothing of it is refused'
does 'apply' apply --yes --file $file
is "$(cat /sys/bus/pci/devices/$pf/sriov_numvfs)" 2 'two virtual functions'
is "$(basename "$(readlink /sys/bus/pci/devices/$edu/driver)")" vfio-pci 'edu is held for guests'
is "$(ls /sys/bus/mdev/devices)" $uuid 'the mediated device is there'
is "$(basename "$(readlink /sys/bus/vdpa/devices/vdpa0/driver)")" vhost_vdpa 'and the vDPA device'
holds 'systemd takes the unit' systemd-analyze --man=no verify /etc/systemd/system/viaduct-host.service
is "$(finding)" pass 'check says so'
made=$(truth)
does 'groups and ways to reset are recorded with it' baseline
like "$(</var/lib/viaduct/baseline)" "function $edu 1234:11e8 group=$edu" 'edu alone'

does 'a second time' apply --yes --file $file
like "$out" 'nothing was to be done' 'nothing is done, and it says so'

echo 0 >/sys/bus/pci/devices/$pf/sriov_numvfs
echo 1 >/sys/bus/mdev/devices/$uuid/remove
is "$(finding)" warn 'what was changed by hand is seen'
does 'at boot' apply --file $file --at-boot --wait 5
is "$(truth)" "$made" 'and made good'

does 'rollback of the second' rollback
via history --json
while via rollback && ((status == 0)); do :; done
is "$(truth)" "$before" 'undone exactly'
finish
