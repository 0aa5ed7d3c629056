# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# The rows of the line of descent, each proved by its smallest real operation, and the ladder of
# what they cost.
# boot: --kernel small --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

# proves TARGET RUNGS
proves() {
	via --json prove "$1"
	ends 0 "prove $1"
	is "$(rungs)" "$2" "prove $1: every rung"
	has_keys "prove $1: the keys of each rung" '.rungs[]' rung verdict evidence errno ms
}

# evidence RUNG NAME
evidence() {
	json '.rungs[] | select(.rung == $rung).evidence[$name]' --arg rung "$1" --arg name "$2"
}

readonly TARGETS=/sys/kernel/config/target

# What targetcli would show, and the kernel's own count.
targets_of_kernel() {
	find "$TARGETS"/{core,vhost} -mindepth 1 -maxdepth 2 2>/dev/null | grep -v /alua | sort
}

# kill_with_target: a proof, killed as soon as its target is there
kill_with_target() {
	local tries=0 prover
	"$VIADUCT" prove --no-record vhost >/dev/null 2>&1 &
	prover=$!
	until compgen -G "$TARGETS/vhost/naa.*" >/dev/null || ((++tries > 20000)); do :; done
	kill -KILL "$prover" && echo killed
}

# wait_for_targets: as targets_of_kernel, once nobody of the proof is there
wait_for_targets() {
	local tries=0
	while pgrep -x viaduct >/dev/null && ((++tries < 100)); do
		sleep 0.1
	done
	targets_of_kernel
}

via --json prove vhost
ends 1 'prove vhost, without its modules'
is "$(json '.rungs[0] | "\(.verdict) \(.errno)"')" 'fail ENOENT' 'it says that there are no nodes'

modprobe -a kvm-amd vhost_net vhost_vsock vhost_scsi vhost_vdpa vdpa_sim_net vduse tun
proves kvm 'open:pass vm:pass vcpu:pass run:pass memslot:pass ioeventfd:pass irqfd:pass'
proves nested 'open:pass parameter:pass capability:pass vm:pass vcpu:pass run:pass'
is "$(evidence run inner_guest_had)" 'io out port 0x3f8 byte 0x4e' 'the inner guest has run'
proves iommu 'units:pass domains:pass interrupts:pass container:pass ioas:pass device:skip'
links=$(ip -o link)
rungs_of_vhost='nodes:pass net:pass net-ring:pass transmit:pass receive:pass vsock:pass vsock-ring:pass scsi:pass'
proves vhost "$rungs_of_vhost scsi-ring:skip"
like "$(json '.rungs[] | select(.rung == "scsi-ring").hint')" 'mount -t configfs' 'it says what is missing'
mount -t configfs configfs /sys/kernel/config
targets=$(targets_of_kernel)
proves vhost "$rungs_of_vhost scsi-ring:pass"
like "$(evidence scsi-ring serial)" '^[0-9a-f]{16}$' 'a disk has told its serial number'
is "$(ip -o link)" "$links" 'prove vhost: no interface is left'
is "$(targets_of_kernel)" "$targets" 'prove vhost: no target is left'
mkdir -p "$TARGETS/vhost/naa.5000000000000001/tpgt_1"
targets=$(targets_of_kernel)
proves vhost "$rungs_of_vhost scsi-ring:pass"
is "$(targets_of_kernel)" "$targets" "prove vhost: somebody else's target stays"
rmdir "$TARGETS"/vhost/naa.5000000000000001{/tpgt_1,} "$TARGETS/vhost"
targets=$(targets_of_kernel)
is "$(kill_with_target)" killed 'prove vhost is killed while there is a target'
is "$(wait_for_targets)" "$targets" 'and no target is left'

via --json prove vdpa
ends 1 'prove vdpa, without a device'
does 'a simulated network card' vdpa add vdpasim_net=lab0,driver=vhost_vdpa
proves vdpa 'device:pass open:pass status:pass memory:pass ring:pass'
like "$(evidence ring frame)" '128 bytes' 'a frame went around'
does 'it goes' vdpa remove lab0
if modprobe vdpa_sim_blk; then
	does 'a simulated disk' vdpa add vdpasim_blk=lab0,driver=vhost_vdpa
	proves vdpa 'device:pass open:pass status:pass memory:pass ring:pass'
	like "$(evidence ring sector)" '512 bytes' 'a sector is read'
	does 'it goes' vdpa remove lab0
fi
proves vduse 'control:pass create:pass node:pass queues:pass destroy:pass'
is "$(ls /sys/class/vduse)" control 'prove vduse: nothing is left'

# measured TEXT NAMES [OPTION...]: bench has a figure for each of these, and no order is upside down
measured() {
	local text=$1 names=$2
	shift 2
	via --json bench --no-record --limit 20 --only "$names" "$@"
	ends 0 "bench: $text"
	is "$(json '[.measures[] | select(.median_ns == null) | "\(.id): \(.because)"] | join(", ")')" '' \
		"$text: each was measured"
	is "$(json '[.orders[] | select(.holds == false) | "\(.more) < \(.less)"] | join(", ")')" '' \
		"$text: what must cost more does"
}

measured 'by KVM' exit-port-out,kick-port,memory-mapped,interrupt
does 'a simulated network card' vdpa add vdpasim_net=lab1,driver=vhost_vdpa
modprobe mtty
autoprobe=$(cat /sys/bus/vdpa/drivers_autoprobe 2>/dev/null || echo none)
does 'a mediated device of the sample' mdev create mtty=mtty-1
measured 'by rings and the kernel' vhost,vhost-user,vdpa,mdev,vduse,vduse-stream
is "$(ls /sys/class/vduse)" control 'bench: no VDUSE device is left'
is "$(cat /sys/bus/vdpa/drivers_autoprobe 2>/dev/null || echo none)" "$autoprobe" 'nor is the bus otherwise'
does 'an NVMe controller to vfio-pci' apply --yes passthrough "$NVME"
measured 'by VFIO' bar-mapped,bar-trapped,map-4k,ioas-4k,vfio-interrupt,vfio-trigger,dma-one-page,dma-many-pages --device "$NVME"
does 'it is given back' release "$NVME"
finish
