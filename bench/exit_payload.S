/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that does nothing but leave: port writes that nobody serves, in ROUNDS times EXITS, each
 * round timed by itself. A multiboot kernel for QEMU, and the same bytes for our own loop. It
 * tells the cycles of the quickest round on the debug console (0xe9) and at RESULT: the one that
 * nothing else on the host disturbed. It ends by port 0xf4.
 */
#ifndef EXITS
#define EXITS 100
#endif
#ifndef ROUNDS
#define ROUNDS 300
#endif
#define PORT 0x5f0
#define RESULT 0x101ff0

	.section .text
	.code32
	.globl _start
	.balign 4
header:
	.long 0x1badb002, 0x00010000, -(0x1badb002 + 0x00010000)
	.long header, header, 0, 0, _start
_start:
	mov $0x102000, %esp
	movl $-1, RESULT
	mov $ROUNDS, %ebp
1:	rdtsc
	mov %eax, %esi
	mov $PORT, %edx
	mov $EXITS, %ecx
2:	out %al, %dx
	dec %ecx
	jnz 2b
	rdtsc
	sub %esi, %eax
	cmp RESULT, %eax
	jae 3f
	mov %eax, RESULT
3:	dec %ebp
	jnz 1b
	mov $RESULT, %esi
	mov $4, %ecx
	mov $0xe9, %edx
	cld
4:	lodsb
	out %al, %dx
	dec %ecx
	jnz 4b
	mov $0xf4, %edx
5:	out %al, %dx
	jmp 5b
