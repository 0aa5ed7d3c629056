# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# A driver that never lets go of its device: viaduct comes back within its time limit, says
# where in the kernel it hangs, and cleans up once the driver has let go.
# boot: --topology default
# module: lab_hang
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

insmod "$MODULE"
is "$(driver_of "$EDU")" lab_hang 'the driver has edu'
before=$(kernel_state)

via bind "$EDU"
ends 3 'bind comes back'
like "$err" 'driver hangs in the kernel, in lab_hang_wait' 'it says that it hangs'
like "$err" 'state D: no signal reaches it' 'it says that no signal helps'
like "$err" 'its stack: lab_hang_wait \[lab_hang\] < .*pci_device_remove < ' \
	'it prints the stack'
like "$err" 'viaduct recover' 'it says what to do'
via --json history
is "$(json '.transactions[-1].state')" unfinished 'the journal knows that it is unfinished'
via bind "$NVME"
ends 3 'another change is refused meanwhile'
does 'looking goes on: list' list

echo 1 >/sys/module/lab_hang/parameters/let_go
for ((i = 0; i < 200; i++)); do
	[[ $(driver_of "$EDU") != null ]] || break
	sleep 0.1
done
is "$(driver_of "$EDU")" null 'the driver has let go'
# The write that hung holds the lock until it has ended.
for ((i = 0; i < 100; i++)); do
	via recover
	[[ $err == *'is changing this host'* ]] || break
	sleep 0.1
done
ends 0 'recover'
is "$(kernel_state)" "$before" 'all as before'
does 'bind goes now' bind "$EDU"
is "$(driver_of "$EDU")" vfio-pci 'edu is on vfio-pci'
does 'given back' release "$EDU"
is "$(kernel_state)" "$before" 'all as before, again'
finish
