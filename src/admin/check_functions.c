/* What an author of functions should hear: who runs them, who may call them, what they run into. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/check.h"
#include "policy/shebang.h"
#include "config/interpreter.h"

#define warn(problems, command, format, ...)                                                       \
	problem_add(problems, PROBLEM_WARNING, (command)->source, "function \"%s\": " format,      \
		(command)->name, __VA_ARGS__)

static void check_account(const struct command *command, struct problems *problems)
{
	if (command->run_as == NULL)
		warn(problems, command,
			"it has no run_as, so that the endpoint's account runs it: run_as = "
			"\"%s\" is preferred",
			"caller");
}

/* Functions that others run, as choices, rollback or start-up. */
static struct table called_by_others(const struct policy *policy, struct arena *arena)
{
	struct table called = {0};

	for (size_t i = 0; i < policy->command_count; i++) {
		const struct command *command = policy->commands[i];

		if (command->function == NULL)
			continue;
		if (command->function->rollback_name != NULL)
			table_put(arena, &called, command->function->rollback_name, &called);
		for (size_t k = 0; k < command->parameters.count; k++)
			if (command->parameters.items[k].choices_from != NULL)
				table_put(arena, &called,
					command->parameters.items[k].choices_from->name, &called);
	}
	for (size_t i = 0; i < policy->role_count; i++)
		for (size_t k = 0; k < policy->roles[i].startup_functions.count; k++)
			table_put(arena, &called, policy->roles[i].startup_functions.items[k],
				&called);
	return called;
}

static void check_callers(const struct command *command, const bool *used,
	const struct table *called, struct problems *problems)
{
	size_t held = 0;

	for (size_t i = 0; i < command->grants->count; i++)
		held += used[command->grants->items[i]->role->index];
	if (held > 0 || table_get(called, command->name) != NULL)
		return;
	warn(problems, command, "%s",
		command->grants->count == 0
			? "it is not used: no role grants it, and no other function names it"
			: "nobody can call it: no endpoint gives a role that grants it");
}

/* NULL where the script's own first line is no interpreter line. */
static const char *interpreter_of(struct arena *arena, const struct function *function)
{
	const struct script *script = &function->script;
	struct interpreter_line line;
	size_t length = script->content.length;

	if (script->interpreter != NULL || script->content.bytes == NULL)
		return script->interpreter;
	if (length > INTERPRETER_LINE_MAX + 1)
		length = INTERPRETER_LINE_MAX + 1;
	return interpreter_parse(arena, script->content.bytes, length, &line) == NULL ? line.path
										      : NULL;
}

static void check_interpreter(
	const struct command *command, const char *interpreter, struct problems *problems)
{
	const char *complaint = NULL;
	int fd = interpreter_open(problems->arena, interpreter, &complaint);

	if (fd >= 0)
		close(fd);
	else
		warn(problems, command, "its interpreter %s: %s", interpreter, complaint);
	if (strcmp(strrchr(interpreter, '/') + 1, "env") == 0)
		warn(problems, command,
			"its interpreter is %s, so that what runs is whatever PATH has then, which "
			"no hash and no approval is of; name the interpreter itself",
			interpreter);
}

static bool is_shell(const char *interpreter)
{
	static const char *const shells[] = {"sh", "bash", "dash", "ksh", "zsh"};
	const char *name = strrchr(interpreter, '/') + 1;

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (strcmp(shells[i], name) == 0)
			return true;
	return false;
}

/* What sh(1) has in itself, where it would find a program of that name too. */
static bool is_built_in(const char *word)
{
	static const char *const names[] = {"[", "echo", "false", "getopts", "kill", "printf",
		"pwd", "test", "time", "true", "umask", "wait"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], word) == 0)
			return true;
	return false;
}

/* Whether a line begins with the name of a program that is there. */
static bool starts_program(struct arena *arena, const char *line, const char **word)
{
	size_t length = strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789_./[-");
	const char *after = line + length;

	if (length == 0 || strchr(" \t\n", *after) == NULL)
		return false;
	*word = arena_strndup(arena, line, length);
	if (**word == '/')
		return access(*word, X_OK) == 0;
	return strchr(*word, '/') == NULL && !is_built_in(*word) &&
	       access(arena_printf(arena, "/usr/bin/%s", *word), X_OK) == 0;
}

/* The first such line alone, and a guess: a line of a here-document looks the same. */
static void check_programs_started(const struct command *command, struct problems *problems)
{
	const struct restriction *restriction = &command->profile->restriction;
	const char *line = command->function->script.content.bytes, *word;

	if (line == NULL || !restriction->has[RESTRICT_EXECUTE] ||
		restriction->execute != EXECUTE_NONE)
		return;
	for (unsigned number = 1; line != NULL; number++) {
		line += strspn(line, " \t");
		if (starts_program(problems->arena, line, &word)) {
			warn(problems, command,
				"line %u of its script seems to start %s, and its profile %s lets "
				"no program be started",
				number, word, command->profile->name);
			return;
		}
		line = strchr(line, '\n');
		line = line == NULL ? NULL : line + 1;
	}
}

/* Who asks for two approvers and forgets to ask for an approval gets none. */
static void check_approval(
	const struct policy *policy, const struct command *command, struct problems *problems)
{
	const struct approval_rule *rule = &command->function->approval;
	bool required = rule->required;

	for (size_t i = 0; i < policy->endpoint_count; i++)
		required = required || policy->endpoints[i].approval.required;
	if (!required && (rule->approvers > 1 || rule->groups.count > 0 || rule->self_approval))
		warn(problems, command, "%s",
			"it says who approves it, and needs no approval; expected approval = "
			"\"required\"");
}

static void check_transaction(const struct command *command, struct problems *problems)
{
	const struct strings *paths = &command->function->transaction;
	struct stat status;

	for (size_t i = 0; i < paths->count; i++)
		if (stat(paths->items[i], &status) < 0)
			warn(problems, command, "transaction path %s: %s", paths->items[i],
				strerror(errno));
		else if (!S_ISDIR(status.st_mode))
			warn(problems, command, "transaction path %s is no directory",
				paths->items[i]);
}

void check_functions(const struct policy *policy, struct problems *problems)
{
	const bool *used = check_used_roles(problems->arena, policy);
	struct table called = called_by_others(policy, problems->arena);

	for (size_t i = 0; i < policy->command_count; i++) {
		const struct command *command = policy->commands[i];
		const char *interpreter;

		if (command->function == NULL)
			continue;
		check_account(command, problems);
		check_callers(command, used, &called, problems);
		check_approval(policy, command, problems);
		check_transaction(command, problems);
		interpreter = interpreter_of(problems->arena, command->function);
		if (interpreter == NULL)
			continue;
		check_interpreter(command, interpreter, problems);
		if (is_shell(interpreter))
			check_programs_started(command, problems);
	}
}
