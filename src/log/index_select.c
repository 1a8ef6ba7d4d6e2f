/* A question put to the data base. */
#include <stdio.h>
#include <string.h>

#include "log/index.h"

enum { CONDITIONS_MAX = 256 * 1024, ROOM_LEFT = 1024, REQUEST_DIGITS = 32, NUMBER_DIGITS = 18 };

/* The text of a statement, of numbers and words of ours alone. */
struct text {
	char *bytes;
	size_t length;
};

static void __attribute__((format(printf, 2, 3))) put(struct text *text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(
		text->bytes + text->length, CONDITIONS_MAX - text->length, format, arguments);
	va_end(arguments);
	if (length > 0)
		text->length += (size_t)length;
	if (text->length >= CONDITIONS_MAX)
		text->length = CONDITIONS_MAX - 1;
}

/* Whether a word is what the question asks for, by what decides of lines. */
static bool is_wanted(
	const struct log_query *query, enum index_word kind, const struct line_value *value)
{
	struct line_fields fields = {0};
	struct log_query alone = {0};

	switch (kind) {
	case INDEX_USER:
		alone.user = query->user;
		fields.acct = *value;
		break;
	case INDEX_OPERATION:
		alone.operation = query->operation;
		fields.op = *value;
		break;
	case INDEX_ENDPOINT:
		alone.endpoint = query->endpoint;
		fields.endpoint = *value;
		break;
	case INDEX_ROLE:
		alone.role = query->role;
		fields.role = *value;
		break;
	case INDEX_COMMAND:
		alone.command = query->command;
		fields.comm = *value;
		break;
	case INDEX_RUN_AS:
		alone.run_as = query->run_as;
		fields.runas = *value;
		break;
	case INDEX_REASON:
		alone.reason = query->reason;
		fields.reason = *value;
		break;
	case INDEX_WORDS:
		break;
	}
	return log_matches(&alone, &fields);
}

/* "AND NAME IN (IDS)". -1: the data base can't be read. */
static int put_words(struct log_index *index, struct text *text, const struct log_query *query,
	enum index_word kind, const char *name)
{
	sqlite3_stmt *statement = index_prepare(index, "SELECT id, text FROM word WHERE kind = ?");
	size_t before = text->length;
	int got = SQLITE_ERROR;

	if (statement != NULL)
		sqlite3_bind_int(statement, 1, (int)kind);
	/* -1: words too long to be there. A refused command has no name, and an end no reason. */
	put(text, " AND %s IN (-1%s", name,
		kind == INDEX_COMMAND || kind == INDEX_REASON ? ", 0" : "");
	while (statement != NULL && (got = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *bytes = sqlite3_column_blob(statement, 1);
		struct line_value value = {bytes != NULL ? bytes : "",
			(size_t)sqlite3_column_bytes(statement, 1), LINE_STRING, false};

		if (is_wanted(query, kind, &value))
			put(text, ", %lld", (long long)sqlite3_column_int64(statement, 0));
	}
	put(text, ")");
	if (text->length > CONDITIONS_MAX - ROOM_LEFT)
		text->length = before; /* the lines decide */
	sqlite3_finalize(statement);
	return got == SQLITE_DONE ? 0 : -1;
}

static int put_all_words(struct log_index *index, struct text *text, const struct log_query *query)
{
	const struct {
		const char *wanted, *name;
	} words[INDEX_WORDS] = {[INDEX_USER] = {query->user, "user"},
		[INDEX_OPERATION] = {query->operation, "operation"},
		[INDEX_ENDPOINT] = {query->endpoint, "endpoint"},
		[INDEX_ROLE] = {query->role, "role"},
		[INDEX_COMMAND] = {query->command, "command"},
		[INDEX_RUN_AS] = {query->run_as, "run_as"},
		[INDEX_REASON] = {query->reason, "reason"}};

	for (int i = 0; i < INDEX_WORDS; i++)
		if (words[i].wanted != NULL &&
			put_words(index, text, query, (enum index_word)i, words[i].name) < 0)
			return -1;
	return 0;
}

/* Digits that are not given may be any. What is no prefix of a number is left to the lines. */
static void put_id(struct text *text, const char *name, const char *id)
{
	size_t length = id == NULL ? 0 : strlen(id);

	if (id == NULL || length > REQUEST_DIGITS || strspn(id, "0123456789abcdef") != length)
		return;
	put(text, " AND %s BETWEEN x'%s%.*s' AND x'%s%.*s'", name, id,
		(int)(REQUEST_DIGITS - length), "00000000000000000000000000000000", id,
		(int)(REQUEST_DIGITS - length), "ffffffffffffffffffffffffffffffff");
}

/* Numbers that are too large for it stand there as -1. */
static void put_number(struct text *text, const char *name, const char *number)
{
	size_t length = number == NULL ? 0 : strlen(number);

	if (length > 0 && length <= NUMBER_DIGITS && strspn(number, "0123456789") == length)
		put(text, " AND %s IN (-1, %s)", name, number);
}

static void put_session(struct text *text, const char *session)
{
	if (session != NULL && log_is_session(session))
		put(text, " AND session = x'%s'", session);
	else
		put_number(text, "login", session);
}

int log_index_select(struct log_index *index, const struct log_query *query, bool descending)
{
	struct text text = {.bytes = arena_alloc(index->arena, CONDITIONS_MAX)};

	put(&text, "SELECT file, offset, line, seq FROM event WHERE 1");
	put_id(&text, "request", query->request);
	put_id(&text, "pipeline", query->pipeline);
	put_session(&text, query->session);
	put_number(&text, "approval", query->approval);
	if (query->denied)
		put(&text, " AND denied");
	if (query->since != 0)
		put(&text, " AND time >= %lld", (long long)query->since);
	if (query->until != 0)
		put(&text, " AND time <= %lld", (long long)query->until);
	if (put_all_words(index, &text, query) < 0)
		return -1;
	text.bytes[text.length] = '\0';
	put(&text, " ORDER BY id%s", descending ? " DESC" : "");
	index->select = index_prepare(index, text.bytes);
	return index->select != NULL ? 0 : -1;
}

int log_index_next(struct log_index *index, struct log_hit *hit)
{
	int got;

	while ((got = sqlite3_step(index->select)) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(index->select, 0);

		*hit = (struct log_hit){.offset = (uint64_t)sqlite3_column_int64(index->select, 1),
			.number = (uint64_t)sqlite3_column_int64(index->select, 2),
			.sequence = (uint64_t)sqlite3_column_int64(index->select, 3)};
		for (size_t i = 0; i < index->file_count; i++)
			if (index->files[i].id == id) {
				hit->file = i;
				return 1;
			}
	}
	return got == SQLITE_DONE ? 0 : -1;
}
