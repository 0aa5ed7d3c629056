/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge.h"

#include <stdbool.h>
#include <string.h>

static const char *text(json_t *object, const char *key)
{
	const char *found = json_string_value(json_object_get(object, key));

	return found ? found : "(none)";
}

static json_t *find(json_t *list, const char *key, json_t *wanted)
{
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item)
		if (json_equal(json_object_get(item, key), wanted))
			return item;
	return NULL;
}

static int complain(FILE *out, const char *where, const char *key, json_t *before, json_t *after)
{
	char *old = json_dumps(before, JSON_ENCODE_ANY | JSON_COMPACT),
	     *new = json_dumps(after, JSON_ENCODE_ANY | JSON_COMPACT);

	fprintf(out, " %s %s: %.120s -> %.120s;", where, key, old ? old : "nothing",
		new ? new : "nothing");
	free(old);
	free(new);
	return 1;
}

/* One that leaves the telling to another, which is unknown itself. */
static bool refers(json_t *finding)
{
	return strcmp(text(finding, "verdict"), "skip") == 0 &&
	       strstr(text(finding, "detail"), "could not be read: see ");
}

/* Where firmware's table is out of reach, each group is asked itself, and tells more. */
static bool is_asked_elsewhere(json_t *before)
{
	return strcmp(text(before, "id"), "iommu.reserved-regions") == 0 &&
	       strcmp(text(before, "verdict"), "unknown") == 0;
}

static int judge_findings(json_t *before, json_t *after, FILE *out)
{
	json_t *was;
	int faults = 0;
	size_t i;

	json_array_foreach (before, i, was) {
		json_t *is = find(after, "id", json_object_get(was, "id"));

		if (strcmp(text(was, "verdict"), text(is, "verdict")) == 0 ||
		    strcmp(text(is, "verdict"), "unknown") == 0 || refers(is) ||
		    is_asked_elsewhere(was))
			continue;
		fprintf(out, " %s: %s -> %s (%.200s);", text(was, "id"), text(was, "verdict"),
			text(is, "verdict"), text(is, "detail"));
		faults++;
	}
	return faults;
}

/* Words and guesses, which change with what is known. */
static bool is_reasoning(const char *key)
{
	static const char *const keys[] = { "unknown", "predicted_why", "predicted_group", "names",
					    "why",     "group_why",	"viable" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

/* Where null also stands for "none", a null that stands for "not told" is listed as such. */
static bool null_is_ambiguous(const char *key)
{
	static const char *const keys[] = { "driver", "iommu_group", "parent",
					    "physfn", "slot",	     "sriov" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

static bool keeps_all(json_t *before, json_t *after)
{
	json_t *item, *other;
	size_t i, j;

	json_array_foreach (before, i, item) {
		bool found = false;

		json_array_foreach (after, j, other)
			found |= json_equal(item, other);
		if (!found)
			return false;
	}
	return json_is_array(before) && json_is_array(after);
}

/* An object with nulls, or a list of some, which says so elsewhere or is not empty. */
static bool is_told_less(json_t *before, json_t *after, bool noted)
{
	const char *key;
	json_t *value;

	json_object_foreach (after, key, value)
		if (!json_is_null(value) && !json_equal(value, json_object_get(before, key)))
			return false;
	return json_is_object(after) ||
	       ((noted || json_array_size(after)) && keeps_all(after, before));
}

/*
 * Who holds a device is told in words with names in them (of a volume, of a keyboard); where a
 * name could not be read, the kernel's own stands there. By what and how badly it is held stays.
 */
static bool is_reworded(const char *key, json_t *before, json_t *after)
{
	json_t *was;
	size_t i;

	if (strcmp(key, "in_use") != 0 || json_array_size(before) > json_array_size(after))
		return false;
	json_array_foreach (before, i, was) {
		json_t *is = json_array_get(after, i);

		if (strcmp(text(was, "by"), text(is, "by")) != 0 ||
		    strcmp(text(was, "severity"), text(is, "severity")) != 0)
			return false;
	}
	return json_array_size(before) > 0;
}

static int judge_members(json_t *before, json_t *after, const char *where, FILE *out)
{
	json_t *unknown = json_object_get(after, "unknown"), *was;
	const char *key;
	int faults = 0;

	json_object_foreach (before, key, was) {
		json_t *is = json_object_get(after, key), *name = json_string(key);
		bool noted = find(unknown, "key", name) != NULL,
		     told = json_is_null(is) ? noted || !null_is_ambiguous(key)
					     : is_told_less(was, is, noted);

		if (!is_reasoning(key) && !json_equal(was, is) && !keeps_all(was, is) && !told &&
		    !is_reworded(key, was, is))
			faults += complain(out, where, key, was, is);
		json_decref(name);
	}
	return faults;
}

static int judge_objects(json_t *before, json_t *after, const char *key, FILE *out)
{
	json_t *was;
	int faults = 0;
	size_t i;

	if (json_is_null(after))
		return 0;
	json_array_foreach (before, i, was) {
		json_t *name = json_object_get(was, key), *is = find(after, key, name);

		if (is)
			faults += judge_members(was, is, text(was, key), out);
		else
			faults += complain(out, key, "gone", name, NULL);
	}
	return faults;
}

int judge_untold(json_t *before, json_t *after, FILE *out)
{
	const char *schema = text(before, "schema");

	if (strcmp(schema, "viaduct.check/1") == 0)
		return judge_members(json_object_get(before, "host"),
				     json_object_get(after, "host"), "host", out) +
		       judge_findings(json_object_get(before, "findings"),
				      json_object_get(after, "findings"), out);
	if (strcmp(schema, "viaduct.show/1") == 0)
		return judge_members(json_object_get(before, "device"),
				     json_object_get(after, "device"), "device", out);
	return judge_members(json_object_get(before, "iommu"), json_object_get(after, "iommu"),
			     "iommu", out) +
	       judge_objects(json_object_get(before, "devices"), json_object_get(after, "devices"),
			     "address", out) +
	       judge_objects(json_object_get(before, "groups"), json_object_get(after, "groups"),
			     "id", out);
}
