/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "rules/board.h"

/* The states of a fact in a row: not asked, absent, present, unknown. */
enum state { N, A, P, U };

static struct via_fact fact(enum state state, uint64_t number)
{
	switch (state) {
	case A:
		return fact_absent("there");
	case P:
		return fact_present("there", "text", number);
	case U:
		return fact_unknown("there", EACCES);
	default:
		return (struct via_fact){ 0 };
	}
}

static struct via_finding judge(const struct via_host *host, struct via_arena *arena,
				const char *id)
{
	struct via_finding finding = { .id = id, .arena = arena };

	finding.verdict = rule_find(id)->eval(host, &finding);
	return finding;
}

static const char *cited(const struct via_finding *finding, const char *path)
{
	via_for_each (evidence, &finding->evidence)
		if (evidence->path && strcmp(evidence->path, path) == 0)
			return evidence->value;
	return NULL;
}

#define NONE   UINT64_MAX /* the register was not read */
#define FAULTS (UINT64_MAX - 1)
#define LOCKED "switched off in firmware (locked)"
#define OFF    "switched off in firmware"
#define TAKEN  "taken away by the hypervisor below"

/* One processor, and which of the memo's answers it must come to. */
struct row {
	enum via_cpu_vendor vendor;
	enum state flag, cpuid;
	uint64_t msr;
	enum state hypervisor, created, kvm_open;
	const char *kernel, *line;
	const char *answer;
	enum via_verdict verdict;
};

#define INTEL	VIA_CPU_INTEL
#define AMD	VIA_CPU_AMD
#define ZHAOXIN VIA_CPU_ZHAOXIN

static const struct row rows[] = {
	/* works */
	{ INTEL, P, P, 5, A, P, P, "6.12.0", "", "works", VIA_PASS },
	{ INTEL, P, P, NONE, A, A, A, "6.12.0", "", "works", VIA_PASS },
	{ INTEL, P, P, 0, A, A, A, "5.4.0", "", "works", VIA_PASS }, /* unlocked */
	{ AMD, P, P, 0, A, A, A, "5.10.0", "", "works", VIA_PASS },
	{ ZHAOXIN, P, P, NONE, A, A, A, "6.12.0", "", "works", VIA_PASS },
	{ INTEL, A, A, NONE, P, P, P, "6.12.0", "", "works", VIA_PASS }, /* needs none (pvm) */
	{ INTEL, P, P, NONE, P, A, A, "6.12.0", "", "works", VIA_PASS }, /* nested */
	/* no such CPU */
	{ INTEL, A, A, NONE, A, A, A, "6.12.0", "", "no such CPU", VIA_FAIL },
	{ AMD, A, A, NONE, A, A, A, "6.12.0", "", "no such CPU", VIA_FAIL },
	/* switched off in firmware */
	{ INTEL, A, P, 1, A, A, A, "6.12.0", "", LOCKED, VIA_FAIL },
	{ INTEL, A, P, 3, A, A, A, "6.12.0", "", LOCKED, VIA_FAIL }, /* inside TXT only */
	{ INTEL, P, P, 1, A, A, A, "5.4.0", "", LOCKED, VIA_FAIL },
	{ INTEL, A, P, NONE, A, A, A, "6.12.0", "", OFF, VIA_FAIL },
	{ AMD, P, P, 0x18, A, A, A, "6.1.0", "", LOCKED, VIA_FAIL },
	{ AMD, P, P, 0x10, A, A, A, "6.1.0", "", OFF, VIA_FAIL },
	{ AMD, A, P, NONE, A, A, A, "6.12.0", "", OFF, VIA_FAIL },
	{ INTEL, A, P, NONE, A, A, A, "6.12.0", "quiet clearcpuid=vmx",
	  "switched off by clearcpuid=", VIA_FAIL },
	/* taken away */
	{ INTEL, A, A, NONE, P, A, A, "6.12.0", "", TAKEN, VIA_FAIL },
	{ INTEL, A, P, FAULTS, P, A, A, "6.12.0", "", TAKEN, VIA_FAIL },
	{ AMD, A, U, NONE, P, A, A, "6.12.0", "", TAKEN, VIA_FAIL },
	/* cannot tell */
	{ AMD, P, P, NONE, A, A, A, "6.1.0", "", "cannot tell", VIA_CANNOT_TELL },
	{ INTEL, P, P, NONE, A, A, A, "5.4.0", "", "cannot tell", VIA_CANNOT_TELL },
	{ INTEL, A, U, NONE, A, A, A, "6.12.0", "", "cannot tell", VIA_CANNOT_TELL },
	{ INTEL, A, A, NONE, P, A, U, "6.12.0", "", "cannot tell", VIA_CANNOT_TELL },
	{ INTEL, U, U, NONE, U, U, U, "6.12.0", "", "cannot tell", VIA_CANNOT_TELL },
	{ INTEL, U, P, NONE, U, U, U, "6.12.0", "", "cannot tell", VIA_CANNOT_TELL },
	{ INTEL, A, P, 5, A, A, A, "6.12.0", "", "cannot tell", VIA_CANNOT_TELL },
};

