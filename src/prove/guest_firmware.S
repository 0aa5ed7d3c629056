/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firmware of the smallest guest that owns a device: it starts at the processor's reset,
 * looks for the device behind the first bridge of bus 0, places one of its BARs, reads a
 * register of it and says what it saw. guest_firmware.h has where it lies, what it is told and
 * what it says.
 *
 * Source: PCI Local Bus 3.0, 3.2.2.3.2 and 6.2.5.1; PCI-to-PCI Bridge 1.2, 3.2.5;
 *         Intel SDM volume 3A, 9.9.1
 */
#include "prove/guest_firmware.h"

#define AT(label) (FIRMWARE_BASE + (label) - guest_firmware)

#define CONFIG_ADDRESS	0xcf8
#define CONFIG_DATA	0xcfc
#define CONFIG_ENABLE	0x80000000
#define COMMAND		0x04
#define CLASS		0x08
#define BAR_0		0x10
#define HEADER		0x0c		/* its third byte is the kind of header */
#define HEADER_BRIDGE	0x00010000
#define HEADER_KIND	0x007f0000
#define BUSES		0x18
#define MEMORY_WINDOW	0x20
#define ONLY_BUS_1	0x00010100
#define BUS_1		0x00010000
#define MEMORY_MASTER	0x0006
#define STACK		0x7000
#define CODE		0x08
#define DATA		0x10

	.section .rodata.guest_firmware, "a"
	.globl guest_firmware, guest_firmware_end
	.balign 16
guest_firmware:
	.code16
	cli
	lgdtl	%cs:(tables - guest_firmware)
	movl	%cr0, %eax
	orb	$1, %al
	movl	%eax, %cr0
	ljmpl	$CODE, $AT(protected)

	.code32
protected:
	movl	$DATA, %eax
	movl	%eax, %ds
	movl	%eax, %ss
	movl	$STACK, %esp

	/* the first bridge of bus 0: ebx is its address as configuration space has it */
	movl	$CONFIG_ENABLE, %ebx
next_device:
	movl	$HEADER, %ecx
	call	config_read
	andl	$HEADER_KIND, %eax
	cmpl	$HEADER_BRIDGE, %eax
	je	bridge
	addl	$0x800, %ebx
	cmpl	$CONFIG_ENABLE + 0x10000, %ebx
	jb	next_device
	movl	$AT(no_bridge), %esi
	jmp	say_and_end

bridge:
	movl	$BUSES, %ecx
	movl	$ONLY_BUS_1, %eax
	call	config_write
	movl	$MEMORY_WINDOW, %ecx
	movl	$FIRMWARE_WINDOW, %eax
	call	config_write
	movl	$COMMAND, %ecx
	movl	$MEMORY_MASTER, %eax
	call	config_write

	movl	$CONFIG_ENABLE + BUS_1, %ebx
	xorl	%ecx, %ecx
	movl	$AT(ids), %esi
	call	say_config
	movl	$CLASS, %ecx
	movl	$AT(class), %esi
	call	say_config

	movl	FIRMWARE_BASE + FIRMWARE_BAR, %edi
	cmpl	$FIRMWARE_NO_BAR, %edi
	je	over
	leal	BAR_0(,%edi,4), %ecx
	movl	$0xffffffff, %eax
	call	config_write
	movl	$AT(size), %esi
	call	say_config
	testl	%eax, %eax
	jz	over
	movl	$FIRMWARE_PLACE, %eax
	call	config_write
	movl	$COMMAND, %ecx
	movl	$MEMORY_MASTER, %eax
	call	config_write
	movl	FIRMWARE_BASE + FIRMWARE_OFFSET, %edi
	movl	FIRMWARE_PLACE(%edi), %eax
	movl	$AT(register), %esi
	call	say

over:
	movl	$AT(done), %esi
say_and_end:
	xorl	%eax, %eax
	call	say
	movl	$FIRMWARE_END_PORT, %edx
	outl	%eax, %dx
	cli
stopped:
	hlt
	jmp	stopped

	/* ebx: the function, ecx: the register, eax: its value */
config_read:
	call	config_select
	inl	%dx, %eax
	ret
config_write:
	pushl	%eax
	call	config_select
	popl	%eax
	outl	%eax, %dx
	ret
config_select:
	leal	(%ebx,%ecx), %eax
	movl	$CONFIG_ADDRESS, %edx
	outl	%eax, %dx
	movl	$CONFIG_DATA, %edx
	ret

	/* say "NAME 0123abcd": esi: the name, eax: the value, kept */
say_config:
	call	config_read
say:
	pushal
	movl	%eax, %ebx
	movl	$FIRMWARE_SAY_PORT, %edx
say_letter:
	movb	(%esi), %al
	incl	%esi
	testb	%al, %al
	jz	say_value
	outb	%al, %dx
	jmp	say_letter
say_value:
	movl	$8, %ecx
say_digit:
	roll	$4, %ebx
	movl	%ebx, %eax
	andl	$0xf, %eax
	movb	AT(digits)(%eax), %al
	outb	%al, %dx
	decl	%ecx
	jnz	say_digit
	movb	$'\n', %al
	outb	%al, %dx
	popal
	ret

	.balign 8
descriptors:
	.quad	0
	.quad	0x00cf9b000000ffff	/* code, all 4 GiB */
	.quad	0x00cf93000000ffff	/* data, likewise */
tables:
	.word	tables - descriptors - 1
	.long	AT(descriptors)
digits:
	.ascii	"0123456789abcdef"
ids:
	.asciz	"viaduct-guest: ids "
class:
	.asciz	"viaduct-guest: class "
size:
	.asciz	"viaduct-guest: size "
register:
	.asciz	"viaduct-guest: register "
done:
	.asciz	"viaduct-guest: done "
no_bridge:
	.asciz	"viaduct-guest: no bridge "
guest_firmware_end:

	.section .note.GNU-stack, "", @progbits
