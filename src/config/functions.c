/* functions.d and function_definitions: a function is a command whose program is a script. */
#include <string.h>

#include "config/build.h"
#include "config/check.h"
#include "config/digest.h"

/* The definition while it is read. */
struct draft {
	struct command command; /* first: handlers of commands' keys get it */
	struct function function;
	const char *text; /* of an inline script */
	bool approval;
};

static void read_inputs(struct reader *reader, const config_setting_t *list, void *field)
{
	build_parameters(reader, list, field);
}

static void read_approval(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const char *const names[] = {"none", "required", NULL};
	int index = reader_choice(reader, setting, names);

	if (index >= 0)
		((struct draft *)field)->function.approval.required = index == 1;
}

static const struct schema_key transaction_keys[] = {
	{"paths", SHAPE_STRINGS, .required = true, .offset = 0, .check = check_path,
		.not_empty = true},
	{0},
};

static void read_transaction(struct reader *reader, const config_setting_t *group, void *field)
{
	schema_read(reader, "transaction", group, transaction_keys, field, NULL);
}

#define COMMAND(member) .offset = offsetof(struct draft, command.member)
#define FUNCTION(member) .offset = offsetof(struct draft, function.member)

static const struct schema_key function_keys[] = {
	{"name", SHAPE_STRING, .required = true, COMMAND(name), .check = check_command_name},
	{"description", SHAPE_STRING, COMMAND(description)},
	{"file", SHAPE_STRING, FUNCTION(script.path), .check = check_path},
	{"script", SHAPE_STRING, .offset = offsetof(struct draft, text)},
	{"interpreter", SHAPE_STRING, FUNCTION(script.interpreter), .check = check_path},
	{"run_as", SHAPE_STRING, COMMAND(run_as), .check = check_run_as},
	{"profile", SHAPE_STRING, COMMAND(profile_name), .handler = build_profile},
	{"class", SHAPE_STRING, COMMAND(command_class), .handler = build_class},
	{"enabled", SHAPE_BOOLEAN, COMMAND(enabled)},
	{"timeout", SHAPE_NUMBER, COMMAND(timeout), .minimum = 1, .maximum = 366 * 86400},
	{"directory", SHAPE_STRING, COMMAND(directory), .check = check_path},
	{"environment", SHAPE_LIST, COMMAND(environment), .handler = build_variables},
	{"show_errors", SHAPE_BOOLEAN, FUNCTION(show_errors)},
	{"transaction", SHAPE_GROUP, FUNCTION(transaction), .handler = read_transaction},
	{"rollback", SHAPE_STRING, FUNCTION(rollback_name), .check = check_command_name},
	{"audit_steps", SHAPE_BOOLEAN, FUNCTION(audit_steps)},
	{"approval", SHAPE_STRING, .offset = 0, .handler = read_approval},
	{"self_approval", SHAPE_BOOLEAN, FUNCTION(approval.self_approval)},
	{"approvers", SHAPE_NUMBER, FUNCTION(approval.approvers), .minimum = 1, .maximum = 16},
	{"approver_groups", SHAPE_STRINGS, FUNCTION(approval.groups), .check = check_group},
	{"inputs", SHAPE_LIST, .offset = 0, .handler = read_inputs},
	{0},
};

static void set_script(struct reader *reader, const config_setting_t *group, struct draft *draft)
{
	struct script *script = &draft->function.script;
	struct digest digest;

	if ((script->path != NULL) == (draft->text != NULL)) {
		reader_error(reader, group, "expected one of \"file\" and \"script\"");
		return;
	}
	if (draft->text == NULL)
		return;
	script->content.bytes = draft->text;
	script->content.length = strlen(draft->text);
	digest_begin(&digest);
	digest_bytes(&digest, draft->text, script->content.length);
	if (digest_end(&digest, script->content.digest) != 0)
		reader_error(reader, group, "SHA-256 is not available");
}

static void read_function(struct reader *reader, const config_setting_t *group, void *target)
{
	struct draft *draft = arena_alloc(reader->loader->arena, sizeof(*draft));
	struct command *command = &draft->command;

	(void)target;
	command->enabled = command->end_of_options = true;
	command->source = reader_source(reader, group);
	command->function = &draft->function;
	draft->function.command = command;
	draft->function.approval.approvers = 1;
	schema_read(reader, "function", group, function_keys, draft, NULL);
	if (command->name == NULL)
		return;
	set_script(reader, group, draft);
	command->program =
		draft->function.script.path != NULL ? draft->function.script.path : command->name;
	command->word_count = check_word_count(command->name);
	loader_add_command(reader->loader, command);
}

void build_function_list(struct reader *reader, const config_setting_t *list, void *field)
{
	schema_each_group(reader, list, read_function, field);
}

void build_functions(struct reader *reader, const config_setting_t *root)
{
	static const struct schema_key keys[] = {
		{"functions", SHAPE_LIST, .required = true, .handler = build_function_list},
		{0},
	};

	schema_read(reader, NULL, root, keys, NULL, NULL);
}
