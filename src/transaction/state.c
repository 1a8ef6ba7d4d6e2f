/* Where transactions are on disk, whose they are, and how far. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/request_id.h"
#include "transaction/parts.h"

#ifdef FAULT_INJECTION
void crash_point(void)
{
	static long calls;
	const char *wanted = getenv("ROLEGATE_TEST_CRASH");

	if (wanted != NULL && strtol(wanted, NULL, 10) == ++calls)
		raise(SIGKILL);
}
#endif

enum { OPEN_DIRECTORY = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

static int make_directory(int parent, const char *name)
{
	return mkdirat(parent, name, 0700) != 0 && errno != EEXIST ? -1 : 0;
}

static bool is_roots(int directory, mode_t forbidden)
{
	struct stat status;

	errno = EPERM;
	return fstat(directory, &status) == 0 && status.st_uid == 0 &&
	       (status.st_mode & forbidden) == 0;
}

int state_open(struct arena *arena, const char **complaint)
{
	_cleanup_fd_ int state = -1, top = -1;

	if (make_directory(AT_FDCWD, ROLEGATE_STATE_DIR) == 0)
		state = open(ROLEGATE_STATE_DIR, OPEN_DIRECTORY);
	if (state >= 0 && is_roots(state, 022) && make_directory(state, "transactions") == 0)
		top = openat(state, "transactions", OPEN_DIRECTORY);
	if (top >= 0 && is_roots(top, 077) && make_directory(top, "locks") == 0)
		return fd_take(&top);
	*complaint = arena_printf(arena, "%s/transactions can't be used: %s", ROLEGATE_STATE_DIR,
		errno == EPERM ? "it is not root's alone" : strerror(errno));
	return -1;
}

/* Between a directory and its lock there must be no moment for others to take it. */
static int lock_top(const struct transaction *transaction)
{
	int result;

	do
		result = flock(transaction->top, LOCK_EX);
	while (result != 0 && errno == EINTR);
	return result;
}

static void unlock_top(const struct transaction *transaction)
{
	int error = errno;

	(void)flock(transaction->top, LOCK_UN);
	errno = error;
}

static int open_locked(struct transaction *transaction)
{
	_cleanup_fd_ int directory = openat(transaction->top, transaction->id, OPEN_DIRECTORY);

	if (directory < 0 || flock(directory, LOCK_EX | LOCK_NB) != 0)
		return -1;
	transaction->directory = fd_take(&directory);
	return 0;
}

int state_create(struct transaction *transaction)
{
	int result = lock_top(transaction);

	if (result != 0)
		return -1;
	result = mkdirat(transaction->top, transaction->id, 0700);
	if (result == 0)
		result = open_locked(transaction);
	unlock_top(transaction);
	return result;
}

