/*
 * The queue's file. The journal is SQLite's rollback journal, truncated with each commit, and not a
 * write-ahead log: a session reads once and ends, so a log would be set up and merged by nearly
 * each of them, a reader would have to write (its index), and three files could be damaged instead
 * of one. With synchronous=FULL a truncated journal is synced as well, so that what was
 * acknowledged outlives a power cut.
 */
#include "approval/approval.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "approval/store.h"
#include "base/fd.h"
#include "config/trust.h"

static const char *directory_path = ROLEGATE_STATE_DIR "/approvals";

void approvals_set_directory(const char *directory)
{
	directory_path = directory;
}

static int fail_system(struct approvals *approvals, const char *path)
{
	int error = errno;

	return store_fail(approvals, error, "%s: %s", path, strerror(error));
}

static int make_directory(struct approvals *approvals)
{
	const char *slash = strrchr(directory_path, '/');
	const char *parent =
		arena_strndup(approvals->arena, directory_path, (size_t)(slash - directory_path));

	if (mkdir(parent, 0700) < 0 && errno != EEXIST)
		return fail_system(approvals, parent);
	if (mkdir(directory_path, 0700) < 0 && errno != EEXIST)
		return fail_system(approvals, directory_path);
	return 0;
}

static int check_private(struct approvals *approvals, const struct stat *status, const char *path)
{
	if ((status->st_mode & 077) == 0)
		return 0;
	return store_fail(approvals, EPERM,
		"%s may be used by others (mode %04o); expected root alone", path,
		status->st_mode & 07777);
}

/* O_PATH: closing another kind would drop the locks that SQLite holds in this process. */
static int open_directory(struct approvals *approvals, bool create)
{
	const char *complaint = NULL;
	_cleanup_fd_ int fd = -1;
	struct stat status;

	if (create && make_directory(approvals) < 0)
		return -1;
	fd = trust_open(approvals->arena, directory_path, O_PATH, &complaint);
	if (fd < 0 && errno == ENOENT)
		return store_fail(approvals, ENOENT, "there is no approval queue yet");
	if (fd < 0)
		return store_fail(approvals, errno, "%s", complaint);
	if (fstat(fd, &status) < 0)
		return fail_system(approvals, directory_path);
	if (!S_ISDIR(status.st_mode))
		return store_fail(approvals, ENOTDIR, "%s is not a directory", directory_path);
	return check_private(approvals, &status, directory_path) < 0 ? -1 : fd_take(&fd);
}

/* The database or its journal: root's own file, under one name. 1: there is none. */
static int check_file(struct approvals *approvals, int directory, const char *name)
{
	const char *path = arena_printf(approvals->arena, "%s/%s", directory_path, name);
	struct stat status;

	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 1 : fail_system(approvals, path);
	if (!S_ISREG(status.st_mode))
		return store_fail(approvals, EPERM, "%s is not a regular file", path);
	if (status.st_uid != 0)
		return store_fail(approvals, EPERM, "%s is owned by uid %u; expected root (0)",
			path, (unsigned)status.st_uid);
	if (status.st_nlink != 1)
		return store_fail(approvals, EPERM, "%s has another name too (a hard link)", path);
	return check_private(approvals, &status, path);
}

/* Even steps: SQLite's own grow to 100 ms, in which others come first again and again. */
static int wait_turn(void *context, int before)
{
	(void)context;
	usleep(1000);
	return before < STORE_BUSY_TIMEOUT;
}

