/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/declaration.h"

#include <cyaml/cyaml.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hugepage_pool.h"
#include "decode/line.h"

enum { LARGEST_BYTES = 1 << 20, MOST_ENTRIES = 1024 };

/* libcyaml and libyaml are loaded when a file is there to be read. */
static const char soname[] = "libcyaml.so.1";

#define OPTIONAL CYAML_FLAG_OPTIONAL
#define PTR	 (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define TEXT(key, structure, member) \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, structure, member, 1, CYAML_UNLIMITED)
#define TEXT_IF(key, structure, member) \
	CYAML_FIELD_STRING_PTR(key, PTR, structure, member, 1, CYAML_UNLIMITED)
/* libcyaml's own reading of truth takes every word it does not know for yes. */
#define SWITCH(key, structure, member)                                                  \
	CYAML_FIELD_ENUM_PTR(key, PTR | CYAML_FLAG_STRICT, structure, member, switches, \
			     CYAML_ARRAY_LEN(switches))
#define LIST(key, structure, member, entry)                                                  \
	CYAML_FIELD_SEQUENCE_COUNT(key, PTR, structure, member, member##_count, &(entry), 0, \
				   MOST_ENTRIES)
#define WHICH(structure)                                                                \
	TEXT_IF("device", structure, which.device), TEXT_IF("id", structure, which.id), \
		TEXT_IF("slot", structure, which.slot), TEXT_IF("serial", structure, which.serial)

static const cyaml_strval_t switches[] = {
	{ "true", VIA_DECLARED_ON },   { "yes", VIA_DECLARED_ON }, { "on", VIA_DECLARED_ON },
	{ "false", VIA_DECLARED_OFF }, { "no", VIA_DECLARED_OFF }, { "off", VIA_DECLARED_OFF },
};

/* clang-format off */
static const cyaml_schema_value_t word_entry = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, const char, 1, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t passthrough_fields[] = {
	WHICH(struct via_declared_passthrough),
	TEXT_IF("driver", struct via_declared_passthrough, driver),
	LIST("reset", struct via_declared_passthrough, reset, word_entry),
	SWITCH("d3cold", struct via_declared_passthrough, d3cold),
	CYAML_FIELD_END,
};

static const cyaml_strval_t links[] = {
	{ "auto", VIA_LINK_AUTO }, { "enable", VIA_LINK_ENABLE }, { "disable", VIA_LINK_DISABLE },
};

static const cyaml_schema_field_t vf_fields[] = {
	TEXT("index", struct via_declared_vf, index),
	TEXT_IF("mac", struct via_declared_vf, mac),
	TEXT_IF("driver", struct via_declared_vf, driver),
	CYAML_FIELD_UINT_PTR("vlan", PTR, struct via_declared_vf, vlan),
	CYAML_FIELD_UINT_PTR("qos", PTR, struct via_declared_vf, qos),
	CYAML_FIELD_UINT_PTR("min_rate", PTR, struct via_declared_vf, min_rate_mbps),
	CYAML_FIELD_UINT_PTR("max_rate", PTR, struct via_declared_vf, max_rate_mbps),
	CYAML_FIELD_UINT_PTR("msix", PTR, struct via_declared_vf, msix_count),
	SWITCH("trust", struct via_declared_vf, trust),
	SWITCH("spoofcheck", struct via_declared_vf, spoof_check),
	SWITCH("spoofchk", struct via_declared_vf, spoofchk),
	CYAML_FIELD_ENUM_PTR("link", PTR | CYAML_FLAG_STRICT, struct via_declared_vf, link, links,
			     CYAML_ARRAY_LEN(links)),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t vf_entry = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct via_declared_vf, vf_fields),
};

