/*
 * The person's own grant for the command, else the granted name that looks most like it; and the
 * first role that they lack which would permit the call.
 */
#include "admin/nearest.h"

#include <string.h>

#include "base/distance.h"

enum { NAMED_MAX = 8 /* values or parameters named in one sentence */ };

static void add_hint(
	struct nearest *nearest, const struct grant *grant, bool held, const char *text)
{
	nearest->hints[nearest->count++] = (struct nearest_hint){
		.text = text,
		.command = grant->command->name,
		.role = grant->role->name,
		.held = held,
		.source = grant->source,
	};
}

/* "a, b, c and 4 more". */
static const char *some_of(struct arena *arena, const struct strings *names)
{
	struct strings first = {names->items, names->count < NAMED_MAX ? names->count : NAMED_MAX};
	const char *text = strings_join(arena, &first, ", ");

	if (names->count <= NAMED_MAX)
		return text;
	return arena_printf(arena, "%s and %zu more", text, names->count - NAMED_MAX);
}

static const struct constraint *constraint_on(
	const struct grant *grant, const struct parameter *parameter)
{
	for (size_t i = 0; i < grant->constraint_count; i++)
		if (grant->constraints[i].parameter == parameter)
			return &grant->constraints[i];
	return NULL;
}

static const char *describe_list(struct arena *arena, const struct grant *grant)
{
	struct strings names = {0};

	if (grant->command->external)
		return "with any arguments";
	if (!grant->lists_parameters)
		return "with every parameter that it declares";
	for (size_t i = 0; i < grant->constraint_count; i++)
		strings_add(arena, &names, grant->constraints[i].parameter->name);
	if (names.count == 0)
		return "without any parameter";
	return arena_printf(arena, "with no parameter but %s", some_of(arena, &names));
}

/* What the grant says about the parameter that failed, or about all where that is not listed. */
static const char *describe(
	struct arena *arena, const struct grant *grant, const struct parameter *parameter)
{
	const struct constraint *constraint =
		parameter != NULL ? constraint_on(grant, parameter) : NULL;

	if (constraint == NULL)
		return describe_list(arena, grant);
	if (constraint->has_pattern)
		return arena_printf(arena, "with %s matching \"%s\"", parameter->name,
			constraint->pattern.text);
	if (constraint->set.count > 0)
		return arena_printf(arena, "with %s one of %s", parameter->name,
			some_of(arena, &constraint->set));
	return arena_printf(arena, "with any valid %s", parameter->name);
}

/* Of the grants that the person has: the first that lists the parameter, else the first. */
static const struct grant *own_grant(const struct command *command, const struct role_set *roles,
	const struct parameter *parameter)
{
	const struct grant *first = NULL;

	for (size_t i = 0; i < command->grants->count; i++) {
		const struct grant *grant = command->grants->items[i];

		if (!role_set_has(roles, grant->role))
			continue;
		if (parameter == NULL || constraint_on(grant, parameter) != NULL)
			return grant;
		if (first == NULL)
			first = grant;
	}
	return first;
}

static struct strings join_words(
	struct arena *arena, const char *const *words, size_t count, size_t most)
{
	struct strings joined = {0};

	for (size_t i = 1; i <= count && i <= most; i++) {
		struct strings head = {(const char **)words, i};

		strings_add(arena, &joined, strings_join(arena, &head, " "));
	}
	return joined;
}

/* The command that the words name for anybody, by the longest name. */
static const struct command *command_named(
	const struct policy *policy, const struct strings *prefixes, const struct alias **alias)
{
	for (size_t i = prefixes->count; i > 0; i--) {
		const struct command *command =
			table_get(&policy->command_by_name, prefixes->items[i - 1]);

		if (command != NULL && command->word_count == i)
			return command;
	}
	*alias = table_get(&policy->alias_by_name, prefixes->items[0]);
	return *alias != NULL ? (*alias)->command : NULL;
}

static bool same_program(const char *left, const char *right)
{
	size_t length = strcspn(left, " ");

	return length == strcspn(right, " ") && memcmp(left, right, length) == 0;
}

