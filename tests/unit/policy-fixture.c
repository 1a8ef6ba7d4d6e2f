#include "policy-fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/index.h"
#include "policy/pattern.h"
#include "policy/validate.h"

enum { ROOM = 16 /* parameters of a command, endpoints, grants' constraints */ };

static _Noreturn void give_up(const char *what, const char *text)
{
	fprintf(stderr, "policy-fixture: %s: %s\n", what, text);
	abort();
}

struct strings fixture_split(struct arena *arena, const char *text, const char *separator)
{
	struct strings parts = {0};
	size_t gap = strlen(separator);

	for (const char *end; text != NULL; text = end == NULL ? NULL : end + gap) {
		size_t blanks = strspn(text, " "), length;

		text += strcmp(separator, " ") == 0 ? blanks : 0;
		end = strstr(text, separator);
		length = end == NULL ? strlen(text) : (size_t)(end - text);
		if (length > 0 || strcmp(separator, " ") != 0)
			strings_add(arena, &parts, arena_strndup(arena, text, length));
	}
	return parts;
}

static const char *trim(struct arena *arena, const char *text)
{
	size_t length;

	text += strspn(text, " \n\t");
	length = strlen(text);
	while (length > 0 && strchr(" \n\t", text[length - 1]) != NULL)
		length--;
	return arena_strndup(arena, text, length);
}

static int by_role_name(const void *left, const void *right)
{
	return strcmp(((const struct role *)left)->name, ((const struct role *)right)->name);
}

struct fixture *fixture_new(const char *roles)
{
	struct arena *arena = arena_new();
	struct fixture *fixture = arena_alloc(arena, sizeof(*fixture));
	struct policy *policy = arena_alloc(arena, sizeof(*policy));
	struct strings names = fixture_split(arena, roles, ",");

	*fixture = (struct fixture){.arena = arena, .policy = policy};
	policy->arena = arena;
	policy->roles = arena_array(arena, names.count, sizeof(*policy->roles));
	policy->role_count = names.count;
	policy->endpoints = arena_array(arena, ROOM, sizeof(*policy->endpoints));
	for (size_t i = 0; i < names.count; i++)
		policy->roles[i].name = names.items[i];
	qsort(policy->roles, names.count, sizeof(*policy->roles), by_role_name);
	for (size_t i = 0; i < names.count; i++) {
		struct role *role = &policy->roles[i];

		role->index = i;
		role->source.file = arena_printf(arena, "roles.d/%s.role", role->name);
		table_put(arena, &policy->role_by_name, role->name, role);
	}
	return fixture;
}

void fixture_free(struct fixture *fixture)
{
	arena_free(fixture->arena);
}

static int by_command_name(const void *left, const void *right)
{
	return strcmp(
		(*(struct command *const *)left)->name, (*(struct command *const *)right)->name);
}

static int by_alias_name(const void *left, const void *right)
{
	return strcmp((*(struct alias *const *)left)->name, (*(struct alias *const *)right)->name);
}

void fixture_finish(struct fixture *fixture)
{
	struct policy *policy = fixture->policy;

	if (policy->command_count > 0)
		qsort(policy->commands, policy->command_count, sizeof(*policy->commands),
			by_command_name);
	if (policy->alias_count > 0)
		qsort(policy->aliases, policy->alias_count, sizeof(*policy->aliases),
			by_alias_name);
	policy_finish(policy);
}

static struct source next_line(struct fixture *fixture, const char *file)
{
	return (struct source){file, ++fixture->line};
}

static struct command *add_command(struct fixture *fixture, const char *name, const char *program)
{
	struct policy *policy = fixture->policy;
	struct command *command = arena_alloc(fixture->arena, sizeof(*command));

	*command = (struct command){
		.name = arena_strdup(fixture->arena, name),
		.word_count = 1,
		.program = arena_strdup(fixture->arena, program),
		.enabled = true,
		.end_of_options = true,
		.source = next_line(fixture, "commands.d/test.conf"),
	};
	policy->commands = arena_grow(
		fixture->arena, policy->commands, policy->command_count, sizeof(struct command *));
	policy->commands[policy->command_count++] = command;
	if (table_put(fixture->arena, &policy->command_by_name, command->name, command) != NULL)
		give_up("defined twice", name);
	return command;
}

struct command *fixture_command(
	struct fixture *fixture, const char *name, const char *program, const char *arguments)
{
	struct command *command = add_command(fixture, name, program);