static const cyaml_schema_field_t sriov_fields[] = {
	WHICH(struct via_declared_sriov),
	CYAML_FIELD_UINT("vfs", CYAML_FLAG_DEFAULT, struct via_declared_sriov, vfs),
	SWITCH("autoprobe", struct via_declared_sriov, autoprobe),
	TEXT_IF("eswitch", struct via_declared_sriov, eswitch),
	LIST("vf", struct via_declared_sriov, vf, vf_entry),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t mediated_fields[] = {
	TEXT("parent", struct via_declared_mediated, parent),
	TEXT("type", struct via_declared_mediated, type),
	TEXT("uuid", struct via_declared_mediated, uuid),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t vdpa_fields[] = {
	TEXT("management", struct via_declared_vdpa, management),
	TEXT("name", struct via_declared_vdpa, name),
	TEXT_IF("mac", struct via_declared_vdpa, mac),
	TEXT_IF("driver", struct via_declared_vdpa, driver),
	CYAML_FIELD_UINT_PTR("mtu", PTR, struct via_declared_vdpa, mtu),
	CYAML_FIELD_UINT_PTR("queue_pairs", PTR, struct via_declared_vdpa, max_queue_pairs),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t hugepages_fields[] = {
	TEXT("size", struct via_declared_hugepages, size),
	CYAML_FIELD_UINT("count", CYAML_FLAG_DEFAULT, struct via_declared_hugepages, count),
	CYAML_FIELD_UINT_PTR("node", PTR, struct via_declared_hugepages, node),
	CYAML_FIELD_END,
};

#define ENTRY(name) \
	static const cyaml_schema_value_t name##_entry = { \
		CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct via_declared_##name, name##_fields), \
	}
ENTRY(passthrough);
ENTRY(sriov);
ENTRY(mediated);
ENTRY(vdpa);
ENTRY(hugepages);
/* clang-format on */

static const cyaml_strval_t iommu_modes[] = {
	{ "translated", VIA_DECLARED_IOMMU_TRANSLATED },
	{ "passthrough", VIA_DECLARED_IOMMU_PASSTHROUGH },
};

struct iommu_section {
	const enum via_declared_iommu *mode;
};

struct cpus_section {
	const char *isolate;
};

/* The file's own shape: sections that are mappings, where the declaration is flat. */
struct whole_file {
	struct iommu_section iommu;
	struct cpus_section cpus;
	struct via_declaration declaration;
};

static const cyaml_schema_field_t iommu_fields[] = {
	CYAML_FIELD_ENUM_PTR("mode", CYAML_FLAG_POINTER | CYAML_FLAG_STRICT, struct iommu_section,
			     mode, iommu_modes, CYAML_ARRAY_LEN(iommu_modes)),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t cpus_fields[] = {
	TEXT("isolate", struct cpus_section, isolate),
	CYAML_FIELD_END,
};

#define SECTION(name) LIST(#name, struct whole_file, declaration.name, name##_entry)

static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_MAPPING("iommu", OPTIONAL, struct whole_file, iommu, iommu_fields),
	CYAML_FIELD_MAPPING("cpus", OPTIONAL, struct whole_file, cpus, cpus_fields),
	SWITCH("nested", struct whole_file, declaration.nested),
	SECTION(passthrough),
	SECTION(sriov),
	SECTION(mediated),
	SECTION(vdpa),
	SECTION(hugepages),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct whole_file, file_fields),
};

/* What libcyaml says of a failure comes line by line, the innermost place first. */
struct complaint {
	char why[256], where[320];
};

__attribute__((format(printf, 3, 0))) static void note(cyaml_log_t level, void *context,
						       const char *format, va_list arguments)
{
	struct complaint *complaint = context;
	char line[256];
	char *place;

	vsnprintf(line, sizeof(line), format, arguments);
	line[strcspn(line, "\n")] = '\0';
	place = strstr(line, " (line: ");
	if (place && !*complaint->where) {
		/* The line of what was understood last: the fault is there, or behind it. */
		*place = '\0';
		snprintf(complaint->where, sizeof(complaint->where), "%s, near line %lu",
			 line + strspn(line, " "), strtoul(place + strlen(" (line: "), NULL, 10));
	} else if (!place && !*complaint->why && strncmp(line, "Load: ", 6) == 0) {
		snprintf(complaint->why, sizeof(complaint->why), "%s", line + 6);
	}
}

/* realloc() and free() over an arena: each piece is preceded by its size. */
static void *arena_realloc(void *context, void *old, size_t size)
{
	enum { HEAD_BYTES = 16 };
	uint64_t had = 0;
	char *piece;

	if (!size)
		return NULL;
	if (old)
		memcpy(&had, (char *)old - HEAD_BYTES, sizeof(had));
	if (old && size <= had)
		return old;
	piece = arena_alloc(context, size + HEAD_BYTES);
	memcpy(piece, &(uint64_t){ size }, sizeof(uint64_t));
	if (old)
		memcpy(piece + HEAD_BYTES, old, had);
	return piece + HEAD_BYTES;
}

static typeof(&cyaml_load_data) find_reader(void)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
	typeof(&cyaml_load_data) reader = NULL;
	void *symbol = library ? dlsym(library, "cyaml_load_data") : NULL;

	memcpy(&reader, &symbol, sizeof(reader));
	return reader;
}

static bool only_blanks_and_comments(struct via_span text)
{
	bool comment = false;

	for (size_t i = 0; i < text.size; i++) {
		comment = text.data[i] == '#' || (comment && text.data[i] != '\n');
		if (!comment && !strchr(" \t\r\n", text.data[i]))
			return false;
	}
	return true;
}

static int load(struct via_arena *arena, struct via_span text, const char *name,
		struct whole_file **ret, struct via_error *error)
{
	typeof(&cyaml_load_data) reader = find_reader();
	struct complaint complaint = { 0 };
	const cyaml_config_t config = {
		.log_level = CYAML_LOG_ERROR,
		.log_fn = note,
		.log_ctx = &complaint,
		.mem_fn = arena_realloc,
		.mem_ctx = arena,
		.flags = CYAML_CFG_NO_ALIAS,
	};
	struct whole_file *file = NULL;

