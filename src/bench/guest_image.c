/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/guest_image.h"

#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

enum {
	KERNEL_CODE = 0x08,
	USER_DATA = 0x18 | 3,
	USER_CODE = 0x20 | 3,
	TASK = 0x28,
	TSS_BYTES = 104,
	TSS_LIMIT = TSS_BYTES + 65536 / 8, /* and one byte of ones behind the bitmap */
	PAGE_PRESENT = 1,
	PAGE_WRITE = 2,
	PAGE_USER = 4,
	PAGE_LARGE = 0x80,
	PAGE_FLAGS = PAGE_PRESENT | PAGE_WRITE | PAGE_USER,
	HANDLER_STOP = 0x20, /* of IMAGE_HANDLER: where exceptions lead */
};

static void put64(uint8_t *memory, size_t at, uint64_t value)
{
	memcpy(memory + at, &value, sizeof(value));
}

static void write_pages(uint8_t *memory)
{
	put64(memory, IMAGE_PML4, IMAGE_PDPT | PAGE_FLAGS);
	put64(memory, IMAGE_PDPT, IMAGE_PD_LOW | PAGE_FLAGS);
	put64(memory, IMAGE_PDPT + 3 * 8, IMAGE_PD_HIGH | PAGE_FLAGS);
	for (uint64_t i = 0; i < 512; i++) {
		put64(memory, IMAGE_PD_LOW + i * 8, i << 21 | PAGE_FLAGS | PAGE_LARGE);
		put64(memory, IMAGE_PD_HIGH + i * 8,
		      (3ULL << 30 | i << 21) | PAGE_FLAGS | PAGE_LARGE);
	}
}

static void write_gate(uint8_t *memory, unsigned int vector, uint32_t handler)
{
	put64(memory, IMAGE_IDT + vector * 16,
	      (uint64_t)(handler & 0xffff0000) << 32 | 0x8e00ULL << 32 | KERNEL_CODE << 16 |
		      (handler & 0xffff));
}

static void write_tables(uint8_t *memory)
{
	put64(memory, IMAGE_GDT + KERNEL_CODE, 0x00af9b000000ffff);
	put64(memory, IMAGE_GDT + 0x10, 0x00cf93000000ffff);
	put64(memory, IMAGE_GDT + (USER_DATA & ~7), 0x00cff3000000ffff);
	put64(memory, IMAGE_GDT + (USER_CODE & ~7), 0x00affb000000ffff);
	put64(memory, IMAGE_GDT + TASK,
	      0x00008b0000000000 | (uint64_t)IMAGE_TSS << 16 | (uint64_t)(TSS_LIMIT & 0xffff));
	put64(memory, IMAGE_TSS + 4, IMAGE_STACK); /* for level 0 */
	memory[IMAGE_TSS + 102] = TSS_BYTES;	   /* where the bitmap begins */
	memory[IMAGE_TSS + TSS_LIMIT] = 0xff;
	for (unsigned int vector = 0; vector < 32; vector++)
		write_gate(memory, vector, IMAGE_HANDLER + HANDLER_STOP);
	write_gate(memory, GUEST_VECTOR, IMAGE_HANDLER);
}

static void write_handlers(uint8_t *memory)
{
	static const uint8_t interrupt[] = {
		0x50,						/* push rax */
		0x48, 0xff, 0x04, 0x25, 0x08, 0xe0, 0x00, 0x00, /* inc qword [interrupts] */
		0xb8, 0xb0, 0x00, 0xe0, 0xfe,			/* mov eax, 0xfee000b0 */
		0xc7, 0x00, 0x00, 0x00, 0x00, 0x00,		/* mov dword [rax], 0: its end */
		0x58,						/* pop rax */
		0x48, 0xcf,					/* iretq */
	};
	static const uint8_t stop[] = { 0xf4, 0xeb, 0xfd }; /* hlt; again */

	_Static_assert(IMAGE_WORDS + offsetof(struct guest_words, interrupts) == 0xe008, "above");
	_Static_assert(sizeof(interrupt) <= HANDLER_STOP, "below the next");
	memcpy(memory + IMAGE_HANDLER, interrupt, sizeof(interrupt));
	memcpy(memory + IMAGE_HANDLER + HANDLER_STOP, stop, sizeof(stop));
}