static void fill(struct via_host *host, const struct row *row)
{
	struct via_cpu *cpu = &host->firmware.cpu;
	bool amd = row->vendor == AMD;
	struct via_fact msr = row->msr == FAULTS ? fact_absent("msr")
			      : row->msr == NONE ? fact_unknown("msr", ENOENT)
						 : fact_present("msr", "value", row->msr);

	cpu->vendor = row->vendor;
	cpu->vmx = fact(amd ? A : row->flag, 1);
	cpu->svm = fact(amd ? row->flag : A, 1);
	cpu->flags = fact(row->flag == U ? U : P, 1);
	cpu->cpuid_vmx = fact(amd ? A : row->cpuid, 1);
	cpu->cpuid_svm = fact(amd ? row->cpuid : A, 1);
	*(amd ? &cpu->vm_cr : &cpu->feature_control) = msr;
	*(amd ? &cpu->npt : &cpu->ept) = fact(row->flag, 1);
	cpu->hypervisor = fact(row->hypervisor, 1);
	host->kernel.kvm_create_vm = fact(row->created, 1);
	host->kernel.kvm_open = fact(row->kvm_open, 1);
	host->kernel_release = fact_present("release", row->kernel, 1);
	host->kernel.command_line = fact_present("proc/cmdline", row->line, 1);
}

static void five_answers(void **state)
{
	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_finding finding;

		fill(host, &rows[i]);
		finding = judge(host, host->arena, "firmware.cpu-virtualization");
		if (!cited(&finding, "answer") ||
		    strcmp(cited(&finding, "answer"), rows[i].answer) != 0 ||
		    finding.verdict != rows[i].verdict)
			fail_msg("row %zu: %s, %s", i, cited(&finding, "answer"),
				 verdict_name(finding.verdict));
		assert_non_null(finding.detail);
		if (finding.verdict == VIA_FAIL)
			assert_non_null(finding.remedy.text);
	}
}

static void without_second_level_it_warns(void **state)
{
	_cleanup_host_ struct via_host *host = host_new();

	fill(host, &rows[0]);
	host->firmware.cpu.ept = fact_absent("flags: ept");
	assert_int_equal(judge(host, host->arena, "firmware.cpu-virtualization").verdict, VIA_WARN);
}

/* What KVM was not asked, it did not refuse. */
static void without_flags_kvm_alone_tells(void **state)
{
	static const struct {
		enum state flags, kvm_open;
		const char *words;
	} kinds[] = {
		{ A, P, "it created no virtual machine" },
		{ A, U, "it could not be asked" },
		{ A, A, "it could not be asked" },
		{ U, U, "proc/cpuinfo" },
	};

	for (size_t i = 0; i < VIA_COUNT(kinds); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_cpu *cpu = &host->firmware.cpu;
		struct via_finding finding;

		cpu->vendor_id = cpu->flags = cpu->vmx = cpu->svm = fact(kinds[i].flags, 1);
		cpu->cpuid_vmx = cpu->cpuid_svm = fact(U, 1);
		host->kernel.kvm_open = fact(kinds[i].kvm_open, 1);
		host->kernel.kvm_create_vm = fact(U, 1);
		finding = judge(host, host->arena, "firmware.cpu-virtualization");
		assert_int_equal(finding.verdict, VIA_CANNOT_TELL);
		assert_non_null(strstr(finding.detail, kinds[i].words));
	}
}

