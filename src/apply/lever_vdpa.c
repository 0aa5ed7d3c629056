/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/vdpa_answer.h"

/*
 * A device is "" where there is none, else "MANAGEMENT KEY=VALUE…": its management device, as
 * BUS/NAME where that has a bus, and of its configuration the keys that the action names.
 */
static bool take_mac(struct via_vdpa_wish *wish, const char *text)
{
	int end = 0;

	wish->has_mac = true;
	return sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &wish->mac[0], &wish->mac[1],
		      &wish->mac[2], &wish->mac[3], &wish->mac[4], &wish->mac[5], &end) == 6 &&
	       end == 17 && !text[end];
}

static bool take_u16(uint16_t *member, const char *text)
{
	uint64_t number;

	if (parse_u64(text, 10, &number) < 0 || !number || number > UINT16_MAX)
		return false;
	*member = (uint16_t)number;
	return true;
}

static bool take_word(struct via_vdpa_wish *wish, const char *word)
{
	const char *equals = strchr(word, '=');

	if (text_starts(word, "mac="))
		return take_mac(wish, equals + 1);
	if (text_starts(word, "mtu="))
		return take_u16(&wish->mtu, equals + 1);
	if (text_starts(word, "max_vqp="))
		return take_u16(&wish->max_vqp, equals + 1);
	if (!text_starts(word, "features=0x"))
		return false;
	wish->has_features = true;
	return parse_u64(equals + 1, 16, &wish->features) == 0;
}

static bool take_management(struct via_vdpa_wish *wish, char *word)
{
	char *slash = strchr(word, '/');

	wish->bus = slash ? word : "";
	wish->management = slash ? slash + 1 : word;
	if (slash)
		*slash = '\0';
	return *wish->management && !strchr(wish->management, '/');
}

static bool parse_wish(struct via_arena *arena, const char *value, struct via_vdpa_wish *ret)
{
	char *rest = arena_strdup(arena, value), *word;
	struct via_vdpa_wish wish = { 0 };

	if (!take_management(&wish, strsep(&rest, " ")))
		return false;
	while ((word = strsep(&rest, " ")))
		if (!take_word(&wish, word))
			return false;
	*ret = wish;
	return true;
}

static bool vdpa_valid(const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_vdpa_wish wish;

	return !*value || parse_wish(arena, value, &wish);
}

static bool vdpa_one_step(const char *from, const char *to)
{
	return !*from || !*to;
}

/* What the device says of one key that the action names; of others nothing. */
static const char *told(struct via_arena *arena, const struct via_action *action, const char *key,
			const char *value)
{
	const char *word = arena_printf(arena, " %s=", key);

	if (!strstr(action->wanted, word) && !strstr(action->expected, word))
		return "";
	return arena_printf(arena, "%s%s", word, value ?: "?");
}

static const char *describe(struct via_arena *arena, const struct via_action *action,
			    const struct via_vdpa_line *device,
			    const struct via_vdpa_config *config)
{
	return arena_printf(arena, "%s%s%s%s%s%s%s", device->bus, *device->bus ? "/" : "",
			    device->name, told(arena, action, "mac", config->mac),
			    told(arena, action, "mtu", config->mtu),
			    told(arena, action, "max_vqp", config->max_vqp),
			    told(arena, action, "features", config->features));
}

static const char *find_device(struct via_arena *arena, const char *answer,
			       const struct via_action *action)
{
	struct via_vdpa_config config = { 0 };
	struct via_vdpa_line line, device = { 0 };

	while (vdpa_answer_next(arena, &answer, &line)) {
		if (line.kind == VIA_VDPA_LINE_MANAGEMENT ||
		    strcmp(line.device, action->target) != 0)
			continue;
		if (line.kind == VIA_VDPA_LINE_DEVICE)
			device = line;
		else
			config = line.config;
	}
	return device.device ? describe(arena, action, &device, &config) : NULL;
}

/* Without the device, or its bus, netlink is not asked: asking loads the module. */
static int vdpa_get(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, const char **ret)
{
	struct via_fact there =
		root_exists(&world->root, arena, "sys/bus/vdpa/devices/%s", action->target);
	struct via_fact answer;
	const char *device;

	if (there.known == VIA_ABSENT) {
		*ret = "";
		return 0;
	}
	if (there.known != VIA_PRESENT)
		return -there.error;
	answer = query_text(&world->queries, VIA_ASK_VDPA, arena);
	if (answer.known != VIA_PRESENT)
		return -answer.error;
	device = find_device(arena, answer.text, action);
	if (!device) /* nobody's but its driver's: made without netlink */
		return -EOPNOTSUPP;
	*ret = device;
	return 0;
}

/*
 * A device that was there is made again with all that it told, which may be more than can be
 * asked for: what cannot is left to its management device, and read back like the rest.
 */
static int make_again(const struct via_world *world, struct via_vdpa_wish *wish)
{
	int r = effect_vdpa_add(&world->effects, wish);

	if (r != -EOPNOTSUPP)
		return r;
	wish->max_vqp = 0;
	r = effect_vdpa_add(&world->effects, wish);
	if (r != -EOPNOTSUPP)
		return r;
	*wish = (struct via_vdpa_wish){ .name = wish->name,
					.bus = wish->bus,
					.management = wish->management };
	return effect_vdpa_add(&world->effects, wish);
}

static int vdpa_set(const struct via_world *world, const struct via_action *action,
		    const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_vdpa_wish wish;

	if (!*value)
		return effect_vdpa_remove(&world->effects, action->target);
	if (!parse_wish(arena, value, &wish))
		return -EINVAL;
	wish.name = action->target;
	return *action->wanted ? effect_vdpa_add(&world->effects, &wish) : make_again(world, &wish);
}

/* A guest gives its network card the address it likes: it is the device that was made still. */
static bool vdpa_between(const char *from, const char *to, const char *present)
{
	size_t length = strcspn(to, " ");

	return !*from && length && strncmp(present, to, length) == 0 &&
	       (!present[length] || present[length] == ' ');
}

const struct via_lever lever_vdpa = {
	.valid = vdpa_valid,
	.one_step = vdpa_one_step,
	.get = vdpa_get,
	.set = vdpa_set,
	.between = vdpa_between,
};
