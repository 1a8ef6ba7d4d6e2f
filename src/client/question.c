#include "client/question.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/fd.h"
#include "client/signals.h"

#define LEAVING                                                                                    \
	(SIGNAL_BIT(SIGHUP) | SIGNAL_BIT(SIGINT) | SIGNAL_BIT(SIGQUIT) | SIGNAL_BIT(SIGTERM))

enum { WAIT = 1, DONE = 0, LEFT = -1 };

struct dialog {
	struct question *question;
	int wake;
	struct termios before;
	bool ours; /* the terminal's modes */
	struct question_line line;
};

void question_say(int tty, const char *text)
{
	(void)!fd_write_all(tty, text, strlen(text));
}

/* A secret is edited by the terminal, unseen; all else by us. */
static void take_modes(struct dialog *dialog)
{
	int tty = dialog->question->tty;
	bool hidden = dialog->question->hidden;
	struct termios modes;

	if (tcgetattr(tty, &dialog->before) < 0)
		return;
	modes = dialog->before;
	modes.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL | (hidden ? 0 : ICANON));
	modes.c_cc[VMIN] = hidden ? modes.c_cc[VMIN] : 1;
	modes.c_cc[VTIME] = hidden ? modes.c_cc[VTIME] : 0;
	dialog->ours = tcsetattr(tty, hidden ? TCSAFLUSH : TCSADRAIN, &modes) == 0;
}

static void give_modes_back(struct dialog *dialog)
{
	if (!dialog->ours)
		return;
	(void)tcsetattr(dialog->question->tty, TCSADRAIN, &dialog->before);
	question_say(dialog->question->tty, "\n");
	dialog->ours = false;
}

/* A secret that can't be hidden is not asked for. */
static int begin(struct dialog *dialog)
{
	take_modes(dialog);
	if (!dialog->ours)
		return LEFT;
	question_say(dialog->question->tty, dialog->question->text);
	if (!dialog->question->hidden)
		question_line_show(&dialog->line);
	return WAIT;
}

static int take_signals(struct dialog *dialog)
{
	uint64_t got = signals_take();

	if ((got & LEAVING) != 0) {
		dialog->question->signal = __builtin_ctzll(got & LEAVING);
		return LEFT;
	}
	if ((got & SIGNAL_BIT(SIGTSTP)) == 0)
		return WAIT;
	give_modes_back(dialog);
	signals_stop_group();
	/* The line that was begun is dropped by the terminal too. */
	if (dialog->question->hidden)
		dialog->line.length = 0;
	return begin(dialog);
}

static int read_secret(struct dialog *dialog)
{
	struct question_line *line = &dialog->line;
	size_t room = QUESTION_LENGTH_MAX - line->length;
	ssize_t got = read(dialog->question->tty, line->bytes + line->length, room);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? WAIT : LEFT;
	if (got == 0)
		return LEFT;
	line->length += (size_t)got;
	if (line->bytes[line->length - 1] == '\n') {
		line->length--;
		return DONE;
	}
	return line->length < QUESTION_LENGTH_MAX ? WAIT : LEFT;
}

/* Byte by byte: what follows the line's end is the next question's. */
static int read_key(struct dialog *dialog)
{
	char byte;
	ssize_t got = read(dialog->question->tty, &byte, 1);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? WAIT : LEFT;
	if (got == 0)
		return LEFT;
	switch (question_line_take(&dialog->line, byte)) {
	case LINE_DONE:
		return DONE;
	case LINE_LEFT:
		return LEFT;
	case LINE_GOES_ON:
		break;
	}
	return WAIT;
}

static int wait_for_reply(struct dialog *dialog)
{
	struct pollfd items[] = {
		{.fd = dialog->wake, .events = POLLIN},
		{.fd = dialog->question->tty, .events = POLLIN},
	};
	int next = begin(dialog);

	while (next == WAIT) {
		if (poll(items, 2, -1) < 0)
			next = errno == EINTR ? WAIT : LEFT;
		else if (items[0].revents != 0)
			next = take_signals(dialog);
		else if (items[1].revents != 0)
			next = dialog->question->hidden ? read_secret(dialog) : read_key(dialog);
	}
	return next;
}

int question_ask(struct arena *arena, struct question *question)
{
	struct dialog dialog = {.question = question, .wake = signals_catch()};
	int result = LEFT;

	question->signal = 0;
	if (dialog.wake < 0)
		return LEFT;
	dialog.line = (struct question_line){
		.question = question, .bytes = arena_alloc(arena, QUESTION_LENGTH_MAX + 1)};
	result = wait_for_reply(&dialog);
	give_modes_back(&dialog);
	signals_release();
	dialog.line.bytes[dialog.line.length] = '\0';
	if (result == DONE)
		question->reply = arena_strdup(arena, dialog.line.bytes);
	explicit_bzero(dialog.line.bytes, dialog.line.length);
	return result;
}
