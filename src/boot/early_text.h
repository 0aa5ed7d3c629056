/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/* The files of boot/early as they are put on a host; made by boot/early/embed. */
extern const char early_passthrough[];
extern const char early_initramfs_tools_hook[], early_initramfs_tools_script[];
extern const char early_dracut_module[], early_dracut_pre_udev[], early_dracut_conf[];
extern const char early_mkinitcpio_install[], early_mkinitcpio_hook[], early_mkinitcpio_conf[],
	early_mkinitcpio_unit[];
