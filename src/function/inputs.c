#include "function/inputs.h"

#include <errno.h>

void inputs_variables(struct arena *arena, const struct command *command,
	const struct arguments *inputs, const struct inputs_facts *facts,
	struct variables *variables)
{
	(void)arena;
	(void)command;
	(void)inputs;
	(void)facts;
	(void)variables;
}

char *inputs_json(struct arena *arena, const struct command *command,
	const struct arguments *inputs, const struct inputs_facts *facts)
{
	(void)command;
	(void)inputs;
	(void)facts;
	return arena_strdup(arena, "{}");
}

int inputs_open(const char *text)
{
	(void)text;
	errno = ENOSYS;
	return -1;
}
