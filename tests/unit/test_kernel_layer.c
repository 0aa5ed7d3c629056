/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "rules/rule.h"

#define THERE  fact_present("f", "listed", 1)
#define GONE   fact_absent("f")
#define UNTOLD fact_unknown("f", ENODATA)
#define SET(x) fact_present("c", x, 1)

/* Every way the facts of a module can come together. */
static void tells_the_state_of_a_module(void **state)
{
	static const struct {
		struct via_module module;
		enum via_module_state state;
	} rows[] = {
		{ { .builtin = { VIA_PRESENT } }, VIA_MODULE_STATE_BUILTIN },
		{ { .builtin = { VIA_PRESENT }, .loaded = { VIA_PRESENT } },
		  VIA_MODULE_STATE_BUILTIN },
		/* A bool option is not in modules.builtin. */
		{ { .builtin = { VIA_ABSENT }, .config = { VIA_PRESENT, .text = "y" } },
		  VIA_MODULE_STATE_BUILTIN },
		{ { .loaded = { VIA_PRESENT }, .loadable = { VIA_PRESENT } },
		  VIA_MODULE_STATE_LOADED },
		{ { .loaded = { VIA_PRESENT }, .loadable = { VIA_ABSENT } },
		  VIA_MODULE_STATE_BUILTIN },
		{ { .loaded = { VIA_PRESENT }, .builtin = { VIA_ABSENT } },
		  VIA_MODULE_STATE_LOADED },
		{ { .loaded = { VIA_PRESENT }, .builtin = { VIA_UNKNOWN } },
		  VIA_MODULE_STATE_HERE },
		{ { .available = { VIA_PRESENT }, .builtin = { VIA_ABSENT } },
		  VIA_MODULE_STATE_LOADABLE },
		{ { .builtin = { VIA_UNKNOWN },
		    .available = { VIA_UNKNOWN },
		    .config = { VIA_PRESENT, .text = "n" } },
		  VIA_MODULE_STATE_LEFT_OUT },
		/* Built outside the kernel, whatever its configuration says. */
		{ { .available = { VIA_PRESENT }, .config = { VIA_PRESENT, .text = "n" } },
		  VIA_MODULE_STATE_LOADABLE },
		{ { .builtin = { VIA_ABSENT },
		    .available = { VIA_ABSENT },
		    .config = { VIA_PRESENT, .text = "m" } },
		  VIA_MODULE_STATE_NOT_INSTALLED },
		{ { .builtin = { VIA_ABSENT }, .available = { VIA_ABSENT } },
		  VIA_MODULE_STATE_NONE },
		{ { .builtin = { VIA_ABSENT }, .available = { VIA_UNKNOWN } },
		  VIA_MODULE_STATE_UNKNOWN },
		{ { .builtin = { VIA_UNKNOWN },
		    .available = { VIA_UNKNOWN },
		    .config = { VIA_PRESENT, .text = "m" } },
		  VIA_MODULE_STATE_UNKNOWN },
		{ { .loaded = { VIA_ABSENT } }, VIA_MODULE_STATE_UNKNOWN },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		if (module_state(&rows[i].module) != rows[i].state)
			print_error("row %zu: %s\n", i,
				    module_state_words(module_state(&rows[i].module)));
		assert_int_equal(module_state(&rows[i].module), rows[i].state);
	}
}

static void names_every_module_once(void **state)
{
	for (int i = 0; i < VIA_MODULES; i++) {
		assert_non_null(module_kind(i)->name);
		assert_null(strchr(module_kind(i)->name, '-'));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(module_kind(i)->name, module_kind(j)->name);
	}
}