/* A log that says so outweighs a flag that older kernels show all the same. */
static void the_log_is_believed(void **state)
{
	_cleanup_host_ struct via_host *host = host_new();
	struct via_finding finding;

	fill(host, &rows[20]);
	host->log.kvm_disabled_by_firmware =
		fact_present("kernel log", "SVM disabled (by BIOS) in MSR_VM_CR", 1);
	finding = judge(host, host->arena, "firmware.cpu-virtualization");
	assert_string_equal(cited(&finding, "answer"), OFF);
}

static void xen_keeps_it(void **state)
{
	_cleanup_host_ struct via_host *host = host_new();
	struct via_finding finding;

	fill(host, &rows[7]);
	host->firmware.cpu.xen_control = fact_present("proc/xen/capabilities", "control_d", 1);
	finding = judge(host, host->arena, "firmware.cpu-virtualization");
	assert_string_equal(cited(&finding, "answer"), TAKEN);
}

static void says_whose_guest(void **state)
{
	static const struct {
		enum state hypervisor, flag;
		const char *name, *remedy;
		enum via_verdict verdict;
	} guests[] = {
		{ A, P, NULL, NULL, VIA_PASS },
		{ P, P, "KVM", NULL, VIA_PASS },
		{ P, A, "Hyper-V", "ExposeVirtualizationExtensions", VIA_WARN },
		{ P, A, "VirtualBox", "--nested-hw-virt", VIA_WARN },
		{ P, A, "Nobody", "nested virtualization", VIA_WARN },
		{ U, U, NULL, NULL, VIA_CANNOT_TELL },
	};

	for (size_t i = 0; i < VIA_COUNT(guests); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_finding finding;

		host->firmware.cpu.hypervisor = fact(guests[i].hypervisor, 1);
		host->firmware.cpu.vmx = fact(guests[i].flag, 1);
		if (guests[i].name)
			host->firmware.cpu.hypervisor_name =
				fact_present("cpuid", guests[i].name, 1);
		finding = judge(host, host->arena, "firmware.hypervisor");
		assert_int_equal(finding.verdict, guests[i].verdict);
		if (guests[i].remedy)
			assert_non_null(strstr(finding.remedy.text, guests[i].remedy));
	}
}

