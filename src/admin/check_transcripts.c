/* Transcripts that are asked for in vain. */
#include "admin/check.h"

static void check_input(const struct transcript_rule *rule, struct source source, const char *kind,
	const char *name, struct problems *problems)
{
	if (rule->input)
		problem_add(problems, PROBLEM_WARNING, source,
			"%s \"%s\": transcript_input = true records nothing: nothing says "
			"transcript = "
			"\"required\" or \"best-effort\"",
			kind, name);
}

static void check_inputs(const struct policy *policy, struct problems *problems)
{
	for (size_t i = 0; i < policy->endpoint_count; i++)
		check_input(&policy->endpoints[i].transcript, policy->endpoints[i].source,
			"endpoint", policy->endpoints[i].name, problems);
	for (size_t i = 0; i < policy->command_count; i++)
		check_input(&policy->commands[i]->transcript, policy->commands[i]->source,
			command_kind(policy->commands[i]), policy->commands[i]->name, problems);
	for (size_t i = 0; i < policy->role_count; i++)
		check_input(&policy->roles[i].transcript, policy->roles[i].source, "role",
			policy->roles[i].name, problems);
}

void check_transcripts(const struct policy *policy, struct problems *problems)
{
	if (!transcript_is_wanted(policy))
		check_inputs(policy, problems);
	for (size_t i = 0; i < policy->command_count; i++) {
		const struct command *command = policy->commands[i];

		if (command->outlives_client && command->transcript.mode != TRANSCRIPT_OFF)
			problem_add(problems, PROBLEM_WARNING, command->source,
				"command \"%s\": its transcript ends with the program: what that "
				"leaves behind (detach) shows is in none",
				command->name);
	}
}
