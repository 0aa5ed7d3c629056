/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "base/names.h"
#include "sys/genetlink.h"
#include "sys/query_text.h"
#include "sys/vdpa_netlink.h"
#include "sys/watch.h"

enum {
	ANSWER_BYTES = 1024 * 1024,
	LIMIT_MS = 5000,
};

/* What is gathered; in memory that the child who asks shares with us. */
struct answer {
	size_t used;
	char text[ANSWER_BYTES];
};

struct asking {
	struct via_genetlink talk;
	struct via_arena *arena;
	struct answer *answer;
	struct via_names devices;
	const char *device; /* whose configuration is asked for */
};

static void say(struct answer *answer, const char *line)
{
	size_t length = strlen(line);

	if (length >= sizeof(answer->text) - answer->used)
		return;
	memcpy(answer->text + answer->used, line, length + 1);
	answer->used += length;
}

static const char *text_of(const struct nlattr *attribute)
{
	return genetlink_text(attribute) ?: "-";
}

static int take_management(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attributes[VDPA_ATTRIBUTES];
	struct asking *asking = data;

	genetlink_index(header, attributes, VDPA_ATTRIBUTES);
	say(asking->answer,
	    arena_printf(asking->arena, "mgmtdev %s %s %llx %llx %u\n",
			 text_of(attributes[VDPA_MGMTDEV_BUS_NAME]),
			 text_of(attributes[VDPA_MGMTDEV_DEV_NAME]),
			 (unsigned long long)genetlink_number(attributes[VDPA_MGMTDEV_CLASSES]),
			 (unsigned long long)genetlink_number(attributes[VDPA_SUPPORTED_FEATURES]),
			 (unsigned int)genetlink_number(attributes[VDPA_MGMTDEV_MAX_VQS])));
	return MNL_CB_OK;
}

static int take_device(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attributes[VDPA_ATTRIBUTES];
	struct asking *asking = data;
	const char *name;

	genetlink_index(header, attributes, VDPA_ATTRIBUTES);
	name = genetlink_text(attributes[VDPA_DEV_NAME]);
	say(asking->answer,
	    arena_printf(asking->arena, "dev %s %s %s %llu %u\n", name ?: "-",
			 text_of(attributes[VDPA_MGMTDEV_BUS_NAME]),
			 text_of(attributes[VDPA_MGMTDEV_DEV_NAME]),
			 (unsigned long long)genetlink_number(attributes[VDPA_DEV_ID]),
			 (unsigned int)genetlink_number(attributes[VDPA_DEV_MAX_VQS])));
	if (name)
		*via_list_add(asking->arena, &asking->devices) = arena_strdup(asking->arena, name);
	return MNL_CB_OK;
}

/* "key=value", or nothing where the device does not tell. */
static const char *number_word(struct via_arena *arena, const char *key, const char *format,
			       const struct nlattr *attribute)
{
	if (!attribute)
		return "";
	return *format == 'x' ? arena_printf(arena, " %s=0x%llx", key,
					     (unsigned long long)genetlink_number(attribute))
			      : arena_printf(arena, " %s=%llu", key,
					     (unsigned long long)genetlink_number(attribute));
}

static const char *mac_word(struct via_arena *arena, const struct nlattr *attribute)
{
	const unsigned char *mac;

	if (!attribute || mnl_attr_get_payload_len(attribute) != 6)
		return "";
	mac = mnl_attr_get_payload(attribute);
	return arena_printf(arena, " mac=%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
			    mac[3], mac[4], mac[5]);
}

static int take_config(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attributes[VDPA_ATTRIBUTES];
	struct asking *asking = data;
	struct via_arena *arena = asking->arena;

	genetlink_index(header, attributes, VDPA_ATTRIBUTES);
	say(asking->answer,
	    arena_printf(arena, "config %s%s%s%s%s%s\n", asking->device,
			 mac_word(arena, attributes[VDPA_NET_MAC]),
			 number_word(arena, "mtu", "u", attributes[VDPA_NET_MTU]),
			 number_word(arena, "max_vqp", "u", attributes[VDPA_NET_MAX_VQP]),
			 number_word(arena, "features", "x", attributes[VDPA_DEV_FEATURES]),
			 number_word(arena, "capacity", "u", attributes[VDPA_BLOCK_CAPACITY])));
	return MNL_CB_OK;
}

static void fill_device(struct nlmsghdr *header, void *data)
{
	const struct asking *asking = data;

	mnl_attr_put_strz(header, VDPA_DEV_NAME, asking->device);
}

/*
 * One by one: a dump ends at the first device of a kind that the kernel has no words for. One
 * that does not tell has no line.
 */
static void ask_configurations(struct asking *asking)
{
	via_for_each (name, &asking->devices) {
		asking->device = *name;
		genetlink_ask(&asking->talk, VDPA_COMMAND_DEV_CONFIG_GET, NLM_F_ACK, fill_device,
			      take_config, asking);
	}
}

static int ask_all(void *data)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct asking asking = { .arena = arena, .answer = data };
	int r = genetlink_open(&asking.talk, VDPA_FAMILY, VDPA_FAMILY_VERSION);

	if (r < 0)
		return r;
	r = genetlink_ask(&asking.talk, VDPA_COMMAND_MGMTDEV_GET, NLM_F_DUMP, NULL, take_management,
			  &asking);
	if (r == 0)
		r = genetlink_ask(&asking.talk, VDPA_COMMAND_DEV_GET, NLM_F_DUMP, NULL, take_device,
				  &asking);
	if (r == 0)
		ask_configurations(&asking);
	genetlink_close(&asking.talk);
	return r;
}

/*
 * In a child: whoever removes a device that is in use sleeps in the kernel with the lock of
 * the whole family, and so would we.
 */
int query_live_vdpa(struct via_arena *arena, const char **ret)
{
	struct answer *answer = mmap(NULL, sizeof(*answer), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int r;

	if (answer == MAP_FAILED)
		return -errno;
	r = watch_call(ask_all, answer, LIMIT_MS);
	if (r == 0)
		*ret = arena_strdup(arena, answer->text);
	munmap(answer, sizeof(*answer));
	return r;
}
