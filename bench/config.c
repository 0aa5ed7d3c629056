/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

const struct kind kind_host_bridge = {
	.vendor = 0x8086,
	.device = 0x09a2,
	.class_code = 0x060000,
	.revision = 4,
	.subsystem_vendor = 0x8086,
	.port_type = 9,
	.express = 1,
};
const struct kind kind_root_port = {
	.shape = SHAPE_BRIDGE,
	.vendor = 0x8086,
	.device = 0x347a,
	.class_code = 0x060400,
	.revision = 6,
	.port_type = 4,
	.express = 1,
	.multifunction = 1,
	.acs = 1,
	.driver = "pcieport",
	.reset_method = "pm",
};
const struct kind kind_upstream = {
	.shape = SHAPE_BRIDGE,
	.vendor = 0x10b5,
	.device = 0x8747,
	.class_code = 0x060400,
	.revision = 0xca,
	.port_type = 5,
	.express = 1,
	.driver = "pcieport",
	.reset_method = "pm bus",
	.bar_bytes = { 0x40000 },
};
const struct kind kind_downstream = {
	.shape = SHAPE_BRIDGE,
	.vendor = 0x10b5,
	.device = 0x8748,
	.class_code = 0x060400,
	.revision = 0xca,
	.port_type = 6,
	.express = 1,
	.acs = 1,
	.driver = "pcieport",
	.reset_method = "pm",
};
const struct kind kind_nic = {
	.shape = SHAPE_PF,
	.vendor = 0x8086,
	.device = 0x1572,
	.class_code = 0x020000,
	.revision = 1,
	.subsystem_vendor = 0x8086,
	.subsystem_device = 0x0007,
	.express = 1,
	.multifunction = 1,
	.acs = 1,
	.driver = "i40e",
	.reset_method = "flr",
	.bar_bytes = { 0x800000, 0, 0, 0x8000 },
	.rom_bytes = 0x80000,
};
const struct kind kind_nic_vf = {
	.shape = SHAPE_VF,
	.vendor = 0x8086,
	.device = 0x154c,
	.class_code = 0x020000,
	.revision = 1,
	.subsystem_vendor = 0x8086,
	.express = 1,
	.acs = 1,
	.driver = "iavf",
	.reset_method = "flr",
	.bar_bytes = { 0x10000, 0, 0, 0x4000 },
};
const struct kind kind_nvme = {
	.vendor = 0x144d,
	.device = 0xa824,
	.class_code = 0x010802,
	.subsystem_vendor = 0x144d,
	.subsystem_device = 0xa801,
	.express = 1,
	.driver = "nvme",
	.reset_method = "flr bus",
	.bar_bytes = { 0x8000 },
	.rom_bytes = 0x10000,
};
const struct kind kind_gpu = {
	.vendor = 0x10de,
	.device = 0x2204,
	.class_code = 0x030000,
	.revision = 0xa1,
	.subsystem_vendor = 0x1043,
	.subsystem_device = 0x87b3,
	.express = 1,
	.multifunction = 1,
	.driver = "nouveau",
	.reset_method = "flr bus",
	.bar_bytes = { 0x1000000, 0x10000000, 0, 0x2000000, 0, 0x80 },
	.rom_bytes = 0x80000,
};
const struct kind kind_sound = {
	.vendor = 0x10de,
	.device = 0x1aef,
	.class_code = 0x040300,
	.revision = 0xa1,
	.subsystem_vendor = 0x1043,
	.subsystem_device = 0x87b3,
	.express = 1,
	.multifunction = 1,
	.driver = "snd_hda_intel",
	.bar_bytes = { 0x4000 },
};
const struct kind kind_to_pci = {
	.shape = SHAPE_BRIDGE,
	.vendor = 0x1b21,
	.device = 0x1080,
	.class_code = 0x060401,
	.revision = 3,
	.port_type = 7,
	.express = 1,
	.reset_method = "pm bus",
};
const struct kind kind_old_nic = {
	.vendor = 0x8086,
	.device = 0x100e,
	.class_code = 0x020000,
	.revision = 2,
	.subsystem_vendor = 0x8086,
	.subsystem_device = 0x001e,
	.driver = "e1000",
	.reset_method = "pm",
	.bar_bytes = { 0x20000, 0x40 },
};
const struct kind *const kinds[] = { &kind_host_bridge, &kind_root_port, &kind_upstream,
				     &kind_downstream,	&kind_nic,	 &kind_nic_vf,
				     &kind_nvme,	&kind_gpu,	 &kind_sound,
				     &kind_to_pci,	&kind_old_nic,	 NULL };

