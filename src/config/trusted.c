/* trusted.d, and `trusted` and `trusted_keys` of rolegate.conf: the entries as they are written. */
#include <string.h>

#include "config/build.h"
#include "config/check.h"
#include "config/signature.h"

#define HEX "0123456789abcdef"

enum { HASH_DIGITS = 64 };

struct draft {
	struct trust_entry entry;
	int level; /* -1: not said, or refused */
};

static const char *check_id(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t i = 0;

	for (; i < sizeof(form) - 1; i++)
		if (text[i] == '\0' ||
			(form[i] == '-' ? text[i] != '-' : strchr(HEX, text[i]) == NULL))
			break;
	return form[i] == '\0' && text[i] == '\0'
		       ? NULL
		       : "a UUID in lower case, as uuidgen(1) prints one";
}

static const char *check_target(const char *text)
{
	const char *file = strncmp(text, "functions.d/", 12) == 0 ? text + 12 : NULL;
	size_t length = file == NULL ? 0 : strlen(file);

	if (file == NULL)
		return check_executable(text) == NULL ? NULL
						      : "the full path of a script, without "
							"\"//\", \".\" or \"..\", or a file "
							"\"functions.d/NAME.conf\"";
	return length > 5 && strchr(file, '/') == NULL && strcmp(file + length - 5, ".conf") == 0
		       ? NULL
		       : "\"functions.d/NAME.conf\"";
}

/* NULL, or what is wrong with the name of an algorithm (R35). */
static const char *algorithm_complaint(struct reader *reader, const char *name, size_t length)
{
	static const char *const weak[] = {"md2", "md4", "md5", "sha", "sha0", "sha1", "sha-1",
		"ripemd160", "rmd160", "crc32", "adler32"};
	const char *text = arena_strndup(reader->loader->scratch, name, length);

	if (strcmp(text, "sha256") == 0)
		return NULL;
	for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++)
		if (strcasecmp(text, weak[i]) == 0)
			return arena_printf(reader->loader->scratch,
				"the algorithm \"%s\" is too weak to trust anything by", text);
	return arena_printf(reader->loader->scratch, "the algorithm \"%s\" is unknown", text);
}

static const char *hash_complaint(struct reader *reader, const char *text)
{
	const char *colon = strchr(text, ':'), *complaint;
	size_t digits;

	if (colon == NULL)
		return "it does not name its algorithm";
	complaint = algorithm_complaint(reader, text, (size_t)(colon - text));
	if (complaint != NULL)
		return complaint;
	digits = strspn(colon + 1, HEX);
	if (colon[1 + digits] >= 'A' && colon[1 + digits] <= 'F')
		return "sha256 is written with digits in lower case";
	if (colon[1 + digits] != '\0' || digits != HASH_DIGITS)
		return arena_printf(reader->loader->scratch,
			"sha256 has %d hexadecimal digits, and this has %zu characters",
			HASH_DIGITS, strlen(colon + 1));
	return NULL;
}

static void read_hash(struct reader *reader, const config_setting_t *setting, void *field)
{
	const char *text = reader_string(reader, setting, NULL), *complaint;

	if (text == NULL)
		return;
	complaint = hash_complaint(reader, text);
	if (complaint == NULL)
		*(const char **)field = text + strlen("sha256:");
	else
		reader_error(reader, setting,
			"%s = \"%s\" is refused: %s; expected \"sha256:\" and %d hexadecimal "
			"digits",
			setting->name, text, complaint, HASH_DIGITS);
}

static void read_level(struct reader *reader, const config_setting_t *setting, void *field)
{
	int index = reader_choice(reader, setting, trust_level_names);

	if (index == TRUST_SYSTEM && strcmp(reader->file, "rolegate.conf") != 0)
		reader_error(reader, setting,
			"level = \"system\" is for rolegate.conf alone; expected \"trusted\" or "
			"\"untrusted\" here");
	else
		*(int *)field = index;
}

static void read_mismatch(struct reader *reader, const config_setting_t *setting, void *field)
{
	int index = reader_choice(reader, setting, trust_mismatch_names);

	if (index >= 0)
		*(enum trust_mismatch *)field = (enum trust_mismatch)index;
}

static void read_others(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const char *const names[] = {"remove", "constrain", NULL};

	*(bool *)field = reader_choice(reader, setting, names) == 1;
}

#define ENTRY(member) .offset = offsetof(struct draft, entry.member)

enum { ID, FUNCTION, PATH, CONTENT, SIGNED, INTERPRETER, LEVEL, MISMATCH, EXPORTS, OTHERS, KEYS };

