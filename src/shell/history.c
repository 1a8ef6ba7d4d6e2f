#include "shell/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fd.h"

enum {
	HISTORY_LINES = 1000,
	HISTORY_LINE_MAX = 4096,	   /* bytes */
	HISTORY_FILE_MAX = 16 * 1024 * 1024, /* more than those can take, as vis(3) writes them */
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

void history_load(History *history_list)
{
	struct arena *arena = arena_new();
	const char *path = history_path(arena, false);
	struct stat facts;
	HistEvent event;

	history(history_list, &event, H_SETSIZE, HISTORY_LINES);
	history(history_list, &event, H_SETUNIQUE, 1);
	/* A pipe in its place would hold the login up, and so would a file that is none of ours. */
	if (path != NULL && lstat(path, &facts) == 0 && S_ISREG(facts.st_mode) &&
		facts.st_size <= HISTORY_FILE_MAX)
		history(history_list, &event, H_LOAD, path);
	arena_free(arena);
}

/* A new file that replaces the old one, so that a full disk leaves that as it was. */
static int store(History *history_list, const char *path, const char *draft)
{
	_cleanup_fd_ int fd =
		open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
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

void history_store(const struct strings *lines)
{
	struct arena *arena = arena_new();
	const char *path = history_path(arena, true);
	History *all = path == NULL || lines->count == 0 ? NULL : history_init();

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
