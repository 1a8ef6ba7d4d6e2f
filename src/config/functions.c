/* functions.d and function_definitions: a function is a command whose program is a script. */
#include <string.h>

#include "base/text.h"
#include "config/build.h"
#include "config/check.h"
#include "config/digest.h"
#include "config/inputs.h"

/* The definition while it is read. */
struct draft {
	struct command command; /* first: handlers of commands' keys get it */
	struct function function;
	const char *text; /* of an inline script */
	struct pending_function pending;
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

enum { TRANSACTION_SECONDS = 3600 /* that one may take, unless its function says it */ };

static const struct schema_key transaction_keys[] = {
	{"paths", SHAPE_STRINGS, .required = true, .offset = 0, .check = check_path,
		.not_empty = true},
	{0},
};

static void read_transaction(struct reader *reader, const config_setting_t *group, void *field)
{
	struct draft *draft = field;

	draft->pending.transaction = reader_source(reader, group);
	schema_read(reader, NULL, group, transaction_keys, &draft->function.transaction, NULL);
}

static void read_rollback(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct draft *draft = field;

	draft->pending.rollback = reader_source(reader, setting);
	draft->function.rollback_name = reader_string(reader, setting, check_command_name);
}

/* The whole of it is no part of a message. */
static void read_script(struct reader *reader, const config_setting_t *setting, void *field)
{
	const char *text = config_setting_get_string(setting);

	if (strlen(text) > SCRIPT_SIZE_MAX)
		reader_error(reader, setting, "script: it is larger than 1 MiB");
	else if (!text_is_utf8(text, strlen(text)))
		reader_error(reader, setting, "script: it is not UTF-8 text");
	else
		((struct draft *)field)->text = arena_strdup(reader->loader->arena, text);
}

#define COMMAND(member) .offset = offsetof(struct draft, command.member)
#define FUNCTION(member) .offset = offsetof(struct draft, function.member)

static const struct schema_key function_keys[] = {
	{"name", SHAPE_STRING, .required = true, COMMAND(name), .check = check_command_name},
	{"description", SHAPE_STRING, COMMAND(description)},
	{"file", SHAPE_STRING, FUNCTION(script.path), .check = check_executable},
	{"script", SHAPE_STRING, .handler = read_script},
	{"interpreter", SHAPE_STRING, FUNCTION(script.interpreter), .check = check_executable},
	{"run_as", SHAPE_STRING, COMMAND(run_as), .check = check_run_as},
	{"profile", SHAPE_STRING, COMMAND(profile_name), .handler = build_profile},
	{"class", SHAPE_STRING, COMMAND(command_class), .handler = build_class},
	{"enabled", SHAPE_BOOLEAN, COMMAND(enabled)},
	{"timeout", SHAPE_NUMBER, COMMAND(timeout), .minimum = 1, .maximum = 366 * 86400},
	{"directory", SHAPE_STRING, COMMAND(directory), .check = check_path},
	{"environment", SHAPE_LIST, COMMAND(environment), .handler = build_variables},
	{"transcript", SHAPE_STRING, COMMAND(transcript), .handler = build_transcript},
	{"transcript_input", SHAPE_BOOLEAN, COMMAND(transcript.input)},
	{"terminal", SHAPE_STRING, COMMAND(needs_terminal), .handler = build_terminal},
	{"show_errors", SHAPE_BOOLEAN, FUNCTION(show_errors)},
	{"transaction", SHAPE_GROUP, .handler = read_transaction},
	{"rollback", SHAPE_STRING, .handler = read_rollback},
	{"audit_steps", SHAPE_BOOLEAN, FUNCTION(audit_steps)},
	{"approval", SHAPE_STRING, .handler = read_approval,
		.expected = "\"required\" or \"none\""},
	{"self_approval", SHAPE_BOOLEAN, FUNCTION(approval.self_approval)},
	{"approvers", SHAPE_NUMBER, FUNCTION(approval.approvers), .minimum = 1, .maximum = 16},
	{"approver_groups", SHAPE_STRINGS, FUNCTION(approval.groups), .check = check_group},
	{"inputs", SHAPE_LIST, .handler = read_inputs},
	{0},
};

static void hash_text(
	struct reader *reader, const config_setting_t *group, struct script_content *content)
{
	struct digest digest;

	digest_begin(&digest);
	digest_bytes(&digest, content->bytes, content->length);
	if (digest_end(&digest, content->digest) != 0)
		reader_error(reader, group, "script: SHA-256 is not available");
}

static void set_text(struct reader *reader, const config_setting_t *group, struct draft *draft)
{
	const config_setting_t *setting = config_setting_get_member(group, "script");
	struct script *script = &draft->function.script;
	const char *complaint;

	script->content.bytes = draft->text;
	script->content.length = strlen(draft->text);
	complaint = function_script_refused(reader->loader->scratch, &script->content,
		config_setting_get_member(group, "interpreter") != NULL ? "said" : NULL);
	if (complaint != NULL)
		reader_error(reader, setting, "script: %s", complaint);
	hash_text(reader, setting, &script->content);
}

/* Its scope is that of the function, so that problems name it. */
static void set_script(struct reader *reader, const config_setting_t *group, struct draft *draft)
{
	bool file = config_setting_get_member(group, "file") != NULL;
	bool text = config_setting_get_member(group, "script") != NULL;
	struct scope scope = {"function", group, reader->scope};

	reader->scope = &scope;
	if (file == text)
		reader_error(reader, group, "expected exactly one of \"file\" and \"script\"");
	else if (draft->text != NULL)
		set_text(reader, group, draft);
	reader->scope = scope.outer;
}

static void add_function(struct loader *loader, struct draft *draft)
{
	draft->pending.command = &draft->command;
	draft->pending.function = &draft->function;
	loader->functions = arena_grow(loader->scratch, loader->functions, loader->function_count,
		sizeof(*loader->functions));
	loader->functions[loader->function_count++] = draft->pending;
	loader_add_command(loader, &draft->command);
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
	set_script(reader, group, draft);
	/* Whoever calls it may stop it, and would keep its directories from everybody else. */
	if (command->timeout == 0 && draft->function.transaction.count > 0)
		command->timeout = TRANSACTION_SECONDS;
	if (command->name == NULL)
		return;
	command->program =
		draft->function.script.path != NULL ? draft->function.script.path : command->name;
	command->word_count = check_word_count(command->name);
	add_function(reader->loader, draft);
}

void build_function_list(struct reader *reader, const config_setting_t *list, void *field)
{
	schema_each_group(reader, list, read_function, field);
}

/* A file may have validators and nothing else. */
void build_functions(struct reader *reader, const config_setting_t *root)
{
	static const struct schema_key keys[] = {
		{"validators", SHAPE_LIST, .handler = build_validators},
		{"functions", SHAPE_LIST, .handler = build_function_list},
		{0},
	};
	bool present[3];

	schema_read(reader, NULL, root, keys, NULL, present);
	if (!present[0] && !present[1])
		reader_error(reader, root, "key \"functions\" is missing");
}
