/* PACKET_RUN: the request is read, prepared, started, followed to its end. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "answer/answer.h"
#include "base/message.h"
#include "gateway/clock.h"
#include "gateway/drive.h"
#include "gateway/function.h"
#include "gateway/relay.h"
#include "gateway/request.h"
#include "gateway/verbs.h"
#include "gateway/watchdog.h"
#include "spawn/environment.h"
#include "spawn/spawn.h"

enum { STREAMS_ALL = 7 };

/* The descriptors by stream; their number is what the bits say. */
static int take_streams(struct request *request, struct packet *packet)
{
	size_t next = 0;

	if (request->streams > STREAMS_ALL ||
		(size_t)__builtin_popcount(request->streams) != packet->descriptor_count)
		return -1;
	for (size_t i = 0; i < 3; i++) {
		if ((request->streams & 1u << i) == 0)
			continue;
		request->descriptors[i] = packet->descriptors[next];
		packet->descriptors[next++] = -1;
	}
	return 0;
}

static int parse_run(struct request *request, struct packet *packet)
{
	request->flags = packet_get_u32(packet);
	request->account = packet_get_string(request->arena, packet);
	request->streams = packet_get_u8(packet);
	request->term = packet_get_string(request->arena, packet);
	request->window = packet_get_window(packet);
	request_get_act_as(request, packet);
	request_get_pipeline(request, packet);
	request->words.items =
		(const char **)packet_get_words(request->arena, packet, &request->words.count);
	if (!packet_done(packet) || (request->flags & ~(uint32_t)PACKET_FLAG_ALL) != 0)
		return -1;
	return take_streams(request, packet);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* What only the program is to hold, so that the ends of its pipes are seen. */
static void close_streams(struct request *request)
{
	for (size_t i = 0; i < 3; i++)
		close_fd(&request->descriptors[i]);
	for (size_t i = 0; i < SPAWN_FILES_MAX; i++)
		close_fd(&request->files[i]);
	close_fd(&request->input);
	close_fd(&request->typed_program);
	spawn_close_program(&request->program);
}

static void close_terminal(struct request *request)
{
	/* As the leader of its session this process hangs it up. */
	if (request->slave >= 0)
		(void)!ioctl(request->slave, TIOCNOTTY);
	close_fd(&request->slave);
	close_fd(&request->master);
}

/*
 * What a detached command leaves behind is nobody's to kill: it goes to init as it is orphaned, not
 * to this process.
 */
static int choose_reaper(const struct command *command)
{
	return command->outlives_client ? prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
					: spawn_become_reaper();
}

static int start_program(struct request *request, pid_t *pid)
{
	const struct command *command = request->decision.command;
	const struct session *session = request->session;
	struct environment_facts facts = {
		.account = &request->run_as,
		.user = session->operator.name,
		.request = request->id.text,
		.term = request->slave < 0 ? NULL : request->term,
		.variables = &request->decision.environment,
		.function = &request->variables,
	};
	const struct spawn_extra extra = { .inputs = request->input,
		.typed = request->typed_program,
		.files = request->files,
		.file_count = request->decision.file_count };
	struct spawn spawn = {
		.program = request->program,
		.argv = spawn_arguments(
			request->arena, &request->program, &request->decision.argv),
		.envp = environment_build(request->arena, &facts),
		.account = &request->run_as,
		.login_uid = session->has_login_uid ? session->peer.uid : (uid_t)-1,
		.directory = command->directory == NULL ? "/" : command->directory,
		.confinement = request->decision.confinement,
		.support = session->support,
		.cgroup = &request->cgroup,
		.extra = &extra,
		.transaction = request->transaction,
		.terminal = request->slave,
	};
	struct spawn_failure failure = { .step = "reaper" };

	for (size_t i = 0; i < 3; i++)
		spawn.streams[i] = request->descriptors[i] >= 0 ? request->descriptors[i]
								: request->slave;
	if (choose_reaper(command) != 0) {
		failure.error = errno;
	} else if (spawn_start(&spawn, pid, &failure) == 0) {
		return 0;
	}
	request->decision.detail = arena_printf(request->arena,
		"the program could not be started: %s: %s", failure.step,
		failure.error == 0 ? "the step did not hold" : strerror(failure.error));
	return -1;
}

static void put_ended(
	struct request *request, const struct run_end *end, const struct answer_result *result)
{
	struct packet_writer *writer = &request->session->writer;
	struct answer_facts facts = { .request = request->id.text,
		.run_as = request->run_as.name,
		.act_as = request->act_as,
		.status = end->status,
		.signal = end->signal,
		.timed_out = end->timed_out,
		.result = result };
	enum ended_kind kind = end->timed_out	? ENDED_TIMED_OUT
			       : end->signal != 0 ? ENDED_SIGNALLED
						  : ENDED_EXITED;

	packet_restart(writer, PACKET_ENDED);
	packet_put_u32(writer, kind);
	packet_put_u32(writer, kind == ENDED_EXITED	 ? (uint32_t)end->status
			       : kind == ENDED_SIGNALLED ? (uint32_t)end->signal
							 : 0);
	packet_put_string(writer, request->id.text);
	packet_put_string(writer, request_json(request, &facts));
}

/* As many of a function's messages as the packet holds. */
static void send_ended(struct request *request, const struct run_end *end)
{
	struct session *session = request->session;
	struct answer_result *result = request_result(request, end);

	put_ended(request, end, result);
	while (session->writer.overflow && request_result_shrink(result))
		put_ended(request, end, result);
	(void)session_send(session);
}

static void send_started(struct request *request)
{
	struct session *session = request->session;

	packet_restart(&session->writer, PACKET_STARTED);
	packet_put_string(&session->writer, request->id.text);
	(void)session_send(session);
}

static void fail_to_start(struct request *request)
{
	struct run_end end = { .status = -1, .detail = request->decision.detail };

	report_end(request, &end);
	message_error("request %s: %s", request->id.text, end.detail);
	request_deny(request, REASON_GATEWAY_ERROR, "%s", end.detail);
}

/* What runs for a run that is noted already is a part of it. */
static void note_run(struct request *request, pid_t pid)
{
	struct session_note *note = request->session->note;

	if (note->running[0] != '\0')
		return;
	session_note_set(note->command, request->decision.command->name);
	session_note_set(note->account, request->run_as.name);
	note->child = pid;
	note->since = clock_now();
	session_note_set(note->running, request->id.text);
	request->noted = true;
}

int request_launch(struct request *request, struct relay *relay)
{
	pid_t pid;

	if (start_program(request, &pid) != 0) {
		fail_to_start(request);
		return -1;
	}
	close_streams(request);
	relay_open(relay, request, pid);
	note_run(request, pid);
	return 0;
}

void request_follow(struct request *request, struct relay *relay)
{
	relay_until_end(relay);
	request_settle_drive(request, relay);
	request_conclude(request, &relay->end);
	report_end(request, &relay->end);
	/* Before anybody is told, and calls the next one. */
	request_close_transaction(request);
	if (request->noted)
		session_note_set(request->session->note->running, "");
	limits_active(request->session);
}

/*
 * A line that the program has not read is lost with the terminal: it is told, and not given back, for
 * a program could choose what of its input the prompt takes for a line (R15).
 */
static void tell_unread(struct request *request)
{
	enum { LEAST = 3 }; /* bytes: one key and the line's end are as good as read */
	struct session *session = request->session;
	int unread = 0;

	if (request->slave < 0 || (request->flags & PACKET_FLAG_JSON) != 0 ||
		ioctl(request->slave, FIONREAD, &unread) != 0 || unread < LEAST)
		return;
	packet_restart(&session->writer, PACKET_NOTICE);
	packet_put_string(&session->writer,
		arena_printf(request->arena,
			"%d bytes that were typed were not read by the command", unread));
	(void)session_send(session);
}

/* The program is running. */
static void serve(struct request *request, struct relay *relay)
{
	struct session *session = request->session;

	send_started(request);
	session->state = SESSION_RUNNING;
	request_follow(request, relay);
	relay_drain(relay);
	session->state = SESSION_BETWEEN;
	session->relay = NULL;
	if (session->over == SESSION_OPEN)
		tell_unread(request);
	if (session_is_heard(session) || session->over == SESSION_STOP)
		send_ended(request, &relay->end);
}

void request_close(struct request *request)
{
	recording_close(&request->recording);
	close_streams(request);
	close_fd(&request->typed);
	close_fd(&request->errors);
	request_close_transaction(request);
	request_close_drive(request);
	drive_release_copies(request);
	close_terminal(request);
	if (cgroup_close(&request->cgroup) != 0)
		message_warning("request %s: its control group is not empty", request->id.text);
	if (request->pam != NULL) {
		watchdog_start(request->id.text);
		pam_session_close(request->pam);
		watchdog_stop();
	}
}

static void execute(struct request *request)
{
	struct session *session = request->session;
	struct relay relay;

	if (prepare_run(request) != 0) {
		if (session_is_heard(session))
			request_refuse(request, true);
		else
			(void)report_decision(request);
	} else if (request_launch(request, &relay) == 0) {
		serve(request, &relay);
	} else {
		request_refuse(request, false);
	}
	request_close(request);
}

int request_run(struct session *session)
{
	struct arena *arena = arena_new();
	struct request request;
	int result;

	request_start(&request, session, arena);
	result = parse_run(&request, &session->packet);
	if (result == 0) {
		session_note_set(session->note->doing,
			request.words.count == 0 ? "" : request.words.items[0]);
		execute(&request);
		session_note_set(session->note->doing, "");
	}
	close_streams(&request);
	arena_free(arena);
	return result;
}
