# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# Rungs fail for the reason that was planted, and say it.
# boot: --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

# fails TEXT RUNG ERRNO REGEX COMMAND...: that rung of a proof fails so; REGEX is in its hint
fails() {
	local text=$1 rung=$2 errno=$3 regex=$4
	shift 4
	status=0
	"$@" "$VIADUCT" --json prove "$NVME" >"$work/out" 2>"$work/err" </dev/null || status=$?
	out=$(<"$work/out") err=$(<"$work/err")
	ends 1 "$text"
	is "$(json '[.rungs[] | select(.verdict == "fail") | "\(.rung) \(.errno)"] | join(" ")')" \
		"$rung $errno" "$text: $rung fails with $errno, and nothing else"
	like "$(json '.rungs[] | select(.verdict == "fail").hint')" "$regex" "$text: the reason"
}

does 'nvme to vfio-pci' apply --yes passthrough "$NVME"
readonly LIMIT=/sys/module/vfio_iommu_type1/parameters/dma_entry_limit

fails 'locked memory' dma-map ENOMEM 'locked memory.*limited too low' \
	prlimit --memlock=65536:65536 setpriv --bounding-set -ipc_lock
is "$(json '.rungs[] | select(.rung == "dma-map").evidence.memlock')" '64 KiB a process' \
	'locked memory: the limit is told'

value=$(<$LIMIT)
echo 0 >$LIMIT
fails 'mappings' dma-map ENOSPC 'dma_entry_limit' env
echo "$value" >$LIMIT

fails 'permission' open EACCES 'be root, or give your user access' \
	setpriv --reuid=65534 --clear-groups --inh-caps=-all --bounding-set=-all

echo >"$PCI/$NVME/reset_method"
fails 'no reset method' reset EOPNOTSUPP 'what one guest left in it' env
echo default >"$PCI/$NVME/reset_method"

mv /dev/kvm /dev/kvm.away
fails 'no KVM' kvm ENOENT 'kvm' env
is "$(json '.rungs[] | select(.rung == "guest") | "\(.verdict) \(.evidence.runs_on)"')" \
	"pass QEMU's emulation: KVM is not usable" 'no KVM: the guest is emulated, and that is told'
mv /dev/kvm.away /dev/kvm

QEMU=$(command -v qemu-system-x86_64)
mv "$QEMU" "$QEMU.away"
via --json prove "$NVME"
ends 0 'no QEMU'
is "$(json '.rungs[] | select(.rung == "guest").verdict')" skip 'no QEMU: no guest'
like "$(json '.rungs[] | select(.rung == "guest").hint')" 'not possible here, because QEMU' \
	'no QEMU: the reason'
mv "$QEMU.away" "$QEMU"
like "$(json .earlier)" '^2[0-9]{3}-' 'it is compared with the proof before'
is "$(json '[.rungs[] | select(.earlier == "fail" and .verdict == "pass").rung] | join(" ")')" kvm \
	'and tells what failed then'
via prove "$NVME"
like "$out" 'each rung as on 2' 'and what is as it was'
finish
