/* Names that only NSS knows to be right. Each is looked up once. */
#include <errno.h>
#include <grp.h>
#include <string.h>

#include "admin/check.h"
#include "base/table.h"
#include "spawn/account.h"

struct lookup {
	struct problems *problems;
	struct table accounts, groups; /* name -> its complaint, "" for none, "0" for uid 0 */
};

static const char account_good[] = "", account_root[] = "root";

static const char *account_complaint(struct lookup *lookup, const char *name)
{
	struct arena *arena = lookup->problems->arena;
	const char *known = table_get(&lookup->accounts, name);
	struct account account;

	if (known != NULL)
		return known;
	if (account_by_name(arena, name, &account, &known) == 0)
		known = account.uid == 0 ? account_root : account_good;
	table_put(arena, &lookup->accounts, name, (void *)known);
	return known;
}

static const char *group_complaint(struct lookup *lookup, const char *name)
{
	struct arena *arena = lookup->problems->arena;
	const char *known = table_get(&lookup->groups, name);

	if (known != NULL)
		return known;
	errno = 0;
	if (getgrnam(name) != NULL)
		known = account_good;
	else if (errno == 0 || errno == ENOENT || errno == ESRCH)
		known = arena_printf(arena, "there is no group \"%s\"", name);
	else
		known = arena_printf(arena, "looking up group \"%s\": %s", name, strerror(errno));
	table_put(arena, &lookup->groups, name, (void *)known);
	return known;
}

static void check_run_as(struct lookup *lookup, const char *name, struct source source)
{
	const char *complaint;

	if (name == NULL || strcmp(name, "caller") == 0)
		return;
	complaint = account_complaint(lookup, name);
	if (complaint == account_root)
		problem_add(lookup->problems, PROBLEM_WARNING, source,
			"run_as \"%s\" is root: an account with fewer rights is safer", name);
	else if (complaint != account_good)
		problem_add(lookup->problems, PROBLEM_WARNING, source, "run_as: %s", complaint);
}

static void check_definition(struct lookup *lookup, const struct role_definition *definition)
{
	const char *complaint = definition->user != NULL
					? account_complaint(lookup, definition->user)
					: group_complaint(lookup, definition->group);

	if (complaint != account_good && complaint != account_root)
		problem_add(lookup->problems, PROBLEM_WARNING, definition->source,
			"role_definitions: %s", complaint);
}

static void check_group_rule(
	struct lookup *lookup, const struct group_rule *rule, struct source source)
{
	const char *complaint;

	if (rule->kind != GROUP_NAME) {
		for (size_t i = 0; i < rule->count; i++)
			check_group_rule(lookup, &rule->rules[i], source);
		return;
	}
	complaint = group_complaint(lookup, rule->name);
	if (complaint != account_good)
		problem_add(lookup->problems, PROBLEM_WARNING, source, "required_groups: %s",
			complaint);
}

static void check_approvers(
	struct lookup *lookup, const struct approval_rule *rule, struct source source)
{
	for (size_t i = 0; i < rule->groups.count; i++) {
		const char *complaint = group_complaint(lookup, rule->groups.items[i]);

		if (complaint != account_good)
			problem_add(lookup->problems, PROBLEM_WARNING, source, "approver_groups: %s",
				complaint);
	}
}

/* Nobody's name is let in by it until there is such an account, and then whoever that is. */
static void check_act_as(struct lookup *lookup, const struct act_as *entry)
{
	const char *complaint = group_complaint(lookup, entry->group);

	if (complaint != account_good)
		problem_add(lookup->problems, PROBLEM_WARNING, entry->source, "act_as: %s",
			complaint);
	for (size_t i = 0; i < entry->users.count; i++) {
		complaint = account_complaint(lookup, entry->users.items[i]);
		if (complaint != account_good && complaint != account_root)
			problem_add(lookup->problems, PROBLEM_WARNING, entry->source, "act_as: %s",
				complaint);
	}
	for (size_t i = 0; entry->users.count == 0 && i < entry->commands.count; i++)
		if (strchr(entry->commands.items[i], '*') != NULL)
			problem_add(lookup->problems, PROBLEM_WARNING, entry->source,
				"act_as: group \"%s\" may call \"%s\" as anybody: name the users, or "
				"the commands",
				entry->group, entry->commands.items[i]);
}

void check_accounts(const struct policy *policy, struct problems *problems)
{
	struct lookup lookup = {.problems = problems};

	for (size_t i = 0; i < policy->endpoint_count; i++) {
		const struct endpoint *endpoint = &policy->endpoints[i];

		for (size_t j = 0; j < endpoint->definition_count; j++)
			check_definition(&lookup, &endpoint->definitions[j]);
		for (size_t j = 0; j < endpoint->act_as_count; j++)
			check_act_as(&lookup, &endpoint->act_as[j]);
		if (endpoint->required_groups != NULL)
			check_group_rule(&lookup, endpoint->required_groups, endpoint->source);
		check_run_as(&lookup, endpoint->run_as, endpoint->source);
		check_approvers(&lookup, &endpoint->approval, endpoint->source);
	}
	for (size_t i = 0; i < policy->command_count; i++) {
		const struct command *command = policy->commands[i];

		check_run_as(&lookup, command->run_as, command->source);
		if (command->function != NULL)
			check_approvers(&lookup, &command->function->approval, command->source);
	}
}
