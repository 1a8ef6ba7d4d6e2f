/*
 * The order of the checks is part of the contract: bytes, the name, whether it is switched on, the
 * parameters, the definition's own validation, the roles' sets and patterns, what is missing.
 * Nothing here looks at more than the words and the grants of the one command.
 */
#include "policy/decide.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "policy/call.h"

int call_refuse(struct call *call, enum reason reason, size_t word, const char *detail)
{
	call->refusal = (struct refusal){.reason = reason, .word = word, .detail = detail};
	return -1;
}

static void add_source(struct call *call, const struct role *role, struct source source)
{
	size_t last = call->source_count > 0 ? call->source_count - 1 : 0;

	call_add_source(call, role, source, NULL, last);
}

/* The grants that give the command at all, and the alias that it was called by. */
static void add_command_sources(struct call *call)
{
	for (size_t i = 0; i < call->permission.grant_count; i++) {
		const struct grant *grant = call->permission.grants[i];

		add_source(call, grant->role, grant->source);
	}
	for (size_t i = 0; call->alias != NULL && i < call->alias->view_count; i++) {
		const struct alias_view *view = &call->alias->views[i];

		if (role_set_has(call->roles, view->role))
			add_source(call, view->role, view->source);
	}
}

static int parse_words(struct call *call)
{
	const struct decision_request *request = call->request;
	const struct parameter_permission *parameters = call->permission.parameters;
	size_t count = call->command->parameters.count;
	bool *allowed = arena_array(call->arena, count, sizeof(*allowed));

	for (size_t i = 0; i < count; i++)
		allowed[i] = parameters[i].kind != PERMISSION_NONE;
	call->stage = STAGE_PARSE;
	return arguments_parse(call->arena, call->command, allowed,
		request->words + call->name_words, request->count - call->name_words,
		&call->arguments, &call->refusal);
}

/* What is missing comes last, after the roles have seen what is there. */
static int check_arguments(struct call *call)
{
	struct refusal missing;

	call->stage = STAGE_VALID;
	if (arguments_validate(call->arena, call->command, &call->arguments, &call->refusal) < 0 &&
		call->refusal.reason != REASON_MISSING_PARAMETER)
		return -1;
	missing = call->refusal;
	call->stage = STAGE_VALUES;
	if (call_check_values(call) < 0)
		return -1;
	call->stage = STAGE_COMPLETE;
	return missing.reason == REASON_PERMITTED ? 0 : -1;
}

/* A command without a profile in use is refused where it would be run. */
static int check_profile(struct call *call)
{
	const struct command *command = call->command;
	const struct confinement *confinement = call_profiles(call);
	const char *complaint = NULL;

	if (confinement != NULL)
		complaint = restriction_blocks(call->arena, &confinement->restriction,
			command->name, command->command_class, command->program);
	return complaint == NULL ? 0 : call_refuse(call, REASON_BLOCKED_BY_PROFILE, 0, complaint);
}

/* For what the gateway calls itself: no grant, so every parameter with any value, of nobody. */
static struct permission everything(const struct call *call)
{
	size_t count = call->command->parameters.count;
	struct permission permission = {.command = call->command, .granted = true};

	permission.parameters =
		arena_array(call->arena, count, sizeof(*permission.parameters));
	for (size_t i = 0; i < count; i++)
		permission.parameters[i].kind = PERMISSION_ANY;
	return permission;
}

/* 0 when everything was checked and allowed; else -1, and call->refusal says what was not. */
static int check_call(struct call *call)
{
	if (call->command == call->request->ungranted)
		call->permission = everything(call);
	else
		call->permission = merge_permission(call->arena, call->command, call->roles);
	if (!call->permission.granted)
		return call_refuse(call, REASON_NOT_PERMITTED, 0, call_not_permitted(call));
	call->stage = STAGE_GRANTED;
	add_command_sources(call);
	if (!call->command->enabled)
		return call_refuse(call, REASON_DISABLED, 0,
			arena_printf(call->arena, "%s is disabled",
				call_quote(call->arena, call->command->name)));
	if (call_check_trust(call) < 0 || check_profile(call) < 0)
		return -1;
	if (call->command->external) {
		call->refusal.reason = REASON_PERMITTED;
		return 0;
	}
	if (parse_words(call) == 0 && call_check_texts(call) == 0 && check_arguments(call) == 0 &&
		call_take_files(call) == 0)
		return 0;
	if (call->refusal.word != SIZE_MAX)
		call->refusal.word += call->name_words; /* counted from the command's name */
	return -1;
}

