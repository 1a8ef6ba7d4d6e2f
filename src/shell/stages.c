/*
 * `a | b | c` without a shell: each command is a session and a request of its own, decided on,
 * confined and recorded as if it stood alone. The last one's session is the prompt's, which is busy
 * so, and not idle for the gateway. A process of ours speaks for each, in one group, so
 * that the terminal's signals reach all of them; this one waits for them.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "base/request_id.h"
#include "client/run.h"
#include "client/tree.h"
#include "protocol/protocol.h"
#include "shell/shell.h"

enum {
	GRACE = 2000, /* ms that those that have begun get to end, when another was refused */
	STATUS_BROKEN_PIPE = 128 + SIGPIPE,
};

struct stage {
	const struct strings *words;
	int socket, input, output; /* pipe ends; -1: none, or not ours any more */
	pid_t pid;		   /* 0: not started, or ended */
	bool stopped;
	bool killed; /* by a signal, before it could end its request */
	int status;
};

struct stages {
	struct shell *shell;
	struct job_report *report;
	struct arena *arena;
	struct stage items[PIPELINE_STAGES_MAX];
	size_t count;
	struct request_id label; /* by which the records of all stages are found together */
	int signals; /* signalfd */
	sigset_t before;
};

static void close_fd(int *fd)
{
	fd_close(fd);
	*fd = -1;
}

static void say_refused(const struct stages *stages, size_t i, const char *detail)
{
	const struct client_refusal *refusal = &stages->report->refusal;
	const char *advice = shell_advice(stages->items[i].words->items[0]);
	const char *more = advice != NULL && strcmp(refusal->code, "not-permitted") == 0 ? advice
			   : refusal->request[0] == '\0' && strcmp(refusal->code, "limit") == 0
				   ? "each command of a pipeline is a session of its own"
				   : NULL;

	message_error("stage %zu: %s%s%s; nothing of the pipeline was run (%s%s%s)", i + 1, detail,
		more == NULL ? "" : "; ", more == NULL ? "" : more, refusal->code,
		refusal->request[0] == '\0' ? "" : ", request ", refusal->request);
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
	client_keep_refusal(refusal, code == NULL ? "gateway-error" : code,
		detail == NULL ? "refused" : detail, request == NULL ? "" : request);
}

static bool *lost_of(struct stages *stages, size_t i)
{
	return i + 1 == stages->count ? &stages->report->lost : NULL;
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
		.lost = lost_of(stages, i)};
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

static int catch_signals(struct stages *stages)
{
	static const int numbers[] = {SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGCONT};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, &stages->before);
	stages->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (stages->signals < 0)
		message_error("can't watch for signals: %m");
	return stages->signals < 0 ? -1 : 0;
}

static void close_all(struct stages *stages)
{
	for (size_t i = 0; i < stages->count; i++) {
		close_fd(&stages->items[i].socket);
		close_fd(&stages->items[i].input);
		close_fd(&stages->items[i].output);
	}
}

/* The streams are the pipes' ends, and nothing else of the others is held. */
static int take_streams(struct stages *stages, size_t i, int *socket)
{
	struct stage *stage = &stages->items[i];

	if ((stage->input >= 0 && dup2(stage->input, STDIN_FILENO) < 0) ||
		(stage->output >= 0 && dup2(stage->output, STDOUT_FILENO) < 0))
		return -1;
	*socket = fd_take(&stage->socket);
	close_all(stages);
	close_fd(&stages->signals);
	close_fd(&stages->shell->socket);
	return 0;
}

static void name_messages(const struct stages *stages, size_t i)
{
	const struct shell *shell = stages->shell;

	message_set_name(shell->line_number == 0
				 ? arena_printf(stages->arena, "rolegate: stage %zu", i + 1)
				 : arena_printf(stages->arena, "rolegate: line %zu: stage %zu",
					   shell->line_number, i + 1));
}