/* Who may open a node: owner, group, others, privilege, and who cannot be told. */
static void judges_permissions(void **state)
{
	static const struct {
		unsigned int mode, uid, gid;
		struct via_caller caller;
		enum via_known known;
		unsigned int lets;
	} rows[] = {
		{ 0600, 0, 0, { .uid = { VIA_PRESENT, .number = 0 } }, VIA_PRESENT, 1 },
		{ 0600,
		  0,
		  0,
		  { .uid = { VIA_PRESENT, .number = 1000 },
		    .groups = { VIA_PRESENT, .text = "1000 27" } },
		  VIA_PRESENT,
		  0 },
		{ 0660,
		  0,
		  107,
		  { .uid = { VIA_PRESENT, .number = 1000 },
		    .groups = { VIA_PRESENT, .text = "1000 107" } },
		  VIA_PRESENT,
		  1 },
		{ 0640,
		  0,
		  107,
		  { .uid = { VIA_PRESENT, .number = 1000 },
		    .groups = { VIA_PRESENT, .text = "107" } },
		  VIA_PRESENT,
		  0 },
		{ 0660,
		  0,
		  107,
		  { .uid = { VIA_PRESENT, .number = 1000 },
		    .groups = { VIA_PRESENT, .text = "10 1070" } },
		  VIA_PRESENT,
		  0 },
		{ 0600,
		  1000,
		  0,
		  { .uid = { VIA_PRESENT, .number = 1000 },
		    .groups = { VIA_PRESENT, .text = "1000" } },
		  VIA_PRESENT,
		  1 },
		{ 0666, 0, 0, { .uid = { VIA_PRESENT, .number = 1000 } }, VIA_PRESENT, 1 },
		{ 0660, 0, 107, { .uid = { VIA_PRESENT, .number = 1000 } }, VIA_UNKNOWN, 0 },
		{ 0600, 0, 0, { .uid = { VIA_UNKNOWN, .error = ENODATA } }, VIA_UNKNOWN, 0 },
		/* The superuser without his capability, and another with it */
		{ 0600,
		  1,
		  1,
		  { .uid = { VIA_PRESENT, .number = 0 },
		    .groups = { VIA_PRESENT, .text = "0" },
		    .capable = { VIA_PRESENT, .number = 0 } },
		  VIA_PRESENT,
		  0 },
		{ 0600,
		  0,
		  0,
		  { .uid = { VIA_PRESENT, .number = 1000 },
		    .capable = { VIA_PRESENT, .number = 2 } },
		  VIA_PRESENT,
		  1 },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		struct via_device_node node = { .name = "dev/x",
						.seen = { VIA_PRESENT },
						.mode = rows[i].mode,
						.uid = rows[i].uid,
						.gid = rows[i].gid };
		struct via_fact lets = node_lets(&node, &rows[i].caller);

		if (lets.known != rows[i].known || lets.number != rows[i].lets)
			print_error("row %zu\n", i);
		assert_int_equal(lets.known, rows[i].known);
		assert_int_equal(lets.number, rows[i].lets);
	}
}

static enum via_verdict verdict(const struct via_host *host, const char *id)
{
	const struct via_rule *rule = rule_find(id);
	struct via_finding finding = { .arena = host->arena };

	assert_non_null(rule);
	return rule->eval(host, &finding);
}

/* Whose word, option and log is to blame for an IOMMU that nobody drives. */
static void blames_the_right_driver(void **state)
{
	static const struct {
		bool amd;
		const char *intel_config, *starts, *amd_config, *line, *remedy, *starts_most;
	} rows[] = {
		{ false, "y", "n", "y", "quiet", "Add intel_iommu=on" },
		{ false, "y", "n", "y", "intel_iommu=on,sm_on", "look for DMAR errors" },
		{ false, "y", "y", "y", "quiet", "look for DMAR errors" },
		{ false, "y", "y", "n", "intel_iommu=off", "Remove intel_iommu=off" },
		{ false, "y", "n", "y", "amd_iommu=off", "Add intel_iommu=on" },
		{ false, "n", "n", "y", "intel_iommu=off", "Boot a kernel that has CONFIG_INTEL" },
		{ false, "y", "n", "y", "quiet", "look for DMAR errors", "y" }, /* Debian's */
		{ false, NULL, NULL, NULL, "quiet", "Add intel_iommu=on" },
		{ true, "n", "n", "y", "intel_iommu=off", "look for AMD-Vi errors" },
		{ true, "y", "y", "y", "intel_iommu=off iommu=off", "Remove iommu=off" },
		{ true, "y", "y", "y", "amd_iommu=off", "Remove amd_iommu=off" },
		{ true, "y", "y", "n", "quiet", "Boot a kernel that has CONFIG_AMD_IOMMU" },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_finding finding = { .arena = host->arena };
		struct via_fact *options = host->kernel.options;

		host->kernel.iommu_class = GONE;
		host->kernel.command_line = SET(rows[i].line);
		host->firmware.dmar.present = rows[i].amd ? GONE : THERE;
		host->firmware.ivrs.present = rows[i].amd ? THERE : GONE;
		if (rows[i].starts_most)
			options[VIA_OPTION_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF] =
				SET(rows[i].starts_most);
		if (rows[i].intel_config) {
			options[VIA_OPTION_INTEL_IOMMU] = SET(rows[i].intel_config);
			options[VIA_OPTION_INTEL_IOMMU_DEFAULT_ON] = SET(rows[i].starts);
			options[VIA_OPTION_AMD_IOMMU] = SET(rows[i].amd_config);
		}
		assert_int_equal(rule_find("iommu.in-use")->eval(host, &finding), VIA_FAIL);
		if (!strstr(finding.remedy.text, rows[i].remedy))
			print_error("row %zu: %s\n", i, finding.remedy.text);
		assert_non_null(strstr(finding.remedy.text, rows[i].remedy));
	}
}

