/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/dma_class.h"

#include <errno.h>
#include <string.h>

#include "prove/child.h"

/*
 * An NVMe controller with its admin queue alone: no I/O queue is ever made, so no medium
 * can be read or written. Source: NVM Express base specification 2.0, 3.1.3, 3.5.1, 5.17
 */
enum {
	NVME_CAP = 0x00,
	NVME_VS = 0x08,
	NVME_CC = 0x14,
	NVME_CSTS = 0x1c,
	NVME_AQA = 0x24,
	NVME_ASQ = 0x28,
	NVME_ACQ = 0x30,
	NVME_DOORBELLS = 0x1000,

	CC_ENABLE = 1,
	CC_ENTRY_SIZES = 6 << 16 | 4 << 20, /* of I/O queues: 64 and 16 bytes */
	CSTS_READY = 1,
	CSTS_FATAL = 2,
	IDENTIFY = 0x06,
	IDENTIFY_CONTROLLER = 1,

	ENTRIES = 16,
	SUBMISSION = 0x0000, /* in our memory */
	COMPLETION = 0x1000,
	ANSWER = 0x2000,
	AGAIN = 0x3000,

	SERIAL = 4, /* in the answer */
	MODEL = 24,
	SERIAL_SIZE = 20,
	MODEL_SIZE = 40,

	READY_LIMIT_MS = 15000,
};

struct nvme_command {
	uint32_t opcode; /* and the identifier, in the upper half */
	uint32_t nsid, reserved[4];
	uint64_t prp1, prp2;
	uint32_t cdw10, cdw11, cdw12, cdw13, cdw14, cdw15;
};
_Static_assert(sizeof(struct nvme_command) == 64, "an entry of the submission queue");

struct nvme_completion {
	uint32_t result, reserved;
	uint16_t head, queue, identifier, status; /* status: bit 0 is the phase */
};
_Static_assert(sizeof(struct nvme_completion) == 16, "an entry of the completion queue");

struct nvme {
	unsigned int tail, head, phase;
	uint32_t doorbell_stride;
};

static bool nvme_claims(const struct via_pci_device *device)
{
	return pci_class_is(device, 0x010802, 0xffffff);
}

/* How long the controller itself says it may take. */
static unsigned int ready_ms(const struct dma_device *device)
{
	unsigned int ms = (dma_read(device, 0, NVME_CAP) >> 24) * 500;

	if (ms < DMA_PATIENCE_MS)
		return DMA_PATIENCE_MS;
	return ms < READY_LIMIT_MS ? ms : READY_LIMIT_MS;
}

static int disable(const struct dma_device *device)
{
	uint32_t cc = dma_read(device, 0, NVME_CC);

	if (cc & CC_ENABLE)
		dma_write(device, 0, NVME_CC, cc & ~(uint32_t)CC_ENABLE);
	return dma_await(device, 0, NVME_CSTS, CSTS_READY, 0, ready_ms(device));
}

static int enable(struct dma_device *device)
{
	memset(device->memory, 0, DMA_MEMORY);
	dma_write(device, 0, NVME_AQA, (ENTRIES - 1) << 16 | (ENTRIES - 1));
	dma_write_address(device, 0, NVME_ASQ, device->iova + SUBMISSION);
	dma_write_address(device, 0, NVME_ACQ, device->iova + COMPLETION);
	dma_write(device, 0, NVME_CC, CC_ENTRY_SIZES | CC_ENABLE);
	return dma_await(device, 0, NVME_CSTS, CSTS_READY | CSTS_FATAL, CSTS_READY,
			 ready_ms(device));
}

static int nvme_start(struct dma_device *device)
{
	struct nvme *nvme = arena_new_object(device->session->arena, struct nvme);
	uint32_t high = dma_read(device, 0, NVME_CAP + 4);
	int r;

	if (high >> 16 & 0xf) {
		report_hint(device->report, "the controller does not do pages of 4 KiB");
		return CLIMB_CANNOT_TELL;
	}
	*nvme = (struct nvme){ .phase = 1, .doorbell_stride = 4U << (high & 0xf) };
	device->state = nvme;
	r = disable(device);
	if (r == 0)
		r = enable(device);
	if (r == 0)
		return CLIMB_PASS;
	report_evidence(device->report, "status", "CC 0x%08x, CSTS 0x%08x",
			dma_read(device, 0, NVME_CC), dma_read(device, 0, NVME_CSTS));
	return report_fail(device->report, r, "the controller does not become ready",
			   "a virtual function needs queue resources, and to be online: viaduct "
			   "apply sriov sees to both");
}

