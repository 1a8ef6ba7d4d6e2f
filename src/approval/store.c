/* What fails, said for a person; and changes that are whole or not there at all. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "approval/store.h"

int store_fail(struct approvals *approvals, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	approvals->complaint = arena_vprintf(approvals->arena, format, arguments);
	va_end(arguments);
	approvals->error = error;
	return -1;
}

/* As SQLite's result codes say it: https://www.sqlite.org/rescode.html */
int store_fail_sqlite(struct approvals *approvals)
{
	int code = sqlite3_extended_errcode(approvals->db);
	int error = sqlite3_system_errno(approvals->db);
	const char *path = approvals->path;

	switch (code & 0xff) {
	case SQLITE_FULL:
		return store_fail(approvals, ENOSPC, "%s: its file system is full", path);
	case SQLITE_READONLY:
		return store_fail(approvals, EROFS, "%s: it can't be written to", path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return store_fail(approvals, EBUSY, "%s: it was in use for more than %d seconds",
			path, STORE_BUSY_TIMEOUT / 1000);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return store_fail(approvals, EBADMSG,
			"%s: it is damaged, or no database; it was left as it is", path);
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		return store_fail(approvals, error != 0 ? error : EIO, "%s: %s", path,
			error != 0 ? strerror(error) : sqlite3_errmsg(approvals->db));
	default:
		return store_fail(approvals, EIO, "%s: %s", path, sqlite3_errmsg(approvals->db));
	}
}

int store_begin(struct approvals *approvals, const char **complaint)
{
	*complaint = NULL;
	approvals->complaint = "the approval queue failed";
	approvals->error = EIO;
	if (approvals->process == getpid())
		return 0;
	store_fail(approvals, ECHILD, "the approval queue was opened by another process");
	return store_return(approvals, -1, complaint);
}

int store_return(struct approvals *approvals, int result, const char **complaint)
{
	if (result < 0) {
		*complaint = approvals->complaint;
		errno = approvals->error;
	}
	return result;
}

static int run_between(
	struct approvals *approvals, const char *begin, store_change *change, void *argument)
{
	int result;

	if (sql_run(approvals, begin) < 0)
		return -1;
	result = change(approvals, argument);
	if (result >= 0 && sql_run(approvals, "COMMIT") < 0)
		result = -1;
	if (result < 0 && sqlite3_get_autocommit(approvals->db) == 0)
		(void)sqlite3_exec(approvals->db, "ROLLBACK", NULL, NULL, NULL);
	return result;
}

int store_in_transaction(struct approvals *approvals, store_change *change, void *argument)
{
	return run_between(approvals, "BEGIN IMMEDIATE", change, argument);
}

int store_in_snapshot(struct approvals *approvals, store_change *change, void *argument)
{
	return run_between(approvals, "BEGIN", change, argument);
}
