/* Everything that a person has at an endpoint, before and after. */
#include <stdlib.h>
#include <string.h>

#include "author/diff_parts.h"

static int by_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void add_granted(struct arena *arena, const struct diff_side *side, struct table *seen,
	struct strings *names)
{
	for (size_t i = role_set_next(&side->roles, 0); i < side->roles.size;
		i = role_set_next(&side->roles, i + 1)) {
		const struct grants *grants = &side->policy->roles[i].grants;

		for (size_t j = 0; j < grants->count; j++) {
			const char *name = grants->items[j]->command->name;

			if (table_put(arena, seen, name, seen) == NULL)
				strings_add(arena, names, name);
		}
	}
}

static struct strings command_names(
	struct arena *arena, const struct diff_side *before, const struct diff_side *after)
{
	struct table seen = {0};
	struct strings names = {0};

	add_granted(arena, before, &seen, &names);
	add_granted(arena, after, &seen, &names);
	if (names.count > 1)
		qsort(names.items, names.count, sizeof(*names.items), by_text);
	return names;
}

static struct permission permission_of(
	struct arena *arena, const struct diff_side *side, const struct command *command)
{
	if (command == NULL || side->endpoint == NULL)
		return (struct permission){.command = command};
	return merge_permission(arena, command, &side->roles);
}

static bool is_single(const struct diff_side *side)
{
	return side->endpoint != NULL && side->endpoint->merge == MERGE_SINGLE_ROLE;
}

/* At an endpoint of single roles each role's grant stands by itself. */
static struct strings alternatives(
	struct arena *arena, const struct diff_side *side, const struct command *command)
{
	struct strings texts = {0};

	for (size_t i = role_set_next(&side->roles, 0); i < side->roles.size;
		i = role_set_next(&side->roles, i + 1)) {
		struct role_set alone = role_set_new(arena, side->policy);
		struct permission permission;
		const char *text;

		role_set_add(&alone, &side->policy->roles[i]);
		permission = merge_permission(arena, command, &alone);
		if (!permission.granted)
			continue;
		text = diff_permission_text(arena, &permission);
		if (!strings_contain(&texts, text))
			strings_add(arena, &texts, text);
	}
	return texts;
}

static void gained(struct diff_changes *changes, const struct diff_side *side,
	const struct permission *permission)
{
	const char *account = diff_account(side, permission->command);

	diff_change(changes, DIFF_GAIN, permission->command->name,
		diff_risk(changes->arena, side, permission), "%s; as %s",
		diff_permission_text(changes->arena, permission),
		account == NULL ? "nobody known" : account);
}

/* By the command and the roles that grant it; what the endpoint says is said of the endpoint. */
static void compare_transcript(
	struct diff_changes *changes, const struct permission *old, const struct permission *new)
{
	struct transcript_rule from = transcript_of(NULL, old), to = transcript_of(NULL, new);
	const char *before = transcript_text(from), *after = transcript_text(to);

	if (!diff_same_text(before, after))
		diff_change(changes, DIFF_CHANGE,
			arena_printf(changes->arena, "%s: transcript", new->command->name),
			to.mode < from.mode ? "less is recorded" : NULL, "%s -> %s",
			before == NULL ? "(none)" : before, after == NULL ? "(none)" : after);
}

static void compare_one(struct diff_changes *changes, const struct diff_side *before,
	const struct diff_side *after, const char *name)
{
	struct arena *arena = changes->arena;
	const struct command *old = table_get(&before->policy->command_by_name, name),
			     *new = table_get(&after->policy->command_by_name, name);
	struct permission from = permission_of(arena, before, old),
			  to = permission_of(arena, after, new);

	if (!from.granted && to.granted) {
		gained(changes, after, &to);
	} else if (from.granted && !to.granted) {
		diff_change(
			changes, DIFF_LOSS, name, NULL, "%s", diff_permission_text(arena, &from));
	} else if (from.granted) {
		diff_command(changes, before, after, old, new);
		compare_transcript(changes, &from, &to);
		if (is_single(before) && is_single(after)) {
			struct strings one = alternatives(arena, before, old),
				       two = alternatives(arena, after, new);

			diff_lists(
				changes, arena_printf(arena, "%s: by one role", name), &one, &two);
		} else if (!old->external && !new->external) {
			diff_values(changes, &from, &to);
		}
	}
}

static void add_texts(
	struct arena *arena, struct strings *texts, const char *name, const char *value)
{
	const char *text = value == NULL ? name : arena_printf(arena, "%s = %s", name, value);

	if (!strings_contain(texts, text))
		strings_add(arena, texts, text);
}

/* What the roles bring besides commands. */
struct besides {
	struct strings aliases, areas, variables, startup;
};

static struct besides besides_of(struct arena *arena, const struct diff_side *side)
{
	struct besides besides = {0};
	const struct policy *policy = side->policy;

	for (size_t i = role_set_next(&side->roles, 0); i < side->roles.size;
		i = role_set_next(&side->roles, i + 1)) {
		const struct role *role = &policy->roles[i];

		for (size_t j = 0; j < role->provider_count; j++) {
			const struct provider *area = role->providers[j].provider;

			add_texts(arena, &besides.areas, area->name,
				arena_printf(arena, "read %s, write %s",
					strings_join(arena, &area->read, " "),
					strings_join(arena, &area->write, " ")));
		}
		for (size_t j = 0; j < role->environment.count; j++)
			add_texts(arena, &besides.variables, role->environment.items[j].name,
				role->environment.items[j].value);
		for (size_t j = 0; j < role->startup_functions.count; j++)
			add_texts(arena, &besides.startup, role->startup_functions.items[j], NULL);
	}
	for (size_t i = 0; i < policy->alias_count; i++)
		if (alias_is_visible(policy->aliases[i], &side->roles))
			add_texts(arena, &besides.aliases, policy->aliases[i]->name,
				policy->aliases[i]->target);
	return besides;
}

void diff_access(
	struct diff_changes *changes, const struct diff_side *before, const struct diff_side *after)
{
	struct strings names = command_names(changes->arena, before, after);
	struct besides from = besides_of(changes->arena, before),
		       to = besides_of(changes->arena, after);

	for (size_t i = 0; i < names.count; i++)
		compare_one(changes, before, after, names.items[i]);
	diff_lists(changes, "aliases", &from.aliases, &to.aliases);
	diff_lists(changes, "file areas", &from.areas, &to.areas);
	diff_lists(changes, "environment", &from.variables, &to.variables);
	diff_lists(changes, "start-up functions", &from.startup, &to.startup);
}
