#include "gateway/loader.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "confine/filter.h"
#include "gateway/asker.h"
#include "gateway/installed.h"

enum { REGION_SIZE = 1024 * 1024 * 1024 /* reserved, not used */ };

struct load_result {
	bool finished;
	struct policy *policy;
	struct problems problems;
	const char *asker;
};

/* Filters are made once, here. A profile that this kernel can't keep is an error of the file. */
static void confine(
	struct policy *policy, const struct support *support, struct problems *problems)
{
	const struct source nowhere = { .file = "profiles" };
	const char *complaint = NULL;

	support_check(support, policy, problems);
	support_leave_out(support, policy);
	if (filter_build_all(policy, &complaint) != 0)
		problem_add(problems, PROBLEM_ERROR, nowhere, "%s", complaint);
	problems_sort(problems);
}

static _Noreturn void load(struct loader *loader, const char *directory,
	const struct support *support, const struct peer *asker)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	loader->result->policy =
		config_load(loader->arena, directory, 0, &loader->result->problems);
	if (loader->result->policy != NULL)
		confine(loader->result->policy, support, &loader->result->problems);
	if (loader->result->policy != NULL)
		installed_note(loader->result->policy, directory);
	loader->result->asker = asker_name(loader->arena, asker);
	loader->result->finished = true;
	_exit(0);
}

int loader_start(struct loader *loader, const char *directory, const struct support *support,
	const struct peer *asker)
{
	int error;

	loader->arena = arena_new_shared(REGION_SIZE);
	if (loader->arena == NULL)
		return -1;
	loader->result = arena_alloc(loader->arena, sizeof(*loader->result));
	loader->result->problems.arena = loader->arena;
	loader->pid = fork();
	if (loader->pid == 0)
		load(loader, directory, support, asker);
	if (loader->pid > 0)
		return 0;
	error = errno;
	loader->pid = 0;
	arena_free(loader->arena);
	errno = error;
	return -1;
}

/* Nothing that a child that failed has left is looked at. */
static void note_crash(struct load_result *result, struct arena *arena, int status)
{
	struct source nowhere = { .file = "configuration" };

	memset(result, 0, sizeof(*result));
	result->problems.arena = arena;
	if (WIFSIGNALED(status))
		problem_add(&result->problems, PROBLEM_ERROR, nowhere,
			"loading it was ended by signal %d", WTERMSIG(status));
	else
		problem_add(&result->problems, PROBLEM_ERROR, nowhere,
			"loading it failed with status %d", WEXITSTATUS(status));
}

void loader_reaped(struct loader *loader, int status, struct configuration *configuration)
{
	struct load_result *result = loader->result;
	bool done = WIFEXITED(status) && WEXITSTATUS(status) == 0 && result->finished;

	if (!done) {
		/* The region may be full: what is to be said of it goes into another. */
		arena_free(loader->arena);
		loader->arena = arena_new();
		result = arena_alloc(loader->arena, sizeof(*result));
		note_crash(result, loader->arena, status);
	}
	*configuration = (struct configuration){ .arena = loader->arena,
		.policy = result->problems.errors == 0 ? result->policy : NULL,
		.problems = &result->problems,
		.asker = result->asker,
		.loaded = time(NULL) };
	(void)arena_seal(loader->arena);
	*loader = (struct loader){ .pid = 0 };
}

void configuration_free(struct configuration *configuration)
{
	arena_free(configuration->arena);
	memset(configuration, 0, sizeof(*configuration));
}
