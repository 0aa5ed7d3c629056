/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "rules/lint.h"

#define INTEL VIA_CPU_INTEL
#define AMD   VIA_CPU_AMD
#define ANY   VIA_CPU_OTHER

#define OK	  VIA_LINT_OK
#define NO_EFFECT VIA_LINT_NO_EFFECT
#define UNKNOWN	  VIA_LINT_UNKNOWN
#define RISKY	  VIA_LINT_RISKY
#define NOT_HERE  VIA_LINT_NOT_HERE
#define OBSOLETE  VIA_LINT_OBSOLETE
#define WRONG	  VIA_LINT_WRONG

/* One word, a kernel, a processor, and what that kernel makes of the word. */
static const struct {
	const char *line, *kernel;
	enum via_cpu_vendor cpu;
	enum via_lint_verdict verdict;
} rows[] = {
	{ "intel_iommu=on", "6.12", INTEL, OK },
	{ "intel_iommu=on,sm_on", "6.1", INTEL, OK },
	{ "intel_iommu=on,sm_onn", "6.1", INTEL, OK }, /* compared by prefix */
	{ "intel_iommu=off", "6.1", INTEL, RISKY },
	{ "intel_iommu=igfx_off", "6.1", INTEL, RISKY },
	{ "intel_iommu=on,igfx_off", "5.10", INTEL, RISKY },
	{ "intel_iommu=enable", "6.12", INTEL, WRONG },
	{ "intel_iommu=on,nonsense", "6.12", INTEL, WRONG },
	{ "intel_iommu=nonsense", "7.1", INTEL, UNKNOWN },
	{ "intel_iommu=", "6.12", INTEL, WRONG },
	{ "intel_iommu", "6.12", INTEL, WRONG },
	{ "intel-iommu=on", "6.12", INTEL, OK },
	{ "intel_iommu=on", "6.12", AMD, NOT_HERE },
	{ "intel_iommu=on", "6.12.0-1-arm64", ANY, NOT_HERE },
	{ "intel_iommu=on", "6.12", ANY, OK },
	{ "amd_iommu=on", "6.12", AMD, NO_EFFECT },
	{ "amd_iommu=on", "5.10", AMD, NO_EFFECT },
	{ "amd_iommu=on", "6.12", INTEL, NO_EFFECT },
	{ "amd_iommu=force_enable", "6.12", INTEL, NOT_HERE },
	{ "vfio_virqfd", "6.2", INTEL, OBSOLETE },
	{ "vfio_virqfd.x=1", "6.12", AMD, OBSOLETE },
	{ "vfio_virqfd", "6.1", INTEL, UNKNOWN },
	{ "iommufd.new=1", "6.1", INTEL, NOT_HERE },
	{ "amd_iommu=off", "6.12", AMD, RISKY },
	{ "amd_iommu=pt", "6.12", AMD, WRONG },
	{ "amd_iommu=force_enable", "5.10", AMD, NOT_HERE },
	{ "amd_iommu=force_enable", "5.15", AMD, OK },
	{ "amd_iommu=pgtbl_v2", "6.1", AMD, OK },
	{ "amd_iommu=v2_pgsizes_only", "6.1", AMD, NOT_HERE },
	{ "amd_iommu=v2_pgsizes_only", "6.12", AMD, OK },
	{ "amd_iommu=v2_pgsizes_only", "5.14.0-427.el9.x86_64", AMD, UNKNOWN },
	{ "amd_iommu=fullflush", "6.18", AMD, OK },
	{ "iommu=pt", "6.12", INTEL, OK },
	{ "iommu=on", "6.12", INTEL, NO_EFFECT },
	{ "iommu=1", "6.12", AMD, NO_EFFECT },
	{ "iommu=off", "6.12", AMD, RISKY },
	{ "iommu=pt", "6.12.1-arm64", ANY, NOT_HERE },
	{ "iommu=passthrough", "6.12", INTEL, WRONG },
	{ "iommu.passthrough=1", "6.12.1-arm64", ANY, OK },
	{ "iommu.passthrough=pt", "6.12", INTEL, WRONG },
	{ "iommu.strict=0", "5.10", INTEL, NOT_HERE },
	{ "iommu.strict=0", "6.1", INTEL, OK },
	{ "iommu.forcedac=1", "5.10", INTEL, NOT_HERE },
	{ "intremap=no_x2apic_optout", "5.10", INTEL, OK },
	{ "intremap=off", "6.12", INTEL, RISKY },
	{ "intremap=posted_msi", "6.1", INTEL, NOT_HERE },
	{ "intremap=posted_msi", "6.12", INTEL, OK },
	{ "nointremap", "6.12", INTEL, RISKY },
	{ "nox2apic", "6.12", INTEL, OK },
	{ "vfio_iommu_type1.allow_unsafe_interrupts=1", "6.12", INTEL, RISKY },
	{ "vfio_iommu_type1.allow_unsafe_interrupts=0", "6.12", INTEL, OK },
	{ "vfio_iommu_type1.dma_entry_limit=many", "6.12", INTEL, WRONG },
	{ "iommufd.allow_unsafe_interrupts=1", "6.1", INTEL, NOT_HERE },
	{ "iommufd.allow_unsafe_interrupts=Y", "6.6", INTEL, RISKY },
	{ "vfio.enable_unsafe_noiommu_mode=1", "6.12", INTEL, RISKY },
	{ "vfio-pci.ids=10de:2684,10de:22ba", "6.12", INTEL, OK },
	{ "vfio_pci.ids=8086:1533:ffffffff:ffffffff:020000:ffff00", "6.12", INTEL, OK },
	{ "vfio-pci.ids=0000:01:00.0", "6.12", INTEL, WRONG },
	{ "vfio-pci.ids=10de", "6.12", INTEL, WRONG },
	{ "vfio-pci.disable_vga=1", "6.12", INTEL, OK },
	{ "vfio-pci.disable_vga=perhaps", "6.12", INTEL, WRONG },
	{ "rd.driver.pre=vfio-pci", "6.12", INTEL, OK },
	{ "rd.driver.pre=vfio_virqfd", "6.1", INTEL, OK },
	{ "rd.driver.pre=vfio_virqfd", "6.2", INTEL, OBSOLETE },
	{ "modules-load=vfio,vfio_pci,vfio_virqfd", "6.8.12-5-pve", INTEL, OBSOLETE },
	{ "rd.driver.pre=mlx5_vfio_pci", "5.15", INTEL, NOT_HERE },
	{ "module_blacklist=nouveau,nvidia_drm", "6.12", INTEL, OK },
	{ "module_blacklist=nvidia-drm", "6.12", INTEL, WRONG },
	{ "modprobe.blacklist=nvidia-drm", "6.12", INTEL, OK },
	{ "initcall_blacklist=sysfb_init", "6.12", INTEL, OK },
	{ "pci=realloc,noats", "6.12", INTEL, OK },
	{ "pci=realoc", "6.12", INTEL, WRONG },
	{ "pci=assign-busses", "6.12", INTEL, OK },
	{ "pci=config_acs=xx1@pci:8086:0", "6.1", INTEL, NOT_HERE },
	{ "pci=config_acs=xx1@pci:8086:0", "6.12", INTEL, OK },
	{ "pci=config_acs=10x@00:01.0;X1@00:1c.0,noats", "6.12", INTEL, OK },
	{ "pci=config_acs=00:01.0", "6.12", INTEL, WRONG },
	{ "pci=config_acs=9@00:01.0", "6.12", INTEL, WRONG },
	{ "pci=config_acs=@00:01.0", "6.12", INTEL, WRONG },
	{ "pci=noats,config_acs=1@00:01.0;00:1c.0", "6.12", INTEL, WRONG },
	{ "pci=config_acs=9@00:01.0", "6.1", INTEL, NOT_HERE },
	{ "ivrs_ioapic=32@00:14.0", "6.12", AMD, OK },
	{ "ivrs_ioapic[32]=00:14.0", "6.12", AMD, OK },
	{ "ivrs_acpihid[0001:00:14.5]=AMD0020:0", "6.12", AMD, OK },
	{ "ivrs_hpet[0]=00:14.0", "6.12", INTEL, NOT_HERE },
	{ "ivrs_ioapic[32=00:14.0", "6.12", AMD, UNKNOWN },
	{ "quiet[1]", "6.12", AMD, UNKNOWN },
	{ "pci=disable_acs_redir=0000:00:1c.0", "6.12", INTEL, RISKY },
	{ "pci=nomsi", "6.12", INTEL, RISKY },
	{ "pcie_acs_override=downstream,multifunction", "6.12.90-amd64", INTEL, NOT_HERE },
	{ "pcie_acs_override=downstream,multifunction", "6.8.12-5-pve", INTEL, UNKNOWN },
	{ "pcie_acs_override=downstream", "6.12.1-zen1-1-zen", AMD, UNKNOWN },
	{ "pcie_acs_override=downstream", "6.12-2-cachyos", AMD, UNKNOWN },
	{ "pcie_acs_override=downstream", "6.12-1-liquorix-amd64", AMD, UNKNOWN },
	{ "pcie_acs_override=downstream", "6.12.5", AMD, NOT_HERE },
	{ "pcie_acs_override=downstream", "6.8.0-45-generic", AMD, NOT_HERE },
	{ "pcie_acs_override=downstream", "6.11.4-301.fc41.x86_64", AMD, NOT_HERE },
	{ "pcie_acs_override=downstream", "6.12.1-arch1-1", AMD, NOT_HERE },
	{ "pcie_acs_override=downstream", "6.12.1-mine", AMD, UNKNOWN },
	{ "pcie_aspm=off", "6.12", INTEL, OK },
	{ "pcie_aspm=no", "6.12", INTEL, WRONG },
	{ "pcie_ports=compat", "6.12", INTEL, OK },
	{ "pcie_port_pm=off", "6.12", INTEL, OK },
	{ "video=efifb:off", "6.12", INTEL, OK },
	{ "video=vesafb:off", "6.12", INTEL, NO_EFFECT },
	{ "video=HDMI-A-1:1920x1080@60", "6.12", INTEL, OK },
	{ "nomodeset", "6.12", INTEL, OK },
	{ "kvm.ignore_msrs=1", "6.12", INTEL, OK },
	{ "kvm_intel.nested=1", "6.12", INTEL, OK },
	{ "kvm-intel.nested=1", "6.12", AMD, NOT_HERE },
	{ "kvm_amd.npt=1", "6.12", AMD, OK },
	{ "kvm_amd.vnmi=1", "6.1", AMD, NOT_HERE },
	{ "kvm.enable_virt_at_load=0", "6.8", INTEL, NOT_HERE },
	{ "kvm.enable_virt_at_load=0", "6.12", INTEL, OK },
	{ "kvm.nx_huge_pages=off", "6.12", INTEL, RISKY },
	{ "hugepagesz=1G", "6.12", INTEL, OK },
	{ "hugepagesz=3M", "6.12", INTEL, WRONG },
	{ "default_hugepagesz=1G", "6.12", AMD, NOT_HERE }, /* no pdpe1gb there */
	{ "hugepages=16", "6.12", INTEL, OK },
	{ "hugepages=0:8,1:8", "5.10", INTEL, NOT_HERE },
	{ "hugepages=0:8,1:8", "6.1", INTEL, OK },
	{ "hugepages=lots", "6.1", INTEL, WRONG },
	{ "isolcpus=nohz,domain,managed_irq,2-7", "6.12", INTEL, OK },
	{ "isolcpus=two", "6.12", INTEL, WRONG },
	{ "nohz_full=2-7,10", "6.12", INTEL, OK },
	{ "rcu_nocbs", "6.12", INTEL, OK },
	{ "i915.enable_guc=3", "6.12", INTEL, OK },
	{ "i915.max_vfs=7", "6.12", INTEL, UNKNOWN },
	{ "xe.max_vfs=7", "6.6", INTEL, NOT_HERE },
	{ "xe.max_vfs=7", "6.12", INTEL, OK },
	{ "mem_encrypt=on", "6.12", AMD, OK },
	{ "mitigations=off", "6.12", INTEL, RISKY },
	{ "mitigations=auto,no_guest_host", "6.18", INTEL, OK },
	{ "acpi=off", "6.12", INTEL, RISKY },
	{ "root=UUID=1", "6.12", INTEL, OK },
	{ "ro", "6.12", INTEL, OK },
	{ "quiet", "6.12", INTEL, OK },
	{ "splash", "6.12", INTEL, OK },
	{ "console=ttyS0,115200", "6.12", INTEL, OK },
	{ "BOOT_IMAGE=/vmlinuz", "6.12", INTEL, OK },
	{ "initrd=\\initrd.img", "6.12", INTEL, OK },
	{ "systemd.unit=rescue.target", "6.12", INTEL, OK },
	{ "rd.lvm.lv=vg/root", "6.12", INTEL, OK },
	{ "3", "6.12", INTEL, OK },
	{ "vfio_pcie.ids=1:2", "6.12", INTEL, UNKNOWN },
	{ "frobnicate", "6.12", INTEL, UNKNOWN },
};
_Static_assert(VIA_COUNT(rows) >= 60, "the table is the test");