static const struct schema_key entry_keys[] = {
	[ID] = {"id", SHAPE_STRING, .required = true, ENTRY(id), .check = check_id,
		.expected = "a UUID, as \"rolegatectl trust add\" makes one with the whole entry"},
	[FUNCTION] = {"function", SHAPE_STRING, ENTRY(function), .check = check_command_name},
	[PATH] = {"path", SHAPE_STRING, ENTRY(path), .check = check_target},
	[CONTENT] = {"content_hash", SHAPE_STRING, ENTRY(content_hash), .handler = read_hash},
	[SIGNED] = {"signed_by", SHAPE_STRING, ENTRY(signed_by), .check = check_name},
	[INTERPRETER] = {"interpreter_hash", SHAPE_STRING, ENTRY(interpreter_hash),
		.handler = read_hash},
	[LEVEL] = {"level", SHAPE_STRING, .required = true, .offset = offsetof(struct draft, level),
		.handler = read_level},
	[MISMATCH] = {"on_mismatch", SHAPE_STRING, ENTRY(on_mismatch), .handler = read_mismatch},
	[EXPORTS] = {"exports", SHAPE_STRINGS, ENTRY(exports), .check = check_command_name,
		.not_empty = true},
	[OTHERS] = {"others", SHAPE_STRING, ENTRY(constrain_others), .handler = read_others},
	[KEYS] = {0},
};

static void check_keys(struct reader *reader, const config_setting_t *group,
	const struct trust_entry *entry, const bool *present)
{
	if (present[FUNCTION] == present[PATH])
		reader_error(reader, group, "expected exactly one of \"function\" and \"path\"");
	if (present[CONTENT] == present[SIGNED])
		reader_error(reader, group,
			"expected exactly one of \"content_hash\" and \"signed_by\"");
	if ((present[EXPORTS] || present[OTHERS]) &&
		!(entry->path != NULL && trust_is_library(entry)))
		reader_error(reader, group,
			"exports and others are for a file of functions; expected path = "
			"\"functions.d/NAME.conf\" with them");
	if (present[OTHERS] && !present[EXPORTS])
		reader_error(reader, group,
			"others says what becomes of functions that are not exported; expected "
			"\"exports\" with it");
	if (present[INTERPRETER] && entry->path != NULL && trust_is_library(entry))
		reader_error(reader, group,
			"interpreter_hash is of one script; expected it in an entry for a function "
			"or "
			"a script");
}

static void read_entry(struct reader *reader, const config_setting_t *group, void *target)
{
	struct loader *loader = reader->loader;
	struct policy *policy = loader->policy;
	struct draft draft = {.level = -1};
	bool present[KEYS];

	(void)target;
	draft.entry.source = reader_source(reader, group);
	schema_read(reader, "trusted", group, entry_keys, &draft, present);
	check_keys(reader, group, &draft.entry, present);
	if (draft.level > 0)
		draft.entry.level = (enum trust_level)draft.level;
	policy->trust = arena_grow(
		loader->arena, policy->trust, policy->trust_count, sizeof(*policy->trust));
	policy->trust[policy->trust_count++] = draft.entry;
}

void build_trusted_list(struct reader *reader, const config_setting_t *list, void *field)
{
	schema_each_group(reader, list, read_entry, field);
}

void build_trusted(struct reader *reader, const config_setting_t *root)
{
	static const struct schema_key keys[] = {
		{"trusted", SHAPE_LIST, .required = true, .handler = build_trusted_list},
		{0},
	};

	schema_read(reader, NULL, root, keys, NULL, NULL);
}

static void read_public_key(struct reader *reader, const config_setting_t *setting, void *field)
{
	const char *text = reader_string(reader, setting, NULL), *complaint = NULL;

	if (text != NULL && signature_key_parse(text, field, &complaint) != 0)
		reader_error(reader, setting,
			"key = \"%s\" is refused: %s; expected \"ed25519:\" and the base64 of a "
			"public key",
			text, complaint);
}

static void read_key(struct reader *reader, const config_setting_t *group, void *target)
{
	static const struct schema_key keys[] = {
		{"name", SHAPE_STRING, .required = true,
			.offset = offsetof(struct trusted_key, name), .check = check_name},
		{"key", SHAPE_STRING, .required = true, .offset = offsetof(struct trusted_key, key),
			.handler = read_public_key},
		{0},
	};
	struct policy *policy = reader->loader->policy;
	struct trusted_key key = {.source = reader_source(reader, group)};

	(void)target;
	schema_read(reader, "trusted key", group, keys, &key, NULL);
	for (size_t i = 0; key.name != NULL && i < policy->key_count; i++)
		if (strcmp(policy->keys[i].name, key.name) == 0)
			reader_error(reader, group,
				"trusted key \"%s\" is already defined at %s:%u", key.name,
				policy->keys[i].source.file, policy->keys[i].source.line);
	policy->keys = arena_grow(
		reader->loader->arena, policy->keys, policy->key_count, sizeof(*policy->keys));
	policy->keys[policy->key_count++] = key;
}

void build_trusted_keys(struct reader *reader, const config_setting_t *list, void *field)
{
	schema_each_group(reader, list, read_key, field);
}
