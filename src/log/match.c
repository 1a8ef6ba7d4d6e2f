/* Whether an event is what is asked for. */
#include <string.h>

#include "base/text.h"
#include "log/log.h"

static bool is(const struct line_value *value, const char *wanted)
{
	return wanted == NULL || line_is(value, wanted);
}

static bool has_name(const char *list, size_t length, const char *name)
{
	size_t wanted = strlen(name);

	for (const char *end = list + length; list <= end;) {
		const char *comma = memchr(list, ',', (size_t)(end - list));
		size_t size = (size_t)((comma != NULL ? comma : end) - list);

		if (size == wanted && memcmp(list, name, size) == 0)
			return true;
		list += size + 1;
	}
	return false;
}

static bool has_role(const struct line_value *role, const char *wanted)
{
	if (wanted == NULL)
		return true;
	return role->kind == LINE_STRING && has_name(role->bytes, role->length, wanted);
}

static bool begins_with_words(const char *line, const char *words)
{
	size_t length = strlen(words);

	return strncmp(line, words, length) == 0 && (line[length] == '\0' || line[length] == ' ');
}

static bool is_command(const struct line_fields *fields, const char *wanted)
{
	const struct line_value *value =
		fields->comm.kind != LINE_ABSENT ? &fields->comm : &fields->cmd;
	struct arena *arena;
	const char *text;
	bool same;

	if (wanted == NULL || value->kind != LINE_STRING)
		return wanted == NULL;
	arena = arena_new();
	text = line_text(arena, value);
	same = strchr(wanted, '*') != NULL ? text_wildcard(wanted, text)
	       : value == &fields->comm	   ? strcmp(wanted, text) == 0
					   : begins_with_words(text, wanted);
	arena_free(arena);
	return same;
}

static bool begins_with(const struct line_value *value, const char *wanted)
{
	size_t length;

	if (wanted == NULL)
		return true;
	length = strlen(wanted);
	return value->kind == LINE_STRING && value->length >= length &&
	       memcmp(value->bytes, wanted, length) == 0;
}

static bool is_number(const struct line_value *value, const char *wanted)
{
	return wanted == NULL || (value->kind == LINE_NUMBER && value->length == strlen(wanted) &&
					 memcmp(value->bytes, wanted, value->length) == 0);
}

bool log_is_session(const char *text)
{
	return strlen(text) == LOG_SESSION_DIGITS &&
	       strspn(text, "0123456789abcdef") == LOG_SESSION_DIGITS;
}

/* All that a login did, or what went over one connection of it. */
static bool is_session(const struct line_fields *fields, const char *wanted)
{
	if (wanted == NULL)
		return true;
	return log_is_session(wanted) ? is(&fields->session, wanted)
				      : is_number(&fields->oses, wanted);
}

/* What ran has an end, and that one no reason. */
static bool has_reason(const struct line_fields *fields, const char *wanted)
{
	if (wanted != NULL && fields->reason.kind == LINE_ABSENT && line_is(&fields->op, "end"))
		return strcmp(wanted, "permitted") == 0;
	return is(&fields->reason, wanted);
}

static bool is_in_time(const struct log_query *query, const struct line_value *time)
{
	int64_t at;

	if (query->since == 0 && query->until == 0)
		return true;
	at = line_time(time);
	return at != INT64_MIN && at >= query->since && (query->until == 0 || at <= query->until);
}

/*
 * By a dry run too: a pipeline with a stage that is refused never gets beyond that. And what was
 * only counted.
 */
static bool is_denied(const struct line_fields *fields)
{
	if (line_is(&fields->op, "repeated"))
		return true;
	return (line_is(&fields->op, "decision") || line_is(&fields->op, "check")) &&
	       line_is(&fields->res, "failed") && fields->reason.kind == LINE_STRING;
}

bool log_matches(const struct log_query *query, const struct line_fields *fields)
{
	return is(&fields->acct, query->user) && begins_with(&fields->req, query->request) &&
	       begins_with(&fields->pipeline, query->pipeline) &&
	       is_session(fields, query->session) && is_number(&fields->approval, query->approval) &&
	       has_reason(fields, query->reason) &&
	       is(&fields->op, query->operation) && is(&fields->endpoint, query->endpoint) &&
	       is(&fields->runas, query->run_as) && (!query->denied || is_denied(fields)) &&
	       has_role(&fields->role, query->role) && is_in_time(query, &fields->time) &&
	       is_command(fields, query->command);
}
