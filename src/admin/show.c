/* show: what a person or a set of roles may run, and the line that gives each permission. */
#include <stdio.h>

#include "admin/admin.h"
#include "admin/person.h"
#include "answer/answer.h"
#include "base/message.h"

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

int show_run(const struct options *options)
{
	struct arena *arena;
	struct policy *policy;
	int status = ADMIN_WRONG;

	if ((options->operand == NULL) == (options->roles == NULL)) {
		message_error("show: one of USER and --roles is needed");
		usage(stderr);
		return ADMIN_WRONG;
	}
	arena = arena_new();
	policy = person_policy(arena, options);
	if (policy != NULL)
		status = show(arena, policy, options);
	arena_free(arena);
	return status;
}