static int open_database(struct approvals *approvals, const char *path)
{
	approvals->path = path;
	if (sqlite3_open_v2(path, &approvals->db,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
			    SQLITE_OPEN_EXRESCODE,
		    NULL) != SQLITE_OK)
		return store_fail_sqlite(approvals);
	if (sqlite3_busy_handler(approvals->db, wait_turn, NULL) != SQLITE_OK ||
		sqlite3_db_config(approvals->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK)
		return store_fail_sqlite(approvals);
	return sql_run(approvals, "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; "
				  "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY");
}

static int create_in(struct approvals *approvals, const char *path)
{
	if (open_database(approvals, path) < 0 ||
		sql_run(approvals, "PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE") < 0 ||
		schema_create(approvals) < 0 || sql_run(approvals, "COMMIT") < 0)
		return -1;
	return 0;
}

/* Durable under its name, or not there; somebody else may have been faster. */
static int put_in_place(struct approvals *approvals, int directory, const char *name)
{
	_cleanup_fd_ int fd = -1;

	if (renameat2(directory, name, directory, "queue.db", RENAME_NOREPLACE) < 0 &&
		errno != EEXIST)
		return fail_system(approvals, directory_path);
	(void)unlinkat(directory, name, 0);
	fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && fsync(fd) == 0 ? 0 : fail_system(approvals, directory_path);
}

/*
 * Made whole under another name, so that an empty or half a database under its own is a damaged one
 * and never a new one.
 */
static int create_database(struct approvals *approvals, int directory)
{
	const char *name = arena_printf(approvals->arena, "queue.db.new.%ld", (long)getpid());
	const char *path = arena_printf(approvals->arena, "%s/%s", directory_path, name);
	_cleanup_fd_ int fd = -1;
	int result;

	(void)unlinkat(directory, name, 0);
	fd = openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || fchmod(fd, 0600) < 0)
		return fail_system(approvals, path);
	fd_close(&fd);
	result = create_in(approvals, path);
	if (sqlite3_close(approvals->db) != SQLITE_OK && result == 0)
		result = store_fail(approvals, EIO, "%s: it can't be closed", path);
	approvals->db = NULL;
	if (result == 0)
		result = put_in_place(approvals, directory, name);
	if (result < 0)
		(void)unlinkat(directory, name, 0);
	return result;
}

/* A database that somebody turned to a write-ahead log is left alone. */
static int check_journal(struct approvals *approvals)
{
	_cleanup_sql_ struct statement statement = sql(approvals, "PRAGMA journal_mode = TRUNCATE");
	const char *mode = sql_step(&statement) == 1 ? sql_get_text(&statement) : NULL;

	if (mode == NULL)
		return -1;
	if (strcmp(mode, "truncate") != 0)
		return store_fail(approvals, EBADMSG, "%s: its journal is of another kind (%s)",
			approvals->path, mode);
	return sqlite3_db_readonly(approvals->db, "main") == 0
		       ? 0
		       : store_fail(
				 approvals, EROFS, "%s: it can't be written to", approvals->path);
}

static int open_queue(struct approvals *approvals, bool create)
{
	_cleanup_fd_ int directory = open_directory(approvals, create);
	int missing;

	if (directory < 0)
		return -1;
	missing = check_file(approvals, directory, "queue.db");
	if (missing == 1 && !create)
		return store_fail(approvals, ENOENT, "there is no approval queue yet");
	if (missing < 0 || (missing == 1 && create_database(approvals, directory) < 0) ||
		check_file(approvals, directory, "queue.db-journal") < 0)
		return -1;
	if (open_database(
		    approvals, arena_printf(approvals->arena, "%s/queue.db", directory_path)) < 0 ||
		check_journal(approvals) < 0)
		return -1;
	return schema_check(approvals);
}

struct approvals *approvals_open(struct arena *arena, bool create, const char **complaint)
{
	struct approvals *approvals = arena_alloc(arena, sizeof(*approvals));

	approvals->arena = arena;
	approvals->process = getpid();
	approvals->path = directory_path;
	if (store_begin(approvals, complaint) == 0 && open_queue(approvals, create) == 0)
		return approvals;
	sqlite3_close(approvals->db);
	store_return(approvals, -1, complaint);
	return NULL;
}

void approvals_close(struct approvals *approvals)
{
	if (approvals != NULL && approvals->process == getpid())
		sqlite3_close(approvals->db);
}

void approvals_recorder(struct approvals *approvals, approvals_record *record, void *context)
{
	approvals->record = record;
	approvals->context = context;
}
