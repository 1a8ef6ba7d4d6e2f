/*
 * trial: runs a command once with nothing in its way but its account, watches what it does, and
 * prints the least profile that would have let it. Root's alone, and on root's own word: the
 * gateway has no part in it (R9).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "admin/admin.h"
#include "admin/person.h"
#include "admin/trial_record.h"
#include "base/message.h"
#include "base/text.h"
#include "config/config.h"
#include "policy/line.h"
#include "spawn/environment.h"
#include "trial/refusals.h"
#include "trial/run.h"
#include "trial/subject.h"
#include "trial/suggest.h"

enum { REFUSALS_MAX = 20 };

struct trial {
	struct arena *arena;
	struct person person;
	struct decision decision;
	struct account account;
	struct request_id request;
	const char *line; /* argv as it is shown, quoted */
	struct spawn_program program;
	int terminal; /* the caller's own, or -1 */
};

/* What is run comes from files that root must be able to trust (R28). NULL after messages. */
static struct policy *load(struct arena *arena, const struct options *options)
{
	struct problems problems = {.arena = arena};
	struct policy *policy =
		config_load(arena, options->config, CONFIG_MAIN_OPTIONAL, &problems);

	for (size_t i = 0; policy == NULL && i < problems.count; i++)
		if (problems.items[i].level == PROBLEM_ERROR)
			message_error("%s", problem_text(arena, &problems.items[i]));
	return policy;
}

/* Neither --user nor --roles: somebody who has every role. */
static int find_person(
	struct trial *trial, const struct policy *policy, const struct options *options)
{
	struct person_request request = {.user = options->user, .endpoint = options->endpoint};
	const char *complaint = NULL;

	if (options->roles != NULL)
		request.roles = person_role_names(trial->arena, options->roles);
	else if (options->user == NULL)
		for (size_t i = 0; i < policy->role_count; i++)
			strings_add(trial->arena, &request.roles, policy->roles[i].name);
	if (person_find(trial->arena, policy, &request, &trial->person, &complaint) == 0)
		return 0;
	message_error("%s", complaint);
	return -1;
}

static int decide_call(struct trial *trial, const struct options *options)
{
	struct decision *decision = &trial->decision;

	person_decide(trial->arena, &trial->person, options->words, options->word_count, decision);
	if (decision->verdict == VERDICT_ALLOW && decision->command->function != NULL) {
		message_error("\"%s\" is a function, which has its inputs from the gateway: a trial "
			      "is of a command",
			decision->command->name);
		return -1;
	}
	if (decision->verdict == VERDICT_ALLOW)
		return 0;
	message_error("refused: %s (%s)", decision->detail, reason_code(decision->reason));
	return -1;
}

static int find_account(struct trial *trial, const struct options *options)
{
	const char *name = options->as, *complaint = NULL;

	if (name == NULL)
		name = person_run_as(&trial->person, &trial->decision);
	if (name == NULL || strcmp(name, "caller") == 0) {
		message_error("it runs as its caller: --user or --as is needed");
		return -1;
	}
	if (account_by_name(trial->arena, name, &trial->account, &complaint) == 0)
		return 0;
	message_error("%s", complaint);
	return -1;
}

static int open_program(struct trial *trial)
{
	const char *complaint = NULL;

	if (spawn_open_program(
		    trial->arena, trial->decision.program, &trial->program, &complaint) == 0)
		return 0;
	message_error("%s: %s", trial->decision.program, complaint);
	return -1;
}

/* The terminal that this process is in the foreground of, if its input or messages go there. */
static int own_terminal(void)
{
	for (int fd = 0; fd <= 2; fd += 2)
		if (isatty(fd) && tcgetpgrp(fd) == getpgrp())
			return fd;
	return -1;
}

static void announce(const struct trial *trial)
{
	message_warning("about to run, as %s, on this host: %s", trial->account.name, trial->line);
	message_warning(
		"nothing confines it but its account and no_new_privs: what it does is done");
}

/* Nothing, but the capabilities of its profile: without them it could not show what it needs. */
static struct confinement *open_confinement(const struct trial *trial)
{
	const struct confinement *own = trial->decision.confinement;
	struct confinement *open = arena_alloc(trial->arena, sizeof(*open));
	struct restriction *restriction = &open->restriction;

	if (trial->account.uid == 0) {
		struct subject_size self = {0};

		(void)subject_measure(getpid(), &self);
		restriction->has[RESTRICT_CAPABILITIES] = true;
		restriction->capabilities = self.capabilities;
	} else if (own != NULL && own->restriction.has[RESTRICT_CAPABILITIES]) {
		restriction->has[RESTRICT_CAPABILITIES] = true;
		restriction->capabilities = own->restriction.capabilities;
	}
	return open;
}

static char **environment(const struct trial *trial)
{
	const struct environment_facts facts = {
		.account = &trial->account,
		.user = trial->person.user != NULL ? trial->person.user
						   : trial_operator(trial->arena),
		.request = trial->request.text,
		.term = trial->terminal < 0 ? NULL : getenv("TERM"),
		.variables = &trial->decision.environment,
	};

	return environment_build(trial->arena, &facts);
}