/* What was written since this boot: {booted, configured, generated}. */
static void a_line_that_waits_is_not_asked_for(void **state)
{
	static const struct {
		const char *booted, *configured, *generated, *remedy;
	} rows[] = {
		{ "quiet", "quiet intel_iommu=on", "quiet intel_iommu=on", "already: reboot" },
		{ "quiet", "intel_iommu=on", "quiet", "follow it: update-grub, then reboot" },
		{ "quiet", "intel_iommu=on", NULL, "follow it: update-grub, then reboot" },
		{ "quiet", "quiet", "quiet intel_iommu=on", "Add intel_iommu=on" },
		{ "quiet", NULL, NULL, "Add intel_iommu=on" },
		{ "quiet", "intel_iommu=on iommu=off", "intel_iommu=on", "Add intel_iommu=on" },
		{ "iommu=off", "quiet", "quiet", "any more: reboot" },
		{ "iommu=off", "quiet", "iommu=off", "follow it: update-grub" },
		{ "iommu=off", "iommu=off", "iommu=off", "Remove iommu=off" },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_finding finding = { .arena = host->arena };

		host->kernel.iommu_class = GONE;
		host->kernel.command_line = SET(rows[i].booted);
		host->firmware.dmar.present = THERE;
		host->firmware.ivrs.present = GONE;
		host->boot.regenerate = "update-grub";
		if (rows[i].configured)
			host->boot.configured = SET(rows[i].configured);
		if (rows[i].generated)
			host->boot.generated = SET(rows[i].generated);
		assert_int_equal(rule_find("iommu.in-use")->eval(host, &finding), VIA_FAIL);
		if (!strstr(finding.remedy.text, rows[i].remedy))
			fail_msg("row %zu: %s", i, finding.remedy.text);
	}
}

/* Those that are neither VT-d nor AMD-Vi. */
static void knows_other_kinds_of_iommu(void **state)
{
	static const struct {
		const char *table, *built;
		unsigned int units;
		int smmus; /* -1: the table was not read */
		enum via_verdict verdict;
		const char *detail;
	} rows[] = {
		{ "VIOT", "m", 0, 0, VIA_FAIL, "describes virtio-iommu" },
		{ "VIOT", "n", 0, 0, VIA_FAIL, "describes virtio-iommu" },
		{ "VIOT", "m", 1, 0, VIA_PASS, "drives virtio-iommu: 1 unit" },
		{ "IORT", "y", 0, -1, VIA_CANNOT_TELL, "No SMMU is driven" },
		{ "IORT", "y", 0, 0, VIA_SKIP, "describes no SMMU" },
		{ "IORT", "y", 0, 3, VIA_FAIL, "describes 3 SMMUs, and the kernel drives none" },
		{ "IORT", "y", 2, -1, VIA_PASS, "drives the SMMU: 2 units" },
		{ "", "y", 0, 0, VIA_SKIP, "none to drive" },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_finding finding = { .arena = host->arena };
		struct via_firmware *firmware = &host->firmware;

		host->kernel.iommu_class = fact_present("sys/class/iommu", NULL, rows[i].units);
		if (!rows[i].units)
			host->kernel.iommu_class = GONE;
		host->kernel.options[VIA_OPTION_VIRTIO_IOMMU] = SET(rows[i].built);
		firmware->cpu.vendor = VIA_CPU_INTEL;
		firmware->dmar.present = firmware->ivrs.present = GONE;
		firmware->viot = *rows[i].table == 'V' ? THERE : GONE;
		firmware->iort.present = *rows[i].table == 'I' ? THERE : GONE;
		firmware->iort.decoded = rows[i].smmus >= 0;
		firmware->iort.nodes.smmus = rows[i].smmus > 0 ? (size_t)rows[i].smmus : 0;
		assert_int_equal(rule_find("iommu.in-use")->eval(host, &finding), rows[i].verdict);
		if (!strstr(finding.detail, rows[i].detail))
			print_error("row %zu: %s\n", i, finding.detail);
		assert_non_null(strstr(finding.detail, rows[i].detail));
	}
}