static void build_external(const struct call *call, struct decision *decision)
{
	const struct command *command = call->command;

	strings_add(call->arena, &decision->argv, command->program);
	for (size_t i = 0; i < command->arguments.count; i++)
		strings_add(call->arena, &decision->argv, command->arguments.items[i]);
	for (size_t i = call->name_words; i < call->request->count; i++)
		strings_add(call->arena, &decision->argv,
			arena_strdup(call->arena, call->request->words[i]));
	decision->shown = decision->argv;
}

/* A function's name as the words that it is called by. */
static void add_name(const struct call *call, struct strings *words)
{
	const char *name = call->command->name, *blank;

	for (; (blank = strchr(name, ' ')) != NULL; name = blank + 1)
		strings_add(call->arena, words,
			arena_strndup(call->arena, name, (size_t)(blank - name)));
	strings_add(call->arena, words, name);
}

/* The inputs are no words of the script: it gets them as variables. */
static void build_function(struct call *call, struct decision *decision)
{
	struct strings as_option, shown;

	strings_add(call->arena, &decision->argv, decision->program);
	arguments_build(call->arena, call->command, &call->arguments, &as_option, &shown);
	add_name(call, &decision->shown);
	for (size_t i = 1; i < shown.count; i++)
		strings_add(call->arena, &decision->shown, shown.items[i]);
	decision->inputs = call->arguments;
}

static const char *first_of(const char *own, const char *of_endpoint)
{
	return own != NULL ? own : of_endpoint;
}

static const char *profile_name(const struct call *call)
{
	const struct endpoint *endpoint = call->request->endpoint;
	const struct command *command = call->command;
	bool heard = command->function == NULL || call->trust.level > TRUST_UNTRUSTED;

	return policy_profile_name(endpoint, heard ? command : NULL);
}

/* The names of the roles whose grants were merged; these are in the order of roles already. */
static struct strings granting_roles(const struct call *call)
{
	struct strings names = {0};
	const struct role *last = NULL;

	for (size_t i = 0; i < call->permission.grant_count; i++) {
		const struct role *role = call->permission.grants[i]->role;

		if (role != last)
			strings_add(call->arena, &names, role->name);
		last = role;
	}
	return names;
}

static void refuse_call(const struct call *call, struct decision *decision)
{
	*decision = (struct decision){
		.verdict = VERDICT_DENY,
		.reason = call->refusal.reason,
		.detail = call->refusal.detail,
		.word = call->refusal.word,
		.command = call->refusal.reason == REASON_NOT_PERMITTED ? NULL : call->command,
		.parameter = call->refusal.parameter,
		.trust = call->trust,
		.sources = call->sources,
		.source_count = call->source_count,
	};
}

/* In seconds; 0: none. The shorter one of the definition's and the profile's. */
static unsigned timeout_of(const struct command *command, const struct confinement *confinement)
{
	uint64_t seconds = command->timeout;

	if (confinement == NULL || !confinement->restriction.has[RESTRICT_SECONDS])
		return command->timeout;
	if (seconds == 0 || confinement->restriction.limits[RESTRICT_SECONDS] < seconds)
		seconds = confinement->restriction.limits[RESTRICT_SECONDS];
	return (unsigned)seconds;
}

static void allow_call(struct call *call, struct decision *decision)
{
	const struct endpoint *endpoint = call->request->endpoint;
	const struct command *command = call->command;

	*decision = (struct decision){
		.verdict = VERDICT_ALLOW,
		.reason = REASON_PERMITTED,
		.word = SIZE_MAX,
		.command = command,
		.program = command->program,
		.run_as = first_of(command->run_as, endpoint != NULL ? endpoint->run_as : NULL),
		.profile = profile_name(call),
		.trust = call->trust,
		.roles = granting_roles(call),
		.sources = call->sources,
		.source_count = call->source_count,
		.transcript = transcript_of(endpoint, &call->permission),
		.environment = call_environment(call),
		.drive = call_drive(call),
		.files = call->files,
		.file_count = call->file_count,
	};
	decision->confinement =
		call_confinement(call, &decision->areas, &decision->area_count);
	decision->timeout = timeout_of(command, decision->confinement);
	if (command->external)
		build_external(call, decision);
	else if (command->function != NULL)
		build_function(call, decision);
	else
		arguments_build(
			call->arena, command, &call->arguments, &decision->argv, &decision->shown);
}