	command->word_count = fixture_split(fixture->arena, name, " ").count;
	command->arguments = fixture_split(fixture->arena, arguments, " ");
	command->parameters.items =
		arena_array(fixture->arena, ROOM, sizeof(*command->parameters.items));
	return command;
}

struct command *fixture_external(struct fixture *fixture, const char *path)
{
	struct command *command = add_command(fixture, path, path);

	command->external = true;
	return command;
}

struct parameter *fixture_parameter(struct fixture *fixture, struct command *command,
	const char *spec, enum parameter_type type)
{
	struct strings words = fixture_split(fixture->arena, spec, " ");
	struct parameter *parameter = &command->parameters.items[command->parameters.count];

	if (command->parameters.count == ROOM)
		give_up("too many parameters", command->name);
	*parameter = (struct parameter){
		.name = words.items[0],
		.index = command->parameters.count++,
		.type = type,
		.validate = type == PARAMETER_STRING ? validator_find("none") : NULL,
		.repeat = 1,
		.max_length = ARGUMENT_LENGTH_MAX,
		.source = next_line(fixture, "commands.d/test.conf"),
	};
	for (size_t i = 1; i < words.count; i++) {
		if (words.items[i][0] == '@')
			parameter->position = (unsigned)strtoul(words.items[i] + 1, NULL, 10);
		else
			strings_add(fixture->arena, &parameter->options, words.items[i]);
	}
	if (parameter->position > command->parameters.positions)
		command->parameters.positions = parameter->position;
	return parameter;
}

struct role *fixture_role(struct fixture *fixture, const char *name)
{
	struct role *role = policy_role(fixture->policy, name);

	if (role == NULL)
		give_up("no such role", name);
	return role;
}

static const struct parameter *find_parameter(
	const struct command *command, const char *name, size_t length)
{
	for (size_t i = 0; i < command->parameters.count; i++) {
		const struct parameter *parameter = &command->parameters.items[i];

		if (strlen(parameter->name) == length && memcmp(parameter->name, name, length) == 0)
			return parameter;
	}
	give_up("no such parameter", name);
}

static void compile(struct fixture *fixture, const char *text, struct pattern *pattern)
{
	size_t offset;
	const char *problem = pattern_compile(fixture->arena, text, pattern, &offset);

	if (problem != NULL)
		give_up(text, problem);
}

/* "unit", "unit={a,b}", "unit=/re/", "unit={a}/re/" */
static void add_constraint(struct fixture *fixture, struct grant *grant, const char *text)
{
	size_t length = strcspn(text, "=");
	struct constraint *constraint = &grant->constraints[grant->constraint_count++];
	const char *at = text + length;

	if (grant->constraint_count > ROOM)
		give_up("too many parameters", text);
	constraint->parameter = find_parameter(grant->command, text, length);
	constraint->source = grant->source;
	at += *at == '=';
	if (*at == '{') {
		size_t size = strcspn(at, "}");

		constraint->set = fixture_split(
			fixture->arena, arena_strndup(fixture->arena, at + 1, size - 1), ",");
		at += size + 1;
	}
	if (*at == '/') {
		constraint->has_pattern = true;
		compile(fixture, arena_strndup(fixture->arena, at + 1, strlen(at) - 2),
			&constraint->pattern);
	}
}

static void add_grant(struct fixture *fixture, const struct command *command, const char *text)
{
	struct arena *arena = fixture->arena;
	size_t length = strcspn(text, ":");
	struct role *role = fixture_role(fixture, arena_strndup(arena, text, length));
	struct strings words = fixture_split(arena, trim(arena, text + length + 1), " ");
	struct grant *grant = arena_alloc(arena, sizeof(*grant));
	bool whole = words.count == 1 && strcmp(words.items[0], "*") == 0;
	bool empty = words.count == 1 && strcmp(words.items[0], "-") == 0;

	*grant = (struct grant){
		.role = role,
		.command = command,
		.lists_parameters = !whole,
		.constraints = arena_array(arena, ROOM + 1, sizeof(*grant->constraints)),
		.source = next_line(fixture, role->source.file),
	};
	for (size_t i = 0; !whole && !empty && i < words.count; i++)
		add_constraint(fixture, grant, words.items[i]);
	role->grants.items =
		arena_grow(arena, role->grants.items, role->grants.count, sizeof(struct grant *));
	role->grants.items[role->grants.count++] = grant;
}

