/* What has to be true before a program is started, one step after the other. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "confine/filter.h"
#include "gateway/drive.h"
#include "gateway/function.h"
#include "gateway/report.h"
#include "gateway/request.h"
#include "gateway/watchdog.h"
#include "spawn/spawn.h"
#include "spawn/terminal.h"

static int check_streams(struct request *request)
{
	static const char *const names[] = { "input", "output", "error" };

	for (size_t i = 0; i < 3; i++) {
		const char *complaint = NULL;

		if (request->descriptors[i] >= 0)
			complaint = stream_complaint(request->descriptors[i]);
		if (complaint == NULL)
			continue;
		request_deny(request, REASON_SYNTAX, "standard %s %s", names[i], complaint);
		return -1;
	}
	return 0;
}

static int find_account(struct request *request)
{
	const char *name = request->decision.run_as, *complaint = NULL;

	if (strcmp(name, "caller") == 0) {
		request->run_as = request->session->operator;
		return 0;
	}
	if (account_by_name(request->arena, name, &request->run_as, &complaint) == 0)
		return 0;
	request_deny(request, REASON_ACCOUNT_REFUSED, "%s", complaint);
	return -1;
}

/* No profile, no run: the zero value of a confinement is a refusal. */
static int check_confinement(struct request *request)
{
	const struct confinement *confinement = request->decision.confinement;

	if (confinement != NULL && !confinement->restriction.providers)
		return 0;
	request_deny(request, REASON_BLOCKED_BY_PROFILE, "no profile is known for this command");
	return -1;
}

static int check_files(struct request *request)
{
	static const char *const names[] = { "input", "output", "error" };

	for (size_t i = 0; i < 3; i++) {
		const char *complaint = NULL;

		if (request->descriptors[i] >= 0)
			complaint = stream_file_complaint(request->descriptors[i],
				request->session->peer.uid, &request->run_as,
				&request->decision.confinement->restriction);
		if (complaint == NULL)
			continue;
		request_deny(request, REASON_BLOCKED_BY_PROFILE, "standard %s %s", names[i],
			complaint);
		return -1;
	}
	return 0;
}

static int open_cgroup(struct request *request)
{
	const char *complaint = NULL;

	if (cgroup_open(request->arena, request->session->support, request->id.text,
		    &request->decision.confinement->restriction,
		    request->decision.command->outlives_client, &request->cgroup,
		    &complaint) == 0)
		return 0;
	request_deny(request, REASON_GATEWAY_ERROR, "%s", complaint);
	return -1;
}

static int open_program(struct request *request)
{
	const char *complaint = NULL;

	const struct function *function = request->decision.command->function;
	int result = function == NULL
		? spawn_open_program(request->arena, request->decision.program,
			  &request->program, &complaint)
		: spawn_open_script(request->arena, request->content,
			  function->script.interpreter, &request->program, &complaint);

	if (result == 0)
		return 0;
	request_deny(request, errno == EPERM ? REASON_UNTRUSTED : REASON_GATEWAY_ERROR, "%s",
		complaint);
	return -1;
}

static int check_architecture(struct request *request)
{
	if (!request->program.foreign ||
		!filter_is_needed(&request->decision.confinement->restriction))
		return 0;
	request_deny(request, REASON_BLOCKED_BY_PROFILE,
		"%s is made for another architecture, all of whose system calls its profile refuses",
		request->decision.program);
	return -1;
}

static int check_caller(struct request *request)
{
	struct session *session = request->session;
	struct pam_talk talk = { .ask = converse_ask, .context = request };
	enum authenticate when = session->endpoint->authenticate;
	bool failed = false, asked = when == AUTHENTICATE_ALWAYS ||
		(when == AUTHENTICATE_SESSION && !session->authenticated);
	bool authenticate = asked && request->outer == NULL; /* that one was */
	const char *complaint = NULL;

	if (authenticate && request->quiet) {
		request_deny(request, REASON_AUTHENTICATION_FAILED,
			"only after you have authenticated");
		return -1;
	}
	if (pam_check_caller(request->arena, session->operator.name, NULL, authenticate, &talk,
		    &failed, &complaint) == 0) {
		session->authenticated = session->authenticated || authenticate;
		return 0;
	}
	request_deny(request, failed ? REASON_AUTHENTICATION_FAILED : REASON_ACCOUNT_REFUSED, "%s",
		complaint);
	return -1;
}