	if (!reader) {
		error_set(error, -EOPNOTSUPP, "declaration", name, "reading YAML takes %s", soname);
		return error_hint(error, "install libcyaml");
	}
	if (reader(text.data, text.size, &config, &file_schema, (cyaml_data_t **)&file, NULL) !=
		    CYAML_OK ||
	    !file)
		return error_set(error, -EBADMSG, "declaration", name, "%s%s%s",
				 *complaint.why ? complaint.why : "that is no declaration",
				 *complaint.where ? " " : "", complaint.where);
	*ret = file;
	return 0;
}

/* libcyaml reads a whole number of 64 bits as strtoull() does, for which -1 is the largest. */
static int refuse_negative(const struct via_declaration *declaration, const char *name,
			   struct via_error *error)
{
	for (uint32_t i = 0; i < declaration->hugepages_count; i++)
		if (declaration->hugepages[i].count > UINT32_MAX)
			return error_set(error, -EBADMSG, "declaration", name,
					 "hugepages: that is no number of pages");
	return 0;
}

static bool same_pages(const struct via_declared_hugepages *one,
		       const struct via_declared_hugepages *other)
{
	uint64_t kib = hugepage_size_kib(one->size);

	if (kib != hugepage_size_kib(other->size) || (!kib && strcmp(one->size, other->size) != 0))
		return false;
	return !one->node == !other->node && (!one->node || *one->node == *other->node);
}

/* What an entry of a section is told by must be its own. */
#define TWICE(list, same)                                                       \
	for (uint32_t i = 0; i < declaration->list##_count; i++)                \
		for (uint32_t k = 0; k < i; k++)                                \
			if (same(&declaration->list[i], &declaration->list[k])) \
	return error_set(error, -EBADMSG, "declaration", name,                  \
			 "%s: entries %u and %u are the same", #list, k + 1, i + 1)
#define SAME_NAME(one, other) (strcmp((one)->name, (other)->name) == 0)
#define SAME_UUID(one, other) (strcasecmp((one)->uuid, (other)->uuid) == 0)

static int refuse_twice(const struct via_declaration *declaration, const char *name,
			struct via_error *error)
{
	TWICE(hugepages, same_pages);
	TWICE(mediated, SAME_UUID);
	TWICE(vdpa, SAME_NAME);
	return 0;
}

/* The command line says spoofchk, as ip-link(8) does. */
static int join_spellings(struct via_declaration *declaration, const char *name,
			  struct via_error *error)
{
	for (uint32_t i = 0; i < declaration->sriov_count; i++)
		for (uint32_t k = 0; k < declaration->sriov[i].vf_count; k++) {
			struct via_declared_vf *vf = &declaration->sriov[i].vf[k];

			if (vf->spoof_check && vf->spoofchk)
				return error_set(error, -EBADMSG, "declaration", name,
						 "sriov: entry %u says both spoofcheck and "
						 "spoofchk of functions %s: they are the same",
						 i + 1, vf->index);
			vf->spoof_check = vf->spoof_check ?: vf->spoofchk;
		}
	return 0;
}

static bool is_marker(const char *line, const char *marker)
{
	return strncmp(line, marker, 3) == 0 && (!line[3] || strchr(" \t", line[3]));
}

/* libcyaml reads the first document, and passes over what comes behind it. */
static int refuse_second_document(struct via_arena *arena, struct via_span text, const char *name,
				  struct via_error *error)
{
	bool begun = false, ended = false;
	size_t number = 0;
	char *line;

	while ((line = line_next(arena, &text))) {
		const char *word = line + strspn(line, " \t");
		bool begins = is_marker(line, "---");

		number++;
		if (is_marker(line, "...")) {
			ended = true;
			continue;
		}
		if (!*word || *word == '#' || (*line == '%' && !begun))
			continue;
		if (ended || (begins && begun))
			return error_set(error, -EBADMSG, "declaration", name,
					 "a second document begins in line %zu: all belongs "
					 "into one",
					 number);
		begun = true;
	}
	return 0;
}

int declaration_read(struct via_arena *arena, struct via_span text, const char *name,
		     struct via_declaration **ret, struct via_error *error)
{
	struct whole_file *file = NULL;
	int r;

	if (text.size > LARGEST_BYTES)
		return error_set(error, -EFBIG, "declaration", name, "more than 1 MiB");
	if (only_blanks_and_comments(text)) {
		*ret = arena_new_object(arena, struct via_declaration);
		return 0;
	}
	r = refuse_second_document(arena, text, name, error);
	if (r == 0)
		r = load(arena, text, name, &file, error);
	if (r < 0 || !file)
		return r;
	r = join_spellings(&file->declaration, name, error);
	if (r == 0)
		r = refuse_negative(&file->declaration, name, error);
	if (r == 0)
		r = refuse_twice(&file->declaration, name, error);
	if (r < 0)
		return r;
	file->declaration.iommu = file->iommu.mode;
	file->declaration.isolate = file->cpus.isolate;
	*ret = &file->declaration;
	return 0;
}
