#include "author/cases.h"

#include <string.h>

#include "config/check.h"
#include "config/schema.h"
#include "policy/line.h"
#include "policy/reason.h"

enum case_key {
	KEY_USER = 1, /* as in the table */
	KEY_GROUPS,
	KEY_ROLES,
	KEY_RUN = 6,
	KEY_ARGV,
	KEY_ARGV_IS = 10,
	KEY_APPROVAL,
	KEY_COUNT = 12
};

static const char *check_expect(const char *text)
{
	if (strcmp(text, "allow") == 0 || strcmp(text, "deny") == 0)
		return NULL;
	for (int reason = REASON_SYNTAX; reason <= REASON_LIMIT; reason++)
		if (strcmp(reason_code((enum reason)reason), text) == 0)
			return NULL;
	return "\"allow\", \"deny\" or the code of a reason, such as \"not-permitted\"";
}

static void read_words(struct reader *reader, const config_setting_t *setting, void *field)
{
	reader_strings(reader, setting, NULL, true, field);
}

#define FIELD(member) .offset = offsetof(struct policy_case, member)

static const struct schema_key case_keys[] = {
	{"name", SHAPE_STRING, FIELD(name)},
	{"user", SHAPE_STRING, FIELD(user), .check = check_account},
	{"groups", SHAPE_STRINGS, FIELD(groups), .check = check_group},
	{"roles", SHAPE_STRINGS, FIELD(roles), .check = check_name, .not_empty = true},
	{"endpoint", SHAPE_STRING, FIELD(endpoint), .check = check_name},
	{"act_as", SHAPE_STRING, FIELD(act_as), .check = check_account},
	{"run", SHAPE_STRING, FIELD(line), .check = check_not_empty},
	{"argv", SHAPE_STRINGS, FIELD(argv), .handler = read_words, .not_empty = true},
	{"expect", SHAPE_STRING, .required = true, FIELD(expect), .check = check_expect},
	{"run_as", SHAPE_STRING, FIELD(run_as), .check = check_run_as},
	{"argv_is", SHAPE_STRINGS, FIELD(argv_is), .handler = read_words, .not_empty = true},
	{"approval", SHAPE_BOOLEAN, FIELD(approval)},
	{0},
};

static void check_case(struct reader *reader, const config_setting_t *group, const bool *present)
{
	const char *expect = NULL;

	(void)config_setting_lookup_string(group, "expect", &expect);
	if (present[KEY_USER] == present[KEY_ROLES])
		reader_error(
			reader, group, "tests: expected exactly one of \"user\" and \"roles\"");
	if (present[KEY_RUN] == present[KEY_ARGV])
		reader_error(reader, group, "tests: expected exactly one of \"run\" and \"argv\"");
	if (present[KEY_GROUPS] && !present[KEY_USER])
		reader_error(reader, group, "tests: \"groups\" are those of a \"user\"");
	if (expect != NULL && strcmp(expect, "allow") != 0 &&
		(present[KEY_ARGV_IS] || present[KEY_APPROVAL]))
		reader_error(reader, group,
			"tests: \"argv_is\" and \"approval\" are for expect = \"allow\"");
}

static void read_case(struct reader *reader, const config_setting_t *group, void *target)
{
	struct policy_cases *cases = target;
	struct policy_case *added = &cases->items[cases->count++];
	bool present[KEY_COUNT];

	added->source = reader_source(reader, group);
	schema_read(reader, "test", group, case_keys, added, present);
	added->has_groups = present[KEY_GROUPS];
	added->has_argv_is = present[KEY_ARGV_IS];
	added->has_approval = present[KEY_APPROVAL];
	check_case(reader, group, present);
}

static void read_cases(struct reader *reader, const config_setting_t *list, void *field)
{
	struct policy_cases *cases = field;

	cases->items = arena_array(
		reader->loader->arena, (size_t)config_setting_length(list), sizeof(*cases->items));
	schema_each_group(reader, list, read_case, cases);
}

static const struct schema_key file_keys[] = {
	{"endpoint", SHAPE_STRING, .offset = offsetof(struct policy_cases, endpoint),
		.check = check_name},
	{"tests", SHAPE_LIST, .required = true, .handler = read_cases, .not_empty = true},
	{0},
};

static void read_file(
	struct loader *loader, const struct document *document, struct policy_cases *cases)
{
	struct reader reader = {.loader = loader, .document = document, .file = document->file};

	schema_read(&reader, NULL, config_root_setting(&document->tree), file_keys, cases, NULL);
	for (size_t i = 0; i < cases->count; i++)
		if (cases->items[i].endpoint == NULL)
			cases->items[i].endpoint = cases->endpoint;
}

int cases_parse(const char *file, const char *bytes, size_t length, struct policy_cases *cases,
	struct problems *problems)
{
	struct arena *scratch = arena_new();
	struct loader loader = {.arena = problems->arena, .scratch = scratch, .problems = problems};
	struct document document;

	*cases = (struct policy_cases){0};
	if (document_parse(&document, problems, file, bytes, length))
		read_file(&loader, &document, cases);
	document_destroy(&document);
	arena_free(scratch);
	problems_sort(problems);
	return problems->errors == 0 ? 0 : -1;
}

char *case_title(struct arena *arena, const struct policy_case *policy_case)
{
	const char *who = policy_case->user, *what = policy_case->line;

	if (policy_case->name != NULL)
		return arena_strdup(arena, policy_case->name);
	if (who == NULL)
		who = strings_join(arena, &policy_case->roles, ",");
	else if (policy_case->act_as != NULL)
		who = arena_printf(arena, "%s as %s", who, policy_case->act_as);
	if (what == NULL)
		what = line_quote(arena, policy_case->argv.items, policy_case->argv.count);
	return arena_printf(arena, "%s: %s", who, what);
}
