/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/claims.h"

#include <errno.h>

#include "decode/modalias.h"
#include "probe/probe.h"

enum { ALIASES_LIMIT = 16 * 1024 * 1024 };

/* A captured kernel: by its text files, which cannot lead a reader astray. */
static void open_texts(struct via_claims *claims, const struct via_root *root, const char *release)
{
	claims->loadable = root_blob(root, claims->arena, ALIASES_LIMIT,
				     "lib/modules/%s/modules.alias", release);
	claims->builtin = root_blob(root, claims->arena, ALIASES_LIMIT,
				    "lib/modules/%s/modules.builtin.modinfo", release);
	/* A kernel without that file says nothing of what is built in; one that hides it might. */
	if (fact_is(&claims->builtin.fact, VIA_UNKNOWN) && claims->builtin.fact.error != ENODATA)
		claims->loadable = claims->builtin;
	if (!fact_is(&claims->loadable.fact, VIA_PRESENT))
		claims->error = claims->loadable.fact.error ? claims->loadable.fact.error : ENOENT;
}

void claims_open(struct via_claims *ret, const struct via_root *root, struct via_host *host)
{
	const char *release = fact_text(&host->kernel_release);
	int r = release ? 0 : -ENODATA;

	*ret = (struct via_claims){ .arena = host->arena };
	if (release)
		r = module_index_open(&ret->index, root, release);
	if (r < 0 && release && !root_as_live(root))
		open_texts(ret, root, release);
	else
		ret->error = -r;
}

void claims_close(struct via_claims *claims)
{
	module_index_close(claims->index);
	claims->index = NULL;
}

struct via_fact claims_of(struct via_claims *claims, const char *alias, struct via_names *ret)
{
	const char *path = claims->loadable.fact.path ? claims->loadable.fact.path : "lib/modules";
	struct via_names names = { 0 };

	*ret = names;
	if (!alias || claims->error)
		return fact_unknown(path, alias ? claims->error : ENODATA);
	if (claims->index)
		return module_index_claims(claims->index, claims->arena, alias, ret);
	modalias_claims(claims->arena, claims->loadable.span, alias, &names);
	modalias_builtin_claims(claims->arena, claims->builtin.span, alias, &names);
	*ret = names;
	return fact_present(path, NULL, names.count);
}

void probe_claims(const struct via_root *root, struct via_host *host)
{
	struct via_claims claims;

	claims_open(&claims, root, host);
	via_for_each (device, &host->pci.devices)
		device->modules_known =
			claims_of(&claims, fact_text(&device->modalias), &device->modules);
	claims_close(&claims);
}
