/* What would be run: whether it is there, whether it can be trusted, and what it can start. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "admin/check.h"
#include "admin/known_programs.h"
#include "base/fd.h"
#include "base/table.h"
#include "config/trust.h"

static const char *const kind_texts[] = {
	[PROGRAM_SHELL] = "is an interpreter, whose arguments are programs",
	[PROGRAM_WRAPPER] = "starts the programs that its arguments name",
	[PROGRAM_OPTION] = "has options that start other programs",
	[PROGRAM_INTERACTIVE] = "lets its user start other programs, a shell too",
	[PROGRAM_PAGER] = "starts a pager on a terminal, from which a shell can be started",
};

static const char good[] = "";

/* "", or why the gateway would not run it. */
static const char *file_complaint(struct arena *arena, const char *path)
{
	const char *complaint = good;
	struct stat status;
	_cleanup_fd_ int fd = trust_open(arena, path, O_PATH, &complaint);

	if (fd < 0)
		return errno == ENOENT ? "the program does not exist" : complaint;
	if (fstat(fd, &status) < 0)
		return strerror(errno);
	if (!S_ISREG(status.st_mode))
		return "the program is not a regular file";
	if ((status.st_mode & 0111) == 0)
		return "the program is not executable";
	return good;
}

static void check_file(
	const struct command *command, struct table *known, struct problems *problems)
{
	const char *complaint = table_get(known, command->program);

	if (complaint == NULL) {
		complaint = file_complaint(problems->arena, command->program);
		table_put(problems->arena, known, command->program, (void *)complaint);
	}
	if (complaint != good)
		problem_add(problems, PROBLEM_WARNING, command->source, "program %s: %s",
			command->program, complaint);
}

/* A first fixed argument with which nothing is shown. */
static bool is_quiet_verb(const char *word)
{
	static const char *const verbs[] = {"start", "stop", "restart", "reload", "try-restart",
		"reload-or-restart", "try-reload-or-restart", "enable", "disable", "reenable",
		"mask", "unmask", "kill", "reset-failed", "is-active", "is-enabled", "is-failed",
		"daemon-reload"};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i], word) == 0)
			return true;
	return false;
}

/* Whether declaring its parameters left a known way to start another program. */
static bool is_open(const struct command *command, enum program_kind kind)
{
	if (kind == PROGRAM_OPTION) /* its options are declared one by one */
		return false;
	if (kind != PROGRAM_PAGER)
		return true;
	if (strings_contain(&command->arguments, "--no-pager"))
		return false;
	return command->arguments.count == 0 || !is_quiet_verb(command->arguments.items[0]);
}

static void check_external(const struct command *command, struct problems *problems)
{
	const struct known_program *program = known_program(command->program);

	for (size_t i = 0; i < command->grants->count; i++) {
		const struct grant *grant = command->grants->items[i];

		if (program == NULL)
			problem_add(problems, PROBLEM_WARNING, grant->source,
				"the external command %s may be run with any arguments: declare it "
				"as a "
				"command instead",
				command->program);
		else
			problem_add(problems, PROBLEM_WARNING, grant->source,
				"the external command %s may be run with any arguments, and %s %s",
				command->program, program->name, kind_texts[program->kind]);
	}
}

static void check_starts(const struct command *command, struct problems *problems)
{
	const struct known_program *program = known_program(command->program);

	if (program == NULL || !is_open(command, program->kind))
		return;
	problem_add(problems, PROBLEM_WARNING, command->source, "\"%s\" runs %s, which %s%s",
		command->name, command->program, kind_texts[program->kind],
		program->kind == PROGRAM_PAGER
			? ": \"--no-pager\" among its arguments prevents that"
			: "");
}

void check_programs(const struct policy *policy, struct problems *problems)
{
	struct table known = {0};

	for (size_t i = 0; i < policy->command_count; i++) {
		const struct command *command = policy->commands[i];

		check_file(command, &known, problems);
		if (command->external)
			check_external(command, problems);
		else
			check_starts(command, problems);
	}
}