/* Identify Controller: 4096 bytes to @address. */
static void submit(struct dma_device *device, uint64_t address)
{
	struct nvme *nvme = device->state;
	struct nvme_command command = {
		.opcode = IDENTIFY | nvme->tail << 16,
		.prp1 = address,
		.cdw10 = IDENTIFY_CONTROLLER,
	};

	memcpy(device->memory + SUBMISSION + nvme->tail * sizeof(command), &command,
	       sizeof(command));
	nvme->tail = (nvme->tail + 1) % ENTRIES;
	dma_write(device, 0, NVME_DOORBELLS, nvme->tail);
}

static int complete(struct dma_device *device, uint16_t *ret_status)
{
	struct nvme *nvme = device->state;
	size_t entry = COMPLETION + nvme->head * sizeof(struct nvme_completion);
	size_t status = entry + offsetof(struct nvme_completion, status);
	int r = dma_await_byte(device, status, 1, (uint8_t)nvme->phase, DMA_PATIENCE_MS);

	if (r < 0)
		return r;
	memcpy(ret_status, device->memory + status, sizeof(*ret_status));
	*ret_status >>= 1;
	nvme->head = (nvme->head + 1) % ENTRIES;
	nvme->phase ^= nvme->head == 0;
	dma_write(device, 0, NVME_DOORBELLS + nvme->doorbell_stride, nvme->head);
	return 0;
}

static int identify(struct dma_device *device, size_t place)
{
	uint16_t status;
	int r;

	memset(device->memory + place, DMA_FILL, DMA_PAGE);
	submit(device, device->iova + place);
	r = complete(device, &status);
	if (r < 0)
		return report_fail(device->report, r, "Identify Controller is not answered", NULL);
	if (status)
		return report_fail(device->report, -EIO, "Identify Controller",
				   "the controller answered with status %#x", status);
	return 0;
}

/* A field is ASCII, filled up with blanks. */
static bool cite_text(const struct dma_device *device, const char *name, size_t at, size_t size)
{
	const char *text = (const char *)device->memory + ANSWER + at;
	size_t length = size;

	for (size_t i = 0; i < size; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	while (length && text[length - 1] == ' ')
		length--;
	report_evidence(device->report, name, "%.*s", (int)length, text);
	return length > 0;
}

static int judge_identity(const struct dma_device *device)
{
	uint32_t version = dma_read(device, 0, NVME_VS);

	report_evidence(device->report, "version", "%u.%u.%u", version >> 16, version >> 8 & 0xff,
			version & 0xff);
	if (!cite_text(device, "model", MODEL, MODEL_SIZE) ||
	    !cite_text(device, "serial", SERIAL, SERIAL_SIZE))
		return report_fail(device->report, -EBADMSG, "Identify Controller",
				   "what came is no name of a controller");
	if (memcmp(device->memory + ANSWER, device->memory + AGAIN, DMA_PAGE) != 0)
		return report_fail(device->report, -EIO, "Identify Controller, twice",
				   "two answers differ");
	report_evidence(device->report, "moved",
			"Identify Controller, 4096 bytes, twice and the same");
	return CLIMB_PASS;
}

static int nvme_move(struct dma_device *device)
{
	int r = identify(device, ANSWER);

	if (r == 0)
		r = identify(device, AGAIN);
	return r < 0 ? r : judge_identity(device);
}

/* The controller may answer with an error, and has then tried. */
static int nvme_write_to(struct dma_device *device, uint64_t iova)
{
	uint16_t status;

	submit(device, iova);
	return complete(device, &status);
}

static int nvme_raise(struct dma_device *device)
{
	submit(device, device->iova + ANSWER);
	return 0;
}

static void nvme_settle(struct dma_device *device)
{
	uint16_t status;

	complete(device, &status);
}

static bool nvme_marked(struct dma_device *device)
{
	return dma_read(device, 0, NVME_CC) & CC_ENABLE;
}

static void nvme_stop(struct dma_device *device)
{
	disable(device);
}

const struct dma_class dma_nvme = {
	.name = "nvme",
	.address_bits = 64,
	.claims = nvme_claims,
	.start = nvme_start,
	.move = nvme_move,
	.write_to = nvme_write_to,
	.raise = nvme_raise,
	.settle = nvme_settle,
	.marked = nvme_marked,
	.mark_name = "CC.EN",
	.stop = nvme_stop,
};