static void put16(uint8_t *config, unsigned int at, unsigned int value)
{
	config[at] = (uint8_t)value;
	config[at + 1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *config, unsigned int at, uint32_t value)
{
	put16(config, at, value & 0xffff);
	put16(config, at + 2, value >> 16);
}

static void header(uint8_t *config, const struct kind *kind, const struct buses *buses)
{
	int vf = kind->shape == SHAPE_VF;

	put16(config, 0, vf ? 0xffff : kind->vendor);
	put16(config, 2, vf ? 0xffff : kind->device);
	put16(config, 4, 0x0406);
	put16(config, 6, 0x0010);
	put32(config, 8, kind->class_code << 8 | kind->revision);
	config[0x0e] = (uint8_t)((kind->shape == SHAPE_BRIDGE) | (kind->multifunction ? 0x80 : 0));
	config[0x34] = 0x40;
	if (kind->shape == SHAPE_BRIDGE) {
		config[0x18] = buses->primary;
		config[0x19] = buses->secondary;
		config[0x1a] = buses->subordinate;
		put32(config, 0x20, 0x9fe09fd0);
		put32(config, 0x24, 0x8ff18001);
		return;
	}
	for (unsigned int i = 0; i < 6 && !vf; i++)
		if (kind->bar_bytes[i])
			put32(config, 0x10 + 4 * i, 0xe000000cu);
	put16(config, 0x2c, kind->subsystem_vendor);
	put16(config, 0x2e, kind->subsystem_device);
	config[0x3d] = vf ? 0 : 1;
}

static void express(uint8_t *config, const struct kind *kind, unsigned int at)
{
	config[at] = 0x10;
	put16(config, at + 2,
	      2u | (unsigned int)kind->port_type << 4 | (kind->port_type == 4 ? 0x100u : 0));
	put32(config, at + 4, 0x10008fe2 | (kind->shape == SHAPE_BRIDGE ? 0x8000u : 0));
	put32(config, at + 8, 0x00092830);
	put32(config, at + 0x0c, 0x00477d04);
	put32(config, at + 0x10, 0x11040040);
	put32(config, at + 0x14, 0x0008000c);
	put32(config, at + 0x18, 0x00480000);
	put32(config, at + 0x24, 0x0010181f);
	put32(config, at + 0x28, 0x00000409);
	put32(config, at + 0x2c, 0x0180003e);
	put32(config, at + 0x30, 0x001e0044);
}

static void standard(uint8_t *config, const struct kind *kind)
{
	unsigned int at = 0x40, next = 0x50;

	if (kind->shape == SHAPE_VF) {
		config[0x34] = 0x70;
	} else {
		config[at] = 0x01; /* power management */
		config[at + 1] = (uint8_t)(kind->express ? next : 0);
		put16(config, at + 2, 0xc823);
		put16(config, at + 4, 0x2008);
	}
	if (!kind->express)
		return;
	config[0x50] = 0x05; /* MSI, off */
	config[0x51] = 0x70;
	put16(config, 0x52, 0x0180);
	config[0x70] = 0x11; /* MSI-X */
	config[0x71] = 0xa0;
	put16(config, 0x72, kind->shape == SHAPE_BRIDGE ? 0x0000 : 0x8080);
	put32(config, 0x74, 0x00000003);
	put32(config, 0x78, 0x00001003);
	express(config, kind, 0xa0);
	if (kind->shape != SHAPE_BRIDGE)
		return;
	config[0xa1] = 0xe0; /* subsystem */
	config[0xe0] = 0x0d;
	put16(config, 0xe4, kind->vendor);
	put16(config, 0xe6, 0x0001);
}

/* One after the other; each points to the next. */
struct chain {
	uint8_t *config;
	unsigned int last, next;
};

static uint8_t *extended(struct chain *chain, unsigned int id, unsigned int version,
			 unsigned int bytes)
{
	unsigned int at = chain->next;

	if (chain->last)
		chain->config[chain->last + 3] = (uint8_t)(at >> 4),
					    chain->config[chain->last + 2] |= (uint8_t)(at << 4);
	put32(chain->config, at, id | version << 16);
	chain->last = at;
	chain->next = at + bytes;
	return chain->config + at;
}

static void errors(struct chain *chain)
{
	uint8_t *at = extended(chain, 0x01, 2, 0x48);

	put32(at, 0x08, 0x00062030);
	put32(at, 0x0c, 0x00062030);
	put32(at, 0x14, 0x00002000);
	put32(at, 0x18, 0x000000a0);
}

static void virtual_functions(struct chain *chain)
{
	uint8_t *at = extended(chain, 0x10, 1, 0x40);

	put32(at, 0x04, 0x00000002);
	put32(at, 0x08, 0x00000009);
	put32(at, 0x0c, VFS_TOTAL << 16 | VFS_TOTAL);
	put32(at, 0x10, 8);
	put32(at, 0x14, VF_STRIDE << 16 | VF_OFFSET);
	put32(at, 0x18, (uint32_t)kind_nic_vf.device << 16);
	put32(at, 0x1c, 0x00000553);
	put32(at, 0x20, 0x00000001);
	put32(at, 0x24, 0xe010000c);
}

static void ports(struct chain *chain)
{
	put32(extended(chain, 0x1d, 1, 0x10), 4, 0x00001000); /* DPC */
	put32(extended(chain, 0x1e, 1, 0x10), 4, 0x0028281f); /* L1SS */
	extended(chain, 0x19, 1, 0x34);			      /* secondary PCI Express */
	extended(chain, 0x25, 1, 0x0c);			      /* data link feature */
	extended(chain, 0x26, 1, 0x38);			      /* 16 GT/s */
	extended(chain, 0x27, 1, 0x48);			      /* margining */
}

void config_fill(uint8_t config[CONFIG_BYTES], const struct kind *kind, const struct buses *buses)
{
	struct chain chain = { .config = config, .next = 0x100 };

	memset(config, 0, CONFIG_BYTES);
	header(config, kind, buses);
	standard(config, kind);
	if (!kind->express)
		return;
	errors(&chain);
	if (kind->shape != SHAPE_BRIDGE)
		put32(extended(&chain, 0x03, 1, 0x10), 4, 0x00c0ffee); /* serial number */
	if (kind->shape == SHAPE_PF || kind->shape == SHAPE_VF)
		put32(extended(&chain, 0x0e, 1, 0x10), 4, 0x00000100); /* ARI */
	if (kind->shape == SHAPE_PF)
		virtual_functions(&chain);
	if (kind->acs)
		put32(extended(&chain, 0x0d, 1, 0x10), 4,
		      kind->shape == SHAPE_BRIDGE ? 0x001d005f : 0);
	if (kind->shape == SHAPE_DEVICE)
		put32(extended(&chain, 0x18, 1, 0x10), 4, 0x10031003); /* latency tolerance */
	if (kind->shape == SHAPE_BRIDGE)
		ports(&chain);
}
