/* The data base: opened, made, thrown away. */
#include "log/index.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"

enum { BUSY_TIMEOUT = 1000 /* ms: who waits longer scans */ };

static const char schema[] =
	"CREATE TABLE file (id INTEGER PRIMARY KEY, head BLOB, tail BLOB, offset INTEGER,"
	" size INTEGER, line INTEGER, changed INTEGER);"
	"CREATE TABLE word (id INTEGER PRIMARY KEY, kind INTEGER, text BLOB, UNIQUE (kind, text));"
	"CREATE TABLE damage (file INTEGER, line INTEGER, what TEXT);"
	"CREATE TABLE event (id INTEGER PRIMARY KEY, file INTEGER, offset INTEGER, line INTEGER,"
	" seq INTEGER, time INTEGER, request BLOB, denied INTEGER, user INTEGER,"
	" operation INTEGER, endpoint INTEGER, role INTEGER, command INTEGER, run_as INTEGER,"
	" reason INTEGER, pipeline BLOB, session BLOB, login INTEGER, approval INTEGER);";

int index_run(struct log_index *index, const char *text)
{
	return sqlite3_exec(index->db, text, NULL, NULL, NULL) == SQLITE_OK ? 0 : -1;
}

sqlite3_stmt *index_prepare(struct log_index *index, const char *text)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(index->db, text, -1, &statement, NULL) != SQLITE_OK)
		return NULL;
	return statement;
}

int64_t index_number(struct log_index *index, const char *text, int64_t otherwise)
{
	sqlite3_stmt *statement = index_prepare(index, text);
	int64_t number = otherwise;

	if (statement != NULL && sqlite3_step(statement) == SQLITE_ROW)
		number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

int index_make_schema(struct log_index *index)
{
	char version[96];

	(void)snprintf(version, sizeof(version),
		"PRAGMA application_id = %d; PRAGMA user_version = %d", INDEX_APPLICATION,
		INDEX_VERSION);
	return index_run(index, schema) == 0 && index_run(index, version) == 0 ? 0 : -1;
}

/* Whether it is one of ours, or empty. */
static int check_version(struct log_index *index)
{
	int64_t tables = index_number(index, "SELECT count(*) FROM sqlite_schema", -1);

	if (tables == 0) {
		if (index_run(index, "BEGIN IMMEDIATE") < 0)
			return -1;
		/* Another reader may have made it while this one waited. */
		if (index_number(index, "SELECT count(*) FROM sqlite_schema", -1) == 0 &&
			index_make_schema(index) < 0)
			return -1;
		if (index_run(index, "COMMIT") < 0)
			return -1;
	}
	return index_number(index, "PRAGMA application_id", -1) == INDEX_APPLICATION &&
			       index_number(index, "PRAGMA user_version", -1) == INDEX_VERSION
		       ? 0
		       : -1;
}

/* Nobody else's to read, as the log is; SQLite gives its other files the same mode. */
static void make_private(const char *path)
{
	_cleanup_fd_ int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* Throwing it away costs a first build, so NORMAL is safe enough, and a damaged one is found. */
static int open_database(struct log_index *index)
{
	make_private(index->path);
	if (sqlite3_open_v2(index->path, &index->db,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
			    SQLITE_OPEN_EXRESCODE,
		    NULL) != SQLITE_OK ||
		sqlite3_db_config(index->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK)
		return -1;
	sqlite3_busy_timeout(index->db, BUSY_TIMEOUT);
	return index_run(index, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
				"PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
				"PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536") < 0 ||
			       check_version(index) < 0
		       ? -1
		       : 0;
}

static void close_database(struct log_index *index)
{
	sqlite3_finalize(index->select);
	sqlite3_finalize(index->insert_event);
	sqlite3_finalize(index->insert_word);
	sqlite3_finalize(index->find_word);
	index->select = index->insert_event = index->insert_word = index->find_word = NULL;
	sqlite3_close(index->db);
	index->db = NULL;
}

static void remove_files(struct log_index *index)
{
	static const char *const endings[] = {"", "-wal", "-shm", "-journal"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		(void)unlink(arena_printf(index->arena, "%s%s", index->path, endings[i]));
}

struct log_index *log_index_open(struct log *log)
{
	struct log_index *index = arena_alloc(log->arena, sizeof(*index));
	int result;

	index->arena = log->arena;
	index->path = log_index_place(log->arena, &log->files);
	if (index->path == NULL)
		return NULL;
	result = open_database(index);
	if (result < 0 && sqlite3_errcode(index->db) != SQLITE_BUSY) {
		close_database(index);
		remove_files(index);
		result = open_database(index);
	}
	if (result == 0)
		return index;
	close_database(index);
	return NULL;
}

void log_index_close(struct log_index *index)
{
	if (index != NULL)
		close_database(index);
}

/* Busy or without room is not wrong: others may still use it. */
void log_index_discard(struct log *log)
{
	int code;

	if (log->index == NULL)
		return;
	code = sqlite3_errcode(log->index->db) & 0xff;
	close_database(log->index);
	if (code != SQLITE_BUSY && code != SQLITE_FULL && code != SQLITE_READONLY)
		remove_files(log->index);
	log->index = NULL;
}
