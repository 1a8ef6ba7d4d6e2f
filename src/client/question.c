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
	bool silent;
	char *bytes;
	size_t length;
};

void question_say(int tty, const char *text)
{
	(void)!fd_write_all(tty, text, strlen(text));
}

static void hide_typing(struct dialog *dialog)
{
	int tty = dialog->question->tty;
	struct termios modes;

	if (!dialog->question->hidden || tcgetattr(tty, &dialog->before) < 0)
		return;
	modes = dialog->before;
	modes.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	dialog->silent = tcsetattr(tty, TCSAFLUSH, &modes) == 0;
}

static void show_typing(struct dialog *dialog)
{
	if (!dialog->silent)
		return;
	(void)tcsetattr(dialog->question->tty, TCSADRAIN, &dialog->before);
	question_say(dialog->question->tty, "\n");
	dialog->silent = false;
}

/* A secret that can't be hidden is not asked for. */
static int begin(struct dialog *dialog)
{
	hide_typing(dialog);
	if (dialog->question->hidden && !dialog->silent)
		return LEFT;
	question_say(dialog->question->tty, dialog->question->text);
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
	show_typing(dialog);
	signals_stop_group();
	dialog->length = 0; /* the line that was begun is dropped by the terminal too */
	return begin(dialog);
}

static int read_part(struct dialog *dialog)
{
	size_t room = QUESTION_LENGTH_MAX - dialog->length;
	ssize_t got = read(dialog->question->tty, dialog->bytes + dialog->length, room);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? WAIT : LEFT;
	if (got == 0)
		return LEFT;
	dialog->length += (size_t)got;
	if (dialog->bytes[dialog->length - 1] == '\n') {
		dialog->bytes[--dialog->length] = '\0';
		return DONE;
	}
	return dialog->length < QUESTION_LENGTH_MAX ? WAIT : LEFT;
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
			next = read_part(dialog);
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
	dialog.bytes = arena_alloc(arena, QUESTION_LENGTH_MAX + 1);
	result = wait_for_reply(&dialog);
	show_typing(&dialog);
	signals_release();
	if (result == DONE)
		question->reply = arena_strdup(arena, dialog.bytes);
	else
		question_say(question->tty, "\n");
	explicit_bzero(dialog.bytes, dialog.length);
	return result;
}
