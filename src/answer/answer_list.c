/* What roles may run, as JSON: for tools, and for the prompt's completion. */
#include "answer/answer.h"
#include "answer/entry.h"
#include "answer/examples.h"
#include "answer/json_out.h"
#include "policy/validate.h"

static void open_source(struct output *output, const struct role *role, struct source source)
{
	json_out_open(output, NULL, '{');
	json_out_string(output, "role", role->name);
	json_out_source(output, &source);
}

static void add_grant(struct output *output, const struct grant *grant, struct source source)
{
	open_source(output, grant->role, source);
	json_out_string(output, "wildcard", grant->wildcard);
	json_out_close(output, '}');
}

/* One source for each run of values from one entry of a role file. */
static void add_constraints(struct output *output, const char *key,
	const struct permitted_value *values, size_t count, bool secret)
{
	json_out_open(output, key, '[');
	for (size_t i = 0; i < count;) {
		const struct permitted_value *first = &values[i];

		open_source(output, first->grant->role, first->constraint->source);
		if (!secret)
			json_out_open(output, "values", '[');
		for (; i < count && values[i].constraint == first->constraint; i++)
			if (!secret)
				json_out_string(output, NULL, permitted_text(&values[i]));
		if (!secret)
			json_out_close(output, ']');
		json_out_close(output, '}');
	}
	json_out_close(output, ']');
}

static void add_opened(struct output *output, const struct parameter *parameter,
	const struct parameter_permission *permission)
{
	json_out_open(output, "sources", '[');
	for (size_t i = 0; i < permission->grant_count; i++) {
		const struct grant *grant = permission->grants[i];
		const struct constraint *constraint = grant_constraint(grant, parameter);

		add_grant(output, grant, constraint != NULL ? constraint->source : grant->source);
	}
	json_out_close(output, ']');
}

static void add_permission(struct output *output, const struct parameter *parameter,
	const struct parameter_permission *permission, bool with_sources)
{
	bool any = permission->kind == PERMISSION_ANY;
	struct strings values =
		permitted_texts(output->arena, permission->values, permission->value_count);

	json_out_string(output, "allowed",
		any				     ? "any"
		: permission->kind == PERMISSION_SET ? "set"
						     : "pattern");
	if (!any && !parameter->secret)
		json_out_strings(output, "values", &values);
	if (!with_sources)
		return;
	if (any)
		add_opened(output, parameter, permission);
	else
		add_constraints(output, "sources", permission->values, permission->value_count,
			parameter->secret);
	if (permission->ignored_count > 0)
		add_constraints(output, "ignored", permission->ignored, permission->ignored_count,
			parameter->secret);
}

/* When a function's input is there, and where its choices come from. */
static void add_input(struct output *output, const struct parameter *parameter)
{
	if (parameter->choices_from != NULL)
		json_out_string(output, "choices_from", parameter->choices_from->name);
	if (parameter->show_if == NULL)
		return;
	json_out_open(output, "show_if", '{');
	json_out_string(output, "input", parameter->show_if->name);
	json_out_strings(output, "values", &parameter->show_values);
	json_out_close(output, '}');
}

/* Of a secret, nothing that a value could be read from. */
static void add_values(struct output *output, const struct parameter *parameter)
{
	if (parameter->secret) {
		json_out_bool(output, "secret", true);
		return;
	}
	json_out_string(output, "default", parameter->default_value);
	if (parameter->choices.count > 0)
		json_out_strings(output, "choices", &parameter->choices);
	if (parameter->has_minimum)
		json_out_number(output, "minimum", parameter->minimum);
	if (parameter->has_maximum)
		json_out_number(output, "maximum", parameter->maximum);
	if (parameter->has_pattern)
		json_out_string(output, "pattern", parameter->pattern.text);
	if (parameter->under.count > 0)
		json_out_strings(output, "under", &parameter->under);
}

static void add_parameter(struct output *output, const struct parameter *parameter,
	const struct parameter_permission *permission, bool with_sources)
{
	json_out_open(output, NULL, '{');
	json_out_string(output, "name", parameter->name);
	json_out_string(output, "description", parameter->description);
	json_out_string(output, "type", parameter_type_name(parameter->type));
	json_out_strings(output, "options", &parameter->options);
	if (parameter->position != 0)
		json_out_number(output, "position", parameter->position);
	json_out_bool(output, "required", parameter->required);
	json_out_number(output, "repeat", parameter->repeat);
	add_values(output, parameter);
	add_input(output, parameter);
	if (parameter->validate != NULL)
		json_out_string(output, "validate", parameter->validate->name);
	add_permission(output, parameter, permission, with_sources);
	json_out_close(output, '}');
}

static void add_examples(struct output *output, const struct examples *examples)
{
	json_out_open(output, "examples", '[');
	for (size_t i = 0; i < examples->count; i++)
		json_out_strings(output, NULL, &examples->items[i]);
	json_out_close(output, ']');
}

