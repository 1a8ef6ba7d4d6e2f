/*
 * A configuration names its own scripts by their absolute paths, below DIR. In a mount namespace of
 * its own, which ends with the child, it is in DIR already, and is checked as what it will be.
 */
#include <errno.h>
#include <jansson.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "admin/admin.h"
#include "admin/bundle.h"
#include "admin/check.h"
#include "base/message.h"

static int move_there(struct place *place, const char *name)
{
	const char *path = arena_printf(place->arena, "%s/%s", place->parent, name);

	if (unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		mount(path, place->path, NULL, MS_BIND, NULL) == 0)
		return 0;
	message_error("%s can't be checked as %s, in a mount namespace: %s", path, place->path,
		strerror(errno));
	return -1;
}

static int check(struct place *place)
{
	struct problems problems = {.arena = place->arena};
	json_t *confinement;

	(void)check_configuration(place->arena, place->path, 0, &problems, &confinement);
	json_decref(confinement);
	for (size_t i = 0; i < problems.count; i++)
		if (problems.items[i].level == PROBLEM_ERROR)
			message_error("%s", problem_text(place->arena, &problems.items[i]));
	return problems.errors == 0 ? ADMIN_OK : ADMIN_WRONG;
}

int bundle_check_in_place(struct place *place, const char *name)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(move_there(place, name) == 0 ? check(place) : ADMIN_FOUND);
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		message_error("checking it: %s", strerror(errno));
		return ADMIN_FOUND;
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status) <= ADMIN_WRONG ? WEXITSTATUS(status) : ADMIN_FOUND;
	message_error("checking it was ended by signal %d", WTERMSIG(status));
	return ADMIN_FOUND;
}
