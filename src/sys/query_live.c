/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/query.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <unistd.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "base/cleanup.h"
#include "sys/query_text.h"

static const char kernel_log_name[] = KERNEL_LOG_NAME;

static int live_cpuid(void *context, uint32_t leaf, uint32_t subleaf, struct via_cpuid *ret)
{
#if defined(__x86_64__) || defined(__i386__)
	struct via_cpuid value;

	/* The hypervisor's range has no maximum in the usual place. */
	if ((leaf & 0xf0000000) != 0x40000000 &&
	    (uint32_t)__get_cpuid_max(leaf & 0x80000000, NULL) < leaf)
		return -ENXIO;
	__cpuid_count(leaf, subleaf, value.eax, value.ebx, value.ecx, value.edx);
	*ret = value;
	return 0;
#else
	return -ENODATA;
#endif
}

/* A VM that is created and at once destroyed: no memory, no vCPU. */
static struct via_fact create_vm(int kvm)
{
	static const char what[] = "dev/kvm KVM_CREATE_VM";
	_cleanup_close_ int vm = ioctl(kvm, KVM_CREATE_VM, 0UL);

	if (vm < 0)
		return fact_unknown(what, errno);
	return fact_present(what, "ok", 1);
}

static void live_kvm(void *context, struct via_kvm_answer *ret)
{
	static const char node[] = "dev/kvm";
	_cleanup_close_ int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int value;

	*ret = (struct via_kvm_answer){ 0 };
	if (kvm < 0) {
		/* ENXIO, ENODEV: a static node whose module is not there. */
		ret->open = errno == ENOENT ? fact_absent(node) : fact_unknown(node, errno);
		return;
	}
	ret->open = fact_present(node, "opened", 1);
	value = ioctl(kvm, KVM_GET_API_VERSION, 0);
	ret->api_version =
		value < 0 ? fact_unknown("dev/kvm KVM_GET_API_VERSION", errno)
			  : fact_present("dev/kvm KVM_GET_API_VERSION", NULL, (uint64_t)value);
	value = ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS);
	ret->max_vcpus = value < 0
				 ? fact_unknown("dev/kvm KVM_CAP_MAX_VCPUS", errno)
				 : fact_present("dev/kvm KVM_CAP_MAX_VCPUS", NULL, (uint64_t)value);
	ret->create_vm = create_vm(kvm);
}

static int live_effective_uid(void *context, uint32_t *ret)
{
	*ret = geteuid();
	return 0;
}

static int live_text(void *context, enum via_question question, struct via_arena *arena,
		     const char **ret)
{
	switch (question) {
	case VIA_ASK_VDPA:
		return query_live_vdpa(arena, ret);
	case VIA_ASK_VFS:
		return query_live_vfs(arena, ret);
	default:
		return query_live_vhost_sockets(arena, ret);
	}
}

/* Actions of syslog(2), which libc has no names for. */
enum { LOG_READ_ALL = 3, LOG_SIZE_BUFFER = 10, LOG_LIMIT = 64 * 1024 * 1024 };

static struct via_fact live_kernel_log(void *context, struct via_arena *arena,
				       via_log_extract *extract)
{
	int size = klogctl(LOG_SIZE_BUFFER, NULL, 0);
	_cleanup_free_ char *text = NULL;

	if (size < 0)
		return fact_unknown(kernel_log_name, errno);
	/* Times and priorities come on top of what the buffer holds; pages not used cost none. */
	size = size < LOG_LIMIT / 2 ? size * 2 : LOG_LIMIT;
	text = malloc((size_t)size);
	if (!text)
		return fact_unknown(kernel_log_name, ENOMEM);
	size = klogctl(LOG_READ_ALL, text, size);
	if (size < 0)
		return fact_unknown(kernel_log_name, errno);
	return fact_present(
		kernel_log_name,
		extract(arena, (struct via_span){ (const uint8_t *)text, (size_t)size }), 1);
}

static int live_msr(void *context, uint32_t index, uint64_t *ret)
{
	_cleanup_close_ int fd = open("/dev/cpu/0/msr", O_RDONLY | O_CLOEXEC);
	uint64_t value;

	if (fd < 0)
		return -errno;
	errno = 0;
	if (pread(fd, &value, sizeof(value), index) != sizeof(value))
		return errno ? -errno : -EIO;
	*ret = value;
	return 0;
}

static const struct via_query_ops live_ops = {
	.cpuid = live_cpuid,
	.kvm = live_kvm,
	.effective_uid = live_effective_uid,
	.ways = ways_live,
	.text = live_text,
	.kernel_log = live_kernel_log,
	.msr = live_msr,
};

struct via_queries queries_live(void)
{
	return (struct via_queries){ .ops = &live_ops };
}
