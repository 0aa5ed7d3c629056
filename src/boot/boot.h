/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/host.h"
#include "sys/root.h"

/**
 * boot_look - which loader booted this machine, with what, and what the next boot will be
 * @host: probed already; its boot is filled in
 * @image: index the initramfs even where nothing wants vfio-pci early
 *
 * Reads small files below boot, efi, etc and sys/firmware/efi/efivars. The initramfs itself
 * is read only where something on this host wants vfio-pci loaded early, or when asked to.
 *
 * Depth:  attributes
 * Needs:  root where /boot or the EFI partition are closed to others
 */
void boot_look(const struct via_root *root, struct via_host *host, bool image);
