/* diff: who gains and who loses what between two configurations. */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "admin/person.h"
#include "author/diff.h"
#include "author/words.h"
#include "base/message.h"
#include "spawn/account.h"

/* Of one endpoint, before and after. */
struct subjects {
	struct diff *diff;
	struct diff_endpoint *endpoint;
	struct strings users, groups; /* that definitions name */
	struct strings people;	      /* that were compared */
};

static void add_once(struct arena *arena, struct strings *list, const char *name)
{
	if (name != NULL && !strings_contain(list, name))
		strings_add(arena, list, name);
}

static void add_named(struct subjects *subjects, const struct policy *policy)
{
	const struct endpoint *endpoint = policy_endpoint(policy, subjects->endpoint->name);

	for (size_t i = 0; endpoint != NULL && i < endpoint->definition_count; i++) {
		struct arena *arena = subjects->diff->arena;

		add_once(arena, &subjects->users, endpoint->definitions[i].user);
		add_once(arena, &subjects->groups, endpoint->definitions[i].group);
	}
}

static void compare_group(struct subjects *subjects, const char *group)
{
	struct arena *arena = subjects->diff->arena;
	struct diff_subject subject = {.label = arena_printf(arena, "members of %s", group),
		.user = "",
		.whole_group = true};

	strings_add(arena, &subject.groups, group);
	diff_add_subject(subjects->diff, subjects->endpoint, &subject);
}

/* With the groups that NSS knows; without any if it does not know the user. */
static void compare_user(struct subjects *subjects, const char *user, bool ask)
{
	struct arena *arena = subjects->diff->arena;
	struct diff_subject subject = {.label = user, .user = user, .whole_group = !ask};
	struct account account;
	const char *complaint;

	if (strings_contain(&subjects->people, user))
		return;
	strings_add(arena, &subjects->people, user);
	if (ask && account_by_name(arena, user, &account, &complaint) == 0)
		(void)account_group_names(arena, &account, &subject.groups, &complaint);
	diff_add_subject(subjects->diff, subjects->endpoint, &subject);
}

/* False: none is known. */
static bool compare_members(struct subjects *subjects, const char *group)
{
	struct strings members = person_members(subjects->diff->arena, group);

	for (size_t i = 0; i < members.count; i++)
		compare_user(subjects, members.items[i], true);
	return members.count > 0;
}

static void compare_people(struct diff *diff, struct diff_endpoint *endpoint, bool roles_only)
{
	struct subjects subjects = {.diff = diff, .endpoint = endpoint};

	add_named(&subjects, diff->before);
	add_named(&subjects, diff->after);
	for (size_t i = 0; i < subjects.users.count; i++)
		compare_user(&subjects, subjects.users.items[i], !roles_only);
	for (size_t i = 0; i < subjects.groups.count; i++)
		if (roles_only || !compare_members(&subjects, subjects.groups.items[i]))
			compare_group(&subjects, subjects.groups.items[i]);
}

static struct policy *load(struct arena *arena, const char *directory)
{
	struct options options = {.config = directory};

	return person_policy(arena, &options);
}

static int run(struct arena *arena, const struct strings *directories, bool roles_only, bool json)
{
	struct policy *before = load(arena, directories->items[0]),
		      *after = load(arena, directories->items[1]);
	struct diff diff;

	if (before == NULL || after == NULL)
		return ADMIN_WRONG;
	diff_begin(arena, before, after, &diff);
	for (size_t i = 0; i < diff.endpoint_count; i++)
		compare_people(&diff, &diff.endpoints[i], roles_only);
	if (json)
		puts(diff_json(&diff));
	else
		fputs(escape_lines(arena, diff_text(&diff)), stdout);
	return diff_is_different(&diff) ? ADMIN_FOUND : ADMIN_OK;
}

int diff_verb(const struct options *options)
{
	struct arena *arena = arena_new();
	bool roles_only = false;
	const struct word_option table[] = {{"--roles-only", .flag = &roles_only}, {0}};
	struct strings operands = {0};
	const char *complaint = NULL;
	int status = ADMIN_WRONG;

	if (words_parse(arena, options->words, options->word_count, table, &operands, &complaint) ==
			0 &&
		operands.count != 2)
		complaint = "two configuration directories are needed";
	if (complaint == NULL && (options->given & OPTION_CONFIG) != 0)
		complaint = "it takes two directories, and no --config";
	if (complaint != NULL) {
		message_error("diff: %s", complaint);
		usage(stderr, "diff");
	} else {
		status = run(arena, &operands, roles_only, (options->given & OPTION_JSON) != 0);
	}
	arena_free(arena);
	return status;
}
