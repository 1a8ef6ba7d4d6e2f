/* Statements of SQLite, bound and read in order: https://www.sqlite.org/c3ref/intro.html */
#include <errno.h>
#include <string.h>

#include "approval/store.h"

int sql_run(struct approvals *approvals, const char *text)
{
	return sqlite3_exec(approvals->db, text, NULL, NULL, NULL) == SQLITE_OK
		       ? 0
		       : store_fail_sqlite(approvals);
}

struct statement sql(struct approvals *approvals, const char *text)
{
	struct statement statement = {.approvals = approvals};

	statement.result = sqlite3_prepare_v2(approvals->db, text, -1, &statement.handle, NULL);
	return statement;
}

void sql_finish(struct statement *statement)
{
	sqlite3_finalize(statement->handle);
	statement->handle = NULL;
}

static void bound(struct statement *statement, int result)
{
	if (statement->result == SQLITE_OK)
		statement->result = result;
}

void sql_number(struct statement *statement, int64_t number)
{
	bound(statement, sqlite3_bind_int64(statement->handle, ++statement->bound, number));
}

void sql_text(struct statement *statement, const char *text)
{
	bound(statement, sqlite3_bind_text(statement->handle, ++statement->bound, text, -1,
				 SQLITE_TRANSIENT));
}

void sql_bytes(struct statement *statement, const char *bytes, size_t length)
{
	bound(statement, sqlite3_bind_blob64(statement->handle, ++statement->bound, bytes, length,
				 SQLITE_TRANSIENT));
}

void sql_strings(struct statement *statement, const struct strings *list)
{
	char *bytes, *end;
	size_t length = 0;

	for (size_t i = 0; i < list->count; i++)
		length += strlen(list->items[i]) + 1;
	end = bytes = arena_alloc(statement->approvals->arena, length);
	for (size_t i = 0; i < list->count; i++)
		end = mempcpy(end, list->items[i], strlen(list->items[i]) + 1);
	sql_bytes(statement, bytes, length);
}

int sql_step(struct statement *statement)
{
	if (statement->result == SQLITE_OK || statement->result == SQLITE_ROW)
		statement->result = sqlite3_step(statement->handle);
	statement->column = 0;
	if (statement->result == SQLITE_ROW)
		return 1;
	return statement->result == SQLITE_DONE ? 0 : store_fail_sqlite(statement->approvals);
}

int64_t sql_get_number(struct statement *statement)
{
	return sqlite3_column_int64(statement->handle, statement->column++);
}

const char *sql_get_text(struct statement *statement)
{
	int column = statement->column++;
	const unsigned char *text = sqlite3_column_text(statement->handle, column);

	return text == NULL ? NULL : arena_strdup(statement->approvals->arena, (const char *)text);
}

struct strings sql_get_strings(struct statement *statement)
{
	struct arena *arena = statement->approvals->arena;
	int column = statement->column++;
	const char *bytes = sqlite3_column_blob(statement->handle, column);
	size_t length = (size_t)sqlite3_column_bytes(statement->handle, column);
	struct strings list = {0};

	for (size_t at = 0; at < length;) {
		const char *text =
			arena_strndup(arena, bytes + at, strnlen(bytes + at, length - at));

		strings_add(arena, &list, text);
		at += strlen(text) + 1;
	}
	return list;
}
