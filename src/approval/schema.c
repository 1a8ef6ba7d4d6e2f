/*
 * The tables. Every statement is written as SQLite keeps it, so that a database is known by them:
 * one more trigger, or one less, and it is not ours. What may never happen is refused by the
 * database too: an entry that is final does not change its state, and none is removed.
 */
#include <errno.h>
#include <string.h>

#include "approval/store.h"

enum { SCHEMA_APPLICATION = 0x726f6c67 /* "rolg" */, SCHEMA_VERSION = 1 };

/* States: enum approval_state. Times: seconds since 1970. Keys: "sha256:…". */
static const char *const schema[] = {
	"CREATE TABLE facts(id INTEGER PRIMARY KEY, seen INTEGER NOT NULL, "
	"pending INTEGER NOT NULL) STRICT",
	"CREATE TABLE contents(digest TEXT PRIMARY KEY, text BLOB NOT NULL) STRICT",
	"CREATE TABLE entries(number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, "
	"kind INTEGER NOT NULL, state INTEGER NOT NULL, endpoint TEXT NOT NULL, "
	"name TEXT NOT NULL, words BLOB NOT NULL, digest TEXT NOT NULL, rule TEXT NOT NULL, "
	"interpreter TEXT NOT NULL, definition TEXT NOT NULL, run_as TEXT NOT NULL, "
	"act_as TEXT NOT NULL, profile TEXT NOT NULL, reason TEXT NOT NULL, "
	"self_approval INTEGER NOT NULL, approvers INTEGER NOT NULL, "
	"approver_groups BLOB NOT NULL, uid INTEGER NOT NULL, login_uid INTEGER NOT NULL, "
	"owner INTEGER NOT NULL, user TEXT NOT NULL, created INTEGER NOT NULL, "
	"approved INTEGER NOT NULL, decided INTEGER NOT NULL, expires INTEGER NOT NULL, "
	"tries INTEGER NOT NULL, once INTEGER NOT NULL, as_caller_only INTEGER NOT NULL, "
	"role TEXT, decided_who TEXT, decision TEXT, seal TEXT NOT NULL) STRICT",
	"CREATE TABLE askers(number INTEGER NOT NULL, uid INTEGER NOT NULL, "
	"login_uid INTEGER NOT NULL, name TEXT NOT NULL, "
	"PRIMARY KEY(number, uid, login_uid)) STRICT, WITHOUT ROWID",
	"CREATE TABLE votes(number INTEGER NOT NULL, owner INTEGER NOT NULL, "
	"uid INTEGER NOT NULL, login_uid INTEGER NOT NULL, name TEXT NOT NULL, "
	"lasts INTEGER NOT NULL, once INTEGER NOT NULL, as_caller_only INTEGER NOT NULL, "
	"role TEXT, PRIMARY KEY(number, owner)) STRICT, WITHOUT ROWID",
	"CREATE TABLE past(number INTEGER NOT NULL, step INTEGER NOT NULL, "
	"time INTEGER NOT NULL, event INTEGER NOT NULL, who TEXT NOT NULL, reason TEXT, "
	"PRIMARY KEY(number, step)) STRICT, WITHOUT ROWID",
	/* One that counts for a key, whatever the code does. */
	"CREATE UNIQUE INDEX alive ON entries(key) WHERE state IN (1, 2)",
	"CREATE INDEX keys ON entries(key, number)",
	"CREATE INDEX states ON entries(state, number)",
	"CREATE INDEX owners ON entries(owner) WHERE state = 1",
	"CREATE INDEX names ON entries(name) WHERE state = 2 AND kind = 1",
	"CREATE INDEX times ON entries(expires) WHERE state = 2 AND expires > 0",
	"CREATE INDEX formers ON entries(name, approved) WHERE kind = 1 AND approved > 0",
	"CREATE TRIGGER final BEFORE UPDATE OF state ON entries WHEN OLD.state > 2 "
	"BEGIN SELECT RAISE(ABORT, 'a final state is final'); END",
	"CREATE TRIGGER kept BEFORE DELETE ON entries "
	"BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END",
	"CREATE TRIGGER counted AFTER UPDATE OF state ON entries "
	"WHEN OLD.state <> 1 AND NEW.state = 1 "
	"BEGIN UPDATE facts SET pending = pending + 1 WHERE id = 1; END",
	"CREATE TRIGGER uncounted AFTER UPDATE OF state ON entries "
	"WHEN OLD.state = 1 AND NEW.state <> 1 "
	"BEGIN UPDATE facts SET pending = pending - 1 WHERE id = 1; END",
};

enum { SCHEMA_COUNT = sizeof(schema) / sizeof(schema[0]) };

static int set_number(struct approvals *approvals, const char *name, int number)
{
	return sql_run(approvals, arena_printf(approvals->arena, "PRAGMA %s = %d", name, number));
}

int schema_create(struct approvals *approvals)
{
	if (set_number(approvals, "application_id", SCHEMA_APPLICATION) < 0 ||
		set_number(approvals, "user_version", SCHEMA_VERSION) < 0)
		return -1;
	for (size_t i = 0; i < SCHEMA_COUNT; i++)
		if (sql_run(approvals, schema[i]) < 0)
			return -1;
	return sql_run(approvals, "INSERT INTO facts VALUES(1, 0, 0)");
}

static int get_number(struct approvals *approvals, const char *text, int64_t *number)
{
	_cleanup_sql_ struct statement statement = sql(approvals, text);

	if (sql_step(&statement) != 1)
		return -1;
	*number = sql_get_number(&statement);
	return 0;
}

static int check_statements(struct approvals *approvals)
{
	_cleanup_sql_ struct statement statement = sql(approvals,
		"SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
		"ORDER BY rowid");
	size_t count = 0;
	int row;

	while ((row = sql_step(&statement)) == 1) {
		const char *text = sql_get_text(&statement);

		if (count == SCHEMA_COUNT || text == NULL || strcmp(text, schema[count]) != 0)
			break;
		count++;
	}
	if (row < 0)
		return -1;
	return row == 0 && count == SCHEMA_COUNT
		       ? 0
		       : store_fail(approvals, EBADMSG, "%s: its tables are not those of rolegate",
				 approvals->path);
}

int schema_check(struct approvals *approvals)
{
	int64_t application, version;

	if (get_number(approvals, "PRAGMA application_id", &application) < 0 ||
		get_number(approvals, "PRAGMA user_version", &version) < 0)
		return -1;
	if (application != SCHEMA_APPLICATION)
		return store_fail(approvals, EBADMSG,
			"%s: it is damaged, or a database of another program; it was left as it is",
			approvals->path);
	if (version != SCHEMA_VERSION)
		return store_fail(approvals, EBADMSG,
			"%s: it has version %lld; this rolegate knows version %d", approvals->path,
			(long long)version, SCHEMA_VERSION);
	return check_statements(approvals);
}
