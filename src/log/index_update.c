/* The data base brought up to the files' ends. */
#include <stdio.h>
#include <string.h>

#include "log/index.h"

static bool is_done(int result)
{
	return result == SQLITE_DONE;
}

static int put_file(struct log_index *index, const struct log_file *file, struct index_file *known)
{
	sqlite3_stmt *statement = index_prepare(index,
		"INSERT OR REPLACE INTO file (id, offset, size, line, head, tail, changed)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)");
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
		sqlite3_bind_int64(statement, 7, index_changed(file, known->size));
		result = sqlite3_step(statement);
	}
	sqlite3_finalize(statement);
	return is_done(result) ? 0 : -1;
}

static int update_file(struct index_update *update, size_t number)
{
	const struct log_sink sink = {
		update, index_insert_event, index_insert_damage, "index", true};
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
				       "DROP INDEX IF EXISTS event_pipeline;"
				       "DROP INDEX IF EXISTS event_session;"
				       "DROP INDEX IF EXISTS event_approval;"
				       "DROP INDEX IF EXISTS event_request; DELETE FROM word")
		    : 0;
}

/* Rows first, then what they are found by: that is several times as fast. */
static int write_all(struct log *log)
{
	struct log_index *index = log->index;
	struct index_update update = {.log = log, .index = index};
	size_t from;

	if (index_match(log) < 0 || delete_others(index) < 0 || index_insert_prepare(index) < 0)
		return -1;
	from = index->file_count > 0 ? index->file_count - 1 : 0;
	for (size_t i = from; i < log->files.count; i++)
		if (update_file(&update, i) < 0)
			return -1;
	return index_run(index, "CREATE INDEX IF NOT EXISTS event_user ON event (user);"
				"CREATE INDEX IF NOT EXISTS event_time ON event (time);"
				"CREATE INDEX IF NOT EXISTS event_request ON event (request)"
				" WHERE request IS NOT NULL;"
				"CREATE INDEX IF NOT EXISTS event_pipeline ON event (pipeline)"
				" WHERE pipeline IS NOT NULL;"
				"CREATE INDEX IF NOT EXISTS event_session ON event (session)"
				" WHERE session IS NOT NULL;"
				"CREATE INDEX IF NOT EXISTS event_approval ON event (approval)"
				" WHERE approval IS NOT NULL");
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
