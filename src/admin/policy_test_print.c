/* What became of policy tests, for a person, a program, and a build server. */
#include <string.h>

#include "admin/admin.h"
#include "admin/policy_test.h"
#include "base/text.h"

/* One line; in TAP "#" begins a directive, and a build server must not see one of a name. */
static char *plain(struct arena *arena, const char *text)
{
	char *shown = text_escape(arena, text, strlen(text));

	for (char *at = shown; *at != '\0'; at++)
		if (*at == '#')
			*at = '.';
	return shown;
}

static void tap_case(
	struct arena *arena, const struct case_result *result, size_t number, struct strings *lines)
{
	const struct policy_case *wanted = result->policy_case;

	strings_add(arena, lines,
		arena_printf(arena, "%s %zu - %s: %s\n", result->wrong == NULL ? "ok" : "not ok",
			number, plain(arena, result->title), wanted->expect));
	if (result->wrong != NULL)
		strings_add(arena, lines,
			arena_printf(arena, "# %s:%u: %s\n",
				text_escape(
					arena, wanted->source.file, strlen(wanted->source.file)),
				wanted->source.line,
				text_escape(arena, result->wrong, strlen(result->wrong))));
}

char *cases_tap(struct arena *arena, const struct case_results *results)
{
	struct strings lines = {0};

	strings_add(arena, &lines, arena_printf(arena, "1..%zu\n", results->count));
	for (size_t i = 0; i < results->count; i++)
		tap_case(arena, &results->items[i], i + 1, &lines);
	for (size_t i = 0; i < results->untested_count; i++)
		strings_add(arena, &lines,
			arena_printf(arena, "# no test names %s (%s at %s)\n",
				results->untested[i].command->name, results->untested[i].role,
				results->untested[i].endpoint));
	strings_add(arena, &lines,
		arena_printf(arena, "# %zu as expected, %zu not%s\n",
			results->count - results->failed, results->failed,
			results->coverage && results->untested_count == 0
				? ", every granted command is named by a test"
				: ""));
	return strings_join(arena, &lines, "");
}

static char *optional(struct arena *arena, const char *text)
{
	return text == NULL ? arena_strdup(arena, "null") : json_text(arena, text);
}

static char *untested_json(struct arena *arena, const struct case_results *results)
{
	struct strings items = {0};

	for (size_t i = 0; i < results->untested_count; i++)
		strings_add(arena, &items,
			arena_printf(arena, "{\"command\":%s,\"role\":%s,\"endpoint\":%s}",
				json_text(arena, results->untested[i].command->name),
				json_text(arena, results->untested[i].role),
				json_text(arena, results->untested[i].endpoint)));
	return strings_join(arena, &items, ",");
}

char *cases_json(struct arena *arena, const struct case_results *results)
{
	struct strings items = {0};

	for (size_t i = 0; i < results->count; i++) {
		const struct case_result *result = &results->items[i];

		strings_add(arena, &items,
			arena_printf(arena,
				"{\"test\":%s,\"file\":%s,\"line\":%u,\"expected\":%s,\"got\":%s,"
				"\"good\":%s,\"message\":%s}",
				json_text(arena, result->title),
				json_text(arena, result->policy_case->source.file),
				result->policy_case->source.line,
				json_text(arena, result->policy_case->expect),
				optional(arena, result->got),
				result->wrong == NULL ? "true" : "false",
				optional(arena, result->wrong)));
	}
	return arena_printf(arena, "{\"tests\":[%s],\"failed\":%zu,\"untested\":%s%s%s}",
		strings_join(arena, &items, ","), results->failed, results->coverage ? "[" : "null",
		results->coverage ? untested_json(arena, results) : "",
		results->coverage ? "]" : "");
}

/* Text for an attribute. XML 1.0 has no way to write a control character: those are escaped. */
static char *xml(struct arena *arena, const char *text)
{
	const char *shown = text_escape(arena, text, strlen(text));
	char *escaped = arena_alloc(arena, strlen(shown) * 6 + 1), *to = escaped;

	for (; *shown != '\0'; shown++) {
		if (*shown == '&')
			to = stpcpy(to, "&amp;");
		else if (*shown == '<')
			to = stpcpy(to, "&lt;");
		else if (*shown == '>')
			to = stpcpy(to, "&gt;");
		else if (*shown == '"')
			to = stpcpy(to, "&quot;");
		else
			*to++ = *shown;
	}
	*to = '\0';
	return escaped;
}

char *cases_junit(struct arena *arena, const struct case_results *results)
{
	struct strings lines = {0};

	strings_add(arena, &lines,
		arena_printf(arena,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			"<testsuite name=\"rolegate policy\" tests=\"%zu\" failures=\"%zu\">\n",
			results->count, results->failed));
	for (size_t i = 0; i < results->count; i++) {
		const struct case_result *result = &results->items[i];
		const struct source *source = &result->policy_case->source;

		strings_add(arena, &lines,
			arena_printf(arena,
				"  <testcase classname=\"%s\" name=\"%s\" line=\"%u\"%s",
				xml(arena, source->file), xml(arena, result->title), source->line,
				result->wrong == NULL ? "/>\n" : ">\n"));
		if (result->wrong != NULL)
			strings_add(arena, &lines,
				arena_printf(arena,
					"    <failure message=\"%s\"/>\n  </testcase>\n",
					xml(arena, result->wrong)));
	}
	strings_add(arena, &lines, "</testsuite>\n");
	return strings_join(arena, &lines, "");
}
