#include "config/act_as.h"

#include "base/text.h"
#include "config/build.h"
#include "config/check.h"

static const struct schema_key act_as_keys[] = {
	{"group", SHAPE_STRING, .required = true, .offset = offsetof(struct act_as, group),
		.check = check_group},
	{"users", SHAPE_STRINGS, .offset = offsetof(struct act_as, users), .check = check_account,
		.not_empty = true},
	{"commands", SHAPE_STRINGS, .required = true, .offset = offsetof(struct act_as, commands),
		.check = check_commands, .not_empty = true},
	{0},
};

static void read_entry(struct reader *reader, const config_setting_t *group, void *target)
{
	struct endpoint *endpoint = target;
	struct act_as *entry = &endpoint->act_as[endpoint->act_as_count++];

	entry->source = reader_source(reader, group);
	schema_read(reader, "act_as", group, act_as_keys, entry, NULL);
}

void build_act_as(struct reader *reader, const config_setting_t *list, void *field)
{
	struct endpoint *endpoint = field;

	endpoint->act_as = arena_array(reader->loader->arena, (size_t)config_setting_length(list),
		sizeof(*endpoint->act_as));
	schema_each_group(reader, list, read_entry, endpoint);
}

static bool is_defined(const struct policy *policy, const char *name)
{
	if (!check_is_wildcard(name))
		return table_get(&policy->command_by_name, name) != NULL;
	for (size_t i = 0; i < policy->command_count; i++)
		if (text_wildcard(name, policy->commands[i]->name))
			return true;
	return false;
}

static void link_entry(struct loader *loader, const struct act_as *entry)
{
	for (size_t i = 0; i < entry->commands.count; i++)
		if (!is_defined(loader->policy, entry->commands.items[i]))
			problem_add(loader->problems, PROBLEM_ERROR, entry->source,
				"act_as: \"%s\" names no command or function; expected the name of "
				"one that is defined",
				entry->commands.items[i]);
}

void act_as_link(struct loader *loader)
{
	const struct policy *policy = loader->policy;

	for (size_t i = 0; i < policy->endpoint_count; i++)
		for (size_t j = 0; j < policy->endpoints[i].act_as_count; j++)
			link_entry(loader, &policy->endpoints[i].act_as[j]);
}