static void looks_for_remapping_names_on_x86_alone(void **state)
{
	_cleanup_host_ struct via_host *host = host_new();
	struct via_cpu *cpu = &host->firmware.cpu;

	host->kernel.iommu_class = THERE;
	host->kernel.interrupts_remapped = fact_present("proc/interrupts", "none", 0);
	host->kernel.unsafe_interrupts = GONE;
	cpu->vendor_id = cpu->flags = SET("x");
	assert_int_equal(verdict(host, "iommu.interrupt-remapping"), VIA_FAIL);
	cpu->vendor_id = cpu->flags = UNTOLD;
	assert_int_equal(verdict(host, "iommu.interrupt-remapping"), VIA_CANNOT_TELL);
	host->firmware.dmar.present = THERE; /* tables of x86 alone */
	assert_int_equal(verdict(host, "iommu.interrupt-remapping"), VIA_FAIL);
	host->firmware.dmar.present = GONE;
	cpu->vendor = VIA_CPU_AMD; /* by CPUID */
	assert_int_equal(verdict(host, "iommu.interrupt-remapping"), VIA_FAIL);
	cpu->vendor = VIA_CPU_OTHER;
	host->kernel.interrupts_remapped = fact_present("proc/interrupts", "IR-", 1);
	assert_int_equal(verdict(host, "iommu.interrupt-remapping"), VIA_PASS);
	cpu->vendor_id = cpu->flags = GONE;
	assert_int_equal(verdict(host, "iommu.interrupt-remapping"), VIA_SKIP);
}

/* Rules that rest on what nobody told never pass. */
static void never_passes_on_nothing(void **state)
{
	_cleanup_host_ struct via_host *host = host_new();
	const struct via_rule *rule;

	for (size_t i = 0; (rule = rule_at(i)); i++) {
		if (strncmp(rule->id, "descent.", 8) != 0 && strncmp(rule->id, "iommu.", 6) != 0 &&
		    strncmp(rule->id, "vfio.", 5) != 0 && strncmp(rule->id, "kernel.", 7) != 0)
			continue;
		if (verdict(host, rule->id) == VIA_PASS)
			print_error("%s passes\n", rule->id);
		assert_int_not_equal(verdict(host, rule->id), VIA_PASS);
	}
}

static void knows_two_switches_of_unsafe_interrupts(void **state)
{
	_cleanup_host_ struct via_host *host = host_new();
	struct via_live_parameter *iommufd = via_list_add(host->arena, &host->kernel.parameters);

	*iommufd = (struct via_live_parameter){ "iommufd", "allow_unsafe_interrupts", GONE };
	host->kernel.unsafe_interrupts = SET("N");
	assert_int_equal(verdict(host, "iommu.unsafe-interrupts"), VIA_PASS);
	iommufd->value = SET("Y");
	assert_int_equal(verdict(host, "iommu.unsafe-interrupts"), VIA_WARN);
	iommufd->value = SET("N");
	host->kernel.unsafe_interrupts = SET("1");
	assert_int_equal(verdict(host, "iommu.unsafe-interrupts"), VIA_WARN);
	host->kernel.unsafe_interrupts = UNTOLD;
	assert_int_equal(verdict(host, "iommu.unsafe-interrupts"), VIA_CANNOT_TELL);
}

