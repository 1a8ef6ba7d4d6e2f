/* The tree of groups that the gateway has, and the part of it that each session is in. */
#include "confine/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/cgroup_files.h"

enum {
	CRASH_TIMEOUT = 200, /* ms that the listener waits for what a crashed session left */
	SESSION_TIMEOUT = 2000,
};

/* Kills what is in DELEGATED/`kind`/`name`, and removes it. */
static int end_group(const char *delegated, const char *kind, const char *name, int timeout)
{
	char path[PATH_MAX];
	_cleanup_fd_ int directory = -1;

	if (snprintf(path, sizeof(path), "%s/%s/%s", delegated, kind, name) >= (int)sizeof(path) ||
		(directory = cgroup_directory(path)) < 0)
		return -1;
	if (rmdir(path) == 0)
		return 0;
	if (cgroup_write(directory, "cgroup.kill", "1") != 0 ||
		cgroup_wait_empty(directory, timeout) != 0)
		return -1;
	return rmdir(path);
}

static int remove_empty(const char *delegated, const char *kind, const char *name)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s/%s", delegated, kind, name) >= (int)sizeof(path))
		return -1;
	return rmdir(path);
}

/* The groups of a kind whose names begin with `prefix`; kept ones only when they are empty. */
static void sweep(const char *delegated, const char *kind, const char *prefix)
{
	char path[PATH_MAX];
	const struct dirent *entry;
	DIR *list;

	if (snprintf(path, sizeof(path), "%s/%s", delegated, kind) >= (int)sizeof(path) ||
		(list = opendir(path)) == NULL)
		return;
	while ((entry = readdir(list)) != NULL) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		if (strncmp(entry->d_name, "kept-", 5) == 0)
			(void)remove_empty(delegated, kind, entry->d_name);
		else if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			(void)end_group(delegated, kind, entry->d_name, CRASH_TIMEOUT);
	}
	closedir(list);
}

/* A group of the tree, with these controllers for those below it as far as it has them. */
static int open_level(const char *path, bool controllers)
{
	static const char *const wanted[] = {"+memory", "+pids", "+cpu"};
	_cleanup_fd_ int directory = -1;

	if (mkdir(path, CGROUP_MODE) != 0 && errno != EEXIST)
		return -1;
	directory = cgroup_directory(path);
	if (directory < 0)
		return -1;
	for (size_t i = 0; controllers && i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (cgroup_lists(directory, "cgroup.controllers", wanted[i] + 1))
			(void)cgroup_write(directory, "cgroup.subtree_control", wanted[i]);
	return fd_take(&directory);
}

static void note_controllers(struct support *support, int directory, const char *file)
{
	support->cgroup_memory = cgroup_lists(directory, file, "memory");
	support->cgroup_pids = cgroup_lists(directory, file, "pids");
	support->cgroup_cpu = cgroup_lists(directory, file, "cpu");
}

/* Before anything in it is ended: a second gateway must not do that to the first. */
static const char *enter_leaf(struct arena *arena, const char *path)
{
	_cleanup_fd_ int leaf = open_level(path, false);
	char members[CGROUP_VALUE_MAX];

	if (leaf >= 0 && cgroup_read(leaf, "cgroup.procs", members, sizeof(members)) == 0 &&
		members[0] != '\0')
		return "another gateway has it";
	if (leaf < 0 || cgroup_write(leaf, "cgroup.procs", "0") != 0)
		return arena_printf(arena, "%s: %s", path, strerror(errno));
	return NULL;
}

static const char *build(struct arena *arena, struct support *support, const char *path)
{
	const char *complaint = enter_leaf(arena, arena_printf(arena, "%s/gateway", path));
	_cleanup_fd_ int top = -1, runs = -1, sessions = -1;

	if (complaint != NULL)
		return complaint;
	sweep(path, "sessions", "");
	sweep(path, "runs", "run-");
	top = open_level(path, true);
	runs = open_level(arena_printf(arena, "%s/runs", path), true);
	sessions = open_level(arena_printf(arena, "%s/sessions", path), false);
	if (top < 0 || runs < 0 || sessions < 0)
		return arena_printf(arena, "%s: %s", path, strerror(errno));
	note_controllers(support, runs, "cgroup.subtree_control");
	support->cgroup = path;
	return NULL;
}

int cgroup_prepare(
	struct arena *arena, struct support *support, const char *directory, const char **complaint)
{
	const char *reason = NULL, *path = directory;

	support->cgroup = NULL;
	if (directory != NULL && mkdir(directory, CGROUP_MODE) != 0 && errno != EEXIST)
		reason = strerror(errno);
	else if (directory == NULL && (path = cgroup_delegated(arena)) == NULL)
		return 0;
	if (reason == NULL)
		reason = cgroup_distrust(path);
	if (reason == NULL)
		reason = build(arena, support, path);
	if (reason == NULL)
		return 0;
	*complaint = arena_printf(arena, "no control groups: %s: %s", path, reason);
	return -1;
}

static const char *session_name(char *name, size_t size, pid_t pid)
{
	snprintf(name, size, "%d", (int)pid);
	return name;
}

static int enter(const char *path)
{
	_cleanup_fd_ int directory = cgroup_directory(path);

	return directory < 0 ? -1 : cgroup_write(directory, "cgroup.procs", "0");
}

int cgroup_enter_session(const struct support *support)
{
	char path[PATH_MAX];

	if (support->cgroup == NULL)
		return 0;
	if (snprintf(path, sizeof(path), "%s/sessions/%d", support->cgroup, (int)getpid()) >=
		(int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return mkdir(path, CGROUP_MODE) != 0 && errno != EEXIST ? -1 : enter(path);
}

int cgroup_kill_session(const struct support *support)
{
	char path[PATH_MAX], name[16], own[CGROUP_VALUE_MAX];
	int result;

	errno = ENOENT;
	if (support->cgroup == NULL || cgroup_own(own, sizeof(own)) != 0)
		return -1;
	session_name(name, sizeof(name), getpid());
	/* Not in it: it could not be entered, or a PAM module has moved this process elsewhere. */
	if (strcmp(strrchr(own, '/') + 1, name) != 0 ||
		snprintf(path, sizeof(path), "%s/gateway", support->cgroup) >= (int)sizeof(path) ||
		enter(path) != 0)
		return -1;
	result = end_group(support->cgroup, "sessions", name, SESSION_TIMEOUT);
	return cgroup_enter_session(support) != 0 ? -1 : result;
}

void cgroup_session_ended(const struct support *support, pid_t pid, bool orderly)
{
	char name[16], prefix[24];

	if (support->cgroup == NULL)
		return;
	(void)end_group(
		support->cgroup, "sessions", session_name(name, sizeof(name), pid), CRASH_TIMEOUT);
	if (orderly)
		return;
	snprintf(prefix, sizeof(prefix), "run-%d-", (int)pid);
	sweep(support->cgroup, "runs", prefix);
}