static void set_cpu(struct via_host *host, enum via_cpu_vendor vendor)
{
	struct via_cpu *cpu = &host->firmware.cpu;

	cpu->vendor = vendor;
	if (vendor == ANY)
		return;
	cpu->flags = fact_present("proc/cpuinfo", vendor == INTEL ? "vmx pdpe1gb" : "svm", 1);
	cpu->vendor_id = fact_present("proc/cpuinfo", "", 1);
}

static void judges_each_row(void **state)
{
	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_lint_kernel kernel;
		struct via_lint lint;

		set_cpu(host, rows[i].cpu);
		assert_int_equal(lint_kernel_named(host, rows[i].kernel, &kernel), 0);
		lint_line(host->arena, rows[i].line, &kernel, &lint);
		assert_int_equal(lint.words.count, 1);
		if (lint.words.items[0].verdict != rows[i].verdict)
			print_error("%s on %s: %s (%s)\n", rows[i].line, rows[i].kernel,
				    lint_verdict_name(lint.words.items[0].verdict),
				    lint.words.items[0].text);
		assert_int_equal(lint.words.items[0].verdict, rows[i].verdict);
		assert_non_null(lint.words.items[0].text);
	}
}

static const struct {
	const char *line;
	size_t contradictions, clashes;
	const char *text; /* of the first clash */
} lines[] = {
	{ "ro quiet intel_iommu=on iommu=pt", 0, 0 },
	{ "intel_iommu=on,off", 1, 1 },
	{ "intel_iommu=on quiet intel_iommu=off", 1, 1 },
	{ "iommu=pt iommu=nopt", 1, 1 },
	{ "iommu=pt iommu.passthrough=0", 1, 1 },
	{ "iommu=pt iommu.passthrough=1", 0, 0 },
	{ "iommu=pt iommu=pt", 0, 1 },
	{ "vfio-pci.ids=10de:1 vfio_pci.ids=10de:2", 1, 1 },
	{ "console=tty0 console=ttyS0", 0, 0 },
	{ "hugepagesz=1G hugepages=4 hugepagesz=2M hugepages=512", 0, 0 },
	{ "pci=realloc pci=noats", 0, 0 },
	{ "vfio-pci.ids=10de:1 module_blacklist=vfio_pci", 1, 1 },
	{ "vfio-pci.ids=10de:1 module_blacklist=vfio-pci", 0, 0 },
	{ "rd.driver.pre=vfio-pci rd.driver.blacklist=vfio_pci", 1, 1 },
	{ "vfio-pci.ids=10de:1 iommu=off", 1, 1 },
	{ "module_blacklist=xe module_blacklist=i915", 1, 1 },
	{ "modprobe.blacklist=xe modprobe.blacklist=i915", 0, 0 },
	{ "ro rw", 1, 1 },
	{ "amd_iommu=off amd_iommu=force_enable", 1, 1, "off wins" },
	{ "isolcpus=1-3 isolcpus=4-5", 1, 1, "only the first one counts" },
	{ "isolcpus=domain,managed_irq,1-3 isolcpus=4-5", 1, 1, "only the first one counts" },
	{ "isolcpus=nohz,1-3 isolcpus=domain,4-5", 0, 0 },
	{ "isolcpus=1-3 isolcpus=1-3", 0, 1 },
	{ "nohz_full=1-3 nohz_full=4", 1, 1, "only the first one counts" },
	{ "rcu_nocbs=1-3 rcu_nocbs=4", 1, 1, "only the last one counts" },
};