/* The profile that a suggestion extends: what it refuses has to be named. */
static const struct strings *denied_calls(const struct policy *policy)
{
	static const struct strings none;
	const struct profile *standard = table_get(&policy->profile_by_name, "standard");

	return standard != NULL ? &standard->restriction.denied_calls : &none;
}

static int run(struct trial *trial, struct watch *watch, struct trial_end *end)
{
	const struct command *command = trial->decision.command;
	struct support support = {0};
	struct spawn spawn = {
		.program = trial->program,
		.argv = spawn_arguments(trial->arena, &trial->program, &trial->decision.argv),
		.envp = environment(trial),
		.account = &trial->account,
		.directory = command->directory != NULL ? command->directory : "/",
		.confinement = open_confinement(trial),
		.support = &support,
		/* stdout is for the profile alone. */
		.streams = {0, 2, 2},
		.terminal = trial->terminal,
	};

	if (record_get_login_uid(&spawn.login_uid) < 0)
		spawn.login_uid = (uid_t)-1;
	support_probe(trial->arena, &support);
	return trial_run(watch, &spawn, denied_calls(trial->person.policy), end);
}

static void tell_end(int status)
{
	if (WIFSIGNALED(status))
		message_info("it was ended by signal %d", WTERMSIG(status));
	else
		message_info("it ended with status %d", WEXITSTATUS(status));
}

/* 0, or -1 after a message. */
static int watch_run(struct trial *trial, struct watch *watch)
{
	struct trial_record record = {0};
	struct trial_end end = {0};

	if (trial_record_start(trial->arena, &trial->person, &trial->decision, &trial->account,
		    &trial->request, &record) < 0)
		return -1;
	if (run(trial, watch, &end) < 0) {
		message_error("the trial failed: %s", strerror(errno));
		trial_record_end(&record, -1);
		return -1;
	}
	trial_record_end(&record, end.failure.step == NULL ? end.status : -1);
	if (end.failure.step != NULL) {
		message_error("the program could not be started: %s: %s", end.failure.step,
			end.failure.error == 0 ? "the step did not hold"
					       : strerror(end.failure.error));
		return -1;
	}
	tell_end(end.status);
	return 0;
}

static void print_profile(const struct trial *trial, const struct watch *watch)
{
	char *program = realpath(trial->decision.program, NULL);
	const struct suggestion_facts facts = {
		.command = trial->decision.command->name,
		.line = trial->line,
		.program = program != NULL ? program : trial->decision.program,
		.run_as = trial->account.name,
	};

	fputs(suggest_profile(watch->seen, &facts), stdout);
	free(program);
}

/* What the profile that it has now would have said to all that. */
static void print_refusals(const struct trial *trial, const struct watch *watch)
{
	const struct confinement *own = trial->decision.confinement;
	struct strings said = {0};

	if (own != NULL)
		said = refusals(watch->seen, &own->restriction);
	for (size_t i = 0; i < said.count && i < REFUSALS_MAX; i++)
		message_info("its profile %s would have refused it %s", trial->decision.profile,
			said.items[i]);
	if (said.count > REFUSALS_MAX)
		message_info("and %zu more", said.count - REFUSALS_MAX);
}

static int try_call(struct trial *trial, const struct policy *policy, const struct options *options)
{
	struct watch watch = {.account = &trial->account};
	int result;

	if (find_person(trial, policy, options) < 0)
		return ADMIN_WRONG;
	if (decide_call(trial, options) < 0 || find_account(trial, options) < 0 ||
		open_program(trial) < 0)
		return ADMIN_FOUND;
	if (request_id_new(&trial->request) < 0) {
		message_error("no request id: %s", strerror(errno));
		return ADMIN_FOUND;
	}
	trial->line =
		line_quote(trial->arena, trial->decision.shown.items, trial->decision.shown.count);
	trial->terminal = own_terminal();
	announce(trial);
	watch.seen = observation_new(trial->arena);
	watch.scratch = arena_new();
	result = watch_run(trial, &watch);
	if (result == 0) {
		print_refusals(trial, &watch);
		print_profile(trial, &watch);
	}
	arena_free(watch.scratch);
	return result == 0 ? ADMIN_OK : ADMIN_FOUND;
}

static int check_form(const struct options *options)
{
	if (options->word_count == 0)
		message_error("trial: a command is needed after --");
	else if (options->user != NULL && options->roles != NULL)
		message_error("trial: --user and --roles exclude each other");
	else if (geteuid() != 0) {
		message_error("trial: only root can run a command as another account");
		return -1;
	} else
		return 0;
	usage(stderr, "trial");
	return -1;
}

int trial_verb(const struct options *options)
{
	struct trial trial = {.program = {.image = -1, .script = -1}, .terminal = -1};
	int status = ADMIN_WRONG;
	struct policy *policy;

	if (check_form(options) < 0)
		return ADMIN_WRONG;
	trial.arena = arena_new();
	policy = load(trial.arena, options);
	if (policy != NULL)
		status = try_call(&trial, policy, options);
	spawn_close_program(&trial.program);
	arena_free(trial.arena);
	return status;
}
