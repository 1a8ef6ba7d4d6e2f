/* How a command runs: as whom, what of, and confined by what. */
#include <string.h>

#include "author/diff_parts.h"

const char *diff_account(const struct diff_side *side, const struct command *command)
{
	if (command->run_as != NULL)
		return command->run_as;
	return side->endpoint == NULL ? NULL : side->endpoint->run_as;
}

static const struct restriction *restriction_of(
	const struct diff_side *side, const struct command *command)
{
	const struct confinement *confinement =
		policy_confinement(side->policy, side->endpoint, command);

	return confinement != NULL ? &confinement->restriction : &command->profile->restriction;
}

static bool says_nothing(const struct restriction *restriction)
{
	for (size_t i = 0; i < RESTRICT_COUNT; i++)
		if (restriction->has[i] && i != RESTRICT_AUDIT)
			return false;
	return true;
}

static const char *wildcard_of(const struct permission *permission)
{
	for (size_t i = 0; i < permission->grant_count; i++)
		if (permission->grants[i]->wildcard != NULL)
			return permission->grants[i]->wildcard;
	return NULL;
}

const char *diff_risk(
	struct arena *arena, const struct diff_side *side, const struct permission *permission)
{
	const struct command *command = permission->command;
	const struct restriction *restriction = restriction_of(side, command);
	const char *account = diff_account(side, command), *wildcard = wildcard_of(permission);
	struct strings risks = {0};

	if (account != NULL && strcmp(account, "root") == 0)
		strings_add(arena, &risks, "runs as root");
	if (says_nothing(restriction))
		strings_add(arena, &risks, "no profile limits it");
	else if (!restriction->has[RESTRICT_EXECUTE] || restriction->execute == EXECUTE_ANY)
		strings_add(arena, &risks, "may start any other program");
	if (wildcard != NULL)
		strings_add(arena, &risks, arena_printf(arena, "by the wildcard \"%s\"", wildcard));
	if (command->external)
		strings_add(arena, &risks, "any arguments");
	return risks.count == 0 ? NULL : strings_join(arena, &risks, ", ");
}

/* What both allow, field by field: the one that it equals is the narrower one. */
static void compare_field(struct diff_changes *changes, const char *command,
	const struct restriction *old, const struct restriction *new, enum restriction_field field)
{
	struct arena *arena = changes->arena;
	struct restriction both = {0};
	const char *before = restriction_field_text(arena, old, field),
		   *after = restriction_field_text(arena, new, field), *common;
	const char *what =
		arena_printf(arena, "%s: profile, %s", command, restriction_field_name(field));

	if (old->has[field] == new->has[field] && strcmp(before, after) == 0)
		return;
	if (old->has[field])
		restriction_copy_field(&both, old, field);
	restriction_intersect(arena, &both, new);
	common = restriction_field_text(arena, &both, field);
	if (old->providers != new->providers && (field == RESTRICT_READ || field == RESTRICT_WRITE))
		diff_change(changes, DIFF_CHANGE, what, "providers", "%s -> %s", before, after);
	else if (strcmp(common, before) == 0 && old->has[field])
		diff_change(changes, DIFF_GAIN, what, "less confined", "wider: %s -> %s", before,
			after);
	else if (strcmp(common, after) == 0 && new->has[field])
		diff_change(changes, DIFF_LOSS, what, NULL, "narrower: %s -> %s", before, after);
	else
		diff_change(changes, DIFF_CHANGE, what, NULL, "%s -> %s", before, after);
}

void diff_confinement(struct diff_changes *changes, const struct diff_side *before,
	const struct diff_side *after, const struct command *old, const struct command *new)
{
	const struct restriction *from = restriction_of(before, old),
				 *to = restriction_of(after, new);

	for (size_t i = 0; i < RESTRICT_COUNT; i++)
		compare_field(changes, new->name, from, to, (enum restriction_field)i);
}

