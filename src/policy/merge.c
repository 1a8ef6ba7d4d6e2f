/*
 * JEA's rules, as documented and not as PowerShell's code has them. Two passes over the grants:
 * the first only counts, which settles how each parameter is permitted; the second fills in what
 * then matters. So no order can show.
 */
#include "policy/merge.h"

#include <string.h>

/* The first of `grants`, from `low` on, whose role is `role` or after it. */
static size_t bisect(const struct grants *grants, size_t low, size_t role)
{
	size_t high = grants->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (grants->items[middle]->role->index < role)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * The next grant at or after *at that one of `roles` gives, or NULL. Roles that the person doesn't
 * have are stepped over in one go: many roles may grant one command, and a person has few.
 */
static const struct grant *next_grant(
	const struct grants *grants, const struct role_set *roles, size_t *at)
{
	while (*at < grants->count) {
		size_t role = grants->items[*at]->role->index, wanted = role_set_next(roles, role);

		if (wanted == role)
			return grants->items[(*at)++];
		if (wanted >= roles->size)
			break;
		*at = bisect(grants, *at, wanted);
	}
	return NULL;
}

bool merge_is_granted(const struct command *command, const struct role_set *roles)
{
	size_t at = 0;

	return role_set_reaches(roles, command->name) &&
	       next_grant(command->grants, roles, &at) != NULL;
}

const struct constraint *grant_constraint(
	const struct grant *grant, const struct parameter *parameter)
{
	for (size_t i = 0; i < grant->constraint_count; i++)
		if (grant->constraints[i].parameter == parameter)
			return &grant->constraints[i];
	return NULL;
}

static void collect_grants(
	struct arena *arena, const struct role_set *roles, struct permission *permission)
{
	const struct grant *grant;

	if (!role_set_reaches(roles, permission->command->name))
		return;
	for (size_t at = 0;
		(grant = next_grant(permission->command->grants, roles, &at)) != NULL;) {
		permission->grants = arena_grow(arena, permission->grants, permission->grant_count,
			sizeof(*permission->grants));
		permission->grants[permission->grant_count++] = grant;
	}
	permission->granted = permission->grant_count > 0;
}

/* Members of sets count as ignored until it is known that no pattern takes their place. */
static void count_constraint(
	const struct constraint *constraint, struct parameter_permission *parameter)
{
	if (constraint->has_pattern)
		parameter->value_count++;
	else if (constraint->set.count == 0)
		parameter->grant_count++;
	parameter->ignored_count += constraint->set.count;
}

static void count_grant(const struct grant *grant, struct permission *permission)
{
	if (!grant->lists_parameters)
		for (size_t i = 0; i < permission->command->parameters.count; i++)
			permission->parameters[i].grant_count++;
	for (size_t i = 0; i < grant->constraint_count; i++)
		count_constraint(&grant->constraints[i],
			&permission->parameters[grant->constraints[i].parameter->index]);
}

static enum permission_kind kind_of(
	const struct parameter *declared, const struct parameter_permission *parameter)
{
	if (declared->common || parameter->grant_count > 0)
		return PERMISSION_ANY; /* rules 3 and 4 */
	if (parameter->value_count > 0)
		return PERMISSION_PATTERN;					/* rules 6 and 7 */
	return parameter->ignored_count > 0 ? PERMISSION_SET : PERMISSION_NONE; /* rule 5 */
}

/* From counts to room for what was counted. */
static void settle(struct arena *arena, const struct parameter *declared,
	struct parameter_permission *parameter)
{
	size_t sets = parameter->ignored_count, patterns = parameter->value_count,
	       opened = parameter->grant_count;
	enum permission_kind kind = kind_of(declared, parameter);

	*parameter = (struct parameter_permission){.kind = kind};
	if (kind == PERMISSION_ANY)
		parameter->grants = arena_array(arena, opened, sizeof(*parameter->grants));
	if (kind == PERMISSION_PATTERN)
		parameter->ignored = arena_array(arena, sets, sizeof(*parameter->ignored));
	if (kind == PERMISSION_PATTERN || kind == PERMISSION_SET)
		parameter->values = arena_array(arena, kind == PERMISSION_SET ? sets : patterns,
			sizeof(*parameter->values));
}

static void fill_constraint(const struct grant *grant, const struct constraint *constraint,
	struct parameter_permission *parameter)
{
	bool is_set = parameter->kind == PERMISSION_SET;
	struct permitted_value *members = is_set ? parameter->values : parameter->ignored;
	size_t *count = is_set ? &parameter->value_count : &parameter->ignored_count;
	struct permitted_value from = {.constraint = constraint, .grant = grant};

	if (parameter->kind == PERMISSION_ANY) {
		if (constraint->set.count == 0 && !constraint->has_pattern)
			parameter->grants[parameter->grant_count++] = grant;
		return;
	}
	if (constraint->has_pattern)
		parameter->values[parameter->value_count++] = from;
	for (size_t i = 0; i < constraint->set.count; i++) {
		from.value = constraint->set.items[i];
		members[(*count)++] = from;
	}
}

static void fill_grant(const struct grant *grant, struct permission *permission)
{
	for (size_t i = 0; !grant->lists_parameters && i < permission->command->parameters.count;
		i++) {
		struct parameter_permission *parameter = &permission->parameters[i];

		parameter->grants[parameter->grant_count++] = grant;
	}
	for (size_t i = 0; i < grant->constraint_count; i++)
		fill_constraint(grant, &grant->constraints[i],
			&permission->parameters[grant->constraints[i].parameter->index]);
}

struct permission merge_permission(
	struct arena *arena, const struct command *command, const struct role_set *roles)
{
	struct permission permission = {.command = command};
	const struct parameters *declared = &command->parameters;

	collect_grants(arena, roles, &permission);
	if (!permission.granted || command->external)
		return permission;
	permission.parameters = arena_array(arena, declared->count, sizeof(*permission.parameters));
	for (size_t i = 0; i < permission.grant_count; i++)
		count_grant(permission.grants[i], &permission);
	for (size_t i = 0; i < declared->count; i++)
		settle(arena, &declared->items[i], &permission.parameters[i]);
	for (size_t i = 0; i < permission.grant_count; i++)
		fill_grant(permission.grants[i], &permission);
	return permission;
}

static const char *value_text(const struct permitted_value *value)
{
	return value->value != NULL ? value->value : value->constraint->pattern.text;
}

static bool holds(const struct parameter_permission *parameter, const char *text)
{
	for (size_t i = 0; i < parameter->value_count; i++)
		if (strcmp(value_text(&parameter->values[i]), text) == 0)
			return true;
	return false;
}

static bool holds_all(
	const struct parameter_permission *left, const struct parameter_permission *right)
{
	for (size_t i = 0; i < right->value_count; i++)
		if (!holds(left, value_text(&right->values[i])))
			return false;
	return true;
}

bool permission_equal(const struct permission *left, const struct permission *right)
{
	size_t count = left->command->parameters.count;

	if (left->granted != right->granted || count != right->command->parameters.count)
		return false;
	for (size_t i = 0; left->parameters != NULL && right->parameters != NULL && i < count;
		i++) {
		const struct parameter_permission *mine = &left->parameters[i],
						  *other = &right->parameters[i];

		if (mine->kind != other->kind || !holds_all(mine, other) || !holds_all(other, mine))
			return false;
	}
	return true;
}