static void menus_know_their_makers(void **state)
{
	static const struct {
		const char *board, *system, *product;
		enum via_cpu_vendor vendor;
		enum via_switch which;
		const char *maker, *path;
	} boards[] = {
		{ "ASUSTeK COMPUTER INC.", NULL, "PRIME", INTEL, VIA_SWITCH_IOMMU, "ASUS",
		  "System Agent" },
		{ "ASUSTeK COMPUTER INC.", NULL, "PRIME", AMD, VIA_SWITCH_IOMMU, "ASUS", "NBIO" },
		{ "ASRockRack", NULL, "X", AMD, VIA_SWITCH_ACS, "ASRock Rack", "NBIO" },
		{ "HP", "HP", "ProLiant DL380 Gen9", INTEL, VIA_SWITCH_SRIOV, "HPE ProLiant",
		  "RBSU" },
		{ "Hewlett-Packard", NULL, "EliteDesk", INTEL, VIA_SWITCH_CPU, "HP",
		  "System Security" },
		{ "LENOVO", "LENOVO", "ThinkPad T480", INTEL, VIA_SWITCH_CPU, "Lenovo ThinkPad",
		  "Security > Virtualization" },
		{ "Dell Inc.", NULL, "PowerEdge R740", INTEL, VIA_SWITCH_SRIOV, "Dell PowerEdge",
		  "SR-IOV Global" },
		{ "To Be Filled By O.E.M.", "Micro-Star International", "MS", AMD, VIA_SWITCH_CPU,
		  "MSI", "SVM Mode" },
		{ "Nobody", NULL, NULL, AMD, VIA_SWITCH_IOMMU, NULL, "AMD CBS" },
		{ "Apple Inc.", "Apple Inc.", "Mac", INTEL, VIA_SWITCH_CPU, "Apple", NULL },
	};

	for (size_t i = 0; i < VIA_COUNT(boards); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_setup_path setup;

		host->firmware.cpu.vendor = boards[i].vendor;
		host->firmware.board_vendor = fact_present("b", boards[i].board, 1);
		host->firmware.system_vendor = boards[i].system
						       ? fact_present("s", boards[i].system, 1)
						       : fact_absent("s");
		host->firmware.product_name = fact_present("p", boards[i].product, 1);
		setup = board_setup(host, boards[i].which);
		if (boards[i].maker)
			assert_string_equal(setup.maker, boards[i].maker);
		else
			assert_int_equal(setup.certainty, VIA_CERTAINTY_GENERIC);
		if (boards[i].path)
			assert_non_null(strstr(setup.path, boards[i].path));
		else
			assert_null(setup.path);
	}
}

/* Every switch has a path on every board but a Mac's. */
static void no_switch_is_without_words(void **state)
{
	for (int which = 0; which < VIA_SWITCHES; which++) {
		assert_non_null(board_menu_generic.intel[which]);
		assert_non_null(board_menu_generic.amd[which]);
	}
}

static void secure_boot_states(void **state)
{
	static const struct {
		enum state efi, variable;
		unsigned int on, setup;
		const char *lockdown;
		enum state key;
		bool dkms;
		const char *says;
		enum via_verdict verdict;
	} hosts[] = {
		{ A, A, 0, 0, "none", A, true, "not EFI", VIA_PASS },
		{ P, P, 0, 0, "none", A, true, "off", VIA_PASS },
		{ P, P, 0, 1, "none", A, true, "setup mode", VIA_PASS },
		{ P, P, 1, 0, "none", A, true, "on", VIA_PASS },
		{ P, P, 1, 0, "integrity", A, false, "on", VIA_PASS },
		{ P, P, 1, 0, "integrity", A, true, "on", VIA_WARN },
		{ P, P, 1, 0, "integrity", P, true, "on", VIA_PASS },
		{ P, P, 1, 0, "confidentiality", U, true, "on", VIA_CANNOT_TELL },
		{ P, P, 1, 0, NULL, A, true, "on", VIA_WARN },
		{ P, U, 0, 0, "none", A, false, "unknown", VIA_CANNOT_TELL },
		{ U, U, 0, 0, NULL, U, false, "unknown", VIA_CANNOT_TELL },
	};

	for (size_t i = 0; i < VIA_COUNT(hosts); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_firmware *firmware = &host->firmware;
		struct via_finding finding;

		firmware->efi = fact(hosts[i].efi, 1);
		firmware->secure_boot = fact(hosts[i].variable, hosts[i].on);
		firmware->setup_mode = fact(hosts[i].variable, hosts[i].setup);
		firmware->lockdown = hosts[i].lockdown ? fact_present("l", hosts[i].lockdown, 1)
						       : fact_absent("l");
		firmware->dkms_key = fact(hosts[i].key, 1);
		if (hosts[i].dkms)
			via_list_add(host->arena, &host->kernel.dkms)->name = "made-up";
		finding = judge(host, host->arena, "firmware.secure-boot");
		assert_string_equal(cited(&finding, "Secure Boot"), hosts[i].says);
		if (finding.verdict != hosts[i].verdict)
			fail_msg("row %zu: %s", i, verdict_name(finding.verdict));
	}
}

