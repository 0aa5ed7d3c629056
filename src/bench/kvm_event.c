/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

#include "base/cleanup.h"
#include "bench/kvm.h"

/* A guest that takes interrupts, and the two descriptors at its ends. */
struct pair {
	struct guest guest;
	int doorbell, line;
	volatile int ended; /* the processor's thread: a negative errno, or 1 */
};

static const struct guest_program idle = { .code = GUEST_IDLE };
static const struct guest_program asks = {
	.code = GUEST_ASK, .instruction = "\xee", .size = 1, .dx = GUEST_PORT
};

static int connect_pair(struct pair *pair, int kvm, const struct guest_program *program,
			const char **ret_call)
{
	struct kvm_irqfd line = { .gsi = GUEST_GSI };
	int r;

	pair->doorbell = eventfd(0, EFD_CLOEXEC);
	pair->line = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = guest_start(&pair->guest, kvm, true, program, ret_call);
	if (r < 0)
		return r;
	line.fd = (__u32)pair->line;
	*ret_call = "KVM_IRQFD";
	if (ioctl(pair->guest.vm, KVM_IRQFD, &line) < 0)
		return -errno;
	*ret_call = "KVM_IOEVENTFD";
	return guest_add_doorbell(&pair->guest, program, pair->doorbell);
}

static void *be_processor(void *context)
{
	struct pair *pair = context;
	long r = guest_run(&pair->guest, 1);

	pair->ended = r < 0 ? (int)r : 1;
	return NULL;
}

static int interrupt(void *context, uint64_t count)
{
	struct pair *pair = context;
	volatile struct guest_words *words = guest_words(&pair->guest);

	for (uint64_t i = 0; i < count; i++) {
		uint64_t seen = words->interrupts;

		if (eventfd_write(pair->line, 1) < 0)
			return -errno;
		while (words->interrupts == seen)
			if (pair->ended)
				return -EIO;
	}
	return 0;
}

/* The thread that serves the device: woken by the doorbell, it raises the interrupt. */
static void *be_device(void *context)
{
	struct pair *pair = context;
	eventfd_t kicks;

	while (eventfd_read(pair->doorbell, &kicks) == 0)
		eventfd_write(pair->line, 1);
	return NULL;
}

static int round_trip(void *context, uint64_t count)
{
	struct pair *pair = context;
	long r = guest_run(&pair->guest, count);

	return r < 0 ? (int)r : 0;
}

static int measure(const struct bench_context *context, const struct via_report *report,
		   const struct guest_program *program, void *(*thread)(void *),
		   int (*batch)(void *, uint64_t))
{
	_cleanup_close_ int kvm = -1;
	struct pair pair = { 0 };
	const char *call = "";
	pthread_t id;
	int r = kvm_open(context, report, &kvm);

	if (r != CLIMB_PASS)
		return r;
	r = connect_pair(&pair, kvm, program, &call);
	if (r < 0)
		return report_fail(report, r, call, NULL);
	r = -pthread_create(&id, NULL, thread, &pair);
	if (r < 0)
		return report_fail(report, r, "a second thread", NULL);
	r = meter_run(context->meter, 0, batch, &pair);
	if (r == -EIO)
		return report_fail(report, r, "the guest's code", "it ended with %s",
				   guest_end_text(&pair.guest));
	/* the process ends now, and its threads with it */
	return r < 0 ? report_fail(report, r, "KVM_RUN", NULL) : CLIMB_PASS;
}

int measure_interrupt(const struct bench_context *context, const struct via_report *report)
{
	return measure(context, report, &idle, be_processor, interrupt);
}

int measure_round_trip(const struct bench_context *context, const struct via_report *report)
{
	return measure(context, report, &asks, be_device, round_trip);
}
