/* Questions that run nothing: -l, --describe, --dry-run, and an approver's words. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/text.h"
#include "client/client.h"
#include "client/run.h"
#include "client/signals.h"

/* A policy of 100,000 entries makes about 30 MB. */
enum { ANSWER_MAX = 256 * 1024 * 1024 };

struct question {
	int socket;
	const struct client_options *options;
	struct arena *arena;
	int type;
	const char *const *words;
	size_t count;
	unsigned renewals;
	uint8_t *buffer;
	int wake; /* readable when a signal came; -1 */
	char *text; /* malloc'd: what has come of the answer */
	size_t length, room;
	bool whole;
	int status;
};

static int lose(struct question *question, int status)
{
	if (question->options->lost != NULL)
		*question->options->lost = true;
	if (question->options->failure != NULL)
		question->options->failure->happened = true;
	question->status = status;
	free(question->text);
	question->text = NULL;
	return -1;
}

static int give_up(struct question *question, const char *why)
{
	message_error("%s", why);
	return lose(question, EXIT_GATEWAY);
}

/* The answer may still come, and would be taken for that of another question. */
static int take_signals(struct question *question)
{
	uint64_t ending = signals_take() & (SIGNAL_BIT(SIGHUP) | SIGNAL_BIT(SIGINT) |
						   SIGNAL_BIT(SIGQUIT) | SIGNAL_BIT(SIGTERM));

	return ending == 0 ? 0 : lose(question, 128 + __builtin_ctzll(ending));
}

/* So that it is on record: nothing but its size and its first word. */
static void put_oversize(struct packet_writer *writer, const char *const *words, size_t count)
{
	enum { SHOWN_MAX = 256 };
	size_t bytes = 0, shown = text_cut(words[0], SHOWN_MAX);

	for (size_t i = 0; i < count; i++)
		bytes += strlen(words[i]) + 1;
	packet_put_u32(writer, count > UINT32_MAX ? UINT32_MAX : (uint32_t)count);
	packet_put_u32(writer, bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes);
	packet_put_bytes(writer, words[0], shown);
}

static int put_question(struct question *question, int type, const char *const *words, size_t count)
{
	const struct client_options *options = question->options;
	uint32_t flags = (options->json ? PACKET_FLAG_JSON : 0U) |
			 (options->no_prompt ? PACKET_FLAG_NO_PROMPT : 0U);
	struct packet_writer writer;

	packet_start(question->arena, &writer, (enum packet_type)type);
	packet_put_u32(&writer, flags);
	if (type == PACKET_CHECK)
		packet_put_string(&writer, options->account);
	if (type != PACKET_LINE && type != PACKET_OVERSIZE && type != PACKET_APPROVAL)
		packet_put_string(&writer, options->act_as);
	if (type == PACKET_CHECK)
		packet_put_string(&writer, options->pipeline);
	if (type == PACKET_CHOICES)
		packet_put_string(&writer, options->input);
	if (type == PACKET_LINE)
		packet_put_string(&writer, words[0]);
	else if (type == PACKET_OVERSIZE)
		put_oversize(&writer, words, count);
	else if (type != PACKET_LIST) {
		packet_put_u32(&writer, (uint32_t)count);
		for (size_t i = 0; i < count; i++)
			packet_put_string(&writer, words[i]);
	}
	if (type != PACKET_OVERSIZE && count > PACKET_WORDS_MAX)
		return put_question(question, PACKET_OVERSIZE, words, count);
	if (client_send(question->socket, &writer, NULL, 0) == 0)
		return 0;
	if (errno == EMSGSIZE && type != PACKET_OVERSIZE && count > 0)
		return put_question(question, PACKET_OVERSIZE, words, count);
	/* It may have said why before it closed. */
	return errno == EPIPE || errno == ECONNRESET
		       ? 0
		       : give_up(question, "can't send the request to the gateway");
}

static int add(struct question *question, const uint8_t *bytes, size_t length)
{
	if (length > ANSWER_MAX - question->length)
		return give_up(question, "the gateway's answer is too long");
	if (question->length + length + 1 > question->room) {
		size_t room = (question->length + length + 1) * 2;
		char *text = realloc(question->text, room);

		if (text == NULL)
			return give_up(question, "out of memory");
		question->text = text;
		question->room = room;
	}
	if (length > 0)
		memcpy(question->text + question->length, bytes, length);
	question->length += length;
	question->text[question->length] = '\0';
	return 0;
}