void fixture_grants(struct fixture *fixture, const struct command *command, const char *grants)
{
	struct strings texts = fixture_split(fixture->arena, grants, ";");

	for (size_t i = 0; i < texts.count; i++) {
		const char *text = trim(fixture->arena, texts.items[i]);

		if (*text != '\0')
			add_grant(fixture, command, text);
	}
}

struct alias *fixture_alias(
	struct fixture *fixture, const char *name, const char *target, const char *roles)
{
	struct policy *policy = fixture->policy;
	struct strings names = fixture_split(fixture->arena, roles, ",");
	struct alias *alias = arena_alloc(fixture->arena, sizeof(*alias));

	*alias = (struct alias){
		.name = name,
		.target = target,
		.command = table_get(&policy->command_by_name, target),
		.views = arena_array(fixture->arena, names.count, sizeof(*alias->views)),
		.view_count = names.count,
	};
	for (size_t i = 0; i < names.count; i++) {
		const struct role *role = fixture_role(fixture, names.items[i]);

		alias->views[i] = (struct alias_view){role, next_line(fixture, role->source.file)};
	}
	policy->aliases = arena_grow(
		fixture->arena, policy->aliases, policy->alias_count, sizeof(struct alias *));
	policy->aliases[policy->alias_count++] = alias;
	table_put(fixture->arena, &policy->alias_by_name, name, alias);
	return alias;
}

void fixture_variable(
	struct fixture *fixture, struct variables *list, const char *name, const char *value)
{
	list->items = arena_grow(fixture->arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] =
		(struct variable){name, value, next_line(fixture, "roles.d/variables.role")};
}

void fixture_provider(struct fixture *fixture, const char *role, const char *name, const char *read)
{
	struct role *owner = fixture_role(fixture, role);
	struct provider *provider = table_get(&fixture->policy->provider_by_name, name);

	if (provider == NULL) {
		provider = arena_alloc(fixture->arena, sizeof(*provider));
		provider->name = name;
		provider->read = fixture_split(fixture->arena, read, ",");
		table_put(fixture->arena, &fixture->policy->provider_by_name, name, provider);
	}
	owner->providers = arena_grow(
		fixture->arena, owner->providers, owner->provider_count, sizeof(*owner->providers));
	owner->providers[owner->provider_count++] =
		(struct visible_provider){provider, next_line(fixture, owner->source.file)};
}

struct endpoint *fixture_endpoint(struct fixture *fixture, const char *name)
{
	struct endpoint *endpoint = &fixture->policy->endpoints[fixture->policy->endpoint_count++];

	if (fixture->policy->endpoint_count > ROOM)
		give_up("too many endpoints", name);
	endpoint->name = name;
	return endpoint;
}

void fixture_define(struct fixture *fixture, struct endpoint *endpoint, const char *user,
	const char *group, const char *roles)
{
	struct strings names = fixture_split(fixture->arena, roles, ",");
	struct role_definition *definition;

	endpoint->definitions = arena_grow(fixture->arena, endpoint->definitions,
		endpoint->definition_count, sizeof(*endpoint->definitions));
	definition = &endpoint->definitions[endpoint->definition_count++];
	*definition = (struct role_definition){
		.user = user,
		.group = group,
		.roles = arena_array(fixture->arena, names.count, sizeof(struct role *)),
		.role_count = names.count,
	};
	for (size_t i = 0; i < names.count; i++)
		definition->roles[i] = fixture_role(fixture, names.items[i]);
}

struct role_set fixture_roles(struct fixture *fixture, const char *roles)
{
	struct role_set set = role_set_new(fixture->arena, fixture->policy);
	struct strings names = fixture_split(fixture->arena, roles, ",");

	for (size_t i = 0; i < names.count; i++)
		if (names.items[i][0] != '\0')
			role_set_add(&set, fixture_role(fixture, names.items[i]));
	return set;
}

struct decision fixture_decide(struct fixture *fixture, struct arena *arena,
	const struct endpoint *endpoint, const char *roles, const char *words)
{
	struct role_set set = fixture_roles(fixture, roles);
	struct strings list = fixture_split(arena, words, "|");
	struct decision_request request = {
		.policy = fixture->policy,
		.endpoint = endpoint,
		.roles = &set,
		.words = list.items,
		.count = words == NULL ? 0 : list.count,
	};
	struct decision decision;

	memset(&decision, 0xff, sizeof(decision)); /* decide() has to fill in all of it */
	decide(arena, &request, &decision);
	return decision;
}
