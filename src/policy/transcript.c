#include "policy/transcript.h"

#include "policy/merge.h"

const char *const transcript_mode_names[] = {
	[TRANSCRIPT_OFF] = "off",
	[TRANSCRIPT_BEST_EFFORT] = "best-effort",
	[TRANSCRIPT_REQUIRED] = "required",
	NULL,
};

struct transcript_rule transcript_stricter(
	struct transcript_rule left, struct transcript_rule right)
{
	return (struct transcript_rule){
		.mode = left.mode > right.mode ? left.mode : right.mode,
		.input = left.input || right.input,
	};
}

struct transcript_rule transcript_of(
	const struct endpoint *endpoint, const struct permission *permission)
{
	struct transcript_rule rule = permission->command->transcript;

	if (endpoint != NULL)
		rule = transcript_stricter(rule, endpoint->transcript);
	for (size_t i = 0; i < permission->grant_count; i++)
		rule = transcript_stricter(rule, permission->grants[i]->role->transcript);
	return rule;
}

bool transcript_is_wanted(const struct policy *policy)
{
	enum transcript_mode most = TRANSCRIPT_OFF;

	for (size_t i = 0; i < policy->endpoint_count; i++)
		most |= policy->endpoints[i].transcript.mode;
	for (size_t i = 0; i < policy->command_count; i++)
		most |= policy->commands[i]->transcript.mode;
	for (size_t i = 0; i < policy->role_count; i++)
		most |= policy->roles[i].transcript.mode;
	return most != TRANSCRIPT_OFF;
}

const char *transcript_text(struct transcript_rule rule)
{
	if (rule.mode == TRANSCRIPT_OFF)
		return NULL;
	if (rule.mode == TRANSCRIPT_REQUIRED)
		return rule.input ? "required, with input" : "required";
	return rule.input ? "best-effort, with input" : "best-effort";
}
