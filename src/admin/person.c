/* Roles by name, or as the gateway would find them for a user. Nothing here needs a right. */
#include "admin/person.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "base/message.h"
#include "config/config.h"
#include "config/suggest.h"
#include "policy/act_as.h"
#include "spawn/account.h"

struct policy *person_policy(struct arena *arena, const struct options *options)
{
	struct problems problems = {.arena = arena};
	struct policy *policy = config_load(
		arena, options->config, CONFIG_TRUST_WARNS | CONFIG_MAIN_OPTIONAL, &problems);

	if (policy != NULL)
		return policy;
	for (size_t i = 0; i < problems.count; i++)
		if (problems.items[i].level == PROBLEM_ERROR)
			message_error("%s", problem_text(arena, &problems.items[i]));
	return NULL;
}

struct strings person_role_names(struct arena *arena, const char *roles)
{
	struct strings names = {0};

	for (;;) {
		size_t length = strcspn(roles, ",");

		strings_add(arena, &names, arena_strndup(arena, roles, length));
		if (roles[length] == '\0')
			return names;
		roles += length + 1;
	}
}

static int unknown_endpoint(struct arena *arena, const struct policy *policy, const char *name,
	const char **complaint)
{
	struct suggestion suggestion = suggestion_new(name);

	for (size_t i = 0; i < policy->endpoint_count; i++)
		suggestion_consider(&suggestion, policy->endpoints[i].name);
	*complaint = arena_printf(arena, "unknown endpoint \"%s\"%s", name,
		suggestion_text(arena, &suggestion));
	return -1;
}

static int unknown_role(struct arena *arena, const struct policy *policy, const char *name,
	const char **complaint)
{
	struct suggestion suggestion = suggestion_new(name);

	for (size_t i = 0; i < policy->role_count; i++)
		suggestion_consider(&suggestion, policy->roles[i].name);
	*complaint = arena_printf(arena, "unknown role \"%s\"%s", name,
		suggestion_text(arena, &suggestion));
	return -1;
}

static int find_endpoint(struct arena *arena, const struct policy *policy, const char *name,
	struct person *person, const char **complaint)
{
	if (name != NULL)
		person->endpoint = policy_endpoint(policy, name);
	else if (policy->endpoint_count > 0)
		person->endpoint = &policy->endpoints[0];
	if (name == NULL || person->endpoint != NULL)
		return 0;
	return unknown_endpoint(arena, policy, name, complaint);
}

static int named_roles(struct arena *arena, const struct policy *policy,
	const struct strings *names, struct role_set *roles, const char **complaint)
{
	*roles = role_set_new(arena, policy);
	for (size_t i = 0; i < names->count; i++) {
		const struct role *role = policy_role(policy, names->items[i]);

		if (role == NULL)
			return unknown_role(arena, policy, names->items[i], complaint);
		role_set_add(roles, role);
	}
	return 0;
}

/* As NSS names them. 0, or -1 with *complaint. */
static int ask_subject(struct arena *arena, struct subject *subject, const char **complaint)
{
	struct account account;

	if (account_by_name(arena, subject->user, &account, complaint) < 0 ||
		account_group_names(arena, &account, &subject->groups, complaint) < 0)
		return -1;
	subject->user = account.name;
	return 0;
}

static int roles_of_user(struct arena *arena, const char *name, const struct strings *groups,
	struct person *person, const char **complaint)
{
	const struct endpoint *endpoint = person->endpoint;
	struct subject subject = {.user = name};

	if (endpoint == NULL) {
		*complaint = "no endpoint is configured, so that no user has a role";
		return -1;
	}
	if (groups != NULL)
		subject.groups = *groups;
	else if (ask_subject(arena, &subject, complaint) < 0)
		return -1;
	person->user = subject.user;
	person->roles = roles_of(arena, person->policy, endpoint, &subject);
	person->group_missing = endpoint->required_groups != NULL &&
				!group_rule_holds(endpoint->required_groups, &subject.groups);
	person->groups = subject.groups;
	return 0;
}

/* As the gateway does it, but with the reason, which an operator is not told (R24). */
static int act_as(
	struct arena *arena, const char *name, struct person *person, const char **complaint)
{
	struct strings *commands = arena_alloc(arena, sizeof(*commands));
	const char *user = person->user, *operator_group_missing = NULL;

	act_as_commands(arena, person->endpoint, &person->groups, name, commands);
	if (person->group_missing)
		operator_group_missing = arena_printf(arena, "a required group of %s is missing", user);
	if (roles_of_user(arena, name, NULL, person, complaint) < 0)
		return -1;
	person->user = user;
	person->act_as = name;
	person->roles.only = commands;
	if (operator_group_missing != NULL)
		person->act_as_refused = operator_group_missing;
	else if (commands->count == 0)
		person->act_as_refused = arena_printf(arena,
			"no act_as of endpoint %s lets %s act as %s", person->endpoint->name, user,
			name);
	else if (person->roles.count == 0)
		person->act_as_refused = arena_printf(arena, "%s has no role at endpoint %s", name,
			person->endpoint->name);
	return 0;
}

int person_find(struct arena *arena, const struct policy *policy,
	const struct person_request *request, struct person *person, const char **complaint)
{
	*person = (struct person){.policy = policy};
	if (find_endpoint(arena, policy, request->endpoint, person, complaint) < 0)
		return -1;
	if (request->user != NULL) {
		if (roles_of_user(arena, request->user, request->groups, person, complaint) < 0)
			return -1;
		return request->act_as == NULL ? 0
					       : act_as(arena, request->act_as, person, complaint);
	}
	return named_roles(arena, policy, &request->roles, &person->roles, complaint);
}

static void add_once(struct arena *arena, struct strings *list, const char *name)
{
	if (!strings_contain(list, name))
		strings_add(arena, list, arena_strdup(arena, name));
}

struct strings person_members(struct arena *arena, const char *name)
{
	const struct group *group = getgrnam(name);
	struct strings members = {0};
	const struct passwd *person;
	gid_t gid;

	if (group == NULL)
		return members;
	gid = group->gr_gid;
	for (size_t i = 0; group->gr_mem[i] != NULL; i++)
		add_once(arena, &members, group->gr_mem[i]);
	setpwent();
	while ((person = getpwent()) != NULL)
		if (person->pw_gid == gid)
			add_once(arena, &members, person->pw_name);
	endpwent();
	return members;
}

void person_decide(struct arena *arena, const struct person *person, const char *const *words,
	size_t count, struct decision *decision)
{
	struct decision_request request = {
		.policy = person->policy,
		.endpoint = person->endpoint,
		.roles = &person->roles,
		.words = words,
		.count = count,
	};

	if (person->act_as_refused != NULL) {
		*decision = (struct decision){.verdict = VERDICT_DENY,
			.reason = REASON_ACCOUNT_REFUSED,
			.detail = person->act_as_refused,
			.word = SIZE_MAX};
		return;
	}
	decide(arena, &request, decision);
	if (decision->reason == REASON_NO_ROLE && person->group_missing)
		decision->detail = "a required group is missing";
}

const char *person_run_as(const struct person *person, const struct decision *decision)
{
	if (person->user != NULL && decision->run_as != NULL &&
		strcmp(decision->run_as, "caller") == 0)
		return person->user;
	return decision->run_as;
}
