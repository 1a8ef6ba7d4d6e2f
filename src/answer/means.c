#include "answer/means.h"

static json_t *row(const char *what, const char *value, bool enforced, const char *means)
{
	json_t *object = json_pack("{s:s}", "what", what);

	if (value != NULL)
		json_object_set_new(object, "value", json_string(value));
	json_object_set_new(object, "enforced", json_boolean(enforced));
	json_object_set_new(object, "means", json_string(means));
	return object;
}

static json_t *describe_profile(
	struct arena *arena, const struct support *support, const struct profile *profile)
{
	const struct restriction *restriction = &profile->restriction;
	json_t *rows = json_array();

	for (enum restriction_field field = 0; field < RESTRICT_COUNT; field++) {
		const char *means;

		if (!support_concerns(restriction, field))
			continue;
		means = support_means(arena, support, restriction, field);
		json_array_append_new(rows,
			row(restriction_field_name(field),
				restriction_field_text(arena, restriction, field), means != NULL,
				means != NULL ? means
					      : support_lack(arena, support, restriction, field)));
	}
	return rows;
}

json_t *means_json(struct arena *arena, const struct support *support, const struct policy *policy)
{
	json_t *profiles = json_object();

	for (size_t i = 0; i < policy->profile_count; i++)
		if (support_in_use(policy, &policy->profiles[i]))
			json_object_set_new(profiles, policy->profiles[i].name,
				describe_profile(arena, support, &policy->profiles[i]));
	return profiles;
}

static const char *controllers(struct arena *arena, const struct support *support)
{
	struct strings names = {.count = 0};

	if (support->cgroup_memory)
		strings_add(arena, &names, "memory");
	if (support->cgroup_pids)
		strings_add(arena, &names, "pids");
	if (support->cgroup_cpu)
		strings_add(arena, &names, "cpu");
	return names.count == 0 ? "no controllers" : strings_join(arena, &names, ", ");
}

json_t *means_kernel_json(struct arena *arena, const struct support *support)
{
	const struct {
		const char *what, *there, *missing;
		bool has;
	} facts[] = {
		{"seccomp",
			support->filters_logged ? "filters, refusals logged"
						: "filters, refusals not logged",
			"no filters that log", support->filters},
		{"Landlock", arena_printf(arena, "ABI %d", support->landlock),
			"none; file rules by mounts alone, and programs of one account in each "
			"other's reach",
			support->landlock > 0},
		{"mount namespaces",
			support->proc_hidepid ? "yes, with hidepid= for each /proc"
					      : "yes, without hidepid= for each /proc",
			"none for the gateway: CAP_SYS_ADMIN, or a filter of the init system",
			support->mounts},
		{"control groups",
			arena_printf(arena, "%s: %s",
				support->cgroup == NULL ? "" : support->cgroup,
				controllers(arena, support)),
			"none delegated: limits by setrlimit, runs ended one process at a time",
			support->cgroup != NULL},
	};
	json_t *rows = json_array();

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		json_array_append_new(
			rows, row(facts[i].what, NULL, facts[i].has,
				      facts[i].has ? facts[i].there : facts[i].missing));
	return rows;
}
