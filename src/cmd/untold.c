/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/command.h"

bool device_untold(const struct via_pci_device *device)
{
	return fact_is(&device->group, VIA_UNKNOWN) || fact_is(&device->driver, VIA_UNKNOWN) ||
	       (fact_is(&device->config.fact, VIA_PRESENT) && !device->capabilities.standard_read);
}

static bool anything_untold(const struct via_host *host)
{
	if (fact_is(&host->pci.bus, VIA_UNKNOWN) || fact_is(&host->kernel.iommu_class, VIA_UNKNOWN))
		return true;
	via_for_each (device, &host->pci.devices)
		if (device_untold(device))
			return true;
	return false;
}

int session_say_untold(const char *command, const struct via_host *host)
{
	fprintf(stderr, "viaduct: %s: %s: some facts could not be told%s\n", command, host->source,
		host->live && fact_number(&host->effective_uid, 0) ? " (run it as root to read all)"
								   : "");
	return VIA_EXIT_CANNOT_TELL;
}

int session_untold(const char *command, const struct via_host *host)
{
	return anything_untold(host) ? session_say_untold(command, host) : VIA_EXIT_DONE;
}