static int take_refusal(struct question *question, struct packet *packet)
{
	const char *json = client_refused(question->arena, question->options, packet);

	if (json == NULL)
		return give_up(question, "the gateway sent something that is not the protocol");
	free(question->text);
	question->text = json[0] == '\0' ? NULL : strdup(json);
	question->status = EXIT_REFUSED;
	question->whole = true;
	return 0;
}

/* PAM's, of an approver. Without the signals a terminal could be left without its echo. */
static int take_prompt(struct question *question, struct packet *packet)
{
	struct run run = {.socket = question->socket,
		.options = question->options,
		.arena = question->arena,
		.request = "",
		.wake = question->wake,
		.tty = {.fd = -1},
		.screen = -1};

	packet_start(question->arena, &run.writer, PACKET_REPLY);
	if (question->wake < 0 || conversation_take(&run, packet) < 0)
		return give_up(question, "the gateway sent something that is not the protocol");
	return run.over ? lose(question, run.status) : 0;
}

static int take_notice(struct question *question, struct packet *packet)
{
	const char *text = client_notice(question->arena, packet);

	if (text == NULL)
		return give_up(question, "the gateway sent something that is not the protocol");
	if (!question->options->quiet)
		message_info("%s", text);
	return 0;
}

/* It has read nothing of this question. Whoever else has the old connection must begin anew. */
static int renew(struct question *question, const struct packet *packet)
{
	if (!packet_done(packet) || question->length > 0 || question->renewals++ == RENEWALS_MAX)
		return give_up(question, "the gateway sent something that is not the protocol");
	if (question->options->lost != NULL)
		*question->options->lost = true;
	if (client_renew(question->socket) < 0)
		return lose(question, EXIT_GATEWAY);
	return put_question(question, question->type, question->words, question->count);
}

static int take_packet(struct question *question, struct packet *packet)
{
	const uint8_t *bytes;
	size_t length;
	bool more;

	if (packet->type == PACKET_NOTICE)
		return take_notice(question, packet);
	if (packet->type == PACKET_RENEW)
		return renew(question, packet);
	if (packet->type == PACKET_REFUSED)
		return take_refusal(question, packet);
	if (packet->type == PACKET_PROMPT)
		return take_prompt(question, packet);
	more = packet_get_u8(packet) != 0;
	question->status = (int)(packet_get_u32(packet) & 0xff);
	bytes = packet_get_bytes(packet, &length);
	if (packet->type != PACKET_ANSWER || !packet_done(packet) ||
		memchr(bytes, '\0', length) != NULL)
		return give_up(question, "the gateway sent something that is not the protocol");
	question->whole = !more;
	return add(question, bytes, length);
}

static int wait_for_answer(struct question *question)
{
	struct pollfd items[] = {{.fd = question->socket, .events = POLLIN},
		{.fd = question->wake, .events = POLLIN}};
	struct packet packet;
	int got;

	if (poll(items, 2, -1) < 0)
		return errno == EINTR ? 0 : give_up(question, "can't wait for the gateway");
	if (items[1].revents != 0 && take_signals(question) != 0)
		return -1;
	got = client_receive(question->socket, question->buffer, &packet);
	if (got > 0)
		return take_packet(question, &packet);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return give_up(
		question, got == 0 ? "the gateway closed the connection before it had answered"
			  : errno == EPROTO ? "the gateway sent something that is not the protocol"
					    : "can't read the gateway's answer");
}

char *client_ask(int socket, int type, const struct client_options *options,
	const char *const *words, size_t count, int *status)
{
	struct question question = {.socket = socket,
		.options = options,
		.type = type,
		.words = words,
		.count = count,
		.arena = arena_new(),
		.wake = -1};

	question.buffer = arena_alloc(question.arena, PACKET_MAX);
	if (options->interruptible)
		question.wake = signals_catch();
	if (put_question(&question, type, words, count) == 0)
		while (!question.whole && wait_for_answer(&question) == 0)
			;
	if (question.wake >= 0)
		signals_release();
	*status = question.status;
	arena_free(question.arena);
	return question.text;
}
