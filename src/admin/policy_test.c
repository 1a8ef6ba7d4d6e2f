/* test: a table of who, what and the expected decision, for the repository of a configuration. */
#include "admin/policy_test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "admin/person.h"
#include "admin/trust.h"
#include "author/words.h"
#include "base/fd.h"
#include "base/message.h"
#include "config/document.h"

struct test_words {
	const char *file, *junit;
	bool coverage, json;
};

/* 0, or -1 after messages. */
static int read_cases(struct arena *arena, const char *path, struct policy_cases *cases)
{
	struct problems problems = {.arena = arena};
	size_t length;
	char *bytes = fd_read_file(arena, path, DOCUMENT_SIZE_MAX, &length);

	if (bytes == NULL) {
		message_error("%s: %s", path, strerror(errno));
		return -1;
	}
	if (cases_parse(path, bytes, length, cases, &problems) == 0)
		return 0;
	for (size_t i = 0; i < problems.count; i++)
		message_error("%s", problem_text(arena, &problems.items[i]));
	return -1;
}

static int report(
	struct arena *arena, const struct test_words *words, const struct case_results *results)
{
	if (words->json)
		puts(cases_json(arena, results));
	else
		fputs(cases_tap(arena, results), stdout);
	if (words->junit != NULL &&
		trust_write(arena, words->junit, cases_junit(arena, results), true) != 0) {
		message_error("%s: %s", words->junit, strerror(errno));
		return ADMIN_WRONG;
	}
	return results->failed == 0 ? ADMIN_OK : ADMIN_FOUND;
}

static int run(struct arena *arena, const struct options *options, const struct test_words *words)
{
	struct policy_cases cases;
	struct case_results results;
	struct policy *policy;

	if (read_cases(arena, words->file, &cases) < 0)
		return ADMIN_WRONG;
	policy = person_policy(arena, options);
	if (policy == NULL)
		return ADMIN_WRONG;
	cases_run(arena, policy, &cases, &results);
	if (words->coverage)
		cases_coverage(arena, policy, &results);
	return report(arena, words, &results);
}

int test_verb(const struct options *options)
{
	struct arena *arena = arena_new();
	struct test_words words = {.json = (options->given & OPTION_JSON) != 0};
	const struct word_option table[] = {
		{"--junit", .value = &words.junit},
		{"--coverage", .flag = &words.coverage},
		{0},
	};
	struct strings operands = {0};
	const char *complaint = NULL;
	int status = ADMIN_WRONG;

	if (words_parse(arena, options->words, options->word_count, table, &operands, &complaint) ==
			0 &&
		operands.count != 1)
		complaint = "one word is needed, the file with the tests";
	if (complaint != NULL) {
		message_error("test: %s", complaint);
		usage(stderr, "test");
	} else {
		words.file = operands.items[0];
		status = run(arena, options, &words);
	}
	arena_free(arena);
	return status;
}
