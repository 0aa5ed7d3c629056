# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# A virtual function whose PF somebody has through VFIO: opened with the token that this one has set,
# and with no other.
# boot: --kernel small --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

readonly TOKEN=11111111-2222-4333-8444-555555555555 OTHER=11111111-2222-4333-8444-555555555556

# hold_pf GROUP DEVICE TOKEN: what a user space driver of a PF does; says "held", and holds it until
# its input ends
hold_pf() {
	python3 <(cat <<-'PYTHON'
		import fcntl, os, struct, sys, uuid
		group, device, token = sys.argv[1:]
		VFIO, SET_IOMMU, SET_CONTAINER, GET_DEVICE, FEATURE = (0x3b64 + n for n in (0, 2, 4, 6, 17))
		SET_TOKEN, TYPE1V2 = 1 << 17, 3
		container = os.open("/dev/vfio/vfio", os.O_RDWR)
		opened = os.open(f"/dev/vfio/{group}", os.O_RDWR)
		fcntl.ioctl(opened, SET_CONTAINER, struct.pack("i", container))
		fcntl.ioctl(container, SET_IOMMU, TYPE1V2)
		pf = fcntl.ioctl(opened, GET_DEVICE, bytearray(device.encode() + b"\0"))
		fcntl.ioctl(pf, FEATURE, struct.pack("II", 24, SET_TOKEN) + uuid.UUID(token).bytes)
		print("held", flush=True)
		sys.stdin.read()
	PYTHON
	) "$@"
}

# proves_not TEXT [OPTION...]: the VF is not opened, and why
proves_not() {
	via --json prove --interface group "${@:2}" "$vf"
	ends 1 "$1"
	is "$(json '.rungs[] | select(.verdict == "fail") | "\(.rung) \(.errno)"')" 'attach EACCES' \
		"$1: it is not opened"
	like "$(json '.rungs[] | select(.verdict == "fail").hint')" 'its PF.*--vf-token UUID' \
		"$1: and the hint names the option"
}

before=$(kernel_state)
modprobe vfio-pci 2>/dev/null
echo Y >/sys/module/vfio_pci/parameters/enable_sriov
does 'the PF to vfio-pci' apply --yes passthrough --now "$IGB"
mkfifo "$work/until"
exec 9<>"$work/until"
hold_pf "$(group_of "$IGB")" "$IGB" "$TOKEN" >"$work/holder" 2>&1 <"$work/until" 9>&- &
for ((tries = 0; tries < 100; tries++)); do
	[[ ! -s $work/holder ]] || break
	sleep 0.2
done
is "$(<"$work/holder")" held 'somebody has the PF, and has set a token'
echo 1 >"$PCI/$IGB/sriov_numvfs"
vf=$(virtual_function "$IGB" 0)
is "$(driver_of "$vf")" vfio-pci 'its VF is given to vfio-pci by the kernel'

proves_not 'without the token'
proves_not 'with another' --vf-token "$OTHER"
via --json prove --interface group --limit 60 --vf-token "$TOKEN" "$vf"
ends 5 'with the token'
# No driver of its PF lets it move data.
is "$(rungs)" 'driver:pass open:pass attach:pass dma-map:pass dma-real:unknown isolation:skip region:pass interrupt:pass reset:pass kvm:pass guest:pass return:skip' \
	'with the token: every rung but those that the PF would have to help with'
is "$(json '.rungs[] | select(.rung == "guest").evidence.runs_on')" KVM \
	"with the token: QEMU's guest has it"
if [[ -e /dev/iommu ]]; then
	via --json prove --interface iommufd --limit 60 --vf-token "$TOKEN" "$vf"
	ends 5 'by iommufd'
	like "$(json '.rungs[] | select(.rung == "attach").evidence | tostring')" \
		'this kernel takes none|device' 'by iommufd: attached'
	is "$(json .highest)" guest 'by iommufd: the highest'
fi

exec 9>&-
wait
echo 0 >"$PCI/$IGB/sriov_numvfs"
does 'the PF is given back' release "$IGB"
is "$(kernel_state)" "$before" 'all as before'
finish