static _Noreturn void be_stage(struct stages *stages, size_t i, int started, pid_t leader)
{
	const struct strings *words = stages->items[i].words;
	const struct client_options options = {.act_as = stages->shell->act_as,
		.pipeline = stages->label.text,
		.advice = shell_advice(words->items[0]),
		.refusal = &stages->report->refusal,
		.started = started,
		.alone = true,
		.lost = lost_of(stages, i)};
	int socket = -1, status = EXIT_GATEWAY;

	/* Without its leader nobody would continue or end it. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != leader)
		_exit(EXIT_GATEWAY);
	name_messages(stages, i);
	stages->report->stage = i;
	if (take_streams(stages, i, &socket) < 0)
		message_error("can't connect it to its pipe: %m");
	sigprocmask(SIG_SETMASK, &stages->before, NULL);
	if (socket >= 0)
		status = client_run(socket, &options, words->items, words->count);
	_exit(status);
}

static void signal_all(const struct stages *stages, int number)
{
	for (size_t i = 0; i < stages->count; i++)
		if (stages->items[i].pid != 0)
			kill(stages->items[i].pid, number);
}

static void look_after(struct stage *stage)
{
	int status;

	while (stage->pid != 0 &&
		waitpid(stage->pid, &status, WNOHANG | WUNTRACED | WCONTINUED) > 0) {
		stage->stopped = WIFSTOPPED(status);
		if (!WIFEXITED(status) && !WIFSIGNALED(status))
			continue;
		stage->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		stage->killed = WIFSIGNALED(status);
		stage->pid = 0;
	}
}

static size_t living(const struct stages *stages, bool stopped)
{
	size_t count = 0;

	for (size_t i = 0; i < stages->count; i++)
		count += stages->items[i].pid != 0 && (stages->items[i].stopped || !stopped);
	return count;
}

/* The terminal has sent it to all of us; one that is stopped must go on to hear of it. */
static void take_signal(struct stages *stages, int number)
{
	if (number == SIGHUP || number == SIGTERM)
		signal_all(stages, number);
	if (number == SIGHUP || number == SIGTERM || number == SIGINT || number == SIGQUIT ||
		number == SIGCONT)
		signal_all(stages, SIGCONT);
}

/* Waits for something to happen to them, or for `fd`, for `timeout` ms. */
static void turn(struct stages *stages, int fd, int timeout)
{
	struct pollfd items[] = {
		{.fd = stages->signals, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
	struct signalfd_siginfo info;

	if (poll(items, 2, timeout) < 0)
		return;
	while (read(stages->signals, &info, sizeof(info)) == sizeof(info))
		take_signal(stages, (int)info.ssi_signo);
	for (size_t i = 0; i < stages->count; i++)
		look_after(&stages->items[i]);
	/* Whoever was killed left the session in the middle of something. */
	if (stages->items[stages->count - 1].killed)
		stages->report->lost = true;
	/* As one job: what is above us sees it stopped once all of it is. */
	if (living(stages, true) > 0 && living(stages, true) == living(stages, false)) {
		(void)raise(SIGSTOP);
		signal_all(stages, SIGCONT);
		for (size_t i = 0; i < stages->count; i++)
			stages->items[i].stopped = false;
	}
}

/* 0 once its program runs; -1: it ended without. */
static int wait_for_start(struct stages *stages, struct stage *stage, int fd)
{
	char byte;
	ssize_t got;

	for (;;) {
		struct pollfd item = {.fd = fd, .events = POLLIN};

		if (poll(&item, 1, 0) > 0)
			break;
		turn(stages, fd, -1);
	}
	got = read(fd, &byte, 1);
	while (got != 1 && stage->pid != 0)
		turn(stages, -1, -1);
	return got == 1 ? 0 : -1;
}

static int start_stage(struct stages *stages, size_t i)
{
	struct stage *stage = &stages->items[i];
	pid_t leader = getpid();
	int ends[2], result;

	stage->status = EXIT_GATEWAY;
	if (pipe2(ends, O_CLOEXEC) < 0 || (stage->pid = fork()) < 0) {
		stage->pid = 0;
		message_error("can't start a process: %m");
		return -1;
	}
	if (stage->pid == 0) {
		close(ends[0]);
		be_stage(stages, i, ends[1], leader);
	}
	close(ends[1]);
	result = wait_for_start(stages, stage, ends[0]);
	close(ends[0]);
	return result;
}

/* Those after it have had no data yet, and get none: the pipes stay open until they have ended. */
static void abandon(struct stages *stages, size_t refused)
{
	signal_all(stages, SIGTERM);
	for (int left = GRACE; left > 0 && living(stages, false) > 0; left -= 50)
		turn(stages, -1, 50);
	signal_all(stages, SIGKILL);
	while (living(stages, false) > 0)
		turn(stages, -1, -1);
	if (refused + 1 < stages->count)
		message_error("stage %zu did not start; those after it were ended before any data",
			refused + 1);
}

/* The last first: it waits for what is to come, while the others may still be refused. */
static int start_all(struct stages *stages)
{
	for (size_t i = stages->count; i-- > 0;) {
		if (start_stage(stages, i) == 0)
			continue;
		abandon(stages, i);
		return stages->items[i].status == 0 ? EXIT_GATEWAY : stages->items[i].status;
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
	if (open_pipes(stages) < 0 || catch_signals(stages) < 0)
		return EXIT_GATEWAY;
	status = start_all(stages);
	if (status == 0) {
		close_all(stages);
		while (living(stages, false) > 0)
			turn(stages, -1, -1);
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
	close_all(&stages);
	close_fd(&stages.signals);
	sigprocmask(SIG_SETMASK, &stages.before, NULL);
	arena_free(stages.arena);
	return status;
}
