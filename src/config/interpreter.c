/*
 * The interpreter is what is executed, so it is looked at here and not by the kernel, which would
 * follow any link to it and run any file that it finds.
 */
#include "config/interpreter.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "config/trust.h"

enum { LINKS_MAX = 16 };

/* A path while its links are followed: no link is in `done`, which has no slash at its end. */
struct walk {
	struct arena *arena;
	const char *done, *rest;
	unsigned links;
};

/* Who can change the link decides what runs: it is looked at as the directories are. */
static const char *follow(struct walk *walk, const char *link, const struct stat *status)
{
	const char *directory = *walk->done == '\0' ? "/" : walk->done, *complaint = NULL;
	char target[PATH_MAX];
	ssize_t length = readlink(link, target, sizeof(target) - 1);
	int fd;

	if (length <= 0 || ++walk->links > LINKS_MAX)
		return arena_printf(walk->arena, "%s can't be followed", link);
	if (status->st_uid != 0)
		return arena_printf(walk->arena, "%s is a link owned by uid %u; expected root (0)",
			link, status->st_uid);
	fd = trust_open(walk->arena, directory, O_PATH | O_DIRECTORY, &complaint);
	if (fd < 0)
		return complaint;
	close(fd);
	target[length] = '\0';
	if (*target == '/')
		walk->done = "";
	walk->rest = arena_printf(walk->arena, "%s/%s", target, walk->rest);
	return NULL;
}

static void enter(struct walk *walk, const char *name, const char *path)
{
	if (strcmp(name, "..") != 0) {
		walk->done = path;
		return;
	}
	if (*walk->done != '\0')
		walk->done = arena_strndup(
			walk->arena, walk->done, (size_t)(strrchr(walk->done, '/') - walk->done));
}

/* NULL when there is no component left, or what is wrong. */
static const char *follow_links(struct walk *walk)
{
	for (;;) {
		const char *complaint = NULL, *name, *path;
		struct stat status;
		size_t length;

		walk->rest += strspn(walk->rest, "/");
		length = strcspn(walk->rest, "/");
		if (length == 0)
			return NULL;
		name = arena_strndup(walk->arena, walk->rest, length);
		walk->rest += length;
		if (strcmp(name, ".") == 0)
			continue;
		path = arena_printf(walk->arena, "%s/%s", walk->done, name);
		if (strcmp(name, "..") == 0 || lstat(path, &status) < 0 || !S_ISLNK(status.st_mode))
			enter(walk, name, path); /* what is missing is found missing later */
		else
			complaint = follow(walk, path, &status);
		if (complaint != NULL)
			return complaint;
	}
}

int interpreter_open(struct arena *arena, const char *path, const char **complaint)
{
	struct walk walk = {.arena = arena, .done = "", .rest = path};

	*complaint = follow_links(&walk);
	if (*complaint != NULL) {
		errno = EPERM;
		return -1;
	}
	return trust_open(
		arena, walk.done, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, complaint);
}