/* A card behind a port: @last is the highest bus below it. */
static struct via_host *sriov_host(struct via_fact last, bool ari, uint64_t offset, uint64_t bar)
{
	struct via_host *host = host_new();
	struct via_pci_device *card = via_list_add(host->arena, &host->pci.devices);
	struct via_pci_sriov *sriov = arena_new_object(host->arena, struct via_pci_sriov);
	struct via_resource *resources =
		arena_alloc(host->arena, VIA_RESOURCES * sizeof(*resources));

	card->name = "0000:01:00.0";
	address_parse(card->name, &card->address);
	*sriov = (struct via_pci_sriov){ .total = fact_present("total", NULL, 8),
					 .offset = fact_present("offset", NULL, offset),
					 .stride = fact_present("stride", NULL, 2) };
	card->sriov = sriov;
	card->resource = fact_present("resource", NULL, 0);
	card->resource_count = VIA_RESOURCES;
	card->resources = resources;
	resources[VIA_VF_BARS] = (struct via_resource){ bar, bar + 0xfff, 0x140204 };
	host->pci.bus = fact_present("sys/bus/pci/devices", NULL, 1);
	if (!fact_is(&last, VIA_NOT_ASKED))
		*via_list_add(host->arena, &host->firmware.vf_buses) = (struct via_vf_buses){
			.address = card->address,
			.last = last,
			.ari = fact_present("ari_enabled", NULL, ari),
		};
	return host;
}

static void room_has_its_causes(void **state)
{
	static const struct {
		enum state known;
		uint8_t last;
		bool ari;
		uint64_t offset, bar;
		enum via_verdict verdict;
		const char *remedy;
	} cases[] = {
		{ N, 0, true, 128, 0xf1000000, VIA_PASS, NULL },
		{ N, 0, true, 128, 0, VIA_FAIL, "pci=realloc" },
		{ P, 1, false, 384, 0xf1000000, VIA_FAIL, "ARI" },
		{ P, 2, false, 384, 0xf1000000, VIA_PASS, NULL },
		{ P, 1, true, 250, 0xf1000000, VIA_WARN, "pci=assign-busses" },
		{ U, 0, true, 384, 0xf1000000, VIA_CANNOT_TELL, NULL },
	};

	for (size_t i = 0; i < VIA_COUNT(cases); i++) {
		_cleanup_host_ struct via_host *host =
			sriov_host(fact(cases[i].known, cases[i].last), cases[i].ari,
				   cases[i].offset, cases[i].bar);
		struct via_finding finding = judge(host, host->arena, "firmware.sriov-room");

		if (finding.verdict != cases[i].verdict)
			fail_msg("case %zu: %s", i, verdict_name(finding.verdict));
		if (cases[i].remedy)
			assert_non_null(strstr(finding.remedy.text, cases[i].remedy));
	}
}

static void an_unread_resource_is_no_room(void **state)
{
	_cleanup_host_ struct via_host *host =
		sriov_host((struct via_fact){ 0 }, true, 128, 0xf1000000);

	host->pci.devices.items[0].resource = fact_unknown("resource", EIO);
	host->pci.devices.items[0].resource_count = 0;
	assert_int_equal(judge(host, host->arena, "firmware.sriov-room").verdict, VIA_CANNOT_TELL);
}

