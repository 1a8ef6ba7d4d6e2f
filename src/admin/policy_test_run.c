/* Each case of a policy test, by the same decision as explain's. */
#include <string.h>

#include "admin/explain.h"
#include "admin/policy_test.h"
#include "base/text.h"
#include "policy/line.h"

static const char *show(struct arena *arena, const char *text)
{
	return text_escape(arena, text, strlen(text));
}

static const char *show_words(struct arena *arena, const struct strings *words)
{
	return show(arena, line_quote(arena, words->items, words->count));
}

static bool is_as_expected(const char *expect, const struct decision *decision)
{
	if (decision->verdict == VERDICT_ALLOW)
		return strcmp(expect, "allow") == 0;
	return strcmp(expect, "deny") == 0 || strcmp(expect, reason_code(decision->reason)) == 0;
}

/* A call that is allowed, as it was expected to be: is the rest as it says? */
static const char *compare_run(struct arena *arena, const struct policy_case *wanted,
	const struct person *person, const struct decision *decision)
{
	const char *run_as = person_run_as(person, decision);
	bool approval = explain_needs_approval(person, decision);

	if (wanted->run_as != NULL && (run_as == NULL || strcmp(wanted->run_as, run_as) != 0))
		return arena_printf(arena, "it would run as %s, not as %s",
			run_as == NULL ? "nobody known" : run_as, wanted->run_as);
	if (wanted->has_argv_is && !strings_equal(&wanted->argv_is, &decision->argv))
		return arena_printf(
			arena, "it would execute: %s", show_words(arena, &decision->shown));
	if (wanted->has_approval && wanted->approval != approval)
		return approval ? "it would wait for an approval" : "it would need no approval";
	return NULL;
}

static const char *compare(struct arena *arena, const struct policy_case *wanted,
	const struct person *person, const struct decision *decision)
{
	if (!is_as_expected(wanted->expect, decision)) {
		if (decision->verdict == VERDICT_ALLOW)
			return arena_printf(arena, "expected %s, got allow by %s", wanted->expect,
				strings_join(arena, &decision->roles, ", "));
		return arena_printf(arena, "expected %s, got %s: %s", wanted->expect,
			reason_code(decision->reason),
			decision->detail == NULL ? "" : show(arena, decision->detail));
	}
	return decision->verdict == VERDICT_ALLOW ? compare_run(arena, wanted, person, decision)
						  : NULL;
}

static void run_one(struct arena *arena, const struct policy *policy,
	const struct policy_case *wanted, struct case_result *result)
{
	struct person_request request = {.user = wanted->user,
		.groups = wanted->has_groups ? &wanted->groups : NULL,
		.act_as = wanted->act_as,
		.roles = wanted->roles,
		.endpoint = wanted->endpoint};
	struct explanation explanation = {0};
	const struct decision *decision = &explanation.decision;
	struct person person;
	size_t ignored;

	*result = (struct case_result){.policy_case = wanted, .title = case_title(arena, wanted)};
	if (person_find(arena, policy, &request, &person, &result->wrong) < 0)
		return;
	if (wanted->line != NULL)
		explain_line(arena, &person, wanted->line, &explanation);
	else
		explain_words(arena, &person, &wanted->argv, &explanation);
	result->got = decision->verdict == VERDICT_ALLOW ? "allow" : reason_code(decision->reason);
	if (explanation.words.count > 0)
		result->command = decide_defined(policy, &person.roles, explanation.words.items,
			explanation.words.count, &ignored);
	result->wrong = compare(arena, wanted, &person, decision);
}

void cases_run(struct arena *arena, const struct policy *policy, const struct policy_cases *cases,
	struct case_results *results)
{
	*results = (struct case_results){.count = cases->count};
	results->items = arena_array(arena, cases->count, sizeof(*results->items));
	for (size_t i = 0; i < cases->count; i++) {
		run_one(arena, policy, &cases->items[i], &results->items[i]);
		results->failed += results->items[i].wrong != NULL;
	}
}

static void add_untested(struct arena *arena, struct case_results *results,
	const struct endpoint *endpoint, const struct grant *grant)
{
	for (size_t i = 0; i < results->untested_count; i++)
		if (results->untested[i].command == grant->command &&
			strcmp(results->untested[i].endpoint, endpoint->name) == 0 &&
			strcmp(results->untested[i].role, grant->role->name) == 0)
			return;
	results->untested = arena_grow(
		arena, results->untested, results->untested_count, sizeof(*results->untested));
	results->untested[results->untested_count++] =
		(struct untested){endpoint->name, grant->role->name, grant->command};
}

static void cover_definition(struct arena *arena, const struct table *tested,
	const struct endpoint *endpoint, const struct role_definition *definition,
	struct case_results *results)
{
	for (size_t i = 0; i < definition->role_count; i++) {
		const struct grants *grants = &definition->roles[i]->grants;

		for (size_t j = 0; j < grants->count; j++)
			if (table_get(tested, grants->items[j]->command->name) == NULL)
				add_untested(arena, results, endpoint, grants->items[j]);
	}
}

void cases_coverage(struct arena *arena, const struct policy *policy, struct case_results *results)
{
	struct table tested = {0};

	for (size_t i = 0; i < results->count; i++)
		if (results->items[i].command != NULL)
			table_put(arena, &tested, results->items[i].command->name, results);
	for (size_t i = 0; i < policy->endpoint_count; i++)
		for (size_t j = 0; j < policy->endpoints[i].definition_count; j++)
			cover_definition(arena, &tested, &policy->endpoints[i],
				&policy->endpoints[i].definitions[j], results);
	results->coverage = true;
}
