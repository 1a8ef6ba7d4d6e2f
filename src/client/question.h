/* One line from the operator's terminal, without an editor: what is typed is no history's. */
#ifndef ROLEGATE_CLIENT_QUESTION_H
#define ROLEGATE_CLIENT_QUESTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { QUESTION_LENGTH_MAX = 64 * 1024 /* bytes of one answer */ };

struct question {
	int tty;
	const char *text; /* safe to show */
	bool hidden;	  /* without echo */
	char *reply;	  /* in the arena; without the end of its line */
	int signal;	  /* that came instead; 0 for ^D */
};

/* 0 with the reply; or -1: the person or the system wants to leave. */
int question_ask(struct arena *arena, struct question *question);
void question_say(int tty, const char *text);

#endif