static void finds_contradictions(void **state)
{
	for (size_t i = 0; i < VIA_COUNT(lines); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_lint_kernel kernel;
		struct via_lint lint;

		set_cpu(host, INTEL);
		lint_kernel_named(host, "6.12", &kernel);
		lint_line(host->arena, lines[i].line, &kernel, &lint);
		if (lint.contradictions != lines[i].contradictions)
			print_error("%s\n", lines[i].line);
		assert_int_equal(lint.contradictions, lines[i].contradictions);
		assert_int_equal(lint.clashes.count, lines[i].clashes);
		if (lines[i].text)
			assert_non_null(strstr(lint.clashes.items[0].text, lines[i].text));
	}
}

/* The one word of @line, judged against the host's own kernel. */
static struct via_lint_word own(struct via_host *host, const char *line)
{
	struct via_lint_kernel kernel = lint_kernel_of(host);
	struct via_lint lint;

	lint_line(host->arena, line, &kernel, &lint);
	assert_int_equal(lint.words.count, 1);
	return lint.words.items[0];
}

static void knows_the_modules_of_its_host(void **state)
{
	_cleanup_host_ struct via_host *host = host_new();
	struct via_module *module = &host->kernel.modules[VIA_MODULE_VFIO_PCI];
	struct via_lint_word word;

	host->kernel_release = fact_present("proc/sys/kernel/osrelease", "6.12.90-amd64", 1);
	*module = (struct via_module){ .name = "vfio_pci",
				       .builtin = fact_absent("b"),
				       .available = fact_present("d", "listed", 1) };
	word = own(host, "vfio-pci.ids=10de:2684");
	assert_int_equal(word.verdict, OK);
	assert_non_null(strstr(word.text, "modprobe"));
	module->builtin = fact_present("b", "listed", 1);
	assert_non_null(strstr(own(host, "vfio-pci.ids=10de:2684").text, "built in here"));
	assert_int_equal(own(host, "rd.driver.pre=vfio-pci").verdict, NO_EFFECT);
	assert_int_equal(own(host, "module_blacklist=vfio_pci").verdict, NO_EFFECT);
	module->builtin = module->available = fact_absent("b");
	assert_int_equal(own(host, "vfio-pci.ids=10de:2684").verdict, NOT_HERE);
	module->builtin = module->available = fact_unknown("b", ENODATA);
	assert_non_null(strstr(own(host, "vfio-pci.ids=10de:2684").text, "could not be told"));
}

