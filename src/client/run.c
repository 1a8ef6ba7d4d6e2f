/* One command, from its request to its exit status. */
#include "client/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "client/signals.h"

void run_end(struct run *run, int status)
{
	alive_erase(run);
	tty_restore(&run->tty);
	run->over = true;
	run->status = status;
}

void run_lose(struct run *run, int status)
{
	run_end(run, status);
	if (run->options->lost != NULL)
		*run->options->lost = true;
	if (run->options->failure != NULL) {
		run->options->failure->happened = true;
		run->options->failure->started = run->started;
		snprintf(run->options->failure->said.request,
			sizeof(run->options->failure->said.request), "%s", run->request);
	}
}

void run_fail(struct run *run, const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	run_lose(run, EXIT_GATEWAY);
	if (run->request[0] == '\0')
		message_error("%s", text);
	else
		message_error("%s (request %s)", text, run->request);
}

static bool is_pipe(int fd)
{
	struct stat facts;

	return fstat(fd, &facts) == 0 && (S_ISFIFO(facts.st_mode) || S_ISSOCK(facts.st_mode));
}

int run_choose_streams(struct run *run, struct run_streams *streams)
{
	bool terminal[3];

	*streams = (struct run_streams){.nothing = -1};
	for (int i = 0; i < 3; i++)
		terminal[i] = isatty(i) == 1;
	if (terminal[0] && is_pipe(1)) {
		streams->nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (streams->nothing < 0)
			return -1;
	} else if (terminal[0]) {
		run->tty.fd = 0;
	}
	for (int i = 0; i < 3; i++) {
		if (terminal[i] && !(i == 0 && streams->nothing >= 0))
			continue;
		streams->passed |= (uint8_t)(1U << i);
		streams->descriptors[streams->count++] = terminal[i] ? streams->nothing : i;
	}
	run->screen = terminal[1] ? 1 : terminal[2] ? 2 : run->tty.fd;
	return 0;
}

