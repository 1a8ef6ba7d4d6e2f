/* One line from the operator's terminal, without an editor: what is typed is no history's. */
#ifndef ROLEGATE_CLIENT_QUESTION_H
#define ROLEGATE_CLIENT_QUESTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/strings.h"
#include "client/keys.h"

enum { QUESTION_LENGTH_MAX = 64 * 1024 /* bytes of one answer */ };

struct question {
	int tty;
	const char *text;	      /* safe to show */
	bool hidden;		      /* without echo */
	const struct strings *values; /* what Tab completes from; NULL: nothing */
	char *reply;		      /* in the arena; without the end of its line */
	int signal;		      /* that came instead; 0 for ^D */
};

/* 0 with the reply; or -1: the person or the system wants to leave. */
int question_ask(struct arena *arena, struct question *question);
/* question_line.c: a line while it is typed where nobody else edits it. */
enum line_state { LINE_GOES_ON, LINE_DONE, LINE_LEFT };
struct question_line {
	const struct question *question;
	struct keys keys;
	char *bytes; /* QUESTION_LENGTH_MAX + 1 */
	size_t length;
	size_t whole; /* bytes of characters that are whole, and shown */
};
/* One byte of the terminal's. LINE_LEFT: ^D on an empty line. */
enum line_state question_line_take(struct question_line *line, char byte);
/* What stands there already, after something else was shown. */
void question_line_show(const struct question_line *line);

void question_say(int tty, const char *text);

#endif
