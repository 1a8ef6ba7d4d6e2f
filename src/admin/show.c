/* show: what a person or a set of roles may run, or what a profile restricts, and by which line. */
#include <stdio.h>

#include "admin/admin.h"
#include "admin/person.h"
#include "answer/answer.h"
#include "base/message.h"
#include "config/suggest.h"

static int show(struct arena *arena, const struct policy *policy, const struct options *options)
{
	struct person_request request = {.user = options->operand, .endpoint = options->endpoint};
	const char *complaint;
	struct person person;

	if (options->roles != NULL)
		request.roles = person_role_names(arena, options->roles);
	if (person_find(arena, policy, &request, &person, &complaint) < 0) {
		message_error("%s", complaint);
		return ADMIN_WRONG;
	}
	if ((options->given & OPTION_JSON) != 0) {
		puts(answer_list_json(
			arena, policy, person.endpoint, &person.roles, person.user, true));
		return ADMIN_OK;
	}
	if (person.roles.count == 0)
		message_warning("%s has no role at endpoint %s%s", person.user,
			person.endpoint->name,
			person.group_missing ? ", since a required group is missing" : "");
	fputs(escape_lines(arena, answer_list_text(arena, policy, person.endpoint, &person.roles,
					  person.user, true)),
		stdout);
	return ADMIN_OK;
}

static void unknown_profile(
	struct arena *arena, const struct policy *policy, const char *name)
{
	struct suggestion suggestion = suggestion_new(name);

	for (size_t i = 0; i < policy->profile_count; i++)
		suggestion_consider(&suggestion, policy->profiles[i].name);
	message_error("profile \"%s\" is not defined%s", name,
		suggestion_text(arena, &suggestion));
}

static int show_profile(
	struct arena *arena, const struct policy *policy, const struct options *options)
{
	bool json = (options->given & OPTION_JSON) != 0;
	const struct profile *profile;
	char *text;

	if (options->profile == NULL) {
		text = json ? answer_profiles_json(arena, policy)
			    : answer_profiles_text(arena, policy);
	} else {
		profile = table_get(&policy->profile_by_name, options->profile);
		if (profile == NULL) {
			unknown_profile(arena, policy, options->profile);
			return ADMIN_WRONG;
		}
		text = json ? answer_profile_json(arena, profile)
			    : answer_profile_text(arena, profile);
	}
	if (json)
		puts(text);
	else
		fputs(escape_lines(arena, text), stdout);
	return ADMIN_OK;
}

/* One of USER, --roles and --profile. */
static bool has_one_subject(const struct options *options)
{
	bool profile = (options->given & OPTION_PROFILE) != 0;
	int subjects = (options->operand != NULL) + (options->roles != NULL) + profile;

	return subjects == 1 && !(profile && options->endpoint != NULL);
}

int show_run(const struct options *options)
{
	struct arena *arena;
	struct policy *policy;
	int status = ADMIN_WRONG;

	if (!has_one_subject(options)) {
		message_error("show: one of USER, --roles and --profile is needed");
		usage(stderr, "show");
		return ADMIN_WRONG;
	}
	arena = arena_new();
	policy = person_policy(arena, options);
	if (policy != NULL)
		status = (options->given & OPTION_PROFILE) != 0
				 ? show_profile(arena, policy, options)
				 : show(arena, policy, options);
	arena_free(arena);
	return status;
}