static void knows_the_devices_of_its_host(void **state)
{
	_cleanup_host_ struct via_host *host = host_new();
	struct via_pci_device *device = via_list_add(host->arena, &host->pci.devices);

	host->kernel_release = fact_present("proc/sys/kernel/osrelease", "6.12.90-amd64", 1);
	host->pci.bus = fact_present("sys/bus/pci/devices", NULL, 1);
	device->vendor = fact_present("vendor", "0x10de", 0x10de);
	device->device = fact_present("device", "0x2684", 0x2684);
	assert_int_equal(own(host, "vfio-pci.ids=10de:2684").verdict, OK);
	assert_int_equal(own(host, "vfio-pci.ids=10de:2684,10de:22ba").verdict, NO_EFFECT);
}

static void knows_how_its_kernel_was_built(void **state)
{
	_cleanup_host_ struct via_host *host = host_new();
	struct via_fact *all = &host->kernel.options[VIA_OPTION_INTEL_IOMMU_DEFAULT_ON];
	struct via_fact *most = &host->kernel.options[VIA_OPTION_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF];

	host->kernel_release = fact_present("proc/sys/kernel/osrelease", "6.12.90-amd64", 1);
	*all = fact_present("boot/config: CONFIG_INTEL_IOMMU_DEFAULT_ON", "y", 1);
	assert_non_null(strstr(own(host, "intel_iommu=on").text, "adds nothing"));
	*all = *most = fact_present("boot/config: CONFIG_INTEL_IOMMU_DEFAULT_ON", "n", 1);
	assert_non_null(strstr(own(host, "intel_iommu=on").text, "leaves it off"));
	*most = fact_present("boot/config: CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF", "y", 1);
	assert_non_null(strstr(own(host, "intel_iommu=on").text, "integrated GPU"));
	host->kernel.options[VIA_OPTION_INTEL_IOMMU] =
		fact_present("boot/config: CONFIG_INTEL_IOMMU", "n", 1);
	assert_int_equal(own(host, "intel_iommu=on").verdict, NOT_HERE);
	assert_non_null(strstr(own(host, "intel_iommu=off").text, "without CONFIG_INTEL_IOMMU"));
	assert_int_equal(own(host, "amd_iommu=off").verdict, RISKY);
	host->kernel.options[VIA_OPTION_AMD_IOMMU] =
		fact_present("boot/config: CONFIG_AMD_IOMMU", "n", 1);
	assert_int_equal(own(host, "amd_iommu=off").verdict, NOT_HERE);
	assert_int_equal(own(host, "amd_iommu=on").verdict, NO_EFFECT);
	host->kernel.options[VIA_OPTION_INTEL_IOMMU].text = "y";
	*all = *most = fact_unknown("boot/config", ENOENT);
	assert_non_null(strstr(own(host, "intel_iommu=on").text, "could not be told"));
}

