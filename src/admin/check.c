/* check: every error of a configuration, and every warning that an author should have heard. */
#include "admin/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admin/admin.h"
#include "answer/outline.h"
#include "base/strings.h"
#include "recorder/settings.h"

/* Nothing is run from a directory but the real one, which only root's check can speak for. */
static unsigned load_flags(const struct options *options)
{
	bool real = strcmp(options->config, ROLEGATE_CONFIG_DIR) == 0;

	return geteuid() == 0 && real ? 0 : CONFIG_TRUST_WARNS;
}

static void print_level(const struct problems *problems, enum problem_level level)
{
	bool headed = false;

	for (size_t i = 0; i < problems->count; i++) {
		if (problems->items[i].level != level)
			continue;
		if (!headed)
			printf("%s%s%s\n",
				colour(level == PROBLEM_ERROR ? COLOUR_RED : COLOUR_YELLOW),
				level == PROBLEM_ERROR ? "errors:" : "warnings:",
				colour(COLOUR_NONE));
		headed = true;
		printf("%s\n", problem_text(problems->arena, &problems->items[i]));
	}
	if (headed)
		putchar('\n');
}

static void print_count(const struct problems *problems)
{
	printf("%zu error%s, %zu warning%s\n", problems->errors, problems->errors == 1 ? "" : "s",
		problems->warnings, problems->warnings == 1 ? "" : "s");
}

static void print_text(
	const struct policy *policy, const struct problems *problems, json_t *confinement)
{
	print_level(problems, PROBLEM_ERROR);
	print_level(problems, PROBLEM_WARNING);
	if (confinement != NULL)
		printf("%sconfinement on this kernel:%s\n%s\n\n", colour(COLOUR_BOLD),
			colour(COLOUR_NONE), outline_text(problems->arena, confinement));
	if (policy != NULL) /* by which records name it */
		printf("sha256 %s\n\n", policy->digest);
	print_count(problems);
}

static char *level_json(const struct problems *problems, enum problem_level level)
{
	struct arena *arena = problems->arena;
	struct strings items = {0};

	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->items[i];

		if (problem->level == level)
			strings_add(arena, &items,
				arena_printf(arena, "{\"file\":%s,\"line\":%u,\"message\":%s}",
					json_text(
						arena, problem->file != NULL ? problem->file : ""),
					problem->line, json_text(arena, problem->text)));
	}
	return strings_join(arena, &items, ",");
}

static void print_json(
	const struct policy *policy, const struct problems *problems, const json_t *confinement)
{
	char *dumped = confinement == NULL ? NULL
					   : json_dumps(confinement, JSON_COMPACT | JSON_ENSURE_ASCII);

	printf("{\"errors\":[%s],\"warnings\":[%s],\"sha256\":%s,\"confinement\":%s}\n",
		level_json(problems, PROBLEM_ERROR), level_json(problems, PROBLEM_WARNING),
		policy == NULL ? "null" : json_text(problems->arena, policy->digest),
		dumped == NULL ? "null" : dumped);
	free(dumped);
}

struct policy *check_configuration(struct arena *arena, const char *directory, unsigned flags,
	struct problems *problems, json_t **confinement)
{
	struct policy *policy = config_load(arena, directory, flags, problems);
	const char *whole = config_absolute(arena, directory);
	struct settings recorder;

	*confinement = NULL;
	if (whole != NULL && settings_load(arena, whole, flags, &recorder, problems) == 0)
		check_recorder(&recorder, problems);
	if (policy != NULL) {
		check_grants(policy, problems);
		check_merging(policy, problems);
		check_accounts(policy, problems);
		check_programs(policy, problems);
		check_functions(policy, problems);
		check_transcripts(policy, problems);
		check_known(policy, problems);
		check_classes(policy, problems);
		check_profiles(policy, problems);
		check_trust(policy, problems);
		*confinement = check_support(policy, problems);
	}
	problems_sort(problems);
	return policy;
}

int check_run(const struct options *options)
{
	struct arena *arena = arena_new();
	struct problems problems = {.arena = arena};
	json_t *confinement;
	struct policy *policy = check_configuration(
		arena, options->config, load_flags(options), &problems, &confinement);
	int status;

	if (policy != NULL && load_flags(options) == 0)
		check_audit(policy, &problems);
	if ((options->given & OPTION_JSON) != 0)
		print_json(policy, &problems, confinement);
	else
		print_text(policy, &problems, confinement);
	json_decref(confinement);
	if (problems.errors > 0 || policy == NULL)
		status = ADMIN_WRONG;
	else
		status = problems.warnings > 0 ? ADMIN_FOUND : ADMIN_OK;
	arena_free(arena);
	return status;
}