/* SIZE_MAX: not near. Another subcommand of the same name is, however it is spelled. */
static size_t score_name(const char *name, size_t name_words, const struct strings *prefixes)
{
	size_t at = name_words < prefixes->count ? name_words : prefixes->count;
	const char *asked = prefixes->items[at - 1];
	size_t limit = strlen(asked) / 3 + 1, score = distance(asked, name, limit);

	if (score <= limit)
		return score;
	return same_program(asked, name) ? limit : SIZE_MAX;
}

static const struct grant *similar_grant(
	const struct person *person, const struct strings *prefixes)
{
	const struct grant *best = NULL;
	size_t best_score = SIZE_MAX;

	for (size_t i = 0; i < person->policy->command_count; i++) {
		const struct command *command = person->policy->commands[i];
		const struct grant *grant = own_grant(command, &person->roles, NULL);
		size_t score;

		if (grant == NULL)
			continue;
		score = score_name(command->name, command->word_count, prefixes);
		if (score < best_score) {
			best = grant;
			best_score = score;
		}
	}
	return best;
}

/* Whether the call is allowed to this person with one more role. */
static bool permits(struct arena *arena, const struct person *person, const struct role *role,
	const char *const *words, size_t count)
{
	struct person with = *person;
	struct decision decision;

	with.roles = role_set_new(arena, person->policy);
	for (size_t i = 0; i < person->policy->role_count; i++)
		if (role_set_has(&person->roles, &person->policy->roles[i]))
			role_set_add(&with.roles, &person->policy->roles[i]);
	role_set_add(&with.roles, role);
	person_decide(arena, &with, words, count, &decision);
	return decision.verdict == VERDICT_ALLOW;
}

static void add_other_role(struct arena *arena, const struct person *person,
	const struct command *command, const char *const *words, size_t count,
	struct nearest *nearest)
{
	const struct role *tried = NULL;

	for (size_t i = 0; i < command->grants->count; i++) {
		const struct grant *grant = command->grants->items[i];

		if (grant->role == tried || role_set_has(&person->roles, grant->role))
			continue;
		tried = grant->role;
		if (!permits(arena, person, grant->role, words, count))
			continue;
		add_hint(nearest, grant, false,
			arena_printf(arena, "role %s would permit it", grant->role->name));
		return;
	}
}

static void add_own_grant(struct arena *arena, const struct grant *grant,
	const struct parameter *parameter, struct nearest *nearest)
{
	add_hint(nearest, grant, true,
		arena_printf(arena, "role %s grants \"%s\" %s", grant->role->name,
			grant->command->name, describe(arena, grant, parameter)));
}

/* The command is granted, yet this alias of it is not visible. */
static void add_alias(struct arena *arena, const struct person *person, const struct alias *alias,
	struct nearest *nearest)
{
	const struct grant *grant = own_grant(alias->command, &person->roles, NULL);

	if (grant != NULL)
		add_hint(nearest, grant, true,
			arena_printf(arena,
				"role %s grants \"%s\", and does not see the alias \"%s\"",
				grant->role->name, alias->command->name, alias->name));
}

void nearest_find(struct arena *arena, const struct person *person, const char *const *words,
	size_t count, const struct decision *decision, struct nearest *nearest)
{
	struct strings prefixes = join_words(arena, words, count, person->policy->longest_name);
	const struct alias *alias = NULL;
	const struct command *command;
	const struct grant *own;
	size_t name_words;

	*nearest = (struct nearest){0};
	if (prefixes.count == 0 || decision->reason == REASON_SYNTAX ||
		decision->reason == REASON_DISABLED)
		return;
	command = decide_command(person->policy, &person->roles, words, count, &name_words);
	if (command != NULL) {
		add_own_grant(arena, own_grant(command, &person->roles, decision->parameter),
			decision->parameter, nearest);
	} else if ((command = command_named(person->policy, &prefixes, &alias)) != NULL) {
		if (alias != NULL)
			add_alias(arena, person, alias, nearest);
	} else {
		own = similar_grant(person, &prefixes);
		if (own != NULL)
			add_own_grant(arena, own, NULL, nearest);
		return;
	}
	add_other_role(arena, person, command, words, count, nearest);
}