/* The sentences that people look for, word for word. */
static void says_it_in_these_words(void **state)
{
	static const struct {
		const char *line, *text;
		enum via_cpu_vendor vendor;
	} sentences[] = {
		{ "amd_iommu=on", "no effect here, harmless", VIA_CPU_INTEL },
		{ "amd_iommu=on", "no effect here, harmless", VIA_CPU_AMD },
		{ "ivrs_ioapic[32]=00:14.0", "a deprecated spelling, still read", VIA_CPU_AMD },
		{ "vfio_virqfd", "gone since 6.2", VIA_CPU_INTEL },
		{ "modules-load=vfio_virqfd", "gone since 6.2", VIA_CPU_INTEL },
		{ "rd.driver.pre=vfio_virqfd", "gone since 6.2", VIA_CPU_AMD },
		{ "pcie_acs_override=downstream,multifunction", "this kernel has no such parameter",
		  VIA_CPU_AMD },
	};
	_cleanup_host_ struct via_host *host = host_new();
	struct via_lint_word word;

	host->kernel_release = fact_present("proc/sys/kernel/osrelease", "6.12.90-amd64", 1);
	for (size_t i = 0; i < VIA_COUNT(sentences); i++) {
		host->firmware.cpu.vendor = sentences[i].vendor;
		word = own(host, sentences[i].line);
		if (!strstr(word.text, sentences[i].text))
			print_error("%s: %s\n", sentences[i].line, word.text);
		assert_non_null(strstr(word.text, sentences[i].text));
	}
	host->firmware.cpu.vendor = VIA_CPU_INTEL;
	word = own(host, "intel_iommu=on,sm_on");
	assert_string_equal(word.value, "on,sm_on");
	assert_int_equal(word.options.count, 2);
	assert_int_equal(word.verdict, OK);
	host->kernel_release = fact_present("proc/sys/kernel/osrelease", "6.8.12-5-pve", 1);
	word = own(host, "pcie_acs_override=downstream");
	assert_null(strstr(word.text, "no such parameter"));
}

