/* The data base brought up to the files' ends. */
#include <stdio.h>
#include <string.h>

#include "log/index.h"

enum {
	WORD_LENGTH_MAX = 1000,
	WORD_OTHER = -1, /* the id of all that are longer: found by every question */
	REQUEST_BYTES = 16,
};

struct update {
	struct log *log;
	struct log_index *index;
	int64_t file; /* id of the one that is read */
};

static bool is_done(int result)
{
	return result == SQLITE_DONE;
}

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
	memcpy(key + 1, bytes, length);
	key[length + 1] = '\0';
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

static bool read_request(const struct line_value *req, unsigned char bytes[REQUEST_BYTES])
{
	if (req->kind != LINE_STRING || req->length != 2 * REQUEST_BYTES)
		return false;
	for (size_t i = 0; i < req->length; i++) {
		const char *digits = "0123456789abcdef";
		const char *digit = memchr(digits, req->bytes[i], 16);

		if (digit == NULL)
			return false;
		bytes[i / 2] = (unsigned char)(bytes[i / 2] << 4 | (digit - digits));
	}
	return true;
}

static void bind_words(struct log_index *index, const struct line_fields *fields)
{
	const struct line_value *const values[INDEX_WORDS] = {[INDEX_USER] = &fields->acct,
		[INDEX_OPERATION] = &fields->op,
		[INDEX_ENDPOINT] = &fields->endpoint,
		[INDEX_ROLE] = &fields->role,
		[INDEX_COMMAND] = &fields->comm,
		[INDEX_RUN_AS] = &fields->runas};

	for (int i = 0; i < INDEX_WORDS; i++)
		sqlite3_bind_int64(
			index->insert_event, 8 + i, value_id(index, (enum index_word)i, values[i]));
}

static int insert_event(void *context, const struct log_hit *hit, const struct log_line *line,
	const struct line_fields *fields)
{
	static const struct log_query denied = {.denied = true};
	const struct update *update = context;
	sqlite3_stmt *statement = update->index->insert_event;
	unsigned char request[REQUEST_BYTES] = {0};
	int64_t time = line_time(&fields->time);

	(void)line;
	sqlite3_bind_int64(statement, 1, update->file);
	sqlite3_bind_int64(statement, 2, (sqlite3_int64)hit->offset);
	sqlite3_bind_int64(statement, 3, (sqlite3_int64)hit->number);
	sqlite3_bind_int64(statement, 4, (sqlite3_int64)hit->sequence);
	sqlite3_bind_int64(statement, 5, time == INT64_MIN ? 0 : time);
	if (read_request(&fields->req, request))
		sqlite3_bind_blob(statement, 6, request, sizeof(request), SQLITE_STATIC);
	else
		sqlite3_bind_null(statement, 6);
	sqlite3_bind_int(statement, 7, log_matches(&denied, fields));
	bind_words(update->index, fields);
	sqlite3_step(statement);
	return sqlite3_reset(statement) == SQLITE_OK ? 0 : -1;
}

static int insert_damage(void *context, size_t file, uint64_t line, const char *what)
{
	const struct update *update = context;
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
	return is_done(result) ? 0 : -1;
}

static int put_file(struct log_index *index, const struct log_file *file, struct index_file *known)
{
	sqlite3_stmt *statement = index_prepare(index,
		"INSERT OR REPLACE INTO file (id, offset, size, line, head, tail)"
		" VALUES (?, ?, ?, ?, ?, ?)");
	int result = SQLITE_ERROR;

	if (statement != NULL && index_edges(file, file->offset, known) == 0) {
		known->size = file->size;
		known->line = file->line;
		sqlite3_bind_int64(statement, 1, known->id);
		sqlite3_bind_int64(statement, 2, (sqlite3_int64)known->offset);
		sqlite3_bind_int64(statement, 3, (sqlite3_int64)known->size);
		sqlite3_bind_int64(statement, 4, (sqlite3_int64)known->line);
		sqlite3_bind_blob(
			statement, 5, known->head, (int)known->head_length, SQLITE_STATIC);
		sqlite3_bind_blob(
			statement, 6, known->tail, (int)known->tail_length, SQLITE_STATIC);
		result = sqlite3_step(statement);
	}
	sqlite3_finalize(statement);
	return is_done(result) ? 0 : -1;
}

