/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

/* "none [integrity] confidentiality" -> "integrity" */
static struct via_fact lockdown(const struct via_root *root, struct via_arena *arena)
{
	struct via_fact fact = root_text(root, arena, "sys/kernel/security/lockdown");
	const char *open, *close;

	if (!fact_is(&fact, VIA_PRESENT))
		return fact;
	open = strchr(fact.text, '[');
	close = open ? strchr(open, ']') : NULL;
	if (!close)
		return fact_unknown(fact.path, EBADMSG);
	fact.text = arena_strndup(arena, open + 1, (size_t)(close - open - 1));
	return fact;
}

/* Four bytes of attributes, then the value (UEFI specification 2.10, 3.3 and 8.2). */
static struct via_fact efi_byte(const struct via_root *root, const struct via_host *host,
				const char *name, const char *const words[2])
{
	const char *path = arena_printf(host->arena, "sys/firmware/efi/efivars/%s", name);
	struct via_blob blob;
	uint8_t value;

	if (fact_is(&host->firmware.efi, VIA_ABSENT))
		return fact_absent(path);
	blob = root_blob(root, host->arena, 5, "%s", path);
	if (fact_is(&blob.fact, VIA_ABSENT))
		return fact_absent(path);
	if (!fact_is(&blob.fact, VIA_PRESENT))
		return fact_unknown(path, blob.fact.error ? blob.fact.error : ENODATA);
	if (!span_u8(blob.span, 4, &value))
		return fact_unknown(path, EBADMSG);
	return fact_present(path, words[value != 0], value);
}

/* The key that DKMS signs with: its own, or the one Debian and Ubuntu make. */
static struct via_fact dkms_key(const struct via_root *root, struct via_arena *arena)
{
	struct via_fact key = root_exists(root, arena, "var/lib/shim-signed/mok/MOK.der");

	return fact_is(&key, VIA_PRESENT) ? key : root_exists(root, arena, "var/lib/dkms/mok.pub");
}

void probe_secure_boot(const struct via_root *root, struct via_host *host)
{
	static const char *const on_off[] = { "off", "on" };
	struct via_firmware *firmware = &host->firmware;

	firmware->efi = root_exists(root, host->arena, "sys/firmware/efi");
	firmware->secure_boot =
		efi_byte(root, host, "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", on_off);
	/* Without the file system of EFI variables nothing in it is absent. */
	if (!fact_is(&firmware->efi, VIA_ABSENT) && fact_is(&firmware->secure_boot, VIA_ABSENT))
		firmware->secure_boot = fact_unknown(firmware->secure_boot.path, ENOENT);
	firmware->setup_mode =
		efi_byte(root, host, "SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c", on_off);
	firmware->shim_lax =
		efi_byte(root, host, "MokSBStateRT-605dab50-e046-4300-abb6-3dd810dd8b23", on_off);
	firmware->lockdown = lockdown(root, host->arena);
	firmware->sig_enforce =
		root_text(root, host->arena, "sys/module/module/parameters/sig_enforce");
	firmware->dkms_key = dkms_key(root, host->arena);
}