static bool is_there(const struct transaction *transaction, const char *name)
{
	return faccessat(transaction->directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int state_take(struct transaction *transaction)
{
	int result = lock_top(transaction);

	if (result != 0)
		return -1;
	result = open_locked(transaction);
	unlock_top(transaction);
	if (result != 0)
		return errno == EWOULDBLOCK || errno == ENOENT ? 1 : -1;
	transaction->staging = is_there(transaction, "staging");
	transaction->begun = is_there(transaction, "commit");
	transaction->done = is_there(transaction, "done");
	transaction->empty = !transaction->done && !is_there(transaction, "0");
	return 0;
}

int state_mark(struct transaction *transaction, const char *name)
{
	_cleanup_fd_ int fd = -1;

	crash_point();
	fd = openat(transaction->directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || fsync(fd) != 0)
		return -1;
	crash_point();
	return fsync(transaction->directory);
}

int state_finish(struct transaction *transaction)
{
	crash_point();
	if (renameat(transaction->directory, "commit", transaction->directory, "done") != 0 ||
		fsync(transaction->directory) != 0)
		return -1;
	transaction->begun = false;
	transaction->done = true;
	crash_point();
	return 0;
}

static void name_part(char name[48], size_t number, const char *part)
{
	(void)snprintf(name, 48, "%zu%s", number, part);
}

static int open_part(const struct transaction *transaction, size_t number, const char *part)
{
	char name[48];

	name_part(name, number, part);
	return openat(transaction->directory, name, OPEN_DIRECTORY);
}

static int note_identity(const struct transaction *transaction, size_t number)
{
	_cleanup_fd_ int state = open_part(transaction, number, "");

	return state < 0 ? -1 : identity_note(state, transaction->areas[number].real);
}

bool state_knows(const struct transaction *transaction, size_t number)
{
	_cleanup_fd_ int state = open_part(transaction, number, "");

	return state >= 0 && identity_is_noted(state, transaction->areas[number].real);
}

int state_make_area(struct transaction *transaction, size_t number)
{
	struct transaction_area *area = &transaction->areas[number];
	int directory = transaction->directory;
	char name[48];

	name_part(name, number, "");
	if (mkdirat(directory, name, 0700) != 0)
		return -1;
	name_part(name, number, "/path");
	if (symlinkat(area->path, directory, name) != 0)
		return -1;
	name_part(name, number, "/upper");
	if (mkdirat(directory, name, 0700) != 0)
		return -1;
	name_part(name, number, "/work");
	if (mkdirat(directory, name, 0700) != 0)
		return -1;
	area->upper = open_part(transaction, number, "/upper");
	area->work = open_part(transaction, number, "/work");
	return area->upper < 0 || area->work < 0 ? -1 : note_identity(transaction, number);
}

const char *state_read_path(struct transaction *transaction, size_t number)
{
	char name[48], path[PATH_MAX];
	ssize_t length;

	name_part(name, number, "/path");
	length = readlinkat(transaction->directory, name, path, sizeof(path));
	if (length < 0 || length == sizeof(path))
		return NULL;
	return arena_strndup(transaction->arena, path, (size_t)length);
}

int state_open_area(struct transaction *transaction, size_t number)
{
	struct transaction_area *area = &transaction->areas[number];

	area->path = state_read_path(transaction, number);
	if (area->path == NULL)
		return errno == ENOENT ? 1 : -1;
	area->upper = open_part(transaction, number, "/upper");
	return area->upper < 0 ? -1 : 0;
}

int state_list(struct arena *arena, int top, struct strings *ids)
{
	_cleanup_list_ DIR *list = fd_list(top, ".");
	const char *name;

	if (list == NULL)
		return -1;
	while ((name = walk_next(list)) != NULL)
		if (request_id_is_valid(name))
			strings_add(arena, ids, arena_strdup(arena, name));
	return errno == 0 ? 0 : -1;
}

static bool is_mark(const char *name)
{
	return strcmp(name, "staging") == 0 || strcmp(name, "commit") == 0 ||
	       strcmp(name, "done") == 0;
}

/* The files that say how far it is go last: half of it is no other state than the whole. */
static int remove_areas(const struct transaction *transaction)
{
	_cleanup_list_ DIR *list = fd_list(transaction->directory, ".");
	const char *name;

	if (list == NULL)
		return -1;
	while ((name = walk_next(list)) != NULL)
		if (!is_mark(name) && remove_at(transaction->directory, name, NULL) != 0)
			return -1;
	return errno == 0 ? 0 : -1;
}

/* `done` is the last of them: without it, it would seem to have been thrown away. */
int state_remove(struct transaction *transaction)
{
	if (remove_areas(transaction) != 0 ||
		remove_at(transaction->directory, "staging", NULL) != 0 ||
		remove_contents(transaction->directory, NULL) != 0)
		return -1;
	crash_point();
	if (unlinkat(transaction->top, transaction->id, AT_REMOVEDIR) != 0)
		return -1;
	fd_close(&transaction->directory);
	return 0;
}