static int update_file(struct update *update, size_t number)
{
	const struct log_sink sink = {update, insert_event, insert_damage, "index", true};
	struct log_index *index = update->index;
	struct log_file *file = &update->log->files.items[number];
	struct index_file *known = &index->files[number];
	const char *complaint;

	if (number >= index->file_count)
		*known = (struct index_file){
			.line = 1, .id = number > 0 ? index->files[number - 1].id + 1 : 1};
	if (known->id == 0)
		return -1;
	file->offset = known->offset;
	file->line = known->line;
	update->file = known->id;
	if (log_scan(update->log, number, &sink, &complaint) != 0)
		return -1;
	if (file->offset == 0)
		return 0;
	if (number >= index->file_count)
		index->file_count = number + 1;
	return put_file(index, file, known);
}

/* What is in it of files that have expired, or are not what they were. */
static int delete_others(struct log_index *index)
{
	static const char *const tables[][2] = {
		{"file", "id"}, {"damage", "file"}, {"event", "file"}};
	bool none = index->file_count == 0;
	char text[160];

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		(void)snprintf(text, sizeof(text),
			"DELETE FROM %s WHERE %s NOT BETWEEN %lld AND %lld", tables[i][0],
			tables[i][1], none ? 0LL : (long long)index->files[0].id,
			none ? 0LL : (long long)index->files[index->file_count - 1].id);
		if (none)
			(void)snprintf(text, sizeof(text), "DELETE FROM %s", tables[i][0]);
		if (index_run(index, text) < 0)
			return -1;
	}
	return none ? index_run(index, "DROP INDEX IF EXISTS event_user;"
				       "DROP INDEX IF EXISTS event_time;"
				       "DROP INDEX IF EXISTS event_request; DELETE FROM word")
		    : 0;
}

static int prepare(struct log_index *index)
{
	if (index->insert_event == NULL)
		index->insert_event = index_prepare(index,
			"INSERT INTO event (file, offset, line, seq, time, request, denied, user,"
			" operation, endpoint, role, command, run_as)"
			" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
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

/* Rows first, then what they are found by: that is several times as fast. */
static int write_all(struct log *log)
{
	struct log_index *index = log->index;
	struct update update = {.log = log, .index = index};
	size_t from;

	if (index_match(log) < 0 || delete_others(index) < 0 || prepare(index) < 0)
		return -1;
	from = index->file_count > 0 ? index->file_count - 1 : 0;
	for (size_t i = from; i < log->files.count; i++)
		if (update_file(&update, i) < 0)
			return -1;
	return index_run(index, "CREATE INDEX IF NOT EXISTS event_user ON event (user);"
				"CREATE INDEX IF NOT EXISTS event_time ON event (time);"
				"CREATE INDEX IF NOT EXISTS event_request ON event (request)"
				" WHERE request IS NOT NULL");
}

static bool is_current(const struct log *log)
{
	const struct log_index *index = log->index;

	for (size_t i = 0; i < index->file_count; i++)
		if (log->files.items[i].size != index->files[i].size)
			return false;
	return index->file_count == log->files.count;
}

/* Each file stands where the data base ends. */
static void place_files(struct log *log)
{
	for (size_t i = 0; i < log->files.count; i++) {
		bool known = i < log->index->file_count;

		log->files.items[i].offset = known ? log->index->files[i].offset : 0;
		log->files.items[i].line = known ? log->index->files[i].line : 1;
	}
}

static int repeat_damage(struct log *log)
{
	sqlite3_stmt *statement = index_prepare(
		log->index, "SELECT file, line, what FROM damage ORDER BY file, line");
	int got = SQLITE_ERROR;

	while (statement != NULL && (got = sqlite3_step(statement)) == SQLITE_ROW)
		for (size_t i = 0; i < log->index->file_count; i++)
			if (log->index->files[i].id == sqlite3_column_int64(statement, 0))
				log_warn(log, i, (uint64_t)sqlite3_column_int64(statement, 1),
					(const char *)sqlite3_column_text(statement, 2));
	sqlite3_finalize(statement);
	return is_done(got) ? 0 : -1;
}

/* What can't be brought up to date now is still good for what is in it. */
int log_index_update(struct log *log)
{
	struct log_index *index = log->index;

	sqlite3_finalize(index->select);
	index->select = NULL;
	if (index_match(log) < 0)
		return -1;
	if (!is_current(log) && index_run(index, "BEGIN IMMEDIATE") == 0) {
		if (write_all(log) == 0 && index_run(index, "COMMIT") == 0) {
			place_files(log);
			return repeat_damage(log);
		}
		(void)index_run(index, "ROLLBACK");
		if (index_match(log) < 0)
			return -1;
	}
	place_files(log);
	return repeat_damage(log);
}
