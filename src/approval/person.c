/* Who is the same person, and whose rule is the stricter. Pure. */
#include "approval/row.h"

static bool is_set(uid_t uid)
{
	return uid != (uid_t)-1;
}

/* su(1) and sudo(8) change the one number and not the other; neither makes another person. */
bool person_is_asker(const struct approval_person *person, const struct row_person *asker)
{
	if (is_set(person->uid) && (person->uid == asker->uid || person->uid == asker->login_uid))
		return true;
	return is_set(person->login_uid) &&
	       (person->login_uid == asker->login_uid || person->login_uid == asker->uid);
}

uid_t person_identity(uid_t uid, uid_t login_uid)
{
	return is_set(login_uid) ? login_uid : uid;
}

static struct strings in_both(
	struct arena *arena, const struct strings *left, const struct strings *right)
{
	struct strings both = {0};

	for (size_t i = 0; i < left->count; i++)
		if (strings_contain(right, left->items[i]))
			strings_add(arena, &both, left->items[i]);
	return both;
}

/* A function that names no groups leaves it to its endpoint. */
static struct strings groups_of(const struct approval_rule *endpoint,
	const struct approval_rule *function)
{
	return function->groups.count == 0 && endpoint != NULL ? endpoint->groups
							       : function->groups;
}

static struct approval_rule of_function_alone(const struct approval_rule *endpoint,
	const struct approval_rule *function)
{
	struct approval_rule rule = *function;

	rule.groups = groups_of(endpoint, function);
	return rule;
}

struct approval_rule approval_rule_for(struct arena *arena, const struct approval_rule *endpoint,
	const struct approval_rule *function)
{
	bool of_endpoint = endpoint != NULL && (endpoint->required || endpoint->learn);
	bool of_function = function != NULL && function->required;
	struct strings groups;

	if (of_endpoint && of_function) {
		groups = groups_of(endpoint, function);
		return (struct approval_rule){
			.required = true,
			.learn = endpoint->learn,
			.self_approval = endpoint->self_approval && function->self_approval,
			.approvers = endpoint->approvers > function->approvers
					     ? endpoint->approvers
					     : function->approvers,
			.groups = in_both(arena, &endpoint->groups, &groups),
		};
	}
	if (of_function)
		return of_function_alone(endpoint, function);
	if (of_endpoint)
		return *endpoint;
	return (struct approval_rule){0};
}