static void add_command(struct output *output, const struct endpoint *endpoint,
	const struct entry *entry, bool with_sources, const struct examples *examples)
{
	const struct command *command = entry->command;
	const struct permission *permission = &entry->permission;
	const char *run_as = command->run_as, *profile = command->profile_name;

	if (run_as == NULL && endpoint != NULL)
		run_as = endpoint->run_as;
	json_out_open(output, NULL, '{');
	json_out_string(output, "name", command->name);
	if (command->function != NULL)
		json_out_string(output, "kind", command_kind(command));
	if (entry->alone != NULL)
		json_out_string(output, "role", entry->alone->name);
	json_out_string(output, "description", command->description);
	json_out_string(output, "run_as", run_as);
	/* The text of a script is for nobody here. */
	if (command->function == NULL)
		json_out_string(output, "program", command->program);
	else
		json_out_string(output, "program", command->function->script.path);
	json_out_string(output, "profile", profile != NULL ? profile : "standard");
	if (command->command_class != CLASS_UNKNOWN)
		json_out_string(output, "class", command_class_name(command->command_class));
	json_out_transcript(output, transcript_of(endpoint, permission));
	json_out_string(output, "terminal", command->needs_terminal ? "required" : NULL);
	json_out_bool(output, "external", command->external);
	json_out_bool(output, "enabled", command->enabled);
	json_out_open(output, "parameters", '[');
	for (size_t i = 0; permission->parameters != NULL && i < command->parameters.count; i++)
		if (permission->parameters[i].kind != PERMISSION_NONE)
			add_parameter(output, &command->parameters.items[i],
				&permission->parameters[i], with_sources);
	json_out_close(output, ']');
	if (examples != NULL)
		add_examples(output, examples);
	if (with_sources) {
		json_out_open(output, "sources", '[');
		for (size_t i = 0; i < permission->grant_count; i++)
			add_grant(output, permission->grants[i], permission->grants[i]->source);
		json_out_close(output, ']');
	}
	json_out_close(output, '}');
}

static void add_alias(struct output *output, const struct alias *alias,
	const struct role_set *roles, bool with_sources)
{
	json_out_open(output, NULL, '{');
	json_out_string(output, "name", alias->name);
	json_out_string(output, "command", alias->target);
	if (with_sources) {
		json_out_open(output, "sources", '[');
		for (size_t i = 0; i < alias->view_count; i++)
			if (role_set_has(roles, alias->views[i].role)) {
				open_source(output, alias->views[i].role, alias->views[i].source);
				json_out_close(output, '}');
			}
		json_out_close(output, ']');
	}
	json_out_close(output, '}');
}

static void add_areas(struct output *output, const struct areas *areas, bool with_sources)
{
	json_out_open(output, "providers", '[');
	for (size_t i = 0; i < areas->count; i++) {
		const struct area *area = &areas->items[i];

		json_out_open(output, NULL, '{');
		json_out_string(output, "name", area->provider->name);
		json_out_strings(output, "read", &area->provider->read);
		json_out_strings(output, "write", &area->provider->write);
		if (with_sources) {
			json_out_open(output, "sources", '[');
			open_source(output, area->role, area->source);
			json_out_close(output, '}');
			json_out_close(output, ']');
		}
		json_out_close(output, '}');
	}
	json_out_close(output, ']');
}

static void add_drive(
	struct output *output, const struct endpoint *endpoint, const struct role_set *roles)
{
	const struct drive *drive = endpoint == NULL ? NULL : endpoint->drive;

	if (drive == NULL || roles->count == 0 || !role_set_reaches(roles, DRIVE_COMMAND))
		return;
	json_out_open(output, "drive", '{');
	json_out_number(output, "maximum_size", (int64_t)drive->maximum_size);
	json_out_number(output, "maximum_files", drive->maximum_files);
	json_out_bool(output, "read_only", drive->read_only);
	if (drive->keep != 0)
		json_out_number(output, "keep", drive->keep);
	json_out_close(output, '}');
}

char *answer_list_json(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const char *user,
	bool with_sources)
{
	struct entries entries = entries_of(arena, policy, endpoint, roles, NULL);
	struct areas areas = areas_of(arena, policy, roles);
	struct strings names = role_set_names(arena, policy, roles);
	struct output output = {.arena = arena};

	json_out_open(&output, NULL, '{');
	json_out_string(&output, "user", user);
	json_out_strings(&output, "roles", &names);
	if (endpoint != NULL && !with_sources) {
		json_out_string(&output, "endpoint", endpoint->name);
		json_out_string(&output, "motd", endpoint->motd);
		json_out_string(&output, "contact", endpoint->contact);
		json_out_bool(&output, "pipelines", endpoint->pipelines);
	}
	json_out_open(&output, "commands", '[');
	for (size_t i = 0; i < entries.count; i++)
		add_command(&output, endpoint, &entries.items[i], with_sources, NULL);
	json_out_close(&output, ']');
	json_out_open(&output, "aliases", '[');
	for (size_t i = 0; i < policy->alias_count; i++)
		if (entry_has_alias(arena, policy, endpoint, roles, policy->aliases[i]))
			add_alias(&output, policy->aliases[i], roles, with_sources);
	json_out_close(&output, ']');
	add_areas(&output, &areas, with_sources);
	add_drive(&output, endpoint, roles);
	json_out_close(&output, '}');
	return output_end(&output);
}

static void add_described(struct output *output, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const struct entry *entry)
{
	struct examples examples = examples_of(output->arena, policy, endpoint, roles, entry);

	add_command(output, endpoint, entry, false, &examples);
}

char *answer_describe_json(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const char *const *words,
	size_t count)
{
	size_t name_words;
	const struct command *command = decide_command(policy, roles, words, count, &name_words);
	struct output output = {.arena = arena};
	struct entries entries;

	if (command == NULL)
		return NULL;
	entries = entries_of(arena, policy, endpoint, roles, command);
	if (entries.count == 1) {
		add_described(&output, policy, endpoint, roles, &entries.items[0]);
		return output_end(&output);
	}
	json_out_open(&output, NULL, '{');
	json_out_string(&output, "name", command->name);
	json_out_open(&output, "alternatives", '[');
	for (size_t i = 0; i < entries.count; i++)
		add_described(&output, policy, endpoint, roles, &entries.items[i]);
	json_out_close(&output, ']');
	json_out_close(&output, '}');
	return output_end(&output);
}
