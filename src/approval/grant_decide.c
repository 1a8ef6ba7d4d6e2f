/* What the grant of an approved command is, and whether it would do. */
#include <stdarg.h>
#include <string.h>

#include "approval/grant_parts.h"
#include "base/text.h"
#include "config/config.h"
#include "policy/decide.h"
#include "policy/merge.h"
#include "spawn/account.h"

int grant_fail(const struct granting *granting, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	*granting->complaint = arena_vprintf(granting->arena, format, arguments);
	va_end(arguments);
	return -1;
}

const char *grant_show(const struct granting *granting, const char *text)
{
	return text_escape(granting->arena, text, strlen(text));
}

/* A uid that has become another person's since gets nothing. */
int grant_find_requester(struct granting *granting)
{
	const struct approval_entry *entry = granting->entry;
	struct account account;

	if (account_by_uid(granting->arena, entry->uid, &account, granting->complaint) < 0 ||
		account_group_names(granting->arena, &account, &granting->subject.groups,
			granting->complaint) < 0)
		return -1;
	granting->subject.user = account.name;
	if (entry->user != NULL && strcmp(entry->user, account.name) == 0 &&
		text_is_account(account.name))
		return 0;
	return grant_fail(granting, "uid %u is %s now, and was not when it was asked for",
		(unsigned)entry->uid, grant_show(granting, account.name));
}

/* The policy, with the file that the grant is in as it will be; NULL: of what is there. */
struct policy *grant_load(const struct granting *granting, const struct config_change *change)
{
	struct problems problems = {.arena = granting->arena};
	struct policy *policy =
		config_load_changed(granting->arena, granting->directory, 0, change, &problems);

	for (size_t i = 0; policy == NULL && i < problems.count; i++)
		if (problems.items[i].level == PROBLEM_ERROR) {
			grant_fail(granting, "the configuration %s: %s",
				change == NULL ? "can't be loaded" : "could not be loaded with it",
				problem_text(granting->arena, &problems.items[i]));
			return NULL;
		}
	return policy;
}

static int parse(const struct granting *granting, const struct command *command, size_t name_words,
	struct arguments *arguments)
{
	const struct strings *words = &granting->words;
	struct refusal refusal = {.reason = REASON_PERMITTED};

	if (arguments_parse(granting->arena, command, NULL, words->items + name_words,
		    words->count - name_words, arguments, &refusal) == 0 &&
		arguments_validate(granting->arena, command, arguments, &refusal) == 0)
		return 0;
	return grant_fail(granting, "the definition of %s refuses it, whatever a role grants: %s",
		grant_show(granting, command->name), refusal.detail);
}

static bool differs(const char *asked, const char *now)
{
	return asked != NULL && *asked != '\0' && strcmp(asked, now != NULL ? now : "") != 0;
}

/* Who approves has seen these. What was not defined then was shown as that. */
static int check_unchanged(const struct granting *granting, const struct endpoint *endpoint,
	const struct command *command)
{
	const struct approval_entry *entry = granting->entry;
	const char *run_as = command->run_as != NULL ? command->run_as : endpoint->run_as;

	if (entry->name == NULL || *entry->name == '\0')
		return 0;
	if (!differs(entry->name, command->name) && !differs(entry->run_as, run_as))
		return 0;
	return grant_fail(granting,
		"it was %s, run as %s, when it was asked for, and is %s, run as %s, now; it has to "
		"be asked for again",
		grant_show(granting, entry->name),
		grant_show(granting, entry->run_as == NULL ? "" : entry->run_as), command->name,
		run_as == NULL ? "nobody" : run_as);
}

/* The grant's line by the configuration that is there. */
int grant_make_line(const struct granting *granting, const struct policy *policy, bool *function)
{
	const struct endpoint *endpoint = policy_endpoint(policy, granting->entry->endpoint);
	const struct command *command;
	struct arguments arguments;
	struct role_set roles;
	size_t name_words = 0;

	if (endpoint == NULL)
		return grant_fail(granting, "endpoint %s is not configured any more",
			grant_show(granting, granting->entry->endpoint));
	roles = roles_of(granting->arena, policy, endpoint, &granting->subject);
	command = decide_defined(
		policy, &roles, granting->words.items, granting->words.count, &name_words);
	if (command == NULL)
		return grant_fail(granting,
			"no command is defined for %s; define one in commands.d, and approve then",
			grant_show(granting, granting->entry->words));
	if (check_unchanged(granting, endpoint, command) < 0)
		return -1;
	if (command->external)
		return grant_fail(granting,
			"%s is a program of visible_external_commands, which takes any arguments; "
			"define a command for it in commands.d",
			command->name);
	if (parse(granting, command, name_words, &arguments) < 0)
		return -1;
	*function = command->function != NULL;
	granting->grant->line = approval_grant_line(granting->arena, command, &arguments, &roles);
	return 0;
}

struct config_change grant_change(const struct approval_grant *grant)
{
	return (struct config_change){grant->file, grant->bytes, grant->length};
}

/* Values are permitted by parameter: those of two grants may stand in one call. */
static const char *wider(const struct granting *granting, const struct command *command,
	const struct role_set *roles)
{
	struct permission permission = merge_permission(granting->arena, command, roles);
	size_t permitted = 0;

	for (size_t i = 0; i < command->parameters.count; i++)
		permitted += !command->parameters.items[i].common &&
			     permission.parameters[i].kind != PERMISSION_NONE;
	if (permission.grant_count < 2 || permitted < 2)
		return NULL;
	return arena_printf(granting->arena,
		"%s has other grants of %s: what each permits for one parameter goes with what "
		"another permits for the next",
		grant_show(granting, granting->subject.user), command->name);
}

/* What is written has to be enough: rules of merging, profiles and switches may be in the way. */
int grant_check_result(const struct granting *granting)
{
	struct config_change change = grant_change(granting->grant);
	const struct policy *policy = grant_load(granting, &change);
	struct decision decision;
	struct role_set roles;
	struct decision_request request = {.policy = policy,
		.roles = &roles,
		.words = granting->words.items,
		.count = granting->words.count};

	if (policy == NULL)
		return -1;
	request.endpoint = policy_endpoint(policy, granting->entry->endpoint);
	if (request.endpoint == NULL)
		return grant_fail(granting, "its endpoint is not configured any more");
	roles = roles_of(granting->arena, policy, request.endpoint, &granting->subject);
	decide(granting->arena, &request, &decision);
	if (decision.verdict == VERDICT_ALLOW) {
		granting->grant->wider = wider(granting, decision.command, &roles);
		return 0;
	}
	return grant_fail(granting, "a grant would not be enough: %s (%s)", decision.detail,
		reason_code(decision.reason));
}
