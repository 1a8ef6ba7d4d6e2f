#include "author/diff.h"

#include <string.h>

#include "author/diff_parts.h"

static void add_endpoint(struct diff *diff, const char *name)
{
	const struct endpoint *before = policy_endpoint(diff->before, name),
			      *after = policy_endpoint(diff->after, name);
	struct diff_endpoint *endpoint;

	diff->endpoints = arena_grow(
		diff->arena, diff->endpoints, diff->endpoint_count, sizeof(*diff->endpoints));
	endpoint = &diff->endpoints[diff->endpoint_count++];
	endpoint->name = name;
	endpoint->changes.arena = diff->arena;
	if (before == NULL)
		endpoint->state = DIFF_NEW;
	else if (after == NULL)
		endpoint->state = DIFF_GONE;
	else
		diff_endpoint_keys(&endpoint->changes, before, after);
}

/* All that a role grants, as one text; the same text, the same role. */
static char *role_text(struct arena *arena, const struct policy *policy, const struct role *role)
{
	struct role_set alone = role_set_new(arena, policy), nobody = role_set_new(arena, policy);
	struct diff_side with = {policy, NULL, alone}, without = {policy, NULL, nobody};
	struct diff_changes changes = {.arena = arena};
	struct endpoint some = {.name = ""};
	struct strings texts = {0};

	role_set_add(&with.roles, role);
	with.endpoint = without.endpoint = &some;
	diff_access(&changes, &without, &with);
	for (size_t i = 0; i < changes.count; i++)
		strings_add(arena, &texts,
			arena_printf(
				arena, "%s\n%s\n", changes.items[i].what, changes.items[i].text));
	return strings_join(arena, &texts, "");
}

/* A role of another name that grants the same changes nothing for anybody who has the other. */
static void find_renamed(struct diff *diff, const struct role *gone)
{
	const char *text = role_text(diff->arena, diff->before, gone);

	for (size_t i = 0; i < diff->after->role_count; i++) {
		const struct role *role = &diff->after->roles[i];

		if (policy_role(diff->before, role->name) == NULL &&
			strcmp(text, role_text(diff->arena, diff->after, role)) == 0)
			strings_add(diff->arena, &diff->notes,
				arena_printf(diff->arena,
					"role %s is %s now and grants the same: by itself that "
					"changes nothing",
					gone->name, role->name));
	}
}

static void compare_gateways(struct diff *diff)
{
	const char *old = diff->before->event_log, *new = diff->after->event_log;

	if (!diff_same_text(old, new))
		diff_change(&diff->changes, DIFF_CHANGE, "event_log", NULL, "%s -> %s",
			old == NULL ? "(none)" : old, new == NULL ? "(none)" : new);
	if (diff->before->sessions_max != diff->after->sessions_max)
		diff_change(&diff->changes, DIFF_CHANGE, "sessions", NULL, "%u -> %u",
			diff->before->sessions_max, diff->after->sessions_max);
}

void diff_begin(struct arena *arena, const struct policy *before, const struct policy *after,
	struct diff *diff)
{
	*diff = (struct diff){.arena = arena, .before = before, .after = after};
	diff->changes.arena = arena;
	for (size_t i = 0; i < before->endpoint_count; i++)
		add_endpoint(diff, before->endpoints[i].name);
	for (size_t i = 0; i < after->endpoint_count; i++)
		if (policy_endpoint(before, after->endpoints[i].name) == NULL)
			add_endpoint(diff, after->endpoints[i].name);
	compare_gateways(diff);
	for (size_t i = 0; i < before->role_count; i++)
		if (policy_role(after, before->roles[i].name) == NULL)
			find_renamed(diff, &before->roles[i]);
}

/* roles_of() but for required_groups, which nobody knows of a group as a whole. */
static struct role_set group_roles(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct diff_subject *subject)
{
	struct endpoint open = *endpoint;
	struct subject person = {subject->user, subject->groups};

	if (subject->whole_group)
		open.required_groups = NULL;
	return roles_of(arena, policy, &open, &person);
}

static struct diff_side side_of(struct arena *arena, const struct policy *policy, const char *name,
	const struct diff_subject *subject)
{
	struct diff_side side = {.policy = policy, .endpoint = policy_endpoint(policy, name)};

	side.roles = side.endpoint == NULL ? role_set_new(arena, policy)
					   : group_roles(arena, policy, side.endpoint, subject);
	return side;
}

static bool same_changes(const struct diff_changes *left, const struct diff_changes *right)
{
	if (left->count != right->count)
		return false;
	for (size_t i = 0; i < left->count; i++)
		if (left->items[i].effect != right->items[i].effect ||
			strcmp(left->items[i].what, right->items[i].what) != 0 ||
			strcmp(left->items[i].text, right->items[i].text) != 0)
			return false;
	return true;
}

void diff_add_subject(
	struct diff *diff, struct diff_endpoint *endpoint, const struct diff_subject *subject)
{
	struct diff_side before = side_of(diff->arena, diff->before, endpoint->name, subject),
			 after = side_of(diff->arena, diff->after, endpoint->name, subject);
	struct diff_changes changes = {.arena = diff->arena};
	size_t i = 0;

	diff_access(&changes, &before, &after);
	if (changes.count == 0)
		return;
	while (i < endpoint->people_count && !same_changes(&endpoint->people[i].changes, &changes))
		i++;
	if (i == endpoint->people_count) {
		endpoint->people = arena_grow(diff->arena, endpoint->people, endpoint->people_count,
			sizeof(*endpoint->people));
		endpoint->people[endpoint->people_count++].changes = changes;
	}
	strings_add(diff->arena, &endpoint->people[i].labels, subject->label);
}

bool diff_is_different(const struct diff *diff)
{
	bool different = diff->changes.count > 0;

	for (size_t i = 0; i < diff->endpoint_count; i++)
		different |= diff->endpoints[i].state != DIFF_SAME ||
			     diff->endpoints[i].changes.count > 0 ||
			     diff->endpoints[i].people_count > 0;
	return different;
}
