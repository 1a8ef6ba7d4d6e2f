/* What would be run: whether it is there, and whether it can be trusted. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "admin/check.h"
#include "base/fd.h"
#include "base/table.h"
#include "config/trust.h"

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

static void check_external(const struct command *command, struct problems *problems)
{
	for (size_t i = 0; i < command->grants->count; i++)
		problem_add(problems, PROBLEM_WARNING, command->grants->items[i]->source,
			"the external command %s may be run with any arguments: declare it as a "
			"command instead",
			command->program);
}

void check_programs(const struct policy *policy, struct problems *problems)
{
	struct table known = {0};

	for (size_t i = 0; i < policy->command_count; i++) {
		const struct command *command = policy->commands[i];

		if (command->function == NULL)
			check_file(command, &known, problems);
		if (command->external)
			check_external(command, problems);
	}
}