static void tells_groups_from_device_nodes(void **state)
{
	static const struct {
		const char *release, *group, *cdev;
		enum via_verdict verdict;
	} rows[] = {
		{ "6.12.0", "y", "y", VIA_PASS }, { "6.12.0", "y", "n", VIA_PASS },
		{ "6.12.0", "n", "y", VIA_WARN }, { "6.12.0", "n", "n", VIA_WARN },
		{ "6.1.0", "n", "n", VIA_PASS }, /* before the option came */
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_kernel *kernel = &host->kernel;

		host->kernel_release = SET(rows[i].release);
		kernel->config = SET("boot/config");
		kernel->dev_vfio = kernel->vfio_devices = GONE;
		kernel->modules[VIA_MODULE_VFIO] =
			(struct via_module){ .name = "vfio", .available = THERE };
		kernel->modules[VIA_MODULE_VFIO_TYPE1] = (struct via_module){
			.name = "vfio_iommu_type1", .available = THERE, .builtin = GONE
		};
		kernel->options[VIA_OPTION_VFIO_GROUP] = SET(rows[i].group);
		kernel->options[VIA_OPTION_VFIO_DEVICE_CDEV] = SET(rows[i].cdev);
		assert_int_equal(verdict(host, "vfio.interfaces"), rows[i].verdict);
		kernel->options[VIA_OPTION_VFIO_GROUP] = UNTOLD;
		assert_int_equal(verdict(host, "vfio.interfaces"), VIA_CANNOT_TELL);
		kernel->dev_vfio = THERE;
		assert_int_equal(verdict(host, "vfio.interfaces"), VIA_PASS);
	}
}

/* A group that no back end takes cannot be attached. */
static void groups_need_a_back_end(void **state)
{
	static const struct {
		const char *type1, *compat, *cdev;
		enum via_verdict verdict;
	} rows[] = {
		{ "m", "n", "n", VIA_PASS },	     { "n", "y", "n", VIA_PASS },
		{ "n", "n", "n", VIA_WARN },	     { "n", "n", "y", VIA_WARN },
		{ NULL, "n", "n", VIA_CANNOT_TELL }, { "n", NULL, "n", VIA_CANNOT_TELL },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_kernel *kernel = &host->kernel;
		struct via_module *type1 = &kernel->modules[VIA_MODULE_VFIO_TYPE1];

		host->kernel_release = SET("6.12.0");
		kernel->config = SET("boot/config");
		kernel->dev_vfio = THERE;
		kernel->vfio_devices = GONE;
		kernel->options[VIA_OPTION_VFIO_DEVICE_CDEV] = SET(rows[i].cdev);
		kernel->options[VIA_OPTION_IOMMUFD_VFIO_CONTAINER] =
			rows[i].compat ? SET(rows[i].compat) : UNTOLD;
		*type1 = (struct via_module){ .name = "vfio_iommu_type1" };
		if (rows[i].type1)
			type1->builtin = GONE;
		if (rows[i].type1)
			type1->available = strcmp(rows[i].type1, "m") == 0 ? THERE : GONE;
		assert_int_equal(verdict(host, "vfio.interfaces"), rows[i].verdict);
	}
}

static void reads_reserved_regions(void **state)
{
	static const struct {
		const char *text;
		enum via_verdict verdict;
	} rows[] = {
		{ "0x00000000fee00000 0x00000000feefffff msi", VIA_PASS },
		{ "0x0000000000000000 0x0000000000ffffff direct-relaxable\n"
		  "0x00000000fee00000 0x00000000feefffff msi",
		  VIA_PASS },
		{ "0x0000000000000000 0x0000000000ffffff direct\n"
		  "0x00000000fee00000 0x00000000feefffff msi",
		  VIA_WARN },
		{ "0x0000000000000000 0x0000000000ffffff direct", VIA_WARN },
		{ NULL, VIA_CANNOT_TELL },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_pci_device *device = via_list_add(host->arena, &host->pci.devices);
		struct via_pci_group *group = via_list_add(host->arena, &host->pci.groups);

		host->kernel.iommu_class = THERE;
		device->name = "0000:01:00.0";
		device->class_code = fact_present("class", "0x020000", 0x020000);
		*via_list_add(host->arena, &group->devices) = device;
		group->name = GONE;
		group->reserved_regions = rows[i].text ? SET(rows[i].text) : UNTOLD;
		assert_int_equal(verdict(host, "iommu.reserved-regions"), rows[i].verdict);
	}
}