static uint8_t *put(uint8_t *at, const void *code, size_t size)
{
	memcpy(at, code, size);
	return at + size;
}

/* A jump back to @target, by an opcode with a byte of distance. */
static uint8_t *jump(uint8_t *at, uint8_t opcode, const uint8_t *target)
{
	*at++ = opcode;
	*at = (uint8_t)(target - (at + 1));
	return at + 1;
}

static void write_code(uint8_t *memory, const struct guest_program *program)
{
	static const uint8_t load_count[] = { 0x4c, 0x8b, 0x04, 0x25, 0x00, 0xe0, 0, 0 };
	static const uint8_t load_seen[] = { 0x4c, 0x8b, 0x0c, 0x25, 0x08, 0xe0, 0, 0 };
	static const uint8_t compare_seen[] = { 0xf3, 0x90, /* pause */
						0x4c, 0x3b, 0x0c, 0x25, 0x08, 0xe0, 0, 0 };
	static const uint8_t compare_stop[] = { 0xf3, 0x90, 0x83, 0x3c, 0x25, 0x10, 0xe0, 0, 0, 0 };
	static const uint8_t count_down[] = { 0x49, 0xff, 0xc8 }; /* dec r8 */
	static const uint8_t done[] = { 0xe6, GUEST_DONE };	  /* out GUEST_DONE, al */
	enum { JE = 0x74, JNE = 0x75, JMP = 0xeb };
	uint8_t *start = memory + IMAGE_CODE, *top = put(start, load_count, sizeof(load_count));
	uint8_t *at = top, *wait;

	if (program->code == GUEST_ASK)
		at = put(at, load_seen, sizeof(load_seen));
	if (program->code != GUEST_IDLE)
		at = put(at, program->instruction, program->size);
	wait = at;
	if (program->code == GUEST_ASK)
		at = jump(put(at, compare_seen, sizeof(compare_seen)), JE, wait);
	if (program->code == GUEST_IDLE)
		at = jump(put(at, compare_stop, sizeof(compare_stop)), JE, wait);
	else
		at = jump(put(at, count_down, sizeof(count_down)), JNE, top);
	jump(put(at, done, sizeof(done)), JMP, start);
}

void image_write(uint8_t *memory, const struct guest_program *program)
{
	write_pages(memory);
	write_tables(memory);
	write_handlers(memory);
	write_code(memory, program);
}

static struct kvm_segment segment(uint16_t selector, uint8_t type, bool code)
{
	return (struct kvm_segment){
		.limit = 0xffffffff,
		.selector = selector,
		.type = type,
		.present = 1,
		.dpl = 3,
		.db = !code,
		.s = 1,
		.l = code,
		.g = 1,
	};
}

void image_registers(struct kvm_regs *regs, struct kvm_sregs *sregs)
{
	enum { EFER_LME = 0x100, EFER_LMA = 0x400, CR4_PAE = 0x20, CR4_OSFXSR = 0x200 };

	sregs->cs = segment(USER_CODE, 0xb, true);
	sregs->ss = segment(USER_DATA, 3, false);
	sregs->ds = sregs->es = sregs->fs = sregs->gs = sregs->ss;
	sregs->tr = (struct kvm_segment){
		.base = IMAGE_TSS, .limit = TSS_LIMIT, .selector = TASK, .type = 0xb, .present = 1
	};
	sregs->gdt = (struct kvm_dtable){ .base = IMAGE_GDT, .limit = TASK + 15 };
	sregs->idt = (struct kvm_dtable){ .base = IMAGE_IDT, .limit = 0xfff };
	sregs->cr0 = 0x80050033; /* PG AM WP NE ET MP PE */
	sregs->cr3 = IMAGE_PML4;
	sregs->cr4 = CR4_PAE | CR4_OSFXSR;
	sregs->efer = EFER_LME | EFER_LMA;
	regs->rip = IMAGE_CODE;
	regs->rsp = IMAGE_USER_STACK;
	/* interrupts are taken; ports are allowed in both ways, since some back ends know only one
	 */
	regs->rflags = 0x3202;
}
