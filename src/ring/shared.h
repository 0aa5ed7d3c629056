/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <endian.h>
#include <stdint.h>

/* Memory that the other side may change at any time is read once, and never twice. */
static inline uint16_t shared_u16(const uint16_t *at)
{
	return le16toh(__atomic_load_n(at, __ATOMIC_RELAXED));
}

static inline uint32_t shared_u32(const uint32_t *at)
{
	return le32toh(__atomic_load_n(at, __ATOMIC_RELAXED));
}

static inline uint64_t shared_u64(const uint64_t *at)
{
	return le64toh(__atomic_load_n(at, __ATOMIC_RELAXED));
}

/* What stands behind this index is read after it. */
static inline uint16_t shared_u16_acquire(const uint16_t *at)
{
	return le16toh(__atomic_load_n(at, __ATOMIC_ACQUIRE));
}

/* What was written before it is seen before it. */
static inline void shared_publish(uint16_t *at, uint16_t value)
{
	__atomic_store_n(at, htole16(value), __ATOMIC_RELEASE);
}