/* Before 6.6 only Intel's driver refused, and in other words. */
static void a_direct_region_is_refused_by_some(void **state)
{
	static const struct {
		enum via_cpu_vendor vendor;
		const char *release;
		enum via_verdict verdict;
		const char *words;
	} rows[] = {
		{ VIA_CPU_INTEL, "6.12.0", VIA_WARN, "Firmware has requested this device" },
		{ VIA_CPU_INTEL, "6.1.0", VIA_WARN, "Device is ineligible" },
		{ VIA_CPU_AMD, "6.12.0", VIA_WARN, "Firmware has requested this device" },
		{ VIA_CPU_AMD, "6.1.0", VIA_PASS, "kernels from 6.6 on do not" },
		{ VIA_CPU_AMD, NULL, VIA_WARN, "direct" },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_finding finding = { .arena = host->arena };
		struct via_pci_device *device = via_list_add(host->arena, &host->pci.devices);
		struct via_pci_group *group = via_list_add(host->arena, &host->pci.groups);

		host->kernel.iommu_class = THERE;
		host->firmware.cpu.vendor = rows[i].vendor;
		host->kernel_release = rows[i].release ? SET(rows[i].release) : UNTOLD;
		device->name = "0000:01:00.0";
		device->class_code = fact_present("class", "0x020000", 0x020000);
		*via_list_add(host->arena, &group->devices) = device;
		group->name = GONE;
		group->reserved_regions = SET("0x0000000000000000 0x0000000000ffffff direct");
		assert_int_equal(verdict(host, "firmware.reserved-regions"), rows[i].verdict);
		assert_int_equal(rule_find("iommu.reserved-regions")->eval(host, &finding),
				 rows[i].verdict);
		assert_non_null(strstr(finding.detail, rows[i].words));
	}
}

/* The same option in three tenses. */
static void compares_the_tenses_of_an_option(void **state)
{
	static const struct {
		const char *configured, *line, *live;
		enum via_verdict verdict;
	} rows[] = {
		{ "ignore_msrs=1", "", "Y", VIA_PASS },
		{ "ignore_msrs=Y", "", "Y", VIA_PASS },
		{ "ignore_msrs", "", "Y", VIA_PASS },
		{ "ignore_msrs=1", "", "N", VIA_WARN },
		{ "ignore_msrs=1", "kvm.ignore_msrs=0", "N", VIA_WARN },
		{ "ignore_msrs=0x10", "", "16", VIA_PASS },
		{ "ignore_msrs=a,b", "", "a,b", VIA_PASS },
		{ "ignore_msrs=a,b", "", "a,c", VIA_WARN },
		{ "other=1", "", "N", VIA_PASS },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_kernel *kernel = &host->kernel;

		kernel->modprobe_known = THERE;
		kernel->command_line = SET(rows[i].line);
		*via_list_add(host->arena, &kernel->modprobe) =
			(struct via_modprobe_rule){ VIA_MODPROBE_OPTIONS, "kvm", rows[i].configured,
						    "etc/modprobe.d/k.conf:1" };
		*via_list_add(host->arena, &kernel->parameters) =
			(struct via_live_parameter){ "kvm", "ignore_msrs", SET(rows[i].live) };
		if (verdict(host, "kernel.module-options") != rows[i].verdict)
			print_error("row %zu\n", i);
		assert_int_equal(verdict(host, "kernel.module-options"), rows[i].verdict);
	}
}

