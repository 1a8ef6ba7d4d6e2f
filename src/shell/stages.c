/*
 * `a | b | c` without a shell: each command is a session and a request of its own, decided on,
 * confined and recorded as if it stood alone. The last one's session is the prompt's, which is busy
 * so, and not idle for the gateway.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "client/run.h"
#include "client/tree.h"
#include "protocol/protocol.h"
#include "shell/staging.h"

enum { STATUS_BROKEN_PIPE = 128 + SIGPIPE };

void staging_close_fd(int *fd)
{
	fd_close(fd);
	*fd = -1;
}

void staging_close_all(struct stages *stages)
{
	for (size_t i = 0; i < stages->count; i++) {
		staging_close_fd(&stages->items[i].socket);
		staging_close_fd(&stages->items[i].input);
		staging_close_fd(&stages->items[i].output);
	}
}

bool *staging_lost(struct stages *stages, size_t i)
{
	return i + 1 == stages->count ? &stages->report->lost : NULL;
}

static void say_refused(const struct stages *stages, size_t i, const char *detail)
{
	const struct client_refusal *refusal = &stages->report->refusal;
	const char *advice = shell_advice(stages->items[i].words->items[0]);
	const char *more = advice != NULL && strcmp(refusal->code, "not-permitted") == 0 ? advice
			   : refusal->request[0] == '\0' && strcmp(refusal->code, "limit") == 0
				   ? "each command of a pipeline is a session of its own"
				   : NULL;

	client_say_refusal(
		arena_printf(stages->arena, "stage %zu: %s%s%s; nothing of the pipeline was run",
			i + 1, detail, more == NULL ? "" : "; ", more == NULL ? "" : more),
		refusal->code, refusal->request);
}

/* A dry run's refusal comes as its answer; a session's, which is none, as a refusal. */
static void read_refusal(struct stages *stages, const char *json)
{
	struct client_refusal *refusal = &stages->report->refusal;
	const struct tree *tree = json == NULL ? NULL : tree_read(stages->arena, json);
	const char *code = tree_text(tree, "reason"), *detail = tree_text(tree, "message"),
		   *request = tree_text(tree, "request");

	if (refusal->code[0] != '\0')
		return;
	if (detail != NULL && tree_text(tree, "contact") != NULL)
		detail = arena_printf(
			stages->arena, "%s; ask %s", detail, tree_text(tree, "contact"));
	client_keep_refusal(refusal, code == NULL ? "gateway-error" : code,
		detail == NULL ? "refused" : detail, request == NULL ? "" : request);
}

/* Nothing is run by it; it is recorded as a dry run. */
static int check_stage(struct stages *stages, size_t i)
{
	const struct stage *stage = &stages->items[i];
	const struct client_options options = {.act_as = stages->shell->act_as,
		.pipeline = stages->label.text,
		.json = true,
		.quiet = true,
		.refusal = &stages->report->refusal,
		.lost = staging_lost(stages, i)};
	int status = EXIT_GATEWAY;
	char *json;

	stages->report->stage = i;
	json = client_ask(stage->socket, PACKET_CHECK, &options, stage->words->items,
		stage->words->count, &status);
	if (status == EXIT_REFUSED) {
		read_refusal(stages, json);
		say_refused(
			stages, i, client_safe_text(stages->arena, stages->report->refusal.detail));
	} else if (status != 0) {
		message_error("stage %zu could not be asked about: nothing of the pipeline was run",
			i + 1);
	}
	free(json);
	return status;
}

static int connect_stage(const struct stages *stages, size_t i)
{
	if (i + 1 < stages->count)
		return client_connect(stages->shell->endpoint);
	return shell_connect(stages->shell) < 0
		       ? -1
		       : fcntl(stages->shell->socket, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

static int ask_about_all(struct stages *stages)
{
	int status = 0;

	for (size_t i = 0; i < stages->count && status == 0; i++) {
		stages->items[i].socket = connect_stage(stages, i);
		status = stages->items[i].socket < 0 ? EXIT_GATEWAY : check_stage(stages, i);
	}
	return status;
}

static int open_pipes(struct stages *stages)
{
	for (size_t i = 0; i + 1 < stages->count; i++) {
		int ends[2];

		if (pipe2(ends, O_CLOEXEC) < 0) {
			message_error("can't make a pipe: %m");
			return -1;
		}
		stages->items[i].output = ends[1];
		stages->items[i + 1].input = ends[0];
	}
	return 0;
}

/* A stage whose reader has had enough is no news. */
static void tell_statuses(const struct stages *stages)
{
	struct strings texts = {0};
	bool news = false;

	for (size_t i = 0; i < stages->count; i++) {
		int status = stages->items[i].status;

		news = news ||
		       (i + 1 < stages->count && status != 0 && status != STATUS_BROKEN_PIPE);
		strings_add(stages->arena, &texts, arena_printf(stages->arena, "%d", status));
	}
	if (news)
		message_error("exit statuses of the pipeline: %s",
			strings_join(stages->arena, &texts, " | "));
}

static int run_all(struct stages *stages)
{
	int status;

	if (request_id_new(&stages->label) < 0) {
		message_error("can't make a label for the pipeline: %m");
		return EXIT_GATEWAY;
	}
	status = ask_about_all(stages);
	if (status != 0)
		return status;
	if (open_pipes(stages) < 0 || staging_catch_signals(stages) < 0)
		return EXIT_GATEWAY;
	status = staging_start_all(stages);
	if (status == 0) {
		staging_close_all(stages);
		staging_wait(stages);
		tell_statuses(stages);
		status = stages->items[stages->count - 1].status;
	}
	return status;
}

int stages_run(struct shell *shell, const struct pipeline *pipeline, struct job_report *report)
{
	struct stages stages = {.shell = shell,
		.report = report,
		.arena = arena_new(),
		.count = pipeline->count,
		.signals = -1};
	int status;

	sigprocmask(SIG_SETMASK, NULL, &stages.before);
	for (size_t i = 0; i < pipeline->count; i++)
		stages.items[i] = (struct stage){
			.words = &pipeline->stages[i], .socket = -1, .input = -1, .output = -1};
	status = run_all(&stages);
	staging_close_all(&stages);
	staging_close_fd(&stages.signals);
	sigprocmask(SIG_SETMASK, &stages.before, NULL);
	arena_free(stages.arena);
	return status;
}
