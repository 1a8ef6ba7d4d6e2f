/* `execute` and `filesystem`: what of the files a profile leaves. */
#include "config/check.h"
#include "config/profiles.h"

void profile_execute(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const char *const names[] = {"none", "any", NULL};
	struct profile_reading *reading = field;
	struct restriction *restriction = &reading->profile.restriction;
	struct strings paths = {0};
	int index = -1;

	if (config_setting_type(setting) == CONFIG_TYPE_STRING) {
		index = reader_choice(reader, setting, names);
	} else if (!reader_is_sequence(setting)) {
		reader_wrong_type(reader, setting, "\"none\", \"any\", or a list of paths");
	} else if (config_setting_length(setting) == 0) {
		reader_error(reader, setting,
			"execute is empty; expected \"none\", \"any\", or at least one path");
	} else if (profile_list_fits(reader, setting)) {
		reader_strings(reader, setting, check_executable, false, &paths);
		restriction->execute_paths = restriction_sorted(reader->loader->arena, &paths);
	}
	restriction->execute = index == 1	 ? EXECUTE_ANY
			       : paths.count > 0 ? EXECUTE_LISTED
						 : EXECUTE_NONE;
	profile_says(reader, setting, reading, RESTRICT_EXECUTE);
}

static struct strings read_paths(struct reader *reader, const config_setting_t *setting)
{
	struct strings paths = {0};

	if (profile_list_fits(reader, setting))
		reader_strings(reader, setting, check_path, false, &paths);
	return restriction_areas(reader->loader->arena, &paths);
}

static void read_read(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;

	reading->profile.restriction.read = read_paths(reader, setting);
	profile_says(reader, setting, reading, RESTRICT_READ);
}

static void read_write(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;

	reading->profile.restriction.write = read_paths(reader, setting);
	profile_says(reader, setting, reading, RESTRICT_WRITE);
}

static void read_hidden(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;

	reading->profile.restriction.hidden = read_paths(reader, setting);
	profile_says(reader, setting, reading, RESTRICT_HIDDEN);
}

static void read_protect(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;
	struct strings names = {0};

	if (profile_list_fits(reader, setting))
		reader_strings(reader, setting, check_file_name, false, &names);
	reading->profile.restriction.protected_names =
		restriction_sorted(reader->loader->arena, &names);
	profile_says(reader, setting, reading, RESTRICT_PROTECTED);
}

/* 1 for "own", 0 for "shared", -1 after a problem. */
static int read_own(struct reader *reader, const config_setting_t *setting)
{
	static const char *const names[] = {"shared", "own", NULL};

	return reader_choice(reader, setting, names);
}

static void read_proc(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;

	reading->profile.restriction.own_proc = read_own(reader, setting) != 0;
	profile_says(reader, setting, reading, RESTRICT_PROC);
}

static void read_tmp(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;

	reading->profile.restriction.own_tmp = read_own(reader, setting) != 0;
	profile_says(reader, setting, reading, RESTRICT_TMP);
}

static void set_providers(struct reader *reader, const config_setting_t *setting,
	struct profile_reading *reading, bool value)
{
	reading->providers = value ? YES : NO;
	reading->providers_origins = profile_origin(reader, setting, reading);
}

static void read_providers(struct reader *reader, const config_setting_t *setting, void *field)
{
	set_providers(reader, setting, field, config_setting_get_bool(setting) == CONFIG_TRUE);
}

/* Lists that take something away from all profiles that extend this one are never empty. */
static const struct schema_key filesystem_keys[] = {
	{"providers", SHAPE_BOOLEAN, .handler = read_providers},
	{"read", SHAPE_STRINGS, .handler = read_read},
	{"write", SHAPE_STRINGS, .handler = read_write},
	{"hidden", SHAPE_STRINGS, .handler = read_hidden, .not_empty = true},
	{"protect", SHAPE_STRINGS, .handler = read_protect, .not_empty = true},
	{"proc", SHAPE_STRING, .handler = read_proc},
	{"tmp", SHAPE_STRING, .handler = read_tmp},
	{0},
};

void profile_filesystem(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const char *const names[] = {"any", "providers", NULL};
	struct profile_reading *reading = field;
	int index;

	if (config_setting_is_group(setting)) {
		schema_read(reader, NULL, setting, filesystem_keys, reading, NULL);
		return;
	}
	if (config_setting_type(setting) != CONFIG_TYPE_STRING) {
		reader_wrong_type(reader, setting, "\"any\", \"providers\", or a group { }");
		return;
	}
	index = reader_choice(reader, setting, names);
	if (index >= 0)
		set_providers(reader, setting, reading, index == 1);
	if (index == 0)
		reading->opened[RESTRICT_READ] = reading->opened[RESTRICT_WRITE] = true;
}