/* Ids: granted, missed, on nobody, and twins of the card that is the display. */
static void follows_ids_to_their_devices(void **state)
{
	static const struct {
		const char *driver, *twin_driver;
		bool boot;
		enum via_verdict verdict;
	} rows[] = {
		{ "vfio-pci", "vfio-pci", false, VIA_PASS },
		{ "vfio-pci", NULL, false, VIA_PASS },
		{ "vfio-pci", "nouveau", false, VIA_WARN },
		{ "vfio-pci", "vfio-pci", true, VIA_WARN },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();

		host->pci.bus = THERE;
		host->kernel.command_line = SET("vfio-pci.ids=10de:2684");
		for (int card = 0; card < 2; card++) {
			struct via_pci_device *device =
				via_list_add(host->arena, &host->pci.devices);
			const char *driver = card ? rows[i].twin_driver : rows[i].driver;

			device->name = card ? "0000:02:00.0" : "0000:01:00.0";
			device->vendor = fact_present("v", "0x10de", 0x10de);
			device->device = fact_present("d", "0x2684", 0x2684);
			device->driver = driver ? SET(driver) : GONE;
			device->boot_vga = fact_present("b", "1", rows[i].boot && card);
		}
		assert_int_equal(verdict(host, "kernel.vfio-conflicts"), rows[i].verdict);
		host->pci.bus = UNTOLD;
		assert_int_equal(verdict(host, "kernel.vfio-conflicts"), VIA_CANNOT_TELL);
	}
}

/* Of a softdep only what stands behind pre: is loaded first. */
static void orders_by_what_a_softdep_loads_first(void **state)
{
	static const struct {
		const char *line;
		enum via_verdict verdict;
	} rows[] = {
		{ "softdep nouveau pre: vfio-pci", VIA_PASS },
		{ "softdep\tnouveau  pre:  vfio_pci", VIA_PASS },
		{ "softdep nouveau post: drm pre: vfio vfio-pci", VIA_PASS },
		{ "softdep vfio-pci pre: nouveau", VIA_WARN },
		{ "softdep nouveau post: vfio-pci", VIA_WARN },
		{ "softdep nouveau pre: drm post: vfio-pci", VIA_WARN },
		{ "softdep nouveau pre: vfio-pci-core", VIA_WARN },
		{ "softdep nouveau_extra pre: vfio-pci", VIA_WARN },
		{ "softdep nouveau vfio-pci", VIA_WARN },
		{ "vfio-pci nouveau", VIA_WARN },
		{ "force_drivers+=\" vfio-pci \"", VIA_PASS },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_boot *boot = &host->boot;
		struct via_pci_device *card = via_list_add(host->arena, &host->pci.devices);

		*via_list_add(host->arena, &boot->wants) =
			(struct via_boot_want){ "f", "options vfio-pci ids=10de:2684" };
		*via_list_add(host->arena, &boot->wants) =
			(struct via_boot_want){ "f", rows[i].line };
		boot->looked = true;
		boot->image.file = boot->image.index = THERE;
		boot->modprobe_directory = THERE;
		*via_list_add(host->arena, &boot->image.content.modules) = "nouveau";
		*via_list_add(host->arena, &boot->image.content.modules) = "vfio_pci";
		boot->image.content.compression = "";
		card->name = "0000:01:00.0";
		card->vendor = fact_present("v", "0x10de", 0x10de);
		card->device = fact_present("d", "0x2684", 0x2684);
		card->driver = SET("nouveau");
		*via_list_add(host->arena, &card->modules) = "nouveau";
		if (verdict(host, "kernel.initramfs") != rows[i].verdict)
			print_error("row %zu: %s\n", i, rows[i].line);
		assert_int_equal(verdict(host, "kernel.initramfs"), rows[i].verdict);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_the_state_of_a_module),
		cmocka_unit_test(names_every_module_once),
		cmocka_unit_test(judges_permissions),
		cmocka_unit_test(blames_the_right_driver),
		cmocka_unit_test(a_line_that_waits_is_not_asked_for),
		cmocka_unit_test(knows_other_kinds_of_iommu),
		cmocka_unit_test(looks_for_remapping_names_on_x86_alone),
		cmocka_unit_test(never_passes_on_nothing),
		cmocka_unit_test(knows_two_switches_of_unsafe_interrupts),
		cmocka_unit_test(tells_groups_from_device_nodes),
		cmocka_unit_test(groups_need_a_back_end),
		cmocka_unit_test(reads_reserved_regions),
		cmocka_unit_test(a_direct_region_is_refused_by_some),
		cmocka_unit_test(compares_the_tenses_of_an_option),
		cmocka_unit_test(follows_ids_to_their_devices),
		cmocka_unit_test(orders_by_what_a_softdep_loads_first),
	};

	return cmocka_run_group_tests_name("kernel_layer", tests, NULL, NULL);
}
