/*
 * Profiles on the kernel that this runs on, as root would have it: a gateway whose init system
 * gives it less says so itself, when it loads the configuration and in `status`.
 */
#include "admin/check.h"
#include "answer/means.h"
#include "confine/cgroup.h"
#include "confine/filter.h"

json_t *check_support(struct policy *policy, struct problems *problems)
{
	const struct source nowhere = {.file = "profiles"};
	const char *complaint = NULL;
	struct support support;
	json_t *rows;

	support_probe(problems->arena, &support);
	cgroup_expect(problems->arena, &support);
	support_check(&support, policy, problems);
	rows = means_json(problems->arena, &support, policy);
	support_leave_out(&support, policy);
	if (filter_build_all(policy, &complaint) != 0)
		problem_add(problems, PROBLEM_ERROR, nowhere, "%s", complaint);
	return rows;
}
