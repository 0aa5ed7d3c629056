#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# made by viaduct: what is to be held for guests goes to vfio-pci before any other driver
# comes. Runs in the initramfs, ahead of udev. Which card is meant is told by all that
# /etc/viaduct/passthrough says of it, not by its address alone: no match, or two, and nothing
# is taken. Whatever happens is in the kernel log, and the boot goes on. With viaduct=off on the
# kernel's line nothing is taken in that boot.

sys=${VIADUCT_SYS:-/sys}
wanted=${VIADUCT_WANTED:-/etc/viaduct/passthrough}
log=${VIADUCT_LOG:-/dev/kmsg}

# say LEVEL TEXT: 5 is a notice, 3 an error
say() {
	echo "<$1>viaduct: $2" >>"$log" 2>/dev/null || true
}

# attribute DEVICE NAME: its text without 0x, "" where it cannot be read
attribute() {
	value=
	[ -r "$1/$2" ] && read -r value <"$1/$2" 2>/dev/null
	echo "${value#0x}"
}

# place_of DEVICE: the way to it through its bridges, without bus numbers, which move when a
# card is put in elsewhere: pci0000:00/02.0/00.0
place_of() {
	place=
	real=$(cd -P "$1" 2>/dev/null && pwd -P) || return 1
	rest=${real#*/devices/}
	while [ -n "$rest" ]; do
		part=${rest%%/*}
		case $part in
		pci????:?? | pci?????:??) place=$part ;;
		*:*:??.?) place=$place/${part##*:} ;;
		*) [ -z "$place" ] || place=$place/$part ;;
		esac
		[ "$rest" != "$part" ] || break
		rest=${rest#*/}
	done
	echo "$place"
}

# word DEVICE OFFSET: four bytes of its configuration space as 8 digits
word() {
	od -An -v -tx4 -j "$2" -N 4 "$1/config" 2>/dev/null | tr -d ' \n'
}

# serial_of DEVICE: the Device Serial Number capability, as 16 digits; "" for none
serial_of() {
	at=256
	steps=0
	while [ "$at" -ge 256 ] && [ "$at" -lt 4092 ] && [ "$steps" -lt 60 ]; do
		head=$(word "$1" "$at")
		case $head in
		'' | 00000000 | ffffffff) return ;;
		????0003)
			echo "$(word "$1" $((at + 8)))$(word "$1" $((at + 4)))"
			return
			;;
		esac
		at=$((0x${head%?????}))
		steps=$((steps + 1))
	done
}

# slot_of DEVICE: the name of the slot it sits in
slot_of() {
	name=${1##*/}
	for slot in "$sys"/bus/pci/slots/*/address; do
		[ "$(attribute "${slot%/address}" address)" = "${name%.*}" ] || continue
		slot=${slot%/address}
		echo "${slot##*/}"
		return
	done
}

# is_kind DEVICE: the ids that are asked for
is_kind() {
	[ "$(attribute "$1" vendor):$(attribute "$1" device)" = "$id" ] || return 1
	[ -z "$subsystem" ] ||
		[ "$(attribute "$1" subsystem_vendor):$(attribute "$1" subsystem_device)" = "$subsystem" ]
}

# agrees DEVICE: as the kind is right, whether this one is the one that was chosen
agrees() {
	# The functions of one card have the same serial number; one of nothing but zeros is none.
	[ "${1##*.}" = "${address##*.}" ] || return 1
	case $serial in
	*[!0-]*)
		found=$(serial_of "$1")
		if [ -n "$found" ]; then
			[ "$found" = "$serial" ]
			return
		fi
		;;
	esac
	[ -n "$place" ] && [ "$(place_of "$1")" = "$place" ]
}