/* The log of this boot goes before the name of the kernel, whatever that is. */
static void believes_the_log_of_an_override(void **state)
{
	static const char overridden[] = "Warning: PCIe ACS overrides enabled; This may allow";
	static const char strange[] = "Unknown kernel command line parameters "
				      "\"pcie_acs_override=downstream\", will be passed";
	static const struct {
		const char *release, *line, *log;
		bool whole;
		enum via_lint_verdict verdict;
	} logs[] = {
		{ "6.12.90-amd64", "pcie_acs_override=downstream", overridden, true, RISKY },
		{ "6.12.1-mine", "pcie_acs_override=downstream", overridden, false, RISKY },
		{ "6.12.1-mine", "pcie_acs_override=downstream", "", true, NOT_HERE },
		{ "6.8.12-5-pve", "pcie_acs_override=downstream", "", true, NOT_HERE },
		{ "6.8.12-5-pve", "pcie_acs_override=downstream", strange, false, NOT_HERE },
		{ "6.8.12-5-pve", "pcie_acs_override=downstream", "", false, UNKNOWN },
		{ "6.12.1-mine", "quiet", "", true, UNKNOWN }, /* it had nothing to say */
		{ "6.12.90-amd64", "quiet", "", true, NOT_HERE },
		{ "6.12.90-amd64", "quiet", "", false, NOT_HERE },
	};

	for (size_t i = 0; i < VIA_COUNT(logs); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		const char *text =
			arena_printf(host->arena, "%s%s\n",
				     logs[i].whole ? "Linux version 6.12\n" : "", logs[i].log);
		struct via_lint_word word;

		host->kernel_release = fact_present("osrelease", logs[i].release, 1);
		host->kernel.command_line = fact_present("proc/cmdline", logs[i].line, 1);
		host->log.fact = fact_present("dmesg", NULL, 1);
		host->log.beginning = logs[i].whole ? fact_present("dmesg", NULL, 1)
						    : fact_unknown("dmesg", ENODATA);
		kernel_log_decode(host->arena,
				  (struct via_span){ (const uint8_t *)text, strlen(text) },
				  &host->log.log);
		word = own(host, "pcie_acs_override=downstream");
		if (word.verdict != logs[i].verdict)
			print_error("row %zu: %s\n", i, word.text);
		assert_int_equal(word.verdict, logs[i].verdict);
	}
}

