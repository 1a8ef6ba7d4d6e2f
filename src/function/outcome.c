#include "function/outcome.h"

void outcome_begin(struct outcome *outcome, struct arena *arena, const struct command *command)
{
	*outcome = (struct outcome){.arena = arena, .command = command};
}

void outcome_feed(struct outcome *outcome, const char *bytes, size_t length)
{
	(void)bytes;
	outcome->bytes += length;
}

void outcome_end(struct outcome *outcome)
{
	(void)outcome;
}

enum outcome_result outcome_result(const struct outcome *outcome, int status)
{
	(void)outcome;
	return status == 0 ? OUTCOME_SUCCEEDED : OUTCOME_FAILED;
}

const char *outcome_result_name(enum outcome_result result)
{
	static const char *const names[] = {"error", "invalid-input", "success"};

	return names[result];
}

const char *outcome_type_name(enum outcome_type type)
{
	static const char *const names[] = {"", "success", "warning", "error", "invalid"};

	return names[type];
}
