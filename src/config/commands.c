#include "config/build.h"
#include "config/check.h"

static void read_arguments(struct reader *reader, const config_setting_t *setting, void *field)
{
	reader_strings(reader, setting, NULL, true, field);
}

static void read_emit(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const char *const names[] = {"joined", "separate", NULL};
	int index = reader_choice(reader, setting, names);

	if (index >= 0)
		*(enum command_emit *)field = index == 0 ? EMIT_JOINED : EMIT_SEPARATE;
}

void build_terminal(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const char *const names[] = {"any", "required", NULL};
	int index = reader_choice(reader, setting, names);

	if (index >= 0)
		*(bool *)field = index == 1;
}

void build_class(struct reader *reader, const config_setting_t *setting, void *field)
{
	int index = reader_choice(reader, setting, class_names);

	if (index >= 0)
		*(enum command_class *)field = (enum command_class)(1 << index);
}

void build_transcript(struct reader *reader, const config_setting_t *setting, void *field)
{
	int index = reader_choice(reader, setting, transcript_mode_names);

	if (index >= 0)
		((struct transcript_rule *)field)->mode = (enum transcript_mode)index;
}

#define FIELD(member) .offset = offsetof(struct command, member)

/* `parameters` comes last, so that its problems follow those of the command itself. */
static const struct schema_key command_keys[] = {
	{"name", SHAPE_STRING, .required = true, FIELD(name), .check = check_command_name},
	{"description", SHAPE_STRING, FIELD(description)},
	{"program", SHAPE_STRING, .required = true, FIELD(program), .check = check_path},
	{"arguments", SHAPE_STRINGS, FIELD(arguments), .handler = read_arguments},
	{"run_as", SHAPE_STRING, FIELD(run_as), .check = check_run_as},
	{"profile", SHAPE_STRING, FIELD(profile_name), .handler = build_profile},
	{"class", SHAPE_STRING, FIELD(command_class), .handler = build_class},
	{"enabled", SHAPE_BOOLEAN, FIELD(enabled)},
	{"end_of_options", SHAPE_BOOLEAN, FIELD(end_of_options)},
	{"emit", SHAPE_STRING, FIELD(emit), .handler = read_emit},
	{"timeout", SHAPE_NUMBER, FIELD(timeout), .minimum = 1, .maximum = 366 * 86400},
	{"directory", SHAPE_STRING, FIELD(directory), .check = check_path},
	{"environment", SHAPE_LIST, FIELD(environment), .handler = build_variables},
	{"detach", SHAPE_BOOLEAN, FIELD(outlives_client)},
	{"transcript", SHAPE_STRING, FIELD(transcript), .handler = build_transcript},
	{"transcript_input", SHAPE_BOOLEAN, FIELD(transcript.input)},
	{"terminal", SHAPE_STRING, FIELD(needs_terminal), .handler = build_terminal},
	{"parameters", SHAPE_LIST, .offset = 0, .handler = build_parameters},
	{0},
};

/* Functions and commands share their names. */
static const char *other_kind(const struct command *command, const struct command *before)
{
	if ((command->function != NULL) == (before->function != NULL))
		return "";
	return before->function != NULL ? ", as a function" : ", as a command";
}

void loader_add_command(struct loader *loader, struct command *command)
{
	struct policy *policy = loader->policy;
	struct command *before = table_get(&policy->command_by_name, command->name);

	if (before != NULL) {
		problem_add(loader->problems, PROBLEM_ERROR, command->source,
			"%s \"%s\" is already defined at %s:%u%s",
			command->function != NULL ? "function" : "command", command->name,
			before->source.file, before->source.line, other_kind(command, before));
		return;
	}
	table_put(loader->arena, &policy->command_by_name, command->name, command);
	policy->commands = arena_grow(
		loader->arena, policy->commands, policy->command_count, sizeof(*policy->commands));
	policy->commands[policy->command_count++] = command;
}

static void read_command(struct reader *reader, const config_setting_t *group, void *target)
{
	struct command *command = arena_alloc(reader->loader->arena, sizeof(*command));

	(void)target;
	command->enabled = true;
	command->end_of_options = true;
	command->source = reader_source(reader, group);
	schema_read(reader, "command", group, command_keys, command, NULL);
	if (command->name == NULL)
		return;
	command->word_count = check_word_count(command->name);
	loader_add_command(reader->loader, command);
}

void build_command_list(struct reader *reader, const config_setting_t *list, void *field)
{
	schema_each_group(reader, list, read_command, field);
}

void build_commands(struct reader *reader, const config_setting_t *root)
{
	static const struct schema_key keys[] = {
		{"commands", SHAPE_LIST, .required = true, .handler = build_command_list},
		{0},
	};

	schema_read(reader, NULL, root, keys, NULL, NULL);
}
