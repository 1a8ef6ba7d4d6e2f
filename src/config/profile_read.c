/* profiles.d/NAME.conf, and the text of the built-in ones. */
#include <string.h>

#include "config/build.h"
#include "config/check.h"
#include "config/profiles.h"

const char *const class_names[] = {"read-only", "write-capable", "elevated", NULL};

struct restriction_origins profile_origin(struct reader *reader, const config_setting_t *setting,
	const struct profile_reading *reading)
{
	struct restriction_origin *origin = arena_alloc(reader->loader->arena, sizeof(*origin));

	*origin = (struct restriction_origin){
		.profile = reading->profile.name != NULL ? reading->profile.name : "",
		.source = reader_source(reader, setting),
	};
	if (reading->profile.built_in)
		origin->source.line = 0;
	return (struct restriction_origins){origin, 1};
}

void profile_says(struct reader *reader, const config_setting_t *setting,
	struct profile_reading *reading, enum restriction_field field)
{
	struct restriction *restriction = &reading->profile.restriction;

	restriction->has[field] = true;
	restriction->origins[field] = profile_origin(reader, setting, reading);
}

bool profile_list_fits(struct reader *reader, const config_setting_t *setting)
{
	if (config_setting_length(setting) <= MEMBERS_MAX)
		return true;
	reader_error(reader, setting, "%s has more than %d elements; expected fewer", setting->name,
		MEMBERS_MAX);
	return false;
}

static void read_extends(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;

	reading->profile.extends = reader_string(reader, setting, check_name);
	reading->extends_source = reader_source(reader, setting);
}

static void read_network(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const char *const names[] = {
		[NETWORK_NONE] = "none", [NETWORK_LOCAL] = "local", [NETWORK_ANY] = "any", NULL};
	struct profile_reading *reading = field;
	int index = reader_choice(reader, setting, names);

	if (index < 0)
		return;
	reading->profile.restriction.network = (enum restrict_network)index;
	profile_says(reader, setting, reading, RESTRICT_NETWORK);
}

static void read_audit(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;
	int index = reader_choice(reader, setting, audit_level_names);

	if (index < 0)
		return;
	reading->profile.restriction.audit = index;
	profile_says(reader, setting, reading, RESTRICT_AUDIT);
}

static void read_commands(
	struct reader *reader, const config_setting_t *setting, struct strings *list)
{
	struct strings names = {0};

	if (profile_list_fits(reader, setting) &&
		reader_strings(reader, setting, check_commands, false, &names))
		*list = restriction_sorted(reader->loader->arena, &names);
}

static void read_blocked(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;

	read_commands(reader, setting, &reading->profile.restriction.blocked);
	profile_says(reader, setting, reading, RESTRICT_BLOCKED);
}

static void read_allowed(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;
	struct restriction *restriction = &reading->profile.restriction;

	restriction->allowed = arena_alloc(reader->loader->arena, sizeof(*restriction->allowed));
	restriction->allowed_count = 1;
	read_commands(reader, setting, restriction->allowed);
	profile_says(reader, setting, reading, RESTRICT_ALLOWED);
}

static void read_classes(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;
	unsigned count = (unsigned)config_setting_length(setting);

	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *element = config_setting_get_elem(setting, i);
		int index = reader_choice(reader, element, class_names);

		if (index >= 0 && (reading->profile.restriction.classes >> index & 1) != 0)
			reader_error(reader, element, "\"%s\" in classes is given twice",
				class_names[index]);
		if (index >= 0)
			reading->profile.restriction.classes |= 1u << index;
	}
	profile_says(reader, setting, reading, RESTRICT_CLASSES);
}

static void read_unsupported(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const char *const names[] = {"error", "warn", NULL};
	struct profile_reading *reading = field;
	int index = reader_choice(reader, setting, names);

	if (index >= 0)
		reading->optional = index == 1 ? YES : NO;
}

#define FIELD(member) .offset = offsetof(struct profile_reading, profile.member)

/* `name` comes first: it is part of every origin. */
static const struct schema_key profile_keys[] = {
	{"name", SHAPE_STRING, .required = true, FIELD(name), .check = check_name},
	{"description", SHAPE_STRING, FIELD(description)},
	{"extends", SHAPE_STRING, .handler = read_extends},
	{"execute", SHAPE_ANY, .handler = profile_execute},
	{"network", SHAPE_STRING, .handler = read_network},
	{"filesystem", SHAPE_ANY, .handler = profile_filesystem},
	{"capabilities", SHAPE_STRINGS, .handler = profile_capabilities},
	{"system_calls", SHAPE_GROUP, .handler = profile_system_calls},
	{"limits", SHAPE_GROUP, .handler = profile_limits},
	{"blocked_commands", SHAPE_STRINGS, .handler = read_blocked, .not_empty = true},
	{"allowed_commands", SHAPE_STRINGS, .handler = read_allowed, .not_empty = true},
	{"classes", SHAPE_STRINGS, .handler = read_classes, .not_empty = true},
	{"audit", SHAPE_STRING, .handler = read_audit},
	{"if_unsupported", SHAPE_STRING, .handler = read_unsupported},
	{0},
};

static void add_profile(struct loader *loader, struct profile_reading *reading)
{
	const struct profile *profile = &reading->profile;
	const struct profile_reading *before = table_get(&loader->profile_by_name, profile->name);

	if (before != NULL) {
		if (!profile->built_in)
			problem_add(loader->problems, PROBLEM_ERROR, profile->source,
				"profile \"%s\" is already defined at %s:%u", profile->name,
				before->profile.source.file, before->profile.source.line);
		return;
	}
	if (loader->profile_count == PROFILES_MAX) {
		problem_add(loader->problems, PROBLEM_ERROR, profile->source,
			"profile \"%s\" is one more than the %d that there may be", profile->name,
			PROFILES_MAX);
		return;
	}
	table_put(loader->scratch, &loader->profile_by_name, profile->name, reading);
	loader->profiles = arena_grow(loader->scratch, loader->profiles, loader->profile_count,
		sizeof(struct profile_reading *));
	loader->profiles[loader->profile_count++] = reading;
}

static void read_profile(struct reader *reader, const config_setting_t *group, void *target)
{
	struct profile_reading *reading = arena_alloc(reader->loader->scratch, sizeof(*reading));

	(void)target;
	reading->profile.built_in = strcmp(reader->file, BUILT_IN) == 0;
	reading->profile.source = reader_source(reader, group);
	if (reading->profile.built_in)
		reading->profile.source.line = 0;
	schema_read(reader, "profile", group, profile_keys, reading, NULL);
	if (reading->profile.name != NULL)
		add_profile(reader->loader, reading);
}

static void read_profiles(struct reader *reader, const config_setting_t *list, void *field)
{
	schema_each_group(reader, list, read_profile, field);
}

void build_profiles(struct reader *reader, const config_setting_t *root)
{
	static const struct schema_key keys[] = {
		{"profiles", SHAPE_LIST, .required = true, .handler = read_profiles},
		{0},
	};

	schema_read(reader, NULL, root, keys, NULL, NULL);
}

void build_profile(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct loader *loader = reader->loader;
	const char *name = reader_string(reader, setting, check_name);

	if (name == NULL)
		return;
	loader->profile_uses = arena_grow(loader->scratch, loader->profile_uses,
		loader->profile_use_count, sizeof(*loader->profile_uses));
	loader->profile_uses[loader->profile_use_count++] = (struct pending_profile){
		.name = name,
		.scope = reader_scope(reader),
		.source = reader_source(reader, setting),
	};
	*(const char **)field = name;
}
