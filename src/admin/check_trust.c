/* Functions that don't get what they ask for, because of what their scripts are trusted for. */
#include <string.h>

#include "admin/check.h"
#include "policy/trust.h"

static void warn(const struct function *function, const char *text, const char *why,
	struct problems *problems)
{
	problem_add(problems, PROBLEM_WARNING, function->command->source, "function \"%s\" %s%s%s",
		function->command->name, text, why != NULL ? ": " : "", why != NULL ? why : "");
}

static bool asks_for_root(const struct command *command)
{
	return command->run_as != NULL && strcmp(command->run_as, "root") == 0;
}

/* "standard" holds for what is untrusted in any case. */
static bool asks_for_profile(const struct command *command)
{
	return command->profile_name != NULL && strcmp(command->profile_name, "standard") != 0;
}

/* What to call once the script has been read. */
static const char *with_way_out(struct arena *arena, const struct trust_verdict *verdict)
{
	const char *way = verdict->entry == NULL ? "\"rolegatectl trust add\" writes one"
			  : verdict->differs	 ? "\"rolegatectl trust update\" trusts this one"
						 : NULL;

	if (way == NULL || verdict->note == NULL)
		return verdict->note;
	return arena_printf(arena, "%s; %s", verdict->note, way);
}

static void check_verdict(const struct function *function, const struct trust_verdict *verdict,
	struct problems *problems)
{
	const struct command *command = function->command;
	const char *text;

	if (verdict->blocked) {
		warn(function, "is refused", with_way_out(problems->arena, verdict), problems);
	} else if (asks_for_root(command) && verdict->level != TRUST_SYSTEM) {
		warn(function,
			"is refused: run_as is root, which takes an entry of level \"system\" in "
			"rolegate.conf",
			verdict->note, problems);
	} else if (verdict->level == TRUST_UNTRUSTED && asks_for_profile(command)) {
		text = arena_printf(problems->arena,
			"is untrusted, so that it runs under \"standard\" as well as under profile "
			"\"%s\"",
			command->profile_name);
		warn(function, text, with_way_out(problems->arena, verdict), problems);
	} else if (verdict->differs) {
		warn(function,
			verdict->level == TRUST_UNTRUSTED ? "is untrusted" : "runs all the same",
			verdict->note, problems);
	}
}

void check_trust(const struct policy *policy, struct problems *problems)
{
	for (size_t i = 0; i < policy->command_count; i++) {
		const struct function *function = policy->commands[i]->function;
		struct trust_verdict verdict;

		if (function == NULL)
			continue;
		verdict = trust_judge(problems->arena, function, &function->script.content,
			function->interpreter_digest[0] == '\0' ? NULL
								: function->interpreter_digest);
		check_verdict(function, &verdict, problems);
	}
}