static void says_so_when_the_release_is_unknown(void **state)
{
	_cleanup_host_ struct via_host *host = host_new();

	assert_int_equal(own(host, "pci=config_acs=1@0").verdict, UNKNOWN);
	assert_int_equal(own(host, "rd.driver.pre=vfio_virqfd").verdict, UNKNOWN);
	assert_int_equal(own(host, "pcie_acs_override=downstream").verdict, UNKNOWN);
	assert_int_equal(own(host, "iommu=pt").verdict, OK);
}

static void reads_releases(void **state)
{
	_cleanup_host_ struct via_host *host = host_new();
	struct via_lint_kernel kernel;

	assert_int_equal(lint_kernel_named(host, "v6.8", &kernel), 0);
	assert_int_equal(kernel.version, VIA_KERNEL(6, 8));
	assert_int_equal(lint_kernel_named(host, "6.18.44-fc-v595", &kernel), 0);
	assert_int_equal(kernel.version, VIA_KERNEL(6, 18));
	assert_int_equal(lint_kernel_named(host, "6", &kernel), -EINVAL);
	assert_int_equal(lint_kernel_named(host, "six", &kernel), -EINVAL);
	assert_int_equal(lint_kernel_named(host, "", &kernel), -EINVAL);
	assert_int_equal(lint_kernel_named(host, "6.999", &kernel), -EINVAL);
}

/* At least 60 of them are about virtual machines; all have a text and a source. */
static void has_a_whole_table(void **state)
{
	const struct via_known_parameter *known;
	size_t ours = 0;

	for (size_t i = 0; (known = parameter_at(i)); i++) {
		assert_non_null(known->text);
		assert_non_null(known->source);
		ours += !known->foreign;
		if (known->value != VIA_VALUE_FAMILY)
			assert_ptr_equal(parameter_known(known->name), known);
		if (known->value == VIA_VALUE_LIST || known->value == VIA_VALUE_PREFIX ||
		    known->value == VIA_VALUE_WORD)
			assert_true(known->option_count > 0);
		if (known->reader == VIA_READER_MODULE)
			assert_non_null(known->module);
	}
	assert_true(ours >= 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_each_row),
		cmocka_unit_test(finds_contradictions),
		cmocka_unit_test(knows_the_modules_of_its_host),
		cmocka_unit_test(knows_the_devices_of_its_host),
		cmocka_unit_test(knows_how_its_kernel_was_built),
		cmocka_unit_test(says_it_in_these_words),
		cmocka_unit_test(believes_the_log_of_an_override),
		cmocka_unit_test(says_so_when_the_release_is_unknown),
		cmocka_unit_test(reads_releases),
		cmocka_unit_test(has_a_whole_table),
	};

	return cmocka_run_group_tests_name("lint", tests, NULL, NULL);
}
