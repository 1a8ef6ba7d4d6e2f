/* `limits` and `capabilities` of a profile. */
#include <string.h>
#include <sys/capability.h>

#include "config/check.h"
#include "config/profiles.h"

struct limit {
	const char *name;
	enum restriction_field field;
	bool is_size; /* bytes, or "512M" */
	uint64_t minimum, maximum;
};

/* A program that can't open the libraries it needs, or has no memory to, never starts. */
static const struct limit limits[] = {
	{"processes", RESTRICT_PROCESSES, false, 1, 4194304},
	{"memory", RESTRICT_MEMORY, true, 1024 * 1024, CHECK_SIZE_MAXIMUM},
	{"cpu_seconds", RESTRICT_CPU_SECONDS, false, 1, 366 * 86400},
	{"cpu_percent", RESTRICT_CPU_PERCENT, false, 1, 1000000},
	{"file_size", RESTRICT_FILE_SIZE, true, 0, CHECK_SIZE_MAXIMUM},
	{"open_files", RESTRICT_OPEN_FILES, false, 8, 1048576},
	{"seconds", RESTRICT_SECONDS, false, 1, 366 * 86400},
};

enum { LIMIT_COUNT = sizeof(limits) / sizeof(limits[0]) };

static const char *range_text(struct reader *reader, const struct limit *limit)
{
	struct arena *scratch = reader->loader->scratch;

	if (!limit->is_size)
		return arena_printf(scratch, "a whole number from %llu to %llu",
			(unsigned long long)limit->minimum, (unsigned long long)limit->maximum);
	return arena_printf(scratch, "a size such as \"512M\" (K, M, G or T)%s",
		limit->minimum > 0 ? ", at least 1M" : "");
}

static void read_limit(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;
	const struct limit *limit = limits;
	int type = config_setting_type(setting);
	bool is_number = type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
	long long number = is_number ? config_setting_get_int64(setting) : -1;
	const char *text = NULL;
	uint64_t value = 0;
	bool good;

	while (strcmp(limit->name, setting->name) != 0)
		limit++;
	if (!is_number && (!limit->is_size || type != CONFIG_TYPE_STRING)) {
		reader_wrong_type(reader, setting, range_text(reader, limit));
		return;
	}
	if (is_number) {
		good = number >= 0;
		value = good ? (uint64_t)number : 0;
		text = arena_printf(reader->loader->scratch, "%lld", number);
	} else {
		text = reader_string(reader, setting, NULL);
		if (text == NULL)
			return;
		good = check_size(text, &value);
		text = arena_printf(reader->loader->scratch, "\"%s\"", text);
	}
	if (!good || value < limit->minimum || value > limit->maximum) {
		reader_error(reader, setting, "%s = %s is refused; expected %s", limit->name, text,
			range_text(reader, limit));
		return;
	}
	reading->profile.restriction.limits[limit->field] = value;
	profile_says(reader, setting, reading, limit->field);
}

void profile_limits(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct schema_key keys[LIMIT_COUNT + 1] = {0};

	for (size_t i = 0; i < LIMIT_COUNT; i++)
		keys[i] = (struct schema_key){limits[i].name, SHAPE_ANY, .handler = read_limit};
	schema_read(reader, NULL, setting, keys, field, NULL);
}

/* As capabilities(7) writes them: cap_from_name(3) would take other spellings, and numbers. */
static int capability_of(const char *name)
{
	cap_value_t value;

	if (strncmp(name, "CAP_", 4) != 0 ||
		name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_")] != '\0')
		return -1;
	return cap_from_name(name, &value) == 0 && value < 64 ? (int)value : -1;
}

static const char *capability_hint(struct reader *reader, const char *name)
{
	struct strings names = {0};
	const char *known;

	for (unsigned i = 0; (known = restriction_capability_name(i)) != NULL; i++)
		strings_add(reader->loader->scratch, &names, known);
	return reader_hint(reader, name, names.items, names.count);
}

void profile_capabilities(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;
	unsigned count = (unsigned)config_setting_length(setting);

	profile_says(reader, setting, reading, RESTRICT_CAPABILITIES);
	for (unsigned i = 0; profile_list_fits(reader, setting) && i < count; i++) {
		const config_setting_t *element = config_setting_get_elem(setting, i);
		const char *name = reader_string(reader, element, NULL);
		int number = name == NULL ? -1 : capability_of(name);
		uint64_t bit = number < 0 ? 0 : UINT64_C(1) << number;

		if (name != NULL && number < 0)
			reader_error(reader, element,
				"\"%s\" in capabilities is unknown; expected a name of "
				"capabilities(7), such as CAP_NET_RAW%s",
				name, capability_hint(reader, name));
		if ((reading->profile.restriction.capabilities & bit) != 0)
			reader_error(
				reader, element, "\"%s\" in capabilities is given twice", name);
		reading->profile.restriction.capabilities |= bit;
	}
}
