/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a trial's boot has to show, and whether a kernel that was installed keeps what guests have.
 */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "plan/trial.h"
#include "rules/rule.h"

#define CARD "0000:01:00.0"

static struct via_host *make_host(const char *line)
{
	struct via_host *host = host_new();
	struct via_pci_device *card = via_list_add(host->arena, &host->pci.devices);

	host->kernel.command_line = fact_present("proc/cmdline", line, 1);
	host->kernel.iommu_class = fact_present("sys/class/iommu", NULL, 1);
	host->kernel_release = fact_present("proc/sys/kernel/osrelease", "6.1.0", 1);
	*card = (struct via_pci_device){
		.name = CARD,
		.address = { .bus = 1 },
		.driver = fact_present("driver", "vfio-pci", 1),
	};
	return host;
}

static void what_a_boot_has_to_show(void **state)
{
	static const struct {
		const char *expect, *missed; /* NULL: it is so */
	} rows[] = {
		{ "cmdline+intel_iommu=on", NULL },
		{ "cmdline+intel_iommu", "lacks intel_iommu" },
		{ "cmdline-intel_iommu=off", NULL },
		{ "cmdline-quiet", "still has quiet" },
		{ "iommu+driven", NULL },
		{ "driver+" CARD "=vfio-pci", NULL },
		{ "driver+" CARD "=nvme", "is held by vfio-pci" },
		{ "driver+0000:02:00.0=vfio-pci", "0000:02:00.0 is not there" },
		{ "moon+full", "nothing that could be looked at" },
	};
	_cleanup_host_ struct via_host *host = make_host("root=/dev/sda1 quiet intel_iommu=on");

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		struct via_names expect = { (const char **)&rows[i].expect, 1, 1 };
		struct via_names unmet = trial_unmet(host->arena, host, &expect);

		assert_int_equal(unmet.count, rows[i].missed != NULL);
		if (rows[i].missed)
			assert_non_null(strstr(unmet.items[0], rows[i].missed));
	}
}

static void what_could_not_be_told_is_not_so(void **state)
{
	static const char *const rows[] = { "cmdline+quiet", "cmdline-quiet", "iommu+driven",
					    "driver+" CARD "=vfio-pci" };
	_cleanup_host_ struct via_host *host = make_host("quiet");

	host->kernel.command_line = fact_unknown("proc/cmdline", EACCES);
	host->kernel.iommu_class = fact_unknown("sys/class/iommu", EACCES);
	host->pci.devices.items[0].driver = fact_unknown("driver", EACCES);
	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		struct via_names expect = { (const char **)&rows[i], 1, 1 };

		assert_int_equal(trial_unmet(host->arena, host, &expect).count, 1);
	}
}

static enum via_verdict upgrade_verdict(struct via_host *host, const char *detail)
{
	struct via_finding finding = { .arena = host->arena };
	enum via_verdict verdict = rule_find("kernel.upgrade")->eval(host, &finding);

	if (detail)
		assert_non_null(strstr(finding.detail, detail));
	return verdict;
}

static void a_kernel_that_was_installed(void **state)
{
	_cleanup_host_ struct via_host *host = make_host("quiet");
	struct via_upgrade *upgrade = &host->upgrade;

	assert_int_equal(upgrade_verdict(host, "not looked at"), VIA_SKIP);
	upgrade->looked = true;
	upgrade->kernel = fact_unknown("lib/modules", EACCES);
	assert_int_equal(upgrade_verdict(host, NULL), VIA_CANNOT_TELL);
	upgrade->kernel = fact_absent("lib/modules");
	assert_int_equal(upgrade_verdict(host, "No kernel"), VIA_SKIP);
	upgrade->kernel = fact_present("lib/modules", "6.12.0", 1);
	upgrade->modules = fact_unknown("modules.dep", ENOENT);
	assert_int_equal(upgrade_verdict(host, NULL), VIA_CANNOT_TELL);
	upgrade->modules = fact_present("modules.dep", NULL, 1);
	upgrade->early = fact_absent("etc/viaduct/passthrough");
	assert_int_equal(upgrade_verdict(host, "6.12.0 has what guests find"), VIA_PASS);

	upgrade->early = fact_present("etc/viaduct/passthrough", "/etc/viaduct/passthrough", 1);
	upgrade->image = fact_unknown("boot/initrd.img-6.12.0", ENOENT);
	assert_int_equal(upgrade_verdict(host, NULL), VIA_CANNOT_TELL);
	upgrade->image = fact_present("boot/initrd.img-6.12.0", "indexed", 1);
	assert_int_equal(upgrade_verdict(host, NULL), VIA_PASS);
	*via_list_add(host->arena, &upgrade->outside) = "scripts/init-top/00viaduct";
	assert_int_equal(upgrade_verdict(host, "initramfs lacks scripts/init-top/00viaduct"),
			 VIA_WARN);
	*via_list_add(host->arena, &upgrade->lacking) = "vfio_pci";
	assert_int_equal(upgrade_verdict(host, "no module vfio_pci"), VIA_WARN);
}

/* A kernel that has its modules, on a host that holds nothing early. */
static struct via_upgrade *installed(struct via_host *host, const char *release)
{
	struct via_upgrade *upgrade = &host->upgrade;

	upgrade->looked = true;
	upgrade->kernel = fact_present("lib/modules", release, 1);
	upgrade->modules = fact_present("modules.dep", NULL, 1);
	upgrade->early = fact_absent("etc/viaduct/passthrough");
	return upgrade;
}

static void modules_that_it_has_not(void **state)
{
	_cleanup_host_ struct via_host *host = make_host("quiet");
	struct via_upgrade *upgrade = installed(host, "6.1.0");

	*via_list_add(host->arena, &upgrade->lacking) = "vfio_virqfd";
	assert_int_equal(upgrade_verdict(host, "no module vfio_virqfd"), VIA_WARN);
	/* Since 6.2 it is a part of vfio. */
	upgrade->kernel.text = "6.12.0";
	assert_int_equal(upgrade_verdict(host, NULL), VIA_PASS);
	*via_list_add(host->arena, &upgrade->named) =
		(struct via_named_module){ "vfio_virqfd", "etc/modules" };
	assert_int_equal(upgrade_verdict(host, "etc/modules names the module vfio_virqfd, which "
					       "is gone since 6.2: it became part of vfio."),
			 VIA_WARN);
	*via_list_add(host->arena, &upgrade->named) =
		(struct via_named_module){ "other", "etc/modprobe.d/other.conf:1" };
	assert_int_equal(upgrade_verdict(host, "etc/modprobe.d/other.conf:1 names the module "
					       "other, which it has not."),
			 VIA_WARN);
}

static void words_that_it_does_not_take(void **state)
{
	_cleanup_host_ struct via_host *host = make_host("quiet");
	struct via_upgrade *upgrade = installed(host, "5.10.0");

	host->boot.configured = fact_present("etc/default/grub", "iommu.strict=1", 1);
	assert_int_equal(upgrade_verdict(host, "iommu.strict on its line"), VIA_WARN);
	upgrade->kernel.text = "6.12.0";
	assert_int_equal(upgrade_verdict(host, NULL), VIA_PASS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_boot_has_to_show),
		cmocka_unit_test(what_could_not_be_told_is_not_so),
		cmocka_unit_test(a_kernel_that_was_installed),
		cmocka_unit_test(modules_that_it_has_not),
		cmocka_unit_test(words_that_it_does_not_take),
	};

	return cmocka_run_group_tests_name("trial", tests, NULL, NULL);
}