static int open_terminal(struct request *request)
{
	if (request->streams == 7)
		return 0;
	/* Led by this process, a terminal can stop the program: see struct spawn. */
	if (terminal_open(request->run_as.uid, &request->window, &request->master,
		    &request->slave) == 0 &&
		ptsname_r(request->master, request->tty, sizeof(request->tty)) == 0 &&
		ioctl(request->slave, TIOCSCTTY, 0) == 0)
		return 0;
	request_deny(request, REASON_GATEWAY_ERROR, "no terminal: %s", strerror(errno));
	return -1;
}

static int open_pam_session(struct request *request)
{
	struct pam_talk talk = { .ask = converse_ask, .context = request };
	const char *complaint = NULL;

	request->pam = pam_session_open(request->arena, request->run_as.name,
		request->session->operator.name, request->tty[0] == '\0' ? NULL : request->tty,
		&talk, &complaint);
	if (request->pam != NULL)
		return 0;
	request_deny(request, REASON_ACCOUNT_REFUSED, "%s", complaint);
	return -1;
}

/* Nobody is told the outcome of a run that nobody waits for (R20). */
static int check_client(struct request *request)
{
	struct session *session = request->session;
	struct pollfd fds[] = { { .fd = session->socket, .events = POLLRDHUP },
		{ .fd = session->peer.pidfd, .events = POLLIN } };

	if (!request->regardless)
		limits_check(session, false);
	if (request->regardless || (session->over == SESSION_OPEN && poll(fds, 2, 0) == 0))
		return 0;
	if (session_is_heard(session) && session->over != SESSION_OPEN) {
		request_deny(request, REASON_LIMIT, "this session is over");
		return -1;
	}
	if (session->over == SESSION_OPEN)
		session->over = SESSION_GONE;
	request_deny(request, REASON_GATEWAY_ERROR, "the client went away");
	return -1;
}

/* No record, no run. */
static int record_permission(struct request *request)
{
	if (report_decision(request) == 0)
		return 0;
	request_deny(request, REASON_GATEWAY_ERROR,
		"the decision could not be recorded, so nothing was run");
	return -1;
}

static int run_steps(struct request *request, int (*const steps[])(struct request *), size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (steps[i](request) != 0)
			return -1;
	return 0;
}

/* What is refused may have been approved, or goes to the queue. */
static int decide_with_approval(struct request *request)
{
	(void)request_decide(request);
	(void)request_check_content(request);
	return request_check_approval(request);
}

/* What may wait for a service that doesn't answer. */
static int run_guarded(
	struct request *request, int (*const steps[])(struct request *), size_t count)
{
	int result;

	watchdog_start(request->id.text);
	result = run_steps(request, steps, count);
	watchdog_stop();
	return result;
}

#define COUNT(steps) (sizeof(steps) / sizeof((steps)[0]))

int request_check_caller(struct request *request)
{
	static int (*const steps[])(struct request *) = { check_caller };

	return run_guarded(request, steps, COUNT(steps));
}

int prepare_run(struct request *request)
{
	static int (*const pure[])(struct request *) = { request_check_person, check_streams,
		decide_with_approval, check_confinement };
	static int (*const person[])(struct request *) = { find_account, open_program,
		request_check_interpreter, check_confinement, check_architecture, check_files,
		check_caller };
	/* Runs of their own, with a time of their own; and files, which may be large. */
	static int (*const nested[])(
		struct request *) = { request_check_startup, request_check_choices, request_open_files,
		request_open_drive };
	static int (*const opening[])(struct request *) = { open_terminal, open_cgroup,
		request_open_inputs, request_open_transaction, request_open_recording,
		open_pam_session };
	static int (*const last[])(struct request *) = { request_await_recording, check_client,
		request_use_approval, record_permission, request_record_files };

	if (run_steps(request, pure, COUNT(pure)) != 0 ||
		run_guarded(request, person, COUNT(person)) != 0 ||
		run_steps(request, nested, COUNT(nested)) != 0 ||
		run_guarded(request, opening, COUNT(opening)) != 0)
		return -1;
	return run_steps(request, last, COUNT(last));
}