# resolve: sets card, or why
resolve() {
	card='' why='' count=0 chosen=0 only=''
	for device in "$sys"/bus/pci/devices/*; do
		[ -e "$device/vendor" ] || continue
		is_kind "$device" || continue
		count=$((count + 1))
		only=$device
		agrees "$device" || continue
		chosen=$((chosen + 1))
		card=$device
	done
	[ "$chosen" -ne 1 ] || return 0
	card=
	if [ "$chosen" -gt 1 ]; then
		why="$chosen devices are $id and agree in all that is known"
	elif [ "$count" -eq 0 ]; then
		why="no device is $id${subsystem:+ of $subsystem}"
	elif [ "$count" -gt 1 ]; then
		why="$count devices are $id, and none sits where it sat (${place:-nowhere yet})"
	elif [ -n "$serial" ]; then
		why="${only##*/} is $id with another serial number, or with one that cannot be read"
	elif [ "$twins" -gt 0 ]; then
		why="one of $((twins + 1)) that are $id is left, and it does not sit where this one sat"
	else
		# The only one of its kind, then and now: it was put into another slot.
		card=$only
		return 0
	fi
	return 1
}

# take DEVICE: nothing but the driver that is asked for may have it
take() {
	name=${1##*/}
	if [ -e "$1/driver" ]; then
		bound=$(cd -P "$1/driver" && pwd -P)
		bound=${bound##*/}
		[ "$bound" != "$driver" ] || return 0
		say 4 "$name: $bound has it already (it is built in, or was loaded earlier): taken from it"
		echo "$name" >"$1/driver/unbind" 2>/dev/null
	fi
	echo "$driver" >"$1/driver_override" 2>/dev/null
	if [ "$(attribute "$1" driver_override)" != "$driver" ]; then
		say 3 "$name: its driver could not be chosen"
		return
	fi
	taken="$taken $name"
}

# finish DEVICE: whether it worked
finish() {
	name=${1##*/}
	[ -e "$1/driver" ] || echo "$name" >"$sys/bus/pci/drivers_probe" 2>/dev/null
	bound=none
	[ ! -e "$1/driver" ] || { bound=$(cd -P "$1/driver" && pwd -P) && bound=${bound##*/}; }
	if [ "$bound" = "$driver" ]; then
		say 5 "$name ($id) is held for guests by $driver"
	else
		say 3 "$name ($id) was meant for $driver, and is with: $bound"
	fi
}

# each start|end: that, for every device that is asked for
each() {
	while read -r line; do
		case $line in '' | '#'*) continue ;; esac
		address='' id='' subsystem='' place='' slot='' serial='' twins=0 driver=vfio-pci
		for part in $line; do
			value=${part#*=}
			case $part in
			address=*) address=$value ;;
			id=*) id=$value ;;
			subsystem=*) subsystem=$value ;;
			place=*) place=$value ;;
			slot=*) slot=$value ;;
			serial=*) serial=$value ;;
			twins=*) twins=$value ;;
			driver=*) driver=$value ;;
			esac
		done
		case $1${id:+/} in
		start/) start ;;
		end/) end ;;
		esac
	done <"$wanted"
}

start() {
	if ! resolve; then
		say 3 "${address:-$id} is not taken: $why"
		return
	fi
	[ "${card##*/}" = "${address:-${card##*/}}" ] ||
		say 5 "$address is ${card##*/} in this boot (slot ${slot:-unknown} then, $(slot_of "$card") now)"
	take "$card"
}

end() {
	resolve || return
	case " $taken " in *" ${card##*/} "*) finish "$card" ;; esac
}

taken=
[ -r "$wanted" ] || exit 0
read -r line <"${VIADUCT_CMDLINE:-/proc/cmdline}" 2>/dev/null
case " $line " in *' viaduct=off '*)
	say 5 "nothing is taken for guests in this boot: viaduct=off"
	exit 0
	;;
esac
each start
if [ -n "$taken" ]; then
	[ -n "$VIADUCT_SYS" ] || modprobe vfio-pci 2>/dev/null || say 3 "vfio-pci could not be loaded"
	each end
fi
exit 0
