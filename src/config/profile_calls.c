/* `system_calls` of a profile: names, and sets of them. */
#include <string.h>

#include "config/known_calls.h"
#include "config/profiles.h"

/* Adds the call, or all of the set. */
static void add_call(struct reader *reader, const config_setting_t *element, const char *name,
	struct strings *calls)
{
	const char *const *set = name[0] == '@' ? known_call_set(name) : NULL;

	if (set == NULL && (name[0] == '@' || !known_call(name))) {
		reader_error(reader, element, "\"%s\" in %s is unknown; expected %s%s", name,
			element->parent->name,
			name[0] == '@' ? "the name of a set, such as @mount"
				       : "the name of a system call, or of a set, such as @mount",
			reader_hint(reader, name, known_call_sets, KNOWN_CALL_SETS_MAX));
		return;
	}
	if (set == NULL)
		strings_add(reader->loader->arena, calls, name);
	for (; set != NULL && *set != NULL; set++)
		strings_add(reader->loader->arena, calls, *set);
}

static struct strings read_calls(struct reader *reader, const config_setting_t *setting)
{
	struct strings names = {0}, calls = {0};
	unsigned count = (unsigned)config_setting_length(setting);

	if (!profile_list_fits(reader, setting) ||
		!reader_strings(reader, setting, NULL, false, &names))
		return calls;
	for (unsigned i = 0; i < count; i++)
		add_call(reader, config_setting_get_elem(setting, i), names.items[i], &calls);
	return restriction_sorted(reader->loader->arena, &calls);
}

static void read_deny(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;

	reading->profile.restriction.denied_calls = read_calls(reader, setting);
	profile_says(reader, setting, reading, RESTRICT_SYSTEM_CALLS);
}

static void read_allow(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;

	reading->allowed_calls = read_calls(reader, setting);
	reading->allowed_source = reader_source(reader, setting);
}

static const struct schema_key call_keys[] = {
	{"deny", SHAPE_STRINGS, .handler = read_deny, .not_empty = true},
	{"allow", SHAPE_STRINGS, .handler = read_allow, .not_empty = true},
	{0},
};

void profile_system_calls(struct reader *reader, const config_setting_t *setting, void *field)
{
	schema_read(reader, NULL, setting, call_keys, field, NULL);
}
