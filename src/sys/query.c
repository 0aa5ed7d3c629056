/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/query.h"

#include <errno.h>

#include "base/cleanup.h"

int query_cpuid(const struct via_queries *queries, uint32_t leaf, uint32_t subleaf,
		struct via_cpuid *ret)
{
	return queries->ops->cpuid(queries->context, leaf, subleaf, ret);
}

int query_msr(const struct via_queries *queries, uint32_t index, uint64_t *ret)
{
	return queries->ops->msr ? queries->ops->msr(queries->context, index, ret) : -ENODATA;
}

void query_kvm(const struct via_queries *queries, struct via_kvm_answer *ret)
{
	queries->ops->kvm(queries->context, ret);
}

struct via_fact query_effective_uid(const struct via_queries *queries)
{
	static const char what[] = "effective user id";
	uint32_t uid;
	int r = queries->ops->effective_uid(queries->context, &uid);

	return r < 0 ? fact_unknown(what, -r) : fact_present(what, NULL, uid);
}

void query_ways(const struct via_queries *queries, struct via_arena *arena, struct via_ways *ret)
{
	static const char what[] = "routes and sessions";

	if (queries->ops)
		queries->ops->ways(queries->context, arena, ret);
	else
		*ret = (struct via_ways){ .routes_known = fact_unknown(what, ENODATA),
					  .sessions_known = fact_unknown(what, ENODATA) };
}

static const char *const question_names[] = {
	[VIA_ASK_VDPA] = "vdpa netlink",
	[VIA_ASK_VFS] = "vf netlink",
	[VIA_ASK_VHOST_SOCKETS] = "proc/net/unix",
};
_Static_assert(VIA_COUNT(question_names) == VIA_QUESTIONS, "every question has a name");

const char *question_name(enum via_question question)
{
	return question_names[question];
}

struct via_fact query_text(const struct via_queries *queries, enum via_question question,
			   struct via_arena *arena)
{
	const char *what = question_names[question], *text = NULL;
	int r = -ENODATA;

	if (queries->ops && queries->ops->text)
		r = queries->ops->text(queries->context, question, arena, &text);
	return r < 0 ? fact_unknown(what, -r) : fact_present(what, text, 0);
}

struct via_fact query_kernel_log(const struct via_queries *queries, struct via_arena *arena,
				 via_log_extract *extract)
{
	return queries->ops->kernel_log ? queries->ops->kernel_log(queries->context, arena, extract)
					: fact_unknown(KERNEL_LOG_NAME, ENODATA);
}