static void compare_text(struct diff_changes *changes, const char *name, const char *key,
	const char *old, const char *new)
{
	if (!diff_same_text(old, new))
		diff_change(changes, DIFF_CHANGE, arena_printf(changes->arena, "%s: %s", name, key),
			NULL, "%s -> %s", old == NULL ? "(none)" : old,
			new == NULL ? "(none)" : new);
}

static const char *words_text(struct arena *arena, const struct command *command)
{
	struct strings words = {0};

	if (command->program != NULL)
		strings_add(arena, &words, command->program);
	for (size_t i = 0; i < command->arguments.count; i++)
		strings_add(arena, &words, command->arguments.items[i]);
	return strings_join(arena, &words, " ");
}

static void compare_account(struct diff_changes *changes, const struct diff_side *before,
	const struct diff_side *after, const struct command *old, const struct command *new)
{
	const char *from = diff_account(before, old), *to = diff_account(after, new);
	bool root = to != NULL && strcmp(to, "root") == 0;

	if (!diff_same_text(from, to))
		diff_change(changes, DIFF_CHANGE,
			arena_printf(changes->arena, "%s: run_as", new->name),
			root ? "runs as root" : NULL, "%s -> %s", from == NULL ? "(none)" : from,
			to == NULL ? "(none)" : to);
}

static bool needs_approval(const struct diff_side *side, const struct command *command)
{
	return command->function != NULL &&
	       (command->function->approval.required ||
		       (side->endpoint != NULL && side->endpoint->approval.required));
}

static const char *script_of(const struct command *command)
{
	return command->function == NULL ? NULL : command->function->script.content.digest;
}

static void compare_function(struct diff_changes *changes, const struct diff_side *before,
	const struct diff_side *after, const struct command *old, const struct command *new)
{
	bool from = needs_approval(before, old), to = needs_approval(after, new);
	const char *what = arena_printf(changes->arena, "%s: approval", new->name);

	compare_text(changes, new->name, "script", script_of(old), script_of(new));
	if (from && !to)
		diff_change(changes, DIFF_GAIN, what, "nobody is asked any more", "not needed");
	else if (!from && to)
		diff_change(changes, DIFF_LOSS, what, NULL, "needed");
}

static const char *seconds(struct arena *arena, unsigned number)
{
	return number == 0 ? NULL : arena_printf(arena, "%u s", number);
}

static const char *variables_text(struct arena *arena, const struct variables *variables)
{
	struct strings texts = {0};

	for (size_t i = 0; i < variables->count; i++)
		strings_add(arena, &texts,
			arena_printf(arena, "%s=%s", variables->items[i].name,
				variables->items[i].value));
	return texts.count == 0 ? NULL : strings_join(arena, &texts, " ");
}

void diff_command(struct diff_changes *changes, const struct diff_side *before,
	const struct diff_side *after, const struct command *old, const struct command *new)
{
	struct arena *arena = changes->arena;
	const char *name = new->name;

	if (old->enabled != new->enabled)
		diff_change(changes, new->enabled ? DIFF_GAIN : DIFF_LOSS, name, NULL, "%s",
			new->enabled ? "it is enabled" : "it is disabled");
	compare_text(changes, name, "runs", words_text(arena, old), words_text(arena, new));
	compare_account(changes, before, after, old, new);
	compare_function(changes, before, after, old, new);
	compare_text(changes, name, "directory", old->directory, new->directory);
	compare_text(changes, name, "timeout", seconds(arena, old->timeout),
		seconds(arena, new->timeout));
	compare_text(changes, name, "environment", variables_text(arena, &old->environment),
		variables_text(arena, &new->environment));
	compare_text(changes, name, "detach", old->outlives_client ? "true" : "false",
		new->outlives_client ? "true" : "false");
	compare_text(changes, name, "terminal", old->needs_terminal ? "required" : "any",
		new->needs_terminal ? "required" : "any");
	diff_confinement(changes, before, after, old, new);
}
