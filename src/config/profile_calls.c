/* `system_calls` of a profile: names, and sets of them. */
#include <string.h>

#include "config/profiles.h"
#include "confine/filter.h"

static const char *set_hint(struct reader *reader, const char *name)
{
	struct strings names = {0};
	const char *known;

	for (size_t i = 0; (known = filter_set_name(i)) != NULL; i++)
		strings_add(reader->loader->scratch, &names, known);
	return reader_hint(reader, name, names.items, names.count);
}

/* Adds the call, or all of the set. */
static void add_call(struct reader *reader, const config_setting_t *element, const char *name,
	struct strings *calls)
{
	const char *const *set = name[0] == '@' ? filter_set(name) : NULL;

	if (set == NULL && (name[0] == '@' || !filter_knows(name))) {
		reader_error(reader, element, "\"%s\" in %s is unknown; expected %s%s", name,
			element->parent->name,
			name[0] == '@' ? "the name of a set, such as @mount"
				       : "the name of a system call, or of a set, such as @mount",
			set_hint(reader, name));
		return;
	}
	if (set == NULL)
		strings_add(reader->loader->arena, calls, name);
	for (; set != NULL && *set != NULL; set++)
		strings_add(reader->loader->arena, calls, *set);
}

static struct strings read_calls(
	struct reader *reader, const config_setting_t *setting, struct strings *written)
{
	struct strings names = {0}, calls = {0};
	unsigned count = (unsigned)config_setting_length(setting);

	if (!profile_list_fits(reader, setting) ||
		!reader_strings(reader, setting, NULL, false, &names))
		return calls;
	for (unsigned i = 0; i < count; i++)
		add_call(reader, config_setting_get_elem(setting, i), names.items[i], &calls);
	*written = restriction_sorted(reader->loader->arena, &names);
	return restriction_sorted(reader->loader->arena, &calls);
}

static void read_deny(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;

	struct restriction *restriction = &reading->profile.restriction;

	restriction->denied_calls = read_calls(reader, setting, &restriction->denied_names);
	profile_says(reader, setting, reading, RESTRICT_SYSTEM_CALLS);
}

static void read_allow(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct profile_reading *reading = field;

	struct strings written;

	reading->allowed_calls = read_calls(reader, setting, &written);
	reading->allowed_source = reader_source(reader, setting);
}

static const struct schema_key call_keys[] = {
	{"deny", SHAPE_STRINGS, .handler = read_deny, .not_empty = true},
	{"allow", SHAPE_STRINGS, .handler = read_allow, .not_empty = true},
	{0},
};

static bool is_whole(const char *const *set, const struct strings *calls)
{
	for (; *set != NULL; set++)
		if (!strings_contain(calls, *set))
			return false;
	return true;
}

/* What was written may hold sets of which `allow` took something out. */
void profile_name_calls(struct arena *arena, struct restriction *restriction)
{
	const struct strings *calls = &restriction->denied_calls;
	struct strings names = {0}, covered = {0};

	for (size_t i = 0; i < restriction->denied_names.count; i++) {
		const char *name = restriction->denied_names.items[i];
		const char *const *set = name[0] == '@' ? filter_set(name) : NULL;

		if (set == NULL || !is_whole(set, calls))
			continue;
		strings_add(arena, &names, name);
		for (; *set != NULL; set++)
			strings_add(arena, &covered, *set);
	}
	for (size_t i = 0; i < calls->count; i++)
		if (!strings_contain(&covered, calls->items[i]))
			strings_add(arena, &names, calls->items[i]);
	restriction->denied_names = restriction_sorted(arena, &names);
}

void profile_system_calls(struct reader *reader, const config_setting_t *setting, void *field)
{
	schema_read(reader, NULL, setting, call_keys, field, NULL);
}
