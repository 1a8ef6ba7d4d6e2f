#include "shell/history.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fd.h"
#include "base/text.h"

enum {
	HISTORY_LINES = 1000,
	HISTORY_LINE_MAX = 4096,	     /* bytes */
	HISTORY_FILE_MAX = 16 * 1024 * 1024, /* more than those can take, as vis(3) writes them */
	LOCK_PATIENCE = 2000,		     /* ms */
	LOCK_PAUSE = 20,
};

/*
 * $XDG_STATE_HOME/rolegate, else ~/.local/state/rolegate; NULL: there is no home. The first `base`
 * bytes are the directory that the environment names.
 */
static char *state_directory(struct arena *arena, size_t *base)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state != NULL && state[0] == '/') {
		*base = strlen(state);
		return arena_printf(arena, "%s/rolegate", state);
	}
	if (home == NULL || home[0] != '/' || home[1] == '\0')
		return NULL;
	*base = strlen(home);
	return arena_printf(arena, "%s/.local/state/rolegate", home);
}

/* What is missing below the first `base` bytes: a home that does not exist is not for us to make.
 */
static void make_directories(char *path, size_t base)
{
	char *slash = strchr(path + base + 1, '/');

	for (; slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)!mkdir(path, 0700);
		*slash = '/';
	}
	(void)!mkdir(path, 0700);
}

static char *history_path(struct arena *arena, bool make)
{
	size_t base = 0;
	char *directory = state_directory(arena, &base);

	if (directory == NULL)
		return NULL;
	if (make)
		make_directories(directory, base);
	return arena_printf(arena, "%s/history", directory);
}

/* A pipe in its place would hold the login up, and so would a file that is none of the operator's.
 */
static int open_ours(const char *path)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
	struct stat facts;

	if (fd < 0 || fstat(fd, &facts) < 0 || !S_ISREG(facts.st_mode) ||
		facts.st_uid != geteuid() || facts.st_size > HISTORY_FILE_MAX)
		return -1;
	return fd_take(&fd);
}

/* Whoever wrote the file: what the editor draws is text. */
static bool is_drawn(const char *line)
{
	char escaped[TEXT_ESCAPED];
	size_t left = strlen(line), size;

	for (; left > 0; line += size, left -= size) {
		size = text_escape_one(line, left, escaped);
		if (strlen(escaped) != size)
			return false;
	}
	return true;
}

/* From the oldest to the newest. */
static void copy_drawn(History *from, History *to)
{
	HistEvent event, added;
	int more = history(from, &event, H_LAST);

	for (; more >= 0; more = history(from, &event, H_PREV))
		if (is_drawn(event.str))
			history(to, &added, H_ENTER, event.str);
}

void history_load(History *history_list)
{
	struct arena *arena = arena_new();
	const char *path = history_path(arena, false);
	_cleanup_fd_ int fd = path == NULL ? -1 : open_ours(path);
	History *stored = fd < 0 ? NULL : history_init();
	HistEvent event;

	history(history_list, &event, H_SETSIZE, HISTORY_LINES);
	history(history_list, &event, H_SETUNIQUE, 1);
	if (stored != NULL) {
		history(stored, &event, H_SETSIZE, HISTORY_LINES);
		history(stored, &event, H_LOAD, arena_printf(arena, "/proc/self/fd/%d", fd));
		copy_drawn(stored, history_list);
		history_end(stored);
	}
	arena_free(arena);
}

static int open_draft(const char *draft)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = open(draft, flags, 0600);

	/* Of one that was killed, and had our number. */
	if (fd < 0 && errno == EEXIST && unlink(draft) == 0)
		fd = open(draft, flags, 0600);
	return fd;
}

/* A new file that replaces the old one, so that a full disk leaves that as it was. */
static int store(History *history_list, const char *path, const char *draft)
{
	_cleanup_fd_ int fd = open_draft(draft);
	HistEvent event;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	int written;

	if (file == NULL)
		return -1;
	(void)fd_take(&fd);
	written = history(history_list, &event, H_SAVE_FP, file);
	if (fclose(file) != 0 || written < 0 || rename(draft, path) < 0) {
		unlink(draft);
		return -1;
	}
	return 0;
}

bool history_add(History *history_list, const char *line)
{
	HistEvent event;

	if (strlen(line) > HISTORY_LINE_MAX)
		return false;
	history(history_list, &event, H_ENTER, line);
	return true;
}

/* So that two that end at once keep the lines of both. Not for ever: nobody waits for a history. */
static int lock_directory(struct arena *arena, const char *path)
{
	_cleanup_fd_ int fd =
		path == NULL ? -1
			     : open(arena_strndup(arena, path, (size_t)(strrchr(path, '/') - path)),
				       O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (int left = LOCK_PATIENCE; fd >= 0 && left > 0; left -= LOCK_PAUSE) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
			break;
		(void)poll(NULL, 0, LOCK_PAUSE);
	}
	return fd_take(&fd);
}

void history_store(const struct strings *lines)
{
	struct arena *arena = arena_new();
	const char *path = lines->count == 0 ? NULL : history_path(arena, true);
	_cleanup_fd_ int lock = lock_directory(arena, path);
	History *all = path == NULL ? NULL : history_init();

	if (all != NULL) {
		/* What other sessions have stored since we began is kept. */
		history_load(all);
		for (size_t i = 0; i < lines->count; i++)
			(void)history_add(all, lines->items[i]);
		(void)store(all, path, arena_printf(arena, "%s.%d", path, (int)getpid()));
		history_end(all);
	}
	arena_free(arena);
}
