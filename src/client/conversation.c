/*
 * PAM's questions on the caller's terminal. Always /dev/tty: the streams may be files, and a
 * password is not to be read from a pipe.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "client/run.h"
#include "client/signals.h"

enum { REPLY_MAX = 512 /* PAM_MAX_RESP_SIZE, its NUL included */ };

enum outcome { ANSWERED, DECLINED, OVERTAKEN };

struct question {
	struct run *run;
	int tty, style;
	const char *text; /* safe to show */
	char reply[REPLY_MAX];
	size_t length;
	bool too_long;
	struct termios before;
	bool hidden;
};

static void show(struct question *question)
{
	(void)!fd_write_all(question->tty, question->text, strlen(question->text));
}

static void hide_typing(struct question *question)
{
	struct termios modes;

	if (question->style != PROMPT_ECHO_OFF || tcgetattr(question->tty, &question->before) < 0)
		return;
	modes = question->before;
	modes.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	/* What was typed before the question is no answer to it. */
	question->hidden = tcsetattr(question->tty, TCSAFLUSH, &modes) == 0;
}

static void show_typing(struct question *question)
{
	if (!question->hidden)
		return;
	(void)tcsetattr(question->tty, TCSADRAIN, &question->before);
	(void)!fd_write_all(question->tty, "\n", 1);
	question->hidden = false;
}

/* ^C declines, so that the refusal has its reason and its record; the others end us. */
static int take_signals(struct question *question)
{
	uint64_t got = signals_take();
	uint64_t ending = got & (SIGNAL_BIT(SIGHUP) | SIGNAL_BIT(SIGTERM) | SIGNAL_BIT(SIGQUIT));

	if (ending != 0) {
		run_lose(question->run, 128 + __builtin_ctzll(ending));
		return OVERTAKEN;
	}
	if (got & SIGNAL_BIT(SIGINT))
		return DECLINED;
	if (got & SIGNAL_BIT(SIGWINCH))
		question->run->window_changed = question->run->screen >= 0;
	if (got & SIGNAL_BIT(SIGTSTP)) {
		show_typing(question);
		signals_stop_group();
		hide_typing(question);
		show(question);
	}
	return ANSWERED;
}

/* One read of a line or a part of it. -1: go on. */
static int read_part(struct question *question)
{
	char part[256];
	ssize_t got = read(question->tty, part, sizeof(part));
	size_t used;

	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? -1 : DECLINED;
	if (got == 0)
		return DECLINED;
	used = (size_t)got - (part[got - 1] == '\n');
	if (used > sizeof(question->reply) - 1 - question->length)
		question->too_long = true;
	else
		memcpy(question->reply + question->length, part, used);
	question->length += question->too_long ? 0 : used;
	explicit_bzero(part, sizeof(part));
	if (used == (size_t)got)
		return -1;
	return question->too_long ? DECLINED : ANSWERED;
}

static int wait_for_reply(struct question *question)
{
	struct pollfd items[] = {
		{.fd = question->run->wake, .events = POLLIN},
		{.fd = question->tty, .events = POLLIN},
		{.fd = question->run->socket, .events = POLLIN},
	};
	int outcome = -1;

	while (outcome < 0) {
		if (poll(items, 3, -1) < 0) {
			outcome = errno == EINTR ? -1 : DECLINED;
			continue;
		}
		if (items[0].revents != 0 && (outcome = take_signals(question)) == ANSWERED)
			outcome = -1;
		else if (items[2].revents != 0)
			outcome = OVERTAKEN; /* it waits no longer, and says why */
		else if (items[1].revents != 0)
			outcome = read_part(question);
	}
	return outcome;
}

static void send_reply(struct run *run, bool answered, const char *reply)
{
	packet_restart(&run->writer, PACKET_REPLY);
	packet_put_u8(&run->writer, answered);
	packet_put_string(&run->writer, reply);
	if (client_send(run->socket, &run->writer, NULL, 0) < 0 && errno != EPIPE &&
		errno != ECONNRESET)
		run_fail(run, "can't answer the gateway: %s", strerror(errno));
	explicit_bzero(run->writer.bytes, run->writer.length);
}

static void ask(struct question *question)
{
	int outcome;

	hide_typing(question);
	show(question);
	outcome = wait_for_reply(question);
	show_typing(question);
	if (outcome == ANSWERED)
		question->reply[question->length] = '\0';
	if (outcome == DECLINED && question->too_long)
		message_error("an answer has at most %d bytes", REPLY_MAX - 1);
	if (outcome != OVERTAKEN)
		send_reply(question->run, outcome == ANSWERED,
			outcome == ANSWERED ? question->reply : "");
	explicit_bzero(question->reply, sizeof(question->reply));
}

static void prompt(struct run *run, int style, const char *text)
{
	_cleanup_fd_ int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct question question = {.run = run, .tty = tty, .style = style};

	question.text = client_safe_text(run->arena, text);
	if (style == PROMPT_INFO || style == PROMPT_ERROR) {
		if (tty >= 0)
			dprintf(tty, "%s\n", question.text);
		else
			message_info("%s", question.text);
	} else if (tty < 0 || run->options->no_prompt) {
		send_reply(run, false, "");
	} else {
		ask(&question);
	}
}

int conversation_take(struct run *run, struct packet *packet)
{
	int style = packet_get_u8(packet);
	const char *text = packet_get_string(run->arena, packet);

	if (!packet_done(packet) || style < PROMPT_ECHO_OFF || style > PROMPT_ERROR)
		return -1;
	prompt(run, style, text);
	return 0;
}