static bool came_further(const struct call *call, const struct call *best)
{
	size_t word = call->refusal.word + 1, best_word = best->refusal.word + 1; /* none: 0 */

	return call->stage > best->stage || (call->stage == best->stage && word > best_word);
}

static bool may_decide_alone(const struct call *call, const struct role *role)
{
	if (!role_set_has(call->request->roles, role))
		return false;
	for (size_t i = 0; call->alias != NULL && i < call->alias->view_count; i++)
		if (call->alias->views[i].role == role)
			return true;
	return call->alias == NULL;
}

static int check_role(struct call *call, const struct role *role)
{
	struct role_set *alone = arena_alloc(call->arena, sizeof(*alone));

	*alone = role_set_new(call->arena, call->request->policy);
	alone->only = call->request->roles->only;
	role_set_add(alone, role);
	call->roles = alone;
	return check_call(call);
}

/*
 * `call` becomes that of the first role that allows it, else of the one that came furthest. An
 * alias has to be visible by that same role.
 */
static int check_each_role(struct call *call)
{
	const struct grants *grants = call->command->grants;
	const struct call untried = *call;
	const struct role *last = NULL;

	call_refuse(call, REASON_NOT_PERMITTED, 0, call_not_permitted(call));
	for (size_t i = 0; i < grants->count; i++) {
		const struct role *role = grants->items[i]->role;
		struct call attempt = untried;

		if (role == last || !may_decide_alone(&untried, role))
			continue;
		last = role;
		if (check_role(&attempt, role) == 0) {
			*call = attempt;
			return 0;
		}
		if (came_further(&attempt, call))
			*call = attempt;
	}
	return -1;
}

/* The words must still name it: what is decided on is what was asked for. */
static int check_ungranted(struct call *call)
{
	const struct decision_request *request = call->request;
	const struct alias *alias;

	call->command = call_find_name(request->policy, request->roles, request->words,
		request->count, &alias, &call->name_words);
	if (call_check_lines(call) < 0)
		return -1;
	if (call->command != request->ungranted)
		return call_refuse(call, REASON_NOT_PERMITTED, 0, call_not_permitted(call));
	return check_call(call);
}

static int check_roles(struct call *call)
{
	const struct decision_request *request = call->request;

	if (call_check_bytes(call) < 0)
		return -1;
	if (request->ungranted != NULL)
		return check_ungranted(call);
	if (request->roles->count == 0)
		return call_refuse(call, REASON_NO_ROLE, SIZE_MAX, "no role is defined for this user");
	if (call_drive(call) != NULL)
		return call_check_drive(call, call_drive(call));
	call->command = call_find_name(request->policy, request->roles, request->words,
		request->count, &call->alias, &call->name_words);
	if (call_check_lines(call) < 0)
		return -1;
	if (call->command == NULL)
		return call_refuse(call, REASON_NOT_PERMITTED, 0, call_not_permitted(call));
	if (request->endpoint != NULL && request->endpoint->merge == MERGE_SINGLE_ROLE)
		return check_each_role(call);
	return check_call(call);
}

/* Last, so that nobody learns so of a command that they may not run (R24). */
static int check_terminal(struct call *call)
{
	const char *name = call->command == NULL ? "" : call->command->name;

	if (call->command == NULL || !call->command->needs_terminal ||
		call->request->terminal != TERMINAL_NONE)
		return 0;
	return call_refuse(call, REASON_MISSING_PARAMETER, SIZE_MAX,
		arena_printf(call->arena,
			"\"%s\" needs a terminal: run it by itself, at the prompt or by ssh -t",
			name));
}

void decide(struct arena *arena, const struct decision_request *request, struct decision *decision)
{
	struct call call = {
		.arena = arena,
		.request = request,
		.roles = request->roles,
		.refusal = {.word = SIZE_MAX},
	};

	if (check_roles(&call) == 0 && call.refusal.reason == REASON_PERMITTED &&
		check_terminal(&call) == 0)
		allow_call(&call, decision);
	else
		refuse_call(&call, decision);
}
