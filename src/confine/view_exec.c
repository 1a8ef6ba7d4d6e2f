/*
 * Lists of executables. All else is mounted no-exec, which holds for mmap(2) with PROT_EXEC too: so
 * the dynamic loader, given another program's path, can't map it, and what a program needs to be
 * loaded must be among the holes. That is found file by file, as the dynamic loader does: whole
 * library directories hold programs as well.
 */
#include "confine/view_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/elf_needs.h"

/* Where the loader looks when its cache has nothing; missing ones are skipped. */
static const char *const library_directories[] = {
#ifdef __x86_64__
	"/lib/x86_64-linux-gnu",
	"/usr/lib/x86_64-linux-gnu",
#elif defined(__aarch64__)
	"/lib/aarch64-linux-gnu",
	"/usr/lib/aarch64-linux-gnu",
#endif
	"/lib64",
	"/usr/lib64",
	"/lib",
	"/usr/lib",
	"/usr/local/lib",
};

enum { DIRECTORY_COUNT = sizeof(library_directories) / sizeof(library_directories[0]) };

/* Files whose needs are still to be looked up, and all that were seen. */
struct closure {
	struct view *view;
	struct loader_cache cache;
	struct strings names; /* libraries that were looked for */
};

static int add_library(struct closure *closure, const char *path);

/* What root alone can write; a list's own paths must be, a library that is not stays no-exec. */
static bool is_roots(const struct stat *status)
{
	return status->st_uid == 0 && (status->st_mode & 022) == 0;
}

static int add_found(struct closure *closure, const char *name, const struct strings *directories)
{
	struct arena *arena = closure->view->arena;
	int found = 0;

	for (size_t i = 0; i < directories->count; i++) {
		int added = add_library(
			closure, arena_printf(arena, "%s/%s", directories->items[i], name));

		if (added < 0)
			return -1;
		found |= added;
	}
	return found;
}

static int add_paths(struct closure *closure, const struct strings *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		if (add_library(closure, paths->items[i]) < 0)
			return -1;
	return paths->count > 0;
}

/* By name, in every place in which the loader might find it. */
static int add_name(struct closure *closure, const char *name, const struct strings *directories)
{
	struct arena *arena = closure->view->arena;
	struct strings paths = {.count = 0};
	const char *standard[DIRECTORY_COUNT];
	const struct strings all = {.items = standard, .count = DIRECTORY_COUNT};
	int found, cached;

	if (strchr(name, '/') != NULL)
		return name[0] == '/' ? add_library(closure, name) : 0;
	found = add_found(closure, name, directories);
	if (found < 0 || strings_contain(&closure->names, name))
		return found;
	strings_add(arena, &closure->names, name);
	loader_cache_find(arena, &closure->cache, name, false, &paths);
	cached = add_paths(closure, &paths);
	if (cached != 0)
		return cached;
	memcpy(standard, library_directories, sizeof(standard));
	return add_found(closure, name, &all);
}

static int add_needs(struct closure *closure, int file, const char *path)
{
	struct arena *arena = closure->view->arena;
	const char *slash = strrchr(path, '/');
	const char *origin = arena_strndup(arena, path, (size_t)(slash - path));
	struct elf_needs needs = {.interpreter = NULL};

	elf_read_needs(arena, file, origin, &needs);
	if (needs.interpreter != NULL && add_library(closure, needs.interpreter) < 0)
		return -1;
	for (size_t i = 0; i < needs.libraries.count; i++)
		if (add_name(closure, needs.libraries.items[i], &needs.directories) < 0)
			return -1;
	return 0;
}

/* A hole for the file at `path` and for what it needs. 0: there is none, 1: there is. */
static int add_library(struct closure *closure, const char *path)
{
	struct view *view = closure->view;
	_cleanup_fd_ int file = -1;
	const char *real = NULL;
	size_t before = view->count;
	struct stat status;

	file = view_open(view, path, &real);
	if (file < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	if (fstat(file, &status) < 0)
		return -1;
	if (!S_ISREG(status.st_mode) || !is_roots(&status))
		return 0;
	if (view_add_hole(view, real, HOLE_READ | HOLE_EXECUTE) < 0)
		return -1;
	if (view->count == before)
		return 1; /* seen before */
	fd_close(&file);
	file = open(real, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return file < 0 || add_needs(closure, file, real) < 0 ? -1 : 1;
}

/* A directory in a list stands for all that is in it, and brings nothing along. */
static int add_listed(struct closure *closure, const char *path)
{
	struct view *view = closure->view;
	_cleanup_fd_ int file = view_open(view, path, NULL);
	struct stat status;

	if (file < 0 || fstat(file, &status) < 0)
		return -1;
	if (!is_roots(&status) || (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))) {
		errno = EPERM;
		return -1;
	}
	if (S_ISDIR(status.st_mode))
		return view_add_hole(view, path, HOLE_READ | HOLE_EXECUTE);
	return add_library(closure, path);
}

/*
 * What the C library loads by itself in any program: for names of users and hosts, for character
 * sets, and to end threads.
 */
static int add_loaded_by_name(struct closure *closure)
{
	struct arena *arena = closure->view->arena;
	struct strings paths = {.count = 0}, libc = {.count = 0};

	loader_cache_find(arena, &closure->cache, "libnss_", true, &paths);
	loader_cache_find(arena, &closure->cache, "libgcc_s.so.1", false, &paths);
	loader_cache_find(arena, &closure->cache, "libc.so.6", false, &libc);
	for (size_t i = 0; i < libc.count; i++) {
		int length = (int)(strrchr(libc.items[i], '/') - libc.items[i]);

		if (view_add_hole(closure->view,
			    arena_printf(arena, "%.*s/gconv", length, libc.items[i]),
			    HOLE_READ | HOLE_EXECUTE) < 0)
			return -1;
	}
	return add_paths(closure, &paths);
}

/* The program is executed by its descriptor, so it needs no hole, but its libraries do. */
static int add_program(struct closure *closure, int program)
{
	struct arena *arena = closure->view->arena;
	char path[PATH_MAX];
	ssize_t length;

	if (program < 0)
		return 0;
	length = readlink(arena_printf(arena, "/proc/self/fd/%d", program), path, sizeof(path) - 1);
	if (length <= 0)
		return -1;
	path[length] = '\0';
	return path[0] == '/' ? add_needs(closure, program, path) : 0;
}

int view_add_needs(struct view *view, int program)
{
	struct closure closure = {.view = view};
	int result;

	loader_cache_open(&closure.cache);
	result = add_program(&closure, program);
	loader_cache_close(&closure.cache);
	return result < 0 ? -1 : 0;
}

int view_add_executables(struct view *view, int program)
{
	const struct strings *listed = &view->restriction->execute_paths;
	struct closure closure = {.view = view};
	int result;

	if (!view->limits_execute)
		return 0;
	loader_cache_open(&closure.cache);
	result = add_loaded_by_name(&closure);
	if (result >= 0)
		result = add_program(&closure, program);
	for (size_t i = 0; result >= 0 && i < listed->count; i++)
		result = add_listed(&closure, listed->items[i]);
	loader_cache_close(&closure.cache);
	return result < 0 ? -1 : 0;
}
