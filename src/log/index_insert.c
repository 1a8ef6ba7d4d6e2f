/* An event as a row. */
#include <string.h>

#include "log/index.h"

enum {
	WORD_LENGTH_MAX = 1000,
	WORD_OTHER = -1, /* the id of all that are longer: found by every question */
	REQUEST_BYTES = 16,
	SESSION_BYTES = LOG_SESSION_DIGITS / 2,
};

static int insert_word(struct log_index *index, enum index_word kind, const char *text)
{
	sqlite3_stmt *statement = index->insert_word;

	sqlite3_bind_int(statement, 1, (int)kind);
	sqlite3_bind_blob(statement, 2, text, (int)strlen(text), SQLITE_STATIC);
	sqlite3_step(statement);
	return sqlite3_reset(statement) == SQLITE_OK ? 0 : -1;
}

/* The id of a word that this update has not met yet; 0 on failure. */
static int64_t find_word(struct log_index *index, enum index_word kind, const char *text)
{
	sqlite3_stmt *statement = index->find_word;
	int64_t id = 0;

	if (insert_word(index, kind, text) < 0)
		return 0;
	sqlite3_bind_int(statement, 1, (int)kind);
	sqlite3_bind_blob(statement, 2, text, (int)strlen(text), SQLITE_STATIC);
	if (sqlite3_step(statement) == SQLITE_ROW)
		id = sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return id;
}

static int64_t word_of(
	struct log_index *index, enum index_word kind, const char *bytes, size_t length)
{
	char key[WORD_LENGTH_MAX + 2];
	int64_t *id;

	if (length > WORD_LENGTH_MAX || memchr(bytes, '\0', length) != NULL)
		return WORD_OTHER;
	key[0] = (char)('a' + kind);
	*(char *)mempcpy(key + 1, bytes, length) = '\0';
	id = table_get(&index->words, key);
	if (id == NULL) {
		id = arena_alloc(index->arena, sizeof(*id));
		*id = find_word(index, kind, key + 1);
		table_put(index->arena, &index->words, arena_strdup(index->arena, key), id);
	}
	return *id;
}

static int64_t value_id(
	struct log_index *index, enum index_word kind, const struct line_value *value)
{
	struct arena *arena;
	const char *text;
	int64_t id;

	if (value->kind != LINE_STRING)
		return 0;
	if (!value->escaped)
		return word_of(index, kind, value->bytes, value->length);
	arena = arena_new();
	text = line_text(arena, value);
	id = word_of(index, kind, text, strlen(text));
	arena_free(arena);
	return id;
}

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static bool read_id(const struct line_value *id, unsigned char *bytes, size_t size)
{
	if (id->kind != LINE_STRING || id->length != 2 * size)
		return false;
	for (size_t i = 0; i < id->length; i++) {
		int digit = hex_value(id->bytes[i]);

		if (digit < 0)
			return false;
		bytes[i / 2] = (unsigned char)(bytes[i / 2] << 4 | digit);
	}
	return true;
}

/* As bytes; NULL: there is none. */
static void bind_id(
	sqlite3_stmt *statement, int column, const struct line_value *id, size_t size)
{
	unsigned char bytes[REQUEST_BYTES] = {0};

	if (read_id(id, bytes, size))
		sqlite3_bind_blob(statement, column, bytes, (int)size, SQLITE_TRANSIENT);
	else
		sqlite3_bind_null(statement, column);
}

/* NULL: there is none. What is no number that fits is left to the lines, as words that are long. */
static void bind_number(sqlite3_stmt *statement, int column, const struct line_value *value)
{
	uint64_t number = line_number(value, UINT64_MAX);

	if (value->kind == LINE_ABSENT)
		sqlite3_bind_null(statement, column);
	else
		sqlite3_bind_int64(statement, column,
			number <= INT64_MAX ? (sqlite3_int64)number : WORD_OTHER);
}

static void bind_words(struct log_index *index, const struct line_fields *fields)
{
	const struct line_value *const values[INDEX_WORDS] = {[INDEX_USER] = &fields->acct,
		[INDEX_OPERATION] = &fields->op,
		[INDEX_ENDPOINT] = &fields->endpoint,
		[INDEX_ROLE] = &fields->role,
		[INDEX_COMMAND] = &fields->comm,
		[INDEX_RUN_AS] = &fields->runas,
		[INDEX_REASON] = &fields->reason};

	for (int i = 0; i < INDEX_WORDS; i++)
		sqlite3_bind_int64(
			index->insert_event, 8 + i, value_id(index, (enum index_word)i, values[i]));
}

int index_insert_event(void *context, const struct log_hit *hit, const struct log_line *line,
	const struct line_fields *fields)
{
	static const struct log_query denied = {.denied = true};
	const struct index_update *update = context;
	sqlite3_stmt *statement = update->index->insert_event;
	int64_t time = line_time(&fields->time);

	(void)line;
	sqlite3_bind_int64(statement, 1, update->file);
	sqlite3_bind_int64(statement, 2, (sqlite3_int64)hit->offset);
	sqlite3_bind_int64(statement, 3, (sqlite3_int64)hit->number);
	sqlite3_bind_int64(statement, 4, (sqlite3_int64)hit->sequence);
	sqlite3_bind_int64(statement, 5, time == INT64_MIN ? 0 : time);
	bind_id(statement, 6, &fields->req, REQUEST_BYTES);
	sqlite3_bind_int(statement, 7, log_matches(&denied, fields));
	bind_words(update->index, fields);
	bind_id(statement, 15, &fields->pipeline, REQUEST_BYTES);
	bind_id(statement, 16, &fields->session, SESSION_BYTES);
	bind_number(statement, 17, &fields->oses);
	bind_number(statement, 18, &fields->approval);
	sqlite3_step(statement);
	return sqlite3_reset(statement) == SQLITE_OK ? 0 : -1;
}

int index_insert_damage(void *context, size_t file, uint64_t line, const char *what)
{
	const struct index_update *update = context;
	sqlite3_stmt *statement = index_prepare(
		update->index, "INSERT INTO damage (file, line, what) VALUES (?, ?, ?)");
	int result;

	(void)file;
	if (statement == NULL)
		return -1;
	sqlite3_bind_int64(statement, 1, update->file);
	sqlite3_bind_int64(statement, 2, (sqlite3_int64)line);
	sqlite3_bind_text(statement, 3, what, -1, SQLITE_STATIC);
	result = sqlite3_step(statement);
	sqlite3_finalize(statement);
	return result == SQLITE_DONE ? 0 : -1;
}

int index_insert_prepare(struct log_index *index)
{
	if (index->insert_event == NULL)
		index->insert_event = index_prepare(index,
			"INSERT INTO event (file, offset, line, seq, time, request, denied, user,"
			" operation, endpoint, role, command, run_as, reason, pipeline, session,"
			" login, approval)"
			" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	if (index->insert_word == NULL)
		index->insert_word = index_prepare(
			index, "INSERT OR IGNORE INTO word (kind, text) VALUES (?, ?)");
	if (index->find_word == NULL)
		index->find_word =
			index_prepare(index, "SELECT id FROM word WHERE kind = ? AND text = ?");
	memset(&index->words, 0, sizeof(index->words));
	return index->insert_event != NULL && index->insert_word != NULL && index->find_word != NULL
		       ? 0
		       : -1;
}