/* What is told of the three that Intel calls VT-c. */
static void vt_c_is_told_by_its_parts(void **state)
{
	static const struct {
		const char *driver;
		uint64_t device, class_code;
		enum via_verdict verdict;
		const char *says;
	} cases[] = {
		{ "igb", 0x10c9, 0x020000, VIA_PASS, "0 have SR-IOV and 1 has VMDq" },
		{ "igb", 0x1533, 0x020000, VIA_SKIP, "0 have VMDq; 0 I/OAT" },
		{ "e1000e", 0x10d3, 0x020000, VIA_SKIP, "0 have VMDq; 0 I/OAT" },
		{ "ioatdma", 0x2021, 0x088000, VIA_PASS, "1 I/OAT channel is here" },
		{ "snd_hda_intel", 0xa348, 0x040300, VIA_SKIP, "No network card" },
	};

	for (size_t i = 0; i < VIA_COUNT(cases); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_pci_device *card = via_list_add(host->arena, &host->pci.devices);
		struct via_finding finding;

		host->pci.bus = fact_present("sys/bus/pci/devices", NULL, 1);
		card->name = "0000:01:00.0";
		card->vendor = fact_present("vendor", NULL, 0x8086);
		card->device = fact_present("device", NULL, cases[i].device);
		card->class_code = fact_present("class", NULL, cases[i].class_code);
		card->driver = fact_present("driver", cases[i].driver, 0);
		card->physfn = fact_absent("physfn");
		finding = judge(host, host->arena, "firmware.vt-c");
		if (finding.verdict != cases[i].verdict || !strstr(finding.detail, cases[i].says))
			fail_msg("%s: %s: %s", cases[i].driver, verdict_name(finding.verdict),
				 finding.detail);
	}
}

/* A board of Arm as its device tree has it: no folder of ACPI tables could be looked at. */
static void a_driven_iommu_needs_no_table(void **state)
{
	static const struct {
		enum state x86, tables;
		uint64_t units;
		const char *id;
		enum via_verdict verdict;
		const char *says;
	} cases[] = {
		{ A, U, 2, "firmware.iommu-table", VIA_PASS, "No ACPI table could be looked for" },
		{ A, A, 2, "firmware.iommu-table", VIA_PASS, "No ACPI table is here" },
		{ P, U, 1, "firmware.iommu-table", VIA_PASS, "drives 1 unit of an IOMMU" },
		{ A, U, 0, "firmware.iommu-table", VIA_CANNOT_TELL, NULL },
		{ A, U, 2, "firmware.iommu", VIA_SKIP, "names of one thing" },
		{ P, U, 2, "firmware.iommu", VIA_CANNOT_TELL, NULL },
		{ A, U, 2, "firmware.interrupt-remapping", VIA_SKIP, "neither DMAR nor IVRS" },
		{ P, U, 2, "firmware.interrupt-remapping", VIA_CANNOT_TELL, NULL },
		{ A, U, 2, "firmware.graphics-unit", VIA_SKIP, "No unit" },
		{ P, U, 2, "firmware.graphics-unit", VIA_CANNOT_TELL, NULL },
	};

	for (size_t i = 0; i < VIA_COUNT(cases); i++) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_firmware *firmware = &host->firmware;
		struct via_finding finding;

		firmware->cpu.vendor_id = firmware->cpu.flags = fact(cases[i].x86, 1);
		firmware->dmar.present = firmware->ivrs.present = fact(cases[i].tables, 0);
		firmware->viot = firmware->iort.present = fact(cases[i].tables, 0);
		host->pci.bus = fact(P, 0);
		host->kernel.iommu_class = fact(cases[i].units ? P : A, cases[i].units);
		finding = judge(host, host->arena, cases[i].id);
		if (finding.verdict != cases[i].verdict ||
		    (cases[i].says && !strstr(finding.detail, cases[i].says)))
			fail_msg("case %zu: %s: %s", i, verdict_name(finding.verdict),
				 finding.detail);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vt_c_is_told_by_its_parts),
		cmocka_unit_test(a_driven_iommu_needs_no_table),
		cmocka_unit_test(five_answers),
		cmocka_unit_test(without_second_level_it_warns),
		cmocka_unit_test(without_flags_kvm_alone_tells),
		cmocka_unit_test(the_log_is_believed),
		cmocka_unit_test(xen_keeps_it),
		cmocka_unit_test(says_whose_guest),
		cmocka_unit_test(menus_know_their_makers),
		cmocka_unit_test(no_switch_is_without_words),
		cmocka_unit_test(secure_boot_states),
		cmocka_unit_test(room_has_its_causes),
		cmocka_unit_test(an_unread_resource_is_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