static int send_request(struct run *run, const char *const *words, size_t count)
{
	const struct client_options *options = run->options;
	uint32_t flags = (options->json ? PACKET_FLAG_JSON : 0U) |
			 (options->no_prompt ? PACKET_FLAG_NO_PROMPT : 0U);
	struct packet_window window = {0};
	struct packet_writer *writer = &run->writer;
	struct run_streams streams;
	int result;

	if (run_choose_streams(run, &streams) < 0)
		return -1;
	window = tty_window(run->screen);
	packet_restart(writer, PACKET_RUN);
	packet_put_u32(writer, flags);
	packet_put_string(writer, options->account);
	packet_put_u8(writer, streams.passed);
	packet_put_string(writer, run->screen < 0 ? "" : getenv("TERM"));
	packet_put_window(writer, &window);
	packet_put_string(writer, options->act_as);
	packet_put_string(writer, options->pipeline);
	packet_put_u32(writer, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		packet_put_string(writer, words[i]);
	result = client_send(run->socket, writer, streams.descriptors, streams.count);
	fd_close(&streams.nothing);
	return result;
}

/* The JSON object, last on stdout. */
static void show_json(const char *json)
{
	if (json[0] == '\0')
		return;
	if (fd_write_all(STDOUT_FILENO, json, strlen(json)) < 0 ||
		fd_write_all(STDOUT_FILENO, "\n", 1) < 0)
		message_error("can't write the answer: %m");
}

static int on_refused(struct run *run, struct packet *packet)
{
	const char *json = client_refused(run->arena, run->options, packet);

	if (json == NULL)
		return -1;
	run_end(run, EXIT_REFUSED);
	show_json(json);
	return 0;
}

static int on_started(struct run *run, struct packet *packet)
{
	run->request = packet_get_string(run->arena, packet);
	if (!packet_done(packet))
		return -1;
	run->started = true;
	if (run->options->started > 0)
		(void)!write(run->options->started, "", 1);
	(void)tty_make_raw(&run->tty);
	alive_start(run);
	return 0;
}

static int on_output(struct run *run, struct packet *packet)
{
	run->output = packet_get_bytes(packet, &run->output_length);
	return packet_done(packet) && run->screen >= 0 ? 0 : -1;
}

static int on_message(struct run *run, struct packet *packet)
{
	int type = packet_get_u8(packet);
	const char *input = packet_get_string(run->arena, packet);
	const char *text = packet_get_string(run->arena, packet);

	if (!packet_done(packet) || type < MESSAGE_SUCCESS || type > MESSAGE_INVALID)
		return -1;
	alive_erase(run);
	if (!run->options->json)
		said_show(run, type, input, text);
	return 0;
}

static int on_stopped(struct run *run, struct packet *packet)
{
	(void)packet_get_u32(packet);
	if (!packet_done(packet))
		return -1;
	relay_stop(run);
	return 0;
}

static int on_ended(struct run *run, struct packet *packet)
{
	uint32_t kind = packet_get_u32(packet), value = packet_get_u32(packet);
	const char *request = packet_get_string(run->arena, packet);
	const char *json = packet_get_string(run->arena, packet);

	if (!packet_done(packet) || kind < ENDED_EXITED || kind > ENDED_TIMED_OUT || value > 255 ||
		(kind == ENDED_SIGNALLED && (value == 0 || value > 127)))
		return -1;
	run_end(run, kind == ENDED_EXITED      ? (int)value
		     : kind == ENDED_SIGNALLED ? 128 + (int)value
					       : EXIT_TIMED_OUT);
	if (kind == ENDED_TIMED_OUT)
		message_error("the command ran longer than it may (request %s)", request);
	show_json(json);
	return 0;
}

static int on_notice(struct run *run, struct packet *packet)
{
	const char *text = client_notice(run->arena, packet);

	if (text == NULL)
		return -1;
	notice_show(run, text);
	return 0;
}

static void begin(struct run *run);

/* It has read nothing of this request. Whoever else has the old connection must begin anew. */
static int on_renew(struct run *run, struct packet *packet)
{
	if (!packet_done(packet) || run->renewals++ == RENEWALS_MAX)
		return -1;
	if (run->options->lost != NULL)
		*run->options->lost = true;
	if (client_renew(run->socket) < 0)
		run_lose(run, EXIT_GATEWAY);
	else
		begin(run);
	return 0;
}

/* What the gateway may say, and when: anything else ends the session. */
static const struct {
	uint16_t type;
	bool started;
	int (*handle)(struct run *run, struct packet *packet);
} handlers[] = {
	{PACKET_PROMPT, false, conversation_take},
	{PACKET_REFUSED, false, on_refused},
	{PACKET_RENEW, false, on_renew},
	{PACKET_NOTICE, false, on_notice},
	{PACKET_NOTICE, true, on_notice},
	{PACKET_STARTED, false, on_started},
	{PACKET_OUTPUT, true, on_output},
	{PACKET_STOPPED, true, on_stopped},
	{PACKET_MESSAGE, true, on_message},
	{PACKET_ENDED, true, on_ended},
};

static int dispatch(struct run *run, struct packet *packet)
{
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (handlers[i].type == packet->type && handlers[i].started == run->started)
			return handlers[i].handle(run, packet);
	return -1;
}

static void take_packet(struct run *run)
{
	struct packet packet;
	int got = client_receive(run->socket, run->buffer, &packet);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got == 0)
		run_fail(run, "the gateway closed the connection before the command had ended");
	else if (got < 0 && errno != EPROTO)
		run_fail(run, "can't read from the gateway: %s", strerror(errno));
	else if (got < 0 || dispatch(run, &packet) < 0)
		run_fail(run, "the gateway sent something that is not the protocol");
}

/* The gateway refuses it, so that it is on record. */
static void refuse_oversize(struct run *run, const char *const *words, size_t count)
{
	int status;
	char *json = client_ask(
		run->socket, PACKET_OVERSIZE, run->options, words, count, &status);

	run_end(run, status);
	show_json(json == NULL ? "" : json);
	free(json);
}

static void begin(struct run *run)
{
	const char *const *words = run->words;
	size_t count = run->count;

	if (count <= PACKET_WORDS_MAX && send_request(run, words, count) == 0)
		return;
	if (count > PACKET_WORDS_MAX || errno == EMSGSIZE) {
		refuse_oversize(run, words, count);
	} else if (errno != EPIPE && errno != ECONNRESET) {
		/* For those two it may have said why before it closed. */
		run_fail(run, "can't send the request to the gateway: %s", strerror(errno));
	}
}

int client_run(
	int socket, const struct client_options *options, const char *const *words, size_t count)
{
	struct run run = {.socket = socket,
		.options = options,
		.arena = arena_new(),
		.request = "",
		.words = words,
		.count = count,
		.tty = {.fd = -1},
		.screen = -1};

	run.buffer = arena_alloc(run.arena, PACKET_MAX);
	run.input = arena_alloc(run.arena, INPUT_CHUNK);
	packet_start(run.arena, &run.writer, PACKET_RUN);
	run.wake = signals_catch();
	if (run.wake < 0) {
		run_fail(&run, "can't watch for signals: %s", strerror(errno));
	} else {
		begin(&run);
		while (!run.over)
			if (relay_turn(&run))
				take_packet(&run);
		signals_release();
	}
	arena_free(run.arena);
	return run.status;
}
